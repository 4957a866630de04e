"""A light model of a unit's clauses: tokens (verbs, prepositions, nouns, platforms, dates) and where clauses end.

Figures read their object, channel and metric from it; built once a text, and only where there is a candidate.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from extract.figures.knowledge import load_words
from extract.report import Platform

SENTENCE_ENDS = "。；;！!？?\n"
CLAUSE_ENDS = SENTENCE_ENDS + "，,：:（）()"
_DATE = re.compile(
    r"(?:20|19)[0-9０-９]{2}[ \u3000]?年?度?(?:[ \u3000]?[0-9０-９]{1,2}[ \u3000]?月份?)?(?:[ \u3000]?[0-9０-９]{1,2}[ \u3000]?日)?"
    r"|[0-9０-９]{1,2}[ \u3000]?月(?:份|底|末|初)?(?:[ \u3000]?[0-9０-９]{1,2}[ \u3000]?日)?|[一二三四]季度|近[一二两三四五六七八九十]+年(?:来)?"
)
_ENDS = re.compile(rf"[{re.escape(CLAUSE_ENDS)}]")


class Token(NamedTuple):
    """A stretch of the text and what it does in its clause; `group` names the kind of a verb's doing."""

    start: int
    end: int
    kind: str  # verb, noun, nounverb, outcome, owner, preposition, light, platform, date, mark
    group: str = ""


class Clauses:
    """The tokens of a text in order, and its clause ends."""

    def __init__(self, text: str, platforms: Sequence[Platform]) -> None:
        self.text = text
        self.platforms = platforms
        self.ends = [
            match.start() for match in _ENDS.finditer(text) if not _is_thousands(text, match.start())
        ]
        self.tokens = _find_tokens(text, platforms)
        self._starts = [token.start for token in self.tokens]

    def clause_start(self, place: int) -> int:
        """Where the clause that holds `place` begins."""
        number = bisect_left(self.ends, place)
        return self.ends[number - 1] + 1 if number else 0

    def clause_end(self, place: int) -> int:
        """Where the clause that holds `place` ends, exclusive."""
        number = bisect_left(self.ends, place)
        return self.ends[number] if number < len(self.ends) else len(self.text)

    def sentence_start(self, place: int) -> int:
        """Where the sentence that holds `place` begins; 。 ； and line ends part sentences."""
        number = bisect_left(self.ends, place)
        while number and self.text[self.ends[number - 1]] not in SENTENCE_ENDS:
            number -= 1
        return self.ends[number - 1] + 1 if number else 0

    def between(self, start: int, end: int) -> list[Token]:
        """The tokens that lie in `[start, end)`."""
        found = self.tokens[bisect_left(self._starts, start) : bisect_right(self._starts, end - 1)]
        return [token for token in found if token.end <= end]

    def platforms_between(self, start: int, end: int) -> list[Platform]:
        """The mentions of channels that lie in `[start, end)`."""
        return [one for one in self.platforms if start <= one.start and one.end <= end]


def _is_thousands(text: str, place: int) -> bool:
    """Whether the comma at `place` stands inside a number (1,234)."""
    return (
        text[place] in ",，"
        and 0 < place < len(text) - 3
        and text[place - 1].isdigit()
        and text[place + 1 : place + 4].strip().isdigit()
        and text[place] == ","
    )


def _find_tokens(text: str, platforms: Sequence[Platform]) -> list[Token]:
    words = load_words()
    taken = [Token(one.start, one.end, "platform", one.type) for one in platforms]
    taken.extend(Token(match.start(), match.end(), "date") for match in _DATE.finditer(text))
    taken.sort()
    found: list[Token] = []
    place = 0
    for number, start, end in words.automaton.find_matches_as_indexes(text):
        while place < len(taken) and taken[place].end <= start:
            place += 1
        if place < len(taken) and taken[place].start < end:
            held = start <= taken[place].start and taken[place].end < end
            if not (held and words.kinds[number] in ("noun", "outcome")):
                continue
        found.append(Token(start, end, words.kinds[number], words.groups[number]))
    found.extend(taken)
    found.sort()
    return found
