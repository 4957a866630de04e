"""Kinds that the words or the place of a sentence settle, whatever a model makes of it.

In 五、 what stands under 改进措施 is a remedy, and so is a turn to remedies (下一步，我局将……) with its list.
Elsewhere set phrases decide: data/settled.toml.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import msgspec

from extract.classify.cues import load_labels
from extract.datafiles import read_data
from extract.errors import BadData
from extract.fold import fold_marks
from extract.headings.knowledge import REMEMBERED, load_headings
from extract.report import Atom, Label

_LONGEST = 160  # characters of a sentence that a set phrase is all of
_FAULTS = ("问题", "不足", "短板", "困难")  # of a heading


class Phrase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences whose words settle their kind."""

    kind: str
    hint: tuple[str, ...]
    pattern: str
    examples: tuple[str, ...]
    never: tuple[str, ...]
    sections: tuple[str, ...] = ()


class _Known(NamedTuple):
    """data/settled.toml, compiled; `hint` finds a sentence that is worth a closer look for phrases."""

    phrases: tuple[tuple[Phrase, re.Pattern[str]], ...]
    hint: re.Pattern[str]
    wanting: re.Pattern[str]
    fault: re.Pattern[str]


@cache
def load_phrases() -> tuple[Phrase, ...]:
    """The phrases of data/settled.toml; raises `BadData` where an entry breaks the schema."""
    try:
        return tuple(msgspec.convert(read_data("settled.toml")["sentence"], list[Phrase]))
    except (msgspec.ValidationError, KeyError) as error:
        raise BadData(f"data/settled.toml: {error}") from error


@cache
def _compile() -> _Known:
    data, phrases = read_data("settled.toml"), load_phrases()
    hints = sorted({hint for phrase in phrases for hint in phrase.hint})
    return _Known(
        tuple((phrase, re.compile(phrase.pattern, re.VERBOSE)) for phrase in phrases),
        re.compile("|".join(map(re.escape, hints))),
        *[re.compile(data[key]["pattern"], re.VERBOSE) for key in ("wanting", "fault")],
    )


def settle(text: str, atoms: Sequence[Atom], labels: Sequence[Label]) -> tuple[Label, ...]:
    """The labels of the atoms of a report, with the kinds that are beyond doubt."""
    settled = list(labels)
    find_hint = _compile().hint.search
    led: tuple[str, ...] | None = None  # the headings of the list that a turn leads into
    for place, atom in enumerate(atoms):
        kind: str | None = None
        if atom.section == "problems":
            led = led if led is not None and _is_led(atom, led) else _lead_on(text, atom)
            kind = _settle_problems(text, atom, led is not None, labels[place])
        elif atom.end - atom.start <= _LONGEST and find_hint(text, atom.start, atom.end):
            kind = settle_alone(text[atom.start : atom.end], atom.section)
        if kind is not None:
            settled[place] = _as(kind, settled[place])
    return tuple(settled)


def _settle_problems(text: str, atom: Atom, led: bool, label: Label) -> str | None:
    """The kind of a sentence of 五、 that is beyond doubt: a remedy, or praise that ends in a fault."""
    fault = not atom.item and _compile().fault.search(text, atom.start, atom.end) is not None
    if led or (_is_remedied(atom.path) and not fault):
        return "measure"
    return "problem" if fault and _best(label) == "overview" else None


def settle_alone(sentence: str, section: str) -> str | None:
    """The kind that the words of a sentence settle; None where they settle none.

    >>> settle_alone("年内没有收费，也未减免。", "requests"), settle_alone("公开信息9条。", "overview")
    ('other', None)
    """
    folded = fold_marks(sentence)
    for phrase, pattern in _compile().phrases:
        if section in phrase.sections and pattern.match(folded):
            return phrase.kind
    return None


def _is_led(atom: Atom, led: tuple[str, ...]) -> bool:
    """Whether an atom is an item of the list that a sentence under the headings `led` leads into."""
    own = atom.path[len(led) :]
    if atom.path[: len(led)] != led or not (atom.item or own):
        return False
    return not any(word in heading for heading in own for word in _FAULTS)


def _lead_on(text: str, atom: Atom) -> tuple[str, ...] | None:
    """The headings above a sentence that turns to remedies; None above any other."""
    found = load_headings().patterns["turn"].match(fold_marks(text[atom.start : atom.start + 60]))
    if atom.item or found is None or _compile().wanting.search(text, atom.start, atom.end):
        return None
    return atom.path


@lru_cache(REMEMBERED)
def _is_remedied(path: tuple[str, ...]) -> bool:
    """Whether one of the headings says that remedies stand under it."""
    remedies = load_headings().bare["remedies"]
    return any(
        any(word in heading for word in remedies) and not any(word in heading for word in _FAULTS)
        for heading in path
    )


def _best(label: Label) -> str:
    return load_labels().kinds[label.scores.index(max(label.scores))]


def _as(kind: str, label: Label) -> Label:
    """The label with nearly all its probability on one kind."""
    kinds = load_labels().kinds
    at = kinds.index(kind)
    if label.scores[at] == max(label.scores):
        return label
    rest = 1.0 - label.scores[at]
    share = 0.05 / rest if rest else 0.0
    scores = tuple(0.95 if place == at else score * share for place, score in enumerate(label.scores))
    return Label(scores, label.themes)
