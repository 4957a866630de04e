"""The figures of the narrative with the clause each stands in: what the rules on the narrative read.

A frame is the clause with ■ in the figure's place. The reporting year, the year before and the year after
read 本年, 上年 and 下年 in it, so that 2022年结转 and 上年结转 are one wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import copy
from itertools import groupby
from operator import attrgetter

from extract.patterns import find_from, late
from extract.report import Figure, Number, Report, Unit

FIGURE = "■"
# a clause longer than this is read only near the figure, so that the time stays linear in the length
REACH = 160
_STOPS = "。！？!?"
_SEPARATORS = tuple("、，,；;和与及")
_BREAK = late(r"[，,；;：:。！？!?\n（(]")
_CLAUSE_END = late(r"[，,；;：:。！？!?\n、（()）]")
_CLOSED = late(r"[（(][^（()）]*[)）]")
_EMPTY = late(r"(?:其中|共计|共有|总计|合计|总共|共|为|是|有|达|计|均|也|仅|各)*")
_YEAR = late(r"(?<!\d)(20\d\d)\s*年(?:度(?!假))?")
_ROUNDED = late(r"\d(?:[.．](\d+))?([万亿])(?![\d一二三四五六七八九])")
_TOPIC = late(
    r"""复议(?:申请|案件)?|(?P<litigation>诉讼(?:案件)?|起诉|应诉)
      |(?P<requests>公开(?:的)?申请|申请公开|依申请
        |(?:收到|受理|接收|接到|新收|答复|办理|办结|件)(?:的)?申请(?!人))
      |(?P<disclosed>主动公开)
      |(?P<others>行政(?:许可|处罚|审批|检查)(?!类)|建议|提案|信访|咨询|投诉|热线|留言|来信|工单
        |(?:低保|救助|补贴|补助|贷款|住房|公租房|援助|用地|建房|仲裁|调解|专利|商标|许可|业务|资格|登记)(?:的)?申请)
    """,
    re.VERBOSE,
)
_TOPIC_FIRST = late("[行复诉起应公申依收受接新答办件主建提信咨投热留来工低救补贷住援用仲调专商许业资登]")


class Paragraph:
    """A paragraph of the narrative that holds figures: where it starts in `text`; `year` is the report's.

    `gaps` are what stands before each of the figures.
    """

    __slots__ = ("_topics", "figures", "gaps", "start", "text", "year")

    def __init__(self, text: str, start: int, year: int | None) -> None:
        self.text = text
        self.start = start
        self.year = year
        self.figures: list[Figure] = []
        self.gaps: list[str] = []
        self._topics: list[str | None] = []

    def read(self, start: int, end: int) -> str:
        """A stretch of the text, years folded."""
        return fold_years(self.text[start:end], self.year)

    def topic(self, number: int) -> str | None:
        """What was last spoken of at a figure."""
        topics = self._topics
        for gap in self.gaps[len(topics) : number + 1]:
            topics.append(_topic(gap) or (topics[-1] if topics else None))
        return topics[number]

    def following(self, number: int) -> int:
        """Where the text after a figure stops: at the next figure, or with the paragraph."""
        end = self.figures[number].end
        for place in range(number + 1, len(self.figures)):  # figures that share a span are few
            if self.figures[place].start >= end:
                return self.figures[place].start
        stop = self.text.find("\n", self.figures[-1].end)
        return len(self.text) if stop < 0 else stop


class Mention:
    """A figure in its clause. Years are folded in all that is read of the text.

    `before` is the clause up to the figure, `gap` the text since the figure before it (or the start of the
    sentence), `sentence` the number of that in its paragraph, `paragraph` where this starts.
    """

    __slots__ = (
        "_after",
        "_gap_start",
        "_home",
        "_lead",
        "_number",
        "_since",
        "_unit",
        "before",
        "figure",
        "gap",
        "paragraph",
        "section",
        "sentence",
    )

    def __init__(
        self, figure: Figure, unit: Unit | None, home: Paragraph, sentence: int, begins: tuple[int, int]
    ) -> None:
        start = figure.start
        self._since, gap_start = begins
        self._gap_start = gap_start
        self.figure = figure
        self.section = unit.section if unit else "overview"
        self.sentence = sentence
        self.paragraph = home.start
        self.gap = home.read(max(gap_start, start - REACH), start)
        # 3件维持，1件纠正: what stands before a separator right here belongs to the figure before
        starts_item = gap_start > self._since and self.gap.rstrip()[-1:] in _SEPARATORS
        self.before = "" if starts_item else _clause_before(self.gap)
        self._unit = unit
        self._home = home
        self._number = len(home.figures)
        self._after: str | None = None
        self._lead: str | None = None

    def renamed(self, before: str) -> Mention:
        """The same figure as if `before` were its whole clause."""
        other = copy(self)
        other.before, other._after = before, ""
        return other

    @property
    def after(self) -> str:
        """The clause from the figure on."""
        if self._after is None:
            end = self.figure.end
            stop = min(self._home.following(self._number), end + REACH)
            self._after = _clause_after(self._home.read(end, stop))
        return self._after

    @property
    def lead(self) -> str:
        """The sentence before the figure."""
        if self._lead is None:
            start = self.figure.start
            self._lead = self._home.read(max(self._since, start - REACH), start)
        return self._lead

    @property
    def topic(self) -> str | None:
        """What was last spoken of: requests, reconsideration, litigation, disclosed, others, or None."""
        return self._home.topic(self._number)

    @property
    def path(self) -> str:
        return "/".join(self._unit.path) if self._unit else ""

    @property
    def opens(self) -> bool:
        """Whether the figure is the first of its sentence."""
        return self._gap_start <= self._since

    @property
    def low(self) -> Number | None:
        """The least that the figure can mean: 1.2万 was rounded and may be 11950."""
        bound = self.figure.low
        return bound if bound is None else bound - _rounding(self.figure)

    @property
    def high(self) -> Number | None:
        """The most that the figure can mean."""
        bound = self.figure.high
        return bound if bound is None else bound + _rounding(self.figure)

    @property
    def frame(self) -> str:
        return f"{self.before}{FIGURE}{self.after}"

    @property
    def place(self) -> str:
        return f"{self.figure.start}:{self.figure.end}"


def find_mentions(report: Report, year: int | None) -> tuple[Mention, ...]:
    """The figures of the report in text order, each with its clause."""
    size = len(report.text)
    figures = [one for one in report.figures if 0 <= one.start < one.end <= size]
    figures.sort(key=attrgetter("start", "end"))
    return tuple(_place_figures(report, figures, year))


def _place_figures(report: Report, figures: Iterable[Figure], year: int | None) -> Iterator[Mention]:
    text = report.text
    stops = [mark for mark in _STOPS if mark in text]
    units = {unit.id: unit for unit in report.units}
    home: Paragraph | None = None
    sentence = since = gap_start = last_end = 0
    for figure in figures:
        start = text.rfind("\n", 0, figure.start) + 1
        if home is None or home.start != start:
            home = Paragraph(text, start, year)
            sentence, since, gap_start, last_end = 0, start, start, start
        if figure.start >= last_end:
            stop = max([text.rfind(mark, last_end, figure.start) for mark in stops], default=-1)
            if stop >= 0:
                sentence, since = sentence + 1, stop + 1
            gap_start = max(last_end, since)
            last_end = figure.end
        mention = Mention(figure, units.get(figure.unit_id or ""), home, sentence, (since, gap_start))
        home.figures.append(figure)
        home.gaps.append(mention.gap)
        yield mention


def _rounding(figure: Figure) -> Number:
    """Half of the last digit of a number in 万 or 亿, which is rounded as a rule; 0 of any other."""
    text = figure.text
    if figure.bound != "exact" or not ("万" in text or "亿" in text):
        return 0
    found = _ROUNDED.search(text)
    if found is None:
        return 0
    return (1e8 if found[2] == "亿" else 1e4) * float(0.1 ** len(found[1] or "")) / 2


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
    text = _CLOSED.sub("", gap) if "）" in gap or ")" in gap else gap
    clauses = _BREAK.split("".join(text.split()))
    words = ""
    for clause in reversed(clauses[1:]):
        words = clause + words
        if not _EMPTY.fullmatch(words):
            return words
    return clauses[0] + words


def _clause_after(text: str) -> str:
    found = _CLAUSE_END.search(text)
    return "".join((text[: found.start()] if found else text).split())


def _topic(gap: str) -> str | None:
    topic = None
    for found in find_from(_TOPIC_FIRST, _TOPIC, gap):
        topic = found.lastgroup or "reconsideration"
    return topic


def by_paragraph(mentions: Iterable[Mention]) -> Iterator[list[Mention]]:
    """The mentions of each paragraph, in order."""
    for _, group in groupby(mentions, key=attrgetter("paragraph")):
        yield list(group)
