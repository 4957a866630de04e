"""A Word document's tree with its tracked changes accepted and without what Word does not show."""

from __future__ import annotations

from typing import Any

from extract.read.docx_numbers import W, is_on

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DELETED = (W + "del", W + "moveFrom")
_OLD_PROPERTIES = tuple(
    W + name
    for name in (
        "pPrChange",
        "rPrChange",
        "sectPrChange",
        "tblPrChange",
        "tblPrExChange",
        "tblGridChange",
        "tcPrChange",
        "trPrChange",
        "numberingChange",
    )
)
_TOUCHED = (
    *_DELETED,
    *_OLD_PROPERTIES,
    W + "vanish",
    W + "hidden",
    W + "cellDel",
    W + "rt",
    W + "fldSimple",
    W + "txbxContent",
    _MC + "AlternateContent",
)
_PAGE_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES", "TOC")


def accept_changes(root: Any) -> dict[Any, list[Any]]:
    """Change the tree to what Word shows with all changes accepted; answer the text boxes by their paragraph.

    A deleted paragraph mark stays (the walk joins the paragraphs). Text boxes are taken out of the tree.
    """
    boxes: dict[Any, list[Any]] = {}
    for element in list(root.iter(*_TOUCHED)):
        tag, parent = element.tag, element.getparent()
        if parent is None:
            continue
        if tag in _OLD_PROPERTIES:
            parent.remove(element)
        elif tag in _DELETED:
            _delete(element, parent)
        elif tag == W + "vanish":
            _remove_holder(element, W + "rPr", W + "r")
        elif tag == W + "hidden":
            _remove_holder(element, W + "trPr", W + "tr")
        elif tag == W + "cellDel":
            _remove_holder(element, W + "tcPr", W + "tc")
        elif tag == W + "txbxContent":
            _take_box(element, boxes)
        elif tag == W + "fldSimple":
            if (element.get(W + "instr") or "").split()[:1] in [[name] for name in _PAGE_FIELDS]:
                parent.remove(element)
        elif tag == W + "rt":
            parent.remove(element)
        else:
            _choose(element)
    return boxes


def _delete(element: Any, parent: Any) -> None:
    """Take away deleted content, or the row that is marked as deleted; the mark of a paragraph stays."""
    if parent.tag == W + "trPr":
        _remove_holder(element, W + "trPr", W + "tr")
    elif parent.tag != W + "rPr":
        parent.remove(element)


def _remove_holder(element: Any, properties: str, holder: str) -> None:
    """Remove the run, row or cell in whose properties the switch `element` is on."""
    parent = element.getparent()
    if parent.tag != properties or not is_on(element):
        return
    held = parent.getparent()
    if held is not None and held.tag == holder and (around := held.getparent()) is not None:
        around.remove(held)


def _choose(alternatives: Any) -> None:
    """Keep one of the alternatives: the first choice, else the fallback."""
    choices = alternatives.findall(_MC + "Choice")
    for other in choices[1:]:
        alternatives.remove(other)
    fallback = alternatives.find(_MC + "Fallback")
    if choices and fallback is not None:
        alternatives.remove(fallback)


def _take_box(content: Any, boxes: dict[Any, list[Any]]) -> None:
    parent = content.getparent()
    host = next(content.iterancestors(W + "p"), None)
    fallback = next(content.iterancestors(_MC + "Fallback"), None)
    if host is None or (fallback is not None and fallback.getparent() is None):  # already put aside
        return
    parent.remove(content)
    boxes.setdefault(host, []).append(content)
