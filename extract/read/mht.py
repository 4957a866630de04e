"""Web pages saved with all their parts in one file (.mht, .mhtml) to a Document."""

from __future__ import annotations

import re
from email.message import Message
from html import unescape

from extract.errors import UnreadableFile
from extract.read.bounds import check_length
from extract.read.encoding import decode
from extract.read.html import find_declared_charset, read_page
from extract.report import Document

MEDIA_TYPE = "multipart/related"
MAX_BYTES = 64 * 2**20
MAX_PARTS = 10_000
MAX_OUTER = 1_000_000  # bytes of a page that has another in a frame
_FRAME = re.compile(
    r"<iframe\b[^<>]{0,500}?\bsrc=[\"']([^\"'<>]{1,300})[\"'][^<>]{0,500}>(?:\s{0,50}</iframe>)?",
    re.IGNORECASE,
)


def read_mht(data: bytes, path: str) -> Document:
    """The report on the page that the file was saved for; of pictures beside it, those of tables.

    Raises `UnreadableFile` where no part of the file is a page, and for what `read_page` raises it.
    """
    import email

    check_length(data, MAX_BYTES, "a saved page", path)
    if data.count(b"\nContent-Type:") + data.count(b"\n--") > MAX_PARTS:
        raise UnreadableFile(path, f"more than {MAX_PARTS:,} parts: no saved page has as many")
    try:
        message = email.message_from_bytes(data.lstrip(b"\r\n\t \xef\xbb\xbf"))
        part = _find_page(message)
        page = part.get_payload(decode=True) if part is not None else None
    except (RecursionError, LookupError, ValueError, AssertionError) as error:
        raise UnreadableFile(
            path, "the parts of the saved page cannot be told apart: save the page anew"
        ) from error
    if part is None or not isinstance(page, bytes) or not page.strip():
        raise UnreadableFile(path, "holds no page: its text part is missing or empty: save the page anew")
    text, encoding = _decode(part, page, path)
    address = part.get("Content-Location") or ""
    text = _set_in_frame(message, part, text, path)

    def find(source: str) -> bytes | None:
        return _find_picture(message, source, address)

    return read_page(text, path, encoding, MEDIA_TYPE, find)


def _decode(part: Message, page: bytes, path: str) -> tuple[str, str]:
    return decode(page, path, find_declared_charset(page) or _find_charset(part))


def _set_in_frame(message: Message, part: Message, text: str, path: str) -> str:
    """The page with the one around it, whose frame shows it: there title and day stand."""
    outer = next((one for one in message.walk() if one.get_content_type() == "text/html"), None)
    content = outer.get_payload(decode=True) if outer is not None and outer is not part else None
    if outer is None or not isinstance(content, bytes) or b"<iframe" not in content[:MAX_OUTER].lower():
        return text
    around, _ = _decode(outer, content[:MAX_OUTER], path)
    names = {"cid:" + (part.get("Content-ID") or "-").strip("<>"), part.get("Content-Location") or "-"}
    for frame in _FRAME.finditer(around):
        source = unescape(frame[1])
        if any(name == source or (len(source) > 3 and name.endswith(source.lstrip("./"))) for name in names):
            return f"{around[: frame.start()]}<div>{text}</div>{around[frame.end() :]}"
    return text


def _find_picture(message: Message, source: str, address: str) -> bytes | None:
    """The picture that was saved for `source` of the page at `address`; None where it was not."""
    from urllib.parse import urljoin

    try:
        wanted = {source, urljoin(address, source)}
    except ValueError:  # an address of brackets
        wanted = {source}
    for part in message.walk():
        names = {part.get("Content-Location") or "-", "cid:" + (part.get("Content-ID") or "").strip("<>")}
        if part.get_content_maintype() == "image" and names & wanted:
            picture = part.get_payload(decode=True)
            return picture if isinstance(picture, bytes) else None
    return None


def _find_page(message: Message) -> Message | None:
    """The part that the file was saved for: the largest page, since frames and notices are short."""
    pages = [
        part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")
    ]
    return max(pages, key=lambda part: len(str(part.get_payload())), default=None)


def _find_charset(part: Message) -> str | None:
    charset = part.get_param("charset")
    return charset if isinstance(charset, str) else None
