"""Tables of one column that are printed with several: this year's and last year's, or one an agency.

The form's column is then not named by its own label. It is the latest of some years (no report counts a year
that is yet to come), this year's beside last year's, or the total beside those that make it up.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from extract.fold import fold_words
from extract.patterns import late
from extract.tables.composed import single_tables
from extract.tables.marks import Mark
from extract.tables.vocabulary import Term, load_vocabulary

_YEAR = late(r"((?:19|20)\d\d)年度?(?:统计|实际|完成)?(?:数量?|数据|数值|值|情况)?")
_THIS = late(r"(?:本年度?|本期|今年|当年|报告期)(?:统计|累计|实际|完成)?(?:数量?|数据|数值|值)?")
_TOTAL = late(r"(?:全[省市州县区旗镇乡]|本[省市州县区旗镇乡])?(?:合|总|共)计(?:数量?)?")


def name_column(marks: Sequence[Mark]) -> list[Mark] | None:
    """The marks of a header's line with that of the form's one column told as such, the others as text.

    None where it is no header of such a table, names the column itself, or does not show which it is.
    """
    corner = next((at for at, mark in enumerate(marks) if _is_corner(mark)), None)
    if corner is None:
        return None
    table = marks[corner].terms[0].table
    heads = [mark for mark in marks[corner:] if not _is_corner(mark) and mark.kind != "slot"]
    if not heads or any(term.table == table for mark in heads for term in mark.terms):
        return None
    chosen = find_column([fold_words(mark.printed) for mark in heads])
    if chosen is None:
        return None
    named = {id(mark): _as_text(mark) for mark in heads}
    named[id(heads[chosen])] = _as_column(heads[chosen], table)
    return [named.get(id(mark), mark) for mark in marks]


def find_column(heads: Sequence[str]) -> int | None:
    """Which of the heads, folded, is over the numbers of the report's year and of all who are in it.

    >>> find_column(["2016年", "2015年"]), find_column(["甲局", "合计"])
    (0, 1)
    >>> find_column(["上年数", "本年数", "增减"]), find_column(["甲局", "乙局"])
    (1, None)
    """
    years = {at: year[1] for at, head in enumerate(heads) if (year := _YEAR.fullmatch(head))}
    if years:
        latest = [at for at, year in years.items() if year == max(years.values())]
        return latest[0] if len(latest) == 1 else None
    for pattern in (_THIS, _TOTAL):
        found = [at for at, head in enumerate(heads) if pattern.fullmatch(head)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _is_corner(mark: Mark) -> bool:
    return any(term.role == "corner" and term.table in single_tables() for term in mark.terms)


def _as_text(mark: Mark) -> Mark:
    return Mark("text", mark.pieces, mark.row, flat=mark.flat)


def _as_column(mark: Mark, table: str) -> Mark:
    return Mark("label", mark.pieces, mark.row, _column_terms(table), whole=True, flat=mark.flat)


@cache
def _column_terms(table: str) -> tuple[Term, ...]:
    """What the one column of a table is called in the form."""
    found = [
        term
        for terms in load_vocabulary().exact.values()
        for term in terms
        if term.table == table and term.role == "column"
    ]
    return tuple(dict.fromkeys(found))
