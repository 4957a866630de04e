"""The name of a section that a line begins with, misspelt ones too; rows of tables that look like one."""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from extract.headings.knowledge import (
    CLOSING,
    FOLDED_AWAY,
    JOINTS,
    LONGEST,
    REMEMBERED,
    SECTIONS,
    SHORT,
    STOPS,
    USUAL,
    fold_words,
    load_headings,
    simplify,
)
from extract.patterns import late
from extract.report import SectionId, Value

_SHORTEST_JOINT = 14  # characters of a heading that names two sections
_CLAUSE_END = late("[，。；：,;:（(](?<!复议[，,])")


class SectionName(Value, frozen=True, gc=False):
    """A section's name at the start of some words: `length` is how many characters it takes up as printed.

    `whole` says that nothing but a closing stop comes after it.
    """

    id: SectionId
    strength: int
    length: int
    whole: bool


def _printed_length(words: str, folded: int) -> int:
    """How many characters of `words` the first `folded` characters of `fold_words(words)` take up."""
    at = 0
    for found in FOLDED_AWAY.finditer(simplify(words[:LONGEST])):
        kept = found.start() - at
        if kept >= folded:
            break
        folded -= kept
        at = found.end()
    return at + folded


def match_section(words: str) -> SectionName | None:
    """The section whose name `words` (a heading without its number) begin with, the longest name first.

    A heading over several sections is that of the first.

    >>> match_section("存在的主要问题及改进情况：")
    SectionName(id='problems', strength=3, length=12, whole=True)
    """
    name = _match_one(words)
    joint = list_sections(words) if name is not None and name.whole else ()
    return replace(name, id=joint[0]) if name is not None and len(joint) > 1 else name


@lru_cache(REMEMBERED)
def list_sections(words: str) -> tuple[SectionId, ...]:
    """The sections that a heading names, in the order of its words; most name one.

    >>> list_sections("主动公开政府信息、收到和处理政府信息公开申请以及行政复议、行政诉讼情况")
    ('proactive', 'requests', 'review')
    """
    name = _match_one(words)
    if name is None or not name.whole or name.strength < USUAL:
        return ()
    for joint in JOINTS.finditer(words, 0, name.length) if name.length >= _SHORTEST_JOINT else ():
        first, rest = _match_one(words[: joint.start()] + "情况"), list_sections(words[joint.end() :])
        if not first or not first.whole or first.strength < USUAL or not rest or first.id in rest:
            continue
        if all(SECTIONS.index(first.id) < SECTIONS.index(one) for one in rest):
            return (first.id, *rest)
    return (name.id,)


def _first_clause(words: str) -> str:
    """The words up to their first mark, with it: no name goes on behind one but in brackets."""
    mark = _CLAUSE_END.search(words, 0, LONGEST)
    return words[:LONGEST] if mark is None or mark.group() in "（(" else words[: mark.end()]


def _match_one(words: str) -> SectionName | None:
    clause = _first_clause(words)
    found = _recall_name(clause) if len(clause) <= SHORT else _find_name(clause)
    return SectionName(*found, not words[found[2] :].strip(CLOSING)) if found else None


def _find_name(clause: str) -> tuple[SectionId, int, int] | None:
    """Id, strength and length of the name that a clause begins with."""
    known = load_headings()
    folded = fold_words(clause.rstrip(STOPS))
    if known.any_name.match(folded) is None:
        return None
    best: tuple[int, int, SectionId] | None = None
    for section, strength, pattern in known.names:
        # of two spellings of which one begins the other the first listed would win
        found = pattern.fullmatch(folded) or pattern.match(folded)
        if found and found.end() and (best is None or (found.end(), strength) > best[:2]):
            best = (found.end(), strength, section)
            if found.end() == len(folded):
                break  # none that comes is longer or stronger
    length = _printed_length(clause, best[0]) if best else 0
    denied = known.patterns["denied"].search(clause, 0, length)
    return (best[2], best[1], length) if best and not denied else None


_recall_name = lru_cache(REMEMBERED)(_find_name)


def match_misspelt(words: str) -> SectionName | None:
    """The section whose name `words` are but for a character or two; None where that is not sure."""
    folded = fold_words(words.rstrip(CLOSING))
    if not 5 <= len(folded) <= 30:
        return None
    from rapidfuzz.distance import Levenshtein

    known = load_headings()
    scope = known.scope.match(folded)
    found: dict[SectionId, int] = {}
    candidates = {folded, folded[scope.end() :] if scope else folded}
    for section, spelling in known.spellings:
        allowed = 1 if len(spelling) < 10 else 2
        for candidate in candidates:
            if not -allowed <= len(candidate) - len(spelling) <= allowed:
                continue
            distance = Levenshtein.distance(candidate, spelling, score_cutoff=allowed)
            if distance <= allowed:
                found[section] = min(distance, found.get(section, distance))
    length = len(words.rstrip(CLOSING))
    return SectionName(next(iter(found)), USUAL, length, True) if len(found) == 1 else None


def is_table_row(words: str) -> bool:
    """Whether the words of a numbered line are those of a row of the statutory tables."""
    clause = _first_clause(words)
    return _recall_row(clause) if len(clause) <= SHORT else _match_row(clause)


def _match_row(clause: str) -> bool:
    return load_headings().patterns["table_row"].match(fold_words(clause)) is not None


_recall_row = lru_cache(REMEMBERED)(_match_row)
