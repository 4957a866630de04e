"""Features, training and releases of the model of kinds and themes, on a small made-up corpus."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from extract.classify import Rules, classify_atoms, load_model
from extract.classify.cues import load_labels
from extract.classify.features import LINKS, hash_pieces, read_features
from extract.classify.model import ALONE, SLACK, SURE, Model, choose_themes, consult_rules, split_clauses
from extract.classify.release import pack_weights, read_release
from extract.errors import BadData
from extract.learn import doubts, drift, metrics, simulate, suggest, weak
from extract.learn.config import Config, Scheme, load_config
from extract.learn.corpus import UnitRow, write_rows
from extract.learn.design import design_first, design_second, group_folds
from extract.learn.examples import group_reports, read_sentences, read_units
from extract.learn.judge import judge
from extract.learn.markup import read_markup
from extract.learn.releasing import describe, set_default, train_release, write_release
from extract.learn.train import as_model, fit, prepare
from extract.pipeline import parse
from extract.report import Atom

PLACES = ["青柳河镇", "白石滩镇", "云岭县", "东屏街道", "南塘区", "禾丰乡", "芦溪市", "石门坎镇", "长岗县"]
BODY = """\
@@ id=h{hand}-{number:02d} hand=h{hand} agency={place} level=镇 year={year}
=overview 一、总体情况
{{overview}}{place}坚持以人民为中心，认真贯彻条例，扎实推进政务公开，取得新成效。
-（一）主动公开
{{proactive}}全年主动公开信息{a}条，发布政策解读{b}篇。公众号推送{c}条。{{platform}}更换公开栏{b}块，门户网站完成改版。
-（二）依申请公开
{{request}}收到公开申请{b}件，均按期答复；未发生行政复议、行政诉讼。
-（三）信息管理
{{management}}落实三审三校和保密审查，修订公开目录，涉密不上网。
-（四）监督保障
{{supervision|一是}}调整领导小组，主要领导任组长。{{supervision|二是}}组织培训{b}次，把公开纳入考核。
=problems 五、存在的主要问题及改进情况
{{problem}}存在以下不足：{{problem:timeliness|一是}}部分栏目更新不及时；{{problem:staffing|二是}}专职人员不足，业务不熟。
{{measure}}下一步抓好两件事：{{measure:timeliness,mechanism|一是}}建立更新提醒机制，每月检查；{{measure:staffing|二是}}配备专人，加强培训。
=other 六、其他需要报告的事项
{{other}}未收取信息处理费，无其他需要报告的事项。
"""


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> list[UnitRow]:
    text = "\n".join(
        BODY.format(hand=n % 3, number=n, place=place, year=2020 + n % 3, a=n * 7 + 30, b=n + 2, c=n * 3 + 9)
        for n, place in enumerate(PLACES)
    )
    file = tmp_path_factory.mktemp("drafts") / "draft.txt"
    file.write_text(text, encoding="utf-8")
    return [unit for marked in read_markup(file) for unit in marked.units]


@pytest.fixture(scope="module")
def config() -> Config:
    return Config(name="small", version="1", folds=3, splits=("train",))


@pytest.fixture(scope="module")
def arrays(units: list[UnitRow], config: Config) -> dict[str, Any]:
    return fit(units, config)


@pytest.fixture(scope="module")
def model(arrays: dict[str, Any], config: Config) -> Model:
    return as_model(arrays, config)


# ---- features --------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=5), st.text(max_size=9)
)
def test_equal_text_has_equal_features_wherever_it_stands(pieces: list[str], other: str) -> None:
    alone = hash_pieces([pieces[-1]])
    among = hash_pieces([other, *pieces])
    for one, many in zip(alone, among):
        assert sorted(one.ids) == sorted(many.ids[many.starts[-2] :])


def test_digits_are_alike_and_lone_surrogates_are_read() -> None:
    words, chars = hash_pieces(["2023年", "1999年", "\ud800坏"])
    assert words.ids[: words.starts[1]].tolist() == words.ids[words.starts[1] : words.starts[2]].tolist()
    assert chars.starts[-1] > chars.starts[-2]


def test_features_of_many_reports_are_those_of_each() -> None:
    """A batch changes nothing: rows, neighbours and links stay within their report."""
    texts = ["一二三四。五六七八。", "存在问题：甲。乙。"]
    reports = [
        (texts[0], [Atom("overview", (), None, 0, 5, 0), Atom("overview", (), None, 5, 10, 0)]),
        ("", []),
        (
            texts[1],
            [
                Atom("problems", ("五",), None, 0, 5, 0, lead_in=True),
                Atom("problems", ("五",), "1.", 5, 7, 0),
            ],
        ),
    ]
    every = read_features(reports)
    assert every.counts == (2, 0, 2)
    assert every.before.tolist() == [-1, 0, -1, 2]
    assert every.after.tolist() == [1, -1, 3, -1]
    assert [LINKS[code] for code in every.link_before] == ["none", "sentence", "none", "lead_in"]
    single = read_features([reports[2]])
    assert every.words.ids[every.words.starts[2] :].tolist() == single.words.ids.tolist()


def test_half_width_punctuation_is_read_as_full_width() -> None:
    texts = [
        "进一步梳理所掌握的政府信息，及时提供，定期维护（含归档）；查漏补缺。",
        "公开栏内容更换慢，群众颇有意见：半个月不换。",
    ]
    half = [text.translate(str.maketrans("，（）；：", ",();:")) for text in texts]
    model = load_model()
    for section in (None, "problems"):
        full_labels = model.label_alone([(text, section, ()) for text in texts])
        assert model.label_alone([(text, section, ()) for text in half]) == full_labels


@given(st.text(max_size=60))
def test_clauses_lie_end_to_end(text: str) -> None:
    pieces, starts = split_clauses([text, "无"])
    assert "".join(pieces[: starts[1]]) == text
    assert pieces[starts[1] :] == ["无"]


def test_the_strongest_theme_is_named_somewhat_below_its_threshold_where_no_other_is() -> None:
    margins = np.array([[-SLACK / 2, -SLACK], [-SLACK / 2, 0.1], [-2 * SLACK, -3 * SLACK]])
    assert choose_themes(margins, np.array([True] * 3)).tolist() == [
        [True, False],
        [False, True],
        [False] * 2,
    ]
    assert not choose_themes(margins[:1], np.array([False])).any()  # a sentence leaves it to its neighbours


@pytest.mark.parametrize(
    ("text", "kind", "themes"),
    [
        ("采购结果只登了中标单位，单价、数量一个字没提。", "problem", {"content"}),
        ("账目写得含糊，看不出钱花给了谁。", "problem", {"content"}),
        ("管后台的换了三茬，没一个学过排版。", "problem", {"staffing"}),
        ("喇叭改装到渡口和磨坊，早晚各播一遍。", "measure", {"channel"}),
    ],
)
def test_a_concrete_fault_or_remedy_has_its_theme_without_the_set_words(
    text: str, kind: str, themes: set[str]
) -> None:
    report = parse(f"某县水务局2022年政府信息公开工作年度报告\n五、存在的主要问题及改进情况\n1.{text}\n")
    (unit,) = report.units
    assert unit.kind == kind
    assert themes <= set(unit.themes)


@pytest.mark.parametrize(
    "fee", ["对这两位申请人没有收取任何费用。", "邮寄和复制的开销由本局承担，申请人未交费。"]
)
def test_a_sentence_of_fees_among_requests_is_a_unit_of_its_own(fee: str) -> None:
    report = parse(
        "某县水务局2022年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n"
        f"全年收到申请2件，均已按期答复。{fee}\n"
    )
    assert [unit.kind for unit in report.units] == ["request", "other"]


def test_no_atoms_no_labels(model: Model) -> None:
    assert model.label_reports([("", []), ("", [])]) == ((), ())
    assert model.label_reports([]) == ()


# ---- training --------------------------------------------------------------------------------------------


def test_training_twice_gives_the_same_bytes(
    units: list[UnitRow], config: Config, arrays: dict[str, Any]
) -> None:
    assert pack_weights(fit(list(reversed(units)), config)) == pack_weights(arrays)


def test_the_runtime_scores_as_scikit_learn_does(
    units: list[UnitRow], config: Config, arrays: dict[str, Any], model: Model
) -> None:
    """The first pass of the plain arrays is the product that scikit-learn forms, within half floats."""
    from extract.learn import train
    from extract.learn.design import weigh_features

    lesson = prepare(units, config)
    own = weigh_features(lesson.features, np.nonzero(lesson.whole)[0], config.features.least_reports)
    heads = train._fit_heads(lesson, own, config)
    matrix = design_first(lesson.features, own, config.features)
    wanted = matrix @ heads[0].first.T + heads[0].bias
    found = model.score_first(lesson.features)
    assert np.abs(wanted - found).max() < 0.01
    dense = design_second(wanted, lesson.features, lesson.features.section, config.features.neighbours)
    values = dense @ heads[0].second.T + heads[0].second_bias
    assert (values.argmax(axis=1) == model.score_kinds(lesson.features).argmax(axis=1)).all()


def test_the_model_learns_and_scores_sum_to_one(units: list[UnitRow], model: Model) -> None:
    for context in ("full", "section", "bare"):
        verdicts = judge(model, units, context)
        assert metrics.accuracy(verdicts) > 0.95
    text, atoms = read_units(group_reports(units)[0])[:2]
    for label in classify_atoms(text, atoms, model):
        assert sum(label.scores) == pytest.approx(1)


def test_a_batch_labels_each_report_as_if_alone(units: list[UnitRow], model: Model) -> None:
    reports = [(example.text, example.atoms) for example in map(read_units, group_reports(units))]
    together = model.label_reports(reports)
    for report, labels in zip(reports, together):
        for one, other in zip(model.label_reports([report])[0], labels):
            assert one.scores == pytest.approx(other.scores, abs=1e-5)
            assert one.themes == other.themes


def test_rules_are_asked_where_the_model_is_not_sure() -> None:
    text = "2016年我局未收取任何信息公开费用。成立政务公开领导小组，主要领导任组长，举办业务培训两次。"
    end = text.index("。") + 1
    atoms = [
        Atom("requests", ("四、收费及减免情况",), None, 0, end, 0),
        Atom("overview", (), None, end, len(text), 1),
    ]
    kinds = load_labels().kinds
    unsure, sure = np.full(len(kinds), 0.3 / (len(kinds) - 1)), np.full(len(kinds), 0.002 / (len(kinds) - 1))
    unsure[kinds.index("overview")], sure[kinds.index("overview")] = 0.7, 0.998
    assert sure.max() > SURE > unsure.max()
    scores = np.stack([unsure, unsure])
    both = consult_rules(scores, [(text, atoms)], 0.5)
    assert [kinds[one] for one in both.argmax(axis=1)] == ["other", "supervision"]
    np.testing.assert_allclose(both.sum(axis=1), 1)
    np.testing.assert_allclose(scores, np.stack([unsure, unsure]))  # not written over
    assert consult_rules(scores, [(text, atoms)], 0.0) is scores
    settled = consult_rules(np.stack([sure, unsure]), [(text, atoms)], 0.5)
    np.testing.assert_allclose(settled, [sure, both[1]])


def test_a_release_says_what_the_rules_count(
    tmp_path: Path, units: list[UnitRow], config: Config, model: Model
) -> None:
    assert model.weights.rules.tolist() == [config.rules]
    arrays = fit(units, replace(config, rules=0.25), alone=False)
    assert as_model(arrays, config).weights.rules.tolist() == [0.25]
    del arrays["rules"]  # as in releases made before the rules were asked
    assert as_model(arrays, config).weights.rules.tolist() == [0.0]


def test_lead_ins_have_no_themes(units: list[UnitRow], model: Model) -> None:
    for verdict in judge(model, units):
        if verdict.unit.text.endswith("："):
            assert verdict.themes == ()


def test_sentences_of_a_paragraph_are_examples_too(units: list[UnitRow]) -> None:
    report = group_reports(units)[0]
    whole, sentences = read_units(report), read_sentences(report)
    assert len(sentences.atoms) == len(whole.atoms) + 1
    assert "".join(sentences.text[a.start : a.end] for a in sentences.atoms) == "".join(
        u.text for u in report
    )


def test_rough_hands_weigh_what_the_configuration_says(units: list[UnitRow], config: Config) -> None:
    rough = [replace(unit, part="rough") for unit in units]
    plain, light = prepare(rough, config).weight, prepare(rough, replace(config, rough=0.25)).weight
    assert light.tolist() == (plain * 0.25).tolist()
    assert prepare(units, replace(config, rough=0.25)).weight.tolist() == plain.tolist()


def test_folds_keep_groups_together() -> None:
    groups = [str(n % 7) for n in range(70)]
    folds = group_folds(groups, 3)
    assert sum(fold.sum() for fold in folds) == 70
    for fold in folds:
        inside = {group for group, held in zip(groups, fold) if held}
        assert not inside & {group for group, held in zip(groups, fold) if not held}


def test_a_bad_configuration_names_file_and_key(tmp_path: Path) -> None:
    file = tmp_path / "train.toml"
    file.write_text("[features]\nwrods = 1.0\n")
    with pytest.raises(BadData, match=r"train.toml.*wrods"):
        load_config(file)
    file.write_text('name = "mine"\n[features]\nchars = 0.5\n')
    assert load_config(file) == Config(name="mine", features=Scheme(chars=0.5))


# ---- releases --------------------------------------------------------------------------------------------


@pytest.fixture
def release(tmp_path: Path, units: list[UnitRow], config: Config, arrays: dict[str, Any]) -> Path:
    corpus = tmp_path / "corpus"
    write_rows(corpus, [("train", unit) for unit in units])
    here = replace(config, corpus=str(corpus))
    return write_release(tmp_path / "small-1", describe(units, arrays, here, {}), arrays, "card\n")


def test_a_release_scores_as_the_model_that_was_trained(
    release: Path, units: list[UnitRow], model: Model
) -> None:
    again = read_release(release)
    assert again.name == "small-1"
    assert [v.score for v in judge(again, units)] == [v.score for v in judge(model, units)]


@pytest.mark.parametrize("name", ["weights.npz", "README.md", "meta.json"])
def test_a_tampered_release_is_refused(release: Path, name: str) -> None:
    content = bytearray((release / name).read_bytes())
    place = content.index(b"small") if name == "meta.json" else len(content) // 2
    content[place] ^= 1
    (release / name).write_bytes(content)
    with pytest.raises(BadData):
        read_release(release)


def test_a_release_with_a_file_missing_or_other_labels_is_refused(release: Path) -> None:
    from extract.classify.release import digest_meta

    meta = json.loads((release / "meta.json").read_bytes())
    meta["kinds"] = meta["kinds"][::-1]
    meta["sha256"] = digest_meta(meta)
    (release / "meta.json").write_text(json.dumps(meta))
    with pytest.raises(BadData, match="other labels"):
        read_release(release)
    (release / "weights.npz").unlink()
    with pytest.raises(BadData, match=r"weights.npz"):
        read_release(release)


def test_train_release_writes_card_and_scores(tmp_path: Path, units: list[UnitRow], config: Config) -> None:
    rows = [("test" if unit.hand == "h2" else "train", unit) for unit in units]
    write_rows(tmp_path / "corpus", rows)
    folder = train_release(replace(config, corpus=str(tmp_path / "corpus")), tmp_path / "models")
    meta = read_release(folder).meta
    assert meta["scores"]["test"]["full"]["kinds_macro_f1"] > 0.9
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "kinds, macro-F1" in card
    assert "$" not in card.split("```")[0]
    set_default(tmp_path / "models", folder.name)
    assert (tmp_path / "models" / "default").read_text() == "small-1\n"


def test_models_are_chosen_by_name_or_folder(release: Path) -> None:
    assert isinstance(load_model("rules"), Rules)
    assert load_model(str(release)).name == "small-1"
    with pytest.raises(BadData, match="no model 'none-9'"):
        load_model("none-9")


def test_scoring_imports_no_training_library(release: Path) -> None:
    code = f"""
