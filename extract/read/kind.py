"""What kind of file the bytes are, by what stands in them and never by a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Sequence

_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = f"{_OFFICE}.wordprocessingml.document"
XLSX = f"{_OFFICE}.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
LOCKED = "application/x-ole-encrypted"
FLAT_ODT = "application/vnd.oasis.opendocument.text-flat-xml"
FLAT_ODS = "application/vnd.oasis.opendocument.spreadsheet-flat-xml"
FLAT_DOCX = "application/vnd.ms-word.flat-opc"  # these are registered nowhere
WORD_XML = "application/vnd.ms-word.2003-xml"
SPREADSHEET_XML = "application/vnd.ms-excel.2003-xml"

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),
    (b"MM\0+", "image/tiff"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
    (b"PAR1", "application/vnd.apache.parquet"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/x-executable"),
)
_MARKS = tuple(magic for magic, _ in _MAGIC)
_BINARY_MAGIC = ("image/bmp", "application/x-bzip2", "application/x-executable")  # their marks are letters
_ZIP_MEMBERS = (  # a member's name → what the archive is; in this order
    ("word/document", DOCX),
    ("xl/workbook", XLSX),
    ("ppt/presentation", f"{_OFFICE}.presentationml.presentation"),
    ("OFD.xml", "application/ofd"),
    ("META-INF/container.xml", "application/epub+zip"),
)
_OLE_STREAMS = (  # a stream's name → what the file is; in this order
    ("EncryptedPackage", LOCKED),
    ("WordDocument", "application/msword"),
    ("WpsDocument", "application/vnd.ms-works"),
    ("Workbook", XLS),
    ("Book", XLS),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)
_TELLING = ("application/vnd.oasis.opendocument.", "application/epub+zip")
_MANIFEST = "META-INF/manifest.xml"
_TOLD = rb"media-type=[\"'](application/vnd\.oasis\.opendocument\.[a-z-]{1,40})[\"']"  # first, of the whole
_HEAD = 65_536  # bytes looked at for the marks of text formats
# Patterns for re.match and re.search, which compile them at first use: most files are told without.
_HTML_START = (
    r"(?is)(?:<\?xml[^>]{0,200}>)?(?>\s+|<!--.*?-->)*+<(?:!doctype\s+html|html|head|body|title|meta|link|div|p|table|"
    r"tbody|tr|td|span|font|center|h[1-6]|ul|ol|section|article|style|script|br|b|!\[if)\b"
)
_CLOSING_TAG = r"(?i)</(?:p|div|td|th|tr|table|tbody|span|li|h[1-6]|font|strong|body|html)\s*>"
_FLAT = (
    r"<\?xml[^>]{0,200}>\s*<office:document\s[^>]{0,9000}?"
    r"office:mimetype\s{0,9}=\s{0,9}[\"']application/vnd\.oasis\.opendocument\.(text|spreadsheet)[\"']"
)
_OFFICE_XML = (  # the XML declaration, notes for Office and comments, then the root
    r"(?s)(?>(?><\?[^>]{0,400}\?>\s*|<!--.{0,2000}?-->\s*){0,6})<(w:wordDocument|pkg:package|"
    r"(?:ss:)?Workbook(?=[^>]{0,2000}urn:schemas-microsoft-com:office:spreadsheet))[\s>]"
)
_OFFICE_ROOTS = {
    "w:worddocument": WORD_XML,
    "pkg:package": FLAT_DOCX,
    "workbook": SPREADSHEET_XML,
    "ss:workbook": SPREADSHEET_XML,
}
_JSON = r"\s*(?:[\w$.]{1,60}\(\s*)?[\[{]\s*(?:[\[{]\s*)?\"[\w$.-]{1,60}\"\s*:"
_TABLE_TAG = r"(?i)<t[dr][\s>]"
_MIME_HEAD = rb"(?:[A-Za-z][A-Za-z-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n)*)+"
_CONTROLS = bytes((*range(9), *range(14, 27), *range(28, 32)))
_ENOUGH_TAGS = 5  # closing tags that make a page of a text which does not begin as one


def find_kind(data: bytes) -> str:
    """The media type that the content shows; application/octet-stream where it shows none.

    >>> find_kind(b"%PDF-1.7"), find_kind("<p>一、总体情况</p>".encode()), find_kind("总体情况".encode("gbk"))
    ('application/pdf', 'text/html', 'text/plain')
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _find_zip_kind(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _find_ole_kind(data)
    for magic, kind in _MAGIC if data.startswith(_MARKS) else ():
        if data.startswith(magic) and (kind not in _BINARY_MAGIC or b"\0" in data[:256]):
            return kind
    if data[8:12] == b"WEBP" and data.startswith(b"RIFF"):
        return "image/webp"
    if data[257:262] == b"ustar":
        return "application/x-tar"
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return "application/rtf"
    return _find_text_kind(head)


def _find_zip_kind(data: bytes) -> str:
    """By the members' names: those of the directory, or where it is cut off, of the members themselves."""
    import io
    import struct
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name.lstrip("/") for name in archive.namelist()[:20_000]]
            if told := _find_told_kind(archive, names):
                return told
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        KeyError,
        RuntimeError,
        NotImplementedError,
        struct.error,
        zlib.error,
    ):
        names = re.findall(r"[\w/\[\].-]{4,100}", data[: 4 * _HEAD].decode("latin-1"))
    except EOFError:
        names = []
    for member, kind in _ZIP_MEMBERS:
        if any(name.startswith(member) for name in names):
            return kind
    return "application/zip"


