"""Rows of the tables of formulas: which are meant by what is asked, and what the record says of each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice, zip_longest

import msgspec
import numpy as np

from onrecord.errors import BadQuery
from onrecord.formulas.escalation import weeks
from onrecord.formulas.formulary import OCCASIONS
from onrecord.formulas.life import Uses, use
from onrecord.formulas.model import Mined, Template, Week
from onrecord.formulas.rhythm import TRENDS
from onrecord.formulas.selection import Filter
from onrecord.formulas.templates import templates
from onrecord.formulas.tokens import SAID
from onrecord.index.filters import day_of_bound
from onrecord.reading.countries import codes
from onrecord.record.listing import Listing, Wanted
from onrecord.record.phrases import Phrases, Progress
from onrecord.record.state import State
from onrecord.store import Store

_AT_ONCE = 64
"""Rows told at a time: who asks for fifty need not wait for all."""


def mined(
    phrases: Phrases,
    filter: Filter,
    *,
    new: str | None,
    dropped: str | None,
    trend: str | None,
    occasions: int,
    limit: int | None,
    offset: int,
    progress: Progress | None,
) -> list[Mined]:
    """See ``Record.formulas``."""
    if (limit or 0) < 0 or offset < 0 or occasions < 2:
        raise BadQuery("limit and offset count from 0, and what recurs stands in 2 occasions at least")
    if trend is not None and trend not in TRENDS[1:]:
        raise BadQuery(f"a trend is one of {', '.join(TRENDS[1:])}, not {trend!r}")
    wanted = Wanted(
        occasions=occasions,
        new=None if new is None else day_of_bound(new, last=False),
        dropped=None if dropped is None else day_of_bound(dropped, last=False),
        trend=trend,
    )
    state = phrases.state(progress)
    each = (_told(state, phrases.store, one, wanted, filter) for one in fitting(state, filter, occasions))
    rows = chain.from_iterable(zip_longest(*each))
    return list(islice((row for row in rows if row is not None), offset, None if limit is None else offset + limit))


def fitting(state: State, filter: Filter, occasions: int) -> list[Listing]:
    """The tables of the sources and languages that the filter leaves."""
    rows = state.concordance.revisions.rows
    there = {(rows[at].source, rows[at].lang) for at in np.flatnonzero(state.selection(filter).revisions).tolist()}
    return [one for one in state.listings_of(occasions) if (one.formulary.source, one.formulary.lang) in there]


def _told(state: State, store: Store, listing: Listing, wanted: Wanted, filter: Filter) -> Iterator[Mined]:
    """The rows of one table.

    What is new or dropped by the institution's own words is neither if somebody else said it before, or says it still.
    """
    of = listing.formulary
    selection = state.selection(msgspec.structs.replace(filter, source=of.source, lang=of.lang or filter.lang))
    rows = listing.rows(wanted, selection)
    for first in range(0, len(rows), _AT_ONCE):
        for row in listing.told(rows[first : first + _AT_ONCE], selection, store):
            early = wanted.new is not None and row.first is not None and _day(row.first) < wanted.new
            late = wanted.dropped is not None and row.last is not None and _day(row.last) >= wanted.dropped
            if not early and not late:
                yield row


def _day(text: str) -> int:
    return day_of_bound(text, last=False)


def templated(
    phrases: Phrases, filter: Filter, *, occasions: int, limit: int | None, offset: int, progress: Progress | None
) -> list[Template]:
    """See ``Record.templates``."""
    if (limit or 0) < 0 or offset < 0 or occasions < 2:
        raise BadQuery("limit and offset count from 0, and what recurs stands in 2 occasions at least")
    state = phrases.state(progress)
    concordance, selection = state.concordance, state.selection(filter)
    end = None if limit is None else offset + limit
    each = []
    for listing in fitting(state, filter, OCCASIONS):
        source, lang = listing.formulary.source, listing.formulary.lang
        based = np.zeros(len(concordance.revisions), np.bool_)
        based[listing.formulary.basis.rows] = True
        turns = concordance.turns
        said = selection.turns & based[turns.revision] & np.isin(turns.role, SAID)
        each.append(templates(concordance, concordance.compact(said), source, lang, occasions, end))
    rows = chain.from_iterable(zip_longest(*each))
    return [row for row in rows if row is not None][offset:end]


def climbed(phrases: Phrases, filter: Filter, about: str, progress: Progress | None) -> list[Week]:
    """See ``Record.ladder``."""
    state = phrases.state(progress)
    selection = state.selection(filter)
    code = about.upper() if about.upper() in codes() else about
    if code not in codes():
        raise BadQuery(f"{about!r} is no code of a country or body, such as JP or NATO")
    return [
        Week(
            week=row.week,
            from_=row.monday,
            source=row.source,
            about=code,
            rung=row.rung,
            name=row.name,
            formula=row.phrase,
            uses=row.uses,
            use=use(Uses(selection, row.phrase, np.array([row.place])), 0, phrases.store),
        )
        for row in weeks(state.concordance, state.rungs, code, selection.turns)
    ]
