"""Parts of the concordance: the tokens of some texts, and their places sorted by token.

A part is never changed; what is added to a record is a further part, and small parts are joined.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.tokens import ROLES, Cut, Cutter, Lexicon
from onrecord.model import Edition


class Part(msgspec.Struct, frozen=True, eq=False):
    """The texts of some revisions.  T tokens, V different ones when it was made, R revisions, S turns.

    ``ids`` (T) and ``marks`` (T) are what ``tokens.Cut`` says; ``order`` (T) are the places sorted by token, those of
    token t from ``starts[t]`` to ``starts[t + 1]``.  ``revisions`` (R) are pks, ``first`` (R + 1) where each begins,
    ``words`` (R) how many words it has.  ``turns`` (10, S): first token, one past the last, row of the revision in this
    part, number, exchange, role, person, outlet, prompt, words.  Places count from the beginning of the part.
    """

    ids: NDArray[np.int32]
    marks: NDArray[np.uint8]
    order: NDArray[np.int32]
    starts: NDArray[np.int64]
    revisions: NDArray[np.int64]
    first: NDArray[np.int64]
    words: NDArray[np.int64]
    turns: NDArray[np.int32]

    def places(self, token: int) -> NDArray[np.int32]:
        """Where a token stands, ascending."""
        if token + 1 >= len(self.starts):
            return self.order[:0]
        return self.order[self.starts[token] : self.starts[token + 1]]

    def frequency(self, tokens: Sequence[int]) -> int:
        """How often these tokens stand in it altogether."""
        known = np.asarray(tokens, np.int64)
        known = known[known + 1 < len(self.starts)]
        return int((self.starts[known + 1] - self.starts[known]).sum())


class PartMaker:
    """Makes a part out of editions."""

    def __init__(self, lexicon: Lexicon, names: Lexicon) -> None:
        """``names`` numbers persons and outlets."""
        self._lexicon, self._names = lexicon, names
        self._cutter = Cutter(lexicon)
        self._pks: list[int] = []
        self._cuts: list[Cut] = []
        self._turns: list[NDArray[np.int32]] = []

    def add(self, pk: int, edition: Edition) -> int:
        """Takes in a revision, whose pk is greater than those before, and returns how many tokens it has."""
        cut = self._cutter.cut(edition)
        rows = []
        prompts: dict[int, int] = {}
        for turn in edition.turns:
            outlet = -1 if turn.outlet is None else self._names.enter(turn.outlet)
            person = -1 if turn.person is None else self._names.enter(turn.person)
            if turn.role == "question" and outlet >= 0:
                prompts[turn.exchange] = outlet
            prompt = prompts.get(turn.exchange, -1)
            rows.append((len(self._pks), turn.n, turn.exchange, ROLES.index(turn.role), person, outlet, prompt))
        counted = np.concatenate([[0], np.cumsum(self._lexicon.is_word[cut.ids])])
        words = counted[cut.spans[:, 1]] - counted[cut.spans[:, 0]]
        table = np.array(rows, np.int32).reshape(-1, 7).T
        self._turns.append(np.concatenate([cut.spans.T, table, words[None].astype(np.int32)]))
        self._pks.append(pk)
        self._cuts.append(cut)
        return len(cut.ids)

    def part(self) -> Part:
        """The part, once all are in."""
        first = np.cumsum([0, *(len(cut.ids) for cut in self._cuts)])
        for begin, turns in zip(first, self._turns, strict=False):
            turns[:2] += begin
        is_word = self._lexicon.is_word
        return _part(
            np.concatenate([np.empty(0, np.int32), *(cut.ids for cut in self._cuts)]),
            np.concatenate([np.empty(0, np.uint8), *(cut.marks for cut in self._cuts)]),
            np.array(self._pks, np.int64),
            first.astype(np.int64),
            np.array([is_word[cut.ids].sum() for cut in self._cuts], np.int64),
            np.concatenate([np.empty((10, 0), np.int32), *self._turns], axis=1),
            len(self._lexicon),
        )


def joined(parts: Sequence[Part], words: int) -> Part:
    """Several parts as one; ``words`` is the size of the lexicon."""
    sizes = np.cumsum([0, *(len(part.ids) for part in parts)])
    rows = np.cumsum([0, *(len(part.revisions) for part in parts)])
    turns = []
    for begin, row, part in zip(sizes, rows, parts, strict=False):
        table = part.turns.astype(np.int32)
        table[:2] += begin
        table[2] += row
        turns.append(table)
    firsts = [part.first[:-1] + begin for begin, part in zip(sizes, parts, strict=False)]
    return _part(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.marks for part in parts]),
        np.concatenate([part.revisions for part in parts]),
        np.concatenate([*firsts, sizes[-1:]]).astype(np.int64),
        np.concatenate([part.words for part in parts]),
        np.concatenate(turns, axis=1),
        words,
    )


def _part(
    ids: NDArray[np.int32],
    marks: NDArray[np.uint8],
    revisions: NDArray[np.int64],
    first: NDArray[np.int64],
    words: NDArray[np.int64],
    turns: NDArray[np.int32],
    size: int,
) -> Part:
    order = np.argsort(ids, kind="stable").astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(np.bincount(ids, minlength=size))]).astype(np.int64)
    return Part(ids, marks, order, starts, revisions, first, words, turns)
