"""The sentences of an edition, and which of them say the same as which of another edition's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onrecord.editions.likeness import Matrix
from onrecord.meaning import Encoder, Vectors
from onrecord.model import Edition, Turn, TurnPair
from onrecord.reading.sentences import sentence_spans


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
        self._known = np.zeros(len(self.spans), dtype=bool)

    def of_turn(self, n: int) -> range:
        """The sentences of a turn, as indices into ``spans``; none for a procedural turn."""
        return self._of_turn.get(n, range(0))

    def text(self, i: int) -> str:
        """The words of a sentence."""
        start, end = self.spans[i]
        return self.edition.text[start:end]

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


def pair_turns(a: Sentences, turns_a: Sequence[Turn], b: Sentences, turns_b: Sequence[Turn]) -> tuple[TurnPair, ...]:
    """The turns of one pair of exchanges that say the same, and their sentences."""
    return ()


def partnership(cosine: Matrix) -> Matrix:
    """How surely two sentences of this cosine say the same, from 0 to 1."""
    sure: Matrix = 1 / (1 + np.exp((0.45 - cosine) * 16))
    return sure
