"""Embeddings by sentence-transformers itself, with a tiny model made here; collected only where it is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.classify import embeddings
from extract.classify.release import read_release
from extract.errors import BadData
from extract.learn.corpus import UnitRow
from extract.learn.judge import judge
from extract.learn.metrics import accuracy
from tests.test_embeddings import make_release, units

__all__ = ["units"]  # the fixture


@pytest.fixture(scope="module")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory, units: list[UnitRow]) -> Path:
    """A BERT of two small layers with random weights, over the characters of the units."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("bert")
    letters = sorted({letter for unit in units for letter in unit.text})
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    torch.manual_seed(3)
    shape = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(words), **shape)).save_pretrained(folder / "raw")
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder / "raw")
    body = Transformer(str(folder / "raw"))
    model = SentenceTransformer(modules=[body, Pooling(48)], device="cpu")
    model.save(str(folder / "tiny"))
    return folder / "tiny"


def test_a_local_model_of_sentence_transformers_is_trained_and_scored_with(
    tmp_path: Path, units: list[UnitRow], tiny_bert: Path
) -> None:
    release = read_release(make_release(tmp_path, units, str(tiny_bert)))
    told = release.meta["embeddings"]
    assert told["size"] == 48
    assert len(told["weights"]) == 64
    assert accuracy(judge(release, units)) > 0.9
    assert accuracy(judge(release, units, "bare")) > 0.35  # random weights; the commonest kind is 0.25


def test_a_local_model_that_changed_or_went_away_is_refused(
    tmp_path: Path, units: list[UnitRow], tiny_bert: Path
) -> None:
    import shutil

    import torch
    from sentence_transformers import SentenceTransformer

    mine = tmp_path / "mine"
    shutil.copytree(tiny_bert, mine)
    folder = make_release(tmp_path, units, str(mine))
    changed = SentenceTransformer(str(mine), device="cpu")
    with torch.no_grad():
        next(iter(changed.parameters())).mul_(1.5)
    changed.save(str(mine))
    embeddings.load_embedder.cache_clear()
    with pytest.raises(BadData, match="not the model"):
        read_release(folder)
    shutil.rmtree(mine)
    embeddings.load_embedder.cache_clear()
    with pytest.raises(BadData, match="neither a folder nor in the local cache"):
        read_release(folder)
