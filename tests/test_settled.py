"""Kinds that words or place settle, whatever the model makes of them."""

from __future__ import annotations

import re

import pytest

from extract.classify import Rules, classify_atoms
from extract.classify.cues import load_labels
from extract.classify.settled import Phrase, load_phrases, settle, settle_alone
from extract.datafiles import read_data
from extract.report import Atom, Label

KINDS = load_labels().kinds


def sure_of(kind: str) -> Label:
    return Label(tuple(0.92 if one == kind else 0.01 for one in KINDS))


def settle_lines(lines: list[tuple[str, tuple[str, ...], bool]], kind: str, section: str) -> list[str]:
    """The kinds of lines (text, headings, whether an item) of which the model is sure that they are `kind`."""
    text, atoms = "", []
    for words, path, item in lines:
        atoms.append(Atom(section, path, None, len(text), len(text) + len(words), len(atoms), item=item))
        text += words + "\n"
    labels = settle(text, atoms, [sure_of(kind)] * len(atoms))
    assert all(sum(label.scores) == pytest.approx(1) for label in labels)
    return [KINDS[label.scores.index(max(label.scores))] for label in labels]


@pytest.mark.parametrize("phrase", load_phrases(), ids=lambda phrase: phrase.kind)
def test_phrases_match_their_examples(phrase: Phrase) -> None:
    assert phrase.kind in KINDS
    for section in phrase.sections:
        assert [settle_alone(one, section) for one in phrase.examples] == [phrase.kind] * len(phrase.examples)
        assert [settle_alone(one, section) for one in phrase.never] == [None] * len(phrase.never)
    assert all(any(hint in one for hint in phrase.hint) for one in phrase.examples)


@pytest.mark.parametrize("key", ["wanting", "fault"])
def test_what_tells_of_faults_matches_its_examples(key: str) -> None:
    entry = read_data("settled.toml")[key]
    search = re.compile(entry["pattern"], re.VERBOSE).search
    assert [one for one in entry["examples"] if search(one) is None] == []
    assert [one for one in entry["never"] if search(one) is not None] == []


def test_what_a_turn_leads_into_is_remedy() -> None:
    lines = [
        ("栏目偏少。", (), False),
        ("2022年将从下列方面改进：", (), False),
        ("请各站提需求，按需求公开。", (), True),
        ("添两个栏目。", (), True),
        ("账目晚挂。", (), False),
        ("会计调离。", (), True),
    ]
    kinds = settle_lines(lines, "problem", "problems")
    assert kinds == ["problem", "measure", "measure", "measure", "problem", "problem"]


def test_remedies_may_stand_under_headings_of_their_own() -> None:
    lines = [
        ("针对上述问题，我站将这样改进：", (), False),
        ("针对人手少的现状，借调会计一名。", ("（一）添人手",), False),
        ("人手少。", ("（二）存在的困难",), False),
        ("网速慢。", ("改进措施",), False),
    ]
    assert settle_lines(lines, "problem", "problems") == ["measure", "measure", "problem", "measure"]


def test_what_is_still_wanting_is_no_remedy() -> None:
    lines = [
        ("今后的宣传仍需加强。", (), False),
        ("下一步计划有待细化：", (), False),
        ("无人写稿。", (), True),
    ]
    assert settle_lines(lines, "problem", "problems") == ["problem"] * 3


def test_praise_that_ends_in_a_fault_is_a_problem() -> None:
    lines = [("栏目翻新了两处，但解读还有差距。", (), False), ("栏目翻新了两处。", (), False)]
    assert settle_lines(lines, "overview", "problems") == ["problem", "overview"]


def test_fees_and_contact_are_settled_outside_the_problems() -> None:
    lines = [("全年信息公开的收费、减免均为零。", (), False), ("公开信息9条。", (), False)]
    assert settle_lines(lines, "overview", "requests") == ["other", "overview"]
    assert settle_lines(lines, "problem", "problems") == ["problem", "problem"]
    contact = [("如对本报告有疑问,请与站里联系(电话:6612)。", (), False)]
    assert settle_lines(contact, "proactive", "overview") == ["overview"]


def test_every_classifier_is_settled() -> None:
    text = "如对本报告有疑问，请与站里联系。"
    (label,) = classify_atoms(text, [Atom("overview", (), None, 0, len(text), 0)], Rules())
    assert KINDS[label.scores.index(max(label.scores))] == "overview"


def test_a_fault_among_remedies_is_left_to_the_model() -> None:
    lines = [
        ("虽有进展，但离要求还有差距。", ("三、下一步工作计划",), False),
        ("补栏目。", ("三、下一步工作计划",), True),
    ]
    assert settle_lines(lines, "problem", "problems") == ["problem", "measure"]
