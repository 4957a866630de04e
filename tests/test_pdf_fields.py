"""PDFs whose text is not simply printed: typed into the fields of a form, hidden over the picture of a page."""

from __future__ import annotations

import pytest
from pdf_writer import _join_objects

from extract.read.pdf import read_pdf
from extract.report import Document, Grid, Paragraph

FONT = (
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[5 0 R]>>",
    "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
    "/Supplement 4>>/DW 1000/FontDescriptor 6 0 R>>",
    "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
    "/Descent -120/CapHeight 880/StemV 93>>",
)


def fill_in(values: dict[str, str]) -> bytes:
    """A page with labels printed and a field of a form beside each, without a picture of what was typed."""
    drawn = []
    fields = []
    for number, (label, value) in enumerate(values.items()):
        y = 700 - 40 * number
        drawn.append(f"BT /F1 12 Tf 60 {y} Td <{label.encode('utf-16-be').hex()}> Tj ET")
        fields.append(
            f"<</Type/Annot/Subtype/Widget/FT/Tx/T(t{number})/V({value})/Rect[300 {y - 4} 380 {y + 14}]/F 4"
            "/DA(/Helv 10 Tf 0 g)/P 3 0 R>>"
        )
    content = "\n".join(drawn).encode()
    listed = " ".join(f"{8 + number} 0 R" for number in range(len(fields)))
    helv = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    objects = [
        f"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{listed}]/DA(/Helv 10 Tf 0 g)/DR<</Font<</Helv {helv}>>>>"
        "/NeedAppearances true>>>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 7 0 R/Annots[{listed}]>>",
        *FONT,
    ]
    stream = b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)
    return _join_objects([*(one.encode() for one in objects), stream, *(one.encode() for one in fields)])


def words(document: Document) -> str:
    found = []
    for block in document.blocks:
        found += [cell.text for cell in block.cells] if isinstance(block, Grid) else [block.text]
    assert all(isinstance(block, (Grid, Paragraph)) for block in document.blocks)
    return " ".join(found)


def test_what_was_typed_into_the_fields_of_a_form_is_read():
    shown = words(read_pdf(fill_in({"行政许可": "4137", "行政处罚": "286", "行政强制": "19"}), "x"))
    assert all(value in shown for value in ("行政许可", "4137", "286", "19"))


def test_the_lines_of_a_scan_part_the_words_that_are_hidden_over_it():
    numpy = pytest.importorskip("numpy")
    pytest.importorskip("cv2")
    from extract.read.fixed_page import Page
    from extract.read.lattice import find_lattices
    from extract.read.ocr import find_drawn_rules

    picture = numpy.full((2600, 1838, 3), 255, numpy.uint8)
    for y in (600, 700, 800):
        picture[y : y + 4, 300:1500] = 0
    for x in (300, 900, 1500):
        picture[600:804, x : x + 4] = 0
    picture[540:600, 901:905] = 0  # the stroke of a letter in the heading above
    page = Page(595.0, 842.0, [], [], [], [], 0, hidden=True)
    (lattice,) = find_lattices(*find_drawn_rules(picture, page))
    assert len(lattice.fields) == 4
    assert abs(lattice.ys[0] - 600 * 842 / 2600) < 2
