"""Scans: letters of a title, whose strokes are as long as a short ruling line."""

from __future__ import annotations

import shutil

import numpy
import pytest
from pdf_writer import PdfPage, write_pdf

pytest.importorskip("cv2")
pytest.importorskip("rapidocr")

from extract.read.ocr import read_sheet

TITLE = "柏溪县林业局政府信息公开工作年度报告"


@pytest.mark.system
@pytest.mark.skipif(shutil.which("fc-list") is None, reason="needs fonts-noto-cjk to draw pages")
@pytest.mark.parametrize("size", [18, 26])
def test_a_title_in_large_letters_is_read_whole(size):
    from scanner import Fate, scan_pdf

    page = PdfPage()
    page.text(40, 120, size, TITLE)
    page.text(60, 200, 11, "本机关全年主动公开政府信息四十二条。")
    picture = scan_pdf(write_pdf([page]), [Fate(0.0, 0, None, 90, 0.0, 0.0, 0.0)], 220)[0]
    assert TITLE in [line.text for line in read_sheet(numpy.asarray(picture)).lines]
