"""The codebook names every variable that the program writes, in both languages."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from extract.cli import main
from extract.export.codebook import all_entries, to_csv, to_markdown
from extract.export.panel import fixed_variables
from extract.quality import describe_indicators
from extract.quality.tables import describe_tables
from extract.store.schema import TABLES, load_schema

HAN = re.compile("[\u4e00-\u9fff]")


def test_every_column_of_every_table_is_there():
    entries = {(one.table, one.name) for one in all_entries()}
    for table in TABLES:
        assert {(table, column.name) for column in load_schema().columns(table)} <= entries
    likeness = next(one for one in all_entries() if (one.table, one.name) == ("duplicates", "similarity"))
    assert "numbers masked" in likeness.en
    for name, table in describe_tables().items():
        assert {(f"quality_{name}", column.name) for column in table.columns} <= entries
    assert {("panel", one.name) for one in fixed_variables()} <= entries


def test_every_indicator_is_there_with_formula_source_and_range():
    found = {one.name: one for one in all_entries() if one.table == "indicators"}
    assert list(found) == list(describe_indicators())
    for one in describe_indicators().values():
        assert all(part in found[one.id].source for part in (one.formula, one.source, one.range))
        assert len(f"q_{one.id}") <= 32


def test_every_entry_means_something_in_both_languages_and_is_there_once():
    entries = list(all_entries())
    assert all(one.zh and one.en for one in entries)
    assert all(HAN.search(one.zh) for one in entries if one.table not in ("values", "indicators"))
    keys = [(one.table, one.name) for one in entries]
    assert len(set(keys)) == len(keys)


def test_the_page_is_whole_in_either_language():
    entries = list(all_entries())
    both, english = to_markdown(entries), to_markdown(entries, "en")
    for page in (both, english):
        rows = [line for line in page.splitlines() if line.startswith("| `")]
        assert len(rows) == len(entries)
    assert "申请：不予公开：属于三类内部事务信息：总计" in both
    assert "申请：不予公开" not in english
    cells = [re.split(r"(?<!\\)\|", line) for line in both.splitlines() if line.startswith("| `")]
    assert {len(row) for row in cells} == {7}


def test_another_ending_is_refused(tmp_path, capsys):
    assert main(["codebook", "-o", str(tmp_path / "cb.pdf")]) == 2
    assert "must be .md or .csv" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_csv_holds_the_same():
    entries = list(all_entries())
    rows = list(csv.reader(io.StringIO(to_csv(entries).removeprefix("\ufeff"))))
    assert [tuple(row) for row in rows[1:]] == [tuple(entry) for entry in entries]


@pytest.mark.parametrize("name", ["book.md", "book.csv"])
def test_the_command_writes_it(tmp_path, name, capsys):
    assert main(["codebook", "-o", str(tmp_path / name), "--lang", "zh"]) == 0
    assert "rq_internal_affairs_tot" in (tmp_path / name).read_text("utf-8")
    assert main(["codebook"]) == 0
    assert capsys.readouterr().out.startswith("# 变量手册 Codebook")
    assert main(["codebook", "-o", str(tmp_path / "no" / "x.md")]) == 1


def test_the_codebook_in_the_docs_is_that_of_the_program(tmp_path: Path) -> None:
    assert main(["codebook", "-o", str(tmp_path / "codebook.md")]) == 0
    written = (Path(__file__).parent.parent / "docs" / "codebook.md").read_text("utf-8")
    assert (tmp_path / "codebook.md").read_text("utf-8") == written, "gongkai codebook -o docs/codebook.md"
