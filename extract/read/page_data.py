"""What a web page says of itself: labels with their values, datelines; `publisher`, `published`, `day`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from extract.days import DAY, parse_day
from extract.read.evidence import BLANK, is_form, load_page_words, squeeze
from extract.read.page_block import PageBlock, PageGrid, PageLine
from extract.report import Grid

# after a day that is alone on its line: the time, or nothing where the day is not written out
_TIME_OF_DAY = re.compile(r"日?\s*\d{1,2}:\d\d(?::\d\d)?\D{0,12}|(?<=[-/.]\d)|(?<=[-/.]\d\d)")
_BEGUN_DAY = re.compile(r"20\d\d ?[-/.年]")
_DATELINE = 200  # characters
_BULLETS = BLANK + "·•●◆■【[（(|*-"


def match_label(text: str) -> re.Match[str] | None:
    """The label that the line begins with, bullets and brackets aside."""
    if len(text) > 400:
        return None
    return load_page_words().label.match(text, len(text) - len(text.lstrip(_BULLETS)))


def find_labels(text: str) -> list[re.Match[str]]:
    """The labels in a line; most lines have no colon and no day behind which one could stand."""
    if ":" not in text and "：" not in text and ("20" not in text or _BEGUN_DAY.search(text) is None):
        return []
    return list(load_page_words().label.finditer(text))


def find_day(text: str, *, bare: bool) -> re.Match[str] | None:
    """The day of a dateline: one that is the value of no label, among labels or with its time of day.

    With `bare`, also one in figures alone, which below a report is the day of its signature.
    """
    if len(text) > _DATELINE or "20" not in text:
        return None
    text = text.strip(_BULLETS)
    labels = find_labels(text)
    for day in DAY.finditer(text):
        if any(
            not text[label.end() : day.start()].strip(BLANK) for label in labels if label.end() <= day.start()
        ):
            continue
        alone = day.start() == 0 and (bare or ":" in text) and _TIME_OF_DAY.fullmatch(text, day.end())
        if alone or (labels and (day.start() == 0 or "年" not in day.group())):
            return day
    return None


def is_page_data(grid: Grid) -> bool:
    """Whether labels of the page's data stand in the table, and those of the form do not."""
    if is_form(grid):
        return False
    words = load_page_words()
    cells = [squeeze(cell.text).strip("【】[]") for cell in grid.cells[:60]]
    labels = [
        text for text in cells if text.rstrip(":：】]") in words.means or words.label.match(text) is not None
    ]
    return len(labels) > 1


def read_page_data(blocks: Iterable[PageBlock], *, bare: bool) -> dict[str, str]:
    """`publisher`, `published`, `day` as labels and datelines of the page give them; the first one counts.

    A bare label is followed by its value. `bare` as in `_find_day`.
    """
    found: dict[str, str] = {}
    pending = ""
    for block in blocks:
        pairs: list[tuple[str, str]] = []
        if isinstance(block, PageGrid) and is_page_data(block):
            pairs = list(_read_grid_pairs(block))
        elif isinstance(block, PageLine) and len(block.text) <= 400:
            pairs = list(_read_line_pairs(block.text))
            if pending and not pairs:
                pairs = [(pending, block.text)]
            pending = pairs[-1][0] if pairs and not pairs[-1][1] else ""
            if day := find_day(block.text, bare=bare):
                pairs.append(("day", day.group()))
        for means, value in pairs:
            _note_value(found, means, value)
    return found


def _note_value(found: dict[str, str], means: str, value: str) -> None:
    parsed: str | None = None
    if means in ("published", "day"):
        parsed = parse_day(value)
    elif means == "publisher":
        parsed = value.strip(BLANK + "】]）)|")
        if not 3 <= len(parsed) <= 40 or not re.search("[\u4e00-\u9fff]{3}", parsed):
            parsed = None
    if parsed:
        found.setdefault(means, parsed)


def _read_line_pairs(text: str) -> Iterator[tuple[str, str]]:
    """What each label of a line means, and its value: up to the next label or a wide gap."""
    words, matches = load_page_words(), find_labels(text)
    for match, following in zip(matches, [*(match.start() for match in matches[1:]), len(text)]):
        means = words.means[squeeze(match[1])]
        value = text[match.end() : following].strip(BLANK)
        if means == "day" and len(matches) == 1 and not re.search(r"\d:\d\d", value):
            continue
        yield means, value if means in ("published", "day") else re.split(r"\s{2,}", value)[0]


def _read_grid_pairs(grid: Grid) -> Iterator[tuple[str, str]]:
    words = load_page_words()
    for cell, following in zip(grid.cells, (*grid.cells[1:], None)):
        label = squeeze(cell.text).strip("【】[]").rstrip(":：")
        if label in words.means and following is not None and following.row == cell.row:
            yield words.means[label], following.text
        else:
            yield from _read_line_pairs(cell.text)
