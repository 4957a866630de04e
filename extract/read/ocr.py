"""Scans to a Document: pictures of pages, alone (.png, .jpg, .tif) or in a PDF without text.

picture → grey, straightened → ruling lines → lattices → each cell's lines read by themselves, running text by
the detector. The recogniser is RapidOCR, whose models come in its wheel; no network is used.
"""

from __future__ import annotations

import functools
import itertools
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from typing import Any

from msgspec.structs import replace

from extract.errors import UnreadableFile
from extract.read.cleaning import clean_page
from extract.read.fixed_page import Char, Page, Rule
from extract.read.frames import open_pictures
from extract.read.kind import find_kind
from extract.read.mending import Stamped, find_faint_rules, mend_rules
from extract.read.pdf_lines import PdfLine
from extract.read.scan import DPI, UNREADABLE, clear_stamps, find_cells, find_rules, find_stamps, grey_page
from extract.read.sheets import Sheet, assemble
from extract.read.turning import is_sideways, is_upside_down, straighten
from extract.report import Document, Grid, Paragraph

_MEETS = 3.0  # points within which two ruling lines of a scan meet
EXTRA = "install gongkai[ocr] to read it"
_SURE = 0.5  # score from which a reading of running text is taken
_DIGITLIKE = str.maketrans("OoQDＯｏ〇○lI|丨｜Ss", "00000000" + "11111" + "55")
_SHORT = 4  # characters of a cell that are taken for digits where they look alike
_OTHER = re.compile(r"[^0-9OoQDＯｏ〇○lI|丨｜Ss.,\s]")
_PRINTED = 160  # values below are print,
_INK_SHARE = 3  # of which so many percent of a line's box are at least
_POINT = 72 / DPI
# Points that a stamp or a fold may take out of a line: less than a column is wide, a row is high.
_GAPS = (16.0, 8.0)
_NARROW_INPUT = 112  # pixels (of a height of 48) that a line is padded to; 320 by default, thrice as slow
_DOUBTFUL = 0.85  # score below which a line is read again; of numbers read right 1 in 40 is below 0.93
_DIGITS = re.compile(r"[\d.,，．\s-]+")
_FEWEST_CELLS = 6  # of a table of the form; the smallest has heads and a row of three
_DETECTED = 1600  # pixels of the longer side of a page in which lines are looked for; larger finds no more

# Called before each page is read, so that who waits knows that work goes on.
page_begins: ContextVar[Callable[[], None] | None] = ContextVar("page_begins", default=None)


@functools.cache
def load_engine() -> Any:
    """The recogniser, silent; ImportError where the extra is missing."""
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(2)
    wanted = {"Global.log_level": "critical", "Global.use_cls": False}
    wanted |= {"Det.limit_type": "max", "Det.limit_side_len": _DETECTED}
    engine: Any = RapidOCR(params=wanted)
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    return engine


def read_picture(data: bytes, path: str) -> Document:
    """The pages of a picture file (.png, .jpg, .bmp, .tif with several pages) as one Document."""
    _ask_engine(path, "is a picture of a page")
    sheets = [read_sheet(picture) for picture in open_pictures(data, path)]
    return replace(_finish(assemble(sheets, read_by="ocr"), path), media_type=find_kind(data))


def read_pages(files: Sequence[bytes], path: str) -> tuple[Paragraph | Grid, ...]:
    """What stands in picture files that are the pages of one report; damaged ones are left out."""
    _ask_engine(path, "holds pictures of pages and no text")
    sheets: list[Sheet] = []
    for data in files:
        try:
            sheets.extend(map(read_sheet, open_pictures(data, path)))
        except UnreadableFile:
            continue
    return assemble(sheets, read_by="ocr").blocks


def read_embedded(data: bytes, path: str) -> tuple[Paragraph | Grid, ...]:
    """What stands in a picture with a ruled table; nothing of another picture, or where the extra is missing.

    Raises `UnreadableFile` where the picture is damaged or too large.
    """
    try:
        pictures = [picture for picture in open_pictures(data, path) if shows_table(picture)]
        if pictures:
            load_engine()
    except ImportError:
        return ()
    return assemble([read_sheet(picture) for picture in pictures], read_by="ocr").blocks


def shows_table(picture: Any) -> bool:
    """Whether ruling lines part a picture, as it lies, into cells: a photograph is not worth reading."""
    from extract.read.lattice import find_lattices

    level, upright, _ = find_rules(grey_page(picture))
    lattices = find_lattices(level, upright, scale=1 / _POINT, gaps=_GAPS)
    return sum(len(lattice.fields) for lattice in lattices) >= _FEWEST_CELLS


