"""The sections of a report, by the words of their headings, then by order; printed numbers may be wrong.

Candidates (lines that begin like headings) → top level (the numbering that names most sections) → heads → spans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from extract.enumerators import parse_chinese_ordinal, parse_leading
from extract.headings import (
    LONGEST,
    STRONG,
    USUAL,
    is_line_of,
    is_table_row,
    load_headings,
    match_misspelt,
    match_section,
)
from extract.report import Line, Section, SectionId, Text, Value

ORDER: tuple[SectionId, ...] = ("overview", "proactive", "requests", "review", "problems", "other")
_WEIGHTS = {STRONG: 1.0, USUAL: 0.7, 1: 0.3, 0: 0.0}
_PREFIX = re.compile(
    r"[\s*#|｜丨>]*(?:第([一二三四五六七八九十]{1,3})部分|([一二三四五六七八九十]{1,3})(?=[\s，,:：]))[\s、，,:：]*"
)
_DRESS = re.compile(r"[\s*#|｜丨>]*")
_CONTENTS = re.compile(r"[.…·‥．。—_-]{2,}\s*\d{0,3}\s*$|[^\d\s年月]\s+\d{1,3}\s*$|\t\d{1,3}\s*$")
_INSIDE = re.compile(r"(?<=[。：:；;！!？?）)\s])([一二三四五六七八九十]{1,3})[、.．]\s*")
_TEXT_BEGINS = re.compile(r"[\d我本全今无按根依为截自一]")
_SENTENCE = re.compile(r"[。；;，,：:！？].")
_PREFACE = re.compile(r"^\s*(?:引\s*言|前\s*言|导\s*言|序\s*言)\s*$")
_FORMAL = re.compile(
    r"本(?:年度)?报告|编制|统计(?:期限|时限)|报告如下|现[将予]?.{0,40}公布|下载|联系|汇报如下|总结如下"
)
_FIRST_SUB = re.compile(r"\s*(?:[（(]\s*一\s*[）)]|1[.、．])")


class Candidate(Value, frozen=True, gc=False):
    """A place that may be the heading of a section: its numbering, its words, and where they lie.

    `heading_end` is where the printed heading ends; `whole` says that the line ends there too. `strength`
    is 0 where the words name no section, `short` says that the words may be a heading all the same.
    """

    start: int
    heading_start: int
    heading_end: int
    style: str
    number: int
    id: SectionId | None
    strength: int
    whole: bool
    short: bool
    line: int


def find_sections(text: Text) -> tuple[Section, ...]:
    """The sections in text order, lying end to end from each heading to the next.

    `preamble` is there only where something beyond the title stands before the first heading. A heading that
    continues the section before it (存在问题, then 改进措施) opens none: it stays in that section's text.
    A section whose heading is gone but whose table is there has `heading` None.
    """
    found = list(_find_candidates(text))
    candidates = _drop_contents(found)
    heads = _choose_heads(candidates)
    heads = _add_inside(text, heads)
    heads = _add_by_table(text, heads)
    heads = _join_repeated(heads)
    listed = {one.line for one in found} - {one.line for one in candidates}
    return tuple(_cut(text, heads, listed))


# ---- candidates ------------------------------------------------------------------------------------------


def _find_candidates(text: Text) -> Iterator[Candidate]:
    furniture = {line.start for line in text.furniture}
    for number, line in enumerate(text.lines):
        if line.start not in furniture and line.end > line.start:
            candidate = _read_candidate(text.text, line, number)
            if candidate is not None:
                yield candidate


def _read_candidate(text: str, line: Line, number: int) -> Candidate | None:
    """The line as a candidate; None where it neither is numbered nor names a section."""
    style, count, begin = _read_number(text, line)
    listed = _CONTENTS.search(text, begin, min(line.end, begin + 2 * LONGEST))
    until = listed.start() if listed and listed.end() == line.end else line.end
    words = text[begin : min(until, begin + 2 * LONGEST)]
    if not words.strip():
        bare = style == "cn_comma" and count == 1 and _bare_number(text, line, begin)
        return bare if isinstance(bare, Candidate) else None
    short = until - begin <= 40 and not _SENTENCE.search(words)
    name = None if is_table_row(words) and style != "none" else match_section(words)
    if name is not None and not (name.whole or _runs_in(words, name.length, name.strength, style)):
        name = None
    if name is None and short and style != "none":
        name = match_misspelt(words)
    if name is None:
        if style == "none":
            return None
        end = begin + len(words.rstrip("。：:，,；; \t　*#"))
        return Candidate(
            line.start,
            _dressed(text, line),
            end,
            style,
            count,
            None,
            0,
            True,
            short and not is_table_row(words),
            number,
        )
    end = begin + name.length
    return Candidate(
        line.start, _dressed(text, line), end, style, count, name.id, name.strength, name.whole, True, number
    )


def _bare_number(text: str, line: Line, begin: int) -> Candidate:
    """A bare 一、 with nothing after it heads the first section."""
    end = begin - len(text[line.start : begin]) + len(text[line.start : begin].rstrip())
    return Candidate(line.start, _dressed(text, line), end, "cn_comma", 1, None, 0, True, True, -1)


def _dressed(text: str, line: Line) -> int:
    skipped = _DRESS.match(text, line.start, line.end)
    return skipped.end() if skipped else line.start


def _read_number(text: str, line: Line) -> tuple[str, int, int]:
    """The style and number of the line's enumerator and where its words begin; "none" and 0 without one."""
    entry = parse_leading(text, line.start, line.end)
    if entry is not None and entry.rank:
        return entry.style, entry.number, entry.body
    prefix = _PREFIX.match(text, line.start, line.end)
    if prefix:
        style = "part" if prefix.group(1) else "cn_comma"
        return style, parse_chinese_ordinal(prefix.group(1) or prefix.group(2)), prefix.end()
    return "none", 0, _dressed(text, line)


