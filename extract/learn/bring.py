"""Labels into the corpus and out of it, in every format: what `gongkai corpus import` and `export` do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from extract.errors import BadData
from extract.learn import exchange, sheets
from extract.learn.agreement import read_readings, settle
from extract.learn.corpus import (
    SPLITS,
    ReportRow,
    UnitRow,
    iterate_rows,
    load_reports,
    load_units,
    write_rows,
)
from extract.learn.markup import MarkedReport, read_files
from extract.learn.splits import assign_split, load_split_rules, placed_agencies

REPORT_FORMATS: dict[
    str, tuple[Callable[[Sequence[MarkedReport]], bytes], Callable[[bytes, str], list[MarkedReport]]]
]
REPORT_FORMATS = {
    "labelstudio": (exchange.write_label_studio, exchange.read_label_studio),
    "doccano": (exchange.write_doccano, exchange.read_doccano),
    "prodigy": (exchange.write_prodigy, exchange.read_prodigy),
}
UNIT_FORMATS: dict[str, tuple[Callable[..., bytes], Callable[[bytes, str], list[UnitRow]]]]
UNIT_FORMATS = {
    "csv": (sheets.write_csv, sheets.read_csv),
    "xlsx": (sheets.write_xlsx, sheets.read_xlsx),
}
FORMATS = ("markup", *REPORT_FORMATS, *UNIT_FORMATS)


def import_labels(
    folder: str | os.PathLike[str], files: Sequence[str | os.PathLike[str]], form: str
) -> list[Path]:
    """Put the labels of `files` into the corpus at `folder`; return the files of the corpus that changed.

    Reports that the corpus has already are replaced and stay in their split; new agencies are placed by
    `assign_split`. Raises `BadData` naming file, line and field before anything is written.
    """
    if form == "markup":
        return write_marked(folder, read_files(files))
    if form in REPORT_FORMATS:
        return write_marked(folder, [one for file in files for one in _read_reports(file, form)])
    if form in UNIT_FORMATS:
        read_units = UNIT_FORMATS[form][1]
        return write_units(folder, [row for f in files for row in read_units(Path(f).read_bytes(), str(f))])
    raise BadData(f"no format {form!r}; there are: {', '.join(FORMATS)}")


def _read_reports(file: str | os.PathLike[str], form: str) -> list[MarkedReport]:
    """The reports of a tool's file. Raises `BadData` where a record lacks what the tool always writes."""
    try:
        return REPORT_FORMATS[form][1](Path(file).read_bytes(), str(file))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        said = f"{type(error).__name__}: {error}"
        why = f"not all in it is as {form} writes it: export it from there anew"
        raise BadData(f"{os.fspath(file)}: {why} ({said})") from error


def export_labels(folder: str | os.PathLike[str], form: str, splits: Sequence[str] = SPLITS) -> bytes:
    """The reports (or, for tables, the units) of the corpus's splits in one of the formats."""
    if form in UNIT_FORMATS:
        return UNIT_FORMATS[form][0](load_units(folder, splits))
    if form in REPORT_FORMATS:
        return REPORT_FORMATS[form][0](load_marked(folder, splits))
    raise BadData(
        f"no format {form!r} to export to; there are: {', '.join((*REPORT_FORMATS, *UNIT_FORMATS))}"
    )


def load_marked(folder: str | os.PathLike[str], splits: Sequence[str] = SPLITS) -> list[MarkedReport]:
    """The reports of the splits, each with its units in text order."""
    units: dict[str, list[UnitRow]] = {}
    for unit in load_units(folder, splits):
        units.setdefault(unit.report_id, []).append(unit)
    return [
        MarkedReport(report, tuple(sorted(units.get(report.id, ()), key=lambda unit: unit.start)))
        for report in load_reports(folder, splits)
    ]


def write_marked(folder: str | os.PathLike[str], reports: Iterable[MarkedReport]) -> list[Path]:
    """Write reports with their units into the corpus, each into its split; return the files that changed."""
    rules, placed = load_split_rules(folder), placed_agencies(folder)
    rows: list[tuple[str, UnitRow | ReportRow]] = []
    for marked in reports:
        report = marked.report
        split = placed.get(report.agency) or assign_split(report.agency, report.hand, rules)
        placed[report.agency] = split
        rows.append((split, report))
        rows += [(split, unit) for unit in marked.units]
    return write_rows(folder, rows)


def write_units(folder: str | os.PathLike[str], units: Iterable[UnitRow]) -> list[Path]:
    """Put single units into the corpus, by id; the other units of their reports stay as they are."""
    coming = {unit.id: unit for unit in units}
    rules, placed = load_split_rules(folder), placed_agencies(folder)
    touched = {unit.report_id for unit in coming.values()}
    rows: dict[str, tuple[str, UnitRow | ReportRow]] = {
        row.id: (split, row) for split, row in iterate_rows(folder, UnitRow) if row.report_id in touched
    }
    for unit in coming.values():
        known = rows.get(unit.id, (placed.get(unit.agency), unit))[0]
        rows[unit.id] = (known or assign_split(unit.agency, unit.hand, rules), unit)
    return write_rows(folder, rows.values())


def settle_labels(folder: str | os.PathLike[str], settlements: str | os.PathLike[str]) -> list[Path]:
    """Put settled labels (JSON lines of unit_id, kind, themes, why) into the corpus; return changed files."""
    answers = read_readings(settlements)
    units = load_units(folder)
    if unknown := sorted(set(answers) - {unit.id for unit in units}):
        raise BadData(f"{settlements}: no unit {unknown[0]!r} in the corpus")
    return write_units(folder, settle([unit for unit in units if unit.id in answers], answers))
