"""Statutory tables: the same numbers out of every layout, nothing guessed where a layout loses them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import layouts
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from layouts import KEEPS_BLANKS, LAYOUTS, LOSES_BLANKS, Filled, fill_form
from linear import assert_linear

from extract.normalise import normalise
from extract.read.text import read_blocks
from extract.report import Document, Paragraph, Tables, Text
from extract.sections import find_sections
from extract.tables import read_tables
from extract.tables.outline import draw_outline

CASES = tomllib.loads((Path(__file__).parent / "cases" / "tables.toml").read_text("utf-8"))["case"]
EDITIONS = ("2019", "2021")
FAULTS = {
    "none": lambda filled: filled,
    "noughts": lambda filled: layouts.some_noughts(filled, "0", share=0.9),
    "slash": lambda filled: layouts.some_noughts(filled, "/"),
    "dash": lambda filled: layouts.some_noughts(filled, "—"),
    "words": lambda filled: layouts.some_noughts(filled, "无"),
    "wide": layouts.full_width,
    "signed": layouts.signed_changes,
    "no_row": lambda filled: layouts.row_missing(filled, "requests", "denied.internal_affairs"),
    "no_band_row": lambda filled: layouts.row_missing(filled, "proactive", "penalties"),
    "subtotal": lambda filled: replace(filled, subtotal=True),
    "groups": lambda filled: replace(filled, groups=True),
    "group_ends": lambda filled: replace(filled, group_end="小计"),
    "group_sums": lambda filled: replace(filled, group_end="合计", subtotal=True),
    "total_renamed": layouts.total_renamed,
    "total_renamed_subtotal": lambda filled: layouts.total_renamed(replace(filled, subtotal=True)),
    "thousands": layouts.thousands,
    "notes": layouts.local_notes,
    "extra": lambda filled: replace(filled, extra=True),
}


def read(source: str | Document) -> tuple[Text, Tables]:
    """The tables of a text file's content, or of a document, by the steps of the program."""
    document = source if isinstance(source, Document) else Document(tuple(read_blocks(source)))
    text = normalise(document)
    return text, read_tables(text, find_sections(text))


def wrong_cells(filled: Filled, tables: Tables) -> dict[str, tuple[float | None, float | None]]:
    """Cells whose value is neither the expected one nor None: expected and read."""
    read_values = {cell.id: cell.value for cell in tables.cells}
    pairs = {key: (value, read_values.get(key)) for key, value in filled.values.items()}
    return {key: pair for key, pair in pairs.items() if pair[1] is not None and pair[0] != pair[1]}


def lost_cells(filled: Filled, tables: Tables) -> set[str]:
    """Cells that hold a number and were read as None."""
    read_values = {cell.id: cell.value for cell in tables.cells}
    return {key for key, value in filled.values.items() if value is not None and read_values.get(key) is None}


def check_offsets(text: Text, tables: Tables) -> None:
    for cell in tables.cells:
        if cell.start is not None:
            assert text.text[cell.start : cell.end] == cell.raw
    for label in tables.labels:
        assert text.text[label.start : label.end]
    assert all(one[1] <= two[0] for one, two in zip(tables.spans, tables.spans[1:]))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_cell_of_every_layout(edition, layout, fault):
    """Each number is read where it belongs, whatever the layout and what is printed for nought."""
    filled = FAULTS[fault](fill_form(edition, 11))
    text, tables = read(LAYOUTS[layout](filled))
    assert tables.form == edition
    assert [cell.id for cell in tables.cells] == list(filled.form.cell_ids())
    assert not wrong_cells(filled, tables)
    assert not lost_cells(filled, tables)
    check_offsets(text, tables)


