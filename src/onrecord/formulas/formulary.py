"""The formulary: the table of the formulas of one source in one language, and how a day's texts change it.

A row of the table depends on the uses of its own gram only.  So when texts come or go, it is enough to look again at
the grams that stand in those texts, wherever they stand; ``update`` does so and gives what ``mine`` would, row for row.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.concordance import Concordance
from onrecord.formulas.grams import Candidates, joined
from onrecord.formulas.mining import field_of, mined
from onrecord.formulas.shape import formulas, transparent

KINDS = ("official", "translation", "recording", "excerpt")
"""Which edition stands for its occasion if a language has several: of the first of these kinds, then the longest."""
OCCASIONS = 5
"""In how many occasions a phrase must stand to be mined, if not said otherwise."""
_TOO_MUCH = 5
"""From the fifth part of all words on, mining anew takes less time than changing the table."""


class Basis(msgspec.Struct, frozen=True, eq=False):
    """The revisions a table is made from: their rows in the concordance, ascending, with pk and day."""

    rows: NDArray[np.int32]
    pk: NDArray[np.int64]
    day: NDArray[np.int32]

    def turns(self, concordance: Concordance) -> NDArray[np.bool_]:
        """The turns of those revisions, as a mask over all."""
        based = np.zeros(len(concordance.revisions), np.bool_)
        based[self.rows] = True
        return np.asarray(based[concordance.turns.revision])


class Formulary(msgspec.Struct, frozen=True, eq=False):
    """The formulas of one source in one language that stand in at least ``least`` occasions of its basis."""

    source: str
    lang: str | None
    least: int
    basis: Basis
    rows: Candidates

    def __len__(self) -> int:
        return len(self.rows)

    def arrays(self) -> dict[str, NDArray]:  # type: ignore[type-arg]
        """Everything but source, language and ``least`` as arrays by name, to be saved."""
        basis = self.basis
        return {"basis_rows": basis.rows, "basis_pk": basis.pk, "basis_day": basis.day, **self.rows.arrays()}

    @staticmethod
    def from_arrays(source: str, lang: str | None, least: int, arrays: Mapping[str, NDArray]) -> Formulary:  # type: ignore[type-arg]
        """The formulary that ``arrays`` was made from."""
        basis = Basis(*(arrays[f"basis_{name}"] for name in Basis.__struct_fields__))
        return Formulary(source, lang, least, basis, Candidates.from_arrays(arrays))


def basis_of(concordance: Concordance, source: str, lang: str | None) -> Basis:
    """What is mined of a source in a language: of each occasion one edition (see ``KINDS``), as it reads now."""
    revisions = concordance.revisions
    of_lang = -1 if lang is None else revisions.number(lang)
    rows = np.flatnonzero(
        revisions.latest & (revisions.source == revisions.number(source)) & (revisions.lang == of_lang)
    )
    kinds = [KINDS.index(value) if value in KINDS else len(KINDS) for value in revisions.values]
    rank = np.array([*kinds, len(KINDS)], np.int32)[revisions.kind[rows]]
    rows = rows[np.lexsort((rows, -revisions.words[rows], rank, revisions.occasion[rows]))]
    rows = np.sort(rows[np.unique(revisions.occasion[rows], return_index=True)[1]])
    return Basis(rows.astype(np.int32), revisions.pk[rows], revisions.day[rows])


def mine(concordance: Concordance, source: str, lang: str | None, occasions: int = OCCASIONS) -> Formulary:
    """The formulas of a source in a language that its answers and statements have in so many occasions."""
    basis = basis_of(concordance, source, lang)
    field = field_of(concordance, basis.rows, None, transparent(concordance.lexicon, lang))
    found = joined([rows for rows, _, _ in mined(field, concordance, occasions)])
    return Formulary(source, lang, occasions, basis, found[formulas(found, concordance)])


def update(formulary: Formulary, concordance: Concordance) -> Formulary:
    """The formulary as ``mine`` would make it of what the concordance holds now.

    Only the grams of texts that came, went or have another date are mined; the rows of all others are kept.
    """
    source, lang, least, rows = formulary.source, formulary.lang, formulary.least, formulary.rows
    before, now = formulary.basis, basis_of(concordance, source, lang)
    revisions = concordance.revisions
    if np.any(before.rows >= len(revisions)) or np.any(revisions.pk[before.rows] != before.pk):
        return mine(concordance, source, lang, least)  # It was made from another concordance.
    known, holds = _days(before, len(revisions)), _days(now, len(revisions))
    changed = np.flatnonzero(known != holds)
    if not len(changed):
        return formulary
    if _TOO_MUCH * revisions.words[changed].sum() > revisions.words[now.rows].sum():
        return mine(concordance, source, lang, least)
    field = field_of(concordance, now.rows, changed, transparent(concordance.lexicon, lang))
    gone = _inside(rows.positions, revisions.first, changed[known[changed] >= 0])
    stays = np.bincount(np.repeat(np.arange(len(rows)), rows.count), gone, len(rows)) == 0
    first = np.searchsorted(field.position, rows.first)
    tables = []
    for table, n, places in mined(field, concordance, least):
        tables.append(table)
        again = np.zeros(len(field.ids), np.bool_)
        again[places] = True
        stays &= (rows.n != n) | ~again[first]
    found = joined(tables)
    found = found[formulas(found, concordance)]
    return Formulary(source, lang, least, now, joined([rows[stays], found]))


def _days(basis: Basis, revisions: int) -> NDArray[np.int32]:
    """The day of each revision of the concordance that is in the basis, -1 for others."""
    days = np.full(revisions, -1, np.int32)
    days[basis.rows] = basis.day
    return days


def _inside(positions: NDArray[np.int64], first: NDArray[np.int64], revisions: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which positions lie in one of the revisions (rows, ascending)."""
    bounds = np.stack([first[revisions], first[revisions + 1]], axis=1).ravel()
    return np.asarray(np.searchsorted(bounds, positions, side="right") % 2 == 1)
