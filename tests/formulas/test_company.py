"""The company of a phrase is what counting exchange by exchange gives, and the table of chances is the textbook's."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_concordance import concordance_of, edition_of

from onrecord.formulas import company as module
from onrecord.formulas.company import Exchanges, company
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.formulary import Formulary, mine
from onrecord.formulas.life import Uses
from onrecord.formulas.selection import Filter, Selection
from onrecord.model import Edition

WORDS = ["salt tax now", "the long winter", "iron is iron", "boats may sail", "old stone bridge"]
line = st.tuples(
    st.just("A. "),
    st.sampled_from(["question", "answer", "answer", "statement"]),
    st.sampled_from(["Odile Marsh", "Ann Reed"]),
    st.none(),
    st.integers(1, 3),
    st.lists(st.sampled_from([*WORDS, "salt tax", "so"]), max_size=4).map(" , ".join),
)
drawn = st.lists(st.lists(line, max_size=6), min_size=2, max_size=6)


def editions_of(lines: Sequence[list[tuple]]) -> list[Edition]:  # type: ignore[type-arg]
    return [edition_of(number, ("xa-harbour", number, "en", "So", one)) for number, one in enumerate(lines)]


def name_in(concordance: Concordance, formulary: Formulary):  # type: ignore[no-untyped-def]
    rows = formulary.rows
    return lambda row: concordance.text(int(rows.first[row]), int(rows.first[row] + rows.n[row]))


def kept(concordance: Concordance, phrase: str, filter: Filter, limit: int = 1000) -> dict[str, tuple[int, float]]:
    formulary = mine(concordance, "xa-harbour", "en", 2)
    uses = Uses(Selection(concordance, filter), phrase)
    found = company(
        Exchanges.of(formulary, concordance, concordance.turn_of(formulary.rows.positions)),
        uses,
        name_in(concordance, formulary),
        limit=limit,
    )
    return {one.formula: (one.exchanges, one.lift) for one in found}


def slow(concordance: Concordance, phrase: str, filter: Filter) -> dict[str, tuple[int, float, float]]:
    """The same in any order, with the ratio."""
    selection = Selection(concordance, filter)
    formulary, uses = mine(concordance, "xa-harbour", "en", 2), Uses(selection, phrase)
    turns = concordance.turns
    exchange = [(int(turns.revision[row]), int(turns.exchange[row])) for row in range(len(turns))]
    every = {exchange[row] for row in np.flatnonzero(selection.turns)}
    here = {exchange[row] for row in uses.turn if row >= 0} & every
    found = {}
    for row in range(len(formulary)):
        size = int(formulary.rows.n[row])
        elsewhere, both = set(), set()
        for place in formulary.rows.places(row).tolist():
            where = exchange[int(concordance.turn_of(np.array([place]))[0])]
            elsewhere |= {where} & (every - here)
            if all(place + size < at or at + uses.length < place for at in uses.places.tolist()):
                both |= {where} & here
        a, b, c = len(both), len(here - both), len(elsewhere)
        d = len(every) - a - b - c
        if a >= module._TOGETHER and ratio(a, b, c, d) > module._SURPRISING and a * (a + b + c + d) > (a + b) * (a + c):
            lift = a * len(every) / (len(here) * (a + c))
            found[name_in(concordance, formulary)(row)] = (a, round(lift, 2), ratio(a, b, c, d))
    return found


def ratio(a: int, b: int, c: int, d: int) -> float:
    """Dunning's log-likelihood ratio, written with entropies."""

    def h(*counts: int) -> float:
        return sum(k * log(k / sum(counts)) for k in counts if k)

    return 2 * (h(a, b, c, d) - h(a + b, c + d) - h(a + c, b + d))


@given(lines=drawn, phrase=st.sampled_from(["salt tax", "winter", "iron", "the long winter"]), person=st.booleans())
@settings(max_examples=500, deadline=None)
def test_company_is_what_counting_finds(lines: list, phrase: str, person: bool) -> None:  # type: ignore[type-arg]
    concordance = concordance_of(editions_of(lines))
    filter = Filter(person="Odile Marsh") if person else Filter()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_SURPRISING", 0.01)
        patch.setattr(module, "_akin", lambda one, other: False)
        found, counted = kept(concordance, phrase, filter), slow(concordance, phrase, filter)
    assert found == {formula: (both, lift) for formula, (both, lift, _) in counted.items()}
    ratios = [counted[formula][2] for formula in found]
    assert ratios == pytest.approx(sorted(ratios, reverse=True))


@given(st.integers(1, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 900))
def test_the_ratio_is_the_textbooks(a: int, b: int, c: int, d: int) -> None:
    found, lift = module._surprise(np.array([a]), np.array([c]), a + b, a + b + c + d)
    assert found[0] == pytest.approx(ratio(a, b, c, d), abs=1e-6)
    assert lift[0] == pytest.approx(a * (a + b + c + d) / ((a + b) * (a + c)))


def test_the_ratio_of_the_paper() -> None:
    """The first row of Dunning's table of bigrams: "the swiss" 110, 2442, 111, 29114, ratio 270.72."""
    found, _ = module._surprise(np.array([110]), np.array([111]), 110 + 2442, 110 + 2442 + 111 + 29114)
    assert found[0] == pytest.approx(270.72, abs=0.01)


def briefings() -> list[Edition]:
    """Forty briefings: half speak of the salt tax, all with a stone bridge beside, and of boats apart from it."""
    said = [
        [
            ("Q. ", "question", None, None, 3, "And the salt tax?"),
            (
                "A. ",
                "answer",
                "Odile Marsh",
                None,
                2,
                "We firmly reject the salt tax at last. The old stone bridge stands.",
            ),
        ],
        [
            ("Q. ", "question", None, None, 3, "And the boats?"),
            ("A. ", "answer", "Odile Marsh", None, 2, "All the boats may sail. Anything else is rumour."),
        ],
    ]
    return editions_of([said[number % 2] for number in range(40)])


def test_company_by_example() -> None:
    concordance = concordance_of(briefings())
    found = kept(concordance, "salt tax", Filter())
    assert found == {"old stone bridge stands": (20, 2.0)}, "and not what has the phrase in it"
    assert list(kept(concordance, "old stone bridge", Filter(), limit=1).values()) == [(20, 2.0)]
    assert kept(concordance, "nowhere at all", Filter()) == {}
    assert kept(concordance, "odile", Filter()) == {}, "labels stand in no exchange"


def test_what_is_akin_is_named_once() -> None:
    assert module._akin([1, 2, 3, 4], [2, 3])
    assert module._akin([1, 2, 3, 4], [2, 3, 4, 5])
    assert module._akin([2, 3, 4, 5], [1, 2, 3, 4])
    assert not module._akin([1, 2, 3, 4], [3, 4, 5, 6])
    assert not module._akin([1, 2], [3, 4])
