"""Tables that a page draws without <table>: boxes shown as rows and cells by CSS, or named so by their role.

Only what holds the form is read as a table: the same CSS lays out menus, and the columns of whole pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import IntFlag, auto
from typing import Any

from extract.read.evidence import load_page_words, squeeze

MAX_RULES = 60  # rules for such boxes that are looked at; each is asked of the whole page
_LONGEST = 200  # characters of a cell: a longer one is a column of the page
_WRAPPERS = 3  # boxes that may stand between a cell and its row, or a row and its table
_SIGNS = ("table-cell", "TABLE-CELL", 'role="row"', "role='row'", "role=row")
_NATIVE = frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "html", "body"))
_TABLE, _GROUP, _ROW, _CELL = "table", "row-group", "row", "cell"
_ROLES = {
    **dict.fromkeys(("table", "grid", "treegrid"), _TABLE),
    "rowgroup": _GROUP,
    "row": _ROW,
    **dict.fromkeys(("cell", "gridcell", "columnheader", "rowheader"), _CELL),
}
_SHOWN = re.compile(
    r"display\s{0,9}:\s{0,9}(?:inline-)?table(?:-(row|cell|(?:row|header|footer)-group))?\s{0,9}(?![\w\s-])",
    re.IGNORECASE,
)
_SELECTOR = re.compile(r"[\w\s.#>*-]{1,100}")  # no :after and the like, which make no boxes of the text
_SPAN = re.compile(
    r"(?:^|[;\s])grid-(column|row)\s{0,9}:\s{0,9}(?:\d{1,3}\s{0,9}/\s{0,9})?span\s{1,9}(\d{1,3})",
    re.IGNORECASE,
)


class Part(IntFlag):
    """What an element is in such a table; the first and last rows of one without a box of its own say so."""

    BEGINS = auto()
    ENDS = auto()
    ROW = auto()
    CELL = auto()


def may_draw(text: str) -> bool:
    """Whether the page may hold such a table: tells nearly all apart, and cheaply."""
    return any(sign in text for sign in _SIGNS)


def find_drawn(tree: Any) -> dict[int, Part]:
    """The elements of such tables that hold the form, by the number that the parser gave them."""
    kinds, nodes = _find_kinds(tree)
    rows: dict[int, list[Any]] = {}  # by the number of the row
    row_nodes: dict[int, Any] = {}
    for node in nodes:
        if kinds[node.mem_id] == _CELL and (row := _climb(node, _ROW, kinds) or _bare_row(node, kinds)):
            rows.setdefault(row.mem_id, []).append(node)
            row_nodes[row.mem_id] = row
    tables: dict[int, tuple[Any, list[int]]] = {}  # by the number of the box around the rows
    for number, row in row_nodes.items():
        if (box := _climb(row, _TABLE, kinds) or row.parent) is not None:
            tables.setdefault(box.mem_id, (box, []))[1].append(number)
    around = set(_list_around([*(box for box, _ in tables.values()), *tree.css("table")]))
    parts: dict[int, Part] = {}
    for number, (box, inside) in tables.items():
        if number in around:
            continue  # it holds another table, so it lays out the page
        if kinds.get(number) == _TABLE:
            if _holds_form(rows[one] for one in inside):
                _add(parts, [number], Part.BEGINS | Part.ENDS)
                _add_rows(parts, inside, rows)
            continue
        for run in _find_runs(box, set(inside)):
            if _holds_form(rows[one] for one in run):
                _add_rows(parts, run, rows)
                _add(parts, run[:1], Part.BEGINS)
                _add(parts, run[-1:], Part.ENDS)
    return parts


def read_spans(attributes: Any) -> tuple[str | None, str | None]:
    """The row span and column span of such a cell, as far as anything says them."""
    found = dict(_SPAN.findall(attributes.get("style") or ""))
    return (
        attributes.get("rowspan") or attributes.get("aria-rowspan") or found.get("row"),
        attributes.get("colspan") or attributes.get("aria-colspan") or found.get("column"),
    )


def _find_kinds(tree: Any) -> tuple[dict[int, str], list[Any]]:
    """What each element is by its style, a rule of the page or its role, and the elements in their order."""
    kinds: dict[int, str] = {}
    rules = list(_find_rules(tree))
    selectors = ['[style*="table" i]', "[role]", *dict(rules)]
    found = {node.mem_id: node for node in tree.css(",".join(selectors)) if node.tag not in _NATIVE}
    for selector, kind in rules:
        kinds.update((node.mem_id, kind) for node in tree.css(selector) if node.mem_id in found)
    for number, node in found.items():
        shown = _SHOWN.search(node.attrs.get("style") or "")
        if kind := _name(shown) if shown else _ROLES.get((node.attrs.get("role") or "").strip().lower(), ""):
            kinds[number] = kind
    return kinds, [node for number, node in found.items() if number in kinds]


def _find_rules(tree: Any) -> Iterator[tuple[str, str]]:
    """The selectors of the page's own rules that make rows, cells and tables of boxes."""
    left = MAX_RULES
    for style in tree.css("style"):
        first, *others = (style.text() or "").split("/*")
        for rule in "".join([first, *(part.partition("*/")[2] for part in others)]).split("}"):
            head, _, shows = rule.rpartition("{")
            shown = _SHOWN.search(shows)
            for selector in head.rpartition("{")[2].split(",") if shown else ():
                if left and _SELECTOR.fullmatch(selector) and _is_sound(tree, selector):
                    left -= 1
                    yield selector.strip(), _name(shown)


