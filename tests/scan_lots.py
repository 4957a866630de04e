"""Lots of scanned reports: in each, reports in several hands meet one kind of harm.

`python -m benchmarks.scans` reads them all; what each holds is the same on every machine with the same fonts.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy
from layouts import Filled, fill_form, some_noughts
from PIL import Image, ImageDraw, ImageFilter
from scan_pages import Drawn, Hand, Story, _load, draw_pages, find_font, write_report
from scanner import Fate, scan_page

STORIES = (
    Story(
        "云岭市水务局2022年度政府信息公开工作年度报告",
        (
            "本局按照条例要求编制本报告，数据统计期限自2022年1月1日起至2022年12月31日止。",
            "（一）主动公开情况。全年在局门户网站发布水情、工程和招标信息417条，发布政策解读6篇。",
            "（二）监督保障。局办公室每季度通报一次各科室的发布情况，年内集中学习条例2次。",
        ),
        (
            "一是水价调整等公众关心事项的解读偏少。二是个别科室报送信息不够及时。",
            "下一步，将把解读材料与文件同步报审，并由专人催报。",
        ),
        "本年度未收取信息处理费。",
    ),
    Story(
        "白鹭洲区文化广电和旅游局政府信息公开工作2020年度报告",
        (
            "（一）主动公开。通过区政府网站公开场馆开放、演出和执法信息263条，“鹭洲文旅”公众号推送189条。",
            "（二）依申请公开。答复意见均经法制机构审核，没有逾期件。",
        ),
        ("公开目录更新不够及时；基层文化站人手紧张。", "今后将按季修订目录，并为文化站安排两次业务培训。"),
        "无其他需要报告的事项。",
    ),
    Story(
        "石桥子镇人民政府2023年政府信息公开工作年度报告",
        (
            "镇政府严格落实信息发布先审后发，村务公开栏每月更新。",
            "全年公开惠农补贴、低保评定和工程招标信息152条，利用大喇叭播报政策31次。",
        ),
        (
            "存在问题：公开形式较单一，村民知晓度不高。",
            "改进措施：增设便民服务点查阅专柜，每村确定一名信息员。",
        ),
        "无。",
    ),
    Story(
        "江陵道街道办事处2021年政府信息公开工作年度报告",
        (
            "街道成立政务公开领导小组，由办事处主任任组长。",
            "全年公开社区治理、物业管理和养老服务信息98条，回应居民来电206件。",
        ),
        ("对政策文件的图解、视频解读还不多。", "将与区融媒体中心合作，每季推出一期解读。"),
        "没有收费。",
    ),
)

TIMES = ("Liberation Serif", "DejaVu Serif")
ARIAL = ("Liberation Sans", "DejaVu Sans")
SONG = ("AR PL UMing CN", "Noto Serif CJK SC")
KAI = ("AR PL KaitiM GB", "Noto Serif CJK SC")
HEI = ("WenQuanYi Zen Hei", "Noto Sans CJK SC")

# A report of each: number of the story, edition, most of a number, share of noughts, layout, hand.
REPORTS: tuple[tuple[int, str, int, float, str, Hand], ...] = (
    (0, "2021", 950, 0.0, "official", Hand(SONG, TIMES, 10.5)),
    (1, "2019", 90, 0.0, "apart", Hand(KAI, TIMES, 10.0, grey=90, weight=0.5, shade=225)),
    (2, "2021", 9, 0.75, "rows", Hand(HEI, (), 11.0, align="right", height=0.45, double=True)),
    (3, "2019", 6000, 0.0, "turned", Hand(("Noto Sans CJK SC",), ARIAL, 10.0, align="left", landscape=True)),
)


@dataclass(frozen=True)
class Lot:
    """Reports that meet one harm: `harm(page, seed, dpi)` gives the picture; `kind` of file they come in."""

    name: str
    harm: Callable[[Drawn, int, int], Image.Image]
    dpi: int = 150
    kind: str = "PDF"


def fill_report(number: int, salt: int) -> Filled:
    _, edition, most, noughts, _, _ = REPORTS[number]
    filled = fill_form(edition, 7_000 + 10 * salt + number, most=most)
    return some_noughts(filled, "0", share=noughts, seed=salt) if noughts else filled


def draw_report(number: int, salt: int, dpi: int) -> tuple[Filled, list[Drawn]]:
    """A report's numbers and its pages; `salt` makes other numbers."""
    story, _, _, _, layout, hand = REPORTS[number]
    filled = fill_report(number, salt)
    return filled, draw_pages(write_report(STORIES[story], filled, layout), hand, dpi)


# ---- harms ------------------------------------------------------------------------------------------------


def _fate(seed: int, **changes: object) -> Fate:
    lot = random.Random(seed)
    fate = Fate(
        turn=lot.choice((-1, 1)) * lot.uniform(1.0, 2.0),
        stamp=None,
        quality=lot.randrange(40, 76),
        fade=lot.uniform(0.0, 0.3),
        noise=lot.uniform(1.0, 6.0),
        blur=lot.uniform(0.2, 0.6),
    )
    return replace(fate, **changes)  # type: ignore[arg-type]


def turned(page: Drawn, seed: int, dpi: int) -> Image.Image:
    return scan_page(page.picture, _fate(seed), dpi)


def stamped_heads(page: Drawn, seed: int, dpi: int) -> Image.Image:
    """A stamp over the heads of a table on the page."""
    lot = random.Random(seed)
    place = (lot.uniform(0.2, 0.8), lot.choice(page.heads)) if page.heads else None
    return scan_page(page.picture, _fate(seed, stamp=place), dpi)


