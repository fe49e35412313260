"""The sentences of an edition, and how near they are to those of another.

By meaning (cosine of vectors, with the names and figures both have) where there is an encoder, and in one language by
words.  Everything is measured so that about 0.45 is where two sentences begin to say the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel

from onrecord.editions.figures import figures
from onrecord.editions.likeness import Matrix
from onrecord.editions.named import names
from onrecord.meaning import Encoder, Vectors
from onrecord.model import Edition
from onrecord.reading.sentences import sentence_spans
from onrecord.reading.words import HAN, UNSPACED_RUN, words

Nearness = Callable[[int, int], Matrix]
"""Given n and m, how near every n neighbouring sentences of a are to every m of b: a matrix of one row for each place

of a at which n begin, and one column for each of b at which m do.
"""

_FACT = 0.05
"""What a shared name or figure adds to a cosine, up to two of them."""
_LENGTH = 0.05
"""What is taken from a cosine for every factor e between the lengths of what is compared."""
_CLAUSE = re.compile(r"[,，、;；:：—–（）()]")
_HAN_RUN = re.compile(f"[{HAN}]+")
_CLAUSE_SIZE = 12
"""Letters of the shortest clause that is looked at by itself."""
TOLD = 0.6
"""Nearness from which on one sentence tells by itself that something was said in two places …"""
TELLING = 40
"""… and the letters it must have for that: "It's a tense situation." is said of everything."""
_UNLIKE = 0.2
"""Share of common words under which two sentences have nothing to do with each other."""
_FEW = 1000
"""Pairs of sentences of which each may be compared."""
_LONG = 4
"""Words from which on a sentence is hardly ever said twice."""


class Remembering:
    """An encoder that encodes a text once, however often it is asked for: editions of an occasion share much."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder, self.name, self.dimensions = encoder, encoder.name, encoder.dimensions
        self._known: dict[str, NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder``."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self.encoder.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else self.encoder.encode(texts)


class Sentences:
    """Every sentence of the spoken turns of an edition, in order; their vectors are computed when first asked for."""

    def __init__(self, edition: Edition, encoder: Encoder | None = None) -> None:
        self.edition = edition
        self.encoder = encoder
        self.spans: list[tuple[int, int]] = []
        self._of_turn: dict[int, range] = {}
        for turn in edition.turns:
            if turn.role != "procedural":
                begin = len(self.spans)
                self.spans += sentence_spans(edition.text, turn.start, turn.end)
                self._of_turn[turn.n] = range(begin, len(self.spans))
        self._vectors: Vectors | None = None
        self._words: dict[int, list[str]] = {}
        self._parts: dict[int, Vectors] = {}
        self._known = np.zeros(len(self.spans), dtype=bool)

    def of_turn(self, n: int) -> range:
        """The sentences of a turn, as indices into ``spans``; none for a procedural turn."""
        return self._of_turn.get(n, range(0))

    def text(self, i: int) -> str:
        """A sentence as printed."""
        start, end = self.spans[i]
        return self.edition.text[start:end]

    def words(self, i: int) -> list[str]:
        """The words of a sentence, one by one."""
        if i not in self._words:
            self._words[i] = words(self.text(i))
        return self._words[i]

    def vectors(self, which: Sequence[int]) -> Vectors:
        """The vectors of these sentences, one row each; only those not asked for before are computed."""
        if self.encoder is None:
            raise ValueError("these sentences have no encoder")
        if self._vectors is None:
            self._vectors = np.zeros((len(self.spans), self.encoder.dimensions), dtype=np.float32)
        wanted = np.asarray(which, dtype=np.intp)
        missing = np.unique(wanted[~self._known[wanted]])
        if len(missing):
            self._vectors[missing] = self.encoder.encode([self.text(int(i)) for i in missing])
            self._known[missing] = True
        rows: Vectors = self._vectors[wanted]
        return rows

    def clauses(self, i: int) -> list[str]:
        """The clauses of a sentence, those too short to say anything left out; none if it has but one."""
        clauses = [clause for clause in _CLAUSE.split(self.text(i)) if size(clause) >= _CLAUSE_SIZE]
        return clauses if len(clauses) > 1 else []

    def parts(self, which: Sequence[int]) -> list[Vectors]:
        """For each of these sentences the vectors of its clauses, and of each two that are neighbours."""
        missing = sorted({*which} - self._parts.keys())
        clauses = [self.clauses(i) for i in missing]
        if self.encoder is None:
            raise ValueError("these sentences have no encoder")
        vectors = self.encoder.encode(list(chain(*clauses)))
        ends = np.cumsum([len(texts) for texts in clauses])
        for i, found in zip(missing, np.split(vectors, ends[:-1]), strict=True) if missing else ():
            self._parts[i] = np.concatenate([found, joined(found, 2)]) if len(found) else found
        return [self._parts[i] for i in which]


def partnership(cosine: Matrix) -> Matrix:
    """How surely two sentences of this cosine say the same, from 0 to 1."""
    sure: Matrix = 1 / (1 + np.exp((0.45 - cosine) * 16))
    return sure


def nearness(a: Sentences, rows: Sequence[int], b: Sentences, columns: Sequence[int]) -> Nearness:
    return (_by_meaning if a.encoder and b.encoder else _by_words)(a, rows, b, columns)


def _by_meaning(a: Sentences, rows: Sequence[int], b: Sentences, columns: Sequence[int]) -> Nearness:
    vectors_a, vectors_b = a.vectors(rows), b.vectors(columns)
    facts_a, facts_b = (
        [_facts(side.text(i), side.edition.lang) for i in which] for side, which in ((a, rows), (b, columns))
    )
    common = np.array([[len(x & y) for y in facts_b] for x in facts_a], dtype=np.float32).reshape(
        len(rows), len(columns)
    )
    bonus = (_FACT * np.minimum(common, 2)).astype(np.float32)
    sizes_a = np.array([size(a.text(i)) for i in rows], dtype=np.float32)
    sizes_b = np.array([size(b.text(j)) for j in columns], dtype=np.float32)

    def near(n: int, m: int) -> Matrix:
        cosine = joined(vectors_a, n) @ joined(vectors_b, m).T
        longer = np.abs(
            np.log(np.convolve(sizes_a, np.ones(n), "valid"))[:, None]
            - np.log(np.convolve(sizes_b, np.ones(m), "valid"))[None, :]
        )
        value: Matrix = cosine + _greatest(bonus, n, m) - _LENGTH * longer
        return value

    return near


def _facts(text: str, lang: str | None) -> frozenset[str]:
    return frozenset((*names(text, lang), *figures(text, lang)))


def joined(vectors: Vectors, size: int) -> Vectors:
    """The vectors of every ``size`` neighbours taken together: their sum, of length 1."""
    count = len(vectors) - size + 1
    total = np.sum([vectors[k : k + count] for k in range(size)], axis=0)
    taken: Vectors = total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-6)
    return taken


