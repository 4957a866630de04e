"""The columns of the panel that are made, not copied: cells laid out, rows counted, copies numbered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from extract.agencies.agency_types import describe_agency
from extract.export.agency_names import load_agency_names, printed_columns, printed_names
from extract.export.panel import Counts, cell_variables
from extract.export.source import extra_batches, extra_tables

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from extract.store import Store


class Copy(NamedTuple):
    """Which of the reports of its agency and year a report is, from 1, and how many these are."""

    number: int
    of: int


class Duplicate(NamedTuple):
    """The report that this one repeats, and how that was seen."""

    of: str | None
    how: str | None


class Marks(NamedTuple):
    """What is known of reports beside what they say: names by printed name, the others by report_key."""

    names: Mapping[str, str]
    columns: tuple[str, ...]  # that `names` are found by
    copies: Mapping[str, Copy]
    duplicates: Mapping[str, Duplicate]


def cell_columns(cells: pa.Table, keys: pa.Array) -> dict[str, Any]:
    """A column a variable of the form, null where the report has no such number; a row a key."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    variables = cell_variables()
    dotted = pc.binary_join_element_wise(*(cells.column(name) for name in ("table", "row", "column")), ".")
    values = cells.column("value").to_numpy()
    rows, places = _index(cells.column("report_key"), keys), _index(dotted, pa.array(list(variables)))
    known = (rows >= 0) & (places >= 0)
    laid = np.full((len(variables), len(keys)), np.nan)
    laid[places[known], rows[known]] = values[known]
    return {variable.name: pa.array(row, from_pandas=True) for variable, row in zip(variables.values(), laid)}


def count_columns(counts: Counts, rows: pa.Table, keys: pa.Array) -> dict[str, Any]:
    """A column a value that is counted; 0 where the report has none. `rows` hold report_key and `by`."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    for column, wanted in counts.only.items():
        rows = rows.filter(pc.equal(rows.column(column), wanted))
    found, at = rows.column(counts.by), _index(rows.column("report_key"), keys)
    if pa.types.is_list(found.type):
        flat = found.combine_chunks()
        at, found = at[pc.list_parent_indices(flat).to_numpy()], pc.list_flatten(flat)
    values = _index(found, pa.array(list(counts.values)))
    known = (at >= 0) & (values >= 0)
    size = len(keys) * len(counts.values)
    counted = np.bincount(values[known] * len(keys) + at[known], minlength=size).astype(np.int32)
    return dict(zip(counts.names(), counted.reshape(len(counts.values), len(keys))))


def measure_columns(names: Mapping[str, str], rows: pa.Table, keys: pa.Array) -> dict[str, Any]:
    """A column an indicator (its id → the variable's name), null where it could not be had."""
    import numpy as np
    import pyarrow as pa

    at, which = (
        _index(rows.column("report_key"), keys),
        _index(rows.column("indicator"), pa.array(list(names))),
    )
    known = (at >= 0) & (which >= 0)
    laid = np.full((len(names), len(keys)), np.nan)
    laid[which[known], at[known]] = rows.column("value").to_numpy()[known]
    return {name: pa.array(row, from_pandas=True) for name, row in zip(names.values(), laid)}


def made_columns(reports: pa.Table, marks: Marks) -> dict[str, Any]:
    """The agency's one name, copies, duplicates, codes of the wider regions, level and type by name."""
    keys = reports.column("report_key").to_pylist()
    codes = reports.column("region_code").to_pylist()
    described = [describe_agency(agency) for agency in reports.column("agency").to_pylist()]
    alone, none = Copy(1, 1), Duplicate(None, None)
    copies, duplicates = marks.copies, marks.duplicates
    return {
        "agency_name": [marks.names.get(name or "") for name in printed_names(reports, marks.columns)],
        "report_number": [copies.get(key, alone).number for key in keys],
        "reports_of_year": [copies.get(key, alone).of for key in keys],
        "duplicate_of": [duplicates.get(key, none).of for key in keys],
        "duplicate_how": [duplicates.get(key, none).how for key in keys],
        "province_code": [f"{code[:2]}0000" if code else None for code in codes],
        "prefecture_code": [f"{code[:4]}00" if code and code[2:4] != "00" else None for code in codes],
        "level_by_name": [one.level for one in described],
        "type_by_name": [one.type for one in described],
    }


def mark_years(store: Store) -> Callable[[int | None], Marks]:
    """What is known of the reports of one year, to be asked year by year; what holds for all is read once."""
    names, duplicates, columns = load_agency_names(store), load_duplicates(store), printed_columns(store)
    return lambda year: Marks(names, columns, number_copies(store, names, year, duplicates), duplicates)


def number_copies(
    store: Store, names: Mapping[str, str], year: int | None, duplicates: Collection[str] = ()
) -> dict[str, Copy]:
    """The reports of one year whose agency has several, by key; numbered by path, then by member.

    What is marked as a copy comes last: where the first of several is taken, it is none.

    Agencies go by their one name over the years. A report without agency or year is the only one of its kind:
    nobody knows whose copy it is.
    """
    if year is None:
        return {}
    printed = printed_columns(store)
    columns = ("report_key", "path", "member")
    together: dict[str, list[tuple[bool, str, str, str]]] = {}
    for batch in store.batches("reports", [*columns, *printed], {year}):
        found = (batch.column(name).to_pylist() for name in columns)
        for key, path, member, agency in zip(*found, printed_names(batch, printed)):
            if agency:
                together.setdefault(names[agency], []).append((key in duplicates, path, member or "", key))
    return {
        key: Copy(number, len(group))
        for group in together.values()
        if len(group) > 1
        for number, (*_, key) in enumerate(sorted(group), 1)
    }


def load_duplicates(store: Store) -> dict[str, Duplicate]:
    """The reports that repeat another one, by key; none where duplicates were not looked for."""
    if "duplicates" not in extra_tables(store):
        return {}
    return {
        row["report_key"]: Duplicate(row["duplicate_of"], row.get("how"))
        for batch in extra_batches(store, "duplicates")
        for row in batch.to_pylist()
        if row["duplicate_of"]
    }


def _index(values: Any, among: Any) -> np.ndarray[Any, Any]:
    """The place of each value among some, -1 where it is none of them."""
    import pyarrow.compute as pc

    found: np.ndarray[Any, Any] = pc.fill_null(pc.index_in(values, value_set=among), -1).to_numpy()
    return found
