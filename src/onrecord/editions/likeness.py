"""How like each unit of one edition is to each unit of another, whatever it was measured from."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.model import Evidence

Matrix = NDArray[np.float32]
"""One row for each unit of a, one column for each unit of b."""


class Likeness:
    """Three matrices of values between 0 and 1.

    ``score``: how surely unit i of a and unit j of b are (parts of) the same exchange; from 0.5 on more likely than
    not.  ``covered_a``: the share of what i says that j says too; ``covered_b``: the share of what j says that i says
    too.
    """

    def __init__(self, score: Matrix, covered_a: Matrix, covered_b: Matrix) -> None:
        self.score, self.covered_a, self.covered_b = score, covered_a, covered_b

    @property
    def value(self) -> Matrix:
        """What pairing i with j is worth in a chain of pairs; 0 where they are not to be paired in one."""
        return np.where(self.score >= 0.5, self.score * (self.covered_a + self.covered_b), 0).astype(np.float32)

    def beyond(self, pairs: Collection[tuple[int, int]]) -> Likeness:
        """The likeness of what is left of each unit once the words are gone that these pairs account for."""
        return self

    def of(self, a: Sequence[int], b: Sequence[int]) -> float:
        """The likeness of several units to several: the share of the one side that the other says too."""
        if len(a) == len(b) == 1:
            return float(self.score[a[0], b[0]])
        part = np.ix_(a, b)
        return float(
            max(self.covered_a[part].sum(1).clip(max=1).mean(), self.covered_b[part].sum(0).clip(max=1).mean())
        )

    def evidence(self, i: int, j: int) -> tuple[Evidence, ...]:
        """What the likeness of i and j rests on, where that is known."""
        return ()
