"""The command `gongkai`: arguments in, exit status out. Each command is a module of `extract.commands`.

Only the module of the command that was asked for is imported, so that `--help` costs no more than Python.
Exit status: 0 all read, 1 some inputs could not be read, 2 wrong use.
"""

from __future__ import annotations

import argparse
import errno
import gc
import importlib
import os
import sys
from collections.abc import Sequence

from extract.version import VERSION

# Between two searches for cycles of objects that nothing else holds: reports have none, so 700 are too few.
ALLOCATIONS = 20_000
# Of what the shell sends our output to: it is full, or closed (>&-).
_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)
COMMANDS = {
    "parse": "read reports into JSON lines",
    "show": "a report in the terminal, for a person",
    "tag": "tag narrative text that comes without its report",
    "export": "write a dataset for Excel, Stata, R, DuckDB, datasets",
    "query": "ask a dataset in SQL",
    "codebook": "what every variable means",
    "evaluate": "score the program on the project's own gold",
    "corpus": "check, count, import and export labelled text",
    "train": "train a model of kinds and themes",
    "models": "list the trained models, or compare two",
    "drift": "how new reports differ from the training text",
    "suggest": "choose the units to label next",
    "quality": "how good the disclosure is, by indicators",
    "compare": "a report against that of the year before",
    "report": "one page on a dataset, for a browser",
}

CHINESE = {  # the same where the terminal's language is Chinese
    "parse": "解析报告，写成 JSON 行或数据集",
    "show": "在终端里看一份报告",
    "tag": "给脱离报告的叙述文字标注类别、主题、数字",
    "export": "把数据集导出为 Excel、Stata、CSV、DuckDB 等",
    "query": "用 SQL 查询数据集",
    "codebook": "全部变量的含义",
    "evaluate": "在本项目的标准答案上打分",
    "corpus": "检查、统计、导入、导出标注文本",
    "train": "训练类别与主题的模型",
    "models": "列出模型，比较两个模型，设定默认模型",
    "drift": "新报告与训练文本有多大不同",
    "suggest": "挑选接下来要标注的单元",
    "quality": "公开质量指标",
    "compare": "与上一年的报告对照",
    "report": "数据集的一页图表",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; None for `argv` means that the process is the command's."""
    if argv is not None:
        return _dispatch(argv)
    _open_streams()
    gc.set_threshold(ALLOCATIONS)
    if len(sys.argv) > 1 and sys.argv[1] in COMMANDS:
        _heed_sigterm()
    try:
        return _dispatch(sys.argv[1:])
    finally:
        if "duckdb" not in sys.modules:  # DuckDB tells of every object that it does not see go: fifty lines
            gc.freeze()  # what is left goes with the process: to look through it costs 25 ms


def _open_streams() -> None:
    """Put something in the place of standard streams that were closed for us (2>&-, a scheduler's worker).

    Else the first files that we open take their numbers, and what is told to nobody is printed to standard
    output. What is written to a standard output that was closed fails, as it does for other programs.
    """
    for name, flags in (("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            number = os.open(os.devnull, flags)  # the lowest that is free: the stream's own
            setattr(sys, name, open(number, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115


def _heed_sigterm() -> None:
    """A scheduler's SIGTERM ends a command as Ctrl-C does: half files and worker processes go with it."""
    import signal

    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def _dispatch(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_overview())
        return 0 if arguments else 2
    if arguments[0] in ("-V", "--version"):
        print(f"gongkai {VERSION}")
        return 0
    name = arguments[0]
    if name not in COMMANDS:
        print(f"gongkai: no command {name!r}; there are: {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    return _run(name, arguments[1:])


def _run(name: str, arguments: Sequence[str]) -> int:
    from extract.errors import GongkaiError

    if name != "train":  # the matrices of a report are small: a second thread of OpenBLAS would only wait,
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # and costs a tenth of what one report does
    module = importlib.import_module(f"extract.commands.{name}")
    parser = argparse.ArgumentParser(prog=f"gongkai {name}", description=module.__doc__)
    module.add_arguments(parser)
    try:
        options = parser.parse_args(arguments)
        status: int = module.run(options)
        sys.stdout.flush()
        return status
    except GongkaiError as error:
        print(f"gongkai: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        if not _is_unread():
            print(
                "gongkai: a process of its own ended too early: run the same command again", file=sys.stderr
            )
            return 1
        # The reader of our output went away: no fault of ours, nothing more to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a file that is not there, a place that cannot be written: told by its name
        if error.filename is None and error.errno in _UNWRITABLE:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            print(f"gongkai: standard output: {error.strerror}", file=sys.stderr)
            return 1
        if error.filename is None:
            raise
        print(f"gongkai: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("gongkai: stopped", file=sys.stderr)
        return 130


def _is_unread() -> bool:
    """Whether nobody reads our standard output any more: a pipe to a worker may break too."""
    import select

    if not hasattr(select, "poll"):
        return True
    watch = select.poll()
    watch.register(sys.stdout.fileno(), 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in watch.poll(0))


def _is_chinese() -> bool:
    """Whether the terminal's language is Chinese, by the variables that say so, the first that is set."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next(filter(None, named), "").startswith("zh")


def _overview() -> str:
    width = max(map(len, COMMANDS))
    chinese = _is_chinese()
    lines = [f"  {name:<{width}}  {CHINESE[name] if chinese else says}" for name, says in COMMANDS.items()]
    if chinese:
        head = ["用法：gongkai 命令 [...]", "", "读取《政府信息公开工作年度报告》，转成数据。", ""]
        return "\n".join(
            [*head, *lines, "", "`gongkai 命令 --help` 看选项（英文）；中文说明见 README.zh.md。"]
        )
    return "\n".join(
        [
            "usage: gongkai COMMAND [...]",
            "",
            "Reads Chinese annual reports on government information disclosure and turns them into data.",
            "",
            *lines,
            "",
            "`gongkai COMMAND --help` says more; `gongkai --version` prints the version.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
