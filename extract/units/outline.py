"""Which heading, item or sentence each block of a section is. Source: corpus/GUIDELINES.md §1."""

from __future__ import annotations

from collections.abc import Sequence

from extract.enumerators import Enumerator
from extract.headings.lines import is_bare_name, is_colon_lead, is_fragment, is_label, is_lead_in, is_pointer
from extract.patterns import late
from extract.report import Atom, SectionId
from extract.sentences import find_sentence_ends
from extract.units.blocks import (
    NAME_LENGTH,
    Block,
    Left,
    find_core_names,
    find_run_in,
    heads_list,
    is_headline,
)
from extract.units.levels import (
    LABEL,
    Level,
    Outline,
    close_finished,
    find_following,
    goes_on,
    has_under,
    open_level,
)
from extract.units.turns import find_turn

_ENDS = "。！？!?；;：:，,"
_CLOSING = "。：:；;，,．.、*# \t　"
_CLAUSES = late("[。！？；：:].")
_PARTS = late("[。；：:].")
_TOPIC = late(r"[^。！？!?：:]{2,40}[。！？!?：:]")


def read_outline(
    text: str, section: SectionId, blocks: Sequence[Block], first_paragraph: int
) -> tuple[list[Atom], list[Left]]:
    """The atoms of a section's blocks, and what is in none; paragraphs count from `first_paragraph`."""
    outline = Outline(
        text, section, blocks, first_paragraph, find_following(blocks), find_core_names(text, blocks)
    )
    for place, block in enumerate(blocks):
        if block.mark is not None:
            _read_marked(outline, place, block, block.mark)
        elif block.label is not None:
            _read_label(outline, place, block, block.label)
        else:
            _read_plain(outline, place, block)
    return outline.atoms, outline.left


def _read_marked(outline: Outline, place: int, block: Block, mark: Enumerator) -> None:
    level, before = open_level(outline, place, mark)
    paragraph_start = block.start if not block.leads else min(mark.start, block.start)
    end = _find_heading_end(outline, place, block, level, before)
    if end is not None:
        level.path = outline.text[mark.start : end].rstrip(_CLOSING)
        after = _skip(outline.text, end, block.end)
        _omit(outline, paragraph_start, after, "heading")
        if after < block.end:
            _add_prose(outline, place, after, block.end)
        return
    _omit(outline, mark.start, block.start, "marker")
    if block.start < block.end:
        _add_item(outline, place, block, outline.text[mark.start : mark.end])


def _find_heading_end(
    outline: Outline, place: int, block: Block, level: Level, before: Level | None
) -> int | None:
    """Where the heading at the start of a marked block ends; None where the block is an item."""
    text = outline.text[block.start : block.end]
    if not text:
        return None
    run_in = find_run_in(outline.text, block.start, block.end, labels=not level.rank)
    alone = block.leads and block.closes
    if run_in is not None:
        return block.end if alone and is_headline(outline.text, outline.blocks, place) else run_in[0]
    if place in outline.names:
        return outline.names[place]
    under = has_under(outline, place, level)
    if not under and not alone:
        return None
    short = len(text) <= NAME_LENGTH
    if level.rank and short and (under or (alone and text[-1] not in "。.")):
        name = text.rstrip(_CLOSING)
        if text[-1] not in "；;" and (is_bare_name(name) or is_label(name)) and not is_colon_lead(name):
            return block.end
    if alone and short and not _CLAUSES.search(text):
        return block.end if _stands_alone(outline, place, text, under, before) else None
    topic = _TOPIC.match(text) if under else None
    return None if topic is None or topic.group()[-1] in "：:" else block.start + topic.end()


def _stands_alone(outline: Outline, place: int, text: str, under: bool, before: Level | None) -> bool:
    """Whether a numbered line of its own is a heading: it is, where something stands under it."""
    if text[-1] in "：:；;":
        return False
    if under:
        return True
    if text[-1] in _ENDS or place + 1 >= len(outline.blocks):
        return False
    return outline.blocks[place + 1].mark is None and (before is None or before.path is not None)


def _add_item(outline: Outline, place: int, block: Block, marker: str) -> None:
    """An enumerated item, whole; what leads into a list within it, or turns from its list, is prose."""
    text, start = outline.text, block.start
    nests = _leads_into_list(outline, place)
    if nests and is_fragment(text[start : block.end]):
        _omit(outline, start, block.end, "fragment")
        return
    runs_on = goes_on(outline, outline.stack[-1], len(outline.blocks)) is not None
    end = None if runs_on else find_turn(text, outline.blocks, place)
    leads = nests and text[block.end - 1] in "：:，,"
    if end is None and leads:
        ends = find_sentence_ends(text, start, block.end)
        end = ends[-2] if len(ends) > 1 else None
    if end is None:
        _add_atom(outline, block, start, block.end, marker, item=True, lead_in=leads)
    else:
        _add_atom(outline, block, start, end, marker, item=True)
        _add_prose(outline, place, _skip_blank(text, end), block.end)


