"""A small writer of OFD files, in the manners of several makers; it shares nothing with the reader.

Points come in, millimetres go out. `DRESSES` are the manners: runs with steps, an object a letter, a space of
points under a matrix as printers write, cells as boxes without steps.
"""

from __future__ import annotations

import html
import io
import itertools
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

from pdf_writer import HIGH, WIDE, Layout, set_pages, width_of

from extract.report import Document

MM = 25.4 / 72
SPACE = "http://www.ofdspec.org/2016"
_NUMBERS = itertools.count(1000)


def pack(parts: dict[str, str | bytes]) -> bytes:
    """The parts as a package."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def number() -> int:
    return next(_NUMBERS)


def write_run(words: str, size: float) -> str:
    """The steps of a run, equal ones told as `g COUNT STEP`."""
    steps = [round(width_of(char, size) * MM, 4) for char in words[:-1]]
    parts = []
    for step, same in itertools.groupby(steps):
        count = len(list(same))
        parts.append(f"g {count} {step}" if count > 2 else " ".join([str(step)] * count))
    return " ".join(parts)


def text_run(x: float, y: float, size: float, words: str) -> str:
    """A line as one object in a tight box, with steps."""
    x, y, height = x * MM, y * MM, size * MM
    wide = width_of(words, size) * MM
    return (
        f'<ofd:TextObject ID="{number()}" Boundary="{x:.4f} {y - height:.4f} {wide:.4f} {1.2 * height:.4f}" '
        f'Font="3" Size="{height:.4f}"><ofd:FillColor Value="0 0 0"/><ofd:TextCode X="0" Y="{height:.4f}" '
        f'DeltaX="{write_run(words, size)}">{html.escape(words)}</ofd:TextCode></ofd:TextObject>'
    )


def text_letters(x: float, y: float, size: float, words: str) -> str:
    """An object a letter, in twentieths of a millimetre, as converters write."""
    made = []
    for char in words:
        wide = width_of(char, size)
        made.append(
            f'<ofd:TextObject ID="{number()}" Boundary="{x * MM:.4f} {(y - 0.86 * size) * MM:.4f} '
            f'{wide * MM:.4f} {size * MM:.4f}" Size="{20 * size * MM}" CTM="0.05 0 0 0.05 0 0" Fill="true" '
            f'Font="8"><ofd:FillColor Value="0 0 0" Alpha="255"/><ofd:CGTransform GlyphCount="1" CodeCount="1" '
            f'CodePosition="0"><ofd:Glyphs>1</ofd:Glyphs></ofd:CGTransform><ofd:TextCode X="0" '
            f'Y="{17.2 * size * MM:.4f}">{html.escape(char)}</ofd:TextCode></ofd:TextObject>'
        )
        x += wide
    return "".join(made)


def text_points(x: float, y: float, size: float, words: str) -> str:
    """A line in a space of points whose origin is at the foot of the page, as a printer writes."""
    steps = " ".join(f"{width_of(char, size):g}" for char in words[:-1])
    return (
        f'<ofd:TextObject ID="{number()}" CTM="{MM:.7f} 0 0 {MM:.7f} 47.2 {22.2 + HIGH * MM:.5f}" '
        f'Boundary="-47.2 -22.2 400.3 408.8" Font="9" Size="{size:g}"><ofd:TextCode X="{x:.3f}" '
        f'Y="{y - HIGH:.3f}" DeltaX="{steps}">{html.escape(words)}</ofd:TextCode></ofd:TextObject>'
    )


def text_bare(x: float, y: float, size: float, words: str) -> str:
    """A line without steps, in an object whose box is the page; its second half as a run of its own."""
    half = len(words) // 2 if width_of(words, size) == size * len(words) else 0
    first = (
        f'<TextCode X="{x * MM:.3f}" Y="{y * MM:.3f}">{html.escape(words[:half])}</TextCode>' if half else ""
    )
    rest = x * MM + half * size * MM
    return (
        f'<TextObject ID="{number()}" Boundary="0 0 210 297" Font="4" Size="{size * MM:.4f}">{first}'
        f'<TextCode X="{rest:.3f}" Y="{y * MM:.3f}">{html.escape(words[half:])}</TextCode></TextObject>'
    )


def stroke(x0: float, y0: float, x1: float, y1: float) -> str:
    """A line as a stroke in a box of its own."""
    x0, y0, x1, y1 = (MM * at for at in (x0, y0, x1, y1))
    return (
        f'<ofd:PathObject ID="{number()}" Boundary="{x0:.4f} {y0:.4f} {x1 - x0 + 0.2:.4f} {y1 - y0 + 0.2:.4f}" '
        f'LineWidth="0.2"><ofd:StrokeColor Value="0 0 0"/><ofd:AbbreviatedData>M 0.1 0.1 L {x1 - x0 + 0.1:.4f} '
        f"{y1 - y0 + 0.1:.4f} </ofd:AbbreviatedData></ofd:PathObject>"
    )


def bar(x0: float, y0: float, x1: float, y1: float) -> str:
    """A line as a thin filled box."""
    x0, y0, x1, y1 = (MM * at for at in (x0, y0, x1, y1))
    wide, high = x1 - x0 + 0.18, y1 - y0 + 0.18
    return (
        f'<ofd:PathObject ID="{number()}" Boundary="{x0 - 0.09:.4f} {y0 - 0.09:.4f} {wide:.4f} {high:.4f}" '
        f'Stroke="false" Fill="true"><ofd:FillColor Value="0"/><ofd:AbbreviatedData>M 0 0 L {wide:.4f} 0 L '
        f"{wide:.4f} {high:.4f} L 0 {high:.4f} C </ofd:AbbreviatedData></ofd:PathObject>"
    )


def glued(x0: float, y0: float, x1: float, y1: float) -> str:
    """A line in a box that is the page, its numbers against the letters."""
    return (
        f'<PathObject ID="{number()}" Boundary="0 0 210 297" DrawParam="2"><AbbreviatedData>'
        f"M{x0 * MM:.3f} {y0 * MM:.3f}L{x1 * MM:.3f} {y1 * MM:.3f}</AbbreviatedData></PathObject>"
    )


@dataclass(frozen=True)
class Dress:
    """How a maker writes text and lines; without `prefix` the namespace is the default one, or none."""

    text: Callable[[float, float, float, str], str]
    line: Callable[[float, float, float, float], str]
    prefix: str = "ofd:"
    namespace: str | None = SPACE


DRESSES = {
    "runs with steps, strokes": Dress(text_run, stroke),
    "an object a letter, bars": Dress(text_letters, bar),
    "points under a matrix": Dress(text_points, stroke),
    "no steps, no prefix": Dress(text_bare, glued, prefix=""),
    "no namespace": Dress(text_bare, glued, prefix="", namespace=None),
}


@dataclass
class OfdPage:
    """A page as objects; y counts downwards from the top. A page that is `rotate`d is written turned."""

    dress: Dress
    rotate: int = 0
    objects: list[str] = field(default_factory=list)
    template: str = ""  # elements that name templates
    before: str = ""  # a layer below that of the objects

    def text(self, x: float, y: float, size: float, words: str) -> None:
        self.objects.append(self.dress.text(x, y, size, words))

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.objects.append(self.dress.line(x0, y0, x1, y1))

    def write(self) -> str:
        """The part of the page."""
        name, attribute = self.dress.prefix, _declare(self.dress)
        wide, high = (HIGH, WIDE) if self.rotate % 180 else (WIDE, HIGH)
        inside = "".join(self.objects)
        if self.rotate:  # a drawing of the resources would do as well; objects are turned one by one
            inside = "".join(_turn(one, self.rotate) for one in self.objects)
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}Page{attribute}>{self.template}<{name}Area>'
            f"<{name}PhysicalBox>0 0 {wide * MM:.3f} {high * MM:.3f}</{name}PhysicalBox></{name}Area>"
            f'<{name}Content>{self.before}<{name}Layer ID="{number()}" Type="Body"><{name}PageBlock ID="{number()}">'
            f"{inside}</{name}PageBlock></{name}Layer></{name}Content></{name}Page>"
        )


def _declare(dress: Dress) -> str:
    if dress.namespace is None:
        return ""
    return f' xmlns{":" if dress.prefix else ""}{dress.prefix.rstrip(":")}="{dress.namespace}"'


def _turn(element: str, rotate: int) -> str:
    """An object of the first dress turned on the page: its matrix and its box anew."""
    a, b, c, d = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[rotate]
    e, f = {90: (HIGH * MM, 0.0), 180: (WIDE * MM, HIGH * MM), 270: (0.0, WIDE * MM)}[rotate]
    head, _, rest = element.partition('Boundary="')
    box, _, tail = rest.partition('"')
    left, top, _, _ = map(float, box.split())
    moved = (a * left + c * top + e, b * left + d * top + f)
    return f'{head}Boundary="0 0 300 300" CTM="{a} {b} {c} {d} {moved[0]:.4f} {moved[1]:.4f}"{tail}'


def write_ofd(
    pages: list[OfdPage],
    *,
    templates: dict[str, str] | None = None,
    resources: str = "",
    media: dict[str, bytes] | None = None,
    title: str = "",
) -> bytes:
    """The pages as a file; `templates` are parts by number, `resources` what PublicRes.xml holds more."""
    name, attribute = (pages[0].dress.prefix, _declare(pages[0].dress)) if pages else ("", "")
    used = "".join(
        f'<{name}TemplatePage ID="{one}" BaseLoc="Tpls/Tpl_{one}/Content.xml"/>' for one in templates or {}
    )
    listed = "".join(
        f'<{name}Page ID="{number()}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(len(pages))
    )
    parts: dict[str, str | bytes] = {
        "OFD.xml": f'<{name}OFD{attribute} Version="1.1" DocType="OFD"><{name}DocBody><{name}DocInfo>'
        f"<{name}Title>{title}</{name}Title></{name}DocInfo><{name}DocRoot>Doc_0/Document.xml</{name}DocRoot>"
        f"</{name}DocBody></{name}OFD>",
        "Doc_0/Document.xml": f"<{name}Document{attribute}><{name}CommonData><{name}MaxUnitID>9999</{name}MaxUnitID>"
        f"<{name}PageArea><{name}PhysicalBox>0 0 210 297</{name}PhysicalBox></{name}PageArea>"
        f"<{name}PublicRes>PublicRes.xml</{name}PublicRes>{used}</{name}CommonData><{name}Pages>{listed}"
        f"</{name}Pages></{name}Document>",
        "Doc_0/PublicRes.xml": f'<{name}Res{attribute} BaseLoc="Res"><{name}Fonts><{name}Font ID="3" '
        f'FontName="宋体"/></{name}Fonts><{name}DrawParams><{name}DrawParam ID="2" LineWidth="0.25"/>'
        f"</{name}DrawParams>{resources}</{name}Res>",
    }
    for at, page in enumerate(pages):
        parts[f"Doc_0/Pages/Page_{at}/Content.xml"] = page.write()
    for one, content in (templates or {}).items():
        parts[f"Doc_0/Tpls/Tpl_{one}/Content.xml"] = content
    for file, data in (media or {}).items():
        parts[f"Doc_0/Res/{file}"] = data
    return pack(parts)


def lay_out_ofd(
    document: Document, layout: Layout | None = None, dress: str = "runs with steps, strokes"
) -> bytes:
    """The document as an OFD file."""
    return write_ofd(set_pages(document, layout or Layout(), lambda rotate: OfdPage(DRESSES[dress], rotate)))
