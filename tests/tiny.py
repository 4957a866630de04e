"""Tiny reports for tests of the indicators: a form of noughts, a few units, what the checks find in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from extract.check import check_report
from extract.figures import find_figures
from extract.forms import form_of
from extract.platforms import find_platforms
from extract.report import Cell, Figure, Platform, Report, Section, Source, Tables, Text, Unit

ALL_SECTIONS = ("overview", "proactive", "requests", "review", "problems", "other")


def make_report(
    units: Sequence[Sequence[Any]] = (),
    *,
    agency: str | None = "云溪县教育局",
    year: int | None = 2023,
    form: str | None = "2021",
    cells: Mapping[str, float | None] | None = None,
    without: Sequence[str] = (),
    sections: Sequence[str] = ALL_SECTIONS,
    published: str | None = None,
    checked: bool = True,
) -> Report:
    """A report whose text is its units, a line each, with figures and platforms read from them."""
    made, platforms, figures = [], [], []
    text = ""
    for number, (section, kind, words, *themes) in enumerate(units, 1):
        unit = Unit(f"u{number}", section, (), None, words, len(text), len(text) + len(words), kind, 1.0)
        made.append(replace(unit, themes=tuple(themes[0]) if themes else ()))
        named = [_shift(one, len(text), unit.id) for one in find_platforms(words)]
        platforms += named
        counted = find_figures(words, find_platforms(words), section=section)
        figures += [_shift(one, len(text), unit.id) for one in counted]
        text += words + "\n"
    key = f"{agency}{year}".encode().hex()[:24]
    report = Report(
        id=key,
        source=Source(f"{agency}-{year}.txt", None, "0" * 64, "text/plain", "utf-8", "0"),
        agency=agency,
        year=year,
        title=f"{agency}{year}年政府信息公开工作年度报告",
        form=form,
        published=published,
        text=text,
        sections=tuple(Section(one, one, 0, 0) for one in sections),
        units=tuple(made),
        platforms=tuple(platforms),
        figures=tuple(figures),
        cells=make_cells(form, cells or {}, without),
        findings=(),
    )
    if not checked:
        return report
    found = check_report(report, Tables(form, report.cells, ()), Text(text, ()))
    return replace(report, findings=found)


def make_cells(
    form: str | None, changed: Mapping[str, float | None], without: Sequence[str] = ()
) -> tuple[Cell, ...]:
    """All cells of the form as 0 but for those `changed`."""
    edition = form_of(form)
    if edition is None:
        return ()
    unknown = set(changed) - set(edition.cell_ids())
    assert not unknown, unknown
    cells = []
    for id_ in edition.cell_ids():
        table, _, rest = id_.partition(".")
        row, _, column = rest.rpartition(".")
        value = changed.get(id_, 0)
        if table not in without:
            cells.append(
                Cell(table, row, column, value, "" if value is None else str(value), None, None, None, "grid")
            )
    return tuple(cells)


def _shift(one: Figure | Platform, by: int, unit_id: str) -> Any:
    return replace(one, start=one.start + by, end=one.end + by, unit_id=unit_id)
