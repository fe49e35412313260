"""Likeness of units in one language: by the runs of words they share, the rarer the weightier.

A shared run is two or three words, or three or four characters of a script written without spaces.  Its weight is how
rare it is in the two editions (inverse document frequency, Spärck Jones 1972, with units for documents); what is
measured is containment, as one of two texts is often a shortened one: the weight of the runs that both have, divided
by that of the lighter.  Marks for the ends of paragraphs are counted as words, since what is shortened is shortened at
them, and so that "Okay." as a whole answer is something else than an "okay" in a sentence.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.editions.likeness import Likeness, Matrix
from onrecord.editions.units import Unit
from onrecord.model import Edition, Evidence
from onrecord.reading.fold import fold

_TOKEN = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u302f\u3031-\u303c\u3040-\u30ff\u3105-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff]|[^\W_]+"
)
Ints = NDArray[np.int64]
_MARK = 0
"""The token between two paragraphs, and at both ends of a unit."""


class _Side:
    """The tokens of one edition's units, one after the other: ``ids``, the ``unit`` of each, whether in a question."""

    def __init__(self, edition: Edition, units: Sequence[Unit], vocabulary: dict[str, int]) -> None:
        ids: list[int] = []
        unit: list[int] = []
        asked: list[bool] = []
        self.labels: list[set[str]] = []
        for n, one in enumerate(units):
            begin = len(ids)
            ids.append(_MARK)
            asked.append(True)
            for turn in one.turns:
                for paragraph in edition.words(turn).split("\n"):
                    found = [vocabulary.setdefault(w, len(vocabulary) + 1) for w in _TOKEN.findall(fold(paragraph))]
                    ids += found
                    ids.append(_MARK)
                    asked += [turn.role == "question"] * (len(found) + 1)
            unit += [n] * (len(ids) - begin)
            self.labels.append({fold(turn.label) for turn in one.turns if turn.label})
        self.n = len(units)
        self.ids = np.array(ids, dtype=np.uint64)
        self.unit = np.array(unit, dtype=np.int64)
        self.asked = np.array(asked, dtype=bool)
        self.bounds = np.searchsorted(self.unit, np.arange(self.n + 1))

    def runs(self, size: int) -> tuple[NDArray[np.uint64], Ints]:
        """The runs of ``size`` tokens inside units: a number for the words of each, and where it begins."""
        if len(self.ids) < size:
            return np.empty(0, np.uint64), np.empty(0, np.int64)
        count = len(self.ids) - size + 1
        key = np.zeros(count, np.uint64)
        for k in range(size):
            key = (key + self.ids[k : k + count] + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
            key ^= key >> np.uint64(29)
        at = np.flatnonzero(self.unit[:count] == self.unit[size - 1 :])
        return key[at], at


def likeness(a: Edition, ua: Sequence[Unit], b: Edition, ub: Sequence[Unit]) -> Likeness:
    """How like the units ``ua`` of edition ``a`` are to the units ``ub`` of edition ``b`` in the same language."""
    vocabulary: dict[str, int] = {}
    return Lexical(_Side(a, ua, vocabulary), _Side(b, ub, vocabulary), list(vocabulary))


class Lexical(Likeness):
    """See ``Likeness``."""

    def __init__(self, a: _Side, b: _Side, words: list[str]) -> None:
        self.a, self.b, self.words = a, b, words
        self._idf: NDArray[np.float64] | None = None
        spaced = sum(len(w) > 1 for w in words) * 2 > len(words)
        self.sizes = (2, 3) if spaced else (3, 4)
        self.shared, wa, wb = _shared(a, b, self.sizes, None)
        whole = _contained(self.shared, wa, wb)
        asked, qa, qb = _shared(a, b, self.sizes, True)
        self.asked = _contained(asked, qa, qb)
        self.wa, self.wb, self.qa, self.qb = wa, wb, qa, qb
        self.equal = _equal(a, b)
        score = whole
        score[self.equal] = 1
        super().__init__(
            score,
            np.minimum(self.shared / np.maximum(wa[:, None], 1e-6), 1),
            np.minimum(self.shared / np.maximum(wb[None, :], 1e-6), 1),
        )

    def beyond(self, pairs: Collection[tuple[int, int]]) -> Likeness:
        """What unit i says that j says too, in words of both that no pair accounts for: each word is counted once."""
        paired = np.zeros(self.score.shape, bool)
        paired[tuple(np.array(list(pairs)).T)] = True
        free = [np.ones(len(side.ids), bool) for side in (self.a, self.b)]
        _tiles(self.a, self.b, paired, free, self.sizes[-1])
        weights = [self._rarity(side) for side in (self.a, self.b)]
        left = [
            np.bincount(s.unit, w * f, minlength=s.n) for s, w, f in zip((self.a, self.b), weights, free, strict=True)
        ]
        alone = ~paired.any(1)[:, None] | ~paired.any(0)[None, :]
        shared = np.zeros(self.score.shape)
        for at_a, at_b, size in _tiles(self.a, self.b, alone & ~paired, free, self.sizes[-1]):
            shared[self.a.unit[at_a], self.b.unit[at_b]] += weights[0][at_a : at_a + size].sum()
        covered = [np.minimum(shared / np.maximum(side, 1e-6), 1) for side in (left[0][:, None], left[1][None, :])]
        enough = (
            (shared >= ENOUGH)
            | (covered[0] > 0.95) & ~paired.any(1)[:, None]
            | (covered[1] > 0.95) & ~paired.any(0)[None, :]
        )
        score = np.where(enough, np.maximum(*covered), 0)
        return Likeness(*(m.astype(np.float32) for m in (score, *covered)))

    def _rarity(self, side: _Side) -> NDArray[np.float64]:
        """The weight of each token."""
        if self._idf is None:
            df = np.zeros(len(self.words) + 1)
            for one in (self.a, self.b):
                seen = np.unique(one.ids.astype(np.int64) * one.n + one.unit) // max(one.n, 1)
                df = np.maximum(df, np.bincount(seen, minlength=len(df)))
            self._idf = np.log1p(max(self.a.n, self.b.n) / np.maximum(df, 1))
            self._idf[_MARK] = 0.01
        return self._idf[side.ids.astype(np.int64)]


ENOUGH = 12.0


def _tiles(
    a: _Side, b: _Side, allowed: NDArray[np.bool_], free: list[NDArray[np.bool_]], size: int
) -> list[tuple[int, int, int]]:
    """Runs of at least ``size`` free tokens that an allowed pair of units shares, the longest first, no token in two

    (greedy string tiling, Wise 1993).  Each is where it begins in a and in b and its length; its tokens are free no
    longer.
    """
    sides = []
    for side, open_, some in ((a, free[0], allowed.any(1)), (b, free[1], allowed.any(0))):
        key, at = side.runs(size)
        inside = np.cumsum(np.concatenate([[0], open_]))
        keep = (inside[at + size] - inside[at] == size) & some[side.unit[at]]
        sides.append((key[keep], at[keep]))
    (ka, pa), (kb, pb) = sides
    if not len(ka) or not len(kb):
        return []
    order = np.argsort(kb, kind="stable")
    left, right = _joined(ka, kb[order])
    pa, pb = pa[left], pb[order][right]
    keep = allowed[a.unit[pa], b.unit[pb]]
    pa, pb = pa[keep], pb[keep]
    order = np.lexsort((pa, pa - pb))
    pa, pb = pa[order], pb[order]
    begins = (
        np.flatnonzero(
            np.concatenate(
                [
                    [True],
                    (np.diff(pa) != 1) | (np.diff(pb) != 1) | (np.diff(a.unit[pa]) != 0) | (np.diff(b.unit[pb]) != 0),
                ]
            )
        )
        if len(pa)
        else np.empty(0, np.int64)
    )
    lengths = np.diff(np.concatenate([begins, [len(pa)]])) + size - 1
    heap = [(-n, x, y) for n, x, y in zip(lengths.tolist(), pa[begins].tolist(), pb[begins].tolist(), strict=True)]
    heapq.heapify(heap)
    tiles = []
    while heap:
        negative, x, y = heapq.heappop(heap)
        open_ = free[0][x : x - negative] & free[1][y : y - negative]
        if open_.all():
            tiles.append((x, y, -negative))
            free[0][x : x - negative] = free[1][y : y - negative] = False
            continue
        edges = np.flatnonzero(np.diff(np.concatenate([[False], open_, [False]])))
        for s, e in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            if e - s >= size:
                heapq.heappush(heap, (s - e, x + s, y + s))
    return tiles


def _joined(a: NDArray[Any], b: NDArray[Any]) -> tuple[Ints, Ints]:
    """Every place in ``a`` with every place in ``b``, which is sorted, where the same stands."""
    first, last = np.searchsorted(b, a), np.searchsorted(b, a, side="right")
    times = last - first
    left = np.repeat(np.arange(len(a)), times)
    right = np.arange(times.sum()) + np.repeat(first - (np.cumsum(times) - times), times)
    return left, right


def _contained(shared: Matrix, wa: Matrix, wb: Matrix) -> Matrix:
    lighter = np.minimum(wa[:, None], wb[None, :])
    return np.where(lighter > 0, np.minimum(shared / np.maximum(lighter, 1e-6), 1), 0).astype(np.float32)


def _equal(a: _Side, b: _Side) -> NDArray[np.bool_]:
    """Which units are the same words."""
    numbers: dict[bytes, int] = {}
    names = [
        np.array(
            [numbers.setdefault(side.ids[s:e].tobytes(), len(numbers)) for s, e in zip(side.bounds, side.bounds[1:])],
            dtype=np.int64,
        )
        for side in (a, b)
    ]
    return names[0][:, None] == names[1][None, :]


def _shared(a: _Side, b: _Side, sizes: tuple[int, ...], asked: bool | None) -> tuple[Matrix, Matrix, Matrix]:
    """The weight of the runs that unit i of a and unit j of b share, and of all of each; a run counts as often as in both."""
    shared = np.zeros((a.n, b.n), np.float64)
    weights = [np.zeros(a.n), np.zeros(b.n)]
    for size in sizes:
        sides = []
        for side in (a, b):
            key, at = side.runs(size)
            if asked is not None:
                keep = side.asked[at]
                key, at = key[keep], at[keep]
            sides.append((key, side.unit[at]))
        keys, terms = np.unique(np.concatenate([key for key, _ in sides]), return_inverse=True)
        cut = len(sides[0][0])
        counted = []
        for term, unit, n in ((terms[:cut], sides[0][1], a.n), (terms[cut:], sides[1][1], b.n)):
            pair, count = np.unique(term * n + unit, return_counts=True)
            counted.append((pair // n, pair % n, count))
        df = np.maximum(*(np.bincount(term, minlength=len(keys)) for term, _, _ in counted))
        idf = np.log1p(max(a.n, b.n) / np.maximum(df, 1))
        for weight, (term, unit, count) in zip(weights, counted, strict=True):
            np.add.at(weight, unit, idf[term] * count)
        (ta, ia, ca), (tb, jb, cb) = counted
        # every row of a with every row of b of the same term
        left, right = _joined(ta, tb)
        both = np.minimum(ca[left], cb[right]) * idf[ta[left]]
        shared += np.bincount(ia[left] * b.n + jb[right], both, minlength=a.n * b.n).reshape(a.n, b.n)
    return shared.astype(np.float32), weights[0].astype(np.float32), weights[1].astype(np.float32)