def _greatest(value: Matrix, n: int, m: int) -> Matrix:
    """The greatest value in every n by m part of a matrix."""
    height, width = value.shape[0] - n + 1, value.shape[1] - m + 1
    parts = [value[k : k + height, h : h + width] for k in range(n) for h in range(m)]
    greatest: Matrix = np.maximum.reduce(parts)
    return greatest


def _by_words(a: Sentences, rows: Sequence[int], b: Sentences, columns: Sequence[int]) -> Nearness:
    said_a, said_b = [a.words(i) for i in rows], [b.words(j) for j in columns]
    single = np.zeros((len(rows), len(columns)), dtype=np.float32)
    places: dict[tuple[str, ...], list[int]] = {}
    for j, said in enumerate(said_b):
        places.setdefault(tuple(said), []).append(j)
    open_b = set(range(len(columns)))
    open_a = []
    for i, said in enumerate(said_a):
        same = places.get(tuple(said), [])
        single[i, same] = 1
        if same and len(said) >= _LONG:  # whoever says just this says nothing else: no need to compare it any more
            open_b.difference_update(same)
        else:
            open_a.append(i)
    left_a, left_b = np.array(open_a, np.intp), np.array(sorted(open_b), np.intp)
    alike = _may_be_alike([said_a[i] for i in left_a], [said_b[j] for j in left_b])
    for x, y in zip(*np.nonzero(alike), strict=True):
        i, j = left_a[x], left_b[y]
        if not single[i, j]:
            single[i, j] = Indel.normalized_similarity(said_a[i], said_b[j], score_cutoff=_UNLIKE)

    def nearness(n: int, m: int) -> Matrix:
        if n == m == 1:
            return single
        near = _greatest(single, n, m)
        joined = np.zeros_like(near)
        for i, j in zip(*np.nonzero((near > 0.3) & (near < 1)), strict=True):
            joined[i, j] = Indel.normalized_similarity(list(chain(*said_a[i : i + n])), list(chain(*said_b[j : j + m])))
        return joined

    return nearness


def _may_be_alike(xs: Sequence[list[str]], ys: Sequence[list[str]]) -> NDArray[np.bool_]:
    """Which sentences have so many words in common that comparing them in order is worth the time."""
    if len(xs) * len(ys) < _FEW:
        return np.ones((len(xs), len(ys)), dtype=bool)
    places: dict[str, int] = {}
    for word in chain(*xs):
        places.setdefault(word, len(places))
    has_x, has_y = (np.zeros((len(said), len(places)), dtype=np.float32) for said in (xs, ys))
    for has, said in ((has_x, xs), (has_y, ys)):
        for n, one in enumerate(said):
            has[n, [places[word] for word in one if word in places]] = 1
    lengths_x, lengths_y = (np.array([len(one) for one in said], dtype=np.float32) for said in (xs, ys))
    alike: NDArray[np.bool_] = has_x @ has_y.T >= _UNLIKE / 2 * (lengths_x[:, None] + lengths_y)
    return alike


def nearness_of_parts(a: Sentences, of: Sequence[int], b: Sentences, to: Sequence[int]) -> Matrix:
    """How near the clauses of these sentences of a, alone and by twos, are to these sentences of b: a row for each."""
    if a.encoder and b.encoder:
        cosine: Matrix = np.concatenate(a.parts(of)) @ b.vectors(to).T
        return cosine
    said = [b.words(j) for j in to]
    parts: list[list[str]] = []
    for i in of:
        clauses = [words(clause) for clause in a.clauses(i)]
        parts += [*clauses, *(x + y for x, y in pairwise(clauses))]
    near = [[Indel.normalized_similarity(part, one) for one in said] for part in parts]
    return np.array(near, dtype=np.float32).reshape(len(parts), len(to))


def size(text: str) -> int:
    """How much a text says, in letters of an alphabet.

    A Chinese character is counted as four letters and another character of a script written without spaces as two,
    which is what they come to in English in tests/editions/sentences.tsv; Russian, Spanish and French come to as many.
    """
    unspaced = "".join(UNSPACED_RUN.findall(text))
    return len(text) + len(unspaced) + 2 * sum(map(len, _HAN_RUN.findall(unspaced)))
