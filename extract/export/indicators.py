"""The indicators as variables of the panel and rows of the codebook, from data/indicators.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from extract.errors import BadData
from extract.export.panel import MAX_LABEL, Variable
from extract.report import Value


class Indicator(Value, frozen=True):
    """An indicator: what it is called, how it is reckoned, and where it comes from."""

    id: str
    formula: str
    source: str
    range: str
    zh: str
    en: str

    def variable(self) -> Variable:
        """Its column of the panel."""
        return Variable(f"q_{self.id}", "double", self.zh[:MAX_LABEL], self.en[:MAX_LABEL], self.formula)


@cache
def load_indicators() -> tuple[Indicator, ...]:
    """Every indicator in the order of the file; raises `BadData` naming the key that breaks the schema."""
    place = files("extract").joinpath("data", "indicators.toml")
    try:
        found = tomllib.loads(place.read_text("utf-8"))
        return msgspec.convert(found["indicator"], tuple[Indicator, ...])
    except FileNotFoundError:
        return ()
    except (msgspec.ValidationError, KeyError) as error:
        raise BadData(f"data/indicators.toml: {error}") from error
