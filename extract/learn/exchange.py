"""Labels to and from annotation tools: Label Studio, doccano, Prodigy; a report and its units each record.

Every format carries the whole report in a field of its own (`gongkai`) beside what the tool shows, so that
what comes back unchanged is what went out. What a person changed in the tool counts: kind, themes, span;
a unit removed is gone, a unit drawn anew gets the next number. Offsets are code points, save in Label
Studio, whose front end counts UTF-16 units.
"""

from __future__ import annotations

import json
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from extract.errors import BadData
from extract.learn.corpus import ReportRow, SectionSpan, UnitRow, sort_themes
from extract.learn.markup import MarkedReport

OURS = "gongkai"  # the field with what the tool does not show
THEME_PREFIX = "theme:"


class Region(NamedTuple):
    """A labelled span as a tool gives it back; `id` is our unit's where the tool kept it."""

    id: str | None
    start: int
    end: int
    kind: str
    themes: tuple[str, ...]


# ---- what all formats share ------------------------------------------------------------------------------


def _pack(marked: MarkedReport) -> dict[str, Any]:
    """The report without what the tool shows: its text, and the kind, themes and span of its units."""
    report = msgspec.to_builtins(marked.report)
    del report["text"]
    shared = set(ReportRow.__struct_fields__) - {"id"}
    units = [
        {
            key: value
            for key, value in msgspec.to_builtins(unit).items()
            if key not in shared or key == "source"
        }
        for unit in marked.units
    ]
    hidden = ("text", "start", "end", "kind", "themes")
    return {"report": report, "units": [{k: v for k, v in u.items() if k not in hidden} for u in units]}


def _unpack(text: str, packed: Mapping[str, Any], regions: Iterable[Region], where: str) -> MarkedReport:
    """The report and the units that the regions say, in text order."""
    try:
        report = msgspec.convert({**packed["report"], "text": text}, ReportRow)
    except (KeyError, msgspec.ValidationError) as error:
        raise BadData(f"{where}: {OURS}.report: {error}") from error
    known = {unit["id"]: unit for unit in packed.get("units", ())}
    number = max((int(name.rsplit("-", 1)[1]) for name in known), default=0)
    units = []
    for region in sorted(regions, key=lambda region: (region.start, region.end)):
        kept = known.get(region.id or "")
        if kept is None:
            number += 1
            kept = _new_unit(f"{report.id}-{number:03d}", report, region)
        units.append(_as_row(report, kept, region, where))
    return MarkedReport(report, tuple(units))


def _new_unit(name: str, report: ReportRow, region: Region) -> dict[str, Any]:
    section = next((s for s in report.sections if s.start <= region.start < s.end), None)
    return {
        "id": name,
        "section": section.id if section is not None else "preamble",
        "path": [],
        "marker": None,
        "hard": False,
        "source": report.source,
    }


def _as_row(report: ReportRow, kept: Mapping[str, Any], region: Region, where: str) -> UnitRow:
    shared = {key: getattr(report, key) for key in ("report_id", "agency", "level", "year", "hand", "part")}
    text = report.text[region.start : region.end]
    start = region.start + len(text) - len(text.lstrip())
    text = text.strip()
    row = {**shared, **kept, "text": text, "start": start, "end": start + len(text), "kind": region.kind}
    try:
        return msgspec.convert({**row, "themes": sort_themes(region.themes)}, UnitRow)
    except msgspec.ValidationError as error:
        raise BadData(f"{where}: unit at {region.start}:{region.end}: {error}") from error


