"""Reports that are there twice are marked, however they differ; reports that only look alike are not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from msgspec.structs import replace

from extract import parse
from extract.bulk import signing
from extract.bulk.dedup import find_duplicates, mark_duplicates
from extract.report import Report
from extract.store import Store, report_key, write_reports

REPORTS = sorted((Path(__file__).parent / "reports").glob("*.txt"))[:6]


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    return [parse(path) for path in REPORTS]


def copy(report: Report, path: str, **changes: object) -> Report:
    """The report as another site has it: other bytes, another path."""
    digest = hashlib.sha256(path.encode()).hexdigest()
    source = replace(report.source, path=path, sha256=digest)
    return replace(report, id=digest[:16], source=source, **changes)


def alter(report: Report, old: str, new: str) -> Report:
    """A copy in which some words of the narrative differ."""
    units = tuple(replace(unit, text=unit.text.replace(old, new)) for unit in report.units)
    return copy(report, "altered.txt", units=units, text=report.text.replace(old, new))


def found(tmp_path, reports) -> list[tuple[str, str, str]]:
    write_reports(reports, tmp_path / "out")
    return [(one.report_key, one.duplicate_of, one.how) for one in find_duplicates(Store(tmp_path / "out"))]


def pair(first: Report, second: Report, how: str) -> list[tuple[str, str, str]]:
    one, other = sorted((report_key(first), report_key(second)))
    return [(other, one, how)]


def test_different_reports_are_no_duplicates(tmp_path, reports):
    assert found(tmp_path, reports) == []


def test_the_same_file_twice(tmp_path, reports):
    again = replace(reports[0], source=replace(reports[0].source, path="again.txt"))
    assert found(tmp_path, [*reports, again]) == pair(reports[0], again, "same_file")


def test_the_same_text_from_another_site(tmp_path, reports):
    again = copy(reports[1], "site.html", text=reports[1].text.replace("\n", "\n \n"))
    assert found(tmp_path, [*reports, again]) == pair(reports[1], again, "same_text")


def test_nearly_the_same_report(tmp_path, reports):
    word = max(reports[2].units, key=lambda unit: len(unit.text)).text[10:14]
    again = alter(reports[2], word, "另外写法")
    ((key, of, how),) = found(tmp_path, [*reports, again])
    assert {key, of} == {report_key(reports[2]), report_key(again)}
    assert how == "near"


def test_another_year_or_agency_is_another_report(tmp_path, reports):
    first = reports[2]
    word = max(first.units, key=lambda unit: len(unit.text)).text[10:14]
    later = replace(alter(first, word, "另外写法"), year=(first.year or 2020) + 1)
    other = replace(copy(first, "b.txt", text=first.text + "附"), agency="别处县人民政府")
    assert found(tmp_path, [first, later, other]) == []


def test_an_agency_that_one_copy_does_not_name(tmp_path, reports):
    first = reports[2]
    word = max(first.units, key=lambda unit: len(unit.text)).text[10:14]
    again = replace(alter(first, word, "另外写法"), agency=None)
    assert len(found(tmp_path, [*reports, again])) == 1


def test_all_copies_point_to_one(tmp_path, reports):
    copies = [replace(reports[0], source=replace(reports[0].source, path=f"{n}.txt")) for n in range(5)]
    rows = found(tmp_path, [*reports[1:], *copies])
    assert len(rows) == 4
    assert {of for _, of, _ in rows} == {min(map(report_key, copies))}


def test_a_later_part_pays_only_for_itself(tmp_path, reports, monkeypatch):
    out = tmp_path / "out"
    write_reports(reports[:3], out)
    assert mark_duplicates(str(out)) == 0
    again = replace(reports[0], source=replace(reports[0].source, path="again.txt"))
    write_reports([again], out)
    signed = []
    right = signing.sign

    def sign(rows):
        listed = list(rows)
        signed.extend(listed)
        return right(listed)

    monkeypatch.setattr("extract.bulk.signing.sign", sign)
    assert mark_duplicates(str(out)) == 1
    assert len(signed) == 1
    import pyarrow.parquet as pq

    (row,) = pq.read_table(out / "duplicates.parquet").to_pylist()
    assert (row["how"], row["similarity"]) == ("same_file", 1.0)


def test_a_report_of_nobody_does_not_make_one_of_two_agencies(tmp_path, reports):
    first = reports[2]
    word = max(first.units, key=lambda unit: len(unit.text)).text[10:14]
    nobody = replace(alter(first, word, "另外写法"), agency=None)
    other = replace(copy(first, "b.txt", text=first.text + "附"), agency="别处县人民政府")
    rows = found(tmp_path, [first, nobody, other])
    assert len(rows) == 1
    assert report_key(nobody) in rows[0][:2]


def test_shares_of_any_size_find_the_same(tmp_path, reports, monkeypatch):
    word = max(reports[2].units, key=lambda unit: len(unit.text)).text[10:14]
    again = replace(reports[0], source=replace(reports[0].source, path="again.txt"))
    near = alter(reports[2], word, "另外写法")
    nobody = replace(copy(reports[3], "c.txt", text=reports[3].text + "附"), agency=None)
    whole = found(tmp_path, [*reports, again, near, nobody])
    assert len(whole) == 3
    for name in ("SHARE", "BLOCK", "_NEAR_BY"):
        monkeypatch.setattr(f"extract.bulk.columns.{name}", 2)
    monkeypatch.setattr("extract.bulk.dedup.PAIRS", 1)
    monkeypatch.setattr("extract.bulk.dedup._WAITING", 0)
    store = Store(tmp_path / "out")
    assert [(one.report_key, one.duplicate_of, one.how) for one in find_duplicates(store)] == whole


def test_how_like_a_copy_is_to_what_it_repeats(tmp_path, reports):
    from extract.similarity import jaccard, masked, shingle_hashes

    word = max(reports[2].units, key=lambda unit: len(unit.text)).text[10:14]
    near = alter(reports[2], word, "另外写法")
    write_reports([*reports, near], tmp_path / "out")
    (one,) = find_duplicates(Store(tmp_path / "out"))
    texts = ["\n".join(unit.text for unit in report.units) for report in (reports[2], near)]
    likeness = jaccard(*(shingle_hashes(masked(text, None)) for text in texts))
    assert one.similarity == likeness
    assert 0.9 <= likeness < 1


def test_the_order_in_which_parts_lie_changes_nothing(tmp_path, reports):
    word = max(reports[2].units, key=lambda unit: len(unit.text)).text[10:14]
    every = [*reports, alter(reports[2], word, "另外写法")]
    for name, order in (("one", every), ("other", every[::-1])):
        for report in order:
            write_reports([report], tmp_path / name)
    assert find_duplicates(Store(tmp_path / "one")) == find_duplicates(Store(tmp_path / "other"))
