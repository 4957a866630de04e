"""Files of texts as people send them: odd encodings and signs, torn rows, ids of two kinds, a run that is ended."""

from __future__ import annotations

import codecs
import json
import os
import signal
import subprocess
import sys
import time

import openpyxl
import pyarrow.parquet as pq
import pytest

from extract.cli import main

ROWS = ["编号,text", "一,本年在县政府网站公开信息31条", "二,部分股室更新不及时"]
RULES = ["--model", "rules"]


def tagged(path, *arguments) -> tuple[int, list[dict]]:
    """The exit status, and the rows of the Parquet file that was written."""
    out = path.with_suffix(".out.parquet")
    status = main(["tag", str(path), *RULES, *arguments, "-o", str(out)])
    return status, pq.read_table(out).to_pylist() if out.exists() else []


@pytest.mark.parametrize(
    ("encoding", "sign"), [("utf-16", ","), ("utf-16", "\t"), ("gb18030", ";"), ("utf-8-sig", "|")]
)
def test_encodings_and_signs_that_part_fields(tmp_path, encoding, sign):
    path = tmp_path / "in.csv"
    path.write_bytes("\r\n".join(row.replace(",", sign) for row in ROWS).encode(encoding))
    status, rows = tagged(path, "--id-column", "编号")
    assert (status, [row["id"] for row in rows]) == (0, ["一", "二"])
    assert [figure["text"] for figure in rows[0]["figures"]] == ["31条"]


def test_the_first_block_that_is_not_all_ascii_decides_the_encoding(tmp_path, monkeypatch):
    monkeypatch.setattr("extract.user_files._BLOCK", 64)
    path = tmp_path / "in.csv"
    path.write_bytes(("text\n" + "none so far\n" * 20 + "推送图文27篇\n").encode("gb18030"))
    status, rows = tagged(path)
    assert (status, len(rows)) == (0, 21)
    assert rows[-1]["figures"][0]["text"] == "27篇"


@pytest.mark.parametrize(
    ("encoding", "cut", "status"), [("gb18030", None, 0), ("utf-8", None, 0), ("utf-8", -1, 1)]
)
def test_a_file_of_two_chinese_characters(tmp_path, encoding, cut, status):
    path = tmp_path / "in.csv"
    path.write_bytes("id,text\na,no\nb,无了".encode(encoding)[:cut])
    assert tagged(path)[0] == status


def test_bytes_that_are_no_characters_cost_their_own_row(tmp_path, capsys):
    path = tmp_path / "in.csv"
    path.write_bytes("\n".join(ROWS).encode() + b"\n\xff\xff,\xe5\x85x\n" + "四,公开9件\n".encode())
    status, rows = tagged(path, "--id-column", "编号")
    assert (status, [row["error"] is None for row in rows]) == (1, [True, True, False, True])
    assert "in.csv:4: holds bytes that are no characters" in capsys.readouterr().err


def test_a_text_that_was_cut_at_a_comma_is_not_tagged(tmp_path, capsys):
    path = tmp_path / "in.csv"
    path.write_text("id,text\n1,公开5条,比上年多\n2,公开6条,,\n3\n", encoding="utf-8")
    status, rows = tagged(path)
    assert (status, [row["kind"] is None for row in rows]) == (1, [True, False, True])
    told = capsys.readouterr().err
    assert "in.csv:2: 3 fields where the header has 2" in told
    assert "in.csv:4: no text there" in told


def test_a_quote_that_is_never_closed_is_told(tmp_path, capsys):
    path = tmp_path / "in.csv"
    path.write_text('id,text\n1,"公开5条"\n2,"公开6条\n3,公开7条\n', encoding="utf-8")
    status, rows = tagged(path)
    assert (status, [row["id"] for row in rows if row["error"]]) == (1, ["2"])
    assert "in.csv:3: a quote is opened and never closed: 2 lines" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "says"), [("", "not even a header"), ("id,text,text\n1,甲,乙\n", "'text' is there more")]
)
def test_a_header_that_is_none_or_says_a_name_twice(tmp_path, capsys, content, says):
    path = tmp_path / "in.csv"
    path.write_text(content, encoding="utf-8")
    assert tagged(path) == (1, [])
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("output", [[], ["-o", "out.jsonl"]])
def test_json_lines_with_a_byte_order_mark(tmp_path, capsys, monkeypatch, output):
    monkeypatch.chdir(tmp_path)
    line = json.dumps({"id": 5, "text": "公开8条"}, ensure_ascii=False)
    (tmp_path / "in.jsonl").write_bytes(codecs.BOM_UTF8 + f"{line}\r\n{line}\r\n".encode())
    assert main(["tag", "in.jsonl", *RULES, *output]) == 0
    shown = (tmp_path / "out.jsonl").read_text(encoding="utf-8") if output else capsys.readouterr().out
    assert [json.loads(one)["id"] for one in shown.splitlines()] == [5, 5]


@pytest.mark.parametrize("odd", ["6a", 2**70])
def test_an_id_that_its_column_cannot_hold_is_not_lost(tmp_path, capsys, monkeypatch, odd):
    monkeypatch.setattr("extract.bulk.tagging.CHUNK", 2)
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps({"id": one, "text": "公开8条"}) + "\n" for one in (1, 2, 3, odd)))
    assert tagged(path) == (1, [])
    assert "in.jsonl:4: the id" in capsys.readouterr().err


def test_what_a_cell_of_excel_cannot_hold_is_said(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("text\n" + "公开8条，" * 3000, encoding="utf-8")
    assert main(["tag", str(path), *RULES, "-o", str(tmp_path / "out.xlsx")]) == 0
    notes = openpyxl.load_workbook(tmp_path / "out.xlsx")["notes"]
    assert next(cell.value for cell in notes[2]) == "tagged!figures 2"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_no_process_and_no_half_file(tmp_path, number):
    path = tmp_path / "in.csv"
    path.write_text("text\n" + "在公开栏张贴信息12条。\n" * 200_000, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "extract.cli",
        "tag",
        str(path),
        *RULES,
        "--jobs",
        "2",
        "-o",
        "out.parquet",
    ]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        until = time.monotonic() + 60
        while time.monotonic() < until and not list(tmp_path.glob(".out.parquet.part-*")):
            time.sleep(0.05)
        process.send_signal(number)
        process.communicate(timeout=30)  # which waits for every process that holds the pipe
    assert process.returncode == (130 if number == signal.SIGTERM else -signal.SIGKILL)
    left = {"in.csv"} if number == signal.SIGTERM else {"in.csv", f".out.parquet.part-{process.pid}"}
    assert set(os.listdir(tmp_path)) == left
