"""The concordance of a record and what is made from it, kept in step with what the record holds.

It is made when it is first asked for and caught up with whatever was added since.  What was made is kept on disk if the
record can be written to; if it cannot (a read-only disk, another writer at work) it serves this process alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import msgspec

from onrecord.errors import OnRecordError
from onrecord.formulas.concordance import Concordance
from onrecord.index.concordance import FOLDER, NOTHING, Kept, Table, extended, load, save, stamp
from onrecord.model import Edition
from onrecord.record.state import State, made
from onrecord.store import Store
from onrecord.store.abouts import abouts, sums

if TYPE_CHECKING:
    from onrecord.record.session import Session

Progress = Callable[[int, int], object]
"""Called with how many revisions have been taken in, and how many there are to take in."""


class Phrases:
    """What knows every phrase of one record.  Its methods may be called from any thread."""

    def __init__(self, folder: Path, store: Store, session: Callable[[], Session]) -> None:
        """``session`` opens the record for writing, without waiting for another writer."""
        self._folder, self.store, self._session = folder / FOLDER, store, session
        self._lock = RLock()
        self._kept = Kept()
        self._stamp: tuple[int, int, int] | None = None
        self._seen = (-1, -1)
        self._state: State | None = None

    def state(self, progress: Progress | None = None) -> State:
        """All of it, for what the record holds by now; what belongs together is to be asked of one such state.

        Raises NotOnRecord, RecordDamaged.
        """
        with self._lock:
            now = self.store.last_pk(), self.store.entries()
            if self._state is None or now != self._seen:
                before = self._read()
                kept = before
                if kept.last != now[0] or not kept.revisions:
                    kept = self._extended(kept, progress)
                concordance = self._opened(kept)
                self._state, tables = made(concordance, kept.tables)
                if kept is not before or not _same(tables, kept.tables):
                    kept = self._keep(msgspec.structs.replace(kept, tables=tables))
                self._kept, self._seen = kept, now
            return self._state

    def _opened(self, kept: Kept) -> Concordance:
        """The concordance with what the store says of the revisions by now."""
        every = {row.pk: row for row in self.store.ask(abouts)}
        rows = [every[pk] for pk in _pks(kept)]
        # A revision that came in just now does not take the place of one before, as it is not here.
        latest = {row.id: row.revision for row in sorted(rows, key=lambda row: row.revision)}
        rows = [
            row if row.latest else msgspec.structs.replace(row, latest=row.revision == latest[row.id]) for row in rows
        ]
        return Concordance(kept.parts, kept.lexicon, kept.names.tokens, rows)

    def _read(self) -> Kept:
        """What lies on disk, or is in memory if that is the same; nothing of it if it is of other texts."""
        now = stamp(self._folder)
        if now != self._stamp:
            self._kept, self._stamp = load(self._folder), now
        kept = self._kept
        return kept if kept.texts == _digest(self.store.ask(sums), _pks(kept)) else Kept(version=kept.version)

    def _keep(self, kept: Kept) -> Kept:
        """Writes it to disk, unless nobody may just now or another process was faster."""
        try:
            session = self._session()
        except OnRecordError:
            return kept
        try:
            # What was damaged, the session has taken away.
            if stamp(self._folder) in (self._stamp, NOTHING):
                kept = session.keep(lambda: save(self._folder, kept))
                self._stamp = stamp(self._folder)
        except OnRecordError:  # the disk is full: what lies there is as it was
            pass
        finally:
            with suppress(OnRecordError):
                session.close()
        return kept

    def _extended(self, kept: Kept, progress: Progress | None) -> Kept:
        pks = self.store.pks_after(kept.last)

        def editions() -> Iterator[tuple[int, Edition]]:
            for done, row in enumerate(self.store.by_pk(pks)):
                if progress is not None:
                    progress(done, len(pks))
                yield row

        if not pks:
            return kept
        kept = extended(kept, editions())
        return msgspec.structs.replace(kept, texts=_digest(self.store.ask(sums), _pks(kept)))


def _pks(kept: Kept) -> list[int]:
    return [pk for part in kept.parts for pk in part.revisions.tolist()]


def _digest(sums: Mapping[int, str], pks: Iterable[int]) -> str:
    """Stands for the texts and turns of some revisions; "" for none."""
    lines = [f"{pk} {sums.get(pk)}\n" for pk in pks]
    return hashlib.sha256("".join(lines).encode()).hexdigest() if lines else ""


def _same(a: Sequence[Table], b: Sequence[Table]) -> bool:
    return len(a) == len(b) and all(one is other for one, other in zip(a, b, strict=True))
