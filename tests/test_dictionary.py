"""The cutter with a part of the dictionary cuts as the one with all of it."""

from __future__ import annotations

import random

import pytest

from extract import words
from extract.words import WORD_FREQUENCY, Cutter, WholeCutter, load_words
from extract.words.dictionary import PartialCutter, open_dictionary


@pytest.fixture(scope="module")
def whole() -> Cutter:
    cutter = WholeCutter(words._load_extension().Jieba())
    cutter.add_words(load_words(), WORD_FREQUENCY, "n")
    return cutter


@pytest.fixture
def partial() -> PartialCutter:
    dictionary = open_dictionary()
    assert dictionary is not None, "jieba's dictionary is another: compare it with rjieba's, then name it"
    cutter = PartialCutter(words._load_extension().Jieba.empty(), dictionary)
    cutter.add_words(load_words(), WORD_FREQUENCY, "n")
    return cutter


def test_a_text_is_cut_and_tagged_alike_whatever_was_cut_before(
    partial: PartialCutter, whole: Cutter
) -> None:
    dictionary = open_dictionary()
    assert dictionary is not None
    known = [line.split(" ")[0] for line in dictionary[:].decode().splitlines()]
    draw = random.Random(2026)
    for _ in range(150):
        pieces = [
            draw.choice(
                [
                    draw.choice(known),
                    draw.choice(known)[:2],
                    draw.choice(load_words()),
                    chr(draw.randrange(0x4E00, 0x9FA6)),
                    chr(draw.randrange(0x20, 0x7F)),
                    draw.choice("，。\n\ue000\ue001𠀀é"),
                ]
            )
            for _ in range(draw.randrange(1, 200))
        ]
        text = "".join(pieces)
        assert partial.cut(text) == whole.cut(text)
        assert partial.tag(text) == whole.tag(text)


def test_texts_are_cut_together_as_each_alone(partial: PartialCutter, whole: Cutter) -> None:
    texts = ["收到公开申请3件，均按期答复。", "", "无", "政务公开栏更新不够及时"]
    assert partial.cut_all(texts) == [whole.cut(text) for text in texts] == whole.cut_all(texts)


def test_frequencies_that_are_not_given_stay_in_the_sum(partial: PartialCutter, whole: WholeCutter) -> None:
    partial.cut("的一是在不了有和人这")
    for pair in ("的是", "人不", "这在"):  # rjieba proposes a frequency from the sum of all
        assert partial._cutter.suggest_freq(pair) == whole._cutter.suggest_freq(pair)


def test_after_very_many_pairs_the_whole_dictionary_is_given(
    monkeypatch: pytest.MonkeyPatch, partial: PartialCutter, whole: WholeCutter
) -> None:
    monkeypatch.setattr("extract.words.dictionary.MOST", 1)
    text = "政务公开栏更新不够及时"
    assert partial.cut(text) == whole.cut(text)
    assert partial._cutter.has_word("龙凤呈祥")
    assert partial.tag("鹬蚌相争，渔人得利") == whole.tag("鹬蚌相争，渔人得利")
    assert partial._cutter.suggest_freq("的是") == whole._cutter.suggest_freq("的是")


def test_another_dictionary_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.words.dictionary.CHECKSUM", 1)
    assert open_dictionary() is None
    words.load_cutter.cache_clear()
    try:
        assert isinstance(words.load_cutter(), WholeCutter)
    finally:
        words.load_cutter.cache_clear()
