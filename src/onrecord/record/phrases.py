"""The concordance of a record and what is made from it, kept in step with what the record holds.

It is made when it is first asked for and caught up with whatever was added since.  What was made is kept on disk if the
record can be written to; if it cannot (a read-only disk, another writer at work) it serves this process alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import msgspec

from onrecord.errors import OnRecordError
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.formulary import OCCASIONS, mine
from onrecord.formulas.selection import Filter, Selection
from onrecord.index.concordance import FOLDER, Kept, Table, extended, load, save, stamp
from onrecord.model import Edition
from onrecord.record.listing import Listing
from onrecord.record.state import State, groups, made
from onrecord.store import Store
from onrecord.store.abouts import abouts

if TYPE_CHECKING:
    from onrecord.record.session import Session

Progress = Callable[[int, int], object]
"""Called with how many revisions have been taken in, and how many there are to take in."""

_SELECTIONS = 16


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
        self._rarer: dict[int, tuple[Listing, ...]] = {}
        self._selections: dict[Filter, Selection] = {}

    def state(self, progress: Progress | None = None) -> State:
        """All of it, for what the record holds by now.  Raises NotOnRecord, RecordDamaged."""
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
                self._selections.clear()
                self._rarer.clear()
            return self._state

    def selection(self, filter: Filter) -> Selection:
        """The texts and turns that fit; raises as ``state``."""
        with self._lock:
            concordance = self.state().concordance
            found = self._selections.get(filter)
            if found is None:
                if len(self._selections) >= _SELECTIONS:
                    self._selections.clear()
                found = self._selections[filter] = Selection(concordance, filter)
            return found

    def listings(self, occasions: int = OCCASIONS, progress: Progress | None = None) -> tuple[Listing, ...]:
        """The tables of formulas, one for each source and language; raises as ``state``.

        They have what stands in ``OCCASIONS`` occasions; if fewer are asked for they are made for this process alone.
        """
        with self._lock:
            state = self.state(progress)
            if occasions >= OCCASIONS:
                return state.listings
            if occasions not in self._rarer:
                concordance = state.concordance
                self._rarer[occasions] = tuple(
                    Listing(mine(concordance, *group, occasions), concordance) for group in groups(concordance)
                )
            return self._rarer[occasions]

    def _opened(self, kept: Kept) -> Concordance:
        """The concordance with what the store says of the revisions by now."""
        rows = {row.pk: row for row in self.store.ask(abouts)}
        pks = [int(pk) for part in kept.parts for pk in part.revisions]
        return Concordance(kept.parts, kept.lexicon, kept.names.tokens, [rows[pk] for pk in pks])

    def _read(self) -> Kept:
        """What lies on disk, or is in memory if that is the same; nothing of it if it is of other revisions."""
        now = stamp(self._folder)
        if now != self._stamp:
            self._kept, self._stamp = load(self._folder), now
        known = set(self.store.pks_after(0))
        if any(int(pk) not in known for part in self._kept.parts for pk in part.revisions):
            return Kept(version=self._kept.version)
        return self._kept

    def _keep(self, kept: Kept) -> Kept:
        """Writes it to disk, unless nobody may just now or another process was faster."""
        try:
            session = self._session()
        except OnRecordError:
            return kept
        try:
            if stamp(self._folder) == self._stamp:
                kept = session.keep(lambda: save(self._folder, kept))
                self._stamp = stamp(self._folder)
            return kept
        except OnRecordError:  # the disk is full: what lies there is as it was
            return kept
        finally:
            session.close()

    def _extended(self, kept: Kept, progress: Progress | None) -> Kept:
        pks = self.store.pks_after(kept.last)

        def editions() -> Iterator[tuple[int, Edition]]:
            for done, row in enumerate(self.store.by_pk(pks)):
                if progress is not None:
                    progress(done, len(pks))
                yield row

        return extended(kept, editions()) if pks else kept


def _same(a: Sequence[Table], b: Sequence[Table]) -> bool:
    return len(a) == len(b) and all(one is other for one, other in zip(a, b, strict=True))
