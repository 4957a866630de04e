"""A light model of a unit's clauses: tokens (verbs, nouns, platforms, dates …) and where clauses end.

Figures read their object, channel and metric from it; built once a text, and only where there is a candidate.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import attrgetter

import msgspec

from extract.figures.knowledge import Words, load_words
from extract.patterns import late
from extract.report import Platform

FULL_STOPS = "。！!？?\n"
CLAUSE_ENDS = FULL_STOPS + "；;，,：:（）()"
_N, _B = "[0-9０-９]", "[ \u3000]"
# What a date can begin with, then the branches: so the engine looks for those characters alone.
_DATE = late(
    r"[0-9０-９一二三四近](?:"
    rf"(?:(?<=2)0|(?<=1)9){_N}{{2}}{_B}?年?度?(?:{_B}?{_N}{{1,2}}{_B}?月份?)?(?:{_B}?{_N}{{1,2}}{_B}?日)?"
    rf"|(?<={_N}){_N}?{_B}?月(?:份|底|末|初)?(?:{_B}?{_N}{{1,2}}{_B}?日)?"  # 12月31日
    r"|(?<=[一二三四])季度|(?<=近)[一二两三四五六七八九十]+年(?:来)?)"
)
_QUOTED = late("“[^“”。；]{1,20}”")
_NOUN_TAILS = tuple("会率员组班表性栏类量数点人")
_NO_TAILS = (
    *("会议", "会同", "会商", "会员", "会计", "会诊", "员工", "组织", "组建", "组长", "表示"),
    *("表彰", "率先", "栏目", "班子", "类似", "数据", "数字", "数量", "量化", "点击", "点赞"),
    *("点对", "点多", "点评", "人大", "人民", "人次", "人均", "人事", "人才", "人员", "人数", "人口", "人群"),
)  # 组织|会议
_FAULTS = ("错", "问题", "表述", "不规范", "失", "违", "偏差")  # what 纠正 as a doing takes
_START = attrgetter("start")
_ENDS = late(rf"[{re.escape(CLAUSE_ENDS)}]")


class Token(msgspec.Struct, frozen=True, gc=False):
    """A stretch of the text and what it does in its clause; `group` names the kind of a verb's doing."""

    start: int
    end: int
    kind: str  # verb, noun, nounverb, outcome, owner, preposition, light, platform, date, mark
    group: str = ""


class Clauses:
    """The clause ends of a text, and the tokens in the stretch that `find_tokens` was called for."""

    def __init__(self, text: str, platforms: Sequence[Platform]) -> None:
        self.text = text
        self.platforms = sorted(platforms, key=_START)
        self._platform_starts = [one.start for one in self.platforms]
        self.ends = [match.start() for match in _ENDS.finditer(text)]
        if "," in text:
            self.ends = [place for place in self.ends if text[place] != "," or not _is_thousands(text, place)]
        self.stops = [place for place in self.ends if text[place] in FULL_STOPS]
        self.tokens: list[Token] = []
        self._starts: list[int] = []

    def find_tokens(self, first: int, last: int) -> None:
        """Find the tokens from the clause before `first` to the end of the sentence that holds `last`.

        `first` is where a clause begins, so that no word lies across the edges.
        """
        low = self.clause_start(first - 1) if first else 0
        number = bisect_left(self.stops, last)
        high = self.stops[number] if number < len(self.stops) else len(self.text)
        self.tokens = _find_tokens(self.text, self.platforms, low, high)
        self._starts = [token.start for token in self.tokens]

    def clause_start(self, place: int) -> int:
        """Where the clause that holds `place` begins."""
        number = bisect_left(self.ends, place)
        start = self.ends[number - 1] + 1 if number else 0
        return self._before_bracket(start) if start and self.text[start - 1] in "）)" else start

    def _before_bracket(self, start: int) -> int:
        """The beginning of the clause that a short bracket before `start` interrupts: 阅读（播放）量."""
        opening = max(
            self.text.rfind("（", max(0, start - 20), start), self.text.rfind("(", max(0, start - 20), start)
        )
        if opening <= 0 or any(char.isdigit() for char in self.text[opening:start]):
            return start
        number = bisect_left(self.ends, opening)
        return self.ends[number - 1] + 1 if number else 0

    def clause_end(self, place: int) -> int:
        """Where the clause that holds `place` ends, exclusive."""
        number = bisect_left(self.ends, place)
        return self.ends[number] if number < len(self.ends) else len(self.text)

    def sentence_start(self, place: int) -> int:
        """Where the sentence that holds `place` begins; 。 and line ends part sentences."""
        number = bisect_left(self.stops, place)
        return self.stops[number - 1] + 1 if number else 0

    def between(self, start: int, end: int) -> list[Token]:
        """The tokens that lie in `[start, end)`."""
        found = self.tokens[bisect_left(self._starts, start) : bisect_right(self._starts, end - 1)]
        return [token for token in found if token.end <= end]

    def token_at(self, place: int) -> Token | None:
        """The shortest token that begins at `place`."""
        number = bisect_left(self._starts, place)
        return self.tokens[number] if number < len(self._starts) and self._starts[number] == place else None

    def platforms_between(self, start: int, end: int) -> list[Platform]:
        """The mentions of channels that lie in `[start, end)`."""
        if not self.platforms:
            return []
        first = bisect_left(self._platform_starts, start)
        found = self.platforms[first : bisect_left(self._platform_starts, end, first)]
        return [one for one in found if one.end <= end]


