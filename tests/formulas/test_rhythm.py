"""When silence is news: the rate of false alarms for uses of several rhythms, and that what was dropped is found."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.formulas.rhythm import ALPHA, ARRIVED, FACTOR, MANY, REGULAR, arrivals, silences, trends

DAY = 730_122  # a Monday
Csr = tuple[np.ndarray, np.ndarray]


def held(n: int) -> np.ndarray:
    """The days of n briefings, five a week."""
    number = np.arange(n)
    return (DAY + number // 5 * 7 + number % 5).astype(np.int32)


def csr(used: np.ndarray) -> Csr:
    """Which occasions are used, from a table of formulas by occasions."""
    row, occasion = np.nonzero(used)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(used)))])
    return indptr, occasion.astype(np.int32)


def of(n: int, *uses: range | list[int]) -> Csr:
    used = np.zeros((len(uses), n), np.bool_)
    for row, occasions in enumerate(uses):
        used[row, list(occasions)] = True
    return csr(used)


def shares(rng: np.random.Generator, size: int) -> np.ndarray:
    """Shares of occasions from one in a hundred to every other."""
    return np.exp(rng.uniform(np.log(0.01), np.log(0.5), size))[:, None]


def steady(rng: np.random.Generator, size: int, n: int) -> np.ndarray:
    return rng.random((size, n)) < shares(rng, size)


def clustered(rng: np.random.Generator, size: int, n: int) -> np.ndarray:
    """Themes that come at random and are talked of for 30 occasions."""
    share, length = shares(rng, size), 30
    themes = np.cumsum(rng.random((size, n + 3 * length)) < rng.uniform(0.3, 3, (size, 1)) * share / length, axis=1)
    themes[:, length:] -= themes[:, :-length].copy()
    chance = 1 - (1 - 0.5 * np.minimum(1, share * 4)) ** themes
    return (rng.random(chance.shape) < chance)[:, 3 * length :]


def seasonal(rng: np.random.Generator, size: int, n: int) -> np.ndarray:
    """A theme of some months of every year of 200 occasions."""
    phase = 2 * np.pi * (np.arange(n) / 200 - rng.random((size, 1)))
    return rng.random((size, n)) < np.minimum(6 * shares(rng, size) * np.clip(np.cos(phase), 0, 1) ** 3, 0.9)


def wandering(rng: np.random.Generator, size: int, n: int) -> np.ndarray:
    """A rate that goes up and down, with a memory of 30 occasions."""
    share, level = shares(rng, size), rng.normal(size=(size, 1))
    levels = []
    for _ in range(n):
        level = 0.97 * level + np.sqrt(1 - 0.97**2) * rng.normal(size=(size, 1))
        levels.append(level)
    return rng.random((size, n)) < np.minimum(0.95, share * np.exp(1.2 * np.hstack(levels) - 0.72))


RHYTHMS = pytest.mark.parametrize("rhythm", [steady, clustered, seasonal, wandering])
Rhythm = Callable[[np.random.Generator, int, int], np.ndarray]


@RHYTHMS
def test_few_false_alarms_whatever_the_rhythm(rhythm: Rhythm) -> None:
    n = 1000
    used = csr(rhythm(np.random.default_rng(4), 4000, n))
    for quiet in (silences(held(n), *used), silences(held(n), *used, since=int(held(n)[700]))):
        assert quiet.tested.sum() > 1500
        # Up to chance: three standard deviations of a share of 0.05 of two thousand.
        assert (quiet.p[quiet.tested] <= ALPHA).mean() <= ALPHA + 0.015
        assert quiet.flagged.sum() <= 0.01 * quiet.tested.sum()


@RHYTHMS
def test_hardly_anything_changes_in_what_does_not(rhythm: Rhythm) -> None:
    n = 1000
    used = csr(rhythm(np.random.default_rng(5), 4000, n))
    found = trends(held(n), *used)
    many = np.diff(used[0]) >= MANY
    assert many.sum() > 1500
    assert np.isin(found[many], ["rising", "fading"]).mean() <= 0.01
    assert np.isin(found, ["new", "dropped"]).mean() <= 0.01


def test_counting_bursts_as_single_uses_would_be_wrong() -> None:
    """What the test is for: as if uses were independent, one silence in three of clustered uses would be an alarm."""
    n = 1000
    used = clustered(np.random.default_rng(4), 2000, n)
    used = used[used.sum(1) >= MANY]
    first, last = used.argmax(1), n - 1 - used[:, ::-1].argmax(1)
    naive = ((last - first) / (n - 1 - first)) ** (used.sum(1) - 1)
    assert (naive <= ALPHA).mean() > 0.3


@pytest.mark.parametrize(("share", "occasions"), [(0.4, 60), (0.2, 120), (0.1, 200)])
def test_what_was_dropped_is_found_soon(share: float, occasions: int) -> None:
    """Among 3,000 formulas whose rhythm goes on."""
    n, rng = 700 + occasions, np.random.default_rng(6)
    dropped = rng.random((50, n)) < share
    dropped[:, 700:] = False
    used = csr(np.concatenate([dropped, steady(rng, 3000, n)]))
    quiet = silences(held(n), *used, since=int(held(n)[700]))
    assert quiet.flagged[:50].mean() >= 0.8
    assert quiet.flagged[50:].sum() <= 3
    # The same the other way round in time.
    backwards = csr(np.concatenate([dropped, steady(rng, 3000, n)])[:, ::-1])
    assert arrivals(held(n), *backwards, since=int(held(n)[occasions])).flagged[:50].mean() >= 0.8


def test_what_is_told_of_one_silence() -> None:
    n = 300
    quiet = silences(held(n), *of(n, range(0, 200, 5), range(0, n, 5), range(0, 200, 5)), since=int(held(n)[250]))
    assert quiet.tested.tolist() == [True] * 3
    assert quiet.occasions.tolist() == [104, -1, 104]
    assert quiet.edge[0] == 195
    assert quiet.usual[0] == pytest.approx(40 / 196)
    assert 10 <= quiet.needed[0] <= 30
    assert quiet.flagged.tolist() == [True, False, True]
    assert quiet.p[1] == 1


def test_bursts_make_a_silence_need_longer() -> None:
    n = 600
    even = range(0, 500, 10)
    bursts = [start + step for start in range(0, 500, 100) for step in range(10)]
    quiet = silences(held(n), *of(n, even, bursts))
    assert quiet.needed[1] > 4 * quiet.needed[0]
    assert quiet.flagged.tolist() == [True, False]


def test_a_single_burst_is_not_regular_use() -> None:
    n = 500
    quiet = silences(held(n), *of(n, range(100, 100 + 5 * (REGULAR - 1)), range(100, 100 + 5 * REGULAR)))
    assert quiet.tested.tolist() == [False, True]
    assert quiet.p[0] == 1


def test_a_record_that_begins_shortly_before_tells_nothing_new() -> None:
    n = 200
    since = int(held(n)[10])
    rare, often = range(20, n, 15), range(10, n, 2)
    assert arrivals(held(n), *of(n, rare, often), since=since).flagged.tolist() == [False, True]
    long = 800
    late = arrivals(held(long), *of(long, range(620, long, 15), range(5, long, 15)), since=int(held(long)[610]))
    assert late.flagged.tolist() == [True, False]
    assert late.edge.tolist()[0] == 620
    assert late.occasions.tolist() == [620, -1]


def test_new_needs_some_weeks() -> None:
    n = 500
    weeks = [400 + 5 * week for week in range(ARRIVED)]
    found = arrivals(held(n), *of(n, weeks, weeks[1:]), since=int(held(n)[399]))
    assert found.tested.tolist() == [True, False]


def test_trends() -> None:
    n, rng = 900, np.random.default_rng(8)
    used = rng.random((6, n)) < 0.1
    used[0, :] |= rng.random(n) < np.where(np.arange(n) < 640, 0, 0.4)
    used[1, 640:] &= rng.random(260) < 0.1
    used[1, :640] |= rng.random(640) < 0.3
    used[2, 700:] = False
    used[3, :700] = False
    used[4, 100:] = False
    used[4, :] = False
    used[4, [3, 400, 800]] = True
    used[5] = rng.random(n) < 0.4
    found = trends(held(n), *csr(used)).tolist()
    assert found == ["rising", "fading", "dropped", "new", "", "steady"]


def test_a_small_change_is_steady_however_sure() -> None:
    n = 3000
    before, after = (np.arange(n) % 10 < 6), (np.arange(n) % 10 < 8)
    assert FACTOR > 8 / 6
    assert trends(held(n), *csr(np.where(np.arange(n) < 2740, before, after)[None])).tolist() == ["steady"]


@pytest.mark.parametrize(
    ("by_year", "trend"),
    [
        ((0.4, 0.12, 0.015, 0.015), "fading"),  # a decline is no burst
        ((0.45, 0.3, 0.15, 0.05), "fading"),
        ((0.2, 0.17, 0.09, 0.02), "fading"),
        ((0.02, 0.06, 0.15, 0.4), "rising"),
        ((0.3, 0.3, 0.3, 0.3), "steady"),
        ((0.05, 0.1, 0.5, 0.25), ""),  # nearly the mean of all years, and half of the last one
    ],
)
def test_changes_over_years_are_told_among_others(by_year: tuple[float, ...], trend: str) -> None:
    """Among 3,000 formulas that do not change; a year has 250 briefings."""
    rng = np.random.default_rng(9)
    shares = np.repeat(by_year, 250)
    used = csr(np.concatenate([rng.random((40, 1000)) < shares, steady(rng, 3000, 1000)]))
    found = trends((DAY + np.arange(1000) * 365 // 250).astype(np.int32), *used)
    told = found[:40]
    opposite, falls = {"fading": "rising", "rising": "fading"}, ["dropped"] if trend == "fading" else []
    assert (told == trend).mean() >= 0.5
    assert np.isin(told, [trend, "", *falls]).mean() >= 0.9
    assert not np.isin(told, [opposite.get(trend, "dropped"), "new"]).any()
    assert (found[40:] == "fading").sum() + (found[40:] == "rising").sum() <= 3


def test_steady_is_told_only_of_what_is_nearly_as_often_as_before() -> None:
    n, rng = 1000, np.random.default_rng(10)
    used = wandering(rng, 2000, n)
    days = (DAY + np.arange(n) * 365 // 250).astype(np.int32)
    found = trends(days, *csr(used))
    last = int(np.searchsorted(days, days[-1] - 365, side="right"))
    steady_ones = used[found == "steady"]
    assert len(steady_ones) > 100
    for before in (steady_ones[:, :last], steady_ones[:, 2 * last - n : last]):
        ratio = steady_ones[:, last:].mean(1) / before.mean(1)
        assert ratio.max() < FACTOR
        assert ratio.min() > 1 / FACTOR


def test_several_occasions_a_day_and_records_of_nothing() -> None:
    empty = np.zeros(4, np.int64), np.empty(0, np.int32)
    assert trends(held(50), *empty).tolist() == [""] * 3
    assert trends(held(0), *empty).tolist() == [""] * 3
    assert trends(held(1), *of(1, [0])).tolist() == [""]
    assert not silences(held(0), *empty).tested.any()
    assert arrivals(held(50), *empty).edge.tolist() == [-1] * 3
    days = np.repeat(held(100), 2)
    quiet = silences(days, *of(200, range(0, 160, 2)), since=int(days[161]))
    assert quiet.occasions.tolist() == [41]
    assert quiet.flagged.all()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sets(st.integers(0, 79)), min_size=1, max_size=6), st.integers(0, 80), st.floats(0.001, 0.2))
def test_every_row_is_judged_by_its_own_uses(rows: list[set[int]], boundary: int, alpha: float) -> None:
    """One at a time or all at once; forwards in time or backwards; and ``needed`` is where p comes to alpha."""
    n = 80
    days = held(n)
    since = int(days[boundary]) if boundary < n else None
    together = silences(days, *of(n, *map(sorted, rows)), since, alpha)
    for row, uses in enumerate(rows):
        alone = silences(days, *of(n, sorted(uses)), since, alpha)
        for column in ("tested", "occasions", "edge", "usual", "needed", "p"):
            assert getattr(alone, column)[0] == pytest.approx(getattr(together, column)[row])
        # Whether a silence reaches what is needed is the same as whether p reaches alpha.
        if alone.tested[0] and alone.occasions[0] >= 0:
            assert (alone.p[0] <= alpha) == (alone.occasions[0] >= alone.needed[0]) == alone.flagged[0]
    quiet = together.occasions >= 0
    expected = [bool(uses) and max(uses) < (boundary if boundary < n else n) for uses in rows]
    assert quiet.tolist() == expected
