"""Rows of the tables of formulas: which are meant by what is asked, and what the record says of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice, zip_longest
from typing import TypeVar

import msgspec
import numpy as np

from onrecord.errors import BadQuery
from onrecord.formulas.escalation import weeks
from onrecord.formulas.formulary import OCCASIONS
from onrecord.formulas.life import Uses, use
from onrecord.formulas.model import Mined, Template, Week
from onrecord.formulas.rhythm import TRENDS
from onrecord.formulas.selection import Filter, Selection
from onrecord.formulas.templates import templates
from onrecord.reading.countries import code_of
from onrecord.reading.days import day_of_bound
from onrecord.record.listing import Listing, Wanted
from onrecord.record.phrases import Phrases, Progress
from onrecord.record.state import State
from onrecord.store import Store

T = TypeVar("T")

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
    _check(limit, offset, occasions)
    if trend is not None and trend not in TRENDS[1:]:
        raise BadQuery(f"a trend is one of {', '.join(TRENDS[1:])}, not {trend!r}")
    wanted = Wanted(
        occasions=occasions,
        new=None if new is None else day_of_bound(new, last=False),
        dropped=None if dropped is None else day_of_bound(dropped, last=False),
        trend=trend,
    )
    state = phrases.state(progress)
    tables = fitting(state, filter, occasions)
    end = None if limit is None else offset + limit
    if wanted.new is None and wanted.dropped is None:
        every = [_selection(state, one, filter) for one in tables]
        meant = [
            [(at, row) for row in one.rows(wanted, selection)]
            for at, (one, selection) in enumerate(zip(tables, every, strict=True))
        ]
        chosen = list(islice(_in_turn(meant), offset, end))
        told = [
            iter(one.told([row for of, row in chosen if of == at], selection, phrases.store))
            for at, (one, selection) in enumerate(zip(tables, every, strict=True))
        ]
        return [next(told[at]) for at, _ in chosen]
    each = (_told(state, phrases.store, one, wanted, filter) for one in tables)
    return list(islice(_in_turn(each), offset, end))


def _check(limit: int | None, offset: int, occasions: int) -> None:
    if (limit or 0) < 0 or offset < 0 or occasions < 2:
        raise BadQuery("limit and offset count from 0, and what recurs stands in 2 occasions at least")


def _in_turn(tables: Iterable[Iterable[T]]) -> Iterator[T]:
    """The first row of each table, then the second of each, and so on."""
    return (row for rows in zip_longest(*tables) for row in rows if row is not None)


def _selection(state: State, listing: Listing, filter: Filter) -> Selection:
    """What is meant of the source and language of a table."""
    of = listing.formulary
    return state.selection(msgspec.structs.replace(filter, source=of.source, lang=of.lang or filter.lang))


def fitting(state: State, filter: Filter, occasions: int) -> list[Listing]:
    """The tables of the sources and languages that the filter leaves."""
    rows = state.concordance.revisions.rows
    there = {(rows[at].source, rows[at].lang) for at in np.flatnonzero(state.selection(filter).revisions).tolist()}
    return [one for one in state.listings_of(occasions) if (one.formulary.source, one.formulary.lang) in there]


def _told(state: State, store: Store, listing: Listing, wanted: Wanted, filter: Filter) -> Iterator[Mined]:
    """The rows of one table.

    What is new or dropped by the institution's own words is neither if somebody else said it before, or says it still.
    """
    selection = _selection(state, listing, filter)
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
    _check(limit, offset, occasions)
    state = phrases.state(progress)
    concordance, selection = state.concordance, state.selection(filter)
    end = None if limit is None else offset + limit
    each = []
    for listing in fitting(state, filter, OCCASIONS):
        source, lang = listing.formulary.source, listing.formulary.lang
        said = selection.turns & listing.formulary.basis.turns(concordance) & concordance.turns.said
        each.append(templates(concordance, concordance.compact(said), source, lang, occasions, end))
    return list(islice(_in_turn(each), offset, end))


def climbed(phrases: Phrases, filter: Filter, about: str, progress: Progress | None) -> list[Week]:
    """See ``Record.ladder``."""
    state = phrases.state(progress)
    selection = state.selection(filter)
    code = code_of(about)
    if code is None:
        raise BadQuery(f"{about!r} is no country or body that is known: a code such as JP or NATO, or its name")
    of_phrase = cache(lambda phrase: Uses(selection, phrase))
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
            use=use(uses := of_phrase(row.phrase), int(np.searchsorted(uses.places, row.place)), phrases.store),
        )
        for row in weeks(state.concordance, state.rungs, code, selection.turns)
    ]
