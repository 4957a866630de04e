"""The kind of a file by its content, and a clear word for what is not read."""

from __future__ import annotations

import gzip
import io
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from renderings import docx_paragraph, pack_docx

from extract.commands.arguments import media_type
from extract.errors import UnreadableFile
from extract.read import READERS, load_reader, read_document
from extract.read.kind import find_kind
from extract.report import Document

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
PAGE = "<div><p>一、总体情况</p><p>本年度未收到政府信息公开申请。</p></div>"
TABLE = "<table><tr><td>规章</td><td>1</td></tr></table>"


def pack(**members: bytes | str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


def stream(name: str) -> bytes:
    return OLE + (name + "\0").encode("utf-16-le")


DOCX = pack_docx(docx_paragraph("一、总体情况"))
KINDS = {
    "pdf": (b"%PDF-1.4\n", "application/pdf"),
    "pdf_after_junk": (b"\n\n \xef\xbb\xbf%PDF-1.4\n", "application/pdf"),
    "docx": (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "docx_cut": (
        DOCX[: len(DOCX) - 200],
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xlsx": (
        pack(**{"xl__workbook.xml": "x"}),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "odt": (
        pack(mimetype="application/vnd.oasis.opendocument.text"),
        "application/vnd.oasis.opendocument.text",
    ),
    "ods_no_mimetype": (
        pack(
            **{
                "META-INF__manifest.xml": '<m media-type="application/vnd.oasis.opendocument.spreadsheet" full-path="/"/>',
                "content.xml": "x",
            }
        ),
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    "ofd_other_mimetype": (pack(**{"mimetype": "application/pdf", "OFD.xml": "x"}), "application/ofd"),
    "ofd": (pack(**{"OFD.xml": "x"}), "application/ofd"),
    "zip": (pack(**{"2020年.txt": "x"}), "application/zip"),
    "doc": (stream("WordDocument"), "application/msword"),
    "xls": (stream("Workbook"), "application/vnd.ms-excel"),
    "locked": (stream("EncryptedPackage"), "application/x-ole-encrypted"),
    "ole": (OLE, "application/x-ole-storage"),
    "rtf": (b"{\\rtf1\\ansi\\ansicpg936 x}", "application/rtf"),
    "png": (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
    "jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
    "tiff": (b"II*\0\x08\0\0\0", "image/tiff"),
    "gzip": (gzip.compress(b"x"), "application/gzip"),
    "html": (b"<!DOCTYPE html><html><body>x</body></html>", "text/html"),
    "html_gbk": (PAGE.encode("gbk"), "text/html"),
    "html_utf16": (PAGE.encode("utf-16"), "text/html"),
    "html_utf16_bare": (("<html><body>" + "abc " * 50).encode("utf-16-le"), "text/html"),
    "html_upper": (b"\r\n<HTML>\r\n<HEAD>", "text/html"),
    "xhtml": (b'<?xml version="1.0"?>\n<!DOCTYPE html><html xmlns="x">', "text/html"),
    "html_comment": (b"<!-- saved from url=(0014)about:internet -->\n<html>", "text/html"),
    "rows_only": ("<tr><td>规章</td></tr>".encode(), "text/html"),
    "text_then_page": (("青石镇年报\n" + PAGE * 3).encode(), "text/html"),
    "markdown_with_table": (("# 一、总体情况\n" + TABLE * 2).encode(), "text/html"),
    "mht": (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=x\r\n\r\n--x",
        "multipart/related",
    ),
    "mht_from": (
        b"From: <Saved by IE>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n",
        "multipart/related",
    ),
    "text": ("一、总体情况\n全年公开12条。".encode(), "text/plain"),
    "text_gbk": ("一、总体情况\n全年公开12条。".encode("gbk"), "text/plain"),
    "text_utf16": ("一、总体情况\n全年公开12条。".encode("utf-16"), "text/plain"),
    "text_angles": ("一、总体情况\n增长<5%，其中 a<b 且 c>d。\n".encode(), "text/plain"),
    "text_letters": ("BM公司与MZ公司年报".encode("gbk"), "text/plain"),
    "text_colons": ("标题: 年报\n正文: 好\n".encode(), "text/plain"),
    "xml": (b'<?xml version="1.0"?><root/>', "application/xml"),
    "fodt": (
        b'<?xml version="1.0" encoding="UTF-8"?>\n\n<office:document xmlns:office="o" office:version="1.3" '
        b'office:mimetype="application/vnd.oasis.opendocument.text">',
        "application/vnd.oasis.opendocument.text-flat-xml",
    ),
    "fods": (
        b'<?xml version="1.0"?><office:document '
        b'office:mimetype="application/vnd.oasis.opendocument.spreadsheet">',
        "application/vnd.oasis.opendocument.spreadsheet-flat-xml",
    ),
    "binary": (bytes(range(256)) * 4, "application/octet-stream"),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_kind_is_found_by_content(name):
    data, kind = KINDS[name]
    assert find_kind(data) == kind


def test_names_do_not_matter():
    """A web page that calls itself a Word file is read as a page, and the reverse."""
    assert read_document(PAGE.encode(), "年报.doc").media_type == "text/html"
    assert "wordprocessingml" in read_document(DOCX, "年报.html").media_type


def test_every_reader_is_there():
    for kind in READERS:
        assert callable(load_reader(kind, "x"))


@pytest.mark.parametrize(
    "short", ["txt", "html", "docx", "pdf", "ofd", "xlsx", "xls", "ods", "fods", "odt", "fodt", "gz", "tgz"]
)
def test_short_names_of_kinds_lead_to_readers(short):
    assert media_type(short) in READERS
    assert media_type(f".{short.upper()}") == media_type(short)


@pytest.mark.parametrize("name", ["locked", "ole", "zip", "binary", "xml"])
def test_what_is_not_read_says_why(name):
    if KINDS[name][1] in READERS:
        pytest.skip("a reader is there")
    with pytest.raises(UnreadableFile) as raised:
        read_document(KINDS[name][0], "x.bin")
    assert raised.value.path == "x.bin"
    assert len(raised.value.reason) > 10


@pytest.mark.parametrize(
    "unit", [b"<!---->", b"<!--", b"A:b\n", b"<", b"</p>", b" ", b"<?xml", b"</", b"word/"]
)
def test_repetition_costs_no_time(unit):
    began = time.process_time()
    find_kind(unit * 20_000)
    find_kind(b"PK\x03\x04" + unit * 20_000)
    assert time.process_time() - began < 1


@given(st.binary(max_size=600))
def test_any_bytes_have_a_kind(data):
    assert "/" in find_kind(data)


@settings(deadline=None)  # the first bytes of a kind load its library
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    try:
        document = read_document(data, "x")
    except UnreadableFile:
        return
    assert isinstance(document, Document)
