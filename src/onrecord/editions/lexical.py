"""Likeness of units in one language: by the runs of words they share, the rarer the weightier.

A shared run is two or three words, or three or four characters of a script written without spaces.  Its weight is how
rare it is in the two editions (inverse document frequency, Spärck Jones 1972, with units for documents).  What is
measured is containment, as one of two texts is often a shortened one: the weight of the runs that both have, divided
by that of the lighter.  The ends of paragraphs count as words, since texts are shortened at them, and so that "Okay."
as a whole answer is something else than an "okay" in a sentence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.editions.evidence import of_outlets
from onrecord.editions.likeness import Likeness, Matrix
from onrecord.editions.tiles import MARK, Flags, Tokens, joined, tiles
from onrecord.editions.units import Unit
from onrecord.model import Edition, Evidence
from onrecord.reading.fold import fold

ENOUGH = 12.0
"""The weight from which on shared words say something wherever they stand: some four words that only one unit has.

Of 250,000 pairs of different units of one page of the White House or of China's foreign ministry that share a run,
"""
FEW = 25.0
LOW = 0.4
DOM = 0.7
SHOWN = 5
"""How many of the rarest shared words are given as evidence."""


def likeness(a: Edition, ua: Sequence[Unit], b: Edition, ub: Sequence[Unit]) -> Lexical:
    """How like the units ``ua`` of edition ``a`` are to the units ``ub`` of edition ``b`` in the same language."""
    return Lexical(a, ua, b, ub)


class Lexical(Likeness):
    """See ``Likeness``; it is exact about which words are accounted for, each counting once."""

    def __init__(self, a: Edition, ua: Sequence[Unit], b: Edition, ub: Sequence[Unit]) -> None:
        vocabulary: dict[str, int] = {}
        self.a, self.b = Tokens(a, ua, vocabulary), Tokens(b, ub, vocabulary)
        self.words = ["", *vocabulary]
        spaced = sum(len(word) > 1 for word in vocabulary) * 2 > len(vocabulary)
        self.sizes = (2, 3) if spaced else (3, 4)
        self.rarity = self._rarity()
        self.outlets = of_outlets(ua, ub)
        shared, wa, wb = self._shared(asked=False)
        least = np.minimum(wa[:, None], wb[None, :])
        asked, qa, qb = self._shared(asked=True)
        asked_least = np.minimum(qa[:, None], qb[None, :])
        same_question, telling = _share(asked, asked_least), asked_least >= FEW
        self.contrary = telling & (same_question < 0.05)
        score = _share(shared, least)
        # A few words are contained in many units: they count as part of another only if they open it.
        few = (least < FEW) & ~_same_opening(self.a, self.b)
        score = np.where(few, np.minimum(score, _share(shared, np.maximum(wa[:, None], wb[None, :]))), score)
        # Who asks the same asks for the same answer, however little is left of it.  Two answers, though, may be alike
        # because both say what is always said.
        score = np.where(telling, np.clip(score, np.where(same_question >= 0.6, same_question, 0), 0.4 + 2 * same_question), score)
        score[_equal(self.a, self.b)] = 1
        super().__init__(score, _share(shared, wa[:, None]), _share(shared, wb[None, :]))
        # In a chain of pairs that explains most words the right ones come together by themselves; who spoke decides
        # between two exchanges of the same few words.
        better = DOM * np.maximum(score.max(1, initial=0)[:, None], score.max(0, initial=0)[None, :])
        self.chained = np.where((score >= LOW) & (score >= better), shared * score * (1 + 0.05 * _speakers(ua, ub)), 0).astype(np.float32)

    @property
    def value(self) -> Matrix:
        """What pairing i with j is worth in a chain of pairs: the weight of what they share."""
        return self.chained

    def beyond(self, pairs: Collection[tuple[int, int]]) -> Likeness:
        """What unit i says that j says too in words that no pair accounts for, each word of both counting once.

        The share is of the paragraphs in which these words stand, as a unit may have been shortened to one of them
        and put behind another unit.  A few common words count only where they are whole paragraphs in order.
        """
        paired = np.zeros(self.score.shape, bool)
        for i, j in pairs:
            paired[i, j] = True
        free = (np.ones(len(self.a.ids), bool), np.ones(len(self.b.ids), bool))
        known = tiles(self.a, self.b, paired, free, self.sizes[-1])
        shared: dict[tuple[int, int], float] = defaultdict(float)
        within: dict[tuple[int, int], tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
        fits: dict[tuple[int, int], bool] = defaultdict(lambda: True)
        found = tiles(self.a, self.b, np.ones_like(paired), free, self.sizes[-1], known)
        for tile in [*known, *found]:
            at_a, at_b = slice(tile.a, tile.a + tile.size), slice(tile.b, tile.b + tile.size)
            pair = int(self.a.unit[tile.a]), int(self.b.unit[tile.b])
            shared[pair] += float(self.rarity[self.a.ids[at_a]].sum())
            said = self.a.ids[at_a] != MARK
            within[pair][0].update(self.a.paragraph[at_a][said].tolist())
            within[pair][1].update(self.b.paragraph[at_b][said].tolist())
            fits[pair] &= tile.fits
        rest = [
            np.bincount(side.paragraph, open_ * self.rarity[side.ids])
            for side, open_ in zip((self.a, self.b), free, strict=True)
        ]
        score = np.zeros_like(self.score)
        lone_a, lone_b = ~paired.any(1), ~paired.any(0)
        for (i, j), heavy in shared.items():
            if paired[i, j] or (lone_a[i] and lone_b[j] and self.contrary[i, j]):
                continue
            parts = within[i, j]
            if lone_a[i] and lone_b[j]:
                parts = (set(self.a.paragraph[self.a.bounds[i] : self.a.bounds[i + 1]].tolist()), set(self.b.paragraph[self.b.bounds[j] : self.b.bounds[j + 1]].tolist()))
            share = heavy / (heavy + min(side[list(some)].sum() for side, some in zip(rest, parts, strict=True)))
            alone = lone_a[i] or lone_b[j]
            if heavy >= (ENOUGH if alone else 3 * ENOUGH) or (alone and fits[i, j] and share > 0.9):
                score[i, j] = share
        return Likeness(score, self.covered_a, self.covered_b)

    def evidence(self, i: int, j: int) -> tuple[Evidence, ...]:
        """The share of the words, with the rarest that both have; and whether the outlets that asked agree."""
        both = np.intersect1d(
            *(side.ids[side.bounds[n] : side.bounds[n + 1]] for side, n in ((self.a, i), (self.b, j)))
        )
        both = both[both != MARK]
        rarest = both[np.argsort(-self.rarity[both], kind="stable")][:SHOWN]
        value = round(float(max(self.covered_a[i, j], self.covered_b[i, j])), 3)
        words = Evidence(kind="words", value=value, shared=tuple(self.words[n] for n in rarest.tolist()))
        outlet = self.outlets.evidence(i, j)
        return (words, outlet) if outlet else (words,)

    def _rarity(self) -> NDArray[np.float64]:
        """The weight of each word: how few of the units of an edition have it."""
        having = np.zeros(len(self.words))
        for side in (self.a, self.b):
            found = np.unique(side.ids * max(side.n, 1) + side.unit) // max(side.n, 1)
            having = np.maximum(having, np.bincount(found, minlength=len(having)))
        rarity = np.log1p(max(self.a.n, self.b.n) / np.maximum(having, 1))
        rarity[MARK] = 0.01
        return rarity

    def _shared(self, *, asked: bool) -> tuple[Matrix, Matrix, Matrix]:
        """The weight of the runs that i and j share, and of all that each has (of their questions only if ``asked``).

        A run that stands several times in both counts as often as in the one that has it less often.
        """
        a, b = self.a, self.b
        shared = np.zeros(a.n * b.n)
        whole = [np.zeros(a.n), np.zeros(b.n)]
        for size in self.sizes:
            keys, at = zip(*(side.runs(size) for side in (a, b)), strict=True)
            if asked:
                chosen = [side.asked[where] for side, where in zip((a, b), at, strict=True)]
                keys = tuple(key[some] for key, some in zip(keys, chosen, strict=True))
                at = tuple(where[some] for where, some in zip(at, chosen, strict=True))
            distinct, terms = np.unique(np.concatenate(keys), return_inverse=True)
            parts = np.split(terms, [len(keys[0])])
            counted = []
            for side, term, where in zip((a, b), parts, at, strict=True):
                both, count = np.unique(term * max(side.n, 1) + side.unit[where], return_counts=True)
                counted.append((both // max(side.n, 1), both % max(side.n, 1), count))
            having = np.maximum(*(np.bincount(term, minlength=len(distinct)) for term, _, _ in counted))
            rarity = np.log1p(max(a.n, b.n) / np.maximum(having, 1))
            for n, (term, unit, count) in enumerate(counted):
                whole[n] += np.bincount(unit, rarity[term] * count, minlength=len(whole[n]))
            (term_a, i, count_a), (term_b, j, count_b) = counted
            left, right = joined(term_a, term_b)
            heavy = np.minimum(count_a[left], count_b[right]) * rarity[term_a[left]]
            shared += np.bincount(i[left] * b.n + j[right], heavy, minlength=len(shared))
        matrices = (shared.reshape(a.n, b.n), *whole)
        return tuple(m.astype(np.float32) for m in matrices)  # type: ignore[return-value]


def _share(part: Matrix, whole: Matrix) -> Matrix:
    return np.minimum(part / np.maximum(whole, 1e-6), 1).astype(np.float32)


def _equal(a: Tokens, b: Tokens) -> Flags:
    """Which units are the same words."""
    numbers: dict[bytes, int] = {}
    named = [
        np.array([numbers.setdefault(words.tobytes(), len(numbers)) for words in np.split(side.ids, side.bounds[1:-1])])
        if side.n
        else np.empty(0, np.int64)
        for side in (a, b)
    ]
    return np.asarray(named[0][:, None] == named[1][None, :])


def _same_opening(a: Tokens, b: Tokens) -> Flags:
    """Which units begin with the same paragraph."""
    numbers: dict[bytes, int] = {}
    named = [
        np.array([numbers.setdefault(_opening(side, n), len(numbers)) for n in range(side.n)], np.int64)
        for side in (a, b)
    ]
    return np.asarray(named[0][:, None] == named[1][None, :])


def _opening(side: Tokens, n: int) -> bytes:
    words = side.ids[side.bounds[n] + 1 : side.bounds[n + 1]]
    return words[: int(np.argmax(words == MARK))].tobytes()


def _speakers(ua: Sequence[Unit], ub: Sequence[Unit]) -> Matrix:
    """The share of the labels of two units that both have."""
    names: dict[str, int] = {}
    labels = [
        [{names.setdefault(fold(t.label), len(names)) for t in u.turns if t.label} for u in us] for us in (ua, ub)
    ]
    marked = [np.zeros((len(us), len(names)), np.float32) for us in labels]
    for matrix, us in zip(marked, labels, strict=True):
        for row, some in zip(matrix, us, strict=True):
            row[list(some)] = 1
    common = marked[0] @ marked[1].T
    return _share(common, marked[0].sum(1)[:, None] + marked[1].sum(1)[None, :] - common)
