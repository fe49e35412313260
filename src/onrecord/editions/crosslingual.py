"""Likeness of units across languages, or in one language in other words: by meaning, outlets, names and figures.

Meaning is compared sentence by sentence.  Every sentence is drawn to the units of the other edition by how well they
match it, and to one above all if it matches it better than the others do: topics repeat within a day, so that what
tells a unit from its sisters is not that it is like another but that nothing else is more like it.  Since each sentence
is drawn for itself, an exchange that one edition made of two is recognised as both.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.editions.evidence import Kept, of_figures, of_names, of_outlets
from onrecord.editions.likeness import Likeness, Matrix
from onrecord.editions.sentences import TELLING, TOLD, Sentences, joined, partnership, size
from onrecord.editions.units import Unit
from onrecord.meaning import Vectors
from onrecord.model import Evidence

# How the evidence is weighed, fitted by logistic regression to the pages of tests/editions/renderings/dev, whole and
# with exchanges left out, answers cut short and outlets withheld at random.
_CONSTANT = -8.5
_DRAWN = 9.1  # the share of the one unit that is drawn to the other, in the direction in which it is greater …
_DRAWN_LESS = 6.4  # … and in the other direction
_ASKED = 5.1  # the mean cosine of the sentences of the questions
_OUTLET = 0.75
_NAMES = 1.25
_FIGURES = 1.95
_NO_FIGURE = 1.7  # both give figures, and no common one
_IN_PLACE = 2.0  # both were left over in one place between others; chosen by hand, for want of examples to fit it to

_DRAWN_TO = 0.9
"""How much a sentence must be drawn to a unit of all, to tell by itself that another was joined to it."""
_TEMPERATURE = 0.04
"""Differences of cosine far greater than this decide between units, far smaller ones leave it open."""
_WINDOW = 3
"""A sentence is compared with the clauses of the others, and with up to this many of them taken together:

translators join and part sentences.
"""


class _Windows(NamedTuple):
    """What sentences of the other side are compared with, in the order of units: sentences, neighbours, clauses."""

    vectors: Vectors
    unit: NDArray[np.intp]
    asked: NDArray[np.bool_]


class _Side(NamedTuple):
    """The sentences of an edition's units one after the other; ``unit`` is the place of each one's unit."""

    vectors: Vectors
    unit: NDArray[np.intp]
    asked: NDArray[np.bool_]
    telling: NDArray[np.bool_]  # which are long enough to tell something by themselves
    weight: Matrix  # (units, sentences): how much of its unit each sentence is, by the root of its length
    windows: _Windows


def likeness(a: Sentences, ua: Sequence[Unit], b: Sentences, ub: Sequence[Unit]) -> CrossLingual:
    """How like the units of two editions are; both ``Sentences`` must have the same encoder."""
    kept = (of_outlets(ua, ub), of_names(a.edition, ua, b.edition, ub), of_figures(a.edition, ua, b.edition, ub))
    return CrossLingual(_side(a, ua), _side(b, ub), *kept)


class CrossLingual(Likeness):
    """See ``Likeness``."""

    def __init__(self, a: _Side, b: _Side, outlet: Kept, names: Kept, figures: Kept) -> None:
        self.kept = (outlet, names, figures)
        best_b, best_a = _best(a.vectors, b.windows, len(b.weight)), _best(b.vectors, a.windows, len(a.weight))
        self._told = _Told(a, best_b), _Told(b, best_a)
        self.meaning = (_share(a, best_b) + _share(b, best_a).T) / 2
        drawn_a, drawn_b = _share(a, _drawn(best_b)), _share(b, _drawn(best_a)).T
        logit = (
            _CONSTANT
            + _DRAWN * np.maximum(drawn_a, drawn_b)
            + _DRAWN_LESS * np.minimum(drawn_a, drawn_b)
            + _ASKED * _asked(a, b)
            + _OUTLET * outlet.value
            + _NAMES * names.value
            + _FIGURES * np.maximum(figures.value, 0)
            + _NO_FIGURE * np.minimum(figures.value, 0)
        )
        covered_a, covered_b = _share(a, partnership(best_b)), _share(b, partnership(best_a)).T
        self.logit = logit.astype(np.float32)
        super().__init__(_sigmoid(self.logit), covered_a, covered_b)

    def beyond(self, pairs: Collection[tuple[int, int]]) -> Likeness:
        """See ``Likeness``: two units left over in the same place between pairs are likelier to be the same."""
        return Likeness(
            _sigmoid(self.logit + _IN_PLACE * _in_place(pairs, *self.logit.shape)), self.covered_a, self.covered_b
        )

    def joined(self, pairs: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
        """Units left over that the other edition joined to a neighbour: pairs of each with that neighbour's partner.

        The neighbour is the nearest unit before or behind that is in a pair.  In its partner there is a sentence that
        says what one of the unit left over says and nothing in the neighbour does; or the unit as a whole is likely the
        same, as where a question was put twice.
        """
        found = []
        for told, other, score, known in (
            (*self._told, self.score, pairs),
            (*self._told[::-1], self.score.T, [(j, i) for i, j in pairs]),
        ):
            paired = sorted({i for i, _ in known})
            for i in sorted(set(range(len(score))) - set(paired)):
                for neighbour in set(_around(paired, i)) - {None}:
                    for j in [j for k, j in known if k == neighbour]:
                        beside = [k for k, partner in known if partner == j]
                        if told.of(i, j, ()) and (score[i, j] >= 0.5 or other.of(j, i, beside)):
                            found.append((i, j) if score is self.score else (j, i))
        return sorted(set(found))

    def evidence(self, i: int, j: int) -> tuple[Evidence, ...]:
        """How near i and j are in meaning (mean cosine), and what outlets, names and figures say."""
        meaning = Evidence(kind="meaning", value=round(float(self.meaning[i, j]), 3))
        return (meaning, *filter(None, (kept.evidence(i, j) for kept in self.kept)))


class _Told:
    """Which sentences of the units of one side are told in which units of the other."""

    def __init__(self, side: _Side, best: Matrix) -> None:
        self._unit, self._best = side.unit, best
        self._sure = side.telling[:, None] & (best >= TOLD) & (_drawn(best) >= _DRAWN_TO)

    def of(self, i: int, j: int, beside: Sequence[int]) -> bool:
        """Whether a sentence of unit i is told in unit j of the other side and in no unit ``beside`` it."""
        sure = (self._unit == i) & self._sure[:, j]
        return bool((sure & (partnership(self._best[:, beside]).max(1, initial=0) < 0.5)).any())


def _sigmoid(logit: Matrix) -> Matrix:
    probability: Matrix = (1 / (1 + np.exp(-logit))).astype(np.float32)
    return probability


def _in_place(pairs: Collection[tuple[int, int]], rows: int, columns: int) -> Matrix:
    """1 where i and j are in no pair and the nearest units before and behind that are in one are each other's."""
    found = np.zeros((rows, columns), dtype=np.float32)
    sides = [sorted({pair[side] for pair in pairs}) for side in (0, 1)]
    ends = {(None, None), *pairs}
    for i in set(range(rows)) - set(sides[0]):
        for j in set(range(columns)) - set(sides[1]):
            before, behind = zip(*(_around(side, n) for side, n in zip(sides, (i, j), strict=True)), strict=True)
            found[i, j] = before in ends and behind in ends and before + behind != (None,) * 4
    return found