def _is_sound(tree: Any, selector: str) -> bool:
    from selectolax.lexbor import SelectolaxError

    try:
        return tree.css_first(selector.strip()) is not None
    except SelectolaxError:
        return False


def _name(shown: re.Match[str] | None) -> str:
    part = (shown[1] or _TABLE).lower() if shown else ""
    return _GROUP if part.endswith("group") else part


def _climb(node: Any, wanted: str, kinds: dict[int, str]) -> Any:
    """The element of that kind around the node, over groups and a few boxes that are nothing; else None."""
    for _ in range(_WRAPPERS):
        node = node.parent
        if node is None or node.tag in _NATIVE:
            return None
        kind = kinds.get(node.mem_id)
        if kind == wanted:
            return node
        if kind not in (None, _GROUP):
            return None
    return None


def _bare_row(node: Any, kinds: dict[int, str]) -> Any:
    """The plain box that cells stand in without a row."""
    row = node.parent
    return row if row is not None and row.tag not in _NATIVE and row.mem_id not in kinds else None


def _list_around(nodes: Iterable[Any]) -> Iterator[int]:
    """The numbers of all elements around these, each once."""
    seen: set[int] = set()
    for node in nodes:
        while (node := node.parent) is not None and node.mem_id not in seen:
            seen.add(node.mem_id)
            yield node.mem_id


def _find_runs(box: Any, rows: set[int]) -> Iterator[list[int]]:
    """Those of the rows that follow one another in their box, with nothing between."""
    run: list[int] = []
    node = box.child
    while node is not None:
        if node.mem_id in rows:
            run.append(node.mem_id)
        elif node.tag != "-comment" and (node.tag != "-text" or (node.text_content or "").strip()):
            if run:
                yield run
            run = []
        node = node.next
    if run:
        yield run


def _holds_form(rows: Iterable[list[Any]]) -> bool:
    """Whether the rows are a table of the form: two of several short cells, and two of its labels."""
    several = 0
    words: set[str] = set()
    for row in rows:
        texts = [squeeze(cell.text() or "") for cell in row]
        if any(len(text) > _LONGEST for text in texts):
            return False
        several += len(row) > 1
        words.update(word for text in texts for word in load_page_words().form.findall(text))
    return several > 1 and len(words) > 1


def _add_rows(parts: dict[int, Part], numbers: list[int], rows: dict[int, list[Any]]) -> None:
    _add(parts, numbers, Part.ROW)
    for number in numbers:
        _add(parts, (cell.mem_id for cell in rows[number]), Part.CELL)


def _add(parts: dict[int, Part], numbers: Iterable[int], part: Part) -> None:
    for number in numbers:
        parts[number] = parts.get(number, Part(0)) | part
