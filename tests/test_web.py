"""The page of a dataset: one file that needs nothing else, and whose plots tell the dataset's numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html
from msgspec.structs import replace

from extract import parse
from extract.cli import main
from extract.report import Report
from extract.store import write_reports
from extract.web.panel import render_panel
from extract.web.svg import Range, bars, heat, lines, ranges

CASES = Path(__file__).parent / "reports"
CHOSEN = ("town_slash.txt", "county_torn.txt", "bureau_vertical.txt", "stat2014.txt")


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    return [parse(CASES / name) for name in CHOSEN]


@pytest.fixture(scope="module")
def dataset(reports: list[Report], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("panel") / "out"
    hostile = replace(reports[0], id="f" * 16, agency="<script>alert(1)</script>局")
    write_reports([*reports, hostile], folder)
    return folder


def _titles(page: str) -> set[str]:
    return {title.text for title in html.fromstring(page).iter("title")}


def test_the_page_loads_nothing_and_runs_nothing(dataset: Path) -> None:
    page = render_panel(dataset)
    tree = html.fromstring(page)
    assert not tree.xpath("//script | //link | //img | //iframe | //@src | //@onload | //@onclick")
    assert all(target.startswith("#") for target in tree.xpath("//@href"))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_plots_tell_what_is_in_the_dataset(dataset: Path, reports: list[Report]) -> None:
    said = _titles(render_panel(dataset, language="en"))
    everything = [*reports, reports[0]]
    for report in reports:
        same = sum((one.form, one.year) == (report.form, report.year) for one in everything)
        assert f"{report.form or 'not stated'} {report.year}: {same}" in said
        problems = [unit for one in everything if one.year == report.year for unit in one.units]
        share = 100 * sum(unit.kind == "problem" for unit in problems) / len(problems)
        assert f"problem {report.year}: {round(share, 1):g}" in said


def test_findings_of_our_own_reading_accuse_nobody(reports: list[Report], tmp_path: Path) -> None:
    faulty = next(one for one in reports if one.findings)
    doubts = tuple(replace(finding, origin="reading") for finding in faulty.findings)
    write_reports([replace(faulty, findings=doubts)], tmp_path / "doubts")
    write_reports([faulty], tmp_path / "faults")
    assert 'id="findings"' not in render_panel(tmp_path / "doubts")
    assert 'id="findings"' in render_panel(tmp_path / "faults")


def test_a_dataset_without_findings_or_cells_is_shown_as_well(reports: list[Report], tmp_path: Path) -> None:
    bare = replace(reports[0], cells=(), findings=(), units=(), figures=(), platforms=())
    write_reports([bare], tmp_path / "bare")
    page = render_panel(tmp_path / "bare", language="en")
    assert 'id="coverage"' in page
    assert 'id="themes"' not in page


def test_the_command_writes_the_page_in_either_language(dataset: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert main(["report", str(dataset), "-o", str(page), "--lang", "en"]) == 0
    assert "Coverage" in page.read_text("utf-8")
    assert main(["report", str(dataset), "-o", str(page)]) == 0
    assert "覆盖范围" in page.read_text("utf-8")


def test_a_folder_that_is_no_dataset_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(tmp_path)]) == 1
    assert str(tmp_path) in capsys.readouterr().err


def test_plots_keep_their_proportions() -> None:
    widths = [float(one) for one in html.fromstring(bars([("a", 10), ("b", 5)])).xpath("//rect/@width")]
    assert widths[0] == pytest.approx(2 * widths[1])
    box = html.fromstring(ranges([Range("2023", (0.0, 0.25, 0.5, 0.75, 1.0), 9)]))
    whisker, median = box.xpath("//*[@class='whisker']")[0], box.xpath("//*[@class='median']")[0]
    left, right = float(whisker.get("x1")), float(whisker.get("x2"))
    assert float(median.get("x1")) == pytest.approx((left + right) / 2)
    dots = html.fromstring(lines({"a": {2021: 1.0, 2022: 0.0, 2024: 0.5}})).xpath("//circle")
    across = [float(dot.get("cx")) for dot in dots]
    assert across[2] - across[1] == pytest.approx(
        2 * (across[1] - across[0]), abs=0.2
    )  # a missing year keeps its room
    assert [float(dots[n].get("cy")) for n in (0, 2, 1)] == sorted(float(dot.get("cy")) for dot in dots)
    assert heat([], [], {}) == ""
    assert bars([]) == ""
    assert lines({}) == ""


def test_a_page_that_cannot_be_written_is_said_so(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(dataset), "-o", str(tmp_path / "none" / "page.html")]) == 1
    assert capsys.readouterr().err.startswith(f"gongkai: {tmp_path / 'none'}")
