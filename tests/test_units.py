"""Narratives cut into atoms, and atoms joined into units."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from texts import make_text

from extract.datafiles import read_data
from extract.enumerators import load_enumerators
from extract.learn.markup import MarkedReport, read_markup
from extract.report import Atom, Label, Omitted, Section, Text, Unit
from extract.sections import find_sections
from extract.units import join_atoms, load_kinds, split_atoms

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = tomllib.loads((HERE / "cases/units.toml").read_text("utf-8"))["case"]
HEADINGS = {
    "preamble": "",
    "overview": " 一、总体情况",
    "problems": " 五、存在的主要问题及改进情况",
    "other": " 六、其他需要报告的事项",
}


def mark(case: dict[str, Any], folder: Path) -> MarkedReport:
    section = case.get("section", "problems")
    file = folder / "case.txt"
    head = "@@ id=c hand=h agency=某镇 level=镇 year=2023\n"
    file.write_text(f"{head}={section}{HEADINGS[section]}\n{case['text'].strip()}\n", encoding="utf-8")
    return read_markup(file)[0]


def label_by_gold(atoms: tuple[Atom, ...], marked: MarkedReport) -> list[Label]:
    """For each atom the kind of the unit that it begins in; overview where it begins in none."""
    labels = []
    for atom in atoms:
        kinds = [unit.kind for unit in marked.units if unit.start <= atom.start < unit.end]
        kind = kinds[0] if kinds else "overview"
        labels.append(Label(tuple(0.9 if kind == one else 0.0125 for one in load_kinds())))
    return labels


def cut(marked: MarkedReport) -> tuple[Text, tuple[Unit, ...], tuple[Omitted, ...]]:
    text = make_text(marked.report.text)
    sections = tuple(Section(one.id, one.heading, one.start, one.end) for one in marked.report.sections)
    atoms, omitted = split_atoms(text, sections, ())
    return text, join_atoms(text, atoms, label_by_gold(atoms, marked)), omitted


def show(unit: Any) -> tuple[Any, ...]:
    return (unit.path, unit.marker, unit.text, unit.start, unit.end)


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_narrative_is_cut_as_a_reader_cuts_it(case: dict[str, Any], tmp_path: Path) -> None:
    marked = mark(case, tmp_path)
    _, units, _ = cut(marked)
    found, expected = [show(unit) for unit in units], [show(unit) for unit in marked.units]
    if case.get("known"):
        assert found != expected, "no longer fails: strike `known`"
    else:
        assert found == expected


def cut_plain(source: str, section: str = "problems") -> tuple[Text, tuple[Atom, ...], tuple[Omitted, ...]]:
    text = make_text(source)
    return text, *split_atoms(text, (Section(section, None, 0, len(source)),), ())  # type: ignore[arg-type]


def check_cover(text: Text, sections: tuple[Section, ...], tables: tuple[tuple[int, int], ...] = ()) -> None:
    """Each character of a section that is not blank lies in one atom or one omitted stretch, in order."""
    atoms, omitted = split_atoms(text, sections, tables)
    spans = sorted([(one.start, one.end) for one in atoms] + [(one.start, one.end) for one in omitted])
    assert all(start < end for start, end in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    covered = bytearray(len(text.text))
    for start, end in spans:
        covered[start:end] = b"\x01" * (end - start)
    for section in sections:
        for at in range(section.start, section.end):
            assert covered[at] or text.text[at].isspace(), (at, text.text[at])
    for atom in atoms:
        assert text.text[atom.start : atom.end].strip() == text.text[atom.start : atom.end] != ""
        assert all(atom.end <= start or atom.start >= end for start, end in tables)


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_nothing_of_a_narrative_is_lost(case: dict[str, Any], tmp_path: Path) -> None:
    text = make_text(mark(case, tmp_path).report.text)
    check_cover(text, find_sections(text))


PIECES = st.sampled_from(
    [
        *"。；，“”（）①•无 \t\n",
        *("\n\n", "一、", "（一）", "1.", "2.", "（2）", "一是", "二是", "三是", "首先", "其次"),
        *("改进措施：", "问题：", "主动公开情况。", "下一步，", "以下不足：", "更新慢", "2023年", "**"),
        *("二、主动公开政府信息情况", "五、存在的主要问题及改进情况", "柳湾镇人民政府\n2024年1月1日\n"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=40).map("".join)))
@example("一、\n二、\n三是")
@example("1.问题：改进：")
def test_no_string_breaks_the_cutting(source: str) -> None:
    text = make_text(source)
    check_cover(text, (Section("overview", None, 0, len(source)),))
    check_cover(text, find_sections(text))


@given(st.lists(PIECES, max_size=30).map("".join), st.lists(st.integers(0, 100), max_size=6))
def test_table_text_is_in_no_atom(source: str, places: list[int]) -> None:
    bounds = sorted(min(place, len(source)) for place in places)
    tables = tuple((start, end) for start, end in zip(bounds[::2], bounds[1::2]) if start < end)
    check_cover(make_text(source), (Section("requests", None, 0, len(source)),), tables)


def test_omitted_stretches_say_why() -> None:
    source = (
        "（一）存在问题\n存在以下不足：一是更新慢；二是互动少。\n"
        "下一步，1.勤更新。2.多互动。\n柳湾镇人民政府\n2024年1月1日"
    )
    text, _, omitted = cut_plain(source)
    found = [(one.reason, text.text[one.start : one.end]) for one in omitted]
    assert found == [
        ("heading", "（一）存在问题"),
        ("marker", "一是"),
        ("marker", "二是"),
        ("fragment", "下一步，"),
        ("marker", "1."),
        ("marker", "2."),
        ("signature", "柳湾镇人民政府"),
        ("signature", "2024年1月1日"),
    ]


def test_the_head_of_a_table_whose_rows_are_lost_is_no_unit() -> None:
    head = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）申请人情况自然人总计"
    text = make_text(
        f"三、收到和处理政府信息公开申请情况\n{head}\n本年度未收到申请，表中信息内容不再填列。\n"
    )
    atoms, omitted = split_atoms(text, find_sections(text), ())
    assert [text.text[atom.start : atom.end] for atom in atoms] == [
        "本年度未收到申请，表中信息内容不再填列。"
    ]
    assert [text.text[one.start : one.end] for one in omitted if one.reason == "table"] == [head]


def test_a_number_alone_on_its_line_marks_the_next_line() -> None:
    text, atoms, _ = cut_plain("（一）\n宣传面不广。\n（二）\n参与度不高。")
    assert [(atom.marker, text.text[atom.start : atom.end]) for atom in atoms] == [
        ("（一）", "宣传面不广。"),
        ("（二）", "参与度不高。"),
    ]


def test_marks_of_layout_are_in_no_heading() -> None:
    _, atoms, _ = cut_plain("**（一）主动公开情况**\n公开信息77条。", "overview")
    assert [atom.path for atom in atoms] == [("（一）主动公开情况",)]


def test_a_heading_of_one_item_does_not_cover_the_next() -> None:
    _, atoms, _ = cut_plain(
        "（一）压实责任。每季度调度。\n同时，纳入清单。\n（二）严把关口。两级审签。", "overview"
    )
    assert [(atom.path, atom.marker) for atom in atoms] == [
        (("（一）压实责任",), None),
        (("（一）压实责任",), None),
        ((), "（二）"),
    ]


def labelled(*kinds: dict[str, float], themes: tuple[str, ...] = ()) -> list[Label]:
    return [Label(tuple(scores.get(kind, 0.01) for kind in load_kinds()), themes) for scores in kinds]


def test_one_doubtful_sentence_does_not_split_a_paragraph() -> None:
    source = (
        "今年公开信息五百余条，涵盖财政等领域。相关内容均已按照要求及时更新到位。另公开各类公告七十余条。"
    )
    text, atoms, _ = cut_plain(source, "overview")
    sure, doubtful = {"proactive": 0.9}, {"proactive": 0.4, "management": 0.5}
    units = join_atoms(text, atoms, labelled(sure, doubtful, sure))
    assert [(unit.id, unit.kind, unit.text) for unit in units] == [("u1", "proactive", source)]


def test_sure_sentences_split_a_paragraph() -> None:
    text, atoms, _ = cut_plain("村级公开栏半年没有更换过一次内容。镇里将统一制作并按月开展抽查通报。")
    units = join_atoms(text, atoms, labelled({"problem": 0.9}, {"measure": 0.9}, themes=("timeliness",)))
    assert [(unit.id, unit.kind, unit.themes) for unit in units] == [
        ("u1", "problem", ("timeliness",)),
        ("u2", "measure", ("timeliness",)),
    ]


def test_lead_ins_have_no_themes_and_join_nothing() -> None:
    text, atoms, _ = cut_plain("工作还有差距。存在以下不足：一是更新慢；二是互动少。")
    units = join_atoms(text, atoms, labelled(*[{"problem": 0.9}] * 4, themes=("timeliness",)))
    assert [unit.themes for unit in units] == [("timeliness",), (), ("timeliness",), ("timeliness",)]


def test_a_lead_in_is_of_a_kind_that_it_leads_into() -> None:
    """Praise before a list of shortcomings is a problem, whatever its own words look like."""
    text = make_text("一年来工作平稳，也有不足：一是慢；二是少。")
    sections = (Section("problems", None, 0, len(text.text)),)
    atoms, _ = split_atoms(text, sections, ())
    lead, first, _ = join_atoms(text, atoms, labelled({"overview": 0.9}, {"problem": 0.8}, {"problem": 0.7}))
    assert (lead.kind, lead.score, first.kind) == ("problem", 0.8, "problem")
    mixed = labelled({"measure": 0.6}, {"problem": 0.8}, {"measure": 0.7})
    assert [unit.kind for unit in join_atoms(text, atoms, mixed)] == ["measure", "problem", "measure"]


def test_a_doubtful_overview_is_of_the_topic_that_its_heading_names() -> None:
    """A heading alone decides nothing: it tips the scale where the words leave it even."""
    for heading, doubtful, kind in (
        ("（四）平台建设情况", {"overview": 0.6, "platform": 0.2}, "platform"),
        ("（四）平台建设情况", {"overview": 0.85, "platform": 0.1}, "overview"),
        ("（四）“平台建设”情况", {"overview": 0.6, "platform": 0.06}, "platform"),
        ("（四）平台建设情况", {"measure": 0.5, "platform": 0.1}, "platform"),
        ("（四）平台建设情况", {"overview": 0.6, "proactive": 0.3}, "overview"),
        ("（四）平台建设情况", {"management": 0.5, "platform": 0.4}, "management"),
        ("（四）加强平台建设", {"overview": 0.6, "platform": 0.2}, "overview"),
    ):
        text = make_text(
            f"{heading}\n多方发力，把便民利民的要求落到实处。\n（五）监督保障情况\n年底考评一次。"
        )
        atoms, _ = split_atoms(text, (Section("overview", None, 0, len(text.text)),), ())
        first, _ = join_atoms(text, atoms, labelled(doubtful, {"supervision": 0.9}))
        assert (first.path, first.kind) == ((heading,), kind)


def test_score_is_the_mean_weighted_by_length() -> None:
    text, atoms, _ = cut_plain("公开信息五百条已经全部上网。" + "另公告七。", "overview")
    (unit,) = join_atoms(text, atoms, labelled({"proactive": 0.9}, {"proactive": 0.5}))
    assert unit.score == pytest.approx((14 * 0.9 + 5 * 0.5) / 19, abs=1e-4)


@pytest.mark.parametrize(
    "piece",
    [
        "（",
        "“",
        "1.",
        "一是",
        "（一）",
        "。",
        "存在问题：",
        "①",
        "，",
        "0",
        "\n",
        "一、总体情况\n",
        "第一，",
        "改进措施：\n",
        "(" * 50 + ")",
    ],
)
def test_time_is_linear_in_the_length(piece: str) -> None:
    import time

    def spend(length: int) -> float:
        source = (piece * (length // len(piece) + 1))[:length]
        begun = time.process_time()
        text = make_text(source)
        find_sections(text)
        atoms, _ = split_atoms(text, (Section("other", None, 0, length),), ())
        join_atoms(text, atoms, labelled(*[{"other": 0.9}] * len(atoms)))
        return time.process_time() - begun

    spend(2_000)
    small, large = (min(spend(length) for _ in range(3)) for length in (10_000, 80_000))
    assert large < 0.25 or large / small < 30


@pytest.mark.parametrize("name", sorted(load_enumerators().styles))
def test_styles_match_their_examples(name: str) -> None:
    style = load_enumerators().styles[name]
    assert [one for one in style.examples if not re.match(style.pattern, one)] == []
    assert [one for one in style.never if re.match(style.pattern, one)] == []


def test_a_number_that_lost_its_mark_counts_nothing() -> None:
    entry = read_data("enumerators.toml")["bare"]
    assert [one for one in entry["examples"] if not load_enumerators().bare.match(one)] == []
    assert [one for one in entry["never"] if load_enumerators().bare.match(one)] == []


STARTS = [
    *"一二三十123（(﹙）)、.．  \t是否要方面另再首其先次者最后第，：①㈠•-——*▲√ⅠⅡABab年月20",
    "一方面",
    "首先",
    "第一，",
    "1. ",
]


@given(st.lists(st.sampled_from(STARTS), min_size=1, max_size=6).map("".join))
def test_every_enumerator_begins_as_the_data_say(words: str) -> None:
    known = load_enumerators()
    if known.pattern.match(words):
        assert known.first.match(words)
