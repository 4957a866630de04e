"""What the outline of a text tells at once is what reading tells at length."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from extract.forms import load_forms
from extract.tables.composed import find_parts
from extract.tables.foreign import is_foreign
from extract.tables.rows import line_row, stands_alone
from extract.tables.values import is_value
from extract.tables.vocabulary import guess_label, load_vocabulary, read_label

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
