"""Tagging tables: the same answers as JSON lines, in order, a bad row costing only itself, also a deadly one."""

from __future__ import annotations

import json
import subprocess
import sys

import dying
import pandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extract.bulk.ordered import Workers
from extract.bulk.tagging import Options, tag_rows
from extract.classify import Rules
from extract.cli import main
from extract.errors import GongkaiError
from extract.tag import tag_lines
from extract.tag.input import Columns, read_rows

TEXTS = [
    "全年通过微信公众号推送信息140余条，未收到公开申请。",
    "部分干部认识不足，信息更新不够及时。",
    "=下一步将举办培训班2期，进一步完善发布审查制度。",
    "在县政府网站公开文件32件，在政务公开栏公开48条。",
]
SECTIONS = ["overview", "problems", None, "proactive"]


def table(count=4):
    rows = range(count)
    return pa.table(
        {
            "key": [f"r{n}" for n in rows],
            "said": [TEXTS[n % 4] for n in rows],
            "part": pa.array([SECTIONS[n % 4] for n in rows], pa.string()),
            "path": pa.array([["一、总体情况", "（一）主动公开"] if n % 2 else [] for n in rows]),
            "unused": [b"\xff"] * count,
        }
    )


def as_lines(data):
    lines = []
    for row in data.to_pylist():
        request = {"id": row["key"], "text": row["said"], "section": row["part"], "path": row["path"]}
        lines.append(json.dumps({name: value for name, value in request.items() if value}).encode())
    return lines


def expected(data, *, split=False):
    return [json.loads(line) for line in tag_lines(as_lines(data), split=split, model=Rules())]


NAMED = ["--column", "said", "--id-column", "key", "--section-column", "part", "--model", "rules"]


def write(data, path):
    if path.suffix == ".parquet":
        pq.write_table(data, path)
        return
    frame = data.drop_columns(["unused"]).to_pandas()
    frame["path"] = frame["path"].map("|".join)
    if path.suffix == ".xlsx":
        frame.to_excel(path, index=False, engine="openpyxl")
    else:
        frame.to_csv(path, index=False, encoding="utf-8-sig" if path.stem == "in" else "gb18030")


@pytest.mark.parametrize("name", ["in.parquet", "in.csv", "chinese.csv"])
@pytest.mark.parametrize("split", [False, True])
def test_a_table_is_tagged_as_json_lines_are(tmp_path, name, split, capsysbinary):
    write(table(), tmp_path / name)
    arguments = ["tag", str(tmp_path / name), *NAMED, *(["--split"] if split else [])]
    assert main(arguments) == 0
    found = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
    assert found == expected(table(), split=split)
    assert main([*arguments, "-o", str(tmp_path / "out.parquet")]) == 0
    assert pq.read_table(tmp_path / "out.parquet").drop_columns(["error"]).to_pylist() == found


def test_excel_in_and_csv_out(tmp_path):
    frame = pandas.DataFrame({"text": TEXTS, None: [1, 2, 3, 4], "id": [7, 8, 9, 10]})
    plain = {"options": {"strings_to_formulas": False}}
    frame.to_excel(tmp_path / "in.xlsx", index=False, engine="xlsxwriter", engine_kwargs=plain)
    target = tmp_path / "out.csv"
    assert main(["tag", str(tmp_path / "in.xlsx"), "--model", "rules", "-o", str(target)]) == 0
    found = pandas.read_csv(target)
    lines = [json.dumps({"id": n, "text": text}).encode() for n, text in zip(range(7, 11), TEXTS)]
    wanted = [json.loads(line) for line in tag_lines(lines, model=Rules())]
    assert list(found["id"]) == [7, 8, 9, 10]
    assert list(found["kind"]) == [one["kind"] for one in wanted]
    assert [json.loads(one) for one in found["figures"]] == [one["figures"] for one in wanted]
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")


def test_an_export_can_be_tagged_again(tmp_path):
    from datasets_made import make_dataset

    from extract.export import export
    from extract.store import Store

    store = Store(make_dataset(tmp_path / "data"))
    export(store, "csv", tmp_path / "csv", tables=["units"])
    rows = list(read_rows(str(tmp_path / "csv" / "units.csv"), Columns()))
    assert [row.id for row in rows] == list(range(1, len(rows) + 1))
    tagged = [one for chunk in tag_rows(rows, Options(model="rules")) for one in chunk]
    assert [one for one in tagged if one.error] == []


