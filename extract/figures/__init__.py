"""Text of a unit → its figures: every count, amount, rate and stated absence, with all fields.

numbers (scan) → which of them are figures, shared counting words (lists) → clause model (clauses) → object,
channel and metric (reading); stated absences beside. Offsets are into the text given.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.figures.absences import Absence, find_absences
from extract.figures.clauses import Clauses
from extract.figures.knowledge import load_negators, load_words
from extract.figures.lists import select_counts
from extract.figures.metrics import Evidence, find_metric
from extract.figures.reading import read_counts
from extract.figures.scan import Candidate, find_candidates, load_first
from extract.patterns import join_texts, tell_texts
from extract.report import Figure, Platform

__all__ = ["find_figures", "tell_stating"]


def tell_stating(texts: Sequence[str]) -> set[int]:
    """The numbers of the texts that may state a figure: all others have neither count nor absence.

    >>> tell_stating(["加强学习", "举办培训3次", "未收到申请"])
    {1, 2}
    """
    joined, starts = join_texts(texts)
    places = [match.start() for match in load_first().finditer(joined) if match.lastindex is None]
    places += [match.start() for match in load_negators().first.finditer(joined)]
    return tell_texts(starts, places)


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
    if counts and absences:
        counts, absences = _part(counts, absences)
    if not counts and not absences:
        return ()
    if platforms is None:
        from extract.platforms import find_platforms

        platforms = find_platforms(text)
    figures = read_counts(Clauses(text, platforms, counts), counts, section or "") if counts else []
    if absences:
        figures += [_deny(text, platforms, one, section or "") for one in absences]
        figures.sort(key=_place)
    return tuple(figures)


def _place(figure: Figure) -> tuple[int, int]:
    return figure.start, figure.end


def _part(counts: list[Candidate], absences: list[Absence]) -> tuple[list[Candidate], list[Absence]]:
    """Neither touches the other: 为0件 is a count; in 未发生一起投诉 the number only stresses the absence."""
    stressed = {one.end for one in absences}
    counts = [one for one in counts if not (one.start in stressed and one.numeral.value == 1)]
    zeros = {one.end for one in absences if one.end - one.start > 1}
    counts = [one for one in counts if not (one.end in zeros and one.stands == "bare")]
    covered = {place for one in counts for place in range(one.start, one.end)}
    return counts, [one for one in absences if covered.isdisjoint(range(one.start, one.end))]


def _deny(text: str, platforms: Sequence[Platform], absence: Absence, section: str) -> Figure:
    """The figure of a stated absence."""
    thing = absence.object or ""
    place = text.find(thing, absence.end) if thing and platforms else -1
    types = {one.type for one in platforms if place <= one.start and one.end <= place + len(thing)}
    channel = types.pop() if place >= 0 and len(types) == 1 else None
    verb = load_words().by_word.get(absence.verb, "")
    said = thing or absence.tail
    metric, _ = find_metric(Evidence(thing, said, absence.tail, verb, "", "absence", channel or "", section))
    return Figure(
        text=text[absence.start : absence.end],
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