def _runs_in(words: str, length: int, strength: int, style: str) -> bool:
    """Whether text runs on after a name on the heading's own line (一、总体情况2024年，我镇……)."""
    following = words[length : length + 1]
    if style == "none":
        return strength == STRONG and following in "：:" and bool(following)
    if following in "。：:　 \t":
        return True
    return strength >= USUAL and _TEXT_BEGINS.match(following) is not None


def _drop_contents(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without a contents list: headings in a row that all come again later."""
    last_seen = {one.id: place for place, one in enumerate(candidates) if one.id is not None}
    kept: list[Candidate] = []
    run: list[Candidate] = []
    for place, one in enumerate([*candidates, None]):
        if one is not None and run and one.line == run[-1].line + 1 and one.whole:
            run.append(one)
            continue
        if run:
            again = sum(1 for each in run if each.id and last_seen[each.id] >= place)
            named = sum(1 for each in run if each.id)
            if not (named >= 3 and again >= named - 1):
                kept.extend(run)
        run = [one] if one is not None else []
    return kept


# ---- the top level ---------------------------------------------------------------------------------------


def _choose_heads(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates that head a section, each with its id."""
    top = _choose_style(candidates)
    if top is None:
        return []
    level = [one for one in candidates if one.style == top]
    best = {one.id: max(each.strength for each in level if each.id == one.id) for one in level if one.id}
    heads: list[Candidate] = []
    last = nested = 0
    for place, one in enumerate(level):
        if one.id and _is_known_head(one, heads, best[one.id], last):
            heads.append(one)
            last, nested = one.number or last + 1, 0
        elif top == "none" or (nested and one.number == nested + 1) or one.number != last + 1:
            nested = one.number
        elif one.short and len(best) >= 2:
            section = _place_by_order(one, heads, level[place + 1 :])
            if section:
                heads.append(replace(one, id=section))
                last, nested = one.number, 0
    return _add_other_styles(candidates, heads, top)


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
    best = max(total.values())
    return next(style for style, score in total.items() if score >= best - 1e-9)


def _is_known_head(one: Candidate, heads: Sequence[Candidate], best: int, last: int) -> bool:
    """Whether a heading that names a section opens it: not a weaker double, not a nested list's restart."""
    if one.style == "none" and one.strength < USUAL:
        return False
    if one.strength < best and one.id != (heads[-1].id if heads else None):
        return False
    same = [head for head in heads if head.id == one.id]
    if not same:
        return True
    if one.style == "none":
        return one.id in ("problems", "other") and heads[-1].id == one.id
    return one.number > last or (one.strength >= USUAL and one.id == heads[-1].id and one.number > 1)


def _place_by_order(
    one: Candidate, heads: Sequence[Candidate], later: Sequence[Candidate]
) -> SectionId | None:
    """The id of a top-level heading whose words say nothing: the one that its neighbours leave open."""
    known = {head.id for head in heads} | {each.id for each in later if each.id}
    if not heads:
        return "overview" if "overview" not in known else None
    before = max(ORDER.index(head.id) for head in heads if head.id and head.id != "preamble")
    following = next(
        (ORDER.index(each.id) for each in later if each.id and each.id != "preamble"), len(ORDER)
    )
    missing = [section for section in ORDER[before + 1 : following] if section not in known]
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
        if one.style == top or one.id is None or one.id in known or one.strength < STRONG:
            continue
        if not follows and _fits(one.start, one.id, added):
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
        places = list(_INSIDE.finditer(text.text, line.start, line.end))
        for match in places:
            words = text.text[match.end() : min(line.end, match.end() + LONGEST)]
            name = match_section(words)
            following = words[name.length : name.length + 1] if name else ""
            if not name or name.id in known or name.strength < USUAL or following in "；;，,、":
                continue
            if _runs_in(words, name.length, name.strength, "cn_comma") and _fits(
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
    added = list(heads)
    for section, pattern in load_headings().signatures:
        if section in known:
            continue
        places = [(grid.start, grid.end) for grid in text.grids]
        places += [(line.start, min(line.end, line.start + LONGEST)) for line in text.lines]
        start = min(
            (at for at, end in places if pattern.search(text.text, at, min(end, at + 400))), default=None
        )
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


def _cut(text: Text, heads: Sequence[Candidate], listed: set[int]) -> Iterator[Section]:
    first = heads[0].start if heads else len(text.text)
    yield from _cut_opening(text, first, heads, listed)
    for head, following in zip(heads, [*heads[1:], None]):
        heading = text.text[head.heading_start : head.heading_end].strip() or None
        end = following.start if following else len(text.text)
        if head.id is not None:
            yield Section(head.id, heading, head.start, end)


def _cut_opening(text: Text, first: int, heads: Sequence[Candidate], listed: set[int]) -> Iterator[Section]:
    """The sections before the first heading: the preamble, and the overview where its heading is gone."""
    lines = _opening_lines(text, first, listed)
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


def _opening_lines(text: Text, first: int, listed: set[int]) -> list[Line]:
    """The lines before the first heading from the first on that says something beyond title and contents."""
    furniture = {line.start for line in text.furniture}
    lines: list[Line] = []
    for number, line in enumerate(text.lines):
        if line.start >= first:
            break
        words = text.text[line.start : line.end]
        if not words.strip() or line.start in furniture:
            continue
        if lines or (number not in listed and _says_something(words)):
            lines.append(line)
    return lines


def _says_something(words: str) -> bool:
    if _PREFACE.match(words) or _FIRST_SUB.match(words):
        return True
    if any(is_line_of(what, words) for what in ("title", "date", "sender", "signed", "caption", "furniture")):
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
