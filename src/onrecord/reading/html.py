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
    [
        "p",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "aside",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "tbody",
        "thead",
        "tr",
        "td",
        "th",
        "blockquote",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "figure",
        "figcaption",
        "address",
        "center",
        "fieldset",
        "body",
        "html",
    ]
)
SKIPPED_TAGS = frozenset(
    [
        "script",
        "style",
        "noscript",
        "iframe",
        "object",
        "embed",
        "video",
        "audio",
        "svg",
        "form",
        "button",
        "select",
        "textarea",
        "template",
        "head",
        "nav",
        "figcaption",
    ]
)
BOLD_TAGS = frozenset(["b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th", "dt"])
STRUCK_TAGS = frozenset(["s", "strike", "del"])
# Control characters that are no white space are in the way of everything that writes XML.
INVISIBLE = dict.fromkeys(
    (*range(0x09), *range(0x0E, 0x1C), 0x7F, *map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufffe\uffff"))
)
RULE = re.compile(r"[*＊_=~—–\-#· ]{3,}$")
_PARSER_LIMITS = {"recover": True, "remove_comments": True, "remove_pis": True, "no_network": True, "huge_tree": False}


def clean(text: str) -> str:
    """Text as the record keeps it: NFC, no invisible characters, runs of white space one space, none at the ends."""
    text = " ".join(text.split())
    if not text.isprintable():
        text = " ".join(text.translate(INVISIBLE).split())
    if not text.isascii() and not is_normalized("NFC", text):
        text = normalize("NFC", text)
    return text


_ASKED = re.compile(r"(?<!\s)\s+(?=Q[ \xa0]{2,}\S)")
"""Where a question begins inside a paragraph: the wide space behind a "Q" stands nowhere else."""


class _Paragraphs:
    """Gathers runs of text into blocks while an element tree is walked."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.runs: list[tuple[str, bool, bool]] = []
        self.marked = False  # whether any run since the last flush is bold or struck

    def flush(self) -> None:
        runs = self.runs
        if not runs:
            return
        marked, self.marked = self.marked, False
        words = "".join([run[0] for run in runs]) if len(runs) > 1 else runs[0][0]
        if not marked and "Q\xa0" in words:
            *earlier, words = _ASKED.split(words)
            for part in earlier:
                if piece := clean(part):
                    self.blocks.append(Block(piece))
        text = clean(words)
        if text:
            self.blocks.append(
                block_of_runs(text, runs) if marked else Block(text, 0.0, (), RULE.fullmatch(text) is not None)
            )
        self.runs = []

    def plain_paragraph(self, node: Any, bold: bool, struck: bool) -> bool:
        """Take a paragraph of bare words or of one bold run, as most of a briefing is.  False for any other."""
        words = node.text
        if len(node):
            if (words and not words.isspace()) or len(node) > 1:
                return False
            (only,) = node
            if (
                only.tag not in ("strong", "b")
                or len(only)
                or (only.tail and not only.tail.isspace())
                or only.get("style")
            ):
                return False
            words, bold = only.text, True
        if self.runs:
            self.flush()
        if words and not bold and not struck and "Q\xa0" in words:
            self.runs = [(words, False, False)]
            self.flush()
            return True
        text = clean(words) if words else ""
        if text:
            self.blocks.append(
                Block(text, 1.0 if bold else 0.0, ((0, len(text)),) if struck else (), RULE.fullmatch(text) is not None)
            )
        return True

    def walk(self, node: Any, bold: bool, struck: bool, depth: int) -> None:
        """Take what stands inside ``node``; its tail is the caller's."""
        tag = node.tag
        if tag in SKIPPED_TAGS or not isinstance(tag, str):
            return
        is_block = tag in BLOCK_TAGS
        if is_block or tag == "br":
            if self.runs:
                self.flush()
            if tag == "hr":
                self.blocks.append(Block("", rule=True))
        style = node.get("style")
        if tag in BOLD_TAGS or (style and _BOLD_STYLE.search(style)):
            bold = self.marked = True
        elif style and bold and _PLAIN_STYLE.search(style):
            bold = False
        if tag in STRUCK_TAGS or (style and "line-through" in style):
            struck = self.marked = True
        text = node.text
        if text:
            self.runs.append((text, bold, struck))
        if depth > MAX_DEPTH:  # nesting no publisher writes: its words without its structure
            self.runs.append(("".join(node.itertext())[len(text or "") :], bold, struck))
        else:
            for child in node:
                if child.tag != "p" or not self.plain_paragraph(child, bold, struck):
                    self.walk(child, bold, struck, depth + 1)
                tail = child.tail
                if tail and not (tail.isspace() and not self.runs):
                    self.runs.append((tail, bold, struck))
                    if bold or struck:
                        self.marked = True
        if is_block and self.runs:
            self.flush()


MAX_DEPTH = 300


def block_of_runs(text: str, runs: list[tuple[str, bool, bool]]) -> Block:
    """A block of which some runs are bold or struck."""
    bold = total = 0
    lead = -1
    for words, is_bold, _ in runs:
        letters = len("".join(words.split()))
        total += letters
        if is_bold:
            bold += letters
        elif lead < 0 and letters:
            lead = bold
    struck: tuple[Span, ...] = ()
    if any(run[2] for run in runs):
        text, struck = _with_struck(runs)
    return Block(text, bold / total if total else 0.0, struck, RULE.fullmatch(text) is not None, max(lead, 0))


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
    gather.walk(element, False, False, 0)
    gather.flush()
    return gather.blocks


@lru_cache(maxsize=256)
def _xpath(expression: str) -> Any:
    return etree.XPath(expression)


def _before_end(text: str) -> str:
    """The page up to where a source says that nothing of the briefing follows; half of a page may be the site's own."""
    for mark in _ends():
        at = text.find(mark)
        if at > 0:
            return text[:at]
    return text


@cache
def _ends() -> tuple[str, ...]:
    return tuple(mark for source in all_sources().values() for mark in source.ends)


@cache
def _all_layouts() -> tuple[tuple[Source, Layout], ...]:
    return tuple((source, layout) for source in all_sources().values() for layout in source.layouts)


def _first_text(body: Any, expression: str) -> str:
    """The first text an expression finds, seen from the body element."""
    if not expression:
        return ""
    result = _xpath(expression)(body)
    for found in [result] if isinstance(result, str) else result:
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
    tree = parse_html(_before_end(text))
    meta = _meta(tree)
    address = url or meta.get("url") or meta.get("og:url") or meta.get("canonical")
    source = source or source_of_url(address) or source_of_url(meta.get("canonical"))
    candidates: list[tuple[Source, Layout]] = [(source, layout) for layout in source.layouts] if source else []
    candidates += [pair for pair in _all_layouts() if source is None]
    best: tuple[Source, Layout, list[Any]] | None = None
    for owner, layout in candidates:
        if best is not None and best[1].body != layout.body:
            continue
        bodies = best[2] if best else _xpath(layout.body)(tree)
        if not bodies:
            continue
        # two generations of a site may share the body's id: the one whose heading is there is the page's
        heading = _first_text(bodies[0], layout.title)
        if source is None and not _alike(owner, heading, address, meta):
            continue
        if best is None or heading:
            best = (owner, layout, bodies)
        if heading:
            meta["heading"] = heading
            break
    if best is None:
        return _fallback(text, tree, meta)
    owner, layout, bodies = best
    meta["source"] = owner.id
    meta["layout"] = layout.name
    for key, expression in (("shown time", layout.time), ("held", layout.held)):
        shown = _first_text(bodies[0], expression)
        if shown:
            meta[key] = shown
    if layout.cast:
        meta["cast"] = ", ".join(clean("".join(found.itertext())) for found in _xpath(layout.cast)(bodies[0]))
    if layout.drop:
        for element in _xpath(layout.drop)(tree):
            _drop(element)
    blocks = [block for body in bodies for block in paragraphs(body)]
    return Page(format="html", meta=meta, blocks=blocks)


def _alike(owner: Source, heading: str, address: str | None, meta: dict[str, str]) -> bool:
    """Whether a page that no source's address claims is the owner's all the same: the heading stands where the layout
    has it and, when the page has an address elsewhere, reads like the owner's.  Other sites use the same templates.
    """
    return bool(heading) and (
        not address or re.search(owner.marks, f"{heading}\n{meta.get('<title>', '')}") is not None
    )


def _writable(text: str) -> str:
    """What lxml takes: it reads character references to control characters, and refuses to be given them."""
    return text.translate(INVISIBLE).translate(dict.fromkeys((0x0B, 0x0C, *range(0x1C, 0x20)), " "))


def _drop(element: Any) -> None:
    parent, previous = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail:
        if previous is not None:
            previous.tail = _writable((previous.tail or "") + element.tail)
        else:
            parent.text = _writable((parent.text or "") + element.tail)
    parent.remove(element)


_SHORTEST_HEADING = 10
"""Characters; a shorter heading alone on a page is the site's name rather than the briefing's."""


def _main_text(text: str) -> Any:
    """The element that trafilatura takes for the page's own text, or None.

    Its elements are taken as they are: what it writes of them as XML is not always sound, and puts spaces between
    letters of different weight.
    """
    import trafilatura

    try:
        found = trafilatura.bare_extraction(text, include_formatting=True, include_comments=False, favor_recall=True)
    except (etree.LxmlError, ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return None  # a page broken in ways it was not made for
    return getattr(found, "body", None)


def _fallback(text: str, tree: Any, meta: dict[str, str]) -> Page:
    """Main text of a page of no known layout: trafilatura says which text is the page's own."""
    body = _main_text(text)
    if body is not None:
        for element in body.iter("hi"):
            element.tag = "b" if element.get("rend") == "#b" else "span"
        for element in body.iter("head"):
            element.tag = "h2"
        for element in body.iter("lb"):
            element.tag = "br"
        for element in body.iter("item", "list", "quote", "row", "cell"):
            element.tag = "div"
        blocks = paragraphs(body)
        titles = [heading for h1 in tree.iter("h1") if (heading := clean("".join(h1.itertext())))]
        title = meta.get("og:title") or meta.get("<title>", "")
        if len(blocks) > 1 and (blocks[0].text in titles or title.startswith(blocks[0].text)):
            meta["heading"] = blocks.pop(0).text  # no more a part of the briefing than where a layout names it
        elif len(set(titles)) == 1 and len(titles[0]) >= _SHORTEST_HEADING:
            meta["heading"] = titles[0]
        if blocks:
            return Page(
                format="html",
                meta=meta,
                blocks=blocks,
                notices=("the layout of this page is unknown; its main text was guessed",),
            )
    blocks = paragraphs(tree)
    if not blocks:
        raise NotABriefing("holds no text")
    meta["whole"] = "yes"  # menus and all, so that words without a label may be nobody's
    return Page(
        format="html", meta=meta, blocks=blocks, notices=("the layout of this page is unknown; all its text was taken",)
    )
