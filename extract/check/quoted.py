"""Outcomes of requests, each in quotes and in a paragraph of its own, that are more than were answered.

So reports before 2019 list them: 在已答复的9件申请中，“同意公开”的7件. Below it “信息不存在”的1件 and so on.
Some outcomes may go without quotes, so that only too many contradict the whole.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from extract.check.evidence import Evidence, find, show_number
from extract.check.mentions import Mention, by_paragraph
from extract.patterns import late
from extract.report import Finding

_ITEM = late(r"\s*“[\u4e00-\u9fff《》、]{3,24}”(?:答复)?(?:的)?(?:申请)?(?:有|为|共)?")
_LEADS = late(r"(?:(?:公开)?申请|答复)?[^。“，,：:\d]{0,6}[，,：:]\s*(?:其中)?[，,：:]?\s*")
_ASKED = late(r"申请|答复|办结")
_FIRST = "同意公开”"
LEAST = 3  # outcomes that make a list


def find_excess(evidence: Evidence) -> Iterator[Finding]:
    """The wholes whose quoted outcomes are more."""
    if _FIRST not in evidence.report.text:
        return
    whole: Mention | None = None
    parts: list[Mention] = []
    for paragraph in by_paragraph(evidence.mentions):
        counts = [one for one in paragraph if one.figure.unit != "%" and not one.figure.negated]
        if whole is not None and counts and _ITEM.fullmatch(counts[0].gap):
            parts.append(counts[0])
            continue
        if whole is not None:
            yield from _judge(whole, parts)
        whole, parts = _begin(evidence.report.text, counts)
    if whole is not None:
        yield from _judge(whole, parts)


def _begin(text: str, counts: Sequence[Mention]) -> tuple[Mention | None, list[Mention]]:
    """The whole that a paragraph ends with, and the first outcome where that stands in it too."""
    for whole, first in itertools.pairwise(counts):
        between = text[whole.figure.end : first.figure.start]
        lead = _LEADS.match(between) if _FIRST in between else None
        if lead and _ASKED.search(whole.before + lead.group()) and _ITEM.fullmatch(between, lead.end()):
            return whole, [first]
    last = counts[-1] if counts and _ASKED.search(counts[-1].before) else None
    stop = text.find("\n", last.figure.end) if last else -1
    return (last, []) if last and _LEADS.fullmatch(text, last.figure.end, max(stop, 0)) else (None, [])


def _judge(whole: Mention, parts: Sequence[Mention]) -> Iterator[Finding]:
    alike = [one for one in parts if one.figure.bound == "exact"]
    excess = sum(one.figure.value for one in alike) - whole.figure.value
    if len(alike) < LEAST or len(alike) < len(parts) or whole.figure.bound != "exact" or excess <= 0:
        return
    if any(one.figure.value == excess for one in alike):  # one of them is told again by its grounds
        return
    listed = " + ".join(one.figure.text for one in parts)
    total = show_number(excess + whole.figure.value)
    message = f"The parts {listed} add up to {total}, not to {whole.figure.text}."
    yield find("breakdown_sum", message, [whole.place, *(one.place for one in parts)])
