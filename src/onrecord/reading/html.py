"""HTML bytes to paragraphs: the body a source's layout names, else what trafilatura takes for the main text."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any
from unicodedata import is_normalized, normalize

from lxml import etree

from onrecord.errors import NotABriefing
from onrecord.reading.blocks import Block, Page, Span
from onrecord.sources import Layout, Source, all_sources, source_of_url

BLOCK_TAGS = frozenset(
    "p div section article header footer main aside ul ol li dl dt dd table tbody thead tr td th blockquote pre h1 h2 h3 h4 h5 h6 hr "
    "figure figcaption address center fieldset body html".split()
)
SKIPPED_TAGS = frozenset(
    "script style noscript iframe object embed video audio svg form button select textarea template head nav figcaption".split()
)
BOLD_TAGS = frozenset("b strong h1 h2 h3 h4 h5 h6 th dt".split())
STRUCK_TAGS = frozenset("s strike del".split())
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
RULE = re.compile(r"[*＊_=~—–\-#· ]{3,}$")
_PARSER_LIMITS = {"recover": True, "remove_comments": True, "remove_pis": True, "no_network": True, "huge_tree": False}


def clean(text: str) -> str:
    """Text as the record keeps it: NFC, invisible characters gone, runs of white space one space, no space at the ends."""
    text = " ".join(text.split())
    if not text.isascii():
        text = text.translate(INVISIBLE) if _INVISIBLE.search(text) else text
        if not is_normalized("NFC", text):
            text = normalize("NFC", text)
        text = text.strip()
    return text


_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")


class _Paragraphs:
    """Gathers runs of text into blocks while an element tree is walked."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.runs: list[tuple[str, bool, bool]] = []

    def flush(self) -> None:
        runs, self.runs = self.runs, []
        if not runs:
            return
        text = clean("".join([run[0] for run in runs]))
        if not text:
            return
        bold = total = 0
        lead = -1
        struck: tuple[Span, ...] = ()
        if any(run[1] for run in runs):
            for words, is_bold, _ in runs:
                letters = len("".join(words.split()))
                total += letters
                if is_bold:
                    bold += letters
                elif lead < 0 and letters:
                    lead = bold
        if any(run[2] for run in runs):
            text, struck = _with_struck(runs)
        share = bold / total if total else 0.0
        self.blocks.append(Block(text, share, struck, RULE.fullmatch(text) is not None, max(lead, 0)))

    def walk(self, element: Any, bold: bool, struck: bool) -> None:
        # an explicit stack: pages nest deeper than Python's own
        stack: list[tuple[Any, bool, bool, bool]] = [(element, bold, struck, False)]
        runs = self.runs
        while stack:
            node, bold, struck, closing = stack.pop()
            tag = node.tag
            if closing:
                if tag in BLOCK_TAGS:
                    self.flush()
                    runs = self.runs
                if node is not element and node.tail:
                    runs.append((node.tail, bold, struck))
                continue
            if not isinstance(tag, str) or tag in SKIPPED_TAGS:
                if node is not element and node.tail:
                    runs.append((node.tail, bold, struck))
                continue
            if tag in BLOCK_TAGS or tag == "br":
                self.flush()
                runs = self.runs
                if tag == "hr":
                    self.blocks.append(Block("", rule=True))
            stack.append((node, bold, struck, True))
            style = node.get("style")
            if tag in BOLD_TAGS or (style and _BOLD_STYLE.search(style)):
                bold = True
            elif style and _PLAIN_STYLE.search(style):
                bold = False
            if tag in STRUCK_TAGS or (style and "line-through" in style):
                struck = True
            if node.text:
                runs.append((node.text, bold, struck))
            if len(node):
                for child in reversed(node):
                    stack.append((child, bold, struck, False))


_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_PLAIN_STYLE = re.compile(r"font-weight\s*:\s*(?:normal|[1-5]00)", re.I)


def _with_struck(runs: list[tuple[str, bool, bool]]) -> tuple[str, tuple[Span, ...]]:
    """The same cleaning run by run, keeping where the struck runs came to lie."""
    text = ""
    spans: list[Span] = []
    for words, _, struck in runs:
        words = normalize("NFC", words.translate(INVISIBLE))
        lead = " " if words[:1].isspace() and text and not text.endswith(" ") else ""
        trail = " " if words[-1:].isspace() and words.strip() else ""
        start = len(text) + len(lead)
        text += lead + " ".join(words.split()) + trail
        end = len(text) - len(trail)
        if struck and end > start:
            spans.append((start, end))
    return text.strip(), tuple(spans)


def paragraphs(element: Any) -> list[Block]:
    """The paragraphs under an lxml element, in order."""
    gather = _Paragraphs()
    gather.walk(element, False, False)
    gather.flush()
    return gather.blocks


