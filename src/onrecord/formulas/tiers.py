"""How hot a formula ran in a year, in six tiers.

The idea and the words are the China Media Project's.  Since 2016 its discourse scale has ranked the set phrases of the
People's Daily by how many articles of a full year have them, in six grades: 沸, 烫, 热, 暖, 温, 冷
(chinamediaproject.org, "Discourse Climate Report: July 2018"; its reports in English say Tier 1 to Tier 6).  ``NAMES``
are our translation.  Its bounds were drawn for that one newspaper.  Ours are shares, so that they hold for any source
and any size of record: of the year's briefings, how many answer or state with the formula.  Each bound is half the one
above.

    1  boiling    in every second briefing or more (1/2)
    2  scalding   in every fourth (1/4)
    3  hot        in every eighth (1/8)
    4  warm       in every sixteenth (1/16)
    5  lukewarm   in every thirty-second (1/32)
    6  cold       more rarely

A year without a use has no tier, nor has one of which fewer than ``LEAST`` briefings are held.  A tier here and
one there are not the same number: a briefing is much longer than an article, and more phrases stand in it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.model import Tier
from onrecord.formulas.selection import years

NAMES = ("boiling", "scalding", "hot", "warm", "lukewarm", "cold")
"""The tiers from 1 to 6."""
BOUNDS = (1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32)
"""The least share of a year's occasions for the tiers from 1 to 5."""
LEAST = 10
"""Of how many occasions in a year the share begins to mean something."""


def tier(share: float) -> int:
    """The tier, 1 (hottest) to 6, of a formula in that share (above 0, at most 1) of a year's occasions."""
    return 1 + sum(bool(share < bound) for bound in BOUNDS)


def tiers_by_year(days: NDArray[np.int32], used: NDArray[np.int32]) -> tuple[Tier, ...]:
    """The tiers of one formula, in order of years.

    ``days`` are the ordinals of the occasions held, 0 for one without a date; ``used`` the numbers (from 0) of those
    that use it, each once.
    """
    year = years(days)
    held, uses = np.bincount(year), np.bincount(year[used], minlength=1)
    found = []
    for at in np.flatnonzero(uses[1:]).tolist():
        if held[at + 1] >= LEAST:
            number = tier(uses[at + 1] / held[at + 1])
            counts = {"used": int(uses[at + 1]), "held": int(held[at + 1])}
            found.append(Tier(year=f"{at + 1:04}", tier=number, name=NAMES[number - 1], **counts))
    return tuple(found)
