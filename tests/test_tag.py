"""Text without its report: JSON lines in, JSON lines out, in order, one bad line costing only itself."""

from __future__ import annotations

import json

import pytest

from extract import UnreadableFile
from extract.classify import Rules, load_model
from extract.tag import split_narrative, tag_lines

LINES = [
    json.dumps({"id": 1, "text": "全年通过微信公众号推送信息140余条，未收到公开申请。"}).encode(),
    json.dumps(
        {"id": "b", "text": "部分干部认识不足。", "section": "problems", "path": ["存在问题"]}
    ).encode(),
]


def test_a_line_is_one_unit_and_answers_in_order():
    first, second = (json.loads(line) for line in tag_lines(LINES, model=Rules()))
    assert list(first) == ["id", "kind", "score", "themes", "figures", "platforms"]
    assert [figure["text"] for figure in first["figures"]] == ["140余条", "未收到"]
    assert (second["id"], second["kind"], second["themes"]) == ("b", "problem", ["awareness"])


def test_a_bad_line_is_named_and_the_rest_is_tagged():
    given = [LINES[0], b"{", b"", b'{"id": 3}', LINES[1]]
    found = list(tag_lines(given, model=Rules(), name="in.jsonl"))
    assert [type(one) for one in found] == [bytes, UnreadableFile, UnreadableFile, bytes]
    assert [one.path for one in found if isinstance(one, UnreadableFile)] == ["in.jsonl:2", "in.jsonl:4"]


def test_split_gives_units_with_offsets_into_the_line_itself():
    text = "（一）存在问题\n　　一是人手不足；二是更新不及时。\n（二）改进措施\n　　将加强培训2次。"
    line = json.dumps({"id": 7, "text": text, "section": "problems"}).encode()
    answer = json.loads(next(iter(tag_lines([line], split=True, model=Rules()))))
    assert [unit["text"] for unit in answer["units"]] == ["人手不足；", "更新不及时。", "将加强培训2次。"]
    assert all(text[unit["start"] : unit["end"]] == unit["text"] for unit in answer["units"])
    assert [text[one["start"] : one["end"]] for one in answer["figures"]] == ["2次"]


def test_min_score_abstains():
    answer = json.loads(next(iter(tag_lines(LINES[:1], model=Rules(), min_score=1.01))))
    assert answer["kind"] is None


def test_no_text_is_no_unit():
    assert split_narrative("", Rules()) == ()


def test_memory_is_flat_over_many_lines():
    import tracemalloc

    def feed(count):
        for _ in tag_lines((LINES[0] for _ in range(count)), model=Rules()):
            pass

    feed(1200)
    tracemalloc.start()
    feed(1200)
    few = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    feed(6000)
    assert tracemalloc.get_traced_memory()[1] < 2 * few
    tracemalloc.stop()


def test_a_text_that_says_nothing_is_of_no_kind():
    lines = [json.dumps({"id": text, "text": text}).encode() for text in ("。，！……", "—— ·")]
    for answer in map(json.loads, tag_lines([*lines, LINES[1]], model=Rules())):
        said = answer["id"] == "b"
        assert ((answer["kind"], answer["score"]) == (None, None)) is not said
        assert said or answer["themes"] == answer["figures"] == answer["platforms"] == []


@pytest.mark.parametrize("split", [False, True])
def test_a_blank_text_is_an_error_as_a_missing_one_is(split):
    given = [json.dumps({"id": 1, "text": text}).encode() for text in ("", " \u3000\n\t")]
    found = list(tag_lines([*given, LINES[1]], split=split, model=Rules(), name="in.jsonl"))
    assert list(map(str, found[:2])) == ["in.jsonl:1: no text there", "in.jsonl:2: no text there"]
    assert json.loads(found[2])["id"] == "b"


def test_a_narrative_without_headings_is_not_taken_for_an_overview():
    """What stands nowhere is judged by its words; where it stands is said as before."""
    text = "主要问题：一是人员变动频繁；二是栏目内容陈旧。"
    units = split_narrative(text, load_model())
    assert [unit.kind for unit in units] == ["problem"] * 2
    assert {unit.section for unit in units} == {"overview"}
    told = split_narrative(text, load_model(), "problems")
    assert {unit.section for unit in told} == {"problems"}
