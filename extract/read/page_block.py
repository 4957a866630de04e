"""What a page is made of once it has been walked: lines, tables and pictures, each with its place."""

from __future__ import annotations

from extract.read.layout import Picture
from extract.report import Grid, Paragraph


class PageLine(Paragraph, frozen=True, gc=False):
    """A line of a page: `place` is the number of the element around it, `link` says that it is all link."""

    place: int = 0
    link: bool = False


class PageGrid(Grid, frozen=True, gc=False):
    """A table of a page; `place` as in `PageLine`."""

    place: int = 0


PageBlock = PageLine | PageGrid | Picture