@pytest.mark.parametrize("layout", KEEPS_BLANKS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("edition", EDITIONS)
def test_blank_cells_keep_their_place(edition, share, layout):
    """A blank is None, its neighbours keep their columns; what a layout leaves open is None with a doubt."""
    for seed in range(4):
        filled = layouts.some_noughts(fill_form(edition, seed), "", share=share, seed=seed)
        _, tables = read(LAYOUTS[layout](filled))
        assert not wrong_cells(filled, tables)
        doubtful = {ident for doubt in tables.doubts for ident in doubt.cells}
        lost = lost_cells(filled, tables)
        assert lost <= doubtful
        assert len(lost) <= 0.05 * len(filled.values)


@pytest.mark.parametrize("layout", LOSES_BLANKS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_lost_blanks_are_never_guessed(edition, layout):
    """Where blanks leave no trace a row with too few numbers is None, and a doubt names its cells."""
    for seed in range(4):
        filled = layouts.some_noughts(fill_form(edition, seed), "", share=0.5, seed=seed)
        _, tables = read(LAYOUTS[layout](filled))
        assert not wrong_cells(filled, tables)
        doubtful = {ident for doubt in tables.doubts for ident in doubt.cells}
        assert lost_cells(filled, tables) <= doubtful


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("trim", [False, True])
@pytest.mark.parametrize("share", [0, 0.5, 0.9])
def test_torn_rows_are_never_guessed(seed, trim, share):
    """A row that lost its end, or a cell inside, gives no number to the wrong column."""
    filled = layouts.some_noughts(fill_form(EDITIONS[seed % 2], seed), "0", share=share, seed=seed)
    lines = layouts.tab_rows(filled, trim=trim).split("\n")
    torn = [number for number, line in enumerate(lines) if re.search(r"(?:\t\d+){7}$", line)][seed * 2]
    cells = lines[torn].split("\t")
    for lost in range(1, 7):
        for kept in (cells[:-lost], cells[: -lost - 1] + cells[-lost:]):
            _, tables = read("\n".join([*lines[:torn], "\t".join(kept), *lines[torn + 1 :]]))
            assert not wrong_cells(filled, tables)


@pytest.mark.parametrize("edition", EDITIONS)
def test_turned_tables_that_lost_a_cell_are_never_guessed(edition):
    """Neither a head nor a number that is gone moves the others under labels that are not theirs."""
    filled = fill_form(edition, 5)
    lines = layouts.requests_turned_tabs(filled).split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith(layouts.RULE))
    for torn in range(first, first + 10):
        cells = lines[torn].split("\t")
        for lost in range(0, len(cells), 3):
            kept = "\t".join(cells[:lost] + cells[lost + 1 :])
            _, tables = read("\n".join([*lines[:torn], kept, *lines[torn + 1 :]]))
            assert not wrong_cells(filled, tables)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("share", [0, 0.4])
def test_what_is_remembered_changes_no_answer(layout, share):
    """A report read by the plan of another, with other numbers and prose, is read as if it were alone."""
    for seed in range(3):
        for mark in ("", "/", "0"):
            filled = layouts.some_noughts(fill_form("2021", seed), mark, share=share, seed=5)
            source = LAYOUTS[layout](filled)
            if isinstance(source, str):
                source = source.replace(layouts.PROSE, layouts.PROSE * (seed + 1))
            document = source if isinstance(source, Document) else Document(tuple(read_blocks(source)))
            text = normalise(document)
            sections = find_sections(text)
            assert read_tables(text, sections) == read_tables(text, sections, remember=False)


def test_an_outline_holds_no_number_and_no_prose():
    """Reports that differ in numbers and running text have one outline; blank cells and labels count."""

    def key(source: str) -> tuple[object, ...]:
        text = normalise(Document(tuple(read_blocks(source))))
        return draw_outline(text, find_sections(text)).key

    one, two = (layouts.tab_rows(fill_form("2021", seed)) for seed in (1, 2))
    assert key(one) == key(two) == key(one.replace(layouts.PROSE, "全年平稳。\n" * 3))
    assert key(one) != key(layouts.tab_rows(layouts.some_noughts(fill_form("2021", 1), "", share=0.1)))
    assert key(one) != key(one.replace("行政许可\t", "行政许可事项\t"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 10**6), st.sampled_from(EDITIONS), st.sampled_from(sorted(LAYOUTS)), st.integers(1, 10**7)
)
def test_cells_survive_another_layout(seed, edition, layout, most):
    """Any balanced numbers come out of any layout as they went in."""
    filled = fill_form(edition, seed, most=most)
    _, tables = read(LAYOUTS[layout](filled))
    assert {cell.id: cell.value for cell in tables.cells} == filled.values


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_cases(case):
    """Tables met or to be expected, each with what reading says of the cells that matter."""
    text, tables = read(case["text"])
    values = {cell.id: cell.value for cell in tables.cells}
    for ident, value in case.get("cells", {}).items():
        assert values.get(ident, "absent") == (None if value == "null" else value), ident
    assert tables.form == case.get("form", tables.form)
    misprints = {label.printed for label in tables.labels if label.misprinted}
    assert misprints == set(case.get("misprinted", ()))
    doubtful = {ident for doubt in tables.doubts for ident in doubt.cells}
    assert set(case.get("doubtful", ())) <= doubtful
    covered = " ".join(text.text[start:end] for start, end in tables.spans)
    assert all(part in covered for part in case.get("table", ()))
    assert not any(part in covered for part in case.get("narrative", ()))
    assert list(case.get("unitless", ())) == list(tables.unitless)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_spans_are_the_tables_and_nothing_else(layout):
    """Captions, headers and notes lie in the spans; headings and running text do not."""
    text, tables = read(LAYOUTS[layout](fill_form("2021", 5)))
    covered = "".join(text.text[start:end] for start, end in tables.spans)
    outside = text.text
    for start, end in reversed(tables.spans):
        outside = outside[:start] + outside[end:]
    for label in ("规章", "结转下年度继续办理" if layout != "misprinted_tabs" else "上年结转", "行政处罚"):
        assert label in covered
    assert "本年新收政府信息公开申请数量" not in outside
    assert "结果维持" not in outside.replace("结果维持2件", "")
    for sentence in (
        layouts.PROSE,
        "存在公开内容不够全面" if "存在公开" in text.text else "公开内容不够全面",
    ):
        assert sentence in outside


@pytest.mark.parametrize("edition", EDITIONS)
def test_slips_of_the_pen_are_told(edition):
    """Every misprinted label is read and named as such, and no other."""
    _, tables = read(LAYOUTS["misprinted_tabs"](fill_form(edition, 2)))
    found = {(label.printed, label.statutory) for label in tables.labels if label.misprinted}
    assert len(found) == len(layouts.SLIPS)
    assert all(any(slip in printed for slip in layouts.SLIPS.values()) for printed, _ in found)
    _, clean = read(LAYOUTS["tab_rows"](layouts.local_notes(fill_form(edition, 2))))
    assert not any(label.misprinted for label in clean.labels)


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        alphabet="一二（）()、.0123456789 \t|\n/-—规章行政许可信息内容自然人总计其他结果维持复议件万元第项",
        max_size=300,
    )
)
def test_no_string_crashes(source):
    """Whatever stands there, reading answers, with offsets that hold."""
    text, tables = read(source)
    check_offsets(text, tables)
    assert tables == read_tables(text, find_sections(text), remember=False)


