"""Letter-spaced lines closed up, only where it is certain."""

from __future__ import annotations

import re
from functools import cache

from msgspec.structs import replace

from extract.normalise.furniture import Draft, load_furniture_data
from extract.patterns import late
from extract.report import Grid, Paragraph

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_SPACED = late(rf"(?:[{_HAN}、][ ]{{1,2}}){{1,60}}[{_HAN}]")
# Begins with the blank, which is rare. Each class of all Chinese letters takes 1 ms to compile.
_GAP = late(r"[ ](?<=[^\x00-\xff][ ])[ ]?[^\x00-\xff]")


def close_spaced_words(draft: Draft) -> Draft:
    """Letter-spaced headings closed up (引 言), where they spell a word that reports use.

    >>> close_spaced("引 言")
    '引言'
    >>> close_spaced("总 计")
    '总 计'
    """
    blocks: list[Grid | Paragraph] | None = None  # once a line was closed
    for at, block in enumerate(draft.blocks):
        if isinstance(block, Paragraph) and " " in block.text:
            closed = close_spaced(block.text)
            if closed != block.text:
                blocks = list(draft.blocks) if blocks is None else blocks
                blocks[at] = replace(block, text=closed)
    return draft if blocks is None else replace(draft, blocks=tuple(blocks))


def close_spaced(line: str) -> str:
    """`line` with its letter-spaced runs closed, if each run spells a known word."""
    if len(line) > 200 or not _GAP.search(line):
        return line
    return _SPACED.sub(_close_run, line)


def _close_run(found: re.Match[str]) -> str:
    run, line = found.group(), found.string
    before, after = line[: found.start()][-1:], line[found.end() :][:1]
    if _is_letter(before) or _is_letter(after):
        return run  # the last or first letter belongs to a word beside
    closed = run.replace(" ", "")
    return closed if _spaced_words().search(closed) else run


def _is_letter(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff"


@cache
def _spaced_words() -> re.Pattern[str]:
    return re.compile("|".join(load_furniture_data()["spaced"]["words"]))
