"""The six tiers: bounds, years without a tier."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from onrecord.formulas.tiers import BOUNDS, LEAST, NAMES, tier, tiers_by_year


def days(*counts: tuple[int, int]) -> np.ndarray:
    """So many occasions in each year, one a day."""
    return np.array(
        [(date(year, 1, 1) + timedelta(n)).toordinal() for year, count in counts for n in range(count)], np.int32
    )


@pytest.mark.parametrize(
    ("share", "number"), [(1, 1), (0.5, 1), (0.49, 2), (0.25, 2), (0.125, 3), (0.1, 4), (0.04, 5), (0.03, 6), (1e-6, 6)]
)
def test_tier_of_a_share(share: float, number: int) -> None:
    assert tier(share) == number


def test_there_are_six_and_each_bound_is_the_last_of_its_tier() -> None:
    assert len(NAMES) == 6
    assert [tier(bound) for bound in BOUNDS] == [1, 2, 3, 4, 5]


def test_years_have_the_tier_of_their_own_share_and_none_where_little_is_held() -> None:
    held = days((2019, 100), (2020, 200), (2021, 40), (2022, LEAST - 1))
    used = np.array([*range(50), 100, *range(300, 310), 340, 341], np.int32)
    found = [(row.year, row.tier, row.name) for row in tiers_by_year(held, used)]
    assert found == [("2019", 1, "boiling"), ("2020", 6, "cold"), ("2021", 2, "scalding")]


def test_no_use_no_tier_and_undated_occasions_count_for_no_year() -> None:
    held = np.concatenate([np.zeros(30, np.int32), days((2020, 20))])
    assert tiers_by_year(held, np.empty(0, np.int32)) == ()
    assert tiers_by_year(np.empty(0, np.int32), np.empty(0, np.int32)) == ()
    assert tiers_by_year(held, np.arange(30, dtype=np.int32)) == ()
    assert [row.tier for row in tiers_by_year(held, np.arange(25, 40, dtype=np.int32))] == [1]
