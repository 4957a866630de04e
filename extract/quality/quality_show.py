"""The indicators in the terminal, or as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from extract.agencies.agency_types import load_agency_types
from extract.quality.dataset import Summary
from extract.quality.indicators import describe_indicators, describe_reasons, measure_report
from extract.quality.labels import label
from extract.quality.measure import Measure
from extract.quality.pairs import find_answers
from extract.quality.weights import Weights, weighted_mean
from extract.report import Report, Unit

MOST_YEARS = 12  # columns of years in the summary


def show_reports(reports: Sequence[Report], weights: Weights | None, language: str) -> None:
    """Print a table of indicators for each report, and which measure answers which problem."""
    from extract.commands.tables import print_rows

    for report in reports:
        measures = measure_report(report)
        rows = [_row(name, one, language) for name, one in measures.items()]
        if weights is not None:
            rows.append((_word("score", language), *_row("score", _score(measures, weights), language)[1:]))
        title = f"{report.agency or '—'} {report.year or '—'}  {report.source.path}"
        print_rows(title, [_word(one, language) for one in ("indicator", "value", "from", "note")], rows)
        _show_answers(report, language)
    _show_weights(weights)


def _score(measures: Mapping[str, Measure], weights: Weights) -> Measure:
    if weights.use == "percentile":  # a report by itself has no peers
        return Measure(None, reason="too_few_peers")
    return weighted_mean({name: one.value for name, one in measures.items()}, weights)


def _row(name: str, one: Measure, language: str) -> tuple[str, str, str, str]:
    value = "—" if one.value is None else f"{one.value:.3f}"
    parts = "" if one.denominator is None else f"{one.numerator:g}/{one.denominator:g}"
    reason = describe_reasons().get(one.reason or "")
    note = getattr(reason, language) if reason else ""
    if one.few and one.value is not None:
        note = _word("few", language)
    indicator = describe_indicators().get(name)
    return (f"{getattr(indicator, language)}  {name}" if indicator else name), value, parts, note


def _word(id_: str, language: str) -> str:
    return label("quality", id_, language)


def _show_answers(report: Report, language: str) -> None:
    from extract.quality.compare_show import print_texts

    answers = find_answers(report)
    rows = [
        (pair.problem.text, pair.measure.text, f"{pair.score:.2f}", "+".join(pair.signs))
        for pair in answers.pairs
    ]
    rows += [(unit.text, "—", "", _word("unanswered", language)) for unit in answers.unanswered]
    rows += [("—", unit.text, "", _word("unasked", language)) for unit in answers.unasked]
    heads = [_word(one, language) for one in ("problem", "measure", "score", "signs")]
    print_texts(_word("answers", language), heads, rows)


def _show_weights(weights: Weights | None) -> None:
    if weights is None:
        return
    shown = ", ".join(f"{name} × {weight:g}" for name, weight in weights.weights.items())
    print(f"score: weighted mean of {weights.use}s ({shown}); missing: {weights.missing}")


def print_reports_json(reports: Sequence[Report], weights: Weights | None) -> None:
    """Print one JSON object a report: its indicators, pairs, and the score where weights are given."""
    for report in reports:
        measures = measure_report(report)
        answers = find_answers(report)
        result: dict[str, Any] = {
            "id": report.id,
            "path": report.source.path,
            "agency": report.agency,
            "year": report.year,
            "indicators": measures,
            "pairs": [
                {
                    "problem": _span(pair.problem),
                    "measure": _span(pair.measure),
                    "score": pair.score,
                    "signs": pair.signs,
                }
                for pair in answers.pairs
            ],
            "unanswered": [_span(unit) for unit in answers.unanswered],
        }
        if weights is not None:
            result["score"] = _score(measures, weights)
            result["weights"] = weights
        print(msgspec.json.encode(result).decode())


def _span(unit: Unit) -> dict[str, Any]:
    return {"unit_id": unit.id, "start": unit.start, "end": unit.end, "text": unit.text}


# ---- datasets --------------------------------------------------------------------------------------------


def print_summary_json(source: str, summary: Summary) -> None:
    """Print one JSON object: reports, rows of each table, percentiles by level and year."""
    from extract.quality.stores import read_results

    percentiles = read_results(source, "percentiles").to_pylist()
    result = {"reports": summary.reports, "tables": summary.tables, "percentiles": percentiles}
    print(msgspec.json.encode(result).decode())


def show_summary(source: str, summary: Summary, language: str) -> None:
    """Print medians of every indicator by year, a table a level, and what was found between reports.

    A median of fewer reports than there are says of how many: most may have no value.
    """
    from extract.commands.tables import print_rows
    from extract.quality.stores import read_results

    percentiles = read_results(source, "percentiles").to_pylist()
    levels = sorted({row["level"] or "" for row in percentiles}, key=_level_order)
    for level in levels:
        rows = [row for row in percentiles if (row["level"] or "") == level]
        years = sorted({row["year"] or 0 for row in rows})[-MOST_YEARS:]
        reports = {row["year"] or 0: row["reports"] for row in rows}
        cells = {(row["indicator"], row["year"] or 0): _median(row) for row in rows}
        lines = [
            (
                f"{getattr(one, language)}  {name}",
                *(cells.get((name, year), "—") for year in years),
            )
            for name, one in describe_indicators().items()
        ]
        heads = [f"{year or '—'} (n={reports[year]})" for year in years]
        named = label("levels", level, language) if level else _word("unknown", language)
        title = f"{_word('level', language)}: {named}; {_word('median', language)}"
        print_rows(title, [_word("indicator", language), *heads], lines)
    _show_written(source, summary, language)


def _show_written(source: str, summary: Summary, language: str) -> None:
    """Print how often each rule between reports was broken, and what was written."""
    from extract.commands.tables import print_rows
    from extract.quality.stores import read_results

    rules = Counter(read_results(source, "findings").column("rule").to_pylist())
    broken = [(f"{label('rules', rule, language)}  {rule}", str(n)) for rule, n in rules.most_common()]
    print_rows(_word("across", language), [_word(one, language) for one in ("rule", "findings")], broken)
    print_rows(
        f"{source}/quality: {summary.reports} {_word('reports', language)}",
        [_word(one, language) for one in ("table", "rows")],
        [(name, str(n)) for name, n in summary.tables.items()],
    )


def _level_order(level: str) -> int:
    order = load_agency_types()["levels"]
    return order.index(level) if level in order else len(order)


def _median(row: Mapping[str, Any]) -> str:
    if row["p50"] is None:
        return "—"
    of = f" ({row['with_value']})" if row["with_value"] < row["reports"] else ""
    return f"{row['p50']:.3f}{of}"


def show_scores(source: str, weights: Weights | None) -> None:
    """Print the highest and lowest scores, and the weights they rest on; nothing without weights."""
    from extract.commands.tables import print_rows
    from extract.quality.peers import LEAST_PEERS
    from extract.quality.scores import score_rows

    if weights is None:
        return
    found = list(score_rows(source, weights))
    rows = [row for row in found if row["score"] is not None]
    rows.sort(key=lambda row: -row["score"])
    shown = rows if len(rows) <= 20 else [*rows[:10], *rows[-10:]]
    lines = [(f"{row['agency'] or '—'} {row['year'] or '—'}", f"{row['score']:.4f}") for row in shown]
    print_rows(f"scores: {len(rows)} reports", ["report", "score"], lines)
    if without := len(found) - len(rows):
        few = f", or no percentile: these need {LEAST_PEERS + 1} reports of a level and year"
        why = few if weights.use == "percentile" else ""
        print(f"without a score: {without} reports, as an indicator has no value{why}")
    _show_weights(weights)
