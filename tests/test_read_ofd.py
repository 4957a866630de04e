"""OFD files in the manners of several makers: the same report from each, and what pages can do to it."""

from __future__ import annotations

import io

import pytest
from ofd_writer import (
    DRESSES,
    MM,
    SPACE,
    OfdPage,
    lay_out_ofd,
    number,
    pack,
    stroke,
    text_letters,
    text_run,
    write_ofd,
)
from pdf_writer import HIGH, WIDE, Layout, set_pages
from whole_reports import essence, load_whole, read_back

from extract.errors import UnreadableFile
from extract.pipeline import describe_source, parse, parse_document
from extract.read import read_document
from extract.read.ofd_paths import find_edges
from extract.read.ofd_text import read_steps
from extract.report import Document, Grid, Paragraph

UNTURNED = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
LINES = (
    "白塔县水利局2022年政府信息公开工作年度报告",
    "一、总体情况",
    "全年通过县政府网站公开水利信息312条。",
)


def page_of(*lines: str, size: float = 12.0, dress: str = "runs with steps, strokes") -> OfdPage:
    page = OfdPage(DRESSES[dress])
    for at, line in enumerate(lines):
        page.text(70, 90 + 24 * at, size, line)
    return page


def layer(*objects: str, kind: str = "Body") -> str:
    return f'<ofd:Layer ID="{number()}" Type="{kind}">{"".join(objects)}</ofd:Layer>'


def wrap(content: str) -> str:
    """A page or template of one content."""
    return f'<ofd:Page xmlns:ofd="{SPACE}"><ofd:Content>{content}</ofd:Content></ofd:Page>'


def text_of(data: bytes) -> list[str]:
    return [
        block.text if isinstance(block, Paragraph) else " ".join(cell.text for cell in block.cells)
        for block in read_document(data, "年报.ofd").blocks
    ]


def expected(document: Document) -> dict[str, object]:
    return essence(parse_document(document, describe_source(b"", "x", document)))


# ---- whole reports ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("name", ["city_review3", "district_subtotals", "stat2014", "blind/paren_top"])
def test_a_report_is_the_same_from_every_maker(name, dress):
    document = load_whole(name).document
    assert essence(read_back(lay_out_ofd(document, Layout(size=9), dress))) == expected(document)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_pages_that_lie_on_their_side_are_read_upright(rotate):
    document = load_whole("county_paragraphs").document
    assert essence(read_back(lay_out_ofd(document, Layout(size=9, rotate=rotate)))) == expected(document)


def test_numbers_in_a_table_without_lines_are_not_guessed():
    whole = load_whole("dept_ragged")
    found = read_back(lay_out_ofd(whole.document, Layout(size=8, ruled=False, label=40)))
    assert [cell.id for cell in found.cells if cell.value not in (None, whole.cells[cell.id])] == []


def test_running_heads_and_page_numbers_are_left_out():
    document = load_whole("town_slash").document
    layout = Layout(size=9, head="青石镇人民政府信息公开年报", numbers="第{}页")
    assert essence(read_back(lay_out_ofd(document, layout))) == expected(document)


def test_the_file_says_what_it_is():
    report = parse(lay_out_ofd(load_whole("town_slash").document, Layout(size=9)))
    assert report.source.media_type == "application/ofd"
    assert {cell.read_by for cell in report.cells} == {"grid"}


# ---- templates, documents, places -------------------------------------------------------------------------


def test_a_template_draws_the_ruling_lines_of_pages():
    """The maker of a form puts its frame into a template and the numbers on the page."""
    document = load_whole("bureau_pipe_lines").document
    pages = set_pages(document, Layout(size=9), lambda rotate: OfdPage(DRESSES["runs with steps, strokes"]))
    templates = {}
    for at, page in enumerate(pages):
        ruled = [one for one in page.objects if "PathObject" in one]
        page.objects = [one for one in page.objects if "PathObject" not in one]
        page.template = f'<ofd:Template TemplateID="7{at}" ZOrder="{("Background", "Foreground")[at % 2]}"/>'
        templates[f"7{at}"] = wrap(layer(*ruled))
    assert essence(read_back(write_ofd(pages, templates=templates))) == expected(document)


