"""The files under `extract/data`: what the rules know, as text or as TOML.

Read by path: `importlib.resources` brings zipfile and tempfile with it, a tenth of what one report costs.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "data"


def read_words(name: str) -> str:
    """The text of a data file."""
    return (FOLDER / name).read_text(encoding="utf-8")


def read_data(name: str) -> dict[str, Any]:
    """What a TOML file says, uncached."""
    return tomllib.loads(read_words(name))
