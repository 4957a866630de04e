"""A model as it would be had it not seen what it is to be scored on.

A release may learn from all that there is; its scores on what it has learnt would say nothing. So it names
the units that it learnt, and where a split holds some of them a twin is trained in its place: by the same
configuration, from the units that the release learnt, without that split. A twin never learns labels that
came after its release: else an old model would be compared as if it knew the new year.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from extract.classify import Classifier, load_model
from extract.classify.model import Model
from extract.errors import BadData
from extract.learn.config import Config
from extract.learn.corpus import UnitRow, load_units

DIGITS = 8  # of a unit's hash: two of five thousand agree once in three hundred corpora


def name_units(units: Iterable[UnitRow]) -> str:
    """The hashes of units, one after the other: which units they are, whatever their labels."""
    return "".join(sorted(map(_hash, units)))


def load_unseen(name: str, corpus: Path, split: str) -> Classifier:
    """The model `name`, or, where it learnt of the split of this corpus, its twin, trained now without it.

    Raises `BadData` where nothing is left that the twin could learn.
    """
    from extract.learn.train import as_model, fit, select_units

    classifier = load_model(name)
    if not isinstance(classifier, Model):
        return classifier
    config = msgspec.convert(classifier.meta["config"], Config)
    learnt = _learnt(classifier)
    if not any(_is_among(unit, learnt) for unit in load_units(corpus, [split])) or (
        learnt is None and split not in config.splits
    ):
        return classifier
    others = tuple(one for one in config.splits if one != split)
    twin = replace(config, corpus=str(corpus), splits=others, version=f"{config.version} without {split}")
    units = [unit for unit in select_units(twin) if _is_among(unit, learnt)]
    if not units:
        raise BadData(
            f"{corpus}: {classifier.name} learnt what is in {split!r}, and nothing else that it learnt is"
            " there: it cannot be scored on it"
        )
    return as_model(fit(units, twin), twin)


def _learnt(model: Model) -> frozenset[str] | None:
    """The hashes of the units that a release learnt; None where it does not tell them."""
    told = model.meta["training"].get("learnt")
    if told is None:
        return None
    return frozenset(told[at : at + DIGITS] for at in range(0, len(told), DIGITS))


def _is_among(unit: UnitRow, learnt: frozenset[str] | None) -> bool:
    return learnt is None or _hash(unit) in learnt


def _hash(unit: UnitRow) -> str:
    return hashlib.sha256(f"{unit.id}\n{unit.text}".encode()).hexdigest()[:DIGITS]
