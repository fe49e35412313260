"""Which turns, and in them which sentences, of two editions say the same.

Turns are paired first, then the sentences of the turns that were: in order as far as it goes (``beads``), then those
that one edition put into a clause of another sentence, then those that stand elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from onrecord.editions.assign import Group, chain, groups
from onrecord.editions.beads import Bead, align
from onrecord.editions.likeness import Matrix
from onrecord.editions.sentences import (
    TELLING,
    TOLD,
    Nearness,
    Sentences,
    nearness,
    nearness_of_parts,
    partnership,
    size,
)
from onrecord.editions.stretches import MOST, stretches
from onrecord.model import SentencePair, Turn, TurnPair

_Two = TypeVar("_Two", Bead, Group)
_TURNS = 0.4
"""Share of the lighter of two turns that must have partners in the other for them to be one turn."""
_MOVED = 0.5
"""Likeness from which sentences are partners that do not stand in the same order …"""
_RATHER = 0.1
"""… and by how much it must be greater than with the partners they have so far."""
_PART, _PART_WITH_ROOM = 0.5, 0.28
"""Likeness from which a sentence says what a clause says; less is needed where the length of the whole leaves room."""

_TOO_MANY = 10 * MOST
"""Pairs of sentences from which on turns are not told apart: no exchange of a briefing comes near."""


def pair_turns(a: Sentences, turns_a: Sequence[Turn], b: Sentences, turns_b: Sequence[Turn]) -> tuple[TurnPair, ...]:
    """The turns of one pair of exchanges that say the same, and their sentences; turns that nobody spoke are left out.

    By meaning if both have an encoder, else by words.  In the order of a; what only b has stands where b has it.
    """
    turns_a = [turn for turn in turns_a if a.of_turn(turn.n)]
    turns_b = [turn for turn in turns_b if b.of_turn(turn.n)]
    lengths = [sum(len(side.of_turn(turn.n)) for turn in turns) for side, turns in ((a, turns_a), (b, turns_b))]
    if lengths[0] * lengths[1] > _TOO_MANY:
        return (_turn_pair(a, turns_a, b, turns_b, 0.0),)
    pairs = _turns_of_one_kind(turns_a, turns_b)
    score = np.zeros((len(turns_a), len(turns_b)), dtype=np.float32)
    if not len(pairs) == len(turns_a) == len(turns_b):
        score, told = _turn_scores(a, turns_a, b, turns_b)
        pairs += chain(np.where(score >= _TURNS, score, 0))
        pairs += _answers_to_the_same(turns_a, turns_b, pairs)
        score = np.where(told, np.maximum(score, _TURNS), score)
        for n in range(max(score.shape)):  # what is left over goes to the turn that is nearest
            if n < len(turns_a) and len(turns_b) and n not in {i for i, _ in pairs}:
                pairs += [(n, j) for j in [int(score[n].argmax())] if score[n, j] >= _TURNS]
            if n < len(turns_b) and len(turns_a) and n not in {j for _, j in pairs}:
                pairs += [(i, n) for i in [int(score[:, n].argmax())] if score[i, n] >= _TURNS]
    joined = groups(pairs)
    joined += [((i,), ()) for i in range(len(turns_a)) if i not in {i for i, _ in pairs}]
    joined += [((), (j,)) for j in range(len(turns_b)) if j not in {j for _, j in pairs}]
    found = []
    for xs, ys in _in_order(joined):
        nearest = float(np.max(score[list(xs) or slice(None)][:, list(ys) or slice(None)], initial=0))
        found.append(_turn_pair(a, [turns_a[i] for i in xs], b, [turns_b[j] for j in ys], nearest))
    return tuple(found)


def _turns_of_one_kind(turns_a: Sequence[Turn], turns_b: Sequence[Turn]) -> list[tuple[int, int]]:
    """What is asked once, and answered once, on both sides is the same turn, however freely it was put."""
    pairs = []
    for role in ("question", "answer"):
        (xs, ys) = ([n for n, turn in enumerate(turns) if turn.role == role] for turns in (turns_a, turns_b))
        if len(xs) == len(ys) == 1:
            pairs.append((xs[0], ys[0]))
    return pairs


def _answers_to_the_same(
    turns_a: Sequence[Turn], turns_b: Sequence[Turn], pairs: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The answers behind questions that are the same, where neither has a partner: they are the same, however put."""
    taken_a, taken_b = {i for i, _ in pairs}, {j for _, j in pairs}
    found = []
    for i, j in pairs:
        free = i + 1 < len(turns_a) and j + 1 < len(turns_b) and i + 1 not in taken_a and j + 1 not in taken_b
        if free:
            roles = [turns[n].role for turns, n in ((turns_a, i), (turns_b, j), (turns_a, i + 1), (turns_b, j + 1))]
            if roles == ["question", "question", "answer", "answer"]:
                found.append((i + 1, j + 1))
    return found


