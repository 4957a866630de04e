"""Drafts written down: as the values that every step before the checks would give, and as text in layouts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from planting_drafts import Draft

from extract.forms import FormTable
from extract.report import Cell, Doubt, Figure, PrintedLabel, Report, Section, Source, Tables, Text, Unit

_MARK = re.compile(r"⟦([^⟧]*)⟧")
_COUNT = re.compile(r"(约|近|超过|超|逾|不足)?([\d.]+)(余|多)?(万)?([^\d]*)$")


def write_values(draft: Draft) -> tuple[Report, Tables, Text]:
    """The report as if every step before the checks had read it perfectly."""
    writer = _Writer()
    writer.line(draft.title)
    sections: list[Section] = []
    if draft.preamble:
        start = len(writer.text)
        writer.unit(draft.preamble, "preamble", ())
        sections.append(Section("preamble", None, start, len(writer.text)))
    cells: list[Cell] = []
    labels: list[PrintedLabel] = []
    for number, id_ in enumerate(draft.order):
        start = len(writer.text)
        heading = f"{'一二三四五六七八'[number]}、{draft.headings[id_]}"
        writer.line(heading)
        writer.section(draft.paragraphs[id_], id_)
        for table in draft.form.tables:
            if table.id == id_ and table.id not in draft.lost_tables:
                writer.table(draft, table, cells, labels)
        sections.append(Section(id_, heading, start, len(writer.text)))  # type: ignore[arg-type]
    tables = Tables(
        draft.edition if cells else None,
        tuple(cells),
        tuple(writer.spans),
        tuple(labels),
        tuple(Doubt(one, "torn row") for one in draft.doubts),
        tuple(draft.unitless),
        {cell.table: draft.edition for cell in cells},
    )
    return make_report(draft, tables, writer, sections), tables, Text(writer.text, ())


def make_report(draft: Draft, tables: Tables, writer: _Writer, sections: list[Section]) -> Report:
    """The report that a draft, its tables and its narrative come to, without findings."""
    return Report(
        id="x",
        source=Source("x", None, "", "text/plain", None, ""),
        agency=draft.agency,
        year=draft.extra.get("year", draft.year),
        title=draft.title,
        form=tables.form,
        published=None,
        text=writer.text,
        sections=tuple(sections),
        units=tuple(writer.units),
        platforms=(),
        figures=tuple(writer.figures),
        cells=tables.cells,
        findings=(),
    )


class _Writer:
    def __init__(self) -> None:
        self.text = ""
        self.units: list[Unit] = []
        self.figures: list[Figure] = []
        self.spans: list[tuple[int, int]] = []

    def line(self, content: str) -> None:
        self.text += content + "\n"

    def section(self, paragraphs: list[str], id_: str) -> None:
        path: tuple[str, ...] = ()
        for paragraph in paragraphs:
            if len(paragraph) < 16 and not paragraph.endswith("。"):
                self.line(paragraph)
                path = (paragraph,)
            else:
                self.unit(paragraph, id_, path)

    def unit(self, marked: str, section: str, path: tuple[str, ...]) -> None:
        start, unit_id = len(self.text), f"u{len(self.units)}"
        at = 0
        for found in _MARK.finditer(marked):
            self.text += marked[at : found.start()]
            at = found.end()
            self.figure(found.group(1), unit_id)
        self.text += marked[at:]
        surface = self.text[start:]
        self.units.append(Unit(unit_id, section, path, None, surface, start, len(self.text), "other"))  # type: ignore[arg-type]
        self.text += "\n"

    def figure(self, mark: str, unit_id: str) -> None:
        surface, *more = mark.partition("@")[0].split("|")
        start = len(self.text)
        self.text += surface
        end = len(self.text)
        if more:  # an absence: 未收到|政府信息公开申请、… one figure a thing
            for thing in more:
                self.figures.append(
                    Figure(surface, start, end, 0, None, "exact", 0, 0, True, thing, "other", None, unit_id)
                )
            return
        channel = mark.partition("@")[2] or None
        self.figures.append(_read_count(surface, start, unit_id, channel))

    def table(self, draft: Draft, table: FormTable, cells: list[Cell], labels: list[PrintedLabel]) -> None:
        begin = len(self.text)
        for band in table.bands:
            for column in band.columns:
                self.label(draft, table.id, column.id, column.label, labels)
            for row in band.rows:
                self.label(draft, table.id, row.id, row.label, labels)
                for column in band.columns:
                    id_ = f"{table.id}.{row.id}.{column.id}"
                    raw = draft.raw.get(id_, _print(draft.cells[id_]))
                    start = len(self.text)
                    self.text += raw + "\t"
                    cells.append(
                        Cell(
                            table.id,
                            row.id,
                            column.id,
                            draft.cells[id_],
                            raw,
                            row.label,
                            start,
                            start + len(raw),
                            "grid",
                        )
                    )
                self.text += "\n"
        self.spans.append((begin, len(self.text)))

    def label(self, draft: Draft, table: str, id_: str, statutory: str, labels: list[PrintedLabel]) -> None:
        printed = draft.labels.get(statutory, statutory)
        start = len(self.text)
        self.text += printed + "\t"
        labels.append(
            PrintedLabel(
                table,
                id_,
                printed,
                statutory,
                start,
                start + len(printed),
                printed.partition("（单位")[0] != statutory.partition("（单位")[0],
            )
        )


def _print(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if value != int(value) else str(int(value))


def _read_count(surface: str, start: int, unit_id: str, channel: str | None) -> Figure:
    found = _COUNT.match(surface)
    assert found, surface
    near, digits, more, ten_thousand, unit = found.groups()
    value = float(digits) * (10000 if ten_thousand else 1)
    value = int(value) if value == int(value) else value
    bound = (
        "about" if near == "约" else "less" if near in ("近", "不足") else "more" if near or more else "exact"
    )
    low = None if bound in ("about", "less") else value
    high = None if bound in ("about", "more") else value
    return Figure(
        surface,
        start,
        start + len(surface),
        value,
        unit.removesuffix("以上") or None,
        bound,  # type: ignore[arg-type]
        low,
        high,
        False,
        None,
        "rate" if unit == "%" else "other",
        channel,
        unit_id,
    )


def write_text(draft: Draft) -> str:
    """The text of the report, its tables in the draft's layout."""
    lines = [draft.title, ""]
    if draft.preamble:
        lines += [_unmark(draft.preamble), ""]
    for number, id_ in enumerate(draft.order):
        lines += [f"{'一二三四五六七八'[number]}、{draft.headings[id_]}", ""]
        lines += [_unmark(one) for one in draft.paragraphs[id_]]
        for table in draft.form.tables:
            if table.id == id_ and table.id not in draft.lost_tables:
                lines += ["", *_lay_out(list(table_rows(draft, table)), draft.layout), ""]
    return "\n".join(lines) + "\n"


