"""What a program can check of a labelled corpus: schema, the guideline's plain rules, splits, duplicates."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from extract.classify.rules import BARE
from extract.learn.agreement import find_disagreements, read_readings
from extract.learn.corpus import (
    THEMED,
    Fault,
    FigureRow,
    ReportRow,
    UnitRow,
    find_files,
    read_rows,
)
from extract.learn.likeness import find_near_duplicates
from extract.report import Severity

SENTENCE_END = re.compile(r"[。！？：!?:.…][”’）)】》」』]*$")
ENUMERATOR = re.compile(
    r"^(?:[一二三四五六七八九十]是|（[一二三四五六七八九十]+）|[0-9]+[.、．]|[①-⑳]|[，、,])"
)
LEAD_IN = re.compile(r"[：:]$")
FAULT_KINDS = frozenset(["problem", "measure", "overview", "other"])


class Placed(NamedTuple):
    """A unit with the file and line it stands on, and its split."""

    unit: UnitRow
    file: str
    line: int
    split: str


def run_check(folder: str | os.PathLike[str], second: str | os.PathLike[str] | None = None) -> list[Fault]:
    """All that is wrong or doubtful in the corpus at `folder`, by file and line.

    `second` names a folder of second readings, whose disagreements are told as warnings where
    `folder`/settled does not settle them; without it `folder`/second is looked at. The corpus is sound where
    no fault has severity `error`.
    """
    faults: list[Fault] = []
    units = _read_units(folder, faults)
    reports = _read_reports(folder, faults)
    for _, file in find_files(folder, FigureRow):
        for _ in read_rows(file, FigureRow, faults.append):
            pass
    faults += _check_ids(units)
    for report_units in _by_report(units).values():
        faults += _check_report(report_units, reports.get(report_units[0].unit.report_id))
    faults += _check_splits(units)
    faults += _check_duplicates(units)
    place = Path(second) if second is not None else Path(folder) / "second"
    if place.exists():
        settled = Path(folder) / "settled"
        known = set(read_readings(settled)) if settled.exists() else set()
        faults += _check_readings([placed for placed in units if placed.unit.id not in known], place)
    return sorted(faults, key=lambda fault: (fault.severity, fault.file, fault.line))


def _read_units(folder: str | os.PathLike[str], faults: list[Fault]) -> list[Placed]:
    return [
        Placed(row, str(file), line, split)
        for split, file in find_files(folder, UnitRow)
        for line, row in read_rows(file, UnitRow, faults.append)
    ]


def _read_reports(folder: str | os.PathLike[str], faults: list[Fault]) -> dict[str, ReportRow]:
    return {
        row.id: row
        for _, file in find_files(folder, ReportRow)
        for _, row in read_rows(file, ReportRow, faults.append)
    }


def _by_report(units: Sequence[Placed]) -> dict[str, list[Placed]]:
    grouped: dict[str, list[Placed]] = {}
    for placed in units:
        grouped.setdefault(placed.unit.report_id, []).append(placed)
    return {name: sorted(mine, key=lambda placed: placed.unit.start) for name, mine in grouped.items()}


def _fault(placed: Placed, field: str, rule: str, message: str, severity: Severity = "error") -> Fault:
    return Fault(placed.file, placed.line, field, f"{placed.unit.id}: {message}", rule, severity)


def _check_ids(units: Sequence[Placed]) -> Iterator[Fault]:
    seen: dict[str, Placed] = {}
    for placed in units:
        other = seen.setdefault(placed.unit.id, placed)
        if other is not placed:
            yield _fault(placed, "id", "ids", f"the id stands also at {other.file}:{other.line}")


# ---- the guideline ---------------------------------------------------------------------------------------


def _check_report(mine: Sequence[Placed], report: ReportRow | None) -> Iterator[Fault]:
    """The units of one report in text order."""
    for placed in mine:
        unit = placed.unit
        if report is None:
            if unit.source == "written":  # labels that came as a table have no report here
                yield _fault(placed, "report_id", "reports", f"no report {unit.report_id!r}")
        elif report.text[unit.start : unit.end] != unit.text:
            yield _fault(placed, "text", "offsets", f"{unit.start}:{unit.end} of the report is not the text")
        for rule, check in UNIT_RULES.items():
            found = check(unit)
            if found is not None:
                yield _fault(placed, found[0], rule, found[1], "warning" if rule in DOUBTS else "error")
    for before, after in pairwise(mine):
        if after.unit.start < before.unit.end:
            yield _fault(after, "start", "overlap", f"overlaps {before.unit.id}")
        elif report is not None:
            yield from _check_neighbours(before, after, report.text)


def _check_neighbours(before: Placed, after: Placed, text: str) -> Iterator[Fault]:
    """Guideline §1.6: a paragraph is one unit while it does one thing; never a cut inside a sentence."""
    first, second = before.unit, after.unit
    between = text[first.end : second.start]
    if "\n" in between or second.marker is not None or between.strip():
        return
    if not SENTENCE_END.search(first.text):
        yield _fault(after, "start", "cut-inside-sentence", f"begins inside a sentence of {first.id}")
    alike = first.kind == second.kind and first.marker is None
    if alike and not LEAD_IN.search(first.text) and first.path == second.path:
        message = f"goes on in the kind of {first.id}: one unit by the guideline (§1.6)"
        yield _fault(after, "kind", "same-kind-parted", message, "warning")


Found = tuple[str, str] | None


def _lead_in_themes(unit: UnitRow) -> Found:
    """§1.5: a lead-in has no themes."""
    lead_in = LEAD_IN.search(unit.text) and unit.marker is None
    return ("themes", "themes of a lead-in") if lead_in and unit.themes else None


def _bare_nothing(unit: UnitRow) -> Found:
    """§2.1: a bare 无 takes the kind that its heading asks about."""
    if not BARE.match(unit.text):
        return None
    asked = unit.path[-1] if unit.path else ""
    about_requests = unit.section in ("requests", "review") or any(
        word in asked for word in ("申请", "复议", "诉讼")
    )
    wanted = "request" if about_requests and unit.section != "problems" else "other"
    return None if unit.kind == wanted else ("kind", f"a bare {unit.text} here is {wanted}")


def _kinds_of_problems(unit: UnitRow) -> Found:
    """§2.4: in 五、 what is no problem is its remedy, save praise and nothing to report."""
    if unit.section == "problems" and unit.kind not in FAULT_KINDS:
        return "kind", f"{unit.kind} under 五、, where remedies of any topic are measure"
    return None


def _marker_in_text(unit: UnitRow) -> Found:
    """§1.2: the text begins after the marker and its comma."""
    if ENUMERATOR.match(unit.text):
        return "text", f"begins with an enumerator: {unit.text[:8]!r}"
    return None


def _no_theme(unit: UnitRow) -> Found:
    """§3: most problems and measures name a theme; a bare resolve or a general fault does not."""
    bare = unit.kind in THEMED and not unit.themes
    return ("themes", "no theme, and no lead-in") if bare and not LEAD_IN.search(unit.text) else None


def _preamble(unit: UnitRow) -> Found:
    """§2.5: basis, period, contact and pointers are overview."""
    odd = unit.section == "preamble" and unit.kind != "overview"
    return ("kind", f"{unit.kind} in the preamble") if odd else None


UNIT_RULES: dict[str, Callable[[UnitRow], Found]] = {
    "lead-in-themes": _lead_in_themes,
    "bare-nothing": _bare_nothing,
    "kinds-of-problems": _kinds_of_problems,
    "marker-in-text": _marker_in_text,
    "no-theme": _no_theme,
    "preamble": _preamble,
}
DOUBTS = frozenset(["no-theme", "preamble", "kinds-of-problems", "marker-in-text"])


# ---- the whole -------------------------------------------------------------------------------------------


def _check_splits(units: Sequence[Placed]) -> Iterator[Fault]:
    """No agency stands in two splits."""
    first: dict[str, Placed] = {}
    told: set[str] = set()
    for placed in units:
        agency = placed.unit.agency
        other = first.setdefault(agency, placed)
        if other.split != placed.split and agency not in told:
            told.add(agency)
            yield _fault(
                placed, "agency", "splits", f"{agency} stands in {other.split} too ({other.unit.id})"
            )


def _check_duplicates(units: Sequence[Placed]) -> Iterator[Fault]:
    """Near-duplicates: an error between splits, a warning within one."""
    for pair in find_near_duplicates([placed.unit.text for placed in units]):
        first, second = units[pair.first], units[pair.second]
        between = first.split != second.split
        rule = "duplicate-between-splits" if between else "duplicate"
        message = f"near {first.unit.id} ({first.split}), Jaccard {pair.jaccard}"
        yield _fault(second, "text", rule, message, "error" if between else "warning")


def _check_readings(units: Sequence[Placed], place: Path) -> Iterator[Fault]:
    places = {placed.unit.id: placed for placed in units}
    for found in find_disagreements([placed.unit for placed in units], read_readings(place)):
        said = f"{found.reading.kind} {','.join(found.reading.themes)}".strip()
        ours = f"{found.unit.kind} {','.join(found.unit.themes)}".strip()
        message = f"labelled {ours}, the second reader says {said}"
        yield _fault(places[found.unit.id], "kind", "disagreement", message, "warning")
