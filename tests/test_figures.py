"""Figures: spans, values, bounds, absences, objects, channels, metrics; linear on hostile text."""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.figures import find_all_figures, find_figures
from extract.learn import figure_scores as scores
from extract.learn.corpus import FigureRow
from extract.platforms import find_platforms
from extract.report import Figure

HERE = Path(__file__).parent
CORPUS = HERE.parent / "corpus"
EXAMPLES = HERE.parent.parent / "shared" / "examples" / "figures.jsonl"
CASES: list[dict[str, Any]] = tomllib.loads((HERE / "cases/figures.toml").read_text("utf-8"))["case"]


def show(figure: Figure) -> str:
    """A figure as the cases write it."""
    rest = f"{figure.object or '-'} | {figure.metric} | {figure.channel or '-'}"
    if figure.negated:
        return f"{figure.text} | absent | {rest}"
    return f"{figure.text} | {figure.value} {figure.unit or '-'} {figure.bound} | {rest}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_cases(case: dict[str, Any]) -> None:
    """Every case holds in every field."""
    assert [show(one) for one in find_figures(case["text"], section=case.get("section"))] == case["figures"]


def test_worked_examples() -> None:
    """All worked examples of the contract hold in every field, figures and platforms."""
    if not EXAMPLES.is_file():
        pytest.skip("the worked examples are not here (../shared/examples)")
    fields = (
        "text",
        "start",
        "end",
        "value",
        "unit",
        "bound",
        "low",
        "high",
        "negated",
        "object",
        "metric",
        "channel",
    )
    for line in EXAMPLES.read_text("utf-8").splitlines():
        row = json.loads(line)
        platforms = find_platforms(row["text"])
        mentions = [
            {"text": one.text, "start": one.start, "end": one.end, "type": one.type} for one in platforms
        ]
        figures = [
            {name: getattr(one, name) for name in fields} for one in find_figures(row["text"], platforms)
        ]
        assert mentions == row["platforms"], row["id"]
        assert figures == row["figures"], row["id"]


def test_working_sentences() -> None:
    """The sentences that the rules were worked out on: above the aims in every field, no field falling."""
    rows = scores.load_sentences(CORPUS, "train")
    assert len(rows) >= 300
    assert {row.trap for row in rows} <= set(scores.TRAPS)
    total = scores.score_sentences(rows, scores.predict(rows))
    assert not scores.find_misses(total)
    rates = scores.describe_scores(total)
    floors = {"span": 0.995, "value": 1.0, "bound": 1.0, "object": 0.97, "metric": 0.98, "channel": 0.99}
    assert {name: rates[name] for name, floor in floors.items() if (rates[name] or 0) < floor} == {}


def test_headings_say_what_is_counted() -> None:
    """Under a heading on requests 受理 and 办结 are of requests, whatever the section."""
    text = "全年受理9件，办结8件。"
    plain = find_figures(text, section="overview")
    headed = find_figures(text, section="overview", path=["（二）依申请公开情况", "1.办理情况"])
    assert [one.metric for one in plain] == ["other", "other"]
    assert [one.metric for one in headed] == ["requests_received", "requests_answered"]


@pytest.mark.shared
def test_real_reports(real_reports: dict[str, Path]) -> None:
    """Every figure of the five real reports, and no other."""
    from extract.pipeline import parse

    expected = {
        "000": [],
        "001": ["6000余份", "8次", "29个", "5条", "16条", "一次"],
        "002": ["3条", "无", "无", "无", "无", "未收到", "无", "尚无"],
        "003": ["未收到"] * 4,
        "004": ["140 余条", "无", "未收到", "未发生", "未收取"],
    }
    for name, path in real_reports.items():
        assert [one.text for one in parse(path).figures] == expected[name], name


@settings(max_examples=200, deadline=None)
@given(st.text("公开信息12条、，。未收到申请无其中百分之十近余%（）网站分别一个万", max_size=60))
def test_any_text(text: str) -> None:
    """Whatever the text: offsets point at the surface, figures are in order, bounds hold the value."""
    figures = find_figures(text)
    assert list(figures) == sorted(figures, key=lambda one: (one.start, one.end))
    for one in figures:
        assert text[one.start : one.end] == one.text != ""
        assert one.low is None or one.low <= one.value
        assert one.high is None or one.high >= one.value
        assert one.channel is None or one.channel in scores_types()
    assert find_figures(text) == figures


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.text("信息12条、，。未收到申请无一二至时年月“”《》（）：网站百分之%近余 \n", max_size=30),
        max_size=6,
    )
)
def test_many_texts_as_each_alone(texts: list[str]) -> None:
    """Texts read together give what each gives alone: nothing reaches from one into the next."""
    platforms = [find_platforms(text) for text in texts]
    alone = [find_figures(text, found) for text, found in zip(texts, platforms)]
    assert find_all_figures(texts, platforms, [None] * len(texts)) == alone


def scores_types() -> frozenset[str]:
    from extract.platforms import TYPES

    return TYPES


HOSTILE = {
    "digits": "9", "brackets": "（", "one line of figures": "公开信息12条，", "negators": "未收到",
    "无": "无", "Chinese digits": "一", "一个": "一个", "quotes": "“", "bare numbers": "12、",
    "platforms": "网站", "percent": "百分之", "ranges": "1-", "bracketed": "（1", "commas": ",",
    "matters": "规章2、", "things denied": "没有公开的复议和", "parts": "其中，3条。", "articles": "第1、2条、",
    "what is checked": "3次网站巡查", "people": "5名职工学习了", "channels": "网站咨询2件，",
}  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_linear_on_hostile_text(piece: str) -> None:
    """Four times the text takes about four times as long."""

    def cost(length: int) -> float:
        text = piece * (length // len(piece))
        start = time.process_time()
        find_figures(text, find_platforms(text))
        return time.process_time() - start

    cost(1000)
    short, long = min(cost(10_000) for _ in range(3)), min(cost(40_000) for _ in range(2))
    assert long < max(10 * short, 0.3)


def test_a_long_stretch_of_dates_costs_nothing() -> None:
    """What only says when is passed over once, however long it is and whatever ends it."""
    start = time.process_time()
    assert [one.metric for one in find_figures("年底" * 3000 + "某，收到3件。")] == ["other"]
    assert time.process_time() - start < 1


def test_scores_count_what_is_wrong() -> None:
    """A wrong field, a missed figure, a false one and an alarm are each counted once."""
    row = FigureRow(id="1", text="公开信息12条。", figures=(), platforms=(), trap="no_figure")
    found = scores.predict([row])
    total = scores.score_sentences([row], found)
    assert (total.span.false, total.alarms.right, total.alarms.total) == (1, 1, 1)
    assert scores.find_misses(total) == ["span", "alarms"]
    assert scores.find_errors([row], found) == ["1 false '12条' in 公开信息12条。"]
    table = scores.table_rows(total, scores.score_by([row], found, lambda one: one.trap))
    assert [line[0] for line in table] == ["sentences", "all", "no_figure"]
