"""A row of numbers as one line of characters, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

_BLOCKS, _PLAIN = "·▁▂▃▄▅▆▇█", ".12345678"
"""Nought, and eight heights: block elements, or digits where the output has none."""


def shows_blocks(stream: TextIO) -> bool:
    """Whether what is written there may hold block elements."""
    try:
        _BLOCKS.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def sparkline(values: Sequence[float | None], *, blocks: bool = True, top: float | None = None) -> str:
    """A character for each value: its eighths of the largest (or of ``top``), rounded up; ``·`` for 0.

    None, for what is not known, is a blank.  Without ``blocks`` the heights are digits, and ``.`` is 0.
    """
    heights = _BLOCKS if blocks else _PLAIN
    top = top or max((value for value in values if value is not None), default=0) or 1
    return "".join(" " if value is None else heights[min(8, -int(-8 * value // top))] for value in values)


def full(*, blocks: bool = True) -> str:
    """The character of the largest value."""
    return (_BLOCKS if blocks else _PLAIN)[-1]


def nought(*, blocks: bool = True) -> str:
    """The character of 0."""
    return (_BLOCKS if blocks else _PLAIN)[0]
