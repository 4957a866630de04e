"""Outcomes in quotes, a paragraph each, against the number of requests that were answered."""

from __future__ import annotations

import pytest

from extract import parse

FRAME = """清源区水务局2013年政府信息公开年度报告
一、概述
2013年各项工作平稳。
二、依申请公开政府信息情况
{}
三、收费情况
未收取费用。
"""


def told(words: str) -> list[str]:
    return [one.message for one in parse(FRAME.format(words)).findings if one.rule == "breakdown_sum"]


@pytest.mark.parametrize(
    "words",
    [
        "在已答复的31件申请中，“同意公开”的22件，占71%。\n“同意部分公开”的4件。\n“信息不存在”的6件，占19%。",
        "全年答复申请31件，其中：\n“同意公开”22件，涉及水价。\n“不予公开”4件。\n“非本机关政府信息”的6件。",
    ],
)
def test_more_outcomes_than_answers(words: str) -> None:
    (message,) = told(words)
    assert "add up to 32, not to 31件" in message


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(
            "在已答复的31件申请中，“同意公开”的22件。\n“同意部分公开”的4件。\n“信息不存在”的5件。",
            id="agrees",
        ),
        pytest.param(
            "在已答复的31件申请中，“同意公开”的22件。\n“信息不存在”的4件。\n申请人撤回的5件。",
            id="one without quotes",
        ),
        pytest.param(
            "答复申请31件，其中：\n“同意公开”的22件。\n“信息不存在”的2件。\n“不予公开”的7件。\n"
            "“国家秘密”的3件。\n“商业秘密”的4件。",
            id="an outcome again by its grounds",
        ),
        pytest.param(
            "公开信息31条：\n“同意公开”的22条。\n“同意部分公开”的8条。\n“不予公开”的9条。", id="no requests"
        ),
    ],
)
def test_lists_that_contradict_nothing(words: str) -> None:
    assert told(words) == []
