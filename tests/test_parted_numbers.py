"""Numbers on lines of their own in running text; labels and numbers of tables stay lines."""

from __future__ import annotations

import pytest

from extract.normalise import normalise
from extract.report import Document, Paragraph


def read(*lines: str) -> list[str]:
    blocks = tuple(Paragraph(line, wrapped=True) for line in lines)
    return normalise(Document(blocks=blocks, media_type="text/plain")).text.splitlines()


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (
            ("全县到年底累计公开政府信息", "7316", "条，电子化率", "92.5%", "，其中新增", "204", "条。"),
            ["全县到年底累计公开政府信息7316条，电子化率92.5%，其中新增204条。"],
        ),
        (
            ("根据县里要求，2009年", "6月1日起全面施行。为此，配备了", "86名专、兼职人员，设查阅点。"),
            ["根据县里要求，2009年6月1日起全面施行。为此，配备了86名专、兼职人员，设查阅点。"],
        ),
    ],
)
def test_running_text_is_one_line_again(lines: tuple[str, ...], joined: list[str]) -> None:
    assert read(*lines) == joined


@pytest.mark.parametrize(
    "lines",
    [
        ("一、本年新收政府信息公开申请数量", "5", "0", "0", "二、上年结转政府信息公开申请数量", "1"),
        ("主动公开政府信息数", "568", "条", "其中：规范性文件数", "12", "件"),
        ("收到申请。", "3", "条件成熟时公开。"),
        ("全年公开政府信息", "1.公开财政信息，均已上网。"),
    ],
)
def test_tables_and_items_stay_lines(lines: tuple[str, ...]) -> None:
    assert read(*lines) == list(lines)
