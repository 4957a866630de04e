"""The commands of a new year, on a small made-up corpus: train, evaluate, models, drift, suggest."""

from __future__ import annotations

import codecs
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from test_model import BODY, PLACES

from extract.classify import Alone, Reports, load_model
from extract.classify import release as releases
from extract.classify.cues import load_labels
from extract.classify.release import default_release, read_release
from extract.cli import main
from extract.errors import BadData
from extract.learn import train
from extract.learn.config import Config
from extract.learn.corpus import UnitRow, write_rows
from extract.learn.judge import judge
from extract.learn.markup import read_markup
from extract.learn.metrics import accuracy, gain_interval
from extract.learn.real_scores import score_real
from extract.learn.releasing import honest_scores, train_release
from extract.learn.reliability import draw_reliability
from extract.learn.simulate import Step
from extract.learn.study import add_study, run_study, saved_labels
from extract.learn.suggest import as_proposals, suggest
from extract.learn.unseen import load_unseen
from extract.report import Label


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> list[UnitRow]:
    drafts = [
        BODY.format(hand=n % 4, number=n, place=place, year=2020 + n % 3, a=n * 7 + 30, b=n + 2, c=n * 3 + 9)
        for n, place in enumerate(PLACES)
    ]
    file = tmp_path_factory.mktemp("drafts") / "draft.txt"
    file.write_text("\n".join(drafts), encoding="utf-8")
    return [unit for marked in read_markup(file) for unit in marked.units]


