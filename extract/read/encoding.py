"""Bytes to text: which encoding a file is in, found by evidence and never guessed in silence.

The ladder, first firm step wins: byte-order mark → strict UTF-8 (a tail cut in mid-character is forgiven) →
UTF-16 by where its zero bytes stand → GB18030, Big5 and UTF-16 weighed by how many of their characters are
common ones → chardet where these are close → the best of them with its few damaged bytes replaced by U+FFFD.
What was read wrongly once before, and saved so, is put back (`misread`).
A declared charset decides only between candidates that the evidence leaves even: declarations lie.
"""

from __future__ import annotations

import codecs
from functools import cache
from typing import NamedTuple

from extract.datafiles import read_words
from extract.errors import UnreadableFile
from extract.patterns import late
from extract.read.kind import has_controls
from extract.read.misread import BEYOND_ASCII, as_bytes, undo_gbk

# Longest first: the mark of UTF-32 LE begins with that of UTF-16 LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = {
    b"%PDF-": "a PDF file",
    b"PK\x03\x04": "a ZIP container (Word, Excel, OFD or an archive)",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old Office file (.doc, .xls, .wps)",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x1f\x8b": "a gzip archive",
    b"\x7fELF": "a program",
}
_SAMPLE = 20_000  # code points weighed; a report has 3,000 to 20,000
_FIRM = 0.30  # share of common characters in true text: 0.55–0.85 in reports, below 0.15 in mojibake
_LEAD = 0.10  # by how much the best candidate must lead
_DAMAGE = 0.03  # share of characters that may be lost before a file counts as undecodable
_STRAY = 0.001  # share of zero bytes up to which they are damage; UTF-16 has one for each space and digit
_DECODERS = {"big5": "big5hkscs"}
_CONTROL = late(r"[\x00-\x06\x08\x0e-\x1a\x1c-\x1f]")  # 7 ends the cells of Word's tables
_RULING = late(r"[\u2500-\u257f]+")  # ┌─┬│: lines of a drawn table, which may be most of a file
_IDEOGRAPHS = late(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


def decode(data: bytes, path: str, declared: str | None = None) -> tuple[str, str]:
    """The text of `data` and the name of its encoding (utf-8, gb18030, big5, utf-16-le …), without its mark.

    GBK and GB2312 are read, and named, as their superset gb18030. `declared` is what the container says of
    itself. Up to three characters in a hundred may be damaged; each such stands as U+FFFD in the text.

    Raises `UnreadableFile` where `data` is empty, no text, or in no encoding that explains it.

    >>> decode("新村镇".encode("gbk") * 9, "a.txt")[1]
    'gb18030'
    """
    text, encoding, _ = decode_whole(data, path, declared)
    return text, encoding


class Decoded(NamedTuple):
    """A text, the name of its encoding, and the text in UTF-8 where the file is just that."""

    text: str
    encoding: str
    source: bytes | None


def decode_whole(data: bytes, path: str, declared: str | None = None) -> Decoded:
    """As `decode`."""
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableFile(path, "the file is empty: fetch it again")
    if data.startswith(tuple(_SIGNATURES)):
        what = next(what for signature, what in _SIGNATURES.items() if data.startswith(signature))
        raise UnreadableFile(path, f"is {what}, not a text file: give it its own extension")
    text, encoding = _find_encoding_despite(data, path, declared)
    may_be_binary = has_controls(data[: 4 * _SAMPLE + 4])  # no character of the sample lies beyond
    if may_be_binary and len(_CONTROL.findall(text[:_SAMPLE])) > 2 + len(text[:_SAMPLE]) // 100:
        raise UnreadableFile(
            path, "holds binary data, not text: a kind of file that is not read here, or a damaged one"
        )
    if mended := _undo_misreading(text):
        return Decoded(mended, encoding, None)
    return Decoded(text, encoding, data if encoding == "utf-8" and _is_whole(data, text) else None)


def _is_whole(data: bytes, text: str) -> bool:
    """Whether UTF-8 `data` is all of `text` and no more: no mark, no damage, no character cut at the end."""
    return data[:1] < b"\x80" and data[-1:] < b"\x80" and b"\0" not in data and "\ufffd" not in text


def _undo_misreading(text: str) -> str | None:
    """The Chinese that `text` was before it was read in a wrong encoding and saved again; else None."""
    data = as_bytes(text)
    if data is None:
        return undo_gbk(text)
    mended = _decode_cut(data, "utf-8") or _decode_cut(data, "gb18030")
    return mended if mended and _share_common(mended) >= _FIRM else None


def _find_encoding_despite(data: bytes, path: str, declared: str | None) -> tuple[str, str]:
    """As `_find_encoding`, without zero bytes that are so few that they are damage and no part of a code."""
    if 0 not in data or data.count(0) > max(1, len(data) * _STRAY):
        return _find_encoding(data, path, declared)
    bare = data.replace(b"\0", b"")  # UTF-16 is no UTF-8 without them either
    if _decode_cut(bare, "utf-8") is not None:
        return _find_encoding(bare, path, declared)
    try:
        text, encoding = _find_encoding(data, path, declared)
    except UnreadableFile:
        text, encoding = _find_encoding(bare, path, declared)
    return text.replace("\0", ""), encoding


def _find_encoding(data: bytes, path: str, declared: str | None) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data[len(mark) :], encoding, path), encoding
    zeros = b"\0" in data
    if not zeros:
        text = _decode_cut(data, "utf-8")
        if text is not None:
            return text, "utf-8"
    found = _weigh(data, _name(declared), zeros=zeros)
    if found is not None:
        return found
    if zeros:
        raise UnreadableFile(
            path, "holds binary data, not text: a kind of file that is not read here, or a damaged one"
        )
    return _decode_damaged(data, path)


