"""Scores of a dataset by the user's own weights: OUT/quality/scores.parquet."""

from __future__ import annotations

import io
from typing import Any

from extract.quality.stores import open_store, read_results
from extract.quality.tables import FOLDER, arrow_schema
from extract.quality.weights import Weights, weighted_mean


def write_scores(source: str, weights: Weights) -> int:
    """Weigh the indicators of every report and write one row each; the number of rows.

    The weights stand in the file's metadata, so that a score never goes without them.
    """
    import msgspec
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = score_rows(source, weights)
    schema = arrow_schema("scores").with_metadata({"weights": msgspec.json.encode(weights)})
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), buffer, compression="zstd")
    open_store(source).place.write(f"{FOLDER}/scores.parquet", buffer.getvalue())
    return len(rows)


def score_rows(source: str, weights: Weights) -> list[dict[str, Any]]:
    """The score of every report, by year and agency."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = read_results(source, "indicators")
    chosen = table.filter(pc.is_in(table.column("indicator"), pa.array(list(weights.weights))))
    values: dict[tuple[int, str, str], dict[str, float | None]] = {}
    for row in chosen.to_pylist():
        key = (row["year"] or 0, row["agency"] or "", row["report_key"])
        values.setdefault(key, {})[row["indicator"]] = row[weights.use]
    rows = []
    for (year, agency, report_key), found in sorted(values.items()):
        measure = weighted_mean(found, weights)
        row = {"report_key": report_key, "agency": agency or None, "year": year or None}
        rows.append({**row, "score": measure.value, "reason": measure.reason})
    return rows
