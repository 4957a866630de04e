"""What the rules on figures know, loaded from the data files at first use."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from extract.datafiles import read_data
from extract.errors import BadData


class Measures(NamedTuple):
    """The counting words: what each stands for, and the longer words that it is not."""

    stands: dict[str, str]
    units: dict[str, str]  # the unit that each word names
    not_before: dict[str, tuple[str, ...]]  # by word; what the text from the word on must not begin with
    pattern: str  # alternatives, longest first

    def holds(self, word: str, text: str, start: int) -> bool:
        """Whether `word`, found at `start`, is a counting word there and not the head of another word."""
        return not text.startswith(self.not_before[word], start)


class Phrases(NamedTuple):
    """Fixed phrases whose numerals count nothing."""

    automaton: AhoCorasick
    digits: frozenset[str]  # the numbers in digits that stand in one
    named_measures: frozenset[str]
    named_heads: tuple[str, ...]
    named_unless: tuple[str, ...]
    leads: tuple[str, ...]  # verbs of stress
    stressed: frozenset[str]  # counting words that they take

    def may_hold(self, number: str | None) -> bool:
        """Whether the number may stand in a phrase: in digits only those that do."""
        return number is None or not number.isdecimal() or number in self.digits


class Negators(NamedTuple):
    """What states an absence; see data/negators.toml."""

    lead: re.Pattern[str]  # negator (and verb) before what is absent
    trail: re.Pattern[str]  # behind what is absent
    verbs: re.Pattern[str]
    doing: frozenset[str]
    not_before: tuple[str, ...]
    void: dict[str, tuple[str, ...]]  # by their first character
    heads: re.Pattern[str]
    nothing: tuple[str, ...]
    zero: re.Pattern[str]  # 零 and what there is none of
    aims: re.Pattern[str]
    first: re.Pattern[str]  # the characters that a stated absence can begin with, of all three kinds


class Words(NamedTuple):
    """The words by which clauses are read; `kinds` (with the group of a verb) by number of the word."""

    automaton: AhoCorasick
    kinds: tuple[tuple[str, str], ...]
    determiner: re.Pattern[str]
    determiner_heads: frozenset[str]  # the characters that a determiner begins with
    quantity: re.Pattern[str]  # at the end
    quantity_tails: frozenset[str]  # the characters that a quantity ends with
    compound: tuple[str, ...]
    patients: tuple[str, ...]
    predicates: tuple[str, ...]
    by_word: dict[str, str]  # group of each verb


def join_words(words: Any) -> str:
    """The words as alternatives of a pattern, longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def join_heads(words: Iterable[str]) -> str:
    """The characters that the words begin with, for a class of a pattern."""
    return re.escape("".join(sorted({word[0] for word in words if word})))


def build_automaton(words: list[str]) -> AhoCorasick:
    """An automaton that finds the leftmost, longest of the words.

    As a DFA it would take 3 MiB for the words of the clauses, and on whole reports it is no faster (2026-11).
    """
    kind = MatchKind.LeftmostLongest
    return AhoCorasick(words, matchkind=kind, implementation=Implementation.ContiguousNFA)


@cache
def load_measures() -> Measures:
    """The counting words; raises `BadData` where one stands twice."""
    stands: dict[str, str] = {}
    not_before: dict[str, tuple[str, ...]] = {}
    for entry in read_data("measures.toml")["measure"]:
        for word in entry["words"]:
            if word in stands and "none" not in (stands[word], entry["stands"]):
                raise BadData(f"measures.toml: {word!r} stands twice")
            if word not in stands:
                stands[word] = entry["stands"]
                longer = entry.get("not_before", ())
                not_before[word] = tuple(x for x in longer if x.startswith(word) or word.startswith(x))
    units = {word: _name_unit(word) for word in stands}
    return Measures(stands, units, not_before, join_words(stands))


def _name_unit(word: str) -> str:
    """The unit of a counting word: 元 for 元钱 and 元人民币."""
    if word in ("％", "%"):
        return "%"
    if word == "个百分点":
        return "百分点"
    return "元" if word.startswith(("元", "块钱")) else word


