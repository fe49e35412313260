"""The seal: digests of the files that are derived from the archive, as the last writer left them.

    DIR/seal.json   {"digest": …, "open": false, "files": {"words/…": {"sha256", "size", "mtime_ns"}, …},
                     "store": {"size": …, "chunks": [one SHA-256 for each MiB of store.sqlite]}}

While a writer is at work, and after one was killed, it says ``"open": true``; the derived files must then be checked
against the archive by their content.  What is unchanged since the last seal is not read again when a new one is made,
so that a byte changed behind our back is not sealed in with the rest: files of the word index by name, size and time of
change (its segments never change), the store by the pages its write-ahead log names.

The store's digests are of the database as SQLite would read it, with what its write-ahead log holds laid over the file:
a reader that happens to write the log back changes nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from onrecord.archive import disk, wal
from onrecord.model import Problem

SEAL = "seal.json"
STORE = "store.sqlite"
LOCK = "lock"
PLAIN = ("onrecord.json",)
"""Files in the record's folder that are sealed whole."""
FOLDERS = ("words", "concordance")
"""Folders of derived files that are sealed file by file."""
REWRITTEN = ("words/meta.json", "words/.managed.json", "words/strata.jsonl", "concordance/state.json")
"""The only files in them that are ever written to again."""
CHUNK = 1 << 20

_SCRATCH = disk.temporary(Path(SEAL)).name  # left by a writer killed in the act; the next one replaces it
_OTHERS = (SEAL, STORE, LOCK, "archive", f"{STORE}-wal", f"{STORE}-shm", _SCRATCH)
_INDEX_LOCK = re.compile(r"\.tantivy-[a-z]+\.lock")  # empty; readers make them too


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    sha256: str
    size: int
    mtime_ns: int


