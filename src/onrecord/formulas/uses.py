"""Uses of many grams side by side in one array, and what is asked of them all at once.

A place is the number of a token in a field of at most 2 ** 31 of them; what is sorted are whole numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.grams import gathered

Places = NDArray[np.int32]
Flags = NDArray[np.bool_]


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
        return np.cumsum(self.counts) - self.counts

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


def runs(*columns: NDArray[np.integer]) -> NDArray[np.int64]:
    """How long each run of equal values is."""
    return np.diff(np.append(np.flatnonzero(fresh(*columns)), len(columns[0])))


def fresh(*columns: NDArray[np.integer]) -> Flags:
    """Where a value is another than the one before in any of the columns, and at the first."""
    new = np.ones(len(columns[0]), np.bool_)
    if len(new) > 1:
        new[1:] = columns[0][1:] != columns[0][:-1]
        for column in columns[1:]:
            new[1:] |= column[1:] != column[:-1]
    return new


def different(gram: NDArray[np.int64], values: NDArray[np.int32], rows: int) -> NDArray[np.int32]:
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
    at = np.flatnonzero(heads)
    lengths = np.diff(np.append(at, len(ids)))
    # Words are told apart by 64 bits of the sum of their tokens, each times a power of an odd number by its place.
    place = np.arange(len(ids)) - np.repeat(at, lengths)
    powers = np.multiply.accumulate(np.full(int(lengths.max()), 0x9E3779B97F4A7C15, np.uint64))
    sums = np.add.reduceat((ids.astype(np.uint64) + np.uint64(1)) * powers[place], at)
    return np.repeat(np.unique(sums, return_inverse=True)[1].astype(np.int32), lengths)
