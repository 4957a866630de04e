"""Two years of one agency side by side as one HTML page that needs nothing else."""

from __future__ import annotations

from typing import Any

from extract.datafiles import read_words
from extract.quality.across import Comparison, Kept, measure_years
from extract.quality.compare_show import comparison_title
from extract.quality.diff import Stretch, diff_words
from extract.quality.indicators import describe_indicators, describe_reasons
from extract.quality.labels import label
from extract.quality.measure import Measure


def render_comparison(years: Comparison, *, language: str = "zh") -> str:
    """The page, all text escaped; `language` is zh or en."""
    from jinja2 import Environment

    source = read_words("compare.html")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(source)
    return template.render(
        old=years.old.report,
        new=years.new.report,
        title=comparison_title(years),
        measures=[_measure_row(name, one, language) for name, one in measure_years(years).items()],
        faults=years.faults,
        rows=[_row(one) for one in years.kept],
        dropped=years.dropped,
        follow_ups=years.follow_ups,
        zh=language == "zh",
        language=language,
        label=label,
    )


def _measure_row(name: str, measure: Measure, language: str) -> dict[str, Any]:
    indicator = describe_indicators()[name]
    reason = describe_reasons().get(measure.reason or "")
    return {
        "label": getattr(indicator, language),
        "formula": indicator.formula,
        "value": "—" if measure.value is None else f"{measure.value:.3f}",
        "reason": getattr(reason, language) if reason else "",
        "parts": "" if measure.denominator is None else f"{measure.numerator:g} / {measure.denominator:g}",
    }


def _row(kept: Kept) -> dict[str, Any]:
    if kept.old is None:
        left: tuple[Stretch, ...] = ()
        right: tuple[Stretch, ...] = (Stretch(kept.unit.text, False),)
    else:
        left, right = diff_words(kept.old.text, kept.unit.text)
    return {"fate": kept.fate, "likeness": kept.likeness, "unit": kept.unit, "left": left, "right": right}
