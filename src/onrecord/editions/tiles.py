"""Runs of words that two texts share, no word of either in two of them."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.editions.units import Unit
from onrecord.model import Edition
from onrecord.reading.words import words

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
MARK = 0
"""The token that stands between two paragraphs and at both ends of a unit."""


MOST = 10_000
"""Pairs of places that are looked at for one run: 100 by 100, more than any courtesy in a briefing."""


class Tokens:
    """The words of an edition's units one after the other, as numbers: ``ids[k]`` is a word or ``MARK``.

    ``unit[k]`` and ``paragraph[k]`` say where it stands, ``asked[k]`` whether in a question; ``bounds[n]`` is where
    unit n begins.  ``vocabulary`` gives words their numbers and is one for both editions.
    """

    def __init__(self, edition: Edition, units: Sequence[Unit], vocabulary: dict[str, int]) -> None:
        ids: list[int] = []
        unit: list[int] = []
        paragraph: list[int] = []
        asked: list[bool] = []
        count = 0
        for n, one in enumerate(units):
            begin = len(ids)
            ids.append(MARK)
            paragraph.append(count)
            asked.append(one.turns[0].role == "question")
            for turn in one.turns:
                for line in edition.words(turn).split("\n"):
                    said = [vocabulary.setdefault(word, len(vocabulary) + 1) for word in words(line)]
                    ids += [*said, MARK]
                    paragraph += [count] * (len(said) + 1)
                    asked += [turn.role == "question"] * (len(said) + 1)
                    count += 1
            unit += [n] * (len(ids) - begin)
        self.n = len(units)
        self.ids = np.array(ids, dtype=np.int64)
        self.unit = np.array(unit, dtype=np.int64)
        self.paragraph = np.array(paragraph, dtype=np.int64)
        self.asked = np.array(asked, dtype=bool)
        self.bounds = np.searchsorted(self.unit, np.arange(self.n + 1))
        self.lengths = np.diff(self.bounds)

    def runs(self, size: int) -> tuple[NDArray[np.uint64], Ints]:
        """The runs of ``size`` tokens inside units: a number that stands for the words, and where each begins."""
        count = max(len(self.ids) - size + 1, 0)
        key = np.zeros(count, np.uint64)
        for k in range(size):  # Fibonacci hashing; 64 bits, so that among some 10^5 runs no two are taken for one
            key = (key + self.ids[k : k + count].astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
            key ^= key >> np.uint64(29)
        at = np.flatnonzero(self.unit[:count] == self.unit[size - 1 :]) if count else np.empty(0, np.int64)
        return key[at], at


class Tile(NamedTuple):
    """A shared run: where it begins among the tokens of a and of b, how long it is, and whether it stands in order:

    between the words that the tokens around it in b are paired with.
    """

    a: int
    b: int
    size: int
    fits: bool


def tiles(
    a: Tokens, b: Tokens, allowed: Flags, free: tuple[Flags, Flags], size: int, around: Sequence[Tile] | None = None
) -> list[Tile]:
    """The shared runs of at least ``size`` tokens of pairs of units that are ``allowed``, the longest first.

    Greedy string tiling (Wise 1993): a token once in a tile is in no other.  Only tokens marked in ``free`` count, and
    those of the tiles are taken off it.  ``around`` are tiles found before, which say what stands in order; without
    them only runs of twice that size count, or that are the whole of a unit.
    """
    some_a, some_b = np.any(allowed, axis=1), np.any(allowed, axis=0)
    (ka, pa), (kb, pb) = _free_runs(a, free[0], some_a, size), _free_runs(b, free[1], some_b, size)
    order = np.argsort(kb, kind="stable")
    left, right = joined(ka, kb[order], MOST)
    pa, pb = pa[left], pb[order][right]
    keep = allowed[a.unit[pa], b.unit[pb]]
    pa, pb = pa[keep], pb[keep]
    if not len(pa):
        return []
    order = np.lexsort((pa, pa - pb))
    pa, pb = pa[order], pb[order]
    breaks = (np.diff(pa) != 1) | (np.diff(pb) != 1) | (np.diff(a.unit[pa]) != 0) | (np.diff(b.unit[pb]) != 0)
    begins = np.concatenate([[0], np.flatnonzero(breaks) + 1])
    lengths = np.diff(np.concatenate([begins, [len(pa)]])) + size - 1
    pa, pb = pa[begins], pb[begins]
    if around is None:
        long = (lengths >= 2 * size) | (lengths == a.lengths[a.unit[pa]]) | (lengths == b.lengths[b.unit[pb]])
        pa, pb, lengths = pa[long], pb[long], lengths[long]
        fits = np.ones(len(pa), bool)
    else:
        fits = _fits(pa, pb, around)
    heap = list(zip((-lengths).tolist(), (~fits).tolist(), pa.tolist(), pb.tolist(), strict=True))
    heapq.heapify(heap)
    found = []
    while heap:
        negative, astray, x, y = heapq.heappop(heap)
        open_ = free[0][x : x - negative] & free[1][y : y - negative]
        if open_.all():
            found.append(Tile(x, y, -negative, not astray))
            for open_, side, at in ((free[0], a, x), (free[1], b, y)):
                # A mark stands for the paragraphs on both sides of it.
                open_[at : at - negative] = side.ids[at : at - negative] == MARK
            continue
        edges = np.flatnonzero(np.diff(np.concatenate([[False], open_, [False]])))
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            if end - start >= size:
                heapq.heappush(heap, (start - end, astray, x + start, y + start))
    return found


def joined(a: NDArray[Any], b: NDArray[Any], most: int | None = None) -> tuple[Ints, Ints]:
    """Every place in ``a`` with every place in ``b``, which is sorted, where the same stands.

    What stands so often in both that this were more than ``most`` pairs is paired in order only: the first with the
    first, the second with the second.
    """
    first, last = np.searchsorted(b, a), np.searchsorted(b, a, side="right")
    times = last - first
    if most is not None:
        _, same, often = np.unique(a, return_inverse=True, return_counts=True)
        many = often[same] * times > most
        rank = np.empty(len(a), np.int64)
        rank[np.argsort(same, kind="stable")] = np.arange(len(a)) - np.repeat(np.cumsum(often) - often, often)
        first = np.where(many, first + rank, first)
        times = np.where(many, rank < times, times)
    left = np.repeat(np.arange(len(a)), times)
    return left, np.arange(len(left)) + np.repeat(first - (np.cumsum(times) - times), times)


def _free_runs(side: Tokens, free: Flags, units: Flags, size: int) -> tuple[NDArray[np.uint64], Ints]:
    """The runs of which every token is free, in the units marked."""
    key, at = side.runs(size)
    inside = np.cumsum(np.concatenate([[0], free]))
    keep = (inside[at + size] - inside[at] == size) & units[side.unit[at]]
    return key[keep], at[keep]


def _fits(pa: Ints, pb: Ints, around: Sequence[Tile]) -> Flags:
    """Which of the runs at ``pa`` and ``pb`` stand in order among the tiles ``around`` them in b."""
    known = sorted((tile.b, tile.a) for tile in around)
    places = np.array([[-1, -1], *known, [np.iinfo(np.int64).max] * 2], dtype=np.int64)
    after = np.searchsorted(places[:, 0], pb)
    fits: Flags = (places[after - 1, 1] < pa) & (pa < places[after, 1])
    return fits
