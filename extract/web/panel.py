"""A dataset → one page: coverage, reading, findings, indicators, themes and twins, as plots and tables."""

from __future__ import annotations

import itertools
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec

from extract.datafiles import read_data
from extract.quality.tables import mutual_rules
from extract.web.counting import count, count_entries, open_files, spread
from extract.web.svg import Range, bars, heat, lines, number, ranges

if TYPE_CHECKING:
    import pyarrow.dataset

MOST_AGENCIES = 60  # beyond this many, a field of agencies by years says nothing to the eye
MOST_TWINS = 50
MOST_REASONS = 12
MOST_THEMES = 6  # lines that an eye can follow

Words = Mapping[str, Mapping[str, str]]


class Plot(msgspec.Struct, frozen=True):
    """One plot with the numbers it shows: `columns` name the fields of `rows`."""

    name: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Part(msgspec.Struct, frozen=True):
    """One part of the page: a heading, what it says, its plots."""

    id: str
    heading: str
    says: str
    plots: tuple[Plot, ...]


def render_panel(path: str | os.PathLike[str], *, language: str = "zh") -> str:
    """The page of the dataset at `path` as HTML text that needs nothing else. `language` is zh or en.

    Shows what is there: the indicators and twins once `gongkai quality` has run on the dataset. Raises
    `NotAStore` where there is no dataset.
    """
    import jinja2

    page = _Page(os.fspath(path), language)
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files("extract.web").joinpath("panel.html").read_text("utf-8"))
    parts = [part for part in page.parts() if part.plots]
    hints = [] if page.is_measured() else [page.word("no_indicators")]
    return template.render(language=language, word=page.word, totals=page.totals(), parts=parts, hints=hints)


@cache
def _load_words() -> dict[str, Words]:
    return read_data("panel_page.toml")


