"""Text → mentions of the channels that a report names, from data/platforms.toml.

Leftmost, then longest; a word under `none` swallows what it covers; inside 《》 only the gazette counts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from extract.datafiles import read_data
from extract.errors import BadData
from extract.patterns import join_texts, late
from extract.report import Platform

TYPES = frozenset(
    [
        "website",
        "wechat",
        "wechat_group",
        "weibo",
        "video",
        "app",
        "bulletin",
        "broadcast",
        "tv_screen",
        "print",
        "venue",
        "hotline",
        "press",
        "mailbox",
        "other",
    ]
)
QUOTES = {"“": "”", "‘": "’", "「": "」", "『": "』", '"': '"', "'": "'"}
_OPENING = tuple(QUOTES)
CLOSING = {close: opening for opening, close in QUOTES.items()}
BRACKETS = ("（", "(")
MAX_NAME = 20  # characters of an account's name; longer quotes are sayings

_PARTS = (
    "栏目",
    "专栏",
    "专题",
    "版块",
    "板块",
    "频道",
    "专区",
    "页面",
)  # of a site: their names are not its own
_TITLE = late(r"《[^《》]{0,80}》")
_GAP = late("(?<=[A-Za-z])[ \u3000](?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\n(?=[\u4e00-\u9fff])")
_LATIN = late(r"[A-Za-z0-9]")
_LINE_NUMBER = late(r"(?<!\d)(?:1\d{4}|9\d{4,5})[ \u3000]?(?:(?![和与及或的])[\u4e00-\u9fff]){0,8}$")
_BREAK = late(r"[，,。；;、）)\n]")
_JOINT = late("[和与及或]")
_ADDRESS = 30  # characters from the word 地址 to the end of an address
_LED_WORDS = 4  # characters between LED and the screen
_LONGEST_LINE = 14  # characters of a hotline's number and of what stands between it and 热线


class _Lexicon(NamedTuple):
    automaton: AhoCorasick
    words: tuple[str, ...]
    types: tuple[tuple[str, ...], ...]  # by number of the word; empty where the word is no platform
    before: dict[int, tuple[str, ...]]  # what must follow the word, where it is one only then
    latin: frozenset[int]  # words that begin or end with a letter or digit
    named: frozenset[str]
    between: tuple[str, ...]
    before_name: frozenset[str]  # characters that may stand between a name before the word, and the word
    behind_name: frozenset[str]  # and between the word and a name behind it


def find_all_platforms(texts: Sequence[str]) -> list[tuple[Platform, ...]]:
    """What `find_platforms` finds in each of the texts; the words are looked for in all of them at once."""
    if any(" " in text or "\n" in text for text in texts):
        closed = [_close_gaps(text) for text in texts]
        found = _find_in_all([text for text, _ in closed])
        return [_open_gaps(text, its, gaps) for text, its, (_, gaps) in zip(texts, found, closed)]
    return _find_in_all(texts)


def _find_in_all(texts: Sequence[str]) -> list[tuple[Platform, ...]]:
    joined, starts = join_texts(texts)
    hits: list[list[tuple[int, int, int]]] = [[] for _ in texts]
    for word, start, end in load_lexicon().automaton.find_matches_as_indexes(joined):
        number = bisect_right(starts, start) - 1
        base = starts[number]
        hits[number].append((word, start - base, end - base))
    return [_read_mentions(text, found) if found else () for text, found in zip(texts, hits)]


def find_platforms(text: str) -> tuple[Platform, ...]:
    """Every mention in text order, offsets into `text`; 两微一端 is three on one span.

    >>> [(one.text, one.type) for one in find_platforms("在乡政务公开栏和微信群转发通知")]
    [('政务公开栏', 'bulletin'), ('微信群', 'wechat_group')]
    >>> find_platforms("“云上某某”微信公众号")[0].name
    '云上某某'
    """
    return find_all_platforms([text])[0]


def _close_gaps(text: str) -> tuple[str, list[int]]:
    """The text without line ends inside words and without the blank behind a Latin word (LED 屏), and where
    in the result each of them stood.
    """
    if " " not in text and "\n" not in text:
        return text, []
    gaps = [match.start() - number for number, match in enumerate(_GAP.finditer(text))]
    return (_GAP.sub("", text), gaps) if gaps else (text, gaps)


def _open_gaps(text: str, found: tuple[Platform, ...], gaps: list[int]) -> tuple[Platform, ...]:
    """Mentions found without the `gaps` as they stand in the text itself."""
    if not gaps:
        return found
    spans = [
        (one.start + bisect_right(gaps, one.start), one.end + bisect_right(gaps, one.end - 1))
        for one in found
    ]
    return tuple(
        Platform(text[start:end], start, end, one.type, None, one.name)
        for one, (start, end) in zip(found, spans)
    )


def _read_mentions(text: str, hits: Sequence[tuple[int, int, int]]) -> tuple[Platform, ...]:
    """The mentions among the words found: number of the word, start and end."""
    lexicon = load_lexicon()
    titles = [match.span() for match in _TITLE.finditer(text)] if "《" in text else []
    found: list[Platform] = []
    for number, start, end in hits:
        types = lexicon.types[number]
        if number in lexicon.before and not text.startswith(lexicon.before[number], end):
            continue
        if not types or (number in lexicon.latin and _goes_on(text, start, end)):
            continue
        if titles and _in_title(text, start, end, titles):
            continue
        if text[end : end + 1] in CLOSING and text.startswith(_PARTS, end + 1):
            continue  # “新闻发布会”栏目
        if found and found[-1].end == start - 1 and _is_name(text, found):
            found.pop()  # “信用中国”网站: the name of what follows
        if types[0] == "venue" and _is_address(text, start):
            continue
        if types[0] in ("hotline", "tv_screen"):
            start = _reach_number(text, start, end) if types[0] == "hotline" else _reach_screen(text, start)
            while found and found[-1].end > start:
                found.pop()  # 12345, which is the hotline's own number
        name = _find_name(text, start, end, lexicon) if types[0] in lexicon.named else None
        for type_ in types:
            place = "website" if type_ == "venue" and _is_online(text, start, end) else type_
            found.append(Platform(text[start:end], start, end, place, None, name))
    return tuple(found)


@cache
def load_lexicon() -> _Lexicon:
    """The words and what they name; raises `BadData` naming the entry that breaks the schema."""
    data = read_data("platforms.toml")
    words: dict[str, tuple[str, ...]] = {}
    for entry in data["platform"]:
        _add(words, entry, (entry["type"],))
    for entry in data["several"]:
        _add(words, entry, tuple(entry["types"]))
    for entry in data["none"]:
        _add(words, entry, ())
    ordered = sorted(words)
    kind, small = MatchKind.LeftmostLongest, Implementation.ContiguousNFA
    automaton = AhoCorasick(ordered, matchkind=kind, implementation=small)
    names = data["names"]
    between = tuple(sorted(names["between"], key=len, reverse=True))
    types = tuple(words[word] for word in ordered)
    before = {
        ordered.index(word): tuple(entry["before"])
        for entry in data["platform"]
        if "before" in entry
        for word in entry["words"]
    }
    latin = frozenset(n for n, word in enumerate(ordered) if _LATIN.match(word[0]) or _LATIN.match(word[-1]))
    return _Lexicon(
        automaton,
        tuple(ordered),
        types,
        before,
        latin,
        named=frozenset(names["types"]),
        between=between,
        before_name=frozenset([*CLOSING, *(word[-1] for word in between)]),
        behind_name=frozenset([*QUOTES, *BRACKETS, *(word[0] for word in between)]),
    )


def _add(words: dict[str, tuple[str, ...]], entry: dict[str, Any], types: tuple[str, ...]) -> None:
    for type_ in types:
        if type_ not in TYPES:
            raise BadData(f"platforms.toml: {entry['words'][0]}: unknown type {type_!r}")
    for word in entry["words"]:
        if word in words:
            raise BadData(f"platforms.toml: {word!r} stands twice")
        words[word] = types


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether a Latin word or a number goes on beyond the mention: 12345 in 123456, app in apple."""
    if start and _LATIN.match(text[start]) and _LATIN.match(text[start - 1]):
        return True
    return end < len(text) and bool(_LATIN.match(text[end - 1]) and _LATIN.match(text[end]))


