"""The notebooks run from top to bottom, draw what they promise, and lie in the project without outputs."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.py"))
PLOTS = {
    "01_quickstart": 3,
    "02_disclosure_quality": 5,
    "03_retrain_new_year": 3,
    "04_narrative_and_tables": 3,
}


def test_all_four_are_there() -> None:
    assert {path.stem for path in NOTEBOOKS} == set(PLOTS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_and_draws(path: Path, tmp_path: Path) -> None:
    notebook = jupytext.read(path)
    resources = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    warnings = [output["text"] for output in outputs if output.get("name") == "stderr"]
    assert len(pictures) >= PLOTS[path.stem]
    assert not [text for text in warnings if "Glyph" in text], "a plot lacks a Chinese font"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_ipynb_is_the_same_and_without_outputs(path: Path) -> None:
    committed = nbformat.read(path.with_suffix(".ipynb"), as_version=4)
    source = jupytext.read(path)
    assert [cell.source for cell in committed.cells] == [cell.source for cell in source.cells]
    assert not any(cell.get("outputs") for cell in committed.cells)
