"""Text of a unit → its figures: every count, amount, rate and stated absence, with all fields.

numbers (scan) → which of them are figures, shared counting words (lists) → clause model (clauses) → object,
channel and metric (reading); stated absences beside. Offsets are into the text given.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.figures.absences import Absence, find_absences, find_negators
from extract.figures.clauses import Clauses
from extract.figures.context import find_topic
from extract.figures.knowledge import load_words
from extract.figures.lists import select_counts
from extract.figures.metrics import Evidence, find_metric
from extract.figures.reading import read_counts
from extract.figures.scan import Candidate, find_candidates, find_numbers
from extract.patterns import join_texts, part_places
from extract.report import Figure, Platform

__all__ = ["find_all_figures", "find_figures", "find_topic"]


def find_all_figures(
    texts: Sequence[str], platforms: Sequence[Sequence[Platform]], sections: Sequence[str | None]
) -> list[tuple[Figure, ...]]:
    """What `find_figures` finds in each of the texts; where one can begin is looked for in all at once.

    `platforms` and `sections` are those of each text; see `find_topic` for the sections.

    >>> found = find_all_figures(["加强学习", "举办培训3次"], [(), ()], ["overview", "overview"])
    >>> [[one.text for one in each] for each in found]
    [[], ['3次']]
    """
    joined, starts = join_texts(texts)
    numbers = part_places(starts, find_numbers(joined))
    negators = part_places(starts, find_negators(joined))
    candidates = [find_candidates(text, places) if places else [] for text, places in zip(texts, numbers)]
    counts = [select_counts(text, found) if found else [] for text, found in zip(texts, candidates)]
    absences = [find_absences(text, places) if places else [] for text, places in zip(texts, negators)]
    return list(map(_read, texts, counts, absences, platforms, sections))


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
    if platforms is None:
        from extract.platforms import find_platforms

        platforms = find_platforms(text)
    return find_all_figures([text], [platforms], [find_topic(section, path)])[0]


def _read(
    text: str,
    counts: list[Candidate],
    absences: list[Absence],
    platforms: Sequence[Platform],
    section: str | None,
) -> tuple[Figure, ...]:
    """The figures of the counts and stated absences of a text, in text order."""
    if counts and absences:
        counts, absences = _part(counts, absences)
    if not counts and not absences:
        return ()
    figures = read_counts(Clauses(text, platforms), counts, section or "") if counts else []
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
    channel = _find_own_channel(text, platforms, thing, absence.end) if thing and platforms else None
    verb = load_words().by_word.get(absence.verb, "")
    said = thing or absence.tail
    metric, _ = find_metric(
        Evidence(thing or said, said, absence.tail, verb, "", "absence", channel or "", section)
    )
    start, end = absence.start, absence.end
    return Figure(text[start:end], start, end, 0, None, "exact", 0, 0, True, absence.object, metric, channel)


def _find_own_channel(text: str, platforms: Sequence[Platform], thing: str, start: int) -> str | None:
    """The one channel that the thing denied, looked for from `start`, names."""
    place = text.find(thing, start)
    types = {one.type for one in platforms if place <= one.start and one.end <= place + len(thing)}
    return types.pop() if place >= 0 and len(types) == 1 else None
