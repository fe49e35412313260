"""What else speaks for or against two units being the same, apart from meaning: outlets, names, figures.

None of it proves anything by itself: a translator may leave a name out, name the wrong outlet or none.  A shared name
weighs the more the fewer units have it, since on some days everybody speaks of one country.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from onrecord.editions.figures import figures
from onrecord.editions.likeness import Matrix
from onrecord.editions.named import latin_names, names
from onrecord.editions.units import Unit
from onrecord.model import Edition, Evidence


class Kept(NamedTuple):
    """One kind of evidence between units of a (rows) and units of b (columns).

    ``value`` is from -1 to 1, see the makers; ``shared(i, j)`` lists what both have, as a puts it, the rarest first.
    """

    kind: str
    value: Matrix
    shared: Callable[[int, int], tuple[str, ...]]

    def evidence(self, i: int, j: int) -> Evidence | None:
        """The evidence for one pair, None where there is nothing either way."""
        value = round(float(self.value[i, j]), 3)
        return Evidence(kind=self.kind, value=value, shared=self.shared(i, j)) if value else None


def of_outlets(ua: Sequence[Unit], ub: Sequence[Unit]) -> Kept:
    """1 where both questions are one outlet's, -1 where they are two known outlets', 0 where one is not known."""
    asked = [[{turn.outlet for turn in unit.turns if turn.outlet} for unit in units] for units in (ua, ub)]
    value = np.zeros((len(ua), len(ub)), dtype=np.float32)
    for i, x in enumerate(asked[0]):
        for j, y in enumerate(asked[1]):
            if x and y:
                value[i, j] = 1 if x & y else -1
    return Kept("outlet", value, lambda i, j: tuple(sorted(asked[0][i] & asked[1][j])))


def of_names(a: Edition, ua: Sequence[Unit], b: Edition, ub: Sequence[Unit]) -> Kept:
    """How much two units name in common: 0 for nothing, nearing 1 with every rare name that both have.

    Having none in common speaks against nothing: it was measured, and names are what renderings leave out first.
    """
    found = [[names(_words(e, unit), e.lang) for unit in units] for e, units in ((a, ua), (b, ub))]
    printed = [[latin_names(_words(e, unit)) for unit in units] for e, units in ((a, ua), (b, ub))]
    both = set().union(*printed[0]) & set().union(*printed[1])
    for known, latin in zip(found, printed, strict=True):
        for have, seen in zip(known, latin, strict=True):
            have.update({f"={name}": name for name in seen & both - {shown.casefold() for shown in have.values()}})
    kept = _in_common("names", found[0], found[1])
    return kept._replace(value=np.maximum(kept.value, 0))


def of_figures(a: Edition, ua: Sequence[Unit], b: Edition, ub: Sequence[Unit]) -> Kept:
    """How much numbers and days of the calendar two units have in common; -1 where both have some but no common one."""
    found = [[figures(_words(e, unit), e.lang) for unit in units] for e, units in ((a, ua), (b, ub))]
    return _in_common("numbers", found[0], found[1])


def _words(edition: Edition, unit: Unit) -> str:
    return "\n".join(edition.words(turn) for turn in unit.turns)


def _in_common(kind: str, xs: Sequence[dict[str, str]], ys: Sequence[dict[str, str]]) -> Kept:
    having = Counter(key for one in (*xs, *ys) for key in one)
    every = len(xs) + len(ys) + 2
    # 1 for what only one unit of each side has, nearing 0 for what all have.
    weight = {key: math.log(every / max(n, 2)) / math.log(every / 2) for key, n in having.items()}
    value = np.zeros((len(xs), len(ys)), dtype=np.float32)
    for i, x in enumerate(xs):
        for j, y in enumerate(ys):
            if common := x.keys() & y.keys():
                value[i, j] = 1 - math.exp(-sum(weight[key] for key in common))
            elif x and y:
                value[i, j] = -1

    def shared(i: int, j: int) -> tuple[str, ...]:
        common = xs[i].keys() & ys[j].keys()
        return tuple(xs[i][key] for key in sorted(common, key=lambda key: (-weight[key], key)))

    return Kept(kind, value, shared)
