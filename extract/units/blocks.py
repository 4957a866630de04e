"""The running text of a section as blocks: each enumerator, run-in label or paragraph with the text it opens.

Lines that say nothing (titles, signatures, captions, furniture) are set apart first, then tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from extract.enumerators import Enumerator, find_enumerators
from extract.headings.knowledge import LONGEST, USUAL, load_headings
from extract.headings.lines import (
    find_kinds_of_line,
    is_bare_name,
    is_colon_lead,
    is_label,
    is_lead_in,
    match_core,
)
from extract.headings.names import match_section
from extract.normalise.broken_lines import find_labels
from extract.patterns import late
from extract.report import Line, Section, Value
from extract.sentences import find_nested

_CONTENTS_END = ".…·‥．—_-录次"  # what `_CONTENTS` ends with, but for digits
_CONTENTS = late(r"[.…·‥．—_-]{3,}\s*\d{0,3}\s*$|^\s*目\s*[录次]\s*$")
_TRAIL = late(r"[\s。：:；;，,．.、*#】〗]*")
_LABEL_END = late("[：:】〗]")
_STOP = late(r"[。；;！？!?”][ \t　]*")
# A stop, or blanks between words; both by one class at the start, which is searched for at once.
_CLAUSE = late(r"[。：:！？!?；; \t　](?:(?<=[。：:！？!?；;])|(?<=\S[ \t　])[ \t　]*(?=\S))")
_NAME_GOES_ON = late(
    r"[和与及、的，,：:。]|良好|较|更(?![换新名改])|日[趋益]|持续|不断|不够|得到|有[序力效待所]|工作|机制|制度"
    # a slogan of which the name is the subject: 再加力。
    r"|(?![无未没暂本我全今共收开])[^，。；：、！\d]{2,5}[。！]"
)
_STOPS = "。；;！!.，,"
HEADLINE_LENGTH = 20
_SAID = late(r"[。！？!?；;，,\d无未没]")  # what a headline has not
_PARTS_NAMED = 3  # parts of the report that an opening names at the least
_TOLD_INLINE = 20  # characters behind a name that runs into a list within a paragraph
NAME_LENGTH = 45  # a heading that runs into its line is no longer


# Start and end of a stretch of running text without blank ends; whether the container marks it as a heading.
Paragraph = tuple[int, int, bool]
Left = tuple[int, int, str]  # start and end of a stretch that is in no atom, and why: an `Omitted` to be


class Block(Value, frozen=True, gc=False):
    """What stands between one enumerator, label or paragraph start and the next.

    `mark` is its enumerator; `label` the span of a run-in label (改进措施：); its text, perhaps empty, is
    `start:end`. `leads` says that the block begins its paragraph, `closes` that it ends it.
    """

    paragraph: int
    start: int
    end: int
    mark: Enumerator | None
    label: tuple[int, int] | None
    leads: bool
    closes: bool
    heading: bool


# ---- paragraphs ------------------------------------------------------------------------------------------


def find_paragraphs(
    text: str,
    section: Section,
    lines: Sequence[Line],
    tables: Sequence[tuple[int, int]],
    furniture: Mapping[int, str],
) -> tuple[list[Paragraph], list[Left]]:
    """The running text of a section, and what of its lines is none, with the reason.

    `lines` are those that overlap the section, `tables` the merged spans of its tables, both in order;
    `furniture` has the reason for each line that is no part of the report, by its start.
    """
    start, left = _skip_heading(text, section)
    opening = section.id == "preamble"
    kept: list[Paragraph] = []
    signed = True  # nothing but signature, date and annex comes after
    for line, begin, end in reversed(_cut_lines(text, start, section.end, lines, tables)):
        if line.start in furniture:
            left.append((begin, end, furniture[line.start]))
        elif reason := _name_line(text[begin:end], opening, signed):
            left.append((begin, end, reason))
            signed = signed or reason == "signature"
        else:
            kept.append((begin, end, line.heading))
            signed = False
    kept.reverse()
    return kept, left


def _skip_heading(text: str, section: Section) -> tuple[int, list[Left]]:
    """Where the text after the section's heading begins, and the heading."""
    if not section.heading:
        return section.start, []
    at = text.find(section.heading, section.start, section.end)
    end = (at if at >= 0 else section.start) + len(section.heading)
    trail = _TRAIL.match(text, end, section.end)
    line_end = text.find("\n", end, section.end)
    after = trail.end() if trail else end
    if 0 <= line_end < after:
        after = line_end
    return after, [(section.start, max(end, after), "heading")]


