"""Candidates: the grams that recur and live on their own, a row for each, in plain arrays.

A gram is a run of tokens inside one sentence.  Everything in a row is said of the gram's own uses and of the tokens
right beside them, so that a row changes only when a text that has the gram comes or goes.  Nothing but the entropies is
a floating-point number, and those are made of whole numbers: a row is the same to the last bit whatever else was mined
with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.arrays import begins, gathered

Counts = NDArray[np.int32]
_COUNTS = ("n", "units", "count", "occasions", "speakers", "years", "asked", "starts", "ends")


class Side(msgspec.Struct, frozen=True, eq=False):
    """What stands beside the uses of each gram, before or behind it; a value for each row.

    A neighbour is a whole word (don't, iron-clad) or a character of a script without spaces.  ``top``: uses beside the
    most frequent one.  ``longer``: occasions that have the gram beside the same neighbour, of the one that has most;
    so many have the longer gram.  ``own``: occasions that have the gram without that neighbour, of the one that leaves
    fewest.  ``edge``: uses at an edge of a sentence or beside punctuation.  ``entropy`` of the neighbours in bits,
    each edge counted as a neighbour of its own.
    """

    top: Counts
    longer: Counts
    own: Counts
    edge: Counts
    entropy: NDArray[np.float32]

    def __getitem__(self, rows: NDArray) -> Side:  # type: ignore[type-arg]
        """The values of some rows, by mask or by number."""
        return Side(*(getattr(self, name)[rows] for name in self.__struct_fields__))


class Candidates(msgspec.Struct, frozen=True, eq=False, dict=True):
    """The grams by first use, the shorter first; every column has a value for each.

    ``tokens`` holds the tokens of all, those of row i from ``token_at[i]`` to ``token_at[i + 1]``; ``positions`` in the
    same way (``place_at``) the places in the concordance of the first token of its uses in answers and statements,
    ascending; of uses that overlap the earlier counts.  ``n`` tokens, ``units`` words and characters of scripts without
    spaces (iron-clad is two).  ``count`` uses in ``occasions`` occasions, by ``speakers`` persons known by name, in
    ``years`` years; ``asked`` more in the questions of the same texts.  ``starts``, ``ends``: uses that begin and end
    where a word does.
    """

    n: Counts
    units: Counts
    count: Counts
    occasions: Counts
    speakers: Counts
    years: Counts
    asked: Counts
    starts: Counts
    ends: Counts
    left: Side
    right: Side
    tokens: NDArray[np.int32]
    positions: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.n)

    @cached_property
    def token_at(self) -> NDArray[np.int64]:
        """Where the tokens of each row begin, and where the last end (rows + 1)."""
        return begins(self.n)

    @cached_property
    def place_at(self) -> NDArray[np.int64]:
        """Where the places of each row begin, and where the last end (rows + 1)."""
        return begins(self.count)

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """The first place of each row."""
        return self.positions[self.place_at[:-1]]

    def gram(self, row: int) -> NDArray[np.int32]:
        """The tokens of a row."""
        at = self.token_at
        return self.tokens[at[row] : at[row + 1]]

    def places(self, row: int) -> NDArray[np.int64]:
        """The places of a row."""
        at = self.place_at
        return self.positions[at[row] : at[row + 1]]

    def __getitem__(self, rows: NDArray) -> Candidates:  # type: ignore[type-arg]
        """Some rows, by mask or by number."""
        columns = {name: getattr(self, name)[rows] for name in (*_COUNTS, "left", "right")}
        tokens, positions = gathered(self.tokens, self.n, rows), gathered(self.positions, self.count, rows)
        return Candidates(**columns, tokens=tokens, positions=positions)

    def arrays(self) -> dict[str, NDArray]:  # type: ignore[type-arg]
        """Everything as arrays by name, from which ``from_arrays`` makes it again."""
        sides = {"left": self.left, "right": self.right}
        columns = {name: getattr(self, name) for name in (*_COUNTS, "tokens", "positions")}
        return columns | {f"{side}_{name}": getattr(sides[side], name) for side in sides for name in _SIDE}

    @staticmethod
    def from_arrays(arrays: Mapping[str, NDArray]) -> Candidates:  # type: ignore[type-arg]
        """The candidates that ``arrays`` was made from; other names in it are left alone."""
        left, right = (Side(*(arrays[f"{side}_{name}"] for name in _SIDE)) for side in ("left", "right"))
        columns = {name: arrays[name] for name in (*_COUNTS, "tokens", "positions")}
        return Candidates(**columns, left=left, right=right)


_SIDE = Side.__struct_fields__
_DTYPES = {"entropy": np.float32, "positions": np.int64}
_EMPTY = [*_COUNTS, *(f"{side}_{name}" for side in ("left", "right") for name in _SIDE), "tokens", "positions"]


def joined(tables: Sequence[Candidates]) -> Candidates:
    """The rows of several tables, which have no gram in common, in their order."""
    columns = [table.arrays() for table in tables]
    empty = {name: np.empty(0, _DTYPES.get(name.rpartition("_")[2], np.int32)) for name in _EMPTY}
    rows = Candidates.from_arrays({name: np.concatenate([e, *(c[name] for c in columns)]) for name, e in empty.items()})
    return rows[np.lexsort((rows.n, rows.first))]