def test_a_template_that_is_missing_or_damaged_costs_only_itself():
    page = page_of(*LINES)
    page.template = '<ofd:Template TemplateID="8"/><ofd:Template TemplateID="9"/>'
    assert text_of(write_ofd([page], templates={"8": "<ofd:Page"})) == list(LINES)


def test_drawings_of_the_resources_are_placed():
    drawn = text_run(0, 12, 12, "附表")
    unit = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="50" Width="60" Height="10"><ofd:Content>'
        f"{drawn}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    )
    page = page_of(*LINES)
    page.objects.append('<ofd:CompositeObject ID="51" Boundary="24.7 70 60 10" ResourceID="50"/>')
    assert text_of(write_ofd([page], resources=unit)) == [*LINES, "附表"]


def test_a_drawing_that_holds_itself_ends():
    unit = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="50"><ofd:Content>'
        + '<ofd:CompositeObject ID="51" Boundary="0 0 60 10" ResourceID="50"/>' * 30
        + "</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    )
    page = page_of(*LINES)
    page.objects.append('<ofd:CompositeObject ID="52" Boundary="0 0 60 10" ResourceID="50"/>')
    assert text_of(write_ofd([page], resources=unit)) == list(LINES)


def test_several_documents_in_a_package_follow_one_another():
    first, second = page_of(*LINES), page_of("二、主动公开政府信息情况", "全年未制发规范性文件。")
    parts = {
        "OFD.xml": f'<ofd:OFD xmlns:ofd="{SPACE}">'
        + "".join(
            f"<ofd:DocBody><ofd:DocRoot>/Doc_{at}/Document.xml</ofd:DocRoot></ofd:DocBody>" for at in (0, 1)
        )
        + "</ofd:OFD>"
    }
    for at, page in enumerate((first, second)):
        parts[f"Doc_{at}/Document.xml"] = (
            f'<ofd:Document xmlns:ofd="{SPACE}"><ofd:Pages><ofd:Page ID="1" BaseLoc="Doc_{at}/P.xml"/></ofd:Pages>'
            "</ofd:Document>"
        )
        parts[f"Doc_{at}/P.xml"] = page.write()
    assert text_of(pack(parts)) == [*LINES, "二、主动公开政府信息情况", "全年未制发规范性文件。"]


def test_names_may_have_backslashes_and_other_cases():
    import zipfile

    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_ofd([page_of(*LINES)]))) as source,
        zipfile.ZipFile(packed, "w") as archive,
    ):
        for name in source.namelist():
            archive.writestr(
                name if name == "OFD.xml" else name.replace("/", "\\").lower(), source.read(name)
            )
    assert text_of(packed.getvalue()) == list(LINES)


def test_a_page_that_is_missing_or_damaged_costs_only_itself():
    data = write_ofd([page_of(*LINES), page_of("二、主动公开政府信息情况")])
    for change in ({"Doc_0/Pages/Page_1/Content.xml": b""}, {"Doc_0/Pages/Page_1/Content.xml": b"<ofd:Page"}):
        assert text_of(_change(data, change)) == list(LINES)


def _change(data: bytes, parts: dict[str, bytes]) -> bytes:
    """A package with some parts of other content, those of none left out."""
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as archive:
        for name in source.namelist():
            content = parts.get(name, source.read(name))
            if content:
                archive.writestr(name, content)
    return packed.getvalue()


# ---- text -------------------------------------------------------------------------------------------------


def test_steps_are_told_one_by_one_or_counted():
    assert list(read_steps("3.2 g 3 1.6 3.2")) == [3.2, 1.6, 1.6, 1.6, 3.2]
    assert list(read_steps("g 2")) == []
    assert sum(1 for _ in read_steps("g 999999999 1")) < 100_000