def _turn_scores(
    a: Sentences, turns_a: Sequence[Turn], b: Sentences, turns_b: Sequence[Turn]
) -> tuple[Matrix, NDArray[np.bool_]]:
    """For each two turns the share of the one that has partners in the other, the greater one of the two shares.

    And whether there is a sentence in each that is surely the other's: of a long statement one may have been kept.
    """
    score = np.zeros((len(turns_a), len(turns_b)), dtype=np.float32)
    told = np.zeros(score.shape, dtype=bool)
    rows = [i for turn in turns_a for i in a.of_turn(turn.n)]
    columns = [j for turn in turns_b for j in b.of_turn(turn.n)]
    if not rows or not columns:
        return score, told
    near = nearness(a, rows, b, columns)(1, 1)
    if a.encoder and b.encoder:  # several turns may be one in another language, and their sentences its clauses
        near = np.maximum.reduce([near, *_nearest_clauses(a, rows, b, columns)])
    telling = np.multiply.outer(
        *([size(e.text(k)) >= TELLING for k in which] for e, which in ((a, rows), (b, columns)))
    )
    nearest = telling & (near >= TOLD) & (near == near.max(0)) & (near == near.max(1, keepdims=True))
    sure = partnership(near)
    weight_a, weight_b = _lengths(a, rows), _lengths(b, columns)
    ends_a = np.cumsum([0, *(len(a.of_turn(turn.n)) for turn in turns_a)])
    ends_b = np.cumsum([0, *(len(b.of_turn(turn.n)) for turn in turns_b)])
    for i, j in np.ndindex(score.shape):
        x, y = slice(ends_a[i], ends_a[i + 1]), slice(ends_b[j], ends_b[j + 1])
        block = sure[x, y]
        share_a = float(np.average(block.max(1), weights=weight_a[x]))
        share_b = float(np.average(block.max(0), weights=weight_b[y]))
        crossed = {turns_a[i].role, turns_b[j].role} == {"question", "answer"}
        score[i, j] = max(share_a, share_b) * (0.7 if crossed else 1)
        told[i, j] = nearest[x, y].any()
    return score, told


def _lengths(sentences: Sentences, which: Sequence[int]) -> Matrix:
    return np.array([sentences.spans[i][1] - sentences.spans[i][0] for i in which], dtype=np.float32)


def _turn_pair(
    a: Sentences, turns_a: Sequence[Turn], b: Sentences, turns_b: Sequence[Turn], nearest: float
) -> TurnPair:
    """Turns that say the same, with their sentences; ``nearest`` is the score if they have no partner."""
    rows = [i for turn in turns_a for i in a.of_turn(turn.n)]
    columns = [j for turn in turns_b for j in b.of_turn(turn.n)]
    beads = pair_sentences(a, rows, b, columns)
    return TurnPair(
        a=tuple(turn.n for turn in turns_a),
        b=tuple(turn.n for turn in turns_b),
        score=_rounded(_said(a, rows, b, columns, beads) if rows and columns else nearest),
        sentences=tuple(
            SentencePair(
                a=tuple(a.spans[rows[i]] for i in bead.a),
                b=tuple(b.spans[columns[j]] for j in bead.b),
                score=_rounded(bead.likeness),
            )
            for bead in beads
        ),
    )


