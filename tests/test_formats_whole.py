"""Whole reports in every kind of file: the same cells, sections and units, and the cells are those drawn."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from renderings import office
from whole_reports import (
    OFFICE_WRITERS,
    POORER_WRITERS,
    WHOLE,
    WRITERS,
    Whole,
    essence,
    load_all,
    load_whole,
    read_back,
    write_by_office,
)

from extract.pipeline import describe_source, parse_document
from extract.report import Report

SAMPLE = ("city_review3", "district_subtotals", "stat2014", "blind/paren_top")  # of every edition
REACHED_BY_OFFICE = ("doc", "rtf")  # kinds that the reader turns into .docx by LibreOffice

Made = Callable[[str, tuple[str, ...]], dict[str, bytes]]


def expected(whole: Whole) -> Report:
    """The report from its blocks, without any kind of file."""
    return parse_document(whole.document, describe_source(b"", "report", whole.document))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """What LibreOffice writes of some reports in a kind, by name; each kind and set in one run of it."""
    if shutil.which("soffice") is None:
        pytest.skip("needs LibreOffice: install libreoffice-writer-nogui and fonts-noto-cjk")
    known: dict[tuple[str, tuple[str, ...]], dict[str, bytes]] = {}
    profile = tmp_path_factory.mktemp("office")

    def make(kind: str, names: tuple[str, ...]) -> dict[str, bytes]:
        if (kind, names) not in known:
            folder = profile / str(len(known))
            folder.mkdir()
            files = write_by_office(kind, load_all(names).values(), folder)
            if kind in REACHED_BY_OFFICE:  # as the reader does it, but all in one run
                there = {f"{name}.{kind}": data for name, data in files.items()}
                files = office(there, "docx", _new_folder(folder))
            known[kind, names] = files
        return known[kind, names]

    return make


def _new_folder(folder: Path) -> Path:
    made = folder / "back"
    made.mkdir()
    return made


def test_there_are_ten_of_every_edition():
    assert len(WHOLE) >= 10
    assert {expected(whole).form for whole in load_all().values()} == {"2014", "2019", "2021"}


@pytest.mark.parametrize("name", WHOLE)
def test_cells_are_those_drawn_and_few_are_nought(name):
    whole = load_whole(name)
    assert essence(expected(whole))["cells"] == whole.cells
    assert sum(bool(value) for value in whole.cells.values()) >= 0.9 * len(whole.cells)


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("name", WHOLE)
def test_files_agree(name, kind):
    whole = load_whole(name)
    assert essence(read_back(WRITERS[kind](whole.document))) == essence(expected(whole))


@pytest.mark.parametrize("kind", POORER_WRITERS)
@pytest.mark.parametrize("name", WHOLE)
def test_what_poorer_files_lose_is_not_guessed(name, kind):
    whole = load_whole(name)
    found = essence(read_back(POORER_WRITERS[kind](whole.document)))["cells"]
    assert isinstance(found, dict)
    wrong = {key: value for key, value in found.items() if value is not None and value != whole.cells[key]}
    assert not wrong


@pytest.mark.system
@pytest.mark.parametrize("kind", OFFICE_WRITERS)
@pytest.mark.parametrize("name", SAMPLE)
def test_files_of_libreoffice_agree(made, name, kind):
    whole = load_whole(name)
    assert essence(read_back(made(kind, SAMPLE)[whole.name])) == essence(expected(whole))


@pytest.mark.slow
@pytest.mark.system
@pytest.mark.parametrize("kind", OFFICE_WRITERS)
@pytest.mark.parametrize("name", [name for name in WHOLE if name not in SAMPLE])
def test_all_files_of_libreoffice_agree(made, name, kind):
    whole = load_whole(name)
    others = tuple(name for name in WHOLE if name not in SAMPLE)
    assert essence(read_back(made(kind, others)[whole.name])) == essence(expected(whole))
