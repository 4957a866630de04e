"""Which encoding a file is in: found by evidence, refused where there is none."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.errors import UnreadableFile
from extract.pipeline import parse
from extract.read.encoding import decode, load_common

SIMPLIFIED = (
    "柳溪县教育局2021年政府信息公开工作年度报告\n一、总体情况\n2021年，我局认真贯彻落实条例，全年主动公开信息120条，"
    "未收到依申请公开。（一）加强组织领导，健全工作机制，明确责任分工；二是严格保密审查，做到“先审后发”。\n"
)
TRADITIONAL = (
    "柳溪縣教育局2021年政府資訊公開工作年度報告\n一、總體情況\n2021年，我局認真貫徹落實條例，全年主動公開資訊120條，"
    "未收到依申請公開。加強組織領導，健全工作機制，明確責任分工，嚴格保密審查。\n"
)
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32-le",
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("length", [24, 60, 300, 4_000])
def test_simplified(encoding: str, length: int) -> None:
    content = (SIMPLIFIED * 60)[:length]
    if encoding == "gb2312":
        content = content.replace("“", "").replace("”", "")
    assert decode(content.encode(encoding), "a.txt") == (content, ENCODINGS[encoding])


@pytest.mark.parametrize(("encoding", "name"), [("big5", "big5"), ("cp950", "big5"), ("utf-8", "utf-8")])
@pytest.mark.parametrize("length", [24, 60, 1_000])
def test_traditional(encoding: str, name: str, length: int) -> None:
    content = (TRADITIONAL * 20)[:length]
    assert decode(content.encode(encoding), "a.txt") == (content, name)


def test_a_table_drawn_with_characters_says_nothing_of_the_script() -> None:
    """Most characters of such a file are ┌─┬│, which are neither common words nor damage."""
    row = "│  行政许可  │        12│          3│\n├──────┼─────┼─────┤\n"
    content = SIMPLIFIED + "┌──────┬─────┬─────┐\n" + row * 40
    assert decode(content.encode("gb18030"), "a.txt") == (content, "gb18030")


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("gb18030", "本年度主要公开文件，提高行政能力。"), ("big5", "本年度主動公開政府資訊，提高行政效能。")],
)
def test_a_page_that_begins_with_long_scripts(encoding: str, told: str) -> None:
    page = "<script>" + "show(1, 2);\n" * 5_000 + "</script>" + f"<p>{told}</p>" * 20
    assert decode(page.encode(encoding), "a.html") == (page, encoding)


def test_traditional_characters_in_gbk() -> None:
    assert decode(TRADITIONAL.encode("gbk"), "a.txt") == (TRADITIONAL, "gb18030")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be", "utf-16"])
def test_a_tail_cut_in_mid_character_is_forgiven(encoding: str) -> None:
    content = TRADITIONAL + "告"
    data = content.encode(encoding)[:-1]
    assert decode(data, "a.txt")[0] == TRADITIONAL


def test_utf_16_without_any_ascii() -> None:
    content = (
        "柳溪县教育局认真贯彻落实条例，全年主动公开信息，未收到依申请公开，健全工作机制，明确责任分工。" * 4
    )
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decode(content.encode(encoding), "a.txt") == (content, encoding)


@pytest.mark.parametrize("declared", ["utf-8", "big5", "shift_jis", "no-such-charset", "gb2312", None, ""])
def test_a_lying_declaration_loses(declared: str | None) -> None:
    assert decode(SIMPLIFIED.encode("gbk"), "a.html", declared)[1] == "gb18030"
    assert decode(SIMPLIFIED.encode(), "a.html", declared)[1] == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_few_damaged_bytes_are_marked_and_the_rest_is_read(encoding: str) -> None:
    data = bytearray((SIMPLIFIED * 20).encode(encoding))
    data[400] = 0xFF
    content, found = decode(bytes(data), "a.txt")
    assert found == encoding
    assert 1 <= content.count("\ufffd") <= 3
    assert "未收到依申请公开" in content


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xff\xfe \x00\n\x00", "empty"),
        (b"\0" * 100, "empty"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04" + b"\0" * 20, "ZIP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 20, "Office"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "PNG"),
        (bytes(range(256)) * 20, "binary"),
        (random.Random(3).randbytes(5_000).replace(b"\0", b"\1"), "encoding"),
        ("政府信息公开".encode() + b"\x01\x02\x03\x04\x05\x06" * 20, "binary"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as caught:
        decode(data, "folder/a.txt")
    assert caught.value.path == "folder/a.txt"


def test_other_languages_in_utf_8_are_read() -> None:
    for content in ("Annual report", "Отчёт за год", "年次報告書です", "한국어 보고서"):
        assert decode(content.encode(), "a.txt") == (content, "utf-8")


@given(st.binary(max_size=300))
@settings(max_examples=400, deadline=None)
def test_no_bytes_crash(data: bytes) -> None:
    try:
        content, encoding = decode(data, "a.txt")
    except UnreadableFile:
        return
    assert content
    assert encoding


@given(st.text(min_size=1, max_size=300).filter(lambda text: bool(text.strip("\0 \t\r\n\ufeff"))))
@settings(max_examples=200, deadline=None)
def test_utf_8_is_always_read_as_such(content: str) -> None:
    try:
        found, encoding = decode(content.encode("utf-8", "ignore"), "a.txt")
    except UnreadableFile:
        return  # a control character too many
    if "\0" not in content and not content.startswith("\ufeff"):
        assert (found, encoding) == (content, "utf-8")


def test_common_characters_are_ideographs_and_marks() -> None:
    common = load_common()
    assert {"的", "府", "縣", "，"} <= common
    assert not any(character.isascii() for character in common)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_stray_zero_byte_is_damage_and_no_part_of_the_text(encoding: str) -> None:
    text = "柳溪县教育局全年公开各类信息12条，工作平稳有序。\n" * 60
    data = text.encode(encoding)
    for at in (99, 100, 101):
        read, found = decode(data[:at] + b"\0" + data[at:], "report.txt")
        assert "\0" not in read
        assert found == encoding.removesuffix("-sig")
        assert read == text or encoding == "gb18030"
    for order in ("utf-16-le", "utf-16-be"):
        assert decode(text.encode(order), "report.txt") == (text, order)
    with pytest.raises(UnreadableFile):
        decode(data.replace(b"1", b"\0\0\0\0\0\0"), "report.txt")


@pytest.mark.parametrize("data", [b"a", b"ab\r\n", b"PK\x03\x04abc"])
def test_a_word_file_of_a_few_bytes_is_damaged(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        parse(data, name="report.docx")
