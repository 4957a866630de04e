"""Pages of a PDF as a scanner gives them: askew, on grey paper, noisy, a red stamp over the text, JPEG.

What befalls a page is drawn from a seed, so that the same pages come out on every machine with the same fonts.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy
import pypdfium2
from pdf_writer import PdfPage, write_pdf
from PIL import Image, ImageChops, ImageDraw, ImageFilter

PAPER = (250, 250, 247)
RED = (214, 38, 44)
WORDS = "云溪县人民政府办公室"


@dataclass(frozen=True)
class Fate:
    """What befalls a page: `turn` in degrees, `quarters` against the clock, `stamp` its middle in shares of the
    page, `fade` of the ink (0 black to 1 paper), `noise` in grey values, `blur` in pixels."""

    turn: float = 1.3
    quarters: int = 0
    stamp: tuple[float, float] | None = (0.6, 0.45)
    quality: int = 70
    fade: float = 0.15
    noise: float = 4.0
    blur: float = 0.4


def draw_fate(seed: int, *, quarters: bool = False) -> Fate:
    """A fate by lot: turned by 1 to 2 degrees either way, a stamp anywhere; sideways where `quarters` says so."""
    lot = random.Random(seed)
    return Fate(
        turn=lot.choice((-1, 1)) * lot.uniform(1.0, 2.0),
        quarters=lot.randrange(1, 4) if quarters else 0,
        stamp=(lot.uniform(0.2, 0.8), lot.uniform(0.15, 0.85)),
        quality=lot.randrange(55, 85),
        fade=lot.uniform(0.0, 0.3),
        noise=lot.uniform(1.0, 6.0),
        blur=lot.uniform(0.0, 0.6),
    )


def scan_page(page: Image.Image, fate: Fate, dpi: int = 150) -> Image.Image:
    """The page as scanned."""
    picture = Image.blend(page.convert("RGB"), Image.new("RGB", page.size, PAPER), fate.fade)
    if fate.stamp:
        picture = press_stamp(picture, fate.stamp, dpi)
    picture = picture.rotate(fate.turn, fillcolor=PAPER, resample=Image.Resampling.BICUBIC)
    picture = picture.filter(ImageFilter.GaussianBlur(fate.blur))
    grain = numpy.random.default_rng(round(1000 * abs(fate.turn))).normal(
        0, fate.noise, (*picture.size[::-1], 1)
    )
    noisy = numpy.clip(numpy.asarray(picture, float) + grain, 0, 255).astype(numpy.uint8)
    picture = Image.fromarray(noisy).rotate(90 * fate.quarters, expand=True)
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=fate.quality)
    return Image.open(packed).convert("RGB")


def press_stamp(picture: Image.Image, middle: tuple[float, float], dpi: int) -> Image.Image:
    """The picture with a round stamp of 42 mm: ring, star, and letters along the ring."""
    side = round(42 / 25.4 * dpi)
    ink = Image.new("RGB", picture.size, "white")
    x, y = round(middle[0] * picture.width - side / 2), round(middle[1] * picture.height - side / 2)
    ink.paste(_draw_stamp(side), (x, y))
    return ImageChops.multiply(picture, ink)


@cache
def _draw_stamp(side: int) -> Image.Image:
    stamp = Image.new("RGB", (side, side), "white")
    pen = ImageDraw.Draw(stamp)
    pen.ellipse((2, 2, side - 3, side - 3), outline=RED, width=max(3, side // 32))
    pen.regular_polygon((side / 2, side / 2, side // 7), 3, fill=RED)
    pen.regular_polygon((side / 2, side / 2, side // 7), 3, rotation=180, fill=RED)
    for number, char in enumerate(WORDS):
        angle = 120 - 240 * number / (len(WORDS) - 1)
        letter = _draw_letter(char, side // 8)
        board = Image.new("RGB", (side, side), "white")
        board.paste(letter, (side // 2 - letter.width // 2, side // 14))
        stamp = ImageChops.multiply(
            stamp, board.rotate(angle, fillcolor="white", resample=Image.Resampling.BICUBIC)
        )
    return stamp


def _draw_letter(char: str, side: int) -> Image.Image:
    page = PdfPage()
    page.text(0, 20, 20, char)
    picture = pypdfium2.PdfDocument(write_pdf([page]))[0].render(scale=side / 20).to_pil().convert("L")
    letter = picture.crop((0, 0, side, round(side * 1.2)))
    red = Image.new("RGB", letter.size, RED)
    return Image.composite(Image.new("RGB", letter.size, "white"), red, letter)


def scan_pdf(pdf: bytes, fates: Sequence[Fate], dpi: int = 150) -> list[Image.Image]:
    """The pages of a PDF as scanned, each after its fate; fewer fates than pages come round again."""
    document = pypdfium2.PdfDocument(pdf)
    pictures = (page.render(scale=dpi / 72).to_pil() for page in document)
    return [scan_page(picture, fates[number % len(fates)], dpi) for number, picture in enumerate(pictures)]


def pack_pages(pages: Sequence[Image.Image], kind: str, dpi: int = 150) -> bytes:
    """Scanned pages as one file: "PDF" or "TIFF" of all, "PNG" or "JPEG" of one."""
    made = io.BytesIO()
    if kind in ("PDF", "TIFF"):
        more = {"save_all": True, "append_images": pages[1:]}
        packing = {"compression": "group4" if pages[0].mode == "1" else "jpeg"} if kind == "TIFF" else {}
        pages[0].save(made, kind, resolution=dpi, **packing, **more)
    else:
        (page,) = pages
        page.save(made, kind)
    return made.getvalue()
