"""What one paragraph of a Word document shows, and what its properties say, gathered in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from extract.read.docx_numbers import W
from extract.read.docx_pictures import find_large_picture, read_symbol
from extract.report import Value

_VAL = W + "val"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TEXT, _TAB, _BREAK, _HYPHEN, _SYMBOL, _PICTURE, _INSTRUCTION, _PROPERTY, _OBJECT = range(9)
_KINDS = {
    W + "t": _TEXT,
    _MATH + "t": _TEXT,
    W + "tab": _TAB,
    W + "br": _BREAK,
    W + "cr": _BREAK,
    W + "noBreakHyphen": _HYPHEN,
    W + "sym": _SYMBOL,
    W + "drawing": _PICTURE,
    W + "pict": _PICTURE,
    W + "object": _OBJECT,
    W + "instrText": _INSTRUCTION,
    **dict.fromkeys(
        (W + name for name in ("pStyle", "numId", "ilvl", "outlineLvl", "del", "moveFrom")), _PROPERTY
    ),
}
_PARAGRAPH, _RUN_TEXT = W + "p", W + "t"
# By oMath, since a name that no document has costs no pass over it, and every document has a t.
_BEYOND_TEXT = (_MATH + "oMath", *(tag for tag in _KINDS if tag not in (_RUN_TEXT, _MATH + "t")))


class Shown(Value, frozen=True, gc=False):
    """A paragraph: its text (line breaks as \\n), the relations of its large pictures, and its properties.

    `objects` are the elements (w:object) of the files that are set into it.

    `level` and `outline` count from 0. `listed`: it is an entry of a contents list. `joined`: its end was
    deleted, so that the next paragraph goes on in it.
    """

    text: str
    pictures: tuple[str, ...] = ()
    objects: tuple[Any, ...] = ()
    listed: bool = False
    style_id: str | None = None
    list_id: str | None = None
    level: int | None = None
    outline: int | None = None
    joined: bool = False


def find_rich(roots: Iterable[Any]) -> set[Any]:
    """The paragraphs below `roots` that hold more than text, found in one pass: in tables hardly any do."""
    rich: set[Any] = set()
    for root in roots:
        for one in root.iter(*_BEYOND_TEXT):
            rich.update(one.iterancestors(_PARAGRAPH))
    return rich


def read_plain(element: Any) -> str:
    """What a paragraph shows that is not among those of `find_rich`."""
    return "".join([one.text or "" for one in element.iter(_RUN_TEXT)])


def read_paragraph(element: Any) -> Shown:
    """The paragraph as shown; tracked changes must have been accepted.

    One unfiltered pass: a filter of many tags, made anew for each, costs more than it saves (2026-11).
    """
    pieces: list[str] = []
    properties: dict[str, str | None] = {}
    pictures: list[str] = []
    objects: list[Any] = []
    listed, kinds = False, _KINDS
    for one in element.iter():
        kind = kinds.get(one.tag)
        if kind is None:
            continue
        if kind == _TEXT:
            pieces.append(one.text or "")
        elif kind == _TAB:
            if not one.attrib:  # a tab stop among the properties has attributes
                pieces.append("\t")
        elif kind == _PROPERTY:
            properties[one.tag] = one.get(_VAL)
        elif kind == _BREAK:
            pieces.append("\n")
        elif kind == _INSTRUCTION:
            listed = listed or "PAGEREF" in (one.text or "")
        elif kind == _PICTURE:
            if (picture := find_large_picture(one)) is not None:
                pictures.append(picture)
        elif kind == _OBJECT:
            objects.append(one)
        else:
            pieces.append("-" if kind == _HYPHEN else read_symbol(one))
    text = pieces[0] if len(pieces) == 1 else "".join(pieces)
    shown = Shown(text, tuple(pictures), tuple(objects), listed)
    return _describe(shown, properties) if properties else shown


def _describe(shown: Shown, properties: Mapping[str, str | None]) -> Shown:
    """The paragraph with what its properties say."""
    return replace(
        shown,
        style_id=properties.get(W + "pStyle"),
        list_id=properties.get(W + "numId"),
        level=to_number(properties.get(W + "ilvl")),
        outline=to_number(properties.get(W + "outlineLvl")),
        joined=W + "del" in properties or W + "moveFrom" in properties,
    )


def to_number(value: str | None) -> int | None:
    """A whole number from 0 to 999,999, or None."""
    return int(value) if value and len(value) < 7 and value.isascii() and value.isdigit() else None
