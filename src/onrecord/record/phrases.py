"""The concordance of a record, and the tables of formulas made from it, kept in step with what the record holds.

They are made when they are first asked for and caught up with whatever was added since.  What was made is kept on disk
if the record can be written to; if it cannot (a read-only disk, another writer at work) it serves this process alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from onrecord.errors import OnRecordError
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.selection import Filter, Selection
from onrecord.index.concordance import FOLDER, Kept, extended, load, save, stamp
from onrecord.model import Edition
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
        self._folder, self._store, self._session = folder / FOLDER, store, session
        self._lock = RLock()
        self._kept: Kept | None = None
        self._stamp = (0, 0, 0)
        self._seen = (-1, -1)
        self._concordance: Concordance | None = None
        self._selections: dict[Filter, Selection] = {}

    def concordance(self, progress: Progress | None = None) -> Concordance:
        """The concordance of all that the record holds by now.  Raises NotOnRecord, RecordDamaged."""
        with self._lock:
            now = self._store.last_pk(), self._store.entries()
            if self._concordance is None or now != self._seen:
                self._catch_up(progress)
                assert self._kept is not None
                self._concordance = self._opened(self._kept)
                self._seen = now
                self._selections.clear()
            return self._concordance

    def selection(self, filter: Filter) -> Selection:
        """The texts and turns that fit; raises as ``concordance``."""
        with self._lock:
            concordance = self.concordance()
            found = self._selections.get(filter)
            if found is None:
                if len(self._selections) >= _SELECTIONS:
                    self._selections.clear()
                found = self._selections[filter] = Selection(concordance, filter)
            return found

    def _opened(self, kept: Kept) -> Concordance:
        """The concordance with what the store says of the revisions by now."""
        rows = {about.pk: about for about in self._store.ask(abouts)}
        pks = [int(pk) for part in kept.parts for pk in part.revisions]
        return Concordance(kept.parts, kept.lexicon, kept.names.tokens, [rows[pk] for pk in pks])

    def _catch_up(self, progress: Progress | None) -> None:
        kept = self._load()
        if kept.last == self._store.last_pk() and kept.revisions:
            self._kept = kept
            return
        kept = self._extended(kept, progress)
        try:
            session = self._session()
        except OnRecordError:
            self._kept = kept  # nobody may write just now
            return
        try:
            if stamp(self._folder) != self._stamp:  # another process was faster
                kept = self._extended(self._load(), None)
            self._kept = session.keep(lambda: save(self._folder, kept))
            self._stamp = stamp(self._folder)
        finally:
            session.close()

    def _load(self) -> Kept:
        """What lies on disk, or is in memory if that is the same; an empty one if it is of other revisions."""
        now = stamp(self._folder)
        if self._kept is None or now != self._stamp:
            self._kept, self._stamp = load(self._folder), now
        known = set(self._store.pks_after(0))
        if any(int(pk) not in known for part in self._kept.parts for pk in part.revisions):
            return Kept(version=self._kept.version)
        return self._kept

    def _extended(self, kept: Kept, progress: Progress | None) -> Kept:
        pks = self._store.pks_after(kept.last)

        def editions() -> Iterator[tuple[int, Edition]]:
            for done, row in enumerate(self._store.by_pk(pks)):
                if progress is not None:
                    progress(done, len(pks))
                yield row

        return extended(kept, editions()) if pks else kept