def _around(paired: list[int], n: int) -> tuple[int | None, int | None]:
    at = bisect(paired, n)
    return (paired[at - 1] if at else None), (paired[at] if at < len(paired) else None)


def _side(sentences: Sentences, units: Sequence[Unit]) -> _Side:
    which: list[int] = []
    of: list[tuple[int, int, bool]] = []
    for place, one in enumerate(units):
        for turn in one.turns:
            found = sentences.of_turn(turn.n)
            which += found
            of += [(place, turn.n, turn.role == "question")] * len(found)
    vectors = sentences.vectors(which)
    unit, turn_of, asked = (np.array([row[k] for row in of], dtype) for k, dtype in enumerate((np.intp, np.intp, bool)))
    weight = np.zeros((len(units), len(which)), dtype=np.float32)
    weight[unit, np.arange(len(which))] = [(sentences.spans[i][1] - sentences.spans[i][0]) ** 0.5 for i in which]
    weight /= np.maximum(weight.sum(1, keepdims=True), 1e-6)
    telling = np.array([size(sentences.text(i)) >= TELLING for i in which], bool)
    return _Side(vectors, unit, asked, telling, weight, _windows(vectors, sentences.parts(which), unit, turn_of, asked))


def _windows(
    vectors: Vectors,
    parts: list[Vectors],
    unit: NDArray[np.intp],
    turn: NDArray[np.intp],
    asked: NDArray[np.bool_],
) -> _Windows:
    found, starts = [vectors, *parts], [np.arange(len(vectors)), np.repeat(np.arange(len(parts)), [*map(len, parts)])]
    for count in range(2, min(_WINDOW, len(vectors)) + 1):
        inside = turn[: 1 - count] == turn[count - 1 :]
        found.append(joined(vectors, count)[inside])
        starts.append(np.flatnonzero(inside))
    start = np.concatenate(starts)
    order = np.argsort(start, kind="stable")
    return _Windows(np.concatenate(found)[order], unit[start[order]], asked[start[order]])


def _best(vectors: Vectors, windows: _Windows, units: int) -> Matrix:
    """For each sentence (row) the greatest cosine in each unit of the other side; 0 for a unit without sentences."""
    best = np.zeros((len(vectors), units), dtype=np.float32)
    if len(vectors) and len(windows.unit):
        starts = np.flatnonzero(np.diff(windows.unit, prepend=-1))
        cosine = np.maximum(vectors @ windows.vectors.T, 0)
        best[:, windows.unit[starts]] = np.maximum.reduceat(cosine, starts, axis=1)
    return best


def _share(side: _Side, of: Matrix) -> Matrix:
    """The mean over the sentences of each unit, by their weight."""
    mean: Matrix = side.weight @ of
    return mean


def _drawn(best: Matrix) -> Matrix:
    """How much each sentence is drawn to each unit: at most 1 in sum, less where even the best is no partner."""
    power = np.exp((best - best.max(1, keepdims=True, initial=0)) / _TEMPERATURE)
    drawn: Matrix = power / power.sum(1, keepdims=True) * partnership(best)
    return drawn


def _asked(a: _Side, b: _Side) -> Matrix:
    """How near the questions are, in the direction in which they are nearer; 0 where one side asks nothing."""
    mean_a, mean_b = (_of_questions(x, y) for x, y in ((a, b), (b, a)))
    return np.maximum(mean_a, mean_b.T)


def _of_questions(side: _Side, other: _Side) -> Matrix:
    asked, windows = side.asked, other.windows
    questions = _Windows(windows.vectors[windows.asked], windows.unit[windows.asked], windows.asked[windows.asked])
    weight = side.weight[:, asked]
    mean = weight @ _best(side.vectors[asked], questions, len(other.weight))
    nearness: Matrix = mean / np.maximum(weight.sum(1, keepdims=True), 1e-6)
    return nearness
