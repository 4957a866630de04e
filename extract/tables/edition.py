"""Which edition of the form the labels follow: told by those labels that not all editions have."""

from __future__ import annotations

from collections import Counter, defaultdict

from extract.forms import Form, FormTable
from extract.tables.entries import Found
from extract.tables.marks import Mark
from extract.tables.vocabulary import Term


def choose_editions(found: Found, forms: tuple[Form, ...]) -> tuple[dict[str, str], str | None]:
    """The edition of each table that has labels, and the report's; where labels do not tell, the report's."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    having = {table.id: _having(forms, table.id) for form in forms for table in form.tables}
    for mark, terms, _ in found.labels:
        if terms:
            _vote(votes[terms[0].table], mark, terms, having[terms[0].table])
    for entry in found.entries:
        if entry.terms and entry.filled:
            _vote(votes[entry.table], entry.mark, entry.terms, having[entry.table])
    overall = choose_form(votes)
    chosen: dict[str, str] = {}
    for table, counts in votes.items():
        best = _best(counts)
        chosen[table] = best or (overall if overall in having[table] else having[table][-1])
    return chosen, overall


def choose_form(votes: dict[str, Counter[str]]) -> str | None:
    """The edition that most tables speak for; an annex of one table gives way to a form of several."""
    tables: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    for counts in votes.values():
        best = _best(counts)
        if best is not None:
            tables[best] += 1
            labels.update(counts)
    if not tables:
        return None
    return max(tables, key=lambda edition: (tables[edition], edition, labels[edition]))


def form_table(forms: tuple[Form, ...], edition: str, table: str) -> FormTable | None:
    """The table in that edition, or None where the edition lacks it."""
    return next(
        (one for form in forms if form.edition == edition for one in form.tables if one.id == table), None
    )


def _having(forms: tuple[Form, ...], table: str) -> list[str]:
    return [form.edition for form in forms if any(one.id == table for one in form.tables)]


def _vote(counts: Counter[str], mark: Mark, terms: tuple[Term, ...], having: list[str]) -> None:
    if not mark.whole or len(having) == 1:
        counts.update(having if len(having) == 1 else [])
        return
    editions = terms[0].editions if len(terms) == 1 else frozenset().union(*(term.editions for term in terms))
    if len(editions) < len(having):
        counts.update(editions)


def _best(counts: Counter[str]) -> str | None:
    """The edition with most votes, or None at a tie."""
    ((edition, most), *rest) = counts.most_common(2) or [("", 0)]
    return edition if most and (not rest or rest[0][1] < most) else None
