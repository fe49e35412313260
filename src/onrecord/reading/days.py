"""Days as numbers (``date.toordinal``), which can be compared and counted."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from onrecord.errors import BadQuery

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


def day_of(text: str | None) -> int:
    """The number of an edition's day (``date.toordinal``), 0 if it has no date that is one."""
    try:
        return date.fromisoformat(text).toordinal() if text else 0
    except ValueError:
        return 0


def day_of_bound(text: str, *, last: bool) -> int:
    """The number of the first (or ``last``) day of a year, a month or a day; BadQuery for what is none."""
    match = _DATE.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        year, month, day = int(match[1]), int(match[2] or (12 if last else 1)), match[3]
        return date(year, month, int(day) if day else monthrange(year, month)[1] if last else 1).toordinal()
    except ValueError as error:
        raise BadQuery(f"A date is written 2023, 2023-07 or 2023-07-26, not {text!r}.") from error
