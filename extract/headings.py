"""What the words of a line say: the name of a section, a bare name, a lead-in, a title.

All knowledge is in data/headings.toml; nothing here looks at the lines around.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from msgspec.structs import replace

from extract.datafiles import read_data
from extract.errors import BadData
from extract.patterns import late
from extract.report import SectionId, Value

STRONG, USUAL, WEAK = 3, 2, 1
SECTIONS: tuple[SectionId, ...] = ("overview", "proactive", "requests", "review", "problems", "other")
_SHORTEST_JOINT = 14  # characters of a heading that names two sections
_LABEL_DRESS = late(r"^(?:当前|目前|今年|本年度?|\d{4}年度?)(?=存在|主要)|[一二三四五六七八九十\d]{1,2}$")
# 全年未出现收费的情况 says something; 未予公开情况 is a name
_DENIED = late(
    "^[未无]|没有(?!现成)|不存在|未(?!予|成年)|(?<=[年月镇乡局委办厅府位院均暂也尚])无(?!障碍|纸化)"
)
LONGEST = 80  # characters of a line that are looked at for a section's name
_JOINTS = late(r"[和与及、]|以及")
_STOPS = "。：:；;，,.．、 \t　"
_DRESS = "*# \t　】〗"
CLOSING = _STOPS + _DRESS  # what may stand behind a name
_MARK = late("[，,。；;：:！？“]")
_CLAUSE_END = late("[，。；：,;:（(]")
_CLOSING_WORD = late("(?:工作)?(?:情况|方面)$")
# One class first: that is searched for at once.
_FOLDED_AWAY = late(r"[的和与及、*\s以](?:(?<!以)|(?=及))")
_WORKS = ("信息公开", "政务信息公开")
_LINES = ("title", "date", "sender", "signed", "caption", "furniture")
_REMEMBERED = 2048  # short lines; the form's labels and the names of parts come again in every report
_SHORT = 40  # characters of a line that is looked for among them: sentences hardly come again


class SectionName(Value, frozen=True, gc=False):
    """A section's name at the start of some words: `length` is how many characters it takes up as printed.

    `whole` says that nothing but a closing stop comes after it.
    """

    id: SectionId
    strength: int
    length: int
    whole: bool


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


def _simplify(words: str) -> str:
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
        frozenset(_JOINTS.sub("", word).replace("的", "") for word in bare["topics"] + bare["labels"]),
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
    return _FOLDED_AWAY.sub("", _simplify(words[:LONGEST])).replace("其它", "其他")


def _printed_length(words: str, folded: int) -> int:
    """How many characters of `words` the first `folded` characters of `fold_words(words)` take up."""
    at = 0
    for found in _FOLDED_AWAY.finditer(_simplify(words[:LONGEST])):
        kept = found.start() - at
        if kept >= folded:
            break
        folded -= kept
        at = found.end()
    return at + folded


def match_section(words: str) -> SectionName | None:
    """The section whose name `words` (a heading without its number) begin with, the longest name first.

    A heading over several sections is that of the first.

    >>> match_section("存在的主要问题及改进情况：")
    SectionName(id='problems', strength=3, length=12, whole=True)
    """
    name = _match_one(words)
    joint = list_sections(words) if name is not None and name.whole else ()
    return replace(name, id=joint[0]) if name is not None and len(joint) > 1 else name


@lru_cache(_REMEMBERED)
def list_sections(words: str) -> tuple[SectionId, ...]:
    """The sections that a heading names, in the order of its words; most name one.

    >>> list_sections("主动公开政府信息、收到和处理政府信息公开申请以及行政复议、行政诉讼情况")
    ('proactive', 'requests', 'review')
    """
    name = _match_one(words)
    if name is None or not name.whole or name.strength < USUAL:
        return ()
    for joint in _JOINTS.finditer(words, 0, name.length) if name.length >= _SHORTEST_JOINT else ():
        first, rest = _match_one(words[: joint.start()] + "情况"), list_sections(words[joint.end() :])
        if not first or not first.whole or first.strength < USUAL or not rest or first.id in rest:
            continue
        if all(SECTIONS.index(first.id) < SECTIONS.index(one) for one in rest):
            return (first.id, *rest)
    return (name.id,)


def _first_clause(words: str) -> str:
    """The words up to their first mark, with it: no name goes on behind one but in brackets."""
    mark = _CLAUSE_END.search(words, 0, LONGEST)
    return words[:LONGEST] if mark is None or mark.group() in "（(" else words[: mark.end()]


def _match_one(words: str) -> SectionName | None:
    clause = _first_clause(words)
    found = _recall_name(clause) if len(clause) <= _SHORT else _find_name(clause)
    return SectionName(*found, not words[found[2] :].strip(CLOSING)) if found else None


def _find_name(clause: str) -> tuple[SectionId, int, int] | None:
    """Id, strength and length of the name that a clause begins with."""
    known = load_headings()
    folded = fold_words(clause.rstrip(_STOPS))
    if known.any_name.match(folded) is None:
        return None
    best: tuple[int, int, SectionId] | None = None
    for section, strength, pattern in known.names:
        found = pattern.match(folded)
        if found and found.end() and (best is None or (found.end(), strength) > best[:2]):
            best = (found.end(), strength, section)
            if found.end() == len(folded):
                break  # none that comes is longer or stronger
    length = _printed_length(clause, best[0]) if best else 0
    denied = known.patterns["denied"].search(clause, 0, length)
    return (best[2], best[1], length) if best and not denied else None


_recall_name = lru_cache(_REMEMBERED)(_find_name)


def match_misspelt(words: str) -> SectionName | None:
    """The section whose name `words` are but for a character or two; None where that is not sure."""
    folded = fold_words(words.rstrip(CLOSING))
    if not 5 <= len(folded) <= 30:
        return None
    from rapidfuzz.distance import Levenshtein

    known = load_headings()
    scope = known.scope.match(folded)
    found: dict[SectionId, int] = {}
    candidates = {folded, folded[scope.end() :] if scope else folded}
    for section, spelling in known.spellings:
        allowed = 1 if len(spelling) < 10 else 2
        for candidate in candidates:
            if not -allowed <= len(candidate) - len(spelling) <= allowed:
                continue
            distance = Levenshtein.distance(candidate, spelling, score_cutoff=allowed)
            if distance <= allowed:
                found[section] = min(distance, found.get(section, distance))
    length = len(words.rstrip(CLOSING))
    return SectionName(next(iter(found)), USUAL, length, True) if len(found) == 1 else None


def is_table_row(words: str) -> bool:
    """Whether the words of a numbered line are those of a row of the statutory tables."""
    clause = _first_clause(words)
    return _recall_row(clause) if len(clause) <= _SHORT else _match_row(clause)


def _match_row(clause: str) -> bool:
    return load_headings().patterns["table_row"].match(fold_words(clause)) is not None


_recall_row = lru_cache(_REMEMBERED)(_match_row)


def find_kinds_of_line(line: str, *, opening: bool = True) -> frozenset[str]:
    """Which of `title`, `date`, `sender`, `signed`, `caption` and `furniture` a whole line is.

    `signed` is sender and date on one line. A long line behind the `opening` is no title and no sender.

    >>> find_kinds_of_line("2024年 1月12日"), find_kinds_of_line("某县2020年政府信息公开工作年度报告")
    (frozenset({'date'}), frozenset({'title'}))
    """
    if len(line) > 2 * LONGEST:
        return frozenset()
    return _recall_kinds(line, True) if len(line) <= _SHORT else _match_kinds(line, opening)


def _match_kinds(line: str, opening: bool) -> frozenset[str]:
    compact = "".join(line.strip(_DRESS).split())
    patterns = load_headings().patterns
    if not compact or (not opening and patterns["apart"].match(compact) is None):
        return frozenset()
    return frozenset([what for what in _LINES if patterns[what].match(compact)])


_recall_kinds = lru_cache(_REMEMBERED)(_match_kinds)


@lru_cache(_REMEMBERED)
def is_label(words: str) -> bool:
    """Whether `words` are a label of problem or remedy, such as 问题 or 改进措施.

    >>> is_label("改进的措施"), is_label("问题二"), is_label("存在以下不足")
    (True, True, False)
    """
    return len(words) <= 20 and _LABEL_DRESS.sub("", _strip(words)) in load_headings().bare["labels"]


def is_bare_name(words: str) -> bool:
    """Whether `words` (without enumerator and closing stop) name a topic and state nothing.

    >>> [is_bare_name(one) for one in ("平台建设方面", "监督保障及教育培训", "加强组织领导")]
    [True, True, False]
    """
    name = words.strip(CLOSING)
    return _MARK.search(name) is None and _is_topic(name)


@lru_cache(_REMEMBERED)
def _is_topic(words: str) -> bool:
    known = load_headings()
    name = _strip(words).strip("（）()【】")
    if not 2 <= len(name) <= 30:
        return False
    scope = known.scope.match(name)
    skipped = scope.end() if scope and not known.deeds.match(name) else 0
    if name[:skipped].endswith("公开") and name[:skipped] not in known.bare["topics"] + _WORKS:
        skipped = 0  # 未收取政府信息公开|信息处理费 says something
    for candidate in (name, name[skipped:]):
        pieces = [piece.replace("的", "") for piece in _JOINTS.split(candidate)]
        pieces[-1] = _CLOSING_WORD.sub("", pieces[-1]) or pieces[-1]
        if all(piece in known.vocabulary for piece in pieces):
            return True
    if is_lead_in(name):
        return False
    if name.endswith(known.bare["ends"]):
        return _DENIED.search(name) is None
    stated = known.verbs.match(name) or known.statements.search(name)
    if len(name) == 4 and name.endswith(known.bare["acts"]):
        return not stated
    if len(name) == 3 and name[1:] in known.bare["nouns"]:
        return False  # one character before it is a verb: 强监督, 答申请
    return name.endswith(known.bare["nouns"]) and not stated


def match_core(words: str) -> tuple[str, int, bool] | None:
    """Which of the five topics `words` begin with, how long its name is, and whether 情况 or 方面 closes it.

    >>> match_core("依申请公开情况全县共收到申请58件。")
    ('request', 7, True)
    """
    found = load_headings().patterns["core"].match(words)
    if found is None:
        return None
    topics = ("proactive", "request", "management", "platform", "supervision")
    topic = next(name for name in topics if found[name])
    return topic, found.end(), found["tail"] is not None


def is_colon_lead(words: str) -> bool:
    """Whether `words` before a colon and a list are read as saying what comes: 存在的主要不足：一、……"""
    return _strip(words) in load_headings().bare["lead_ins"]


def is_lead_in(clause: str) -> bool:
    """Whether a clause before a list says that a list comes.

    >>> is_lead_in("2025年，我县将重点从以下三个方面着手，推动工作再上新水平。"), is_lead_in("公开信息30条。")
    (True, False)
    """
    return load_headings().patterns["lead_in"].search(clause) is not None


def is_pointer(clause: str) -> bool:
    """Whether a clause only points to the report itself (现报告如下：): it leads into no list."""
    return load_headings().patterns["pointer"].search(clause[-LONGEST:]) is not None


def is_fragment(clause: str) -> bool:
    """Whether a clause before a list has an occasion, a subject, an auxiliary, and no predicate.

    >>> [is_fragment(one) for one in ("下一步，", "我镇主要通过", "针对以上问题，我们将：", "存在以下不足：")]
    [True, True, True, False]
    """
    if len(clause) > 2 * LONGEST:
        return False
    rest = clause.strip()
    pattern = load_headings().patterns["fragment"]
    at = 0
    while at < len(rest):
        found = pattern.match(rest, at)
        if found is None or found.end() == at:
            return False
        at = found.end()
        while at < len(rest) and rest[at] in "，,：:、 \t　。":
            at += 1
    return True


def _strip(words: str) -> str:
    return _simplify("".join(words.strip(CLOSING).split()))