def read_scanned_pages(pictures: Iterable[Any], path: str, why: str) -> Document:
    """The pages of a file as one Document; `why` they are read so is said where the extra is missing."""
    _ask_engine(path, why)
    return _finish(assemble(list(map(read_sheet, pictures)), read_by="ocr"), path)


def find_drawn_rules(picture: Any, page: Page) -> tuple[list[Rule], list[Rule]]:
    """Level and upright lines of a page's picture, in points of the page."""
    point = page.height / picture.shape[0]
    level, upright, _ = find_rules(grey_page(picture))
    level, upright = ([Rule(*(point * at for at in rule)) for rule in rules] for rules in (level, upright))
    return level, [cut for rule in upright if (cut := _cut_off(rule, level)) is not None]


def _cut_off(upright: Rule, level: Sequence[Rule]) -> Rule | None:
    """The line from the first level one that it meets to the last: a letter above may lengthen it."""
    at, start, end = upright
    met = [
        rule.at
        for rule in level
        if rule.start - _MEETS <= at <= rule.end + _MEETS and start <= rule.at + _MEETS <= end + 2 * _MEETS
    ]
    return Rule(at, min(met), max(met)) if len(met) > 1 else None


def _ask_engine(path: str, what: str) -> None:
    try:
        load_engine()
    except ImportError as error:
        raise UnreadableFile(path, f"{what}: {EXTRA}") from error


def _finish(document: Document, path: str) -> Document:
    if not document.blocks:
        raise UnreadableFile(path, "no text is to be read in the picture: scan it upright, at 300 dpi")
    return document


# ---- a page ----------------------------------------------------------------------------------------------


def read_sheet(picture: Any) -> Sheet:
    """A picture (height, width, 3), RGB, as a sheet; its measures are points of a page scanned at `DPI`."""
    from extract.read.lattice import find_lattices

    notify = page_begins.get()
    if notify is not None:
        notify()
    grey, stamps = clean_page(grey_page(picture)), find_stamps(picture)
    if is_sideways(grey):
        grey, stamps = _turn(grey, 1), _turn(stamps, 1)
    grey, stamps = straighten(grey, stamps)
    level, upright, bare = find_rules(grey)
    if is_upside_down(bare, rate_lines):
        grey, stamps = _turn(grey, 2), _turn(stamps, 2)
        level, upright, bare = find_rules(grey)
    stamped = Stamped(grey, stamps)
    level = mend_rules(level, upright, stamped, level=True)
    upright = mend_rules(upright, level, stamped, level=False)
    lattices = find_lattices(level, upright, scale=1 / _POINT, gaps=_GAPS)
    cleared = clear_stamps(bare, stamps)
    faint = find_faint_rules(lattices, grey)
    if any(faint):
        lattices = find_lattices([*level, *faint[0]], [*upright, *faint[1]], scale=1 / _POINT, gaps=_GAPS)
    tables, ruled = [], []
    for lattice in lattices:
        found = find_cells(lattice, bare, cleared, read_lines)
        if found is None:
            continue
        ruled.append(lattice)
        if any(cell.text for cell in found.cells):
            tables.append(found._replace(read_by="ocr"))
    # not of `bare`: long strokes of large letters look like ruling lines and are missing there
    lines = _read_running_text(grey, ruled)
    high, wide = grey.shape
    page = Page(wide * _POINT, high * _POINT, [], [], [], [], 0, hidden=False)
    return Sheet(page, tables, lines)


def _turn(picture: Any, quarters: int) -> Any:
    """A picture turned by quarters against the clock."""
    import numpy

    return numpy.ascontiguousarray(numpy.rot90(picture, quarters))


def read_lines(crops: Sequence[Any]) -> list[str]:
    """What stands in pictures of single lines (height, width), grey; "" where nothing can be read.

    A doubtful line is read once more, larger. Of words the surer reading is taken; a number that is not read
    twice alike is `UNREADABLE`.
    """
    found = _recognise(crops)
    doubtful = [number for number, (text, score) in enumerate(found) if text.strip() and score < _DOUBTFUL]
    again = _recognise([_enlarge(crops[number]) for number in doubtful])
    texts = [fold_digits(text.strip()) for text, _ in found]
    for number, (text, score) in zip(doubtful, again, strict=True):
        second = fold_digits(text.strip())
        if any(_DIGITS.fullmatch(one) for one in (texts[number], second)):
            texts[number] = texts[number] if second == texts[number] else UNREADABLE
        elif score > found[number][1]:
            texts[number] = second
    return texts


