"""How much is read from one input, counted while it is read, and the sentence said where that ends."""

from __future__ import annotations

from typing import Protocol

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much is read, in bytes of one page and for everything unpacked from one input.

    ``page`` bounds one page, and a ZIP file inside another container.  ``total`` bounds what one input unpacks to, and
    so does ``ratio`` times its own size once that is more than two pages; pages of text shrink four to twenty times.
    ``members`` bounds its records or members, ``depth`` how many containers may stand inside each other.
    """

    page: int = 64 << 20
    total: int = 32 << 30
    ratio: int = 200
    members: int = 1_000_000
    depth: int = 2


class Refused(Exception):
    """One part of an input is not read; the message is the sentence.  Not for callers of this package."""


class Exhausted(Refused):
    """A limit on the whole input is reached: nothing more of it is read."""


class Budget:
    """What may still be unpacked from one input of ``size`` bytes."""

    def __init__(self, limits: Limits, size: int) -> None:
        self.limits = limits
        self.bytes = 0
        self.members = 0
        self.allowed = min(limits.total, max(2 * limits.page, limits.ratio * size))

    def spend(self, length: int) -> None:
        """Count bytes that were decompressed; raises Exhausted when they are too many."""
        self.bytes += length
        if self.bytes > self.allowed:
            much = f"more than {amount(self.allowed)}"
            if self.allowed < self.limits.total:
                much += f", over {self.limits.ratio} times its size"
            raise Exhausted(f"unpacks to {much}, which is not believed; what came before was kept")

    def another(self) -> None:
        """Count a member or record; raises Exhausted when they are too many."""
        self.members += 1
        if self.members > self.limits.members:
            raise Exhausted(f"holds more than {self.limits.members:,} members; what came before was kept")


class Readable(Protocol):
    """Anything with a bounded ``read``."""

    def read(self, length: int = -1, /) -> bytes: ...


def read_up_to(stream: Readable, limit: int, begun: bytes = b"") -> bytes:
    """``begun`` and all that is left of a stream; raises Refused as soon as that is more than ``limit`` bytes."""
    parts = [begun] if begun else []
    left = limit + 1 - len(begun)
    while left > 0:
        part = stream.read(min(left, 1 << 20))
        if not part:
            return parts[0] if len(parts) == 1 else b"".join(parts)
        parts.append(part)
        left -= len(part)
    raise Refused(too_large(limit))


def too_large(limit: int) -> str:
    """The sentence for a page of more than ``limit`` bytes."""
    return f"is larger than {amount(limit)}, which no briefing page is"


def amount(size: int) -> str:
    """A size as people say it: ``64 MB`` (of 1,048,576 bytes), ``1,500 bytes``."""
    for unit, word in ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")):
        if (size >= unit and size % unit == 0) or size >= 100 * unit:
            return f"{size // unit:,} {word}"
    return f"{size:,} bytes"
