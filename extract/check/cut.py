"""Whether the text that was read is the whole report, or breaks off; what it lacks then is no fault of it.

Crawled pages are stored for their first thousands of characters, and files are truncated. What such a text
lacks at its end is a doubt of the reading.
"""

from __future__ import annotations

from extract.check.evidence import Evidence
from extract.patterns import late
from extract.report import Section

ORDER = ("overview", "proactive", "requests", "review", "problems", "other")
_LAST_TABLES = frozenset(["statistics"])  # an annex, behind which nothing need follow
_CLOSING = tuple("。．.！？!?；;：:…”’\"'）)】》〉%％")
_SHORTEST = 15  # characters of a unit that should end in a mark: 无, 暂无此项内容 need none
LEAST_LOST = 2  # announced parts that are missing, from which the text rather than the writer left them out
_OPENING = 3_000  # characters in which a report says of which parts it consists
_SENTENCE = late(r"[^。\n]+")
_PARTS = late("包括|包含|组成|分为|涵盖|内容有")
_NAMES = {
    "overview": late("总体|概述|概况|基本情况"),
    "proactive": late("主动公开"),
    "requests": late("公开申请|依申请|申请公开"),
    "review": late("复议|诉讼"),
    "problems": late("问题|不足"),
    "other": late("其[他它](?:需要|应当|有关)?(?:报告|说明)?的?(?:事项|情况)|需要(?:报告|说明)的"),
}


def breaks_off(evidence: Evidence) -> bool:
    """Whether the text ends in a table, under a bare heading, or amid a sentence."""
    end = len(evidence.report.text.rstrip())
    return bool(end) and (
        ends_in_table(evidence) is not None
        or bare_at_end(evidence) is not None
        or _amid_sentence(evidence, end)
    )


def ends_in_table(evidence: Evidence) -> str | None:
    """The table that the text ends in, None where words follow or it is an annex."""
    end = len(evidence.report.text.rstrip())
    if not any(start < end <= stop for start, stop in evidence.tables.spans[-1:]):
        return None
    placed = [cell for cell in evidence.cells if cell.start is not None]
    last = max(placed, key=lambda cell: cell.start or 0, default=None)
    return None if last is None or last.table in _LAST_TABLES else last.table


def lacks_last_rows(evidence: Evidence, table: str) -> bool:
    """Whether the text ends in a table, before the last of its rows, or in what stands above the first."""
    last = ends_in_table(evidence)
    cells = evidence.of_table(table)
    if last != table and (last is None or any(one.start is not None or one.label for one in cells)):
        return False
    return cells[-1].start is None and all(one.label is None for one in cells if one.row == cells[-1].row)


def bare_at_end(evidence: Evidence) -> Section | None:
    """The last section where the text ends with its heading, or a caption below it; 六 may be left so."""
    report = evidence.report
    last = report.sections[-1] if len(report.sections) > 1 else None
    if last is None or not last.heading or (last.id == "other" and _NAMES["other"].search(last.heading)):
        return None  # a heading that was cut itself (四、政府信息公) counts as other too
    captions = [one.end for one in report.omitted if one.reason == "caption" and one.start >= last.start]
    if captions and any(unit.start >= last.start for unit in report.units):
        return None
    rest = report.text[max((last.start, *captions)) : last.end].strip()
    return None if rest.removeprefix(last.heading).strip("。：: ") else last


def _amid_sentence(evidence: Evidence, end: int) -> bool:
    units = evidence.report.units
    last = units[-1] if units else None
    return (
        last is not None
        and last.end >= end
        and last.end - last.start >= _SHORTEST
        and not evidence.report.text[:end].endswith(_CLOSING)
    )


def find_lost(evidence: Evidence, missing: list[str]) -> frozenset[str]:
    """Those of the missing sections that may stand in what was not read.

    Behind the last part that there is, where the text breaks off or the report itself announces them.
    """
    bare = bare_at_end(evidence)
    found = [one.id for one in evidence.report.sections if one is not bare and one.id in ORDER]
    reached = ORDER.index(found[-1]) if found else -1
    behind = [one for one in missing if ORDER.index(one) > reached]
    if not behind or breaks_off(evidence):
        return frozenset(behind)
    if any(one.reason == "signature" for one in evidence.report.omitted[-1:]):
        return frozenset()  # who forgot 六 may have announced it; nothing stands behind a signature
    first = next((one.end for one in evidence.report.sections if one.id in ("preamble", "overview")), 0)
    opening = _SENTENCE.findall(evidence.report.text, 0, min(first, _OPENING))
    announced = " ".join([sentence for sentence in opening if _PARTS.search(sentence)])
    told = sum(_NAMES[one].search(announced) is not None for one in behind)
    return frozenset(behind if told >= LEAST_LOST else ())
