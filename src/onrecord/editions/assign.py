"""Which units are the same: from likeness to groups, by order where it holds and without it where it does not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onrecord.editions.likeness import Likeness, Matrix

Group = tuple[tuple[int, ...], tuple[int, ...]]


def assign(likeness: Likeness) -> list[Group]:
    """Groups of units (rows and columns of the likeness) that are the same, in the order of a.

    First the chain of pairs in the same order that is worth most, so that of several units with the same few words
    the one in the right place is taken; then pairs of units left over, wherever they stand; then each unit still left
    over is looked for in the words of the other edition that no pair accounts for, which is how one is known that was
    joined to another.
    """
    pairs = chain(likeness.value)
    pairs += _best(likeness.score, likeness.covered_a + likeness.covered_b, pairs, alone=True)
    while True:
        beyond = likeness.beyond(pairs)
        more = _best(beyond.score, beyond.score, pairs, alone=False)
        if not more:
            break
        pairs += more
    return groups(pairs)


def chain(value: Matrix) -> list[tuple[int, int]]:
    """The pairs (i, j), both rising, whose values sum up to most (Needleman and Wunsch 1970, without cost of gaps)."""
    rows, columns = value.shape
    best = np.zeros((rows + 1, columns + 1))
    for i in range(rows):
        best[i + 1] = best[i]
        np.maximum(best[i + 1, 1:], best[i, :-1] + value[i], out=best[i + 1, 1:])
        np.maximum.accumulate(best[i + 1], out=best[i + 1])
    pairs, i, j = [], rows, columns
    while i and j:
        if best[i, j] == best[i, j - 1]:
            j -= 1
        elif best[i, j] == best[i - 1, j]:
            i -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _best(score: Matrix, weight: Matrix, pairs: Sequence[tuple[int, int]], *, alone: bool) -> list[tuple[int, int]]:
    """More pairs of units of which one is left over (both if ``alone``, and each then in one pair), likeliest first."""
    free_a, free_b = (np.ones(n, bool) for n in score.shape)
    free_a[[i for i, _ in pairs]] = False
    free_b[[j for _, j in pairs]] = False
    open_ = free_a[:, None] & free_b[None, :] if alone else free_a[:, None] | free_b[None, :]
    found = []
    rows, columns = np.nonzero((score >= 0.5) & open_)
    order = np.lexsort((-weight[rows, columns], -score[rows, columns]))
    for i, j in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if not alone or (free_a[i] and free_b[j]):
            found.append((i, j))
            free_a[i] = free_b[j] = False
    return found


def groups(pairs: Sequence[tuple[int, int]]) -> list[Group]:
    """The pairs joined where they have a unit in common."""
    group: dict[tuple[str, int], set[tuple[str, int]]] = {}
    for i, j in pairs:
        joined = group.get(("a", i), {("a", i)}) | group.get(("b", j), {("b", j)})
        for member in joined:
            group[member] = joined
    distinct = {id(members): members for members in group.values()}.values()
    sides = [tuple(tuple(sorted(n for s, n in members if s == side)) for side in "ab") for members in distinct]
    return sorted((a, b) for a, b in sides)
