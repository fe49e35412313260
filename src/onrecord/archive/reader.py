"""Reading an archive: what it holds, the bytes themselves, proofs, verification."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from onrecord.archive import disk, proofs, warc
from onrecord.archive.ledger import (
    EMPTY_ROOT,
    HEAD,
    LEDGER,
    Entry,
    Head,
    Ledger,
    decode,
    make_head,
    read_head,
    read_lines,
)
from onrecord.errors import NotOnRecord, RecordDamaged
from onrecord.model import Problem

if TYPE_CHECKING:
    from onrecord.archive.merkle import LedgerTree
    from onrecord.archive.recovery import State

ARCHIVE = "archive"


class Reader:
    """The reading half of ``Archive``.  Nothing is read before it is asked for, and nothing is ever written."""

    def __init__(self, folder: Path, *, write: bool) -> None:
        self.folder = folder
        self._dir = folder / ARCHIVE
        self._writes = write
        self._lock = RLock()
        self._head_read: Head | None = None
        self._ledger = Ledger(self._dir)
        self._tree: LedgerTree | None = None
        self._state: State | None = None  # as of the last flush; None for a reader or after a failure beyond repair
        self._fresh: dict[str, Entry] = {}  # a writer's snapshots since the last flush
        self._held: dict[str, bytes] = {}  # the bytes among them that are not yet in a WARC file

    @property
    def entries(self) -> int:
        """How many ledger entries are durable (for a reader: as of the head it read)."""
        return self._head.entries

    @property
    def root(self) -> str:
        """The Merkle root over the durable entries, in hex."""
        return self._head.root

    def head(self) -> dict[str, Any]:
        """``{"entries": N, "root": "<hex>"}`` of the durable entries."""
        head = self._head
        return {"entries": head.entries, "root": head.root}

    def refresh(self) -> None:
        """Lets a reader see what has been flushed since; a writer always does."""
        if not self._writes:
            with self._lock:
                self._head_read = None

    def __contains__(self, sha256: str) -> bool:
        """Whether the bytes with this digest were put, flushed or not."""
        return sha256 in self._fresh or self._known().number(sha256) is not None

    def get(self, sha256: str) -> bytes:
        """The bytes as received.  NotOnRecord if they are not here, RecordDamaged if they are not what they were."""
        if sha256 in self._held:
            return self._held[sha256]
        entry = self.find(sha256)
        if entry is None:
            raise NotOnRecord(f"no snapshot {sha256} is in the archive")
        if entry.warc is None or entry.offset is None or entry.size is None:
            raise RecordDamaged(f"archive/{LEDGER} is damaged at entry {entry.n}.")
        path = self._dir / entry.warc
        try:
            with disk.open_file(path) as file:
                data = warc.payload(warc.cut_out(file, entry.offset, entry.size), entry.length)
        except (OSError, ValueError) as error:
            raise RecordDamaged(f"archive/{entry.warc} is damaged at byte {entry.offset}: {error}.") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise RecordDamaged(f"archive/{entry.warc} is damaged at byte {entry.offset}: the bytes are others.")
        return data

    def find(self, sha256: str) -> Entry | None:
        """The entry that holds the bytes with this digest, None if there is none."""
        if sha256 in self._fresh:
            return self._fresh[sha256]
        number = self._known().number(sha256)
        return self.entry(number) if number is not None else None

    def entry(self, n: int) -> Entry:
        """Entry ``n`` of the durable ones, counted from 1; NotOnRecord if there is none."""
        return self._decode(n, self._line(n))

    def digests(self) -> Iterator[str]:
        """The SHA-256 in hex of every snapshot held and flushed, in the order they came."""
        return self._known().digests()

    def notes(self, kind: str | None = None) -> Iterator[Entry]:
        """The durable entries made by ``note``, of one kind or all, in order."""
        for n, line in zip(range(1, self.entries + 1), read_lines(self._ledger.path), strict=False):
            if b'"payload":' in line:
                entry = self._decode(n, line.removesuffix(b"\n"))
                if entry.payload is not None and kind in (None, entry.kind):
                    yield entry

    def verify(self, sha256s: Iterable[str] | None = None, *, writer_active: bool = False) -> list[Problem]:
        """What is wrong with the archive on disk, as ``verify.verify_archive`` says."""
        from onrecord.archive.verify import verify_archive

        return verify_archive(self.folder, sha256s, writer_active=writer_active)

    def prove(self, n: int) -> dict[str, Any]:
        """That entry ``n`` is on record under the present root, as JSON for ``check_proof`` that explains itself."""
        with self._lock:
            line, tree, root = self._line(n), self._merkle(), self.root
            proof = {
                "kind": proofs.INCLUSION,
                "entry": line.decode(),
                "n": n,
                "leaf": tree.leaf(n),
                "path": tree.inclusion_path(n),
                "size": self.entries,
                "root": root,
                "algorithm": proofs.INCLUSION_WORDS,
            }
        if not proofs.check_proof(proof):
            raise RecordDamaged(f"archive/{LEDGER} and archive/{HEAD} do not agree.")
        return proof

    def prove_consistency(self, first: int, second: int | None = None) -> dict[str, Any]:
        """That the record of ``second`` entries (all, if not given) only added to the record of ``first``.

        JSON that ``check_proof`` accepts; NotOnRecord unless 1 <= first <= second <= entries.
        """
        with self._lock:
            second = self.entries if second is None else second
            if not 1 <= first <= second <= self.entries:
                raise NotOnRecord(f"the record has not had {first} and then {second} entries; it has {self.entries}")
            tree = self._merkle()
            return {
                "kind": proofs.CONSISTENCY,
                "first_size": first,
                "first_root": tree.root(first),
                "second_size": second,
                "second_root": tree.root(second),
                "path": tree.consistency_path(first, second),
                "algorithm": proofs.CONSISTENCY_WORDS,
            }

    @property
    def _head(self) -> Head:
        if self._state is not None:
            return self._state.head
        with self._lock:
            if self._head_read is None:
                head = read_head(self._dir)
                if head is None and any(read_lines(self._dir / LEDGER)):
                    raise RecordDamaged(f"archive/{HEAD} is missing, though the archive is not empty.")
                self._head_read = head or make_head(0, EMPTY_ROOT)
            return self._head_read

    def _known(self) -> Ledger:
        with self._lock:
            self._ledger.load(self.entries)
        return self._ledger

    def _line(self, n: int) -> bytes:
        if not 1 <= n <= self.entries:
            raise NotOnRecord(f"the ledger has no entry {n}; it has {self.entries}")
        return self._known().line(n)

    def _decode(self, n: int, line: bytes) -> Entry:
        try:
            entry = decode(line)
        except ValueError as error:
            raise RecordDamaged(f"archive/{LEDGER} is damaged at entry {n}: {error}.") from error
        if entry.n != n:
            raise RecordDamaged(f"archive/{LEDGER} is damaged at entry {n}: it says it is number {entry.n}.")
        return entry

    def _merkle(self) -> LedgerTree:
        """The tree over the durable entries."""
        if self._state is not None:
            return self._state.tree
        from onrecord.archive.merkle import LedgerTree

        if self._tree is None or self._tree.get_size() != self.entries:
            self._known()
            self._tree = LedgerTree()
            lines = zip(range(self.entries), read_lines(self._ledger.path), strict=False)
            self._tree.add_lines(line.removesuffix(b"\n") for _, line in lines)
        return self._tree
