"""The editions of the form as data: complete, in paper order, and agreeing with the contract's ids."""

from __future__ import annotations

import pytest

from extract.errors import BadData
from extract.forms import form_of, load_forms, parse_form


def test_the_editions_have_all_their_cells():
    """58 cells in 2014, 198 in 2019, 200 in 2021; no id twice."""
    counts = {form.edition: len(form.cell_ids()) for form in load_forms()}
    assert counts == {"2014": 58, "2019": 198, "2021": 200}
    assert all(len(set(form.cell_ids())) == len(form.cell_ids()) for form in load_forms())


def test_ids_of_the_contract():
    """Some ids of every table are as the output contract fixes them."""
    for edition, ids in {
        "2014": ["statistics.via_gazette.count", "statistics.denied.three_securities_one_stability.count"],
        "2019": ["proactive.other_services.change", "requests.other.total", "proactive.procurement.amount"],
        "2021": [
            "requests.other.correction_overdue.natural_person",
            "proactive.fees.amount",
            "review.litigation_direct.pending",
        ],
    }.items():
        form = form_of(edition)
        assert form is not None
        assert set(ids) <= set(form.cell_ids())


def test_misprints_name_labels_of_the_form():
    """Every misprint stands for a label that its form has."""
    for form in load_forms():
        labels = {
            one.label for table in form.tables for band in table.bands for one in (*band.rows, *band.columns)
        }
        assert all(misprint.means in labels and misprint.seen for misprint in form.misprints)


def test_what_shows_a_table_is_in_its_labels():
    """`sign` and `last` are in labels of the table, `told` in the name of a column."""
    for table in (table for form in load_forms() for table in form.tables):
        columns = [column.label for band in table.bands for column in band.columns]
        labels = [row.label for band in table.bands for row in band.rows] + columns
        assert all(any(word in label for label in labels) for word in (table.sign, table.last) if word)
        assert table.told is None or any(table.told in label for label in columns)
    assert all(table.told for table in load_forms()[-1].tables)


def test_a_broken_form_is_told():
    """A form file with a wrong key or type names the file and the place."""
    with pytest.raises(BadData, match=r"bad\.toml"):
        parse_form('edition = 2021\nfirst_year = 2021\nsource = ""\n', "bad.toml")
