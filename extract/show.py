"""A report in the terminal, for a person: units by kind, figures and platforms marked, tables as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Styled

from extract.forms import FormBand, form_of
from extract.report import Cell, Finding, Report, Unit

KIND_STYLES = {
    "problem": "red",
    "measure": "green",
    "platform": "cyan",
    "proactive": "blue",
    "request": "magenta",
    "management": "yellow",
    "supervision": "bright_yellow",
    "overview": "white",
    "other": "bright_black",
}
SEVERITY_STYLES = {"error": "bold white on red", "warning": "bold black on yellow"}


def show_report(report: Report, console: Console | None = None) -> None:
    """Print the whole report: heading, sections with their units and tables, findings."""
    out = console or Console()
    for part in _parts(report):
        out.print(part)


def summary_line(report: Report) -> str:
    """One line a report: its file, agency, year, form, and how much was read and found."""
    filled = sum(cell.value is not None for cell in report.cells)
    errors = sum(finding.severity == "error" for finding in report.findings)
    source = report.source
    place = f"{source.path}!{source.member}" if source.member else source.path
    return (
        f"{place} · {report.agency or '—'} · {report.year or '—'} · form {report.form or '—'}"
        f" · {filled} cells · {len(report.units)} units · {len(report.figures)} figures"
        f" · {errors} errors, {len(report.findings) - errors} warnings"
    )


def _parts(report: Report) -> Iterator[RenderableType]:
    yield Panel(_heading(report), title=report.source.path, title_align="left")
    yield _legend()
    marked = _marked_cells(report.findings)
    shown: set[str] = set()
    for section in report.sections:
        yield Styled(f"\n{section.heading or '(preamble)'}", style="bold underline")
        inside = [unit for unit in report.units if section.start <= unit.start < section.end]
        yield from _units(report, inside)
        for table in _tables_of(report, section.start, section.end, shown):
            yield _table(report, table, marked)
    for table in _tables_of(report, 0, len(report.text) + 1, shown):
        yield _table(report, table, marked)
    yield _findings(report)


def _heading(report: Report) -> Styled:
    line = Styled()
    line.append(report.agency or "agency not stated", style="bold")
    line.append(f"   {report.year or 'year not stated'}   form {report.form or '—'}")
    if report.published:
        line.append(f"   published {report.published}")
    if report.title:
        line.append(f"\n{report.title}", style="dim")
    return line


def _legend() -> Styled:
    legend = Styled()
    for kind, style in KIND_STYLES.items():
        legend.append(f" {kind} ", style=f"reverse {style}")
    legend.append("  figure ", style="bold underline")
    legend.append("  platform ", style="italic underline")
    return legend


def _units(report: Report, units: Iterable[Unit]) -> Iterator[RenderableType]:
    path: tuple[str, ...] = ()
    for unit in units:
        if unit.path != path:
            path = unit.path
            yield Styled("  " + " › ".join(path), style="bold")
        yield _unit(report, unit)


def _unit(report: Report, unit: Unit) -> RenderableType:
    body = Styled(unit.text, style=KIND_STYLES.get(unit.kind or "", "white"))
    for figure in report.figures:
        if unit.start <= figure.start and figure.end <= unit.end:
            body.stylize("bold underline", figure.start - unit.start, figure.end - unit.start)
    for platform in report.platforms:
        if unit.start <= platform.start and platform.end <= unit.end:
            body.stylize("italic underline", platform.start - unit.start, platform.end - unit.start)
    tag = unit.kind or "?"
    if unit.themes:
        tag += f"\n{' '.join(unit.themes)}"
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=18, style="dim", justify="right")
    grid.add_column(ratio=1, overflow="fold")
    grid.add_row(tag, Styled.assemble((f"{unit.marker} " if unit.marker else "", "bold"), body))
    return grid


def _marked_cells(findings: Iterable[Finding]) -> dict[str, str]:
    """Cell id → style of the gravest finding on it."""
    marked: dict[str, str] = {}
    for finding in sorted(findings, key=lambda one: one.severity != "error", reverse=True):
        for where in finding.where:
            marked[where] = SEVERITY_STYLES[finding.severity]
    return marked


def _tables_of(report: Report, start: int, end: int, shown: set[str]) -> list[str]:
    """The tables whose first cell with text lies in the stretch, and that were not shown before."""
    found: list[str] = []
    for cell in report.cells:
        if cell.table not in shown and cell.start is not None and start <= cell.start < end:
            found.append(cell.table)
            shown.add(cell.table)
    return found


def _table(report: Report, name: str, marked: dict[str, str]) -> RenderableType:
    """A table as the form prints it: its bands one under another, each with its own columns."""
    cells = {(cell.row, cell.column): cell for cell in report.cells if cell.table == name}
    form = form_of(report.form) or form_of("2021")
    bands = [band for table in form.tables if table.id == name for band in table.bands] if form else []
    return Group(*(_band(band, cells, marked) for band in bands))


def _band(band: FormBand, cells: dict[tuple[str, str], Cell], marked: dict[str, str]) -> Table:
    table = Table(title=band.label, title_justify="left", header_style="bold", row_styles=["", "on grey7"])
    table.add_column("", overflow="fold")
    for column in band.columns:
        table.add_column(column.label, justify="right", overflow="fold")
    for row in band.rows:
        found = [cells.get((row.id, column.id)) for column in band.columns]
        if any(found):
            table.add_row(row.label, *(_value(one, marked.get(one.id)) if one else "" for one in found))
    return table


def _value(cell: Cell, style: str | None) -> Styled:
    """The number, a dot where there is none, in the style of the gravest finding on it."""
    shown = "·" if cell.value is None else f"{cell.value:,}"
    return Styled(shown, style=style or ("dim" if not cell.value else ""))


def _findings(report: Report) -> RenderableType:
    if not report.findings:
        return Styled("\nNo findings. 未发现问题。", style="green")
    from extract.quality.labels import label

    table = Table(title="findings", title_justify="left")
    for column in ("severity", "rule", "origin", "message", "where"):
        table.add_column(column, overflow="fold")
    for finding in report.findings:
        where = " ".join(finding.where[:3]) + (f" … ({len(finding.where)})" if len(finding.where) > 3 else "")
        severity = Styled(finding.severity, style=SEVERITY_STYLES[finding.severity])
        rule = f"{finding.rule}\n{label('rules', finding.rule, 'zh')}"
        table.add_row(severity, rule, finding.origin, finding.message, where)
    return table
