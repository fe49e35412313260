"""Uses of many grams side by side in one array, and what is asked of them all at once.

A place is the number of a token in a field of at most 2 ** 31 of them; what is sorted are whole numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.arrays import Flags, begins, fresh, gathered, runs, words_told_apart

Places = NDArray[np.int32]


class Uses(NamedTuple):
    """Places in the field, those of one gram after those of another, ascending in each; ``counts`` of each gram."""

    places: Places
    counts: NDArray[np.int64]

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Uses:
        """The uses of some of the grams."""
        return Uses(gathered(self.places, self.counts, rows), self.counts[rows])

    def only(self, kept: Flags) -> Uses:
        """Some of the uses, of each gram at least one."""
        return Uses(self.places[kept], self.sums(kept))

    def sums(self, flags: Flags) -> NDArray[np.int64]:
        """How many uses of each gram are so."""
        return np.add.reduceat(flags, self.at, dtype=np.int64) if len(self.counts) else self.counts

    @property
    def at(self) -> NDArray[np.int64]:
        """Where the uses of each gram begin."""
        return begins(self.counts)[:-1]

    @property
    def gram(self) -> NDArray[np.int64]:
        """The row of the gram of each use."""
        return np.repeat(np.arange(len(self.counts)), self.counts)


def together(names: NDArray[np.integer], tokens: NDArray[np.int32], places: Places) -> Uses:
    """Places by name and token; those of one name come in ascending order."""
    if not len(places):
        return Uses(places, np.empty(0, np.int64))
    low, high = int(places.max()).bit_length(), int(tokens.max()).bit_length()
    pairs = names.astype(np.int64) << high | tokens
    if int(names.max()).bit_length() + high + low < 64:
        # Sorted as one number each, much faster than their order is found.
        pairs <<= low
        pairs |= places
        pairs.sort()
        places = (pairs & ((1 << low) - 1)).astype(np.int32)
        pairs >>= low
    else:
        order = np.argsort(pairs, kind="stable")
        pairs, places = pairs[order], places[order]
    return Uses(places, runs(pairs))


def how_many(gram: NDArray[np.int64], values: NDArray[np.int32], rows: int) -> NDArray[np.int32]:
    """How many different values the uses of each gram have; those below 0 are not counted."""
    pairs = np.sort((gram << 32 | values)[values >= 0])
    return np.bincount(pairs[fresh(pairs)] >> 32, minlength=rows).astype(np.int32)


def apart(gram: NDArray[np.int64], places: Places, n: int) -> Flags:
    """Which uses of grams of n tokens remain when those go that overlap an earlier one that remains."""
    near = np.zeros(len(places), np.bool_)
    near[1:] = (places[1:] - places[:-1] < n) & (gram[1:] == gram[:-1])
    kept = ~near
    chained = np.flatnonzero(near | np.append(near[1:], False))
    if not len(chained):
        return kept
    # The first of a chain remains; after each that remains, the next that it does not reach.  How far that is in one
    # step, then in two, in four ...
    keys = gram[chained] << 32 | places[chained]
    step = np.append(np.searchsorted(keys, keys + n), len(keys))
    remains = np.append(kept[chained], True)
    known = 0
    while (now := int(remains.sum())) > known:
        known = now
        remains[step[remains]] = True
        step = step[step]
    kept[chained] = remains[:-1]
    return kept


def whole_words(ids: NDArray[np.int32], heads: Flags) -> NDArray[np.int32]:
    """A number for each token of words of several: the same for the same tokens of the same word."""
    if not len(ids):
        return ids
    numbers, lengths = words_told_apart(ids, np.flatnonzero(heads))
    return np.repeat(np.unique(numbers, return_inverse=True)[1].astype(np.int32), lengths)