def test_a_bad_row_becomes_a_row_with_an_error(tmp_path, capsys):
    data = pa.table(
        {
            "id": [1, 2, 3, 4],
            "text": [TEXTS[0], None, "一句话。", TEXTS[1]],
            "section": [None, None, "五", "problems"],
        }
    )
    pq.write_table(data, tmp_path / "in.parquet")
    target = tmp_path / "out.parquet"
    assert main(["tag", str(tmp_path / "in.parquet"), "--model", "rules", "-o", str(target)]) == 1
    found = pq.read_table(target).to_pylist()
    assert [row["id"] for row in found] == [1, 2, 3, 4]
    assert [row["error"] is None for row in found] == [True, False, False, True]
    assert found[1]["kind"] is None
    assert found[3]["kind"] == "problem"
    assert "in.parquet:2" in capsys.readouterr().err


@pytest.mark.parametrize("column", [pa.array([1, 2]), pa.array([b"a", b"b"]), pa.array([["a"], []])])
def test_texts_of_a_wrong_type_are_refused_row_by_row(tmp_path, column):
    pq.write_table(pa.table({"text": column}), tmp_path / "in.parquet")
    rows = read_rows(str(tmp_path / "in.parquet"), Columns())
    tagged = [one for chunk in tag_rows(rows, Options(model="rules")) for one in chunk]
    assert all(one.error for one in tagged)
    assert len(tagged) == 2


@pytest.mark.parametrize("name", ["in.parquet", "in.csv", "in.tsv", "in.xlsx", "in.jsonl"])
def test_a_blank_text_is_the_same_error_in_every_format(tmp_path, capsys, name):
    frame = pandas.DataFrame({"id": [1, 2, 3], "text": [TEXTS[0], "", " \u3000"]})
    path = tmp_path / name
    if path.suffix in (".csv", ".tsv"):
        frame.to_csv(path, index=False, sep="\t" if path.suffix == ".tsv" else ",")
    else:
        {
            ".parquet": lambda: frame.to_parquet(path),
            ".xlsx": lambda: frame.to_excel(path, index=False),
            ".jsonl": lambda: frame.to_json(path, orient="records", lines=True),
        }[path.suffix]()
    assert main(["tag", str(path), "--model", "rules", "-o", str(tmp_path / "out.parquet")]) == 1
    errors = pq.read_table(tmp_path / "out.parquet")["error"].to_pylist()
    wanted = [None, "no text there", "no text there"]
    assert [error and error.rpartition(": ")[2] for error in errors] == wanted
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2
    assert all(line.endswith(": no text there") for line in told)


def test_json_lines_keep_a_bad_line_in_its_place(tmp_path):
    (tmp_path / "in.jsonl").write_bytes(b'{"id": 1, "text": "a"}\n{\n\n{"id": 3}\n')
    target = tmp_path / "out.jsonl"
    assert main(["tag", str(tmp_path / "in.jsonl"), "--model", "rules", "-o", str(target)]) == 1
    found = [json.loads(line) for line in target.read_bytes().splitlines()]
    assert [(row["id"], "error" in row) for row in found] == [(1, False), (None, True), (3, True)]


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("ending", ["jsonl", "ndjson"])
def test_json_lines_on_standard_output_leave_a_bad_line_out_and_name_its_file(
    tmp_path, jobs, ending, capsysbinary
):
    source = tmp_path / f"in.{ending}"
    source.write_bytes(b'{"id": 1, "text": "a"}\n\n{\n{"id": 3, "text": "b"}\n')
    assert main(["tag", str(source), "--model", "rules", "--jobs", jobs]) == 1
    shown = capsysbinary.readouterr()
    assert [json.loads(line)["id"] for line in shown.out.splitlines()] == [1, 3]
    assert f"in.{ending}:3" in shown.err.decode()


def test_a_row_of_a_csv_file_is_named_by_its_line_and_told_without_json(tmp_path, capsysbinary):
    source = tmp_path / "in.csv"
    source.write_text('text,section\n"a\nb",problems\n,\n\nc,nope\n', encoding="utf-8")
    assert main(["tag", str(source), "--model", "rules"]) == 1
    shown = capsysbinary.readouterr()
    assert [json.loads(line)["id"] for line in shown.out.splitlines()] == [1, 2, 3]
    told = shown.err.decode()
    assert "in.csv:4: no text there" in told
    assert "in.csv:6: no section 'nope'; there are: " in told
    assert "{" not in told


def test_many_processes_answer_as_one_does_and_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr("extract.bulk.tagging.CHUNK", 16)
    pq.write_table(table(200), tmp_path / "in.parquet")
    for jobs in ("1", "2"):
        assert (
            main(
                [
                    "tag",
                    str(tmp_path / "in.parquet"),
                    *NAMED,
                    "--jobs",
                    jobs,
                    "-o",
                    str(tmp_path / f"{jobs}.jsonl"),
                ]
            )
            == 0
        )
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    ids = [json.loads(line)["id"] for line in (tmp_path / "2.jsonl").read_bytes().splitlines()]
    assert ids == [f"r{n}" for n in range(200)]


