"""Scores on real reports outside the project: their labels are kept by hash and offset, without text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from extract import parse
from extract.classify import Classifier, Rules
from extract.errors import BadData
from extract.learn.corpus import UnitRow
from extract.learn.judge import CONTEXTS, judge
from extract.learn.metrics import Verdict, accuracy, interval, macro_f1, themes_micro_f1
from extract.report import Report, Value


class RealScore(Value, frozen=True):
    """The scores in one context, with 95 % intervals by bootstrap over the few reports there are."""

    context: str
    units: int
    kinds_macro_f1: float
    kinds_interval: tuple[float, float]
    right: float
    themes_micro_f1: float
    themes_interval: tuple[float, float]


def score_real(classifier: Classifier, reports: Path, gold: Path) -> list[RealScore]:
    """The classifier on every labelled unit of the real reports in the folder `reports`, then the rules.

    `gold` holds a JSON for each report, found by the hash of its bytes. Raises `BadData` where no report of
    the folder has labels.
    """
    units = [unit for file, told in _pair(reports, gold) for unit in _read_units(parse(file), told)]
    if not units:
        raise BadData(f"{reports}: no report there has labels in {gold}")
    scores = [_score(context, judge(classifier, units, context)) for context in CONTEXTS]
    return [*scores, _score("rules", judge(Rules(), units))]


def _pair(reports: Path, gold: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The files of `reports` that have labels, with them."""
    told = {}
    for file in sorted(gold.glob("*.json")):
        labels = json.loads(file.read_bytes())
        told[labels["sha256"]] = labels
    for file in sorted(path for path in reports.iterdir() if path.is_file()):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if digest in told:
            yield file, told[digest]


def _read_units(report: Report, told: dict[str, Any]) -> list[UnitRow]:
    """The labelled units of a report, their text and headings as the program reads them."""
    paths = {unit.start: unit.path for unit in report.units}
    rows = []
    for number, unit in enumerate(told["units"], 1):
        row = {
            "id": f"{report.id}-{number:03d}",
            "report_id": report.id,
            "agency": report.agency or "",
            "level": "",
            "year": report.year or 0,
            "hand": "real",
            "part": "main",
            "section": unit["section"],
            "path": paths.get(unit["start"], ()),
            "marker": unit["marker"],
            "text": report.text[unit["start"] : unit["end"]],
            "start": unit["start"],
            "end": unit["end"],
            "kind": unit["kind"],
            "themes": unit["themes"],
            "hard": False,
            "source": "real",
        }
        rows.append(msgspec.convert(row, UnitRow))
    return rows


def _score(context: str, verdicts: Sequence[Verdict]) -> RealScore:
    return RealScore(
        context=context,
        units=len(verdicts),
        kinds_macro_f1=macro_f1(verdicts),
        kinds_interval=interval(verdicts, macro_f1),
        right=accuracy(verdicts),
        themes_micro_f1=themes_micro_f1(verdicts),
        themes_interval=interval(verdicts, themes_micro_f1),
    )
