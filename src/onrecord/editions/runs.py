"""What two sequences have in common, in order: the ground of every difference.

A longest common subsequence, found by rapidfuzz with one bit for each pair of elements.  Where that would be too many
bits, the sequences are first cut at what both have exactly once, so that time and memory stay bounded.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import accumulate, pairwise

from rapidfuzz.distance import LCSseq

Run = tuple[int, int, int]
"""``(i, j, n)``: ``a[i : i + n] == b[j : j + n]``."""

Window = tuple[int, int, int, int]
"""``(start, end, new_start, new_end)``: spans of two texts."""

_AROUND = 4  # words of context left around what differs
_MOST = 120_000_000  # pairs of elements compared at once: two texts of some 11,000 words, 15 MB of bits, 30 ms
_PHRASES = (12, 4)  # lengths in elements of what is looked for that both have once; tried in turn


def common_runs(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Run]:
    """The runs of equal elements that an alignment of ``a`` and ``b`` keeps, in order, none touching the next."""
    found: list[Run] = []
    jobs = [(0, len(a), 0, len(b))]
    cut = False
    while jobs:
        i, i_end, j, j_end = jobs.pop()
        n = _same_ahead(a, i, i_end, b, j, j_end)
        found.append((i, j, n))
        i, j = i + n, j + n
        n = _same_behind(a, i, i_end, b, j, j_end)
        i_end, j_end = i_end - n, j_end - n
        found.append((i_end, j_end, n))
        if i == i_end or j == j_end:
            continue
        if (i_end - i) * (j_end - j) <= _MOST:
            for op in LCSseq.opcodes(a[i:i_end], b[j:j_end]):
                if op.tag == "equal":
                    found.append((i + op.src_start, j + op.dest_start, op.src_end - op.src_start))
            continue
        cuts = [] if cut else _cuts(a, i, i_end, b, j, j_end)
        cut = True  # what is still too long when it was cut once is halved
        edges = [(i, j), *(cuts or [((i + i_end) // 2, (j + j_end) // 2)]), (i_end, j_end)]
        jobs.extend((i, i_end, j, j_end) for (i, j), (i_end, j_end) in pairwise(edges))
    return _joined(sorted(run for run in found if run[2]))


def windows(a: str, b: str) -> list[Window]:
    """The parts of two texts in which they differ, with a few words around, in order; cut at spaces.

    What is outside them is the same, letter for letter, so that only they need to be looked at word by word.
    """
    chunks, new_chunks = a.split(" "), b.split(" ")
    starts = [0, *accumulate(len(chunk) + 1 for chunk in chunks)]
    new_starts = [0, *accumulate(len(chunk) + 1 for chunk in new_chunks)]
    lengths = len(chunks), len(new_chunks)
    found = []
    at, new_at = 0, 0
    for i, j, n in [*common_runs(chunks, new_chunks), (*lengths, 0)]:
        before = 0 if i == j == 0 else _AROUND
        behind = 0 if (i + n, j + n) == lengths else _AROUND
        if 0 < n <= before + behind:
            continue
        i, j, n = (i + before, j + before, n - before) if n else (i, j, n)
        if (i, j) != (at, new_at):
            found.append((starts[at], starts[i] - 1, new_starts[new_at], new_starts[j] - 1))
        at, new_at = i + n - behind, j + n - behind
    return found


def _same_ahead(a: Sequence[Hashable], i: int, i_end: int, b: Sequence[Hashable], j: int, j_end: int) -> int:
    most = min(i_end - i, j_end - j)
    return next((n for n in range(most) if a[i + n] != b[j + n]), most)


def _same_behind(a: Sequence[Hashable], i: int, i_end: int, b: Sequence[Hashable], j: int, j_end: int) -> int:
    most = min(i_end - i, j_end - j)
    return next((n for n in range(most) if a[i_end - 1 - n] != b[j_end - 1 - n]), most)


def _joined(runs: list[Run]) -> list[Run]:
    out: list[Run] = []
    for i, j, n in runs:
        if out and (out[-1][0] + out[-1][2], out[-1][1] + out[-1][2]) == (i, j):
            out[-1] = (out[-1][0], out[-1][1], out[-1][2] + n)
        else:
            out.append((i, j, n))
    return out


def _cuts(
    a: Sequence[Hashable], i: int, i_end: int, b: Sequence[Hashable], j: int, j_end: int
) -> list[tuple[int, int]]:
    """Places where phrases begin that each sequence has once, in an order that both keep; a few hundred at most."""
    for length in _PHRASES:
        in_a = _once(a, i, i_end, length)
        in_b = _once(b, j, j_end, length)
        cuts = _rising([(at, in_b[phrase]) for phrase, at in in_a.items() if phrase in in_b])
        if cuts:
            return cuts[:: len(cuts) // 500 + 1]
    return []


def _once(sequence: Sequence[Hashable], start: int, end: int, length: int) -> dict[Hashable, int]:
    """The phrases of ``length`` elements that occur once, and where; in order."""
    phrases = [tuple(sequence[at : at + length]) for at in range(start, end - length + 1)]
    times = Counter(phrases)
    return {phrase: at for at, phrase in enumerate(phrases, start) if times[phrase] == 1}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs, which rise in the first number, that rises in the second too."""
    lasts: list[int] = []  # the smallest second number in which a rising part of each length ends
    ends: list[int] = []  # the pair it belongs to
    before: list[int] = []
    for n, (_, second) in enumerate(pairs):
        length = bisect_left(lasts, second)
        before.append(ends[length - 1] if length else -1)
        lasts[length : length + 1] = [second]
        ends[length : length + 1] = [n]
    out = []
    n = ends[-1] if ends else -1
    while n >= 0:
        out.append(pairs[n])
        n = before[n]
    return out[::-1]