def test_a_process_that_dies_costs_only_the_entry_that_killed_it():
    workers = Workers(dying.double, dying.left_out, 2, (dying.nothing, ()))
    chunks = [list(range(start, start + 4)) for start in range(0, 24, 4)]
    found = [answer for chunk in workers.run(iter(chunks)) for answer in chunk]
    wanted = [dying.left_out(n) if n in dying.DEADLY else n * 2 for n in range(24)]
    assert found == wanted


def test_processes_that_never_begin_cost_no_rows():
    """Nothing is said against a row by a process that dies before it has seen one."""
    workers = Workers(dying.double, dying.left_out, 2, (dying.never, ()))
    with pytest.raises(GongkaiError, match="end before they have begun"):
        list(workers.run([[1, 2], [3, 4]]))


def test_processes_that_cannot_be_started_are_told(monkeypatch):
    def refuse(*given):
        raise BlockingIOError("no more processes")

    monkeypatch.setattr("extract.bulk.ordered.ProcessPoolExecutor.submit", refuse)
    workers = Workers(dying.double, dying.left_out, 2, (dying.nothing, ()))
    with pytest.raises(GongkaiError, match="no worker process can be started"):
        list(workers.run([[1, 2]]))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["in.csv", "--column", "nope"], "no column 'nope'; there are: id, text"),
        (["missing.csv"], "No such file"),
        (["in.docx"], "no table known by this ending"),
        (["in.parquet"], "cannot be read as a table"),
        (["in.xlsx"], "is no Excel file"),
        (["in.csv", "-o", "out.doc"], "the ending must be one of"),
    ],
)
def test_what_cannot_be_is_told(tmp_path, monkeypatch, capsys, arguments, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_text("id,text\n1,a\n")
    for name in ("in.docx", "in.parquet", "in.xlsx"):
        (tmp_path / name).write_bytes(b"no")
    assert main(["tag", *arguments, "--model", "rules"]) == 1
    assert says in capsys.readouterr().err
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize("name", ["in.parquet", "in.csv", "in.jsonl", "in.xlsx"])
@pytest.mark.parametrize("spelling", ["{name}", "sub/../{name}", "link-{name}", "folder/{name}"])
@pytest.mark.parametrize("far", [[], ["--jobs", "2"], ["--engine", "dask", "--scheduler", "tcp://x:1"]])
def test_its_own_input_is_never_overwritten(tmp_path, monkeypatch, capsys, name, spelling, far):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "folder").symlink_to(tmp_path)
    (tmp_path / f"link-{name}").symlink_to(tmp_path / name)
    (tmp_path / name).write_bytes(b"precious")
    before = sorted(path.name for path in tmp_path.iterdir())
    target = spelling.format(name=name)
    assert main(["tag", name, "--model", "rules", "-o", target, *far]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"gongkai: {target}: is the very file that is read: nothing was written; name another one"
    ]
    assert (tmp_path / name).read_bytes() == b"precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_standard_input_is_never_overwritten(tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": 1, "text": "a"}\n', "utf-8")
    command = [sys.executable, "-m", "extract", "tag", "-", "--model", "rules", "-o", str(source)]
    with source.open("rb") as lines:
        done = subprocess.run(command, stdin=lines, capture_output=True)
    assert (done.returncode, b"the very file" in done.stderr) == (2, True)
    assert source.read_text("utf-8") == '{"id": 1, "text": "a"}\n'


def test_nothing_is_written_into_a_dataset(tmp_path, capsys):
    from datasets_made import make_dataset

    from extract.store import Store

    out = make_dataset(tmp_path / "data")
    source = Store(out).files("units")[0]
    for target in (out / "tagged.parquet", out / "units" / "tagged.csv", out / "reports" / "new" / "a.jsonl"):
        assert main(["tag", source, "--model", "rules", "-o", str(target)]) == 2
        assert "lies inside the dataset" in capsys.readouterr().err
        assert not target.exists()
    assert main(["tag", source, "--model", "rules", "-o", str(tmp_path / "tagged.csv")]) == 0


def test_an_empty_table_gives_an_empty_one(tmp_path):
    (tmp_path / "in.csv").write_text("id,text\n")
    for ending in ("parquet", "csv", "xlsx", "jsonl"):
        assert (
            main(["tag", str(tmp_path / "in.csv"), "--model", "rules", "-o", str(tmp_path / f"o.{ending}")])
            == 0
        )
    assert pq.read_table(tmp_path / "o.parquet").num_rows == 0


def test_memory_is_flat_over_many_rows(tmp_path):
    import tracemalloc

    def feed(count):
        pq.write_table(table(count), tmp_path / "in.parquet", row_group_size=500)
        rows = read_rows(str(tmp_path / "in.parquet"), Columns("said"))
        tracemalloc.start()
        for _ in tag_rows(rows, Options(model="rules")):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    feed(600)
    assert feed(3000) < 2 * feed(1000)
