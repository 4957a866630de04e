"""The walk over a web page's tree: lines, tables and pictures in the order in which a browser shows them.

A table is settled when it ends, so that a table around it meets its content only. What a browser draws and
the source lacks (numbers and bullets of lists) is put in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from extract.read.evidence import BLANK
from extract.read.layout import MAX_CELLS, Block, Picture, TableTooLarge, place_cells, settle_table
from extract.read.numbering import HtmlList, number_item
from extract.read.page_block import PageBlock, PageGrid, PageLine
from extract.report import Grid

MAX_TABLE_DEPTH = 30  # tables in tables; deeper ones are read as plain elements

_SKIP, _BOX, _LINE, _BREAK, _TABLE, _ROW, _CELL = range(1, 8)
_LINK, _PICTURE, _LIST, _ITEM, _HEADING, _PRE, _TEXT, _FIELD = range(8, 16)
_TAGS = {
    _SKIP: """-comment -doctype script style noscript template head title meta link select option textarea
        button iframe object embed svg canvas audio video map datalist nav rt rp colgroup col""",
    _BOX: """div section article main body header footer aside form center fieldset address blockquote dl
        figure details""",
    _LINE: "p dt dd summary legend figcaption caption",
    _BREAK: "br hr",
    _TABLE: "table",
    _ROW: "tr",
    _CELL: "td th",
    _LINK: "a",
    _PICTURE: "img",
    _LIST: "ul ol menu dir",
    _ITEM: "li",
    _HEADING: "h1 h2 h3 h4 h5 h6",
    _PRE: "pre",
    _TEXT: "-text",
    _FIELD: "input",
}
_KINDS = {tag: kind for kind, tags in _TAGS.items() for tag in tags.split()}
_FIELDS = (None, "", "text", "number")
_NUMBER = re.compile(r"[-+]?\d[\d,.]{0,15}")
_WIDE = r"[\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]"
_WIDE_BREAK = re.compile(rf"(?<={_WIDE})[ \t\r\f]*\n[ \t\r\n\f]*(?={_WIDE})")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_MESSY = re.compile(r"[\t\r\n\f]|  ")


class _Table:
    """A table that is being read: its rows so far, and where its content goes when it ends."""

    __slots__ = ("out", "rows")

    def __init__(self, out: list[PageBlock]) -> None:
        self.out = out
        self.rows: list[list[tuple[list[PageBlock], int, int]]] = []


class Walk:
    """The state of one walk over a page; `blocks` and `parents` are what it brings home.

    An element that lays out a box gets a number (`place`), in document order; `parents` holds for each the
    number of the box around it.
    """

    def __init__(self, *, keep_lines: bool) -> None:
        self.blocks: list[PageBlock] = []
        self.parents = [0]
        self._out = self.blocks
        self._place = 0
        self._pieces: list[str] = []
        self._gap = False
        self._headings = 0
        self._links = 0
        self._link_length = 0
        self._keep_lines = keep_lines
        self._pre = 0
        self._tables: list[_Table] = []
        self._flat = 0  # tables beyond the deepest that are still told apart
        self._cells = 0
        self._lists: list[HtmlList] = []
        self._marker = ""

    def run(self, root: Any) -> None:
        """Walk all below `root`, without recursion: pages nest as deep as they like."""
        open_nodes: list[tuple[Any, int]] = []
        node = root.child if root is not None else None
        find_kind, enter, leave = _KINDS.get, _ENTER, _LEAVE
        while True:
            while node is None:
                if not open_nodes:
                    self._flush()
                    return
                node, kind = open_nodes.pop()
                if kind in leave:
                    leave[kind](self, node)
                node = node.next
            kind = find_kind(node.tag, 0)
            if kind == _TEXT:
                self._add_text(node.text_content)
                node = node.next
            elif kind == _SKIP:
                node = node.next
            else:
                if kind:
                    enter[kind](self, node)
                open_nodes.append((node, kind))
                node = node.child

    # -- text

    def _add_text(self, text: str | None) -> None:
        if not text:
            return
        if self._pre or (self._keep_lines and "\n" in text and len(self._tables) == self._flat):
            self._add_lines(text)
            return
        self._pieces.append(text)
        if self._links:
            self._link_length += len(text.strip(BLANK))

    def _add_lines(self, text: str) -> None:
        """Text whose line ends count, read as a text file is: it may hold tables drawn with tabs or pipes."""
        from extract.read.text import read_blocks

        self._flush()
        for block in read_blocks(text):
            self._out.append(self._own(block))

    def _flush(self, node: Any = None) -> None:
        """End the line: what was gathered becomes a block, an empty line a gap before the next."""
        if not self._pieces:
            return
        text = self._pieces[0] if len(self._pieces) == 1 else "".join(self._pieces)
        linked, self._link_length = self._link_length, 0
        self._pieces.clear()
        if _MESSY.search(text):
            text = _SPACES.sub(" ", _WIDE_BREAK.sub("", text) if "\n" in text else text)
        shown = text.strip(BLANK)
        if not shown:
            self._gap = self._gap or "\xa0" in text or "\u3000" in text
            return
        if self._marker:
            shown, self._marker = number_item(self._marker, shown), ""
        self._out.append(
            PageLine(
                shown,
                gap=self._gap,
                heading=self._headings > 0,
                place=self._place,
                link=linked * 10 >= len(shown) * 9,
            )
        )
        self._gap = False

    def _own(self, block: Block) -> PageBlock:
        """The block as a block of the page: one without a place is put at this one."""
        if isinstance(block, PageLine | PageGrid | Picture):
            return block
        if isinstance(block, Grid):
            return PageGrid(block.cells, block.exact, block.read_by, place=self._place)
        return PageLine(block.text, block.wrapped, block.gap, block.heading, place=self._place)

    # -- elements

    def _enter_break(self, node: Any) -> None:
        if not self._pieces:
            self._gap = True
        self._flush()

    def _enter_box(self, node: Any) -> None:
        self._flush()
        self.parents.append(self._place)
        self._place = len(self.parents) - 1

    def _leave_box(self, node: Any) -> None:
        self._flush()
        self._place = self.parents[self._place]

    def _enter_heading(self, node: Any) -> None:
        self._flush()
        self._headings += 1

    def _leave_heading(self, node: Any) -> None:
        self._flush()
        self._headings -= 1

    def _enter_pre(self, node: Any) -> None:
        self._flush()
        self._pre += 1

    def _leave_pre(self, node: Any) -> None:
        self._pre -= 1

    def _enter_link(self, node: Any) -> None:
        self._links += "href" in node.attributes

    def _leave_link(self, node: Any) -> None:
        self._links -= "href" in node.attributes

    def _enter_picture(self, node: Any) -> None:
        if _is_large(node.attributes):
            self._out.append(Picture(place=self._place, part=node.attributes.get("src") or ""))

    def _enter_field(self, node: Any) -> None:
        """A number in a field for numbers, as systems show the forms that were filled in with them."""
        value = (node.attributes.get("value") or "").strip()
        if self._tables and node.attributes.get("type") in _FIELDS and _NUMBER.fullmatch(value):
            self._pieces.append(value)

    # -- lists

    def _enter_list(self, node: Any) -> None:
        self._flush()
        attributes = node.attributes
        style = " ".join((attributes.get("type") or "", _find_list_style(attributes.get("style"))))
        start = attributes.get("start") or ""
        self._lists.append(HtmlList(ordered=node.tag == "ol", style=style, start=start))

    def _leave_list(self, node: Any) -> None:
        self._flush()
        self._lists.pop()

    def _enter_item(self, node: Any) -> None:
        self._flush()
        if self._lists:
            self._marker = self._lists[-1].next_mark(node.attributes.get("value") or "")

    def _leave_item(self, node: Any) -> None:
        self._flush()
        self._marker = ""

    # -- tables

    def _enter_table(self, node: Any) -> None:
        self._flush()
        if self._flat or len(self._tables) >= MAX_TABLE_DEPTH:
            self._flat += 1
            return
        self._tables.append(_Table(self._out))

    def _leave_table(self, node: Any) -> None:
        self._flush()
        if self._flat:
            self._flat -= 1
            return
        table = self._tables.pop()
        self._out = table.out
        for block in settle_table(place_cells(table.rows)):
            self._out.append(self._own(block))
        self._gap = True

    def _enter_row(self, node: Any) -> None:
        self._flush()
        if self._tables and not self._flat:
            self._tables[-1].rows.append([])

    def _enter_cell(self, node: Any) -> None:
        self._enter_box(node)
        if self._flat or not self._tables or not self._tables[-1].rows:
            return
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise TableTooLarge(f"tables with more than {MAX_CELLS:,} cells")
        content: list[PageBlock] = []
        attributes = node.attributes
        high, wide = _parse_span(attributes.get("rowspan")), _parse_span(attributes.get("colspan"))
        self._tables[-1].rows[-1].append((content, high, wide))
        self._out = content

    def _leave_cell(self, node: Any) -> None:
        self._leave_box(node)
        if self._tables and not self._flat:
            self._out = self._tables[-1].out
        self._gap = False


_ENTER: dict[int, Callable[[Walk, Any], None]] = {
    _BOX: Walk._enter_box,
    _LINE: Walk._flush,
    _BREAK: Walk._enter_break,
    _TABLE: Walk._enter_table,
    _ROW: Walk._enter_row,
    _CELL: Walk._enter_cell,
    _LINK: Walk._enter_link,
    _PICTURE: Walk._enter_picture,
    _LIST: Walk._enter_list,
    _ITEM: Walk._enter_item,
    _HEADING: Walk._enter_heading,
    _PRE: Walk._enter_pre,
    _FIELD: Walk._enter_field,
}
_LEAVE: dict[int, Callable[[Walk, Any], None]] = {
    _BOX: Walk._leave_box,
    _LINE: Walk._flush,
    _TABLE: Walk._leave_table,
    _ROW: Walk._flush,
    _CELL: Walk._leave_cell,
    _LINK: Walk._leave_link,
    _LIST: Walk._leave_list,
    _ITEM: Walk._leave_item,
    _HEADING: Walk._leave_heading,
    _PRE: Walk._leave_pre,
}


def _parse_span(value: str | None) -> int:
    """A row or column span as HTML reads it: leading digits count, anything else is 1."""
    if not value:
        return 1
    if len(value) < 4 and value.isdecimal():
        return int(value)
    match = re.match(r"[ \t\n\f\r]*\+?(\d{1,9})", value, re.ASCII)
    return int(match[1]) if match else 1


_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]{1,100})", re.IGNORECASE)
_SIZE = re.compile(r"(?:^|[;\s])(width|height)\s*:\s*(\d{1,5})(?:\.\d*)?(px|pt|cm|mm|%)?", re.IGNORECASE)
_PIXELS = {"px": 1.0, "pt": 4 / 3, "cm": 37.8, "mm": 3.78}
_LEAST_WIDTH, _LEAST_HEIGHT = 300, 60  # pixels of a picture that may be a table of the form


def _find_list_style(style: str | None) -> str:
    match = _LIST_STYLE.search(style) if style else None
    return match[1] if match else ""


def _is_large(attributes: dict[str, str | None]) -> bool:
    """Whether a picture may be a table; one that does not tell its size may be, an icon is none."""
    sizes = {}
    for name, number, unit in _SIZE.findall(attributes.get("style") or ""):
        if unit != "%":
            sizes[name.lower()] = int(number) * _PIXELS.get(unit.lower(), 1.0)
    for name in ("width", "height"):
        value = (attributes.get(name) or "").strip().removesuffix("px")
        if value.isdigit() and len(value) < 6:
            sizes.setdefault(name, float(value))
    if sizes:
        return sizes.get("width", _LEAST_WIDTH) >= _LEAST_WIDTH and (
            sizes.get("height", _LEAST_HEIGHT) >= _LEAST_HEIGHT
        )
    source = (attributes.get("src") or "").lower()
    return not re.search(r"icon|logo|\.gif|/ic_|button|btn|banner|qrcode|ewm|/share", source)
