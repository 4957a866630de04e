"""Reports measured a second: indicators, two years, twins and boilerplate of a made-up national dataset.

`python -m benchmarks.quality --n 100000 --jobs 2` writes a dataset of n reports into a temporary folder
(units of the corpus put together anew, with other names and numbers; one report in fifty is another
agency's copy) and measures it as `gongkai quality` does.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from extract.figures import find_figures
from extract.forms import form_of
from extract.platforms import find_platforms
from extract.quality.dataset import measure_dataset
from extract.report import Cell, Figure, Platform, Report, Section, Source, Unit
from extract.similarity.places import load_places
from extract.store import write_reports

YEARS = (2021, 2022, 2023, 2024)
BUREAUS = ("教育局", "民政局", "财政局", "水利局", "司法局", "卫生健康委员会", "人民政府", "自然资源局")
SECTIONS = ("overview", "proactive", "requests", "review", "problems", "other")
COPIES = 50  # one report in so many is a copy of another agency's
Template = tuple[Unit, tuple[Figure, ...], tuple[Platform, ...]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=2_000, help="reports; default: 2000")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        start = time.perf_counter()
        write_reports(make_reports(options.n), folder)
        written, used = time.perf_counter(), cpu_seconds()
        print(f"wrote {options.n} reports in {written - start:.0f} s")
        summary = measure_dataset(folder, jobs=options.jobs)
        seconds, used = time.perf_counter() - written, cpu_seconds() - used
        size = sum(path.stat().st_size for path in Path(folder, "quality").rglob("*.parquet"))
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    hundred = 100_000 / summary.reports / 60
    print(f"measured {summary.reports} reports in {seconds:.1f} s with {options.jobs} processes")
    print(f"{used:.1f} s of processor, {1000 * used / summary.reports:.2f} ms a report")
    print(f"100,000: {hundred * seconds:.1f} minutes, {hundred * used / options.jobs:.1f} on idle cores")
    print(f"{size / 1e6:.1f} MB of tables; peak {peak / 1024:.0f} MB a process")
    print(", ".join(f"{name} {rows}" for name, rows in summary.tables.items()))


def cpu_seconds() -> float:
    """Processor time of this process and of those it has waited for."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def make_reports(count: int, seed: int = 1) -> Iterator[Report]:
    """Varied reports of agencies over four years, agency by agency."""
    draw = random.Random(seed)
    templates = load_templates()
    counties = sorted(place.name for place in load_places().values() if place.level == "county")
    cells = empty_cells()
    texts: list[list[Template]] = []
    for number in range(count):
        agency_number, year = divmod(number, len(YEARS))
        county = counties[agency_number % len(counties)]
        bureau = BUREAUS[(agency_number // len(counties)) % len(BUREAUS)]
        serial = agency_number // (len(counties) * len(BUREAUS))
        agency = f"{county}{'第' + str(serial) if serial else ''}{bureau}"
        if year and texts and draw.random() < 0.5:  # most of last year's text again
            chosen = [one if draw.random() < 0.7 else draw.choice(templates) for one in texts[-1]]
        elif texts and draw.random() < 1 / COPIES:
            chosen = draw.choice(texts[-2_000:])
        else:
            chosen = draw.choices(templates, k=draw.randint(10, 20))
        texts = [*texts[-2_000:], chosen] if len(texts) > 4_000 else [*texts, chosen]
        yield make_report(agency, YEARS[year], chosen, cells, draw)


def make_report(
    agency: str, year: int, chosen: Sequence[Template], cells: tuple[Cell, ...], draw: random.Random
) -> Report:
    """A report of these units, every digit drawn anew."""
    text = f"{agency}{year}年政府信息公开工作年度报告\n"
    units, figures, platforms = [], [], []
    for number, (unit, counted, named) in enumerate(chosen, 1):
        words = "".join(
            str(draw.randint(1, 9)) if one.isascii() and one.isdigit() else one for one in unit.text
        )
        start, id_ = len(text), f"u{number}"
        units.append(replace(unit, id=id_, text=words, start=start, end=start + len(words)))
        for found, into in ((counted, figures), (named, platforms)):
            into += [replace(one, start=one.start + start, end=one.end + start, unit_id=id_) for one in found]
        text += words + "\n"
    key = f"{draw.getrandbits(64):016x}"
    source = Source(f"{agency}/{year}.txt", None, key * 4, "text/plain", "utf-8", "benchmark")
    sections = tuple(Section(one, one, 0, 0) for one in SECTIONS)
    title = text.partition("\n")[0]
    plain = (key, source, agency, year, title, "2021", None, text, sections)
    return Report(*plain, tuple(units), tuple(platforms), tuple(figures), cells, ())


def load_templates() -> list[Template]:
    """The units of the corpus with their figures and platforms."""
    found = []
    folder = Path(__file__).parents[1] / "corpus" / "units"
    for path in sorted(folder.glob("*/*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            themes = tuple(row["themes"])
            unit = Unit("u", row["section"], (), row["marker"], row["text"], 0, 0, row["kind"], 1.0, themes)
            platforms = find_platforms(unit.text)
            found.append((unit, find_figures(unit.text, platforms, section=unit.section), platforms))
    return found


def empty_cells() -> tuple[Cell, ...]:
    """All cells of form 2021, each 0."""
    form = form_of("2021")
    assert form is not None
    rows = [(one.split(".")[0], one.split(".", 1)[1].rpartition(".")) for one in form.cell_ids()]
    return tuple(
        Cell(table, row, column, 0, "0", None, None, None, "grid") for table, (row, _, column) in rows
    )


if __name__ == "__main__":
    main()
