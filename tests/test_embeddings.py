"""Sentence embeddings as features: trained with, released by name and hash, refused where absent."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from extract.classify import embeddings
from extract.classify.release import pack_weights, read_release
from extract.errors import BadData
from extract.learn.config import Config, Scheme
from extract.learn.corpus import UnitRow, write_rows
from extract.learn.judge import judge
from extract.learn.markup import read_markup
from extract.learn.metrics import accuracy
from extract.learn.releasing import describe, write_release
from extract.learn.train import as_model, fit

DRAFT = """\
@@ id=h{hand}-{number:02d} hand=h{hand} agency={place}镇 level=镇 year=2022
=overview 一、总体情况
{{overview}}{place}镇坚持以人民为中心，认真贯彻条例。
-（一）主动公开
{{proactive}}全年主动公开信息{number}条，推送{number}条。
-（二）依申请公开
{{request}}收到公开申请{number}件，均按期答复。
=problems 五、存在的主要问题及改进情况
{{problem:timeliness|一是}}部分栏目更新不及时；{{problem:staffing|二是}}专职人员不足，业务不熟。
{{measure:staffing|一是}}配备专人，加强培训；{{measure:timeliness|二是}}每周更新栏目。
=other 六、其他需要报告的事项
{{other}}未收取信息处理费。
"""
PLACES = "青岩白石云岭东屏南塘禾丰芦溪"


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> list[UnitRow]:
    file = tmp_path_factory.mktemp("drafts") / "draft.txt"
    drafts = [
        DRAFT.format(hand=n % 3, number=n + 2, place=PLACES[2 * n : 2 * n + 2])
        for n in range(len(PLACES) // 2)
    ]
    file.write_text("\n".join(drafts), encoding="utf-8")
    return [unit for marked in read_markup(file) for unit in marked.units]


class Letters:
    """Stands in for sentence-transformers: counts of characters, by `seed`."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def encode(self, texts: list[str], **_: Any) -> np.ndarray:
        rows = np.zeros((len(texts), 16), dtype=np.float32)
        for row, text in zip(rows, texts):
            for letter in text:
                row[zlib.crc32(letter.encode(), self.seed) % 16] += 1
        return rows

    def state_dict(self) -> dict[str, Any]:
        return {}


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {name: embeddings.Embedder(name, Letters(seed)) for seed, name in enumerate(("letters", "other"))}
    monkeypatch.setattr(embeddings, "load_embedder", known.__getitem__)


def make_release(folder: Path, units: list[UnitRow], name: str) -> Path:
    """A release trained with the embeddings `name`."""
    write_rows(folder / "corpus", [("train", unit) for unit in units])
    scheme = Scheme(words=0.0, chars=0.0, lexicon=0.0, embeddings=name)
    config = Config(corpus=str(folder / "corpus"), version="1", splits=("train",), folds=2, features=scheme)
    arrays = fit(units, config)
    assert pack_weights(fit(units, config)) == pack_weights(arrays)
    return write_release(folder / "embedded-1", describe(units, arrays, config, {}), arrays, "card\n")


@pytest.mark.usefixtures("letters")
def test_a_release_scores_with_the_embeddings_it_was_trained_with(
    tmp_path: Path, units: list[UnitRow]
) -> None:
    release = read_release(make_release(tmp_path, units, "letters"))
    told = release.meta["embeddings"]
    assert (told["name"], told["size"]) == ("letters", 16)
    assert release.weights.vectors.shape[:2] == (2, 16)
    for context in ("full", "section", "bare"):
        assert accuracy(judge(release, units, context)) > 0.9
    texts = [unit.text for unit in units if unit.themes == ("timeliness",)]
    assert release.score_themes(texts).shape == (len(texts), 10)
    fixed = Config(folds=2, features=Scheme(words=0.0, chars=0.0, lexicon=0.0))
    without = as_model(fit(units, fixed), fixed)
    assert accuracy(judge(release, units, "bare")) > accuracy(judge(without, units, "bare"))


@pytest.mark.usefixtures("letters")
def test_other_embeddings_than_those_of_the_training_are_refused(
    tmp_path: Path, units: list[UnitRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_release(tmp_path, units, "letters")
    other = embeddings.load_embedder("other")
    monkeypatch.setattr(embeddings, "load_embedder", lambda name: other)
    with pytest.raises(BadData, match="not the model that the release was trained with"):
        read_release(folder)


def test_vectors_have_length_one_and_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings, "REMEMBERED", 3)
    embedder = embeddings.Embedder("letters", Letters(0))
    texts = ["公开栏", "公开栏", "申请三件", "无", "解读"]
    vectors = embedder.encode(texts)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)
    assert (vectors[0] == vectors[1]).all()
    assert (embedder.encode(["无", "公开栏"]) == vectors[[3, 0]]).all()
    assert embedder.encode([]).shape == (0, 16)


def test_absent_embeddings_are_refused_with_what_to_do() -> None:
    with pytest.raises(BadData, match=r"gongkai\[embeddings\]|local cache"):
        embeddings.load_embedder("nobody/no-such-model")
