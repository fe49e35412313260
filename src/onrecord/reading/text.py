"""Plain text to paragraphs: by blank lines where there are any, else by lines."""

from __future__ import annotations

import html
import re

from onrecord.errors import NotABriefing
from onrecord.reading.blocks import Block, Page
from onrecord.reading.html import RULE, clean

_BLANK = re.compile(r"\n[ \t\xa0]*\n\s*")
_TAG = re.compile(r"</?(?:strong|b|i|em|u|p|br|span|div|a|font|h[1-6])\b[^<>]*>", re.I)
_WRAPPED = re.compile(r"(?<![.!?:。！？：”\"])\n(?=[a-z,;])")


def text_page(text: str) -> Page:
    """A page of plain text as paragraphs.  Stray HTML tags are markup and go; the words between them stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [line for line in text.split("\n") if line.strip()]
    # Text wrapped at a fixed width has blank lines between paragraphs and lines of much the same length within them.
    widths = [len(line) for line in lines]
    wrapped = len(widths) > 8 and max(widths) <= 100 and bool(_BLANK.search(text))
    pieces = _BLANK.split(text) if wrapped else text.split("\n")
    blocks: list[Block] = []
    for piece in pieces:
        for line in re.split(r"<br\s*/?>|</p>|</div>", piece, flags=re.I):
            stripped = _TAG.sub("", line) if "<" in line else line
            words = clean(html.unescape(stripped) if "&" in stripped else stripped)
            if words:
                bold = 1.0 if re.match(r"\s*<(?:strong|b)>.*</(?:strong|b)>\s*$", line, re.I | re.S) else 0.0
                blocks.append(Block(words, bold, (), RULE.fullmatch(words) is not None))
    if not blocks:
        raise NotABriefing("holds no text")
    return Page(format="text", meta={}, blocks=blocks)