def _said(a: Sentences, rows: Sequence[int], b: Sentences, columns: Sequence[int], beads: Sequence[Bead]) -> float:
    """How much of the one is said by the other: the likeness of its sentences by length, the greater of the two."""
    pairs = [bead for bead in beads if bead.a and bead.b]
    length_a, length_b = _lengths(a, rows), _lengths(b, columns)
    share_a = sum(bead.likeness * length_a[list(bead.a)].sum() for bead in pairs) / length_a.sum()
    share_b = sum(bead.likeness * length_b[list(bead.b)].sum() for bead in pairs) / length_b.sum()
    return float(max(share_a, share_b))


def _rounded(score: float) -> float:
    return round(min(max(score, 0.0), 1.0), 3)


def pair_sentences(a: Sentences, rows: Sequence[int], b: Sentences, columns: Sequence[int]) -> list[Bead]:
    """Which of these sentences of a and b say the same: beads of places in ``rows`` and ``columns``.

    In the order of a; the likeness of a sentence without partner is that of the nearest one.
    """
    same = 0  # sentences at the beginning that are word for word the same need no comparing
    if not (a.encoder and b.encoder):
        said = [[e.words(i) for i in which] for e, which in ((a, rows), (b, columns))]
        same = next((n for n, (x, y) in enumerate(zip(*said, strict=False)) if x != y), min(map(len, said)))
    found = [Bead((n,), (n,), 1.0) for n in range(same)]
    rows, columns = rows[same:], columns[same:]
    for of_a, of_b in stretches(a, rows, b, columns):
        i, j = same + of_a.start, same + of_b.start
        found += [
            Bead(tuple(i + k for k in x), tuple(j + k for k in y), like)
            for x, y, like in _of_stretch(a, rows[of_a.start : of_a.stop], b, columns[of_b.start : of_b.stop])
        ]
    return found


def _of_stretch(a: Sentences, rows: Sequence[int], b: Sentences, columns: Sequence[int]) -> list[Bead]:
    if not rows or not columns:
        return [*(Bead((i,), (), 0.0) for i in range(len(rows))), *(Bead((), (j,), 0.0) for j in range(len(columns)))]
    near = nearness(a, rows, b, columns)
    single = near(1, 1)
    if a.encoder and b.encoder:
        near = _with_clauses(near, *_nearest_clauses(a, rows, b, columns))
    found = _with_parts(a, rows, b, columns, _moved(align(len(rows), len(columns), near), single))
    for n, bead in enumerate(found):
        if not (bead.a and bead.b):
            nearest = single[list(bead.a)] if bead.a else single[:, list(bead.b)]
            found[n] = bead._replace(likeness=float(nearest.max()))
    return found


def _nearest_clauses(a: Sentences, rows: Sequence[int], b: Sentences, columns: Sequence[int]) -> tuple[Matrix, Matrix]:
    """How near each sentence of b is to the nearest clause of each of a, and each of a to that of each of b."""
    for side, which in ((a, rows), (b, columns)):
        side.parts(which)  # all at once
    of_a = [nearness_of_parts(a, [i], b, columns).max(0, initial=0) for i in rows]
    of_b = [nearness_of_parts(b, [j], a, rows).max(0, initial=0) for j in columns]
    return np.stack(of_a), np.stack(of_b, axis=1)


def _with_clauses(near: Nearness, of_a: Matrix, of_b: Matrix) -> Nearness:
    """One sentence is as near to several as the least near of them is to a clause of it, if that is nearer.

    What a clause says may be lost in the vector of a long sentence.
    """

    def nearer(n: int, m: int) -> Matrix:
        whole = near(n, m)
        if n == 1 < m:
            whole = np.maximum(whole, np.lib.stride_tricks.sliding_window_view(of_a, m, axis=1).min(-1))
        if m == 1 < n:
            whole = np.maximum(whole, np.lib.stride_tricks.sliding_window_view(of_b, n, axis=0).min(-1))
        return whole

    return nearer


