"""The labelled corpus: markup, schema, exchange with annotation tools, checks, agreement, likeness."""

from __future__ import annotations

import csv
import io
import json
import shutil
from itertools import combinations
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from extract.cli import main
from extract.errors import BadData
from extract.learn import agreement, bring, checks, exchange, likeness, sheets
from extract.learn.corpus import ReportRow, SectionSpan, UnitRow, load_reports, load_units, write_rows
from extract.learn.corpus_card import write_corpus_card
from extract.learn.markup import MarkedReport, read_markup
from extract.learn.splits import SplitRules, assign_split

MARKUP = """\
# a comment
@@ id=h03-07 hand=h03 agency=青柳河镇人民政府 level=镇 year=2023 title=青柳河镇2023年信息公开年报
=preamble
{overview}本报告由镇党政办编制，所列数据截至年底，如有疑问请来电或来函垂询。
=overview 一、总体情况
-（一）主动公开情况
{proactive}全年公开信息88条。{platform}更换公开栏3块，新装𠮷祥里电子屏。
<（二）依申请公开。>{request}无。
=problems 五、存在的主要问题
{problem}存在以下问题：{problem:staffing|一是}‹，›人手不足；{problem:timeliness,channel!|二是}公开栏换得慢。
=problems 六、改进措施
⟦下一步，⟧{measure:staffing|1.}增配一人。<<2.平台：>>{measure:channel}更新公开栏。
=other 七、其他需要报告的事项
{other}无
"""
TEXT = """\
青柳河镇2023年信息公开年报
本报告由镇党政办编制，所列数据截至年底，如有疑问请来电或来函垂询。
一、总体情况
（一）主动公开情况
全年公开信息88条。更换公开栏3块，新装𠮷祥里电子屏。
（二）依申请公开。无。
五、存在的主要问题
存在以下问题：一是，人手不足；二是公开栏换得慢。
六、改进措施
下一步，1.增配一人。2.平台：更新公开栏。
七、其他需要报告的事项
无"""


@pytest.fixture
def marked(tmp_path: Path) -> MarkedReport:
    file = tmp_path / "draft.txt"
    file.write_text(MARKUP, encoding="utf-8")
    return read_markup(file)[0]


def test_markup_gives_back_the_report(marked: MarkedReport) -> None:
    assert marked.report.text == TEXT
    for unit in marked.units:
        assert TEXT[unit.start : unit.end] == unit.text
    assert [section.id for section in marked.report.sections] == ["preamble", "overview", "problems", "other"]


def test_markup_tells_path_marker_themes_and_hard(marked: MarkedReport) -> None:
    units = {unit.text: unit for unit in marked.units}
    late = units["公开栏换得慢。"]
    assert (late.marker, late.themes, late.hard) == ("二是", ("timeliness", "channel"), True)
    assert units["人手不足；"].path == ()
    assert units["更新公开栏。"].path == ("六、改进措施", "2.平台")
    assert units["无。"].path == ("（二）依申请公开",)
    assert units["增配一人。"].marker == "1."


def test_sentences_that_go_on_in_one_kind_are_one_unit(tmp_path: Path) -> None:
    """Guideline §1.6; an item, a lead-in and another paragraph stay apart."""
    file = tmp_path / "draft.txt"
    head = MARKUP.split("=preamble")[0] + "=problems 五、问题\n"
    body = "{problem:channel}栏少。{problem:content!}字小。{problem}还有：{problem|一是}慢。\n{problem}乱。"
    file.write_text(head + body, encoding="utf-8")
    units = read_markup(file)[0].units
    assert [unit.text for unit in units] == ["栏少。字小。", "还有：", "慢。", "乱。"]
    assert (units[0].themes, units[0].hard) == (("content", "channel"), True)