def _enlarge(crop: Any) -> Any:
    """A picture of a line half as large again, its edges smoothed."""
    import cv2

    return cv2.GaussianBlur(cv2.resize(crop, None, fx=1.5, fy=1.5, interpolation=cv2.INTER_CUBIC), (3, 3), 0)


def rate_lines(crops: Sequence[Any]) -> list[float]:
    """How sure the recogniser is of pictures of single lines, 0 to 1 each."""
    return [score for _, score in _recognise(crops)]


def _recognise(crops: Sequence[Any]) -> list[tuple[str, float]]:
    """The text of pictures of single lines, and how sure the recogniser is of it."""
    if not crops:
        return []
    import cv2
    from rapidocr.ch_ppocr_rec.typings import TextRecInput

    engine = load_engine()
    recogniser = engine.text_rec if engine.text_rec is not None else engine._load_rec_model()
    recogniser.rec_image_shape = [3, 48, _NARROW_INPUT]
    found = recogniser(TextRecInput(img=[cv2.cvtColor(crop, cv2.COLOR_GRAY2BGR) for crop in crops]))
    return list(zip(found.txts or [""] * len(crops), found.scores or [0.0] * len(crops), strict=True))


def fold_digits(text: str) -> str:
    """A short reading of nothing but digits and letters that look like them, as digits.

    >>> fold_digits("1O"), fold_digits("LED"), fold_digits("〇")
    ('10', 'LED', '0')
    """
    if len(text) > _SHORT or _OTHER.search(text):
        return text
    return text.translate(_DIGITLIKE)


def _read_running_text(grey: Any, lattices: Sequence[Any]) -> list[PdfLine]:
    """The lines outside the tables, by the detector."""
    import cv2

    rest = grey.copy()
    for lattice in lattices:
        left, right, top, bottom = (
            round(x) for x in (lattice.xs[0], lattice.xs[-1], lattice.ys[0], lattice.ys[-1])
        )
        rest[max(0, top - 3) : bottom + 4, max(0, left - 3) : right + 4] = 255
    if (rest < 128).sum() < 30:
        return []
    found = load_engine()(cv2.cvtColor(rest, cv2.COLOR_GRAY2BGR), use_cls=False)
    lines = []
    for box, text, score in zip(
        found.boxes if found.boxes is not None else (), found.txts or (), found.scores or ()
    ):
        if score >= _SURE and text.strip() and _is_printed(rest, box):
            lines.append(make_scanned_line(box, text.strip()))
    return _join_pieces(sorted(lines, key=lambda line: (line.y0 + line.y1) / 2))


def _is_printed(grey: Any, box: Any) -> bool:
    """Whether what stands in a box is as dark as print: of words in grey, outlines are left."""
    import numpy

    left, right = (round(float(pick(point[0] for point in box))) for pick in (min, max))
    top, bottom = (round(float(pick(point[1] for point in box))) for pick in (min, max))
    inside = grey[max(0, top) : bottom, max(0, left) : right]
    return bool(inside.size and numpy.percentile(inside, _INK_SHARE) < _PRINTED)


def make_scanned_line(box: Any, text: str) -> PdfLine:
    """A line as if of a PDF: its characters share the box (four corners, pixels) evenly."""
    x0, x1 = (float(pick(point[0] for point in box)) * _POINT for pick in (min, max))
    y0, y1 = (float(pick(point[1] for point in box)) * _POINT for pick in (min, max))
    inner = (y1 - y0) * 0.12  # the detector's boxes reach over the letters
    step = (x1 - x0) / len(text)
    chars = [
        Char(x0 + step * index, y0 + inner, x0 + step * (index + 1), y1 - inner, char, index)
        for index, char in enumerate(text)
    ]
    return PdfLine(x0, y0 + inner, x1, y1 - inner, text, chars)


def _join_pieces(lines: Sequence[PdfLine]) -> list[PdfLine]:
    """Pieces of one line that the detector gave apart, together."""
    joined: list[list[PdfLine]] = []
    for line in lines:
        last = joined[-1][0] if joined else None
        if last is not None and abs(line.y0 + line.y1 - last.y0 - last.y1) / 2 < 0.5 * min(
            line.size, last.size
        ):
            joined[-1].append(line)
        else:
            joined.append([line])
    whole = []
    for pieces in joined:
        pieces.sort(key=lambda line: line.x0)
        first = pieces[0]
        text = first.text
        for before, piece in itertools.pairwise(pieces):
            text += (" " if piece.x0 - before.x1 > before.size else "") + piece.text
        chars = [char for piece in pieces for char in piece.chars]
        whole.append(PdfLine(first.x0, first.y0, max(p.x1 for p in pieces), first.y1, text, chars))
    return whole
