"""The sections of a report, by the words of their headings, then by order; printed numbers may be wrong.

Candidates (numbered lines and names) → top level (the numbering that names most sections) → heads → spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from extract.enumerators import parse_chinese_ordinal
from extract.headings.knowledge import LONGEST, STRONG, USUAL, load_headings
from extract.headings.lines import find_kinds_of_line
from extract.headings.names import list_sections, match_section
from extract.patterns import late
from extract.report import Line, Section, SectionId, Text
from extract.sections.candidates import Candidate, drop_contents, find_candidates, runs_in

ORDER: tuple[SectionId, ...] = ("overview", "proactive", "requests", "review", "problems", "other")
_WEIGHTS = {STRONG: 1.0, USUAL: 0.7, 1: 0.3, 0: 0.0}
_NUMBERING = "一二三四五六七八九十0123456789第部分（()）、.． \t"
# One class first: that is searched for at once.
_INSIDE = late(r"([一二三四五六七八九十](?<=[。：:；;！!？?）)\s].)[一二三四五六七八九十]{0,2})[、.．]\s*")
_PREFACE = late(r"^\s*(?:引\s*言|前\s*言|导\s*言|序\s*言)\s*$")
_DISCLOSURE = late(r"(?:政府|政务)?信息公开(?:的)?(?:主要)?情况|公开(?:政府|政务)?信息(?:的)?情况")
_OPENING = late(r"[引前导序]\s*言|说\s*明|依据|编[制写]")
_FORMAL = late(
    r"本(?:年度)?报告|编制|统计(?:期限|时限)|报告如下|现[将予]?.{0,40}公布|下载|联系|汇报如下|总结如下"
)
_FIRST_SUB = late(r"\s*(?:[（(]\s*一\s*[）)]|1[.、．])")


def find_sections(text: Text, title_end: int = 0) -> tuple[Section, ...]:
    """The sections in text order, lying end to end from each heading to the next.

    `preamble` is there only where something stands between the title, which ends at `title_end`, and the
    first heading: what is above the title belongs to the page, or to the letter that hands the report in.
    A heading that continues the section before it (存在问题, then 改进措施) opens none: it stays in its text.
    A section whose heading is gone but whose table is there has `heading` None.
    """
    found = find_candidates(text)
    candidates = drop_contents(found)
    heads = _choose_heads(text.text, candidates)
    heads = _add_inside(text, heads)
    heads = _add_by_table(text, heads)
    heads = _join_repeated(heads)
    listed = {one.line for one in found} - {one.line for one in candidates}
    return tuple(_cut(text, heads, listed, title_end if heads and title_end <= heads[0].start else 0))


# ---- the top level ---------------------------------------------------------------------------------------


class Level(msgspec.Struct):
    """The top level while its heads are chosen: the strongest name of each section, and the heads so far."""

    text: str
    best: dict[SectionId, int]
    heads: list[Candidate] = []
    known: set[SectionId] = set()
    last: int = 0  # number of the last head
    nested: int = 0  # number of the last item of a list that began again below it

    def add(self, head: Candidate) -> None:
        self.heads.append(head)
        if head.id:
            self.known.add(head.id)
        self.last, self.nested = head.number or self.last + 1, 0


def _choose_heads(text: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates that head a section, each with its id."""
    top = _choose_style(candidates)
    if top is None:
        return []
    same = [one for one in candidates if one.style == top]
    level = Level(text, {})
    for one in same:
        if one.id:
            level.best[one.id] = max(one.strength, level.best.get(one.id, 0))
    for candidate, following in zip(same, _following_ids(same)):
        one = _name_disclosure(candidate, level, following)
        if one.id and _is_known_head(one, level):
            level.add(one)
        elif (
            top == "none" or (level.nested and one.number == level.nested + 1) or one.number != level.last + 1
        ):
            level.nested = one.number
        elif one.short and len(level.best) >= 2:
            section = _place_by_order(one, level, following)
            if section:
                level.add(replace(one, id=section))
    return _add_other_styles(candidates, level.heads, top)


