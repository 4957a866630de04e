"""Tables of texts whose cells are parted by signs that prose has too, or whose heads lost their places."""

from __future__ import annotations

import layouts
import pytest
from layouts import fill_form
from test_tables import lost_cells, read, wrong_cells

from extract.read.parted_rows import part_rows
from extract.read.text import read_blocks
from extract.report import Grid

PROSE = """（一）主动公开，全年公开规范性文件，共 12
（二）依申请公开，收到自然人申请，共 8
（三）行政许可，办理，其中延期，共 3
一是规范性文件，二是行政许可，三是行政处罚，共 6 类；
规章，3，规范性文件，2
公开行政许可、行政处罚、自然人信息，分别为12、34、56、78条
2019、2020、2021，三年，12"""


@pytest.mark.parametrize("edition", ["2019", "2021"])
@pytest.mark.parametrize("sign", list("；;，、"))
def test_a_sign_for_each_tab_reads_like_the_tabs(edition: str, sign: str) -> None:
    """Whatever stands between the cells, the numbers are those of the table."""
    for seed in range(2):
        filled = fill_form(edition, seed)
        _, tables = read(layouts.tab_rows(filled).replace("\t", sign))
        assert not wrong_cells(filled, tables)
        assert not lost_cells(filled, tables)


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_rows_of_commas_may_have_lost_their_blank_ends(edition: str) -> None:
    """The rows have as many cells as each has numbers."""
    filled = fill_form(edition, 4)
    lines = layouts.tab_rows(filled).split("\n")
    _, tables = read("\n".join(line.rstrip("\t").replace("\t", ",") for line in lines))
    assert not wrong_cells(filled, tables)
    assert not lost_cells(filled, tables)


def test_a_sheet_with_line_ends_in_quotes_stays_whole() -> None:
    """Its rows are no lines, so that the lengths of its lines say nothing."""
    sheet = (
        '行政许可,41,7,20\n行政处罚,12,3,9\n"采购\n项目数量",本年增减,"总金额\n（万元）"\n政府集中采购,6,12.5\n'
        "规范性文件,3,1,8,2\n行政强制,2"
    )
    assert part_rows(sheet.split("\n"), sheet) == sheet.split("\n")
    bare = sheet.replace('"', "")
    assert part_rows(bare.split("\n"), bare) != bare.split("\n")


@pytest.mark.parametrize("sign", list("；;，、,"))
def test_a_row_that_lost_a_cell_is_not_guessed(sign: str) -> None:
    """No number comes to stand under another label."""
    filled = fill_form("2021", 3)
    lines = layouts.tab_rows(filled).split("\n")
    rows = [at for at, line in enumerate(lines) if line.count("\t") > 6 and line[-1].isdecimal()]
    for at in rows[2:20:5]:
        cells = lines[at].split("\t")
        for lost in (1, 3, 5):
            torn = [*lines[:at], "\t".join(cells[:-lost] + cells[len(cells) - lost + 1 :]), *lines[at + 1 :]]
            _, tables = read("\n".join(torn).replace("\t", sign))
            assert not wrong_cells(filled, tables)


def test_the_comma_of_decimals_in_a_sheet_of_semicolons() -> None:
    """Where a comma parts fewer or more than three digits, it parts decimals in the whole sheet."""
    content = "信息内容;采购项目数量;采购总金额\n政府集中采购;12;81,5\n行政许可;3;0\n行政处罚;4;7"
    assert part_rows(content.split("\n"), content)[1].split("\t") == ["政府集中采购", "12", "81.5"]


def test_numbers_with_units_stand_in_sheets() -> None:
    """Each number is a cell, whatever quotation marks and unit it has."""
    content = '行政许可,"1,205件"\n行政处罚,64件,3件\n行政强制,7件\n信息内容,数量'
    parted = part_rows(content.split("\n"), content)
    assert [line.rstrip("\t").split("\t") for line in parted[:2]] == [
        ["行政许可", "1,205件"],
        ["行政处罚", "64件", "3件"],
    ]


@pytest.mark.parametrize("line", PROSE.split("\n"))
def test_prose_has_no_rows(line: str) -> None:
    """Sentences that end in numbers stay sentences, even where several stand one below the other."""
    lines = [line, line.replace("，", "；"), f"{line}。", line]
    assert part_rows(lines, "\n".join(lines)) == lines
    assert not any(isinstance(block, Grid) for block in read_blocks(PROSE))


@pytest.mark.parametrize("sign", [",", "，"])
def test_the_commas_of_thousands_part_no_cells(sign: str) -> None:
    """A number behind a blank, or alone on its line, is one number."""
    content = "行政许可 2,951,407\n行政处罚 311,628\n规章\n1,402,377\n自然人 6,204".replace(",", sign)
    assert part_rows(content.split("\n"), content) == content.split("\n")


def turned_without_blanks(edition: str, seed: int) -> tuple[layouts.Filled, list[str], int]:
    """The second table turned, as lines whose blank cells left no trace, and the line it begins in."""
    filled = fill_form(edition, seed)
    lines = layouts.requests_turned_tabs(filled).split("\n")
    first = next(at for at, line in enumerate(lines) if line.startswith(layouts.RULE))
    lines[first:] = ["\t".join(filter(None, line.split("\t"))) for line in lines[first:]]
    return filled, lines, first


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_a_turned_table_whose_heads_lost_their_places(edition: str) -> None:
    """The heads name every row of the form in its order, so each number has one."""
    for seed in (3, 8):
        filled, lines, _ = turned_without_blanks(edition, seed)
        _, tables = read("\n".join(lines))
        assert not wrong_cells(filled, tables)
        assert not {cell for cell in lost_cells(filled, tables) if cell.startswith("requests")}


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_a_turned_table_without_places_that_lost_a_cell_is_not_read(edition: str) -> None:
    """Neither a head, a number nor a label may be missing, and no two heads have changed places."""
    filled, lines, first = turned_without_blanks(edition, 5)
    for torn in range(first, first + 10):
        cells = lines[torn].split("\t")
        for at in range(0, len(cells), 3):
            swapped = (
                [*cells[:at], *reversed(cells[at : at + 2]), *cells[at + 2 :]] if torn < first + 3 else []
            )
            for kept in (cells[:at] + cells[at + 1 :], swapped):
                if kept:
                    _, tables = read("\n".join([*lines[:torn], "\t".join(kept), *lines[torn + 1 :]]))
                    assert not wrong_cells(filled, tables)