def test_fewer_steps_than_characters_go_on_as_wide_as_these_are():
    run = (
        '<ofd:TextObject ID="1" Boundary="20 30 100 6" Font="3" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="4 4">'
        "政府信息公开2022年</ofd:TextCode></ofd:TextObject>"
    )
    page = OfdPage(DRESSES["runs with steps, strokes"], objects=[run])
    assert text_of(write_ofd([page])) == ["政府信息公开2022年"]


def test_wide_steps_are_gaps():
    """A line of two things that a tab parts is one run with one wide step."""
    run = (
        '<ofd:TextObject ID="1" Boundary="20 30 100 6" Font="3" Size="4"><ofd:TextCode X="0" Y="4" '
        'DeltaX="4 30 4">规章12</ofd:TextCode></ofd:TextObject>'
    )
    page = OfdPage(DRESSES["runs with steps, strokes"], objects=[run])
    assert text_of(write_ofd([page]))[0].split() == ["规章", "12"]


def test_runs_that_leave_out_what_stays_the_same():
    runs = (
        '<ofd:TextObject ID="1" Boundary="20 30 150 6" Font="3" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="g 3 4">'
        '全年公开</ofd:TextCode><ofd:TextCode X="16" DeltaX="2 2">312</ofd:TextCode><ofd:TextCode X="22">条'
        "</ofd:TextCode></ofd:TextObject>"
    )
    page = OfdPage(DRESSES["runs with steps, strokes"], objects=[runs])
    assert text_of(write_ofd([page])) == ["全年公开312条"]


def test_escaped_characters():
    run = (
        '<ofd:TextObject ID="1" Boundary="20 30 100 6" Font="3" Size="4"><ofd:TextCode X="0" Y="4">'
        "公开\\0020信息\\4E00条</ofd:TextCode></ofd:TextObject>"
    )
    page = OfdPage(DRESSES["runs with steps, strokes"], objects=[run])
    assert "".join(text_of(write_ofd([page]))[0].split()) == "公开信息一条"


@pytest.mark.parametrize("turned", [False, True])
def test_heads_of_narrow_columns_run_down(turned):
    """Upright letters by steps down, or the whole run turned by its matrix."""
    words = "本年度办理结果"
    matrix = 'CTM="0 1 -1 0 5 0" ' if turned else ""
    down = f'DeltaX="g {len(words) - 1} 4"' if turned else f'ReadDirection="90" DeltaY="g {len(words) - 1} 4"'
    run = (
        f'<ofd:TextObject ID="1" Boundary="22 32 8 40" {matrix}Font="3" Size="4"><ofd:TextCode X="0" '
        f'Y="4" {down}>{words}</ofd:TextCode></ofd:TextObject>'
    )
    page = OfdPage(DRESSES["runs with steps, strokes"], objects=[run])
    for x in (20, 32, 80):
        page.line(x / MM, 30 / MM, x / MM, 80 / MM)
    for y in (30, 55, 80):
        page.line((20 if y != 55 else 32) / MM, y / MM, 80 / MM, y / MM)
    page.text(40 / MM, 40 / MM, 10, "予以公开的政府信息")
    page.text(40 / MM, 65 / MM, 10, "部分公开的政府信息")
    (grid,) = read_document(write_ofd([page]), "x").blocks
    assert isinstance(grid, Grid)
    assert grid.cells[0].text == words


def test_wide_letters_of_an_object_each_are_one_word():
    """QQ is set as wide as its letters are, which the boxes of the two objects tell."""
    letters = "".join(
        f'<ofd:TextObject ID="{at}" Boundary="{20 + 3 * at} 30 3 5" CTM="0.05 0 0 0.05 0 0" Font="3" Size="80">'
        f'<ofd:TextCode X="0" Y="70">{char}</ofd:TextCode></ofd:TextObject>'
        for at, char in enumerate("WQM")
    )
    assert text_of(write_ofd([OfdPage(DRESSES["runs with steps, strokes"], objects=[letters])])) == ["WQM"]


