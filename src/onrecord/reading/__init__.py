"""Bytes to an Edition: blocks, then turns, then exchanges.  Pure: same bytes in, same values out.

``read`` is the way in.  It is imported when first used, so that searching a record does not pay for the parsers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onrecord.reading.reader import read as read

__all__ = ["read"]


def __getattr__(name: str) -> Any:
    if name == "read":
        from onrecord.reading.reader import read

        return read
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
