"""Lists in running text: what enumerates, what ends an item, what stands above one."""

from __future__ import annotations

import pytest
from texts import make_text

from extract.report import Section
from extract.units import split_atoms


def show_atoms(source: str, section: str = "problems") -> list[tuple[str | None, str, str]]:
    """Marker, innermost heading and text of each atom."""
    text = make_text(source)
    atoms, _ = split_atoms(text, (Section(section, None, 0, len(source)),), ())  # type: ignore[arg-type]
    return [(one.marker, "".join(one.path[-1:]), text.text[one.start : one.end]) for one in atoms]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A、栏目空缺多。\nB、信息员换得勤。", ["A、", "B、"]),
        ("（a）栏目空缺多。（b）信息员换得勤。", ["（a）", "（b）"]),
        ("Ⅰ．栏目空缺多，内容旧。\nⅡ．信息员换得勤。", ["Ⅰ．", "Ⅱ．"]),
        ("第一点，栏目空缺多。第二点，信息员换得勤。", ["第一点", "第二点"]),
        ("1，栏目空缺多。\n2，信息员换得勤。", ["1", "2"]),
        ("1 栏目空缺多。\n2 信息员换得勤。", ["1", "2"]),
        ("2 月换了信息员。\n3 月补了栏目。", [None, None]),
        ("▲栏目空缺多。\n▲信息员换得勤。", ["▲", "▲"]),
        ("A类栏目空缺多。\nAPP、网站都慢。", [None, None]),
        ("A、B岗轮换太勤。", [None]),
    ],
)
def test_letters_and_loose_numbers_begin_items(source: str, expected: list[str | None]) -> None:
    assert [marker for marker, _, _ in show_atoms(source)] == expected


def test_a_turn_to_remedies_ends_the_last_item_of_a_paragraph() -> None:
    assert show_atoms("一是栏目旧。二是信息员少，群众有怨言。来年，我办将请专人更新栏目。") == [
        ("一是", "", "栏目旧。"),
        ("二是", "", "信息员少，群众有怨言。"),
        (None, "", "来年，我办将请专人更新栏目。"),
    ]


def test_a_turn_behind_one_list_is_none_of_the_next() -> None:
    source = "一是栏目旧。二是信息员少。今后请专人。其中，一是请一名。二是请老师。今后再请。"
    assert [words for _, _, words in show_atoms(source) if words.startswith("今后")] == [
        "今后请专人。",
        "今后再请。",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "一是栏目旧。今后按月更新。二是信息员少。今后配齐信息员。",  # each has its own
        "1.栏目旧。\n2.信息员少。今后配齐信息员。",  # a paragraph of its own
        "一是栏目旧；二是信息员少，今后要配齐。",
    ],
)
def test_a_remedy_of_one_item_stays_with_it(source: str) -> None:
    assert len(show_atoms(source)) == 2


def test_a_label_of_remedies_is_no_part_of_the_item_before_it() -> None:
    assert show_atoms("（一）栏目旧。整改措施：按月更新。（二）信息员少。整改措施：请专人。") == [
        ("（一）", "", "栏目旧。"),
        (None, "整改措施", "按月更新。"),
        ("（二）", "", "信息员少。"),
        (None, "整改措施", "请专人。"),
    ]


def test_a_topic_before_a_blank_is_a_heading() -> None:
    source = "主动公开 公开信息31条。\n监督保障 培训一次。\n专题培训 一次。"
    assert show_atoms(source, "overview") == [
        (None, "主动公开", "公开信息31条。"),
        (None, "监督保障", "培训一次。"),
        (None, "监督保障", "专题培训 一次。"),
    ]


def test_labels_may_be_numbered() -> None:
    assert show_atoms("问题一：栏目旧。\n措施一：按月更新。\n问题2：信息员少。") == [
        (None, "问题一", "栏目旧。"),
        (None, "措施一", "按月更新。"),
        (None, "问题2", "信息员少。"),
    ]


def test_topics_before_a_colon_part_a_paragraph() -> None:
    source = "主动公开方面：公开信息31条。依申请公开方面：未收到申请；平台建设：换公示栏2块。"
    assert show_atoms(source, "overview") == [
        (None, "主动公开方面", "公开信息31条。"),
        (None, "依申请公开方面", "未收到申请；"),
        (None, "平台建设", "换公示栏2块。"),
    ]


def test_a_list_of_any_rank_may_stand_within_an_item_that_goes_on() -> None:
    source = "（一）存在问题\n一、栏目旧。\n二、信息员少。\n（二）改进措施\n一、按月更新。\n二、请专人。"
    assert [(marker, path) for marker, path, _ in show_atoms(source)] == [
        ("一、", "（一）存在问题"),
        ("二、", "（一）存在问题"),
        ("一、", "（二）改进措施"),
        ("二、", "（二）改进措施"),
    ]


def test_a_sentence_that_announces_tasks_is_no_heading() -> None:
    assert show_atoms("2024年拟做好两项工作：第一，更新栏目；第二，请专人。")[0] == (
        None,
        "",
        "2024年拟做好两项工作：",
    )


FULL = "在区政府网站和两处公告牌上同时张贴名单，请居民逐户核对，改正地址和面积写错的十一处，又请物业公司把名单送到每个楼栋。"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"把名单贴到楼下\n{FULL}", [("把名单贴到楼下", FULL)]),
        (f"（一）主动公开：“上墙”最要紧\n{FULL}", [("（一）主动公开：“上墙”最要紧", FULL)]),
        ("把名单贴到楼下\n名单已换新。", [("", "把名单贴到楼下"), ("", "名单已换新。")]),
        (f"未设专栏\n{FULL}", [("", "未设专栏"), ("", FULL)]),
        (f"公开30条\n{FULL}", [("", "公开30条"), ("", FULL)]),
    ],
)
def test_a_line_without_stop_heads_what_is_written_out_below(
    source: str, expected: list[tuple[str, str]]
) -> None:
    assert [(path, words) for _, path, words in show_atoms(source, "overview")] == expected


def test_labels_may_say_of_which_year_they_are_and_stand_in_brackets() -> None:
    assert show_atoms("当前存在的问题：栏目旧。改进打算：按月更新。") == [
        (None, "当前存在的问题", "栏目旧。"),
        (None, "改进打算", "按月更新。"),
    ]
    assert show_atoms("【存在问题】栏目旧。【整改措施】按月更新。") == [
        (None, "存在问题", "栏目旧。"),
        (None, "整改措施", "按月更新。"),
    ]


def test_items_are_parted_where_the_stop_before_them_is_lost() -> None:
    assert [marker for marker, _, _ in show_atoms("一是栏目旧二是信息员少三是没人看")] == [
        "一是",
        "二是",
        "三是",
    ]
    assert [marker for marker, _, _ in show_atoms("栏目的缺口二是主因。")] == [None]


def test_labels_may_stand_behind_any_enumerator() -> None:
    source = "第一，问题：栏目旧。改进举措：按月更新。\n第二，问题：信息员少。改进举措：请专人。"
    assert [words for _, _, words in show_atoms(source)] == [
        "栏目旧。",
        "按月更新。",
        "信息员少。",
        "请专人。",
    ]
