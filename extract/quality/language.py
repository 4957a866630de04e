"""How the narrative is written: long or short, plain or laden. Neither is better by itself."""

from __future__ import annotations

import re

from extract.quality.facts import Facts, indicator
from extract.quality.measure import Measure, rate
from extract.words import load_cutter

_CLAUSE_END = re.compile(r"[，,；;：:。！？!?、\n]+")
_SENTENCE_END = re.compile(r"[。！？!?；;\n]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@indicator
def clause_length(facts: Facts) -> Measure:
    """Mean characters of a clause of the narrative; clauses end at ，、；：。！？. From 1 up.

    Source: 徐巍、姚振晔、陈冬华（2021），中文年报可读性：衡量与检验.
    """
    clauses = [
        clause.strip()
        for unit in facts.report.units
        for clause in _CLAUSE_END.split(unit.text)
        if _HAN.search(clause)
    ]
    return rate(sum(map(len, clauses)), len(clauses), "no_sentences")


@indicator
def function_word_rate(facts: Facts) -> Measure:
    """Adverbs and conjunctions a sentence (jieba tags d, c); sentences end at 。！？；. From 0 up.

    Source: 徐巍、姚振晔、陈冬华（2021），中文年报可读性：衡量与检验.
    """
    cutter = load_cutter()
    sentences, words = 0, 0
    for unit in facts.report.units:
        sentences += sum(bool(_HAN.search(one)) for one in _SENTENCE_END.split(unit.text))
        words += sum(tag in ("d", "c") for _, tag in cutter.tag(unit.text))
    return rate(words, sentences, "no_sentences")
