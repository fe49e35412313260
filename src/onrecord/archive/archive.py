"""The archive: bytes as received, for ever, and the ledger that says so.

    DIR/archive/NNNNN.warc.gz   WARC/1.1, one gzip member a record, a new file after about a gigabyte
    DIR/archive/ledger.jsonl    one line an entry, append only
    DIR/archive/head.json       how many entries there are and the Merkle root over them

One process writes at a time (the caller holds the record's lock); any number read.  A reader sees the state of the head
it read first, until ``refresh``.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec

from onrecord.archive import disk, warc
from onrecord.archive.ledger import HAVE_BYTES, HEAD, LEDGER, Entry, decode, encode, encode_head, make_head
from onrecord.archive.reader import Reader
from onrecord.errors import OnRecordError, RecordNotWritten

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

    from onrecord.archive.recovery import State

FILE_SIZE = 1 << 30
"""A new WARC file is begun once one is larger than this (bytes); the WARC guidelines advise 1 GB."""

_HELD = 32 << 20  # bytes waiting to be compressed and written beyond which put() writes the oldest


class Archive(Reader):
    """One record's archive.  Open it with ``Archive.open``; a context manager, which flushes on the way out unless an
    exception is passing."""

    def __init__(self, folder: Path, *, write: bool) -> None:
        super().__init__(folder, write=write)
        self._pool: ThreadPoolExecutor | None = None
        self._reset()

    @classmethod
    def open(cls, folder: Path, *, write: bool) -> Archive:
        """The archive of the record in ``folder``.

        For reading nothing is looked at until it is asked for, and nothing is ever written.  For writing the archive is
        made if it is not there, and what a killed writer left half done is cut off; raises RecordDamaged if the files
        contradict each other and RecordNotWritten if the disk refuses.
        """
        archive = cls(folder, write=write)
        if write:
            with disk.writing(archive._dir):
                archive._dir.mkdir(parents=True, exist_ok=True)
                disk.sync_folder(folder)
                archive._recover(adopt=True)
        return archive

    def put(self, sha256: str, data: bytes, *, url: str | None, name: str, at: str) -> Entry:
        """Takes in bytes as received; they are durable after the next ``flush``.

        ``sha256`` is their digest in hex, ``at`` when they were received (ISO 8601), ``url`` their address if it is
        known, ``name`` what they were called.  Bytes that are here already are not stored again: the entry they have is
        returned.  ValueError if digest or time is wrong; RecordNotWritten if the disk refuses, and then everything put
        since the last flush must be put again.
        """
        self._writable()
        known = self.find(sha256)
        if known is not None:
            return known
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ValueError(f"{sha256} is not the digest of the bytes given")
        header = warc.resource_header(sha256, data, url=url, name=name, at=at)
        with self._guarded():
            number, size = self._opening or (self._warc_number, self._warc_size)
            if number == 0 or size > FILE_SIZE:
                self._begin_file(number + 1, at)
            entry = Entry(
                n=self._next,
                at=_text(at),
                kind="snapshot",
                sha256=sha256,
                length=len(data),
                url=_text(url),
                name=_text(name),
            )
            if self._pool is None:
                from concurrent.futures import ThreadPoolExecutor  # 10 ms that readers need not pay

                workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
                self._pool = ThreadPoolExecutor(min(workers or 1, 4), thread_name_prefix="onrecord-archive")
            self._waiting.append((entry, self._pool.submit(warc.member, header, data)))
            self._next += 1
            self._fresh[sha256] = entry
            self._held[sha256] = data
            self._held_size += len(data)
            if self._held_size > _HELD:
                self._write_waiting(_HELD // 2)
        return entry

    def note(self, kind: str, payload: dict[str, Any], at: str) -> Entry:
        """Enters something else into the ledger, such as what an edition was read to be; durable after ``flush``.

        ``payload`` must be JSON (TypeError or ValueError if not); kinds ``snapshot`` and ``warcinfo`` are the archive's
        own (ValueError).
        """
        self._writable()
        if kind in HAVE_BYTES:
            raise ValueError(f"entries of kind {kind} are made by the archive itself")
        entry = Entry(n=self._next, at=at, kind=kind, payload=payload)
        entry = decode(encode(entry))  # a copy of the payload, known to come back as it went in
        with self._guarded():
            self._waiting.append((entry, None))
            self._next += 1
        return entry

    def flush(self) -> None:
        """Makes everything put and noted durable: the WARC files, then the ledger, then the head.

        RecordNotWritten if the disk refuses; the archive is then as it was after the last flush.
        """
        state = self._writable()
        if not self._waiting and not self._lines:
            return
        with self._guarded():
            self._write_waiting(0)
            if self._warc_fd is not None:
                os.fsync(self._warc_fd)
            ledger_fd = os.open(self._dir / LEDGER, os.O_WRONLY | os.O_APPEND)
            try:
                disk.write_all(ledger_fd, b"".join(line + b"\n" for line, _ in self._lines))
                os.fsync(ledger_fd)
            finally:
                os.close(ledger_fd)
            state.tree.add_lines(line for line, _ in self._lines)
            head = make_head(state.tree.get_size(), state.tree.root())
            disk.replace(self._dir / HEAD, encode_head(head))
            for line, entry in self._lines:
                state.ledger.learn(len(line) + 1, entry.kind, entry.sha256)
            self._state = state._replace(head=head, warc_number=self._warc_number, warc_size=self._warc_size)
            self._fresh.clear()
            self._lines.clear()

    def close(self) -> None:
        """Gives the files back.  What was not flushed is dropped."""
        try:
            if self._state is not None and (self._waiting or self._lines):
                self._drop()
                with disk.writing(self._dir):
                    self._recover(adopt=False)
        finally:
            self._drop()
            self._state = None
            if self._pool is not None:
                self._pool.shutdown(cancel_futures=True)
                self._pool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None and self._state is not None:
                self.flush()
        finally:
            self.close()

    def _writable(self) -> State:
        if self._state is None:
            why = "must be opened again after a failed write" if self._writes else "was opened for reading only"
            raise RecordNotWritten(f"{self._dir} could not be written because it {why}.")
        return self._state

    def _reset(self) -> None:
        """Nothing put, nothing half written."""
        self._waiting: deque[tuple[Entry, Future[bytes] | bytes | None]] = deque()  # not yet in a WARC file
        self._lines: list[tuple[bytes, Entry]] = []  # not yet in the ledger
        self._fresh, self._held = {}, {}
        self._held_size = 0
        self._opening: tuple[int, int] | None = None  # the WARC file begun but not yet written to
        self._warc_fd: int | None = None
        self._warc_number, self._warc_size = (self._state.warc_number, self._state.warc_size) if self._state else (0, 0)
        self._next = self._state.head.entries + 1 if self._state else 1

    def _recover(self, *, adopt: bool) -> None:
        from onrecord.archive.recovery import recover

        self._state = None
        self._state = recover(self._dir, adopt=adopt)
        self._ledger = self._state.ledger
        self._reset()

    def _drop(self) -> None:
        """Forgets what was not flushed; the disk is another matter."""
        for _, member in self._waiting:
            if member is not None and not isinstance(member, bytes):
                member.cancel()
        if self._warc_fd is not None:
            os.close(self._warc_fd)
        self._reset()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Around every write: if it fails or is interrupted, memory and disk go back to the last flush.

        Which flush that was is read from the disk: an interrupt may come after the head was replaced.
        """
        try:
            yield
        except BaseException as error:
            self._drop()
            try:
                self._recover(adopt=False)
            except (OSError, OnRecordError):
                self._state = None  # opening the archive again repairs it, once the disk lets it
            if isinstance(error, OSError):
                raise disk.refusal(error, self._dir) from error
            raise

    def _begin_file(self, number: int, at: str) -> None:
        """Queues the record that opens a WARC file; its turn comes when it is written."""
        file = warc.file_name(number)
        entry = Entry(n=self._next, at=_text(at), kind="warcinfo", warc=file, offset=0)
        self._waiting.append((entry, warc.warcinfo(file, at=at)))
        self._next += 1
        self._opening = (number, 0)

    def _write_waiting(self, limit: int) -> None:
        """Writes the oldest waiting entries to the WARC files until at most ``limit`` bytes wait (0: none at all)."""
        while self._waiting and (limit == 0 or self._held_size > limit):
            entry, member = self._waiting[0]
            if member is not None:
                data = member if isinstance(member, bytes) else member.result()
                if entry.kind == "warcinfo":
                    self._next_file(str(entry.warc))
                entry = self._write_member(entry, data)
            self._lines.append((encode(entry), entry))
            self._waiting.popleft()

    def _next_file(self, file: str) -> None:
        if self._warc_fd is not None:
            os.fsync(self._warc_fd)
            os.close(self._warc_fd)
            self._warc_fd = None
        self._warc_fd = os.open(self._dir / file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        disk.sync_folder(self._dir)
        self._warc_number, self._warc_size = int(file.partition(".")[0]), 0
        self._opening = None

    def _write_member(self, entry: Entry, data: bytes) -> Entry:
        file = warc.file_name(self._warc_number)
        if self._warc_fd is None:
            self._warc_fd = os.open(self._dir / file, os.O_WRONLY)
            os.lseek(self._warc_fd, self._warc_size, os.SEEK_SET)
        disk.write_all(self._warc_fd, data)
        digest = hashlib.sha256(data).hexdigest()
        entry = msgspec.structs.replace(entry, warc=file, offset=self._warc_size, size=len(data), member_sha256=digest)
        self._warc_size += len(data)
        if entry.sha256:
            self._fresh[entry.sha256] = entry
            self._held_size -= len(self._held.pop(entry.sha256))
        return entry


def _text(text: str | None) -> Any:
    """Text fit for JSON: file names that are not UTF-8 come with lone surrogates, which are written as ``\\udcXX``."""
    return text if text is None else text.encode("utf-8", "backslashreplace").decode()
