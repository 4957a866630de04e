"""Text → candidates: every number with its counting word and the words of bound around it, less set phrases.

One linear pass; what is no figure by its form (ordinals, document numbers, set phrases …) falls out here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache

import msgspec

from extract.figures.knowledge import Measures, join_heads, load_measures, load_phrases
from extract.numerals import (
    BLANK,
    CHINESE,
    DASH_MARKS,
    DASHES,
    DIGITS,
    RUN,
    Numeral,
    ends_with_approximator,
    load_approximators,
    parse_numeral,
)
from extract.patterns import late

BOUNDARY = "，,。；;：:！!？?、\n（）()《》“”\"'‘’|｜\t"
_BARE = "百千万亿"
_NUMERAL_ON = CHINESE + "、点成分余多几来"  # with these or digits a numeral of one character goes on
_NO_TENTHS = "立员效果本功为绩都熟就长套品交因分年人了"
_QUOTED = late(
    r"[“‘「『《〔﹝\[【](?:(?<=[“‘「『])[^“”‘’「」『』\n]{0,30}[”’」』]|(?<=《)[^《》\n]{0,80}》"
    r"|(?<=[〔﹝\[【])[^〕﹞\]】：:\n]{0,20}[〕﹞\]】])"
)
_STRAIGHT = late('"[^"\n]{1,20}"')
_FIXED_ONE = frozenset("个项种套条批支面道张类组部款块股句")  # 一个, 一项 … count only at the end of a clause
_PLACE = late("(?:村(?!民)|镇|乡(?!亲)|街道|社区|屯|庄)")
_CASE = "复议|诉讼|案|申请|投诉|举报|信访|纠纷|事件|事故|官司|舆情"
_CASES_FOLLOW = late(
    rf"(?!处理|办理|解决|应对|分析|研究|推[动进]|做好|监督|回应|受理|答复)[^，。；、：,;]{{0,8}}?(?:{_CASE})"
)
_CASES_STAND = late(
    rf"(?:(?:{_CASE})件?|发生|增加|减少|下降|上升|受理|办结|收到|仅有?|共|只有|新收|结转|[增减达为有]|[败胜撤]诉)$"
)
_SETS_UP = late(
    "(?:设立|设置|设|设有|开设|开通|建立|建成|新建|新增|配备|安装|增设|新设|至少|仅有|共有|拥有|关停|注销|打造|有)了?$"
)
_BESIDE = late(r"[0-9二两三四五六七八九十]个[^，。；、,;]{1,12}[和、及与]\Z")  # 两个公众号和|一个抖音号
_ABSTRACT = late(
    "机制|体系|格局|氛围|模式|环境|良好|素质|完善|长效|有效|统一|过程|目标|局面|台阶|水平|桥梁|重要|制度|问题"
)
_BY_NOW = ("目前", "日前", "当前", "此前", "以前", "之前", "先前", "年前", "会前", "节前", "汛前")
_ORDINAL = ("第", "前", "№", "No.", "NO.", "A", "v", "V")
_ARTICLE = ("章", "款", "条例", "办法》", "条例》", "规定》", "届")
_SESSION = late("届[^，。；、]{0,8}$")
_NUMBERED = late("公报|期刊|[编出][印版刊]")
_LAW = frozenset("条款章项节")
_ARTICLES = late(
    rf"第(?:[0-9{CHINESE}]{{1,5}}[条款章项节]?[、和及与至—-]){{1,4}}\Z"  # 第四十九条、五十条
)
_ONES = frozenset(("一", "壹"))
_PASSED = ("过万", "破万", "过亿", "破亿")
_PERCENT = frozenset("%％")


class Number(msgspec.Struct, frozen=True, gc=False):
    """A match of the pattern of candidates; its parts as written, None where they do not stand."""

    start: int
    end: int
    stop: int  # where `after` begins
    tenths: str | None
    hundred: str | None
    percent: str | None
    low: str | None
    high: str | None
    measure: str | None
    after: str | None  # a word of bound


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """A number that may be a figure. `measure` as written (None: bare), `unit` as in the contract."""

    start: int
    end: int
    number_start: int
    number_end: int
    measure: str | None
    unit: str | None
    stands: str | None
    numeral: Numeral

    @property
    def bare(self) -> bool:
        return self.unit is None


def find_numbers(text: str) -> list[int]:
    """Where a candidate may begin: a look at two characters rules out all other numerals."""
    return [match.start() for match in _load_first().finditer(text) if match.lastindex is None]


def find_candidates(text: str, places: Iterable[int]) -> list[Candidate]:
    """The candidates in text order; `places` are those that `find_numbers` gives."""
    measures = load_measures()
    numbers = [one for one in _match_numbers(text, places) if _may_count(one, text, measures)]
    if not numbers:
        return []
    vetoes = _find_vetoes(text, numbers)
    found: list[Candidate] = []
    for number in numbers:
        if not _is_vetoed(number, vetoes, text) and (candidate := _read(number, text, measures)):
            found.append(candidate)
    return found


def _match_numbers(text: str, places: Iterable[int]) -> list[Number]:
    """The matches of the pattern of candidates at the places, one behind the other."""
    pattern = _load_pattern()
    found: list[Number] = []
    reached = 0
    for place in places:
        if place >= reached and (match := pattern.match(text, place)):
            reached = match.end()
            parts = match.groups()
            found.append(Number(place, reached, reached - len(parts[-1] or ""), *parts))
    return found


@cache
def _load_first() -> re.Pattern[str]:
    """What a candidate can begin with; the group matches where digits are a year or another stretch of time.

    A Chinese numeral by itself begins one only where the number or a counting word goes on behind it. `idle`
    are the characters with which none but words of time, rank and the like begin.
    """
    words = load_measures()
    idle = {word[0] for word, stands in words.stands.items() if stands == "none"} - set(_NUMERAL_ON)
    idle -= {word[0] for word, stands in words.stands.items() if stands != "none" or words.not_before[word]}
    joins = re.escape(BLANK + DASH_MARKS)
    longer = join_heads(word[1:] for word in words.stands if word[0] in idle)
    ends = f"(?![{longer}]|[{BLANK}]{{0,2}}[{re.escape(DASH_MARKS)}])"
    whole = join_heads(idle & words.stands.keys())
    goes_on = f"[{DIGITS}{_NUMERAL_ON}{joins}{join_heads(words.stands)}]"
    return re.compile(
        rf"[{DIGITS}{CHINESE}](?:(?<=[{DIGITS}])[{DIGITS}]*+([{BLANK}]{{0,2}}[{whole}]{ends})?"
        rf"|(?<=[{CHINESE}])(?![{join_heads(idle)}]{ends})(?={goes_on})|(?<=[过破][万亿]))"
    )


@cache
def _load_pattern() -> re.Pattern[str]:
    """A number with the words of bound and the counting word around it.

    The words are guarded by the characters that they begin with: Python's engine tries them one by one.
    """
    words = load_measures()
    measures = f"(?=[{join_heads(words.stands)}])(?:{words.pattern})"
    bounds = [one.word for one in load_approximators("after")]
    after = f"(?=[{join_heads(bounds)}])(?:{'|'.join(map(re.escape, bounds))})"
    blank = rf"[{BLANK}]{{0,2}}"
    return re.compile(
        r"(?:"
        rf"(?P<tenths>(?<![0-9０-９.．])[一二两三四五六七八九1-9１-９]成"  # 近八成, 八成五
        rf"(?:[一二三四五六七八九半](?![{CHINESE}]))?[多余]?)(?![{_NO_TENTHS}])"
        rf"|(?P<hundred>百分百)"
        rf"|(?P<percent>百分之)?(?P<low>{RUN})"
        rf"(?:{blank}(?:{measures})?{blank}(?:{DASHES}){blank}(?:百分之)?(?P<high>{RUN}))?+"  # 3至5次
        rf"(?:{blank}(?P<measure>{measures}))?)"
        rf"(?P<after>{blank}{after})?"
    )


def _may_count(number: Number, text: str, measures: Measures) -> bool:
    """A cheap look before the rest: a number with a counting word, a rate, or digits that may stand alone."""
    low, measure = number.low, number.measure
    if low is None:
        return True
    if measure is not None:
        if measures.holds(measure, text, number.stop - len(measure)):
            return measures.stands[measure] != "none"
        return low[0] not in CHINESE
    if number.percent is not None or low[0] not in CHINESE:
        return number.percent is not None or len(low) <= 24
    return 1 < len(low) <= 24 or text.startswith(_PASSED, number.start - 1)  # 粉丝过万


def _read(number: Number, text: str, measures: Measures) -> Candidate | None:
    start, stop, low, measure = number.start, number.stop, number.low, number.measure
    if measure is not None and not measures.holds(measure, text, stop - len(measure)):
        stop -= len(measure)
        measure = None
    end = _extend(number, text, stop)
    bare = low is not None and low[0] in _BARE and low[-1] not in "余多"
    first = ends_with_approximator(text, start, bare=bare)
    numeral = parse_numeral(_surface(number, text, first, stop, end, measure))
    if numeral is None or not _is_count(number, text, end):
        return None
    unit, stands = (measures.units[measure], measures.stands[measure]) if measure else (None, None)
    if numeral.unit:
        if stands not in (None, "rate"):
            return None
        unit, stands = "%", "rate"
    return Candidate(first, end, start, stop, measure, unit, stands, numeral)


def _extend(number: Number, text: str, stop: int) -> int:
    """The end with 以上, 左右 …; a lone 余 or 多 only where no word goes on."""
    if not number.after or number.stop != stop:
        return stop
    end = number.end
    if number.after.strip() in ("余", "多") and end < len(text) and text[end] not in BOUNDARY:
        return stop
    return end


def _surface(number: Number, text: str, first: int, stop: int, end: int, measure: str | None) -> str:
    """The numeral with its words of bound, without the counting word."""
    low = number.low
    alone = first == number.start and end == stop and not number.percent and not number.high
    if alone and low is not None and measure not in _PERCENT:
        return low
    before, after = text[first : number.start].strip(), text[stop:end].strip()
    if low is None:
        return before + (number.tenths or "百分之百") + after
    core = ("百分之" if number.percent else "") + low
    if number.high:
        core += "至" + number.high
    if measure in _PERCENT:
        core += "%"
    if after in ("余", "多"):
        core, after = core + after, ""
    return before + core + after


def _is_count(number: Number, text: str, end: int) -> bool:
    """False for ordinals, document numbers, articles, 一个 that only says "a", and the like."""
    start, low, measure = number.start, number.low, number.measure
    before = text[max(0, start - 6) : start].rstrip(BLANK)
    if before.endswith(_ORDINAL) and not before.endswith(_BY_NOW):
        return False
    if measure in _LAW and _ARTICLES.search(text, max(0, start - 24), start):
        return False
    session = measure == "次" and text.startswith(("会议", "全"), number.stop)
    if session and _SESSION.search(text, max(0, start - 12), start):
        return False  # 十四届人大三次会议
    if measure == "号" and not _NUMBERED.search(text, max(0, start - 20), start):
        return False
    if low is None or low[0] not in CHINESE:
        return True
    if before.endswith(_ARTICLE):
        return False  # 共分五章三十二条
    if low in _ONES and not number.high and measure:
        return _counts_one(measure, text, number.stop, before)
    if measure != "个" and _PLACE.match(text, end):
        return False  # 九户村, 五里镇
    return not text.startswith(("一", measure or "一"), end)  # 一个个, 一人一档


def _counts_one(measure: str, text: str, end: int, before: str) -> bool:
    """Whether 一 with its counting word is a count: with 名, 场, 期 …, or with 个, 项 … at a clause's end."""
    if before.endswith(("每", "某", "任", "这", "那", "同", "另", "逐", "统", "唯", "哪", "又", "再")):
        return False
    if measure == "起":
        return _counts_cases(text, end, before)
    following = text[end : end + 1]
    if following and following in "都也":
        return False  # 一次都不跑
    if following and following == measure[0]:
        return False
    told = _SETS_UP.search(before) or _BESIDE.search(text, max(0, end - 20), end - len(measure) - 1)
    if measure[0] in _FIXED_ONE and not (
        measure != "批" and told and not _ABSTRACT.search(text, end, end + 10)
    ):
        return not following or following in "，。；、,;）)"
    return True


