"""The words of all editions' tables: printed text → the statutory labels that it may be.

Order of trust: the same words; the same words without notes; a known variant or misprint; a part of a label
(cut, or wrapped over lines); an edit distance that leaves one label alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from operator import ne
from typing import Literal, NamedTuple

from extract.fold import Folded, fold_label, fold_words, misprints_note
from extract.forms import Form, FormBand, FormColumn, FormRow, FormTable, load_forms
from extract.patterns import late
from extract.report import Value
from extract.tables.damaged import LOST, find_damaged

Role = Literal["row", "column", "group", "stem", "band", "corner", "subtotal", "span"]
How = Literal["exact", "near", "part", "near_part", "none"]

_UNIT_TAIL = late(r"(?:计量)?(?:单位)?(?:万元|元|件|条|个|项)$")
_JOINT = late(r"\s*[—–\-－:：/／·>＞→]+\s*(?=\S)|\s*(?=\d{1,2}\s?[.．、]\D)")
MOST_EDITS = 6  # by which a misprinted label may differ
_STOPS = frozenset("。；！？")
LONGEST = 90  # folded characters; the longest statutory label has 39, with its local note 60


class Term(Value, frozen=True, gc=False):
    """A statutory label: what it names, in which editions, and how it is printed there.

    `order` is its place on paper within its table; `flat` its words with notes, `core` without. A stem is a
    label over several columns, a group one over several rows, a span one over nearly all rows.
    """

    table: str
    role: Role
    id: str
    band: str
    group: str | None
    editions: frozenset[str]
    statutory: str
    flat: str
    core: str
    note: str
    number: int | None
    bracketed: bool
    order: int


class Reading(NamedTuple):
    """What a printed text may be: the terms, and how they were recognised.

    `exact`: whole, in the form's words · `near`: whole, by edit distance or a known misprint · `part`: the
    beginning of the terms' labels · `near_part`: nearly their beginning · `none`.
    """

    how: How
    terms: tuple[Term, ...]
    folded: Folded
    misprinted: bool = False

    @property
    def whole(self) -> bool:
        return self.how in ("exact", "near")


class Vocabulary(NamedTuple):
    """All terms, by folded words; `pieces` holds every label's words once, to look for fragments in."""

    exact: dict[str, tuple[Term, ...]]
    misprints: dict[str, tuple[Term, ...]]
    parts: dict[str, tuple[Term, ...]]
    names: tuple[str, ...]
    pieces: dict[str, str]
    spans: dict[str, str]
    editions: tuple[str, ...]


@cache
def load_vocabulary() -> Vocabulary:
    """The vocabulary of every edition there is."""
    return build_vocabulary(load_forms())


def build_vocabulary(forms: tuple[Form, ...]) -> Vocabulary:
    """The vocabulary of some editions."""
    terms = tuple(_merge(term for form in forms for table in form.tables for term in _terms(form, table)))
    variants = [pair for form in forms for pair in _variants(form, terms)]
    exact = _index((word, term) for term in terms for word in {term.flat, term.core})
    exact = _index([*((word, term) for word, found in exact.items() for term in found), *variants])
    misprints = _index(_misprints(forms, terms))
    parts = _index(
        (word[:size], term) for word, found in exact.items() for term in found for size in range(1, len(word))
    )
    pieces = {
        table: "\n".join(word for word, found in exact.items() if any(term.table == table for term in found))
        for table in {term.table for term in terms}
    }
    spans = {
        table: "\n".join(
            term.flat for term in terms if term.table == table and term.role in ("span", "group")
        )
        for table in pieces
    }
    return Vocabulary(
        exact, misprints, parts, tuple(exact), pieces, spans, tuple(form.edition for form in forms)
    )


@lru_cache(maxsize=8192)
def read_label(text: str) -> Reading:
    """The terms that `text` may stand for, by its words alone (no edit distance).

    >>> [term.id for term in read_label("(六)其它处理").terms]
    ['other', '（六）其他处理']
    >>> read_label("本年新").how
    'part'
    """
    folded = fold_label(text)
    if not folded.flat or len(folded.flat) > LONGEST:
        return Reading("none", (), folded)
    words = load_vocabulary()
    if "勾稽" in folded.flat:
        return Reading("exact", tuple(term for term in words.exact.get(_RULE, ())), folded)
    for word in _candidates(folded):
        terms = words.exact.get(word)
        if terms and word != folded.flat and terms[0].role == "stem":  # 行政诉讼（夏议后起诉） says more
            near = guess_label(text, terms[0].table)
            return near if near.how == "near" else Reading("exact", terms, folded)
        if terms:
            longer = _longer_rows(folded, terms) if folded.number is not None else ()
            if longer:
                return Reading("part", longer, folded)
            return Reading("exact", terms, folded, _note_misprinted(folded, terms))
        terms = words.misprints.get(word)
        if terms:
            return Reading("near", terms, folded, misprinted=True)
    joined = _read_joined(text)
    if joined is not None:
        return joined
    terms = words.parts.get(folded.flat)
    return Reading("part", terms, folded) if terms else Reading("none", (), folded)


