"""Which occasion an edition is of, what it is called there, and its moving to another one by hand."""

from __future__ import annotations

import sqlite3

from onrecord.errors import BadId, NotOnRecord
from onrecord.ids import OccasionId, edition_id, occasion_id, parse_occasion
from onrecord.model import Edition
from onrecord.store.reading import current

Home = tuple[int, str]
"""An occasion: the pk of its row and its id."""


def home(db: sqlite3.Connection, edition: Edition, said: OccasionId | None) -> Home:
    """The occasion that a new edition is of, made if it is not there; ``said`` is what was said about it.

    An official text takes the first occasion of its day that has none in its language; other kinds go to the first
    of the day, since nothing on the page tells which one they are of.
    """
    if said is not None and said.source == edition.source:
        return _row(db, said)
    counter = 1
    if edition.date is not None:
        for pk, id, there, taken in db.execute(
            "SELECT o.pk, o.id, o.counter, EXISTS (SELECT 1 FROM editions e WHERE e.occasion = o.pk AND e.kind = ?"
            " AND e.lang IS ?) FROM occasions o WHERE o.source = ? AND o.date = ? ORDER BY o.counter",
            (edition.kind, edition.lang, edition.source, edition.date),
        ).fetchall():
            if not taken or edition.kind != "official":
                return pk, id
            counter = there + 1
    day = edition.date or f"undated-{edition.sha256[:12]}"
    return _row(db, parse_occasion(occasion_id(edition.source, day, counter)))


def new_edition(db: sqlite3.Connection, home: Home, edition: Edition) -> tuple[int, str]:
    """Makes the row of a new edition of that occasion; returns its pk and id."""
    id = _free(db, home, edition.lang, edition.kind)
    pk = db.execute(
        "INSERT INTO editions (id, occasion, lang, kind, revisions) VALUES (?, ?, ?, ?, 1)",
        (id, home[0], edition.lang, edition.kind),
    ).lastrowid
    assert pk is not None
    return pk, id


def move(db: sqlite3.Connection, id: str, occasion: OccasionId) -> tuple[str, str]:
    """Puts an edition into an occasion, which is made if it is not there; returns its id before and since.

    The id it had leads to it for ever, and is given back to it when it comes back.  An occasion that is left empty is
    gone.  Raises NotOnRecord, and BadId where the occasion is another source's.
    """
    row = db.execute(
        "SELECT e.pk, e.id, e.lang, e.kind, o.pk, o.id, o.source FROM editions e JOIN occasions o ON o.pk = e.occasion"
        " WHERE e.id = ?",
        (current(db, id),),
    ).fetchone()
    if row is None:
        raise NotOnRecord(f"{id} is not on the record")
    pk, before, lang, kind, left, left_id, source = row
    if source != occasion.source:
        raise BadId(
            f"{before} cannot be of {occasion.id}, because {source} published it and an occasion has one source"
        )
    if left_id == occasion.id:
        return before, before
    home = _row(db, occasion)
    had = db.execute(
        "SELECT id FROM aliases WHERE edition = ? AND id BETWEEN ? AND ? ORDER BY id",
        (pk, f"{occasion.id}/", f"{occasion.id}/~"),
    ).fetchone()
    since = had[0] if had else _free(db, home, lang, kind)
    db.execute("DELETE FROM aliases WHERE id = ?", (since,))
    db.execute("UPDATE editions SET id = ?, occasion = ? WHERE pk = ?", (since, home[0], pk))
    db.execute("INSERT INTO aliases VALUES (?, ?)", (before, pk))
    db.execute("DELETE FROM occasions WHERE pk = ? AND pk NOT IN (SELECT occasion FROM editions)", (left,))
    return before, since


def _row(db: sqlite3.Connection, occasion: OccasionId) -> Home:
    there = db.execute("SELECT pk FROM occasions WHERE id = ?", (occasion.id,)).fetchone()
    if there:
        return there[0], occasion.id
    pk = db.execute(
        "INSERT INTO occasions (id, source, date, counter) VALUES (?, ?, ?, ?)",
        (occasion.id, occasion.source, occasion.date, occasion.counter),
    ).lastrowid
    assert pk is not None
    return pk, occasion.id


def _free(db: sqlite3.Connection, home: Home, lang: str | None, kind: str) -> str:
    """An id for one more edition of an occasion, which no edition has or has had."""
    (count,) = db.execute(
        "SELECT count(*) FROM editions WHERE occasion = ? AND lang IS ? AND kind = ?", (home[0], lang, kind)
    ).fetchone()
    number = count + 1
    id = edition_id(home[1], lang, kind, number)
    while db.execute(
        "SELECT 1 FROM editions WHERE id = ? UNION ALL SELECT 1 FROM aliases WHERE id = ?", (id, id)
    ).fetchone():
        number += 1  # a kind set by hand may end in a number itself, and who was moved has left a gap
        id = edition_id(home[1], lang, kind, number)
    return id
