"""What is made from a concordance, and the tables in which it is kept from one process to the next.

A table that was kept is changed by what came since, not made again: the formulas of each source and language, where
countries and bodies are named, and where the vocabulary of escalation is used.
"""

from __future__ import annotations

import hashlib
import pkgutil
from collections.abc import Mapping, Sequence
from functools import cache
from threading import Lock
from typing import Any

import numpy as np

from onrecord.formulas import about, escalation
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.formulary import OCCASIONS, Formulary, mine, update
from onrecord.formulas.selection import Filter, Selection
from onrecord.index.concordance import Table
from onrecord.record.listing import Listing

MADE = 2
"""Raised whenever tables come out otherwise than before for other reasons than the data files below."""
_DATA = (
    ("onrecord.reading", "data/countries.tsv"),
    ("onrecord.formulas", "data/ladder.tsv"),
    ("onrecord.formulas", "data/phrasing.tsv"),
)


_SELECTIONS = 16
"""Selections kept; what one caller asks for has a few."""


class State:
    """Everything about phrases, as of one moment of the record.  Its methods may be called from any thread.

    ``listings``: a table of formulas for each source and language.  ``mentions``: where countries and bodies are named.
    ``rungs``: where the vocabulary of escalation is used.
    """

    def __init__(
        self,
        concordance: Concordance,
        listings: Sequence[Listing],
        mentions: about.Mentions,
        rungs: escalation.Uses,
    ) -> None:
        self.concordance, self.listings, self.mentions, self.rungs = concordance, tuple(listings), mentions, rungs
        self._lock = Lock()
        self._rarer: dict[int, tuple[Listing, ...]] = {}
        self._selections: dict[Filter, Selection] = {}

    def selection(self, filter: Filter) -> Selection:
        """The texts and turns that fit."""
        with self._lock:
            found = self._selections.get(filter)
            if found is None:
                if len(self._selections) >= _SELECTIONS:
                    self._selections.clear()
                found = self._selections[filter] = Selection(self.concordance, filter)
            return found

    def listings_of(self, occasions: int) -> tuple[Listing, ...]:
        """The tables, with what stands in so many occasions.

        They have what stands in ``OCCASIONS``; if fewer are asked for they are made for this process alone.
        """
        if occasions >= OCCASIONS:
            return self.listings
        with self._lock:
            if occasions not in self._rarer:
                self._rarer[occasions] = tuple(
                    Listing(mine(self.concordance, *group, occasions), self.concordance)
                    for group in groups(self.concordance)
                )
            return self._rarer[occasions]


def made(concordance: Concordance, tables: Sequence[Table]) -> tuple[State, tuple[Table, ...]]:
    """What is made from the concordance, out of ``tables`` as far as they go, and the tables to be kept."""
    shelf = _Shelf(tables)
    mentions = _mentions(concordance, shelf)
    rungs = _rungs(concordance, shelf, mentions)
    listings = tuple(Listing(_formulary(concordance, shelf, *group), concordance) for group in groups(concordance))
    return State(concordance, listings, mentions, rungs), tuple(shelf.tables)


def groups(concordance: Concordance) -> list[tuple[str, str | None]]:
    """The sources and languages there are."""
    revisions = concordance.revisions
    rows = np.flatnonzero(revisions.latest)
    pairs = np.unique(np.stack([revisions.source[rows], revisions.lang[rows]], axis=1), axis=0)
    values = revisions.values
    named = [(values[source], values[lang] if lang >= 0 else None) for source, lang in pairs.tolist()]
    return sorted(named, key=lambda pair: (pair[0], pair[1] or ""))


class _Shelf:
    """The tables that were kept by this version of the program, and ``tables``, which are to be kept."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._kept = {
            tuple(table.facts.get(name) for name in ("kind", "source", "lang")): table
            for table in tables
            if table.facts.get("made") == _made_by()
        }
        self.tables: list[Table] = []

    def take(self, kind: str, source: str | None = None, lang: str | None = None) -> Table | None:
        """The table of that kind, if it was kept."""
        return self._kept.get((kind, source, lang))

    def put(self, table: Table | None, arrays: Mapping[str, Any], **facts: Any) -> None:
        """Keeps ``table`` if it has those facts, else one with those arrays."""
        facts |= {"made": _made_by()}
        self.tables.append(table if table is not None and table.facts == facts else Table(facts, dict(arrays)))


def _mentions(concordance: Concordance, shelf: _Shelf) -> about.Mentions:
    table = _of_the_same(concordance, shelf.take("mentions"))
    size = table.facts["size"] if table else 0
    known = [about.Mentions(**table.arrays)] if table else []
    if size < concordance.size or not known:
        known.append(about.mentions(concordance, size))
    mentions = about.joined(known) if len(known) > 1 else known[0]
    shelf.put(table, mentions._asdict(), kind="mentions", **_of(concordance, concordance.size))
    return mentions


def _rungs(concordance: Concordance, shelf: _Shelf, mentions: about.Mentions) -> escalation.Uses:
    table = _of_the_same(concordance, shelf.take("rungs"))
    size = table.facts["size"] if table else 0
    known = [escalation.Uses(**table.arrays)] if table else []
    if size < concordance.size or not known:
        known.append(escalation.uses(concordance, mentions, size))
    rungs = escalation.Uses(*(np.concatenate(columns) for columns in zip(*known, strict=True)))
    shelf.put(table, rungs._asdict(), kind="rungs", **_of(concordance, concordance.size))
    return rungs


def _of(concordance: Concordance, size: int) -> dict[str, Any]:
    """How many tokens a table was made from, and a digest of what decides whom a text names: whose it is, its language.

    An edition that is moved to another source has other countries for foreign.
    """
    rows = concordance.revisions.rows[: int(np.searchsorted(concordance.revisions.first, size))]
    said = repr([(row.pk, row.source, row.country, row.lang) for row in rows])
    return {"size": size, "of": hashlib.sha256(said.encode()).hexdigest()[:16]}


def _of_the_same(concordance: Concordance, table: Table | None) -> Table | None:
    """The table, unless it was made from texts of which something else was said."""
    return table if table and _of(concordance, table.facts["size"])["of"] == table.facts["of"] else None


def _formulary(concordance: Concordance, shelf: _Shelf, source: str, lang: str | None) -> Formulary:
    table = shelf.take("formulary", source, lang)
    known = Formulary.from_arrays(source, lang, OCCASIONS, table.arrays) if table else None
    formulary = mine(concordance, source, lang, OCCASIONS) if known is None else update(known, concordance)
    shelf.put(table if formulary is known else None, formulary.arrays(), kind="formulary", source=source, lang=lang)
    return formulary


@cache
def _made_by() -> str:
    """Stands for everything that tables depend on beside the texts."""
    data = [pkgutil.get_data(package, name) or b"" for package, name in _DATA]
    return hashlib.sha256(b"\0".join([str(MADE).encode(), *data])).hexdigest()[:16]