def _read_lines(data: bytes, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(data.removeprefix(BOM_UTF8).split(b"\n"), 1):
        if line.strip():
            try:
                yield f"{where}:{number}", json.loads(line)
            except ValueError as error:
                raise BadData(f"{where}:{number}: is no line of JSON: {error}") from error


def _write_lines(records: Iterable[Mapping[str, Any]]) -> bytes:
    return b"".join(json.dumps(r, ensure_ascii=False).encode() + b"\n" for r in records)


def _packed(record: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    """Our own field; for text that was labelled without having been exported from here, made anew."""
    ours = record.get(OURS)
    if isinstance(ours, Mapping):
        return ours
    meta = record.get("meta")
    fields = {**record, **(meta if isinstance(meta, Mapping) else {})}
    missing = [key for key in ("id", "agency", "level", "year") if fields.get(key) in (None, "")]
    if missing:
        raise BadData(
            f"{where}: {missing[0]}: missing (a report labelled elsewhere needs id, agency, level, year)"
        )
    name = str(fields["id"])
    report = {
        "id": name,
        "report_id": name,
        "agency": str(fields["agency"]),
        "level": str(fields["level"]),
        "year": int(fields["year"]),
        "hand": str(fields.get("hand", "own")),
        "part": fields.get("part", "main"),
        "title": None,
        "sections": msgspec.to_builtins(_find_sections(str(record["text"]), where)),
        "source": str(fields.get("source", "own")),
    }
    return {"report": report, "units": []}


def _find_sections(text: str, where: str) -> list[SectionSpan]:
    """The sections of a text that was not exported from here, by its headings."""
    from extract.report import Line, Text
    from extract.sections import find_sections

    lines, at = [], 0
    for line in text.split("\n"):
        lines.append(Line(at, at + len(line)))
        at += len(line) + 1
    found = find_sections(Text(text, tuple(line for line in lines if line.end > line.start)))
    if not found:
        raise BadData(f"{where}: text: no section heading in it, so that no unit can be placed")
    return [SectionSpan(id=one.id, heading=one.heading, start=one.start, end=one.end) for one in found]


# ---- Label Studio ----------------------------------------------------------------------------------------


def write_label_studio(reports: Sequence[MarkedReport]) -> bytes:
    """Tasks with annotations: spans `kind`, and for each span its choices `themes`."""
    tasks = []
    for number, marked in enumerate(reports, 1):
        offsets = _utf16_offsets(marked.report.text)
        results = []
        for unit in marked.units:
            value = {"start": offsets[unit.start], "end": offsets[unit.end], "text": unit.text}
            place = {"id": unit.id, "to_name": "text"}
            results.append(
                {**place, "from_name": "kind", "type": "labels", "value": {**value, "labels": [unit.kind]}}
            )
            if unit.themes:
                choices = {**value, "choices": list(unit.themes)}
                results.append({**place, "from_name": "themes", "type": "choices", "value": choices})
        data = {"text": marked.report.text, OURS: _pack(marked)}
        tasks.append({"id": number, "data": data, "annotations": [{"result": results}]})
    return json.dumps(tasks, ensure_ascii=False, indent=1).encode() + b"\n"


def read_label_studio(data: bytes, where: str) -> list[MarkedReport]:
    """The reports of a Label Studio export (JSON). Raises `BadData` naming task and field."""
    reports = []
    try:
        tasks = json.loads(data.decode("utf-8-sig"))
    except ValueError as error:
        raise BadData(f"{where}: is no JSON: {error}") from error
    for task in tasks:
        place = f"{where}: task {task.get('id')}"
        text = task["data"]["text"]
        results = [one for annotation in task.get("annotations", ())[:1] for one in annotation["result"]]
        points = {unit: point for point, unit in enumerate(_utf16_offsets(text))}
        regions = _label_studio_regions(results, points, place)
        reports.append(_unpack(text, _packed(task["data"], place), regions, place))
    return reports


def _label_studio_regions(
    results: Sequence[Mapping[str, Any]], points: Mapping[int, int], where: str
) -> list[Region]:
    themes = {one["id"]: one["value"]["choices"] for one in results if one["type"] == "choices"}
    regions = []
    for one in results:
        if one["type"] != "labels":
            continue
        value = one["value"]
        if value["start"] not in points or value["end"] not in points:
            raise BadData(
                f"{where}: result {one['id']}: {value['start']}:{value['end']} is no place in the text"
            )
        start, end = points[value["start"]], points[value["end"]]
        regions.append(Region(one["id"], start, end, value["labels"][0], tuple(themes.get(one["id"], ()))))
    return regions


def _utf16_offsets(text: str) -> list[int]:
    """The place of each code point (and of the end) counted in UTF-16 units.

    >>> _utf16_offsets("a𠀀b")
    [0, 1, 3, 4]
    """
    offsets, at = [0], 0
    for character in text:
        at += 2 if ord(character) > 0xFFFF else 1
        offsets.append(at)
    return offsets


# ---- doccano ---------------------------------------------------------------------------------------------


def write_doccano(reports: Sequence[MarkedReport]) -> bytes:
    """Sequence labelling, JSON lines: `[start, end, kind]`, and `[start, end, "theme:…"]` for each theme."""
    records = []
    for marked in reports:
        labels: list[list[Any]] = []
        for unit in marked.units:
            labels.append([unit.start, unit.end, unit.kind])
            labels += [[unit.start, unit.end, THEME_PREFIX + theme] for theme in unit.themes]
        records.append({"text": marked.report.text, "label": labels, OURS: _pack(marked) | _spans(marked)})
    return _write_lines(records)


def _spans(marked: MarkedReport) -> dict[str, Any]:
    """The unit of each span: doccano keeps no ids of labels."""
    return {"spans": {f"{unit.start}:{unit.end}": unit.id for unit in marked.units}}


def read_doccano(data: bytes, where: str) -> list[MarkedReport]:
    """The reports of a doccano export. Raises `BadData` naming line and field."""
    reports = []
    for place, record in _read_lines(data, where):
        spans: dict[tuple[int, int], list[str]] = {}
        for start, end, label in record.get("label", record.get("labels", ())):
            spans.setdefault((start, end), []).append(label)
        packed = _packed(record, place)
        names: Mapping[str, str] = packed.get("spans", {})
        regions = []
        for (start, end), labels in spans.items():
            kinds = [label for label in labels if not label.startswith(THEME_PREFIX)]
            if len(kinds) != 1:
                raise BadData(f"{place}: label at {start}:{end}: {len(kinds)} kinds, where one is wanted")
            themes = tuple(one.removeprefix(THEME_PREFIX) for one in labels if one not in kinds)
            regions.append(Region(names.get(f"{start}:{end}"), start, end, kinds[0], themes))
        reports.append(_unpack(record["text"], packed, regions, place))
    return reports


# ---- Prodigy ---------------------------------------------------------------------------------------------


def write_prodigy(reports: Sequence[MarkedReport]) -> bytes:
    """Accepted span tasks, JSON lines; the themes of a span in its `themes`."""
    records = []
    for marked in reports:
        spans = [
            {"start": u.start, "end": u.end, "label": u.kind, "themes": list(u.themes), "id": u.id}
            for u in marked.units
        ]
        digest = zlib.crc32(marked.report.text.encode())
        record = {"text": marked.report.text, "spans": spans, "answer": "accept", "_input_hash": digest}
        records.append({**record, "_task_hash": zlib.crc32(marked.report.id.encode()), OURS: _pack(marked)})
    return _write_lines(records)


def read_prodigy(data: bytes, where: str) -> list[MarkedReport]:
    """The accepted reports of a Prodigy dataset. Raises `BadData` naming line and field."""
    reports = []
    for place, record in _read_lines(data, where):
        if record.get("answer", "accept") != "accept":
            continue
        regions = [
            Region(span.get("id"), span["start"], span["end"], span["label"], tuple(span.get("themes", ())))
            for span in record.get("spans", ())
        ]
        reports.append(_unpack(record["text"], _packed(record, place), regions, place))
    return reports
