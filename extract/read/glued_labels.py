"""Tables whose cells run into one another: labels with the numbers before or behind them.

    …数量12 3 0 0 0 1 16二、上年结转…    …0 0 51.属于国家秘密…    （一）予以公开3 0 0 0 0 0 3

So the text of a page comes whose cells were put end to end. The labels say where each begins, their own
numbers with them: 51.属于国家秘密 is 5, then 1.属于国家秘密.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from extract.forms import FormTable, list_signs, load_forms
from extract.patterns import late
from extract.read.form_labels import find_rows
from extract.read.glued_digits import part_digits

_LONG = 100  # characters of a line that may be a whole table
_MARKS = 6  # of sentences in a line; a table has them in its labels and notes alone
_FEWEST = 3  # rows of a table
_NUMBERED = re.compile(r"([（(]?[一二三四五六七八九十\d]{1,2})[）).．、]")
_LETTERS = 4  # of a label that tell it
_LAST = '\u4e00-\u9fff）)”"'  # letters that a label ends in
_CHANGE = "[增减升降]"  # before a number these are its sign
_ROW = late(rf"\s*(?P<label>\S.*?[{_LAST}])(?<!{_CHANGE})(?P<numbers>\d[\d.,]*(?:[ \t]+[-+]?\d[\d.,]*)*)\s*")
_NOUGHTS = late(r"(?<![\d.])0{7}(?!\d(?![.．、]))")  # those of a row, before the number of the next label
_NOTE = late(r"[（(][^（()）]{0,60}[）)]")


def part_glued_labels(lines: list[str], content: str) -> list[str]:
    """The lines, labels of the form parted from the numbers they run into."""
    signs = [sign for sign in list_signs() if sign in content]
    if not signs:
        return lines
    long = [at for at, line in enumerate(lines) if len(line) > _LONG and _is_table(line, signs)]
    rows = _part_rows(lines) if any(_is_glued(content, sign) for sign in signs) else {}
    if not long and not rows:
        return lines
    parted = {at: _between().sub(" ", lines[at]) for at in long}
    told = [parted.get(at) or rows.get(at) or line for at, line in enumerate(lines)]
    return part_digits(told, content) if _NOUGHTS.search(content) else told


def _is_table(line: str, signs: list[str]) -> bool:
    """Whether a line has what shows a table, and is no running text."""
    return any(map(line.__contains__, signs)) and line.count("。") + line.count("，") < _MARKS


def _is_glued(content: str, sign: str) -> bool:
    """Whether a number stands right behind the label that shows a table, or behind its note."""
    end = content.find(sign) + len(sign)
    note = _NOTE.match(content, end)
    return content[note.end() if note else end :][:1].isdecimal()


def _part_rows(lines: list[str]) -> dict[int, str]:
    """Lines that are a row each whose label runs into its first number, with a blank between."""
    found = {
        at: row for at, line in enumerate(lines) if line[-1:].isdecimal() and (row := _ROW.fullmatch(line))
    }
    rows = {at: f"{row['label']} {row['numbers']}" for at, row in found.items() if find_rows(row["label"])}
    return rows if len(rows) >= _FEWEST else {}


@cache
def _between() -> re.Pattern[str]:
    """The place before a label of the form, and the one between a label and a number."""
    numbered: dict[str, None] = {}
    plain: dict[str, None] = {}
    for form in load_forms():
        for label in (label for table in form.tables for label in _labels(table)):
            found = _NUMBERED.match(label)
            if found is not None:
                words = re.escape(label[found.end() :][:_LETTERS])
                numbered[rf"{re.escape(found[1])}[）).．、]\s?{words}"] = None
            elif len(label) >= _LETTERS:
                plain[re.escape(label[:_LETTERS])] = None
    before = rf"(?<=\S)(?={'|'.join(numbered)})|(?<=\d)(?={'|'.join(plain)})"
    return re.compile(rf"{before}|(?<=[{_LAST}])(?<!{_CHANGE})(?=\d+(?:\.\d+)?(?:\s|$|{'|'.join(plain)}))")


def _labels(table: FormTable) -> Iterator[str]:
    """The labels that stand before the numbers of a row, and those over several rows."""
    yield from table.spans
    for band in table.bands:
        yield from (band.label,) if band.label else ()
        for row in band.rows:
            yield row.label
            yield from (row.group,) if row.group else ()
