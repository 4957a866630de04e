"""Faults planted one at a time in clean reports, with what must be found: the proof of the findings."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from planting_drafts import PEOPLE, Draft, fill_cells, fits, make_draft, put, write_narrative
from planting_hands import LEADS, PERIODS, PROACTIVE, REQUESTS, REVIEWS


@dataclass
class Planted:
    """One fault in one report: what must be found, and what may be found beside it."""

    rule: str
    draft: Draft
    expected: list[tuple[str, str]]  # rule, and a cell id or surface in `where` ("" where there is none)
    allowed: frozenset[str] = frozenset()  # rules that may follow from the fault


Planter = Callable[[random.Random, Draft], Planted | None]


def bump(draft: Draft, id_: str, by: int) -> None:
    draft.cells[id_] = (draft.cells[id_] or 0) + by


def plant_balance(rng: random.Random, draft: Draft) -> Planted:
    """Carried forward off by some in one column and the total."""
    person, by = rng.choice(PEOPLE), rng.choice([1, 2, 10])
    bump(draft, f"requests.carried_forward.{person}", by)
    bump(draft, "requests.carried_forward.total", by)
    rewrite(draft, rng)
    expected = [("balance", f"requests.carried_forward.{one}") for one in (person, "total")]
    return Planted("balance", draft, expected)


def plant_column(rng: random.Random, draft: Draft) -> Planted:
    """One outcome off in one column and the total: the sums of the rows still hold."""
    person, row = (
        rng.choice(PEOPLE),
        rng.choice(["granted", "denied.internal_affairs", "unavailable.not_held"]),
    )
    by = rng.choice([1, 3, 10])
    bump(draft, f"requests.{row}.{person}", by)
    bump(draft, f"requests.{row}.total", by)
    rewrite(draft, rng)
    expected = [("column_sum", f"requests.{row}.{one}") for one in (person, "total")]
    return Planted("column_sum", draft, expected, frozenset(["breakdown_sum"]))


def plant_row(rng: random.Random, draft: Draft) -> Planted | None:
    """One moved from a row to another in one applicant's column: the columns still add up."""
    rows = ["granted", "granted_in_part", "denied.state_secret", "not_processed.petition"]
    source, target = rng.sample(rows, 2)
    bump(draft, f"requests.{target}.natural_person", 2)
    bump(draft, f"requests.{source}.natural_person", -2)
    if (draft.cells[f"requests.{source}.natural_person"] or 0) < 0:
        return None
    expected = [("row_sum", f"requests.{one}.total") for one in (source, target)]
    return Planted("row_sum", draft, expected)


def plant_typo(rng: random.Random, draft: Draft) -> Planted:
    """A single cell mistyped: its row and its column are both off."""
    row = rng.choice(["granted", "denied.deliberative_process", "unavailable.needs_creation"])
    person = rng.choice(PEOPLE)
    bump(draft, f"requests.{row}.{person}", rng.choice([1, 4, 20]))
    cell = f"requests.{row}.{person}"
    return Planted("column_sum", draft, [("column_sum", cell), ("row_sum", cell)])


def plant_review(rng: random.Random, draft: Draft) -> Planted:
    row = rng.choice(["reconsideration", "litigation_direct", "litigation_after_reconsideration"])
    bump(draft, f"review.{row}.total", rng.choice([1, 2, 5]))
    rewrite(draft, rng)
    return Planted("review_sum", draft, [("review_sum", f"review.{row}.total")], frozenset(["breakdown_sum"]))


def rewrite(draft: Draft, rng: random.Random) -> None:
    """Say the cells anew, after they were changed."""
    write_narrative(draft, rng)


def plant_mismatch(rng: random.Random, draft: Draft) -> Planted | None:
    """One figure that repeats a cell changed: none of the admissible values."""
    said = draft.extra["said"]
    hands = [
        one
        for one in (*REQUESTS, *REVIEWS, *PROACTIVE)
        if (fits(one, said) and "{R}" + "件" in one) or "⟦{R" in one
    ]
    hands = [one for one in hands if fits(one, said)]
    marks = ("R", "T", "CO", "CF", "G", "GP", "DN", "RC", "L", "NAT", "UN")
    hand = rng.choice(hands)
    names = [name for name in marks if f"⟦{{{name}}}" in hand]
    if not names:
        return None
    name = rng.choice(names)
    wrong = dict(said)
    wrong[name] = said["RS"] + said["T"] + rng.randint(7, 40)
    unit = re.search(rf"⟦\{{{name}\}}([^⟧]*)⟧", hand)
    assert unit
    target = f"⟦{{{name}}}{unit.group(1)}⟧"
    broken = hand.replace(target, f"⟦{wrong[name]}{unit.group(1)}⟧", 1)
    overview = draft.paragraphs["overview"]
    draft.paragraphs["overview"] = [one for one in overview if "申请" not in one] + [put(broken, said)]
    surface = f"{wrong[name]}{unit.group(1)}"
    return Planted(
        "narrative_mismatch", draft, [("narrative_mismatch", surface)], frozenset(["breakdown_sum"])
    )


