"""The way of a page into a record: bytes, digest, known or not, read, batched, written.

Everything is a generator over bounded batches, so that memory stays flat however much comes in.
"""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from onrecord.archive import Entry
from onrecord.archive.intake import Item, intake
from onrecord.errors import BadId, OnRecordError
from onrecord.ids import check_kind, parse_occasion
from onrecord.index import Terms, cut
from onrecord.model import Added, Edition
from onrecord.record.session import Page, Session
from onrecord.sources import get_source

if TYPE_CHECKING:
    from onrecord.record import Input

BATCH_PAGES = 64
BATCH_BYTES = 8 << 20

_ENOUGH = 16  # pages from which on it pays to start processes
_LARGE = 256 << 10  # bytes of a page, more than a briefing has, that is read in a process that can be ended
_LONGEST = 30.0  # seconds a page may take; the longest of real ones takes half a second
_OVERDUE = f"it could not be read (it takes longer than {_LONGEST:.0f} seconds)"

_packer = msgspec.msgpack.Encoder()
_unpack = msgspec.msgpack.Decoder(tuple[Edition, Terms]).decode


def said(source: str | None, kind: str | None, occasion: str | None) -> dict[str, str]:
    """What is said by hand of all pages, as far as it is; an occasion names its source too.  UnknownSource, BadId."""
    given = {}
    if occasion is not None:
        named = parse_occasion(occasion)
        if source not in (None, named.source):
            raise BadId(f"{occasion} is an occasion of {named.source}, and not of {source}")
        source, given["occasion"] = named.source, named.id
    if source is not None:
        given["source"] = get_source(source).id
    if kind is not None:
        given["kind"] = check_kind(kind)
    return given


def items(inputs: Iterable[Input]) -> Iterator[Item]:
    """The pages of what ``add`` was given."""
    for given in inputs:
        if isinstance(given, bytes):
            yield Item(name="bytes", data=given)
        elif isinstance(given, tuple):
            yield Item(name=given[0], data=given[1])
        else:
            yield from intake([Path(given) if given != "-" else "-"], stdin=sys.stdin.buffer)


