"""Two editions of an occasion aligned: exchanges, their turns, their sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from onrecord.editions.assign import Group, assign
from onrecord.editions.lexical import likeness
from onrecord.editions.likeness import Likeness
from onrecord.editions.units import Unit, units
from onrecord.meaning import Encoder
from onrecord.model import Comparison, Edition, Pair


def compare(a: Edition, b: Edition, encoder: Encoder | Callable[[], Encoder] | None = None) -> Comparison:
    ua, ub = units(a), units(b)
    like = likeness(a, ua, b, ub)
    groups = assign(like, ua, ub)
    matched_a = {i for g, _ in groups for i in g}
    matched_b = {j for _, g in groups for j in g}
    return Comparison(
        a=a.id,
        b=b.id,
        pairs=_lifted(groups, ua, ub, like),
        only_in_a=_only(ua, matched_a),
        only_in_b=_only(ub, matched_b),
    )


def _only(units: Sequence[Unit], matched: set[int]) -> tuple[int, ...]:
    """The exchanges of which no unit is matched."""
    return tuple(sorted({unit.exchange for unit in units} - {units[n].exchange for n in matched}))


def _lifted(groups: Sequence[Group], ua: Sequence[Unit], ub: Sequence[Unit], like: Likeness) -> tuple[Pair, ...]:
    """Groups of units as pairs of exchanges; groups that share an exchange make one pair."""
    merged: list[tuple[set[int], set[int], list[Group]]] = []
    for group in groups:
        one: tuple[set[int], set[int], list[Group]] = (
            {ua[i].exchange for i in group[0]},
            {ub[j].exchange for j in group[1]},
            [group],
        )
        for other in [m for m in merged if m[0] & one[0] or m[1] & one[1]]:
            merged.remove(other)
            one = (one[0] | other[0], one[1] | other[1], other[2] + one[2])
        merged.append(one)
    return tuple(
        Pair(a=tuple(sorted(xa)), b=tuple(sorted(xb)), score=1.0)
        for xa, xb, _ in sorted(merged, key=lambda m: (min(m[0]), min(m[1])))
    )
