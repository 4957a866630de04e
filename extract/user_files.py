"""Files that people bring beside reports: tables as spreadsheets save them, and settings in TOML."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator, Sequence
from typing import IO, Any, TypeVar

import tomli

from extract.errors import BadData

T = TypeVar("T")
_BLOCK = 2**20  # bytes: the first such block that is not all ASCII decides the encoding of a CSV file
_ASCII = bytes(range(128))
_CUT = 3  # bytes of a character that a block may end in
# Share of the bytes beyond ASCII that may be none of UTF-8 in a damaged file; of GB 18030 three quarters are.
_DAMAGED = 0.1


def find_encoding(file: IO[bytes]) -> str:
    """UTF-8 with or without a byte order mark, UTF-16 with one, else GB 18030, which Chinese Excel writes.

    As Python names it; `file` is read as far as need be. A file of UTF-8 stays one where some bytes of it are
    damaged: to read it in another encoding would turn all of it into other characters.
    """
    block = file.read(_BLOCK)
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    while block and block.isascii():
        block = file.read(_BLOCK)
    lost = len(block) - len(block.decode("utf-8", "ignore").encode())
    marked = len(block.translate(None, _ASCII))
    if lost <= marked * _DAMAGED:
        return "utf-8-sig"
    # so few may be a character cut in two, or the one Chinese character of a file in GB 18030
    return "gb18030" if lost > _CUT or _decodes(block, "gb18030") else "utf-8-sig"


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def decode_text(data: bytes, where: str) -> str:
    """The text of a whole file. Raises `BadData` naming the line where bytes are no characters."""
    from io import BytesIO

    try:
        return data.decode(find_encoding(BytesIO(data)))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        why = "holds bytes that are no characters: neither UTF-8 nor GB 18030 nor UTF-16"
        raise BadData(f"{where}:{line}: {why}: save it as UTF-8 anew") from error


def find_delimiter(text: str) -> str:
    """What parts the fields of a CSV file, by its header.

    >>> find_delimiter("id;text\\n1;公开12条, 答复3件")
    ';'
    """
    first = text.split("\n", 1)[0]
    return max("\t,;|", key=first.count)


def read_sheet(source: str | IO[bytes], where: str) -> Iterator[Sequence[Any]]:
    """The rows of a workbook's first sheet, as values. Raises `BadData` where it is none."""
    try:
        import openpyxl
    except ImportError as error:
        raise BadData(f'{where}: Excel files need openpyxl: pip install "gongkai[office]"') from error
    from zipfile import BadZipFile

    try:
        book = openpyxl.load_workbook(source, read_only=True, data_only=True)
        rows: Iterator[Sequence[Any]] = book.worksheets[0].iter_rows(values_only=True)
    except (BadZipFile, KeyError, IndexError) as error:
        raise BadData(f"{where}: is no Excel file (.xlsx): save it as one, or as CSV") from error
    return rows


def read_settings(path: str | os.PathLike[str], type_: type[T], form: str = "") -> T:
    """What a TOML file says, as a type.

    Raises `BadData` naming the file and the key; `form` says how a file looks that can be read.
    """
    import msgspec

    where, form = os.fspath(path), f"; {form}" if form else ""
    try:
        with open(path, encoding="utf-8-sig") as file:
            return msgspec.convert(tomli.loads(file.read()), type_)
    except OSError as error:
        raise BadData(f"{where}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadData(f"{where}: is not in UTF-8: save it as UTF-8{form}") from error
    except tomli.TOMLDecodeError as error:
        raise BadData(f"{where}: is no TOML: {error}{form}") from error
    except msgspec.ValidationError as error:
        raise BadData(f"{where}: {error}{form}") from error
