"""One writer at work on a record: the lock, the seal, and the order in which things are made durable.

Archive, then store, then index, then seal: each can be made again from the one before it, so that a process killed
anywhere leaves something to go on from.  What was on its way is finished when the next session opens.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from onrecord.archive import Archive, Entry, Seal
from onrecord.archive.wal import checkpoint
from onrecord.errors import BadId, NotOnRecord, OnRecordError, RecordDamaged, RecordNotWritten, UnknownSource
from onrecord.ids import OccasionId, parse, parse_occasion
from onrecord.index import Filters, Terms, WordIndex
from onrecord.model import Added, Edition
from onrecord.store import Store
from onrecord.store.lock import WriterLock
from onrecord.store.placing import telling
from onrecord.store.writing import Batch, Placed, check

FORMAT = b'{"format": 1}\n'
ABOUT, LOCK, STORE, WORDS, CONCORDANCE = "onrecord.json", "lock", "store.sqlite", "words", "concordance"

T = TypeVar("T")

MOVED = "occasion"
"""The kind of ledger entry that says ``{edition, occasion, to, by_hand}``: an edition was moved to an occasion, where
its id is ``to``."""

_LOG_LIMIT = 256 << 20  # bytes of write-ahead log at which it is emptied in the middle of a session
_INDEX_TURNS = 20_000  # turns after which the index commits
_BATCH = 64
_HITS, _CANDIDATES = 200, 5  # turns looked at, and revisions compared, to find the occasion of a page without a day


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One input on its way into the record: its bytes, when it came, and what it was read to be or why it was not.

    ``given`` is what was said about it by hand (``source``, ``kind``, ``occasion``, ``url``, ``fetched``), as far as it
    was: it is needed to read the bytes the same way again.  ``noted`` is the ledger entry that says so, if there is
    one.
    ``terms`` is the edition cut up for the index, if the process that read it did that too.
    """

    name: str
    data: bytes
    sha256: str
    at: str
    given: dict[str, str]
    edition: Edition | None = None
    error: str | None = None
    noted: Entry | None = None
    terms: Terms | None = None

    def failed(self, why: str) -> Added:
        """The row for a page that cannot be kept."""
        return Added(input=self.name, status="failed", error=why)


