"""JSON lines: one edition a line, in UTF-8, every field of ``model.Edition`` in its order.

The fields from ``id`` to ``turns`` are the contract's; ``annotations`` and ``notices`` follow them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import msgspec

from onrecord.model import Edition, Exchange

_encode = msgspec.json.Encoder().encode


def line(edition: Edition) -> bytes:
    """The edition as one line, its newline included."""
    return _encode(edition) + b"\n"


def limited(edition: Edition, exchange: Exchange) -> Edition:
    """The edition with only the turns of one exchange: the same object as ever, so that its spans still hold.

    ``text`` stays whole because the turns' offsets count in it.
    """
    return msgspec.structs.replace(edition, turns=exchange.turns)


def write(editions: Iterable[Edition], out: BinaryIO) -> int:
    """Writes a line for each edition and returns how many there were."""
    count = 0
    for edition in editions:
        count += 1
        out.write(line(edition))
    return count
