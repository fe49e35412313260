"""Which pages SQLite's write-ahead log holds, read from the log itself.

Format: https://www.sqlite.org/fileformat2.html#walformat — a header of 32 bytes, then frames of a 24-byte header and
one page.  A frame counts if it carries the header's two salts and, together with all frames before it, its checksum;
the log is good up to its last frame that ends a transaction.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from onrecord.archive import disk

if TYPE_CHECKING:
    import sqlite3

_HEADER = struct.Struct(">8I")
_FRAME = struct.Struct(">6I")
_MAGIC = 0x377F0682  # the last bit says that checksums read words big-endian
_MASK = 0xFFFFFFFF


class Overlay(NamedTuple):
    """What the log lays over the database file: page number (from 1) -> where in the log the page's bytes begin.

    ``size`` is the database's length in bytes once the log is written back; None if the log changes nothing.
    """

    page_size: int
    pages: dict[int, int]
    size: int | None


NOTHING = Overlay(4096, {}, None)


def wal_path(database: Path) -> Path:
    """Where the log of a database lies."""
    return database.with_name(database.name + "-wal")


def wal_pages(database: Path) -> set[int]:
    """The numbers (from 1) of the pages that a checkpoint would write into ``database``.

    Goes by the salts alone: that can only name a page too many (of a transaction that a killed writer left torn at the
    log's end), never one too few, and computing the checksums in Python takes about 80 µs a page.
    """
    pages: set[int] = set()
    try:
        file = disk.open_file(wal_path(database))
    except FileNotFoundError:
        return pages
    with file:
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size:
            return pages
        _, _, page_size, _, salt1, salt2, _, _ = _HEADER.unpack(header)
        at = _HEADER.size
        while True:
            frame = os.pread(file.fileno(), _FRAME.size, at)
            if len(frame) < _FRAME.size:
                return pages
            page, _, first, second, _, _ = _FRAME.unpack(frame)
            if (first, second) != (salt1, salt2):
                return pages
            pages.add(page)
            at += _FRAME.size + page_size


def is_foreign(database: Path) -> bool:
    """Whether what lies in the log's place holds something and is no log: SQLite passes it over without a word."""
    try:
        with disk.open_file(wal_path(database)) as file:
            header = file.read(_HEADER.size)
    except FileNotFoundError:
        return False
    return bool(header) and (len(header) < _HEADER.size or not _begins_log(header))


def checkpoint(connection: sqlite3.Connection, database: Path) -> set[int]:
    """Writes the log back into ``database`` and empties it; returns the pages that were in it.

    If readers keep SQLite from emptying it, what could be written back is, and the rest stays in the log, where
    ``Seal`` reads it.  The connection must not checkpoint on its own in between (``PRAGMA wal_autocheckpoint=0``), or
    pages go by unseen.
    """
    pages = wal_pages(database)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return pages


def overlay(database: Path) -> Overlay:
    """The committed content of the log, every checksum computed (about 80 µs a page; a record at rest has none)."""
    try:
        data = disk.read_file(wal_path(database))
    except FileNotFoundError:
        return NOTHING
    if len(data) < _HEADER.size:
        return NOTHING
    if not _begins_log(data):
        return NOTHING
    magic, _, page_size, _, salt1, salt2, sum1, sum2 = _HEADER.unpack_from(data)
    words = ">" if magic & 1 else "<"
    sums = sum1, sum2
    committed: dict[int, int] = {}
    pending: dict[int, int] = {}
    size: int | None = None
    at = _HEADER.size
    while at + _FRAME.size + page_size <= len(data):
        page, pages_after, first, second, sum1, sum2 = _FRAME.unpack_from(data, at)
        body = at + _FRAME.size
        sums = _checksum(data[at : at + 8] + data[body : body + page_size], words, *sums)
        if (first, second) != (salt1, salt2) or sums != (sum1, sum2):
            break
        pending[page] = body
        if pages_after:  # this frame ends a transaction
            committed |= pending
            pending = {}
            size = pages_after * page_size
        at = body + page_size
    return Overlay(page_size, committed, size)


def _begins_log(data: bytes) -> bool:
    magic, _, page_size, _, _, _, *sums = _HEADER.unpack_from(data)
    return (
        magic & ~1 == _MAGIC
        and page_size >= 512
        and _checksum(data[:24], ">" if magic & 1 else "<", 0, 0) == tuple(sums)
    )


def _checksum(data: bytes, words: str, first: int, second: int) -> tuple[int, int]:
    numbers = struct.unpack(f"{words}{len(data) // 4}I", data)
    for even, odd in zip(numbers[::2], numbers[1::2], strict=True):
        first = (first + even + second) & _MASK
        second = (second + odd + first) & _MASK
    return first, second
