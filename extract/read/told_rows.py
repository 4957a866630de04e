"""Rows of a table that a file tells as sentences or lists, laid out as rows of cells parted by tabs.

    （一）予以公开：自然人3件，商业企业1件，其余均为0，总计4件。
    规章（本年制发件数）……2        行政复议·结果维持……1

A line begins with the label of a row and names nothing but columns of that row, each with its number. The
names of the columns come to stand over the rows, as a table has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from extract.forms import list_told
from extract.patterns import late
from extract.read.form_labels import find_columns, find_rows, order_columns

_AFTER = " \u3000：:为是共有"  # what may stand between the name of a column and its number
_LABEL_END = late(r"[：:]")
_PART = late(r"[，,、；;。]")
_PAIR = late(
    r"(?P<name>\D{2,20}?)\s*[：:]?\s*(?:为|是|共|有)?\s*(?P<value>[-+]?\d[\d.]*\s*(?:万元|元|件|条|项|个)?)"
)
_NOUGHT = late(
    r"(?:(?:其余|余)(?:各?[项列栏类])?(?:均|都|皆)?|(?:(?:其他|其它)(?:各?[项列栏类])?)?(?:均|都|皆|全部?))为?[0零无]件?"
)
_LED = late(
    r"(?P<label>\S.{1,88}?)\s*(?:…{2,}|[.．·]{4,})[….．·]*\s*(?P<value>[-+]?\d[\d.,]*)\s*"
    r"(?:[（(]?(?P<unit>万元|元|人次|件|条|项|个|次|篇|人)[）)]?)?[；;。]?"
)
_NAMED = late(
    r"(?P<row>.+?)\s*(?:[（(](?P<column>.{2,30})[）)]|[·・—–\-/／>：:]\s*(?P<joint>[^·—\-/：:]{2,20}))"
)
_LONGEST = 300  # characters of a line that tells a row
_FEWEST = 2  # rows that make a table; one of several columns
_FEWEST_LED = 4  # lines with leaders


class _Row(NamedTuple):
    """A line read: the row's label, its numbers by column, and whether the columns not named are nought."""

    label: str
    cells: Mapping[tuple[str, str], str]  # by table and column
    names: Mapping[tuple[str, str], str]
    nought: bool = False


def lay_out_told(lines: list[str], content: str) -> list[str]:
    """The lines, runs of rows that are told in words as rows of cells."""
    told = any(_is_numbered(content, word) for word in list_told())
    led = _is_led(content)
    if not told and not led:
        return lines
    laid: list[str] = []
    at = 0
    while at < len(lines):
        if (":" not in lines[at] and "：" not in lines[at]) and not (led and _is_led(lines[at])):
            laid.append(lines[at])
            at += 1
            continue
        rows, end = _read_run(lines, at, told=told)
        if len(rows) >= _FEWEST or any(len(row.cells) > _FEWEST for row in rows):
            laid += _print(rows)
        else:
            laid += lines[at : max(end, at + 1)]
        at = max(end, at + 1)
    return _part_leaders(laid) if led else laid


def _is_led(line: str) -> bool:
    return ("…" in line and "……" in line) or "...." in line or ("·" in line and "····" in line)


def _is_numbered(content: str, word: str) -> bool:
    """Whether a number stands right behind a word somewhere."""
    at = content.find(word)
    while at >= 0:
        at += len(word)
        if content[at : at + 4].lstrip(_AFTER)[:1].isdecimal():
            return True
        at = content.find(word, at)
    return False


def _read_run(lines: Sequence[str], at: int, *, told: bool) -> tuple[list[_Row], int]:
    """The rows told from a line on, and the line after them."""
    rows: list[_Row] = []
    end = at
    while at < len(lines):
        line = lines[at].strip()
        at += 1
        if not line:
            continue
        row = (_read_told(line) if told else None) or _read_led(line)
        if row is None:
            break
        if rows and rows[-1].label == row.label and not rows[-1].cells.keys() & row.cells.keys():
            row = _merge(rows.pop(), row)
        rows.append(row)
        end = at
    return rows, end


def _merge(row: _Row, more: _Row) -> _Row:
    return row._replace(cells={**row.cells, **more.cells}, names={**row.names, **more.names})


def _read_told(line: str) -> _Row | None:
    """A line as a row that is told in words; None where anything else stands in it."""
    found = _LABEL_END.search(line) if len(line) <= _LONGEST and "|" not in line else None
    tables = {row.table for row in find_rows(line[: found.start()])} if found else set()
    if found is None or not tables:
        return None
    cells: dict[tuple[str, str], str] = {}
    names: dict[tuple[str, str], str] = {}
    nought = False
    for part in filter(None, map(str.strip, _PART.split(line[found.end() :]))):
        pair = _PAIR.fullmatch(part)
        if _NOUGHT.fullmatch(part):
            nought = True
            continue
        columns = [one for one in find_columns(pair["name"]) if one[0] in tables] if pair else []
        if pair is None or len(columns) != 1 or columns[0] in cells:
            return None
        cells[columns[0]], names[columns[0]] = pair["value"], pair["name"].strip()
    return _Row(line[: found.start()], cells, names, nought) if cells or nought else None


def _read_led(line: str) -> _Row | None:
    """A line whose number stands behind leaders as a row with the one column that it names."""
    found = _LED.fullmatch(line) if _is_led(line) else None
    named = _NAMED.fullmatch(found["label"]) if found else None
    if found is None or named is None:
        return None
    tables = {row.table for row in find_rows(named["row"])}
    name = named["column"] or named["joint"]
    columns = [one for one in find_columns(name) if one[0] in tables]
    if len(columns) != 1:
        return None
    return _Row(named["row"], {columns[0]: found["value"] + (found["unit"] or "")}, {columns[0]: name})


def _print(rows: Sequence[_Row]) -> Iterator[str]:
    """The rows, with the names of their columns over each stretch of rows that share them."""
    at = 0
    while at < len(rows):
        end = at
        names: dict[tuple[str, str], str] = {}
        while end < len(rows) and (end == at or _shares(names, rows[end])):
            names = {**rows[end].names, **names}
            end += 1
        columns = order_columns(names)
        yield "\t".join(["", *(names[column] for column in columns)])
        for row in rows[at:end]:
            yield "\t".join([row.label, *(row.cells.get(column, "0" * row.nought) for column in columns)])
        at = end


def _shares(names: Mapping[tuple[str, str], str], row: _Row) -> bool:
    """Whether a row has columns of those, or names none."""
    return not row.cells or bool(names.keys() & row.cells.keys())


def _part_leaders(lines: list[str]) -> list[str]:
    """The lines, rows of one column whose number stands behind leaders with a tab in their place."""
    led = {
        at: f"{found['label']}\t{found['value']}{found['unit'] or ''}"
        for at, line in enumerate(lines)
        if _is_led(line) and (found := _LED.fullmatch(line.strip())) and find_rows(found["label"])
    }
    if len(led) < _FEWEST_LED:
        return lines
    return [led.get(at, line) for at, line in enumerate(lines)]
