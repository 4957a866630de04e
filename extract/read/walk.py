"""The walk over a web page's tree: lines, tables and pictures in the order in which a browser shows them.

A table is settled when it ends, so that a table around it meets its content only. What a browser draws and
the source lacks (numbers and bullets of lists) is put in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from extract.read.bounds import TableTooLarge
from extract.read.drawn_tables import Part, read_spans
from extract.read.evidence import BLANK
from extract.read.layout import MAX_CELLS, Block, Picture, place_cells, settle_table
from extract.read.numbering import HtmlList, number_item
from extract.read.page_block import PageBlock, PageGrid, PageLine
from extract.report import Grid

MAX_TABLE_DEPTH = 30  # tables in tables; deeper ones are read as plain elements

_Act = Callable[["Walk", Any], None]
_Acts = tuple[int, _Act | None, _Act | None]  # kind; what is done where an element begins and where it ends
_SKIPPED, _TEXT, _ELEMENT, _PLAIN, _CELL = range(5)  # plain: does nothing, or ends the line before and after
_FIELDS = (None, "", "text", "number")
_NUMBER = re.compile(r"[-+]?\d[\d,.]{0,15}")
_WIDE = r"[\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]"
_WIDE_BREAK = re.compile(rf"(?<={_WIDE})[ \t\r\f]*\n[ \t\r\n\f]*(?={_WIDE})")
_SPACES = re.compile(r"[ \t\r\n\f]+")


class _Table:
    """A table that is being read: its rows so far, and where its content goes when it ends."""

    __slots__ = ("out", "rows")

    def __init__(self, out: list[PageBlock]) -> None:
        self.out = out
        self.rows: list[list[tuple[list[PageBlock], int, int]]] = []


class Walk:
    """The state of one walk over a page; `blocks` and `parents` are what it brings home.

    An element that lays out a box gets a number (`place`), in document order; `parents` holds for each the
    number of the box around it. `drawn` are the parts of tables that are none by their tags.
    """

    def __init__(self, *, keep_lines: bool, drawn: Mapping[int, Part] | None = None) -> None:
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
        self._drawn = drawn or {}

    def run(self, root: Any) -> None:
        """Walk all below `root`, without recursion: pages nest as deep as they like."""
        open_nodes: list[tuple[Any, _Act | None]] = []
        node = root.child if root is not None else None
        known: dict[int, _Acts] = {}  # by the parser's number of a tag, which is cheaper to ask for
        pieces = self._pieces
        while True:
            while node is None:
                if not open_nodes:
                    self._flush()
                    return
                node, leave = open_nodes.pop()
                if leave is not None:
                    leave(self, node)
                node = node.next
            acts = known.get(node.tag_id)
            if acts is None:
                acts = _ACTS.get(node.tag, _INLINE)
                if self._drawn and acts[0] >= _ELEMENT:
                    acts = (_ELEMENT, Walk._enter_drawn, Walk._leave_drawn)
                known[node.tag_id] = acts
            kind, enter, leave = acts
            if kind == _TEXT:
                if self._links or self._pre or self._keep_lines:
                    self._add_text(node.text_content)
                elif text := node.text_content:
                    pieces.append(text)
                node = node.next
            elif kind == _SKIPPED or (kind == _CELL and self._take_cell(node, known)):
                node = node.next
            else:
                if enter is not None:
                    enter(self, node)
                open_nodes.append((node, leave))
                node = node.child

    def _take_cell(self, node: Any, known: Mapping[int, _Acts]) -> bool:
        """Take a cell that holds one text or none, within plain elements, at half the cost of walking it."""
        inner = node.child
        while inner is not None:
            acts = known.get(inner.tag_id)
            if acts is None or inner.next is not None:
                return False
            if acts[0] == _TEXT:
                break
            if acts[0] != _PLAIN:
                return False
            inner = inner.child
        if self._links or self._pre or self._keep_lines or self._marker:
            return False
        self._enter_cell(node)
        if inner is not None and (text := inner.text_content):
            self._add_line(text)
        self._leave_cell(node)
        return True

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
        pieces = self._pieces
        if not pieces:
            return
        text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        pieces.clear()
        self._add_line(text)

    def _add_line(self, text: str) -> None:
        linked, self._link_length = self._link_length, 0
        shown = text.strip(BLANK)
        if not shown:
            self._gap = self._gap or "\xa0" in text or "\u3000" in text
            return
        if "  " in shown or not shown.isprintable():
            shown = _SPACES.sub(" ", _WIDE_BREAK.sub("", shown) if "\n" in shown else shown)
        if self._marker:
            shown, self._marker = number_item(self._marker, shown), ""
        all_link = linked * 10 >= len(shown) * 9
        self._out.append(PageLine(shown, False, self._gap, self._headings > 0, self._place, all_link))
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
        if self._pieces:
            self._flush()
        self.parents.append(self._place)
        self._place = len(self.parents) - 1

    def _leave_box(self, node: Any) -> None:
        if self._pieces:
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
        self._links += "href" in node.attrs

    def _leave_link(self, node: Any) -> None:
        self._links -= "href" in node.attrs

    def _enter_picture(self, node: Any) -> None:
        attributes = node.attributes
        if _is_large(attributes):
            self._out.append(Picture(place=self._place, part=attributes.get("src") or ""))

    def _enter_field(self, node: Any) -> None:
        """A number in a field for numbers, as systems show the forms that were filled in with them."""
        attributes = node.attributes
        value = (attributes.get("value") or "").strip()
        if self._tables and attributes.get("type") in _FIELDS and _NUMBER.fullmatch(value):
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
        self._out = []
        attributes = node.attrs  # not `attributes`, which decodes those that nobody asks for
        high, wide = _parse_span(attributes.get("rowspan")), _parse_span(attributes.get("colspan"))
        self._tables[-1].rows[-1].append((self._out, high, wide))

    def _leave_cell(self, node: Any) -> None:
        self._leave_box(node)
        if self._tables and not self._flat:
            self._out = self._tables[-1].out
        self._gap = False

    # -- tables drawn with other elements

    def _enter_drawn(self, node: Any) -> None:
        """Where the page holds such tables: a part of one, or any other element."""
        part = self._drawn.get(node.mem_id)
        if part is None:
            if enter := _ACTS.get(node.tag, _INLINE)[1]:
                enter(self, node)
            return
        if Part.BEGINS in part:
            self._enter_box(node)
            self._enter_table(node)
        if Part.ROW in part:
            self._enter_row(node)
        if Part.CELL in part:
            self._enter_cell(node)
            if self._tables and not self._flat and self._tables[-1].rows:
                high, wide = (_parse_span(value) for value in read_spans(node.attributes))
                self._tables[-1].rows[-1][-1] = (self._out, high, wide)

    def _leave_drawn(self, node: Any) -> None:
        part = self._drawn.get(node.mem_id)
        if part is None:
            if leave := _ACTS.get(node.tag, _INLINE)[2]:
                leave(self, node)
            return
        if Part.CELL in part:
            self._leave_cell(node)
        self._flush()
        if Part.ENDS in part:
            self._leave_table(node)
            self._leave_box(node)


_INLINE: _Acts = (_PLAIN, None, None)  # neither breaks lines nor hides text
_ACTS: dict[str, _Acts] = {
    tag: (kind, enter, leave)
    for kind, enter, leave, tags in (
        (_TEXT, None, None, "-text"),
        (
            *(_SKIPPED, None, None),
            """-comment -doctype script style noscript template head title meta link select option textarea
            button iframe object embed svg canvas audio video map datalist nav rt rp colgroup col""",
        ),
        (
            *(_ELEMENT, Walk._enter_box, Walk._leave_box),
            """div section article main body header footer aside form center fieldset address blockquote dl
            figure details""",
        ),
        (_PLAIN, Walk._flush, Walk._flush, "p dt dd summary legend figcaption caption"),
        (_ELEMENT, Walk._enter_break, None, "br hr"),
        (_ELEMENT, Walk._enter_table, Walk._leave_table, "table"),
        (_ELEMENT, Walk._enter_row, Walk._flush, "tr"),
        (_CELL, Walk._enter_cell, Walk._leave_cell, "td th"),
        (_ELEMENT, Walk._enter_link, Walk._leave_link, "a"),
        (_ELEMENT, Walk._enter_picture, None, "img"),
        (_ELEMENT, Walk._enter_list, Walk._leave_list, "ul ol menu dir"),
        (_ELEMENT, Walk._enter_item, Walk._leave_item, "li"),
        (_ELEMENT, Walk._enter_heading, Walk._leave_heading, "h1 h2 h3 h4 h5 h6"),
        (_ELEMENT, Walk._enter_pre, Walk._leave_pre, "pre"),
        (_ELEMENT, Walk._enter_field, None, "input"),
    )
    for tag in tags.split()
}


def _parse_span(value: str | None) -> int:
    """A row or column span as HTML reads it: leading digits count, anything else is 1."""
    if not value or value == "1":
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
