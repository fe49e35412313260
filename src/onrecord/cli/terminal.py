"""What is printed and how: bytes for machines, and for people lines with colour on a terminal and none elsewhere."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any, TextIO

from onrecord.publish.plain import plain

__all__ = ["coloured", "complain", "counted", "marked", "pieces", "plain", "print_json", "save", "styled", "write"]

_STYLES = {
    "bold": "1", "dim": "2", "aside": "3", "span": "7", "struck": "9", "match": "1;33", "number": "1;36",
    "good": "32", "bad": "31", "new": "32", "gone": "9;31", "changed": "33", "note": "33", "bracket": "36",
}  # fmt: skip


def coloured(stream: TextIO) -> bool:
    """Whether a stream is a terminal that shows colours, and its user has not forbidden them (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def styled(text: str, style: str) -> str:
    """``text``, made harmless, in a style (or several, with spaces between) if standard output shows colours."""
    text = plain(text)
    if not text or not style or not coloured(sys.stdout):
        return text
    return f"\x1b[{';'.join(_STYLES[name] for name in style.split())}m{text}\x1b[0m"


def marked(snippet: str) -> str:
    """A snippet with its ``<mark>`` shown as colour, and as nothing where there is none."""
    return "".join(styled(text, style) for text, style in pieces(snippet))


def pieces(snippet: str) -> list[tuple[str, str]]:
    """A snippet as its texts, each with the style it is shown in."""
    import html

    parts = re.split(r"<mark>(.*?)</mark>", snippet, flags=re.DOTALL)
    return [(plain(html.unescape(part)), "match" if n % 2 else "") for n, part in enumerate(parts)]


def print_json(value: Any) -> None:
    """One line of JSON in UTF-8."""
    import msgspec

    write(msgspec.json.encode(value) + b"\n")


def write(data: bytes) -> None:
    """Bytes to standard output, after what was printed before."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def save(html: Path, page: bytes) -> None:
    """The page as a file that appears when it is whole, or on standard output for -."""
    if str(html) == "-":
        write(page)
        return
    from onrecord.publish.files import replacing

    with replacing(html) as file:
        file.write(page)


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
