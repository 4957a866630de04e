"""Archives beside ZIP: tar and tar packed by gzip are read as that is, and stay within the same bounds."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import pytest
from renderings import bordered_docx, write_tar, xlsx
from whole_reports import essence, load_whole, read_back, write_text

from extract.errors import UnreadableFile
from extract.pipeline import describe_source, parse, parse_document
from extract.read import read_documents
from extract.read.packed import list_entries
from extract.report import Document, Grid, Paragraph

WHOLE = load_whole("county_paragraphs")
PAGE = "<h1>青石镇2022年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>全年公开信息412条。</p>".encode()


def names_of(data: bytes) -> list[str | None]:
    return [name for name, _ in read_documents(data, "x")]


def reasons_of(data: bytes) -> list[str]:
    return [found.reason for _, found in read_documents(data, "x") if isinstance(found, UnreadableFile)]


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["tar", "tgz"])
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_report_in_an_archive_is_the_report(pack, form):
    data = pack(write_tar({"2022年/年报.docx": bordered_docx(WHOLE.document)}, form=form))
    wanted = essence(parse_document(WHOLE.document, describe_source(b"", "x", WHOLE.document)))
    report = read_back(data)
    assert essence(report) == wanted
    assert report.source.member == "2022年/年报.docx"


def test_an_annex_is_joined_with_its_report():
    text = Document(tuple(block for block in WHOLE.document.blocks if isinstance(block, Paragraph)))
    tables = Document(tuple(block for block in WHOLE.document.blocks if isinstance(block, Grid)))
    data = gzip.compress(write_tar({"a/年报正文.txt": write_text(text), "a/年报附表.xlsx": xlsx(tables)}))
    assert names_of(data) == ["a/年报正文.txt"]
    assert {cell.id: cell.value for cell in read_back(data).cells} == WHOLE.cells


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT])
def test_names_are_those_that_their_maker_wrote(encoding, form):
    data = write_tar({"㐀镇/二〇二二年年报.html": PAGE}, encoding=encoding, form=form)
    assert names_of(data) == ["㐀镇/二〇二二年年报.html"]


def test_a_name_is_never_a_place():
    data = write_tar({"../../etc/年报.html": PAGE, "/root/b.html": PAGE, "c:\\d.html": PAGE, "\n.html": PAGE})
    assert sorted(map(str, names_of(data))) == [" .html", "c:/d.html", "etc/年报.html", "root/b.html"]


def test_links_and_devices_are_passed_over():
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            info = tarfile.TarInfo(f"kind{kind!r}")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("a.html")
        info.size = len(PAGE)
        archive.addfile(info, io.BytesIO(PAGE))
    assert names_of(packed.getvalue()) == ["a.html"]


def test_archives_nest_in_one_another():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("b.tar.gz", gzip.compress(write_tar({"c.html": PAGE})))
        archive.writestr("d.html.gz", gzip.compress(PAGE))
    assert names_of(write_tar({"a.zip": packed.getvalue()})) == ["a.zip/b.tar.gz/c.html", "a.zip/d.html.gz"]


def test_too_deep_is_too_deep():
    data = PAGE
    for depth in range(6):
        data = gzip.compress(write_tar({f"a{depth}.tgz" if depth else "a.html": data}))
    assert reasons_of(data) == ["archives within archives, more than 3 deep: unpack them first"]


def test_a_cut_archive_gives_what_is_whole_and_says_so():
    data = write_tar({"a.html": PAGE, "b.html": PAGE * 20, "c.html": PAGE})
    whole = list(read_documents(data[:2_000], "x"))
    assert [name for name, found in whole if isinstance(found, Document)] == ["a.html"]
    assert reasons_of(data[:2_000]) == ["is cut off in its archive: fetch it again"]
    at = data.index(b"c.html") + 40
    assert reasons_of(data[:at]) == ["the archive is damaged or cut off from here on: fetch it again"]
    assert reasons_of(gzip.compress(data)[:-30]) == reasons_of(data[:at]) or names_of(
        gzip.compress(data)[:-30]
    )


def test_bounds_are_those_of_zip():
    assert "files in the archive" in reasons_of(write_tar({f"{at}.txt": b"" for at in range(2_100)}))[0]
    assert "bomb" in reasons_of(gzip.compress(write_tar({"a.txt": b"0" * (6 * 2**20)})))[0]
    assert reasons_of(write_tar({"a.css": b"p {}"})) == ["the archive holds no file that could be a report"]


def test_sizes_below_nought_do_not_lead_back_for_ever():
    data = bytearray(write_tar({"a.html": PAGE, "b.html": PAGE}))
    at = data.index(b"b.html")
    data[at + 124 : at + 136] = b"\xff" * 10 + (-1024).to_bytes(2, "big", signed=True)
    head = bytes(data[at : at + 148]) + b" " * 8 + bytes(data[at + 156 : at + 512])
    data[at + 148 : at + 156] = b"%06o\0 " % sum(head)
    assert reasons_of(bytes(data))


def test_sparse_files_are_refused():
    info = tarfile.TarInfo("a.txt")
    info.type, info.size = tarfile.GNUTYPE_SPARSE, 512
    head = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    head[386:410] = b"00000000000\0" + b"00000001000\0"
    head[483:495] = b"77777777777\0"
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    assert reasons_of(bytes(head) + b"0" * 512 + b"\0" * 1024) == ["is a sparse file: unpack it first"]


def test_one_report_is_asked_of_an_archive_by_the_command():
    for data in (write_tar({"a.html": PAGE}), gzip.compress(write_tar({"a.html": PAGE}))):
        with pytest.raises(UnreadableFile, match="give it to the command"):
            parse(data)


def test_many_folders_cost_no_memory():
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for at in range(5_000):
            info = tarfile.TarInfo(f"folder{at}")
            info.type = tarfile.DIRTYPE
            archive.addfile(info)
    assert list_entries(packed.getvalue(), "application/x-tar", "x") == []