def _find_told_kind(archive: zipfile.ZipFile, names: Sequence[str]) -> str:
    """What a container says that it is, where that is one of the kinds that say so; else nothing."""
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        told = archive.read("mimetype").decode("ascii", "replace").strip()
        if told.startswith(_TELLING):
            return told
    if "content.xml" in names and _MANIFEST in names and archive.getinfo(_MANIFEST).file_size < _HEAD:
        found = re.search(_TOLD, archive.read(_MANIFEST))
        return found[1].decode() if found else ""
    return ""


def _find_ole_kind(data: bytes) -> str:
    """By the names in the directory of the compound file, which are UTF-16."""
    for stream, kind in _OLE_STREAMS:
        if (stream + "\0").encode("utf-16-le") in data:
            return kind
    return "application/x-ole-storage"


def _find_text_kind(head: bytes) -> str:
    text = _peek(head)
    if text is None:
        return "application/octet-stream"
    if _is_saved_page(head):
        return "multipart/related"
    start = text.lstrip("\ufeff\xef\xbb\xbf \t\r\n")
    if "<" not in start:  # an answer of the site's interface may have its page's < as \\u003c
        escaped = "\\u003" in start and is_json(start)
        return "text/html" if escaped else "text/plain"
    if start.startswith("<") and (found := re.match(_OFFICE_XML, start)):
        return _OFFICE_ROOTS[found[1].lower()]
    if start.startswith("<") and re.match(_HTML_START, start):
        return "text/html"
    if start.startswith("<?xml"):
        if flat := re.match(_FLAT, start):
            return FLAT_ODT if flat[1] == "text" else FLAT_ODS
        return "text/html" if re.search(r"<html[\s>]", text) else "application/xml"
    return "text/html" if "</" in start and _is_mostly_page(start) else "text/plain"


def _is_mostly_page(text: str) -> bool:
    """Whether tags give the text its shape: tables in it, or as many closing tags as lines."""
    closing = len(re.findall(_CLOSING_TAG, text))
    if closing < _ENOUGH_TAGS:
        return False
    return re.search(_TABLE_TAG, text) is not None or 2 * closing >= text.count("\n")


def _is_saved_page(head: bytes) -> bool:
    match = re.match(_MIME_HEAD, head.removeprefix(b"\xef\xbb\xbf").lstrip())
    if match is None:
        return False
    fields = match.group().lower()
    return b"mime-version:" in fields and (b"multipart/" in fields or b"text/html" in fields)


def _peek(head: bytes) -> str | None:
    """The head as text, good enough to see tags in; None where it is binary."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    zeros = head.count(b"\0") if b"\0" in head else 0  # to ask first costs a tenth
    if zeros:
        even = head[::2].count(b"\0")
        if zeros > len(head) // 8 and max(even, zeros - even) > 0.8 * zeros:
            return head.decode("utf-16-be" if even > zeros - even else "utf-16-le", "replace")
        if zeros > max(8, len(head) // 100):
            return None
    text = head.decode("latin-1")
    if not has_controls(head):
        return text
    controls = len(head) - len(head.translate(None, _CONTROLS)) - zeros
    return text if controls <= 2 + len(head) // 50 else None


def is_json(text: str) -> bool:
    """Whether a text begins as an object of JSON, or as a call with one (JSONP).

    >>> is_json('{"title": "年报"}'), is_json('back([{"a": 1}])'), is_json("{一、总体情况}"), is_json("<p>")
    (True, True, False, False)
    """
    return text[:1] != "<" and re.match(_JSON, text) is not None


def has_controls(data: bytes) -> bool:
    """Whether any control byte that no text has stands in `data`.

    >>> has_controls(b"12"), has_controls(b"1" + bytes([1]))
    (False, True)
    """
    return any(byte in data for byte in _CONTROLS)  # each is sought at the speed of memory