@cache
def load_phrases() -> Phrases:
    """The set phrases."""
    data = read_data("set_phrases.toml")
    words = sorted({word for entry in data["phrases"] for word in entry["words"]})
    (named,) = data["named"]
    return Phrases(
        automaton=build_automaton(words),
        digits=frozenset(re.findall("[0-9]+", " ".join(words))),
        named_measures=frozenset(named["measures"]),
        named_heads=tuple(named["heads"]),
        named_unless=tuple(named["unless"]),
        leads=tuple(data["emphasis"]["leads"]),
        stressed=frozenset(data["emphasis"]["measures"]),
    )


@cache
def load_negators() -> Negators:
    """What states an absence."""
    data = read_data("negators.toml")
    verbs = [*data["verbs"], *data["doing"]]
    lead = (
        rf"(?P<whole>{join_words(data['whole'])})|(?P<negator>{join_words(data['negators'])})"
        rf"(?P<verb>{join_words(verbs)})?|(?P<noun>{join_words(data['nouns'])})"
    )
    zeros = ["零" + word for word in (*data["zero"], *"、，。；")]
    stated = [mark + word for mark in ("：", "： ", ":", ": ") for word in ("无", "零", "没有")]
    return Negators(
        lead=re.compile(lead),
        trail=re.compile(join_words(data["after"])),
        verbs=re.compile(join_words(verbs)),
        doing=frozenset(data["doing"]),
        not_before=tuple(data["not_before"]),
        void=_by_head(data["void"]),
        heads=re.compile(join_words(data["heads"])),
        nothing=tuple(data["nothing"]),
        zero=re.compile(
            rf"(?<![〇零一二三四五六七八九十百千万亿0-9])(?:零(?P<behind>{join_words(data['zero'])})(?!率|量|数)"
            rf"|(?<=[议讼请诉报访])零(?=[、，。；,;]|\Z))"
        ),
        aims=re.compile(join_words(data["aims"])),
        first=_first(stated, zeros, data["whole"], data["negators"], data["nouns"], data["after"]),
    )


def _first(*lists: list[str]) -> re.Pattern[str]:
    """What the words of the lists can begin with: their first characters, followed by one that goes on."""
    words = [word for words in lists for word in words]
    single = {word for word in words if len(word) == 1}
    onward = join_heads(word[1:] for word in words if word[0] not in single)
    whole = f"(?<=[{join_heads(single)}])|" if single else ""
    return re.compile(f"[{join_heads(words)}](?:{whole}(?=[{onward}]))")


def _by_head(words: list[str]) -> dict[str, tuple[str, ...]]:
    """The words by their first character."""
    heads = {word[0] for word in words}
    return {head: tuple(word for word in words if word[0] == head) for head in heads}


@cache
def load_words() -> Words:
    """The words of the clause model; the first list that holds a word decides its kind."""
    data = read_data("clause_words.toml")
    kinds: dict[str, tuple[str, str]] = {}
    names = ("noun", "outcome", "nounverb", "owner", "preposition", "light")
    for name in names[:3]:
        for word in data["words"][name]:
            kinds.setdefault(word, (name, ""))
    for group, verbs in data["verbs"].items():
        for word in verbs:
            kinds.setdefault(word, ("verb", group))
    for name in names[3:]:
        for word in data["words"][name]:
            kinds.setdefault(word, (name, ""))
    words = sorted(kinds)
    return Words(
        build_automaton(words),
        tuple(kinds[word] for word in words),
        re.compile(join_words(data["words"]["determiner"])),
        frozenset(word[0] for word in data["words"]["determiner"]),
        re.compile(rf"(?:{join_words(data['words']['quantity'])})\Z"),
        frozenset(word[-1] for word in data["words"]["quantity"]),
        tuple(data["words"]["compound"]),
        tuple(data["words"]["patient"]),
        tuple(data["words"]["predicate"]),
        {word: group for word, (kind, group) in kinds.items() if kind == "verb"},
    )