def _counts_cases(text: str, end: int, before: str) -> bool:
    """Whether 一起 counts a case (行政复议一起, 一起信访事件) and does not say "together" (一起部署)."""
    if _CASES_FOLLOW.match(text, end):
        return True
    return _CASES_STAND.search(before) is not None and (end >= len(text) or text[end] in BOUNDARY)


def _is_stressed(number: Number, text: str, leads: tuple[str, ...]) -> bool:
    """Whether a numeral in characters stands between a verb of stress and a noun."""
    low, end = number.low, number.end
    if low is None or low[0] not in CHINESE or len(low) > 2 or number.high or number.after:
        return False
    return end < len(text) and text[end] not in BOUNDARY and text.endswith(leads, 0, number.start)


def _find_vetoes(text: str, numbers: Sequence[Number]) -> list[tuple[int, int]]:
    """Stretches in text order whose numbers count nothing: short quotes, titles, set phrases.

    There are none to look for where no quote stands and all numbers are in digits that no set phrase holds.
    """
    phrases = load_phrases()
    spans = [match.span() for match in _QUOTED.finditer(text)]
    if '"' in text and text.count('"') % 2 == 0:
        spans += [match.span() for match in _STRAIGHT.finditer(text)]
    held = [number for number in numbers if phrases.may_hold(number.low)]
    if spans or held:
        spans += [(start, end) for _, start, end in phrases.automaton.find_matches_as_indexes(text)]
        spans.sort()
    return spans


def _is_vetoed(number: Number, vetoes: list[tuple[int, int]], text: str) -> bool:
    """Whether a veto covers the number, or the number is part of a programme's name (33条措施)."""
    if vetoes:
        start, low = number.start, number.low
        end = number.end if low is None else start + len(number.percent or "") + len(low)
        place = bisect_right(vetoes, (start, len(text)))
        for first, last in vetoes[max(0, place - 3) : place]:
            if first <= start and last >= end and (first, last) != (start, end):
                return True
    return _is_named(number, text)


def _is_named(number: Number, text: str) -> bool:
    """Whether the number names what is counted: 33条措施, 严把三道关口."""
    phrases, measure, start = load_phrases(), number.measure, number.start
    if measure in phrases.stressed and _is_stressed(number, text, phrases.leads):
        return True
    if measure not in phrases.named_measures or not text.startswith(phrases.named_heads, number.stop):
        return False
    before = re.split(r"[，。；、,;]", text[max(0, start - 12) : start])[-1]
    return not before.rstrip("了出为共约成有").endswith(phrases.named_unless)
