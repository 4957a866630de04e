"""What `gongkai quality` wrote, as variables of the panel: indicators, and findings between reports."""

from __future__ import annotations

from extract.export.panel import MAX_LABEL, Counts, Variable, count_variable
from extract.quality import describe_indicators
from extract.quality.tables import describe_rules

INDICATORS = "quality_indicators"  # the tables, by the names that they have in queries and exports
FINDINGS = "quality_findings"


def indicator_variables() -> dict[str, Variable]:
    """Id of an indicator → its column of the panel, in the order of data/indicators.toml."""
    return {
        name: Variable(f"q_{name}", "double", one.zh[:MAX_LABEL], one.en[:MAX_LABEL], one.formula)
        for name, one in describe_indicators().items()
    }


def finding_counts() -> Counts:
    """The findings between reports, counted by rule."""
    rules = {name: (one.zh, one.en) for name, one in describe_rules().items()}
    return Counts("fx", FINDINGS, "rule", "跨报告检查：{}", "findings between reports: {}", rules)


def finding_variables() -> tuple[Variable, ...]:
    """The columns of these counts."""
    counts = finding_counts()
    return tuple(count_variable(counts, value) for value in counts.values)
