"""A life in time: by year or month without holes, what of it is whole, and what was asked for.

Periods that have no use are told from those in which no text was looked through.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

import msgspec

from onrecord.formulas.model import Life

By = Literal["year", "month"]

_HOLIDAYS = 15
"""Days at the turn of a year that hold no briefing, in a year that is whole on the record all the same."""
_EARLY = 30
"""Days from the first on the record on which a first use may be no first use."""
_FILTERS = {
    "source": "source {}",
    "country": "country {}",
    "lang": "in {}",
    "kind": "{} editions",
    "person": "said by {}",
    "outlet": "asked by {}",
    "since": "from {}",
    "until": "to {}",
    "revisions": "{} revisions",
}


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a year (``2023``) or month (``2023-07``).

    ``words`` were looked through; where they are none, ``per_million`` is None.
    """

    name: str
    count: int
    words: int
    per_million: float | None


def timeline(life: Life, by: By) -> list[Period]:
    """Every period from the first to the last in which texts were looked through; editions without a date are none."""
    counts = life.by_year if by == "year" else life.by_month
    words, rates = life.denominators.get(f"by_{by}"), life.per_million.get(f"by_{by}")
    assert isinstance(words, dict)
    assert isinstance(rates, dict)
    dated = [name for name in words if name[:4].isdigit()]
    return [
        Period(name=name, count=counts.get(name, 0), words=words.get(name, 0), per_million=rates.get(name))
        for name in (_between(min(dated), max(dated)) if dated else ())
    ]


def undated(life: Life) -> int:
    """How many of the occurrences stand in editions without a date."""
    return sum(count for name, count in life.by_year.items() if not name[:4].isdigit())


def partial(life: Life) -> dict[str, str]:
    """The first and the last year of which only a part was looked through, and which: ``{"2020": "from 09-02"}``."""
    if life.begins is None or life.ends is None:
        return {}
    first, last = date.fromisoformat(life.begins), date.fromisoformat(life.ends)
    parts: dict[str, str] = {}
    if (first - date(first.year, 1, 1)).days >= _HOLIDAYS:
        parts[f"{first.year:04}"] = f"from {first:%m-%d}"
    if (date(last.year, 12, 31) - last).days >= _HOLIDAYS:
        year = f"{last.year:04}"
        parts[year] = " ".join([*([parts[year]] if year in parts else []), f"to {last:%m-%d}"])
    return parts


def span(life: Life) -> str:
    """``2020-09-02 to 2024-04-03``: the first and the last day looked through; empty if none has a date."""
    return f"{life.begins} to {life.ends}" if life.begins and life.ends else ""


def beginning(life: Life) -> str:
    """A sentence where the first use is on the first days looked through, so that it may be none; else empty."""
    if life.first is None or life.first.date is None or life.begins is None:
        return ""
    days = (date.fromisoformat(life.first.date) - date.fromisoformat(life.begins)).days
    if days > _EARLY:
        return ""
    return f"what was looked through begins on {life.begins}: it may be older"


def asked(life: Life, *, but: Sequence[str] = ()) -> str:
    """``said by Wang Wenbin, from 2022-01-01``: the filters in words, ``but`` some; empty if there are none."""
    given = [name for name in _FILTERS if name in life.filters and name not in but]
    return ", ".join(_FILTERS[name].format(life.filters[name]) for name in given)


def _between(first: str, last: str) -> Iterator[str]:
    if len(first) == 4:
        yield from (f"{year:04}" for year in range(int(first), int(last) + 1))
        return
    (year, month), (last_year, last_month) = (map(int, name.split("-")) for name in (first, last))
    for at in range(12 * year + month - 1, 12 * last_year + last_month):
        yield f"{at // 12:04}-{at % 12 + 1:02}"
