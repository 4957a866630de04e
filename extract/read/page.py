"""The report among the furniture of a web page, and what the page says of it: title, publisher, day.

The report is found by evidence, not by the names of a publishing system's classes: its headings, its tables
and sentences in its vocabulary. The innermost element that holds nearly all of them is its place; title and
preamble that stand just above are added, menus, buttons, data of the page and its foot are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from msgspec.structs import replace

from extract.days import parse_day
from extract.read.evidence import BLANK, LABEL_LINE, is_form, is_heading_line, load_page_words, squeeze
from extract.read.layout import Picture, find_words_apart
from extract.read.page_block import PageBlock, PageGrid, PageLine
from extract.read.page_data import find_day, is_page_data, match_label, read_page_data
from extract.report import Grid, Paragraph, Value


class PageContent(Value, frozen=True):
    """The report's own blocks, and what the page says of it."""

    blocks: tuple[Paragraph | Grid, ...]
    publisher: str | None
    published: str | None
    pictures: int


_YEAR = re.compile("[12][0-9０-９]{3}|[二２][〇○Ｏ0零０]")
_TITLE_YEAR = re.compile("(?:[12２][0-9０-９]{3}|[二２][〇○Ｏ0零０].{2}) ?年")


# ---- finding the report -----------------------------------------------------------------------------------

_STRONG = 10  # a heading of the report, against 1 for a sentence in its vocabulary
_FORM = 30  # a table of the report, which no element without it can be
_ENOUGH = 0.85  # of the evidence lies in the report's element: the rest may be a stray sentence of the site
MARK = "\ue000\ue001"  # before and after what was put into a page
_SENTENCES = 3  # in its vocabulary, that a page has which shows the report; a notice of a site has one or two
_RUNNING = 60  # characters of running text below a heading of the report
_ABOVE = 60  # blocks above the report that are searched for its title and preamble
_BELOW = 40  # blocks below it that are searched for data of the page


def find_content(blocks: Sequence[PageBlock], parents: Sequence[int], meta: Mapping[str, str]) -> PageContent:
    """The report's own blocks of a page.

    `parents` gives for each element (numbered in document order, the page itself 0) the number of the one
    around it; `meta` what the meta elements say (`published`, `title`).
    """
    blocks = list(_join_titles(list(_set_words_apart(blocks))))
    strengths = [_measure_strength(block) for block in blocks]
    if sum(strengths) < 3:
        strengths = [_measure_mass(block) for block in blocks]
    first, last = _find_range(blocks, parents, strengths)
    strong = [index for index in range(first, last) if strengths[index]]
    top, bottom = (strong[0], strong[-1] + 1) if strong else (first, last)
    above, head = _keep_above(blocks, first), _keep_head(blocks, first, top)
    if any(_is_title(block) for block in head):
        above = [block for block in above if not _is_title(block)]
    kept = [*above, *head, *blocks[top:bottom], *_keep_tail(blocks, bottom, last)]
    data = read_page_data(blocks[bottom : bottom + _BELOW], bare=False)
    data |= read_page_data(blocks[max(top - _ABOVE, 0) : top], bare=True)
    return PageContent(
        blocks=tuple(_plain(block) for block in kept if not isinstance(block, Picture)),
        publisher=data.get("publisher"),
        published=data.get("published") or parse_day(meta.get("published", "")) or data.get("day"),
        pictures=sum(isinstance(block, Picture) for block in kept),
    )


def holds_report(blocks: Sequence[PageBlock]) -> bool:
    """Whether there is any evidence of a report."""
    return any(map(_measure_strength, blocks))


def holds_body(blocks: Sequence[PageBlock]) -> bool:
    """Whether the report itself is there: a table of the form, or sentences; headings alone are a menu."""
    return _holds_form(blocks) or _holds_sentences(blocks, list(map(_measure_strength, blocks)))


def holds_whole(blocks: Sequence[PageBlock]) -> bool:
    """Whether the report is there and not only its beginning: with a table of the form, or its headings."""
    if _holds_form(blocks):
        return True
    strengths = list(map(_measure_strength, blocks))
    return strengths.count(_STRONG) > 2 and _holds_sentences(blocks, strengths)


def _holds_form(blocks: Sequence[PageBlock]) -> bool:
    return any(isinstance(block, PageGrid) and is_form(block) for block in blocks)


def _holds_sentences(blocks: Sequence[PageBlock], strengths: Sequence[int]) -> bool:
    sentences = strengths.count(1)
    if sentences >= _SENTENCES or not sentences or _STRONG not in strengths:
        return sentences >= _SENTENCES
    return sum(map(_measure_mass, blocks)) >= _RUNNING


