"""What is printed and how: bytes for machines, and for people lines with colour on a terminal and none elsewhere."""

from __future__ import annotations

import os
import re
import sys
from typing import Any, TextIO

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_STYLES = {"bold": "1", "dim": "2", "match": "1;33", "good": "32", "bad": "31", "new": "32", "changed": "33"}


def coloured(stream: TextIO) -> bool:
    """Whether a stream is a terminal that shows colours, and its user has not forbidden them (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def plain(text: str) -> str:
    """Text from a page or a file's name without what steers a terminal: escapes, controls, reversals of writing."""
    return _CONTROL.sub("\ufffd", text)


def styled(text: str, style: str) -> str:
    """``text``, made harmless, in a style if standard output shows colours."""
    text = plain(text)
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if text and coloured(sys.stdout) else text


def marked(snippet: str) -> str:
    """A snippet with its ``<mark>`` shown as colour, and as nothing where there is none."""
    import html

    pieces = [html.unescape(piece) for piece in re.split(r"<mark>(.*?)</mark>", snippet, flags=re.DOTALL)]
    return "".join(styled(piece, "match") if n % 2 else plain(piece) for n, piece in enumerate(pieces))


def print_json(value: Any) -> None:
    """One line of JSON in UTF-8."""
    import msgspec

    write(msgspec.json.encode(value) + b"\n")


def write(data: bytes) -> None:
    """Bytes to standard output, after what was printed before."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def complain(sentence: str, name: str | None = None) -> None:
    """One line on standard error, with the input's name if there is one."""
    line = "onrecord: " + (f"{name}: " if name else "") + sentence
    try:
        print(plain(" ".join(line.split())), file=sys.stderr, flush=True)
    except (OSError, ValueError, AttributeError):  # nobody listens
        return


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """``1 turn``, ``1,234 turns``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
