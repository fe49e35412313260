"""What is made from a concordance, and the tables in which it is kept from one process to the next.

A table that was kept is changed by what came since, not made again: the formulas of each source and language, where
countries and bodies are named, and where the vocabulary of escalation is used.
"""

from __future__ import annotations

import hashlib
import pkgutil
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
import numpy as np

from onrecord.formulas import about, escalation
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.formulary import OCCASIONS, Formulary, mine, update
from onrecord.index.concordance import Table
from onrecord.record.listing import Listing

MADE = 1
"""Raised whenever tables come out otherwise than before for other reasons than the data files below."""
_DATA = (
    ("onrecord.reading", "data/countries.tsv"),
    ("onrecord.formulas", "data/ladder.tsv"),
    ("onrecord.formulas", "data/phrasing.tsv"),
)


class State(msgspec.Struct, frozen=True, eq=False):
    """Everything about phrases, as of one moment of the record.

    ``listings``: a table of formulas for each source and language.  ``mentions``: where countries and bodies are named.
    ``rungs``: where the vocabulary of escalation is used.
    """

    concordance: Concordance
    listings: tuple[Listing, ...]
    mentions: about.Mentions
    rungs: escalation.Uses


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
    table = shelf.take("mentions")
    size = table.facts["size"] if table else 0
    known = [about.Mentions(**table.arrays)] if table else []
    if size < concordance.size or not known:
        known.append(about.mentions(concordance, size))
    mentions = about.joined(known) if len(known) > 1 else known[0]
    shelf.put(table, mentions._asdict(), kind="mentions", size=concordance.size)
    return mentions


def _rungs(concordance: Concordance, shelf: _Shelf, mentions: about.Mentions) -> escalation.Uses:
    table = shelf.take("rungs")
    size = table.facts["size"] if table else 0
    known = [escalation.Uses(**table.arrays)] if table else []
    if size < concordance.size or not known:
        known.append(escalation.uses(concordance, mentions, size))
    rungs = escalation.Uses(*(np.concatenate(columns) for columns in zip(*known, strict=True)))
    shelf.put(table, rungs._asdict(), kind="rungs", size=concordance.size)
    return rungs


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