@pytest.fixture(scope="module")
def folder(units: list[UnitRow], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus, and two releases in `models`: `small-1` (the default) and `small-2`."""
    place = tmp_path_factory.mktemp("work")
    write_rows(place / "corpus", [("test" if unit.hand == "h3" else "train", unit) for unit in units])
    config = Config(name="small", version="1", corpus=str(place / "corpus"), splits=("train",), folds=3)
    train_release(config, place / "models")
    train_release(replace(config, version="2", features=replace(config.features, path=0.0)), place / "models")
    (place / "models" / "default").write_text("small-1\n")
    return place


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(releases, "model_folders", lambda: (folder / "models",))
    monkeypatch.chdir(folder)
    return folder


def test_train_writes_a_release_with_scores_of_hands_held_out(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "train.toml").write_text(
        'name = "again"\nversion = "7"\ncorpus = "corpus"\nsplits = ["train"]\nfolds = 3\n'
    )
    assert main(["train", str(tmp_path / "train.toml"), "--held-out", "-o", str(tmp_path / "models")]) == 0
    model = read_release(Path(capsys.readouterr().out.strip()))
    assert model.name == "again-7"
    held = model.meta["scores"]["hands held out"]
    assert set(held) == {"full", "section", "bare", "rules"}
    assert held["full"]["coverage"][0][:2] == [0.0, 1.0]
    card = (tmp_path / "models" / "again-7" / "README.md").read_text(encoding="utf-8")
    assert "all context | section and text | text alone | rules" in card
    assert "### Coverage against accuracy" in card
    ElementTree.parse(tmp_path / "models" / "again-7" / "reliability.svg")


def test_rough_hands_are_learnt_from_and_scored_apart(units: list[UnitRow], tmp_path: Path) -> None:
    """What they add moves no other table but by what it teaches; the card shows them."""
    rough = [replace(unit, part="rough") if unit.hand == "h2" else unit for unit in units]
    write_rows(tmp_path / "corpus", [("train", unit) for unit in rough])
    config = Config(name="small", version="3", corpus=str(tmp_path / "corpus"), splits=("train",), folds=3)
    scores = honest_scores(config)
    counts = [scores[name]["full"]["units"] for name in ("hands held out", "rough hands held out")]
    assert counts == [sum(unit.part == part for unit in rough) for part in ("main", "rough")]
    card = (train_release(config, tmp_path / "models", scores) / "README.md").read_text(encoding="utf-8")
    assert card.index("### Whole hands held out") < card.index("### Rough hands held out")


def test_evaluate_tells_scores_by_every_group_against_rules_and_another_model(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "small-2", "--split", "test", "--year", "2020", "--against", "small-1"]) == 0
    said = capsys.readouterr().out
    for title in ("by level", "by year", "by difficulty", "by hand", "confusion", "calibration", "coverage"):
        assert title in said
    assert "rules" in said
    assert "small-2 against small-1: accuracy" in said
    assert main(["evaluate", "small-1", "--year", "1999"]) == 1
    assert "no labelled units in split 'test' of 1999" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["models", "compare"], ["evaluate"]])
def test_a_model_that_is_not_there_is_told_before_a_corpus_that_is_not(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    nowhere = ["--corpus", str(tmp_path)]
    against = [] if command == ["evaluate"] else ["rules"]
    assert main([*command, "nope", *against, *nowhere]) == 1
    assert "nope" in capsys.readouterr().err
    assert main([*command, "rules", *against, *nowhere]) == 1
    assert "run this where the corpus is: a checkout of the project" in capsys.readouterr().err


def test_models_are_listed_compared_and_the_default_is_set(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models"]) == 0
    listed = capsys.readouterr().out
    assert "small-1" in listed
    assert "small-2" in listed
    assert main(["models", "compare", "small-1", "small-2"]) == 0
    compared = capsys.readouterr().out
    assert "small-2 against small-1: accuracy" in compared
    assert "p = " in compared
    assert "themes" in compared  # a model may be better at themes alone
    assert main(["models", "default", "small-2"]) == 0
    assert default_release() == "small-2"
    assert main(["models", "default", "none-9"]) == 1
    assert "no model 'none-9'" in capsys.readouterr().err
    (here / "models" / "default").write_text("small-1\n")


def test_the_study_stands_in_the_card_and_the_release_stays_whole(here: Path, units: list[UnitRow]) -> None:
    folder = here / "models" / "small-1"
    weights = (folder / "weights.npz").read_bytes()
    config = msgspec.convert(read_release(folder).meta["config"], Config)
    study = run_study(config, seeds=(1,), first=20, batch=15, rounds=1, years=(2021, 2022))
    add_study(folder, study)
    assert (folder / "weights.npz").read_bytes() == weights
    kept = read_release(folder).meta["study"]
    assert json.loads(json.dumps(study)) == kept
    assert set(kept["ablation"]) > {"all", "without section in the first pass", "without words"}
    assert [gain["year"] for gain in kept["retraining"]] == [2021, 2022]
    card = (folder / "README.md").read_text(encoding="utf-8")
    for title in ("What each part is worth", "What active choice saves", "What retraining gains"):
        assert f"### {title}" in card
    assert accuracy(judge(read_release(folder), units)) > 0.9


def test_labels_saved_are_read_off_the_curves_of_each_run() -> None:
    steps = [
        Step(100, active=(0.5, 0.5), random=(0.5, 0.5)),
        Step(200, active=(0.8, 0.6), random=(0.6, 0.7)),
        Step(300, active=(0.9, 0.7), random=(0.8, 0.8)),
    ]
    assert saved_labels(steps) == (pytest.approx(1 / 6, abs=1e-3), 0.0, pytest.approx(1 / 3, abs=1e-3))


def test_the_gain_of_a_model_over_itself_is_nothing(here: Path, units: list[UnitRow]) -> None:
    verdicts = judge(read_release(here / "models" / "small-1"), units)
    assert gain_interval(verdicts, verdicts, accuracy, rounds=20) == (0.0, 0.0)


def test_the_reliability_diagram_is_svg() -> None:
    drawn = ElementTree.fromstring(draw_reliability([(0.45, 0.5, 10), (0.95, 0.97, 90)]))
    assert len(drawn.findall("{http://www.w3.org/2000/svg}circle")) == 2


def test_drift_and_suggest_read_files_and_weak_labels_tell_their_votes(
    here: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    report = tmp_path / "new.txt"
    report.write_text(
        "松溪镇人民政府2025年政府信息公开工作年度报告\n一、总体情况\n"
        "全年主动公开信息45条，开通视频号1个。\n收到公开申请3件，均按期答复。\n"
        "五、存在的主要问题及改进情况\n一是更新不够及时；二是人手不足。\n下一步，配备专人，加强培训。\n",
        encoding="utf-8",
    )
    assert main(["drift", str(report), "--format", "json"]) == 0
    assert json.loads(capsysbinary.readouterr().out)["units"] >= 4
    assert main(["suggest", "-n", "3", str(report)]) == 0
    chosen = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert len(chosen) == 3
    assert {one["reason"] for one in chosen} <= {"uncertain", "different", "random"}
    assert main(["suggest", "--weak", "-n", "9", str(report)]) == 0
    weak = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert [one["score"] for one in weak] == sorted(one["score"] for one in weak)
    assert all("rules" in one["votes"] for one in weak)
    assert {one["unit"]["kind"] for one in weak} >= {"problem", "request"}


@pytest.mark.shared
def test_the_default_model_on_real_reports_is_no_worse_than_the_rules(
    real_reports: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    labels = Path(__file__).parent / "real"
    scores = {
        one.context: one for one in score_real(load_model(), next(iter(real_reports.values())).parent, labels)
    }
    assert scores["full"].units == 74
    assert scores["full"].right >= max(0.93, scores["rules"].right)  # one unit of 74 is 1.4 points
    assert scores["full"].themes_micro_f1 >= 0.87  # some fifty labels: one of them is two points


def test_real_reports_without_labels_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "report.txt").write_text("无")
    assert main(["evaluate", "rules", "--real", str(tmp_path), "--labels", str(tmp_path)]) == 1
    assert "no report there has labels" in capsys.readouterr().err


def test_what_is_suggested_is_labelled_in_a_table_and_trained_on(
    tmp_path: Path, here: Path, units: list[UnitRow], capsys: pytest.CaptureFixture[str]
) -> None:
    """suggest --to csv, the table corrected by a person, corpus import, check, train: no step between."""
    parsed = {"id": "r1", "agency": "白石县文化馆", "year": 2024, "units": []}
    wanted = {"section", "path", "marker", "text", "start", "end"}
    for unit in units[:12]:
        fields = {name: value for name, value in msgspec.to_builtins(unit).items() if name in wanted}
        parsed["units"].append({"id": unit.id, **fields})
    (tmp_path / "new.jsonl").write_text(json.dumps(parsed, ensure_ascii=False), encoding="utf-8")
    table, corpus = tmp_path / "label.csv", tmp_path / "own"
    assert main(["suggest", str(tmp_path / "new.jsonl"), "-n", "8", "--to", "csv", "-o", str(table)]) == 0
    lines = table.read_text("utf-8-sig").splitlines()
    assert lines[0].endswith(",score,reason")
    assert len(lines) == 9
    assert main(["corpus", "import", "--from", "csv", "--corpus", str(corpus), str(table)]) == 0
    assert main(["corpus", "check", "--corpus", str(corpus)]) == 0  # a table brings no reports: no fault
    weak = tmp_path / "weak.xlsx"
    assert main(["suggest", str(tmp_path / "new.jsonl"), "--weak", "--to", "xlsx", "-o", str(weak)]) == 0
    assert main(["corpus", "import", "--from", "xlsx", "--corpus", str(tmp_path / "weak"), str(weak)]) == 0
    config = tmp_path / "own.toml"
    splits = '["train", "validation", "test"]'
    config.write_text(f'name = "own"\nversion = "1"\ncorpus = "{corpus}"\nsplits = {splits}\n')
    capsys.readouterr()
    assert main(["train", str(config), "-o", str(tmp_path / "models")]) == 1
    assert "are too few" in capsys.readouterr().err  # one report teaches nothing, and it is said


@pytest.mark.parametrize("arguments", [[], ["--weak"]])
def test_what_cannot_be_suggested_from_is_told(
    tmp_path: Path, here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    file = tmp_path / "new.jsonl"
    none = json.dumps({"id": "r1", "agency": None, "year": None, "units": []})
    for content, told in ((none, "no units"), ("", "no units"), ('{"id": "\udcff"}', "new.jsonl:1: 'utf-8'")):
        file.write_text(content, "utf-8", "surrogateescape")
        assert main(["suggest", str(file), "--model", "rules", *arguments]) == 1
        assert told in capsys.readouterr().err
    file.write_bytes(codecs.BOM_UTF8 + none.encode())
    assert main(["suggest", str(file), "-o", str(file), *arguments]) == 2
    assert "the very file that is read" in capsys.readouterr().err
    assert main(["suggest", str(file), *arguments]) == 1
    assert "no units" in capsys.readouterr().err


def test_the_card_tells_whose_the_labels_are(here: Path, units: list[UnitRow], tmp_path: Path) -> None:
    own = [replace(unit, source="own") for unit in units]
    write_rows(tmp_path / "own", [("train", unit) for unit in own])
    config = Config(name="own", version="1", corpus=str(tmp_path / "own"), splits=("train",), folds=3)
    card = (train_release(config, tmp_path / "models") / "README.md").read_text("utf-8")
    assert "fictional" not in card
    assert "All of the units came with their labels from outside the project" in card
    assert "fictional" in (here / "models" / "small-1" / "README.md").read_text("utf-8")


def test_a_corpus_without_problems_and_measures_is_told(units: list[UnitRow], tmp_path: Path) -> None:
    rows = [("train", unit) for unit in units if unit.kind not in ("problem", "measure")]
    write_rows(tmp_path / "own", rows)
    config = Config(name="own", version="1", corpus=str(tmp_path / "own"), splits=("train",), folds=3)
    with pytest.raises(BadData, match="no problem or measure"):
        train_release(config, tmp_path / "models")


def test_a_model_is_scored_as_if_it_had_not_seen_the_split_and_never_learns_later_labels(
    here: Path, units: list[UnitRow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    split = {unit.id: "test" if unit.hand == "h3" else "train" for unit in units}
    earlier = [unit for unit in units if unit.year < 2022]
    write_rows(tmp_path / "corpus", [(split[unit.id], unit) for unit in earlier])
    config = Config(
        name="all", version="1", corpus=str(tmp_path / "corpus"), splits=("train", "test"), folds=3
    )
    old = str(train_release(config, tmp_path / "models"))
    write_rows(tmp_path / "corpus", [(split[unit.id], unit) for unit in units])  # the new year comes in
    new = str(train_release(replace(config, version="2"), tmp_path / "models"))
    taught: list[list[UnitRow]] = []
    fit = train.fit
    monkeypatch.setattr(train, "fit", lambda units, config: taught.append(units) or fit(units, config))
    assert load_unseen(old, tmp_path / "corpus", "test").name == "all-1 without test"
    assert load_unseen(new, tmp_path / "corpus", "test").name == "all-2 without test"
    assert [{unit.year for unit in lesson} for lesson in taught] == [{2020, 2021}, {2020, 2021, 2022}]
    assert not any(unit.hand == "h3" for lesson in taught for unit in lesson)
    other = [replace(unit, id=f"other-{unit.id}") for unit in units]
    write_rows(tmp_path / "other", [("test", unit) for unit in other])
    assert (
        load_unseen(old, tmp_path / "other", "test").name == "all-1"
    )  # labels of one's own: the release itself
    write_rows(tmp_path / "same", [("test", unit) for unit in earlier])
    with pytest.raises(BadData, match="nothing else that it learnt"):
        load_unseen(old, tmp_path / "same", "test")


def test_what_is_suggested_has_themes_only_as_problem_or_measure(units: list[UnitRow]) -> None:
    """Themes are looked for where problem or measure are likely together; another kind may still be likeliest."""
    kinds = load_labels().kinds
    scores = tuple({"platform": 0.5, "problem": 0.3, "measure": 0.2}.get(kind, 0.0) for kind in kinds)

    class Torn:
        name = "torn"

        def label_reports(self, reports: Reports) -> tuple[tuple[Label, ...], ...]:
            return tuple(tuple(Label(scores, ("channel",)) for _ in atoms) for _, atoms in reports)

        def label_alone(self, texts: Sequence[Alone]) -> tuple[Label, ...]:
            return ()

    proposed = as_proposals(suggest(Torn(), units[:20], 8))
    assert {(unit.kind, unit.themes) for unit in proposed} == {("platform", ())}


def test_a_configuration_that_names_no_corpus_is_told_where_it_is_looked_for(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "own.toml"
    config.write_text('name = "own"\nversion = "1"\ncorpus = "elsewhere"\n')
    assert main(["train", str(config)]) == 1
    assert "elsewhere: no labelled units there; the `corpus`" in capsys.readouterr().err
    config.write_text('name = "own"\nversion = "1"\ncorpus = "corpus"\nyears = [1999]\n')
    assert main(["train", str(config)]) == 1
    assert "of the splits, parts and years" in capsys.readouterr().err


def test_a_corpus_of_ones_own_is_held_out_by_agency_and_one_agency_is_too_few(
    units: list[UnitRow], tmp_path: Path
) -> None:
    own = [replace(unit, hand="own", source="own") for unit in units]
    write_rows(tmp_path / "own", [("train", unit) for unit in own])
    config = Config(name="own", version="1", corpus=str(tmp_path / "own"), splits=("train",), folds=3)
    scores = honest_scores(config)
    assert scores["agencies held out"]["full"]["units"] == len(units)
    card = (train_release(config, tmp_path / "models", scores) / "README.md").read_text("utf-8")
    assert "### Whole agencies held out" in card
    write_rows(tmp_path / "alone", [("train", replace(unit, agency="白石县文化馆")) for unit in own])
    with pytest.raises(BadData, match="all units are of one agency"):
        honest_scores(replace(config, corpus=str(tmp_path / "alone")))
