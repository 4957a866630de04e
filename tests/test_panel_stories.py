"""The stories planted in the sample panel are told by the commands, and the clean reports raise no alarm.

`samples/panel/stories.toml` was written, with the reports, by somebody who had not seen the program;
`tests/cases/stories.toml` says of each story what the commands must give.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from extract.cli import main
from extract.report import Report
from extract.store import Store

ROOT = Path(__file__).parent.parent
PANEL = ROOT / "samples" / "panel"
SIGNS = tomllib.loads((ROOT / "tests" / "cases" / "stories.toml").read_text("utf-8"))["sign"]
STORIES = tomllib.loads((PANEL / "stories.toml").read_text("utf-8"))
CONTRACT_RULES = {
    *("balance", "column_sum", "row_sum", "review_sum", "narrative_mismatch", "narrative_conflict"),
    *("breakdown_sum", "missing_section", "empty_section", "missing_table", "missing_cell"),
    *("misprinted_label", "form_mismatch", "stale_year", "unit_unknown"),
}


class Panel:
    """The dataset of the sample panel with all that `gongkai quality` found."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def reports(self) -> dict[str, Report]:
        return {_name(report.source.path): report for report in Store(self._folder).reports()}

    @cached_property
    def files(self) -> dict[str, str]:
        rows = Store(self._folder).table("reports", ["report_key", "path"]).to_pylist()
        return {row["report_key"]: _name(row["path"]) for row in rows}

    def quality(self, name: str) -> list[dict[str, Any]]:
        import pyarrow.parquet

        rows = pyarrow.parquet.read_table(self._folder / "quality" / f"{name}.parquet").to_pylist()
        return [{**row, "file": self.files[row["report_key"]]} for row in rows]

    @cached_property
    def indicators(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(row["file"], row["indicator"]): row for row in self.quality("indicators")}

    @cached_property
    def between(self) -> list[dict[str, Any]]:
        return self.quality("findings")

    @cached_property
    def followups(self) -> list[dict[str, Any]]:
        return self.quality("followups")

    @cached_property
    def twins(self) -> list[dict[str, Any]]:
        return self.quality("twins")


def _name(path: str) -> str:
    return "/".join(Path(path).parts[-2:])


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    folder = tmp_path_factory.mktemp("panel") / "out"
    assert main(["parse", *_years(), "-o", str(folder), "--agencies", str(PANEL / "agencies.csv")]) == 0
    assert main(["quality", str(folder)]) == 0
    return Panel(folder)


def _years() -> list[str]:
    return sorted(str(path) for path in PANEL.iterdir() if path.is_dir())


@pytest.mark.parametrize(
    "sign", SIGNS, ids=lambda sign: f"{sign['story']}-{sign['kind']}-{sign['file'][-30:]}"
)
def test_the_sign_of_a_story_is_there(sign: Mapping[str, Any], panel: Panel) -> None:
    told = _CHECKS[sign["kind"]](sign, panel)
    if "known" in sign:
        assert not told, "no longer missing: take `known` out"
        pytest.xfail(sign["known"])
    assert told


def test_every_story_has_a_sign() -> None:
    assert {sign["story"] for sign in SIGNS} == {story["id"] for story in STORIES["story"]}


@pytest.mark.parametrize("file", STORIES["no_finding_due"]["files"])
def test_no_alarm_where_nothing_is_planted(file: str, panel: Panel) -> None:
    assert [
        finding.message for finding in panel.reports[file].findings if finding.rule in CONTRACT_RULES
    ] == []


# ---- what a sign may be ------------------------------------------------------------------------------------


def _finding(sign: Mapping[str, Any], panel: Panel) -> bool:
    report = panel.reports[sign["file"]]
    return any(
        finding.rule == sign["rule"] and _names(sign, report, finding.where, finding.message)
        for finding in report.findings
    )


def _names(sign: Mapping[str, Any], report: Report, where: Iterable[str], message: str) -> bool:
    spans = [one.split(":") for one in where if one[0].isdigit()]
    said = [*where, message, *(report.text[int(start) : int(end)] for start, end in spans)]
    return all(any(part in one for one in said) for part in sign.get("where", ()))


def _findings(sign: Mapping[str, Any], panel: Panel) -> bool:
    found = [one for one in panel.reports[sign["file"]].findings if one.rule == sign["rule"]]
    return len(found) >= sign["least"] or any(len(one.where) >= sign["least"] for one in found)


def _between(sign: Mapping[str, Any], panel: Panel) -> bool:
    return any(
        row["rule"] == sign["rule"]
        and row["file"] in sign["file"].split("|")
        and _names(sign, panel.reports[row["file"]], row["where"], row["message"])
        for row in panel.between
    )


def _no_finding(sign: Mapping[str, Any], panel: Panel) -> bool:
    rules = CONTRACT_RULES if sign["rules"] == ["*"] else set(sign["rules"])
    inside = [one.rule for one in panel.reports[sign["file"]].findings if one.rule in rules]
    across = [one["rule"] for one in panel.between if one["file"] == sign["file"] and sign["rules"] == ["*"]]
    return not inside and not across


def _indicator(sign: Mapping[str, Any], panel: Panel) -> bool:
    row = panel.indicators[sign["file"], sign["indicator"]]
    value = row["value"]
    if "none_or" in sign:
        return value is None or value == sign["none_or"]
    if value is None and not {"numerator", "denominator"} & set(sign):
        return False
    tests = {
        "value": lambda wanted: abs(value - wanted) <= sign.get("near", 1e-9),
        "above": lambda wanted: value > wanted,
        "below": lambda wanted: value < wanted,
        "numerator": lambda wanted: row["numerator"] == wanted,
        "denominator": lambda wanted: row["denominator"] == wanted,
    }
    return all(test(sign[key]) for key, test in tests.items() if key in sign)


def _rising(sign: Mapping[str, Any], panel: Panel) -> bool:
    values = [panel.indicators[file, sign["indicator"]]["value"] for file in sign["files"]]
    return all(left < right for left, right in pairwise(values))


def _cell(sign: Mapping[str, Any], panel: Panel) -> bool:
    cells = {cell.id: cell.value for cell in panel.reports[sign["file"]].cells}
    wanted = None if sign["value"] == "null" else sign["value"]
    return sign["cell"] in cells and cells[sign["cell"]] == wanted


def _twin(sign: Mapping[str, Any], panel: Panel) -> bool:
    return any(
        row["file"] == sign["file"]
        and panel.files[row["other_key"]] == sign["other"]
        and any(sign.get("place", "") in place for place in row["foreign_places"] or [""])
        for row in panel.twins
    )


def _followup(sign: Mapping[str, Any], panel: Panel) -> bool:
    rows = [row for row in panel.followups if row["file"] == sign["file"]]
    answered = sum(bool(row["answered"]) for row in rows)
    return bool(rows) and (answered == len(rows) if "share" in sign else answered >= sign["least"])


def _report(sign: Mapping[str, Any], panel: Panel) -> bool:
    return panel.reports[sign["file"]].year == sign["year"]


def _path(sign: Mapping[str, Any], panel: Panel) -> bool:
    report = panel.reports[sign["file"]]
    return any(
        unit.section == sign["section"] and any(sign["heading"] in one for one in unit.path)
        for unit in report.units
    )


_CHECKS = {
    "finding": _finding,
    "findings": _findings,
    "between": _between,
    "no_finding": _no_finding,
    "indicator": _indicator,
    "rising": _rising,
    "cell": _cell,
    "twin": _twin,
    "followup": _followup,
    "report": _report,
    "path": _path,
}