def test_letters_printed_twice_come_once():
    page = page_of(LINES[0], dress="an object a letter, bars")
    page.objects.append(text_letters(70.5, 90, 12, LINES[0]))
    assert text_of(write_ofd([page])) == [LINES[0]]


def test_watermarks_aslant_are_left_out():
    mark = (
        '<ofd:TextObject ID="1" Boundary="0 0 210 297" CTM="0.7 -0.7 0.7 0.7 40 200" Font="3" Size="12">'
        '<ofd:TextCode X="0" Y="0" DeltaX="g 5 12">内部资料请勿</ofd:TextCode></ofd:TextObject>'
    )
    page = page_of(*LINES)
    page.objects.insert(0, mark)
    assert text_of(write_ofd([page])) == list(LINES)


def test_what_is_not_shown_is_not_read():
    hidden = text_run(70, 300, 12, "此行不显示")
    page = page_of(*LINES)
    page.objects += [
        hidden.replace("<ofd:TextObject", '<ofd:TextObject Visible="false"'),
        hidden.replace("<ofd:TextObject", '<ofd:TextObject Fill="false"'),
        hidden.replace('Value="0 0 0"', 'Value="0 0 0" Alpha="0"'),
    ]
    assert text_of(write_ofd([page])) == list(LINES)


def test_shapes_that_are_no_characters_are_told():
    words = "\u00a4\ue012\ue013\u00a4" * 12
    with pytest.raises(UnreadableFile, match="which characters its letters are"):
        read_document(write_ofd([page_of(words, words)]), "x.ofd")


# ---- lines ------------------------------------------------------------------------------------------------


def test_curves_and_slants_are_no_ruling_lines():
    data = "M 0 0 Q 5 5 10 0 B 1 1 2 2 20 0 A 5 5 0 0 1 30 0 L 60 0"
    assert find_edges(data, UNTURNED, stroked=True, filled=False) == [(30, 0, 60, 0)]


def test_damaged_paths_give_what_is_whole():
    assert find_edges("M 0 0 L 9 0 L 9", UNTURNED, stroked=True, filled=False) == [(0, 0, 9, 0)]
    assert find_edges("L 9 0 X 1 2 M", UNTURNED, stroked=True, filled=False) == []
    assert find_edges("M 0 0 " + "L 1 1 " * 90_000, UNTURNED, stroked=True, filled=False)[-1] == (1, 1, 1, 1)


def test_white_lines_part_nothing():
    """A maker covers what is beneath with white boxes; as text they would be rows of a table."""
    page = page_of(*LINES)
    for y in (80, 100, 130):
        page.objects.append(stroke(60, y, 500, y).replace('"0 0 0"', '"255 255 255"'))
    for x in (60, 500):
        page.objects.append(stroke(x, 80, x, 130).replace('Value="0 0 0"', 'Value="0 0 0 0"'))
    assert text_of(write_ofd([page])) == list(LINES)


def test_the_setting_of_the_pen_may_say_the_colour():
    pens = (
        '<ofd:DrawParams><ofd:DrawParam ID="60" Relative="61"/><ofd:DrawParam ID="61">'
        '<ofd:StrokeColor Value="255 255 255"/></ofd:DrawParam></ofd:DrawParams>'
    )
    page = page_of(*LINES)
    colour = '<ofd:StrokeColor Value="0 0 0"/>'
    for line in (
        (60, 80, 500, 80),
        (60, 130, 500, 130),
        (60, 80, 60, 130),
        (280, 80, 280, 130),
        (500, 80, 500, 130),
    ):
        page.objects.append(
            stroke(*line).replace(colour, "").replace("<ofd:PathObject", '<ofd:PathObject DrawParam="60"')
        )
    assert text_of(write_ofd([page], resources=pens)) == list(LINES)


