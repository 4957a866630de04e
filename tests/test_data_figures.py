"""The vocabularies of figures and platforms load, agree with the contract and hold to their examples."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from extract.datafiles import read_data
from extract.figures import find_figures
from extract.figures.clauses import CLAUSE_ENDS
from extract.figures.knowledge import load_measures, load_negators, load_words
from extract.figures.metrics import METRICS, load_rules
from extract.numerals import load_approximators, parse_numeral
from extract.platforms import TYPES, find_platforms, load_lexicon
from extract.report import Bound, Figure

PLATFORMS = read_data("platforms.toml")
APPROXIMATORS = read_data("approximators.toml")["approximator"]
MARK = re.compile("【(.*?)】")


def unmark(example: str) -> tuple[str, list[tuple[int, int]]]:
    """The sentence without its marks, and the marked spans (an empty mark marks nothing)."""
    spans, text, place = [], "", 0
    for match in MARK.finditer(example):
        text += example[place : match.start()]
        if match[1]:
            spans.append((len(text), len(text) + len(match[1])))
        text += match[1]
        place = match.end()
    return text + example[place:], spans


def examples_of(entries: list[dict[str, Any]], key: str) -> list[Any]:
    return [pytest.param(entry, one, id=one) for entry in entries for one in entry.get(key, [])]


def spans_of(figures: tuple[Figure, ...]) -> list[tuple[int, int]]:
    return sorted({(one.start, one.end) for one in figures})


# ---- platforms -------------------------------------------------------------------------------------------


def test_platform_types_are_those_of_the_contract() -> None:
    assert {entry["type"] for entry in PLATFORMS["platform"]} == TYPES


@pytest.mark.parametrize(("entry", "example"), examples_of(PLATFORMS["platform"], "examples"))
def test_platform_examples(entry: dict[str, Any], example: str) -> None:
    """Every example yields the mentions marked in it, one at least of its entry's type."""
    text, spans = unmark(example)
    found = find_platforms(text)
    assert [(one.start, one.end) for one in found] == spans
    assert entry["type"] in {one.type for one in found}


@pytest.mark.parametrize(("entry", "example"), examples_of(PLATFORMS["platform"], "never"))
def test_platform_counter_examples(entry: dict[str, Any], example: str) -> None:
    """No counter-example yields a mention of its entry's type."""
    assert entry["type"] not in {one.type for one in find_platforms(example)}


@pytest.mark.parametrize("entry", PLATFORMS["none"], ids=lambda entry: entry["words"][0])
def test_words_that_are_no_platforms(entry: dict[str, Any]) -> None:
    """A word under `none` yields no mention."""
    for word in entry["words"]:
        assert not find_platforms(f"有关{word}的安排"), word


@pytest.mark.parametrize("entry", PLATFORMS["several"], ids=lambda entry: entry["words"][0])
def test_words_for_several_platforms(entry: dict[str, Any]) -> None:
    """两微一端 is three mentions on one span."""
    for word in entry["words"]:
        found = find_platforms(f"用好{word}")
        assert [one.type for one in found] == entry["types"]
        assert {(one.start, one.end) for one in found} == {(2, 2 + len(word))}


# ---- counting words and approximators --------------------------------------------------------------------


@pytest.mark.parametrize(("entry", "example"), examples_of(read_data("measures.toml")["measure"], "examples"))
def test_measure_examples(entry: dict[str, Any], example: str) -> None:
    """Every example yields exactly the figures marked in it."""
    text, spans = unmark(example)
    assert spans_of(find_figures(text)) == spans


@pytest.mark.parametrize(("entry", "example"), examples_of(read_data("measures.toml")["measure"], "never"))
def test_measure_counter_examples(entry: dict[str, Any], example: str) -> None:
    """No counter-example yields a figure."""
    assert not find_figures(example)


@pytest.mark.parametrize(("entry", "example"), examples_of(APPROXIMATORS, "examples"))
def test_approximator_examples(entry: dict[str, Any], example: str) -> None:
    """`140余=140..` : the surface, and the bounds that it states."""
    surface, bounds = example.split("=")
    low, high = (float(end) if end else None for end in bounds.split(".."))
    numeral = parse_numeral(surface)
    assert numeral is not None
    assert (numeral.bound, numeral.low, numeral.high) == (entry["bound"], low, high)


