"""When the silence of a formula is news, and its first use, and that it is used more or less than before.

Time is counted in the occasions that are held, so that holidays and gaps of the record are no silence.  Everything is
for one source and language: ``days`` (n) are the ordinals of its occasions, ascending, several a day if there were
several; formula i of F is used in the occasions ``occasions[indptr[i]:indptr[i + 1]]`` (0 to n - 1, ascending, each
once).

**The test.**  Uses come in bursts: a theme is in the news for weeks.  Ten uses in a fortnight tell little more of how
long a formula can be silent than one.  So uses are not counted, but how many of them are free of each other::

    K = 2 a² / b - 1,    a = Σ (gap - 1),    b = Σ (gap - 1)(gap - 2)

over the gaps between the k uses, kept within 1 and k - 1.  2 a² / b is the intervals estimator of Ferro and Segers
("Inference for clusters of extreme values", J. R. Statist. Soc. B 65, 2003, 545-556; there divided by the number of
gaps): as many as there are gaps where uses are independent at whatever rate, one where a single gap is nearly all
there is.  The 1 is taken off since from few gaps it comes out too high.  Did K independent uses all fall into the T
occasions from the first use to the last, and none into the g after it, ``(T / (T + g)) ** K`` would be the
probability.  That allows for the rate K / T being estimated from K uses, not for its wandering from season to season
(variance ``DRIFT`` relative to its square), nor for the number of bursts being estimated too where there are any (at
most twice the variance).  With both::

    p = (1 + g K / (c T)) ** -c,    1 / c = (2 - K / (k - 1)) / K + DRIFT

which is the former where DRIFT is 0 and K is k - 1.  T is shortened by (K - 1) / 2, as two uses cannot be in one
occasion.

Silences are news where p holds against all formulas tested at once, by Benjamini and Hochberg ("Controlling the false
discovery rate", 1995): of those flagged, at most a share of ``alpha`` is expected to be silent by their rhythm alone.
How far that is true of simulated and of real uses: docs/decisions/0011-when-silence-is-news.md.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Whole = NDArray[np.signedinteger]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ALPHA = 0.05
"""The share of what is flagged that may be so by chance."""
ALONE = 0.01
"""At what p one formula that is tested alone changes: bursts make it 0.04 at most, and 0.11 of 0.05."""
DRIFT = 0.1
"""By how much the rate of a formula wanders: variance relative to its square, about a third up and down."""
REGULAR = 8
"""In how many different weeks a formula must have been used for its silence to be tested."""
ARRIVED = 5
"""In how many different weeks it must have been used for its first use to be tested."""
TRENDS = ("", "new", "rising", "steady", "fading", "dropped")
MANY = 20
"""In how many occasions a formula must have been used to tell whether it is rising or fading."""
FACTOR = 1.5
"""How many times more often, or more rarely, a rising or fading formula must be used than before."""
_YEAR = 365
_PARTS = (3, 12)
"""Into how many blocks the last part of the record is divided to see how much counts scatter."""


class Quiet(msgspec.Struct, frozen=True, eq=False):
    """What is to be said of the quiet of F formulas, at the end of the record or at its beginning.

    ``tested``: used regularly enough on the other side to be tested at all.  ``occasions``: for how many occasions on
    end it is quiet, -1 where it is used on the quiet side of the day asked for.  ``edge``: the occasion of the use next
    to the quiet, -1 where there is none.  ``usual``: the share of the occasions that use it, from its first use to its
    last.  ``needed``: how many occasions on end would be surprising for it alone at the level asked for.  ``p``: how
    probable so long a quiet is by its rhythm (1 where it is not tested or not quiet).  ``flagged``: p holds among all
    tested.
    """

    tested: Flags
    occasions: Ints
    edge: Ints
    usual: Floats
    needed: Ints
    p: Floats
    flagged: Flags


def silences(
    days: Ints, indptr: NDArray[np.int64], occasions: Ints, since: int | None = None, alpha: float = ALPHA
) -> Quiet:
    """Which formulas were dropped: used regularly before the day ``since`` (an ordinal), not on it nor after it.

    None asks for those silent at the end, from whatever day.  The quiet is counted from the last use to the end of the
    record.
    """
    boundary = len(days) if since is None else int(np.searchsorted(days, since))
    return _quiet(_weeks(days), indptr, occasions, boundary, REGULAR, alpha)


def arrivals(
    days: Ints, indptr: NDArray[np.int64], occasions: Ints, since: int | None = None, alpha: float = ALPHA
) -> Quiet:
    """Which formulas are new: not used before the day ``since``, and so often after it that this tells something.

    The same test, time reversed: the quiet is that from the beginning of the record to the first use.
    """
    n, size = len(days), len(occasions)
    boundary = n if since is None else n - int(np.searchsorted(days, since))
    backwards = (n - 1 - occasions[::-1]).astype(np.int32)
    found = _quiet(_weeks(days)[::-1], size - indptr[::-1], backwards, boundary, ARRIVED, alpha)
    edge = np.where(found.edge < 0, -1, n - 1 - found.edge).astype(np.int32)
    found = msgspec.structs.replace(found, edge=edge)
    return Quiet(*(getattr(found, name)[::-1] for name in Quiet.__struct_fields__))


def trends(days: Ints, indptr: NDArray[np.int64], occasions: Ints, alpha: float = ALPHA) -> NDArray[np.str_]:
    """What each formula does as at the end of the record: one of ``TRENDS`` (F), "" where too little is known to tell.

    ``dropped`` and ``new`` are as ``silences`` at the end of the record and ``arrivals`` since the day that begins its
    last year (of a record shorter than two years, its latter half).  ``rising`` and ``fading`` compare the shares of
    the occasions that use it in that last part and in all before it: they differ by ``FACTOR`` or more, and by more
    than bursts explain, among all formulas at a false-discovery rate of ``alpha``; and no such difference from the year
    before says the contrary.  ``steady`` is what differs by less than ``FACTOR`` from all before and from the year
    before.  What differs by more, but not for sure, is not told: "".
    """
    many = np.diff(indptr) >= MANY
    found = np.full(len(indptr) - 1, "", "<U7")
    if len(days) < 2 or not len(occasions):
        return found
    last = max(int(np.searchsorted(days, days[-1] - _YEAR, side="right")), len(days) // 2)
    p, ratio, lately = _change(len(days), indptr, occasions, last)
    moved = _discoveries(p, many, alpha)
    most, least = np.maximum(ratio, lately), np.minimum(ratio, lately)
    found[many & (most < FACTOR) & (least > 1 / FACTOR)] = "steady"
    found[moved & (ratio >= FACTOR) & (least > 1 / FACTOR)] = "rising"
    found[moved & (ratio <= 1 / FACTOR) & (most < FACTOR)] = "fading"
    found[arrivals(days, indptr, occasions, int(days[last]), alpha).flagged] = "new"
    found[silences(days, indptr, occasions, None, alpha).flagged] = "dropped"
    return found


def _weeks(days: Ints) -> Ints:
    """A number for the week of each day; an ordinal of 1 is a Monday."""
    return (days - 1) // 7


def _quiet(weeks: Ints, indptr: NDArray[np.int64], occasions: Ints, boundary: int, least: int, alpha: float) -> Quiet:
    """The quiet at the end, of those not used from the occasion ``boundary`` on."""
    begin = indptr[:-1]
    uses = _between(occasions < boundary, begin, indptr[1:]).astype(np.int64)
    final = begin + np.maximum(uses - 1, 0)
    gaps = np.diff(occasions, append=0).astype(np.float64)
    spread = _between(np.diff(weeks[occasions], append=0) != 0, begin, final) + 1
    a, b = _between(gaps - 1, begin, final), _between((gaps - 1) * (gaps - 2), begin, final)
    edge = np.where(uses > 0, np.append(occasions, -1)[final], -1)
    span = np.where(uses > 0, edge - np.append(occasions, -1)[begin], 0).astype(np.float64)

    most = np.maximum(uses - 1, 1)
    free = np.where(b > 0, np.clip(2 * a * a / np.where(b > 0, b, 1) - 1, 1, most), most)
    power = 1 / ((2 - free / most) / free + DRIFT)
    scale = np.maximum(span - (free - 1) / 2, 1) * power / free
    quiet = np.where((uses > 0) & (uses == np.diff(indptr)), len(weeks) - 1 - edge, -1)
    tested = (uses > 0) & (spread >= least)
    p = np.where(tested & (quiet >= 0), (1 + np.maximum(quiet, 0) / scale) ** -power, 1.0)
    needed = np.minimum(np.ceil(scale * (alpha ** (-1 / power) - 1)), np.iinfo(np.int32).max)
    return Quiet(
        tested=tested,
        occasions=quiet.astype(np.int32),
        edge=edge.astype(np.int32),
        usual=uses / (span + 1),
        needed=needed.astype(np.int32),
        p=p,
        flagged=_discoveries(p, tested, alpha),
    )


def _change(n: int, indptr: NDArray[np.int64], occasions: Ints, last: int) -> tuple[Floats, Floats, Floats]:
    """How probable so different shares before and from the occasion ``last`` on are for bursty uses; how many times the
    share before the share since is; and how many times that of as long a time right before.

    The deviance of two binomial shares from one, divided by how much more the counts of blocks scatter than independent
    uses would (a twelfth of the last part, or a third if that scatters more), is the square of a t, and that is made a
    normal deviate by D. L. Wallace ("Bounds on normal approximations to Student's and the chi-square distributions",
    Ann. Math. Statist. 30, 1959).  Blocks scatter about the mean of their year, counted back from ``last``: about one
    mean of all years a long decline would pass for bursts.
    """
    begin, end = indptr[:-1], indptr[1:]
    sizes = np.array([last, n - last], np.float64)
    recent = _between(occasions >= last, begin, end)
    uses = np.stack([np.diff(indptr) - recent, recent])
    shares, common = uses / sizes[:, None], uses.sum(0) / n
    scatter, degrees = np.ones(len(common)), np.ones(len(common))
    rows = np.repeat(np.arange(len(common)), np.diff(indptr))
    for parts in _PARTS:
        width = max(1, (n - last) // parts)
        block = (np.arange(n) - last) // width
        block -= block[0]
        early = int(block[last])
        whole = max(1, (early + parts - 2) // parts)  # a single block left over is part of the first year
        year = np.clip((block - early) // parts, -whole, 0) + whole
        row, which, count = _counts(rows, block, occasions)
        over = np.bincount(row, count**2 / np.bincount(block)[which], len(common))
        row, which, count = _counts(rows, year, occasions)
        size, more = np.bincount(year)[which], (np.bincount(year[np.diff(block, prepend=-1) > 0]) - 1)[which]
        over -= np.bincount(row, count**2 / size, len(common))
        expected = np.bincount(row, more * (count / size) * (1 - count / size), len(common))
        scatter = np.maximum(scatter, over / np.where(expected > 0, expected, np.inf))
        degrees = np.maximum(np.bincount(row, more, len(common)), 1)
    deviance = 2 * (_relative(uses, shares, common) + _relative(sizes[:, None] - uses, 1 - shares, 1 - common)).sum(0)
    normal = np.sqrt(degrees * np.log1p(deviance / scatter / degrees)) * (8 * degrees + 1) / (8 * degrees + 3)
    p = np.frompyfunc(math.erfc, 1, 1)(normal / math.sqrt(2)).astype(np.float64)
    before = max(0, 2 * last - n)
    lately = _between((occasions >= before) & (occasions < last), begin, end) / (last - before)
    with np.errstate(divide="ignore", invalid="ignore"):
        return p, np.nan_to_num(shares[1] / shares[0], posinf=np.inf), np.nan_to_num(shares[1] / lately, posinf=np.inf)


def _counts(rows: Whole, label: Whole, occasions: Ints) -> tuple[Whole, Whole, Whole]:
    """For every row and label of an occasion that it uses: row, label, how many it uses."""
    start = np.flatnonzero(np.diff(rows * (int(label[-1]) + 1) + label[occasions], prepend=-1))
    return rows[start], label[occasions[start]], np.diff(start, append=len(occasions))


def _relative(uses: Floats, shares: Floats, common: Floats) -> Floats:
    return uses * np.log(np.where(uses > 0, shares, 1) / np.where(uses > 0, common, 1))


def _between(values: NDArray[np.generic], begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.float64]:
    """The sums of ``values[begin:end]``."""
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    found: Floats = sums[end] - sums[begin]
    return found


def _discoveries(p: Floats, tested: Flags, alpha: float) -> Flags:
    """Which of the tested hold at a false-discovery rate of alpha, by Benjamini and Hochberg."""
    ordered = np.sort(p[tested])
    held = ordered <= alpha * np.arange(1, len(ordered) + 1) / max(len(ordered), 1)
    found: Flags = tested & (p <= ordered[held].max(initial=-1.0))
    return found
