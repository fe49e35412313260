"""The ledger: one JSON line for each entry, append only, and ``head.json`` that says how far it is good.

A line is the entry in one fixed spelling (fields in the order of ``Entry``, unknown ones left out, keys of a payload
sorted, no spaces), so that equal entries are equal bytes; line ``n`` without its newline is leaf ``n`` of the Merkle
tree (see ``merkle``).  ``head.json`` is ``{"entries": N, "root": "…", "digest": "…"}`` in the same spelling;
``digest`` is the SHA-256 of the spelling of the first two, so that damage to the head is told from damage to the
ledger.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from onrecord.archive import disk
from onrecord.archive.warc import FILE_NAME
from onrecord.errors import RecordDamaged

LEDGER = "ledger.jsonl"
HEAD = "head.json"
_HEX = re.compile("[0-9a-f]{64}")
EMPTY_ROOT = hashlib.sha256(b"").hexdigest()
"""The root of a tree without leaves (RFC 9162, section 2.1.1)."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line of the ledger.

    ``n`` counts from 1; ``at`` is ISO 8601.  Kind ``snapshot`` holds bytes as received: ``sha256`` and ``length`` of
    them, the ``url`` they came from and the ``name`` they had.  It and kind ``warcinfo`` (the record that opens a WARC
    file) lie in ``warc`` at ``offset``, ``size`` compressed bytes with digest ``member_sha256``; these four are None
    until the entry is flushed.  All other kinds carry a ``payload``.  Digests are SHA-256 in hex, lengths are bytes.
    """

    n: int
    at: str
    kind: str
    sha256: str | None = None
    length: int | None = None
    url: str | None = None
    name: str | None = None
    warc: str | None = None
    offset: int | None = None
    size: int | None = None
    member_sha256: str | None = None
    payload: dict[str, Any] | None = None


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many entries the ledger has, and the root over them in hex."""

    entries: int
    root: str
    digest: str


HAVE_BYTES = ("snapshot", "warcinfo")
"""The kinds of entry that lie in a WARC file and are made by the archive itself."""


class Extract(msgspec.Struct):
    """The part of a line that is needed to find bytes again, read much faster than all of it."""

    kind: str
    sha256: str = ""


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Entry)
_head_decoder = msgspec.json.Decoder(Head)
_extract_decoder = msgspec.json.Decoder(Extract)


def encode(entry: Entry) -> bytes:
    """The line of an entry, without its newline."""
    return _encoder.encode(entry)


def decode(line: bytes) -> Entry:
    """The entry of a line; ValueError if it is not one, spelled as ``encode`` spells it."""
    try:
        entry = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"it is not a ledger entry ({error})") from error
    if encode(entry) != line:
        raise ValueError("it is not spelled as ledger entries are")
    if entry.kind in HAVE_BYTES:
        if not (_plausible(entry.offset) and _plausible(entry.size) and entry.member_sha256):
            raise ValueError("it does not say where its bytes are")
        if not entry.warc or not FILE_NAME.fullmatch(entry.warc):
            raise ValueError("it does not name a WARC file")
        if entry.kind == "snapshot" and not (_HEX.fullmatch(entry.sha256 or "") and _plausible(entry.length)):
            raise ValueError("it does not say what its bytes are")
    elif entry.warc is not None or entry.payload is None:
        raise ValueError("it has no payload")
    return entry


def _plausible(bytes_: int | None) -> bool:
    return bytes_ is not None and 0 <= bytes_ < 1 << 48


def make_head(entries: int, root: str) -> Head:
    """A head with its own digest filled in."""
    digest = hashlib.sha256(_encoder.encode({"entries": entries, "root": root})).hexdigest()
    return Head(entries=entries, root=root, digest=digest)


def encode_head(head: Head) -> bytes:
    """The bytes of ``head.json``."""
    return _encoder.encode(head) + b"\n"


def read_head(folder: Path) -> Head | None:
    """The head in an archive's folder, None if there is none; RecordDamaged if it is not one or its digest is wrong."""
    try:
        return disk.read_digested(
            folder / HEAD, _head_decoder.decode, lambda head: encode_head(make_head(head.entries, head.root))
        )
    except ValueError as error:
        raise RecordDamaged(f"archive/{HEAD} {error}.") from error


def read_lines(path: Path, start: int = 0) -> Iterator[bytes]:
    """The lines of a ledger from byte ``start`` on, each with its newline (the last may lack it); none if no file."""
    try:
        with disk.open_file(path) as file:
            file.seek(start)
            yield from file
    except FileNotFoundError:
        return
    except OSError as error:
        raise RecordDamaged(f"archive/{LEDGER} cannot be read: {error.strerror}.") from error


class Ledger:
    """The lines of one ledger found again by number and by digest.  Reads nothing until ``load`` is called."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / LEDGER
        self._starts = array("Q", [0])  # where each line begins, and where the next one will
        self._numbers: dict[bytes, int] = {}  # digest of the bytes as received -> entry number
        self.last_member = 0  # number of the last entry that lies in a WARC file; 0 if none does

    def __len__(self) -> int:
        return len(self._starts) - 1

    @property
    def size(self) -> int:
        """Bytes of the lines known."""
        return self._starts[-1]

    def load(self, entries: int, each: Callable[[bytes], object] | None = None) -> None:
        """Learns of the lines up to number ``entries``; RecordDamaged if there are fewer or one cannot be read.

        ``each`` is called with every line learnt of, without its newline.
        """
        missing = entries - len(self)
        if missing <= 0:
            return
        for line in read_lines(self.path, self.size):
            if not line.endswith(b"\n"):
                break
            try:
                found = _extract_decoder.decode(line)
                self.learn(len(line), found.kind, found.sha256)
            except (ValueError, msgspec.DecodeError) as error:
                raise RecordDamaged(f"archive/{LEDGER} is damaged at entry {len(self) + 1}.") from error
            if each is not None:
                each(line[:-1])
            missing -= 1
            if not missing:
                return
        raise RecordDamaged(f"archive/{LEDGER} has {len(self)} entries where archive/{HEAD} promises {entries}.")

    def learn(self, length: int, kind: str, sha256: str | None) -> None:
        """Takes note of one more line of ``length`` bytes, an entry of that kind and digest."""
        number = len(self._starts)
        if kind in HAVE_BYTES:
            self.last_member = number
            if kind == "snapshot":
                self._numbers.setdefault(bytes.fromhex(sha256 or ""), number)
        self._starts.append(self._starts[-1] + length)

    def number(self, sha256: str) -> int | None:
        """The number of the entry that holds the bytes with this digest."""
        try:
            return self._numbers.get(bytes.fromhex(sha256))
        except ValueError:
            return None

    def line(self, n: int) -> bytes:
        """Line ``n`` without its newline; IndexError beyond the lines known."""
        if not 1 <= n <= len(self):
            raise IndexError(n)
        start, end = self._starts[n - 1], self._starts[n]
        with disk.open_file(self.path) as file:
            file.seek(start)
            return file.read(end - start).removesuffix(b"\n")

    def digests(self) -> Iterator[str]:
        """The digests of all bytes held, in the order they came."""
        return (digest.hex() for digest in self._numbers)
