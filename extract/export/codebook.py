"""The codebook: every table, variable, indicator and coded value, from the data files alone.

Markdown to read, CSV for programs; Chinese and English beside one another, or one of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from extract.agencies.agency_types import load_agency_types
from extract.export.folder import CODEBOOK
from extract.export.indicators import finding_variables, indicator_variables
from extract.export.panel import Variable, fixed_variables, load_panel
from extract.export.sheets import PANEL, mark_columns
from extract.export.source import Language
from extract.export.views import load_views
from extract.quality import describe_indicators
from extract.quality.indicators import describe_reasons
from extract.quality.tables import describe_tables
from extract.store.schema import TABLES, load_schema
from extract.version import VERSION

if TYPE_CHECKING:
    from extract.store import Store

BOM = "\ufeff"
_COLUMNS = ("table", "name", "type", "zh", "en", "source")


class Entry(NamedTuple):
    """A row of the codebook. `source`: formula, cell or rule that the variable is made by."""

    table: str
    name: str
    type: str
    zh: str
    en: str
    source: str = ""


def all_entries(panel: Iterable[Variable] | None = None) -> Iterator[Entry]:
    """Every column of the tables, of the panel (`panel`: the variables of one that has others besides), every
    indicator, value and view."""
    yield from table_entries()
    later = (*indicator_variables().values(), *finding_variables())
    for variable in panel if panel is not None else (*fixed_variables(), *later):
        yield Entry(PANEL, *variable_columns(variable))
    for indicator in describe_indicators().values():
        made = f"{indicator.formula} ({indicator.range}; {indicator.source})"
        cautions = " / ".join(one for one in (indicator.caution_zh, indicator.caution_en) if one)
        made += f". 注意 Caution: {cautions}" if cautions else ""
        yield Entry("indicators", indicator.id, "double", indicator.zh, indicator.en, made)
    yield from value_entries()
    for view in load_views():
        yield Entry("views", view.name, "view", view.zh, view.en, view.sql)


def table_entries() -> Iterator[Entry]:
    """The columns of all tables: the dataset's own, what an export adds to `reports`, those of quality."""
    for table in TABLES:
        for column in load_schema().columns(table):
            yield Entry(table, column.name, column.type, column.zh, column.en)
        if table == "reports":
            yield from (Entry(table, *variable_columns(mark)) for mark in mark_columns())
    for beside in load_schema().beside:
        yield from (Entry(beside.name, one.name, one.type, one.zh, one.en) for one in beside.columns)
    for name, quality in describe_tables().items():
        for one in quality.columns:
            yield Entry(f"quality_{name}", one.name, one.type, one.zh, one.en)


def variable_columns(variable: Variable) -> tuple[str, str, str, str, str]:
    """A variable as the columns of an entry after the first."""
    return variable.name, variable.type, variable.zh, variable.en, variable.source


def value_entries() -> Iterator[Entry]:
    """The values that coded columns hold: kinds, themes, platform types, rules, levels and types by name."""
    for counts in load_panel().counts:
        if counts.prefix == "mt":
            continue  # the same themes as those of problems
        for value, (zh, en) in counts.values.items():
            yield Entry("values", f"{counts.table}.{counts.by} = {value}", "id", zh, en)
    for value, reason in describe_reasons().items():
        yield Entry("values", f"quality_indicators.reason = {value}", "id", reason.zh, reason.en)
    types = load_agency_types()
    for name in ("level", "type"):
        for value, (zh, en) in types[f"{name}_labels"].items():
            yield Entry("values", f"panel.{name}_by_name = {value}", "id", zh, en)


def to_csv(entries: Iterable[Entry]) -> str:
    """The entries as CSV with a byte order mark."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(entries)
    return BOM + text.getvalue()


def to_markdown(entries: Iterable[Entry], language: Language | None = None) -> str:
    """The entries as a page, a section a table; in one language where one is named."""
    lines = [_TITLES[language], "", _NOTES[language].format(version=VERSION)]
    table = None
    for entry in entries:
        if entry.table != table:
            table = entry.table
            lines += ["", f"## {_heading(table, language)}", "", *_header(language)]
        lines.append(_row(_shown(entry, language)))
    return "\n".join(lines) + "\n"


def write_codebook(store: Store, folder: Path, tables: Sequence[str] | None = None) -> None:
    """`codebook.md` and `codebook.csv` of a dataset, in both languages; of some tables only where named."""
    from extract.export.wide import panel_variables

    entries = list(all_entries(panel_variables(store)))
    if tables:
        kept = {*tables, "indicators", "values", "views"}
        entries = [entry for entry in entries if entry.table in kept]
    (folder / "codebook.md").write_text(to_markdown(entries), encoding="utf-8", newline="\n")
    (folder / CODEBOOK).write_text(to_csv(entries), encoding="utf-8", newline="\n")


def _shown(entry: Entry, language: Language | None) -> list[str]:
    meaning = [entry.zh, entry.en] if language is None else [getattr(entry, language)]
    return [f"`{entry.name}`", entry.type, *meaning, entry.source]


def _header(language: Language | None) -> list[str]:
    both = {"zh": "含义", "en": "meaning"}
    meaning = list(both.values()) if language is None else [both[language]]
    names = {"zh": ("名称", "类型", "来源"), "en": ("name", "type", "source")}[language or "en"]
    columns = [*names[:2], *meaning, names[2]]
    return [_row(columns), "|" + "---|" * len(columns)]


def _row(values: Iterable[str]) -> str:
    return "| " + " | ".join(value.replace("|", "\\|").replace("\n", " ") for value in values) + " |"


def _heading(table: str, language: Language | None) -> str:
    zh, en = _headings()[table]
    meaning = {"zh": zh, "en": en, None: f"{zh} · {en}"}[language]
    return f"{table}: {meaning}"


def _headings() -> dict[str, tuple[str, str]]:
    schema = load_schema()
    own = {table.name: (table.zh, table.en) for table in (*schema.table, *schema.beside)}
    quality = {f"quality_{name}": (table.zh, table.en) for name, table in describe_tables().items()}
    return own | quality | _HEADINGS


_HEADINGS = {
    PANEL: ("面板：一行一份报告，宽表", "the panel: one row a report, wide"),
    "indicators": ("质量指标", "indicators of disclosure quality"),
    "values": ("代码值", "coded values"),
    "views": ("视图", "views"),
}
_TITLES = {"zh": "# 变量手册", "en": "# Codebook", None: "# 变量手册 Codebook"}
_ZH = (
    "gongkai {version}。空值表示报告未载明或无法计算，不等于0；起止位置以字符（码点）计，止不含。"
    "类别与主题由模型判定，会有错误，请结合 score 使用。列表在 CSV、Excel、Stata 中以 | 连接。"
    "Stata 中 end 名为 end_；名称不合 Stata 规则的自带列按序号命名为 x_1、x_2，原名见标签。"
)
_EN = (
    "gongkai {version}. Null means that the report does not say it or that it cannot be had, never zero."
    " Offsets count code points, end exclusive. Kinds and themes are a model's judgement and err: use"
    " them with `score`. Lists are joined by | in CSV, Excel and Stata. In Stata `end` is `end_`; columns"
    " of your own whose names Stata refuses are x_1, x_2 by their number, labelled with their names."
)
_NOTES = {"zh": _ZH, "en": _EN, None: f"{_ZH}\n\n{_EN}"}
