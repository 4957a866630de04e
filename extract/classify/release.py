"""Releases of models: a folder of plain arrays and JSON, checked by hash, found by name.

`meta.json` says what the model is (labels, cutter, config, hash of the corpus, scores) and names every other
file with its hash: `weights.npz`, `README.md` and what else there is. Nothing is code, nothing is unpickled.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import struct
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from extract.classify.cues import load_labels
from extract.classify.features import LINKS, PATH_BITS, SECTIONS, TEXT_BITS, Array, Embed
from extract.classify.model import Model, Table, Weights
from extract.classify.signs import count_columns
from extract.errors import BadData
from extract.words import cut_words, describe_cutter

FORMAT = 1  # of the folder; a release of another format is refused
OPTIONAL = ("vectors", "theme_vectors", "rules")  # arrays of releases with embeddings, or that ask the rules
TABLES = {"words": TEXT_BITS, "chars": TEXT_BITS, "path": PATH_BITS}


def pack_weights(arrays: Mapping[str, Array]) -> bytes:
    """The arrays as an .npz, the same bytes for the same arrays.

    Not compressed: float16 weights give a quarter, and unpacking them takes as long as three reports.
    """
    out = io.BytesIO()
    np.savez(out, allow_pickle=False, **{name: arrays[name] for name in sorted(arrays)})
    return out.getvalue()


def unpack_weights(data: bytes) -> Weights:
    """The weights in an .npz of `pack_weights`."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        arrays = {
            member.filename.removesuffix(".npy"): _view_array(data, member) for member in packed.infolist()
        }
    fields: dict[str, Any] = {name: _unpack_table(arrays, name, bits) for name, bits in TABLES.items()}
    for name in Weights._fields:
        if name not in TABLES and name not in OPTIONAL:
            fields[name] = arrays[name].astype(np.float32)
    heads, kinds = fields["bias"].shape
    fields["vectors"] = arrays.get("vectors", np.zeros((heads, 0, kinds))).astype(np.float32)
    fields["theme_vectors"] = arrays.get("theme_vectors", np.zeros((0, len(fields["theme_bias"])))).astype(
        np.float32
    )
    fields["rules"] = arrays.get("rules", np.zeros(1)).astype(np.float32)
    return Weights(**fields)


def _view_array(data: bytes, member: zipfile.ZipInfo) -> Array:
    """An array where it lies in `data`: not copied and not summed up again, since its hash is known."""
    name, extra = struct.unpack_from("<HH", data, member.header_offset + 26)
    start = member.header_offset + 30 + name + extra
    head = io.BytesIO(data[start : start + min(member.file_size, 2**16)])
    if member.compress_type != zipfile.ZIP_STORED or npy.read_magic(head) != (1, 0):
        raise BadData(f"{member.filename} of the weights: not as `pack_weights` writes it")
    shape, by_column, kind = npy.read_array_header_1_0(head)
    array = np.frombuffer(data, kind, math.prod(shape), start + head.tell())
    return array.reshape(shape, order="F" if by_column else "C")


def _unpack_table(arrays: Mapping[str, Array], name: str, bits: int) -> Table:
    """A table from the sorted buckets, their own weights (idf) and the weights learnt for them."""
    buckets, own, learnt = (arrays[f"{name}_{part}"] for part in ("buckets", "own", "learnt"))
    slot = np.zeros(2**bits, dtype=np.int32)
    slot[buckets] = np.arange(1, len(buckets) + 1)
    kinds = len(load_labels().kinds)
    ends = sorted({min(end, learnt.shape[1]) for end in (kinds, 2 * kinds, learnt.shape[1])})
    groups = []
    for first, last in zip([0, *ends], ends):  # each head's columns, then what is left: the themes
        rows = np.zeros((len(buckets) + 1, last - first), dtype=learnt.dtype)
        rows[1:] = learnt[:, first:last]
        groups.append(rows)
    return Table(slot, groups, np.concatenate([np.zeros(1, np.float32), own.astype(np.float32)]))