def _cut_lines(
    text: str, start: int, end: int, lines: Sequence[Line], tables: Sequence[tuple[int, int]]
) -> list[tuple[Line, int, int]]:
    """The stretches of `lines` from `start` to `end` outside the tables, blank ends left out."""
    stretches: list[tuple[Line, int, int]] = []
    place = 0
    for line in lines:
        at, until = line.start, line.end
        if at < start:
            at = start
        if until > end:
            until = end
        while place < len(tables) and tables[place][1] <= at:
            place += 1
        following = place
        if following == len(tables):
            span = _strip(text, at, until)
            if span:
                stretches.append((line, *span))
            continue
        while at < until:
            stop = until
            if following < len(tables) and tables[following][0] < until:
                stop = max(at, tables[following][0])
            span = _strip(text, at, stop)
            if span:
                stretches.append((line, *span))
            at = until if stop == until else tables[following][1]
            following += 1
    return stretches


def _strip(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _name_line(words: str, opening: bool, signed: bool) -> str | None:
    """What a line is that says nothing: contents, title, signature, caption or furniture; None for others."""
    if ("信息内容" in words or "勾稽关系" in words) and "。" not in words and len(find_labels(words)) > 1:
        return "table"  # the head of one whose rows are lost
    ends = words[-1] in _CONTENTS_END or words[-1].isdecimal()
    if ends and len(words) <= 120 and _CONTENTS.search(words):
        return "contents"
    if kinds := find_kinds_of_line(words, opening=opening):
        if "date" in kinds or "signed" in kinds:
            return "signature"
        if "sender" in kinds and signed and len(words) <= 30 and not is_bare_name(words):
            return "signature"
        if "caption" in kinds:
            return "caption"
        if "furniture" in kinds:
            return "furniture"
        if "title" in kinds and opening:
            return "title"
    if (opening or (signed and words[-1] not in _STOPS)) and len(words) <= 40:
        name = match_section(words.lstrip("一二三四五六七八、 \t"))
        if name and name.whole and (opening or name.strength >= USUAL):
            return "contents" if opening else "heading"  # right above a section's own heading, or of nothing
    return None


# ---- blocks ----------------------------------------------------------------------------------------------


def split_blocks(text: str, paragraphs: Sequence[Paragraph]) -> list[Block]:
    """The paragraphs cut at their enumerators and run-in labels, in order."""
    marks: list[list[Enumerator]] = [[] for _ in paragraphs]
    for mark in find_enumerators(text, [(start, end) for start, end, _ in paragraphs]):
        marks[mark.paragraph].append(mark)
    blocks: list[Block] = []
    for number, (start, end, heading) in enumerate(paragraphs):
        if len(marks[number]) >= _PARTS_NAMED and _lists_sections(text, marks[number]):
            marks[number] = []
        labels = _find_labels(text, start, end, marks[number])
        if labels or marks[number]:
            blocks += _cut_paragraph(text, number, paragraphs[number], marks[number], labels)
        else:
            blocks.append(Block(number, start, end, None, None, True, True, heading))
    return blocks


def _lists_sections(text: str, marks: Sequence[Enumerator]) -> bool:
    """Whether what a paragraph enumerates are the names of the report's parts: 1.总体情况，2.主动…"""
    named = 0
    for mark, following in pairwise(marks):
        name = match_section(text[mark.body : min(following.start, mark.body + LONGEST)])
        named += name is not None and name.whole
    return named >= max(_PARTS_NAMED, len(marks) - 2)


def _cut_paragraph(
    text: str,
    number: int,
    paragraph: Paragraph,
    marks: Sequence[Enumerator],
    labels: Sequence[tuple[int, int, int]],
) -> list[Block]:
    start, until, heading = paragraph
    openings: list[tuple[int, int, Enumerator | None, tuple[int, int] | None]] = [
        (mark.start, min(mark.body, until), mark, None) for mark in marks
    ]
    if labels:
        bodies = {body for _, body, _, _ in openings}
        openings += [(at, after, None, (at, end)) for at, end, after in labels if at not in bodies]
        openings.sort(key=lambda opening: opening[0])
    if not openings or (openings[0][0] > start and not marks_begin(text, start, openings[0][0])):
        openings.insert(0, (start, start, None, None))
    blocks: list[Block] = []
    last = len(openings) - 1
    for place, (_, body, mark, label) in enumerate(openings):
        end = until if place == last else openings[place + 1][0]
        begin, end = _strip(text, body, end) or (min(body, end), min(body, end))
        blocks.append(Block(number, begin, end, mark, label, place == 0, place == last, heading))
    return blocks


def marks_begin(text: str, start: int, at: int) -> bool:
    """Whether nothing but marks of layout stands between the start of a paragraph and its first opening."""
    return not text[start:at].strip("*#|｜丨>_ \t　lIi1" if at - start < 6 else "")


def _find_labels(text: str, start: int, end: int, marks: Sequence[Enumerator]) -> list[tuple[int, int, int]]:
    """Start and end of each run-in label of a paragraph, and where the text after it begins."""
    found: list[tuple[int, int, int]] = []
    if not marks or marks[0].start != start:
        first = find_run_in(text, start, end)
        if first is not None:
            found.append((start, *first))
    if _LABEL_END.search(text, start, end) is None:
        return found
    read = load_headings().patterns["label"].match
    nested: bytearray | None = None
    for at in _find_clause_starts(text, start, end, marks):
        match = None if found and at < found[-1][2] else read(text, at, end)
        if match is None or match.end() == end:
            continue
        nested = nested or find_nested(text, start, end)
        if not nested[at - start]:
            found.append((at, match.end(1), match.end()))
    return found


def _find_clause_starts(text: str, start: int, end: int, marks: Sequence[Enumerator]) -> list[int]:
    """Where a label may begin: with the paragraph, behind an enumerator, behind a stop."""
    stops = [match.end() for match in _STOP.finditer(text, start, end)]
    return sorted({start, *stops, *(mark.body for mark in marks)})


def find_core_names(text: str, blocks: Sequence[Block]) -> dict[int, int]:
    """Where the names end that run into the text of numbered blocks without a stop (（一）主动公开全年……).

    Keys are places in `blocks`. Three topics of one list bear each other out; 情况 at its end makes one sure.
    """
    found: dict[str, dict[int, tuple[str, int, bool]]] = {}
    borne: dict[str, set[str]] = {}  # the topics of each list, named with a stop or without
    for place, block in enumerate(blocks):
        if block.mark is None or not block.mark.rank:
            continue
        told = block.end - block.start > 25 or (block.end > block.start and text[block.end - 1] in "。；;！.")
        if told:
            core = match_core(text[block.start : min(block.end, block.start + NAME_LENGTH)])
            if core is None:
                continue
            goes_on = _NAME_GOES_ON.match(text, block.start + core[1])
            if goes_on is None and (block.leads or block.end - block.start >= core[1] + _TOLD_INLINE):
                found.setdefault(block.mark.style, {})[place] = core
            if goes_on is None or goes_on.group() in ("。", "：", ":"):
                borne.setdefault(block.mark.style, set()).add(core[0])
    names: dict[int, int] = {}
    for style, cores in found.items():
        agreed = len(borne[style]) >= 3
        for place, (_, length, closed) in cores.items():
            if agreed or closed:
                names[place] = blocks[place].start + length
    return names


def _is_core(name: str) -> bool:
    """Whether a name is one of the five topics and nothing else."""
    core = match_core(name)
    return core is not None and core[1] == len(name)


def is_headline(text: str, blocks: Sequence[Block], place: int) -> bool:
    """Whether a line of its own that no stop ends stands above what is written out in full.

    That is a paragraph, or for a numbered line (（三）信息管理：突出“先审后发”) also a list.
    """
    block = blocks[place]
    if block.end - block.start > HEADLINE_LENGTH or place + 1 >= len(blocks):
        return False
    below = blocks[place + 1]
    if not below.leads or _SAID.search(text, block.start, block.end):
        return False
    if below.mark is not None and (block.mark is None or below.mark.number != 1):
        return False
    return below.end - below.start >= 2 * HEADLINE_LENGTH and text[below.end - 1] == "。"


def heads_list(text: str, blocks: Sequence[Block], place: int) -> bool:
    """Whether a paragraph is a short sentence that tells what is done, and a list: 完善制度。一是……"""
    block = blocks[place]
    name = text[block.start : block.end].rstrip("。")
    if block.closes or not block.leads or not 0 < len(name) <= HEADLINE_LENGTH:
        return False
    below = blocks[place + 1].mark
    if below is None or below.rank or below.number != 1 or _SAID.search(name) or is_lead_in(name):
        return False
    known = load_headings()
    deed = known.deeds.match(name)
    return deed is not None and not known.statements.search(name, deed.end())


def find_run_in(text: str, start: int, end: int, *, labels: bool = False) -> tuple[int, int] | None:
    """Where a bare name that runs into its line ends, and where the text after it begins; None without one.

    With `labels` only the labels of problem and remedy are names.

    >>> text = "平台建设方面：新开账号两个。"
    >>> find_run_in(text, 0, len(text))
    (6, 7)
    """
    stop = _CLAUSE.search(text, start, min(end, start + NAME_LENGTH))
    if stop is None or stop.group() in ("；", ";", "！", "？", "!", "?"):
        return None
    name = text[start : stop.start()]
    if not (is_label(name) or (not labels and is_bare_name(name))) or is_colon_lead(name):
        return None
    named = is_label(name) or name.endswith(("情况", "方面")) or _is_core(name)
    if stop.group().isspace() and not named:
        return None
    trail = _TRAIL.match(text, stop.start(), end)
    after = trail.end() if trail else stop.end()
    return (stop.start(), after) if after < end else None
