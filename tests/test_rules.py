"""The rules for kinds and themes, their vocabularies and the questions of the guideline."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.classify import classify_atoms
from extract.classify.cues import (
    Vocabulary,
    load_heading_cues,
    load_kind_cues,
    load_labels,
    load_theme_cues,
)
from extract.classify.rules import find_themes, label_atoms
from extract.report import Atom
from extract.words import cut_words, load_words

CASES = tomllib.loads((Path(__file__).parent / "cases" / "kinds.toml").read_text(encoding="utf-8"))["case"]
EXAMPLES = Path(__file__).parents[2] / "shared" / "examples" / "units.jsonl"
VOCABULARIES = {"kinds": load_kind_cues, "headings": load_heading_cues, "themes": load_theme_cues}


def kind_of(scores: tuple[float, ...]) -> str:
    return load_labels().kinds[scores.index(max(scores))]


def atom_of(case: dict[str, Any], start: int = 0, paragraph: int = 0) -> Atom:
    return Atom(
        section=case["section"],
        path=tuple(case.get("path", ())),
        marker=case.get("marker"),
        start=start,
        end=start + len(case["text"]),
        paragraph=paragraph,
        item=case.get("marker") is not None,
        lead_in=case.get("lead_in", case["text"].endswith("：")),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_the_rules_answer_the_guideline(case: dict[str, Any]) -> None:
    label = label_atoms(case["text"], [atom_of(case)])[0]
    right = kind_of(label.scores) == case["kind"]
    assert right != bool(case.get("known")), kind_of(label.scores)


def entries() -> Iterator[Any]:
    for name, load in VOCABULARIES.items():
        for number, cue in enumerate(load().cues):
            yield pytest.param(load(), number, id=f"{name}-{number}-{cue.label}")


@pytest.mark.parametrize(("vocabulary", "number"), list(entries()))
def test_every_entry_holds_its_examples(vocabulary: Vocabulary, number: int) -> None:
    """An entry fires on its examples, never on its counter-examples."""
    cue = vocabulary.cues[number]
    assert cue.examples
    for example in cue.examples:
        assert any(hit.cue == number for hit in vocabulary.find(example)), example
    for never in cue.never:
        assert not [never[h.start : h.end] for h in vocabulary.find(never) if h.cue == number], never


def test_vocabularies_name_known_labels() -> None:
    labels = load_labels()
    assert {cue.label for cue in load_kind_cues().cues} == set(labels.kinds)
    assert {cue.label for cue in load_heading_cues().cues} <= set(labels.kinds)
    assert {cue.label for cue in load_theme_cues().cues} == set(labels.themes)


def test_no_word_stands_twice_in_an_entry() -> None:
    for load in VOCABULARIES.values():
        for cue in load().cues:
            for words in (cue.words, cue.except_, cue.unless):
                assert len(set(words)) == len(words), sorted(w for w in words if words.count(w) > 1)


def test_exceptions_hold_a_word_of_their_entry() -> None:
    """An exception that contains no word of its entry can never silence anything."""
    for load in VOCABULARIES.values():
        for cue in load().cues:
            idle = [e for e in cue.except_ if not any(word in e for word in cue.words)]
            assert not idle, (cue.label, idle)


def test_scores_sum_to_one_and_lead_ins_have_no_themes() -> None:
    text = "存在以下不足：信息更新不及时。"
    atoms = [
        Atom(section="problems", path=(), marker=None, start=0, end=7, paragraph=0, lead_in=True),
        Atom(section="problems", path=(), marker="一是", start=7, end=15, paragraph=0, item=True),
    ]
    lead_in, fault = label_atoms(text, atoms)
    assert sum(lead_in.scores) == pytest.approx(1)
    assert sum(fault.scores) == pytest.approx(1)
    assert lead_in.themes == ()
    assert fault.themes == ("timeliness",)


def test_a_bare_clause_after_measures_goes_on_as_measure() -> None:
    text = "下一步抓好两件事：组织培训；专栏每月点评。"
    spans = [(0, 9, True), (9, 14, False), (14, 21, False)]
    atoms = [
        Atom(section="problems", path=(), marker=None, start=s, end=e, paragraph=0, lead_in=lead)
        for s, e, lead in spans
    ]
    assert [kind_of(label.scores) for label in label_atoms(text, atoms)] == ["measure"] * 3


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("解读形式单一，多为文字转述", ("interpretation",)),
        ("干部保密意识不强", ("security",)),
        ("责任到人，定期通报", ("mechanism",)),
        ("答复申请人不够及时", ("request_handling",)),
        ("留言回复不及时", ("interaction",)),
    ],
)
def test_themes_follow_the_table(text: str, themes: tuple[str, ...]) -> None:
    assert find_themes(text) == themes


@settings(deadline=None)
@given(st.text(max_size=80))
def test_no_text_crashes_the_rules(text: str) -> None:
    atom = Atom(section="overview", path=(text,), marker=None, start=0, end=len(text), paragraph=0)
    assert sum(classify_atoms(text, [atom])[0].scores) == pytest.approx(1)


def test_words_are_sorted_and_lie_end_to_end() -> None:
    words = load_words()
    assert list(words) == sorted(set(words))
    text = "“三审三校”：2023年1-12月，依申请公开答复 9 件。"
    assert "".join(cut_words(text)) == text
    assert "依申请公开" in cut_words(text)


def test_jieba_and_its_binding_cut_alike() -> None:
    """The reference and the fast binding agree on Chinese text with the project's words."""
    import jieba

    from extract.words import WORD_FREQUENCY

    jieba.setLogLevel(60)
    reference = jieba.Tokenizer()
    for word in load_words():
        reference.add_word(word, WORD_FREQUENCY, "n")
    for case in CASES:
        text = "".join(c for c in case["text"] if "\u4e00" <= c <= "\u9fff")
        assert cut_words(text) == reference.lcut(text)


