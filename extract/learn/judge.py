"""What a classifier says of labelled units: with all context, with the section alone, or of bare text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from extract.classify import Classifier
from extract.classify.cues import load_labels
from extract.errors import BadData
from extract.learn.config import Config
from extract.learn.corpus import THEMED, UnitRow
from extract.learn.design import group_folds
from extract.learn.examples import group_reports, is_lead_in, read_units
from extract.learn.metrics import Verdict
from extract.report import Label

Context = Literal["full", "section", "bare"]
CONTEXTS: tuple[Context, ...] = ("full", "section", "bare")


def judge(classifier: Classifier, units: Sequence[UnitRow], context: Context = "full") -> list[Verdict]:
    """The verdicts on `units`, in the order of reports and text."""
    examples = [read_units(report) for report in group_reports(units)]
    rows = [unit for example in examples for unit in example.units]
    if context == "full":
        labelled = classifier.label_reports([(example.text, example.atoms) for example in examples])
        labels = [label for report in labelled for label in report]
    else:
        texts = [(unit.text, unit.section if context == "section" else None, ()) for unit in rows]
        labels = list(classifier.label_alone(texts))
    return [_as_verdict(unit, label) for unit, label in zip(rows, labels)]


def _as_verdict(unit: UnitRow, label: Label) -> Verdict:
    best = max(range(len(label.scores)), key=label.scores.__getitem__)
    # Themes are scored where the gold has some to find, whatever the kind that was found
    themes = label.themes if unit.kind in THEMED and not is_lead_in(unit) else ()
    return Verdict(unit, load_labels().kinds[best], label.scores[best], themes)


def has_hands(units: Sequence[UnitRow]) -> bool:
    """Whether the units are of several manners of writing; labels of one's own name none: hand `own`."""
    return len({unit.hand for unit in units}) >= 3


def hold_out_hands(units: Sequence[UnitRow], config: Config) -> list[Verdict]:
    """Verdicts on every unit, with all context, by a model trained without its hand: the honest figure."""
    return hold_out_contexts(units, config, ("full",))["full"]


def hold_out_contexts(
    units: Sequence[UnitRow], config: Config, contexts: Sequence[Context] = CONTEXTS
) -> dict[Context, list[Verdict]]:
    """Verdicts on every unit, in each context, by a model that was trained without its hand (or agency)."""
    from extract.learn.train import as_model, fit

    verdicts: dict[Context, list[Verdict]] = {context: [] for context in contexts}
    by_hand = has_hands(units)
    for held in group_folds([unit.hand if by_hand else unit.agency for unit in units], config.folds):
        training = [unit for unit, out in zip(units, held) if not out]
        if not training:
            raise BadData("all units are of one agency: none can be held out from the others")
        model = as_model(fit(training, config, alone=set(contexts) != {"full"}), config)
        for context in contexts:
            verdicts[context] += judge(model, [unit for unit, out in zip(units, held) if out], context)
    return verdicts
