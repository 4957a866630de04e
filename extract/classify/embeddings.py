"""Sentence embeddings as features, by sentence-transformers: an optional backend (`gongkai[embeddings]`).

A model is a folder or the name of one in the Hugging Face cache; nothing is fetched, so that no reading ever
waits for a network. A release that was trained with embeddings names their model by the hash of its weights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.errors import BadData

Vectors = NDArray[Any]
PROBES = ("政策解读形式单一", "收到公开申请3件，均按期答复。")
PROBED = 8  # dimensions of a probe that a release keeps
NEAR = 0.01  # how far a dimension may lie off: other processors and versions round otherwise
REMEMBERED = 20_000  # texts whose vectors are kept: headings and set phrases come again


class Embedder:
    """One model of sentence-transformers; `size` is the length of its vectors."""

    def __init__(self, name: str, model: Any) -> None:
        self.name = name
        self._model = model
        self._known: dict[str, Vectors] = {}
        self.size = int(self.encode(PROBES).shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """A vector of length 1 for each text, `(texts, size)`; equal texts, equal vectors."""
        unknown = sorted({text for text in texts if text not in self._known}, key=lambda t: (len(t), t))
        if unknown:
            if len(self._known) + len(unknown) > REMEMBERED:
                self._known.clear()
                unknown = sorted(set(texts), key=lambda t: (len(t), t))
            found = self._model.encode(unknown, convert_to_numpy=True, show_progress_bar=False)
            found = np.asarray(found, dtype=np.float32)
            found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
            self._known.update(zip(unknown, found))
        if not texts:
            return np.zeros((0, self.size), dtype=np.float32)
        return np.stack([self._known[text] for text in texts])

    def describe(self) -> dict[str, Any]:
        """What a release says of the model: name, hash of its weights, and what it makes of two sentences."""
        probes = self.encode(PROBES)[:, :PROBED].round(4).tolist()
        return {
            "name": self.name,
            "size": self.size,
            "weights": digest_weights(self._model),
            "probes": probes,
        }


def digest_weights(model: Any) -> str:
    """The hash of all weights of a model, by their names: the same wherever its files lie."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensor.detach().cpu().float().numpy()).tobytes())
    return digest.hexdigest()


@cache
def load_embedder(name: str) -> Embedder:
    """The model that `name` means: a folder, or one in the local cache of the Hugging Face hub.

    Raises `BadData` where sentence-transformers or the model is not installed.
    """
    try:
        from sentence_transformers import (  # type: ignore[import-not-found,unused-ignore]
            SentenceTransformer,
        )
    except ImportError as error:
        raise BadData(f'embeddings {name!r}: pip install "gongkai[embeddings]" first') from error
    try:
        model = SentenceTransformer(name, device="cpu", local_files_only=True)
    except (OSError, ValueError) as error:
        reason = str(error).split("\n")[0]
        raise BadData(
            f"embeddings {name!r}: neither a folder nor in the local cache (`hf download {name}`): {reason}"
        ) from error
    return Embedder(name, model)


def load_described(told: Mapping[str, Any]) -> Embedder:
    """The embedder that a release names. Raises `BadData` where it is absent or another one."""
    embedder = load_embedder(told["name"])
    here = embedder.describe()
    alike = here["size"] == told["size"] and np.allclose(here["probes"], told["probes"], atol=NEAR)
    if here["weights"] != told["weights"] or not alike:
        why = "not the model that the release was trained with: get that one, or train again"
        raise BadData(f"embeddings {told['name']!r}: {why}")
    return embedder