def test_time_is_linear_in_the_length():
    """Lines of many brackets, digits or words take no more than their share."""
    for piece in ("（", "1", "0 ", "规章 ", "（一", "本年新 "):

        def prepare(length: int, piece: str = piece):
            line = piece * (length // len(piece))
            text = normalise(Document((Paragraph("二、主动公开政府信息情况"), Paragraph(line))))
            sections = find_sections(text)
            return lambda: read_tables(text, sections, remember=False)

        assert_linear(prepare, 100_000)


@pytest.mark.shared
def test_the_real_reports(real_reports):
    """The five real reports: editions, misprints, and every cell that is not nought."""
    found = {name: read(path.read_text("utf-8"))[1] for name, path in real_reports.items()}
    assert {name: tables.form for name, tables in found.items()} == {
        "000": "2019",
        "001": "2019",
        "002": "2019",
        "003": "2019",
        "004": "2021",
    }
    assert {name: len(tables.cells) for name, tables in found.items()} == dict.fromkeys(
        ["000", "001", "002", "003"], 198
    ) | {"004": 200}
    odd = {
        (name, cell.id): cell.value
        for name, tables in found.items()
        for cell in tables.cells
        if cell.value != 0
    }
    torn = ("natural_person", "commercial", "research", "public_welfare", "legal_service", "other")
    assert odd == {("002", f"requests.granted.{column}"): None for column in torn} | {
        ("003", "proactive.procurement.projects"): 4,
        ("003", "proactive.procurement.amount"): 5.419,
    }
    misprints = {
        (name, label.id) for name, tables in found.items() for label in tables.labels if label.misprinted
    }
    assert misprints == {("001", "granted_in_part"), ("004", "repealed")}
    assert not any(tables.unitless for tables in found.values())
