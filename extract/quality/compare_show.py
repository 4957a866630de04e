"""Two years of one agency in the terminal, or as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from extract.quality.across import PAIR_INDICATORS, Comparison, Kept, measure_years
from extract.quality.diff import Stretch, diff_words
from extract.quality.indicators import describe_indicators, describe_reasons
from extract.quality.labels import label
from extract.quality.measure import Measure
from extract.report import Unit

COLOURS = {"kept": "dim", "copied": "yellow", "changed": "cyan", "new": "green", "dropped": "red"}


def comparison_json(years: Comparison) -> str:
    """The whole comparison as one JSON object: measures, findings, units with their fates, follow-ups."""
    old, new = years.old.report, years.new.report
    result = {
        "old": {"id": old.id, "agency": old.agency, "year": old.year, "path": old.source.path},
        "new": {"id": new.id, "agency": new.agency, "year": new.year, "path": new.source.path},
        "one_agency": years.one_agency,
        "measures": measure_years(years),
        "findings": years.faults,
        "units": [
            {
                "unit": _span(one.unit),
                "fate": one.fate,
                "old": _span(one.old) if one.old else None,
                "likeness": one.likeness,
            }
            for one in years.kept
        ],
        "dropped": [_span(unit) for unit in years.dropped],
        "follow_ups": [
            {
                "problem": _span(one.problem),
                "measures": [_span(unit) for unit in one.measures],
                "repeated": _span(one.repeated) if one.repeated else None,
                "likeness": one.likeness,
            }
            for one in years.follow_ups
        ],
    }
    return msgspec.json.encode(result).decode()


def _span(unit: Unit) -> dict[str, Any]:
    return {
        "id": unit.id,
        "section": unit.section,
        "kind": unit.kind,
        "start": unit.start,
        "end": unit.end,
        "text": unit.text,
    }


def comparison_title(years: Comparison) -> str:
    """Whose reports of which years: one name for one agency, else both."""
    old, new = years.old.report, years.new.report
    before = "" if years.one_agency else f"{old.agency or '—'} "
    after = "" if years.one_agency else f"{new.agency or '—'} "
    whose = f"{new.agency or '—'} " if years.one_agency else ""
    return f"{whose}{before}{old.year or '—'} → {after}{new.year or '—'}"


def show_comparison(years: Comparison, *, language: str = "zh") -> None:
    """Print measures, findings, what became of last year's problems, and both texts in two columns."""
    from rich.table import Table
    from rich.text import Text as Words

    from extract.commands.tables import print_rows, print_table

    old, new = years.old.report, years.new.report
    rows = [_measure_row(name, one, language) for name, one in measure_years(years).items()]
    print_rows(
        comparison_title(years),
        [label("compare", one, language) for one in ("indicator", "value", "from", "why_not")],
        rows,
    )
    for fault in years.faults:
        print(f"{label('rules', fault.rule, language)}: {fault.message}")
    _show_follow_ups(years, language)
    table = Table(title=f"{old.year} | {new.year}", title_justify="left", show_lines=True)
    table.add_column("", no_wrap=True)
    table.add_column(str(old.year), ratio=1, overflow="fold")
    table.add_column(str(new.year), ratio=1, overflow="fold")
    for one in years.kept:
        left, right = _sides(one)
        fate = Words(f"{label('fates', one.fate, language)}\n{one.likeness:.2f}", style=COLOURS[one.fate])
        table.add_row(fate, _words(left, "red"), _words(right, "green"))
    for unit in years.dropped:
        table.add_row(
            Words(label("fates", "dropped", language), style=COLOURS["dropped"]), Words(unit.text), ""
        )
    print_table(table)


def _show_follow_ups(years: Comparison, language: str) -> None:
    rows = [
        (
            one.problem.text,
            "\n".join(unit.text for unit in one.measures) or "—",
            one.repeated.text if one.repeated else "—",
        )
        for one in years.follow_ups
    ]
    heads = [label("compare", one, language) for one in ("problem", "measures", "again")]
    print_texts(label("compare", "problems", language), heads, rows)


def print_texts(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table of texts, long ones over several lines; nothing where there are no rows."""
    from rich.table import Table

    from extract.commands.tables import print_table

    if not rows:
        return
    table = Table(title=title, title_justify="left", show_lines=True)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    print_table(table)


def _measure_row(name: str, measure: Measure, language: str) -> tuple[str, str, str, str]:
    value = "—" if measure.value is None else f"{measure.value:.3f}"
    parts = "" if measure.denominator is None else f"{measure.numerator:g}/{measure.denominator:g}"
    reason = describe_reasons().get(measure.reason or "")
    label = f"{getattr(describe_indicators()[name], language)} {name}"
    return label, value, parts, getattr(reason, language) if reason else ""


def _sides(kept: Kept) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    if kept.old is None:
        return (), (Stretch(kept.unit.text, False),)
    return diff_words(kept.old.text, kept.unit.text)


def _words(stretches: Iterable[Stretch], colour: str) -> Any:
    from rich.text import Text as Words

    return Words.assemble(*((one.text, colour if one.differs else "") for one in stretches))


def show_pairs(rows: Iterable[Mapping[str, Any]], language: str = "zh") -> None:
    """Print one line an agency and year: the indicators against the year before.

    Reports that nothing can be said of, those of an agency's first year above all, are only counted.
    """
    from extract.commands.tables import print_rows

    found = list(rows)
    told = [row for row in found if any(row[name] is not None for name in PAIR_INDICATORS)]
    lines = [
        (
            f"{row['agency']} {row['year'] or '—'}",
            *("—" if row[name] is None else f"{row[name]:.3f}" for name in PAIR_INDICATORS),
        )
        for row in told
    ]
    labels = [getattr(describe_indicators()[name], language) for name in PAIR_INDICATORS]
    print_rows(f"against the year before: {len(lines)} agency-years", ["", *labels], lines)
    if silent := len(found) - len(told):
        print(f"{silent} more with no value: no report of the year before, or no year")