import sys
from extract.classify import classify_atoms, load_model
from extract.report import Atom
classify_atoms("公开信息9条。", [Atom("overview", (), None, 0, 7, 0)], load_model({str(release)!r}))
bad = {{"sklearn", "scipy", "pandas", "pyarrow", "datasets", "spacy"}} & set(sys.modules)
assert not bad, bad
"""
    subprocess.run([sys.executable, "-c", code], check=True)


# ---- the loop of a new year ------------------------------------------------------------------------------


def test_drift_tells_unseen_words_and_strange_units(release: Path, units: list[UnitRow]) -> None:
    model = read_release(release)
    same = drift.measure_drift(model, units)
    assert same.unseen == 0
    assert same.divergence < 0.02
    strange = "元宇宙展厅接入量子密钥，机器人讲解员全天值守。"
    new = [replace(unit, text=strange, end=unit.start + len(strange)) for unit in units[:3]]
    told = drift.measure_drift(model, [*units[3:], *new])
    assert told.unseen > 0
    assert "元宇宙" in "".join(word for word, _ in told.unseen_words) or told.unseen_words
    assert told.strange[0][2] == strange


def test_suggestions_are_uncertain_different_and_random(units: list[UnitRow], model: Model) -> None:
    chosen = suggest.suggest(model, units, 20)
    reasons = [one.reason for one in chosen]
    assert len({one.unit.id for one in chosen}) == len(chosen)
    assert reasons.count("random") == 5
    assert "uncertain" in reasons
    assert suggest.suggest(model, units, 20) == chosen


def test_doubts_find_a_planted_label(units: list[UnitRow], config: Config) -> None:
    wrong = next(unit for unit in units if unit.kind == "request")
    planted = [replace(unit, kind="platform") if unit.id == wrong.id else unit for unit in units]
    found = doubts.find_doubts(planted, config)
    assert found[0].unit.id == wrong.id
    assert found[0].preferred == "request"


def test_weak_labels_combine_the_votes(units: list[UnitRow]) -> None:
    labels = weak.label_weakly([replace(unit, kind="", themes=()) for unit in units])
    right = {unit.id: unit.kind for unit in units}
    assert sum(label.unit.kind == right[label.unit.id] for label in labels) / len(labels) > 0.9


def test_voters_are_believed_as_far_as_they_agree() -> None:
    votes = np.array([[0, 0, 1], [1, 1, 0], [0, 0, 0], [1, 1, 1], [0, 0, 2], [2, 2, 0], [2, 2, 1]] * 5)
    scores, accuracy = weak.combine_votes(votes, 3)
    assert scores.argmax(axis=1)[:3].tolist() == [0, 1, 0]
    assert accuracy[0] > accuracy[2]


def test_simulations_score_choice_and_retraining(units: list[UnitRow], config: Config) -> None:
    steps = simulate.simulate_choice(units[:80], units[80:], config, first=40, batch=20, rounds=1, seeds=(1,))
    assert [step.labels for step in steps] == [40, 60]
    assert steps[0].active == steps[0].random
    gains = simulate.simulate_retraining(units, config, years=(2021, 2022))
    assert [gain.year for gain in gains] == [2021, 2022]
    assert all(0 <= gain.before <= 1 and 0 <= gain.after <= 1 for gain in gains)


def test_metrics_of_a_known_table(units: list[UnitRow]) -> None:
    problem = next(unit for unit in units if unit.kind == "problem" and unit.themes)
    other = next(unit for unit in units if unit.kind == "other")
    verdicts = [
        metrics.Verdict(problem, "problem", 0.9, ("timeliness", "content")),
        metrics.Verdict(problem, "measure", 0.6, ()),
        metrics.Verdict(other, "other", 1.0, ()),
    ]
    assert metrics.accuracy(verdicts) == pytest.approx(2 / 3)
    assert metrics.macro_f1(verdicts) == pytest.approx((2 / 3 + 1) / 2)
    assert metrics.themes_micro_f1(verdicts) == pytest.approx(2 * 1 / (2 + 2))
    assert metrics.calibration_error(verdicts) == pytest.approx((0.1 + 0.6 + 0.0) / 3)
    assert metrics.paired_test(verdicts, verdicts) == (0.0, 1.0)
    low, high = metrics.interval(verdicts, metrics.accuracy, rounds=50)
    assert low <= metrics.accuracy(verdicts) <= high


def test_text_alone_has_a_head_of_its_own(model: Model) -> None:
    labels = model.label_alone([("收到公开申请3件，均按期答复。", None, ()), ("无", "review", ())])
    assert all(sum(label.scores) == pytest.approx(1) for label in labels)
    assert ALONE == 1
