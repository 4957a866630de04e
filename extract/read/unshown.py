"""What a web page holds and does not show before its script has run: where the report may be all the same.

Elements that are hidden; pages in templates, text areas and fields; strings of scripts and of the state that
a framework leaves in the page. Nothing is run. Used only for a page that shows no report: what is hidden
beside a report (the tab of another year) stays hidden.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from msgspec.structs import replace

from extract.read.evidence import load_page_words
from extract.read.literals import Literals, decode_escapes, join_surrogates, read_literals
from extract.read.page import MARK
from extract.read.script_days import find_day_beside
from extract.report import Value

MAX_SOURCE = 8_000_000  # characters of scripts that are looked through, and of hidden elements
MAX_LAYERS = 3  # JSON in strings of JSON
MAX_SCOPES = 60  # brackets in brackets that are told apart
_DEEPEST = 200  # brackets in brackets beyond which a string is put in none
TRIED = 6  # parts of a page that are read as a report, those first that have most of its words
_LEAST = 100  # characters of a part that may be a report

_HIDING = tuple(
    f"{name}:{blank}{value}"
    for name, value in (("display", "none"), ("visibility", "hidden"), ("mso-hide", "all"))
    for blank in ("", " ")
)
_NO_SIZE = re.compile(
    r"font-size\s{0,3}:\s{0,3}0(?:\.0)?(?:px|pt|em|rem|%)?\s{0,3}(?:;|!|$)"
)  # marks of the copier
HIDDEN = ("[hidden]", *(f'[style*="{way}" i]' for way in _HIDING))
_MAY_HIDE = (  # fewer selectors to try on every element; each with the words that a page must have for it
    ("[hidden]", (b"hidden",)),
    ('[style*="none" i]', (b"none",)),
    ('[style*="hid" i]', (b"hid",)),
    ('[style*="size:0" i],[style*="size: 0" i]', (b"size:0", b"size: 0")),
)
_TABS = (("tab-pane", "active"), ("layui-tab-item", "layui-show"))  # Bootstrap, layui
_SHOWN = 0.5  # of the longest tab, that the one shown has where it is the report
_FIELDS = (
    *("value", "srcdoc", "content", "props", "html", "v-html", ":content", ":html", ":value", ":data"),
    *("data-page", "data-content", "data-html", "data-props", "data-text", "data-state"),
)
_CARRIERS = ",".join(
    (
        *HIDDEN,
        "script",
        "template",
        "textarea",
        "noscript",
        "xmp",
        *(f"[{name.replace(':', chr(92) + ':')}]" for name in _FIELDS),
    )
)
_SCRIPT = re.compile(r"^\s*$|javascript|ecmascript|module|json|babel", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_MARKUP = re.compile(r"<(?:p|div|br|span|table|tr|td|h[1-6]|section|ul|ol|li|strong|b)\b", re.IGNORECASE)
_CODE = re.compile(r'^\s*[\[{"\'`]|"\s*:\s*["{\[]|["\d],\s?"')
_HEAD = 400  # characters by which JSON is told
_CHINESE = re.compile("[\u4e00-\u9fff]")
_ESCAPED = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})")
_PERCENT = re.compile(r"%u([0-9A-Fa-f]{4})")
_SHOWN_TAG = re.compile(r"&lt;/?(?:p|div|br|span|table|tr|td|strong)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp;)*(?:lt|gt|quot|nbsp|#\d{1,6});")
_MANY_TAGS = 10  # that a page shows as text, where its system escaped the report by mistake
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_YEAR = re.compile(r"(20\d\d)年")
_TITLE = 80  # characters


class Held(Value, frozen=True):
    """A part of the page that is not shown, as a page of its own.

    `carrier` is its place among the elements that can carry one; `beside` the scripts or states that it is a
    string of, the innermost first, each with the scope of that string.
    """

    html: str
    carrier: int
    promise: int
    beside: tuple[tuple[str, Literals, int], ...] = ()


def name_hiding(source: bytes) -> list[str]:
    """The selectors by which the elements of this page that may be hidden are found, for `drop_hidden`."""
    lowered = source.lower()  # bytes are searched ten times as fast as text
    return [selector for selector, words in _MAY_HIDE if any(word in lowered for word in words)]


def drop_hidden(nodes: Iterable[Any]) -> None:
    """Take those of the nodes out of their tree that a browser would not show."""
    hidden = [node for node in nodes if _hides(node) and node.tag not in ("html", "body")]
    for node in reversed(hidden):  # those within others first
        node.decompose()


def drop_other_tabs(tree: Any, source: bytes) -> None:
    """Take the tabs beside the one that is shown out of the tree: reports of other years, as a rule.

    Their class hides them, by the style sheet of a framework that the page only names. Not where what is
    shown is short beside them: the report may be in another.
    """
    for pane, shown in _TABS:
        if pane.encode() not in source:
            continue
        panes = [
            (node, shown in (node.attributes.get("class") or "").split()) for node in tree.css(f".{pane}")
        ]
        sizes = [len(node.text()) for node, _ in panes]
        open_ones = [size for size, (_, is_open) in zip(sizes, panes, strict=True) if is_open]
        if not open_ones or max(open_ones) < _SHOWN * max(sizes):
            continue
        for node, is_open in reversed(panes):
            if not is_open:
                node.decompose()


def _hides(node: Any) -> bool:
    attributes = node.attributes
    style = (attributes.get("style") or "").lower()
    if "hidden" in attributes or any(way in style for way in _HIDING):
        return True
    return "size" in style and _NO_SIZE.search(style) is not None


def find_held(text: str) -> list[Held]:
    """The parts that have most of a report's words, best first; at most `TRIED`."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    found: list[Held] = []
    scripts: list[tuple[int, Literals]] = []
    left = MAX_SOURCE
    for number, node in enumerate(tree.css(_CARRIERS)):
        for part, is_script in _read_carrier(node):
            left -= len(part)
            if left < 0:
                return _best(found)
            if is_script:
                literals = read_literals(part)
                scripts.append((number, literals))
                found.extend(_read_script(part, literals, number))
            else:
                found.extend(_read_part(part, number))
    found.extend(_read_gathered(scripts))
    return _best(found)


