r"""The string literals of scripts and of JSON, decoded and never run.

One pass over the source, in time linear in its length: strings, comments and regular expressions are told
apart, brackets give each string its scope. JSON needs no reader of its own: its strings are a script's.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from extract.report import Value

MAX_LITERALS = 50_000
MAX_SCOPES = 200_000
_NEAR = 200  # characters between two strings that a + joins

_TOKEN = re.compile(
    r"""
      " (?P<double> (?: [^"\\\n]++ | \\[\s\S] )*+ ) "?          # one that is not closed ends with its line
    | ' (?P<single> (?: [^'\\\n]++ | \\[\s\S] )*+ ) '?
    | ` (?P<back> (?: [^`\\]++ | \\[\s\S] )*+ ) `?
    | // [^\n]*+
    | /\* (?: [^*]++ | \*(?!/) )*+ (?:\*/)?
    | (?P<before> [=(,:\[!&|?] ) \s{0,5} / (?![/*])  # a regular expression, told by what is before it
      (?: [^/\\\n\[] | \\. | \[ (?: [^\]\\\n] | \\. ){0,50}+ \] ){1,200}+ /
    | (?P<open> [{\[(] )
    | (?P<close> [}\])] )
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u\{0{0,8}([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(\r\n|[\s\S]))")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_CONTINUED = ("\n", "\r", "\r\n", "\u2028", "\u2029")  # a line end after \ is no part of the string
# html = '…', html += '…', document.write('…'), push([1, '…'])
_ASSIGNED = re.compile(r"([\w$.\]\[]{1,60})\s*(?:\+?=|\()\s*(?:\[\s*(?:\d+\s*,\s*)?)?$")
_KEYED = re.compile(r"([\w$]{1,60})\s*:\s*$")
_JOINED = re.compile(r"\s*\+(?:[^;,={}:]*\+)?\s*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_COLON = re.compile(r"\s{0,20}:")


class Literal(Value, frozen=True, gc=False):
    """A string of a script: decoded, with its place, the bracket around it and the name that it is given to.

    `appended` where the name gathers its value piece by piece: html += '…', document.write('…').
    """

    text: str
    start: int
    scope: int
    name: str = ""
    appended: bool = False


class Literals(Value, frozen=True):
    """All strings of one script in their order, and its brackets.

    `parents` gives for each scope (the script itself 0) the one around it; `edges` the offsets at which the
    scope changes, `scopes` the scope from there on.
    """

    found: tuple[Literal, ...]
    parents: tuple[int, ...]
    edges: tuple[int, ...]
    scopes: tuple[int, ...]

    def scope_at(self, offset: int) -> int:
        """The scope that an offset of the script lies in."""
        at = bisect_right(self.edges, offset) - 1
        return self.scopes[at] if at >= 0 else 0

    def path(self, scope: int) -> list[int]:
        """The scope and those around it, the innermost first."""
        found = [scope]
        while scope:
            scope = self.parents[scope]
            found.append(scope)
        return found


def read_literals(source: str) -> Literals:
    """The strings of a script or of JSON; those that a + joins are one. Names of fields are no strings."""
    reader = _Reader(source)
    for token in _TOKEN.finditer(source):
        if len(reader.found) > MAX_LITERALS or len(reader.parents) > MAX_SCOPES:
            break
        kind = token.lastgroup
        if kind in ("double", "single", "back"):
            reader.add_string(token, kind)
        elif kind in ("open", "before", "close"):
            reader.add_bracket(token, kind)
    return reader.finish()


class _Reader:
    """The state of one pass."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.found: list[tuple[list[str], int, int, str, bool]] = []
        self.parents = [0]
        self.edges: list[int] = []
        self.scopes: list[int] = []
        self._scope = 0
        self._end = 0  # of the string before
        self._key = ""  # the field that the next string is the value of

    def add_string(self, token: re.Match[str], kind: str) -> None:
        raw, start = token[kind], token.start()
        if kind != "back" and _COLON.match(self.source, token.end()):
            self._key, self._end = decode_escapes(raw[:200]), token.end()
            return
        between = self.source[self._end : start] if start - self._end <= _NEAR else ";"
        if self.found and _JOINED.fullmatch(between):
            self.found[-1][0].append(raw)
        else:
            name, appended = self._find_name(start, between)
            self.found.append(([raw], start, self._scope, name, appended))
        self._end = token.end()

    def _find_name(self, start: int, between: str) -> tuple[str, bool]:
        if between.strip() == ":":
            return self._key, False
        before = self.source[max(0, start - 80) : start].rstrip()
        if before.endswith(("=", "(", "[")) or (before[-1:] == "," and before[-2:-1].isdigit()):
            assigned = _ASSIGNED.search(before)
            return (assigned[1] if assigned else ""), assigned is not None
        keyed = _KEYED.search(before) if before.endswith(":") else None
        return (keyed[1] if keyed else ""), False

    def add_bracket(self, token: re.Match[str], kind: str) -> None:
        if kind == "close":
            self._scope = self.parents[self._scope]
        elif token[kind] in "{[(":
            self.parents.append(self._scope)
            self._scope = len(self.parents) - 1
        else:
            return
        self.edges.append(token.start())
        self.scopes.append(self._scope)

    def finish(self) -> Literals:
        found = tuple(
            Literal(decode_escapes("".join(raw)), start, scope, name, appended)
            for raw, start, scope, name, appended in self.found
        )
        return Literals(found, tuple(self.parents), tuple(self.edges), tuple(self.scopes))


def decode_escapes(raw: str) -> str:
    r"""What is between the quotes of a string, its escapes decoded as JavaScript and JSON have them.

    >>> decode_escapes(r"\u516c\u5f00\x3cbr\x3e12\/15\n")
    '公开<br>12/15\n'
    """
    if "\\" not in raw:
        return raw
    return join_surrogates(_ESCAPE.sub(_decode_one, raw))


def join_surrogates(text: str) -> str:
    """The text with halves of characters beyond U+FFFF as the characters; a half alone is unreadable."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decode_one(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits:
        point = int(digits, 16)
        return chr(point) if point <= 0x10FFFF else "\ufffd"
    char = match[4]
    return "" if char in _CONTINUED else _CONTROLS.get(char, char)
