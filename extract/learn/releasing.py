"""A trained model as a release: a folder that `extract.classify.release` reads, with its scores and card."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from extract.classify import Rules
from extract.classify.cues import load_labels
from extract.classify.features import LINKS, SECTIONS, Array
from extract.classify.release import FORMAT, digest_cuts, digest_meta, pack_weights, read_release
from extract.classify.signs import count_columns
from extract.errors import BadData
from extract.learn.config import Config
from extract.learn.corpus import UnitRow, find_files, load_units
from extract.learn.judge import CONTEXTS, has_hands, hold_out_contexts, judge
from extract.learn.metrics import (
    Verdict,
    accuracy,
    calibration,
    calibration_error,
    coverage,
    interval,
    macro_f1,
    score_each_kind,
    score_each_theme,
    themes_macro_f1,
    themes_micro_f1,
)
from extract.learn.reliability import draw_reliability
from extract.learn.unseen import name_units
from extract.version import VERSION
from extract.words import cut_words, describe_cutter

FLOORS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95)  # of the score, as `--min-score` takes them
# Cut as in training wherever the model runs; made up to hold digits, quotes and the project's own words.
PROBES = [
    "全年通过政府网站公开信息1,204条，公众号推送88篇。",
    "“三审三校”落实不够到位，政务公开栏更新滞后。",
    "收到依申请公开3件，均按期答复，未发生行政复议、行政诉讼。",
    "下一步，将组织业务培训2期，完善政策解读机制。",
]


def train_release(
    config: Config, models: str | os.PathLike[str], honest: Mapping[str, Any] | None = None
) -> Path:
    """Train by `config` and write the release to `models`/NAME-VERSION; return its folder.

    `honest` are the scores of hands held out (`honest_scores`), where they were measured. Raises `BadData`
    where there is nothing to learn from.
    """
    from extract.learn.card import write_card
    from extract.learn.train import fit, select_units

    units = select_units(config)
    if not units:
        raise BadData(_say_nothing_there(config))
    arrays = fit(units, config)
    scores = measure(config, arrays)
    if honest is not None:
        scores |= honest
    folder = Path(models) / f"{config.name}-{config.version}"
    meta = describe(units, arrays, config, scores)
    return write_release(folder, meta, arrays, write_card(meta))


def _say_nothing_there(config: Config) -> str:
    if any(find_files(config.corpus, UnitRow)):
        return f"{config.corpus}: no labelled units of the splits, parts and years of this configuration"
    return (
        f"{config.corpus}: no labelled units there; the `corpus` of a configuration is a folder as seen"
        " from where the command runs"
    )


def measure(config: Config, arrays: dict[str, Array]) -> dict[str, Any]:
    """The scores on the test split, in every context, the rules beside.

    A release that learns from all splits is measured by its twin: the same configuration without `test`.
    """
    from extract.learn.train import as_model, fit, select_units

    twin = replace(config, splits=tuple(split for split in config.splits if split != "test"))
    model = as_model(arrays if twin == config else fit(select_units(twin), twin), twin)
    scores: dict[str, Any] = {}
    for split in ("test",):
        units = load_units(config.corpus, [split])
        if not units:
            continue
        verdicts = {context: judge(model, units, context) for context in CONTEXTS}
        scores[split] = {context: summarise(mine) for context, mine in verdicts.items()}
        scores[split]["rules"] = summarise(judge(Rules(), units))
        scores[split]["mean_score"] = round(sum(v.score for v in verdicts["full"]) / len(verdicts["full"]), 4)
    return scores


def honest_scores(config: Config) -> dict[str, Any]:
    """The scores of hands held out, in every context, the rules beside: every hand by a model without it.

    All splits count: the corpus is read again in folds of hands, whatever the split; in folds of agencies
    where it knows no hands. The rough hands are scored apart, so that what is added there moves no figure of
    the others but by what it teaches.
    """
    units = load_units(config.corpus)
    if not units:
        raise BadData(_say_nothing_there(config))
    held = "hands held out" if has_hands(units) else "agencies held out"
    verdicts: dict[str, list[Verdict]] = {
        str(context): mine for context, mine in hold_out_contexts(units, config).items()
    }
    verdicts["rules"] = judge(Rules(), units)
    even = {name: [v for v in mine if v.unit.part != "rough"] for name, mine in verdicts.items()}
    rough = {name: [v for v in mine if v.unit.part == "rough"] for name, mine in verdicts.items()}
    scores = {held: {name: summarise(mine) for name, mine in even.items() if mine}}
    if rough["rules"]:
        scores["rough hands held out"] = {name: summarise(mine) for name, mine in rough.items()}
    return scores


def summarise(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The scores of some verdicts as plain values, four decimals, with their intervals."""
    hard = [verdict for verdict in verdicts if verdict.unit.hard]
    main = [verdict for verdict in verdicts if verdict.unit.part == "main"]
    kinds = {kind: score.f1 for kind, score in score_each_kind(verdicts).items()}
    themes = {theme: score.f1 for theme, score in score_each_theme(verdicts).items()}
    return {
        "units": len(verdicts),
        "kinds_macro_f1": round(macro_f1(verdicts), 4),
        "kinds_macro_f1_interval": [round(end, 4) for end in interval(verdicts, macro_f1)],
        "kinds_macro_f1_main": round(macro_f1(main), 4),
        "accuracy": round(accuracy(verdicts), 4),
        "accuracy_hard": round(accuracy(hard), 4) if hard else None,
        "hard_units": len(hard),
        "themes_micro_f1": round(themes_micro_f1(verdicts), 4),
        "themes_micro_f1_interval": [round(end, 4) for end in interval(verdicts, themes_micro_f1)],
        "themes_macro_f1": round(themes_macro_f1(verdicts), 4),
        "calibration_error": round(calibration_error(verdicts), 4),
        "calibration": [[round(score, 4), round(right, 4), n] for score, right, n in calibration(verdicts)],
        "coverage": [[round(share, 4) for share in row] for row in coverage(verdicts, FLOORS)],
        "kinds": {kind: None if f1 is None else round(f1, 4) for kind, f1 in kinds.items()},
        "themes": {theme: None if f1 is None else round(f1, 4) for theme, f1 in themes.items()},
    }


