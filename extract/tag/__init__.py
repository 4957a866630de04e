"""Narrative text that comes without its report: JSON lines in, tagged JSON lines out, in flat memory.

A line is one unit and no neighbour of the next; with `split` it is a narrative of any length. Lines are read
and scored in batches, and answered in their order.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from extract.classify import Classifier, classify_atoms, load_model
from extract.errors import UnreadableFile
from extract.figures import find_figures
from extract.platforms import find_platforms
from extract.report import Figure, Label, Line, Platform, SectionId, Text, Unit
from extract.sections import find_sections
from extract.units import join_atoms, load_kinds, split_atoms

BATCH = 256  # lines scored together
NO_TEXT = "no text there"  # why a line or row without a text, or with a blank one, is not tagged
UNKNOWN = cast(SectionId, "unknown")  # as classifiers have it: of no section that is known
_THEMED = frozenset(["problem", "measure"])
_NOTHING: tuple[str | None, float | None, tuple[str, ...]] = (None, None, ())  # of a text that says nothing


class Request(msgspec.Struct):
    """One line of input; `id` comes back as it is."""

    text: str
    id: Any = None
    section: SectionId | None = None
    path: list[str] = []
    marker: str | None = None


def tag_lines(
    lines: Iterable[bytes],
    *,
    split: bool = False,
    model: Classifier | None = None,
    min_score: float | None = None,
    name: str = "<stdin>",
) -> Iterator[bytes | UnreadableFile]:
    """A tagged line for each line of JSON, or the error in its place; empty lines are passed over.

    `min_score` leaves the kind null where its probability is lower; of a text without a letter or a digit
    kind and score are null; a blank one is an error. Offsets count code points of the line's own text, which
    is not normalised.
    Errors name the file and the number of the line.
    """
    classifier = model or load_model()
    numbered = ((number, line) for number, line in enumerate(without_mark(lines), 1) if line.strip())
    while batch := list(islice(numbered, BATCH)):
        requests = [_read(line, number, name) for number, line in batch]
        answer = _answer_split if split else _answer_units
        yield from answer(requests, classifier, min_score)


def without_mark(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a file, the first without a byte order mark, which editors on Windows put there."""
    stream = iter(lines)
    for first in stream:
        yield first.removeprefix(codecs.BOM_UTF8)
        break
    yield from stream


def _read(line: bytes, number: int, name: str) -> Request | UnreadableFile:
    try:
        request = msgspec.json.decode(line, type=Request)
    except UnicodeDecodeError:
        return UnreadableFile(
            f"{name}:{number}", "is not in UTF-8, as JSON lines are: save the file as UTF-8"
        )
    except msgspec.MsgspecError as error:
        return UnreadableFile(f"{name}:{number}", f'no line of the form {{"id", "text"}}: {error}')
    return request if request.text.strip() else UnreadableFile(f"{name}:{number}", NO_TEXT)


def _answer_units(
    requests: Sequence[Request | UnreadableFile], classifier: Classifier, min_score: float | None
) -> Iterator[bytes | UnreadableFile]:
    good = [one for one in requests if isinstance(one, Request)]
    labels = iter(classifier.label_alone([(one.text, one.section, tuple(one.path)) for one in good]))
    for request in requests:
        if isinstance(request, UnreadableFile):
            yield request
            continue
        label = next(labels)
        kind, score, themes = choose_kind(label, min_score) if says_something(request.text) else _NOTHING
        platforms = find_platforms(request.text)
        figures = find_figures(request.text, platforms, section=request.section, path=tuple(request.path))
        yield msgspec.json.encode(
            {
                "id": request.id,
                "kind": kind,
                "score": score,
                "themes": themes,
                "figures": [_plain(one) for one in figures],
                "platforms": [_plain(one) for one in platforms],
            }
        )


def says_something(text: str) -> bool:
    """Whether a text has a letter or a digit; where it has none, there is nothing to be of a kind.

    >>> says_something("无。"), says_something("　。！")
    (True, False)
    """
    return any(map(str.isalnum, text))


def choose_kind(label: Label, min_score: float | None = None) -> tuple[str | None, float, tuple[str, ...]]:
    """The likeliest kind with its probability and its themes; kind None below `min_score`."""
    score = max(label.scores)
    kind = load_kinds()[label.scores.index(score)]
    if min_score is not None and score < min_score:
        return None, round(score, 4), ()
    return kind, round(score, 4), label.themes if kind in _THEMED else ()


def _plain(found: Figure | Platform) -> dict[str, Any]:
    plain = found.to_dict()
    del plain["unit_id"]
    return plain


def _answer_split(
    requests: Sequence[Request | UnreadableFile], classifier: Classifier, min_score: float | None
) -> Iterator[bytes | UnreadableFile]:
    for request in requests:
        yield request if isinstance(request, UnreadableFile) else _split(request, classifier, min_score)


def _split(request: Request, classifier: Classifier, min_score: float | None) -> bytes:
    """The units of a narrative, with their figures and platforms; offsets into the request's own text."""
    units = split_narrative(request.text, classifier, request.section)
    platforms: list[dict[str, Any]] = []
    figures: list[dict[str, Any]] = []
    rows = []
    for unit in units:
        kept = unit.score is not None and (min_score is None or unit.score >= min_score)
        rows.append({**unit.to_dict(), **({} if kept else {"kind": None, "themes": ()})})
        found = find_platforms(unit.text)
        counted = find_figures(unit.text, found, section=unit.section, path=unit.path)
        platforms += [_moved(one, unit) for one in found]
        figures += [_moved(one, unit) for one in counted]
    return msgspec.json.encode({"id": request.id, "units": rows, "figures": figures, "platforms": platforms})


def _moved(found: Figure | Platform, unit: Unit) -> dict[str, Any]:
    plain = found.to_dict()
    return {**plain, "start": found.start + unit.start, "end": found.end + unit.start, "unit_id": unit.id}


def split_narrative(
    text: str, classifier: Classifier | None = None, section: SectionId | None = None
) -> tuple[Unit, ...]:
    """The units of a stretch of narrative, with kinds and themes; offsets into `text` as it stands.

    `section` says where the stretch comes from, where it has no headings of its own. Where neither says it,
    the units are put down as `overview`, but none is judged by that: a classifier that was told so knows
    fewer of the corpus's problems and measures (85 of 100 instead of 92).
    """
    laid = Text(text, tuple(_lines(text)))
    sections = find_sections(laid)
    if section is not None and all(one.heading is None for one in sections):
        sections = tuple(replace(one, id=section) for one in sections)
    atoms, _ = split_atoms(laid, sections, ())
    asked = atoms
    if section is None and all(one.heading is None for one in sections):
        asked = tuple(replace(atom, section=UNKNOWN) for atom in atoms)
    return join_atoms(laid, atoms, classify_atoms(text, asked, model=classifier))


def _lines(text: str) -> Iterator[Line]:
    """The lines of a text that is taken as it stands, without the white space around them."""
    at = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            start = at + line.index(bare)
            yield Line(start, start + len(bare))
        at += len(line) + 1