def drop_menu(blocks: Sequence[PageBlock]) -> list[PageBlock]:
    """The blocks of a page into which a report was put between two lines of `MARK`, without these.

    Nor with the report's headings outside of it, which are a menu, and with what the page repeats of it.
    """
    marks = [at for at, block in enumerate(blocks) if isinstance(block, PageLine) and block.text == MARK]
    if len(marks) != 2:
        return [block for block in blocks if not (isinstance(block, PageLine) and block.text == MARK)]
    first, last = marks
    inside = {squeeze(block.text) for block in blocks[first:last] if isinstance(block, PageLine)}
    begins = next((one for one in map(_measure_strength, blocks[first:last]) if one), 0) == 1
    return [
        block
        for at, block in enumerate(blocks)
        if at not in marks
        and (first < at < last or not isinstance(block, PageLine) or not _is_beside(block, inside, begins))
    ]


def _is_beside(block: PageLine, inside: set[str], begins: bool) -> bool:
    """Whether a line outside the report is a heading of it, a sentence that it has as well, or a site's news.

    `begins` says that the report has its own first sentence: else it may stand outside.
    """
    told = "。" in block.text and not _is_title(block)
    return is_heading_line(block.text) or (told and (begins or squeeze(block.text) in inside))


def measure_body(blocks: Sequence[PageBlock]) -> int:
    """How much of a report there is: its tables, and its headings and sentences in its words, each once."""
    lines = {squeeze(block.text): _measure_strength(block) for block in blocks if isinstance(block, PageLine)}
    tables = sum(_measure_strength(block) for block in blocks if isinstance(block, PageGrid))
    return sum(lines.values()) + tables


def holds_title(blocks: Sequence[PageBlock]) -> bool:
    """Whether a line is the title of a report."""
    return any(map(_is_title, blocks))


def set_in_place(picture: Picture, block: Paragraph | Grid) -> PageBlock:
    """What was read of a picture as a block of the page, where the picture stands."""
    if isinstance(block, Grid):
        return PageGrid(block.cells, block.exact, block.read_by, place=picture.place)
    return PageLine(block.text, block.wrapped, block.gap, block.heading, place=picture.place)


def holds_text(blocks: Sequence[PageBlock]) -> bool:
    """Whether there is any evidence of a report, or running text at all."""
    return any(_measure_strength(block) or _measure_mass(block) for block in blocks)


def _set_words_apart(blocks: Iterable[PageBlock]) -> Iterator[PageBlock]:
    """The blocks with tables of two words as lines, and a title below the page data in their table as one."""
    for block in blocks:
        if not isinstance(block, PageGrid):
            yield block
            continue
        if words := find_words_apart(block):
            yield from (PageLine(word, place=block.place) for word in words)
            continue
        yield block
        if is_page_data(block):
            last = PageLine(block.cells[-1].text, place=block.place)
            if block.cells[-1].column == 0 and _is_title(last):
                yield last


def _join_titles(blocks: Sequence[PageBlock]) -> Iterator[PageBlock]:
    """The blocks with a title that is broken inside (…政府信息公开 | 工作年度报告) as one line.

    So it is where only both lines together are a title: else each might be taken for furniture.
    """
    skipped = False
    for block, after in zip_longest(blocks, blocks[1:]):
        if skipped:
            skipped = False
        elif isinstance(block, PageLine) and isinstance(after, PageLine) and _is_broken_title(block, after):
            yield replace(block, text=block.text + after.text)
            skipped = True
        else:
            yield block


def _is_broken_title(block: PageLine, after: PageLine) -> bool:
    """Whether two lines of one element, the first with the year, are a title and neither is alone."""
    if block.place != after.place or len(after.text) > 20 or not _TITLE_YEAR.search(block.text[:60]):
        return False
    whole = replace(block, text=block.text + after.text, link=block.link or after.link)
    if len(whole.text) > 80 or re.search(r"[，。；：:>|/]", whole.text) or _YEAR.search(_short(after)):
        return False
    return _is_title(whole) and not _is_title(block)


def _measure_strength(block: PageBlock) -> int:
    words = load_page_words()
    if isinstance(block, PageLine):
        if block.link:
            return 0
        if is_heading_line(block.text):
            return _STRONG
        if "。" not in block.text or words.vocabulary.search(block.text) is None:
            return 0
        return int(match_label(block.text) is None)
    return _FORM if isinstance(block, PageGrid) and is_form(block) else 0


def _measure_mass(block: PageBlock) -> int:
    """Where the page has hardly any evidence: the length of running text."""
    if isinstance(block, PageLine):
        return len(block.text) if not block.link and re.search("[。；]", block.text) else 0
    return 10 * len(block.cells) if isinstance(block, PageGrid) and not is_page_data(block) else 0


def _find_range(
    blocks: Sequence[PageBlock], parents: Sequence[int], strengths: Sequence[int]
) -> tuple[int, int]:
    """First and last (exclusive) block of the innermost element that holds nearly all the evidence."""
    sums: dict[int, int] = {}  # of the elements with evidence in them
    for block, strength in zip(blocks, strengths):
        if strength:
            sums[block.place] = sums.get(block.place, 0) + strength
    if not sums:
        return 0, len(blocks)
    root = _find_root(sums, parents)
    after = next((other for other in range(root + 1, len(parents)) if parents[other] < root), len(parents))
    inside = [index for index, block in enumerate(blocks) if root <= block.place < after]
    return inside[0], inside[-1] + 1


