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
# # A report becomes data
#
# Every Chinese public agency publishes a yearly report on its disclosure of information
# (政府信息公开工作年度报告). This notebook takes one such report apart: what it says, what it counted, where
# its tables and its prose disagree. Then it does the same for a folder of them.
#
# The reports in `samples/` were written for this project; their places do not exist.

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from extract import cells_frame, figures_frame, parse, parse_many, units_frame
from extract.agencies.identity import identify_agencies
from extract.plots import chinese_font

plt.rcParams["font.family"] = chinese_font()
SAMPLES = Path("../samples") if Path("../samples").exists() else Path("samples")

# %% [markdown]
# ## One report
#
# `parse` takes a path, the bytes of a file or the text itself. What comes back is a frozen value; every
# span in it (`start`, `end`) points into `report.text`.

# %%
report = parse(SAMPLES / "report.txt")
pd.Series(
    {
        "agency": report.agency,
        "year": report.year,
        "edition of the form": report.form,
        "units of narrative": len(report.units),
        "figures": len(report.figures),
        "cells read": sum(cell.value is not None for cell in report.cells),
        "findings": len(report.findings),
    },
    name=report.title,
).to_frame()

# %% [markdown]
# ### The narrative, unit by unit
#
# A unit is the smallest stretch that says one thing. Its `kind` says what it does (admit a problem, promise
# a measure, tell of a channel …), its `themes` what a problem or a measure is about, `score` how sure the
# model is.

# %%
units = units_frame(report)
units[["section", "kind", "score", "themes", "text"]].style.hide(axis="index").format({"score": "{:.2f}"})

# %% [markdown]
# Where in the report does it speak of what? Each bar is a unit, as wide as its text is long; grey lines are
# the beginnings of sections, and the empty stretch is the tables.

# %%
KINDS = [
    "overview",
    "proactive",
    "request",
    "management",
    "platform",
    "supervision",
    "problem",
    "measure",
    "other",
]
colours = dict(zip(KINDS, plt.get_cmap("tab10").colors))
figure, axes = plt.subplots(figsize=(10, 3.2))
for unit in report.units:
    axes.barh(KINDS.index(unit.kind), unit.end - unit.start, left=unit.start, color=colours[unit.kind])
for section in report.sections:
    axes.axvline(section.start, color="0.8", zorder=0)
axes.set(yticks=range(len(KINDS)), yticklabels=KINDS, xlabel="place in the text (characters)")
axes.invert_yaxis()
axes.set_title(f"{report.agency} {report.year}")
plt.tight_layout()

# %% [markdown]
# ### The loose figures
#
# 近900户, 412条, 未收到…: each with its value, the bounds that the words state, what is counted, and the
# channel.

# %%
figures = figures_frame(report)
figures[["text", "value", "unit", "bound", "low", "high", "object", "metric", "channel"]].style.hide(
    axis="index"
)

# %% [markdown]
# ### The statutory tables
#
# Cells have names, not places: however the table was laid out, the same cell has the same name. An empty
# cell is null and never 0.

# %%
cells = cells_frame(report)
requests = cells[cells["table"] == "requests"].pivot(index="row", columns="column", values="value")
order = list(dict.fromkeys(cells.loc[cells["table"] == "requests", "row"]))
columns = list(dict.fromkeys(cells.loc[cells["table"] == "requests", "column"]))
requests.loc[order, columns].style.format("{:.0f}", na_rep="")

# %% [markdown]
# ### Where it contradicts itself
#
# Findings name the rule, how serious it is, and the cells and spans that disagree. `origin` says whose
# fault it is: the report's, or a doubt of our reading. A clean report, as the one above, has none; here is
# one that has.

# %%
faulty = parse(SAMPLES / "panel" / "2021" / "chengzhou-shi-zhengfu.docx")
print(f"{report.agency}: {len(report.findings)} findings, {faulty.agency}: {len(faulty.findings)}")
pd.DataFrame(
    [(one.rule, one.severity, one.origin, one.message, ", ".join(one.where[:3])) for one in faulty.findings],
    columns=["rule", "severity", "origin", "message", "where (the first three)"],
).style.hide(axis="index")

# %% [markdown]
# ## A folder of reports
#
# `parse_many` goes on past a file that cannot be read and hands back the error in its place. For more than
# some hundreds use the command, which uses all cores and can be stopped and resumed:
#
# ```sh
# gongkai parse samples/panel -o panel
# gongkai query panel "select year, count(*) from reports group by year order by year"
# ```

# %%
paths = sorted(path for path in (SAMPLES / "panel").glob("*/*") if path.is_file())
results = list(parse_many(paths))
reports = [one for one in results if not isinstance(one, Exception)]
print(f"{len(reports)} reports read, {len(results) - len(reports)} files could not be")

# %% [markdown]
# An agency may sign with a shorter name one year than the next. `identify_agencies` says which names are one,
# where that is sure; a list of your own (`--agencies`, see `02_disclosure_quality`) says it for good.

# %%
names = identify_agencies((one.agency, one.year) for one in reports)
print(f"{len({one.agency for one in reports})} names, {len(set(names.values()))} agencies")

# %%
overview = pd.DataFrame(
    {
        "agency": [names[one.agency] for one in reports],
        "year": [one.year for one in reports],
        "units": [len(one.units) for one in reports],
        "characters": [sum(unit.end - unit.start for unit in one.units) for one in reports],
        "figures": [len(one.figures) for one in reports],
        "findings": [len(one.findings) for one in reports],
    }
)
# One agency has two files for 2023: the first of them counts.
overview.pivot_table(index="agency", columns="year", values="characters", aggfunc="first").style.format(
    "{:.0f}", na_rep="—"
).background_gradient(axis=None)

# %% [markdown]
# How many requests did each agency receive, year by year? The cell is `requests.received.total`.

# %%
cells = cells_frame(reports)
cells["agency"] = cells["agency"].map(names)
received = cells.query("table == 'requests' and row == 'received' and column == 'total'")
lines = received.pivot_table(index="year", columns="agency", values="value", aggfunc="first")
most = lines.max().sort_values(ascending=False).index[:6]
axes = lines[most].plot(marker="o", figsize=(9, 4), logy=True)
axes.set(
    xticks=sorted(lines.index),
    xlabel="",
    ylabel="本年新收申请（件）",
    title="新收政府信息公开申请最多的六个机构",
)
axes.legend(frameon=False, bbox_to_anchor=(1, 1))
plt.tight_layout()

# %% [markdown]
# Which channels do they name, and how often?

# %%
named = pd.DataFrame(
    [(one.year, platform.type) for one in reports for platform in one.platforms], columns=["year", "type"]
)
axes = (
    named.groupby(["type", "year"])
    .size()
    .unstack(fill_value=0)
    .plot.barh(stacked=True, figsize=(8, 4), cmap="viridis_r")
)
axes.set(xlabel="mentions", ylabel="")
axes.legend(title="", frameon=False)
plt.tight_layout()

# %% [markdown]
# Next: `02_disclosure_quality` measures a panel, `03_retrain_new_year` keeps the model up to date,
# `04_narrative_and_tables` goes after contradictions.
