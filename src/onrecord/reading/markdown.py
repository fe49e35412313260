"""Markdown with front matter to paragraphs, its marks gone and struck-through words kept.

Only what prose uses is undone: paragraphs, hard line breaks, emphasis, links, autolinks, escapes, strike-through,
headings, list and quote marks, HTML tags and entities.  Why not with a CommonMark parser: docs/decisions/0003.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from onrecord.errors import NotABriefing
from onrecord.reading.blocks import Block, Page, Span
from onrecord.reading.decode import unescape
from onrecord.reading.html import RULE, clean

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.S)
_PARAGRAPH = re.compile(r"\n(?:[ \t\xa0]*\n)+")
# A hard line break, and a question mark of the transcript ("Q" and a wide space) wherever it stands, open a new line.
_HARD_BREAK = re.compile(r"(?<![ \xa0])[ \xa0]{2,}\n|\\\n")
_ITEM = re.compile(r"\n(?=[ \t]{0,3}[-*+][ \t]{1,3}\S)")
_NUMBERED = re.compile(r"\n(?=[ \t]{0,3}\d{1,2}[.)][ \t]{1,3}\S)")
_ASKED = re.compile(r"(?<!\s)\s+(?=Q[ \xa0]{2,}\S)|\n(?=Q:\s)")
_SPECIAL = re.compile(r"[\\*_<\[`~&]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
# What may be left unclosed is bounded, or stops where the next begins: a page full of openings takes no time.
_IMAGE = re.compile(r"!\[([^\]\[]*)\]\([^)]{0,1500}\)")
_LINK = re.compile(r"\[([^\]\[]*)\]\([^)\s]{0,1500}(?:\s+\"[^\"]{0,500}\")?\)")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]+|[\w.+-]+@[\w.-]+)>")
_STRUCK = re.compile(r"<(s|del|strike)>(.{0,1500}?)</\1>|~~(.+?)~~", re.S | re.I)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--[^<>]{0,500}-->")
_STRONG = re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).)+)(?<=\S)\1", re.S)
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?!\s)([^*_]+?)(?<=\S)\1(?![\w*])", re.S)
_EMPTY = re.compile(r"(?<=\w[*.!?)])\*\*[ \xa0]+\*\*(?=\s*$)")
"""Bold around nothing, as editors leave it at a line's end."""
_WHOLE = re.compile(r"^\s*([*_])(?![*_\s])([^*_]+?)\s*\1\s*$")
"""A line set in italics as a whole, as editors leave it, a space before the closing mark included."""
_MARKER = re.compile(r"^(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]{1,3}(?=\S))")
_OPEN, _CLOSE = "\ue000", "\ue001"  # private-use stand-ins for where struck words begin and end
_HIDDEN = 0xE100  # escaped characters hide here while marks are undone


def _hide(match: re.Match[str]) -> str:
    return chr(_HIDDEN + ord(match.group(1)))


_SHOW = {_HIDDEN + code: chr(code) for code in range(0x21, 0x7F)}


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The front matter as strings by lower-case key, and what follows it.  One that is no mapping is ignored."""
    match = _FRONT.match(text)
    if not match:
        return {}, text
    try:
        data: Any = yaml.load(match.group(1), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except yaml.YAMLError:
        data = dict(
            line.split(":", 1)
            for line in match.group(1).splitlines()
            if ":" in line and not line.startswith((" ", "-"))
        )
    if not isinstance(data, dict):
        return {}, text[match.end() :]
    meta = {}
    for key, value in data.items():
        if isinstance(value, str) and value.strip():
            meta[str(key).strip().lower()] = clean(value).strip("'\"")
        elif isinstance(value, list):
            # strings alone: a nest of aliases written out would take for ever
            meta[str(key).strip().lower()] = ", ".join(clean(item) for item in value if isinstance(item, str))
    return meta, text[match.end() :]


def plain(line: str) -> tuple[str, tuple[Span, ...], float]:
    """One line of Markdown as plain text, the spans of its struck words, and its bold share (0 or 1, roughly)."""
    if not _SPECIAL.search(line):
        return clean(line), (), 0.0
    line = _ESCAPED.sub(_hide, line)
    line = _IMAGE.sub(r"\1", line)
    line = _AUTOLINK.sub(r"\1", line)
    line = _LINK.sub(r"\1", line)
    line = _STRUCK.sub(lambda m: f"{_OPEN}{m.group(2) or m.group(3)}{_CLOSE}", line)
    line = _TAG.sub("", line)
    whole = len(line.strip())
    bold = sum(len(m.group(2)) + 4 for m in _STRONG.finditer(line)) / whole if whole and "**" in line else 0.0
    line = _STRONG.sub(r"\2", _EMPTY.sub("", line))
    line = _WHOLE.sub(r"\2", line)
    line = _EMPHASIS.sub(r"\2", line)
    if "&" in line:
        line = unescape(line)
    line = clean(line.translate(_SHOW))
    if _OPEN not in line:
        return line, (), min(bold, 1.0)
    spans, at, out = [], 0, []
    for piece in re.split(f"([{_OPEN}{_CLOSE}])", line):
        if piece == _OPEN:
            start = at
        elif piece == _CLOSE:
            spans.append((start, at))
        else:
            out.append(piece)
            at += len(piece)
    return "".join(out), tuple(s for s in spans if s[1] > s[0]), min(bold, 1.0)


def _lines(paragraph: str) -> list[str]:
    lines = (
        _HARD_BREAK.split(paragraph)
        if "  \n" in paragraph or "\\\n" in paragraph or "\xa0\n" in paragraph
        else [paragraph]
    )
    if paragraph.find("Q", 1) > 0:
        lines = [part for line in lines for part in (_ASKED.split(line) if "Q" in line else (line,))]
    if "\n- " in paragraph or "\n* " in paragraph or "\n+ " in paragraph:
        lines = [part for line in lines for part in _ITEM.split(line)]
    if paragraph[:1].isdigit() and _NUMBERED.match("\n" + paragraph):
        lines = [part for line in lines for part in _NUMBERED.split(line)]
    return lines


def markdown_page(text: str) -> Page:
    """A page of Markdown as paragraphs; raises NotABriefing when nothing is left of it."""
    meta, body = front_matter(text)
    blocks = []
    for paragraph in _PARAGRAPH.split(body.replace("\r\n", "\n")):
        for line in _lines(paragraph) if paragraph and not paragraph.isspace() else ():
            line = line.strip()
            heading = line.startswith("#") and not line.startswith("###")
            stripped = _MARKER.sub("", line) if line[:1] in "#>-*+" else line
            words, struck, bold = plain(stripped)
            if words:
                blocks.append(Block(words, 1.0 if heading else bold, struck, RULE.fullmatch(words) is not None))
    if not blocks:
        raise NotABriefing("holds no text")
    return Page(format="markdown", meta=meta, blocks=blocks)
