"""Whether a figure is one of the agency's own totals for the year, which alone the tables can contradict."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from extract.check.evidence import Evidence
from extract.check.knowledge import compiled, load_knowledge
from extract.check.mentions import Mention, fold_years
from extract.patterns import find_from, late

# of whom a figure is told: the agency, others (or a wider area), or a part of what the tables count
Whom = Literal["self", "others", "part"]
# the last that is said of the time before a figure decides; `own` is the reporting year as a whole
_TIME = late(
    r"""(?P<own>1月1日[^，。；]{0,8}?12月31日|(?<!\d)1月?份?[至到—~－-]{1,2}12月(?:份|底|末)?|(?:截至|截止|至)[^，。；]{0,8}?(?:12月31日|12月底|年底|年末)
        |本年(?!初)|今年(?!初)|全年|年内|年初以来|本年以来|今年以来)   # 全年共收到, 2023年1月1日至12月31日
      |(?P<other>(?:20\d\d|[上下去往前]一?)年度?(?:\d{1,2}月)?(?:\d{1,2}日?)?(?:起?[至到—~－-])[^，。；]{0,6}?\d{1,2}月(?:\d{1,2}日)?
        |上半年|下半年|前三季度|第?[一二三四1-4]季度|(?<!\d)\d{1,2}月份?(?!\d)|[一二三四五六七八九十]月份
        |(?<!结转)(?<!结转自)(?:上|去|往|前)一?年(?:度|同期)?(?![^，。；]{0,8}(?:结转|转结|遗留|转入|未办结|顺延))
        |下一?年度?(?=[^，。；]{0,6}(?:收|受理|公开|发布))
        |(?<!\d)\d{1,2}月\d{1,2}日?(?:至|到|—|-|~)\d{1,2}月
        |(?:20\d\d|[上本])年(?:至|到|—|-|~)(?:20\d\d|[上本])年(?!1?\d月)
        |20\d\d年|历年|(?<![本今一]年)(?<!年[初度])以来|近[两二三四五六七八九十\d]+年|[两二三四五\d]年(?:来|间)|20\d\d年(?:至今|起|以来)|累计自
        |(?<![上下本年])(?:当月|当日|当天))                              # 上半年收到5件；2018年以来
    """,
    re.VERBOSE,
)
_TIME_FIRST = late(r"[\d截至本今全年上下前第一二三四五六七八九十去往历近两累当以]")
_CHANNEL = late(
    r"当面|现场|窗口|信函|邮寄|邮政|邮件|邮箱|网络|网上|在线|线上|线下|传真|电话|网站|平台|来信|信件|系统|快递|柜台"
)
_ONLINE = late(r"网络|网上|在线|线上|网站|平台|系统")
_SEVERAL = late(
    r"等(?:多种|各种|各类)?(?:渠道|方式|途径|形式|平台|载体)|各(?:种|类)?(?:渠道|方式|途径)|、|和|与|及"
)
# who is said to have received, answered or issued: 县教育局收到, 各乡镇办理
_ACTS = (
    r"(?:本级|机关|共|累计|全年|年内|本年度?|均|已|新|依法|直接|实际|牵头|具体|自行|独立|另|分别)*"
    r"(?=收|受理|接|办理|答复|办结|登记|制发|制定|印发|出台|作出|做出|主动公开|公开|发布|不予|予以|部分公开|无法提供)"
)
_BODY = late(
    r"([\u4e00-\u9fff]{0,16}?(?:办公室|办公厅|政府办|人民政府|政府|办事处|管委会|委员会|局|委|厅|镇|乡|街道|党政办|综合办|党办|中心|大队|中队|支队|部门|[科股处]室|单位|(?<!网)站|所|公安机关|高校|院校|学校|中小学|大学|学院|医院|公司|集团))"
    + _ACTS
)
_BODY_END = late(
    r"[室厅办府处会局委镇乡道心队门位站所村区居校学院司团关]" + _ACTS
)  # what any of these bodies ends in
_OWN = late(
    r"^(?:本年度?|今年|全年度?|年内|其中|截至|至)*(?:我|本|全|各级|各单位|各部门各)|(?:全[市县区省镇乡系]|各级)"
)
_LEADING = late(r"^(?:其中|本年度?|今年|全年度?|年内|截至|由|经)+")
_OFFICE = late(r"(?:办公室|办公厅|政府办)$")
_OF_AN_AREA = late(r"[县市区省州盟旗]人民政府")
_GENERAL = late(r"(?:人民政府|政府|办事处)?(?:办公室|办公厅|办)?$")
_PART_OF = late(r"(?:各|其他|部分|下属|所属|直属|基层|本级|区直|县直|市直|省直|镇街|乡镇)")
_BELOW = late(r"(?:各村|社区|村居|[村居]委会)" + _ACTS)  # 社区受理3件
# 各村未收到: a denial that speaks of the units below alone
_PART_DENIES = late(
    r"(?:社区|(?:^|各|行政)村|村居|村级|村委会|事业单位|二级单位|(?:下属|直属|所属|隶属|其他|其余)(?:各)?(?:单位|部门|[\u4e00-\u9fff]{2,4})|[科股处]室|站所|分局|学校|医院)"
    r"(?:均|都|也|全年|本年)*$"
)
# 因答复不规范引发的复议: those of one cause, not all that there were
_CAUSE = late(
    r"(?:因|由于)(?![^，。；]{0,10}(?:信息公开|政务公开|公开信息|公开工作|依申请|申请公开))[^，。；]{2,20}"
    r"(?:引发|引起|导致|产生|造成|被|而)"
)
_REVIEWER = late(r"(?:作为|系|为)[^，。；]{0,12}复议(?:机关|机构)")
_DISCLOSURE_AMONG = late(
    r"[件起宗例]?[（(，,]?(?:其中|含|包括)?[^，,。；;、（()）\d]{0,8}(?:信息|政务)公开(?:类|方面)?(?:的)?"
    r"(?:案件|申请|行政复议|行政诉讼)?(?:有|为|共|占)?\d"
)
_AREA = late(r"(?P<sign>[省市县区州盟旗])(?:人民政府)?$|(?:管委会|管理委员会)$")
_WIDER = late(r"全(?P<sign>[省市县区州盟旗])(?!局|委|厅)|全系统")
_SELF = late(
    r"我[局镇乡县区市省州委办厅院处中站所单们]|本[局镇乡委办厅院处中站所机单街]|街道(?:共|全年|收|未|办)"
)
_GOVERNMENT = late(
    r"^(?:其中|本年度?|今年|全年|年内|以)*[\u4e00-\u9fff]{0,8}?[省市县区州盟旗](?:人民)?政府(?:本级|机关)?"
    r"(?!信息|网|门户|公报|采购|[办规令文部]|工作|常务|投资|购买|公开)"
)
_SUPERVISED = late(r"指导|协助|配合|抽查|复核|督促|督导|评查|代拟|代为|会审|审核|本级")
# reviews and suits about other matters: 因不服举报答复提起复议302件、诉讼51件
_OTHER_MATTER = late(
    r"(?:因|由于|不服|对)[^，。；]{0,12}(?:举报|处罚|征收|征地|拆迁|补偿|工伤|治安|许可|强制|信访|投诉|执法|登记|认定|裁决)"
    r"[^，。；]{0,10}(?:复议|诉讼|应诉)"
)
# what became of some alone: 上年结转的3件申请中，予以公开2件; 企业申请6件，其中予以公开3件
_OF_SOME = late(
    r"(?:结转|转结|遗留)[^，。；;]{0,8}\d[件份宗][^，。；;\d]{0,10}(?:中|里)[，,：:][^；;]*$"
    r"|(?:自然人|企业|公司|法人|组织|机构|事务所|个人|公民|网络|网上|信函|邮寄|当面|涉及|关于)[^，。；;\d]{0,10}"
    r"\d[件份宗][^。；;\d]{0,20}[，,：:（(]其中[^；;]*$"
)
_ON_DISCLOSURE_AGAIN = late(r"因[^，。；]{0,8}信息公开|信息公开(?:类|方面|工作|行政|复议|诉讼|案件)")
_OF_A_BODY = late(
    r"(?P<body>[\u4e00-\u9fff、]{0,30}?(?:局|委|厅|镇|乡|街道|中心|单位|部门|科室|站|所|队|室))(?:等)?(?:\d+[家个])?(?:均|都|也|全年|本年度?|目前|尚|共)*$"
)
_OTHER_TIMES = late(r"累计|历年|总计|共有")
_THIS_YEAR_APART = late(
    r"[件起宗次个项部份条]?[，,；;（(、](?:其中|含|包括)?[，,：:]?(?:本年度?|今年|当年)(?!结转|上|底|末|办|已|均|全|共完)[^，。；]{0,4}?"
    r"(?:新|收|发|受|为|有|无|未|零|没|\d|制|出|办结\d)"
)
# a request that comes so is one about disclosure or none: a platform also takes other business
_SINGLE_CHANNEL = late(r"当面|信函|邮寄|邮政|邮件|邮箱|传真|来信")
_ALL_OF = late(r"全[市县区省镇乡街系州盟旗]|各级|我[市县区省州]|本[市县区省州]|合计|总计")


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
    bodies = [_LEADING.sub("", found.group(1)) for found in _BODY.finditer(clause)]
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
        body = _LEADING.sub("", found.group(1))
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
