"""Reports → pandas DataFrames, one row a cell, figure or unit. Needs pandas, and imports it only here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas

    from extract.report import Report, Value

KEYS = ("report_id", "agency", "year")


def cells_frame(reports: Report | Iterable[Report]) -> pandas.DataFrame:
    """One row a cell of the statutory tables; `value` is NaN where the report has no readable number."""
    return _frame(reports, "cells")


def figures_frame(reports: Report | Iterable[Report]) -> pandas.DataFrame:
    """One row a figure of the narrative; `low` and `high` are NaN where the words leave them open."""
    return _frame(reports, "figures")


def units_frame(reports: Report | Iterable[Report]) -> pandas.DataFrame:
    """One row a unit of the narrative, with kind, score and themes."""
    return _frame(reports, "units")


def _frame(reports: Report | Iterable[Report], field: str) -> pandas.DataFrame:
    import pandas

    from extract.report import Cell, Figure, Report, Unit

    many = [reports] if isinstance(reports, Report) else reports
    rows = [_row(report, value) for report in many for value in getattr(report, field)]
    columns = {"cells": Cell, "figures": Figure, "units": Unit}[field].__struct_fields__
    frame = pandas.DataFrame(rows, columns=[*KEYS, *columns])
    for number in {"value", "low", "high", "score"} & set(columns):
        frame[number] = pandas.to_numeric(frame[number])
    return frame


def _row(report: Report, value: Value) -> dict[str, Any]:
    return {"report_id": report.id, "agency": report.agency, "year": report.year, **value.to_dict()}
