"""The figures of the narrative with the clause each stands in: what the rules on the narrative read.

A frame is the clause with ■ in the figure's place. The reporting year, the year before and the year after
read 本年, 上年 and 下年 in it, so that 2022年结转 and 上年结转 are one wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from extract.patterns import late
from extract.report import Figure, Report, Unit, Value

FIGURE = "■"
# a clause longer than this is read only near the figure, so that the time stays linear in the length
REACH = 160
_STOPS = "。！？!?\n"
_BREAK = late(r"[，,；;：:。！？!?\n（(]")
_CLAUSE_END = late(r"[，,；;：:。！？!?\n、（()）]")
_CLOSED = late(r"[（(][^（()）]*[)）]")
_EMPTY = late(r"(?:其中|共计|共有|总计|合计|总共|共|为|是|有|达|计|均|也|仅|各)*")
_YEAR = late(r"(?<!\d)(20\d\d)\s*年(?:度(?!假))?")
_TOPIC = late(
    r"""复议(?:申请|案件)?|(?P<litigation>诉讼(?:案件)?|起诉|应诉)
      |(?P<requests>公开(?:的)?申请|申请公开|依申请
        |(?:收到|受理|接收|接到|新收|答复|办理|办结|件)(?:的)?(?:各类)?申请(?!人))
      |(?P<disclosed>主动公开)
      |(?P<others>建议|提案|信访|咨询|投诉|热线|留言|来信|工单
        |(?:低保|救助|补贴|补助|贷款|住房|公租房|援助|用地|建房|仲裁|调解|专利|商标|许可|业务|资格|登记)(?:的)?申请)
    """,
    re.VERBOSE,
)


class Mention(Value, frozen=True, gc=False):
    """A figure in its clause.

    `before` and `after` are the clause up to the figure and from it on; `lead` is the sentence before the
    figure, `gap` the text since the figure before it (or the start of the sentence). `topic` is what was last
    spoken of: requests, reconsideration, litigation, disclosed, others, or None. Years are folded in all.
    """

    figure: Figure
    before: str
    after: str
    lead: str
    gap: str
    topic: str | None
    sentence: int  # number of the sentence in its paragraph
    paragraph: int  # start of the paragraph in the text
    section: str
    path: str

    @property
    def frame(self) -> str:
        return f"{self.before}{FIGURE}{self.after}"

    @property
    def place(self) -> str:
        return f"{self.figure.start}:{self.figure.end}"


def find_mentions(report: Report, units: Mapping[str, Unit], year: int | None) -> tuple[Mention, ...]:
    """The figures of the report in text order, each with its clause; `units` by id."""
    text = report.text
    figures = [one for one in report.figures if 0 <= one.start < one.end <= len(text)]
    figures.sort(key=lambda one: (one.start, one.end))
    paragraphs = groupby(figures, key=lambda one: text.rfind("\n", 0, one.start) + 1)
    return tuple(
        one
        for start, group in paragraphs
        for one in _read_paragraph(report.text, units, list(group), (start, year))
    )


def _read_paragraph(
    text: str, units: Mapping[str, Unit], figures: list[Figure], begins: tuple[int, int | None]
) -> Iterator[Mention]:
    start, year = begins
    end = text.find("\n", figures[-1].end)
    end = len(text) if end < 0 else end
    topic, sentence, since, last_end, gap_start = None, 0, start, start, start
    for number, figure in enumerate(figures):
        if figure.start >= last_end:
            stop = _last_stop(text, last_end, figure.start)
            if stop >= 0:
                sentence, since = sentence + 1, stop + 1
            gap_start = max(last_end, since)
            last_end = figure.end
        unit = units.get(figure.unit_id or "")
        gap = fold_years(text[max(gap_start, figure.start - REACH) : figure.start], year)
        topic = _topic(gap) or topic
        following = _next_start(figures, number, end)
        yield Mention(
            figure=figure,
            before=_clause_before(gap),
            after=_clause_after(fold_years(text[figure.end : min(following, figure.end + REACH)], year)),
            lead=fold_years(text[max(since, figure.start - REACH) : figure.start], year),
            gap=gap,
            topic=topic,
            sentence=sentence,
            paragraph=start,
            section=unit.section if unit else "overview",
            path="/".join(unit.path) if unit else "",
        )


def _next_start(figures: list[Figure], number: int, end: int) -> int:
    for place in range(number + 1, len(figures)):  # figures that share a span are few
        if figures[place].start >= figures[number].end:
            return figures[place].start
    return end


def _last_stop(text: str, start: int, end: int) -> int:
    return max(text.rfind(mark, start, end) for mark in _STOPS)


def fold_years(text: str, year: int | None) -> str:
    """`text` with the reporting year and its neighbours as 本年, 上年, 下年.

    >>> fold_years("2022年结转2件，2023年度新收", 2023)
    '上年结转2件，本年新收'
    """
    if year is None or "20" not in text:
        return text
    names = {year - 1: "上年", year: "本年", year + 1: "下年"}
    return _YEAR.sub(lambda found: names.get(int(found.group(1)), found.group()), text)


def _clause_before(gap: str) -> str:
    """The clause that leads to a figure: from the last break of `gap` that leaves words.

    >>> _clause_before("2023年，我局共收到公开申请（含上年结转），共计")
    '我局共收到公开申请共计'
    """
    text = "".join(_CLOSED.sub("", gap).split())
    breaks = [found.start() for found in _BREAK.finditer(text)]
    for at in reversed(breaks):
        words = _BREAK.sub("", text[at + 1 :])
        if not _EMPTY.fullmatch(words):
            return words
    return _BREAK.sub("", text)


def _clause_after(text: str) -> str:
    found = _CLAUSE_END.search(text)
    return "".join((text[: found.start()] if found else text).split())


def _topic(gap: str) -> str | None:
    topic = None
    for found in _TOPIC.finditer(gap):
        topic = found.lastgroup or "reconsideration"
    return topic


def by_paragraph(mentions: Iterable[Mention]) -> Iterator[list[Mention]]:
    """The mentions of each paragraph, in order."""
    for _, group in groupby(mentions, key=lambda one: one.paragraph):
        yield list(group)