class _Store(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    size: int
    chunks: list[str]


class _Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    digest: str
    open: bool
    files: dict[str, _File]
    store: _Store | None


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(_Content)


class Seal:
    """A writer's hold on the seal, from ``open_for_writing`` until ``close``."""

    def __init__(self, folder: Path, before: _Content | None) -> None:
        self._folder = folder
        self._before = before

    @classmethod
    def open_for_writing(cls, folder: Path) -> Seal:
        """Marks the seal of the record in ``folder`` open, durably; to be called before any derived file is touched
        (for a new record: before any file but the lock is made).  RecordNotWritten if the disk refuses.
        """
        try:
            before = _read(folder)
        except ValueError:
            before = None  # whatever it said cannot be relied on: everything is read again
        if before is not None and before.open:
            before = msgspec.structs.replace(before, store=None)  # a killed writer: no telling which pages it wrote
        _write(folder, open_=True, files=before.files if before else {}, store=None)
        return cls(folder, before)

    def close(self, touched_pages: set[int] | None = None) -> None:
        """Seals the derived files as they are now, durably.  RecordNotWritten if the disk refuses.

        ``touched_pages`` are the numbers of all pages written to the store since ``open_for_writing`` (see
        ``wal.checkpoint``); None has the whole store read again, as has a seal that a killed writer left open.
        """
        folder, before = self._folder, self._before
        files: dict[str, _File] = {}
        for name in _sealed_files(folder):
            try:
                stat = (folder / name).stat()
            except FileNotFoundError:
                continue  # the word index has just swept it up
            known = before.files.get(name) if before else None
            if known is None or (known.size, known.mtime_ns) != (stat.st_size, stat.st_mtime_ns):
                known = _File(sha256=_sha256(folder / name), size=stat.st_size, mtime_ns=stat.st_mtime_ns)
            files[name] = known
        store: _Store | None = None
        if (folder / STORE).exists():
            trusted = before.store if before is not None and touched_pages is not None else None
            store = _store_digests(folder / STORE, trusted, touched_pages or set())
        self._before = _write(folder, open_=False, files=files, store=store)

    @staticmethod
    def altered(folder: Path) -> list[str]:
        """The derived files that are not what the last writer left; to be asked before ``open_for_writing``.

        A writer that built on them would seal the change in.  The store is read whole, other files where their size or
        time of change differs.  After a kill only the files that are never rewritten can be told.
        """
        try:
            content = _read(folder)
        except ValueError:
            return []
        if content is None:
            return []
        found = []
        present = set(_sealed_files(folder))
        for name, sealed in content.files.items():
            if name not in present or (content.open and (name in REWRITTEN or name in PLAIN)):
                found += [name] if not content.open else []
            elif not _is_as_sealed(folder / name, sealed):
                found.append(name)
        if not content.open:
            found += sorted(present - content.files.keys())
            if any(problem.where == STORE for problem in _check_store(folder, content.store)):
                found.append(STORE)
        return found

    @staticmethod
    def mark(folder: Path) -> bytes:
        """What the seal says, to be compared: it changes when a writer begins, and when one ends that added."""
        try:
            return disk.read_file(folder / SEAL)
        except OSError:
            return b""

    @staticmethod
    def verify(folder: Path) -> list[Problem] | Literal["open"]:
        """What is wrong with the derived files, or ``"open"`` if a writer is at work or was killed: then only their
        content can tell, and ``unknown_files`` what is there that should not be.
        """
        while True:
            try:
                content = _read(folder)
            except ValueError as error:
                return [Problem(where=SEAL, what=str(error)), *unknown_files(folder)]
            if content is None:
                names = {path.name for path in folder.iterdir()} - {LOCK, _SCRATCH}
                return [Problem(where=SEAL, what="is missing")] if names else "open"
            if content.open:
                return "open"
            problems = list(_check(folder, content))
            if not problems or _same(folder, content):
                return problems
            # a writer began meanwhile: look again at what it says


def unknown_files(folder: Path) -> list[Problem]:
    """Files that are no part of a record, and a lock that is not empty."""
    problems = []
    for path in sorted(folder.iterdir()):
        if path.name not in (*_OTHERS, *PLAIN, *FOLDERS):
            problems.append(Problem(where=path.name, what="is not part of a record"))
        elif path.name == LOCK:
            problems += _not_empty(folder, LOCK)
    for top in FOLDERS:
        for base, inside, _ in os.walk(folder / top):
            for name in sorted(inside):
                where = (Path(base) / name).relative_to(folder).as_posix()
                problems.append(Problem(where=where, what="is not part of a record"))
    for name in _walk(folder):
        if _INDEX_LOCK.fullmatch(Path(name).name):
            problems += _not_empty(folder, name)
    return problems


def _not_empty(folder: Path, name: str) -> list[Problem]:
    try:
        status = (folder / name).stat()
    except OSError as error:
        if not (folder / name).is_symlink():
            return []  # a reader has just let go of it
        return [Problem(where=name, what=f"cannot be read ({error.strerror})")]
    if not stat.S_ISREG(status.st_mode):
        return [Problem(where=name, what="is not a file")]
    return [Problem(where=name, what="is not empty")] if status.st_size else []


def _is_as_sealed(path: Path, sealed: _File) -> bool:
    try:
        status = path.stat()
        if (status.st_size, status.st_mtime_ns) == (sealed.size, sealed.mtime_ns):
            return True
        return status.st_size == sealed.size and _sha256(path) == sealed.sha256
    except OSError:
        return False


def _check(folder: Path, content: _Content) -> Iterator[Problem]:
    present = set(_sealed_files(folder))
    for name in sorted(present | set(content.files)):
        sealed = content.files.get(name)
        if name not in present:
            yield Problem(where=name, what="is missing")
        elif sealed is None:
            yield Problem(where=name, what="is not part of a record")
        else:
            try:
                same = (folder / name).stat().st_size == sealed.size and _sha256(folder / name) == sealed.sha256
            except OSError as error:
                yield Problem(where=name, what=f"cannot be read ({error.strerror})")
            else:
                if not same:
                    yield Problem(where=name, what="is not what the last writer left")
    yield from _check_store(folder, content.store)
    yield from unknown_files(folder)


def _check_store(folder: Path, sealed: _Store | None) -> Iterator[Problem]:
    path = folder / STORE
    if sealed is None or not path.exists():
        if sealed is not None:
            yield Problem(where=STORE, what="is missing")
        elif path.exists():
            yield Problem(where=STORE, what="is not part of the sealed record")
        return
    try:
        now = _store_digests(path, None, set())
        if wal.is_foreign(path):
            yield Problem(where=wal.wal_path(path).name, what="is not part of a record")
    except OSError as error:
        yield Problem(where=STORE, what=f"cannot be read ({error.strerror})")
        return
    if now.size != sealed.size:
        yield Problem(where=STORE, what=f"has {now.size} bytes where the last writer left {sealed.size}")
    for number, (found, expected) in enumerate(zip(now.chunks, sealed.chunks, strict=False)):
        if found != expected:
            span = f"bytes {number * CHUNK} to {min((number + 1) * CHUNK, sealed.size)}"
            yield Problem(where=STORE, what=f"{span} are not what the last writer left")


def _store_digests(path: Path, trusted: _Store | None, touched: set[int]) -> _Store:
    """The digests of the database's chunks; those of ``trusted`` where no touched page and no change of length is."""
    over = wal.overlay(path)
    with disk.open_file(path) as file:
        header = file.read(100)
        page_size = int.from_bytes(header[16:18]) if len(header) == 100 else over.page_size
        page_size = 65536 if page_size == 1 else page_size  # so the format spells it
        page_size = over.page_size if over.pages else page_size
        size = over.size if over.size is not None else os.fstat(file.fileno()).st_size
        stale = {(page - 1) * page_size // CHUNK for page in touched | over.pages.keys()}
        chunks = []
        log = disk.open_file(wal.wal_path(path)) if over.pages else None
        try:
            for number, start in enumerate(range(0, size, CHUNK)):
                length = min(CHUNK, size - start)
                keep = trusted is not None and number not in stale and number < len(trusted.chunks)
                if trusted is not None and keep and length == min(CHUNK, trusted.size - start):
                    chunks.append(trusted.chunks[number])
                else:
                    chunks.append(hashlib.sha256(_chunk(file, log, over, start, length)).hexdigest())
        finally:
            if log is not None:
                log.close()
    return _Store(size=size, chunks=chunks)


def _chunk(file: BinaryIO, log: BinaryIO | None, over: wal.Overlay, start: int, length: int) -> bytes:
    file.seek(start)
    data = file.read(length)
    if log is None:
        return data
    laid = bytearray(data.ljust(length, b"\0"))  # pages beyond the file's end are all in the log
    for page in range(start // over.page_size + 1, (start + length) // over.page_size + 1):
        at = over.pages.get(page)
        if at is not None:
            log.seek(at)
            inside = (page - 1) * over.page_size - start
            laid[inside : inside + over.page_size] = log.read(over.page_size)
    return bytes(laid)


def _sealed_files(folder: Path) -> list[str]:
    """The files sealed whole that are there, by their names relative to ``folder``, sorted."""
    plain = [name for name in PLAIN if (folder / name).exists()]
    return plain + [name for name in _walk(folder) if not _INDEX_LOCK.fullmatch(Path(name).name)]


def _walk(folder: Path) -> list[str]:
    names = []
    for top in FOLDERS:
        for base, _, files in os.walk(folder / top):
            names += [(Path(base) / name).relative_to(folder).as_posix() for name in files]
    return sorted(names)


def _sha256(path: Path) -> str:
    with disk.open_file(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(content: _Content) -> str:
    blank = msgspec.structs.replace(content, digest="")
    return hashlib.sha256(_encoder.encode(blank)).hexdigest()


def _read(folder: Path) -> _Content | None:
    """The seal, None if there is none; ValueError if it is not as it was written."""
    return disk.read_digested(
        folder / SEAL,
        _decoder.decode,
        lambda content: _encoder.encode(msgspec.structs.replace(content, digest=_digest(content))) + b"\n",
    )


def _same(folder: Path, content: _Content) -> bool:
    try:
        return _read(folder) == content
    except ValueError:
        return False


def _write(folder: Path, *, open_: bool, files: dict[str, _File], store: _Store | None) -> _Content:
    content = _Content(digest="", open=open_, files=files, store=store)
    content = msgspec.structs.replace(content, digest=_digest(content))
    with disk.writing(folder / SEAL):
        disk.replace(folder / SEAL, _encoder.encode(content) + b"\n")
    return content
