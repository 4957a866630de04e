"""Word files with their tables set in as pictures: read where OCR is installed, told of where it is not."""

from __future__ import annotations

import io
import shutil

import pytest
from layouts import exact_grids, fill_form
from msgspec.structs import replace
from pdf_writer import lay_out

from extract.pipeline import parse
from extract.report import Grid

docx = pytest.importorskip("docx")
Image = pytest.importorskip("PIL.Image")
needs_ocr = pytest.mark.skipif(shutil.which("fc-list") is None, reason="needs fonts-noto-cjk to draw pages")
FILLED = fill_form("2021", 5)


def write_docx(picture: Image.Image) -> bytes:
    """A report whose section four holds a picture and nothing else."""
    made = docx.Document()
    for line in ("柏溪县林业局2022年政府信息公开工作年度报告", "一、总体情况", "全年主动公开政府信息88条。"):
        made.add_paragraph(line)
    made.add_paragraph("四、政府信息公开行政复议、行政诉讼情况")
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    made.add_picture(io.BytesIO(packed.getvalue()), width=docx.shared.Cm(15))
    made.add_paragraph("五、存在的主要问题及改进情况")
    made.add_paragraph("公开时效有待提高，下一步由专人跟进。")
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def draw_review() -> Image.Image:
    """The table of reviews and suits as a screenshot."""
    from scanner import Fate, scan_pdf

    whole = exact_grids(FILLED)
    last = [block for block in whole.blocks if isinstance(block, Grid)][-1]
    page = scan_pdf(lay_out(replace(whole, blocks=(last,))), [Fate(0.0, 0, None, 90, 0.0, 0.0, 0.0)])[0]
    return page.crop((0, 0, page.width, page.height // 3))


@pytest.mark.system
@needs_ocr
def test_a_table_in_a_picture_is_read():
    pytest.importorskip("rapidocr")
    report = parse(write_docx(draw_review()))
    found = {cell.id: cell.value for cell in report.cells if cell.table == "review"}
    wanted = {key: value for key, value in FILLED.values.items() if key.startswith("review.")}
    assert len(found) == len(wanted)
    assert sum(found[key] == value for key, value in wanted.items()) >= len(wanted) - 1
    assert all(found[key] in (value, None) for key, value in wanted.items())
    assert {cell.read_by for cell in report.cells if cell.table == "review"} == {"ocr"}


def test_a_picture_without_lines_costs_no_recogniser(monkeypatch):
    pytest.importorskip("cv2")
    monkeypatch.setattr("extract.read.ocr.load_engine", lambda: pytest.fail("the recogniser was loaded"))
    report = parse(write_docx(Image.effect_noise((900, 600), 60)))
    assert any(finding.rule == "missing_table" for finding in report.findings)


@pytest.mark.system
@needs_ocr
def test_without_the_extra_the_table_is_missing(monkeypatch):
    pytest.importorskip("cv2")

    def missing() -> None:
        raise ImportError("rapidocr")

    monkeypatch.setattr("extract.read.ocr.load_engine", missing)
    report = parse(write_docx(draw_review()))
    assert not report.cells
    assert any(finding.rule == "missing_table" for finding in report.findings)
