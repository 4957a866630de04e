"""What the outline of a text tells at once is what reading tells at length."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.forms import load_forms
from extract.normalise import normalise
from extract.read.encoding import decode
from extract.report import Document, Paragraph
from extract.sections import find_sections
from extract.tables import read_tables
from extract.tables.composed import find_parts
from extract.tables.foreign import is_foreign
from extract.tables.rows import line_row, stands_alone
from extract.tables.values import is_value
from extract.tables.vocabulary import guess_label, load_vocabulary, read_label

REPORTS = Path(__file__).parent / "reports"
LABELS = sorted(
    {
        one.label
        for form in load_forms()
        for table in form.tables
        for band in table.bands
        for one in (*band.rows, *band.columns)
    }
)
SIGNS = [
    "（",
    "）",
    "(",
    "：",
    "—",
    "、",
    "。",
    "；",
    "/",
    "勾稽",
    "其中",
    "它",
    "①",
    "无",
    "零",
    "（一）",
    "1.",
]
NUMBERS = ["0", "12", "1,", "234", "3件", "22篇", "增加", "减少", "无变化", "人民币", "万元"]
words = st.lists(
    st.sampled_from(LABELS)
    | st.sampled_from(SIGNS)
    | st.sampled_from(NUMBERS)
    | st.text("镇我策微信公开申请", max_size=9),
    min_size=1,
    max_size=6,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.lists(words | st.sampled_from(LABELS), min_size=1, max_size=5))
def test_words_that_stand_alone_are_the_pieces_of_their_line(parts: list[str]) -> None:
    line = " ".join(parts)
    row = line_row(line, 0)
    if row is not None and all(part.isdecimal() or stands_alone(part) for part in parts):
        assert [piece.text for piece in row.pieces] == parts


@settings(max_examples=400, deadline=None)
@given(words)
def test_foreign_words_are_neither_labels_nor_numbers(text: str) -> None:
    if is_foreign(text, near=False):
        assert not read_label(text).whole
        assert not is_value(text)
        assert not find_parts(text)
    if is_foreign(text, near=True):
        assert all(guess_label(text, table).how != "near" for table in (None, *load_vocabulary().pieces))


PROSE = [
    "五、存在的主要问题及改进情况",
    "2022年我镇政府信息公开工作取得新进展",
    "对标新要求仍有差距，下步加强培训。",
]
SEPARATORS = ["", " ", "  ", "|", " | ", "\t", "\n", "\n\n", "：", "、"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(words | st.sampled_from(LABELS + PROSE), st.sampled_from(SEPARATORS)), max_size=60))
def test_what_reading_finds_is_in_the_outline(parts: list[tuple[str, str]]) -> None:
    text = normalise(Document(tuple(Paragraph(line) for line in "".join(map("".join, parts)).split("\n"))))
    sections = find_sections(text)
    assert read_tables(text, sections) == read_tables(text, sections, remember=False)


@pytest.mark.parametrize("path", sorted(REPORTS.glob("*.txt")), ids=lambda path: path.stem)
def test_cells_parted_by_bars_alone_on_one_line(path: Path) -> None:
    """A row of hundreds of cells without a blank is no running text."""
    words = decode(path.read_bytes(), path.name)[0].split()
    text = normalise(Document((Paragraph("|".join(words)), Paragraph("三、其他"))))
    assert read_tables(text, find_sections(text)) == read_tables(text, find_sections(text), remember=False)
