"""Characters of a PDF in lines: fonts drawn in the file, whose boxes are those of the ink; text set aslant."""

from __future__ import annotations

import itertools

from pdf_writer import PdfPage, _join_objects, write_pdf

from extract.read.pdf import read_pdf
from extract.report import Paragraph

FLAT = {
    "一": (33, 372, 944, 416),
    "二": (60, 60, 950, 700),
    "，": (60, -110, 250, 80),
    "—": (0, 340, 1000, 400),
}


def lines_of(data: bytes) -> list[str]:
    return [block.text for block in read_pdf(data, "x").blocks if isinstance(block, Paragraph)]


def draw_pdf(lines: list[str], size: float = 12, step: float = 20) -> bytes:
    """Lines in a Type 3 font of size 1/1000: each glyph a box of ink, flat for the characters in FLAT."""
    letters = {char: number for number, char in enumerate(sorted(set("".join(lines))), 33)}
    shown = [
        f"BT /F1 {size} Tf 60 {800 - step * number:.1f} Td <{bytes(letters[c] for c in line).hex()}> Tj ET"
        for number, line in enumerate(lines)
    ]
    first, last = 33, 32 + len(letters)
    glyphs = [_stream(_draw(FLAT.get(char, (20, -100, 980, 860)))) for char in letters]
    names = " ".join(f"/g{number} {6 + number - first} 0 R" for number in letters.values())
    order = " ".join(f"/g{number}" for number in letters.values())
    font = (
        f"<</Type/Font/Subtype/Type3/FontBBox[0 -120 1000 880]/FontMatrix[.001 0 0 .001 0 0]/CharProcs<<{names}>>"
        f"/Encoding<</Type/Encoding/Differences[{first} {order}]>>/FirstChar {first}/LastChar {last}"
        f"/Widths[{' '.join(itertools.repeat('1000', len(letters)))}]/ToUnicode 5 0 R/Resources<<>>>>"
    )
    named = "\n".join(f"<{number:02x}> <{ord(char):04x}>" for char, number in letters.items())
    mapped = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{len(letters)} beginbfchar\n{named}\nendbfchar\n"
        "endcmap end end"
    )
    page = 6 + len(letters)
    return _join_objects(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            f"<</Type/Pages/Count 1/Kids[{page} 0 R]>>".encode(),
            font.encode(),
            b"<<>>",
            _stream(mapped),
            *glyphs,
            (
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
                f"/Contents {page + 1} 0 R>>"
            ).encode(),
            _stream("\n".join(shown)),
        ]
    )


def _draw(ink: tuple[int, int, int, int]) -> str:
    x0, y0, x1, y1 = ink
    return f"1000 0 {x0} {y0} {x1} {y1} d1 {x0} {y0} {x1 - x0} {y1 - y0} re f"


def _stream(content: str) -> bytes:
    return f"<</Length {len(content)}>>stream\n{content}\nendstream".encode()


def test_a_flat_character_stays_in_its_line():
    lines = [
        "一是完善制度，二是充实队伍，一件一件抓落实。",
        "第一季度办结一百二十一件，另有一件移送他局。",
        "只计这一情形，不计其他情形。",
    ]
    assert "".join(lines_of(draw_pdf(lines))) == "".join(lines)


def test_a_line_of_flat_characters_alone_is_read():
    assert "".join(lines_of(draw_pdf(["一二一", "政务公开"]))) == "一二一政务公开"


def test_a_watermark_set_aslant_is_left_out():
    page = PdfPage()
    words = [
        "本机关全年主动公开政府信息四十二条，",
        "全部刊登在县政府门户网站的专栏里。",
    ]
    for number, line in enumerate(words):
        page.text(60, 100 + 20 * number, 12, line)
    mark = "青石镇人民政府".encode("utf-16-be").hex()
    for shift in (0, 90, 180):
        page.parts.append(f"q .85 g BT /F1 44 Tf .77 .64 -.64 .77 {20 + shift} 680 Tm <{mark}> Tj ET Q")
    assert "".join(lines_of(write_pdf([page]))) == "".join(words)


def test_a_page_that_lies_askew_is_read():
    page = PdfPage()
    page.parts.append("q .97 .24 -.24 .97 120 -60 cm")
    page.text(60, 300, 12, "本机关全年主动公开政府信息四十二条。")
    page.parts.append("Q")
    assert lines_of(write_pdf([page])), "nothing is left out where all stands aslant"
