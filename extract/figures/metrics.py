"""Which metric a figure belongs to: the rules of data/metrics.toml, in order, over what the clause says."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

import msgspec

from extract.datafiles import read_data
from extract.errors import BadData
from extract.figures.knowledge import join_words

METRICS = [
    "disclosed_items",
    "website_items",
    "wechat_items",
    "weibo_items",
    "new_media_items",
    "bulletin_items",
    "broadcasts",
    "leaflets",
    "gazette_issues",
    "new_media_accounts",
    "documents_issued",
    "interpretations",
    "press_conferences",
    "responses",
    "requests_received",
    "requests_answered",
    "requests_carried_over",
    "reconsiderations",
    "litigations",
    "fees_collected",
    "trainings",
    "training_attendees",
    "meetings",
    "inspections",
    "accountability_cases",
    "proposals",
    "rate",
    "other",
]


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """What the clause of a figure says about it; "" and None where it says nothing."""

    object: str
    clause: str  # the words from the clause's beginning to the number, and the noun behind it
    around: str  # the whole clause
    verb: str
    unit: str
    stands: str
    channel: str
    section: str
    after: str = ""  # the metric of the figure before in the sentence


_SHORT = 12  # characters of a noun that is remembered: longer ones hardly come again
_THINGS = frozenset(("piece", "event", "place", "absence"))  # rules for these hold for what is absent, too


Search = Callable[[str], re.Match[str] | None]


class Rule(msgspec.Struct, frozen=True, gc=False):
    """One rule: the metric and its conditions; None where there is no such condition."""

    id: str
    object: Search | None
    clause: Search | None
    exclude: Search | None
    verb: frozenset[str] | None
    unit: frozenset[str] | None
    stands: frozenset[str] | None
    channel: frozenset[str] | None
    section: frozenset[str] | None
    after: frozenset[str] | None
    around: bool
    hint: bool

    def may_hold(self, stands: str, unit: str, places: tuple[str, str, str, str]) -> bool:
        """Whether all but the wording is as wanted; `places`: channel, verb, section, after."""
        worded = self.object is not None or self.clause is not None
        absent = stands == "absence" and worded and not (self.stands and self.stands.isdisjoint(_THINGS))
        if self.stands is not None and not absent and stands not in self.stands:
            return False
        if self.unit is not None and not absent and unit not in self.unit:
            return False
        wanted = (self.channel, self.verb, self.section, self.after)
        return all(want is None or found in want for want, found in zip(wanted, places))


def find_metric(seen: Evidence) -> tuple[str, bool]:
    """The metric, and whether the clause itself gave a hint of it (False: nothing but the counting word)."""
    places = (seen.channel, seen.verb, seen.section, seen.after)
    thing, clause = seen.object, seen.clause
    named = _recall_named(thing) if len(thing) <= _SHORT else _find_named(thing)
    for rule in _choose_rules(seen.stands, seen.unit, places):
        if rule.object is not None and rule.object not in named:
            continue
        text = seen.around if rule.around else clause
        if rule.clause is not None and not rule.clause(text):
            continue
        if rule.exclude is None or not rule.exclude(text):
            return rule.id, rule.hint
    raise BadData("metrics.toml: the last rule must hold for everything")


def _find_named(thing: str) -> frozenset[Search]:
    """What of all that rules look for in a noun `thing` has."""
    return frozenset([search for search in _load_searches() if search(thing)])


# Statutory nouns (政府信息, 行政复议) come again in every report.
_recall_named = lru_cache(1024)(_find_named)


@cache
def _load_searches() -> tuple[Search, ...]:
    return tuple(dict.fromkeys(rule.object for rule in load_rules() if rule.object is not None))


@lru_cache(maxsize=8192)
def _choose_rules(stands: str, unit: str, places: tuple[str, str, str, str]) -> tuple[Rule, ...]:
    """The rules that only the wording still decides between, in order."""
    return tuple(rule for rule in load_rules() if rule.may_hold(stands, unit, places))


@cache
def load_rules() -> tuple[Rule, ...]:
    """The rules in order; raises `BadData` for an unknown metric."""
    return tuple(_build(entry) for entry in read_data("metrics.toml")["metric"])


def _build(entry: dict[str, list[str] | str | bool]) -> Rule:
    known = str(entry["id"])
    if known not in METRICS:
        raise BadData(f"metrics.toml: unknown metric {known!r}")
    return Rule(
        id=known,
        object=_search(entry.get("object")),
        clause=_search(entry.get("clause")),
        exclude=_search(entry.get("not")),
        verb=_set(entry.get("verb")),
        unit=_set(entry.get("unit")),
        stands=_set(entry.get("stands")),
        channel=_set(entry.get("channel")),
        section=_set(entry.get("section")),
        after=_set(entry.get("after")),
        around=bool(entry.get("around", False)),
        hint=bool(entry.get("hint", True)),
    )


def _search(words: list[str] | str | bool | None) -> Search | None:
    if not isinstance(words, list):
        return None
    return re.compile(join_words(words).replace(r"\$", r"\Z").replace(r"\#", "[0-9]")).search


def _set(words: list[str] | str | bool | None) -> frozenset[str] | None:
    return frozenset(words) if isinstance(words, list) else None
