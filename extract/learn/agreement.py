"""Two readings of the same units: Cohen's κ by kind and theme, where they differ, and what was settled.

A reading is a file of JSON lines `{"unit_id", "kind", "themes"}`; a settlement has the same fields and `why`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from extract.classify.cues import load_labels
from extract.errors import BadData
from extract.learn.corpus import THEMED, UnitRow, sort_themes
from extract.report import Value


class Reading(Value, frozen=True, forbid_unknown_fields=True):
    """What one reader said of one unit."""

    unit_id: str
    kind: str
    themes: tuple[str, ...] = ()
    why: str | None = None


class Disagreement(Value, frozen=True):
    """A unit that two readers labelled differently."""

    unit: UnitRow
    reading: Reading


class Agreement(Value, frozen=True):
    """Agreement of two readings over `units` units; κ is None where one label was all that either used.

    `kinds` and `themes` hold κ of each label against all others; themes are compared where both readers said
    problem or measure. `share` is the share of units with the same kind, `exact` with the same themes too.
    """

    units: int
    share: float
    exact: float
    kappa: float | None
    kinds: dict[str, float | None]
    themes: dict[str, float | None]
    themed_units: int
    confusions: tuple[tuple[str, str, int], ...]  # first reader, second reader, units; commonest first


def read_readings(folder: str | os.PathLike[str]) -> dict[str, Reading]:
    """The readings in a folder (or one file) by unit. Raises `BadData` naming file, line and field."""
    place = Path(folder)
    files = sorted(place.glob("*.jsonl")) if place.is_dir() else [place]
    labels = load_labels()
    readings: dict[str, Reading] = {}
    for file in files:
        for number, line in enumerate(file.read_bytes().split(b"\n"), 1):
            if not line.strip():
                continue
            try:
                reading = msgspec.json.decode(line, type=Reading)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise BadData(f"{file}:{number}: {error}") from error
            if reading.kind not in labels.kinds:
                raise BadData(
                    f"{file}:{number}: kind: no kind {reading.kind!r}; there are: {', '.join(labels.kinds)}"
                )
            if unknown := sorted(set(reading.themes) - set(labels.themes)):
                raise BadData(
                    f"{file}:{number}: themes: no theme {unknown[0]!r}; there are: {', '.join(labels.themes)}"
                )
            readings[reading.unit_id] = reading
    return readings


def cohens_kappa(pairs: Sequence[tuple[object, object]]) -> float | None:
    """Cohen's κ of pairs of labels; None where chance alone would agree always.

    >>> cohens_kappa([("a", "a"), ("b", "b"), ("a", "b"), ("b", "b")])
    0.5
    """
    if not pairs:
        return None
    n = len(pairs)
    seen = sum(a == b for a, b in pairs) / n
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[label] * second[label] for label in first) / n**2
    if chance >= 1:
        return None
    return (seen - chance) / (1 - chance)


def measure_agreement(units: Iterable[UnitRow], readings: Mapping[str, Reading]) -> Agreement:
    """The agreement of the corpus's labels (or of first readings put into it) with a second reading."""
    labels = load_labels()
    both = [(unit, readings[unit.id]) for unit in units if unit.id in readings]
    pairs = [(unit.kind, reading.kind) for unit, reading in both]
    themed = [(u, r) for u, r in both if u.kind in THEMED and r.kind in THEMED]
    exact = sum(u.kind == r.kind and set(u.themes) == set(r.themes) for u, r in both)
    confused = Counter(pair for pair in pairs if pair[0] != pair[1])
    return Agreement(
        units=len(both),
        share=sum(a == b for a, b in pairs) / len(both) if both else 0.0,
        exact=exact / len(both) if both else 0.0,
        kappa=cohens_kappa(pairs),
        kinds={kind: cohens_kappa([(a == kind, b == kind) for a, b in pairs]) for kind in labels.kinds},
        themes={
            theme: cohens_kappa([(theme in u.themes, theme in r.themes) for u, r in themed])
            for theme in labels.themes
        },
        themed_units=len(themed),
        confusions=tuple((a, b, count) for (a, b), count in confused.most_common()),
    )


def find_disagreements(units: Iterable[UnitRow], readings: Mapping[str, Reading]) -> list[Disagreement]:
    """The units that the second reader labelled differently, in the order of the corpus."""
    found = []
    for unit in units:
        reading = readings.get(unit.id)
        if reading is None:
            continue
        if reading.kind != unit.kind or set(reading.themes) != set(unit.themes):
            found.append(Disagreement(unit, reading))
    return found


def settle(units: Iterable[UnitRow], settlements: Mapping[str, Reading]) -> list[UnitRow]:
    """The units with the settled labels in place of the first ones."""
    settled = []
    for unit in units:
        answer = settlements.get(unit.id)
        if answer is not None:
            themes = answer.themes if answer.kind in THEMED else ()
            unit = replace(unit, kind=answer.kind, themes=sort_themes(themes))
        settled.append(unit)
    return settled