def now() -> str:
    """The present time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read_page(page: Page) -> Page:
    """``page`` with its edition, or with the reason why there is none.  Never raises on account of the page."""
    from onrecord.reading import read

    given = page.given
    try:
        edition = read(
            page.data,
            name=page.name,
            source=given.get("source"),
            kind=given.get("kind"),
            url=given.get("url"),
            fetched=given.get("fetched"),
            sha256=page.sha256,
        )
    except OnRecordError as error:
        return msgspec.structs.replace(page, error=str(error))
    except Exception as error:  # a reader that stumbles over one page must not take the others with it
        return msgspec.structs.replace(page, error=f"it could not be read ({type(error).__name__}: {error})")
    return msgspec.structs.replace(page, edition=_dated(edition, page.at))


def reread(note: Entry, snapshot: Entry, data: bytes) -> Page:
    """A page the archive holds already, read again as it was the first time; ``note`` is what the ledger says of it."""
    given = (note.payload or {}).get("given", {})
    name = snapshot.name or ""
    return read_page(Page(name=name, data=data, sha256=snapshot.sha256 or "", at=note.at, given=given, noted=note))


def _dated(edition: Edition, at: str) -> Edition:
    """Says so when a page bears a date that had not come anywhere on earth when the page did."""
    if edition.date is None or edition.date <= (datetime.fromisoformat(at) + timedelta(days=1)).date().isoformat():
        return edition
    notice = f"the page is dated {edition.date}, which was still to come when it was added on {at[:10]}"
    return msgspec.structs.replace(edition, notices=(*edition.notices, notice))


class Adder:
    """Takes items into a record and yields a row for each, in their order, once it is durable."""

    def __init__(
        self,
        open_session: Callable[[], Session],
        known: Callable[[str], tuple[str, int] | None],
        *,
        given: dict[str, str] | None = None,
        jobs: int | None = None,
    ) -> None:
        """``known`` tells edition and revision of a digest on record; ``open_session`` is called to write.

        ``given`` is what is said of all pages by hand: see ``Page``.
        """
        self._open, self._known = open_session, known
        self._given = given or {}
        self._session: Session | None = None
        self._jobs = jobs

    def run(self, items: Iterable[Item], *, finish: bool) -> Iterator[Added]:
        """The rows; ``finish`` opens the record for writing even when nothing new comes, to end what was interrupted.

        Raises what ``Session`` does; every row given out before is kept.
        """
        try:
            with _Readers(self._jobs) as readers:
                if finish:
                    self._session = self._open()
                for batch in _batches(readers.read(self._pages(items))):
                    yield from self._write(batch)
        finally:
            if self._session is not None:
                self._session.close()

    def _pages(self, items: Iterable[Item]) -> Iterator[Page | Added]:
        for item in items:
            if item.data is None:
                yield Added(input=item.name, status="failed", error=str(item.error))
                continue
            sha256 = hashlib.sha256(item.data).hexdigest()
            known = self._known(sha256)
            if known is not None:
                yield Added(input=item.name, status="unchanged", edition=known[0], revision=known[1])
                continue
            given = dict(self._given)
            given |= {name: value for name in ("url", "fetched") if (value := getattr(item, name)) is not None}
            yield Page(name=item.name, data=item.data, sha256=sha256, at=now(), given=given)

    def _write(self, batch: list[Page | Added]) -> Iterator[Added]:
        pages = [page for page in batch if isinstance(page, Page)]
        rows: Iterator[Added] = iter(())
        if pages:
            if self._session is None and any(page.edition for page in pages):
                self._session = self._open()
            if self._session is not None:
                rows = iter(self._session.write(pages))
            else:
                rows = (page.failed(page.error or "it was not read") for page in pages)
        for entry in batch:
            yield entry if isinstance(entry, Added) else next(rows)


def _batches(pages: Iterable[Page | Added]) -> Iterator[list[Page | Added]]:
    """Pages in groups of at most 64 or about 8 MB; rows that are settled do not wait longer than a page takes."""
    batch: list[Page | Added] = []
    count = size = 0
    for page in pages:
        batch.append(page)
        if isinstance(page, Page):
            count += 1
            size += len(page.data)
        if count >= BATCH_PAGES or size >= BATCH_BYTES or (not count and len(batch) >= BATCH_PAGES):
            yield batch
            batch, count, size = [], 0, 0
    if batch:
        yield batch


class _Readers:
    """Reads pages here, or with ``jobs`` above 1 in that many processes, and gives them back in order.

    With None for ``jobs``, in as many as there are processors, if there is enough to read and they can be forked.
    """

    def __init__(self, jobs: int | None) -> None:
        self._auto = jobs is None
        self._jobs = jobs if jobs is not None else _processors()
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: deque[tuple[Page | Added, Future[bytes | str] | None]] = deque()

    def __enter__(self) -> _Readers:
        if self._jobs > 1 and not self._auto:
            # Begun before the record's lock, files and threads are there, so that nothing of them is inherited.
            self._pool = self._begin(self._jobs)
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def read(self, pages: Iterable[Page | Added]) -> Iterator[Page | Added]:
        """The pages read, in order; at most a batch of them is under way."""
        waiting = self._waiting
        held = count = 0
        for page in pages:
            count += isinstance(page, Page)
            many = count >= _ENOUGH and self._jobs > 1
            large = isinstance(page, Page) and len(page.data) > _LARGE
            if self._auto and self._pool is None and (many or large) and _can_fork():
                self._auto = False  # tried once
                self._pool = self._begin(self._jobs)
            if isinstance(page, Page) and self._pool is None and not waiting:
                yield read_page(page)
                continue
            waiting.append((page, self._submit(page) if isinstance(page, Page) else None))
            held += len(page.data) if isinstance(page, Page) else 0
            while waiting and (len(waiting) > BATCH_PAGES or held > 2 * BATCH_BYTES or _settled(waiting[0])):
                held -= len(waiting[0][0].data) if isinstance(waiting[0][0], Page) else 0
                yield self._result(*waiting.popleft())
        while waiting:
            yield self._result(*waiting.popleft())

    def _submit(self, page: Page) -> Future[bytes | str] | None:
        if self._pool is None:
            return None
        try:
            return self._pool.submit(_read_there, page)
        except (BrokenProcessPool, RuntimeError):
            return None

    def _result(self, page: Page | Added, future: Future[bytes | str] | None) -> Page | Added:
        if isinstance(page, Added):
            return page
        if future is None and self._pool is None:
            return read_page(page)
        try:
            if future is None:
                raise BrokenProcessPool
            answer = future.result(_LONGEST)
        except TimeoutError:
            answer = self._overdue()
        except BrokenProcessPool:
            answer = self._alone(page)
        if isinstance(answer, str):
            return msgspec.structs.replace(page, error=answer)
        edition, terms = _unpack(answer)
        return msgspec.structs.replace(page, edition=edition, terms=terms)

    def _alone(self, page: Page) -> bytes | str:
        """Reads a page in a process of its own: some page took the pool's process down with it, perhaps this one."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = self._begin(1)
        if self._pool is None:
            return "it could not be read (no process to read it in could be started)"
        try:
            return self._pool.submit(_read_there, page).result(_LONGEST)
        except TimeoutError:
            return self._overdue()
        except BrokenProcessPool:
            self._pool = self._begin(self._jobs)
            return "it could not be read (the process that read it was killed or crashed)"

    def _overdue(self) -> str:
        """Ends the processes, one of which will not be done with its page, and has others read what they had to."""
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):
                process.kill()
            self._pool.shutdown(wait=True)
        self._pool = self._begin(self._jobs)
        for at, (page, future) in enumerate(self._waiting):
            if isinstance(page, Page) and (future is None or future.exception() is not None):
                self._waiting[at] = page, self._submit(page)
        return _OVERDUE

    def _begin(self, jobs: int) -> ProcessPoolExecutor | None:
        """A pool that is known to work, or None where processes cannot be started."""
        pool = ProcessPoolExecutor(
            jobs,
            mp_context=multiprocessing.get_context("fork" if _can_fork() else "spawn"),
            initializer=_in_child,
            initargs=(os.getpid(),),
        )
        try:
            pool.submit(_warm).result()
        except (BrokenProcessPool, OSError):
            pool.shutdown(wait=False)
            return None
        return pool


def _processors() -> int:
    return min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _can_fork() -> bool:
    """Forking copies no other thread, so there must be none; elsewhere than on Linux system libraries mind it."""
    return threading.active_count() == 1 and sys.platform == "linux"


def _settled(entry: tuple[Page | Added, Future[bytes | str] | None]) -> bool:
    page, future = entry
    return isinstance(page, Added) or future is None or future.done()


def _read_there(page: Page) -> bytes | str:
    done = read_page(page)
    if done.edition is None:
        return done.error or "it was not read"
    return _packer.encode((done.edition, cut(done.edition)))


def _in_child(parent: int) -> None:
    # What a reader makes holds no rings, and is gone with its page: looking for rings is time lost.
    gc.freeze()
    gc.set_threshold(100_000)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_outlive_nobody, args=(parent,), daemon=True).start()


def _outlive_nobody(parent: int) -> None:
    """Ends this process soon after its parent was killed, which nothing else would tell it."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _warm() -> None:
    import onrecord.reading.reader  # noqa: F401
