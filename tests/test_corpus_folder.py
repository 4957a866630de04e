"""The corpus and the default release as the project ships them."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.classify import Rules, load_model
from extract.classify.cues import load_labels
from extract.classify.model import Model
from extract.learn import metrics
from extract.learn.agreement import read_readings
from extract.learn.bring import load_marked
from extract.learn.checks import run_check
from extract.learn.corpus import load_units
from extract.learn.judge import judge
from extract.learn.releasing import hash_corpus
from extract.learn.segments import score_segments
from extract.learn.stats import as_first_read, run_stats

CORPUS = Path(__file__).parents[1] / "corpus"
# Floors of the default release on the test split, rounded down from what was measured when it was made.
FLOORS = {"macro_f1": 0.94, "themes_micro_f1": 0.80, "boundary_f1": 0.97, "exact": 0.93}


def test_the_corpus_is_sound() -> None:
    """No line breaks the schema or a plain rule of the guideline, no near-duplicate lies between splits."""
    assert [str(fault) for fault in run_check(CORPUS) if fault.severity == "error"] == []


def test_every_disagreement_of_the_readers_is_settled() -> None:
    assert [str(fault) for fault in run_check(CORPUS) if fault.rule == "disagreement"] == []
    units = {unit.id for unit in load_units(CORPUS)}
    assert set(read_readings(CORPUS / "settled")) <= units


def test_agreement_is_of_first_readings_not_of_what_was_settled() -> None:
    settled = read_readings(CORPUS / "settled")
    first = {unit.id: unit for unit in as_first_read(load_units(CORPUS), CORPUS)}
    now = {unit.id: unit for unit in load_units(CORPUS)}
    assert any(first[name] != now[name] for name in settled)


def test_every_kind_and_theme_has_its_units() -> None:
    stats = run_stats(CORPUS)
    assert min(stats.by["kind"].values()) >= 150
    assert set(stats.by["theme"]) == set(load_labels().themes)
    assert stats.duplicates_between == 0


def test_the_default_release_keeps_its_scores() -> None:
    model = load_model()
    assert isinstance(model, Model)
    rules = judge(Rules(), load_units(CORPUS, ["test"]))
    for name in ("test", "hands held out"):
        scores = model.meta["scores"][name]["full"]
        assert scores["kinds_macro_f1"] >= FLOORS["macro_f1"] > metrics.macro_f1(rules)
        assert scores["themes_micro_f1"] >= FLOORS["themes_micro_f1"]
        assert scores["calibration_error"] <= 0.03


def test_the_default_release_was_trained_on_this_corpus() -> None:
    model = load_model()
    assert isinstance(model, Model)
    assert model.meta["corpus"] == hash_corpus(CORPUS)


def test_segmentation_keeps_its_scores() -> None:
    score, _ = score_segments(load_marked(CORPUS, ["test"]), load_model())
    assert score.unread == ()
    assert score.boundary_f1 >= FLOORS["boundary_f1"]
    assert score.exact >= FLOORS["exact"]


@pytest.mark.slow
def test_datasets_loads_every_config_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    import datasets

    units = datasets.load_dataset(str(CORPUS), "units", cache_dir=str(tmp_path))
    assert {name: len(rows) for name, rows in units.items()} == {
        name: len(load_units(CORPUS, [name])) for name in ("train", "validation", "test")
    }
    assert units["train"].features["kind"].names == list(load_labels().kinds)
    reports = datasets.load_dataset(str(CORPUS), "reports", cache_dir=str(tmp_path))
    assert "sections" in reports["train"].features


@pytest.mark.parametrize("config", ["units", "reports", "figures"])
def test_the_hub_library_loads_every_config_offline(config, tmp_path, monkeypatch):
    datasets = pytest.importorskip("datasets")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    loaded = datasets.load_dataset(str(CORPUS), config, cache_dir=str(tmp_path))
    assert all(len(split) for split in loaded.values())
