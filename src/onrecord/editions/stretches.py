"""Cutting two long runs of sentences into stretches, so that the time and memory to align them grow in proportion.

Aligning looks at every sentence of the one with every one of the other.  A turn of a briefing has some dozens; a text
whose speakers nobody marked is one turn of thousands.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import ceil, sqrt

from onrecord.editions.runs import common_runs
from onrecord.editions.sentences import Sentences, size

MOST = 400_000
"""Pairs of sentences that are looked at in one stretch: some 600 by 600, more than the longest real turn has."""
_NEAR = 0.25
"""How far from its even place a cut may be moved to a sentence that both have, as a share of a stretch."""

Stretch = tuple[range, range]
"""Places in the rows and in the columns."""


def stretches(a: Sentences, rows: Sequence[int], b: Sentences, columns: Sequence[int]) -> list[Stretch]:
    """The stretches, in order, that are aligned each by itself; one where that is little enough.

    They are cut before a sentence that both have, in order; where none is near, at one share of the length of both.
    """
    count = ceil(sqrt(len(rows) * len(columns) / MOST))
    if count < 2:
        return [(range(len(rows)), range(len(columns)))]
    texts_a, texts_b = [a.text(i) for i in rows], [b.text(j) for j in columns]
    same = [(i + k, j + k) for i, j, n in common_runs(texts_a, texts_b) for k in range(n)]
    ends_a, ends_b = (list(accumulate(map(size, texts))) for texts in (texts_a, texts_b))
    cuts = [(0, 0)]
    for n in range(1, count):
        even = bisect_left(ends_a, ends_a[-1] * n / count), bisect_left(ends_b, ends_b[-1] * n / count)
        i, j = min(same, key=lambda at: abs(at[0] - even[0]), default=even)
        if abs(i - even[0]) > _NEAR * len(rows) / count:
            i, j = even
        cuts.append((max(i, cuts[-1][0]), max(j, cuts[-1][1])))
    cuts.append((len(rows), len(columns)))
    return [(range(i, i_end), range(j, j_end)) for (i, j), (i_end, j_end) in pairwise(cuts)]