def _read_label(outline: Outline, place: int, block: Block, label: tuple[int, int]) -> None:
    """A run-in label: a heading that takes the place of the label before it."""
    if block.leads or not _labelled(outline):
        close_finished(outline)
    level = Level(LABEL, 0, 0, place)
    if outline.stack and (outline.stack[-1].style == LABEL or _labelled(outline)):
        old = outline.stack.pop()
        level = Level(old.style, old.rank, old.number, old.block, owns=old.owns)
    level.path = outline.text[label[0] : label[1]].lstrip("【〖").rstrip(_CLOSING)
    outline.stack.append(level)
    _omit(outline, label[0], block.start, "heading")
    if block.start < block.end:
        _add_prose(outline, place, block.start, block.end)


def _labelled(outline: Outline) -> bool:
    """Whether the innermost level is a numbered label (1.问题：)."""
    path = outline.stack[-1].path if outline.stack else None
    return path is not None and is_label(path.lstrip("0123456789.、（）()一二三四五六七八九十①②③④⑤⑥⑦⑧⑨ "))


def _read_plain(outline: Outline, place: int, block: Block) -> None:
    marker = _waiting_marker(outline, place)
    if marker:
        _add_item(outline, place, block, marker)
        return
    close_finished(outline)
    if _is_plain_heading(outline, place, block) or heads_list(outline.text, outline.blocks, place):
        if outline.stack and outline.stack[-1].style == LABEL:
            outline.stack.pop()
        words = outline.text[block.start : block.end].strip("*# \t　").rstrip(_CLOSING)
        outline.stack.append(Level(LABEL, 0, 0, place, path=words))
        _omit(outline, block.start, block.end, "heading")
    else:
        _add_prose(outline, place, block.start, block.end)


def _waiting_marker(outline: Outline, place: int) -> str | None:
    """The enumerator that stands alone on the line before the block, if one does."""
    before = outline.blocks[place - 1]
    if place == 0 or before.mark is None or before.start < before.end or not before.leads:
        return None
    return outline.text[before.mark.start : before.mark.end]


def _is_plain_heading(outline: Outline, place: int, block: Block) -> bool:
    """Whether a line without number is a heading: a bare name, or marked as one by the container."""
    if not block.closes or block.end - block.start > NAME_LENGTH or place + 1 >= len(outline.blocks):
        return False
    text = outline.text[block.start : block.end].strip("*# \t　")
    if not text or text[-1] in "；;，,！？" or _PARTS.search(text):
        return False
    name = text.rstrip(_CLOSING)
    if is_label(name) and not is_colon_lead(name):
        return True
    if text[-1] == "。":
        return False
    if block.heading and text[-1] not in "：:":
        return True
    return (is_bare_name(name) and not is_colon_lead(name)) or is_headline(
        outline.text, outline.blocks, place
    )


# ---- atoms -----------------------------------------------------------------------------------------------


def _leads_into_list(outline: Outline, place: int) -> bool:
    """Whether the next block opens a list."""
    if place + 1 >= len(outline.blocks):
        return False
    mark = outline.blocks[place + 1].mark
    if mark is None:
        return False
    return mark.number == 1 or (
        mark.style not in [level.style for level in outline.stack] and (mark.number < 1 or mark.rank == 0)
    )


def _add_prose(outline: Outline, place: int, start: int, end: int) -> None:
    """The sentences of a stretch as atoms; what leads into a list is marked, a fragment left out."""
    text, block = outline.text, outline.blocks[place]
    for at in find_sentence_ends(text, start, end)[:-1]:
        _add_atom(outline, block, start, at, None)
        start = _skip_blank(text, at)
    if _leads_into_list(outline, place):
        _add_lead(outline, place, start, end)
    else:
        _add_atom(outline, block, start, end, None)


def _add_lead(outline: Outline, place: int, start: int, end: int) -> None:
    """The last sentence before a list."""
    block = outline.blocks[place]
    clause = outline.text[start:end].strip()
    inline = not block.closes
    opens = clause[-1:] in "：:" or (inline and clause[-1:] not in "。！？!?；;")
    if is_pointer(clause):
        _add_atom(outline, block, start, end, None)
    elif is_fragment(clause) and (opens or len(clause) <= 6):
        _omit(outline, start, end, "fragment")
    else:
        _add_atom(outline, block, start, end, None, lead_in=opens or is_lead_in(clause))


def _add_atom(
    outline: Outline,
    block: Block,
    start: int,
    end: int,
    marker: str | None,
    *,
    item: bool = False,
    lead_in: bool = False,
) -> None:
    text = outline.text
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        paragraph = outline.first_paragraph + block.paragraph
        path = tuple([level.path for level in outline.stack if level.path is not None])
        outline.atoms.append(Atom(outline.section, path, marker, start, end, paragraph, item, lead_in))


def _omit(outline: Outline, start: int, end: int, reason: str) -> None:
    while end > start and outline.text[end - 1].isspace():
        end -= 1
    if start < end:
        outline.left.append((start, end, reason))


def _skip(text: str, at: int, end: int) -> int:
    while at < end and text[at] in _CLOSING:
        at += 1
    return at


def _skip_blank(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
