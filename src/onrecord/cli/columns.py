"""Lines that fit: text wrapped and put in columns by how wide its characters are shown (Unicode annex 11)."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import zip_longest

from onrecord.cli.terminal import styled

Piece = tuple[str, str]
"""Some text without newlines, and the style it is shown in (names as in ``terminal``; "" for none)."""

Line = list[Piece]

_PIPE_WIDTH = 120
"""Columns where there is no terminal to ask, and no $COLUMNS."""

# Between two of the wide characters a line may end, though not after what opens nor before what closes: the rough of
# Unicode annex 14, enough for Chinese, Japanese and Korean beside everything that is written with spaces.
_WIDE = (
    r"\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003fffd"
)
_OPENING, _CLOSING = r"“‘「『（《〈【〔［｛", r"”’」』），。、；：？！》〉】〕］｝…—％"
_TOKEN = re.compile(rf"\s+|[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}]+)[{_CLOSING}]*")


def page_width() -> int:
    """How many columns there are: $COLUMNS, else the terminal's, else 120."""
    return shutil.get_terminal_size((_PIPE_WIDTH, 24)).columns


def width_of(text: str) -> int:
    """How many columns the text takes."""
    return len(text) if text.isascii() else sum(map(_width, text))


@cache
def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def clip(text: str, width: int) -> str:
    """The text on one line, cut with an ellipsis where it would be wider than ``width`` columns."""
    text = " ".join(text[: 4 * max(width, 1)].split())
    if width_of(text) <= width:
        return text
    while text and width_of(text) >= width:
        text = text[:-1]
    return text.rstrip() + "…"


def wrap(pieces: Sequence[Piece], width: int) -> list[Line]:
    """The pieces on lines of at most ``width`` columns; a word that is wider than a line is cut."""
    text = "".join(words for words, _ in pieces).replace("\t", " ")
    lines, start, end, used = [], 0, 0, 0
    for first, last, wide in _tokens(text, max(width, 2)):
        blank = text[first].isspace()
        if used + wide > width and not blank:
            lines.append((start, end))
            start, used = first, 0
        if blank and first == start and lines:  # a line does not begin with the space it was broken at
            start = last
            continue
        used += wide
        if not blank:
            end = last
    lines.append((start, max(end, start)))
    return [_slice(pieces, *line) for line in lines]


def _tokens(text: str, width: int) -> Iterator[tuple[int, int, int]]:
    for token in _TOKEN.finditer(text):
        wide = width_of(token[0])
        if wide <= width or token[0].isspace():
            yield token.start(), token.end(), wide
            continue
        for at in range(token.start(), token.end()):
            yield at, at + 1, width_of(text[at])


def _slice(pieces: Sequence[Piece], start: int, end: int) -> Line:
    found, at = [], 0
    for words, style in pieces:
        part = words[max(start - at, 0) : max(end - at, 0)]
        if part:
            found.append((part.replace("\t", " "), style))
        at += len(words)
    return found


def painted(line: Line, width: int = 0) -> str:
    """The line as it is printed, filled up with spaces to ``width`` columns."""
    missing = width - sum(width_of(words) for words, _ in line)
    return "".join(styled(words, style) for words, style in line) + " " * missing


def beside(left: Sequence[Line], right: Sequence[Line], width: int, mark: str = " │ ") -> Iterator[str]:
    """Two columns as lines to print, ``width`` columns in all, with ``mark`` between them."""
    half = (width - len(mark)) // 2
    for here, there in zip_longest(left, right):
        yield (painted(here or [], half) + styled(mark, "dim") + painted(there or [])).rstrip()
