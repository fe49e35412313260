"""Questions whose shape depends on what is asked: filters, counts.  Built by SQLAlchemy, run on our own connection."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, select
from sqlalchemy.dialects import sqlite

from onrecord.errors import BadQuery
from onrecord.store.tables import editions, exchanges, occasions, revisions, snapshots, sources, turns

_DIALECT = sqlite.dialect(paramstyle="qmark")
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """Which editions are meant; None leaves a field open.

    ``outlet`` and ``person`` are names as turns resolve to them; an edition fits when some turn does.  ``since`` and
    ``until`` are ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, both included.  ``latest`` leaves earlier revisions out.
    """

    source: str | None = None
    country: str | None = None
    lang: str | None = None
    kind: str | None = None
    outlet: str | None = None
    person: str | None = None
    since: str | None = None
    until: str | None = None
    latest: bool = True


def run(connection: sqlite3.Connection, query: Select[Any]) -> list[Any]:
    """All rows of a query."""
    compiled = query.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    values = [compiled.params[name] for name in compiled.positiontup or ()]
    return connection.execute(str(compiled), values).fetchall()


def revision_pks(connection: sqlite3.Connection, filters: Filters) -> list[int]:
    """The pks of the revisions that fit, by date (undated ones last), then by occasion, edition and revision."""
    query = (
        select(revisions.c.pk)
        .select_from(revisions.join(editions).join(occasions).join(sources))
        .where(*conditions(filters))
        .order_by(
            revisions.c.date.is_(None),
            revisions.c.date,
            occasions.c.source,
            occasions.c.counter,
            occasions.c.id,
            editions.c.id,
            revisions.c.n,
        )
    )
    return [row[0] for row in run(connection, query)]


def history(connection: sqlite3.Connection, edition: str) -> list[dict[str, Any]]:
    """The revisions of an edition from the first, a dict for each.

    Keys: revision, sha256, added, fetched, title, url, date, turns, snapshots (the last two are counts).
    """
    query = (
        select(
            revisions.c.n,
            revisions.c.sha256,
            revisions.c.added,
            revisions.c.fetched,
            revisions.c.title,
            revisions.c.url,
            revisions.c.date,
            revisions.c.turns,
            select(func.count()).where(snapshots.c.revision == revisions.c.pk).scalar_subquery(),
        )
        .select_from(revisions.join(editions))
        .where(editions.c.id == edition)
        .order_by(revisions.c.n)
    )
    names = ("revision", "sha256", "added", "fetched", "title", "url", "date", "turns", "snapshots")
    return [dict(zip(names, row, strict=True)) for row in run(connection, query)]


def stats(connection: sqlite3.Connection) -> dict[str, Any]:
    """Counts of what the record holds.

    ``sources``, ``languages``, ``years`` and ``kinds`` count editions by their latest revision; ``turns``,
    ``exchanges`` and ``characters`` are of latest revisions too, ``revisions`` and ``snapshots`` of all.
    """
    joined = revisions.join(editions).join(occasions)
    latest = revisions.c.n == editions.c.revisions
    (totals,) = run(
        connection,
        select(
            func.count(),
            func.coalesce(func.sum(revisions.c.turns), 0),
            func.coalesce(func.sum(revisions.c.length), 0),
            func.min(revisions.c.date),
            func.max(revisions.c.date),
        )
        .select_from(joined)
        .where(latest),
    )

    def by(column: ColumnElement[Any]) -> dict[str, int]:
        query = select(column, func.count()).select_from(joined).where(latest).group_by(column).order_by(column)
        return {"unknown" if name is None else str(name): count for name, count in run(connection, query)}

    def count(query: Select[Any]) -> int:
        return int(run(connection, query)[0][0])

    groups = exchanges.join(revisions).join(editions)
    return {
        "occasions": count(select(func.count()).select_from(occasions)),
        "editions": totals[0],
        "revisions": count(select(func.count()).select_from(revisions)),
        "snapshots": count(select(func.count()).select_from(snapshots)),
        "exchanges": count(select(func.count()).select_from(groups).where(latest, exchanges.c.n > 0)),
        "turns": totals[1],
        "characters": totals[2],
        "first": totals[3],
        "last": totals[4],
        "sources": by(occasions.c.source),
        "languages": by(editions.c.lang),
        "kinds": by(editions.c.kind),
        "years": by(func.substr(revisions.c.date, 1, 4)),
    }


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """The filters on ``revisions`` joined with ``editions``, ``occasions`` and ``sources``; raises BadQuery."""
    found: list[ColumnElement[bool]] = [] if not filters.latest else [revisions.c.n == editions.c.revisions]
    equal = (
        (filters.source, occasions.c.source),
        (filters.country, sources.c.country),
        (filters.lang, editions.c.lang),
        (filters.kind, editions.c.kind),
    )
    found += [column == value for value, column in equal if value is not None]
    for value, column in ((filters.outlet, turns.c.outlet), (filters.person, turns.c.person)):
        if value is not None:
            found.append(exists(select(literal(1)).where(and_(turns.c.revision == revisions.c.pk, column == value))))
    for value in (filters.since, filters.until):
        if value is not None and not _DAY.fullmatch(value):
            raise BadQuery(f"{value!r} is not a date: write YYYY, YYYY-MM or YYYY-MM-DD")
    if filters.since is not None:
        found.append(revisions.c.date >= filters.since)
    if filters.until is not None:
        # "~" sorts after every digit and hyphen, so that "2023" takes in all of 2023.
        found.append(revisions.c.date <= filters.until + "~")
    return found
