"""What is known of headings, from data/headings.toml, and how they are folded to be compared with it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from extract.datafiles import read_data
from extract.errors import BadData
from extract.patterns import late
from extract.report import SectionId, Value

STRONG, USUAL, WEAK = 3, 2, 1
SECTIONS: tuple[SectionId, ...] = ("overview", "proactive", "requests", "review", "problems", "other")
LONGEST = 80  # characters of a line that are looked at for a section's name
JOINTS = late(r"[和与及、]|以及")
STOPS = "。：:；;，,.．、 \t　"
DRESS = "*# \t　】〗"
CLOSING = STOPS + DRESS  # what may stand behind a name
# One class first: that is searched for at once.
FOLDED_AWAY = late(r"[的和与及、*\s以，,](?:(?<![以，,])|(?<=以)(?=及)|(?<=复议[，,]))")
REMEMBERED = 2048  # short lines; the form's labels and the names of parts come again in every report
SHORT = 40  # characters of a line that is looked for among them: sentences hardly come again


class Headings(Value, frozen=True):
    """data/headings.toml, compiled."""

    names: tuple[tuple[SectionId, int, re.Pattern[str]], ...]  # the strongest first
    any_name: re.Pattern[str]  # matches where any of `names` does
    spellings: tuple[tuple[SectionId, str], ...]
    scope: re.Pattern[str]
    patterns: dict[str, re.Pattern[str]]
    signatures: tuple[tuple[SectionId, re.Pattern[str]], ...]
    bare: dict[str, tuple[str, ...]]
    vocabulary: frozenset[str]
    verbs: re.Pattern[str]
    deeds: re.Pattern[str]  # the verbs that tell what is done
    statements: re.Pattern[str]


@cache
def load_headings() -> Headings:
    """The knowledge of headings; raises `BadData` where the file breaks the schema."""
    try:
        return _compile(_load_data())
    except (KeyError, TypeError, re.error) as error:
        raise BadData(f"data/headings.toml: {error!r}") from error


@cache
def _load_data() -> dict[str, Any]:
    return read_data("headings.toml")


@cache
def _traditional() -> tuple[re.Pattern[str], dict[int, int]]:
    """Any traditional character, and what to write for each."""
    pairs: str = _load_data()["traditional"]
    return re.compile(f"[{pairs[::2]}]"), str.maketrans(pairs[::2], pairs[1::2])


def simplify(words: str) -> str:
    traditional, simple = _traditional()
    return words.translate(simple) if traditional.search(words) else words


def _compile(data: dict[str, Any]) -> Headings:
    names: list[tuple[SectionId, int, re.Pattern[str]]] = []
    for key, strength in (("strong", STRONG), ("usual", USUAL), ("weak", WEAK)):
        for entry in data["section"]:
            pattern = f"(?:{data['scope']})(?:{entry[key]})(?:{data['tail']})"
            names.append((entry["id"], strength, late(pattern, re.VERBOSE)))
    every = (f"(?:{entry[key]})" for entry in data["section"] for key in ("strong", "usual", "weak"))
    patterns = {
        "table_row": data["table_rows"]["pattern"],
        "title": data["title"]["pattern"],
        "date": data["signature_line"]["date"],
        "sender": data["signature_line"]["sender"],
        "signed": data["signature_line"]["both"],
        "caption": data["caption"]["pattern"],
        "furniture": data["furniture"]["pattern"],
        "lead_in": data["lead_in"]["pattern"],
        "pointer": data["pointer"]["pattern"],
        "turn": data["turn"]["pattern"],
        "core": f"({data['bare']['core']})(?:工作)?(?:办理)?(?P<tail>情况|方面)?",
        "fragment": data["fragment"]["pieces"],
        "denied": data["denied"]["pattern"],
    }
    patterns["label"] = _spell_label(data["bare"]["labels"], patterns["core"])
    apart = ("date", "signed", "caption", "furniture")  # what a line may be wherever it stands
    patterns["apart"] = "|".join(f"(?:{patterns[what]}\n)" for what in apart)
    lists = ("topics", "labels", "remedies", "lead_ins", "ends", "nouns", "acts")
    bare = {key: tuple(data["bare"][key]) for key in lists}
    verbs, statements = set(data["bare"]["verbs"]), data["bare"]["statements"]
    deeds = verbs - set(data["bare"]["no_deeds"])
    return Headings(
        tuple(names),
        re.compile(f"(?:{data['scope']})(?:{'|'.join(every)})", re.VERBOSE),
        _list_spellings(data),
        late(data["scope"], re.VERBOSE),
        {key: late(pattern, re.VERBOSE) for key, pattern in patterns.items()},
        tuple((entry["id"], late(entry["pattern"])) for entry in data["signature"]),
        bare,
        frozenset(JOINTS.sub("", word).replace("的", "") for word in bare["topics"] + bare["labels"]),
        *[late("|".join(sorted(words, key=len, reverse=True))) for words in (verbs, deeds, statements)],
    )


def _spell_label(labels: list[str], topic: str) -> str:
    """A label, perhaps numbered, or one of the five topics, before a colon or in 【】; the first group."""
    words = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    name = rf"(?:(?:当前|目前|今年|本年度)(?=存在|主要))?(?:{words})[一二三四五六七八九十\d]{{0,2}}"
    return rf"[【〖]?({name}|{topic})[ \t]{{0,4}}(?:[：:]|[】〗][：:]?)\s*"


def _list_spellings(data: dict[str, Any]) -> tuple[tuple[SectionId, str], ...]:
    """How the headings of each section are spelt in full, folded; short ones are like too much else."""
    return tuple(
        (entry["id"], folded)
        for entry in data["section"]
        for folded in map(fold_words, entry["examples"])
        if len(folded) >= 6
    )


def fold_words(words: str) -> str:
    """The words as headings are compared: without blanks and without 的 和 与 及 以及 、.

    >>> fold_words("存在的主要问题 及改进情况")
    '存在主要问题改进情况'
    """
    return FOLDED_AWAY.sub("", simplify(words[:LONGEST])).replace("其它", "其他")
