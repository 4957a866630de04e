# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # When the prose and the tables disagree
#
# A report states its numbers twice: in the statutory tables, and again in words
# ("共收到申请33件，予以公开12件"). The two ought to agree, and each ought to agree with itself. Here every
# contradiction of a small panel is shown with the sentence and the cell that it rests on, so that nobody
# has to take the program's word for it.

# %%
import html
from collections import Counter
from pathlib import Path
from statistics import NormalDist

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import HTML

from extract import parse_many
from extract.plots import chinese_font

plt.rcParams["font.family"] = chinese_font()
SAMPLES = Path("../samples") if Path("../samples").exists() else Path("samples")
paths = sorted(path for path in (SAMPLES / "panel").glob("*/*") if path.is_file())
reports = [one for one in parse_many(paths) if not isinstance(one, Exception)]
len(reports)

# %% [markdown]
# ## What there is to compare
#
# Not every figure can be checked: 主动公开信息 412 条 has no cell. Those that have one are the figures
# about requests, reviews, decisions and documents.

# %%
CHECKED = {
    "requests_received": "收到申请",
    "requests_answered": "办理申请",
    "requests_carried_over": "结转",
    "reconsiderations": "行政复议",
    "litigations": "行政诉讼",
}
counted = Counter((one.year, figure.metric) for one in reports for figure in one.figures)
said = pd.DataFrame(
    [(year, CHECKED[metric], n) for (year, metric), n in counted.items() if metric in CHECKED],
    columns=["year", "what", "figures"],
).pivot_table(index="what", columns="year", values="figures", fill_value=0, aggfunc="sum")
axes = said.plot.barh(figsize=(8, 3.2), cmap="viridis_r")
axes.set(xlabel="figures in the prose that a cell could contradict", ylabel="")
axes.legend(frameon=False, title="")
plt.tight_layout()

# %% [markdown]
# ## Errors by rule
#
# `narrative_mismatch`: prose against a cell. `narrative_conflict`: prose against prose. `breakdown_sum`:
# 其中… does not add up. The others are the tables' own arithmetic. Only findings of origin `report` count;
# a doubt of our reading accuses nobody.

# %%
CONTRADICTIONS = {
    "narrative_mismatch": "正文与表格不符",
    "narrative_conflict": "正文前后不符",
    "breakdown_sum": "“其中”之和不符",
    "balance": "收办结转不平",
    "column_sum": "列合计不符",
    "row_sum": "行合计不符",
    "review_sum": "复议诉讼合计不符",
}
found = pd.DataFrame(
    [
        (one, one.agency, one.year, finding)
        for one in reports
        for finding in one.findings
        if finding.rule in CONTRADICTIONS and finding.origin == "report"
    ],
    columns=["report", "agency", "year", "finding"],
)
found["rule"] = [finding.rule for finding in found["finding"]]
by_rule = found.groupby(["rule", "year"]).size().unstack(fill_value=0).rename(index=CONTRADICTIONS)
shades = plt.get_cmap("Oranges")(
    [0.25 + 0.7 * place / len(by_rule.columns) for place in range(len(by_rule.columns))]
)
axes = by_rule.plot.barh(stacked=True, figsize=(8, 3.2), color=shades)
axes.set(xlabel="findings", ylabel="")
axes.legend(frameon=False, title="")
plt.tight_layout()

# %% [markdown]
# ## Each with its source
#
# The quoted sentence is cut from `report.text` at the finding's span; the cells are those that it names,
# with their value as printed.

# %%
AROUND = 28  # characters of context on either side


def quote(report, span):
    """The text at `start:end` with some context, the span itself marked."""
    start, end = map(int, span.split(":"))
    before, after = report.text[max(0, start - AROUND) : start], report.text[end : end + AROUND]
    shown = html.escape(before), html.escape(report.text[start:end]), html.escape(after)
    return "…{}<mark>{}</mark>{}…".format(*shown).replace("\n", " ↵ ").replace("\t", " | ")


def tell(report, finding):
    """A finding as a row: what it says, its quotes, its cells."""
    printed = {cell.id: cell.raw for cell in report.cells}
    spans = [one for one in finding.where if one[0].isdigit()]
    cells = [f"{one} = {printed.get(one)}" for one in finding.where if not one[0].isdigit()]
    return "<br>".join(quote(report, one) for one in spans), "<br>".join(map(html.escape, cells))


rows = [
    (
        one.agency,
        one.year,
        CONTRADICTIONS[one.rule],
        html.escape(one.finding.message),
        *tell(one.report, one.finding),
    )
    for one in found.itertuples()
]
table = pd.DataFrame(rows, columns=["agency", "year", "rule", "message", "in the text", "cells"])
HTML(table.to_html(escape=False, index=False))

# %% [markdown]
# ## Does it get better?
#
# The share of reports without any contradiction, year by year. With a dozen agencies this is an
# illustration, not a result: the interval (Wilson, 95 %) says how little it tells.

# %%
faulty = found.assign(report=[one.id for one in found["report"]]).groupby("year")["report"].nunique()
total = pd.Series([one.year for one in reports]).value_counts().sort_index()
clean = total - faulty.reindex(total.index, fill_value=0)
z = NormalDist().inv_cdf(0.975)
share = clean / total
centre = (share + z**2 / (2 * total)) / (1 + z**2 / total)
half = z / (1 + z**2 / total) * ((share * (1 - share) / total + z**2 / (4 * total**2)) ** 0.5)
figure, axes = plt.subplots(figsize=(7, 3.2))
axes.vlines(total.index, centre - half, centre + half, color="0.6")
axes.plot(share.index, share, "o", color="C0")
axes.set(ylim=(0, 1.02), xticks=list(total.index), ylabel="无矛盾报告的比例")
plt.tight_layout()

# %% [markdown]
# ## From finding to dataset
#
# The same for a national panel is a query; `where` holds the cells and spans:
#
# ```sh
# gongkai parse reports/ -o panel
# gongkai query panel "select rule, year, count(distinct report_key) from findings
#                      where origin = 'report' group by all order by all"
# ```
