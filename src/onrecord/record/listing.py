"""The table of formulas of one source in one language, laid out to be asked for rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from onrecord.formulas import rhythm
from onrecord.formulas.arrays import begins, different, fresh, gathered
from onrecord.formulas.company import Exchanges
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.formulary import Formulary
from onrecord.formulas.life import Uses, nth
from onrecord.formulas.model import Mined, Silence, Tier
from onrecord.formulas.ranking import score
from onrecord.formulas.selection import Selection, years
from onrecord.formulas.tiers import LEAST, tiers_by_year
from onrecord.formulas.tokens import CAPITAL, split_phrase
from onrecord.reading.fold import fold_map, unfold
from onrecord.store import Store

_Used = tuple[NDArray[np.int64], NDArray[np.int32]]
"""Where the occasions of each row begin, and the occasions one row after the other."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows of the table are asked for.

    Those in ``occasions`` occasions at least, within a selection; first used on a day or after it (``new``), used
    regularly before a day and not since (``dropped``), or with that ``trend``.  Days are ordinals.
    """

    occasions: int
    new: int | None = None
    dropped: int | None = None
    trend: str | None = None


class Chosen(msgspec.Struct, frozen=True):
    """A row that was asked for, and what was found of it by a test: its trend, and its silence if it was dropped."""

    row: int
    trend: str | None = None
    silence: Silence | None = None


class Listing:
    """A formulary with the turns of its uses, the occasions in order of time, and what follows from them."""

    def __init__(self, formulary: Formulary, concordance: Concordance) -> None:
        self.formulary, self.concordance = formulary, concordance
        self._spelled: dict[int, str] = {}
        basis = formulary.basis
        dated = np.flatnonzero(basis.day > 0)
        dated = dated[np.argsort(basis.day[dated], kind="stable")]
        self.days: NDArray[np.int32] = basis.day[dated]
        self._occasion = np.full(len(concordance.revisions), -1, np.int32)
        self._occasion[basis.rows[dated]] = np.arange(len(dated))

    @cached_property
    def turn(self) -> NDArray[np.int32]:
        """The turn of each use of the rows."""
        return self.concordance.turn_of(self.formulary.rows.positions)

    @cached_property
    def score(self) -> NDArray[np.float64]:
        """How formulaic each row is (``formulas.ranking``)."""
        return score(self.formulary.rows, self.concordance)

    @cached_property
    def exchanges(self) -> Exchanges:
        """Which formulas stand in which exchanges."""
        return Exchanges.of(self.formulary, self.concordance, self.turn)

    @cached_property
    def used(self) -> _Used:
        """In which occasions each row is used, as ``formulas.rhythm`` has it: where each begins, and the occasions."""
        return self._occasions(np.ones(len(self.turn), np.bool_))

    @cached_property
    def trends(self) -> NDArray[np.str_]:
        """What each row does at the end of the record; "" where too little is known, or it is not shown at all."""
        shown = np.flatnonzero(self.score > 0)
        found = np.full(len(self.formulary), "", "<U7")
        found[shown] = rhythm.trends(self.days, *_of(self.used, shown))
        return found

    def rows(self, wanted: Wanted, selection: Selection) -> list[Chosen]:
        """The rows that are asked for, best first."""
        fits = selection.turns[self.turn]
        used = self.used if fits.all() else self._occasions(fits)
        found = np.flatnonzero((np.diff(used[0]) >= wanted.occasions) & (self.score > 0))
        found = found[np.argsort(-self.score[found], kind="stable")]
        # Only what can be shown is tested: the fewer formulas, the more of them are told apart from chance.
        days, used = self._within(_of(used, found), selection)
        if wanted.new is not None:
            new = rhythm.arrivals(days, *used, wanted.new).flagged
            late = used[1][used[0][:-1]] >= np.searchsorted(days, wanted.new) if len(found) else new
            # First those whose absence before tells something.
            order = np.flatnonzero(late)[np.argsort(~new[late], kind="stable")]
            return [Chosen(int(found[at]), "new" if new[at] else None) for at in order]
        if wanted.dropped is not None:
            quiet = rhythm.silences(days, *used, wanted.dropped)
            flagged = np.flatnonzero(quiet.flagged)
            # First those that were alive on that day: the silence they were in then was nothing out of the ordinary.
            day = int(np.searchsorted(days, wanted.dropped))
            dead = day - 1 - quiet.edge[flagged] >= quiet.needed[flagged]
            flagged = flagged[np.argsort(dead, kind="stable")]
            return [Chosen(int(found[at]), "dropped", _silence(quiet, days, int(at))) for at in flagged]
        trends = self.trends[found] if _all(selection) else rhythm.trends(days, *used)
        rows = zip(found.tolist(), trends.tolist(), strict=True)
        return [Chosen(row, trend or None) for row, trend in rows if wanted.trend in (None, trend)]

    def row(self, uses: Uses) -> int | None:
        """The row of a phrase, None if it is none of the table."""
        table = self.formulary.rows
        those = np.flatnonzero(table.n == uses.length)
        those = those[np.isin(table.first[those], uses.every)]
        wanted = [self.concordance.lexicon.number(token) for token in split_phrase(uses.phrase)[0]]
        return next((int(row) for row in those if table.gram(int(row)).tolist() == wanted), None)

    def spelled(self, rows: Sequence[int], store: Store) -> list[str]:
        """The formulas of some rows as most of their uses print them."""
        table = self.formulary.rows
        unknown = [row for row in rows if row not in self._spelled]
        texts = _spelled([table.places(row) for row in unknown], table.n[unknown].tolist(), self.concordance, store)
        self._spelled.update(zip(unknown, texts, strict=True))
        return [self._spelled[row] for row in rows]

    def told(self, rows: Sequence[Chosen], selection: Selection, store: Store) -> list[Mined]:
        """The rows as they are shown: counted as ``Record.formula`` counts, and spelled as they are mostly printed."""
        spelled = self.spelled([chosen.row for chosen in rows], store)
        return [self._told(chosen, text, selection) for chosen, text in zip(rows, spelled, strict=True)]

    def _told(self, chosen: Chosen, text: str, selection: Selection) -> Mined:
        concordance = self.concordance
        turns, revisions = concordance.turns, concordance.revisions
        uses = Uses(selection, text)
        ends = uses.ends()
        days, used = uses.rhythm(selection)
        persons = different(turns.person[uses.said])
        trend = chosen.trend or (str(self.trends[chosen.row]) if _all(selection) else None)
        return Mined(
            formula=text,
            lang=self.formulary.lang,
            source=self.formulary.source,
            count=len(uses),
            occasions=len(uses.occasions()),
            speakers=int((persons >= 0).sum()),
            years=len(different(years(revisions.day[uses.revision]))),
            first=revisions.rows[uses.revision[ends[0]]].date if ends else None,
            last=revisions.rows[uses.revision[ends[1]]].date if ends else None,
            first_id=uses.id(ends[0]) if ends else None,
            last_id=uses.id(ends[1]) if ends else None,
            tier=tier_now(days, tiers_by_year(days, used)),
            trend=trend or None,
            score=round(float(self.score[chosen.row]), 3),
            silence=chosen.silence,
        )

    def _within(self, used: _Used, selection: Selection) -> tuple[NDArray[np.int32], _Used]:
        """The days of the occasions of which something is selected, and the uses as numbers of those."""
        turns = self.concordance.turns
        rows = np.flatnonzero(selection.revisions) if selection.whole else turns.revision[selection.turns]
        at = self._occasion[rows]
        held = np.zeros(len(self.days), np.bool_)
        held[at[at >= 0]] = True
        return self.days[held], (used[0], (np.cumsum(held) - 1)[used[1]].astype(np.int32))

    def _occasions(self, fits: NDArray[np.bool_]) -> _Used:
        occasion = self._occasion[self.concordance.turns.revision[self.turn]]
        fits = fits & (occasion >= 0)
        counts = self.formulary.rows.count
        row, found = np.repeat(np.arange(len(counts)), counts)[fits], occasion[fits]
        # Several uses in one occasion count once; where texts came in order of time, so do the uses of each row.
        if not np.all((np.diff(found) >= 0) | (np.diff(row) > 0)):
            order = np.lexsort((found, row))
            row, found = row[order], found[order]
        once = fresh(row, found)
        row, found = row[once], found[once]
        return begins(np.bincount(row, minlength=len(self.formulary))), found.astype(np.int32)


def _all(selection: Selection) -> bool:
    """Whether all of a table is meant, so that what was found of it as a whole holds."""
    filter = selection.filter
    return selection.whole and filter.since is None and filter.until is None and filter.kind is None and filter.latest


def _silence(quiet: rhythm.Quiet, days: NDArray[np.int32], row: int) -> Silence:
    return Silence(
        since=date.fromordinal(int(days[quiet.edge[row]])).isoformat(),
        occasions=int(quiet.occasions[row]),
        usual=round(float(quiet.usual[row]), 4),
        needed=int(quiet.needed[row]),
        p=float(quiet.p[row]),
    )


def _of(used: _Used, rows: NDArray[np.int64]) -> _Used:
    """The occasions of some rows."""
    counts = np.diff(used[0])
    return begins(counts[rows]), gathered(used[1], counts, rows)


def tier_now(days: NDArray[np.int32], tiers: Sequence[Tier]) -> str | None:
    """The name of the tier in the last year of which enough occasions are held; None if it has none then."""
    held = np.bincount(years(days)) if len(days) else np.zeros(0, np.int64)
    enough = np.flatnonzero(held >= LEAST)
    return tiers[-1].name if tiers and len(enough) and int(tiers[-1].year) == enough[-1] else None


def _spelled(
    places: Sequence[NDArray[np.int64]], lengths: Sequence[int], concordance: Concordance, store: Store
) -> list[str]:
    """Each formula as most of its uses print it: capitals, quotes and dashes."""
    chosen = [_usual(concordance, at, n) for at, n in zip(places, lengths, strict=True)]
    turns, revisions = concordance.turns, concordance.revisions
    rows = concordance.turn_of(np.array(chosen, np.int64))
    keys = [(int(revisions.pk[turns.revision[row]]), int(turns.n[row])) for row in rows]
    spelled = []
    for place, every, n, row, turn in zip(chosen, places, lengths, rows, store.turn_rows(keys), strict=True):
        phrase = concordance.text(place, place + n)
        folded, offsets = fold_map(turn.words)
        start = nth(folded, phrase, int(((every >= turns.first[row]) & (every < place)).sum()))
        text = turn.words[slice(*unfold(offsets, start, start + len(phrase)))] if start >= 0 else phrase
        spelled.append(" ".join(text.split()))
    return spelled


def _usual(concordance: Concordance, places: NDArray[np.int64], n: int) -> int:
    """The first use that has its capitals where most have them."""
    some = places[:: max(1, len(places) // 200)]
    capitals = (concordance.marks_at(some[:, None] + np.arange(min(n, 62))) & CAPITAL) != 0
    keys = capitals @ (1 << np.arange(capitals.shape[1], dtype=np.int64))
    _, which, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return int(some[np.argmax(which == np.argmax(counts))])
