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
# # A new year: drift, suggest, label, train, compare, decide
#
# Reports change: a new form, new words, new duties. This notebook goes once round the loop that keeps a
# model of kinds and themes fit for the next year. It is played on the project's own corpus, as if 2025 had
# just come in: the model knows the years before, and the labels of 2025 stand in for the person who labels.
# The corpus is fictional text; with your own reports each step is one command, named above its cell.

# %%
import tempfile
from collections import Counter
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from extract.classify.release import load_release, read_release
from extract.learn.config import Config
from extract.learn.corpus import load_units, write_rows
from extract.learn.design import group_folds
from extract.learn.drift import measure_drift
from extract.learn.judge import judge
from extract.learn.metrics import (
    accuracy,
    gain_interval,
    macro_f1,
    paired_test,
    score_each_kind,
    themes_micro_f1,
)
from extract.learn.releasing import train_release
from extract.learn.suggest import suggest
from extract.plots import chinese_font

plt.rcParams["font.family"] = chinese_font()
plt.rcParams["axes.spines.top"] = plt.rcParams["axes.spines.right"] = False
ROOT = Path("..") if Path("../corpus").exists() else Path(".")
WORK = Path(tempfile.mkdtemp())
YEAR = 2025
KINDS = {
    "problem": "存在问题",
    "measure": "改进措施",
    "platform": "平台建设",
    "proactive": "主动公开",
    "request": "依申请公开",
    "management": "信息管理",
    "supervision": "监督保障",
    "overview": "总体概述",
    "other": "其他事项",
}

# %% [markdown]
# ## The model that we have
#
# `gongkai train old.toml`: the years up to 2024. A fifth of the agencies of those years (the corpus's
# validation split) is kept out, to see later that the new model is no worse on the old years.

# %%
earlier = [unit for unit in load_units(ROOT / "corpus", ["train"]) if unit.year < YEAR]
kept = [unit for unit in load_units(ROOT / "corpus", ["validation"]) if unit.year < YEAR]
write_rows(WORK / "old", [("train", unit) for unit in earlier])
config = Config(name="years", version=str(YEAR - 1), corpus=str(WORK / "old"), splits=("train",))
old = read_release(train_release(config, WORK / "models"))
print(
    f"{old.name}: {len(earlier)} units of",
    f"{min(old.meta['training']['years'])}–{max(old.meta['training']['years'])}",
)

# %% [markdown]
# ## 1. The new year comes in: how far has the language moved?
#
# `gongkai parse 2025/ > new.jsonl`, then `gongkai drift --model NAME new.jsonl`. Half the agencies of 2025
# are the reports that may be labelled, the other half is kept to measure with.

# %%
new = [unit for unit in load_units(ROOT / "corpus") if unit.year == YEAR]
half = group_folds([unit.agency for unit in new], 2)[0]
pool = [unit for unit, inside in zip(new, half) if not inside]
tested = [unit for unit, inside in zip(new, half) if inside]
drift = measure_drift(old, new)
before = measure_drift(old, kept)
pd.DataFrame(
    {
        "unseen words": [before.unseen, drift.unseen],
        "kinds, divergence (bits)": [before.divergence, drift.divergence],
        "mean score": [before.score, drift.score],
        "units below 0.5": [before.unsure, drift.unsure],
    },
    index=["agencies kept out, to 2024", f"{YEAR}"],
).round(3)

# %%
print("words never met:", "、".join(word for word, _ in drift.unseen_words))
for _, known, text in drift.strange[:4]:
    print(f"{known:.0%} known  {text}")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), width_ratios=[3, 2])
places = np.arange(len(KINDS))
left.bar(places - 0.2, [drift.trained_kinds[kind] for kind in KINDS], 0.4, color="#b8c4d4", label="训练年份")
left.bar(places + 0.2, [drift.kinds[kind] for kind in KINDS], 0.4, color="#2563a6", label=f"{YEAR}年")
left.set_xticks(places, KINDS.values(), rotation=30, ha="right")
left.set_ylabel("占比")
left.legend(frameon=False)
left.set_title("各类单元占比")
scores = [verdict.score for verdict in judge(old, new)]
right.hist(
    [v.score for v in judge(old, kept)], bins=20, density=True, color="#b8c4d4", label="旧年份（未训练机关）"
)
right.hist(scores, bins=20, density=True, histtype="step", color="#2563a6", linewidth=2, label=f"{YEAR}年")
right.set_xlabel("模型给出的概率")
right.set_yticks([])
right.legend(frameon=False, loc="upper left")
right.set_title("把握程度")
figure.tight_layout()
plt.show()

# %% [markdown]
# ## 2. Which units to label
#
# `gongkai suggest -n 90 new.jsonl --to csv -o label.csv`: half are those that the model is least sure of, a
# quarter those least like all others, a quarter drawn at random, so that something is left to measure with.
# (No labels at all yet? `--weak` gives the votes of rules to start from.)

# %%
chosen = suggest(old, pool, 90)
print(Counter(one.reason for one in chosen))
pd.DataFrame(
    [(one.reason, KINDS[one.kind], f"{one.score:.2f}", one.unit.text[:46]) for one in chosen[:8]],
    columns=["why", "found", "score", "text"],
)

