"""The user's list of agencies finds each report its row, or says that it is ambiguous; names tell level and type."""

from __future__ import annotations

import datetime

import pytest

from extract.agencies import (
    describe_agency,
    level_of_code,
    load_agencies,
    load_agency_types,
    normalised_agency,
)
from extract.agencies.agency_types import type_of
from extract.errors import BadData

CSV = """文件,机关名称,年份,行政区划代码,层级,发布日期,人口（万）,邮编
2023/a.txt,,,411426,county,2024年1月28日,81.2,476400
,云溪县教育局,2023,410184,county,2024-01-30,55,012345
,云溪县教育局,2022,410184,county,2023/1/31,54,
,北川市财政局,,411400,city,20240102,,
,南山镇人民政府,2023,411401,township,,,
,南山镇人民政府,2023,411402,township,,,
"""


@pytest.fixture
def agencies(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(CSV, encoding="utf-8")
    return load_agencies(path)


def test_a_file_finds_its_row_before_the_agency_does(agencies):
    found = agencies.of("D:\\data\\2023\\a.txt", "云溪县教育局", 2023)
    assert found == {
        "region_code": "411426",
        "level": "county",
        "publication_day": "2024-01-28",
        "x_人口（万）": 81.2,
        "x_邮编": "476400",
        "x_agency": None,
    }


def test_a_report_known_by_less_of_its_path_is_found_too(agencies):
    assert agencies.of("a.txt", None, None)["region_code"] == "411426"
    assert agencies.of("2022/a.txt", None, None)["region_code"] is None


def test_a_bare_name_with_its_ending_is_that_file_alone(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("file,code\nqihe.txt,990101\nlinhe,990102\n云溪2023.12,990103\n", "utf-8")
    agencies = load_agencies(path)
    assert agencies.of("2023/qihe.txt", None, None)["region_code"] == "990101"
    for other in ("2023/qihe.docx", "qihe.html", "qihe", "qihe.txt/a.html"):
        assert agencies.of(other, None, None)["region_code"] is None, other
    assert agencies.of("2023/linhe.docx", None, None)["region_code"] == "990102"
    assert agencies.of("in/云溪2023.12.pdf", None, None)["region_code"] == "990103"


def test_agency_and_year_then_agency_alone(agencies):
    assert agencies.of("b.txt", "云溪县 教育局", 2022)["publication_day"] == "2023-01-31"
    assert agencies.of("b.txt", "云溪县教育局", 2021)["region_code"] is None
    assert agencies.of("b.txt", "北川市财政局", 2020)["region_code"] == "411400"


def test_a_list_of_files_says_by_which_name_an_agency_goes(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "file,agency,code\n2023/a.txt,望汀街道办事处,990102\n2024/b.txt,望汀街道办事处,990102\n", "utf-8"
    )
    agencies = load_agencies(path)
    assert agencies.of("2024/b.txt", "望汀街道党政综合办公室", 2024)["x_agency"] == "望汀街道办事处"
    assert "x_agency" in agencies.fields


def test_rows_that_differ_are_told_and_give_nothing(agencies):
    assert agencies.of("c.txt", "南山镇人民政府", 2023) == dict.fromkeys(agencies.fields)
    assert agencies.faults == ("南山镇人民政府 2023: 2 rows that differ; none is used",)


def test_columns_are_numbers_only_where_all_are_and_codes_stay_text(agencies):
    assert agencies.fields["x_人口（万）"] == "float"
    assert agencies.fields["x_邮编"] == "str"
    assert agencies.of("b.txt", "云溪县教育局", 2023)["x_邮编"] == "012345"


def test_a_code_or_day_that_is_none_is_told(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "agency,code,published,year\n甲县民政局,4101,2024-02-31,\n乙县民政局,410100,,二〇二三\n", "gb18030"
    )
    agencies = load_agencies(path)
    assert agencies.of(None, "甲县民政局", 2023)["region_code"] is None
    assert [fault.split(":")[0] for fault in agencies.faults] == ["row 2", "row 2", "row 3"]
    assert agencies.of(None, "乙县民政局", 2023)["region_code"] is None


def test_digits_of_full_width_are_digits(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "agency,code,published,year\n甲县民政局,４１０１８４,２０２４－０１－３０,２０２３年\n", "utf-8"
    )
    agencies = load_agencies(path)
    found = agencies.of(None, "甲县民政局", 2023)
    assert (found["region_code"], found["publication_day"], agencies.faults) == ("410184", "2024-01-30", ())


def test_every_kind_of_table_says_the_same(tmp_path):
    import pandas

    frame = pandas.DataFrame(
        {
            "file": ["a.docx"],
            "region_code": [411426],
            "publication_day": [datetime.datetime(2024, 1, 28)],
            "staff": [3],
        }
    )
    frame.to_excel(tmp_path / "list.xlsx", index=False)
    frame.to_parquet(tmp_path / "list.parquet")
    frame.to_stata(tmp_path / "list.dta", write_index=False, version=118)
    frame.to_csv(tmp_path / "list.csv", index=False)
    for ending in ("xlsx", "parquet", "dta", "csv"):
        agencies = load_agencies(tmp_path / f"list.{ending}")
        assert agencies.of("in/a.docx", None, 2023) == {
            "region_code": "411426",
            "level": None,
            "publication_day": "2024-01-28",
            "x_staff": 3,
        }, ending


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("list.csv", b"code,level\n1,2\n", "no column of files or agencies"),
        ("list.pdf", b"", "no table known by this ending"),
        ("list.csv", b"\xff\xff\x00\xff", "neither UTF-8 nor GB 18030"),
        (
            "list.csv",
            "agency,level\n云溪县教育局,县\n".encode() + b"\xe4\xba,a\n",
            r"list\.csv:3: holds bytes that",
        ),
        ("list.xlsx", b"PK", "no Excel file"),
        ("list.parquet", b"PAR1", "cannot be read as a table"),
    ],
)
def test_a_list_that_cannot_be_used_says_why(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadData, match=says):
        load_agencies(tmp_path / name)


def test_a_missing_list_is_named(tmp_path):
    with pytest.raises(BadData, match="No such file"):
        load_agencies(tmp_path / "list.csv")


def test_agencies_are_alike_whatever_their_width_and_spaces():
    assert normalised_agency("云溪县　人民政府(本级)") == normalised_agency("云溪县人民政府（本级）")


@pytest.mark.parametrize("case", load_agency_types()["case"], ids=lambda case: case["name"])
def test_level_and_type_by_name(case):
    assert describe_agency(case["name"]) == tuple(one or None for one in case["is"])


@pytest.mark.parametrize("entry", load_agency_types()["type"], ids=lambda entry: entry["id"])
def test_every_type_keeps_to_its_examples(entry):
    assert {type_of(name) for name in entry["examples"]} == {entry["id"]}
    assert entry["id"] not in {type_of(name) for name in entry["never"]}


def test_the_labels_name_every_level_and_type():
    types = load_agency_types()
    assert list(types["level_labels"]) == types["levels"]
    assert sorted(types["type_labels"]) == sorted({entry["id"] for entry in types["type"]})


def test_level_by_code():
    assert level_of_code("659001") == "county"
    assert level_of_code("12") is None
