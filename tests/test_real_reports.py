"""The five real reports: everything that is read of them, by offsets and hashes of the text."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from extract import Report, parse

GOLD = sorted((Path(__file__).parent / "real").glob("*.json"))
pytestmark = pytest.mark.shared


def digest(text: str | None) -> str | None:
    """A short hash of a text without its white space."""
    return text and hashlib.sha256("".join(text.split()).encode()).hexdigest()[:12]


@pytest.fixture(params=GOLD, ids=lambda path: path.stem[:3])
def gold_and_report(request, real_reports) -> tuple[dict, Report]:
    path = real_reports[request.param.stem[:3]]
    gold = json.loads(request.param.read_text("utf-8"))
    assert hashlib.sha256(path.read_bytes()).hexdigest() == gold["sha256"]
    return gold, parse(path)


def test_agency_year_title_and_form(gold_and_report):
    gold, report = gold_and_report
    found = (report.agency, report.year, digest(report.title), report.form)
    assert found == (gold["agency"], gold["year"], gold["title"], gold["form"])


def test_sections_with_their_headings(gold_and_report):
    gold, report = gold_and_report
    assert [[one.id, digest(one.heading)] for one in report.sections] == gold["sections"]


def test_every_cell(gold_and_report):
    gold, report = gold_and_report
    assert len(report.cells) == gold["cells"]
    assert {cell.id: cell.value for cell in report.cells if cell.value != 0} == gold["cells_nonzero"]


def test_units_begin_and_end_where_they_should(gold_and_report):
    """A paragraph may be cut at a sentence more often than a reader would; it is never cut elsewhere."""
    gold, report = gold_and_report
    starts = {one.start: one for one in report.units}
    ends = {one.end for one in report.units}
    for unit in gold["units"]:
        assert unit["start"] in starts, unit
        assert unit["end"] in ends, unit
        found = starts[unit["start"]]
        path = [digest(part) for part in found.path]
        assert (found.section, path, found.marker) == (unit["section"], unit["path"], unit["marker"])


def test_most_units_are_found_exactly(gold_and_report):
    gold, report = gold_and_report
    found = {(one.start, one.end, digest(one.text)) for one in report.units}
    exact = [unit for unit in gold["units"] if (unit["start"], unit["end"], unit["sha"]) in found]
    assert len(exact) >= 0.8 * len(gold["units"])


def test_every_figure_and_no_other(gold_and_report):
    gold, report = gold_and_report
    names = ("start", "end", "value", "unit", "bound", "low", "high", "negated")
    required = [figure for figure in gold["figures"] if not figure.get("optional")]
    allowed = [tuple(figure[name] for name in names) for figure in gold["figures"]]
    found = [tuple(getattr(figure, name) for name in names) for figure in report.figures]
    assert not set(found) - set(allowed)
    assert [
        one for one in (tuple(figure[name] for name in names) for figure in required) if one not in found
    ] == []


def test_what_the_figures_count(gold_and_report):
    gold, report = gold_and_report
    wanted: dict[tuple[int, int], list[dict]] = {}
    for figure in gold["figures"]:
        wanted.setdefault((figure["start"], figure["end"]), []).append(figure)
    for figure in report.figures:
        fits = [
            one
            for one in wanted[(figure.start, figure.end)]
            if figure.metric in [one["metric"], *one.get("metric_ok", [])]
            and figure.channel == one["channel"]
            and (one["objects"] is None or figure.object is None or digest(figure.object) in one["objects"])
        ]
        assert fits, figure


def test_every_platform(gold_and_report):
    gold, report = gold_and_report
    found = {(one.start, one.end, one.type) for one in report.platforms}
    wanted = [(spans, type_, optional) for spans, type_, optional in gold["platforms"]]
    missed = [one for one in wanted if not one[2] and not any((s, e, one[1]) in found for s, e in one[0])]
    assert missed == []
    allowed = {(start, end, type_) for spans, type_, _ in wanted for start, end in spans}
    assert found - allowed == set()


def test_findings(gold_and_report):
    gold, report = gold_and_report
    assert not [one for one in report.findings if one.severity == "error"]
    assert sorted(one.rule for one in report.findings) == sorted(one["rule"] for one in gold["findings"])
    for one in gold["findings"]:
        if one["where"] and "." in one["where"][0] and one["rule"] != "misprinted_label":
            assert [list(found.where) for found in report.findings if found.rule == one["rule"]] == [
                one["where"]
            ]