@pytest.mark.shared
def test_the_worked_examples() -> None:
    """The rules give at least 90 % of the worked examples their kind, and themes at micro-F1 0.8."""
    if not EXAMPLES.exists():
        pytest.skip("the worked examples are not beside the project")
    rows = [json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]
    right = 0
    for agency in sorted({row["id"][:4] for row in rows}):
        mine = [row for row in rows if row["id"].startswith(agency)]
        text = "\n".join(row["text"] for row in mine)
        atoms, at = [], 0
        for number, row in enumerate(mine):
            atoms.append(atom_of(row, at, number))
            at += len(row["text"]) + 1
        labels = label_atoms(text, atoms)
        right += sum(kind_of(label.scores) == row["kind"] for label, row in zip(labels, mine))
    assert right / len(rows) >= 0.9


def test_data_files_are_utf8_with_unix_line_ends() -> None:
    for name in ("kinds.toml", "themes.toml", "words.txt"):
        raw = (files("extract") / "data" / name).read_bytes()
        assert b"\r" not in raw
        assert raw.endswith(b"\n")


def test_signs_find_their_examples_and_leave_the_rest() -> None:
    from extract.classify.signs import count_columns, load_signs, name_themes

    themes = load_labels().themes
    assert len({(sign.words, sign.chains) for sign in load_signs()}) == len(load_signs())
    for column, sign in enumerate(load_signs(), len(themes)):
        assert sign.label in themes
        assert sign.examples, sign.says
        named = name_themes([*sign.examples, *sign.never])
        assert named.shape == (len(sign.examples) + len(sign.never), count_columns())
        assert named[:, column].tolist() == [1.0] * len(sign.examples) + [0.0] * len(sign.never)


def test_every_chain_of_a_sign_is_a_pattern() -> None:
    from extract.classify.signs import _compile_signs

    patterns = [then for roles in _compile_signs()._roles for _, then in roles if then is not None]
    assert all(then.pattern for then in patterns)
    assert not [
        then.pattern for then in patterns if "{publish}" in then.pattern or "{number}" in then.pattern
    ]
