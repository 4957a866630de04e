"""Files from the open internet at their worst: at least forty, over all formats, and what each must give.

`python tests/hostile.py FOLDER` writes them. `must` is a pattern of the message, or None where a report is to
come out.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cfb_writer import write_compound
from layouts import exact_grids, fill_form
from odf_writer import SPACES, SPREADSHEET, ods, pack_odf, sheet, workbook
from ofd_writer import lay_out_ofd
from pdf_writer import Layout, PdfPage, lay_out, write_pdf
from renderings import W, bare, docx_body, docx_paragraph, pack_docx, pack_objects, set_in, write_tar, xlsx

from extract.report import Document

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "'
    + "政" * 50
    + '">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


class Hostile(NamedTuple):
    """A file: its name, its bytes, and a pattern of the error (None: it is read)."""

    name: str
    data: bytes
    must: str | None


def make_hostile() -> Iterator[Hostile]:
    """All of them."""
    report = exact_grids(fill_form("2021", 3))
    page, docx, pdf = bare(report), pack_docx(docx_body(report)), lay_out(report)
    yield from _make_text(page)
    yield from _make_html(page)
    yield from _make_docx(docx)
    yield from _make_pdf(pdf)
    yield from _make_office()
    yield from _make_archives(page.encode())
    yield from _make_pictures()
    yield from _make_ofd(report)
    yield from _make_ods(report)
    yield from _make_odt()
    yield from _make_tars(page.encode())
    yield from _make_objects()


def _make_text(page: str) -> Iterator[Hostile]:
    yield Hostile("empty.txt", b"", "empty")
    yield Hostile("blank.txt", b" \n\t\n" * 1000, "report|text|empty")
    yield Hostile("nuls.bin", b"\0" * 5000, "zero|binary|text|kind|file")
    yield Hostile(
        "noise.bin", zlib.compress(bytes(range(256)) * 400)[2:] * 9, "binary|text|kind|report|encoding"
    )
    yield Hostile("one_line.txt", ("公开信息12条，" * 60_000).encode(), "report")
    yield Hostile("endless.txt", ("全年公开信息12条，答复申请3件。\n" * 90_000).encode(), "characters")
    yield Hostile("labels.txt", ("自然人\t商业企业\t总计\n" * 40_000).encode(), ".*")
    yield Hostile("tabs.txt", b"\t" * 1_000_000 + "一、总体情况".encode(), "Chinese|report|text")
    yield Hostile("brackets.txt", ("（" * 100_000).encode(), "Chinese|report")
    yield Hostile("digits.txt", b"9" * 300_000, "Chinese|report")
    yield Hostile(
        "english.txt", b"Annual report of the water board.\nAll pipes were painted.\n" * 40, "Chinese"
    )
    yield Hostile("other_matter.txt", "本镇农业生产情况\n全年播种小麦三万亩。\n".encode() * 30, "report")
    yield Hostile(
        "mixed.txt", "一、总体情况\n".encode() + "全年公开信息".encode("gbk") * 30, "report|encoding|text"
    )
    yield Hostile("controls.html", page.replace("公开", "公\u200b\u202e开").encode(), None)


def _make_html(page: str) -> Iterator[Hostile]:
    yield Hostile("truncated.html", page.encode()[: len(page.encode()) * 4 // 5], None)
    yield Hostile("deep.html", (b"<div>" * 50_000) + page.encode(), "deep")
    yield Hostile(
        "span.html", page.replace("<td>", '<td colspan="1000000" rowspan="1000000">', 1).encode(), ".*"
    )
    yield Hostile("script.html", (page + "<script>while(1){}</script>").encode(), None)
    yield Hostile("entities.html", f"<?xml version='1.0'?>{ENTITIES}<html>&j;{page}</html>".encode(), ".*")
    yield Hostile("inputs.html", (page + "<table>" + "<tr><td><input value=1>" * 30_000).encode(), ".*")
    yield Hostile("days.html", (page + "<p>2024-01-31 浏览：1</p>" * 50_000).encode(), None)
    yield Hostile("marks.html", (page + "<p><span style='mso-list:Ignore'>1.</span>" * 20_000).encode(), None)
    yield from _make_scripts()
    yield Hostile("cells.html", b"<table>" + b"<tr>" + b"<td>1" * 300_000, "cells|columns|report|table")


def _make_scripts() -> Iterator[Hostile]:
    """Pages that show nothing, and scripts that make it dear to look for what they hold."""
    words = "政府信息公开 依申请公开 主动公开 "
    bomb = f"<p>{words}</p>" * 20
    for _ in range(15):  # strings in strings: the escapes double with each
        bomb = json.dumps({"a": bomb})
    scripts = {
        "escapes": 'a="' + words + "\\\\u003c" * 1_100_000 + '"',
        "unclosed": "a='" + words + "\\'" * 1_000_000 + "\n`" + words * 100_000,
        "json_bomb": f"a={bomb}",
        "brackets": json.dumps(words * 30) + "[{" * 1_000_000,
        "strings": "a=[" + (json.dumps(words * 3, ensure_ascii=False) + ",") * 50_000 + "]",
    }
    for name, script in scripts.items():
        yield Hostile(f"script_{name}.html", f"<title>x</title><script>{script}</script>".encode(), ".*")
    hidden = f"<div hidden><textarea>{words}" * 4_000
    yield Hostile("hidden.html", f"<title>x</title>{hidden}".encode(), ".*")


def _make_docx(docx: bytes) -> Iterator[Hostile]:
    yield Hostile("truncated.docx", docx[: len(docx) // 2], "damaged|cut off|ZIP|no Word file")
    yield Hostile(
        "bomb.docx", pack_docx("<w:p/>", extra={"word/document.xml": b" " * (60 * 2**20)}), "bomb|bytes"
    )
    for name, head in (("entities", ENTITIES), ("outside", OUTSIDE)):
        body = f'{head}<w:document xmlns:w="{W}"><w:body>{docx_paragraph("&a;")}</w:body></w:document>'
        yield Hostile(f"{name}.docx", pack_docx("", extra={"word/document.xml": body.encode()}), ".*")
    deep = "<w:tbl><w:tr><w:tc>" * 400 + docx_paragraph("一") + "</w:tc></w:tr></w:tbl>" * 400
    yield Hostile("deep.docx", pack_docx(deep), "deep|nested|XML|report|text")
    yield Hostile(
        "locked.docx", OLE + b"\0" * 600 + "EncryptedPackage\0".encode("utf-16-le") + b"\0" * 600, "password"
    )
    yield Hostile("no_text.docx", pack_docx("<w:p/>"), "no text")


def _make_pdf(pdf: bytes) -> Iterator[Hostile]:
    yield Hostile("whole.pdf", pdf, None)
    yield Hostile("junk_before.pdf", b"\n\n<!-- saved -->\n" + pdf, None)
    yield Hostile("truncated.pdf", pdf[: len(pdf) // 2], ".*")
    yield Hostile("head_only.pdf", b"%PDF-1.7\n", "damaged|pages")
    yield Hostile("no_text.pdf", write_pdf([PdfPage()]), "neither text")
    yield Hostile("script.pdf", _with_script(), "report")
    lines = PdfPage()
    for number in range(20_000):
        lines.line(10 + number % 500, 10 + number % 700, 10 + number % 500, 20 + number % 700)
    yield Hostile("lines.pdf", write_pdf([lines]), "neither text")
    yield Hostile("pages.pdf", write_pdf([PdfPage() for _ in range(400)]), "pages")
    dense = PdfPage()
    for number in range(120):
        dense.text(1, 5 + 7 * number, 6, "政府信息公开" * 60)
    yield Hostile("dense.pdf", write_pdf([dense] * 30), "characters|report|more than 20 s")
    yield Hostile(
        "far.pdf", lay_out(exact_grids(fill_form("2019", 4)), Layout(ruled=False, size=7, label=60)), None
    )
    yield Hostile(
        "locked.pdf",
        pdf.replace(b"trailer<<", b"trailer<</Encrypt<</Filter/None/V 9>>"),
        "encrypt|damaged|password",
    )


def _with_script() -> bytes:
    page = PdfPage()
    page.text(60, 80, 12, "本文件打开时运行脚本。")
    return write_pdf([page], extra={"OpenAction": "<</S/JavaScript/JS(app.alert(1))>>"})


def _make_office() -> Iterator[Hostile]:
    yield Hostile(
        "stub.doc", OLE + b"\0" * 600 + "WordDocument\0".encode("utf-16-le") + b"\0" * 600, "LibreOffice"
    )
    yield Hostile("deep.rtf", b"{\\rtf1" + b"{" * 100_000, "LibreOffice|text|report")
    yield Hostile(
        "includes.rtf",
        b'{\\rtf1 {\\field{\\*\\fldinst INCLUDETEXT "/etc/passwd"}}x}',
        "report|LibreOffice|text",
    )
    yield Hostile(
        "stub.xls", OLE + b"\0" * 600 + "Workbook\0".encode("utf-16-le") + b"\0" * 600, "damaged|gongkai"
    )
    yield Hostile(
        "entities.xlsx",
        _zip({"xl/workbook.xml": (ENTITIES + "<workbook>&j;</workbook>").encode()}),
        "entities",
    )
    yield Hostile("bomb.xlsx", _zip({"xl/workbook.xml": b"<w/>", "xl/x.xml": b" " * 60_000_000}), "bomb")
    yield Hostile("slides.pptx", _zip({"ppt/presentation.xml": b"<p/>"}), "slides")


def _zip(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _make_archives(page: bytes) -> Iterator[Hostile]:
    yield Hostile("names.zip", _zip({"../../etc/a\nb.html": page}), None)
    yield Hostile("bomb.zip", _zip({"a.txt": b"0" * (80 * 2**20)}), "bomb")
    nested = page
    for _ in range(6):
        nested = _zip({"inner.zip" if nested[:2] == b"PK" else "a.html": nested})
    yield Hostile("nested.zip", nested, "deep")
    yield Hostile("many.zip", _zip({f"{number}.txt": b"" for number in range(2_500)}), "files")
    yield Hostile("truncated.zip", _zip({"a.html": page})[:200], "damaged|cut off")
    yield Hostile("empty.zip", _zip({}), "no file")
    yield Hostile("program.zip", _zip({"setup.exe": b"MZ\0\0" + b"\0" * 99}), "program")


def _make_pictures() -> Iterator[Hostile]:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    yield Hostile("huge.png", b"\x89PNG\r\n\x1a\n" + chunk + b"\0" * 40, "pixels|damaged|gongkai")
    yield Hostile("stub.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 40, "damaged|gongkai")
    yield Hostile("stub.tif", b"II*\0" + b"\xff" * 40, "damaged|gongkai")


# ---- formats of one country and of free offices, archives of servers, objects -----------------------------


def _make_ofd(report: Document) -> Iterator[Hostile]:
    whole = lay_out_ofd(report, Layout(size=9))
    yield Hostile("whole.ofd", whole, None)
    yield Hostile("truncated.ofd", whole[: len(whole) // 2], "damaged|cut off")
    yield Hostile("bomb.ofd", _one_page(" " * (60 * 2**20)), "bomb|bytes")
    yield Hostile("no_pages.ofd", _change(whole, "Pages/Page", None), "no page")
    yield Hostile("no_document.ofd", _change(whole, "Document.xml", None), "names no document")
    yield Hostile(
        "climbs.ofd", _change(whole, "OFD.xml", ("Doc_0/Document", "../../etc/passwd")), "names no document"
    )
    yield Hostile("empty_page.ofd", _one_page(""), "neither text")
    yield Hostile("locked.ofd", _zip({"OFD.xml": b"\x8f\x01", "Encryptions.xml": b"<e/>"}), "encrypted")
    yield Hostile(
        "entities.ofd", _zip({"OFD.xml": (ENTITIES + "<OFD>&j;</OFD>").encode()}), "names no document|XML"
    )
    yield Hostile(
        "mimetype.ofd", _zip({"mimetype": b"application/pdf", "OFD.xml": b"<OFD/>"}), "names no document"
    )
    yield from _make_ofd_pages()


def _make_ofd_pages() -> Iterator[Hostile]:
    """Single pages that are small and stand for much."""
    text = '<TextObject Boundary="0 0 200 9" Size="4"><TextCode X="1" Y="4" {}>{}</TextCode></TextObject>'
    line = '<PathObject Boundary="0 0 200 9"><AbbreviatedData>M 0 0 {}</AbbreviatedData></PathObject>'
    again = '<CompositeObject ResourceID="1" Boundary="0 0 9 9"/>' * 40
    yield Hostile(
        "steps.ofd", _one_page(text.format('DeltaX="g 999999999999 1"', "公开" * 30_000)), "report|characters"
    )
    yield Hostile("outside.ofd", _one_page(text.format("", "&a;"), head=OUTSIDE), ".*")
    yield Hostile("deep.ofd", _one_page("<PageBlock>" * 5_000 + "</PageBlock>" * 5_000), "XML")
    yield Hostile("objects.ofd", _one_page(text.format("", "公") * 90_000), "text|report")
    yield Hostile("lines.ofd", _one_page(line.format("L 9 9 M 3 3 " * 30_000) * 9), "neither text")
    yield Hostile("drawings.ofd", _one_page(again, drawing=again), "neither text")
    odd = text.format('DeltaX="nan inf -1e999 g g 1e99 x"', "公开信息").replace(
        'Size="4"', 'Size="1e9" CTM="inf 0 0 nan 1 1"'
    )
    yield Hostile("numbers.ofd", _one_page(odd + odd.replace('"1e9"', '"-3"')), "neither text|report")
    yield Hostile("huge_paper.ofd", _one_page(text.format("", "公开"), box="0 0 1e30 1e30"), "Chinese|report")
    many = "".join(f'<Page ID="{number}" BaseLoc="P.xml"/>' for number in range(400))
    yield Hostile("pages.ofd", _one_page("", pages=many), "pages")
    full = "".join(text.format("", "公开信息" * 5_000) for _ in range(2))
    yield Hostile(
        "dense.ofd", _one_page(full, pages='<Page BaseLoc="P.xml"/>' * 30), "characters|more than 20 s"
    )


def _one_page(
    content: str, *, head: str = "", drawing: str = "", box: str = "0 0 210 297", pages: str = ""
) -> bytes:
    """An OFD file of a page, in the barest form."""
    pages = pages or '<Page ID="1" BaseLoc="P.xml"/>'
    resources = (
        f'<Res><G><CompositeGraphicUnit ID="1"><Content>{drawing}</Content></CompositeGraphicUnit></G></Res>'
    )
    return _zip(
        {
            "OFD.xml": b"<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>",
            "D.xml": f"<Document><CommonData><PageArea><PhysicalBox>{box}</PhysicalBox></PageArea><PublicRes>R.xml"
            f"</PublicRes></CommonData><Pages>{pages}</Pages></Document>".encode(),
            "R.xml": resources.encode(),
            "P.xml": f"{head}<Page><Content><Layer>{content}</Layer></Content></Page>".encode(),
        }
    )


def _change(data: bytes, part: str, change: tuple[str, str] | None) -> bytes:
    """A container with words of some parts replaced, or without these parts."""
    made: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        for name in source.namelist():
            if part not in name:
                made[name] = source.read(name)
            elif change is not None:
                made[name] = source.read(name).replace(*(one.encode() for one in change))
    return _zip(made)


def _make_ods(report: Document) -> Iterator[Hostile]:
    whole = ods(report)
    row = "<table:table-row {}>{}</table:table-row>"
    many, wide = 'table:number-rows-repeated="99999999999"', 'table:number-columns-repeated="99999999999"'
    one = '<table:table-cell office:value-type="float" office:value="1" {}/>'
    over = 'table:number-rows-spanned="99999999" table:number-columns-spanned="99999999"'
    yield Hostile("whole.ods", whole, None)
    yield Hostile("truncated.ods", whole[: len(whole) // 2], "damaged|cut off")
    yield Hostile("bomb.ods", pack_odf(" " * (60 * 2**20)), "bomb|bytes")
    yield Hostile("entities.ods", pack_odf(ENTITIES + workbook(sheet("")).partition("?>")[2]), "empty|XML")
    yield Hostile("outside.ods", pack_odf(OUTSIDE + workbook(sheet("&a;")).partition("?>")[2]), "empty|XML")
    yield Hostile("no_content.ods", _zip({"mimetype": SPREADSHEET.encode()}), "content.xml")
    yield Hostile("mimetype.ods", pack_odf("<office/>"), "holds no spreadsheet")
    yield Hostile("repeats.ods", pack_odf(workbook(sheet(row.format(many, one.format(wide))))), "cells")
    yield Hostile(
        "merged.ods", pack_odf(workbook(sheet(row.format(many, one.format(f"{wide} {over}"))))), "cells"
    )
    yield Hostile("sheets.ods", pack_odf(workbook(sheet(row.format(many, one.format(""))) * 500)), "cells")
    yield Hostile(
        "spans.ods",
        pack_odf(workbook(sheet(row.format('table:number-rows-repeated="2999"', one.format(over))))),
        "merged|cells|report",
    )
    yield Hostile(
        "numbers.ods",
        pack_odf(workbook(sheet(row.format("", one.format("").replace('"1"', '"1e999"') * 9)))),
        "report|Chinese",
    )
    yield Hostile("deep.ods", pack_odf(workbook(sheet("<table:table-row-group>" * 9_000))), "XML")
    yield Hostile(
        "locked.ods", pack_odf("\x00\x9f", manifest="<manifest><encryption-data/></manifest>"), "password"
    )


def _make_odt() -> Iterator[Hostile]:
    """Texts of OpenDocument: a report among them, and what is small and stands for much."""
    lines = ("青石镇2022年政府信息公开工作年度报告", "一、总体情况", "全年主动公开政府信息88条。")
    report = "".join(f"<text:p>{line}</text:p>" for line in lines)
    nest = "<text:list><text:list-item>{}</text:list-item></text:list>"
    deep = report
    for _ in range(60):
        deep = nest.format(deep)
    cell = "<table:table-cell {}><text:p>1</text:p></table:table-cell>"
    row = f"<table:table-row>{cell.format('')}</table:table-row>"
    over = 'table:number-rows-spanned="999999" table:number-columns-spanned="999999"'
    blanks = '<text:p><text:s text:c="999999999"/></text:p>' * 2_000
    tables = {
        "wide": f'<table:table-row>{cell.format("""table:number-columns-repeated="99999999" """)}</table:table-row>',
        "many": row * 250_000,
        "merged": f"<table:table-row>{cell.format(over) * 9}</table:table-row>" * 9,
    }
    for name, rows in tables.items():
        must = {"wide": "columns", "many": "cells|bomb"}.get(name)
        yield Hostile(f"{name}.odt", _pack_odt(f"{report}<table:table>{rows}</table:table>"), must)
    yield Hostile("whole.odt", _pack_odt(report), None)
    yield Hostile("truncated.odt", _pack_odt(report)[:300], "damaged|cut off")
    yield Hostile("bomb.odt", pack_odf(" " * (60 * 2**20), _ODT), "bomb|bytes")
    yield Hostile("entities.odt", pack_odf(ENTITIES + "<office>&j;</office>", _ODT), "holds no text|XML")
    yield Hostile("deep.odt", _pack_odt("<text:p><text:span>" * 9_000), "XML")
    yield Hostile("lists.odt", _pack_odt(deep), None)
    yield Hostile("blanks.odt", _pack_odt(report + blanks), None)
    itself = {"Object 1/content.xml": b"<a/>", "content.xml/content.xml": b"<a/>"}
    framed = '<text:p><draw:frame><draw:object xlink:href="{}"/></draw:frame></text:p>'
    inside = "".join(framed.format(place) for place in ("./", "..", "./Object 1", "/etc/passwd")) * 50
    yield Hostile("itself.odt", _pack_odt(report + inside, itself), None)
    yield Hostile("sheet_as_text.odt", pack_odf(workbook(sheet("")), _ODT), "holds no text")
    yield Hostile("locked.odt", pack_odf("x", _ODT, manifest="<m><encryption-data/></m>"), "password")


_ODT = "application/vnd.oasis.opendocument.text"


def _pack_odt(body: str, extra: dict[str, bytes] | None = None) -> bytes:
    content = (
        f'<office:document-content {SPACES} xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text>{body}'
        "</office:text></office:body></office:document-content>"
    )
    return pack_odf(content, _ODT, extra)


def _make_tars(page: bytes) -> Iterator[Hostile]:
    whole = write_tar({"a.html": page})
    yield Hostile("whole.tar", whole, None)
    yield Hostile("whole.tgz", gzip.compress(whole), None)
    yield Hostile("names.tar", write_tar({"../../etc/a\nb.html": page}), None)
    yield Hostile("truncated.tar", whole[:700], "cut off")
    yield Hostile("truncated.tgz", gzip.compress(whole)[:200], "cut off|report|kind|text")
    yield Hostile("bomb.tgz", gzip.compress(b"\0" * (300 * 2**20)), "bomb|zero|binary")
    yield Hostile("bomb_inside.tgz", gzip.compress(write_tar({"a.txt": b"0" * (80 * 2**20)})), "bomb")
    nested = page
    for depth in range(6):
        nested = gzip.compress(write_tar({"inner.tgz" if depth else "a.html": nested}))
    yield Hostile("nested.tgz", nested, "deep")
    yield Hostile("many.tar", write_tar({f"{number}.txt": b"" for number in range(2_500)}), "files")
    yield Hostile("empty.tar", write_tar({"a.css": b"p {}"}), "no file")
    yield Hostile("endless.tar", _mark(whole, 124, b"\xff" * 12), "damaged|endless|cut off")
    yield Hostile("sparse.tar", _mark(_mark(whole, 156, b"S"), 483, b"77777777777\0"), "sparse|damaged")
    yield Hostile("link.tar", _mark(whole, 156, b"2/etc/passwd"), "cut off")
    yield Hostile("quine.tgz", gzip.compress(gzip.compress(gzip.compress(whole))), "archive|report|kind")


def _mark(data: bytes, at: int, content: bytes) -> bytes:
    """A tar archive whose first head has other bytes at a place, its sum made right."""
    head = bytearray(data[:512])
    head[at : at + len(content)] = content
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + data[512:]


def _make_objects() -> Iterator[Hostile]:
    """Word files with what is set into them: a report is not lost for it."""
    lines = ("青石镇2022年政府信息公开工作年度报告", "一、总体情况", "全年主动公开政府信息88条。")
    body = "".join(map(docx_paragraph, lines)) + set_in(0)
    report = exact_grids(fill_form("2021", 3))
    loop = bytearray(write_compound({"Package": b"x" * 9000}))
    loop[512 * (1 + 18 + 1) :] = b"\x01\0\0\0" * 128
    inner = pack_objects(body, {"a.docx": pack_docx(docx_body(report))})
    files = {
        "bomb": _zip({"xl/workbook.xml": b"<w/>", "xl/x.xml": b" " * 60_000_000}),
        "entities": _zip({"xl/workbook.xml": (ENTITIES + "<workbook>&j;</workbook>").encode()}),
        "truncated": xlsx(report)[:3000],
        "empty": b"",
        "noise": OLE + bytes(range(256)) * 20,
        "loop": bytes(loop),
        "stub": write_compound({"Workbook": b"\x09\x08"}),
        "locked": write_compound({"EncryptedPackage": b"x"}),
        "itself": inner,
        "program": b"MZ\0\0" + b"\0" * 99,
    }
    for name, data in files.items():
        yield Hostile(f"object_{name}.docx", pack_objects(body, {"a.bin": data}), None)
    yield Hostile("objects.docx", pack_objects(body + set_in(0) * 3_000, {"a.xlsx": xlsx(report)}), None)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for hostile in make_hostile():
        (folder / hostile.name).write_bytes(hostile.data)
