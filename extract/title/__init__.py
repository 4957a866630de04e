"""Text → title, agency and year; and whether the text is such a report at all.

The title says most; where it lacks the agency or there is none, the preamble, the sender and the narrative
are asked, in that order, and the page's own data last. Nothing is looked up in lists of places, and where the
report does not say, the answer is None. data/titles.toml holds the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from extract.days import DAY
from extract.normalise.furniture import find_body, find_published
from extract.patterns import late
from extract.report import Document, Text, Value
from extract.title.agency import find_agency, load_titles, trim_agency
from extract.title.years import (
    find_period_year,
    find_prevailing_year,
    find_title_year,
    find_told_year,
    strip_years,
)

MAX_CHARACTERS = 1_500_000  # a province's report has some 60,000; the steps take 7 s a million (2026-11)
_MOST_LINES = 40  # lines looked at for a title; a page's head is shorter once its furniture is gone
_LONGEST = 90  # characters of a line that may be (part of) a title
_PIECES = 4  # lines that one title may be spread over
_SENTENCE = late(r"[。；！？;]|[，,].*[，,]")
_ATTACHMENT = late(r"^(?:附件|附表|附)[\d一二三四五六七八九十]{0,2}[：:、.]?")
_DRESS = late(r"^[#*|>《“\"【\[\s]+|[》”\"】\]|*\s]+$")
_LEADING_YEAR = late(r"^[【\[（(](?:20\d\d)(?:年度?)?[】\])）]")
_PAPER = late(r"^[\u4e00-\u9fff]{2,8}[〔﹝\[（(]20\d\d[〕﹞\]）)]第?\d{1,4}号")  # 某政办〔2024〕1号
_TAG = late(r"^\s*(?:【[^【】\d]{2,8}】|\[[^\[\]\d]{2,8}\])\s*(?=\S)")  # of a site's list: 【年报】
_YEAR_BELOW = late(r"[（(【\[]?(.{4}年?度?)[）)】\]]?")
_RUN_IN = late(r"[^\s，。：；,]{0,40}\s?[^\s，。：；,]{0,40}(?:年度报告|工作报告|年报)(?=\s)")
_SITE = late(r"[_|｜]|\s[-–—]+\s|--+|—+")
_PLACE = late(r"[省市县区旗州盟镇乡](?!建设)|街道|国家|中国|中华")
_CLOSED_NAME = late(r"(?:政府|局|厅|委|委员会|办公室|办|中心|院|网|网站|平台|文件|专栏|号|公开|年报)$")
_REPORT_WORDS = late(r"公开")
_STATEMENT = late(
    r"^本(?:年度?)?(?:报告|年报)|编制的|编写的|^(?:根据|按照|依据|依照).*[，,]|向社会公"
)  # 本报告是由某街道编制的2010年度…报告
_OPENING, _CLOSING = late("[（(]"), late("[）)]")


class Heading(Value, frozen=True, gc=False):
    """What a report says of itself: its title as printed, who reports, and the year reported on.

    `spans` are the lines of the title in the text; `published` is the day that the page states, ISO.
    """

    title: str | None = None
    agency: str | None = None
    year: int | None = None
    spans: tuple[tuple[int, int], ...] = ()
    published: str | None = None

    @property
    def title_end(self) -> int:
        """Where a title that names agency and year ends; 0 where none has lines of its own."""
        return self.spans[-1][1] if self.spans and self.agency and self.year else 0


class Title(NamedTuple):
    """A title found: as printed, what it says, and the numbers of its first and last line."""

    surface: str
    agency: str | None
    year: int | None
    first: int
    last: int


def read_heading(text: Text, document: Document) -> Heading:
    """Title, agency, year and day of publication, None where the report does not give them."""
    lines = [text.text[line.start : line.end] for line in text.lines[: 4 * _MOST_LINES]]
    titles = list(find_titles(lines))
    title = choose_title(titles, find_period_year(text.text) if len(titles) > 1 else None)
    title = title or _find_run_in(lines)
    outer = read_title(document.title) if document.title else None
    year = (title.year if title else None) or find_told_year(text.text)
    year = year or (outer.year if outer else None) or find_prevailing_year(text.text)
    agency = find_agency(
        text,
        title.agency if title else None,
        (outer.agency if outer else None, document.publisher),
    )
    spans = (
        tuple((line.start, line.end) for line in text.lines[title.first : title.last + 1]) if title else ()
    )
    return Heading(
        title=title.surface if title else None,
        agency=agency,
        year=year,
        spans=spans,
        published=find_published((*text.removed, *lines[:_MOST_LINES])),
    )


# ---- the title -------------------------------------------------------------------------------------------


def find_titles(lines: Sequence[str]) -> Iterator[Title]:
    """Every title before the report's first section, each with its agency's line where that stands above."""
    first, _ = find_body(lines[: 4 * _MOST_LINES])
    end = min(first or 12, len(lines), 4 * _MOST_LINES)
    at = 0
    while at < end:
        title = _title_at(lines, at, end)
        if title is None:
            at += 1
        else:
            yield title
            at = title.last + 1


def _find_run_in(lines: Sequence[str]) -> Title | None:
    """The title that a report begins with whose line ends are lost; it has no line of its own."""
    found = _RUN_IN.match(lines[0]) if lines and len(lines[0]) > _LONGEST else None
    title = read_title(found.group()) if found else None
    return title._replace(surface=found.group(), first=0, last=-1) if title and found else None


def choose_title(titles: Sequence[Title], year: int | None) -> Title | None:
    """The fullest of several titles; of like ones the one of `year`, else the last before the text."""
    best: Title | None = None
    best_rank = (-1, -1, -1)
    for title in titles:
        rank = (
            (title.agency is not None) + (title.year is not None),
            int(title.year is not None and title.year == year),
            int(_count(_OPENING, title.surface) == _count(_CLOSING, title.surface)),  # not …报告2018年度）
        )
        if rank >= best_rank:
            best, best_rank = title, rank
    return best


def _title_at(lines: Sequence[str], at: int, end: int) -> Title | None:
    """The title that begins in line `at`, in as few lines as say it whole."""
    parts: list[str] = []
    for last in range(at, min(at + _PIECES, end)):
        line = lines[last].strip()
        if not line or len(line) > _LONGEST or (_SENTENCE.search(line) and not _REPORT_WORDS.search(line)):
            return None
        if "此件" in line:  # （此件主动公开） of the letter above it
            return None
        if parts and (_stands_apart(parts[-1], line) or (len(parts[-1]) > 3 and line.endswith(parts[-1]))):
            return None
        parts.append(line)
        found = read_title("".join(parts))
        if found is not None:
            return _add_below(found, parts, lines, (at, last, end))
        if last == at and not _may_begin_title(line):
            return None
    return None


def _add_below(title: Title, parts: list[str], lines: Sequence[str], at: tuple[int, int, int]) -> Title:
    """The title with a year in brackets, and an agency, that stand on lines of their own below it.

    `at` gives the numbers of its first and last line, and of the first section's heading.
    """
    first, last, end = at
    if (
        last + 1 < end
        and title.year is None
        and (found := _YEAR_BELOW.fullmatch("".join(lines[last + 1].split())))
    ):
        last += 1
        parts = [*parts, lines[last].strip()]
        title = title._replace(year=find_title_year(found[1]))
    if last + 1 < end and title.agency is None:
        title = title._replace(agency=_name_below(lines[last + 1]))
    return title._replace(first=first, last=last, surface=_surface(parts))


def _name_below(line: str) -> str | None:
    bare = "".join(line.split())
    return trim_agency(bare) if trim_agency(bare) == bare else None


def _may_begin_title(line: str) -> bool:
    """Whether a line could be the first of a title in several: a name, a year, a part of the words."""
    bare = "".join(line.split())
    return (
        len(bare) <= 40
        and not re.search(r"[，。；：:,;]", bare)
        and bool(_HAN.search(bare))
        and not DAY.search(bare)
    )


def _stands_apart(line: str, after: str) -> bool:
    """Whether `line` is a name apart above a title that has its own: a site, a province, a letterhead."""
    own = read_title(after)
    above = "".join(line.split())
    if own is None or own.agency is None or not strip_years(above):
        return False
    # 某县 or 某县住房和城乡 above 建设局2020年…: a department alone is no whole name, the line above goes on.
    if _PLACE.search(own.agency):
        return True
    return not _PLACE.search(above) or _CLOSED_NAME.search(above) is not None


def _surface(parts: Sequence[str]) -> str:
    return _ATTACHMENT.sub("", _DRESS.sub("", _TAG.sub("", "".join(parts))))


@lru_cache(512)  # a line is asked about alone and with those around it
def read_title(line: str) -> Title | None:
    """What a line says, read as a title; None where it is none.

    >>> title = read_title("王集乡人民政府 2020 年度政府信息公开工作年度报告")
    >>> title.agency, title.year
    ('王集乡人民政府', 2020)
    """
    if len(line) > 2 * _LONGEST or not _REPORT_WORDS.search("".join(line.split())):
        return None
    found = _match_title(line)
    if found is not None:
        return _take_apart(line, found)
    pieces = _SITE.split(line)
    for piece in pieces if len(pieces) > 1 else ():
        found = _match_title(piece)
        if found is not None:
            return _take_apart(piece, found)
    return None


def _match_title(piece: str) -> re.Match[str] | None:
    bare = _ATTACHMENT.sub("", _DRESS.sub("", _TAG.sub("", "".join(piece.split()))))
    return _title_pattern().fullmatch(_PAPER.sub("", _LEADING_YEAR.sub("", bare)))


def _take_apart(surface: str, found: re.Match[str]) -> Title | None:
    before, words = found["before"], found["words"]
    doubled = _title_pattern().match(before) if _REPORT_WORDS.search(before) else None
    if doubled:  # the title twice on one line
        before, words = doubled["before"], doubled["words"]
    if (
        len(before) > 60
        or _SENTENCE.search(before)
        or _STATEMENT.search(found["before"])
        or before.endswith(("《", "编制", "发布"))
    ):
        return None
    if before.endswith("人民"):  # 某镇人民|政府信息公开
        before += "政府"
    year, rest = find_title_year(before), strip_years(before)
    year = year or find_title_year(words) or find_title_year(found["after"])
    if year is None and len(rest) == 0 and not words.endswith(("年度报告", "年报")):
        return None
    return Title(surface, _agency_of(rest), year, 0, 0)


def _agency_of(parts: Sequence[str]) -> str | None:
    """The agency among what a title's years leave over: 某县|教育局 of 某县2020年教育局 is one name."""
    named = [name for name in (trim_agency(part, title=True) for part in parts) if name]
    if not named:
        return None
    return named[0] if len(named) == 1 else max(named, key=len)