@lru_cache(maxsize=256)
def _xpath(expression: str) -> Any:
    return etree.XPath(expression)


@cache
def _all_layouts() -> tuple[tuple[Source, Layout], ...]:
    return tuple((source, layout) for source in all_sources().values() for layout in source.layouts)


def _first_text(tree: Any, expression: str) -> str:
    if not expression:
        return ""
    for found in _xpath(expression)(tree):
        text = clean(found if isinstance(found, str) else "".join(found.itertext()))
        if text:
            return text
    return ""


def _meta(tree: Any) -> dict[str, str]:
    meta: dict[str, str] = {}
    for element in tree.iter("meta", "title", "link", "html", "time"):
        if element.tag == "meta":
            key = element.get("name") or element.get("property") or element.get("itemprop") or ""
            value = element.get("content")
            if key and value and value.strip():
                meta.setdefault(key.lower(), value.strip())
        elif element.tag == "title":
            if element.text and "<title>" not in meta:
                meta["<title>"] = clean("".join(element.itertext()))
        elif element.tag == "link":
            if (element.get("rel") or "").lower() == "canonical" and element.get("href"):
                meta.setdefault("canonical", element.get("href").strip())
        elif element.tag == "html":
            if element.get("lang"):
                meta["lang"] = element.get("lang")
        elif element.get("datetime"):
            meta.setdefault("time", element.get("datetime"))
    return meta


def parse_html(text: str) -> Any:
    """The root element; raises NotABriefing when there is no markup to be had at all."""
    try:
        root = etree.HTML(text.encode("utf-8", "surrogatepass"), etree.HTMLParser(encoding="utf-8", **_PARSER_LIMITS))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotABriefing(f"cannot be parsed as HTML ({error})") from None
    if root is None:
        raise NotABriefing("has no HTML elements")
    return root


def html_page(text: str, *, url: str | None = None, source: Source | None = None) -> Page:
    """A page of HTML as paragraphs.  ``text`` is decoded; ``source`` is tried before the page's own address tells."""
    tree = parse_html(text)
    meta = _meta(tree)
    address = url or meta.get("url") or meta.get("og:url") or meta.get("canonical")
    source = source or source_of_url(address) or source_of_url(meta.get("canonical"))
    candidates: list[tuple[Source, Layout]] = [(source, layout) for layout in source.layouts] if source else []
    candidates += [pair for pair in _all_layouts() if source is None]
    best: tuple[Source, Layout, list[Block]] | None = None
    for owner, layout in candidates:
        bodies = _xpath(layout.body)(tree)
        if not bodies:
            continue
        if best is not None and best[1].body != layout.body:
            continue
        if best is None or (not _first_text(tree, best[1].title) and _first_text(tree, layout.title)):
            best = (owner, layout, bodies)
    if best is None:
        return _fallback(text, tree, meta)
    owner, layout, bodies = best
    meta["source"] = owner.id
    meta["layout"] = layout.name
    for name, expression in (("heading", layout.title), ("shown time", layout.time)):
        value = _first_text(tree, expression)
        if value:
            meta[name] = value
    if layout.drop:
        for element in _xpath(layout.drop)(tree):
            _drop(element)
    blocks = [block for body in bodies for block in paragraphs(body)]
    return Page(format="html", meta=meta, blocks=blocks)


def _drop(element: Any) -> None:
    parent, previous = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail:
        if previous is not None:
            previous.tail = (previous.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _fallback(text: str, tree: Any, meta: dict[str, str]) -> Page:
    """Main text of a page of no known layout.  trafilatura says which text is the page's own; bold is read off the page."""
    import trafilatura

    xml = trafilatura.extract(text, output_format="xml", include_formatting=True, include_comments=False, favor_recall=True)
    if xml:
        body = etree.fromstring(xml.encode("utf-8"), etree.XMLParser(no_network=True, resolve_entities=False))
        for element in body.iter("hi"):
            element.tag = "b" if element.get("rend") == "#b" else "span"
        for element in body.iter("head"):
            element.tag = "h2"
        for element in body.iter("lb"):
            element.tag = "br"
        for element in body.iter("item", "list", "quote", "row", "cell"):
            element.tag = "div"
        for element in body.iter("comments"):
            element.tag = "head"
        main = body.find("main")
        blocks = paragraphs(main if main is not None else body)
        if blocks:
            return Page(format="html", meta=meta, blocks=blocks, notices=("the layout of this page is unknown; its main text was guessed",))
    blocks = paragraphs(tree)
    if not blocks:
        raise NotABriefing("holds no text")
    return Page(format="html", meta=meta, blocks=blocks, notices=("the layout of this page is unknown; all its text was taken",))
