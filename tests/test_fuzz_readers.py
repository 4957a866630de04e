"""Pages, Word files and texts cut, doubled and spliced at random: a report or a clear error, never anything else.

What a longer run of the same kind finds becomes a case of its own: 11,000 files in half an hour found none (2026-11).
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from renderings import docx_body, pack_docx, site, word_page
from whole_reports import load_whole, write_markdown, write_text

from extract.errors import UnreadableFile
from extract.pipeline import parse
from extract.report import Report

DOCUMENT = load_whole("town_slash").document
TAGS = (
    "<td colspan=99>",
    "<td rowspan=0>",
    "<table>",
    "</table>",
    "<tr>",
    "</td>",
    "<ol start=-5><li>",
    "<pre>",
    "<!--",
)
TAGS += (
    "<select><option>",
    "<svg><p>",
    "&#xD800;",
    "<o:p>",
    "<a href=x>",
    "<template>",
    "<textarea>",
    "\x00",
    "\u202e",
)
SIGNS = (
    "\t",
    "|",
    "\n",
    "\r",
    "\x0c",
    "\u2028",
    "　　",
    ",",
    "# ",
    "**",
    "|---|",
    "一、",
    "（一）",
    "序号",
    "总计",
    "\ufeff",
)
PARTS = (
    "<w:tc>",
    "</w:tc>",
    "<w:tr>",
    "</w:tr>",
    "<w:p/>",
    '<w:gridSpan w:val="999999"/>',
    "<w:vMerge/>",
    "<w:del>",
)
PARTS += (
    "</w:del>",
    "<w:sdt><w:sdtContent>",
    "</w:sdtContent></w:sdt>",
    "<w:txbxContent>",
    "</w:txbxContent>",
    "<w:tbl>",
)
KINDS: dict[str, tuple[str, tuple[str, ...], Callable[[str], bytes]]] = {
    "page": (site(DOCUMENT), TAGS, str.encode),
    "word page": (word_page(DOCUMENT), TAGS, lambda text: text.encode("gb18030", "replace")),
    "text": (write_text(DOCUMENT).decode(), SIGNS, str.encode),
    "markdown": (write_markdown(DOCUMENT).decode(), SIGNS, str.encode),
    "docx": (docx_body(DOCUMENT), PARTS, pack_docx),
}
Edit = tuple[int, float, float, str]


def spoil(text: str, edits: list[Edit]) -> str:
    """The text with each edit made: something put in, a stretch cut, doubled or moved."""
    for kind, place, length, sign in edits:
        start = int(place * len(text))
        end = start + int(length * 300)
        before, stretch, after = text[:start], text[start:end], text[end:]
        text = before + (sign + stretch, "", stretch * 3, sign * 40 + stretch)[kind] + after
    return text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_spoilt_files_give_a_report_or_an_error(data: st.DataObject) -> None:
    text, signs, write = KINDS[data.draw(st.sampled_from(sorted(KINDS)))]
    place = st.floats(0, 1, exclude_max=True)
    edits = st.lists(
        st.tuples(st.integers(0, 3), place, place, st.sampled_from(signs)), min_size=1, max_size=12
    )
    try:
        report = parse(write(spoil(text, data.draw(edits))))
    except UnreadableFile:
        return
    check(report)


def check(report: Report) -> None:
    """Every span is what it says, and no cell is there twice."""
    for cell in report.cells:
        assert cell.start is None or report.text[cell.start : cell.end] == cell.raw
    assert len({cell.id for cell in report.cells}) == len(report.cells)
    for unit in report.units:
        assert report.text[unit.start : unit.end].split() == unit.text.split()
