"""Rows of the tables of formulas: which are meant by what is asked, and what the record says of each."""

from __future__ import annotations

from itertools import chain, zip_longest

from onrecord.errors import BadQuery
from onrecord.formulas.model import Mined
from onrecord.formulas.rhythm import TRENDS
from onrecord.formulas.selection import Filter
from onrecord.index.filters import day_of_bound
from onrecord.record.listing import Listing, Wanted
from onrecord.record.phrases import Phrases, Progress


def mined(
    phrases: Phrases,
    filter: Filter,
    *,
    new: str | None,
    dropped: str | None,
    trend: str | None,
    occasions: int,
    limit: int,
    offset: int,
    progress: Progress | None,
) -> list[Mined]:
    """See ``Record.formulas``."""
    if limit < 0 or offset < 0 or occasions < 2:
        raise BadQuery("limit and offset count from 0, and what recurs stands in 2 occasions at least")
    if trend is not None and trend not in TRENDS[1:]:
        raise BadQuery(f"a trend is one of {', '.join(TRENDS[1:])}, not {trend!r}")
    wanted = Wanted(
        occasions=occasions,
        new=None if new is None else day_of_bound(new, last=False),
        dropped=None if dropped is None else day_of_bound(dropped, last=False),
        trend=trend,
    )
    listings = fitting(phrases, filter, occasions, progress)
    selection = phrases.selection(filter)
    each = [[(listing, *row) for row in listing.rows(wanted, selection, offset + limit)] for listing in listings]
    ranked = [row for row in chain.from_iterable(zip_longest(*each)) if row is not None][offset : offset + limit]
    told: dict[tuple[int, int], Mined] = {}
    for listing in listings:
        own = [(row, silence) for of, row, silence in ranked if of is listing]
        rows = listing.told(own, selection, phrases.store)
        told |= {(id(listing), row): one for (row, _), one in zip(own, rows, strict=True)}
    return [told[id(listing), row] for listing, row, _ in ranked]


def fitting(phrases: Phrases, filter: Filter, occasions: int, progress: Progress | None) -> list[Listing]:
    """The tables of the sources and languages that the filter leaves."""
    listings = phrases.listings(occasions, progress)
    revisions = phrases.concordance().revisions
    rows = {
        (revisions.rows[at].source, revisions.rows[at].lang) for at in phrases.selection(filter).revisions.nonzero()[0]
    }
    return [one for one in listings if (one.formulary.source, one.formulary.lang) in rows]