def test_a_sentence_is_never_cut(tmp_path: Path) -> None:
    """Clauses that were labelled apart are one hard unit, of the kind that mixtures have."""
    file = tmp_path / "draft.txt"
    head = MARKUP.split("=preamble")[0] + "=overview 一、概述\n"
    body = "{platform}建栏；{proactive}发文3篇，公示5条。\n{problem:content}内容少，{measure:staffing}已补。"
    file.write_text(head + body, encoding="utf-8")
    units = read_markup(file)[0].units
    assert [(unit.kind, unit.themes, unit.hard) for unit in units] == [
        ("proactive", (), True),
        ("measure", ("content", "staffing"), True),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{problm}x", "no kind 'problm'"),
        ("{problem:speed}x", "no theme 'speed'"),
        ("没有标签的句子。", "text in no unit"),
        ("=fees 收费", "no section 'fees'"),
        ("{other}无〕⟦", "belongs to no tag"),
        ("@@ id=a hand=h agency=b level=镇", "'year' is missing"),
        ("@@ id=a hand=h agency=b level=镇 year=x", "is no number"),
        ("@@ id=a hand=h agency=b level=镇 year=2020 split=odd", "not one of"),
    ],
)
def test_bad_markup_names_file_and_line(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "bad.txt"
    file.write_text(MARKUP + line + "\n", encoding="utf-8")
    with pytest.raises(BadData, match=reason) as error:
        read_markup(file)
    assert f"bad.txt:{MARKUP.count(chr(10)) + 1}:" in str(error.value)


# ---- round trips -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", list(bring.REPORT_FORMATS))
def test_tools_give_back_what_they_were_given(marked: MarkedReport, form: str) -> None:
    write, read = bring.REPORT_FORMATS[form]
    assert read(write([marked, marked]), "export") == [marked, marked]


@pytest.mark.parametrize("form", list(bring.UNIT_FORMATS))
def test_tables_give_back_what_they_were_given(marked: MarkedReport, form: str) -> None:
    write, read = bring.UNIT_FORMATS[form]
    odd = [
        msgspec.structs.replace(
            marked.units[0], path=("a|b\\", "=1+1"), text="=SUM(a)", end=marked.units[0].start + 7
        )
    ]
    assert read(write([*marked.units, *odd]), "export") == [*marked.units, *odd]


CHARACTERS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=12
)


@settings(max_examples=40, deadline=None)
@given(pieces=st.lists(CHARACTERS, min_size=1, max_size=5), form=st.sampled_from(list(bring.REPORT_FORMATS)))
def test_no_text_is_lost_in_a_round_trip(pieces: list[str], form: str) -> None:
    marked = made_of(pieces)
    write, read = bring.REPORT_FORMATS[form]
    assert read(write([marked]), "export") == [marked]
    for table in bring.UNIT_FORMATS.values():
        assert table[1](table[0](marked.units), "export") == list(marked.units)


def made_of(pieces: list[str], kind: str = "problem") -> MarkedReport:
    """A report whose units are `pieces`, a line each."""
    shared = {"report_id": "r", "agency": "甲镇", "level": "镇", "year": 2021, "hand": "h", "part": "main"}
    units, at = [], 0
    for number, piece in enumerate(pieces):
        units.append(
            UnitRow(
                id=f"r-{number + 1:03d}",
                **shared,
                section="problems",
                path=(),
                marker=None,
                text=piece,
                start=at,
                end=at + len(piece),
                kind=kind,
                themes=("content",),
                hard=False,
            )
        )
        at += len(piece) + 1
    text = "\n".join(pieces)
    sections = (SectionSpan(id="problems", heading=None, start=0, end=len(text)),)
    return MarkedReport(ReportRow(id="r", **shared, title=None, text=text, sections=sections), tuple(units))


def test_label_studio_counts_utf16_units(marked: MarkedReport) -> None:
    """𠮷 is two units there: a span after it lies one further on than in code points."""
    task = json.loads(exchange.write_label_studio([marked]))[0]
    last = task["annotations"][0]["result"][-1]["value"]
    assert last["start"] == marked.units[-1].start + 1