def _longer_rows(folded: Folded, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """The rows of that number whose labels go on behind the words, then the terms: 2.其他 is no 3.其他."""
    if any(term.number == folded.number for term in terms):
        return ()
    parts = load_vocabulary().parts.get(folded.flat, ())
    longer = [term for term in parts if term.role == "row" and term.number == folded.number]
    return (*longer, *terms) if longer else ()


def _read_joined(text: str) -> Reading | None:
    """A row's label behind that of its group or span in one cell: （三）不予公开—1.属于国家秘密."""
    for joint in _JOINT.finditer(text):
        left = read_label(text[: joint.start()])
        over = {term.id for term in left.terms if term.role == "group"}
        if left.how != "exact" or not (over or any(term.role == "span" for term in left.terms)):
            continue
        right = read_label(text[joint.end() :])
        rows = tuple(term for term in right.terms if term.role == "row" and (not over or term.group in over))
        if right.how == "exact" and rows:
            return right._replace(terms=rows)
    return None


@lru_cache(maxsize=4096)
def guess_label(text: str, table: str | None) -> Reading:
    """The one term that `text` misprints, by edit distance; `none` where two terms are as near.

    >>> guess_label("本年度止件数", "proactive").terms[0].statutory
    '本年废止件数'
    """
    folded = fold_label(text)
    lost = LOST in text
    if (len(folded.core) < 3 and not lost) or len(folded.flat) > LONGEST:
        return Reading("none", (), folded)
    for word in dict.fromkeys((folded.flat, folded.flat if lost else folded.core)):
        name = (find_damaged(text, _names(table)) if lost else None) or _nearest(word, table)
        if name is not None:
            terms = load_vocabulary().exact[name]
            own = tuple(term for term in terms if table is None or term.table == table)
            return Reading("near", own, folded, misprinted=True)
    return _guess_part(folded, table)


@cache
def _names(table: str | None) -> tuple[str, ...]:
    """The folded labels of a table, or of all."""
    words = load_vocabulary()
    return tuple(
        name
        for name in words.names
        if table is None or any(term.table == table for term in words.exact[name])
    )


@lru_cache(maxsize=512)
def _names_as_long(table: str | None, length: int, most: int) -> tuple[str, ...]:
    """Those of them whose length differs by so many at most."""
    return tuple(name for name in _names(table) if abs(len(name) - length) <= most)


def in_table(reading: Reading, table: str | None) -> Reading:
    """The reading within a table, where the text may be a label there or the beginning of one.

    A whole label of another table is one too (but 其他 begins 其他结果 in a table without it), a part is not.
    """
    own = tuple([term for term in reading.terms if term.table == table])
    if own:
        return reading if len(own) == len(reading.terms) else reading._replace(terms=own)
    parts = load_vocabulary().parts.get(reading.folded.flat, ())
    own = tuple(term for term in parts if term.table == table)
    if own:
        return Reading("part", own, reading.folded)
    return reading if reading.whole else reading._replace(terms=())


def is_known(flat: str) -> bool:
    """Whether the folded text is a label or the beginning of one."""
    words = load_vocabulary()
    return flat in words.exact or flat in words.parts


def is_fragment(flat: str, table: str | None) -> bool:
    """Whether the folded text stands anywhere inside a label of that table."""
    return table is not None and flat in load_vocabulary().pieces.get(table, "")


def is_span_fragment(flat: str, table: str | None) -> bool:
    """Whether the folded text is a piece of a label that is set beside many rows (三、本年度办理结果)."""
    return table is not None and flat in load_vocabulary().spans.get(table, "")


def is_sentence(text: str) -> bool:
    """Whether `text` ends or parts sentences, as no label does outside its notes."""
    return not _STOPS.isdisjoint(text)


_RULE = fold_words("本列数据的勾稽关系为第一项加第二项之和等于第三项加第四项之和")


def _note_misprinted(folded: Folded, terms: tuple[Term, ...]) -> bool:
    return bool(folded.note) and all(misprints_note(folded.flat, term.core, term.note) for term in terms)


def _candidates(folded: Folded) -> Iterator[str]:
    yield folded.flat
    if folded.core and folded.core != folded.flat:
        yield folded.core
    tail = _UNIT_TAIL.search(folded.core)
    if tail is not None and tail.start() > 1:
        yield folded.core[: tail.start()]


def _nearest(word: str, table: str | None) -> str | None:
    allowed = _tolerance(len(word))
    names = _names_as_long(table, len(word), allowed + 1) if allowed else ()
    if not names:
        return None
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    found = process.extract(word, names, scorer=Levenshtein.distance, score_cutoff=allowed + 1, limit=3)
    if not found or found[0][1] > min(allowed, _tolerance(len(found[0][0]))):
        return None
    rivals = [name for name, distance, _ in found[1:] if distance <= found[0][1] and name != found[0][0]]
    return None if rivals else str(found[0][0])


def _tolerance(length: int) -> int:
    """Edits that a label of that many characters may differ by: one in three or four, a quarter of more."""
    return 0 if length < 3 else 1 if length < 5 else min(max(2, length // 4), MOST_EDITS)


def _guess_part(folded: Folded, table: str | None) -> Reading:
    """The one label that begins with the words, but for one letter: one half of them is as printed."""
    word = folded.flat
    if len(word) < 5:
        return Reading("none", (), folded)
    middle = len(word) // 2
    head, tail = word[:middle], word[middle:]
    near = [
        name
        for name in _names(table)
        if len(name) > len(word)
        and (name.startswith(head) or name.startswith(tail, middle))
        and sum(map(ne, word, name)) <= 1
    ]
    if len(near) != 1:
        return Reading("none", (), folded)
    terms = tuple(term for term in load_vocabulary().exact[near[0]] if table is None or term.table == table)
    return Reading("near_part", terms, folded, misprinted=True)


def _terms(form: Form, table: FormTable) -> Iterator[Term]:
    order = 0
    for corner in table.corners:
        yield _term(form, table, "corner", corner, corner, order=order)
    for label in table.subtotals:
        yield _term(form, table, "subtotal", label, label, order=order)
    for label in table.spans:
        yield _term(form, table, "span", label, label, order=order)
    for band in table.bands:
        if band.label is not None:
            yield _term(form, table, "band", band.id, band.label, band=band.id, order=order)
        for term in _band_terms(form, table, band, order):
            order += 1
            yield term


def _band_terms(form: Form, table: FormTable, band: FormBand, order: int) -> Iterator[Term]:
    row_group: Role = "stem" if table.rows_across else "group"
    groups: dict[str, Role] = {row.group: row_group for row in band.rows if row.group}
    groups |= {column.group: "stem" for column in band.columns if column.group}
    for label, role in groups.items():
        yield _term(form, table, role, label, label, order=order)
    for column in band.columns:
        yield _term(form, table, "column", column.id, column.label, group=column.group, order=order)
    for number, row in enumerate(band.rows):
        yield _term(
            form, table, "row", row.id, row.label, band=band.id, group=row.group, order=order + number
        )


def _term(
    form: Form,
    table: FormTable,
    role: Role,
    ident: str,
    label: str,
    *,
    order: int,
    band: str = "",
    group: str | None = None,
) -> Term:
    folded = fold_label(label)
    return Term(
        table=table.id,
        role=role,
        id=ident,
        band=band,
        group=group,
        editions=frozenset([form.edition]),
        statutory=label,
        flat=folded.flat,
        core=folded.flat if role == "band" else folded.core,
        note="" if role == "band" else folded.note,
        number=folded.number,
        bracketed=folded.bracketed,
        order=order,
    )


def _merge(terms: Iterable[Term]) -> Iterator[Term]:
    """Each label once, with all the editions that have it; a column once whatever bands it stands in."""
    from msgspec.structs import replace

    found: dict[tuple[str, str, str, str, str], Term] = {}
    for term in terms:
        key = (term.table, term.role, term.id, "" if term.role == "column" else term.band, term.flat)
        known = found.get(key)
        found[key] = term if known is None else replace(known, editions=known.editions | term.editions)
    return iter(found.values())


def _variants(form: Form, terms: tuple[Term, ...]) -> Iterator[tuple[str, Term]]:
    for table in form.tables:
        for band in table.bands:
            labelled: tuple[FormRow | FormColumn, ...] = (*band.rows, *band.columns)
            for one in labelled:
                meant = [term for term in terms if term.table == table.id and term.statutory == one.label]
                for variant in one.variants:
                    folded = fold_label(variant)
                    yield from ((word, term) for term in meant for word in {folded.flat, folded.core})


def _misprints(forms: tuple[Form, ...], terms: tuple[Term, ...]) -> Iterator[tuple[str, Term]]:
    for form in forms:
        for misprint in form.misprints:
            meant = fold_label(misprint.means).flat
            found = [
                term for term in terms if meant in (term.flat, term.core) and form.edition in term.editions
            ]
            yield from ((fold_label(misprint.label).flat, term) for term in found)


def _index(pairs: Iterable[tuple[str, Term]]) -> dict[str, tuple[Term, ...]]:
    index: dict[str, dict[Term, None]] = {}
    for word, term in pairs:
        index.setdefault(word, {})[term] = None
    return {word: tuple(found) for word, found in index.items()}