def test_every_approximator_works() -> None:
    """Each word makes its bound of a number, at its place."""
    for one in load_approximators("before"):
        numeral = parse_numeral(one.word + ("百" if one.before_bare else "20"))
        assert numeral is not None, one.word
        assert numeral.bound == one.bound, one.word
    for one in load_approximators("after"):
        numeral = parse_numeral("20" + one.word)
        assert numeral is not None, one.word
        assert numeral.bound == one.bound, one.word
    assert {one.bound for one in load_approximators("inside")} <= set(get_args(Bound))


# ---- set phrases -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", read_data("set_phrases.toml")["phrases"], ids=lambda entry: entry["about"])
def test_set_phrases_count_nothing(entry: dict[str, Any]) -> None:
    """No set phrase yields a figure, in quotes or without."""
    for word in entry["words"]:
        for text in (f"推进{word}，", f"落实“{word}”要求。"):
            assert not find_figures(text), text
    assert len(set(entry["words"])) == len(entry["words"])


@pytest.mark.parametrize(
    ("entry", "example"), examples_of(read_data("set_phrases.toml")["named"], "examples")
)
def test_programmes_named_by_a_number(entry: dict[str, Any], example: str) -> None:
    """33条措施 is a name."""
    assert not find_figures(example)


@pytest.mark.parametrize(("entry", "example"), examples_of(read_data("set_phrases.toml")["named"], "never"))
def test_counts_of_measures_taken(entry: dict[str, Any], example: str) -> None:
    """出台33条措施 is a count."""
    assert find_figures(example)


# ---- absences --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", read_data("negators.toml")["examples"])
def test_absence_examples(example: str) -> None:
    """One figure for each thing denied, each with the span of the negator."""
    sentence, things = example.split(" → ")
    text, spans = unmark(sentence)
    found = find_figures(text)
    assert spans_of(found) == spans
    assert [one.object for one in found] == things.split(", ")
    assert all(one.negated and one.value == one.low == one.high == 0 and one.unit is None for one in found)


@pytest.mark.parametrize("example", read_data("negators.toml")["never"])
def test_what_denies_nothing(example: str) -> None:
    """没有及时更新, 如未收到, 无障碍 state no absence."""
    assert not find_figures(example)
    assert load_negators().heads.pattern


# ---- metrics ---------------------------------------------------------------------------------------------


def test_metrics_are_those_of_the_contract() -> None:
    """Every metric has a rule, every rule a known metric, and the last rule holds for everything."""
    assert {rule.id for rule in load_rules()} == set(METRICS)
    assert load_rules()[-1].may_hold("", "", ("", "", "", ""))


@pytest.mark.parametrize(("entry", "example"), examples_of(read_data("metrics.toml")["metric"], "examples"))
def test_metric_examples(entry: dict[str, Any], example: str) -> None:
    """The figure marked in every example has the metric of its rule."""
    text, spans = unmark(example)
    marked = [one for one in find_figures(text) if (one.start, one.end) in spans]
    assert [one.metric for one in marked] == [entry["id"]]


# ---- words of the clause model ---------------------------------------------------------------------------


def test_clause_words_stand_once_in_their_list() -> None:
    """No list of the clause model holds a word twice."""
    data = read_data("clause_words.toml")
    for lists in (data["verbs"], data["words"]):
        for name, words in lists.items():
            assert len(set(words)) == len(words), (
                name,
                sorted(word for word in words if words.count(word) > 1),
            )
    assert load_words().by_word["推送"] == "publish"


def test_no_word_lies_across_clauses() -> None:
    """A clause is read by itself, and all units at once: no word holds what ends a clause or a unit."""
    words = [
        word for lists in read_data("clause_words.toml").values() for one in lists.values() for word in one
    ]
    words += load_lexicon().words
    assert not [word for word in words if set(word) & set(CLAUSE_ENDS)]
    assert not [word for word in load_measures().stands if "\n" in word]


@pytest.mark.parametrize("example", read_data("set_phrases.toml")["emphasis"]["examples"])
def test_what_is_stressed_is_not_counted(example: str) -> None:
    """严把三道关口 counts nothing."""
    assert not find_figures(example)


@pytest.mark.parametrize("example", read_data("set_phrases.toml")["emphasis"]["never"])
def test_counts_behind_other_verbs(example: str) -> None:
    """打造三个示范点 is a count."""
    assert find_figures(example)