# %% [markdown]
# ## 3. Label
#
# Correct `kind` and `themes` in label.csv, in any spreadsheet; `gongkai corpus import --from csv label.csv`
# puts them into the corpus (`--to xlsx` and `--from xlsx` likewise; whole reports labelled in Label Studio,
# doccano or Prodigy come back the same way). Here the corpus's labels stand in for the person. The random
# part tells what the old model is worth on the new year, before anything is trained: an estimate that
# choosing by doubt would spoil.

# %%
gold = {unit.id: unit for unit in pool}
labelled = [gold[one.unit.id] for one in chosen]
drawn = {one.unit.id for one in chosen if one.reason == "random"}
seen = [verdict for verdict in judge(old, pool) if verdict.unit.id in drawn]
print(f"old model right on the random part: {accuracy(seen):.1%} of {len(seen)}")

# %% [markdown]
# ## 4. Train again
#
# `gongkai train new.toml`: the same configuration over the old labels and the new.

# %%
write_rows(WORK / "new", [("train", unit) for unit in [*earlier, *labelled]])
again = Config(name="years", version=str(YEAR), corpus=str(WORK / "new"), splits=("train",))
retrained = read_release(train_release(again, WORK / "models"))

# %% [markdown]
# ## 5. Is it better on the new year, and no worse on the old ones?
#
# `gongkai models compare OLD NEW --year 2025`: the same units, a paired test by sign flips over whole
# reports.

# %%
rows, by_kind = [], {}
for name, units in ((f"{YEAR}, agencies kept out", tested), ("to 2024, agencies kept out", kept)):
    first, second = judge(old, units), judge(retrained, units)
    gain, p = paired_test(second, first)
    low, high = gain_interval(second, first, macro_f1)
    themes = (themes_micro_f1(first), themes_micro_f1(second))
    rows.append(
        (name, len(units), macro_f1(first), macro_f1(second), f"[{low:+.3f}, {high:+.3f}]", gain, p, *themes)
    )
    by_kind[name] = (score_each_kind(first), score_each_kind(second))
columns = [
    "units",
    "units of",
    "kinds old",
    "kinds new",
    "95 % of the gain",
    "accuracy gain",
    "p",
    "themes old",
    "themes new",
]
comparison = pd.DataFrame(rows, columns=columns)
comparison.round(3)

# %%
figure, axes = plt.subplots(1, 2, figsize=(11, 4), sharey=True)
for axis, (name, (first, second)) in zip(axes, by_kind.items()):
    for row, kind in enumerate(reversed(KINDS)):
        ends = (first[kind].f1 or 0, second[kind].f1 or 0)
        axis.plot(ends, (row, row), color="#9aa7b8", zorder=1)
        axis.scatter(ends[0], row, color="#b8c4d4", s=45, zorder=2, label="旧模型" if row == 0 else None)
        axis.scatter(ends[1], row, color="#2563a6", s=45, zorder=3, label="新模型" if row == 0 else None)
    axis.set_title(f"{YEAR}年" if name.startswith(str(YEAR)) else "以前年份")
    axis.set_xlabel("F1")
    axis.set_yticks(range(len(KINDS)), reversed(KINDS.values()))
axes[0].legend(frameon=False, loc="lower left")
figure.tight_layout()
plt.show()

# %% [markdown]
# ## 6. Release it, or not
#
# A rule to hold to, set before looking: release if the new year gains and its interval leaves out a loss of
# a point, and the old years do not lose more than half a point. `gongkai models default years-2025` then
# makes it the one in use; the old release stays in its folder, and every parsed report names the model that
# read it.

# %%
better, worse = (comparison["kinds new"] - comparison["kinds old"]).tolist()
floor = float(comparison["95 % of the gain"][0].strip("[]").split(",")[0])
release = better > 0 and floor > -0.01 and worse > -0.005
print(
    f"{YEAR}: {better:+.3f} (not below {floor:+.3f}), earlier years: {worse:+.3f} →",
    "release" if release else "keep the old one",
)

# %% [markdown]
# ## What to expect: the study in the default model's card
#
# One year's turn is one draw. `gongkai models study` repeats the choice of units over several runs and
# retraining over all years, and writes the outcome, whatever it is, into the model's card.

# %%
study = load_release(None).meta["study"]
steps = study["choice"]["steps"]
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4))
for key, colour, says in (("random", "#9aa7b8", "随机挑选"), ("active", "#2563a6", "主动挑选")):
    runs = np.array([step[key] for step in steps])
    labels = [step["labels"] for step in steps]
    left.plot(labels, runs.mean(axis=1), color=colour, marker="o", label=says)
    left.fill_between(labels, runs.min(axis=1), runs.max(axis=1), color=colour, alpha=0.2, linewidth=0)
left.set_xlabel("标注单元数")
left.set_ylabel("类别宏平均 F1")
left.legend(frameon=False, loc="lower right")
left.set_title("主动挑选与随机挑选")
gains = study["retraining"]
years = [str(gain["year"]) for gain in gains]
change = np.array([gain["after"] - gain["before"] for gain in gains])
ends = np.abs(np.array([gain["gain_interval"] for gain in gains]).T - change)
right.errorbar(years, change, yerr=ends, fmt="o", color="#2563a6", capsize=4)
right.axhline(0, color="#9aa7b8", linewidth=1)
right.set_ylabel("宏平均 F1 的变化")
right.set_title("加入当年标注后再训练")
figure.tight_layout()
plt.show()