def _is_thousands(text: str, place: int) -> bool:
    """Whether the comma at `place` stands inside a number (1,234)."""
    return (
        0 < place < len(text) - 3
        and text[place - 1].isdigit()
        and text[place + 1 : place + 4].strip().isdigit()
    )


def _find_tokens(text: str, platforms: Sequence[Platform], low: int, high: int) -> list[Token]:
    """Platforms and dates of `text[low:high]`, and the words in the gaps between them, in order."""
    spans = [(one.start, one.end, "platform", one.type) for one in platforms if low <= one.start < high]
    spans.extend((*match.span(), "date", "") for match in _DATE.finditer(text, low, high))
    spans.sort()
    words = load_words()
    quoted = [match.span() for match in _QUOTED.finditer(text, low, high)] if "“" in text else []
    found: list[Token] = []
    for span in spans:
        if span[0] > low:
            _add_words(text, low, span[0], words, found)
        found.append(Token(*span))
        low = max(low, span[1])
    _add_words(text, low, high, words, found)
    return [_unsay(token, quoted) for token in found] if quoted else found


def _unsay(token: Token, quoted: list[tuple[int, int]]) -> Token:
    """A verb inside a name in quotes does nothing: 开设“某某发布”公众号."""
    if token.kind != "verb" or not any(low < token.start and token.end < high for low, high in quoted):
        return token
    return Token(token.start, token.end, "mark")


def _add_words(text: str, low: int, high: int, words: Words, found: list[Token]) -> None:
    kinds = words.kinds
    for number, start, end in words.automaton.find_matches_as_indexes(text[low:high]):
        kind, group = kinds[number]
        if kind == "verb" and _is_compound(text, low + end):
            kind = "noun"
        elif kind == "outcome" and text.startswith(_FAULTS, low + end):
            kind, group = "verb", "inspect"
        elif kind == "owner" and text.startswith("办理", low + end - 1):
            end -= 1
            found += (
                Token(low + start, low + end, kind, group),
                Token(low + end, low + end + 2, "verb", "answer"),
            )
            continue  # 街道|办理
        found.append(Token(low + start, low + end, kind, group))


def _is_compound(text: str, end: int) -> bool:
    """Whether a verb that ends at `end` goes on as a noun: 推进会, 监督员, 覆盖率."""
    return text.startswith(_NOUN_TAILS, end) and not text.startswith(_NO_TAILS, end)