class Session:
    """Holds the record in ``folder`` for writing from ``__init__`` until ``close``.

    ``reread`` reads a page that the archive has and the store lacks (see ``adding.reread``).  Raises RecordBusy when
    another writer does not finish within ``wait`` seconds, RecordNotWritten, RecordDamaged.  ``release`` lets go of
    what the caller reads the store through, lest that keep the log beside the store.
    """

    def __init__(
        self,
        folder: Path,
        reread: Callable[[Entry, Entry, bytes], Page],
        *,
        wait: float = 5.0,
        release: Callable[[], object] = lambda: None,
    ) -> None:
        self.folder = folder
        self._release = release
        self._unindexed = 0
        self._whole = True
        self._touched: set[int] = set()
        with ExitStack() as undo, writing(folder):
            self._lock = WriterLock(folder / LOCK, wait=wait)
            undo.callback(self._lock.release)
            _format(folder / ABOUT)
            altered = Seal.altered(folder)
            if STORE in altered and (folder / STORE).exists():
                raise RecordDamaged(
                    f"{folder / STORE} is not what the last writer left (`onrecord verify` tells more); "
                    "move it away, and the next `onrecord add` makes it anew from the archive"
                )
            self._seal = Seal.open_for_writing(folder)
            if any(name.startswith(f"{WORDS}/") for name in altered):
                shutil.rmtree(folder / WORDS, ignore_errors=True)  # made anew from the store
            if not (folder / STORE).exists() or any(name.startswith(f"{CONCORDANCE}/") for name in altered):
                _clear(folder / CONCORDANCE)
            self.archive = Archive.open(folder, write=True)
            undo.callback(self.archive.close)
            self.store = Store(folder / STORE, write=True)
            undo.callback(self.store.close)
            _declare(folder / ABOUT)
            try:
                self._finish_store(reread)
            except OnRecordError:
                raise
            except (KeyError, TypeError, AttributeError) as error:
                what = f"{type(error).__name__}: {error}"
                raise RecordDamaged(f"{folder} has a ledger entry that this version cannot follow ({what})") from error
            self.index = self._open_index()
            undo.callback(self.index.close)
            self._finish_index()
            undo.pop_all()

    def write(self, pages: Sequence[Page]) -> list[Added]:
        """Takes in a batch of pages; once it returns they are durable, and a row for each says what became of it."""
        if not any(page.edition for page in pages):
            return [page.failed(page.error or "it was not read") for page in pages]
        with writing(self.folder):
            batch = self.store.begin()
            try:
                placed = [self._place(batch, page) for page in pages]
                self._whole = False
                self.archive.flush()
                batch.commit(self.archive.entries)
                self._whole = True
            except BaseException:
                batch.rollback()
                raise
            for page, (_, place) in zip(pages, placed, strict=True):
                if place is not None and place.status != "unchanged":
                    self._to_index(place.pk, place.edition, superseded=place.before, terms=page.terms)
            log = self.folder / f"{STORE}-wal"
            if log.exists() and log.stat().st_size > _LOG_LIMIT:
                self._empty_log()
        return [row for row, _ in placed]

    def move(self, id: str, occasion: OccasionId, at: str) -> str:
        """Puts an edition into an occasion and returns the id it has there; ``at`` is the time (ISO 8601).

        Raises NotOnRecord, UnknownSource, BadId.
        """
        with writing(self.folder):
            batch = self.store.begin()
            try:
                before, since = batch.move(id, occasion)
                if since == before:
                    batch.rollback()
                    return since
                if parse(before).source != occasion.source:
                    self._stale.touch()
                self._whole = False
                self.archive.note(MOVED, {"edition": before, "occasion": occasion.id, "to": since, "by_hand": True}, at)
                self.archive.flush()
                batch.commit(self.archive.entries)
                self._whole = True
            except BaseException:
                batch.rollback()
                raise
            if self._stale.exists():
                for pk, edition in self.store.by_pk(self.store.parts(since, None)[0]):
                    self._to_index(pk, edition, latest=edition.revision == edition.revisions, superseded=None)
                self.index.commit()
                self._stale.unlink()
            return since

    def keep(self, save: Callable[[], T]) -> T:
        """Has ``save`` write files that are derived from the store, so that they are sealed with the rest."""
        with writing(self.folder):
            return save()

    @property
    def _stale(self) -> Path:
        """Lies in the index while what it says of an edition's source is not what the store says, or may not be."""
        return self.folder / WORDS / "stale"

    def close(self) -> None:
        """Commits the index, seals the record and lets go of it, all of it even if one step fails."""
        with writing(self.folder), ExitStack() as stack:
            stack.callback(self._lock.release)
            stack.callback(self._close_seal)
            stack.callback(self.store.close)
            stack.callback(self._empty_log)
            stack.callback(self._release)
            stack.callback(self.archive.close)
            stack.callback(self.index.close)
            self.index.commit()

    def _close_seal(self) -> None:
        if self._whole:  # else the archive is ahead of the store, and the open seal says that there is work left
            self._seal.close(self._touched)

    def _place(self, batch: Batch, page: Page) -> tuple[Added, Placed | None]:
        edition = page.edition
        if edition is None:
            return page.failed(page.error or "it was not read"), None
        try:
            sums = check(edition)
            url = page.given.get("url") or edition.url
            self.archive.put(page.sha256, page.data, url=url, name=page.name, at=page.at)
        except ValueError as error:  # a fault of one page, whose name the caller prints
            return page.failed(str(error)), None
        said = page.given.get("occasion")
        occasion = parse_occasion(said) if said else None
        place = batch.put(
            edition,
            at=page.at,
            by_hand="kind" in page.given,
            sums=sums,
            occasion=occasion,
            candidates=self._candidates,
        )
        if not place.seen:
            batch.entered(page.sha256, self._note(place, page).n)
        kept = place.edition
        return Added(input=page.name, status=place.status, edition=kept.id, revision=kept.revision), place

    def _candidates(self, edition: Edition) -> list[int]:
        """The revisions in which most of the sentences by which an edition can be told stand word for word."""
        sentences = telling(edition)
        if not sentences:
            return []
        if self._unindexed:
            self.index.commit()
            self._unindexed = 0
        query = " OR ".join(f'"{sentence}"' for sentence in sentences)
        keys = self.index.search(query, Filters(source=edition.source, lang=edition.lang), limit=_HITS).keys
        return [pk for pk, _ in Counter(key >> 16 for key in keys).most_common(_CANDIDATES)]

    def _note(self, place: Placed, page: Page) -> Entry:
        payload: dict[str, Any] = {
            "edition": place.edition.id,
            "revision": place.edition.revision,
            "snapshot": page.sha256,
            "text_sha256": place.digests.text,
            "turns_sha256": place.digests.turns,
            "about_sha256": place.digests.about,
        }
        if page.given:
            payload["given"] = page.given
        if page.noted is not None and page.noted.payload == payload:
            return page.noted
        return self.archive.note("edition", payload, page.at)

    def _finish_store(self, reread: Callable[[Entry, Entry, bytes], Page]) -> None:
        """Reads again what the archive has and the store has not: a writer was killed, or the store was lost."""
        done, there = self.store.entries(), self.archive.entries
        if done == there:
            return
        if done > there:
            raise RecordDamaged(f"the store has taken in {done} ledger entries and the archive holds {there}")
        told: list[tuple[Entry, Page | None]] = []
        for n in range(done + 1, there + 1):
            note = self.archive.entry(n)
            if note.kind not in ("edition", MOVED) or note.payload is None:
                continue
            page = None
            if note.kind == "edition":
                snapshot = self.archive.find(note.payload["snapshot"])
                if snapshot is None or snapshot.sha256 is None:
                    raise RecordDamaged(f"ledger entry {n} names a snapshot that the archive does not hold")
                page = reread(note, snapshot, self.archive.get(snapshot.sha256))
            told.append((note, page))
            if len(told) == _BATCH:
                self._replay(told, done=n)
                told = []
        self._replay(told)

    def _replay(self, told: list[tuple[Entry, Page | None]], *, done: int | None = None) -> None:
        """Does again what the ledger tells: each page goes where it went, whatever would be thought of it now."""
        batch = self.store.begin()
        try:
            for note, page in told:
                said = note.payload or {}
                if page is None:
                    with suppress(NotOnRecord, BadId, UnknownSource):  # read otherwise by now; `verify` says so
                        if parse(said["edition"]).source != parse_occasion(said["occasion"]).source:
                            shutil.rmtree(self.folder / WORDS, ignore_errors=True)  # made anew from the store
                        batch.move(said["edition"], parse_occasion(said["occasion"]))
                elif page.edition is not None:
                    place = batch.put(
                        page.edition,
                        at=page.at,
                        by_hand="kind" in page.given,
                        occasion=parse_occasion(said["edition"].rpartition("/")[0]),
                    )
                    if not place.seen:
                        batch.entered(page.sha256, self._note(place, page).n)
            self.archive.flush()
            batch.commit(self.archive.entries if done is None else done)
        except BaseException:
            batch.rollback()
            raise

    def _open_index(self) -> WordIndex:
        """The index; made anew when it is missing, damaged, or knows of more than the store does."""
        folder = self.folder / WORDS
        if self._stale.exists():
            shutil.rmtree(folder, ignore_errors=True)
        try:
            index = WordIndex.open(folder, write=True)
            if index_is_whole(index, self.store):
                return index
            index.close()
        except RecordDamaged:
            pass
        shutil.rmtree(folder, ignore_errors=True)
        return WordIndex.open(folder, write=True)

    def _finish_index(self) -> None:
        last = self.index.last_revision
        for pk, edition in self.store.by_pk(self.store.pks_after(last)):
            before = self.store.pk_of(edition.id, edition.revision - 1) if edition.revision > 1 else None
            latest = edition.revision == edition.revisions
            self._to_index(pk, edition, latest=latest, superseded=before if before and before <= last else None)
        self.index.commit()

    def _to_index(
        self, pk: int, edition: Edition, *, superseded: int | None, latest: bool = True, terms: Terms | None = None
    ) -> None:
        self.index.add(pk, edition, latest=latest, terms=terms)
        if superseded is not None:
            for old, before in self.store.by_pk([superseded]):
                self.index.supersede(old, before)
        self._unindexed += len(edition.turns)
        if self._unindexed > _INDEX_TURNS:
            self.index.commit()
            self._unindexed = 0

    def _empty_log(self) -> None:
        self.store.release()
        if self.store.connection is not None:
            self._touched |= checkpoint(self.store.connection, self.folder / STORE)


