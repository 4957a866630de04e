"""Platforms: spans, types, names, and what is no mention."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.platforms import find_all_platforms, find_platforms

SPANS = [
    ("县政府门户网站", [("政府门户网站", "website")]),
    ("“云上某县”微信公众号", [("微信公众号", "wechat")]),
    ("官方微信、官方抖音号", [("微信", "wechat"), ("抖音", "video")]),
    ("村民微信群和QQ群", [("微信群", "wechat_group"), ("QQ群", "wechat_group")]),
    ("设置政务公开栏", [("政务公开栏", "bulletin")]),
    ("公示公告栏目、公开栏目", []),
    ("12345热线平台", [("12345热线", "hotline")]),
    ("编号123456", []),
    ("《某某日报》刊发", []),
    ("在市日报刊发", [("日报", "print")]),
    ("《某市人民政府公报》", [("政府公报", "print")]),
    ("《依申请公开工作手册》", []),
    ("微信小程序和政务APP", [("微信小程序", "app"), ("政务APP", "app")]),
    ("用好两微一端", [("两微一端", "weibo"), ("两微一端", "wechat"), ("两微一端", "app")]),
    ("召开电视电话会议", []),
    ("在门户网站开设政务公开专区", [("门户网站", "website"), ("政务公开专区", "website")]),
    ("在服务大厅设政务公开专区", [("服务大厅", "venue"), ("政务公开专区", "venue")]),
    ("happy", []),
    ("主动公开信息", []),
    ("“新闻发布会”栏目发布信息，led滚动播放", [("led", "tv_screen")]),
    ("更新政府信息公开网上管理系统，登录信息公开网上平台", [("信息公开网上平台", "website")]),
    ("提升政府网上服务水平，织密政府信息公开网络", []),
    ("在县政府网上公布，更新政务信息网站", [("政府网", "website"), ("政务信息网站", "website")]),
]


@pytest.mark.parametrize(("text", "expected"), SPANS)
def test_spans_and_types(text: str, expected: list[tuple[str, str]]) -> None:
    """Owner, level, 官方, 号 and quoted names stay out; 政务, 政府 and 门户 belong."""
    found = find_platforms(text)
    assert [(one.text, one.type) for one in found] == expected
    assert all(text[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("“云上某县”微信公众号", "云上某县"),
        ("“某某发布”政务微博", "某某发布"),
        ("微信公众号“醉美某镇”推送", "醉美某镇"),
        ("微信公众号（“醉美某镇”）推送", "醉美某镇"),
        ("政府网站“政务公开”栏目", None),
        ("微信公众号推送“惠民政策”", None),
        ("“做到依法行政、为民服务、公开透明、廉洁高效的要求”微信", None),
    ],
)
def test_names(text: str, name: str | None) -> None:
    """A name in quotes beside the mention is kept; a column's or a saying is not."""
    assert find_platforms(text)[0].name == name


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text("微信公众号政务APP网站123450“”《》（）的官方专区两微一端\n", max_size=25), max_size=6)
)
def test_many_texts_as_each_alone(texts: list[str]) -> None:
    """Texts read together give what each gives alone: no word and no name reaches from one into the next."""
    assert find_all_platforms(texts) == [find_platforms(text) for text in texts]


@pytest.mark.parametrize("piece", ["网站", "“", "《", "公", "1", "微信公众"])
def test_linear(piece: str) -> None:
    """A line of a hundred thousand characters is no trouble."""
    start = time.process_time()
    find_platforms(piece * (100_000 // len(piece)))
    assert time.process_time() - start < 2
