"""OFD, the national format of fixed layout (GB/T 33190), to a Document; pages that are pictures as scans are.

OFD.xml → the documents in the package → their pages with templates and resources → sheets, as of a PDF.
Seals, signatures, annotations and attachments are left alone: they are no part of what the page says.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from extract.errors import UnreadableFile
from extract.read.bounds import check_length
from extract.read.fixed_page import MAX_PAGES, MAX_TEXT, Edge
from extract.read.ofd_page import Drawn, Picture, Resources, list_layers, read_page
from extract.read.ofd_values import find_child, list_children, local_name, read_box
from extract.read.ooxml import Package
from extract.read.packed import decode_name
from extract.read.scanned import settle_pages
from extract.read.sheets import take_apart
from extract.report import Document

MEDIA_TYPE = "application/ofd"
MAX_BYTES = 100 * 2**20
MAX_DOCUMENTS = 20  # in one package
MAX_CONTENT = 300 * 2**20  # bytes of all pages unpacked; a page with an object a letter has some .5 MB
_A4 = (0.0, 0.0, 210.0, 297.0)
# Bytes that XML forbids, and an & that begins nothing.
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&(?!(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{1,8});)")
_LOCKED = ("encryptions.xml", "encryption.xml", "decryptseed.dat")  # of a package whose parts are ciphers


def read_ofd(data: bytes, path: str) -> Document:
    """The text and tables of an OFD file in reading order.

    Raises `UnreadableFile` where it is damaged, encrypted or too large, or holds only pictures of pages and
    the extra for OCR is missing.
    """
    check_length(data, MAX_BYTES, "an OFD file", path)
    package = _Parts(data, path)
    drawn = _read_pages(package)
    if not drawn:
        reason = "the OFD has no page that can be read: fetch it again"
        raise package.lost or UnreadableFile(path, reason)
    sheets = [take_apart(page.page) for page, _ in drawn]
    found = settle_pages(sheets, _Pages(package, drawn), path, _read_title(package))
    return replace(found, media_type=MEDIA_TYPE)


def _read_pages(package: _Parts) -> list[tuple[Drawn, Resources]]:
    """The pages of all documents in the package, within bounds."""
    drawn: list[tuple[Drawn, Resources]] = []
    characters = 0
    for root in list(_list_documents(package)):
        for one in _Book(package, root).read_pages():
            drawn.append(one)
            characters += len(one[0].page.chars)
            if characters > MAX_TEXT:
                raise UnreadableFile(
                    package.path, f"more than {MAX_TEXT:,} characters: no report has as many"
                )
            if len(drawn) > MAX_PAGES:
                raise UnreadableFile(package.path, f"more than {MAX_PAGES} pages: no report has as many")
    return drawn


class _Parts(Package):
    """The parts of a package, whose names makers write with \\, from the root, or in other cases."""

    def __init__(self, data: bytes, path: str) -> None:
        super().__init__(data, path)
        self._folded = {_fold(decode_name(info)): name for name, info in self._names.items()}
        self.size = 0  # of the pages read so far, unpacked
        self.lost: UnreadableFile | None = None  # why a page could not be read

    def find(self, *places: str) -> str | None:
        """The first of the parts that is there, whatever the case of its name."""
        return next((self._folded[_fold(place)] for place in places if _fold(place) in self._folded), None)

    def resolve(self, base: str, location: str) -> str | None:
        """The part that a location in the part `base` names: beside it, or from the root."""
        location = location.strip().replace("\\", "/")
        if not location:
            return None
        return self.find(posixpath.join(_folder_of(base), location), location)

    def parse_page(self, name: str) -> Any:
        """The root of a page; `UnreadableFile` where all of them unpack to more than is read."""
        self.size += len(self.read(name))
        if self.size > MAX_CONTENT:
            raise UnreadableFile(self.path, f"unpacks to more than {MAX_CONTENT:,} bytes: taken for a bomb")
        return self.parse(name)

    def parse(self, name: str) -> Any:
        """The root of a part; characters that XML forbids, which makers let through, are taken out."""
        data = self.read(name)
        try:
            return self.parse_bytes(data, name)
        except UnreadableFile:
            mended = _FORBIDDEN.sub(_mend, data)
            if mended == data:
                raise
            return self.parse_bytes(mended, name)


def _mend(found: re.Match[bytes]) -> bytes:
    return b"&amp;" if found[0] == b"&" else b""


def _folder_of(part: str) -> str:
    return posixpath.dirname(part.replace("\\", "/"))


def _fold(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/")).lstrip("/").casefold()


def _list_documents(package: _Parts) -> Iterator[str]:
    """The root parts of the documents in the package, in order."""
    entry = package.find("OFD.xml")
    if entry is None:
        raise UnreadableFile(package.path, "the container has no part OFD.xml")
    locked = package.find(*_LOCKED) is not None
    try:
        bodies = list(list_children(package.parse(entry), "DocBody"))[:MAX_DOCUMENTS]
    except UnreadableFile:
        if not locked:
            raise
        bodies = []
    found = 0
    for body in bodies:
        root = find_child(body, "DocRoot")
        named = "".join(root.itertext()).strip() if root is not None else ""
        part = package.resolve(entry, named)
        if part is not None:
            found += 1
            yield part
    if not found:
        missing = "OFD.xml names no document that is in the file: fetch it again"
        locks = "is encrypted: save it without a password"
        raise UnreadableFile(package.path, locks if locked else missing)


def _read_title(package: _Parts) -> str:
    entry = package.find("OFD.xml")
    assert entry is not None
    for element in package.parse(entry).iter():
        if local_name(element) == "Title":
            return (element.text or "").strip()[:300]
    return ""


class _Book:
    """One document of a package: its pages, with the templates and resources that they share."""

    def __init__(self, package: _Parts, root: str) -> None:
        self._package, self._root = package, root
        self._document = package.parse(root)
        common = find_child(self._document, "CommonData")
        self._common = common if common is not None else self._document
        area = find_child(self._common, "PageArea")
        self._box: Sequence[float] = _read_area(area) or _A4
        self._templates: dict[str, Any | None] = {}
        self._resources = self._read_resources(
            [
                (self._root, child)
                for child in self._common
                if local_name(child) in ("PublicRes", "DocumentRes")
            ]
        )

    def read_pages(self) -> Iterator[tuple[Drawn, Resources]]:
        """The pages in order; one whose part is missing or damaged is left out, as of a PDF."""
        pages = find_child(self._document, "Pages")
        listed = list(list_children(pages, "Page")) if pages is not None else []
        if len(listed) > MAX_PAGES:
            reason = f"{len(listed):,} pages are more than the {MAX_PAGES} that a report may have"
            raise UnreadableFile(self._package.path, reason)
        for page in listed:
            location = page.get("BaseLoc") or "".join(page.itertext())
            part = self._package.resolve(self._root, location)
            if part is None:
                continue
            try:
                element = self._package.parse_page(part)
            except UnreadableFile as error:
                if self._package.size > MAX_CONTENT:
                    raise
                self._package.lost = self._package.lost or error
                continue
            yield self._read_page(element, part)

    def _read_page(self, element: Any, part: str) -> tuple[Drawn, Resources]:
        own = [(part, child) for child in list_children(element, "PageRes")]
        resources = _join(self._resources, self._read_resources(own)) if own else self._resources
        box = _read_area(find_child(element, "Area")) or self._box
        return read_page(list(self._list_layers(element)), box, resources), resources

    def _list_layers(self, element: Any) -> Iterator[Any]:
        """The layers of a page, those of its templates below or above them."""
        above = []
        for used in list_children(element, "Template"):
            template = self._find_template((used.get("TemplateID") or "").strip())
            if template is None:
                continue
            if used.get("ZOrder") == "Foreground":
                above.append(template)
            else:
                yield from list_layers(template)
        yield from list_layers(element)
        for template in above:
            yield from list_layers(template)

    def _find_template(self, number: str) -> Any | None:
        if number not in self._templates:
            self._templates[number] = None
            for known in list_children(self._common, "TemplatePage"):
                part = self._package.resolve(self._root, known.get("BaseLoc") or "")
                if (known.get("ID") or "").strip() == number and part is not None:
                    self._templates[number] = self._parse_quietly(part)
                    break
        return self._templates[number]

    def _parse_quietly(self, part: str) -> Any | None:
        """A part that a report is not lost for; None where it is damaged."""
        try:
            return self._package.parse_page(part)
        except UnreadableFile:
            return None

    def _read_resources(self, named: Sequence[tuple[str, Any]]) -> Resources:
        """What the resource parts hold that the elements of some parts name."""
        pens: dict[str, Any] = {}
        drawings: dict[str, Any] = {}
        media: dict[str, str] = {}
        for base, element in named:
            part = self._package.resolve(base, element.text or "")
            root = self._parse_quietly(part) if part is not None else None
            if part is None or root is None:
                continue
            folder = posixpath.join(_folder_of(part), root.get("BaseLoc") or "", "x")
            for group in root:
                for one in group:
                    number, kind = (one.get("ID") or "").strip(), local_name(one)
                    if kind == "DrawParam":
                        pens[number] = one
                    elif kind == "CompositeGraphicUnit":
                        drawings[number] = one
                    elif kind == "MultiMedia" and (file := find_child(one, "MediaFile")) is not None:
                        place = file.text or ""
                        found = self._package.resolve(folder, place) or self._package.resolve(part, place)
                        if found is not None:
                            media[number] = found
        return Resources(pens, drawings, media)


def _join(shared: Resources, own: Resources) -> Resources:
    pens: Mapping[str, Any] = {**shared.pens, **own.pens}
    return Resources(pens, {**shared.drawings, **own.drawings}, {**shared.media, **own.media})


def _read_area(area: Any | None) -> Sequence[float] | None:
    box = find_child(area, "PhysicalBox") if area is not None else None
    return read_box(box.text) if box is not None else None


class _Pages:
    """The pages of an OFD as pictures: those that are on them, in their places."""

    kind = "OFD"
    draws_letters = False

    def __init__(self, package: _Parts, drawn: Sequence[tuple[Drawn, Resources]]) -> None:
        self._package, self._drawn = package, drawn

    def draw_page(self, number: int) -> Iterator[Any]:
        page = self._drawn[number][0].page
        picture = self.draw_box(number, (0.0, 0.0, page.width, page.height))
        if picture is not None:
            yield picture

    def draw_box(self, number: int, box: Edge) -> Any:
        from extract.read.painting import paint

        drawn, resources = self._drawn[number]
        if drawn.turned:
            return None
        held = [(self._load(picture, resources), picture.matrix) for picture in drawn.pictures]
        return paint([(data, matrix) for data, matrix in held if data is not None], box)

    def _load(self, picture: Picture, resources: Resources) -> bytes | None:
        part = resources.media.get(picture.resource)
        try:
            return self._package.read(part) if part is not None else None
        except UnreadableFile:
            return None
