"""What a training run is told: a TOML file, checked on load."""

from __future__ import annotations

import os

import msgspec

from extract.user_files import read_settings


class Scheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much each block of features weighs; 0 leaves it out. Chosen by leave-hands-out scores."""

    words: float = 1.0
    chars: float = 1.0
    path: float = 0.2  # headings help, and mislead where they lie
    section: float = 1.0
    neighbours: float = 0.5  # of the second pass; below 1 so that the unit itself is believed first
    lexicon: float = 0.1  # vocabulary and signs of themes: made from some hands, they fit others less well
    embeddings: str = ""  # a sentence-transformers model: a folder, or a name in the local cache
    vectors: float = 1.0  # of its vectors, where there are some
    least_reports: int = 3  # units in which a word stands before it counts


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`years` and `parts` empty: all. `sentence` weighs sentences of long units, `rough` the rough hands."""

    name: str = "gongkai-kinds"
    version: str = "0"
    corpus: str = "corpus"
    splits: tuple[str, ...] = ("train", "validation")
    parts: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    seed: int = 7
    folds: int = 5
    cost: float = 1.0  # C of the first pass
    theme_cost: float = 1.0
    second_cost: float = 8.0
    sentence: float = 0.5
    rough: float = 1.0  # theirs are the manners of few reports
    rules: float = 0.5  # what the rules count beside the model, where it is not sure; 0: they are not asked
    features: Scheme = Scheme()


def load_config(file: str | os.PathLike[str]) -> Config:
    """The configuration in `file`. Raises `BadData` naming file and key."""
    return read_settings(file, Config)
