"""Scores of figures and platforms on labelled sentences: spans, every field, alarms; in all and by trap.

Pure functions: gold rows and what was found in them → scores → rows to print. A gold row is a line of
corpus/figures/SPLIT/*.jsonl (`FigureRow`): a sentence, its figures and platforms in the contract's fields,
`hand` (the manner of its writer) and `trap` (one of TRAPS: what makes it hard).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from extract.errors import BadData
from extract.figures import find_figures
from extract.learn.corpus import FigureRow, FigureSpan, PlatformSpan, read_rows
from extract.learn.score import Score
from extract.platforms import find_platforms
from extract.report import Figure, Platform, Value

TRAPS = (
    "plain", "breakdown", "carry", "list", "distribute", "shared_unit", "approx", "chinese", "mixed",
    "range", "rate", "money", "absence", "absence_scope", "absence_split", "absence_void", "set_phrase",
    "document_number", "date", "phone", "ordinal", "quote", "bare", "blank", "two_measures", "post_noun",
    "fronted", "platform_only", "place_channel", "difference", "one", "no_figure", "channel", "numeral",
    "none", "platform",
)  # fmt: skip
FIELDS = ("value", "unit", "bound", "low", "high", "object", "metric", "channel")
# What the rules are held to on sentences that they have never met; alarms are a ceiling.
AIMS = {
    "span": 0.97,
    "value": 0.995,
    "bound": 0.99,
    "metric": 0.9,
    "channel": 0.97,
    "object": 0.8,
    "platform": 0.97,
}
ALARM_AIM = 0.03


class Prediction(NamedTuple):
    """What was found in one sentence."""

    figures: tuple[Figure, ...]
    platforms: tuple[Platform, ...]


class Share(Value, frozen=True):
    """How many of `total` are right; `rate` is None where there is none to be right about."""

    right: int = 0
    total: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.right + other.right, self.total + other.total)

    @property
    def rate(self) -> float | None:
        return self.right / self.total if self.total else None


class FigureScores(Value, frozen=True):
    """Scores of a set of sentences. `fields` are shares of the figures whose span was found.

    `alarms` counts sentences without a figure in which one was raised, of all without a figure.
    """

    sentences: int
    span: Score
    fields: dict[str, Share]
    platform: Score
    alarms: Share

    def __add__(self, other: FigureScores) -> FigureScores:
        return FigureScores(
            self.sentences + other.sentences,
            self.span + other.span,
            {name: self.fields[name] + other.fields[name] for name in FIELDS},
            self.platform + other.platform,
            self.alarms + other.alarms,
        )


EMPTY = FigureScores(0, Score(), dict.fromkeys(FIELDS, Share()), Score(), Share())


def load_sentences(folder: str | Path, split: str) -> list[FigureRow]:
    """The sentences of one split of the corpus at `folder`; raises `BadData` naming file, line and field."""
    files = sorted((Path(folder) / "figures" / split).glob("*.jsonl"))
    if not files:
        raise BadData(f"{folder}: no sentences in figures/{split}")
    return [row for file in files for _, row in read_rows(file, FigureRow, _refuse)]


def _refuse(fault: object) -> None:
    raise BadData(str(fault))


def predict(rows: Iterable[FigureRow]) -> list[Prediction]:
    """What the rules find in each sentence."""
    found = []
    for row in rows:
        platforms = find_platforms(row.text)
        found.append(
            Prediction(find_figures(row.text, platforms, section=row.section, path=row.path), platforms)
        )
    return found


def score_row(row: FigureRow, found: Prediction) -> FigureScores:
    """The scores of one sentence; an optional figure or platform counts neither when found nor when not."""
    pairs = match_figures(row.figures, found.figures)
    required = [(gold, one) for gold, one in pairs if not gold.optional]
    wanted = sum(not gold.optional for gold in row.figures)
    spans = Score(len(required), len(found.figures) - len(pairs), wanted - len(required))
    fields = {
        name: Share(sum(is_right(gold, one, name) for gold, one in required), len(required))
        for name in FIELDS
    }
    alarms = Share() if row.figures else Share(int(bool(found.figures)), 1)
    return FigureScores(1, spans, fields, score_platforms(row, found), alarms)


def score_platforms(row: FigureRow, found: Prediction) -> Score:
    """A platform is right with the right type on the right span, or on one that the gold accepts."""
    waiting = list(row.platforms)
    right = false = 0
    for one in found.platforms:
        fits = [gold for gold in waiting if gold.type == one.type and _on_place(gold, one)]
        if not fits:
            false += 1
            continue
        waiting.remove(fits[0])
        right += not fits[0].optional
    return Score(right, false, sum(not gold.optional for gold in waiting))


def is_right(gold: FigureSpan, found: Figure, name: str) -> bool:
    """Whether a field is as labelled, or one of the answers that the gold accepts."""
    value = getattr(found, name)
    return bool(value == getattr(gold, name) or value in getattr(gold, f"{name}_ok", ()))


def match_figures(gold: Sequence[FigureSpan], found: Sequence[Figure]) -> list[tuple[FigureSpan, Figure]]:
    """Pairs of equal span and negation; absences on one span are paired by object, then in order."""
    pairs: list[tuple[FigureSpan, Figure]] = []
    waiting = list(found)
    for same in (True, False):
        for one in gold:
            if any(one is paired for paired, _ in pairs):
                continue
            fitting = (
                other
                for other in waiting
                if one.negated == other.negated
                and _on_place(one, other)
                and (not same or is_right(one, other, "object"))
            )
            chosen = next(fitting, None)
            if chosen is not None:
                pairs.append((one, chosen))
                waiting.remove(chosen)
    return pairs


def _on_place(gold: FigureSpan | PlatformSpan, found: Figure | Platform) -> bool:
    if (gold.start, gold.end) == (found.start, found.end):
        return True
    return found.text in gold.text_ok and found.start < gold.end and gold.start < found.end


def _place(figure: Figure | FigureSpan) -> tuple[int, int, bool]:
    return figure.start, figure.end, figure.negated


def score_sentences(rows: Sequence[FigureRow], found: Sequence[Prediction]) -> FigureScores:
    """The scores of all sentences together."""
    return sum((score_row(row, one) for row, one in zip(rows, found, strict=True)), EMPTY)


def score_by(
    rows: Sequence[FigureRow], found: Sequence[Prediction], key: Callable[[FigureRow], str]
) -> dict[str, FigureScores]:
    """The scores by what `key` says of a sentence (trap, hand), in the order of TRAPS, then by name."""
    parts: dict[str, FigureScores] = {}
    for row, one in zip(rows, found, strict=True):
        parts[key(row)] = parts.get(key(row), EMPTY) + score_row(row, one)
    order = {trap: place for place, trap in enumerate(TRAPS)}
    return dict(sorted(parts.items(), key=lambda item: (order.get(item[0], len(order)), item[0])))


def describe_scores(scores: FigureScores) -> dict[str, float | None]:
    """The rates by name: span_precision, span_recall, span, each field, platform, alarms."""
    return {
        "span_precision": scores.span.precision,
        "span_recall": scores.span.recall,
        "span": scores.span.f1,
        **{name: scores.fields[name].rate for name in FIELDS},
        "platform": scores.platform.f1,
        "alarms": scores.alarms.rate,
    }


def find_misses(scores: FigureScores) -> list[str]:
    """The names of the aims that are not reached."""
    rates = describe_scores(scores)
    missed = [name for name, aim in AIMS.items() if (rate := rates[name]) is not None and rate < aim]
    alarms = rates["alarms"]
    return [*missed, "alarms"] if alarms is not None and alarms >= ALARM_AIM else missed


def table_rows(total: FigureScores, by_trap: dict[str, FigureScores]) -> list[list[str]]:
    """The table to print, header first: all sentences, then one row a trap; "—" for nothing to score."""
    names = ["span_precision", "span_recall", "span", *FIELDS, "platform", "alarms"]
    header = ["sentences", "n", "P", "R", "F1", *FIELDS, "platform", "alarms"]
    rows = [header]
    for label, scores in [("all", total), *by_trap.items()]:
        rates = describe_scores(scores)
        rows.append([label, str(scores.sentences), *(_print(rates[name]) for name in names)])
    return rows


def _print(rate: float | None) -> str:
    return "—" if rate is None else f"{rate:.3f}"


def find_errors(rows: Sequence[FigureRow], found: Sequence[Prediction]) -> list[str]:
    """What is wrong, one line a fault: for whoever works on the rules."""
    lines: list[str] = []
    for row, one in zip(rows, found, strict=True):
        missed = Counter(_place(figure) for figure in row.figures)
        missed.subtract(_place(figure) for figure in one.figures)
        for (start, end, _), count in missed.items():
            if count:
                word = "missed" if count > 0 else "false"
                lines.append(f"{row.id} {word} {row.text[start:end]!r} in {row.text}")
        for gold, figure in match_figures(row.figures, one.figures):
            wrong = [name for name in FIELDS if not is_right(gold, figure, name)]
            told = ", ".join(
                f"{name} {getattr(figure, name)!r} for {getattr(gold, name)!r}" for name in wrong
            )
            if told:
                lines.append(f"{row.id} {gold.text}: {told} in {row.text}")
    return lines
