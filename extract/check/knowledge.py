"""What the checks know, from data/checks.toml: which wording repeats which cells, and what stands apart."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal

import msgspec

from extract.datafiles import read_as
from extract.errors import BadData
from extract.forms import load_forms
from extract.report import Value


class Claim(Value, frozen=True, gc=False):
    """A wording that repeats cells of the tables.

    `frames` are matched on the clause of a figure with ■ in the figure's place; `never` shuts a clause out.
    `needs` names the topic that must be under way, `values` the sums of cells any of which agrees. Each frame
    holds one of `clues` as it stands, so that most clauses are passed over without a pattern.
    """

    id: str
    frames: tuple[str, ...]
    values: tuple[str, ...]
    clues: tuple[str, ...]
    needs: str | None = None
    never: str | None = None
    examples: tuple[str, ...] = ()
    counter: tuple[str, ...] = ()


class Absence(Value, frozen=True, gc=False):
    """A denial that the tables can contradict: what is denied, what shuts it out, which cells must be 0."""

    id: str
    object: str
    values: tuple[str, ...]
    needs: str | None = None
    never: str | None = None
    examples: tuple[str, ...] = ()
    counter: tuple[str, ...] = ()


class Word(Value, frozen=True, gc=False):
    """Words in a list before or after a number, and the sums of cells they stand for."""

    words: tuple[str, ...]
    values: tuple[str, ...]


class Stock(Value, frozen=True, gc=False):
    """Words for what became of documents that were just counted, and the sums of cells they stand for.

    `of` is the beginning of the claims that the count before must be one of.
    """

    of: str
    words: tuple[str, ...]
    values: tuple[str, ...]


class Scope(Value, frozen=True, gc=False):
    """Wording that takes a figure out of the year's own totals, and why."""

    id: str
    pattern: str
    examples: tuple[str, ...] = ()
    counter: tuple[str, ...] = ()


class Knowledge(Value, frozen=True):
    """The whole of data/checks.toml."""

    not_outcomes: tuple[str, ...]
    outcome_groups: tuple[str, ...]
    claims: tuple[Claim, ...] = msgspec.field(name="claim")
    absences: tuple[Absence, ...] = msgspec.field(name="absence")
    outcomes: tuple[Word, ...] = msgspec.field(name="outcome")
    applicants: tuple[Word, ...] = msgspec.field(name="applicant")
    results: tuple[Word, ...] = msgspec.field(name="result")
    stocks: tuple[Stock, ...] = msgspec.field(name="stock")
    scopes: tuple[Scope, ...] = msgspec.field(name="scope")

    def column_name(self, table: str, column: str) -> str:
        """The statutory label of a column, its id where no edition has it."""
        return _labels()[0].get((table, column), column)

    def row_name(self, table: str, row: str, printed: str | None = None) -> str:
        """The label of a row as printed, else the statutory one, else its id."""
        return (printed or _labels()[1].get((table, row), row)).replace("\n", "")


@cache
def load_knowledge() -> Knowledge:
    """data/checks.toml. Raises `BadData` naming the entry and the key that break its schema."""
    return read_as("checks.toml", Knowledge)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of the data file, compiled once; `BadData` where it is none."""
    try:
        return re.compile(pattern)
    except re.error as error:
        raise BadData(f"data/checks.toml: pattern {pattern!r}: {error}") from error


def claim_fits(claim: Claim, frame: str) -> bool:
    """Whether a clause with ■ for its figure has the wording of a claim."""
    for clue in claim.clues:
        if clue in frame:
            break
    else:
        return False
    if not any(compiled(one).search(frame) for one in claim.frames):
        return False
    return claim.never is None or not compiled(claim.never).search(frame)


def absence_fits(absence: Absence, named: str, clause: str) -> bool:
    """Whether a denial of `named` in `clause` is this one."""
    if not compiled(absence.object).search(named):
        return False
    if absence.needs is not None and not compiled(absence.needs).search(clause):
        return False
    return absence.never is None or not compiled(absence.never).search(clause)


@cache
def any_word(
    kind: Literal["outcomes", "applicants", "results"],
) -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """A pattern that finds the words of a kind, longest first, and the cells each stands for."""
    words: tuple[Word, ...] = getattr(load_knowledge(), kind)
    cells = {word: entry.values for entry in words for word in entry.words}
    longest_first = sorted(cells, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), cells


@cache
def any_clue() -> re.Pattern[str]:
    """A pattern that finds a clue of any claim."""
    return re.compile(
        "|".join(sorted({re.escape(clue) for one in load_knowledge().claims for clue in one.clues}))
    )


@cache
def _labels() -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    columns: dict[tuple[str, str], str] = {}
    rows: dict[tuple[str, str], Any] = {}
    for form in load_forms():
        for table in form.tables:
            for band in table.bands:
                columns.update({(table.id, column.id): column.label for column in band.columns})
                rows.update({(table.id, row.id): row.label for row in band.rows})
    return columns, rows
