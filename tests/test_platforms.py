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
    ("在市政务网上公示", [("政务网", "website")]),
    ("登录网上办税服务厅，或到办税服务厅", [("网上办税服务厅", "website"), ("办税服务厅", "venue")]),
    ("电话0000-1111，电子信箱：gk@x.cn", []),
    ("更换村里的揭示板和LED滚动屏", [("揭示板", "bulletin"), ("LED滚动屏", "tv_screen")]),
    ("“某某城管”抖音公众号", [("抖音公众号", "video")]),
    ("由市文化旅游和广播电视局报送", []),
    ("在广播、电视上宣讲", [("广播", "broadcast"), ("电视", "tv_screen")]),
    ("各宣传单位加快手续办理，10月8日报县里", []),
    ("在威海报名参加，方便公众网上查询", []),
    ("公布经济普查公报，编印政府公报", [("政府公报", "print")]),
    (
        "微信工作交流群、党员群里提醒党员群众",
        [("微信工作交流群", "wechat_group"), ("党员群", "wechat_group")],
    ),
    ("微信群、公示栏等公开平台", [("微信群", "wechat_group"), ("公示栏", "bulletin")]),
    (
        "在“学习强国”客户端刊发，在“某地党政网”“抖音”同步",
        [("客户端", "app"), ("党政网", "website"), ("抖音", "video")],
    ),
    ("打造“双微”新媒体矩阵", [("双微", "weibo"), ("双微", "wechat"), ("新媒体", "other")]),
    ("联系地址：某市某路8号市民服务中心4楼，电话：1234567", []),
    (
        "查阅地址：区档案馆；受理地址：某路1号，区图书馆设查阅点",
        [("档案馆", "venue"), ("图书馆", "venue"), ("查阅点", "venue")],
    ),
    (
        "设置LED滚动宣传屏，用好LED和电子屏",
        [("LED滚动宣传屏", "tv_screen"), ("LED", "tv_screen"), ("电子屏", "tv_screen")],
    ),
    (
        "门口的LED 显示屏，村民QQ 群和政府门\n户网站",
        [("LED 显示屏", "tv_screen"), ("QQ 群", "wechat_group"), ("政府门\n户网站", "website")],
    ),
    ("政府网站\n微信公众号 微博", [("政府网站", "website"), ("微信公众号", "wechat"), ("微博", "weibo")]),
    ("推进一网通办改革，登录一网通办平台", [("一网通办平台", "website")]),
    ("手机App客户端", [("手机App客户端", "app")]),
    ("做强双微一端", [("双微一端", "weibo"), ("双微一端", "wechat"), ("双微一端", "app")]),
]


@pytest.mark.parametrize(("text", "expected"), SPANS)
def test_spans_and_types(text: str, expected: list[tuple[str, str]]) -> None:
    """Owner, level, 官方, 号 and quoted names stay out; 政务, 政府 and 门户 belong."""
    found = find_platforms(text)
    assert [(one.text, one.type) for one in found] == expected
    assert all(text[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("拨打12345社会服务热线", ["12345社会服务热线"]),
        ("12345和县长热线", ["12345", "县长热线"]),
        ("12345、热线", ["12345", "热线"]),
        ("12345 热线受理", ["12345 热线"]),
        ("2012319年热线", ["热线"]),
        ("12328便民服务中心热线", ["12328便民服务中心热线"]),
    ],
)
def test_hotlines_begin_at_their_number(text: str, expected: list[str]) -> None:
    """What stands between a hotline's number and its name is the hotline's own; a list stays two."""
    assert [one.text for one in find_platforms(text)] == expected


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