def test_what_a_person_changes_in_a_tool_counts(marked: MarkedReport) -> None:
    """A kind changed, a unit removed, a unit drawn anew."""
    record = json.loads(exchange.write_prodigy([marked]))
    spans = record["spans"]
    spans[1]["label"] = "management"
    del spans[0]
    start = TEXT.index("下一步")
    spans.append({"start": start, "end": start + 4, "label": "measure"})
    back = exchange.read_prodigy(json.dumps(record).encode(), "export")[0]
    assert back.units[0].kind == "management"
    drawn = next(unit for unit in back.units if unit.text == "下一步，")
    assert (drawn.section, drawn.id) == ("problems", "h03-07-011")
    assert len(back.units) == len(marked.units)


def test_rejected_answers_are_left_out(marked: MarkedReport) -> None:
    record = json.loads(exchange.write_prodigy([marked])) | {"answer": "reject"}
    assert exchange.read_prodigy(json.dumps(record).encode(), "export") == []


def test_a_table_names_line_and_column(marked: MarkedReport) -> None:
    text = sheets.write_csv(marked.units).decode().replace(",request,", ",requst,")
    with pytest.raises(BadData, match=r"mine.csv:5: kind: no kind 'requst'"):
        sheets.read_csv(text.encode(), "mine.csv")


@pytest.mark.parametrize(("encoding", "sign"), [("gb18030", ","), ("utf-16", "\t"), ("utf-8", ";")])
def test_a_table_comes_back_as_excel_saves_it(marked: MarkedReport, encoding: str, sign: str) -> None:
    rows = csv.reader(io.StringIO(sheets.write_csv(marked.units).decode("utf-8-sig"), newline=""))
    saved = io.StringIO(newline="")
    csv.writer(saved, delimiter=sign).writerows(rows)
    assert sheets.read_csv(saved.getvalue().encode(encoding), "mine.csv") == list(marked.units)


def test_rows_of_a_table_may_end_early_and_not_late(marked: MarkedReport) -> None:
    unit = replace(marked.units[0], hard=False, themes=(), source="written")
    first, second = sheets.write_csv([unit]).decode("utf-8-sig").splitlines()
    assert second.endswith(",,0,written")
    with pytest.raises(BadData, match=r"mine.csv:2: kind: "):
        sheets.read_csv(f"{first}\n{second.split(unit.kind)[0]}\n".encode(), "mine.csv")
    with pytest.raises(BadData, match=rf"mine.csv:2: {len(sheets.COLUMNS) + 1} fields"):
        sheets.read_csv(f"{first}\n{second},more\n".encode(), "mine.csv")


def test_files_that_are_no_tables_or_lines_are_told() -> None:
    with pytest.raises(BadData, match="is no Excel file"):
        sheets.read_xlsx(b"PK", "mine.xlsx")
    with pytest.raises(BadData, match=r"mine.jsonl:2: is no line of JSON: 'utf-8' codec"):
        exchange.read_doccano(b'\n{"text": "\xff"}\n', "mine.jsonl")


@pytest.mark.parametrize(
    ("form", "content"),
    [("doccano", "7\n"), ("prodigy", '{"spans": [{"start": 0}]}\n'), ("labelstudio", '[{"data": {}}]')],
)
def test_what_a_tool_never_writes_is_told(tmp_path: Path, form: str, content: str) -> None:
    (tmp_path / "mine.json").write_text(content)
    with pytest.raises(BadData, match=rf"mine.json: not all in it is as {form} writes it"):
        bring.import_labels(tmp_path / "corpus", [tmp_path / "mine.json"], form)


def test_markup_may_be_in_gb_18030(marked: MarkedReport, tmp_path: Path) -> None:
    file = tmp_path / "gb.txt"
    file.write_bytes(MARKUP.replace("\n", "\r\n").encode("gb18030"))
    assert read_markup(file) == [marked]