def read_release(folder: Path) -> Model:
    """The release in `folder`. Raises `BadData` where a file is missing, changed or made for other labels."""
    meta = _read_meta(folder)
    contents = {}
    for name, digest in meta["files"].items():
        try:
            contents[name] = (folder / name).read_bytes()
        except OSError as error:
            raise BadData(f"{folder / name}: {error.strerror}: the release is not whole") from error
        if hashlib.sha256(contents[name]).hexdigest() != digest:
            raise BadData(
                f"{folder / name}: not the file that meta.json names (by its hash): get the release anew"
            )
    labels = load_labels()
    if (meta["kinds"], meta["themes"]) != (list(labels.kinds), list(labels.themes)):
        raise BadData(f"{folder}: made for other labels than data/labels.toml: train again")
    if tuple(meta["links"]) != LINKS or meta["sections"] != list(SECTIONS):
        raise BadData(f"{folder}: made for other features than this version reads: train again")
    if meta.get("vocabulary") != count_columns():
        raise BadData(f"{folder}: made with another vocabulary of themes: train again")
    probes = meta["probes"]  # asked first: to ask for the version of the cutter costs as much as a report
    if digest_cuts(probes["texts"]) != probes["digest"] and meta["cutter"] != describe_cutter():
        raise BadData(
            f"{folder}: made with {meta['cutter']}; {describe_cutter()} cuts otherwise: train again"
        )
    return Model(meta, unpack_weights(contents["weights.npz"]), _load_embed(meta))


def _load_embed(meta: Mapping[str, Any]) -> Embed | None:
    """What gives the sentence embeddings of a release that was trained with some; None where it was not."""
    if meta.get("embeddings") is None:
        return None
    from extract.classify.embeddings import load_described

    return load_described(meta["embeddings"]).encode


def _read_meta(folder: Path) -> dict[str, Any]:
    file = folder / "meta.json"
    try:
        meta: dict[str, Any] = json.loads(file.read_bytes())
    except OSError as error:
        raise BadData(f"{file}: {error.strerror}: no release there") from error
    except ValueError as error:
        raise BadData(f"{file}: {error}") from error
    if meta.get("format") != FORMAT:
        raise BadData(
            f"{file}: format {meta.get('format')!r}, where this version reads {FORMAT}: train again"
        )
    if meta.get("sha256") != digest_meta(meta):
        raise BadData(f"{file}: changed since the release was made (by its own hash): get the release anew")
    return meta


def digest_cuts(texts: list[str]) -> str:
    """The hash of how the cutter cuts some texts: another version of it will do where this is the same."""
    return hashlib.sha256("\n".join(" ".join(cut_words(text)) for text in texts).encode()).hexdigest()


def digest_meta(meta: Mapping[str, Any]) -> str:
    """The hash of all that `meta.json` says but the hash itself."""
    rest = {key: value for key, value in meta.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


# ---- by name ---------------------------------------------------------------------------------------------


@cache
def model_folders() -> tuple[Path, ...]:
    """Where releases are looked for: in the installed package, then beside the checkout."""
    package = Path(__file__).resolve().parent.parent
    return tuple(
        place for place in (package / "_data" / "models", package.parent / "models") if place.is_dir()
    )


def list_releases() -> dict[str, Path]:
    """The folders of all releases, by name."""
    found: dict[str, Path] = {}
    for place in model_folders():
        for meta in sorted(place.glob("*/meta.json")):
            found.setdefault(meta.parent.name, meta.parent)
    return found


def default_release() -> str | None:
    """The name of the default release: what `models/default` says; None where there is none."""
    for place in model_folders():
        file = place / "default"
        if file.exists():
            return file.read_text(encoding="utf-8").strip()
    return None


def load_release(name: str | None) -> Model | None:
    """The release that `name` (a name or a folder) means; for None the default, or None where there is none.

    Raises `BadData` where the named release is not there or was tampered with.
    """
    wanted = name or default_release()
    if wanted is None:
        return None
    releases = list_releases()
    if wanted not in releases and not Path(wanted).is_dir():
        known = ", ".join(releases) or "none"
        raise BadData(f"no model {wanted!r}; there are: {known} (or name a folder, or `rules`)")
    return _load(str(releases.get(wanted, Path(wanted))))


@cache
def _load(folder: str) -> Model:
    return read_release(Path(folder))
