"""The company a phrase keeps: the formulas that stand in the same exchanges more often than by chance.

Two phrases are together in an exchange that has both, apart from each other: where they share a token or touch they
are pieces of one phrase.  How little that can be chance is told by the log-likelihood ratio of the table of exchanges
with and without either (Dunning, Accurate Methods for the Statistics of Surprise and Coincidence, Computational
Linguistics 19/1, 1993), which is trusted with small counts too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush

import msgspec
import numpy as np
from numpy.typing import NDArray

from onrecord.formulas import arrays
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.formulary import Formulary
from onrecord.formulas.life import Uses
from onrecord.formulas.model import Company

_SURPRISING = 15.14
"""What the ratio exceeds by chance once in 10,000 (chi-square with one degree of freedom, 0.9999)."""
_TOGETHER = 2
"""In so many exchanges at least two phrases must be together."""


class Exchanges(msgspec.Struct, frozen=True, eq=False):
    """Which formulas of a formulary stand in which exchanges of its texts; the exchange without a question is one too.

    ``of_turn`` (turns of the concordance): the number of its exchange, -1 in texts the formulary was not made from.
    ``of_use`` (uses): the exchange of each place of the formulary, ``at`` (formulas + 1) where those of each formula
    begin.  ``begin`` (exchanges + 1): where the formulas of each exchange begin in ``formula`` (rows of the formulary,
    each once).  ``held`` (formulas): in how many exchanges each stands.
    """

    formulary: Formulary
    of_turn: NDArray[np.int32]
    of_use: NDArray[np.int32]
    at: NDArray[np.int64]
    begin: NDArray[np.int64]
    formula: NDArray[np.int64]
    held: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.begin) - 1

    @staticmethod
    def of(formulary: Formulary, concordance: Concordance, turn: NDArray[np.int32]) -> Exchanges:
        """The exchanges of the texts of a formulary; ``turn`` is the turn of each of its uses."""
        turns, rows = concordance.turns, formulary.rows
        those = np.flatnonzero(formulary.basis.turns(concordance))
        names = turns.revision[those].astype(np.int64) << 32 | turns.exchange[those]
        different, number = np.unique(names, return_inverse=True)
        of_turn = np.full(len(turns), -1, np.int32)
        of_turn[those] = number
        of_use = of_turn[turn]
        pairs = arrays.different(of_use.astype(np.int64) << 32 | np.repeat(np.arange(len(rows)), rows.count))
        begin = np.searchsorted(pairs >> 32, np.arange(len(different) + 1))
        formula = pairs & 0xFFFFFFFF
        return Exchanges(
            formulary, of_turn, of_use, rows.place_at, begin, formula, np.bincount(formula, minlength=len(rows))
        )

    def of_turns(self, turns: NDArray[np.bool_] | NDArray[np.integer]) -> NDArray[np.bool_]:
        """Which exchanges have one of these turns (a mask, or rows)."""
        has = np.zeros(len(self) + 1, np.bool_)  # the last is for -1
        has[self.of_turn[turns]] = True
        return has[:-1]

    def counts(self, exchanges: NDArray[np.bool_]) -> NDArray[np.int64]:
        """In how many of these exchanges (a mask) each formula stands."""
        if exchanges.all():
            return self.held
        those = np.flatnonzero(exchanges)
        at = arrays.stretches(self.begin[those], self.begin[those + 1] - self.begin[those])
        return np.bincount(self.formula[at], minlength=len(self.held))


def company(exchanges: Exchanges, uses: Uses, name: Callable[[int], str], *, limit: int = 10) -> list[Company]:
    """The formulas that keep company with a phrase, the least by chance first.

    ``name`` gives the text of a row of the formulary.  Left out is what has the phrase in it or is a piece of it, and
    what shares most of its words with one that is named already.
    """
    tokens, at = exchanges.formulary.rows.tokens, exchanges.formulary.rows.token_at
    named: list[Company] = []
    grams = [_gram(uses)]
    for row, both, lift in _together(exchanges, uses) if len(uses) else ():
        if len(named) == limit:
            break
        gram = tokens[at[row] : at[row + 1]].tolist()
        if not any(_akin(gram, other) for other in grams):
            grams.append(gram)
            named.append(Company(formula=name(row), exchanges=both, lift=round(lift, 2)))
    return named


def _together(exchanges: Exchanges, uses: Uses) -> Iterator[tuple[int, int, float]]:
    """The formulas in the same exchanges, the least by chance first: row, exchanges that have both, lift."""
    selection = uses.selection
    every = selection.whole and selection.revisions[exchanges.formulary.basis.rows].all()
    within = np.ones(len(exchanges), np.bool_) if every else exchanges.of_turns(selection.turns)
    here = exchanges.of_turns(uses.turn[uses.turn >= 0]) & within
    total, phrase, most = int(within.sum()), int(here.sum()), exchanges.counts(here)
    elsewhere = exchanges.counts(within) - most
    found = np.flatnonzero(most >= _TOGETHER)
    ratio, lift = _surprise(most[found], elsewhere[found], phrase, total)
    good = (ratio > _SURPRISING) & (lift > 1)
    found, ratio, lift = found[good], ratio[good], lift[good]
    # Where the two touch they are not together.  That only makes the ratio less, so it is looked at when it must be.
    ready: list[tuple[float, int, int, float]] = []
    for at in np.lexsort((found, -ratio)):
        while ready and -ready[0][0] >= ratio[at]:
            yield heappop(ready)[1:]
        row = int(found[at])
        both = _apart(exchanges, uses, row, here)
        surprise, times = ratio[at : at + 1], lift[at : at + 1]
        if both < most[row]:
            surprise, times = _surprise(np.array([both]), elsewhere[row : row + 1], phrase, total)
        if both >= _TOGETHER and surprise[0] > _SURPRISING and times[0] > 1:
            heappush(ready, (-float(surprise[0]), row, both, float(times[0])))
    while ready:
        yield heappop(ready)[1:]


def _apart(exchanges: Exchanges, uses: Uses, row: int, here: NDArray[np.bool_]) -> int:
    """In how many of these exchanges (a mask) a formula stands without touching the phrase."""
    rows = exchanges.formulary.rows
    those = slice(exchanges.at[row], exchanges.at[row + 1])
    places, of_use = rows.positions[those], exchanges.of_use[those]
    before = uses.places.searchsorted(places - uses.length)
    apart = before == uses.places.searchsorted(places + rows.n[row], "right")
    return len(arrays.different(of_use[apart & here[of_use]]))


def _surprise(
    both: NDArray[np.int64], elsewhere: NDArray[np.int64], here: int, total: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The log-likelihood ratio, and how many times more often than by chance the two are together.

    Of ``total`` exchanges ``here`` have the phrase; a formula stands in ``both`` of these apart from it, and in
    ``elsewhere`` of the others.
    """
    held = both + elsewhere
    table = np.stack([both, here - both, elsewhere, total - here - elsewhere]).astype(np.float64)
    rest = total - here
    chance = np.stack([here * held, here * (total - held), rest * held, rest * (total - held)]) / total
    terms = np.zeros_like(table)
    np.log(table / np.where(chance > 0, chance, 1), out=terms, where=(table > 0) & (chance > 0))
    return 2 * (table * terms).sum(axis=0), table[0] / np.where(chance[0] > 0, chance[0], 1)


def _gram(uses: Uses) -> list[int]:
    """The tokens of the phrase, as its first use has them."""
    concordance = uses.selection.concordance
    return concordance.take(uses.places[:1, None] + np.arange(uses.length)).ravel().tolist()


def _akin(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether one has the other in it, or ends as the other begins, with more than half of the shorter."""
    short, long = sorted((one, other), key=len)
    size = len(short)
    if any(short == long[at : at + size] for at in range(len(long) - size + 1)):
        return True
    return any(short[:k] == long[-k:] or short[-k:] == long[:k] for k in range(size // 2 + 1, size))
