"""The indicators of disclosure quality as variables of the panel."""

from __future__ import annotations

from extract.export.panel import MAX_LABEL, Variable
from extract.quality import describe_indicators


def indicator_variables() -> dict[str, Variable]:
    """Id of an indicator → its column of the panel, in the order of data/indicators.toml."""
    return {
        name: Variable(f"q_{name}", "double", one.zh[:MAX_LABEL], one.en[:MAX_LABEL], one.formula)
        for name, one in describe_indicators().items()
    }
