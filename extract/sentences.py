"""Sentences of running text: where they end, with quotes and brackets kept whole."""

from __future__ import annotations

import re

from extract.patterns import late

PAIRS = {
    "“": "”",
    "‘": "’",
    "（": "）",
    "(": ")",
    "《": "》",
    "〈": "〉",
    "「": "」",
    "『": "』",
    "【": "】",
    "〔": "〕",
    "[": "]",
}
_OPENER = {close: opener for opener, close in PAIRS.items()}
_NESTING = late("[" + re.escape("".join(PAIRS) + "".join(_OPENER) + '"') + "]")
# A full stop of Latin text counts behind an ideograph only. One class first: that is searched for at once.
_STOP = late(r"[。！？!?.](?:(?<=[。！？!?])|(?<=[\u3400-\u9fff）)”]\.)(?![A-Za-z0-9.．]))")
_CLOSERS = '”’）)」』】》"'
# After a closed quote these go on with the sentence: “……。”的要求
_GOES_ON = late(r"[，,、；;：:。的地得等和与及之为是、精要原方理目机思号字这]")


def find_nested(text: str, start: int, end: int) -> bytearray:
    """One byte a character of `text[start:end]`: 1 inside a balanced quote or bracket.

    The closing mark counts as inside, the opening one as outside; a mark without its partner counts as
    no mark. Linear in the length.

    >>> find_nested("甲“乙。”丙（丁", 0, 8).hex()
    '0000010101000000'
    """
    marks = list(_NESTING.finditer(text, start, end))
    nested = bytearray(end - start)
    if len(marks) > 1:
        for opener, closer in _pair_neighbours(marks) or _pair_marks(marks):
            begin, until = opener + 1 - start, closer + 1 - start
            nested[begin:until] = b"\x01" * (until - begin)
    return nested


def _pair_neighbours(marks: list[re.Match[str]]) -> list[tuple[int, int]]:
    """The pairs where each mark that opens is closed by the next one, as in most sentences; else none."""
    openers, closers = marks[::2], marks[1::2]
    if [PAIRS.get(mark[0]) for mark in openers] != [mark[0] for mark in closers]:
        return []
    return [(opener.start(), closer.start()) for opener, closer in zip(openers, closers)]


def _pair_marks(marks: list[re.Match[str]]) -> list[tuple[int, int]]:
    """The outermost pairs in order; those within one another and marks without partner are passed over."""
    pairs: list[tuple[int, int]] = []
    open_at: list[tuple[str, int]] = []
    waiting: dict[str, int] = {}
    for match in marks:
        mark = match[0]
        opener = _OPENER.get(mark) or ('"' if mark == '"' and waiting.get(mark) else "")
        if not opener:
            open_at.append((mark, match.start()))
            waiting[mark] = waiting.get(mark, 0) + 1
        elif waiting.get(opener):
            while open_at[-1][0] != opener:
                waiting[open_at.pop()[0]] -= 1
            pairs.append((open_at.pop()[1], match.start()))
            waiting[opener] -= 1
    outermost: list[tuple[int, int]] = []
    for pair in sorted(pairs):
        if not outermost or pair[0] >= outermost[-1][1]:
            outermost.append(pair)
    return outermost


def find_sentence_ends(text: str, start: int, end: int) -> list[int]:
    """The ends of the sentences of `text[start:end]`, each after its stop and the quotes that close with it.

    The last end is `end`.

    >>> text = "坚持“应公开、尽公开。”的原则。另有两处！"
    >>> find_sentence_ends(text, 0, len(text))
    [16, 21]
    """
    stops = [match.end() for match in _STOP.finditer(text, start, end)]
    if not stops or stops[0] == end:
        return [end]
    nested = find_nested(text, start, end)
    ends: list[int] = []
    for at in stops:
        if ends and at <= ends[-1]:
            continue
        quoted = nested[at - 1 - start] == 1
        while at < end and text[at] in _CLOSERS and (nested[at - start] or not quoted):
            at += 1
        if at < end and (nested[at - start] or text[at] in "。！？!?…."):
            continue
        if quoted and at < end and _GOES_ON.match(text, at):
            continue
        ends.append(at)
    if not ends or text[ends[-1] : end].strip():
        ends.append(end)
    else:
        ends[-1] = end
    return ends