@cache
def _title_pattern() -> re.Pattern[str]:
    data = load_titles()["title"]
    return re.compile(
        f"(?P<before>.{{0,80}}?)(?=[{data['begins']}])(?P<words>{data['words']})(?P<after>{data['after']})"
    )


# ---- whether it is a report ------------------------------------------------------------------------------

_SAMPLE = 2_000  # characters by which the language is told
_HAN = late("[\u4e00-\u9fff]+")
_LETTER = late(r"[^\W\d_]+")
_LEAST_HAN = 0.2  # share of Chinese characters below which a text is in another language
_HEADINGS = (  # of the report alone, and of many a report
    late(
        r"主动公开政府信息|收到和处理政府信息公开申请|政府信息公开.{0,8}行政复议|依申请公开.{0,8}情况"
        r"|其[他它]需要(?:报告|说明)的(?:事项|情况)"
    ),
    late(r"存在的?(?:主要)?问题|总体情况|概述|公开.{0,6}概况"),
)
# Headings in a line that holds more, where the line ends are lost.
_INSIDE = late(
    r"(?:[一二三四五六1-9]、|[（(][一二三四五六][）)])\s*[^。，；：\s]{0,8}"
    r"(?:主动公开(?:政府信息)?(?:情况|方面)?|依申请公开(?:政府信息)?(?:情况|方面)?|复议、?.{0,6}诉讼(?:情况)?)[。：:\s]"
)
_ENOUGH = 3
_PERIOD = late(r"统计(?:期限|时限|时间|时段)")
_ARTICLE = late(r"第[一二三四五六七八九十]{1,3}条[\s　]")
_ARTICLES = 5


