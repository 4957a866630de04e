"""Figures and platforms in characters a second, against jieba.posseg and Recognizers-Text; hostile text.

    python -m benchmarks.figures [--text FILE] [--recognizers PYTHON]

The text is the labelled sentences of the corpus and the narrative of its reports (or FILE), line by line.
Recognizers-Text needs old packages, so it runs in an interpreter of its own, named by --recognizers; without
it those rows are left out: python -m venv V && V/bin/pip install recognizers-text-suite "emoji<1.8"
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from extract.figures import find_figures
from extract.learn.corpus import load_reports
from extract.learn.figure_scores import load_sentences
from extract.platforms import find_platforms

ROOT = Path(__file__).parent.parent
ROUNDS = 5
MUST = {"jieba.posseg": 5, "its numbers alone": 1, "Recognizers-Text": 50}
HOSTILE = {
    "digits": "9", "brackets": "（", "no sentence end": "公开信息12条，", "negators": "未收到",
    "bare numbers": "12、", "Chinese digits": "一", "ranges": "1-", "platforms": "网站",
}  # fmt: skip
# What its user needs for the same answer: amounts with their units, and dates and ordinals to leave out.
RECOGNIZERS = """
import sys, time
from recognizers_number import Culture, recognize_number, recognize_ordinal, recognize_percentage
from recognizers_number_with_unit import recognize_currency
from recognizers_date_time import recognize_datetime
lines = sys.stdin.read().split("\\n")
alone = [recognize_number]
rest = [recognize_percentage, recognize_ordinal, recognize_currency, recognize_datetime]
for models in alone, alone + rest:
    for model in models:
        model(lines[0], Culture.Chinese)
    start = time.process_time()
    for line in lines:
        for model in models:
            model(line, Culture.Chinese)
    print(time.process_time() - start)
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--text", type=Path, help="a text file, one stretch of narrative a line")
    parser.add_argument("--recognizers", help="a Python that has recognizers-text-suite")
    options = parser.parse_args()
    lines = read_lines(options.text)
    size = sum(map(len, lines))
    mine = size / best(lambda: read_all(lines))
    print(f"{size:,} characters in {len(lines):,} stretches; one process, one thread, best of {ROUNDS}")
    print(f"figures and platforms   {mine / 1e6:8.3f} M characters/s")
    compare("jieba.posseg", mine, size / time_jieba(lines))
    if options.recognizers:
        part = lines[:: max(1, len(lines) // 100)]  # a hundredth of the rest is slow enough
        alone, all_models = time_recognizers(options.recognizers, part)
        compare("its numbers alone", mine, sum(map(len, part)) / alone)
        compare("Recognizers-Text", mine, sum(map(len, part)) / all_models)
    for name, piece in HOSTILE.items():
        short, long = time_hostile(piece, 25_000), time_hostile(piece, 100_000)
        print(
            f"hostile: {name:16} 100,000 characters in {long:6.3f} s, {long / short:4.1f} x a quarter of it"
        )


def read_lines(path: Path | None) -> list[str]:
    """The lines of a file, or the sentences and narrative lines of the corpus."""
    if path:
        return [line for line in path.read_text("utf-8").split("\n") if line.strip()]
    rows = load_sentences(ROOT / "corpus", "train")
    reports = load_reports(ROOT / "corpus", ["train"])
    prose = [line for report in reports for line in report.text.split("\n") if "。" in line]
    return [row.text for row in rows] + prose[:4000]


def read_all(lines: Sequence[str]) -> int:
    """How many figures the lines hold."""
    return sum(len(find_figures(line, find_platforms(line))) for line in lines)


def best(work: Callable[[], object]) -> float:
    """CPU seconds of the best of several rounds; the first, which loads the data, does not count."""
    work()
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return max(min(seconds), 1e-6)


def time_hostile(piece: str, length: int) -> float:
    return best(lambda: read_all([piece * (length // len(piece))]))


def time_jieba(lines: Sequence[str]) -> float:
    import jieba
    import jieba.posseg

    jieba.setLogLevel(60)
    jieba.posseg.lcut(lines[0])
    start = time.process_time()
    for line in lines:
        jieba.posseg.lcut(line)
    return time.process_time() - start


def time_recognizers(python: str, lines: Sequence[str]) -> tuple[float, float]:
    """CPU seconds for numbers alone, and for numbers, rates, ordinals, money and dates."""
    run = [python, "-W", "ignore", "-c", RECOGNIZERS]
    done = subprocess.run(run, input="\n".join(lines), capture_output=True, text=True, check=True)
    alone, all_models = done.stdout.split()[-2:]
    return float(alone), float(all_models)


def compare(name: str, mine: float, theirs: float) -> None:
    verdict = "" if mine / theirs >= MUST[name] else f"  (must be {MUST[name]} x)"
    print(f"{name:23} {theirs / 1e6:8.4f} M characters/s: ours is {mine / theirs:.1f} x{verdict}")


if __name__ == "__main__":
    sys.exit(main())
