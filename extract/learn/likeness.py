"""How like the real the corpus is: near-duplicates, variety, lengths, words.

Names and numbers are masked before texts are compared: one report with its names changed is found out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from statistics import quantiles

from extract.report import Value
from extract.words import cut_words

SHINGLE = 5
NEAR = 0.6  # Jaccard of shingles from which two units are near-duplicates
NUMBER = re.compile(
    r"[0-9０-９][0-9０-９.,%]*|[一二三四五六七八九十百千万两〇零]+(?=[条件次个份期场人项篇起处块年月日季名])"
)
NAME = re.compile(
    r"(?:我|本|全|各)(?:省|市|区|县|镇|乡|街道|办事处|局|厅|委|部|办|中心|单位|机关)"
    r"|[\u4e00-\u9fff]{2,6}?(?:人民政府|街道办事处|管委会|管理局|委员会)"
)
QUOTED = re.compile(r"[“「『《‘][^”」』》’]{1,40}[”」』》’]")
SPACE = re.compile(r"\s+")


class Pair(Value, frozen=True):
    """Two near-duplicates by their places in the list that was given, and their Jaccard index."""

    first: int
    second: int
    jaccard: float


def mask(text: str) -> str:
    """`text` with names, quoted names and numbers made alike.

    >>> mask("我镇2023年公开信息140条。")
    '机关#年公开信息#条。'
    """
    text = SPACE.sub("", text)
    text = QUOTED.sub("“”", text)
    return NUMBER.sub("#", NAME.sub("机关", text))


def shingles(text: str) -> frozenset[str]:
    """The runs of `SHINGLE` characters of the masked text; a shorter text is one run."""
    masked = mask(text)
    if len(masked) <= SHINGLE:
        return frozenset([masked])
    return frozenset(masked[at : at + SHINGLE] for at in range(len(masked) - SHINGLE + 1))


def find_near_duplicates(texts: Sequence[str], *, shortest: int = 24) -> list[Pair]:
    """All pairs of texts whose shingles overlap by `NEAR` or more; texts below `shortest` are left out.

    (无, lead-ins and the set phrases of fees that were not taken are alike by nature.) Pairs are looked for
    among texts that share a rare shingle (prefix filtering): sets with Jaccard j share one of the rarest
    (1 - j)·n + 1 shingles.
    """
    sets = [shingles(text) if len(mask(text)) >= shortest else frozenset() for text in texts]
    often = Counter(shingle for one in sets for shingle in one)
    holders: dict[str, list[int]] = {}
    pairs: list[Pair] = []
    for second, one in enumerate(sets):
        rare = sorted(one, key=lambda shingle: (often[shingle], shingle))
        prefix = rare[: len(one) - ceil(NEAR * len(one) - 1e-9) + 1]
        near: set[int] = set()
        for shingle in prefix:
            near.update(holders.get(shingle, ()))
            holders.setdefault(shingle, []).append(second)
        for first in sorted(near):
            common = len(sets[first] & one)
            jaccard = common / (len(sets[first]) + len(one) - common)
            if jaccard >= NEAR:
                pairs.append(Pair(first, second, round(jaccard, 3)))
    return pairs


def distinct_n(texts: Iterable[str], n: int) -> float:
    """Different runs of `n` words over all runs, 0 to 1: how little is said twice."""
    runs: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        words = cut_words(text)
        runs.update(tuple(words[at : at + n]) for at in range(len(words) - n + 1))
    total = sum(runs.values())
    return len(runs) / total if total else 0.0


def describe_lengths(texts: Iterable[str]) -> dict[str, float]:
    """Count, mean, 10th, 50th and 90th centile of the lengths in characters."""
    lengths = sorted(len(text) for text in texts)
    if len(lengths) < 2:
        return {"texts": float(len(lengths))}
    tenths = quantiles(lengths, n=10, method="inclusive")
    mean = sum(lengths) / len(lengths)
    return {
        "texts": float(len(lengths)),
        "mean": round(mean, 1),
        "p10": tenths[0],
        "p50": tenths[4],
        "p90": tenths[8],
    }


def missing_words(real: Iterable[str], corpus: Iterable[str]) -> list[tuple[str, int]]:
    """Words of two characters and more in the real texts that the corpus lacks, with counts, most first."""
    known = set(_words(corpus))
    counts = Counter(word for word in _words(real) if word not in known)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (word for word in cut_words(text) if len(word) > 1 and "\u4e00" <= word[0] <= "\u9fff")