def index_is_whole(index: WordIndex, store: Store) -> bool:
    """Whether the index is at one with itself and knows of nothing that the store does not; raises RecordDamaged."""
    index.search("", limit=0)  # counts every turn by every facet
    return index.last_revision <= store.last_pk()


def left_open(folder: Path) -> bool:
    """Whether the seal says that a writer is at work or was killed, or says nothing that can be read."""
    try:
        return bool(msgspec.json.decode((folder / "seal.json").read_bytes())["open"])
    except (OSError, ValueError, KeyError, TypeError):
        return True


def _clear(concordance: Path) -> None:
    """It is made anew when it is next asked for."""
    if concordance.exists():
        from onrecord.index.concordance import clear  # numpy takes a moment to import

        clear(concordance)


def _declare(about: Path) -> None:
    """Writes the file by which a record is known, last of what makes a new record."""
    if _format(about) is None:
        about.write_bytes(FORMAT)


def _format(about: Path) -> int | None:
    """The format that the record says it has; None if it says nothing that can be read.

    RecordNotWritten if it is not ours.
    """
    try:
        found = msgspec.json.decode(about.read_bytes(), type=dict[str, int])["format"]
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError, KeyError):
        return None
    if found != 1:
        raise RecordNotWritten(f"{about.parent} was written by a newer version of onrecord (format {found})")
    return found


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turns refusals of disk and database into RecordNotWritten."""
    try:
        yield
    except OnRecordError:
        raise
    except sqlite3.OperationalError as error:
        raise RecordNotWritten(f"{folder} cannot be written: {error}") from error
    except sqlite3.DatabaseError as error:
        raise RecordDamaged(f"{folder / STORE} cannot be used: {error}") from error
    except OSError as error:
        raise RecordNotWritten(f"{folder} cannot be written: {error.strerror or error}") from error
