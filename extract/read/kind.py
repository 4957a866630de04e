"""What kind of file the bytes are, by what stands in them and never by a name."""

from __future__ import annotations

import io
import re
import struct

_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = f"{_OFFICE}.wordprocessingml.document"
XLSX = f"{_OFFICE}.spreadsheetml.sheet"
LOCKED = "application/x-ole-encrypted"

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
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)
_HEAD = 65_536  # bytes looked at for the marks of text formats
_HTML_START = re.compile(
    r"(?:<\?xml[^>]{0,200}>)?(?:\s|<!--.{0,20000}?-->)*<(?:!doctype\s+html|html|head|body|title|meta|link|div|p|"
    r"table|tbody|tr|td|span|font|center|h[1-6]|ul|ol|section|article|style|script|br|b|!\[if)\b",
    re.IGNORECASE | re.DOTALL,
)
_CLOSING_TAG = re.compile(
    r"</(?:p|div|td|th|tr|table|tbody|span|li|h[1-6]|font|strong|body|html)\s*>", re.IGNORECASE
)
_TABLE_TAG = re.compile(r"<t[dr][\s>]", re.IGNORECASE)
_CONTROLS = bytes((*range(9), *range(14, 27), *range(28, 32)))
_ENOUGH_TAGS = 5  # closing tags that make a page of a text which does not begin as one
_MIME_HEAD = re.compile(rb"\A\s*(?:[A-Za-z][A-Za-z-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n)*)+", re.ASCII)


def find_kind(data: bytes) -> str:
    """The media type that the content shows; application/octet-stream where it shows none.

    >>> find_kind(b"%PDF-1.7"), find_kind("<p>一、总体情况</p>".encode()), find_kind("总体情况".encode("gbk"))
    ('application/pdf', 'text/html', 'text/plain')
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _find_zip_kind(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _find_ole_kind(data)
    for magic, kind in _MAGIC:
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
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name.lstrip("/") for name in archive.namelist()[:20_000]]
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return archive.read("mimetype").decode("ascii", "replace").strip()
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        KeyError,
        RuntimeError,
        NotImplementedError,
        struct.error,
    ):
        names = re.findall(r"[\w/\[\].-]{4,100}", data[: 4 * _HEAD].decode("latin-1"))
    except EOFError:
        names = []
    for member, kind in _ZIP_MEMBERS:
        if any(name.startswith(member) for name in names):
            return kind
    return "application/zip"


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
    start = text.lstrip("\ufeff \t\r\n")
    if _is_saved_page(head):
        return "multipart/related"
    if start.startswith("<?mso-application") or re.match(r"<\?xml[^>]{0,200}>\s*<\?mso-application", start):
        return "application/xml"
    if _HTML_START.match(start):
        return "text/html"
    if start.startswith("<?xml"):
        return "text/html" if re.search(r"<html[\s>]", text) else "application/xml"
    tags = sum(1 for _ in zip(range(_ENOUGH_TAGS), _CLOSING_TAG.finditer(text)))
    return "text/html" if tags == _ENOUGH_TAGS and _is_mostly_page(text) else "text/plain"


def _is_mostly_page(text: str) -> bool:
    """Whether tags give the text its shape: tables in it, or as many closing tags as lines."""
    return _TABLE_TAG.search(text) is not None or 2 * len(_CLOSING_TAG.findall(text)) >= text.count("\n")


def _is_saved_page(head: bytes) -> bool:
    match = _MIME_HEAD.match(head.removeprefix(b"\xef\xbb\xbf"))
    if match is None:
        return False
    fields = match.group().lower()
    return b"mime-version:" in fields and (b"multipart/" in fields or b"text/html" in fields)


def _peek(head: bytes) -> str | None:
    """The head as text, good enough to see tags in; None where it is binary."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    zeros = head.count(b"\0")
    if zeros:
        even = head[::2].count(b"\0")
        if zeros > len(head) // 8 and max(even, zeros - even) > 0.8 * zeros:
            return head.decode("utf-16-be" if even > zeros - even else "utf-16-le", "replace")
        if zeros > max(8, len(head) // 100):
            return None
    text = head.decode("latin-1")
    controls = len(head) - len(head.translate(None, _CONTROLS)) - zeros
    return text if controls <= 2 + len(head) // 50 else None
