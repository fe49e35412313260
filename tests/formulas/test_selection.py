"""Which occasions count as held: all that are looked through, or those in which somebody spoke or asked."""

from __future__ import annotations

from datetime import date

import numpy as np
from westisle import concordance_of

from onrecord.formulas.concordance import Concordance
from onrecord.formulas.selection import Filter, Selection
from onrecord.formulas.tiers import tiers_by_year
from onrecord.model import Edition, Turn

FIRST = date(2031, 1, 6).toordinal()


def briefed(*speakers: tuple[str, str]) -> Concordance:
    """One briefing a day: a question of an outlet, an answer of a person."""
    made = []
    for number, (person, outlet) in enumerate(speakers):
        day = str(date.fromordinal(FIRST + number))
        text = "What of it?\nWe sail on."
        turns = (
            Turn(n=1, exchange=1, role="question", start=0, end=11, outlet=outlet),
            Turn(n=2, exchange=1, role="answer", start=12, end=23, person=person),
        )
        made.append(
            Edition(
                id=f"xv-mfa/{day}/en", occasion=f"xv-mfa/{day}", source="xv-mfa", country="XV", date=day, lang="en",
                kind="official", sha256="0" * 64, text=text, turns=turns,
            )
        )  # fmt: skip
    return concordance_of(made)


def held(made: Concordance, filter: Filter) -> list[int]:
    days, numbers = Selection(made, filter).held
    assert sorted(numbers[numbers >= 0]) == list(range(len(days)))
    return [int(day) - FIRST for day in days]


def test_occasions_are_those_in_which_the_person_spoke_or_the_outlet_asked() -> None:
    made = briefed(("Ann", "Post"), ("Bob", "Post"), ("Ann", "Wire"), ("Bob", "Wire"))
    assert held(made, Filter()) == [0, 1, 2, 3]
    assert held(made, Filter(person="Ann")) == [0, 2]
    assert held(made, Filter(outlet="Wire")) == [2, 3]
    assert held(made, Filter(person="Ann", outlet="Wire")) == [2]
    assert held(made, Filter(person="Ann", since=FIRST + 1)) == [2]
    assert held(made, Filter(person="Nobody")) == []


def test_a_tier_is_of_the_briefings_that_the_person_gave() -> None:
    made = briefed(*[("Ann", "Post")] * 10, *[("Bob", "Post")] * 90)
    days, numbers = Selection(made, Filter(person="Ann")).held
    used = numbers[made.revisions.occasion[:5]]
    assert [row.tier for row in tiers_by_year(days, used)] == [1]
    every, numbers = Selection(made, Filter()).held
    assert [row.tier for row in tiers_by_year(every, np.sort(numbers[made.revisions.occasion[:5]]))] == [5]
