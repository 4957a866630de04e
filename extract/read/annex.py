"""A report and the annex with its tables, published as two files, as one document.

They are joined where one has the narrative and no tables, the other the reverse, they lie in one folder and
their names agree but for the words that say which is which.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from extract.read.evidence import load_page_words
from extract.report import Document, Grid, Paragraph

if TYPE_CHECKING:
    from extract.read.archive import Member

_NARRATIVE = 150  # characters of running text that make a narrative
_ROLE = re.compile(
    r"附件|附表|附录|表格|统计表|情况表|报表|数据|三张表|表|正文|文字(?:部分|材料)?|报告|年报|工作|年度|政府信息|政务|公开|的|最终|定稿|[\d一二三四五六七八九十\s._—－（）()【】-]"
)
_PROBLEMS = re.compile(r"\s*[五六][、.．]|.{0,8}存在.{0,6}(?:问题|不足)")
_LONGEST_HEADING = 40


def join_annexes(members: Sequence[Member]) -> list[Member]:
    """The members, each annex put into the report it belongs to and left out itself."""
    tables = [number for number, member in enumerate(members) if _is(member, has_tables_only)]
    texts = [number for number, member in enumerate(members) if _is(member, has_narrative_only)]
    joined: dict[int, Member] = {}
    gone: set[int] = set()
    for annex in tables:
        fitting = [
            text for text in texts if text not in joined and _names_agree(members[text], members[annex])
        ]
        if len(fitting) == 1:
            joined[fitting[0]] = _join(members[fitting[0]], members[annex])
            gone.add(annex)
    return [joined.get(number, member) for number, member in enumerate(members) if number not in gone]


def _is(member: Member, test: Callable[[Document], bool]) -> bool:
    return isinstance(member.document, Document) and test(member.document)


def has_tables_only(document: Document) -> bool:
    """Whether a document holds tables of the form and no narrative."""
    return _has_tables(document) and _count_prose(document) < _NARRATIVE


def has_narrative_only(document: Document) -> bool:
    """Whether a document holds a narrative and no tables of the form."""
    return not _has_tables(document) and _count_prose(document) >= _NARRATIVE


def _has_tables(document: Document) -> bool:
    form = load_page_words().form
    return any(
        isinstance(block, Grid) and form.search("\n".join(cell.text for cell in block.cells))
        for block in document.blocks
    )


def _count_prose(document: Document) -> int:
    """The characters of lines with a full stop in them."""
    lines = (block.text for block in document.blocks if isinstance(block, Paragraph))
    return sum(len(line) for line in lines if "。" in line)


def _names_agree(text: Member, annex: Member) -> bool:
    folder, _, name = (text.name or "").rpartition("/")
    other_folder, _, other = (annex.name or "").rpartition("/")
    if folder != other_folder:
        return False
    first, second = (_ROLE.sub("", one.rpartition(".")[0] or one) for one in (name, other))
    return not first or not second or first in second or second in first


def _join(text: Member, annex: Member) -> Member:
    """The tables before the part on problems, or at the end where there is none."""
    assert isinstance(text.document, Document)
    assert isinstance(annex.document, Document)
    blocks = text.document.blocks
    at = next((number for number, block in enumerate(blocks) if _begins_problems(block)), len(blocks))
    tables = tuple(block for block in annex.document.blocks if isinstance(block, Grid))
    document = replace(text.document, blocks=blocks[:at] + tables + blocks[at:])
    digest = hashlib.sha256((text.sha256 + annex.sha256).encode()).hexdigest()
    return text._replace(sha256=digest, document=document)


def _begins_problems(block: Paragraph | Grid) -> bool:
    return (
        isinstance(block, Paragraph)
        and len(block.text) <= _LONGEST_HEADING
        and "。" not in block.text
        and _PROBLEMS.match(block.text) is not None
    )