def _unmark(marked: str) -> str:
    return _MARK.sub(lambda found: re.split("[|@]", found.group(1))[0], marked)


def table_rows(draft: Draft, table: FormTable) -> Iterator[list[str]]:
    """The rows of a statutory table as a page shows them, cells of merged labels blank."""

    def name(label: str) -> str:
        return draft.labels.get(label, label)

    if table.rows_across:
        band = table.bands[0]
        yield ["行政复议"] + [""] * 4 + ["行政诉讼"] + [""] * 9
        five = [name(column.label) for column in band.columns]
        yield five + ["未经复议直接起诉"] + [""] * 4 + ["复议后起诉"] + [""] * 4
        yield [""] * 5 + five + five
        yield [_shown(draft, table.id, row.id, column.id) for row in band.rows for column in band.columns]
        return
    if table.id == "proactive":
        for band in table.bands:
            yield [band.label or ""]
            yield [name("信息内容"), *(name(column.label) for column in band.columns)]
            for row in band.rows:
                yield [name(row.label), *(_shown(draft, table.id, row.id, one.id) for one in band.columns)]
        return
    yield from _request_rows(draft, table, name)


def _request_rows(draft: Draft, table: FormTable, name: Callable[[str], str]) -> Iterator[list[str]]:
    band = table.bands[0]
    note = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    yield [note, "", "", "申请人情况", "", "", "", "", "", ""]
    yield ["", "", "", "自然人", "法人或其他组织", "", "", "", "", "总计"]
    yield ["", "", "", "", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", ""]
    group, first = None, True
    for row in band.rows:
        counts = [_shown(draft, table.id, row.id, column.id) for column in band.columns]
        if row.id in ("received", "carried_over", "carried_forward"):
            yield [name(row.label), "", "", *counts]
            continue
        span = "三、本年度办理结果" if first else ""
        first = False
        if row.group is None:
            yield [span, name(row.label), "", *counts]
        else:
            yield [span, row.group if row.group != group else "", name(row.label), *counts]
        group = row.group


def _shown(draft: Draft, table: str, row: str, column: str) -> str:
    id_ = f"{table}.{row}.{column}"
    return draft.raw.get(id_, _print(draft.cells[id_]))


def _lay_out(rows: list[list[str]], layout: str) -> list[str]:
    if layout == "tabs":
        return ["\t".join(row) for row in rows]
    if layout == "pipes":
        return ["| " + " | ".join(row) + " |" for row in rows]
    if layout == "lines":  # text of a PDF: blanks between, merged cells gone
        return [" ".join(cell for cell in row if cell) for row in rows]
    return [line for row in rows for line in ["", *(f"\t{cell}" for cell in row), ""]]