class _Page:
    """The numbers of one dataset, each counted when its plot asks for it."""

    def __init__(self, path: str, language: str) -> None:
        from extract.store import Store

        self._path = path
        self._store = Store(path)
        self._language = language

    def word(self, name: str, group: str = "words") -> str:
        entry = _load_words().get(group, {}).get(name)
        return entry[self._language] if entry else name

    def is_measured(self) -> bool:
        """Whether `gongkai quality` has run on the dataset."""
        return self._has("quality/indicators.parquet")

    def totals(self) -> list[tuple[str, str]]:
        reports = count(self._table("reports"), ["agency", "year"])
        agencies = {row["agency"] for row in self._agencies(reports)}
        years = [year for year in self._years() if year is not None]
        said = f"{min(years)}–{max(years)}" if years else "—"
        return [
            (self.word("reports"), number(self._reports())),
            (self.word("agencies"), number(len(agencies - {None}))),
            (self.word("years"), said),
            (self.word("unreadable"), number(sum(row["rows"] for row in self._errors()))),
        ]

    def parts(self) -> list[Part]:
        made = {
            "coverage": self._coverage(),
            "reading": self._reading(),
            "findings": self._findings(),
            "indicators": self._indicators(),
            "themes": self._themes(),
            "kinds": self._kinds(),
            "twins": self._twins(),
        }
        return [
            Part(name, self.word(name), self.word(f"{name}_says"), tuple(plot for plot in plots if plot.rows))
            for name, plots in made.items()
        ]

    # ---- the parts -----------------------------------------------------------------------------------------

    def _coverage(self) -> list[Plot]:
        reports = self._table("reports")
        plots = []
        by_level = self._levels(count(reports, ["level", "agency", "year"]))
        plots.append(self._field("coverage", by_level, "level", "levels"))
        plots.append(self._field("forms", count(reports, ["form", "year"]), "form"))
        by_agency = self._agencies(count(reports, ["agency", "year"]))
        if len({row["agency"] for row in by_agency}) <= MOST_AGENCIES:
            plots.append(self._field("coverage_agencies", by_agency, "agency"))
        return plots

    def _levels(self, counted: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Reports by level and year; where no list of agencies gave a level, that which the name tells."""
        from extract.agencies.agency_types import describe_agency

        summed: dict[tuple[str | None, int | None], int] = defaultdict(int)
        for row in counted:
            summed[row["level"] or describe_agency(row["agency"]).level, row["year"]] += row["rows"]
        return [{"level": level, "year": year, "rows": rows} for (level, year), rows in summed.items()]

    def _agencies(self, counted: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Reports by agency and year; an agency that prints its name in two ways is one."""
        from extract.agencies.identity import identify_agencies

        names = identify_agencies((row["agency"], row["year"]) for row in counted if row["agency"])
        summed: dict[tuple[str | None, int | None], int] = defaultdict(int)
        for row in counted:
            summed[names.get(row["agency"]), row["year"]] += row["rows"]
        return [{"agency": agency, "year": year, "rows": rows} for (agency, year), rows in summed.items()]

    def _reading(self) -> list[Plot]:
        import pyarrow.compute as pc

        cells = self._table("cells")
        whole = {(row["table"], row["year"]): row["rows"] for row in count(cells, ["table", "year"])}
        filled = count(cells, ["table", "year"], pc.field("value").is_valid())
        shares = [
            {**row, "rows": round(100 * row["rows"] / whole[row["table"], row["year"]], 1)} for row in filled
        ]
        worst = sorted(self._errors(), key=lambda row: -row["rows"])[:MOST_REASONS]
        reasons = [(row["reason"], row["rows"]) for row in worst]
        return [
            self._field("reading", shares, "table", "tables", of="%"),
            Plot(
                self.word("reasons"),
                bars(reasons),
                ("reason", "rows"),
                tuple((a, str(b)) for a, b in reasons),
            ),
        ]

    def _findings(self) -> list[Plot]:
        import pyarrow.compute as pc

        where = pc.field("origin") == "report"
        once = count(self._table("findings"), ["rule", "year", "report_key"], where)
        found = {(row["rule"], row["year"], row["report_key"]) for row in once}
        if self._has("quality/findings.parquet"):  # those between reports
            between = self._quality("findings")
            once = count(between, ["rule", "year", "report_key"], where)
            found |= {(row["rule"], row["year"], row["report_key"]) for row in once}
            shared = where & pc.field("rule").isin(mutual_rules())
            others = count(between, ["rule", "year", "other_key"], shared)
            found |= {(row["rule"], row["year"], row["other_key"]) for row in others}
        reports: dict[tuple[str, int | None], int] = defaultdict(int)
        for rule, year, _ in found:
            reports[rule, year] += 1
        rows = [{"rule": rule, "year": year, "rows": rows} for (rule, year), rows in reports.items()]
        return [self._field("findings", rows, "rule", "rules")]

    def _indicators(self) -> list[Plot]:
        if not self.is_measured():
            return []
        found = spread(self._quality("indicators"), "value", ["indicator", "year"])
        from extract.quality import describe_indicators

        by_name: dict[str, list[dict[str, Any]]] = {name: [] for name in describe_indicators()}
        for row in sorted(found, key=lambda row: (row["indicator"], row["year"] or 0)):
            by_name.setdefault(row["indicator"], []).append(row)
        return [self._ranges(name, rows) for name, rows in by_name.items() if rows]

    def _themes(self) -> list[Plot]:
        import pyarrow.compute as pc

        problems = pc.field("kind") == "problem"
        units = self._table("units")
        whole = {row["year"]: row["rows"] for row in count(units, ["year"], problems)}
        years = sorted(year for year in whole if year is not None)
        series: dict[str, dict[int, float]] = {}
        for row in count_entries(units, "themes", ["year"], problems):
            name = self.word(row["themes"], "themes")
            if row["year"] is not None:  # a year with problems and none of the theme counts 0
                series.setdefault(name, dict.fromkeys(years, 0.0))
                series[name][row["year"]] = row["rows"] / whole[row["year"]]
        order = dict(sorted(series.items(), key=lambda one: -sum(one[1].values())))
        rows = tuple(
            (name, str(year), f"{share:.3f}") for name, at in order.items() for year, share in at.items()
        )
        drawn = dict(itertools.islice(order.items(), MOST_THEMES))
        return [Plot(self.word("themes"), lines(drawn, percent=True), ("theme", "year", "share"), rows)]

    def _kinds(self) -> list[Plot]:
        counted = count(self._table("units"), ["kind", "year"])
        whole: dict[int | None, int] = defaultdict(int)
        for row in counted:
            whole[row["year"]] += row["rows"]
        rows = [{**row, "rows": round(100 * row["rows"] / whole[row["year"]], 1)} for row in counted]
        return [self._field("kinds", rows, "kind", "kinds", of="%")]

    def _twins(self) -> list[Plot]:
        if not self._has("quality/twins.parquet"):
            return []
        found = self._quality("twins").to_table().to_pylist()
        once = [row for row in found if row["report_key"] < row["other_key"]]  # each pair has a row a side
        best = sorted(once, key=lambda row: -row["similarity"])[:MOST_TWINS]
        rows = tuple(
            (
                str(row.get("agency")),
                str(row.get("other_agency")),
                str(row.get("year")),
                f"{row['similarity']:.2f}",
            )
            for row in best
        )
        columns = (self.word("agencies"), self.word("agencies"), self.word("year"), self.word("similarity"))
        return [Plot(self.word("twins"), "", columns, rows)]

    # ---- plots from counted rows ---------------------------------------------------------------------------

    def _field(
        self, name: str, counted: Sequence[Mapping[str, Any]], key: str, group: str = "", of: str = ""
    ) -> Plot:
        values = {
            (self._label(row[key], group), self._label(row["year"])): float(row["rows"]) for row in counted
        }
        order = {self._label(one, group): place for place, one in enumerate(_load_words().get(group, {}))}
        down = sorted({row for row, _ in values}, key=lambda one: (order.get(one, len(order)), one))
        across = sorted({column for _, column in values})
        rows = tuple((row, column, number(values[row, column]) + of) for row, column in sorted(values))
        return Plot(self.word(name), heat(down, across, values), (key, self.word("year"), of or "n"), rows)

    def _ranges(self, name: str, found: Sequence[Mapping[str, Any]]) -> Plot:
        boxes = [Range(self._label(row["year"]), tuple(row["quantiles"]), row["rows"]) for row in found]
        rows = tuple((box.label, str(box.n), *(number(q) for q in box.quantiles)) for box in boxes)
        columns = (self.word("year"), "n", "5 %", "25 %", "50 %", "75 %", "95 %")
        return Plot(self._indicator(name), ranges(boxes), columns, rows)

    def _indicator(self, name: str) -> str:
        from extract.quality import describe_indicators

        described = describe_indicators().get(name)
        if described is None:
            return name
        return f"{described.zh if self._language == 'zh' else described.en} · {name}"

    def _label(self, value: Any, group: str = "") -> str:
        if value is None or value == "":
            return self.word("unknown")
        return self.word(str(value), group) if group else str(value)

    # ---- the tables ----------------------------------------------------------------------------------------

    def _table(self, name: str) -> pyarrow.dataset.Dataset:
        from extract.store.schema import arrow_schema

        place = self._store.place
        files = self._store.files(name)
        return open_files(files, arrow_schema(name, self._store.own), None if place.local else place.fs)

    def _quality(self, name: str) -> pyarrow.dataset.Dataset:
        from extract.quality.tables import arrow_schema

        return open_files([os.path.join(self._path, "quality", f"{name}.parquet")], arrow_schema(name))

    def _has(self, name: str) -> bool:
        return os.path.exists(os.path.join(self._path, name))

    def _years(self) -> list[int | None]:
        return [row["year"] for row in count(self._table("reports"), ["year"])]

    def _reports(self) -> int:
        return int(self._table("reports").count_rows())

    def _errors(self) -> list[dict[str, Any]]:
        return count(self._table("errors"), ["reason"])
