"""Tables that stand as pictures in a PDF with text, a web page or a saved page, and reports that are pictures."""

from __future__ import annotations

import base64
import io
import shutil
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP

import pytest

pytest.importorskip("cv2")
pytest.importorskip("rapidocr")

import pypdfium2
from layouts import exact_grids, fill_form
from msgspec.structs import replace
from pdf_writer import Layout, lay_out
from PIL import Image
from scanner import Fate, scan_pdf

from extract.errors import UnreadableFile
from extract.pipeline import parse
from extract.report import Document, Grid, Paragraph, Report

FILLED = fill_form("2021", 6)
REVIEW = {key: value for key, value in FILLED.values.items() if key.startswith("review.")}
BEFORE = ("柏溪县林业局2022年政府信息公开工作年度报告", "一、总体情况", "全年主动公开政府信息88条。")
HEADING = "四、政府信息公开行政复议、行政诉讼情况"
AFTER = ("五、存在的主要问题及改进情况", "公开时效有待提高，下一步由专人跟进。")
STILL = Fate(0.0, 0, None, 90, 0.0, 0.0, 0.0)

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(shutil.which("fc-list") is None, reason="needs fonts-noto-cjk to draw pages"),
]


@pytest.fixture(scope="module")
def review() -> bytes:
    """The table of reviews and suits as a picture file."""
    whole = exact_grids(FILLED)
    last = [block for block in whole.blocks if isinstance(block, Grid)][-1]
    page = scan_pdf(lay_out(replace(whole, blocks=(last,))), [STILL])[0]
    return pack(page.crop((0, 0, page.width, page.height // 3)))


def pack(picture: Image.Image, kind: str = "PNG") -> bytes:
    packed = io.BytesIO()
    picture.save(packed, kind)
    return packed.getvalue()


def in_pdf(picture: bytes) -> bytes:
    """A PDF with text, the picture in the middle of its page."""
    document = pypdfium2.PdfDocument(lay_out(Document(tuple(map(Paragraph, (*BEFORE, HEADING))))))
    image = pypdfium2.PdfImage.new(document)
    image.load_jpeg(io.BytesIO(pack(Image.open(io.BytesIO(picture)).convert("RGB"), "JPEG")))
    image.set_matrix(pypdfium2.PdfMatrix().scale(480, 226).translate(56, 320))
    page = document[0]
    page.insert_obj(image)
    page.gen_content()
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def page_of(source: str) -> str:
    lines = [*BEFORE, HEADING, f'<img src="{source}">', *AFTER]
    return f"<html><meta charset='utf-8'><body><div>{''.join(f'<p>{line}</p>' for line in lines)}</div></body></html>"


def in_page(picture: bytes) -> bytes:
    return page_of("data:image/png;base64," + base64.b64encode(picture).decode()).encode()


def in_saved_page(picture: bytes) -> bytes:
    """A page saved with its parts, the picture by its address beside the page."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "年报"
    message.set_content(page_of("files/table4.png"), subtype="html", charset="utf-8")
    message["Content-Location"] = "http://www.example.gov.cn/xxgk/2022/report.html"
    message.make_related()
    message.add_related(picture, "image", "png")
    (part,) = [one for one in message.walk() if one.get_content_maintype() == "image"]
    part["Content-Location"] = "http://www.example.gov.cn/xxgk/2022/files/table4.png"
    return message.as_bytes()


WRITERS = {"pdf": in_pdf, "page": in_page, "saved page": in_saved_page}


def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ImportError("rapidocr")

    monkeypatch.setattr("extract.read.ocr.load_engine", missing)


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_table_in_a_picture_is_read_in_its_place(review: bytes, write: Callable[[bytes], bytes]):
    report = parse(write(review))
    found = {cell.id: cell.value for cell in report.cells if cell.table == "review"}
    assert sum(found.get(key) == value for key, value in REVIEW.items()) >= len(REVIEW) - 1
    assert all(found[key] in (value, None) for key, value in REVIEW.items())
    assert {cell.read_by for cell in report.cells if cell.table == "review"} == {"ocr"}
    (section,) = [one for one in report.sections if one.id == "review"]
    start = min(cell.start for cell in report.cells if cell.table == "review" and cell.start is not None)
    assert section.start < start < section.end


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_without_the_extra_it_is_missing(review: bytes, write: Callable[[bytes], bytes], monkeypatch):
    without_extra(monkeypatch)
    report = parse(write(review))
    assert not report.cells
    (missing,) = [one for one in report.findings if one.rule == "missing_table"]
    assert "gongkai[ocr]" in missing.message
    assert missing.origin == "reading"


def test_a_photograph_costs_no_recogniser(monkeypatch):
    monkeypatch.setattr("extract.read.ocr.load_engine", lambda: pytest.fail("the recogniser was loaded"))
    photograph = pack(Image.effect_noise((900, 600), 60).convert("RGB"))
    for write in WRITERS.values():
        assert not parse(write(photograph)).cells


def draw_whole() -> Image.Image:
    """A short report as the picture of a page."""
    lines = (*BEFORE, HEADING)
    whole = exact_grids(FILLED)
    last = [block for block in whole.blocks if isinstance(block, Grid)][-1]
    return scan_pdf(lay_out(Document((*map(Paragraph, lines), last, *map(Paragraph, AFTER)))), [STILL])[0]


def test_a_web_page_of_nothing_but_scanned_pages_is_read(monkeypatch):
    source = "data:image/png;base64," + base64.b64encode(pack(draw_whole())).decode()
    page = f"<html><body><a href='/'>首页</a><img src='{source}'><p>打印</p></body></html>".encode()
    assert count_right(parse(page)) >= len(REVIEW) - 1
    without_extra(monkeypatch)
    with pytest.raises(UnreadableFile, match=r"gongkai\[ocr\]"):
        parse(page)


@pytest.mark.slow
def test_a_long_page_of_a_pdf_is_read_in_pieces():
    one = draw_whole().crop((0, 0, 1240, 1000))
    filler = scan_pdf(lay_out(Document(tuple(map(Paragraph, 30 * AFTER[1:]))), Layout(size=11)), [STILL])[0]
    long = Image.new("RGB", (one.width, one.height + 3 * filler.height), "white")
    for number in range(3):
        long.paste(filler, (0, number * filler.height))
    long.paste(one, (0, 3 * filler.height))
    assert count_right(parse(pack(long, "PDF"))) >= len(REVIEW) - 1


def count_right(report: Report) -> int:
    found = {cell.id: cell.value for cell in report.cells}
    return sum(found.get(key) == value for key, value in REVIEW.items())
