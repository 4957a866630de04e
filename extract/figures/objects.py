"""The noun that a number counts, as written: before the number, behind it, or fronted before the verb."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from extract.figures.clauses import Clauses, Token
from extract.figures.knowledge import load_words

BLANK = " \u00a0\u3000\t"
_JOINTS = "、和及与或"
_EDGE = BLANK + "、，,：:。；;“”\"'‘’（）()《》"
_GENERIC = "信息"  # 推送二十几条信息: behind the number, the bare word is not taken as its object
_FRONTING = frozenset(
    ("publish", "handout", "receive", "answer", "issue", "post", "hold", "carry", "inspect")
)
_STOPS = re.compile(r"[，,。；;：:！!？?、（）()\n\t“”‘’\"']")


class Phrase(NamedTuple):
    """A noun phrase in the text, and the group of the verb that governs it ("" where there is none)."""

    start: int
    end: int
    verb: str
    direct: bool  # stands between its verb and the number


def find_before(clauses: Clauses, start: int, end: int) -> Phrase | None:
    """The noun between `start` and a number at `end`: next to the number, else fronted before its verb."""
    tokens = clauses.between(start, end)
    stop = _skip_light(clauses.text, tokens, start, end)
    low, rest = _walk_back(clauses, tokens, start, stop)
    verb = next((token.group for token in reversed(rest) if token.kind == "verb"), "")
    low, stop = _trim(clauses, low, stop)
    if low < stop:
        return Phrase(low, stop, verb, bool(verb))
    if verb not in _FRONTING:
        return None
    while rest and rest[-1].kind in ("verb", "light"):
        stop = rest.pop().start
    stop = _skip_light(clauses.text, rest, start, stop)
    low, rest = _walk_back(clauses, rest, start, stop)
    if rest and rest[-1].kind in ("preposition", "verb") and rest[-1].end == low:
        return None if rest[-1].kind == "preposition" else _phrase(clauses, low, stop, verb)
    return _phrase(clauses, low, stop, verb)


def _phrase(clauses: Clauses, low: int, stop: int, verb: str) -> Phrase | None:
    low, stop = _trim(clauses, low, stop)
    return Phrase(low, stop, verb, False) if low < stop else None


def find_behind(clauses: Clauses, start: int) -> Phrase | None:
    """The noun directly behind a number that ends at `start`; None where a verb or the clause's end follows."""
    text = clauses.text
    while start < len(text) and text[start] in BLANK:
        start += 1
    bracket = re.compile(r"[（(][次个条件篇份]{1,2}[）)]").match(text, start)
    if bracket:
        start = bracket.end()
    match = _STOPS.search(text, start)
    end = match.start() if match else len(text)
    end = min(end, start + 30)
    low, stop = start, start
    for token in clauses.between(start, end):
        if token.kind in ("noun", "nounverb") and token.start == stop:
            stop = token.end
            continue
        if token.kind == "platform" and token.start == stop == low:
            stop = token.end
            break
        gap = text[stop : token.start]
        if "的" in gap:
            stop += gap.index("的")
            break
        if token.kind in ("noun", "nounverb", "platform"):
            stop = token.end if token.kind != "platform" else token.start
            if token.kind == "platform":
                stop = token.end
                break
            continue
        stop = token.start
        end = stop
        break
    else:
        stop = max(stop, end)
    phrase = text[low:stop]
    if "的" in phrase:
        stop = low + phrase.index("的")
    for word in ("以上", "左右", "以内", "和", "及", "与", "至", "到", "等"):
        if text[low:stop].startswith(word):
            return None
    joint = re.search("[和及与]", text[low:stop])
    if joint and joint.start() > 0:
        stop = low + joint.start()
    low, stop = _trim(clauses, low, stop)
    return Phrase(low, stop, "", True) if low < stop and text[low:stop] != _GENERIC else None


def _skip_light(text: str, tokens: Sequence[Token], start: int, end: int) -> int:
    """`end` moved back over light words, blanks and colons."""
    kept = list(tokens)
    while True:
        while end > start and text[end - 1] in BLANK + "：:":
            end -= 1
        while kept and kept[-1].start >= end:
            kept.pop()
        if kept and kept[-1].kind == "light" and kept[-1].end == end:
            end = kept.pop().start
            continue
        return end


def _walk_back(clauses: Clauses, tokens: Sequence[Token], start: int, stop: int) -> tuple[int, list[Token]]:
    """Where the noun phrase that ends at `stop` begins, and the tokens before it."""
    rest = [token for token in tokens if token.end <= stop]
    while rest:
        token = rest[-1]
        if token.kind in ("noun", "nounverb"):
            rest.pop()
            continue
        if token.kind == "light" and token.end - token.start == 1 and token.end < stop:
            rest.pop()  # a lone 有, 上, 次 inside a longer noun
            continue
        if token.kind == "platform" and _is_counted(clauses, token, rest, stop):
            rest.pop()
            continue
        return token.end, rest
    return start, rest


def _is_counted(clauses: Clauses, token: Token, rest: Sequence[Token], stop: int) -> bool:
    """Whether a platform is itself the thing counted or made: the object of a verb (编印政府公报), or print handed out."""
    if token.group in ("print", "press"):
        return True
    before = rest[-2] if len(rest) > 1 else None
    return token.end == stop and before is not None and before.kind == "verb" and before.end == token.start


def _trim(clauses: Clauses, low: int, stop: int) -> tuple[int, int]:
    """The phrase without what is no part of the noun: 的 clauses, 各类, 总数, brackets, joints at the edges."""
    text, words = clauses.text, load_words()
    joint = text.rfind("的", low, stop)
    if joint >= 0 and joint + 1 < stop:
        low = joint + 1
    before = (-1, -1)
    while before != (low, stop) and low < stop:
        before = (low, stop)
        low += text[low] in _EDGE + _JOINTS
        stop -= low < stop and text[stop - 1] in _EDGE + _JOINTS + "的"
        low += next((len(word) for word in words.determiners if text.startswith(word, low, stop)), 0)
        stop -= next((len(word) for word in words.quantities if text.endswith(word, low, stop)), 0)
    return _cut_verbal(clauses, low, stop)


def _cut_verbal(clauses: Clauses, low: int, stop: int) -> tuple[int, int]:
    """解读政策文件 → 政策文件: a noun that is a verb where another noun follows it."""
    for token in clauses.between(low, min(low + 6, stop)):
        if token.start > low:
            break
        if token.kind == "nounverb" and token.end < stop:
            if not clauses.text.startswith(load_words().compound, token.end):
                return token.end, stop
            break
    return low, stop