# ---- pictures ---------------------------------------------------------------------------------------------


def picture_of(document: Document, *, dpi: int = 150) -> list[bytes]:
    """The pages of a report as pictures."""
    import pypdfium2
    from pdf_writer import lay_out

    made = []
    for page in pypdfium2.PdfDocument(lay_out(document, Layout(size=10))):
        packed = io.BytesIO()
        page.render(scale=dpi / 72).to_pil().convert("L").save(packed, "PNG")
        made.append(packed.getvalue())
    return made


def scans(pictures: list[bytes], *, text: list[OfdPage] | None = None) -> bytes:
    """Pages that are pictures, over text where there is some."""
    media = "".join(
        f'<ofd:MultiMedia ID="{90 + at}" Type="Image"><ofd:MediaFile>扫描{at}.png</ofd:MediaFile></ofd:MultiMedia>'
        for at in range(len(pictures))
    )
    pages = text or [OfdPage(DRESSES["runs with steps, strokes"]) for _ in pictures]
    for at, page in enumerate(pages):
        page.objects.append(
            f'<ofd:ImageObject ID="{number()}" CTM="{WIDE * MM} 0 0 {HIGH * MM} 0 0" '
            f'Boundary="0 0 {WIDE * MM} {HIGH * MM}" ResourceID="{90 + at}"/>'
        )
    files = {f"扫描{at}.png": picture for at, picture in enumerate(pictures)}
    return write_ofd(pages, resources=f"<ofd:MultiMedias>{media}</ofd:MultiMedias>", media=files)


def test_scans_without_the_extra_name_it(monkeypatch):
    def missing() -> None:
        raise ImportError

    monkeypatch.setattr("extract.read.ocr.load_engine", missing)
    with pytest.raises(UnreadableFile, match=r"OFD holds page images and no text: install gongkai\[ocr\]"):
        read_document(scans(picture_of(Document((Paragraph("一、总体情况"),)))), "x.ofd")


@pytest.mark.slow
@pytest.mark.system
def test_scans_are_read_as_those_in_a_pdf_are():
    pytest.importorskip("rapidocr")
    blocks = load_whole("district_pdf").document.blocks
    document = Document((*blocks[:5], [block for block in blocks if isinstance(block, Grid)][-1]))
    found = read_document(scans(picture_of(document)), "x.ofd")
    (grid,) = (block for block in found.blocks if isinstance(block, Grid))
    assert found.read_by == "ocr"
    assert [block.text for block in found.blocks[:2]] == [block.text for block in blocks[:2]]
    assert [one.text for one in grid.cells][-15:] == [one.text for one in document.blocks[-1].cells][-15:]


def test_text_under_a_scan_is_taken_and_its_lines_are_those_of_the_picture():
    """An archive's file of two layers: the picture of each page over the words that were read of it."""
    pytest.importorskip("cv2")
    whole = load_whole("district_pdf").document.blocks
    first = next(at for at, block in enumerate(whole) if "四、" in _words(block))
    document = Document((*whole[:4], *whole[first:]))
    pages = set_pages(document, Layout(size=10), lambda rotate: OfdPage(DRESSES["runs with steps, strokes"]))
    for page in pages:
        page.objects = [one for one in page.objects if "PathObject" not in one]
    report = read_back(scans(picture_of(document, dpi=100), text=pages))
    assert essence(report)["cells"] == expected(document)["cells"] != {}
    assert {cell.read_by for cell in report.cells} == {"ocr"}


def _words(block: Paragraph | Grid) -> str:
    return block.text[:2] if isinstance(block, Paragraph) else ""


def test_pages_without_anything_say_so():
    with pytest.raises(UnreadableFile, match="neither text nor pictures"):
        read_document(write_ofd([OfdPage(DRESSES["runs with steps, strokes"])]), "x.ofd")
