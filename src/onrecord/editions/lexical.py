"""Likeness of units in one language: by the runs of words they share, the rarer the weightier.

A shared run is two or three words, or three or four characters of a script written without spaces.  Its weight is how
rare it is in the two editions (inverse document frequency, Spärck Jones 1972, with units for documents).  What is
measured is containment, as one of two texts is often a shortened one: the weight of the runs that both have, divided
by that of the lighter.  The ends of paragraphs count as words, since texts are shortened at them, and so that "Okay."
as a whole answer is something else than an "okay" in a sentence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from onrecord.editions.evidence import of_outlets
from onrecord.editions.likeness import Likeness, Matrix
from onrecord.editions.tiles import MARK, Flags, Ints, Tile, Tokens, joined, tiles
from onrecord.editions.units import Unit
from onrecord.model import Edition, Evidence
from onrecord.reading.fold import fold
from onrecord.reading.words import UNSPACED_RUN, unspaced_words, words

# The values below were tuned on 972 pages of the White House and of China's foreign ministry, with exchanges removed,
# shortened, reworded and put in another order; 973 others are kept for tests/editions/test_corpus_omissions.py.
LIKE = 0.4
"""Likeness from which two units may be a pair in the chain of those in order.

Of 205,000 pairs of different units of one White House page that say more than a few words, fewer than one in a thousand
are so like each other.
"""
BETTER = 0.7
"""A unit is no link of the chain where its likeness is less than this share of that of a partner elsewhere."""
FEW = 25.0
"""Weight of runs under which a unit says too little to be known by it: "Thank you, Ada." weighs some 15."""
ENOUGH = 12.0
"""Weight of single words from which on they tell something wherever they stand: some four that only one unit has."""
AT_ONCE = 20_000_000
"""Pairs of units with a run in common that are held in memory at most, were every run in every unit of b."""
SHOWN = 5
"""How many of the rarest shared words are given as evidence."""


def likeness(a: Edition, ua: Sequence[Unit], b: Edition, ub: Sequence[Unit]) -> Lexical:
    """How like the units ``ua`` of edition ``a`` are to the units ``ub`` of edition ``b`` in the same language."""
    return Lexical(a, ua, b, ub)


class Lexical(Likeness):
    """See ``Likeness``; which words are accounted for it knows exactly, each counting once."""

    def __init__(self, a: Edition, ua: Sequence[Unit], b: Edition, ub: Sequence[Unit]) -> None:
        vocabulary: dict[str, int] = {}
        self.editions, self.units = (a, b), (ua, ub)
        self.a, self.b = Tokens(a, ua, vocabulary), Tokens(b, ub, vocabulary)
        self.spaced = sum(len(word) > 1 for word in vocabulary) * 2 > len(vocabulary)
        self.sizes = (2, 3) if self.spaced else (3, 4)
        self.rarity = _rarity(self.a, self.b, len(vocabulary) + 1)
        self.outlets = of_outlets(ua, ub)
        shared, score = self._measured()
        super().__init__(score, *self._covered)
        best = np.maximum(score.max(1, initial=0)[:, None], score.max(0, initial=0)[None, :])
        # The right pairs are those that together account for most words; who spoke decides between two exchanges of
        # the same few words.
        worth = shared * score * (1 + 0.05 * _speakers(ua, ub))
        self._value = np.where((score >= LIKE) & (score >= BETTER * best), worth, 0).astype(np.float32)

    @property
    def value(self) -> Matrix:
        """What pairing i with j is worth in a chain of pairs: the weight of what they share."""
        return self._value

    def _measured(self) -> tuple[Matrix, Matrix]:
        """The weight of what two units share, and their likeness."""
        shared, wa, wb = self._shared(asked=False)
        self._covered = _share(shared, wa[:, None]), _share(shared, wb[None, :])
        lighter = np.minimum(wa[:, None], wb[None, :])
        score = np.maximum(*self._covered)
        # A few words stand in many units: they count as part of another only if they open it.
        few = (lighter < FEW) & ~_same(_openings(self.a), _openings(self.b))
        score = np.where(few, np.minimum(*self._covered), score)
        # Who asks the same asks for the same answer, however little is left of it.  Two answers, though, may be alike
        # because both say what is always said.
        asked, qa, qb = self._shared(asked=True)
        lighter = np.minimum(qa[:, None], qb[None, :])
        same = _share(asked, lighter)
        telling = lighter >= FEW
        self.contrary = telling & (same < 0.05)
        score = np.where(telling, np.clip(score, np.where(same >= 0.6, same, 0), 0.3 + 2 * same), score)
        score[_same(_wholes(self.a), _wholes(self.b))] = 1
        return shared, score

    def beyond(self, pairs: Collection[tuple[int, int]]) -> Likeness:
        """What unit i says that j says too in words that no pair accounts for, each word of both counting once.

        Of a unit that is paired already, that is the share of the paragraphs in which these words stand: an exchange
        may have been shortened to one of them and put behind another exchange.  A few common words count only where
        they are whole paragraphs in their place.
        """
        paired = np.zeros(self.score.shape, bool)
        for i, j in pairs:
            paired[i, j] = True
        lone_a, lone_b = ~np.any(paired, axis=1), ~np.any(paired, axis=0)
        free = (np.ones(len(self.a.ids), bool), np.ones(len(self.b.ids), bool))
        known = tiles(self.a, self.b, paired, free, self.sizes[-1])
        found = tiles(self.a, self.b, np.ones_like(paired), free, self.sizes[-1], known)
        rest = [
            np.bincount(side.paragraph, open_ * self.rarity[side.ids])
            for side, open_ in zip((self.a, self.b), free, strict=True)
        ]
        between: dict[tuple[int, int], list[Tile]] = defaultdict(list)
        for tile in (*known, *found):
            between[int(self.a.unit[tile.a]), int(self.b.unit[tile.b])].append(tile)
        score = np.zeros_like(self.score)
        for (i, j), some in between.items():
            both_lone, lone = bool(lone_a[i] and lone_b[j]), bool(lone_a[i] or lone_b[j])
            if paired[i, j] or (both_lone and self.contrary[i, j]):
                continue
            heavy = float(sum(self.rarity[self.a.ids[tile.a : tile.a + tile.size]].sum() for tile in some))
            if both_lone:
                within = [
                    _paragraphs(side, side.bounds[n], side.bounds[n + 1]) for side, n in ((self.a, i), (self.b, j))
                ]
            else:
                within = [
                    np.unique(np.concatenate([_paragraphs(side, at, at + size) for at, size in at_sizes]))
                    for side, at_sizes in (
                        (self.a, [(tile.a, tile.size) for tile in some]),
                        (self.b, [(tile.b, tile.size) for tile in some]),
                    )
                ]
            share = heavy / (heavy + min(float(side[which].sum()) for side, which in zip(rest, within, strict=True)))
            if heavy >= (ENOUGH if lone else 3 * ENOUGH) or (lone and share > 0.9 and all(tile.fits for tile in some)):
                score[i, j] = share
        return Likeness(score, self.covered_a, self.covered_b)

    def evidence(self, i: int, j: int) -> tuple[Evidence, ...]:
        """The share of the words, with the rarest that both have; and whether the outlets that asked agree."""
        said_a, said_b, having = self._said
        rarest = sorted(said_a[i] & said_b[j], key=lambda word: (having[word], -len(word), word))[:SHOWN]
        value = round(float(max(self.covered_a[i, j], self.covered_b[i, j])), 3)
        outlet = self.outlets.evidence(i, j)
        return (Evidence(kind="words", value=value, shared=tuple(rarest)), *((outlet,) if outlet else ()))

    @cached_property
    def _said(self) -> tuple[list[set[str]], list[set[str]], Counter[str]]:
        """The words of each unit as a reader knows them, and how many units have each."""
        said_a, said_b = (
            [{word for turn in unit.turns for word in _read(edition.words(turn), self.spaced)} for unit in units]
            for edition, units in zip(self.editions, self.units, strict=True)
        )
        return said_a, said_b, Counter(word for said in (*said_a, *said_b) for word in said)

    def _shared(self, *, asked: bool) -> tuple[Matrix, Matrix, Matrix]:
        """The weight of the runs that i and j share, and of all that each has (of their questions only if ``asked``).

        A run that stands several times in both counts as often as in the one that has it less often.
        """
        sides = (self.a, self.b)
        shared = np.zeros(self.a.n * self.b.n)
        whole = [np.zeros(side.n) for side in sides]
        for size in self.sizes:
            keys, units = [], []
            for side in sides:
                key, at = side.runs(size)
                chosen = side.asked[at] if asked else slice(None)
                keys.append(key[chosen])
                units.append(side.unit[at[chosen]])
            distinct, terms = np.unique(np.concatenate(keys), return_inverse=True)
            counted = []
            for term, unit, side in zip(np.split(terms, [len(keys[0])]), units, sides, strict=True):
                both, count = np.unique(term * max(side.n, 1) + unit, return_counts=True)
                counted.append((both // max(side.n, 1), both % max(side.n, 1), count))
            having = np.maximum(*(np.bincount(term, minlength=len(distinct)) for term, _, _ in counted))
            rarity = np.log1p(max(self.a.n, self.b.n) / np.maximum(having, 1))
            for n, (term, unit, count) in enumerate(counted):
                whole[n] += np.bincount(unit, rarity[term] * count, minlength=len(whole[n]))
            (term_a, i, count_a), (term_b, j, count_b) = counted
            for some in np.array_split(np.arange(len(term_a)), 1 + len(term_a) * self.b.n // AT_ONCE):
                left, right = joined(term_a[some], term_b)
                left = some[left]
                heavy = np.minimum(count_a[left], count_b[right]) * rarity[term_a[left]]
                shared += np.bincount(i[left] * self.b.n + j[right], heavy, minlength=len(shared))
        matrix = shared.reshape(self.a.n, self.b.n).astype(np.float32)
        return matrix, whole[0].astype(np.float32), whole[1].astype(np.float32)


def _share(part: Matrix, whole: Matrix) -> Matrix:
    return np.minimum(part / np.maximum(whole, 1e-6), 1).astype(np.float32)


def _rarity(a: Tokens, b: Tokens, words: int) -> NDArray[np.float64]:
    """The weight of each word: how few of the units of an edition have it."""
    having = np.ones(words)
    for side in (a, b):
        found = np.unique(side.ids * max(side.n, 1) + side.unit) // max(side.n, 1)
        having = np.maximum(having, np.bincount(found, minlength=words))
    rarity: NDArray[np.float64] = np.log1p(max(a.n, b.n) / having)
    rarity[MARK] = 0.01
    return rarity


def _paragraphs(side: Tokens, start: int, end: int) -> Ints:
    """The paragraphs of which any word is among these tokens."""
    spoken: Flags = side.ids[start:end] != MARK
    found: Ints = np.unique(side.paragraph[start:end][spoken])
    return found


def _wholes(side: Tokens) -> list[bytes]:
    return [side.ids[start:end].tobytes() for start, end in zip(side.bounds, side.bounds[1:], strict=False)]


def _openings(side: Tokens) -> list[bytes]:
    """The first paragraph of each unit."""
    found = []
    for start, end in zip(side.bounds, side.bounds[1:], strict=False):
        said = side.ids[start + 1 : end]
        found.append(said[: int(np.argmax(said == MARK))].tobytes())
    return found


def _same(a: Sequence[bytes], b: Sequence[bytes]) -> Flags:
    """Where the same bytes stand in both."""
    numbers: dict[bytes, int] = {}
    named_a, named_b = (np.array([numbers.setdefault(one, len(numbers)) for one in side], np.int64) for side in (a, b))
    return np.equal.outer(named_a, named_b)


def _speakers(ua: Sequence[Unit], ub: Sequence[Unit]) -> Matrix:
    """The share of the labels of two units that both have."""
    names: dict[str, int] = {}
    labels = [
        [{names.setdefault(fold(t.label), len(names)) for t in u.turns if t.label} for u in us] for us in (ua, ub)
    ]
    marked_a, marked_b = (np.zeros((len(us), len(names)), np.float32) for us in labels)
    for matrix, us in zip((marked_a, marked_b), labels, strict=True):
        for row, some in zip(matrix, us, strict=True):
            row[list(some)] = 1
    common = marked_a @ marked_b.T
    return _share(common, marked_a.sum(1)[:, None] + marked_b.sum(1)[None, :] - common)


def _read(text: str, spaced: bool) -> Iterator[str]:
    """The words of a text as a reader knows them, those of one character left out."""
    if not spaced:
        for run in UNSPACED_RUN.findall(text):
            yield from (word for word in unspaced_words(run) if len(word) > 1)
    yield from (word for word in words(text) if len(word) > 1)