def is_report(text: Text) -> str | None:
    """Why a text is no such report; None where it is one, or a part of one.

    Lenient: some sections, or the tables alone, are enough. A news item about one, the law itself, or another
    kind of annual report is not.
    """
    content = text.text
    if len(content.strip()) < 2:
        return "holds no text; if it is a scan, run OCR first"
    if len(content) > MAX_CHARACTERS:
        return f"{len(content):,} characters are more than any report has: if it holds several, part them"
    sample = content[:_SAMPLE]
    if not _is_chinese(sample):
        return "is not in Chinese"
    if measure_report(text) >= _ENOUGH:
        return None
    return "is no annual report on government information disclosure: no title, sections or tables of one"


def _is_chinese(sample: str) -> bool:
    chinese = 0
    for start in range(0, len(sample), 500):  # most have enough in the first stretch
        chinese += _count(_HAN, sample[start : start + 500])
        if chinese >= max(4, _LEAST_HAN * len(sample)):
            return True
    return chinese >= max(4, _LEAST_HAN * _count(_LETTER, sample))


def _count(runs: re.Pattern[str], sample: str) -> int:
    return sum(map(len, runs.findall(sample)))


def measure_report(text: Text) -> int:
    """How much a text looks like a report; 3 and more is one.

    A title counts 3, labels of the statutory tables 3, a heading 1 or 2, the words of disclosure up to 2;
    where no title is, a sentence that says so counts 2, and 3 with one that states the period. The title of
    another kind of report takes 4 away, and a law is none. Signs are counted until they suffice.
    """
    content = text.text
    if _is_law(text):
        return 0
    data = load_titles()["report"]
    lines = [content[line.start : line.end].strip() for line in text.lines[:6]]
    head = "\n".join([line for line in lines if len(line) < 60])
    score = -4 if any(word in head for word in data["other"]) else 0
    if "关于" in head and re.search(data["letter"], head, re.MULTILINE):
        score -= 3
    labels = (True for label in data["labels"] if label in content)
    if next(labels, False) and next(labels, False):
        score += 3
    if score >= _ENOUGH:
        return score
    lines = [content[line.start : line.end].strip() for line in text.lines]
    short = [line for line in lines if len(line) < 40]
    for weight, pattern in zip((2, 1), _HEADINGS, strict=True):
        score += weight * len({found.group() for line in short if (found := pattern.search(line))})
    if score >= _ENOUGH:
        return score
    signs = sum(sign in content for sign in data["signs"])
    titles = list(find_titles(lines))
    score += (signs >= 3) + (signs >= 6) + (2 if titles else 0)
    score += any(title.year or title.agency for title in titles)
    if not titles and _statement().search(content, 0, _SAMPLE):
        score += 2 + (_PERIOD.search(content, 0, _SAMPLE) is not None)
    if score == _ENOUGH - 1:  # a part of a report, or one without line ends
        inside = {found.group() for found in _INSIDE.finditer(content)}
        score += len(inside) >= 2
    return score


@cache
def _statement() -> re.Pattern[str]:
    return re.compile(load_titles()["report"]["statement"])


def _is_law(text: Text) -> bool:
    """第一条, 第二条 … at the head of lines: a law or rule."""
    content = text.text
    if len(_ARTICLE.findall(content + "\n")) < _ARTICLES:
        return False
    lines = [content[line.start : line.end].strip() for line in text.lines]
    return sum(_ARTICLE.match(line + " ") is not None for line in lines) >= _ARTICLES
