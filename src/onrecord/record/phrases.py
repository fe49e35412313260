"""The concordance of a record, and the tables of formulas made from it, kept in step with what the record holds.

They are made when they are first asked for and caught up with whatever was added since.  What was made is kept on disk
if the record can be written to; if it cannot (a read-only disk, another writer at work) it serves this process alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from onrecord.errors import OnRecordError
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.formulary import OCCASIONS, Formulary, mine, update
from onrecord.formulas.selection import Filter, Selection
from onrecord.index.concordance import FOLDER, Kept, Table, extended, load, save, stamp
from onrecord.model import Edition
from onrecord.record.listing import Listing
from onrecord.store import Store
from onrecord.store.abouts import abouts

if TYPE_CHECKING:
    from onrecord.record.session import Session

Progress = Callable[[int, int], object]
"""Called with how many revisions have been taken in, and how many there are to take in."""

_SELECTIONS = 16
_KIND = "formulary"


class Phrases:
    """What knows every phrase of one record.  Its methods may be called from any thread."""

    def __init__(self, folder: Path, store: Store, session: Callable[[], Session]) -> None:
        """``session`` opens the record for writing, without waiting for another writer."""
        self._folder, self.store, self._session = folder / FOLDER, store, session
        self._lock = RLock()
        self._kept = Kept()
        self._stamp: tuple[int, int, int] | None = None
        self._seen = (-1, -1)
        self._concordance: Concordance | None = None
        self._listings: dict[int, tuple[Listing, ...]] = {}
        self._selections: dict[Filter, Selection] = {}

    def concordance(self, progress: Progress | None = None) -> Concordance:
        """The concordance of all that the record holds by now.  Raises NotOnRecord, RecordDamaged."""
        with self._lock:
            now = self.store.last_pk(), self.store.entries()
            if self._concordance is None or now != self._seen:
                kept = self._read()
                if kept.last != now[0] or not kept.revisions:
                    kept = self._keep(self._extended(kept, progress))
                self._kept = kept
                self._concordance = self._opened(kept)
                self._seen = now
                self._selections.clear()
                self._listings.clear()
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

    def listings(self, occasions: int = OCCASIONS, progress: Progress | None = None) -> tuple[Listing, ...]:
        """The tables of formulas, one for each source and language; raises as ``concordance``.

        They have what stands in ``OCCASIONS`` occasions; if fewer are asked for they are made for this process alone.
        """
        with self._lock:
            concordance = self.concordance(progress)
            least = min(occasions, OCCASIONS)
            if least not in self._listings:
                if least < OCCASIONS:
                    tables = [mine(concordance, source, lang, least) for source, lang in _groups(concordance)]
                else:
                    tables = self._tables(concordance)
                self._listings[least] = tuple(Listing(table, concordance) for table in tables)
            return self._listings[least]

    def _tables(self, concordance: Concordance) -> list[Formulary]:
        """The tables kept, changed by what came since, or made."""
        known = {}
        for table in self._kept.tables:
            if table.facts.get("kind") == _KIND:
                source, lang = table.facts["source"], table.facts["lang"]
                known[source, lang] = table, Formulary.from_arrays(source, lang, OCCASIONS, table.arrays)
        found, tables = [], []
        for group in _groups(concordance):
            before = known.get(group)
            formulary = update(before[1], concordance) if before else mine(concordance, *group, OCCASIONS)
            found.append(formulary)
            if before and before[1] is formulary:
                tables.append(before[0])
            else:
                facts = {"kind": _KIND, "source": group[0], "lang": group[1]}
                tables.append(Table(facts, formulary.arrays()))
        if not _same(tables, self._kept.tables):
            self._kept = self._keep(msgspec.structs.replace(self._kept, tables=tuple(tables)))
        return found

    def _opened(self, kept: Kept) -> Concordance:
        """The concordance with what the store says of the revisions by now."""
        rows = {about.pk: about for about in self.store.ask(abouts)}
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


def _groups(concordance: Concordance) -> list[tuple[str, str | None]]:
    """The sources and languages there are."""
    revisions = concordance.revisions
    rows = np.flatnonzero(revisions.latest)
    pairs = np.unique(np.stack([revisions.source[rows], revisions.lang[rows]], axis=1), axis=0)
    values = revisions.values
    named = [(values[source], values[lang] if lang >= 0 else None) for source, lang in pairs.tolist()]
    return sorted(named, key=lambda pair: (pair[0], pair[1] or ""))


def _same(a: Sequence[Table], b: Sequence[Table]) -> bool:
    return len(a) == len(b) and all(one is other for one, other in zip(a, b, strict=True))
