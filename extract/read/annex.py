"""A report and the annex with its tables, published as two files, as one document.

They are joined where one has the narrative and no tables, the other the reverse, they lie in one folder (of
an archive or of the disk) and their names agree but for the words that say which is which; or where they are
the only two of their folder and their names do not contradict one another.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from extract.patterns import late
from extract.read.evidence import load_page_words
from extract.report import Document, Grid, Paragraph

if TYPE_CHECKING:
    from extract.pipeline import Read
    from extract.read.member import Member
    from extract.report import Source

Half = tuple[Document, "Source"]
_NARRATIVE = 150  # characters of running text that make a narrative
_ROLE = late(
    r"附件|附表|附录|表格|统计表|情况统计|情况|报表|数据|三张表|表|正文|文字(?:部分|材料)?|报告|年报|工作|年度|政府信息|政务|公开|的|最终|定稿|^(?:index|default|content|main)$|[\d一二三四五六七八九十\s._—－（）()【】-]"
)
_ANNEX = late(r"附[件表录]|表|统计|attachment|annex|appendix|(?<![a-z])tables?(?![a-z])", re.IGNORECASE)
_SPREADSHEETS = (".csv", ".et", ".ods", ".xls", ".xlsm", ".xlsx")
_ARCHIVES = (".zip", ".tar", ".tgz", ".gz")
_YEAR = late(r"(?<!\d)20[0-4]\d(?!\d)")
_ORDINAL = late(r"^[（(]?\d{1,2}[）).、．_\s-]+(?=\D)|附[件表录]\s*[\d一二三四五六七八九十]{1,2}(?!\d)")
_PROBLEMS = late(r"\s*[五六][、.．]|.{0,8}存在.{0,6}(?:问题|不足)")
_CHINESE = late(r"[㐀-鿿]+")
_LONGEST_HEADING = 40
_FEW = 24  # files of a folder whose halves are held back until all are read


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
    left = [number for number in (*texts, *tables) if number not in joined and number not in gone]
    for text, annex in _find_pairs(members, left):
        joined[text] = _join(members[text], members[annex])
        gone.add(annex)
    return [joined.get(number, member) for number, member in enumerate(members) if number not in gone]


def _find_pairs(members: Sequence[Member], left: Iterable[int]) -> Iterator[tuple[int, int]]:
    """A report and an annex that are the only halves of their folder, unless their names contradict."""
    folders: dict[str, list[int]] = {}
    for number in left:
        folders.setdefault(_part_name(members[number])[0], []).append(number)
    for halves in folders.values():
        texts = [number for number in halves if _is(members[number], has_narrative_only)]
        if len(halves) == 2 and len(texts) == 1:
            annex = halves[1] if halves[0] == texts[0] else halves[0]
            if not contradict(members[texts[0]].name or "", members[annex].name or ""):
                yield texts[0], annex


def join_beside(read: Iterable[Read], paths: Iterable[str], *, whole: bool = False) -> Iterator[Read]:
    """Documents of files as they come, each annex put into the report that lies beside it in its folder.

    `paths` are all the files there will be, in their order; `whole` says that no folder has others. Only
    files that share a name with another but for the words that say which is which, and the halves of reports
    in `whole` folders of a few files, are held back until all of their folder are read; the rest goes through
    in its order.
    """
    listed = list(paths)
    if len(listed) == 1:
        yield from read
        return
    namesakes = _find_namesakes(listed)
    folders = Counter(map(os.path.dirname, listed)) if whole else Counter[str]()
    last = {os.path.dirname(path): number for number, path in enumerate(listed)}
    order = {path: number for number, path in enumerate(listed)}
    held: dict[str, list[Half]] = {}
    for one in read:
        path = one[1].path if isinstance(one, tuple) else one.path
        for folder in [folder for folder in held if last[folder] < order.get(path, -1)] if held else ():
            yield from _join_halves(held.pop(folder), alone=0 < folders[folder] <= _FEW)
        if isinstance(one, tuple) and one[1].member is None and path in order:
            folder = os.path.dirname(path)
            if (path in namesakes or 1 < folders[folder] <= _FEW) and _may_be_half(one[0]):
                held.setdefault(folder, []).append(one)
                continue
        yield one
    for folder, halves in held.items():
        yield from _join_halves(halves, alone=0 < folders[folder] <= _FEW)


def _find_namesakes(paths: Iterable[str]) -> set[str]:
    """The files that share a name with another but for the words that say which half of a report each is."""
    first: dict[tuple[str, str], str] = {}
    found: set[str] = set()
    for path in paths:
        place = name_place(path)
        if place in first:
            found.update((first[place], path))
        else:
            first[place] = path
    return found


def name_place(path: str) -> tuple[str, str]:
    """The folder of a file, and its name without the words that say which half of a report it is.

    The digits of years stay, so that no two years are joined.

    >>> name_place("a/index.html") == name_place("a/附件：统计表.docx")
    True
    >>> name_place("a/青石镇2023年年报（正文）.docx") == name_place("a/附件1：青石镇2023年年报附表.xlsx")
    True
    """
    folder, name = os.path.split(path)
    stem = _ORDINAL.sub("", os.path.splitext(name)[0])
    words = _ROLE.sub("", stem.replace("：", "").replace("年", ""))
    bare = "".join(re.findall(r"\d+", stem))
    return folder, f"{words}|{bare}"


def _may_be_half(document: Document) -> bool:
    return has_tables_only(document) or has_narrative_only(document)


def _join_halves(halves: Sequence[Half], *, alone: bool) -> Iterator[Read]:
    """The halves of a folder: those of one name as one report, then the two that are left of all.

    `alone` says that these are all the halves of their folder.
    """
    groups: dict[tuple[str, str], list[Half]] = {}
    for half in halves:
        groups.setdefault(name_place(half[1].path), []).append(half)
    left: list[Half] = []
    for group in groups.values():
        whole = _join_pair(group)
        if whole is None:
            left += group
        else:
            yield whole
    alone = alone and len(left) == 2 and not contradict(*(source.path for _, source in left))
    whole = _join_pair(left) if alone else None
    if whole is None:
        yield from left
    else:
        yield whole


def _join_pair(halves: Sequence[Half]) -> Half | None:
    """One report of a narrative and its tables; None where there are more, or two of either."""
    from extract.read.member import Member

    members = [Member(os.path.basename(source.path), source.sha256, document) for document, source in halves]
    texts = sum(_is(member, has_narrative_only) for member in members)
    if len(members) != 2 or texts != 1:
        return None
    first = 0 if _is(members[0], has_narrative_only) else 1
    joined = _join(members[first], members[1 - first])
    assert isinstance(joined.document, Document)
    return joined.document, replace(halves[first][1], sha256=joined.sha256)


def contradict(name: str, other: str) -> bool:
    """Whether the names of two files speak of different years or agencies, or only count them.

    >>> contradict("青石镇2023年年报.docx", "附件1.xlsx"), contradict("index.html", "P0202301.xlsx")
    (False, False)
    >>> contradict("青石镇.docx", "白塔镇附表.xlsx"), contradict("1.txt", "2.xlsx")
    (True, True)
    """
    stems = [os.path.splitext(os.path.basename(one))[0] for one in (name, other)]
    years = [set(_YEAR.findall(stem)) for stem in stems]
    if all(years) and years[0] != years[1]:
        return True
    if all(stem.strip().isdecimal() for stem in stems):
        return stems[0] != stems[1]
    first, second = ("".join(_CHINESE.findall(_ROLE.sub("", stem))) for stem in stems)
    return bool(first and second) and first not in second and second not in first


def may_be_pair(path: str, other: str) -> bool:
    """Whether of two files, the only ones of their folder, one may by its name be the annex of the other.

    One is called an annex or is a spreadsheet, the other is not so, and their names do not contradict.

    >>> may_be_pair("a/index.html", "a/P0202301.xlsx"), may_be_pair("a/青石镇年报.docx", "a/附件1.docx")
    (True, True)
    >>> may_be_pair("a/2022.docx", "a/2023.docx"), may_be_pair("a/青石镇.docx", "a/白塔镇附表.xlsx")
    (False, False)
    """
    return _signs_of_annex(path) != _signs_of_annex(other) and not contradict(path, other)


def _signs_of_annex(path: str) -> tuple[bool, bool]:
    stem, ending = os.path.splitext(os.path.basename(path))
    return _ANNEX.search(stem) is not None, ending.lower() in _SPREADSHEETS


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


def _part_name(member: Member) -> tuple[str, str]:
    """The folder of a member and its own name; an archive in the archive is no folder of its own."""
    folder, _, name = (member.name or "").rpartition("/")
    while folder.lower().endswith(_ARCHIVES):
        folder = folder.rpartition("/")[0]
    return folder, name


def _names_agree(text: Member, annex: Member) -> bool:
    (folder, name), (other_folder, other) = _part_name(text), _part_name(annex)
    years = [set(_YEAR.findall(one)) for one in (name, other)]
    if folder != other_folder or (all(years) and years[0] != years[1]):
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
