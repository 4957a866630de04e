"""By what the lines and tables of a report are told from all else on a page: data/page.toml, compiled."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping

from extract.datafiles import read_data
from extract.patterns import late
from extract.report import Grid, Value

BLANK = " \t\r\n\f\v\xa0\u3000\u2002\u2003\u2009\u200b\u200c\u200d\u2060\ufeff"
LABEL_LINE = 80  # characters that a heading, title or button line may have
_BLANKS = re.compile(f"[{BLANK}]+")


class PageWords(Value, frozen=True, gc=False):
    """data/page.toml, compiled."""

    heading: re.Pattern[str]
    title: re.Pattern[str]
    vocabulary: re.Pattern[str]
    form: re.Pattern[str]
    head: re.Pattern[str]
    tail: re.Pattern[str]
    both: re.Pattern[str]
    # a label of the page's data and its colon, or of the day and the day; group 1 the label, its blanks kept
    label: re.Pattern[str]
    means: Mapping[str, str]  # label without blank space → publisher | published | day | title | nothing
    meta: Mapping[str, str]  # name of a meta element → published | title; in the order of trust
    day_ids: tuple[str, ...]  # ids of an element that holds the day of publication alone


@functools.cache
def load_page_words() -> PageWords:
    """The knowledge of data/page.toml; `re.error` or KeyError there is a fault of the package."""
    data = read_data("page.toml")
    means = {word: label["means"] for label in data["label"] for word in label["words"]}
    labels, days = (
        _spell(word for word in means if not day or means[word] == "published") for day in (False, True)
    )
    furniture = {
        place: "|".join(entry["pattern"] for entry in data["furniture"] if entry["place"] == place)
        for place in ("head", "tail", "both")
    }
    return PageWords(
        **{key: late(data[key]["pattern"]) for key in ("heading", "title", "vocabulary", "form")},
        **{key: late(pattern) for key, pattern in furniture.items()},
        label=late(
            rf"(?<![\u4e00-\u9fff])((?:{labels})(?=[ \xa0\u3000]*[】\]]?[ \xa0\u3000]*[:：])"
            rf"|(?:{days})(?=[ \xa0\u3000】\]]*20\d\d ?[-/.年]))[ \xa0\u3000】\]]*[:：]?"
        ),
        means=means,
        meta={name: key for key in ("published", "title") for name in data["meta"][key]},
        day_ids=tuple(data["state"]["ids"]),
    )


def _spell(words: Iterable[str]) -> str:
    """A pattern of the words, longest first, with or without blanks between their letters."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(r"[ \xa0\u3000]*".join(word) for word in ordered)


def is_heading_line(text: str) -> bool:
    """Whether the line is one of the report's six headings, with its number."""
    return len(text) <= LABEL_LINE and load_page_words().heading.match(squeeze(text)) is not None


def is_title_line(text: str) -> bool:
    """Whether the line is the report's title: it has the words, and a year or who reports before them."""
    words = squeeze(text) if len(text) <= LABEL_LINE and "公开" in text else ""
    found = load_page_words().title.search(words) if words else None
    return found is not None and found.start() > 3 and found.end() > len(words) - 8


def squeeze(text: str) -> str:
    """The text without blank space."""
    if text.isprintable() and " " not in text:  # all other blanks are characters that are not printed
        return text
    return _BLANKS.sub("", text)


def is_form(grid: Grid) -> bool:
    """Whether at least two labels of the statutory tables stand in the grid."""
    text = squeeze("".join([cell.text for cell in grid.cells[:80]]))
    first = None
    for match in load_page_words().form.finditer(text):
        if first is None:
            first = match.group()
        elif match.group() != first:
            return True
    return False