# ---- the folder ------------------------------------------------------------------------------------------


def test_import_places_an_agency_once_and_replaces_its_report(marked: MarkedReport, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    bring.write_marked(corpus, [marked])
    before = {file: file.read_bytes() for file in corpus.rglob("*.jsonl")}
    assert bring.write_marked(corpus, [marked]) == []
    assert {file: file.read_bytes() for file in corpus.rglob("*.jsonl")} == before
    assert bring.load_marked(corpus) == [marked]
    assert load_reports(corpus) == [marked.report]
    assert len(before) == 2


def test_the_card_of_a_corpus_counts_what_it_holds(marked: MarkedReport, tmp_path: Path) -> None:
    """With the head that the Hugging Face hub reads: the columns, and only the splits that there are."""
    bring.write_marked(tmp_path, [marked])
    with pytest.raises(BadData, match=r"README\.md: is no card of the project's own corpus"):
        write_corpus_card(tmp_path, curves=False)
    (tmp_path / "README.md").write_text("---\npretty_name: gongkai corpus\n---\n")
    (split,) = {file.parent.name for file in tmp_path.rglob("*.jsonl")}
    card = write_corpus_card(tmp_path, curves=False).read_text("utf-8")
    head = card.split("---")[1]
    assert f"  - split: {split}\n    path: units/{split}/*.jsonl" in head
    assert head.count("- split:") == 2  # of units and of reports
    assert all(f"  - name: {column}" in head for column in UnitRow.__struct_fields__)
    assert f" 1 reports, {len(marked.units)} units, 0 sentences" in card.replace("\n", " ")


@pytest.mark.slow
def test_the_card_of_the_corpus_is_what_the_command_writes(tmp_path: Path) -> None:
    shutil.copytree("corpus", tmp_path / "corpus")
    assert main(["corpus", "card", "--corpus", str(tmp_path / "corpus")]) == 0
    assert (tmp_path / "corpus/README.md").read_bytes() == Path("corpus/README.md").read_bytes()


def test_splits_keep_agencies_together_and_held_out_hands_apart() -> None:
    rules = SplitRules(train_hands=("h8",), test_hands=("h9",), validation=0.2, test=0.2)
    assert assign_split("甲镇", "h9", rules) == "test"
    assert {assign_split(f"{n}号镇", "h8", rules) for n in range(50)} == {"train"}
    places = [assign_split(f"{n}号镇", "h1", rules) for n in range(400)]
    assert 50 < places.count("test") < 110
    assert places == [assign_split(f"{n}号镇", "h1", rules) for n in range(400)]


def test_a_bad_line_names_file_line_and_field(marked: MarkedReport, tmp_path: Path) -> None:
    write_rows(tmp_path, [("train", unit) for unit in marked.units])
    file = tmp_path / "units" / "train" / "2023.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines()
    for old, new, field in [
        ('"year":2023', '"year":"x"', "year"),
        ('"kind":"proactive"', '"kind":"news"', "kind"),
        ('"hard":false,', "", "hard"),
        ('"level":', '"lewel":', "lewel"),
    ]:
        changed = [lines[0], lines[1].replace(old, new), *lines[2:]]
        file.write_text("\n".join(changed), encoding="utf-8")
        with pytest.raises(BadData, match=f"2023.jsonl:2: {field}: "):
            load_units(tmp_path)


def test_check_finds_each_planted_fault(tmp_path: Path, marked: MarkedReport) -> None:
    bring.write_marked(tmp_path, [marked])
    assert [f for f in checks.run_check(tmp_path) if f.severity == "error"] == []
    planted = {
        "lead-in-themes": ("{problem}存在以下", "{problem:content}存在以下"),
        "bare-nothing": ("{other}无", "{overview}无"),
        "kinds-of-problems": ("{measure:channel}", "{platform}"),
        "marker-in-text": ("‹，›", "，"),
        "preamble": ("{overview}本报告", "{proactive}本报告"),
        "no-theme": ("{problem:staffing|", "{problem|"),
    }
    for rule, (old, new) in planted.items():
        assert old in MARKUP
        draft = tmp_path / "draft.txt"
        draft.write_text(MARKUP.replace(old, new), encoding="utf-8")
        bring.import_labels(tmp_path, [draft], "markup")
        assert rule in {fault.rule for fault in checks.run_check(tmp_path)}, rule


def test_check_finds_near_duplicates_and_agencies_in_two_splits(tmp_path: Path, marked: MarkedReport) -> None:
    other = MARKUP.replace("h03-07", "h04-01").replace("青柳河镇", "白石滩镇").replace("88条", "97条")
    draft = tmp_path / "draft.txt"
    draft.write_text(other, encoding="utf-8")
    second = read_markup(draft)[0]
    rows = [("train", unit) for unit in marked.units] + [("test", unit) for unit in second.units]
    write_rows(tmp_path, [*rows, ("train", marked.report), ("test", second.report)])
    assert "duplicate-between-splits" in {fault.rule for fault in checks.run_check(tmp_path)}
    write_rows(tmp_path, [("test", marked.units[0])])
    moved = [msgspec.structs.replace(marked.units[1], id="h03-08-001", report_id="h03-08")]
    write_rows(tmp_path, [("validation", unit) for unit in moved])
    assert "splits" in {fault.rule for fault in checks.run_check(tmp_path)}


# ---- agreement and likeness ------------------------------------------------------------------------------


def test_agreement_of_a_reading_with_itself_is_one(marked: MarkedReport) -> None:
    same = {u.id: agreement.Reading(unit_id=u.id, kind=u.kind, themes=u.themes) for u in marked.units}
    found = agreement.measure_agreement(marked.units, same)
    assert (found.share, found.exact, found.kappa) == (1.0, 1.0, pytest.approx(1.0))
    assert agreement.find_disagreements(marked.units, same) == []


def test_settling_puts_the_answer_into_the_corpus(tmp_path: Path, marked: MarkedReport) -> None:
    bring.write_marked(tmp_path, [marked])
    answers = tmp_path / "settled.jsonl"
    answers.write_text('{"unit_id": "h03-07-003", "kind": "proactive", "themes": [], "why": "a count"}\n')
    bring.settle_labels(tmp_path, answers)
    assert {u.id: u.kind for u in load_units(tmp_path)}["h03-07-003"] == "proactive"
    assert len(load_units(tmp_path)) == len(marked.units)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("一二三四五公开信", min_size=10, max_size=30), max_size=12))
