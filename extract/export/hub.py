"""A folder for `datasets.load_from_disk`: a DatasetDict with one dataset a table.

Written as that library writes it (Arrow streams, dataset_info.json, state.json), shard by shard, so that
memory stays flat; `Dataset.save_to_disk` would want every table in its cache first.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # before the import: nothing may ask the network

import datasets
import pyarrow.ipc

from extract.export.source import Sheet

SHARD = 256 * 2**20  # bytes of a shard, about


def write(sheets: Sequence[Sheet], folder: Path) -> dict[str, int]:
    """`folder` becomes what `datasets.load_from_disk` reads; the rows of each table."""
    rows = {sheet.name: _write_dataset(sheet, folder / sheet.name) for sheet in sheets}
    _write_json(folder / "dataset_dict.json", {"splits": list(rows)})
    return rows


def _write_dataset(sheet: Sheet, folder: Path) -> int:
    folder.mkdir()
    features = datasets.Features.from_arrow_schema(sheet.schema)
    schema = features.arrow_schema
    shards, rows, digest = 0, 0, hashlib.sha256()
    batches = iter(sheet.batches())
    batch = next(batches, None)
    while batch is not None or not shards:
        with pyarrow.ipc.new_stream(folder / f"{shards:05d}.arrow", schema) as stream:
            size = 0
            while batch is not None and size < SHARD:
                stream.write_batch(batch.cast(schema))
                digest.update(repr(batch.column(0)[0]).encode() if len(batch) else b"")
                size, rows = size + batch.nbytes, rows + len(batch)
                batch = next(batches, None)
        shards += 1
    names = [f"data-{number:05d}-of-{shards:05d}.arrow" for number in range(shards)]
    for number, name in enumerate(names):
        (folder / f"{number:05d}.arrow").rename(folder / name)
    _describe(folder, sheet, features, names, f"{digest.hexdigest()[:16]}")
    return rows


def _describe(
    folder: Path, sheet: Sheet, features: datasets.Features, names: Sequence[str], fingerprint: str
) -> None:
    described = "; ".join(f"{name}: {en}" for name, (_, en) in sheet.labels.items())
    info = datasets.DatasetInfo(description=described, features=features)
    info.write_to_directory(str(folder), pretty_print=True)
    state: dict[str, Any] = {
        "_data_files": [{"filename": name} for name in names],
        "_fingerprint": fingerprint,
        "_format_columns": None,
        "_format_kwargs": {},
        "_format_type": None,
        "_output_all_columns": False,
        "_split": sheet.name,
    }
    _write_json(folder / "state.json", state)


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True), encoding="utf-8")
