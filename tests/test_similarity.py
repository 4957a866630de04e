"""Masking, shingles, signatures and candidates: what makes two reports alike."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from linear import assert_linear

from extract.similarity import candidates, estimate, jaccard, masked, shingle_hashes, signature, signatures
from extract.similarity.mask import agency_names
from extract.similarity.minhash import NEIGHBOURS, candidate_rows
from extract.similarity.places import find_places, load_places

TEMPLATE = (
    "{year}年，{name}认真落实政府信息公开条例，全年通过{county}人民政府网站公开信息{n}条，"
    "{town}便民服务中心设查阅点一处，收到申请{k}件，均按期答复。"
)

PINNED_HASHES = [
    8752219660946027526,
    9218507683981307508,
    9476774802484980962,
    16427315023286913965,
    17555589260022394819,
]
PINNED_SIGNATURE = [3401116955, 3262651658, 1469562295, 1486760411]


def written(name: str, county: str, town: str, year: int, n: int, k: int) -> str:
    return TEMPLATE.format(name=name, county=county, town=town, year=year, n=n, k=k)


def test_a_copy_with_its_names_and_numbers_changed_reads_the_same() -> None:
    one = masked(written("宝丰县石桥镇人民政府", "宝丰县", "石桥镇", 2021, 140, 3), "宝丰县石桥镇人民政府")
    two = masked(written("乌恰县吉根乡人民政府", "乌恰县", "吉根乡", 2022, 98, 12), "乌恰县吉根乡人民政府")
    assert one == two


@pytest.mark.parametrize(
    ("text", "agency", "expected"),
    [
        ("我局公开信息1.2万余条，同比增长35.6%。", None, "Ａ公开信息Ｎ条，同比增长Ｎ。"),
        ("全会精神统一部署，进一步规范。", None, "全会精神统一部署，进一步规范。"),
        ("河南省新密市岳村镇", "新密市岳村镇人民政府", "Ａ"),
        ("镇教育局 与\n县 教育局", "甲县教育局", "镇Ａ与县Ａ"),
        ("在柳林乡设点，柳林乡政府", None, "在Ｐ设点，Ｐ"),
        ("推进乡村、城镇、农村公开", None, "推进乡村、城镇、农村公开"),
        ("", "甲县", ""),
    ],
)
def test_masked(text: str, agency: str | None, expected: str) -> None:
    """What is masked, and what is not."""
    assert masked(text, agency) == expected


def test_short_forms_of_an_agency() -> None:
    assert agency_names("甲县教育局") == ("甲县教育局", "教育局", "甲县")
    assert "街道办事处" not in agency_names("朝阳区望京街道办事处")


def test_masking_takes_linear_time() -> None:
    for piece in ("村", "一", "1,", "在甲乙丙丁", "新密市"):

        def prepare(length: int, piece: str = piece) -> Callable[[], str]:
            text = piece * (length // len(piece))
            return lambda: masked(text, "新密市岳村镇人民政府")

        assert_linear(prepare, 100_000)


def test_places_are_whole_names_and_no_everyday_words() -> None:
    assert [one.place.name for one in find_places("吉林省长春市朝阳区和城区、郊区")] == [
        "吉林省",
        "长春市",
        "朝阳区",
    ]
    assert {"北京市", "长春市"} <= load_places()["朝阳区"].within


def test_shingles_are_distinct_sorted_and_short_texts_are_one_run() -> None:
    assert len(shingle_hashes("")) == 0
    assert len(shingle_hashes("公开")) == 1
    hashes = shingle_hashes("甲乙丙丁" * 10, size=4)
    assert len(hashes) == 4
    assert (np.diff(hashes.astype(object)) > 0).all()


def test_hashes_and_signatures_are_the_same_on_every_machine() -> None:
    """Pinned: a stored signature must be comparable with one made elsewhere."""
    hashes = shingle_hashes("政府信息公开工作年度报告")
    assert [int(one) for one in hashes] == PINNED_HASHES
    assert signature(hashes)[:4].tolist() == PINNED_SIGNATURE


def test_jaccard_is_exact() -> None:
    left, right = shingle_hashes("一二三四五六七八九十"), shingle_hashes("三四五六七八九十甲乙")
    assert jaccard(left, right) == len(set(left.tolist()) & set(right.tolist())) / len(
        set(left.tolist()) | set(right.tolist())
    )
    assert jaccard(left, left) == 1.0
    assert jaccard(left, shingle_hashes("")) == 0.0
    assert jaccard(shingle_hashes("甲" * 20), right) == jaccard(right, shingle_hashes("甲" * 20))


def random_sets(count: int, overlap: float) -> list[np.ndarray]:
    """`count` pairs of sets whose Jaccard index is `overlap`."""
    draw = np.random.default_rng(7)
    sets = []
    for _ in range(count):
        size = 1000
        common = round(2 * size * overlap / (1 + overlap))
        pool = draw.integers(0, 2**63, size=2 * size - common, dtype=np.uint64)
        sets += [np.unique(pool[:size]), np.unique(pool[size - common :])]
    return sets


@pytest.mark.parametrize("threshold", [0.5, 0.8])
def test_candidates_find_nearly_all_pairs_at_the_threshold_and_few_others(threshold: float) -> None:
    sets = random_sets(200, threshold)
    found = set(candidates(range(len(sets)), signatures(sets), threshold))
    wanted = {(number, number + 1) for number in range(0, len(sets), 2)}
    assert len(found & wanted) >= 0.97 * len(wanted)
    assert len(found - wanted) <= 2


def test_estimate_lies_near_the_index() -> None:
    sets = random_sets(50, 0.6)
    matrix = signatures(sets)
    assert abs(float(np.mean(estimate(matrix[::2], matrix[1::2]))) - 0.6) < 0.03


def test_many_equal_texts_are_linked_without_all_pairs() -> None:
    count = 1_000
    matrix = signatures([shingle_hashes("各地都抄了同一份年度报告的全文")] * count)
    pairs = candidate_rows(matrix, 0.8)
    assert len(pairs) <= count * NEIGHBOURS
    linked = {tuple(pair) for pair in pairs.tolist()}
    assert all((number, number + 1) in linked for number in range(count - 1))


def test_keys_keep_their_order_and_lonely_texts_make_no_pairs() -> None:
    words = random.Random(3)
    texts = ["".join(words.choices("公开信息条例网站平台申请答复", k=400)) for _ in range(20)]
    hashes = [shingle_hashes(text) for text in [*texts, texts[4]]]
    names = [f"r{number}" for number in range(21)]
    assert list(candidates(names, signatures(hashes), 0.8)) == [("r4", "r20")]
    assert list(candidates(names[:1], signatures(hashes[:1]), 0.8)) == []
    with pytest.raises(ValueError, match="threshold"):
        list(candidates(names, signatures(hashes), 0))
