"""Office Open XML containers (.docx, .docm, .xlsx): parts by name and by relation, within bounds.

Nothing is unpacked to disk, no part is fetched from elsewhere, no entity is expanded and no macro is touched.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from extract.errors import UnreadableFile

MAX_PART = 48 * 2**20  # bytes of a part unpacked; the document part of a report has .1 to 2 MB
MAX_RATIO = 400  # unpacked to packed bytes, of a part beyond 4 MB; XML of repeated rows reaches some 60
_SMALL = 4 * 2**20
# What zipfile lets through on damaged containers; NotImplementedError is a RuntimeError.
ZIP_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, struct.error)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TRANSITIONAL = "http://schemas.openxmlformats.org"
# Strict files name the same elements in other namespaces. Source: ISO/IEC 29500-1 and -4, annex A.
_STRICT = (
    ("http://purl.oclc.org/ooxml/wordprocessingml/main", f"{_TRANSITIONAL}/wordprocessingml/2006/main"),
    ("http://purl.oclc.org/ooxml/spreadsheetml/main", f"{_TRANSITIONAL}/spreadsheetml/2006/main"),
    (
        "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing",
        f"{_TRANSITIONAL}/drawingml/2006/wordprocessingDrawing",
    ),
    ("http://purl.oclc.org/ooxml/drawingml/main", f"{_TRANSITIONAL}/drawingml/2006/main"),
    (
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
        f"{_TRANSITIONAL}/officeDocument/2006/relationships",
    ),
    ("http://purl.oclc.org/ooxml/officeDocument/math", f"{_TRANSITIONAL}/officeDocument/2006/math"),
)


class Package:
    """The parts of one container; `path` names it in errors."""

    def __init__(self, data: bytes, path: str) -> None:
        self.path = path
        self._relations: dict[str, Mapping[str, tuple[str, str]]] = {}
        if data.startswith(_OLE):
            raise UnreadableFile(path, _say_ole(data))
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._names = {info.filename.lstrip("/"): info for info in self._zip.infolist()}
        except ZIP_DAMAGE as error:
            raise UnreadableFile(path, "the ZIP container is damaged or cut off: fetch it again") from error

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def names(self) -> tuple[str, ...]:
        """The names of all parts."""
        return tuple(self._names)

    def read(self, name: str) -> bytes:
        """The bytes of a part; `UnreadableFile` where it is missing, damaged, locked or beyond bounds."""
        info = self._names.get(name)
        if info is None:
            raise UnreadableFile(self.path, f"the container has no part {name}: fetch the file again")
        too_large = info.file_size > _SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1)
        if info.file_size > MAX_PART or too_large:
            raise UnreadableFile(
                self.path, f"part {name} unpacks to {info.file_size:,} bytes: taken for a bomb"
            )
        if info.flag_bits & 1:
            raise UnreadableFile(self.path, "is protected by a password: save it without one")
        try:
            with self._zip.open(info) as part:
                data = part.read(MAX_PART + 1)
        except ZIP_DAMAGE as error:
            raise UnreadableFile(self.path, f"part {name} is damaged: fetch the file again") from error
        if len(data) > MAX_PART:
            raise UnreadableFile(self.path, f"part {name} unpacks to more than {MAX_PART:,} bytes")
        return data

    def parse(self, name: str) -> Any:
        """The root element of an XML part, in the transitional namespaces."""
        data = self.read(name)
        if b"purl.oclc.org/ooxml" in data:
            for strict, transitional in _STRICT:
                data = data.replace(strict.encode(), transitional.encode())
        return self.parse_bytes(data, name)

    def parse_bytes(self, data: bytes, name: str) -> Any:
        """The root element of what a part holds."""
        from lxml import etree

        try:
            return etree.fromstring(data, make_parser())
        except (etree.XMLSyntaxError, ValueError) as error:
            raise UnreadableFile(
                self.path,
                f"part {name} is no well-formed XML ({error}): save it anew in the program that wrote it",
            ) from error

    def read_relations(self, name: str) -> Mapping[str, tuple[str, str]]:
        """The relations of a part ("" for the container): id → last word of the type, and the part's name.

        Relations to things outside the container are left out.
        """
        known = self._relations.get(name)
        if known is None:
            known = self._relations[name] = self._read_relations(name)
        return known

    def _read_relations(self, name: str) -> Mapping[str, tuple[str, str]]:
        folder, leaf = posixpath.split(name)
        listing = posixpath.join(folder, "_rels", f"{leaf}.rels")
        if listing not in self:
            return {}
        found = {}
        for element in self.parse(listing).iter("{*}Relationship"):
            target = element.get("Target", "")
            if element.get("TargetMode") != "External" and target:
                part = target if target.startswith("/") else posixpath.join(folder, target)
                found[element.get("Id", "")] = (
                    element.get("Type", "").rpartition("/")[2],
                    posixpath.normpath(part).lstrip("/"),
                )
        return found


@cache
def make_parser() -> Any:
    """A parser that fetches nothing and expands nothing."""
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _say_ole(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "is protected by a password: save it without one"
    return "is an old Office file (.doc, .wps) under another name: save it as .docx, or install LibreOffice"