def _name_disclosure(one: Candidate, level: Level, following: SectionId | None) -> Candidate:
    """一、概述 二、政府信息公开情况 三、依申请公开情况: the second is of what was disclosed."""
    again = one.id == "overview" and "overview" in level.known and following in ("requests", "review")
    if not again or "proactive" in level.best:
        return one
    if not _DISCLOSURE.search(level.text, one.heading_start, one.heading_end):
        return one
    level.best["proactive"] = one.strength
    return replace(one, id="proactive")


def _following_ids(candidates: Sequence[Candidate]) -> list[SectionId | None]:
    """For each candidate the id of the next one that names a section."""
    following: list[SectionId | None] = []
    latest: SectionId | None = None
    for one in reversed(candidates):
        following.append(latest)
        latest = one.id or latest
    return following[::-1]


def _choose_style(candidates: Sequence[Candidate]) -> str | None:
    """The way of numbering whose headings name most sections; the one that stands first among equals."""
    scores: dict[str, dict[SectionId, float]] = {}
    for one in candidates:
        if one.id and (one.style != "none" or one.strength >= USUAL):
            ids = scores.setdefault(one.style, {})
            ids[one.id] = max(ids.get(one.id, 0.0), _WEIGHTS[one.strength])
    if not scores:
        return None
    total = {style: sum(ids.values()) + (0.5 if style != "none" else 0.0) for style, ids in scores.items()}
    for style in _nested_styles(candidates, scores):
        del total[style]
    best = max(total.values())
    return next(style for style, score in total.items() if score >= best - 1e-9)


def _nested_styles(
    candidates: Sequence[Candidate], scores: dict[str, dict[SectionId, float]]
) -> Iterator[str]:
    """The numberings that stand within the first section of another: 一、总体情况, （一）主动公开情况, …

    They name several sections there, more than the top level does where the text breaks off behind it, or
    begins within it. A list that goes on to the problems is the top level for all that.
    """
    # 二、主动公开政府信息情况 may stand behind （二）主动公开政府信息情况
    second = next((one for one in reversed(candidates) if _names(one, "proactive", 2)), None)
    first = next((one for one in candidates if _names(one, "overview", 1)), None)
    if first is None and second is not None:
        like = [one for one in candidates if one.style == second.style and one.number == 1]
        first = next((one for one in like if one.id == "overview" and one.whole), None)
    if first is None and second is None:
        yield from _styles_within_an_item(candidates, scores)
        return
    top, start = (first.style, first.start) if first else ("", -1)
    end = next((one.start for one in candidates if one.style == top and one.id and one.start > start), None)
    if second is not None and (first is None or first.style == second.style):
        top, end = second.style, second.start
    for style, ids in scores.items():
        if style in (top, "none"):
            continue
        inside = all(
            start < one.start < (end or one.start + 1) for one in candidates if one.style == style and one.id
        )
        if (inside and "problems" not in ids) or _begins_again(candidates, style, top):
            yield style


def _styles_within_an_item(
    candidates: Sequence[Candidate], scores: dict[str, dict[SectionId, float]]
) -> Iterator[str]:
    """The numberings whose names all stand below 一、 of one that counts on behind them to the problems.

    So are reports of few parts: 一、公开情况, with （一）主动公开, （二）依申请公开, … in it, 二、存在的问题.
    """
    if "problems" not in scores.get("cn_comma", ()):
        return
    outer = {one.number: one.start for one in reversed(candidates) if one.style == "cn_comma"}
    if not {1, 2} <= outer.keys():
        return
    for style, ids in scores.items():
        if style in ("cn_comma", "none") or "problems" in ids:
            continue
        if all(outer[1] < one.start < outer[2] for one in candidates if one.style == style and one.id):
            yield style


def _begins_again(candidates: Sequence[Candidate], style: str, top: str) -> bool:
    """Whether a numbering begins with its first number again below a second head of the top level."""
    times, below = 0, False
    for one in candidates:
        if one.style == top:
            below = below or one.id is not None
        elif one.style == style:
            times += below and one.number == 1
            below = False
    return times >= 2