def _decode_marked(data: bytes, encoding: str, path: str) -> str:
    """A text whose mark names its encoding; damage is forgiven within bounds, a false mark is not."""
    text = _decode_cut(data, encoding)
    if text is None:
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") > max(3, len(text) * _DAMAGE):
            raise UnreadableFile(
                path, f"begins with the mark of {encoding} but does not decode as such: save it as UTF-8"
            )
    if not text.strip("\0 \t\r\n\ufeff"):
        raise UnreadableFile(path, "the file is empty: fetch it again")
    return text


def _decode_cut(data: bytes, encoding: str) -> str | None:
    """`data` decoded strictly, but for a last character that was cut; None where it is not in `encoding`."""
    try:
        return data.decode(_DECODERS.get(encoding, encoding))
    except UnicodeDecodeError as error:
        # A cut character is at most three bytes short, and the decoder stops at its first byte.
        if error.start < len(data) - 3 or error.start == 0:
            return None
        try:
            return data[: error.start].decode(_DECODERS.get(encoding, encoding))
        except UnicodeDecodeError:
            return None


def _weigh(data: bytes, declared: str | None, *, zeros: bool) -> tuple[str, str] | None:
    """The candidate that reads as Chinese, or None where none does or two do."""
    names = ["utf-16-le", "utf-16-be"] if zeros else ["gb18030", "big5", "utf-16-le", "utf-16-be"]
    ranked: list[tuple[float, str, str]] = []
    for name in names:
        text = _decode_cut(data, name)
        if text is not None:
            ranked.append((_share_common(text) if not zeros else _share_plain(text), name, text))
    ranked.sort(key=lambda one: -one[0])
    if not ranked or ranked[0][0] < _FIRM:
        return _ask_chardet(data, ranked)
    even = [one for one in ranked if one[0] > ranked[0][0] - _LEAD]
    if len(even) == 1:
        return even[0][2], even[0][1]
    agreed = [one for one in even if one[1] == declared]
    if agreed:
        return agreed[0][2], agreed[0][1]
    return _ask_chardet(data, even) or (even[0][2], even[0][1])


def _ask_chardet(data: bytes, candidates: list[tuple[float, str, str]]) -> tuple[str, str] | None:
    """The candidate that chardet names too; its word alone is not enough."""
    readable = [one for one in candidates if one[0] > _FIRM / 2]
    if not readable:
        return None
    import chardet

    named = _name(chardet.detect(data[: 4 * _SAMPLE]).get("encoding"))
    for _, name, text in readable:
        if name == named:
            return text, name
    return None


def _decode_damaged(data: bytes, path: str) -> tuple[str, str]:
    """The encoding that loses fewest characters, if these are few and the rest reads as Chinese."""
    best: tuple[float, str, str] | None = None
    for name in ("utf-8", "gb18030", "big5"):
        text = data.decode(_DECODERS.get(name, name), "replace")
        lost = text.count("\ufffd") / len(text)
        if lost <= _DAMAGE and _share_common(text) >= _FIRM and (best is None or lost < best[0]):
            best = (lost, name, text)
    if best is None:
        raise UnreadableFile(
            path,
            "is in no encoding known here (UTF-8, UTF-16, GB18030, Big5), or too damaged: save it as UTF-8",
        )
    return best[2], best[1]


def _share_common(text: str) -> float:
    """How many of the characters beyond ASCII are common in Chinese text, from 0 to 1; drawn lines aside."""
    if text[:_SAMPLE].isascii() and (first := BEYOND_ASCII.search(text, _SAMPLE)):
        text = text[first.start() : first.start() + 2 * _SAMPLE]  # scripts and styles of a page come first
    sample = _RULING.sub("", text[: 2 * _SAMPLE])[:_SAMPLE]
    beyond = len(sample) - len(sample.encode("ascii", "ignore"))
    if not beyond:
        return 0.0
    # Characters that no ideograph stands beside say nothing of the script: such a text is not Chinese.
    if sum(map(len, _IDEOGRAPHS.findall(sample))) * 2 < beyond:
        return 0.0
    return sum(map(load_common().__contains__, sample)) / beyond


def _share_plain(text: str) -> float:
    """The share of ASCII and common characters: what separates the two orders of UTF-16."""
    sample = text[:_SAMPLE]
    common = load_common()
    return sum("\x09" <= one <= "\x7e" or one in common for one in sample) / max(1, len(sample))


@cache
def load_common() -> frozenset[str]:
    """The characters and marks beyond ASCII most common in reports, simplified and traditional."""
    letters = read_words("common.txt")
    return frozenset(letters.replace("\n", "")) | frozenset("，。、；：（）《》“”\u3000！？〔〕【】—…·％")


def _name(encoding: str | None) -> str | None:
    """The name that this module uses for `encoding`; None for one that it does not know."""
    if not encoding:
        return None
    plain = encoding.strip().lower().replace("_", "-")
    if plain in ("gbk", "gb2312", "gb-2312", "gb18030", "cp936", "ms936", "hz-gb-2312", "x-gbk"):
        return "gb18030"
    if plain.startswith("big5") or plain == "cp950":
        return "big5"
    return plain
