"""Heads of columns in several lines of a text, and lines with a margin, as programs lay pages out."""

from __future__ import annotations

from extract.normalise import normalise
from extract.read.stacked_heads import join_stacked_heads
from extract.read.text import read_text

STACKED = [
    "               甲组                        乙组",
    "",
    "   结果维 结果纠 其他结",
    "                          总计     结果维  结果纠",
    "     持      正     果                                总计",
    "                                     持      正",
    "",
    "    17      53      40    110      43      57     100",
]


def test_parts_of_heads_that_stand_over_one_another_come_on_one_line():
    joined = join_stacked_heads(STACKED)
    assert [line for line in joined if line.strip()][1:] == [
        "结果维持  结果纠正  其他结果  总计  结果维持  结果纠正  总计",
        STACKED[-1],
    ]
    assert len(joined) == len(STACKED)


def test_heads_stay_where_there_are_more_or_fewer_than_numbers():
    for row in ("  17  53  40  110  43  57", "  17  53  40  110  43  57  100  9"):
        lines = [*STACKED[:-1], row]
        assert join_stacked_heads(lines) == lines


def test_a_long_line_of_numbers_is_left_alone():
    lines = ["甲  乙", "1  " * 100_000]
    assert join_stacked_heads(lines) == lines


# The first page has a margin of two blanks and is left in mid-sentence; the second has none.
PAGES = """\
          青石镇人民政府2022年政府信息公开工作年度报告
     本报告按照条例和上级有关要求编制，由总体情况、主动公开情况、依申请公开
  情况、复议诉讼情况、存在问题和其他事项六部分组成，统计期限为全年。
     一、总体情况
     （一）主动公开。围绕群众关心的粮食收购，主动公开政策文件和解读材料共
  五十六篇，图文解读占一半以上。
     （二）平台建设。关停长期不更新的账号，把栏目由四十个并为十二个，方便了
  老年群众查看。
     五、存在的主要问题及改进情况
     一年来，公开工作取得一定成效，但仍有不足：一是解读形式比较单一，仍以文

                                     - 1 -
\f字为主，图表和视频较少；二是与群众的互动不多，征求意见时收到的反馈偏少，影
响了决策的质量。
  下一步，将通过问卷和座谈会扩大公众参与，及时反馈采纳情况，并编印答复文书
范本，供各科室使用。
"""


def test_lines_are_joined_over_the_margin_of_their_page():
    text = normalise(read_text(PAGES.encode(), "x.txt")).text.splitlines()
    assert "由总体情况、主动公开情况、依申请公开情况、复议诉讼情况" in text[1]
    assert text[3].endswith("图文解读占一半以上。")
    assert text[4].endswith("方便了老年群众查看。")
    assert text[6].endswith(
        "仍以文字为主，图表和视频较少；二是与群众的互动不多，征求意见时收到的反馈偏少，影响了决策的质量。"
    )
    assert text[7].startswith("下一步")
    assert text[7].endswith("供各科室使用。")
