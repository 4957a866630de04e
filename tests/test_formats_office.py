"""Whole reports with distinct numbers: the same cells, sections and units from every kind of file.

The files are LibreOffice's, a second PDF writer's and openpyxl's; scans are made from the PDF.
"""

from __future__ import annotations

import shutil

import pytest
from layouts import exact_grids, fill_form
from pdf_writer import Layout, lay_out
from renderings import bordered_docx, office, scanned, xlsx
from whole_reports import essence

from extract.errors import UnreadableFile
from extract.pipeline import describe_source, parse, parse_document
from extract.read import read_documents
from extract.report import Document, Grid, Paragraph, Report

KINDS = ("doc", "rtf", "odt", "fodt", "pdf")
PROSE = (
    "（一）主动公开。全年通过县政府网站公开政务信息436条，其中财政预决算12条，微信公众号推送信息95条。",
    "（二）依申请公开。全年收到政府信息公开申请26件，均在法定期限内答复，未发生因公开引起的行政诉讼。",
    "（三）监督保障。组织业务培训3次，参训58人次，把政务公开纳入年度考核，对落实不力的股室予以通报。",
)
PROBLEMS = (
    "一是公开内容还不够全面，个别股室信息更新不及时。二是人员变动频繁，业务能力有待提高。",
    "下一步，将健全信息发布审核制度，每季度开展一次自查，并加强对工作人员的培训。",
)


def make_report(number: int) -> Document:
    """One of ten reports: of either edition, with numbers of its own and prose between the tables."""
    edition = ("2021", "2019")[number % 2]
    document = exact_grids(fill_form(edition, 100 + number), apart=number % 3 == 1, uneven=number % 3 == 2)
    blocks: list[Paragraph | Grid] = []
    for block in document.blocks:
        blocks.append(block)
        if isinstance(block, Paragraph) and block.text.startswith("一、"):
            blocks += map(Paragraph, PROSE)
        if isinstance(block, Paragraph) and block.text.startswith("五、"):
            blocks += map(Paragraph, PROBLEMS)
    return Document(tuple(blocks))


REPORTS = {f"report{number}": make_report(number) for number in range(10)}


def expected(document: Document) -> Report:
    return parse_document(document, describe_source(b"", "x", document))


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> dict[str, dict[str, bytes]]:
    """Reports in every kind that LibreOffice writes, by kind and name; test_formats_whole has more of them."""
    if shutil.which("soffice") is None:
        pytest.skip("needs LibreOffice: install libreoffice-writer-nogui and fonts-noto-cjk")
    folder = tmp_path_factory.mktemp("office")
    files = {f"{name}.docx": bordered_docx(document) for name, document in REPORTS.items()}
    one = {name: data for name, data in files.items() if name.startswith("report1.")}
    return {kind: office(files if kind == "pdf" else one, kind, folder) for kind in KINDS}


@pytest.mark.parametrize("name", REPORTS)
def test_docx_xlsx_and_pdf_of_another_writer_agree(name):
    report = essence(expected(REPORTS[name]))
    assert essence(parse(bordered_docx(REPORTS[name]))) == report
    assert essence(parse(lay_out(REPORTS[name], Layout(size=9)))) == report
    assert essence(parse(xlsx(REPORTS[name])))["cells"] == report["cells"]


@pytest.mark.system
@pytest.mark.parametrize(
    ("name", "kind"),
    [(name, kind) for name in REPORTS for kind in KINDS if kind == "pdf" or name == "report1"],
)  # each .doc and .rtf starts LibreOffice: one of each
def test_office_files_agree(made, name, kind):
    assert essence(parse(made[kind][name])) == essence(expected(REPORTS[name]))


@pytest.mark.slow
@pytest.mark.system
def test_scans_give_nearly_all_cells(made):
    pytest.importorskip("rapidocr")
    right = total = 0
    for name in ("report0", "report1"):
        wanted = {cell.id: cell.value for cell in expected(REPORTS[name]).cells}
        report = parse(scanned(made["pdf"][name]))
        found = {cell.id: cell.value for cell in report.cells}
        assert {cell.read_by for cell in report.cells} <= {"ocr"}
        right += sum(found.get(ident) == value for ident, value in wanted.items())
        total += len(wanted)
    assert right >= 0.9 * total


def test_a_scan_without_the_extra_names_it(monkeypatch):
    def missing() -> None:
        raise ImportError

    monkeypatch.setattr("extract.read.ocr.load_engine", missing)
    picture = scanned(lay_out(Document((Paragraph("一、总体情况"),))))
    with pytest.raises(UnreadableFile, match=r"gongkai\[ocr\]"):
        parse(picture)


def test_members_of_archives_are_read_and_annexes_joined():
    import io
    import zipfile

    document = REPORTS["report0"]
    text = "\n".join(block.text for block in document.blocks if isinstance(block, Paragraph))
    tables = Document(tuple(block for block in document.blocks if isinstance(block, Grid)))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("青石镇2022年年报正文.txt", text)
        archive.writestr("青石镇2022年年报附表.xlsx", xlsx(tables))
        archive.writestr("别的镇.docx", bordered_docx(document))
    found = dict(read_documents(packed.getvalue(), "x.zip"))
    assert sorted(found) == ["别的镇.docx", "青石镇2022年年报正文.txt"]
    for one in found.values():
        assert isinstance(one, Document)
        cells = {cell.id: cell.value for cell in expected(one).cells}
        assert cells == {cell.id: cell.value for cell in expected(document).cells}
