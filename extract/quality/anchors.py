"""What makes a statement specific: figures, dates, named documents, channels, bodies and places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

from extract.datafiles import read_as
from extract.report import Figure, Platform, Unit, Value
from extract.similarity.mask import agency_names
from extract.similarity.places import find_places

Span = tuple[int, int]
# A bare year is no date: every report begins with one.
_DATE = re.compile(r"(?:\d{4}年)?(?<!\d)\d{1,2}月(?:\d{1,2}[日号]|份|底|初|末|[上中下]旬)?")
_TITLE = re.compile(r"《[^《》\n]{1,80}》")
_DOCUMENT = re.compile(
    r"[〔\[﹝【(（]\d{4}[〕\]﹞】)）]\s?第?\d{1,4}号|第\d{1,4}号(?:令|文件)?|令第\d{1,4}号"
)
# 县公安局, 该局财政局: the level before a body belongs to it
_LEVEL = re.compile(r"(?:[省市县区乡镇]|街道)$")


class Wording(Value, frozen=True):
    """The lists and patterns of data/wording.toml; `example` is for the tests."""

    bodies: tuple[str, ...]
    instruments: tuple[str, ...]
    common_runs: tuple[str, ...]
    binding_titles: tuple[str, ...]
    times: str
    vague: str
    done: str
    done_itself: str
    last_year: str
    promised: str
    looks_back: str
    government_words: tuple[str, ...]
    visit_words: tuple[str, ...]
    example: tuple[dict[str, Any], ...] = ()


@cache
def load_wording() -> Wording:
    """data/wording.toml; `BadData` where it breaks its schema."""
    return read_as("wording.toml", Wording)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """One of the patterns of data/wording.toml: such as times, vague, done."""
    return re.compile(getattr(load_wording(), name))


def find_specifics(
    unit: Unit, figures: Sequence[Figure], platforms: Sequence[Platform], agency: str | None
) -> list[Span]:
    """The specific things in a unit, as spans in its text that do not overlap.

    Figures other than absences, days and months, names in 《》 but that of the Regulation, document numbers,
    platforms with a name of their own, and bodies and places other than the agency's own.
    """
    text = unit.text
    spans = [(one.start - unit.start, one.end - unit.start) for one in figures]
    spans += [(one.start - unit.start, one.end - unit.start) for one in platforms if one.name]
    spans += [found.span() for regex in (_DATE, _DOCUMENT) for found in regex.finditer(text)]
    binding = load_wording().binding_titles  # the law that binds everybody tells nothing of anybody
    spans += [found.span() for found in _TITLE.finditer(text) if found.group()[1:-1] not in binding]
    own = _own(agency)
    for start, end in find_bodies(text):
        whole = text[start - 1 : end] if _LEVEL.search(text[:start][-2:]) else text[start:end]
        if text[start:end] not in own and whole not in own:
            spans.append((start, end))
    spans += [(one.start, one.end) for one in find_places(text) if one.place.name not in own]
    return _apart(spans)


@lru_cache(maxsize=256)
def _own(agency: str | None) -> frozenset[str]:
    return frozenset(agency_names(agency)) if agency else frozenset()


def _apart(spans: Iterable[Span]) -> list[Span]:
    """The spans without those that begin inside an earlier one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one[0], -one[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def find_bodies(text: str) -> list[Span]:
    """The named bodies in `text`: 县司法局, 党政办."""
    return [(start, end) for _, start, end in _automaton("bodies").find_matches_as_indexes(text)]


def find_instruments(text: str) -> list[Span]:
    """Things in `text` whose existence can be checked: 台账, 专栏, 培训班."""
    return [(start, end) for _, start, end in _automaton("instruments").find_matches_as_indexes(text)]


@cache
def _automaton(name: str) -> Any:
    import ahocorasick_rs

    kind = ahocorasick_rs.MatchKind.LeftmostLongest
    return ahocorasick_rs.AhoCorasick(list(getattr(load_wording(), name)), matchkind=kind)
