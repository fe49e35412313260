"""A life by year or month without holes: periods that have no use, and periods that have no text at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from onrecord.formulas.model import Life

By = Literal["year", "month"]


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a year (``2023``) or month (``2023-07``).

    ``words`` were looked through; where they are none, ``per_million`` is None: nothing is on the record.
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


def _between(first: str, last: str) -> Iterator[str]:
    if len(first) == 4:
        yield from (f"{year:04}" for year in range(int(first), int(last) + 1))
        return
    (year, month), (last_year, last_month) = (map(int, name.split("-")) for name in (first, last))
    for at in range(12 * year + month - 1, 12 * last_year + last_month):
        yield f"{at // 12:04}-{at % 12 + 1:02}"