def stamped_numbers(page: Drawn, seed: int, dpi: int) -> Image.Image:
    """A stamp over numbers."""
    lot = random.Random(seed)
    return scan_page(page.picture, _fate(seed, stamp=lot.choice(page.numbers) if page.numbers else None), dpi)


def watermarked(page: Drawn, seed: int, dpi: int) -> Image.Image:
    """Level words in grey over the page, again and again."""
    return scan_page(mark_page(page.picture, seed, dpi), _fate(seed), dpi)


def mark_page(picture: Image.Image, seed: int, dpi: int) -> Image.Image:
    lot = random.Random(seed)
    size = round(lot.uniform(24, 44) * dpi / 72)
    mark = Image.new("L", picture.size, 255)
    pen = ImageDraw.Draw(mark)
    font = _load(*find_font(("Noto Sans CJK SC",)), size)
    words = lot.choice(("内部资料", "政府信息公开", "仅供存档", "示范区政务公开"))
    for number, y in enumerate(range(size, picture.height, size * 3)):
        for x in range(size * (number % 2), picture.width, size * (len(words) + 2)):
            pen.text((x, y), words, fill=lot.randrange(185, 220), font=font)
    ink = numpy.minimum(numpy.asarray(picture), numpy.asarray(mark)[:, :, None])
    return Image.fromarray(ink)


def uneven(page: Drawn, seed: int, dpi: int) -> Image.Image:
    """Light from one side, and a shadow of the fold."""
    return shade_page(turned(page, seed, dpi), seed)


def shade_page(picture: Image.Image, seed: int) -> Image.Image:
    lot = random.Random(seed)
    high, wide = picture.height, picture.width
    x, y = numpy.meshgrid(numpy.linspace(0, 1, wide), numpy.linspace(0, 1, high))
    angle = lot.uniform(0, 6.3)
    along = (x - 0.5) * numpy.cos(angle) + (y - 0.5) * numpy.sin(angle) + 0.5
    light = 1 - lot.uniform(0.25, 0.5) * numpy.clip(along, 0, 1)
    fold = lot.uniform(0.2, 0.8)
    light *= 1 - lot.uniform(0.1, 0.3) * numpy.exp(-(((x - fold) / 0.02) ** 2))
    shaded = numpy.clip(numpy.asarray(picture, float) * light[:, :, None], 0, 255).astype(numpy.uint8)
    packed = io.BytesIO()
    Image.fromarray(shaded).save(packed, "JPEG", quality=lot.randrange(45, 75))
    return Image.open(packed).convert("RGB")


def faxed(page: Drawn, seed: int, dpi: int) -> Image.Image:
    """Black and white alone, with specks."""
    lot = random.Random(seed)
    grey = scan_page(page.picture, _fate(seed, fade=lot.uniform(0, 0.2), quality=90), dpi).convert("L")
    bits = numpy.asarray(grey) < lot.randrange(120, 170)
    specks = numpy.random.default_rng(seed).random(bits.shape)
    bits = (bits | (specks < 0.0008)) & (specks < 0.9985)
    return Image.fromarray(~bits).convert("1")


def photographed(page: Drawn, seed: int, dpi: int) -> Image.Image:
    """By a phone, not quite from above, on a desk, in uneven light."""
    lot = random.Random(seed)
    wide, high = page.picture.size
    edge = round(0.06 * wide)
    desk = Image.new("RGB", (wide + 2 * edge, high + 2 * edge), (96, 84, 70))
    desk.paste(page.picture, (edge, edge))
    reach = 0.03
    corners = [
        (lot.uniform(0, reach) * wide, lot.uniform(0, reach) * high),
        (lot.uniform(0, reach) * wide, desk.height - lot.uniform(0, reach) * high),
        (desk.width - lot.uniform(0, reach) * wide, desk.height - lot.uniform(0, reach) * high),
        (desk.width - lot.uniform(0, reach) * wide, lot.uniform(0, reach) * high),
    ]
    seen = desk.transform(
        desk.size,
        Image.Transform.QUAD,
        [one for corner in corners for one in corner],
        Image.Resampling.BICUBIC,
    )
    seen = seen.filter(ImageFilter.GaussianBlur(lot.uniform(0.4, 0.9)))
    grain = numpy.random.default_rng(seed).normal(0, 5, (seen.height, seen.width, 1))
    return shade_page(
        Image.fromarray(numpy.clip(numpy.asarray(seen, float) + grain, 0, 255).astype(numpy.uint8)), seed
    )


LOTS = (
    Lot("turned, JPEG 40-75, 150 dpi", turned),
    Lot("stamp over the heads, 150 dpi", stamped_heads),
    Lot("stamp over numbers, 200 dpi", stamped_numbers, 200),
    Lot("level grey watermark, 150 dpi", watermarked),
    Lot("uneven light, 150 dpi", uneven),
    Lot("fax, black and white, 200 dpi", faxed, 200, "TIFF"),
    Lot("photograph, 200 dpi", photographed, 200),
)


def make_files(lot: Lot, salt: int) -> Iterator[tuple[str, Filled, list[Image.Image]]]:
    """(name, numbers, pages) of each report of a lot."""
    for number in range(len(REPORTS)):
        filled, drawn = draw_report(number, salt, lot.dpi)
        pages = [
            lot.harm(page, 1_000 * salt + 10 * number + index, lot.dpi) for index, page in enumerate(drawn)
        ]
        yield f"report{number}", filled, pages
