"""Sections found by the words of their headings, then by their order."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from texts import make_text

from extract.headings.knowledge import load_headings
from extract.headings.lines import find_kinds_of_line, is_bare_name, is_fragment, is_lead_in, is_pointer
from extract.headings.names import is_table_row, match_section
from extract.sections import find_sections
from extract.units.turns import is_turn

ROOT = Path(__file__).parents[1]
CASES: list[dict[str, Any]] = tomllib.loads((ROOT / "tests/cases/sections.toml").read_text("utf-8"))["case"]
DATA: dict[str, Any] = tomllib.loads((ROOT / "extract/data/headings.toml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_sections_are_found_by_words_then_order(case: dict[str, Any]) -> None:
    sections = find_sections(make_text(case["text"].strip()))
    found = [f"{section.id} {section.heading or '-'}" for section in sections]
    expected = case["want"].strip().split("\n")
    assert (found != expected) if case.get("known") else (found == expected)


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_sections_lie_end_to_end(case: dict[str, Any]) -> None:
    text = make_text(case["text"].strip())
    sections = find_sections(text)
    assert all(one.end == two.start for one, two in pairwise(sections))
    assert sections[-1].end == len(text.text)
    for section in sections:
        head = text.text[section.start : section.end]
        assert section.heading is None or head.lstrip("#*| ").startswith(section.heading)


@pytest.mark.parametrize("entry", DATA["section"], ids=lambda entry: entry["id"])
def test_names_match_their_examples(entry: dict[str, Any]) -> None:
    for words in entry["examples"]:
        name = match_section(words)
        assert name is not None, words
        assert (name.id, name.whole) == (entry["id"], True), words
    for words in entry["never"]:
        name = match_section(words)
        assert name is None or name.id != entry["id"] or not name.whole, words


@pytest.mark.parametrize(
    ("entry", "test"),
    [
        ("bare", is_bare_name),
        ("lead_in", is_lead_in),
        ("pointer", is_pointer),
        ("turn", is_turn),
        ("fragment", is_fragment),
        ("table_rows", is_table_row),
        ("title", lambda line: "title" in find_kinds_of_line(line)),
        ("caption", lambda line: "caption" in find_kinds_of_line(line)),
        ("furniture", lambda line: "furniture" in find_kinds_of_line(line)),
        ("signature_line", lambda line: "date" in find_kinds_of_line(line)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_knowledge_of_headings_matches_its_examples(entry: str, test: Any) -> None:
    assert [words for words in DATA[entry]["examples"] if not test(words)] == []
    assert [words for words in DATA[entry]["never"] if test(words)] == []


def test_what_states_an_absence_is_no_heading() -> None:
    assert [words for words in DATA["denied"]["examples"] if match_section(words)] == []
    assert all(match_section(words) for words in DATA["denied"]["never"])


def test_no_name_holds_a_mark_outside_its_brackets() -> None:
    """So a line without number that goes on behind a mark names no section: it is not looked at closer."""
    parts = [entry[key] for entry in DATA["section"] for key in ("strong", "usual", "weak")]
    parts.append(DATA["table_rows"]["pattern"])
    parts += [re.sub("#.*", "", DATA["scope"]).replace("[^，。；：:,;]", ""), DATA["tail"]]
    plain = [re.sub(r"\(\?:|\{\d+,\d+\}", "", part) for part in parts]
    assert [part for part in plain if re.search("[，。；：:,;.]", part)] == []


def test_signatures_match_their_examples() -> None:
    for entry, (section, pattern) in zip(DATA["signature"], load_headings().signatures):
        assert entry["id"] == section
        assert all(pattern.search(words) for words in entry["examples"])
        assert not any(pattern.search(words) for words in entry["never"])


LINE = st.text(
    "一二三五六、（）.：。 总体情况主动公开政府信息存在的问题改进其他需要报告事项\t#*|1abc", max_size=24
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(LINE, max_size=12).map("\n".join)))
def test_no_string_breaks_the_search_for_sections(source: str) -> None:
    sections = find_sections(make_text(source))
    assert all(one.end == two.start for one, two in pairwise(sections))
    assert all(0 <= one.start <= one.end <= len(source) for one in sections)


HEADS = [
    ("overview", "一、总体情况"),
    ("proactive", "二、主动公开政府信息情况"),
    ("requests", "三、收到和处理政府信息公开申请情况"),
    ("review", "四、政府信息公开行政复议、行政诉讼情况"),
    ("problems", "五、存在的主要问题及改进情况"),
    ("other", "六、其他需要报告的事项"),
]


@given(st.sets(st.integers(0, 5), min_size=2), st.data())
def test_any_choice_of_sections_is_found(kept: set[int], data: st.DataObject) -> None:
    chosen = [HEADS[place] for place in sorted(kept)]
    numbers = data.draw(st.lists(st.sampled_from("一二三四五六七"), min_size=6, max_size=6))
    lines = [f"{numbers[place]}{heading[1:]}\n工作平稳有序。" for place, (_, heading) in enumerate(chosen)]
    found = find_sections(make_text("\n".join(lines)))
    assert [section.id for section in found] == [section for section, _ in chosen]


def test_a_section_may_be_headed_as_a_row_is() -> None:
    """其他 is a row of the tables too, which no 八、 numbers."""
    source = "一、概述\n稳中有进。\n二、存在问题和改进措施\n栏目旧，将按月更新。\n三、其他\n无。\n"
    sections = find_sections(make_text(source))
    assert [(one.id, one.heading) for one in sections] == [
        ("overview", "一、概述"),
        ("problems", "二、存在问题和改进措施"),
        ("other", "三、其他"),
    ]


def test_headings_may_stand_in_brackets_and_the_last_be_one_word() -> None:
    source = "【总体情况】\n稳中有进。\n【存在的主要问题及改进情况】\n栏目旧，将按月更新。\n【其他需要报告的事项】无。\n"
    assert [(one.id, one.heading) for one in find_sections(make_text(source))] == [
        ("overview", "总体情况"),
        ("problems", "存在的主要问题及改进情况"),
        ("other", "其他需要报告的事项"),
    ]
    source = "总体情况\n稳中有进。\n存在的主要问题及改进情况\n栏目旧，将按月更新。\n其它\n无。\n"
    assert [one.id for one in find_sections(make_text(source))] == ["overview", "problems", "other"]


def test_what_stands_above_the_title_is_no_preamble() -> None:
    letter, title = "现将年度报告报上，请审阅。\n", "柳溪县水务局2018年政府信息公开工作年度报告\n"
    source = (
        letter + title + "本报告由局办公室编制。\n一、概述\n平稳有序。\n二、主动公开政府信息情况\n公开9条。"
    )
    text = make_text(source)
    preamble = find_sections(text, len(letter + title) - 1)[0]
    assert text.text[preamble.start : preamble.end] == "本报告由局办公室编制。\n"
    assert find_sections(text)[0].start == 0
    assert find_sections(text, len(source))[0].start == 0  # a title below the headings is another's
