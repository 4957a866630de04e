"""What word processor files have in common: lines of paragraphs, and the flow of blocks as a Document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from extract.errors import UnreadableFile
from extract.read.evidence import BLANK
from extract.read.layout import Block, Picture, find_words_apart
from extract.read.lost_line_ends import restore_paragraphs
from extract.read.ooxml import Package
from extract.read.pictures import read_as_pages, read_pictures
from extract.report import Document, Grid, Paragraph


def finish(document: Document, blocks: Sequence[Block], package: Package | None, path: str) -> Document:
    """`document` with the blocks, tables that are there as pictures read.

    Raises `UnreadableFile` where nothing is to be read.
    """
    if document.pictures and package is not None:
        blocks = _read_pictures(blocks, package)
    shown = tuple(_set_tabbed_tables(list(_set_words_apart(blocks))))
    if not shown:
        what = "holds pictures and no text: run OCR on them" if document.pictures else "holds no text"
        raise UnreadableFile(path, what)
    return replace(document, blocks=restore_paragraphs(shown))


def _read_pictures(blocks: Sequence[Block], package: Package) -> list[Block]:
    """The blocks with the tables that are there as pictures; the pages where there are but pictures."""

    def find(part: str) -> bytes | None:
        return package.read(part) if part in package else None

    pictures = [block for block in blocks if isinstance(block, Picture)]
    if len(pictures) == len(blocks):
        return list(read_as_pages(pictures, find, package.path))
    return list(read_pictures(blocks, find, lambda _, block: block))


def _set_words_apart(blocks: Sequence[Block]) -> Iterator[Paragraph | Grid]:
    """The blocks less the pictures, tables of two words as lines."""
    for block in blocks:
        if isinstance(block, Grid) and (words := find_words_apart(block)):
            yield from map(Paragraph, words)
        elif not isinstance(block, Picture):
            yield block


def _set_tabbed_tables(blocks: Sequence[Paragraph | Grid]) -> Iterator[Paragraph | Grid]:
    """The blocks with tables that were typed with tabs, a row a paragraph, as grids."""
    if not any(isinstance(block, Paragraph) and "\t" in block.text for block in blocks):
        yield from blocks
        return
    from extract.read.rows import find_grid

    lines = [block.text if isinstance(block, Paragraph) else "" for block in blocks]
    at = 0
    while at < len(blocks):
        end = at
        while end < len(blocks) and "\t" in lines[end]:
            end += 1
        grid, count = find_grid(lines[at:end], 0) if end > at + 1 else (None, 0)
        if grid is not None:
            yield grid
            at += count
        else:
            yield blocks[at]
            at += 1


def add_lines(blocks: list[Block], text: str, *, gap: bool, heading: bool) -> None:
    """Add what a paragraph shows, a line each."""
    for line in text.split("\n"):
        if line := line.strip(BLANK):
            blocks.append(Paragraph(line, False, gap, heading))
            gap = False
        else:
            gap = True
