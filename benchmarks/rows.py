"""The rows of the benchmark, one function each: what is measured, against what, and the most it may cost."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import cpu_ratio, python, run


@dataclass(frozen=True, slots=True)
class Corpus:
    """The folder of text reports that the rows read."""

    folder: Path
    count: int
    pairs: int

    def files(self, limit: int | None = None) -> list[str]:
        return [str(path) for path in sorted(self.folder.rglob("*.txt"))[:limit]]


Row = tuple[str, str, str, str, str]  # what, ours, reference, ratio, must
PARSE = [sys.executable, "-m", "extract", "parse"]
JIEBA_UNITS = """
import sys, glob, jieba
jieba.setLogLevel(60)
for path in sorted(glob.glob(sys.argv[1] + "/**/*.txt", recursive=True)):
    for line in open(path, encoding="utf-8", errors="replace").read().split("\\n"):
        if "。" in line: jieba.lcut(line)
"""
JIEBA_COLD = "import jieba; jieba.setLogLevel(60); jieba.lcut('政府信息公开工作年度报告')"


def text_against_jieba(corpus: Corpus) -> Row:
    """Goal 1: the whole parse of text reports against only splitting them and cutting their words."""
    ours = [*PARSE, str(corpus.folder)]
    ratio, mine, theirs = cpu_ratio(ours, python(JIEBA_UNITS, str(corpus.folder)), corpus.pairs)
    rate = corpus.count / mine
    return (
        "parse text, whole process",
        f"{mine:.2f} s ({rate:.0f}/s)",
        f"jieba {theirs:.2f} s",
        f"{ratio:.2f}",
        "0.80",
    )


def text_against_peer(corpus: Corpus, peer: str, must: str) -> Row:
    """Goals 2 and 3: the whole parse against what a user would glue together instead."""
    ours = [*PARSE, str(corpus.folder)]
    reference = [sys.executable, "-m", "benchmarks.peers", peer, str(corpus.folder)]
    ratio, mine, theirs = cpu_ratio(ours, reference, max(corpus.pairs // 2, 1))
    return ("parse text, whole process", f"{mine:.2f} s", f"{peer} {theirs:.2f} s", f"{ratio:.2f}", must)


def classify(corpus: Corpus) -> Row:
    """Goal 13: 5,000 units classified in one batch, the cut included, against jieba.lcut of them."""
    import jieba

    from extract.classify import load_model

    jieba.setLogLevel(60)
    files = corpus.files(200)
    lines = [line for path in files for line in Path(path).read_text("utf-8").split("\n") if "。" in line]
    units = [part for line in lines for part in line.split("。") if len(part) > 8]
    units = (units * (5000 // max(len(units), 1) + 1))[:5000]
    model = load_model()
    alone = [(unit, None, ()) for unit in units]
    model.label_alone(alone[:10])
    jieba.lcut(units[0])
    mine = _seconds(lambda: model.label_alone(alone))
    theirs = _seconds(lambda: [jieba.lcut(unit) for unit in units])
    return ("classify 5,000 units", f"{mine:.2f} s", f"jieba {theirs:.2f} s", f"{mine / theirs:.2f}", "0.30")


def component(corpus: Corpus) -> Row:
    """Goal 16: the spaCy pipeline against its tokenizer and the core's work on the same text."""
    import spacy

    from extract.components import load
    from extract.figures import find_figures
    from extract.platforms import find_platforms
    from extract.tag import split_narrative

    texts = [Path(path).read_text("utf-8") for path in corpus.files(40)]
    nlp, blank = load(), spacy.blank("zh")
    list(nlp.pipe(texts[:2]))

    def core() -> None:
        for text in texts:
            for unit in split_narrative(text):
                find_figures(unit.text, find_platforms(unit.text), section=unit.section)

    core()
    mine = _seconds(lambda: list(nlp.pipe(texts)))
    theirs = _seconds(lambda: list(blank.pipe(texts))) + _seconds(core)
    what = "spaCy pipeline, 40 reports"
    return (what, f"{mine:.2f} s", f"tokenizer + core {theirs:.2f} s", f"{mine / theirs:.2f}", "1.8")


