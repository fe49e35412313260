"""Which texts and turns are meant by a filter, and how many words they have."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.arrays import different
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.tokens import ROLES

UNKNOWN = "unknown"
"""The year or month of editions without a date."""
OUTSIDE = "outside"
"""The role of words outside every turn: printed labels, headings."""


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of editions and turns; None asks nothing.

    ``since`` and ``until`` are days (``date.toordinal``), both included.  ``person`` is who speaks, ``outlet`` whose
    question it is or answers, by the names that turns resolve to.
    """

    source: str | None = None
    country: str | None = None
    lang: str | None = None
    kind: str | None = None
    since: int | None = None
    until: int | None = None
    person: str | None = None
    outlet: str | None = None
    latest: bool = True


class Selection:
    """The revisions and turns of a concordance that fit a filter, as masks, and the words in them."""

    def __init__(self, concordance: Concordance, filter: Filter) -> None:
        self.concordance, self.filter = concordance, filter
        revisions, turns = concordance.revisions, concordance.turns
        mask = revisions.latest.copy() if filter.latest else np.ones(len(revisions), np.bool_)
        for name in ("source", "country", "lang", "kind"):
            value = getattr(filter, name)
            if value is not None:
                mask &= getattr(revisions, name) == revisions.number(value)
        if filter.since is not None:
            mask &= revisions.day >= filter.since
        if filter.until is not None:
            mask &= (revisions.day <= filter.until) & (revisions.day > 0)
        self.revisions: NDArray[np.bool_] = mask
        self.turns: NDArray[np.bool_] = mask[turns.revision]
        if filter.person is not None:
            self.turns &= turns.person == concordance.name_number(filter.person)
        if filter.outlet is not None:
            self.turns &= turns.prompt == concordance.name_number(filter.outlet)

    @property
    def whole(self) -> bool:
        """Whether whole texts are meant, with what stands outside turns."""
        return self.filter.person is None and self.filter.outlet is None

    @cached_property
    def words(self) -> int:
        """How many words are looked through."""
        return int(self._words[0].sum())

    @cached_property
    def editions(self) -> int:
        """How many revisions of editions are looked through."""
        if self.whole:
            return int(self.revisions.sum())
        return len(different(self.concordance.turns.revision[self.turns]))

    @cached_property
    def held(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The days of the occasions that have one, ascending, and for every occasion its number among them, or -1.

        Where turns are asked for those in which there are any: in which that person spoke, that outlet asked.
        """
        revisions = self.concordance.revisions
        held = self.revisions & (revisions.day > 0)
        if not self.whole:
            held &= np.bincount(self.concordance.turns.revision[self.turns], minlength=len(held)) > 0
        rows = np.flatnonzero(held)
        occasions, first = np.unique(revisions.occasion[rows], return_index=True)
        days = revisions.day[rows[first]]
        order = np.argsort(days, kind="stable")
        numbers = np.full(len(revisions.occasions), -1, np.int32)
        numbers[occasions[order]] = np.arange(len(order))
        return days[order], numbers

    @cached_property
    def words_by(self) -> dict[str, dict[str, int]]:
        """How many words there are by ``year``, ``month``, ``source``, ``lang``, ``person`` and ``role``."""
        turns, revisions = self.concordance.turns, self.concordance.revisions
        by_revision, by_turn = self._words
        chosen = np.flatnonzero(by_revision)
        persons = np.bincount(turns.person[self.turns] + 1, turns.words[self.turns], len(self.concordance.names) + 1)
        roles = np.bincount(turns.role[self.turns], turns.words[self.turns], len(ROLES)).tolist()
        outside = int(by_revision.sum() - by_turn.sum()) if self.whole else 0
        return {
            "year": by_period(years(revisions.day[chosen]), by_revision[chosen]),
            "month": by_period(months(revisions.day[chosen]), by_revision[chosen]),
            "source": by_value(revisions.source[chosen], by_revision[chosen], revisions.values),
            "lang": by_value(revisions.lang[chosen], by_revision[chosen], revisions.values),
            "person": {
                self.concordance.names[at - 1]: int(persons[at]) for at in np.flatnonzero(persons).tolist() if at
            },
            "role": {
                name: int(count) for name, count in (*zip(ROLES, roles, strict=True), (OUTSIDE, outside)) if count
            },
        }

    @cached_property
    def _words(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Words looked through, by revision and (those in turns) by turn."""
        turns, revisions = self.concordance.turns, self.concordance.revisions
        by_turn = np.where(self.turns, turns.words, 0).astype(np.int64)
        if self.whole:
            return np.where(self.revisions, revisions.words, 0), by_turn
        return np.bincount(turns.revision, by_turn, len(revisions)).astype(np.int64), by_turn


def years(days: NDArray[np.int32]) -> NDArray[np.int32]:
    """The years of those days, 0 for none."""
    return np.where(days > 0, _dates(days).astype("datetime64[Y]").astype(np.int32) + 1970, 0).astype(np.int32)


def months(days: NDArray[np.int32]) -> NDArray[np.int32]:
    """The months of those days as year * 12 + month from 0, 0 for none."""
    return np.where(days > 0, _dates(days).astype("datetime64[M]").astype(np.int32) + 1970 * 12, 0).astype(np.int32)


def by_period(periods: NDArray[np.int32], counts: NDArray[np.integer] | None = None) -> dict[str, int]:
    """Counts (one each if there are none) by year or month, in order; those without one last, as ``unknown``."""
    numbers, place = np.unique(periods, return_inverse=True)
    sums = np.bincount(place, counts, len(numbers))
    named = {name_of_period(number): int(count) for number, count in zip(numbers.tolist(), sums, strict=True)}
    if UNKNOWN in named:
        named[UNKNOWN] = named.pop(UNKNOWN)
    return named


def name_of_period(number: int) -> str:
    """``2023`` for a year of ``years``, ``2023-07`` for a month of ``months``."""
    if not number:
        return UNKNOWN
    return f"{number:04}" if number < 12 * 1000 else f"{number // 12:04}-{number % 12 + 1:02}"


def by_value(
    numbers: NDArray[np.integer], counts: NDArray[np.integer] | None, names: list[str] | tuple[str, ...]
) -> dict[str, int]:
    """Counts (one each if there are none) by name, most first; without those that have none (-1)."""
    sums = np.bincount(numbers + 1, counts, len(names) + 1)[1:]
    found = np.flatnonzero(sums)
    return {names[at]: int(sums[at]) for at in sorted(found.tolist(), key=lambda at: (-sums[at], names[at]))}


def _dates(days: NDArray[np.int32]) -> NDArray[np.datetime64]:
    return (days.astype(np.int64) - date(1970, 1, 1).toordinal()).astype("datetime64[D]")
