"""Plain text to paragraphs: by blank lines where there are any, else by lines."""

from __future__ import annotations

import re
from itertools import pairwise

from onrecord.errors import NotABriefing
from onrecord.reading.blocks import Block, Page
from onrecord.reading.decode import unescape
from onrecord.reading.html import RULE, clean

_BLANK = re.compile(r"\n[ \t\xa0]*\n\s*")
_TAG = re.compile(r"</?(?:strong|b|i|em|u|p|br|span|div|a|font|h[1-6])\b[^<>]*>", re.I)
_WIDEST = 100
"""Characters that lines wrapped at a fixed width have at most, but for those that hold a long address."""


def _is_wrapped(paragraphs: list[str]) -> bool:
    """Whether lines end where a fixed width ends and blank lines part the paragraphs.

    Then no line is longer than that width; or, where a few are, those that do not end their paragraph are nearly as
    long, so that the word that opens the next would not have fitted.
    """
    whole = [paragraph.split("\n") for paragraph in paragraphs]
    if sum(map(len, whole)) <= 8 or len(paragraphs) < 2:
        return False
    widths = sorted(len(line) for lines in whole for line in lines if " " in line.strip())
    if not widths:
        return False
    if widths[-1] <= _WIDEST:
        return True
    width = widths[int(len(widths) * 0.95)] if len(widths) > 20 else widths[-1]
    if width > _WIDEST:
        return False
    broken = [
        len(line) + 1 + len(below.split(maxsplit=1)[0])
        for lines in whole
        for line, below in pairwise(lines)
        if line.strip() and below.strip()
    ]
    full = sum(1 for size in broken if size > width - 3)
    return full * 4 >= 3 * len(broken) > 0


def text_page(text: str) -> Page:
    """A page of plain text as paragraphs.  Stray HTML tags are markup and go; the words between them stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    paragraphs = _BLANK.split(text)
    pieces = paragraphs if _is_wrapped(paragraphs) else text.split("\n")
    blocks: list[Block] = []
    for piece in pieces:
        for line in re.split(r"<br\s*/?>|</p>|</div>", piece, flags=re.I):
            stripped = _TAG.sub("", line) if "<" in line else line
            words = clean(unescape(stripped) if "&" in stripped else stripped)
            if words:
                bold = 1.0 if re.match(r"\s*<(?:strong|b)>.*</(?:strong|b)>\s*$", line, re.I | re.S) else 0.0
                blocks.append(Block(words, bold, (), RULE.fullmatch(words) is not None))
    if not blocks:
        raise NotABriefing("holds no text")
    return Page(format="text", meta={}, blocks=blocks)