def describe(
    units: Sequence[UnitRow], arrays: Mapping[str, Array], config: Config, scores: Mapping[str, Any]
) -> dict[str, Any]:
    """What `meta.json` says, but for the hashes of the files."""
    import sklearn

    labels = load_labels()
    kinds = Counter(unit.kind for unit in units)
    words = {word for unit in units for word in cut_words(unit.text) if len(word) > 1}
    own = sum(unit.source != "written" for unit in units)  # labels that are not the project's
    return {
        "format": FORMAT,
        "name": config.name,
        "version": config.version,
        "gongkai": VERSION,
        "scikit-learn": sklearn.__version__,
        "kinds": list(labels.kinds),
        "themes": list(labels.themes),
        "sections": list(SECTIONS),
        "links": list(LINKS),
        "cutter": describe_cutter(),
        "vocabulary": count_columns(),
        "probes": {"texts": PROBES, "digest": digest_cuts(PROBES)},
        "embeddings": describe_embeddings(config),
        "config": msgspec.to_builtins(config),
        "corpus": hash_corpus(config.corpus),
        "training": {
            "units": len(units),
            "reports": len({unit.report_id for unit in units}),
            "hands": len({unit.hand for unit in units}),
            **({"own": own} if own else {}),
            "learnt": name_units(units),
            "years": sorted({unit.year for unit in units}),
            "kinds": {kind: round(kinds[kind] / len(units), 4) for kind in labels.kinds},
            "words": sorted(word for word in words if "\u4e00" <= word[0] <= "\u9fff"),
        },
        "scores": dict(scores),
        "features": {name: len(array) for name, array in arrays.items() if name.endswith("_buckets")},
    }


def describe_embeddings(config: Config) -> dict[str, Any] | None:
    """The model of the sentence embeddings by name and hash; None where there are none."""
    if not config.features.embeddings:
        return None
    from extract.classify.embeddings import load_embedder

    return load_embedder(config.features.embeddings).describe()


def hash_corpus(folder: str | os.PathLike[str]) -> str:
    """The hash of the labelled units of a corpus, files in the order of splits and years."""
    digest = hashlib.sha256()
    for split, file in find_files(folder, UnitRow):
        digest.update(f"{split}/{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def write_release(folder: Path, meta: Mapping[str, Any], arrays: Mapping[str, Array], card: str) -> Path:
    """Write a release of these arrays and read it back; the folder."""
    contents = {"weights.npz": pack_weights(arrays), "README.md": card.encode()}
    if bins := find_bins(meta):
        contents["reliability.svg"] = draw_reliability(bins).encode()
    return _write_files(folder, meta, contents)


def rewrite_release(folder: Path, more: Mapping[str, Any]) -> Path:
    """Write a release anew with more in its `meta.json` and so in its card; its weights stay as they are."""
    from extract.learn.card import write_card

    meta = {**read_release(folder).meta, **more}
    contents = {name: (folder / name).read_bytes() for name in meta["files"]}
    contents["README.md"] = write_card(meta).encode()
    return _write_files(folder, meta, contents)


def find_bins(meta: Mapping[str, Any]) -> list[tuple[float, float, int]]:
    """The calibration by bins of the most honest scores there are: hands held out, else the test split."""
    scores = meta.get("scores", {})
    best = scores.get("hands held out") or scores.get("agencies held out") or scores.get("test") or {}
    return [(score, right, int(n)) for score, right, n in best.get("full", {}).get("calibration", [])]


def _write_files(folder: Path, meta: Mapping[str, Any], contents: dict[str, bytes]) -> Path:
    """Write the files of a release, name them with their hashes in `meta.json`, and read them back."""
    files = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(contents.items())}
    whole = {key: value for key, value in meta.items() if key != "sha256"} | {"files": files}
    whole["sha256"] = digest_meta(whole)
    contents["meta.json"] = json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    read_release(folder)
    return folder


def set_default(models: str | os.PathLike[str], name: str) -> None:
    """Make a release of the folder `models` the one that is used where none is named."""
    if not (Path(models) / name / "meta.json").exists():
        raise BadData(f"{models}: no release {name!r}")
    (Path(models) / "default").write_text(name + "\n", encoding="utf-8")