def plant_denial(rng: random.Random, draft: Draft) -> Planted | None:
    """An absence told where the table counts some."""
    said = draft.extra["said"]
    choices = [
        ("R", "{Y}年，{S}⟦未收到|政府信息公开申请⟧政府信息公开申请。", "未收到"),
        ("R", "本年度{S}⟦没有接到|政府信息公开申请⟧公民、法人或其他组织提出的政府信息公开申请。", "没有接到"),
        ("RC", "{Y}年，{S}⟦未发生|行政复议⟧因政府信息公开引起的行政复议案件。", "未发生"),
        ("L", "全年⟦无|行政诉讼⟧因政府信息公开被提起的行政诉讼。", "无"),
    ]
    name, sentence, surface = rng.choice(choices)
    if not said[name]:
        return None
    section = "overview" if name == "R" else "review"
    draft.paragraphs["overview"] = [one for one in draft.paragraphs["overview"] if "申请" not in one]
    draft.paragraphs["review"] = []
    draft.paragraphs[section] = [*draft.paragraphs[section], put(sentence, said)]
    return Planted("narrative_mismatch", draft, [("narrative_mismatch", surface)])


def plant_conflict(rng: random.Random, draft: Draft) -> Planted:
    """The total disclosed told twice, differently; or one channel that gives more than all."""
    total = rng.randint(20, 400)
    other = total + rng.choice([-7, 5, 33, 90])
    pairs = [
        (
            f"{draft.year}年，{draft.me}主动公开政府信息⟦{total}条⟧。",
            f"全年共主动公开政府信息⟦{other}条⟧，内容覆盖民生各领域。",
        ),
        (
            f"全年累计主动公开各类政府信息⟦{total}条⟧，涉及财政、民政等事项。",
            f"本年度，{draft.me}公开政府信息⟦{other}条⟧。",
        ),
        (f"{draft.all_of}主动公开政府信息共⟦{total}条⟧。", f"主动公开政府信息数量为⟦{other}条⟧。"),
    ]
    first, second = rng.choice(pairs)
    draft.paragraphs["overview"] = [
        one for one in draft.paragraphs["overview"] if "公开" not in one or "申请" in one
    ]
    draft.paragraphs["overview"] += [first, second]
    return Planted("narrative_conflict", draft, [("narrative_conflict", f"{other}条")])


def plant_breakdown(rng: random.Random, draft: Draft) -> Planted:
    """A full list of parts whose sum is not the whole."""
    parts = [rng.randint(20, 90) for _ in range(4)]
    off = rng.choice([-9, -3, 1, 4, 10])
    whole = sum(parts) + off
    a, b, c, d = parts
    hands = [
        f"全年主动公开政府信息⟦{whole}条⟧，其中政策文件类⟦{a}条⟧、工作动态类⟦{b}条⟧、财政信息类⟦{c}条⟧、其他类⟦{d}条⟧。",
        f"本年度共发布信息⟦{whole}条⟧。其中，概况类⟦{a}条⟧，法规公文类⟦{b}条⟧，行政执法类⟦{c}条⟧，其他⟦{d}条⟧。",
        f"累计公开信息⟦{whole}条⟧（机构职能⟦{a}条⟧、规划计划⟦{b}条⟧、民生保障⟦{c}条⟧、应急管理⟦{d}条⟧）。",
        f"政务信息⟦{a}条⟧、党务信息⟦{b}条⟧、财务信息⟦{c}条⟧、村务信息⟦{d}条⟧，共⟦{whole}条⟧。",
        f"办理建议提案⟦{a + b + off}件⟧，其中人大代表建议⟦{a}件⟧、政协委员提案⟦{b}件⟧，答复全部公开。",
    ]
    pick = rng.randrange(len(hands))
    surface = f"{a + b + off}件" if pick == 4 else f"{whole}条"
    draft.paragraphs["overview"] = [
        one for one in draft.paragraphs["overview"] if "公开" not in one or "申请" in one
    ]
    draft.paragraphs["overview"].append(hands[pick])
    return Planted("breakdown_sum", draft, [("breakdown_sum", surface)])