def _names(one: Candidate, section: SectionId, number: int) -> bool:
    """Whether a numbered line is the heading of the form for a section."""
    return one.id == section and one.number == number and one.strength == STRONG and one.style != "none"


def _is_known_head(one: Candidate, level: Level) -> bool:
    """Whether a heading that names a section opens it: not a weaker double, not a nested list's restart."""
    if one.id is None or (one.style == "none" and one.strength < USUAL and not _closes_report(one, level)):
        return False
    again = bool(level.heads) and level.heads[-1].id == one.id
    goes_on = one.style != "none" and one.strength >= USUAL and one.number > level.last
    if one.strength < level.best[one.id] and not (again or goes_on):
        return False
    if one.id not in level.known:
        return True
    if one.style == "none":
        return one.id in ("problems", "other") and again
    return one.number > level.last or (one.strength >= USUAL and again and one.number > 1)


def _closes_report(one: Candidate, level: Level) -> bool:
    """Whether a bare 其他 behind the problems heads the last section; before them it is a table's column."""
    return one.id == "other" and one.whole and level.last > 0 and "problems" in level.known


def _place_by_order(one: Candidate, level: Level, following: SectionId | None) -> SectionId | None:
    """The id of a top-level heading whose words say nothing: the one that its neighbours leave open."""
    named = level.known | level.best.keys()
    if not level.heads:
        # 一、组织领导 may stand above 二、工作情况, 一、引言 above 二、概述
        words = level.text[one.heading_start : one.heading_end]
        deed = level.best.get("overview", STRONG) < STRONG and not _OPENING.search(words)
        return "overview" if "overview" not in named or deed else None
    before = max(ORDER.index(section) for section in level.known)
    until = ORDER.index(following) if following else len(ORDER)
    missing = [section for section in ORDER[before + 1 : until] if section not in named]
    if len(missing) == 1 and one.number == ORDER.index(missing[0]) + 1:
        return missing[0]
    return "other"


def _add_other_styles(candidates: Sequence[Candidate], heads: list[Candidate], top: str) -> list[Candidate]:
    """The heads and those numbered in another way (not at all, 2. for 二、), where their place is free."""
    known = {head.id for head in heads}
    before: dict[str, int] = {}
    added = list(heads)
    for one in candidates:
        follows = one.style != "none" and (one.number == 1 or before.get(one.style) == one.number - 1)
        before[one.style] = one.number
        if one.style == top or one.id is None or one.id in known:
            continue
        if one.strength < (USUAL if one.id == "problems" and one.style == "none" and one.whole else STRONG):
            continue  # of the names that are less sure the last section's alone: its number is often lost
        outer = top == "cn_paren" and one.style == "cn_comma"  # 二、 holds （一） to （四）, and 三、 comes
        if (outer or not follows) and _fits(one.start, one.id, added):
            added.append(one)
            known.add(one.id)
    return sorted(added, key=lambda head: head.start)


def _fits(start: int, section: SectionId, heads: Iterable[Candidate]) -> bool:
    """Whether a section at `start` keeps the order of the form among `heads`."""
    place = ORDER.index(section)
    return all(
        (ORDER.index(head.id) < place) == (head.start < start)
        for head in heads
        if head.id and head.id not in ("preamble", "other")
    )


def _add_inside(text: Text, heads: list[Candidate]) -> list[Candidate]:
    """The heads and those inside a line, where a reader ran the paragraphs together."""
    known = {head.id for head in heads}
    added: list[Candidate] = []
    if len(known) >= len(ORDER) - 1:
        return heads
    for number, line in enumerate(text.lines):
        for match in _INSIDE.finditer(text.text, line.start, line.end):
            words = text.text[match.end() : min(line.end, match.end() + LONGEST)]
            name = match_section(words)
            following = words[name.length : name.length + 1] if name else ""
            if not name or name.id in known or name.strength < USUAL or following in "；;，,、":
                continue
            if runs_in(words, name.length, name.strength, "cn_comma") and _fits(
                match.start(), name.id, heads
            ):
                end = match.end() + name.length
                count = parse_chinese_ordinal(match.group(1))
                added.append(
                    Candidate(
                        match.start(),
                        match.start(),
                        end,
                        "cn_comma",
                        count,
                        name.id,
                        name.strength,
                        False,
                        True,
                        number,
                    )
                )
                known.add(name.id)
    return sorted([*heads, *added], key=lambda head: head.start)


