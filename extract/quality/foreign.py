"""Names of other places left in a report: the sure sign that its text was somebody else's.

Only sure signs count: a place of a twin's own name, or a place that stands as the government that reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Literal

from extract.quality.anchors import load_wording
from extract.report import Report, Unit, Value
from extract.similarity.mask import agency_names
from extract.similarity.places import find_places, load_masking, load_places

Sign = Literal["twin", "government"]
_ENDINGS = (*"省市县区乡镇旗州盟", "街道", "苏木")
# Places of one kind lie beside each other, so that one does not lie in the other; a 市 may hold another 市.
_KINDS = (("县", "区", "旗"), ("镇", "乡", "街道", "苏木"))
_BEFORE = 8  # characters before a place that may say it was visited


class ForeignPlace(Value, frozen=True, gc=False):
    """A place named in a report that belongs to somebody else; `text[start:end]` is the name.

    `sign`: it is a place of a twin's agency, or stands as the name of the government that reports.
    """

    name: str
    start: int
    end: int
    sign: Sign


class Neighbours:
    """The places in the names of many agencies: they know the townships that no list has."""

    def __init__(self, agencies: Iterable[str | None]) -> None:
        import ahocorasick_rs

        names = {name for agency in set(agencies) if agency for name in places_of(agency)}
        self._names = sorted(names)
        kind = ahocorasick_rs.MatchKind.LeftmostLongest
        self._automaton: Any = ahocorasick_rs.AhoCorasick(self._names, matchkind=kind)

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and name of each place in `text`."""
        for number, start, end in self._automaton.find_matches_as_indexes(text):
            yield start, end, self._names[number]


def find_foreign_places(
    report: Report, twins: Sequence[str] = (), neighbours: Neighbours | None = None
) -> tuple[ForeignPlace, ...]:
    """Names of other places left in the narrative, in text order.

    `twins` are the agencies of its twins; `neighbours` the places of the dataset. A place that the agency
    lies in, that lies in it, or that was visited or learned from, is no foreign one.
    """
    if report.agency is None:
        return ()
    own = _own_places(report.agency)
    foreign = {name for twin in twins for name in places_of(twin) if not _belongs(name, report.agency, own)}
    found = {one.start: one for one in _of_twins(report, sorted(foreign, key=len, reverse=True))}
    for one in _governments(report, own, neighbours):
        found.setdefault(one.start, one)
    return tuple(found[start] for start in sorted(found))


@lru_cache(maxsize=1024)
def places_of(agency: str) -> tuple[str, ...]:
    """The places in an agency's name, long enough and rare enough to tell it.

    >>> places_of("宝丰县石桥镇人民政府")
    ('宝丰县石桥镇', '宝丰县', '石桥镇')
    """
    everyday = load_masking()["everyday_places"]
    names = [name for name in agency_names(agency) if name.endswith(_ENDINGS) and len(name) > 2]
    return tuple(name for name in names if name not in everyday)


def _own_places(agency: str) -> frozenset[str]:
    """The places in the agency's name and all that they lie in."""
    known = load_places()
    names = set(agency_names(agency))
    above = {one for name in names if name in known for one in known[name].within}
    return frozenset(names | above)


def _belongs(name: str, agency: str, own: frozenset[str]) -> bool:
    """Whether a place is the agency's own, lies above it, or is part of its name."""
    return name in own or name in agency or any(place in name for place in own if len(place) > 2)


def _of_twins(report: Report, names: Sequence[str]) -> Iterator[ForeignPlace]:
    for unit in report.units:
        for name in names:
            at = unit.text.find(name)
            while at >= 0:
                yield ForeignPlace(name, unit.start + at, unit.start + at + len(name), "twin")
                at = unit.text.find(name, at + len(name))


def _governments(
    report: Report, own: frozenset[str], neighbours: Neighbours | None
) -> Iterator[ForeignPlace]:
    """Places that stand as the reporting government: 乌恰县水利局 in a report of 宝丰县水利局."""
    agency = report.agency or ""
    wording = load_wording()
    bodies = (body for body in wording.bodies if not body.endswith(("法院", "检察院")))
    followers = (*wording.government_words, *bodies, *_own_tail(agency))
    for unit in report.units:
        for start, end, name in _candidates(unit, agency, neighbours):
            before = unit.text[max(0, start - _BEFORE) : start]
            visited = any(word in before for word in wording.visit_words)
            if unit.text.startswith(followers, end) and not visited and not _belongs(name, agency, own):
                yield ForeignPlace(name, unit.start + start, unit.start + end, "government")


def _candidates(unit: Unit, agency: str, neighbours: Neighbours | None) -> Iterator[tuple[int, int, str]]:
    """Places in a unit that neither hold the agency nor lie in it, as far as lists or their kind can tell."""
    direct = set(agency_names(agency))
    if direct & load_places().keys():
        for mention in find_places(unit.text):
            if not direct & mention.place.within:
                yield mention.start, mention.end, mention.place.name
    last = agency[: _places_end(agency)]
    kind = next((kind for kind in _KINDS if last.endswith(kind)), None)
    if kind is not None and neighbours is not None:
        for start, end, name in neighbours.find(unit.text):
            if name.endswith(kind) and name not in load_places():
                yield start, end, name


def _own_tail(agency: str) -> list[str]:
    """The agency's name without its places: 水利局 of 宝丰县水利局; nothing where little is left."""
    end = _places_end(agency)
    return [agency[end:]] if end and len(agency) - end > 1 else []


def _places_end(agency: str) -> int:
    """Where the last place in an agency's name ends, 0 where it names none."""
    return max(
        (agency.rfind(place) + len(place) for place in places_of(agency) if place in agency), default=0
    )
