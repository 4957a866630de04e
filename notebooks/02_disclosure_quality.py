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
# # How good is the disclosure, and what do agencies admit?
#
# A panel of 14 agencies over five years, from raw files to indicators: against the law's form, against the
# agency's own last year, against its peers. The agencies were made up for this project, so nothing here is
# a finding about anyone; the commands are those that a national panel takes.

# %%
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from extract.plots import chinese_font
from extract.quality import describe_indicators

plt.rcParams["font.family"] = chinese_font()
SAMPLES = Path("../samples") if Path("../samples").exists() else Path("samples")
OUT = Path(tempfile.mkdtemp()) / "panel"


def gongkai(*arguments):
    """Run a command as one would in a terminal, and show the end of what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "extract", *map(str, arguments)], capture_output=True, text=True
    )
    if done.returncode > 1:
        raise RuntimeError(done.stderr)
    return done.stdout


# %% [markdown]
# ## From files to indicators: two commands
#
# `--agencies` joins the researcher's own list: level, region code, and the day of publication, which a
# report seldom states. The list names each agency once (`x_agency`), however its reports are signed: tables
# have the name as printed, and here the list's stands for it.

# %%
years = sorted(path for path in (SAMPLES / "panel").iterdir() if path.is_dir())
gongkai("parse", *years, "-o", OUT, "--agencies", SAMPLES / "panel" / "agencies.csv")
gongkai("quality", OUT)

reports = pd.read_parquet(OUT / "reports", columns=["report_key", "x_agency"])
listed = reports.set_index("report_key")["x_agency"]
indicators = pd.read_parquet(OUT / "quality" / "indicators.parquet")
indicators["agency"] = indicators["report_key"].map(listed)
labels = {name: one.zh for name, one in describe_indicators().items()}
known = indicators["value"].notna().sum()
print(f"{len(reports)} reports, {indicators['indicator'].nunique()} indicators, {known:,} values")

# %% [markdown]
# Every value has its numerator and denominator, and where there is none, the reason why. `few` marks rates
# of fewer than thirty requests.

# %%
indicators[["agency", "year", "indicator", "value", "numerator", "denominator", "few", "reason"]].sample(
    8, random_state=4
)

# %%
missing = indicators[indicators["value"].isna()].groupby("reason").size().sort_values()
axes = missing.plot.barh(figsize=(7, 3), color="0.6")
axes.set(xlabel="values that cannot be had", ylabel="")
plt.tight_layout()

# %% [markdown]
# ## Against the form: is it complete, does it add up?
#
# A point is a report; the line joins the medians of a year.

# %%
FORM = ["cells_filled", "arith_pass", "narrative_agree", "topics_covered"]


def strips(names, frame=indicators, columns=4):
    """One panel an indicator: every report as a point over its year, and the medians."""
    rows = -(-len(names) // columns)
    _, grid = plt.subplots(rows, columns, figsize=(3.1 * columns, 2.8 * rows), squeeze=False)
    for axes, name in zip(grid.flat, names):
        values = frame[(frame["indicator"] == name) & frame["value"].notna()]
        spread = values.groupby("year").cumcount() % 7 * 0.04 - 0.12
        axes.scatter(values["year"] + spread, values["value"], s=14, alpha=0.55)
        medians = values.groupby("year")["value"].median()
        axes.plot(medians.index, medians, color="C3", linewidth=1.5)
        axes.set_title(labels[name], fontsize=11)
        axes.set_xticks(sorted(values["year"].unique()))
        axes.tick_params(labelsize=8)
    for axes in list(grid.flat)[len(names) :]:
        axes.axis("off")
    plt.tight_layout()


strips(FORM)

# %% [markdown]
# ## What happens to requests
#
# Rates of fewer than thirty requests are left out of this plot: one request more or less would move them by
# more than three points.

# %%
enough = indicators[~indicators["few"].fillna(False).astype(bool)]
strips(["grant_rate", "denial_rate", "unavailable_rate", "not_processed_rate"], enough)

# %% [markdown]
# One agency's story often hides in the median. Who changed most in the share that it grants?

# %%
granted = enough[enough["indicator"] == "grant_rate"].pivot_table(
    index="year", columns="agency", values="value"
)
change = (granted.ffill().iloc[-1] - granted.bfill().iloc[0]).abs().sort_values(ascending=False)
figure, axes = plt.subplots(figsize=(8, 3.6))
for place, agency in enumerate(granted.columns):
    line = granted[agency].dropna()
    shown = agency in change.index[:2]
    axes.plot(
        line.index, line, marker="o", ms=3, color=f"C{place}" if shown else "0.8", zorder=2 if shown else 1
    )
    if shown:
        axes.annotate(
            agency, (line.index[-1], line.iloc[-1]), xytext=(6, 0), textcoords="offset points", fontsize=9
        )
axes.set(xticks=sorted(granted.index), ylabel=labels["grant_rate"])
axes.margins(x=0.25)
plt.tight_layout()

# %% [markdown]
# ## How concretely is it written?
#
# `specificity` counts what can be checked (numbers, days, named documents, bodies, places) in a thousand
# characters; `vague_problem_share` the problems that say 个别, 部分 or 有待 and nothing that could be
# checked.

# %%
wide = indicators.pivot_table(index=["agency", "year"], columns="indicator", values="value")
figure, axes = plt.subplots(figsize=(6.5, 4.2))
axes.scatter(wide["specificity"], wide["checkable_measure_share"], s=24, alpha=0.6)
named = wide.dropna(subset=["specificity", "checkable_measure_share"]).groupby("agency").mean()
for agency, down, side in (
    (named["specificity"].idxmax(), -14, "right"),
    (named["specificity"].idxmin(), 8, "left"),
):
    at = (named.loc[agency, "specificity"], named.loc[agency, "checkable_measure_share"])
    axes.plot(*at, "o", color="C3")
    axes.annotate(
        f"{agency}（各年平均）", at, xytext=(4, down), textcoords="offset points", fontsize=9, ha=side
    )
axes.set(xlabel=labels["specificity"], ylabel=labels["checkable_measure_share"])
plt.tight_layout()

# %% [markdown]
# ## Against last year
#
# `copied_share` is the part of the narrative whose wording stood in the report of the year before (names
# and numbers masked); `problem_repeat` the problems that come back; `followed_up` last year's problem
# themes with a measure done.

# %%
strips(["copied_share", "self_similarity", "problem_repeat", "followed_up"])

# %%
copied = indicators[(indicators["indicator"] == "copied_share") & (indicators["value"] > 0.5)]
copied[["agency", "year", "value"]].sort_values("value", ascending=False).style.hide(axis="index").format(
    {"value": "{:.0%}"}
)

# %% [markdown]
# ## What they admit: themes of the problems
#
# The model marks each problem with themes. Shares of the year's problems; a problem may have several themes.
# A lead-in (存在以下问题：) has none and is left out.

# %%
units = pd.read_parquet(OUT / "units", columns=["year", "kind", "themes", "text"]).dropna(subset=["year"])
units["year"] = units["year"].astype(int)
problems = units[(units["kind"] == "problem") & ~units["text"].str.endswith(("：", ":"))]
THEMES = {
    "content": "内容", "timeliness": "时效", "awareness": "认识", "staffing": "人员", "mechanism": "制度",
    "channel": "渠道", "interpretation": "解读", "interaction": "互动", "request_handling": "依申请",
    "security": "保密",
}  # fmt: skip
per_year = problems.groupby("year").size()
themes = problems.explode("themes").groupby(["year", "themes"]).size().unstack(fill_value=0)
shares = themes.div(per_year, axis=0)
order = shares.mean().sort_values(ascending=False).index
figure, axes = plt.subplots(figsize=(7, 3.4))
picture = axes.imshow(shares[order].T, cmap="Blues", aspect="auto", vmin=0)
axes.set(xticks=range(len(shares)), xticklabels=shares.index, yticks=range(len(order)))
axes.set_yticklabels([THEMES.get(name, name) for name in order])
figure.colorbar(picture, label="占当年问题的比例")
plt.tight_layout()

# %% [markdown]
# Do they mend what they admit? `followups` has a row for each problem of the year before and each measure
# done that answers it: taken once a problem, whether one answers it, and whether it is admitted again.

# %%
followups = pd.read_parquet(OUT / "quality" / "followups.parquet")
followups = followups.drop_duplicates(["report_key", "problem_unit_id"])
followups["agency"] = followups["report_key"].map(listed)
outcome = followups.assign(
    outcome=[
        "answered" if answered else ("repeated" if repeated else "not mentioned again")
        for answered, repeated in zip(followups["answered"], followups["repeated"])
    ]
)
table = outcome.groupby(["agency", "outcome"]).size().unstack(fill_value=0)
axes = table.plot.barh(
    stacked=True, figsize=(8, 4.2), color={"answered": "C2", "repeated": "C3", "not mentioned again": "0.8"}
)
axes.set(xlabel="上年问题（条）", ylabel="")
axes.legend(frameon=False, title="", bbox_to_anchor=(1, 1))
plt.tight_layout()

# %% [markdown]
# ## Against peers: twins
#
# Reports of one year whose narratives are nearly the same once names, places and numbers are masked; and
# place names of one left standing in the other.

# %%
twins = pd.read_parquet(OUT / "quality" / "twins.parquet")
twins[["year", "agency", "other_agency", "similarity", "foreign_places"]].style.hide(axis="index").format(
    {"similarity": "{:.2f}"}
)

# %% [markdown]
# ## What this does not say
#
# Indicators describe documents. A report that is complete, consistent and concrete is a good report;
# whether the agency is open is another question, and asks for other data. `docs/research.md` says more, and
# the codebook has the formula and source of every variable.
