"""Text of a unit → its figures: every count, amount, rate and stated absence, with all fields.

numbers (scan) → which of them are figures, shared counting words (lists) → clause model → object, channel, metric;
stated absences beside. Offsets are into the text given.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.figures.absences import Absence, find_absences
from extract.figures.clauses import Clauses
from extract.figures.lists import Listed, select_counts
from extract.figures.metrics import Evidence, find_metric
from extract.figures.reading import read_counts
from extract.figures.scan import find_candidates
from extract.report import Figure, Platform

__all__ = ["find_figures"]


def find_figures(
    text: str,
    platforms: Sequence[Platform] | None = None,
    *,
    section: str | None = None,
    path: Sequence[str] = (),
) -> tuple[Figure, ...]:
    """Every figure in text order. `platforms` are the mentions in `text` (found here where None).

    `section` and `path` (the headings above) help where the sentence itself does not say what is counted.

    >>> one = find_figures("在微信公众号推送信息140余条。")[0]
    >>> one.text, one.value, one.unit, one.bound, one.object, one.metric, one.channel
    ('140余条', 140, '条', 'more', '信息', 'wechat_items', 'wechat')
    """
    counts = select_counts(text, find_candidates(text))
    absences = find_absences(text)
    if not counts and not absences:
        return ()
    if platforms is None:
        from extract.platforms import find_platforms

        platforms = find_platforms(text)
    clauses = Clauses(text, platforms)
    figures = read_counts(clauses, counts, section or "", path)
    taken = [(one.start, one.end) for one in figures]
    figures.extend(_deny(clauses, one, section or "") for one in absences if not _touches(one, taken))
    figures.sort(key=lambda one: (one.start, one.end))
    return tuple(figures)


def _touches(absence: Absence, taken: list[tuple[int, int]]) -> bool:
    return any(absence.start < end and start < absence.end for start, end in taken)


def _deny(clauses: Clauses, absence: Absence, section: str) -> Figure:
    """The figure of a stated absence."""
    thing = absence.object or ""
    channel = None
    evidence = Evidence(thing, thing or absence.tail, absence.tail, "", "", "absence", "", section)
    metric, _ = find_metric(evidence)
    return Figure(
        text=clauses.text[absence.start : absence.end],
        start=absence.start,
        end=absence.end,
        value=0,
        unit=None,
        bound="exact",
        low=0,
        high=0,
        negated=True,
        object=absence.object,
        metric=metric,
        channel=channel,
    )


Count = Listed
