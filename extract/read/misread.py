"""Text that was read in the wrong encoding and saved again: put back into what it was, where that is sure.

Two accidents make nearly all of it. A page without charset is read as Latin-1 or Windows-1252 (æ”¿åºœ, Õþ¸®),
which loses nothing; UTF-8 is read as GBK (鏀垮簻), which loses a byte where the number of bytes between two
ASCII characters is odd. A lost byte costs its character, which then stands as U+FFFD; digits are ASCII and
come through whole.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

from extract.patterns import late

_HEAD = 400  # characters looked at, from the first beyond ASCII: a Chinese text has one beyond Latin-1 there
BEYOND_ASCII = late(r"[^\x00-\x7f]")
_FEWEST = 30  # characters beyond ASCII that it has at least: fewer say too little
_LEAST = 0.05  # share of characters beyond ASCII, from the first on, in bytes read as Latin-1
_SIGN = "锛"  # how GBK reads the first two bytes of ，：（）；？ in UTF-8; hardly met in a true text
_SIGNS_PER = 600  # characters for each such sign
# GBK reads no character that begins with the byte 80, and none that ends in ASCII: what stands for a byte
# before ASCII may be any, what stands before another character is 80. Some readers write € for that.
_BEFORE_ASCII = late(r"\ufffd(?=[\x00-\x3f]|\Z)")
_TORN = rb"[\xe2-\xef](?:[\x80-\xbf]\?|\?[\x80-\xbf?])"
_LOST = 0.2  # share of characters that reading UTF-8 as GBK may have cost


def as_bytes(text: str) -> bytes | None:
    """The bytes that `text` is when each character stands for one, as Latin-1 and Windows-1252 have it.

    None for a text that is none such, which the first Chinese character tells. A page may have long scripts
    and styles before that one.

    >>> as_bytes("æ\\x96°æ\\x9d‘é•‡" * 5).decode()[:3]
    '新村镇'
    """
    first = BEYOND_ASCII.search(text)
    if first is None or _encode(text[first.start() : first.start() + _HEAD]) is None:
        return None
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return _encode(text) if beyond >= max(_FEWEST, _LEAST * (len(text) - first.start())) else None


def _encode(text: str) -> bytes | None:
    try:
        return codecs.charmap_encode(text, "strict", _bytes_of())[0]
    except UnicodeEncodeError:
        return None


@cache
def _bytes_of() -> dict[int, int]:
    """The byte for each character of Latin-1 and Windows-1252."""
    known = {number: number for number in range(256)}
    for number in range(0x80, 0xA0):
        char = bytes([number]).decode("cp1252", "ignore")
        if char:
            known[ord(char)] = number
    return known


def undo_gbk(text: str) -> str | None:
    """The text that `text` was before its UTF-8 was read as GBK; None where it was not, or lost too much.

    >>> undo_gbk("锛屽寳娌冲尯" * 3)[:4]
    '，北河区'
    """
    if _SIGN not in text or text.count(_SIGN) < max(3, len(text) / _SIGNS_PER):
        return None
    marked = _BEFORE_ASCII.sub("\x00", text).replace("\ufffd", "\x01").replace("€", "\x01")
    data = marked.encode("gb18030", "replace").replace(b"\x01", b"\x80").replace(b"\x00", b"?")
    mended = re.sub(_TORN, "\ufffd".encode(), data).decode("utf-8", "replace")
    return None if mended.count("\ufffd") > _LOST * len(mended) else mended