def _add_by_table(text: Text, heads: list[Candidate]) -> list[Candidate]:
    """The heads and, without heading, the sections that only their table shows."""
    known = {head.id for head in heads}
    for head in heads:
        known.update(list_sections(text.text[head.heading_start : head.heading_end].lstrip(_NUMBERING)))
    lacking = [(section, pattern) for section, pattern in load_headings().signatures if section not in known]
    if not lacking:
        return heads
    added = list(heads)
    places = [(grid.start, min(grid.end, grid.start + 400)) for grid in text.grids]
    places += [(line.start, min(line.end, line.start + LONGEST)) for line in text.lines]
    places.sort()
    for section, pattern in lacking:
        start = next((at for at, end in places if pattern.search(text.text, at, end)), None)
        if start is not None and _fits(start, section, added):
            added.append(Candidate(start, start, start, "none", 0, section, 0, True, True, -1))
    return sorted(added, key=lambda head: head.start)


def _join_repeated(heads: Sequence[Candidate]) -> list[Candidate]:
    joined: list[Candidate] = []
    for head in heads:
        if not joined or joined[-1].id != head.id:
            joined.append(head)
    return joined


# ---- spans -----------------------------------------------------------------------------------------------


def _cut(text: Text, heads: Sequence[Candidate], listed: set[int], title_end: int) -> Iterator[Section]:
    first = heads[0].start if heads else len(text.text)
    yield from _cut_opening(text, _opening_lines(text, title_end, first, listed), heads, first)
    for head, following in zip(heads, [*heads[1:], None]):
        heading = text.text[head.heading_start : head.heading_end].strip() or None
        end = following.start if following else len(text.text)
        if head.id is not None:
            yield Section(head.id, heading, head.start, end)


def _cut_opening(
    text: Text, lines: Sequence[Line], heads: Sequence[Candidate], first: int
) -> Iterator[Section]:
    """The sections before the first heading: the preamble, and the overview where its heading is gone."""
    if not lines:
        return
    start = lines[0].start
    preface = text.text[lines[0].start : lines[0].end]
    heading = preface.strip() if _PREFACE.match(preface) else None
    overview = None
    if heading is None and not any(head.id == "overview" for head in heads):
        overview = _find_overview(text.text, lines)
    if overview is None:
        yield Section("preamble", heading, start, first)
        return
    if overview > start:
        yield Section("preamble", None, start, overview)
    yield Section("overview", None, overview, first)


def _opening_lines(text: Text, title_end: int, first: int, listed: set[int]) -> list[Line]:
    """The lines from the title to the first heading, from the first on that is no title and no contents."""
    furniture = {line.start for line in text.furniture}
    lines: list[Line] = []
    for number, line in enumerate(text.lines):
        if line.start >= first:
            break
        words = text.text[line.start : line.end]
        if not words.strip() or line.start in furniture or line.start < title_end:
            continue
        if lines or (number not in listed and _says_something(words)):
            lines.append(line)
    return lines


def _says_something(words: str) -> bool:
    if _PREFACE.match(words) or _FIRST_SUB.match(words):
        return True
    if find_kinds_of_line(words):
        return False
    ends = words.rstrip()[-1:] in "。！？"
    return ends or (len(words.strip()) >= 12 and re.search("[，；：,;:]", words) is not None)


def _find_overview(text: str, lines: Sequence[Line]) -> int | None:
    """Where an overview without heading begins: at its first sub-heading, else after the formal opening."""
    for line in lines:
        if _FIRST_SUB.match(text, line.start, line.end):
            return line.start
    for line in lines:
        if not _FORMAL.search(text, line.start, line.end):
            return line.start
    return None