def _find_root(sums: dict[int, int], parents: Sequence[int]) -> int:
    """The innermost element that holds nearly all the evidence; `sums` is changed."""
    least = _ENOUGH * sum(sums.values())
    around = set(sums)
    for element in sums:
        while (element := parents[element]) not in around:
            around.add(element)
    for element in sorted(around, reverse=True):  # those inside an element have higher numbers
        if sums[element] >= least:
            return element
        sums[parents[element]] = sums.get(parents[element], 0) + sums[element]
    return 0


def _keep_above(blocks: Sequence[PageBlock], first: int) -> list[PageBlock]:
    """Title and preamble from just above the report's element."""
    kept: list[PageBlock] = []
    for index in range(first - 1, max(first - _ABOVE, 0) - 1, -1):
        block = blocks[index]
        if not isinstance(block, PageLine) or block.link or _is_furniture(block, "head"):
            continue
        if _is_title(block):
            kept.append(block)
            kept.extend(_agency_line(blocks, index))
            break
        if _measure_strength(block):
            kept.append(block)
    return kept[::-1]


def _keep_head(blocks: Sequence[PageBlock], first: int, top: int) -> list[PageBlock]:
    """The report's lines before its first evidence: from its (last) title on, without furniture."""
    titles = [index for index in range(first, top) if _is_title(blocks[index])]
    start = titles[-1] if titles else first
    kept: list[PageBlock] = []
    if titles:
        fuller = [index for index in titles if _squeeze_block(blocks[start]) in _squeeze_block(blocks[index])]
        kept = [*_agency_line(blocks, start, first), blocks[fuller[0]]]
        start += 1
    for block in _without_page_data(blocks[start:top]):
        if isinstance(block, PageLine) and (block.link or _is_furniture(block, "head")):
            continue
        kept.append(block)
    return kept


def _squeeze_block(block: PageBlock) -> str:
    return squeeze(block.text) if isinstance(block, PageLine) else ""


def _agency_line(blocks: Sequence[PageBlock], index: int, first: int = 0) -> list[PageBlock]:
    """The line above a title that has no agency of its own, where it reads on into the title."""
    above = blocks[index - 1] if index > first else None
    if not isinstance(above, PageLine) or above.link or above.place != blocks[index].place:
        return []
    text = squeeze(above.text)
    if not 3 <= len(text) <= 30 or _is_furniture(above, "head") or re.search(r"[。；:：>|]|\d{4}", text):
        return []
    return [above]


def _keep_tail(blocks: Sequence[PageBlock], bottom: int, last: int) -> list[PageBlock]:
    """The report's lines after its last evidence, up to where the foot of the page begins."""
    end = last
    for index in range(bottom, last):
        block = blocks[index]
        if isinstance(block, PageLine) and load_page_words().tail.search(_short(block)):
            end = index
            break
    return [
        block
        for block in _without_page_data(blocks[bottom:end], sentences=True)
        if not (isinstance(block, PageLine) and (block.link or _is_furniture(block, "both")))
    ]


def _is_title(block: PageBlock) -> bool:
    """Whether the line is the title of one report: a column of the site has a like name, but no year."""
    if not isinstance(block, PageLine) or block.link or "。" in block.text:
        return False
    text = _short(block)
    if not load_page_words().title.search(text) or _is_furniture(block, "head"):
        return False
    return block.heading or _YEAR.search(text) is not None


def _is_furniture(block: PageLine, place: str) -> bool:
    words, text = load_page_words(), _short(block)
    if place == "head" and words.head.search(text):
        return True
    return bool(text) and words.both.search(text) is not None


def _short(block: PageLine) -> str:
    """The line without blank space, or nothing where it is too long to be a title, button or label."""
    return squeeze(block.text) if len(block.text) <= 2 * LABEL_LINE else ""


def _plain(block: PageBlock) -> Paragraph | Grid:
    if isinstance(block, PageLine):
        return Paragraph(block.text, block.wrapped, block.gap, block.heading)
    assert isinstance(block, PageGrid)
    return Grid(block.cells, block.exact, block.read_by)


def _without_page_data(blocks: Iterable[PageBlock], *, sentences: bool = False) -> Iterator[PageBlock]:
    """The blocks less the page's data of itself: labelled lines with their values, tables of labels.

    With `sentences`, a labelled line that is a sentence stays: so the report may end.
    """
    bare_label = False
    for block in blocks:
        if isinstance(block, PageGrid):
            bare_label = False
            if is_page_data(block):
                continue
        elif isinstance(block, PageLine):
            match = None if sentences and "。" in block.text else match_label(block.text)
            was_bare, bare_label = (
                bare_label,
                match is not None and match.end() >= len(block.text.rstrip(BLANK)),
            )
            if match is not None or find_day(block.text, bare=not sentences):
                continue
            if was_bare and len(block.text) <= 40 and not block.heading and not _is_title(block):
                continue
        yield block
