"""What every format is turned into before speakers are looked for: a page as a list of paragraphs."""

from __future__ import annotations

import msgspec

Span = tuple[int, int]

RECORDING = "subtitles"
"""The ``format`` of a page that holds what was heard in a recording."""


class Block(msgspec.Struct, frozen=True, gc=False):
    """One paragraph as plain text (NFC, no line breaks, white space collapsed and stripped).

    ``bold`` is the share of its non-space characters that the page sets in bold, 0 to 1.  ``struck`` are the spans of
    struck-through words in ``text``.  ``rule`` marks a line that only parts what stands above from what stands below.
    ``lead`` is the length of a bold run at the start of the paragraph, the way many sites print a speaker's name.
    """

    text: str
    bold: float = 0.0
    struck: tuple[Span, ...] = ()
    rule: bool = False
    lead: int = 0


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page before its speakers are known: what its markup and meta data say, and its paragraphs in order.

    ``meta`` holds the raw values the markup gave (title, date, url, language and so on, lower-case keys).
    """

    format: str
    meta: dict[str, str]
    blocks: list[Block]
    notices: tuple[str, ...] = ()
