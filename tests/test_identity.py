"""One agency under several names is one; two agencies are never made one."""

from __future__ import annotations

import pytest

from extract.agencies.identity import identify_agencies, write_in_full


def _same(*reports: tuple[str, int | None]) -> bool:
    return len(set(identify_agencies(reports).values())) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("石柘镇人民政府", "栖河县石柘镇人民政府"),
        ("石柘镇政府", "栖河县石柘镇人民政府"),
        ("汀南经济开发区管委会", "澄州汀南经济开发区管理委员会"),
        ("望汀街道办事处", "澄州市临浦区望汀街道办事处"),
        ("栖河县教育局", "澄州市栖河县教育局"),
        ("望汀街道办", "临浦区望汀街道办事处"),
        ("望汀街道", "临浦区望汀街道办事处"),
        ("新村镇", "新郑市新村镇人民政府"),
    ],
)
def test_a_short_form_is_the_agency_of_the_long_one(one: str, other: str) -> None:
    assert _same((one, 2021), (other, 2022))
    assert identify_agencies([(one, 2021), (other, 2022)])[one] == other


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("教育局", "栖河县教育局"),  # names no place: any county's
        ("人民政府", "栖河县人民政府"),
        ("栖河县人民政府", "栖河县石柘镇人民政府"),
        ("经济开发区管委会", "澄州经济开发区管理委员会"),
        ("河县人民政府", "栖河县人民政府"),  # what stands before is no place
        ("栖河县人民政府", "栖河县人民政府办公室"),
        ("石柘镇人民政府", "栖河县财政局石柘镇人民政府"),
    ],
)
def test_what_could_be_another_agency_stays_apart(one: str, other: str) -> None:
    assert not _same((one, 2021), (other, 2022))


def test_a_town_that_two_counties_have_stays_by_itself() -> None:
    names = identify_agencies(
        [("城关镇人民政府", 2021), ("甲县城关镇人民政府", 2022), ("乙县城关镇人民政府", 2022)]
    )
    assert len(set(names.values())) == 3


def test_two_reports_for_one_year_are_two_agencies() -> None:
    assert not _same(("石柘镇人民政府", 2022), ("栖河县石柘镇人民政府", 2022))


def test_a_chain_of_forms_is_one_agency() -> None:
    names = ["望汀街道办事处", "临浦区望汀街道办事处", "澄州市临浦区望汀街道办事处", "临浦区望汀街道办"]
    assert _same(*((name, 2020 + number) for number, name in enumerate(names)))


def test_the_ending_alone_is_written_in_full() -> None:
    assert write_in_full("栖河县城市管理委员会") == "栖河县城市管理委员会"
    assert write_in_full("汀南开发区管委会") == "汀南开发区管理委员会"
    assert write_in_full("栖河县 政府") == "栖河县人民政府"