def cold_start(corpus: Corpus) -> Row:
    """Goal 7: the command on one text file against importing jieba and one cut."""
    command = [*PARSE, corpus.files(1)[0]]
    run(command)  # leaves the bytecode that an installed package has
    ratio, mine, theirs = cpu_ratio(command, python(JIEBA_COLD), corpus.pairs)
    return (
        "one file, cold",
        f"{mine * 1000:.0f} ms",
        f"jieba {theirs * 1000:.0f} ms",
        f"{ratio:.2f}",
        "0.50",
    )


def version(corpus: Corpus) -> Row:
    """Goal 8: `--version` against the bare interpreter."""
    ours = [sys.executable, "-m", "extract", "--version"]
    ratio, mine, theirs = cpu_ratio(ours, python("pass"), corpus.pairs * 3)
    return ("--version", f"{mine * 1000:.0f} ms", f"python {theirs * 1000:.0f} ms", f"{ratio:.1f}", "6")


def memory(corpus: Corpus) -> Row:
    """Goal 9: peak memory of the whole corpus against that of a tenth of it: flat is 1."""
    few, many = corpus.files(max(corpus.count // 10, 1)), corpus.files()
    one = run([*PARSE, *few]).peak
    other = run([*PARSE, *many]).peak
    what = f"peak memory, {len(many)} reports against {len(few)}"
    return (what, f"{other:.0f} MiB", f"{one:.0f} MiB", f"{other / one:.3f}", "1.10")


def memory_against_jieba(corpus: Corpus) -> Row:
    """Goal 10: peak memory of the parse against that of only cutting words with jieba."""
    mine = run([*PARSE, str(corpus.folder)]).peak
    theirs = run(python(JIEBA_UNITS, str(corpus.folder))).peak
    return ("peak memory, text", f"{mine:.0f} MiB", f"jieba {theirs:.0f} MiB", f"{mine / theirs:.2f}", "1.2")


def linearity(corpus: Corpus) -> Row:
    """Goal 18: a report fifty times as long, and hostile lines, against as much plain text."""
    from extract.pipeline import parse

    text = Path(corpus.files(1)[0]).read_text("utf-8")
    parse(text)  # loads what is loaded at first use
    head, tail = text.split("二、", 1) if "二、" in text else (text, "")
    narrative = next(line for line in head.split("\n") if len(line) > 60)

    def long(body: str) -> str:
        return f"{head}\n{body}\n二、{tail}"

    def plain(length: int) -> str:  # numbered: lines that come again would be remembered, or taken for copies
        return long("\n".join(f"{number}年，{narrative}" for number in range(length // len(narrative))))

    single = _seconds(lambda: parse(plain(6_700)))
    fifty = _seconds(lambda: parse(plain(335_000)))
    hostile = {
        "brackets": "（" * 100_000,
        "digits": "1" * 100_000,
        "no stop": narrative.replace("。", "，") * (100_000 // len(narrative)),
    }
    base = _seconds(lambda: parse(plain(100_000)))
    worst = max(
        (_seconds(lambda body=body: parse(long(body))) / base, name) for name, body in hostile.items()
    )
    ratio = max(fifty / (50 * single), worst[0])
    what = f"50 × as long; hostile (worst: {worst[1]})"
    return (what, f"{fifty:.2f} s", f"50 × {single * 1000:.0f} ms", f"{ratio:.2f}", "1.5")


def _seconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


ROWS: dict[str, Callable[[Corpus], Row]] = {
    "1": text_against_jieba,
    "2": lambda corpus: text_against_peer(corpus, "lean", "0.43"),
    "3": lambda corpus: text_against_peer(corpus, "spacy", "0.18"),
    "7": cold_start,
    "8": version,
    "9": memory,
    "10": memory_against_jieba,
    "13": classify,
    "16": component,
    "18": linearity,
}
