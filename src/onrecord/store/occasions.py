"""Occasions and the editions each one has, for lists and for whatever goes from edition to edition of one briefing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby

import msgspec
from sqlalchemy import func, select

from onrecord.ids import OccasionId
from onrecord.store.queries import Filters, conditions, run
from onrecord.store.tables import editions, exchanges, occasions, revisions, sources


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """An edition in a list, as its latest revision has it; ``exchanges`` does not count announcements."""

    id: str
    lang: str | None
    kind: str
    date: str | None
    title: str | None
    url: str | None
    revisions: int
    exchanges: int
    turns: int


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """One briefing as it was held, and its editions in the order they came."""

    id: str
    source: str
    country: str | None
    date: str | None
    editions: tuple[Listed, ...]


def listing(
    connection: sqlite3.Connection, filters: Filters | None = None, *, one: OccasionId | None = None, least: int = 1
) -> Iterator[Occasion]:
    """The occasions, by date, with all their editions: in one question to the store.

    With ``filters`` those of which some edition fits, with ``one`` that occasion; ``least`` is how many editions an
    occasion must have.
    """
    latest = revisions.join(editions).join(occasions).join(sources)
    count = select(func.count()).where(exchanges.c.revision == revisions.c.pk, exchanges.c.n > 0).scalar_subquery()
    query = (
        select(
            occasions.c.id,
            occasions.c.source,
            sources.c.country,
            occasions.c.date,
            editions.c.id,
            editions.c.lang,
            editions.c.kind,
            revisions.c.date,
            revisions.c.title,
            revisions.c.url,
            editions.c.revisions,
            count,
            revisions.c.turns,
        )
        .select_from(latest)
        .where(revisions.c.n == editions.c.revisions)
        .order_by(
            occasions.c.date.is_(None), occasions.c.date, occasions.c.source, occasions.c.counter, occasions.c.id,
            editions.c.pk,
        )
    )  # fmt: skip
    if one is not None:
        query = query.where(occasions.c.id == one.id)
    if filters is not None:
        query = query.where(
            occasions.c.pk.in_(select(editions.c.occasion).select_from(latest).where(*conditions(filters)))
        )
    if least > 1:
        several = select(editions.c.occasion).group_by(editions.c.occasion).having(func.count() >= least)
        query = query.where(occasions.c.pk.in_(several))
    for (id, source, country, date), rows in groupby(run(connection, query), key=lambda row: row[:4]):
        listed = tuple(Listed(**dict(zip(Listed.__struct_fields__, row[4:], strict=True))) for row in rows)
        yield Occasion(id=id, source=source, country=country, date=date, editions=listed)
