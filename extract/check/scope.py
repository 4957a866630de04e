"""Whether a figure is one of the agency's own totals for the year, which alone the tables can contradict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from extract.check.evidence import Evidence
from extract.check.knowledge import compiled, load_knowledge
from extract.check.mentions import Mention, fold_years
from extract.check.wording import first_of, wording
from extract.patterns import find_from

# of whom a figure is told: the agency, others (or a wider area), or a part of what the tables count
Whom = Literal["self", "others", "part"]
_TIME = wording("time")
_TIME_FIRST = first_of("time")
_CHANNEL = wording("channel")
_ONLINE = wording("online")
_SEVERAL = wording("several_channels")
_BODY = wording("body")
_BODY_END = wording("body_end")
_OWN = wording("own_body")
_LEADING = wording("before_body")
_OFFICE = wording("office")
_OF_AN_AREA = wording("government_of_area")
_GENERAL = wording("general_end")
_PART_OF = wording("part_of")
_BELOW = wording("below")
_PART_DENIES = wording("part_denies")
_CAUSE = wording("cause")
_REVIEWER = wording("reviewer")
_DISCLOSURE_AMONG = wording("disclosure_among")
_AREA = wording("area")
_WIDER = wording("wider")
_SELF = wording("itself")
_GOVERNMENT = wording("government")
_SUPERVISED = wording("supervised")
_OTHER_MATTER = wording("other_matter")
_OF_SOME = wording("of_some")
_ON_DISCLOSURE_AGAIN = wording("on_disclosure_again")
_OF_A_BODY = wording("body_denies")
_OTHER_TIMES = wording("many_years")
_THIS_YEAR_APART = wording("this_year_apart")
_SINGLE_CHANNEL = wording("single_channel")
_ALL_OF = wording("all_of")


def is_annual(mention: Mention) -> bool:
    """Whether the time that a figure speaks of is the reporting year as a whole, as far as it is said."""
    last = None
    for found in find_from(_TIME_FIRST, _TIME, mention.lead):
        last = found.lastgroup
    return last != "other"


def is_own_total(evidence: Evidence, mention: Mention) -> bool:
    """Whether a figure speaks of the agency itself and the whole year, and compares with nothing."""
    if not is_annual(mention) or mention.after.startswith("相比") or of_many_years(evidence, mention):
        return False
    clause = mention.before
    if any(compiled(scope.pattern).search(clause) for scope in load_knowledge().scopes):
        return False
    return not is_foreign(evidence, mention)


def is_area(evidence: Evidence) -> bool:
    """Whether the report is that of a government above the townships, which may take in its whole area."""
    return bool(_AREA.search(evidence.report.agency or ""))


def is_wider(evidence: Evidence, mention: Mention) -> bool:
    """Whether a department or a township tells of the whole area that it lies in: 全市共收到申请1312件."""
    if "全" not in mention.before or not evidence.report.agency:
        return False
    found = _WIDER.search(mention.before)
    if found is None:
        return False
    area = _AREA.search(evidence.report.agency)
    return area is None or (found["sign"] != area["sign"] and area["sign"] is not None)


def told_of(evidence: Evidence, mention: Mention, before: Whom) -> Whom:
    """Of whom a figure is told, where the figure before it was told of `before`.

    Who acts is named once and meant till another is named: 全市共收到1312件，答复1290件；我局收到19件.
    """
    if is_wider(evidence, mention) or is_foreign(evidence, mention) or _SUPERVISED.search(mention.before):
        return "others"
    if _OF_SOME.search(mention.lead):
        return "others"
    if "公开" not in mention.before and _OTHER_MATTER.search(mention.before):
        return "others"
    said = mention.before + mention.figure.text if mention.figure.negated else mention.before
    if "政府" in said and _GOVERNMENT.search(said):
        if is_area(evidence):
            return "part"
        if _OFFICE.search(evidence.report.agency or ""):
            return "others"  # the government whose office reports
    if before == "self" or mention.opens or _begins_anew(mention.gap):
        return "self"
    return "self" if _names_itself(evidence, said) else before


def told_at_last(evidence: Evidence, mentions: Sequence[Mention], before: Whom) -> Whom:
    """Of whom the last of figures in a row is told; only their last sentence has a say."""
    first = max([place for place, one in enumerate(mentions) if one.opens], default=0)
    for mention in mentions[first:]:
        before = told_of(evidence, mention, before)
    return before


def _begins_anew(gap: str) -> bool:
    """Whether what stands between two figures begins a new account, of the agency itself."""
    return "；" in gap or ";" in gap or bool(_SELF.search(gap) or _ON_DISCLOSURE_AGAIN.search(gap))


def _names_itself(evidence: Evidence, clause: str) -> bool:
    agency = f"{evidence.report.agency or ''} {evidence.report.title or ''}"
    bodies = [_LEADING.sub("", found["body"]) for found in _BODY.finditer(clause)]
    return any(_same_body(body, agency) for body in bodies)


def is_foreign(evidence: Evidence, mention: Mention) -> bool:
    """Whether the clause names another body than the agency, or a part of it, as the one that acts."""
    clause = mention.before
    if mention.figure.negated and (_PART_DENIES.search(clause) or _others_deny(evidence, clause)):
        return True
    if not _BODY_END.search(clause) or _ALL_OF.search(mention.gap):
        return False
    if _BELOW.search(clause):
        return True
    agency = f"{evidence.report.agency or ''} {evidence.report.title or ''}"
    for found in _BODY.finditer(clause):
        body = _LEADING.sub("", found["body"])
        if _OWN.match(body) or (agency.strip() and _same_body(body, agency)):
            continue
        return bool(agency.strip()) or bool(_PART_OF.search(body))
    return False


def _others_deny(evidence: Evidence, clause: str) -> bool:
    """Whether bodies other than the agency are those that a denial is of: 水利局、农业局未收到."""
    found = _OF_A_BODY.search(clause) if evidence.report.agency else None
    if found is None or _ALL_OF.search(clause):
        return False
    body = _LEADING.sub("", found["body"])
    agency = f"{evidence.report.agency} {evidence.report.title or ''}"
    return not _OWN.match(body) and not _same_body(body, agency)


def _same_body(body: str, agency: str) -> bool:
    """Whether `body` may be a short or long name of the agency: 岳村镇, 镇政府, 王集乡人民政府办公室."""
    names = agency.split()
    office = _OFFICE.search(body)
    if office and _OF_AN_AREA.search(agency) and office.group() not in agency:
        return False  # the report of an area: its own office is a part of it
    if any(body in name or name in body for name in names):
        return True
    short = _GENERAL.sub("", body)
    return len(short) > 0 and any(short in name for name in names)


def tells_channel(mention: Mention) -> bool:
    """Whether a count of requests is of one channel alone: 网络申请6件, not 通过网络、信函等渠道共8件."""
    channels = _CHANNEL.findall(mention.before)
    if not channels:
        return bool(_CHANNEL.search(mention.after))
    online = all(_ONLINE.match(channel) for channel in channels)  # 网站依申请公开系统 is one channel
    return (len(set(channels)) == 1 or online) and not _SEVERAL.search(mention.before)


def of_one_channel(evidence: Evidence, mention: Mention) -> bool:
    """Whether a count of requests is of one channel, also where only the next count says so.

    书面申请1件、网络申请2件: on paper is a channel beside another, alone it is how requests are made.
    """
    if tells_channel(mention):
        return True
    end = mention.figure.end
    return "书面" in mention.before and bool(_CHANNEL.search(evidence.report.text, end, end + 8))


def of_many_years(evidence: Evidence, mention: Mention) -> bool:
    """Whether the year is counted apart right after a total of many: 累计被诉9件，其中2023年2件."""
    if not _OTHER_TIMES.search(mention.before):
        return False
    end = mention.figure.end
    return bool(_THIS_YEAR_APART.match(fold_years(evidence.report.text[end : end + 24], evidence.year)))


def is_single_channel(mention: Mention) -> bool:
    """Whether requests are counted that came by one way, in which other business is not done."""
    return bool(_SINGLE_CHANNEL.search(mention.before)) and tells_channel(mention)


def names_a_cause(clause: str) -> bool:
    """Whether a denial of reviews or suits is of those that came of one cause."""
    return bool(_CAUSE.search(clause))


def is_reviewer(mention: Mention) -> bool:
    """Whether the sentence tells of the reviews that the agency decides, not of those against it."""
    return bool(_REVIEWER.search(mention.lead))


def of_all_matters(evidence: Evidence, mention: Mention) -> bool:
    """Whether those about disclosure are counted apart right after: 行政复议42件（信息公开类9件）."""
    return bool(_DISCLOSURE_AMONG.match(evidence.report.text, mention.figure.end))