def plant_missing_section(rng: random.Random, draft: Draft) -> Planted:
    id_ = rng.choice(draft.order)
    draft.order.remove(id_)
    if id_ == "overview" and draft.preamble == "":
        draft.preamble = put(PERIODS[0], draft.extra["said"])
    return Planted("missing_section", draft, [("missing_section", "")])


def plant_empty_section(rng: random.Random, draft: Draft) -> Planted:
    id_ = rng.choice(["problems", "other", "overview"])
    draft.paragraphs[id_] = []
    return Planted("empty_section", draft, [("empty_section", draft.headings[id_])])


def plant_missing_table(rng: random.Random, draft: Draft) -> Planted:
    id_ = rng.choice(["proactive", "requests", "review"])
    draft.lost_tables.add(id_)
    return Planted("missing_table", draft, [("missing_table", draft.headings[id_])])


def plant_missing_cell(rng: random.Random, draft: Draft) -> Planted:
    """Some cells of a table blank or struck out."""
    table = rng.choice(["proactive", "requests", "review"])
    ids = rng.sample([one for one in draft.cells if one.startswith(table + ".")], rng.choice([1, 2, 6]))
    for one in ids:
        draft.cells[one] = None
        draft.raw[one] = rng.choice(["", "/", "-", "—"])
    return Planted("missing_cell", draft, [("missing_cell", one) for one in ids[:1]])


def plant_label(rng: random.Random, draft: Draft) -> Planted:
    misprints = [
        (
            "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
            "（二）部分公开（区分处理的，只记这一情形，不计其他情形）",
        ),
        ("2.没有现成信息需要另行制作", "2.没有现成信息需要另外制作"),
        ("4.无正当理由大量反复申请", "4.无正当理由大量返复申请"),
    ]
    if draft.edition == "2021":
        misprints.append(("本年废止件数", "本年度止件数"))
    right, wrong = rng.choice(misprints)
    draft.labels[right] = wrong
    return Planted("misprinted_label", draft, [("misprinted_label", wrong)])


def plant_form(rng: random.Random, draft: Draft) -> Planted:
    """The tables of the other edition."""
    draft.edition = "2019" if draft.edition == "2021" else "2021"
    draft.cells = fill_cells(rng, draft.edition)
    rewrite(draft, rng)
    return Planted("form_mismatch", draft, [("form_mismatch", "")])


def plant_year(rng: random.Random, draft: Draft) -> Planted:
    """Last year's number left in the title, the period sentence or the lead."""
    old, now = str(draft.year - 1), str(draft.year)
    where = rng.choice(["title", "period", "lead"])
    draft.preamble = put(rng.choice(PERIODS), draft.extra["said"])
    if where == "title":
        draft.title = draft.title.replace(now, old)
    elif where == "period":
        draft.preamble = re.sub(rf"{now}(?=年1月1日|年 1 月 1 日)", old, draft.preamble)
    else:
        lead = rng.choice([one for one in LEADS if one.startswith("{Y}年") and "以来" not in one])
        draft.paragraphs["overview"][0] = put(
            lead, draft.extra["said"] | {"Y": draft.year - 1, "PY": draft.year - 2}
        )
    return Planted("stale_year", draft, [("stale_year", old)])


def plant_unit(rng: random.Random, draft: Draft) -> Planted | None:
    """An amount without a unit; only the form of 2019 has a header without one."""
    if draft.edition != "2019":
        return None
    cell = "proactive.procurement.amount"
    draft.cells[cell] = round(rng.uniform(2, 900), 2)
    draft.unitless.append(cell)
    del draft.labels["采购总金额"]
    return Planted("unit_unknown", draft, [("unit_unknown", cell)])


PLANTERS: dict[str, list[Planter]] = {
    "balance": [plant_balance],
    "column_sum": [plant_column, plant_typo],
    "row_sum": [plant_row],
    "review_sum": [plant_review],
    "narrative_mismatch": [plant_mismatch, plant_denial],
    "narrative_conflict": [plant_conflict],
    "breakdown_sum": [plant_breakdown],
    "missing_section": [plant_missing_section],
    "empty_section": [plant_empty_section],
    "missing_table": [plant_missing_table],
    "missing_cell": [plant_missing_cell],
    "misprinted_label": [plant_label],
    "form_mismatch": [plant_form],
    "stale_year": [plant_year],
    "unit_unknown": [plant_unit],
}


def plant(rule: str, seed: int) -> Planted | None:
    """A fault of one rule in the clean report of `seed`; None where that report cannot bear it."""
    rng = random.Random(f"{rule}{seed}")
    planter = PLANTERS[rule][seed % len(PLANTERS[rule])]
    return planter(rng, make_draft(seed))
