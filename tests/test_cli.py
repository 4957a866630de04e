"""The command: what goes to standard output, what to standard error, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extract.cli import CHINESE, COMMANDS, main
from extract.sources import find_sources

ROOT = Path(__file__).parent.parent
SAMPLE = str(ROOT / "samples" / "report.txt")


def test_parse_writes_one_object_a_line(capsysbinary):
    assert main(["parse", SAMPLE, SAMPLE, "--format", "json"]) == 0
    lines = capsysbinary.readouterr().out.splitlines()
    assert [json.loads(line)["agency"] for line in lines] == ["云溪县住房和城乡建设局"] * 2


def test_one_bad_file_costs_only_itself(capsysbinary, tmp_path):
    empty, missing = tmp_path / "empty.txt", tmp_path / "missing.txt"
    empty.write_bytes(b"")
    assert main(["parse", str(empty), SAMPLE, str(missing)]) == 1
    out, err = capsysbinary.readouterr()
    assert len(out.splitlines()) == 1
    said = err.decode()
    assert f"{empty}: the file is empty" in said
    assert f"{missing}: no such file" in said


def test_folders_and_patterns_are_read_in_order(capsysbinary, tmp_path):
    text = Path(SAMPLE).read_text("utf-8")
    for name in ("b.txt", "a.txt", "deep/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert main(["parse", str(tmp_path)]) == 0
    paths = [json.loads(line)["source"]["path"] for line in capsysbinary.readouterr().out.splitlines()]
    assert [Path(path).name for path in paths] == ["a.txt", "b.txt", "c.txt"]
    assert main(["parse", str(tmp_path / "*.txt")]) == 0
    assert len(capsysbinary.readouterr().out.splitlines()) == 2


def test_show_prints_sections_tables_and_findings(capsys):
    assert main(["show", SAMPLE]) == 0
    shown = capsys.readouterr().out
    for part in ("云溪县住房和城乡建设局", "一、总体情况", "行政规范性文件", "1,286", "存在的主要问题"):
        assert part in shown


@pytest.mark.parametrize("arguments", [[], ["nonsense"]])
def test_wrong_use_is_two(arguments, capsys):
    assert main(arguments) == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["query", "P", "select 1", "--limit", "-5"], "a whole number above 0"),
        (["parse", "P", "-o", "O", "--sample", "x"], "a whole number above 0"),
        (["parse", "P", "-o", "O", "--jobs", "0"], "a whole number above 0"),
        (["quality", "P", "--jobs", "0"], "a whole number above 0"),
        (["tag", "-", "--jobs", "-1"], "a whole number, 0 or above"),
        (["tag", "-", "--min-score", "2"], "a number from 0 to 1"),
        (["tag", "-", "--min-score", "nan"], "a number from 0 to 1"),
    ],
)
def test_a_wrong_number_is_wrong_use(arguments, says, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_how_it_is_used(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"gongkai {command}" in capsys.readouterr().out


def test_the_list_of_commands_is_in_the_language_of_the_terminal(capsys, monkeypatch):
    assert list(CHINESE) == list(COMMANDS)
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    for language, says in (("zh_CN.UTF-8", CHINESE), ("C.UTF-8", COMMANDS)):
        monkeypatch.setenv("LANG", language)
        assert main(["--help"]) == 0
        said = capsys.readouterr().out
        assert all(line in said for line in says.values())
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert main(["--help"]) == 0
    assert COMMANDS["parse"] in capsys.readouterr().out


def test_version(capsys):
    from extract import __version__

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"gongkai {__version__}\n"


@pytest.mark.parametrize("into_dataset", [False, True])
def test_a_folder_without_files_is_said_so(tmp_path, capsys, into_dataset):
    folder = tmp_path / "reports"
    folder.mkdir()
    output = ["-o", str(tmp_path / "out")] if into_dataset else []
    assert main(["parse", str(folder), *output]) == 0
    assert "no file was found there" in (said := capsys.readouterr().err)
    assert ("out" if into_dataset else "reports") in said


def test_a_pattern_stands_for_the_files_in_folders_that_it_fits(tmp_path, capsys):
    for year in ("2022", "2023"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "a.txt").write_text(
            f"青石县{year}年政府信息公开工作年度报告\n一、总体情况\n公开信息3条。\n"
        )
    assert main(["parse", str(tmp_path / "202[23]"), "--format", "summary"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" · ")[0] for line in lines] == [
        str(tmp_path / year / "a.txt") for year in ("2022", "2023")
    ]
    deep = list(find_sources([str(tmp_path / "**")]))
    assert len(deep) == len(set(deep)) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["drift", "none.jsonl"],
        ["suggest", "none.jsonl"],
        ["corpus", "check", "--corpus", "none"],
        ["corpus", "stats", "--corpus", "none"],
        ["corpus", "import", "--from", "csv", "none.csv"],
    ],
)
def test_what_is_not_there_is_named_in_a_line(tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    told = capsys.readouterr().err
    assert told.startswith("gongkai: none")
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["drift", "new.txt", "--model", "rules"], "no trained model to compare with: name one with --model"),
        (["corpus", "curves", "--corpus", "."], ".: a curve needs labelled units in `train` and in `test`"),
        (["corpus", "doubts", "--corpus", "."], "one agency is too few"),
        (["tag", "head.csv"], "head.csv: no column 'text'; there are: a, b"),
        (["train", "gbk.toml"], "gbk.toml: is not in UTF-8: save it as UTF-8"),
        (
            ["quality", "new.txt", "--weights", "gbk.toml"],
            "save it as UTF-8; a weights file is TOML such as:",
        ),
        (["train", "marked.toml"], "marked.toml: Object contains unknown field `a`"),
    ],
)
def test_what_cannot_be_done_is_told_with_what_to_do(tmp_path, monkeypatch, capsys, arguments, says):
    monkeypatch.chdir(tmp_path)
    Path("new.txt").write_text("青石县2023年政府信息公开工作年度报告\n一、总体情况\n公开信息3条。\n", "utf-8")
    Path("head.csv").write_text("a,b\n", "utf-8")
    Path("gbk.toml").write_bytes('# 权重\nname = "a"\n'.encode("gbk"))
    Path("marked.toml").write_text("\ufeffa = 1\n", "utf-8")
    assert main(arguments) == 1
    assert says in capsys.readouterr().err


def test_a_kind_of_file_that_is_not_read_is_wrong_use(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["parse", "samples/report.txt", "--type", "foo"])
    assert "'foo': no kind of file that is read here; such are txt, md, html" in capsys.readouterr().err
