"""Aligning two sequences of sentences by dynamic programming, as Gale and Church (1993) do.

A bead is one to three neighbouring sentences of the one with one or two of the other; what belongs to no bead has no
partner.  How like the two sides of every possible bead are is given; order does the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.editions.likeness import Matrix

SIZES = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 2))

PARTNERS = 0.44
"""From this likeness on two sentences are partners wherever they stand opposite each other …"""
_ALONE = 0.11
"""… and from twice this much less, where otherwise both would be left without a partner in the same place."""
_JOINED = 0.13
"""A sentence joins its neighbour in a bead only if the bead is more like for it: this, less ``_ALONE``."""


class Bead(NamedTuple):
    """Places of sentences, in order; ``a`` or ``b`` is empty where there is no partner."""

    a: tuple[int, ...]
    b: tuple[int, ...]
    likeness: float


def align(rows: int, columns: int, likeness: Callable[[int, int], Matrix]) -> list[Bead]:
    """The beads that are worth most, in order.

    ``likeness(n, m)`` is a matrix of ``rows - n + 1`` by ``columns - m + 1``: how like n sentences of a from i on are
    to m sentences of b from j on, about 0 for two that have nothing in common and 1 for the same.
    """
    gains = {
        (n, m): likeness(n, m) - np.float32(PARTNERS + _JOINED * (n + m - 2))
        for n, m in SIZES
        if n <= rows and m <= columns
    }
    best = np.empty((rows + 1, columns + 1), dtype=np.float64)
    along = _ALONE * np.arange(columns + 1)
    best[0] = -along
    for i in range(1, rows + 1):
        row = best[i - 1] - _ALONE
        for (n, m), gain in gains.items():
            if n <= i:
                np.maximum(row[m:], best[i - n, : columns + 1 - m] + gain[i - n], out=row[m:])
        best[i] = np.maximum.accumulate(row + along) - along
    return _traced(best, gains)


def _traced(best: NDArray[np.float64], gains: dict[tuple[int, int], Matrix]) -> list[Bead]:
    beads: list[Bead] = []
    i, j = (n - 1 for n in best.shape)
    while i or j:
        for (n, m), gain in gains.items():
            if n <= i and m <= j and np.isclose(best[i, j], best[i - n, j - m] + gain[i - n, j - m], atol=1e-9):
                like = float(gain[i - n, j - m]) + PARTNERS + _JOINED * (n + m - 2)
                beads.append(Bead(tuple(range(i - n, i)), tuple(range(j - m, j)), like))
                i, j = i - n, j - m
                break
        else:
            if i and (not j or np.isclose(best[i, j], best[i - 1, j] - _ALONE, atol=1e-9)):
                i -= 1
                beads.append(Bead((i,), (), 0.0))
            else:
                j -= 1
                beads.append(Bead((), (j,), 0.0))
    return beads[::-1]
