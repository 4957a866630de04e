"""Clean reports before they are written down: balanced cells, and sentences that agree with them."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any

from planting_hands import CLOSINGS, LEADS, NOISE, PERIODS, PROACTIVE, PROBLEMS, REQUESTS, REVIEWS, TITLES

from extract.forms import Form, form_of

PEOPLE = ("natural_person", "commercial", "research", "public_welfare", "legal_service", "other")
HEADINGS = {
    "overview": ("总体情况", "政府信息公开工作总体情况", "总体工作情况"),
    "proactive": ("主动公开政府信息情况", "主动公开政府信息的情况", "行政机关主动公开政府信息情况"),
    "requests": ("收到和处理政府信息公开申请情况", "行政机关收到和处理政府信息公开申请情况"),
    "review": ("政府信息公开行政复议、行政诉讼情况", "因政府信息公开工作被申请行政复议、提起行政诉讼情况"),
    "problems": (
        "存在的主要问题及改进情况",
        "存在的问题及改进措施",
        "政府信息公开工作存在的主要问题及改进情况",
    ),
    "other": ("其他需要报告的事项", "其他需要说明的事项", "其他需要报告的事项"),
}
AGENCIES = (
    ("临溪市青石镇人民政府", "我镇", "全镇"),
    ("云岭县教育和体育局", "我局", "全局"),
    ("南浦区人民政府", "我区", "全区"),
    ("白河市市场监督管理局", "我局", "全局"),
    ("东屏县人民政府", "我县", "全县"),
    ("柳湾街道办事处", "我街道", "全街道"),
    ("江陵市自然资源和规划局", "我局", "全局"),
    ("石门县水利局", "我局", "本局"),
    ("安平市人民政府办公室", "我办", "本机关"),
    ("北麓乡人民政府", "我乡", "全乡"),
)


@dataclass
class Draft:
    """A report before it is written down; the planters change it."""

    year: int
    edition: str
    agency: str
    me: str
    all_of: str
    cells: dict[str, float | None]
    title: str
    preamble: str
    paragraphs: dict[str, list[str]]
    headings: dict[str, str]
    order: list[str]
    layout: str = "tabs"
    labels: dict[str, str] = field(default_factory=dict)  # statutory → as printed
    raw: dict[str, str] = field(default_factory=dict)  # cells printed otherwise
    lost_tables: set[str] = field(default_factory=set)
    doubts: list[tuple[str, ...]] = field(default_factory=list)
    unitless: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        form = form_of(self.edition)
        assert form is not None
        return form


def make_draft(seed: int) -> Draft:
    """A clean report: balanced numbers, a narrative that agrees with them, both editions, several layouts."""
    rng = random.Random(seed)
    year = rng.choice([2019, 2020, 2021, 2022, 2023, 2024])
    edition = "2019" if year < 2021 else "2021"
    agency, me, all_of = AGENCIES[seed % len(AGENCIES)]
    cells = fill_cells(rng, edition)
    draft = Draft(year, edition, agency, me, all_of, cells, "", "", {}, {}, list(HEADINGS))
    draft.title = rng.choice(TITLES).format(A=agency, Y=year)
    draft.headings = {id_: rng.choice(names) for id_, names in HEADINGS.items()}
    draft.labels["采购总金额"] = rng.choice(
        ["采购总金额（单位：万元）", "采购总金额（单位：万元，保留4位小数）"]
    )
    draft.layout = rng.choice(["tabs", "pipes", "lines", "cells"])
    write_narrative(draft, rng)
    return draft


def fill_cells(rng: random.Random, edition: str) -> dict[str, float | None]:
    """Numbers for every cell of an edition that keep all its sums."""
    form = form_of(edition)
    assert form is not None
    cells: dict[str, float | None] = dict.fromkeys(form.cell_ids(), 0)
    for one in cells:
        if one.startswith("proactive."):
            cells[one] = rng.choice([0, 0, rng.randint(1, 60), rng.randint(60, 2000)])
    for one in ("proactive.fees.amount", "proactive.procurement.amount"):
        if one in cells:
            cells[one] = rng.choice([0, round(rng.uniform(1, 300), 2)])
    fill_requests(rng, cells)
    for row in ("reconsideration", "litigation_direct", "litigation_after_reconsideration"):
        parts = [rng.choice([0, 0, 1, 2, 3, 5]) for _ in range(4)]
        for column, value in zip(("upheld", "corrected", "other", "pending"), parts):
            cells[f"review.{row}.{column}"] = value
        cells[f"review.{row}.total"] = sum(parts)
    return cells


def fill_requests(rng: random.Random, cells: dict[str, float | None]) -> None:
    rows = list(dict.fromkeys(one.rpartition(".")[0] for one in cells if one.startswith("requests.")))
    names = [row.removeprefix("requests.") for row in rows]
    outcomes = [
        name for name in names if name not in ("received", "carried_over", "total", "carried_forward")
    ]
    grid = {name: dict.fromkeys(PEOPLE, 0) for name in names}
    for person in PEOPLE:
        often = {"natural_person": 1.0, "commercial": 0.8, "other": 0.3}.get(person, 0.25)
        if rng.random() < often:
            grid["received"][person] = rng.randint(3, 60) if person == "natural_person" else rng.randint(1, 9)
        grid["carried_over"][person] = rng.choice([0, 1, 2, 3]) if grid["received"][person] > 2 else 0
        left = grid["received"][person] + grid["carried_over"][person]
        grid["carried_forward"][person] = min(left, rng.choice([0, 1, 2])) if left > 3 else 0
        grid["total"][person] = left - grid["carried_forward"][person]
        for _ in range(grid["total"][person]):
            pick = min(int(rng.expovariate(0.25)), len(outcomes) - 1)
            grid[outcomes[pick]][person] += 1
    for name in names:
        for person in PEOPLE:
            cells[f"requests.{name}.{person}"] = grid[name][person]
        cells[f"requests.{name}.total"] = sum(grid[name].values())


def numbers(draft: Draft) -> dict[str, Any]:
    """What the sentences may say: counts of the cells by short names, years, names."""
    said: dict[str, Any] = {"Y": draft.year, "PY": draft.year - 1, "NY": draft.year + 1}
    said |= {"A": draft.agency, "S": draft.me, "ALL": draft.all_of}
    said |= count_cells(draft.cells)
    issued = "created" if draft.edition == "2019" else "issued"
    said["NI"] = int(draft.cells[f"proactive.normative_documents.{issued}"] or 0)
    said["NF"] = int(draft.cells.get("proactive.normative_documents.in_force") or 0)
    said.update(RS=said["R"] + said["CO"], ORG=said["R"] - said["NAT"], GG=said["G"] + said["GP"])
    for name in ("G", "GP", "DN", "GG"):
        said[f"{name}p"] = f"{100 * said[name] / said['T']:.2f}".rstrip("0").rstrip(".") if said["T"] else "0"
    return said


def count_cells(cells: dict[str, float | None]) -> dict[str, int]:
    """Sums of cells by the short names that the sentences use."""

    def add(*prefixes: str, column: str = "total") -> int:
        return int(
            sum(cells[one] or 0 for one in cells if one.endswith(f".{column}") and one.startswith(prefixes))
        )

    return {
        "R": add("requests.received"),
        "CO": add("requests.carried_over"),
        "CF": add("requests.carried_forward"),
        "T": add("requests.total"),
        "G": add("requests.granted.total"),
        "GP": add("requests.granted_in_part"),
        "DN": add("requests.denied"),
        "UN": add("requests.unavailable"),
        "NP": add("requests.not_processed"),
        "OT": add("requests.other"),
        "NAT": add("requests.received", column="natural_person"),
        "COM": add("requests.received", column="commercial"),
        "RC": add("review.reconsideration"),
        "RU": add("review.reconsideration", column="upheld"),
        "RK": add("review.reconsideration", column="corrected"),
        "RO": add("review.reconsideration", column="other"),
        "RP": add("review.reconsideration", column="pending"),
        "L": add("review.litigation"),
        "LU": add("review.litigation", column="upheld"),
        "LK": add("review.litigation", column="corrected"),
        "LD": add("review.litigation_direct"),
        "LA": add("review.litigation_after"),
        "LI": int(cells["proactive.licences.decisions"] or 0),
        "PE": int(cells["proactive.penalties.decisions"] or 0),
        "CM": int(cells["proactive.coercive_measures.decisions"] or 0),
    }


def free_numbers(rng: random.Random) -> dict[str, int]:
    """Counts that no cell repeats: D = D1 + … + D4, D1 = E1 + E2 + E3, and odd ones."""
    parts = [rng.randint(20, 400) for _ in range(4)]
    inner = [rng.randint(3, 90) for _ in range(3)]
    parts[0] = sum(inner)
    said = {f"D{place}": value for place, value in enumerate(parts, 1)} | {"D": sum(parts)}
    said |= {f"E{place}": value for place, value in enumerate(inner, 1)}
    said |= {name: rng.randint(2, 60) for name in ("X", "Z", "W", "V", "U")}
    return said


def write_narrative(draft: Draft, rng: random.Random) -> None:
    """Choose the sentences of the report and put the numbers in."""
    said = numbers(draft) | free_numbers(rng)

    def choose(hands: tuple[str, ...], count: int) -> list[str]:
        fitting = [one for one in hands if fits(one, said)]
        return [put(one, said) for one in rng.sample(fitting, min(count, len(fitting)))]

    draft.preamble = "".join(choose(PERIODS, 1)) if rng.random() < 0.8 else ""
    marks = rng.choice([("（一）{}", "（二）{}", "（三）{}"), ("1.{}", "2.{}", "3.{}"), ("", "", "")])
    heads = [
        mark.format(name) for mark, name in zip(marks, ("主动公开情况", "依申请公开情况", "监督保障情况"))
    ]
    bodies = ["".join(choose(PROACTIVE, 2)), "".join(choose(REQUESTS, 1)), "".join(choose(NOISE, 2))]
    overview = choose(LEADS, 1)
    for head, body in zip(heads, bodies):
        overview += [head, body] if head and rng.random() < 0.7 else [f"{head}。{body}" if head else body]
    draft.paragraphs = {
        "overview": overview,
        "proactive": [],
        "requests": [],
        "review": choose(REVIEWS, 1) if rng.random() < 0.6 else [],
        "problems": choose(PROBLEMS, 1),
        "other": choose(CLOSINGS, 1),
    }
    draft.extra["said"] = said


def fits(sentence: str, said: dict[str, Any]) -> bool:
    """Whether a sentence may be said: `[COND]` in front names a condition on the numbers."""
    found = re.match(r"\[([^\]]*)\]", sentence)
    return found is None or bool(eval(found.group(1), {}, dict(said)))  # conditions of our own


def put(sentence: str, said: dict[str, Any]) -> str:
    return re.sub(r"^\[[^\]]*\]", "", sentence).format(**said)
