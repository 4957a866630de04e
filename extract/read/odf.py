"""OpenDocument (.ods, .fods; parts of .odt): the body of a file, and the text of its paragraphs.

Source: OpenDocument 1.3, part 3 (schema), 3.1, 6.1 and 9.1.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from extract.errors import UnreadableFile
from extract.read.ooxml import Package, make_parser

_URN = "urn:oasis:names:tc:opendocument:xmlns"
OFFICE, TEXT, TABLE, STYLE, DRAW = (
    f"{{{_URN}:{name}:1.0}}" for name in ("office", "text", "table", "style", "drawing")
)
_MANIFEST = "META-INF/manifest.xml"
MAX_BLANKS = 200  # that one text:s stands for
_APART = (  # what stands in a paragraph and is none of its text
    *(OFFICE + name for name in ("annotation", "annotation-end")),
    *(TEXT + name for name in ("note", "ruby-text", "hidden-text", "hidden-paragraph", "change")),
    DRAW + "frame",
)


def open_root(data: bytes, path: str) -> tuple[Any, Package | None]:
    """The root that holds the body of a file, and its container; None where it is one XML file."""
    if not data.startswith(b"PK"):
        from lxml import etree

        try:
            return etree.fromstring(data, make_parser()), None
        except (etree.XMLSyntaxError, ValueError) as error:
            raise UnreadableFile(
                path, f"is no well-formed XML ({error}): save it anew in the program that wrote it"
            ) from error
    package = Package(data, path)
    if "content.xml" not in package:
        raise UnreadableFile(path, "the container has no part content.xml: fetch it again")
    if _MANIFEST in package and b"encryption-data" in package.read(_MANIFEST):
        raise UnreadableFile(path, "is protected by a password: save it without one")
    return package.parse("content.xml"), package


def find_body(root: Any, kind: str, path: str) -> Any:
    """The body of that kind (spreadsheet, text); `UnreadableFile` where the file has another."""
    body = root.find(f"{OFFICE}body/{OFFICE}{kind}")
    if body is None:
        raise UnreadableFile(path, f"holds no {kind} (another kind of document under this name?)")
    return body


def read_paragraphs(element: Any) -> str:
    """The paragraphs of a cell, parted by \\n."""
    return "\n".join(read_text(one) for one in element.iterchildren(TEXT + "p", TEXT + "h"))


def read_text(element: Any, hidden: Container[str | None] = ()) -> str:
    """What a paragraph shows: blanks, tabs and line breaks as such; no notes and no comments.

    `hidden` are the styles of text that is not shown.
    """
    parts = [element.text or ""]
    for child in element:
        tag = child.tag
        if tag == TEXT + "s":
            parts.append(" " * min(read_count(child, TEXT + "c"), MAX_BLANKS))
        elif tag == TEXT + "tab":
            parts.append("\t")
        elif tag == TEXT + "line-break":
            parts.append("\n")
        elif tag not in _APART and child.get(TEXT + "style-name") not in hidden:
            parts.append(read_text(child, hidden))
        parts.append(child.tail or "")
    return "".join(parts)


def is_hidden(style: Any) -> bool:
    """Whether a style says that its text is not shown."""
    return any(one.get(TEXT + "display") == "none" for one in style.iterchildren(STYLE + "text-properties"))


def read_count(element: Any, name: str) -> int:
    """A count that is 1 where it is not told."""
    value = element.get(name) or "1"
    return int(value) if value.isascii() and value.isdigit() and int(value[:12]) > 0 else 1
