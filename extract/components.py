"""The same steps as spaCy pipeline components, for anybody's pipeline; `load` gives one with all of them.

Results are span groups of the Doc: `doc.spans["gongkai_units"]` with the kind as label, `"gongkai_themes"`
(one span a theme), `"gongkai_platforms"` and `"gongkai_figures"`. The fields of each stand in
`span._.gongkai`, a dict with exact offsets into `doc.text`: a span covers whole tokens, the offsets need not.
They are kept in `doc.user_data["gongkai"]` by the span's id (several figures may share one span), so that a
DocBin keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, get_args

import spacy
from msgspec.structs import replace
from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.classify import Classifier, load_model
from extract.figures import find_figures
from extract.platforms import find_platforms
from extract.report import Figure, Platform, SectionId, Unit
from extract.tag import split_narrative

UNITS, THEMES = "gongkai_units", "gongkai_themes"
PLATFORMS, FIGURES = "gongkai_platforms", "gongkai_figures"
FIELD = "gongkai"
Found = TypeVar("Found", Platform, Figure)
COLOURS = {  # for displaCy
    "problem": "#f4b6b0",
    "measure": "#b8dfb5",
    "platform": "#b3e0e6",
    "proactive": "#b9cdf2",
    "request": "#dcbfec",
    "management": "#f3dfa2",
    "supervision": "#f6cfa0",
    "overview": "#e3e3e3",
    "other": "#cfcfcf",
}


def load(model: str | None = None) -> Language:
    """A blank Chinese pipeline with every component: one Doc a narrative. `model` as in `load_model`.

    >>> doc = load("rules")("存在以下不足：一是人手不足；二是栏目更新还不够及时。")
    >>> [(span.text, span.label_) for span in doc.spans["gongkai_units"]][1:]
    [('人手不足；', 'problem'), ('栏目更新还不够及时。', 'problem')]
    """
    nlp = spacy.blank("zh")
    nlp.add_pipe(UNITS, config={"model": model})
    for name in (THEMES, PLATFORMS, FIGURES):
        nlp.add_pipe(name)
    return nlp


class UnitTagger:
    """Splits a Doc into units and gives each its kind; the classifier loads at first use in each process."""

    def __init__(self, model: str | None, section: str | None) -> None:
        self.model = model
        self.section = section
        self._classifier: Classifier | None = None

    def __call__(self, doc: Doc) -> Doc:
        if self._classifier is None:
            self._classifier = load_model(self.model)
        units = split_narrative(doc.text, self._classifier, self.section)  # type: ignore[arg-type]
        doc.spans[UNITS] = [_span(doc, unit, unit.kind or "", unit.id) for unit in units]
        return doc

    def __getstate__(self) -> dict[str, Any]:
        return {"model": self.model, "section": self.section, "_classifier": None}

    def to_disk(self, path: Any, exclude: Iterable[str] = ()) -> None:
        """Nothing to keep: the settings stand in the pipeline's config, the model in its release."""

    def from_disk(self, path: Any, exclude: Iterable[str] = ()) -> UnitTagger:
        """Nothing was kept."""
        return self


@Language.factory(
    UNITS,
    assigns=["doc.spans"],
    default_config={"model": None, "section": None},
)
def make_units(nlp: Language, name: str, model: str | None, section: str | None) -> UnitTagger:
    """`model` names the release, or `rules`; `section` says where text without headings comes from."""
    if section is not None and section not in get_args(SectionId):
        raise ValueError(f"{name}: no section {section!r}; there are: {', '.join(get_args(SectionId))}")
    _register()
    return UnitTagger(model, section)


@Language.component(THEMES, assigns=["doc.spans"], requires=["doc.spans"])
def mark_themes(doc: Doc) -> Doc:
    """One span a theme of each problem or measure unit."""
    _register()
    units = doc.spans.get(UNITS, [])
    doc.spans[THEMES] = [
        Span(doc, unit.start, unit.end, label=theme) for unit in units for theme in unit._.gongkai["themes"]
    ]
    return doc


@Language.component(PLATFORMS, assigns=["doc.spans"])
def mark_platforms(doc: Doc) -> Doc:
    """The platforms of a Doc, with their type as label."""
    parts = _parts(doc)
    read = _read_platforms(tuple(part.text for part in parts))
    found = [one for part, platforms in zip(parts, read) for one in _moved(platforms, part.start)]
    return _mark(doc, PLATFORMS, [(one, one.type) for one in found])


@Language.component(FIGURES, assigns=["doc.spans"])
def mark_figures(doc: Doc) -> Doc:
    """The figures of a Doc, with their metric as label."""
    parts = _parts(doc)
    found: list[Figure] = []
    for part, platforms in zip(parts, _read_platforms(tuple(part.text for part in parts))):
        found += _moved(find_figures(part.text, platforms, section=part.section), part.start)
    return _mark(doc, FIGURES, [(one, one.metric) for one in found])


def _mark(doc: Doc, group: str, found: Sequence[tuple[Found, str]]) -> Doc:
    """The Doc with a span group of what was found, each with its label; ids are p1, p2 … or f1, f2 …"""
    _register()
    letter = group.removeprefix("gongkai_")[0]
    doc.spans[group] = [_span(doc, one, label, f"{letter}{n}") for n, (one, label) in enumerate(found, 1)]
    return doc


class Part(NamedTuple):
    """A stretch of a Doc that is read by itself: a unit where units were found before, else a line."""

    start: int
    text: str
    section: str | None


def _parts(doc: Doc) -> list[Part]:
    text = doc.text
    if UNITS in doc.spans:
        units = [span._.gongkai for span in doc.spans[UNITS]]
        return [Part(unit["start"], text[unit["start"] : unit["end"]], unit["section"]) for unit in units]
    parts, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            parts.append(Part(at, line, None))
        at += len(line) + 1
    return parts


@lru_cache(maxsize=1)  # figures want what platforms found in the same Doc a moment before
def _read_platforms(texts: tuple[str, ...]) -> tuple[tuple[Platform, ...], ...]:
    return tuple(tuple(find_platforms(text)) for text in texts)


def _moved(found: Sequence[Found], by: int) -> list[Found]:
    return [replace(one, start=one.start + by, end=one.end + by) for one in found]


def _span(doc: Doc, found: Unit | Platform | Figure, label: str, id_: str) -> Span:
    """The tokens that hold a surface; its fields and exact offsets are kept under the span's id."""
    span = doc.char_span(found.start, found.end, label=label, span_id=id_, alignment_mode="expand")
    if span is None:  # only where offsets lie outside the Doc, which they never do
        raise ValueError(f"no tokens at {found.start}:{found.end}")
    # lists, as in JSON: what went through a DocBin or another process is the same as what did not
    fields = {
        name: list(value) if isinstance(value, tuple) else value for name, value in found.to_dict().items()
    }
    doc.user_data.setdefault(FIELD, {})[id_] = fields
    return span


def _fields(span: Span) -> dict[str, Any] | None:
    kept: dict[str, dict[str, Any]] = span.doc.user_data.get(FIELD, {})
    return kept.get(span.id_)


def _register() -> None:
    if not Span.has_extension(FIELD):
        Span.set_extension(FIELD, getter=_fields)