def set_in(text: str, held: Held) -> str:
    """The page with the part shown where its carrier stands, at the end where that is in the head."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    shown = f"<p>{MARK}</p><div>{held.html}</div><p>{MARK}</p>"
    node = tree.css(_CARRIERS)[held.carrier]
    mark = "\ue002"
    inside = tree.body is not None and any(one.tag == "body" for one in _around(node))
    if node.tag not in ("html", "body") and inside:
        node.replace_with(mark)
        page = tree.html or ""
        if page.count(mark) == 1:
            return page.replace(mark, shown)
    page = tree.html or ""
    at = page.rfind("</body>")
    return page[:at] + shown + page[at:] if at >= 0 else page + shown


def show_markup(text: str) -> str | None:
    """The page with the markup that it shows as text, escaped once too often, as markup; None without any."""
    if len(_SHOWN_TAG.findall(text)) < _MANY_TAGS:
        return None
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def _around(node: Any) -> Iterator[Any]:
    while (node := node.parent) is not None:
        yield node


def find_beside(held: Held) -> tuple[str | None, str | None]:
    """The day and the title that stand in the bracket of the part, or in one around it."""
    day: str | None = None
    title: str | None = None
    for source, literals, scope in held.beside:
        path = literals.path(scope)
        day = day or find_day_beside(source, literals, path)
        title = title or _find_title(literals, set(path))
    return day, title


def _find_title(literals: Literals, scopes: set[int]) -> str | None:
    for literal in literals.found:
        text = literal.text.strip()
        if literal.scope not in scopes or not 8 <= len(text) <= _TITLE or "<" in text or "20" not in text:
            continue
        if load_page_words().title.search(text):
            return text
    return None


def is_of_year(text: str, year: str) -> bool:
    """Whether the year is the first that a text names, or the one it names most often."""
    years = Counter(_YEAR.findall(_TAG.sub("", text)))
    return year in (next(iter(years), None), *(one for one, _ in years.most_common(1)))


# ---- from an element to texts -----------------------------------------------------------------------------


def _read_carrier(node: Any) -> Iterator[tuple[str, bool]]:
    """The texts that an element carries, and of each whether it is a script or JSON."""
    attributes = node.attributes
    if node.tag == "script":
        yield node.text() or "", bool(_SCRIPT.search(attributes.get("type") or ""))
    elif node.tag == "textarea":
        yield node.text() or "", False
    elif node.tag == "template":
        for fragment in node.template_fragments()[:1]:
            yield fragment.html or "", False
    elif node.tag not in ("html", "body", "meta", "head"):
        for name in _FIELDS:
            value = attributes.get(name) or ""
            if len(value) >= _LEAST:
                yield value, False
        if node.tag in ("noscript", "xmp") or node.css_matches(",".join(HIDDEN)):
            yield node.inner_html or "", False


def _read_part(text: str, carrier: int, layer: int = 0) -> Iterator[Held]:
    """A text that is a page, escaped or not; of JSON that holds one, what it holds."""
    shown = unfold(text)
    held = _as_held(shown, carrier)
    if layer < MAX_LAYERS and _CODE.search(shown[:_HEAD]):
        within = list(_read_script(shown, read_literals(shown), carrier, layer + 1))
        yield from within
        if held and max((one.promise for one in within), default=0) * 2 > held.promise:
            return
    if held:
        yield held


def _read_script(source: str, literals: Literals, carrier: int, layer: int = 0) -> Iterator[Held]:
    """The strings of a script that are pages, those within its strings, and all its strings together."""
    best = 0
    for literal in literals.found:
        if len(literal.text) < _LEAST:
            continue
        for held in _read_part(literal.text, carrier, layer):
            best = max(best, held.promise)
            yield replace(held, beside=(*held.beside, (source, literals, literal.scope)))
    whole = _as_held(_lay_out(literals), carrier)
    if whole and whole.promise > best:
        longest = max(literals.found, key=lambda one: len(one.text))
        yield replace(whole, beside=((source, literals, longest.scope),))


def _read_gathered(scripts: Iterable[tuple[int, Literals]]) -> Iterator[Held]:
    """What the scripts of a page gather piece by piece under one name."""
    pieces: dict[str, list[str]] = {}
    carriers: dict[str, int] = {}
    for number, literals in scripts:
        for literal in literals.found:
            if literal.appended:
                pieces.setdefault(literal.name, []).append(literal.text)
                carriers.setdefault(literal.name, number)
    for name, gathered in pieces.items():
        if len(gathered) > 1:
            yield from _read_part("".join(gathered), carriers[name])


def _lay_out(literals: Literals) -> str:
    """The strings of a script that are Chinese or markup, in the boxes that its brackets make."""
    depths = [0] * len(literals.parents)
    for scope in range(1, len(depths)):
        depths[scope] = depths[literals.parents[scope]] + 1
    parts: list[str] = []
    open_scopes = [0]
    for literal in literals.found:
        if not (_CHINESE.search(literal.text) or _MARKUP.search(literal.text)):
            continue
        path = literals.path(literal.scope)[::-1][:MAX_SCOPES] if depths[literal.scope] < _DEEPEST else [0]
        common = sum(1 for one, other in zip(path, open_scopes) if one == other)
        parts.extend(["</div>"] * (len(open_scopes) - common) + ["<div>"] * (len(path) - common))
        open_scopes = path
        parts.append(f"<div>{_as_markup(unfold(literal.text))}</div>")
    return "".join(parts)


# ---- a text as a page -------------------------------------------------------------------------------------


def unfold(text: str) -> str:
    r"""The text without the layers that it is wrapped in: entities, percent signs, escapes of escapes.

    >>> unfold("&amp;lt;p&amp;gt;公开"), unfold("%3Cp%3E%u516c%u5f00"), unfold(r"\u003cp\u003e公开")
    ('<p>公开', '<p>公开', '<p>公开')
    """
    for _ in range(MAX_LAYERS):
        before = text
        if "<" not in text and ("%u" in text or "%3C" in text or "%3c" in text):
            text = unquote(_PERCENT.sub(lambda match: chr(int(match[1], 16)), text), errors="replace")
            text = join_surrogates(text)
        if text.count("&lt;") + text.count("&amp;lt;") > text.count("<"):
            text = html.unescape(text)
        if not _MARKUP.search(text) and not _CODE.search(text[:_HEAD]) and _ESCAPED.search(text):
            text = decode_escapes(text)
        if text == before:
            break
    return _CDATA.sub("", text) if "CDATA[" in text else text


def _as_markup(text: str) -> str:
    """The text as markup: plain text with its line ends kept."""
    if _MARKUP.search(text):
        return text
    return f"<pre>{html.escape(text)}</pre>" if "\n" in text else html.escape(text)


def _as_held(text: str, carrier: int) -> Held | None:
    """The text as a part that may be the report, None where it has too few of a report's words."""
    if len(text) < _LEAST:
        return None
    words, plain = load_page_words(), _TAG.sub("", text)
    plain = html.unescape(plain) if "&#" in plain else plain
    said, labels = words.vocabulary.findall(plain), words.form.findall(plain)
    if len(set(said)) < 2 and len(set(labels)) < 2:
        return None
    return Held(_as_markup(text), carrier, len(said) + len(labels))


def _best(found: list[Held]) -> list[Held]:
    return sorted(found, key=lambda held: (-held.promise, len(held.html)))[:TRIED]