def _reach_number(text: str, start: int, end: int) -> int:
    """Where a hotline begins: at its number, whatever stands between it and 热线 (12345社会服务热线)."""
    low = max(0, start - _LONGEST_LINE)
    if text[start].isdigit() or not text.startswith("线", end - 1):
        return start
    number = _LINE_NUMBER.search(text[low:start])
    return low + number.start() if number else start


def _reach_screen(text: str, start: int) -> int:
    """Where a screen begins: at LED, though what it does stands between (LED滚动宣传屏)."""
    low = text.find("LED", max(0, start - _LED_WORDS - 3), start)
    return (
        low if low >= 0 and text[low + 3 : start].isalpha() and not _JOINT.search(text, low, start) else start
    )


def _is_address(text: str, start: int) -> bool:
    """Whether a venue only says where an office is: 联系地址：县政务服务中心四楼."""
    said = text.rfind("地址", max(0, start - _ADDRESS), start)
    return said >= 0 and not text.endswith("查阅", 0, said) and _BREAK.search(text, said, start) is None


def _is_name(text: str, found: Sequence[Platform]) -> bool:
    """Whether the last mention is one platform, and all that stands between its quotes."""
    last = found[-1]
    opening = CLOSING.get(text[last.end])
    several = len(found) > 1 and found[-2].start == last.start  # “两微一端”新媒体矩阵
    return not several and opening is not None and text.startswith(opening, last.start - 1, last.start)


