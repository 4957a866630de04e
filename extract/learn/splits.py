"""Which split a report belongs to: by agency, and whole hands to the test split.

`corpus/splits.toml` says which hands are tested only (none of their reports is trained on) and what share of
the other agencies goes where. An agency that lies in the corpus already stays where it is, so that a test
split once published stays the same when years are added.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import msgspec

from extract.learn.corpus import ReportRow, iterate_rows
from extract.user_files import read_settings


class SplitRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares are of the agencies whose hand is not held out. `train_hands` are tested by folds only."""

    train_hands: tuple[str, ...] = ()
    test_hands: tuple[str, ...] = ()
    validation_hands: tuple[str, ...] = ()
    validation: float = 0.12
    test: float = 0.15


def load_split_rules(folder: str | os.PathLike[str]) -> SplitRules:
    """The rules of `folder`/splits.toml, or the defaults. Raises `BadData` where the file is wrong."""
    file = Path(folder) / "splits.toml"
    if not file.exists():
        return SplitRules()
    return read_settings(file, SplitRules)


def assign_split(agency: str, hand: str, rules: SplitRules) -> str:
    """The split of an agency: the same on every machine and for all its years."""
    if hand in rules.train_hands:
        return "train"
    if hand in rules.test_hands:
        return "test"
    if hand in rules.validation_hands:
        return "validation"
    place = int(hashlib.sha256(agency.encode()).hexdigest()[:8], 16) / 2**32
    if place < rules.test:
        return "test"
    return "validation" if place < rules.test + rules.validation else "train"


def placed_agencies(folder: str | os.PathLike[str]) -> dict[str, str]:
    """The split in which each agency of the corpus lies already."""
    return {row.agency: split for split, row in iterate_rows(folder, ReportRow)}