def _moved(beads: Sequence[Bead], single: Matrix) -> list[Bead]:
    """The beads once sentences left alone have found a partner that stands elsewhere, be it in a bead of several."""
    beads = list(beads)
    at_a = {i: n for n, bead in enumerate(beads) for i in bead.a}
    at_b = {j: n for n, bead in enumerate(beads) for j in bead.b}
    for i, j in sorted(zip(*np.nonzero(single >= _MOVED), strict=True), key=lambda at: -single[at]):
        x, y = beads[at_a[i]], beads[at_b[j]]
        own_a = single[i, list(x.b)].max() + _RATHER if x.b else 0
        own_b = single[list(y.a), j].max() + _RATHER if y.a else 0
        free = (not x.b or len(x.a) > 1) and (not y.a or len(y.b) > 1) and not (x.b and y.a)
        if free and single[i, j] > max(own_a, own_b):
            beads[at_a[i]] = x._replace(a=tuple(k for k in x.a if k != i))
            beads[at_b[j]] = y._replace(b=tuple(k for k in y.b if k != j))
            at_a[i] = at_b[j] = len(beads)
            beads.append(Bead((int(i),), (int(j),), float(single[i, j])))
    return _in_order([bead for bead in beads if bead.a or bead.b])


def _in_order(found: Sequence[_Two]) -> list[_Two]:
    """In the order of a; what only b has follows what stands before it in b."""
    place = {j: one[0][0] for one in found if one[0] for j in one[1]}

    def key(one: _Two) -> tuple[int, bool, int]:
        if one[0]:
            return one[0][0], False, 0
        before = max((j for j in place if j < one[1][0]), default=None)
        return -1 if before is None else place[before], True, one[1][0]

    return sorted(found, key=key)


def _with_parts(
    a: Sentences, rows: Sequence[int], b: Sentences, columns: Sequence[int], beads: list[Bead]
) -> list[Bead]:
    """The beads once sentences left alone have joined a neighbouring one of which they say a part.

    One language puts into the clauses of one sentence what another puts into several sentences.
    """
    for step in (1, -1):  # forwards, so that several can join the bead before them; then backwards
        done: list[Bead] = []
        last = None  # the place in ``done`` of the last bead of two sides
        for bead in beads[::step]:
            if bead.a and bead.b:
                last = len(done)
            elif last is not None and _belongs(a, rows, b, columns, bead, done[last]):
                whole = done[last]
                done[last] = whole._replace(a=_both(whole.a, bead.a), b=_both(whole.b, bead.b))
                continue
            done.append(bead)
        beads = done[::step]
    return beads


def _both(x: tuple[int, ...], y: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted((*x, *y)))


def _belongs(a: Sentences, rows: Sequence[int], b: Sentences, columns: Sequence[int], lone: Bead, whole: Bead) -> bool:
    """Whether a sentence without partner says what a part of a bead says."""
    at_a, at_b = [rows[i] for i in whole.a], [columns[j] for j in whole.b]
    if lone.b:
        return _says_a_part(b, columns[lone.b[0]], at_b, a, at_a)
    return _says_a_part(a, rows[lone.a[0]], at_a, b, at_b)


def _says_a_part(x: Sentences, said: int, known: Sequence[int], y: Sentences, whole: Sequence[int]) -> bool:
    """Whether a sentence of x says a clause of the ``whole`` of y, and better than its partners so far (``known``)."""
    near = nearness_of_parts(y, whole, x, [said, *known])
    there, here = sum(size(y.text(i)) for i in whole), sum(size(x.text(i)) for i in known)
    room = abs(math.log((here + size(x.text(said))) / there)) < abs(math.log(here / there))
    own = near[:, 0] > near[:, 1:].max(1)
    return bool((near[own, 0] >= (_PART_WITH_ROOM if room else _PART)).any())
