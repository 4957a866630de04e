"""Which measure answers which problem of one report: by what it names, by themes and wording, by order.

A measure answers few problems, a problem may have several measures. A link is a reading, not a fact: it comes
with its score and with what speaks for it.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Literal

from msgspec.structs import replace

from extract.quality.anchors import load_wording
from extract.quality.facts import Facts, stated_units
from extract.report import Report, Unit, Value

Sign = Literal["named", "themes", "wording", "order"]

# Weights of the signs and the least score of a link. On the links of tests/cases/pairs.toml (November 2026)
# the first weights gave precision and recall of 0.967, 0.983 (59 links) and 0.857, 0.818 (44 harder ones);
# these, with that look at them, 1.000, 1.000 and 0.891, 0.932.
THEMES, WORDING, ORDER = 0.40, 1.00, 0.45
LEAST = 0.38
# A second problem is answered by the same measure where it scores nearly as well as the first.
NEARLY = 0.80
MOST = 50  # problems that a measure is held against: real reports have fewer than twenty
_ORDINALS = {
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "前": 1,
    "后": -1,
}
_NAMED = re.compile(
    r"(?:针对|对于?|就)(?:上述|以上)?(?:的)?(?:第([一二三四五六七八九])|([前后]))一?(?:个|项|点|类)?问题"
)
_HAN = re.compile(r"[\u4e00-\u9fff]+")


@cache
def _common() -> frozenset[str]:
    return frozenset(load_wording().common_runs)


_CLAUSE, _CLAUSE_END = re.compile(r"[，。；,;]"), re.compile(r"[；。;]")
_ALL_MENDED = re.compile(
    r"(?:[上前去]一?年度?|20\d\d年)[^，。；]{0,12}?(?P<number>[两一二三四五六七八九十\d]+)?(?:个|项|条|方面)?(?:的)?(?:问题|不足|短板)"
    r"[^，。；]{0,6}?(?P<all>均|都|全部)?已?[^，。；]{0,4}?(?:解决|整改|完成|到位|销号)"
)
_NUMBERS = {"两": 2} | {digit: value for value, digit in enumerate("一二三四五六七八九十", 1)}
_NUMBERS |= {str(value): value for value in range(1, 20)}
_TAKEN_UP = re.compile(r"针对([^，。；]{4,40}?)(?:的|等)?(?:问题|不足|情况|短板)")
_TO_THAT = re.compile(r"(?:对此|为此|针对(?:这|此|上述|以上)|就此)")
QUOTED = 0.4  # likeness of a problem's first clause and the words by which a measure takes it up


class Pair(Value, frozen=True, gc=False):
    """A problem and a measure that answers it; `signs` are what speaks for it, strongest first."""

    problem: Unit
    measure: Unit
    score: float
    signs: tuple[Sign, ...]


class Answers(Value, frozen=True, gc=False):
    """The problems of one report with the measures that answer them, and those that have none."""

    pairs: tuple[Pair, ...]
    unanswered: tuple[Unit, ...]
    unasked: tuple[Unit, ...]  # measures that answer no problem stated


def find_answers(report: Report | Facts) -> Answers:
    """Link the measures of a report to its problems, both in text order."""
    facts = report if isinstance(report, Facts) else Facts(report)
    return link_units(facts.report.units)


def link_units(units: Sequence[Unit]) -> Answers:
    """The same, of the units of a report in text order."""
    problems, measures = stated_units(units, "problem"), stated_units(units, "measure")
    stated = sorted([*problems, *measures], key=lambda unit: unit.start)
    order = _order(stated)
    scored = [
        [_score(problem, measure, order, problems) for problem in _near(measure, problems)]
        for measure in measures
    ]
    pairs = [pair for row in scored for pair in _best(row)]
    pairs += _by_place(scored, pairs)
    pairs.sort(key=lambda one: (one.measure.start, one.problem.start))
    answered, asked = {pair.problem.id for pair in pairs}, {pair.measure.id for pair in pairs}
    return Answers(
        tuple(pairs),
        tuple(unit for unit in problems if unit.id not in answered),
        tuple(unit for unit in measures if unit.id not in asked),
    )


def _near(measure: Unit, problems: Sequence[Unit]) -> Sequence[Unit]:
    """The problems that a measure may answer: all, but of very many only those near it."""
    if len(problems) <= MOST:
        return problems
    at = bisect.bisect(problems, measure.start, key=lambda unit: unit.start)
    return problems[max(0, at - MOST) : at + MOST // 2]


def _best(row: Sequence[Pair]) -> list[Pair]:
    """The problems that a measure answers by what it says: the best, and those nearly as good."""
    told = [pair for pair in row if pair.signs != ("order",)]
    best = max((pair.score for pair in told), default=0.0)
    return [pair for pair in told if pair.score >= max(LEAST, NEARLY * best)]


def _by_place(scored: Sequence[Sequence[Pair]], pairs: Sequence[Pair]) -> list[Pair]:
    """Pairs that the place alone speaks for: of items that nothing else claims, or one of each."""
    answered, asked = {pair.problem.id for pair in pairs}, {pair.measure.id for pair in pairs}
    only = [len(row) for row in scored] == [1]
    return [
        pair
        for row in scored
        for pair in row
        if pair.signs == ("order",)
        and pair.score >= LEAST
        and (only or (pair.problem.marker and pair.measure.marker))
        and pair.problem.id not in answered
        and pair.measure.id not in asked
    ]


def _score(
    problem: Unit, measure: Unit, order: Mapping[tuple[str, str], float], problems: Sequence[Unit]
) -> Pair:
    if _names(measure, problem, problems):
        return Pair(problem, measure, 1.0, ("named",))
    return weigh_pair(problem, measure, order.get((problem.id, measure.id), 0.0))


def weigh_pair(problem: Unit, measure: Unit, place: float = 0.0) -> Pair:
    """How much speaks for a measure answering a problem; `place`: what the order says of it, 0 to 1."""
    shared = len(set(problem.themes) & set(measure.themes))
    fewer = max(1, min(len(problem.themes), len(measure.themes)))
    parts: dict[Sign, float] = {
        "themes": THEMES * shared / fewer,
        "wording": WORDING * likeness_of_words(problem.text, measure.text),
        "order": ORDER * place,
    }
    signs = sorted((sign for sign, part in parts.items() if part > 0.05), key=lambda sign: -parts[sign])
    return Pair(problem, measure, round(min(1.0, sum(parts.values())), 4), tuple(signs))


def weigh_answer(problem: Unit, measure: Unit, problems: int, *, back: bool = True) -> Pair:
    """How much speaks for a measure done answering a problem of last year, which had so many problems.

    A measure may tell of several: the clause that fits best counts. 上年提出的两个问题均已整改 answers both.
    `back`: whether the measure looks back at last year; themes alone speak only for one that does, as a field
    has few themes and every year touches most.
    """
    if _answers_all(measure.text, problems) or _quotes(measure.text, problem.text):
        return Pair(problem, measure, 1.0, ("named",))
    clauses = [measure.text, *filter(None, _CLAUSE_END.split(measure.text))]
    weighed = [weigh_pair(problem, replace(measure, text=clause)) for clause in clauses]
    told = [pair for pair in weighed if back or "wording" in pair.signs]
    if not told:
        return Pair(problem, measure, 0.0, ())
    return replace(max(told, key=lambda pair: pair.score), measure=measure)


def find_own_problems(units: Sequence[Unit]) -> dict[str, tuple[Unit, ...]]:
    """The problems of the same report that each measure answers, by the measure's id.

    A measure that begins with 对此 answers the problems that stand right before it.
    """
    own: dict[str, list[Unit]] = {}
    for pair in link_units(units).pairs:
        own.setdefault(pair.measure.id, []).append(pair.problem)
    before: list[Unit] = []
    for kind, group in itertools.groupby(units, key=lambda unit: unit.kind):
        block = list(group)
        if kind == "measure" and before and _TO_THAT.match(block[0].text):
            own.setdefault(block[0].id, []).extend(before)
        before = block if kind == "problem" else []
    return {measure: tuple(problems) for measure, problems in own.items()}


def is_closer(measure: Unit, problem: Unit, others: Iterable[Unit]) -> bool:
    """Whether the words of a measure are at least as close to a problem as to each of `others`."""
    like = likeness_of_words(problem.text, measure.text)
    return like > 0 and all(like >= likeness_of_words(other.text, measure.text) for other in others)


def _answers_all(text: str, problems: int) -> bool:
    found = _ALL_MENDED.search(text)
    if found is None:
        return False
    number = found["number"]
    return _NUMBERS.get(number) == problems if number else found["all"] is not None


def _quotes(text: str, problem: str) -> bool:
    """Whether a measure takes up a problem in its own words: 针对政策讲不透的问题."""
    said = _CLAUSE.split(problem, maxsplit=1)[0]
    return any(likeness_of_words(found[1], said) >= QUOTED for found in _TAKEN_UP.finditer(text))


def _names(measure: Unit, problem: Unit, problems: Sequence[Unit]) -> bool:
    """Whether the measure says which problem it answers: 针对第一个问题, 对后一个问题."""
    found = _NAMED.search(measure.text[:30])
    if found is None:
        return False
    number = _ORDINALS[found.group(1) or found.group(2)]
    at = number - 1 if number > 0 else len(problems) + number
    return at < len(problems) and problems[at].id == problem.id


def likeness_of_words(left: str, right: str) -> float:
    """Shared runs of two characters, those of the field left out, over the geometric mean of both; 0 to 1.

    >>> likeness_of_words("公告栏更新不及时", "每月更新公告栏")
    0.5
    """
    first, second = _bigrams(left), _bigrams(right)
    if not first or not second:
        return 0.0
    return float(len(first & second) / (len(first) * len(second)) ** 0.5)


@lru_cache(maxsize=4096)
def _bigrams(text: str) -> frozenset[str]:
    runs = _HAN.findall(text)
    return frozenset(run[at : at + 2] for run in runs for at in range(len(run) - 1)) - _common()


def _order(stated: Sequence[Unit]) -> dict[tuple[str, str], float]:
    """How far the place in the report speaks for a pair, 0 to 1.

    Problems that stand together are answered by the measures that come next: each by that of the same place,
    surely where they are equally many; one measure after several problems may answer any, and so may each of
    several measures after one problem.
    """
    found: dict[tuple[str, str], float] = {}
    blocks = [(kind, list(group)) for kind, group in itertools.groupby(stated, key=lambda unit: unit.kind)]
    for (kind, problems), (_, measures) in itertools.pairwise(blocks):
        if kind != "problem":
            continue
        trust = 1.0 if len(problems) == len(measures) else 0.5
        pairs: Iterable[tuple[Unit, Unit]] = zip(problems, measures)
        if 1 in (len(problems), len(measures)):
            pairs = itertools.product(problems, measures)
        found.update({(problem.id, measure.id): trust for problem, measure in pairs})
    return found