def _in_title(text: str, start: int, end: int, titles: list[tuple[int, int]]) -> bool:
    """Whether the mention is part of a document's or paper's name in 《》; the gazette's own name is none."""
    for low, high in titles:
        if low < start and end < high:
            return not (text.startswith("公报", end - 2) and end == high - 1)
    return False


def _is_online(text: str, start: int, end: int) -> bool:
    """Whether an area for disclosure (政务公开专区) is on a website: the site or 网上 stands before it."""
    if not text.startswith("专区", end - 2):
        return False
    clause = re.split(r"[，。；,;！？\n]", text[max(0, start - 40) : start])[-1]
    return "网站" in clause or "网上" in clause or "线上" in clause or "门户" in clause


def _find_name(text: str, start: int, end: int, lexicon: _Lexicon) -> str | None:
    """The name in quotes or brackets that stands directly before or behind the mention."""
    name = None
    if text[start - 1 : start] in lexicon.before_name:
        name = _read_back(text, start)
        if name is None and text.endswith(lexicon.between, 0, start):
            word = next(word for word in lexicon.between if text.endswith(word, 0, start))
            name = _read_back(text, start - len(word))
    if name is None and text[end : end + 1] in lexicon.behind_name:
        name = _read_on(text, end)
        if name is None and text.startswith(lexicon.between, end):
            word = next(word for word in lexicon.between if text.startswith(word, end))
            name = _read_on(text, end + len(word))
    return name


def _read_back(text: str, stop: int) -> str | None:
    if stop == 0 or text[stop - 1] not in CLOSING:
        return None
    opening = text.rfind(CLOSING[text[stop - 1]], max(0, stop - 2 - MAX_NAME), stop - 1)
    return (text[opening + 1 : stop - 1] or None) if opening >= 0 else None


def _read_on(text: str, start: int) -> str | None:
    place = start
    bracketed = text.startswith(BRACKETS, place)
    if bracketed:
        place += 1
    if not text.startswith(_OPENING, place):
        return None
    close = text.find(QUOTES[text[place]], place + 1, place + 2 + MAX_NAME)
    if close <= place + 1 or text.startswith(_PARTS, close + 1):
        return None
    return text[place + 1 : close]
