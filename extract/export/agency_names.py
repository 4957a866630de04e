"""One name for each agency of a dataset over all its years, so that its reports make a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract.agencies import NAMED
from extract.agencies.identity import identify_agencies

if TYPE_CHECKING:
    from extract.store import Store


def load_agency_names(store: Store) -> dict[str, str]:
    """Each name as printed, or as the user's list gives it, → the name that its agency goes by.

    Over all years of the dataset, whichever are exported: a name must not change with the choice of years.
    """
    columns = printed_columns(store)
    found: dict[tuple[str, int | None], None] = {}
    for batch in store.batches("reports", [*columns, "year"]):
        years = batch.column("year").to_pylist()
        found.update(((name, year), None) for name, year in zip(printed_names(batch, columns), years) if name)
    return identify_agencies(found)


def printed_columns(store: Store) -> tuple[str, ...]:
    """The columns of `reports` that name the agency, the user's own first."""
    return (NAMED, "agency") if NAMED in store.own else ("agency",)


def printed_names(rows: Any, columns: tuple[str, ...]) -> list[str | None]:
    """The name of the agency of each row of an Arrow table or batch; null where nobody names it."""
    named = zip(*(rows.column(column).to_pylist() for column in columns))
    return [next((name for name in names if name), None) for names in named]