def test_near_duplicates_are_all_found(texts: list[str]) -> None:
    """The quick search finds the same pairs as comparing all with all."""
    found = {(pair.first, pair.second) for pair in likeness.find_near_duplicates(texts, shortest=1)}
    sets = [likeness.shingles(text) for text in texts]
    all_pairs = combinations(range(len(texts)), 2)
    assert found == {
        (a, b) for a, b in all_pairs if len(sets[a] & sets[b]) / len(sets[a] | sets[b]) >= likeness.NEAR
    }


def test_masking_makes_reports_with_changed_names_alike() -> None:
    first = "青柳河镇人民政府2023年主动公开政府信息88条，其中网站60条。"
    second = "白石滩镇人民政府2021年主动公开政府信息1,204条，其中网站9条。"
    assert likeness.shingles(first) == likeness.shingles(second)


def test_themes_of_a_table_may_be_parted_as_in_any_other_of_our_tables(marked: MarkedReport) -> None:
    units = [unit for unit in marked.units if len(unit.themes) > 1][:1]
    assert units
    written = sheets.write_csv(units).decode("utf-8-sig")
    for sign in ("|", "；", "、"):
        changed = written.replace(f'"{",".join(units[0].themes)}"', sign.join(units[0].themes))
        assert sheets.read_csv(changed.encode(), "a.csv") == units
