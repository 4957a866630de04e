"""Web pages to a Document: one walk over the repaired tree, lines and tables in the order of the page.

The parser (Lexbor) takes bytes for UTF-8 whatever the page declares, so it gets the decoded text, or bytes
that are UTF-8 throughout. What a browser does not show is left out. Which of the page's blocks are the report
is decided in `extract.read.page`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from msgspec.structs import replace

from extract.days import parse_day
from extract.errors import UnreadableFile
from extract.read.bounds import within_bounds
from extract.read.drawn_tables import find_drawn, may_draw
from extract.read.encoding import decode_whole
from extract.read.evidence import BLANK, load_page_words, squeeze
from extract.read.kind import is_json
from extract.read.layout import Picture
from extract.read.lost_line_ends import restore_paragraphs
from extract.read.page import (
    drop_menu,
    find_content,
    holds_body,
    holds_report,
    holds_text,
    holds_title,
    holds_whole,
    measure_body,
    set_in_place,
)
from extract.read.page_block import PageBlock, PageLine
from extract.read.pictures import read_as_pages, read_pictures, set_pictures_apart
from extract.read.script_days import find_day_of_page
from extract.read.unshown import (
    Held,
    drop_hidden,
    drop_other_tabs,
    find_beside,
    find_held,
    is_of_year,
    name_hiding,
    set_in,
    show_markup,
)
from extract.read.walk import Walk
from extract.report import Document, Value

MAX_CHARACTERS = 32_000_000  # a page has 20 to 200 thousand, without the pictures that are set into it
MAX_TAGS = 1_500_000  # at some 150 bytes each in memory
MAX_DEPTH = 10_000  # the parser's time grows with the square of it: .15 s here, 150 s at 200,000 (2026-11)
MAX_TAG_LENGTH = 16_384  # likewise the square of the number of attributes
_MARKED = ("meta", "[id]")  # asked of every element, in one pass over the tree
_NEARLY = 0.8  # of what the fullest part has of a report: it may have some of it twice
_YEAR = re.compile(r"20\d\d")


def read_html(data: bytes, path: str) -> Document:
    """The report on a web page: its paragraphs and tables, what the page says of publisher and day.

    Raises `UnreadableFile` where the page cannot be decoded, holds nothing to read, or chokes a reader.
    """
    if b"\0" in data and data.count(b"\0") * 8 < len(data):  # stray ones; UTF-16 has far more
        data = data.replace(b"\0", b"")
    text, encoding, source = decode_whole(data, path, find_declared_charset(data))
    if is_json(text):
        # what an interface of the site sends: a state like those that pages carry
        text, source = (
            f'<script type="application/json">{text.replace("</", "<" + chr(92) + "/")}</script>',
            None,
        )
    return read_page(text, path, encoding, source=source)


def find_declared_charset(data: bytes) -> str | None:
    """The charset that the head of the page names, or None. It may be wrong.

    >>> find_declared_charset(b'<meta http-equiv="Content-Type" content="text/html; charset=gb2312">')
    'gb2312'
    """
    match = re.search(rb"(?:charset|encoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_:-]{2,40})", data[:8192])
    return match[1].decode("ascii").lower() if match else None


def read_page(
    text: str,
    path: str,
    encoding: str | None,
    media_type: str = "text/html",
    find_picture: Callable[[str], bytes | None] | None = None,
    *,
    source: bytes | None = None,
) -> Document:
    """The report on a page that is already decoded.

    `find_picture` gives the bytes of a picture that was saved beside the page, by its address there;
    `source` is the page in UTF-8 where that is at hand, and need not be made.
    """
    decoded = text
    find, text = set_pictures_apart(text)
    text = _tame(text, path)
    page = _walk_page(text, path, source if text is decoded else None)
    if not holds_whole(page.blocks) and (held := _find_body(text, page, path)) is not None:
        page = held
    blocks = _read_pictures(
        page.blocks, lambda one: find(one) or (find_picture(one) if find_picture else None), path
    )
    if not holds_text(blocks) and (reason := _say_empty(text, blocks)):
        raise UnreadableFile(path, reason)
    content = find_content(blocks, page.parents, page.meta)
    return Document(
        blocks=restore_paragraphs(content.blocks),
        media_type=media_type,
        encoding=encoding,
        title=page.meta.get("title"),
        publisher=content.publisher,
        published=content.published or find_day_of_page(text),
        pictures=content.pictures,
    )


class _Page(Value, frozen=True):
    """A page as it is shown: its blocks, the elements around each, what its head says of it."""

    blocks: list[PageBlock]
    parents: list[int]
    meta: dict[str, str]


def _walk_page(text: str, path: str, source: bytes | None = None) -> _Page:
    """What a page shows that `_tame` let pass; `source` as in `read_page`."""
    from selectolax.lexbor import LexborHTMLParser

    if _ROW_FIRST.match(text):
        text, source = f"<table>{text}</table>", None
    tree = LexborHTMLParser(text if source is None else source)
    raw = text.encode("utf-8", "surrogatepass") if source is None else source
    marked = tree.css(",".join((*_MARKED, *name_hiding(raw))))
    meta = _read_meta(tree, marked)
    drop_hidden(marked)
    drop_other_tabs(tree, raw)
    if "mso-list:" in text:
        _close_up_marks(tree)
    walk = Walk(keep_lines=_has_bare_lines(text), drawn=find_drawn(tree) if may_draw(text) else None)
    with within_bounds(path):
        walk.run(tree.body if tree.body is not None else tree.root)
    return _Page(walk.blocks, walk.parents, meta)


def _find_body(text: str, page: _Page, path: str) -> _Page | None:
    """The page with that part shown which is a report, of those that it does not show; None without one.

    Of several, those of the year in the page's title; of these the shortest that has nearly as much of a
    report as any.
    """
    year = _YEAR.search(page.meta.get("title", ""))
    found: list[tuple[bool, int, Held]] = []
    for held in find_held(text):
        blocks = _read_part(held.html, path).blocks
        if holds_body(blocks) and _is_more(blocks, page.blocks):
            same_year = year is not None and is_of_year(held.html, year[0])
            found.append((same_year, measure_body(blocks), held))
    if found:
        most = max((same_year, measure) for same_year, measure, _ in found)
        nearly = [one[2] for one in found if one[0] == most[0] and one[1] >= _NEARLY * most[1]]
        return _show(text, page, min(nearly, key=lambda held: len(held.html)), path)
    if (bare := show_markup(text)) is not None and holds_whole((shown := _read_part(bare, path)).blocks):
        return shown
    return None


def _is_more(blocks: list[PageBlock], shown: list[PageBlock]) -> bool:
    """Whether a part that is not shown is more than what is: the whole report, of which that is the start."""
    if not holds_body(shown):
        return True
    whole = "\n".join(squeeze(block.text) for block in blocks if isinstance(block, PageLine))
    told = [squeeze(block.text) for block in shown if isinstance(block, PageLine) and "。" in block.text]
    again = sum(line.rstrip("….。") in whole for line in told[:20])
    return again * 2 > len(told[:20]) and measure_body(blocks) > 2 * measure_body(shown)


def _show(text: str, page: _Page, held: Held, path: str) -> _Page:
    """The page with that part in its place; where neither has a title, under the one that the head gives."""
    day, title_beside = find_beside(held)
    title = title_beside or page.meta.get("title", "")
    shown = [*page.blocks, *_read_part(held.html, path).blocks]
    if not holds_title(shown) and holds_title([PageLine(title)]) and not re.search(r"[-_|<>]", title):
        held = replace(held, html=f"<h1>{escape(title)}</h1>{held.html}")
    found = _read_part(set_in(text, held), path)
    if not found.blocks:  # deeper with the part in its place than pages may be
        found = _read_part(held.html, path)
    meta = page.meta | ({"published": day} if day and "published" not in page.meta else {})
    return replace(found, blocks=drop_menu(found.blocks), meta=meta)


def _read_part(text: str, path: str) -> _Page:
    """A part as a page of its own; an empty one where it would choke the parser."""
    try:
        return _walk_page(_tame(text, path), path)
    except UnreadableFile:
        return _Page([], [0], {})


def _read_pictures(
    blocks: list[PageBlock], find: Callable[[str], bytes | None], path: str
) -> list[PageBlock]:
    """The blocks with what the pictures in the file show: tables of the form, or the pages of a report.

    Raises `UnreadableFile` where the page holds pictures of pages and nothing else, and the extra is missing.
    """
    pictures = [block for block in blocks if isinstance(block, Picture) and block.part]
    if not pictures:
        return blocks
    if holds_report(blocks):
        return list(read_pictures(blocks, find, set_in_place))
    try:
        pages = read_as_pages(pictures, find, path)
    except UnreadableFile:
        if holds_text(blocks):
            return blocks
        raise
    first = blocks.index(pictures[0])
    return [*blocks[:first], *(set_in_place(pictures[0], page) for page in pages), *blocks[first:]]


# ---- before parsing ---------------------------------------------------------------------------------------

_DATA_URI = re.compile(r"data:[\w/+.;=-]{0,80}base64,[A-Za-z0-9+/=%\s]*")
_NESTING_TAG = re.compile(
    r"<(/?)(?:div|span|font|b|i|u|em|strong|a|section|article|center|ul|ol|dl|table|blockquote|form|fieldset|"
    r"big|small|s|strike|button|main|header|footer|nav|aside|figure|details|o:p)(?=[\s/>])",
    re.IGNORECASE,
)
_QUOTED = re.compile("\"[^\"]*\"|'[^']*'")
_ROW_FIRST = re.compile(r"\s*<(?:tr|td|th|tbody|thead)[\s>]", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"<(?:p|div|br|li|h[1-6]|section|article)(?=[\s/>])", re.IGNORECASE)


def _tame(text: str, path: str) -> str:
    """The page without what would choke the parser, or `UnreadableFile`."""
    if "base64," in text:
        text = _DATA_URI.sub("data:", text)
    if len(text) > MAX_CHARACTERS:
        raise UnreadableFile(path, f"{len(text):,} characters are more than the {MAX_CHARACTERS:,} of a page")
    tags = text.count("<")
    if tags > MAX_TAGS:
        raise UnreadableFile(path, f"{tags:,} tags are more than the {MAX_TAGS:,} that a page may have")
    if tags > MAX_DEPTH and _measure_depth(text) > MAX_DEPTH:
        raise UnreadableFile(path, f"elements are nested more than {MAX_DEPTH:,} deep")
    if _has_long_part(text):
        text = ">".join(_shorten_tag(part) for part in text.split(">"))
    return text


def _has_long_part(text: str) -> bool:
    """Whether more than `MAX_TAG_LENGTH` characters stand without a >: looked for at every so many."""
    for at in range(MAX_TAG_LENGTH, len(text), MAX_TAG_LENGTH):
        start = max(text.rfind(">", at - MAX_TAG_LENGTH, at) + 1, at - MAX_TAG_LENGTH)
        end = start + MAX_TAG_LENGTH + 1
        if end <= len(text) and text.find(">", start, end) < 0:
            return True
    return False


def _measure_depth(text: str) -> int:
    depth = deepest = 0
    for match in _NESTING_TAG.finditer(text):
        depth = depth - 1 if match[1] else depth + 1
        if depth > deepest:
            deepest = depth
        elif depth < 0:
            depth = 0
    return deepest


def _shorten_tag(part: str) -> str:
    """Text and a tag after it, up to its >: the tag without its attributes where these are endless.

    A few with long values may be a page: frameworks leave their state in one.
    """
    text, mark, tag = part.rpartition("<")
    if (
        mark
        and len(tag) > MAX_TAG_LENGTH
        and re.match("[a-zA-Z]", tag)
        and len(_QUOTED.sub("", tag)) > MAX_TAG_LENGTH
    ):
        return f"{text}<{tag[:40].split()[0]} "
    return part


def _has_bare_lines(text: str) -> bool:
    """Whether line ends alone part the lines, as in a text or Markdown file with tables in HTML."""
    return "\n" in text and _BLOCK_TAG.search(text) is None


# ---- what is not shown ------------------------------------------------------------------------------------


def _close_up_marks(tree: Any) -> None:
    """List marks that Word wrote out without the blanks up to the text; its signs for points go."""
    for node in tree.css('[style*="mso-list:ignore" i]'):
        mark = node.text().strip(BLANK)
        node.replace_with(mark if len(mark) > 1 or mark > "\u2000" else "")


def _read_meta(tree: Any, marked: Sequence[Any]) -> dict[str, str]:
    """`title` and `published` as the head of the page gives them, by the most trusted element that does."""
    names = load_page_words().meta
    trusted = list(names)
    found: dict[str, tuple[int, str]] = {}
    for node in marked:
        if node.tag != "meta":
            continue
        attributes = node.attributes
        name = (
            attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
        ).lower()
        value = (attributes.get("content") or "").strip(BLANK)
        if name in names and value:
            key, rank = names[name], trusted.index(name)
            found[key] = min(found.get(key, (rank, value)), (rank, value))
    head = tree.css_first("title")
    title = found["title"][1] if "title" in found else head.text().strip(BLANK) if head is not None else ""
    published = found["published"][1] if "published" in found else _find_marked_day(tree, marked)
    return {key: value for key, value in (("title", title[:300]), ("published", published)) if value}


def _find_marked_day(tree: Any, marked: Sequence[Any]) -> str:
    """The day in an element of its own, whose id says what it is; WeChat: #publish_time."""
    ids = {(node.id or "").lower() for node in marked}
    for name in load_page_words().day_ids:
        node = tree.css_first(f"#{name}") if name.lower() in ids else None
        if node is not None and (day := parse_day((node.text() or "")[:40])):
            return day
    return ""


_LITTLE = 200  # characters that a page shows before its scripts have run: a notice, its foot
_ATTACHED = re.compile(
    r"href\s{0,9}=\s{0,9}[\"']?([^\"'\s<>]{1,200}\.(?:pdf|docx?|wps|ofd|od[st]|xlsx?|zip|rar|tgz|tar\.gz))(?=[\"'\s>?])",
    re.IGNORECASE,
)


def _say_empty(text: str, blocks: Sequence[PageBlock]) -> str | None:
    """Where the report of a page without running text is to be found; None where there is no telling."""
    attached = _ATTACHED.search(text)
    if attached is not None:
        return f"the page holds no report but a link to {attached[1]}: read that file"
    if any(isinstance(block, Picture) for block in blocks):
        return "the page holds pictures and no text: run OCR on them"
    shown = sum(len(block.text) if isinstance(block, PageLine) else _LITTLE for block in blocks)
    if blocks and (shown >= _LITTLE or holds_title(blocks) or "<script" not in text.lower()):
        return None
    return "the page holds no report (it may be filled in by a script: save it from a browser)"
