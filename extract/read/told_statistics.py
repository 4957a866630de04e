"""The statistics of one column told in sentences, laid out as one row a line: label, tab, number.

    收到申请数23件，其中当面申请数4件，网络申请数19件。

So the annex comes where a page had no room for a table. It is laid out where sentences name many of its rows,
by their whole labels and nothing else that has a number. Lists whose entries end in a mark lose that mark.
"""

from __future__ import annotations

import re
from functools import cache

from extract.fold import drop_notes, drop_numbering
from extract.forms import UNITS, FormTable, load_forms
from extract.patterns import late
from extract.read.form_labels import find_rows

_FEWEST = 15  # rows that sentences name
_FEWEST_LISTED = 5  # entries of a list
_ENTRY = late(rf"(?P<label>.{{4,90}}?)\s*[：:]\s*\d[\d.,]*\s*{UNITS}?[；;。，,、]")
_LEAD = late(r"^[\s，,；;。、：:（(）)]*(?:其中[，：:]?)?|[\s，,；;。、：:（(）)]*(?:其中[，：:]?)?\s*$")
_NUMBERS = late(r"[\d.,]+")
_YEARS = late(r"指\s?标.*?\s(?:20\d\d年|本年|上年)\S*\s+(?:20\d\d年|本年|上年)")
_YEARLY = late(
    rf"\s*(?P<label>\S.{{3,90}}?)\s+(?P<unit>{UNITS})\s+"
    r"(?P<values>-?\d[\d.,]*(?:\s+[-+]?\d[\d.,]*[%％]?){1,5})\s*"
)
_BLANKS = late(r"\s{2,}|(?<=[年度数率标位])\s")


def lay_out_statistics(lines: list[str], content: str) -> list[str]:
    """The lines, sentences and lists of the statistics as rows of two cells."""
    if not any(table.sign in content for table in _tables() if table.sign):
        return lines
    return _part_years(_close_entries(_part_sentences(lines)))


def _part_years(lines: list[str]) -> list[str]:
    """The lines, a table with a column a year that shows itself by blanks alone parted by tabs."""
    head = next((at for at, line in enumerate(lines) if _YEARS.search(line)), None)
    if head is None or "\t" in lines[head] or "|" in lines[head]:
        return lines
    rows = {at: found for at, line in enumerate(lines) if at > head and (found := _YEARLY.fullmatch(line))}
    if len(rows) < _FEWEST:
        return lines
    parted = ["\t".join([found["label"], found["unit"], *found["values"].split()]) for found in rows.values()]
    words = _BLANKS.split(lines[head].strip())
    told = dict(zip(rows, parted))
    told[head] = "\t".join([words[0].replace(" ", ""), *words[1:]])
    return [told.get(at, line) for at, line in enumerate(lines)]


def _close_entries(lines: list[str]) -> list[str]:
    """The lines, entries of a list without the mark at their end."""
    listed = {
        at
        for at, line in enumerate(lines)
        if line[-1:] in "；;。，,、" and (found := _ENTRY.fullmatch(line)) and find_rows(found["label"])
    }
    if len(listed) < _FEWEST_LISTED:
        return lines
    return [line[:-1] if at in listed else line for at, line in enumerate(lines)]


def _part_sentences(lines: list[str]) -> list[str]:
    """The lines, sentences that name rows with their numbers parted."""
    told = {
        at: parts
        for at, line in enumerate(lines)
        if "\t" not in line and len(line) > 8 and (parts := _part(line))
    }
    named = {
        row for parts in told.values() for row, _, tab in (part.partition("\t") for part in parts) if tab
    }
    if len(named) < _FEWEST:
        return lines
    return [part for at, line in enumerate(lines) for part in told.get(at, [line])]


def _part(line: str) -> list[str]:
    """The rows that a line tells, with what stands before each; empty where another number is in it."""
    parts: list[str] = []
    end = 0
    for found in _told().finditer(line):
        parts += _words_between(line[end : found.start()])
        parts.append(f"{found['label']}\t{found['value']}{found['unit'] or ''}")
        end = found.end()
    rest = _words_between(line[end:])
    other = [part for part in (*parts, *rest) if "\t" not in part and _NUMBERS.search(drop_numbering(part))]
    return [*parts, *rest] if parts and not other else []


def _words_between(text: str) -> list[str]:
    """What stands between two rows, without marks; nothing where that is all."""
    words = _LEAD.sub("", text)
    return [words] if words else []


@cache
def _tables() -> tuple[FormTable, ...]:
    """The tables of one column."""
    tables = [table for form in load_forms() for table in form.tables]
    return tuple(one for one in tables if len(one.bands) == 1 == len(one.bands[0].columns))


@cache
def _told() -> re.Pattern[str]:
    """A label of a table of one column, and its number."""
    labels = {
        drop_notes(drop_numbering(row.label.removeprefix("其中："))): None
        for table in _tables()
        for row in table.bands[0].rows
    }
    ordered = sorted(labels, key=lambda label: (-len(label), label))
    number = r"(?:[（(][一二三四五六七八九十\d]{1,2}[）)]|[一二三四五六七八九十\d]{1,2}[、.．])?"
    label = rf"(?P<label>{number}(?:{'|'.join(map(re.escape, ordered))}))"
    value = rf"(?P<value>\d[\d.,]*(?<![.,]))\s*(?P<unit>{UNITS})?"
    return re.compile(rf"{label}\s*(?:（[^（）\n]{{0,60}}）)?\s*[为共：:]?\s*{value}")
