"""A report and the annex with its tables in two files of a folder are one report; nothing else is joined."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from renderings import site, xlsx
from whole_reports import essence, load_whole, read_back, write_text

from extract.cli import main
from extract.pipeline import parse
from extract.read import read_members
from extract.report import Document, Grid, Paragraph

WHOLE = load_whole("city_review3")
TEXT = Document(tuple(block for block in WHOLE.document.blocks if isinstance(block, Paragraph)))
TABLES = Document(tuple(block for block in WHOLE.document.blocks if isinstance(block, Grid)))
JOINED = [
    ("年报正文.txt", "年报附表.xlsx"),
    ("青石镇2023年政府信息公开年报.txt", "青石镇2023年政府信息公开年报（附表）.xlsx"),
    ("1.青石镇2023年报正文.txt", "2.青石镇2023年报附表.xlsx"),
    ("青石镇.txt", "附件1：青石镇统计表.xlsx"),
    ("关于2023年政府信息公开工作的报告.txt", "附表.xlsx"),
    ("青石镇人民政府.txt", "附件1.xlsx"),
    ("t20240131_5566.txt", "P020240131.xlsx"),
]
APART = [
    ("青石镇2022年正文.txt", "青石镇2023年附表.xlsx"),
    ("青石镇正文.txt", "白塔镇附表.xlsx"),
    ("1.txt", "2.xlsx"),
    ("镇/正文.txt", "乡/附表.xlsx"),
]


def parse_folder(folder: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> list[dict[str, object]]:
    assert main(["parse", str(folder)]) == 0
    return [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)


def values(report: dict[str, object]) -> dict[str, object]:
    cells = report["cells"]
    assert isinstance(cells, list)
    return {f"{one['table']}.{one['row']}.{one['column']}": one["value"] for one in cells}


@pytest.mark.parametrize(("text", "annex"), JOINED)
def test_text_and_annex_are_one_report(text, annex, tmp_path, capsysbinary):
    write(tmp_path, {text: write_text(TEXT), annex: xlsx(TABLES), "别的.html": site(WHOLE.document).encode()})
    reports = parse_folder(tmp_path, capsysbinary)
    (joined,) = [one for one in reports if text in str(one["source"])]
    assert len(reports) == 2
    assert values(joined) == WHOLE.cells
    alone = parse(write_text(TEXT))
    assert [one["text"] for one in joined["units"]] == [unit.text for unit in alone.units]
    assert joined["id"] != alone.id


@pytest.mark.parametrize(("text", "annex"), APART)
def test_other_names_are_not_joined(text, annex, tmp_path, capsysbinary):
    write(tmp_path, {text: write_text(TEXT), annex: xlsx(TABLES)})
    main(["parse", str(tmp_path)])
    reports = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    (narrative,) = [one for one in reports if Path(text).name in str(one["source"])]
    assert not narrative["cells"]


def test_two_reports_in_a_folder_leave_an_annex_of_no_name_alone(tmp_path, capsysbinary):
    files = {"青石镇.txt": write_text(TEXT), "白塔镇.txt": write_text(TEXT), "附表.xlsx": xlsx(TABLES)}
    write(tmp_path, files)
    main(["parse", str(tmp_path)])
    reports = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert not any(one["cells"] and one["units"] for one in reports)


def test_each_folder_is_joined_by_itself(tmp_path, capsysbinary):
    for town in ("青石镇", "白塔镇"):
        write(tmp_path, {f"{town}/年度报告.txt": write_text(TEXT), f"{town}/附件2.xlsx": xlsx(TABLES)})
    reports = parse_folder(tmp_path, capsysbinary)
    assert len(reports) == 2
    assert all(values(one) == WHOLE.cells for one in reports)


@pytest.mark.parametrize(("text", "annex"), [*JOINED, *(pair for pair in APART if pair[0] != "1.txt")])
def test_archives_are_joined_as_folders_are(text, annex):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(text, write_text(TEXT))
        archive.writestr(annex, xlsx(TABLES))
    members = list(read_members(packed.getvalue(), "bundle.zip"))
    assert len(members) == (1 if (text, annex) in JOINED else 2)


def test_a_whole_report_takes_no_annex(tmp_path, capsysbinary):
    changed = xlsx(TABLES)
    write(tmp_path, {"年报正文.txt": write_text(WHOLE.document), "年报附表.xlsx": changed})
    main(["parse", str(tmp_path)])
    first = json.loads(capsysbinary.readouterr().out.splitlines()[0])
    assert first["id"] == parse(write_text(WHOLE.document)).id


def test_two_texts_leave_the_annex_alone(tmp_path, capsysbinary):
    files = {"年报正文.txt": write_text(TEXT), "年报.txt": write_text(TEXT), "年报附表.xlsx": xlsx(TABLES)}
    write(tmp_path, files)
    main(["parse", str(tmp_path)])
    reports = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert not any(one["cells"] and one["units"] for one in reports)


def test_the_same_in_an_archive():
    from whole_reports import write_apart

    assert essence(read_back(write_apart(WHOLE.document)))["cells"] == WHOLE.cells
