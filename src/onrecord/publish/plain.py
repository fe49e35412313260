"""Text from others made harmless for whoever is shown it, on a terminal or on a page."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def plain(text: str) -> str:
    """Text from a page or a file's name without what steers a terminal: escapes, controls, reversals of writing.

    Nor is there anything in it that XML forbids.
    """
    return _CONTROL.sub("\ufffd", text)
