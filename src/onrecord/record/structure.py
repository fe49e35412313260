"""Whether the store is at one with itself and with the ledger in what the digests of the editions do not cover.

Those cover every word, turn and heading.  What is left is which revision counts as the latest, which edition an id
means, how turns are grouped, and which bytes a revision was read from.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from onrecord.ids import edition_id, occasion_id
from onrecord.model import Edition
from onrecord.store import Store
from onrecord.store.digests import Digests
from onrecord.store.reading import aliases, current

_NUMBERED = re.compile(r"-([0-9]+)$")


class Names:
    """Which ids are one edition's, by the ledger: editions are moved, and keep the ids they had."""

    def __init__(self) -> None:
        self._moves: list[tuple[int, str, str]] = []
        self._first: dict[str, str] = {}

    def moved(self, n: int, before: str, since: str) -> None:
        """Takes note of ledger entry ``n``: the edition ``before`` has been ``since`` from then on."""
        self._moves.append((n, before, since))
        self._first[since] = self.first(before)

    def first(self, id: str) -> str:
        """The id under which the edition came to the record."""
        return self._first.get(id, id)

    def aliases(self, done: int) -> dict[str, str]:
        """The ids that editions no longer have, with those they have, after ``done`` entries of the ledger."""
        now: dict[str, str] = {}
        ids: dict[str, set[str]] = {}
        for n, before, since in self._moves:
            if n <= done:
                first = self.first(before)
                ids.setdefault(first, {first}).add(since)
                now[first] = since
        return {id: now[first] for first, known in ids.items() for id in known if id != now[first]}


class Rows(msgspec.Struct, frozen=True):
    """One state of the store: ``done`` entries of the ledger taken in, ``faults`` seen at once, the rest by key.

    ``aliases``: an edition's former id -> the one it has.  ``revisions``: pk -> length, turns, digests of text, turns
    and about, time of adding.  ``snapshots``: digest -> edition, revision, ledger entry, time of adding.
    """

    done: int
    faults: list[str]
    aliases: dict[str, str | None]
    revisions: dict[int, tuple[int, int, str, str, str, str]]
    snapshots: dict[str, tuple[str, int, int | None, str]]


def rows(store: Store) -> Rows:
    """Everything that is compared, as it stood at one moment."""

    def ask(db: sqlite3.Connection) -> Rows:
        db.execute("BEGIN")
        try:
            return Rows(
                done=db.execute("SELECT entries FROM ledger").fetchone()[0],
                faults=[*_strangers(db), *_astray(db)],
                aliases=aliases(db),
                revisions={
                    pk: tuple(row)
                    for pk, *row in db.execute(
                        "SELECT pk, length, turns, text_sha256, turns_sha256, about_sha256, added FROM revisions"
                    )
                },
                snapshots={
                    sha256: tuple(row)
                    for sha256, *row in db.execute(
                        "SELECT s.sha256, e.id, r.n, s.entry, s.at FROM snapshots s"
                        " JOIN revisions r ON r.pk = s.revision JOIN editions e ON e.pk = r.edition"
                    )
                },
            )
        finally:
            db.execute("ROLLBACK")

    return store.ask(ask)


def named(store: Store, id: str) -> tuple[int, str]:
    """How many ledger entries the store has taken in, and which edition ``id`` leads to, at one moment."""

    def ask(db: sqlite3.Connection) -> tuple[int, str]:
        db.execute("BEGIN")
        try:
            return db.execute("SELECT entries FROM ledger").fetchone()[0], current(db, id)
        finally:
            db.execute("ROLLBACK")

    return store.ask(ask)


def of_edition(store: Store, rows: Rows, pk: int, edition: Edition, sums: Digests, at: str) -> Iterator[str]:
    """What is wrong with the row of one revision; ``sums`` are its digests now, ``at`` when the ledger says it came."""
    what = f"{edition.id}@{edition.revision}"
    if rows.revisions.get(pk) != (len(edition.text), len(edition.turns), sums.text, sums.turns, sums.about, at):
        yield f"the length, digests or time of {what} are not those of the page"
    groups = [(x.n, len(x.turns), x.turns[0].start, x.turns[-1].end) for x in edition.exchanges]
    question = 'SELECT n, turns, start, "end" FROM exchanges WHERE revision = ? ORDER BY n'
    if store.ask(lambda db: db.execute(question, (pk,)).fetchall()) != sorted(groups):
        yield f"the exchanges of {what} are not those of its turns"


def of_names(rows: Rows, names: Names) -> Iterator[str]:
    """Where the store says otherwise than the ledger what editions were called before they were moved."""
    expected: dict[str, str | None] = dict(names.aliases(rows.done))
    for id in sorted(expected.keys() | rows.aliases.keys()):
        if id not in rows.aliases:
            yield f"lacks the former id {id} of {expected[id]}, which the ledger has"
        elif expected.get(id) != rows.aliases[id]:
            yield f"says that {id} is a former id of {rows.aliases[id]}, which the ledger does not"


def of_name(id: str, meant: str, names: Names, done: int) -> Iterator[str]:
    """Whether one id leads where the ledger says, after ``done`` of its entries; ``meant`` is where it leads."""
    expected = names.aliases(done).get(id, id)
    if meant != expected:
        yield f"says that {id} is {meant}, which by the ledger is {expected}"


def of_snapshots(rows: Rows, notes: Iterable[tuple[int, str, dict[str, Any]]], names: Names) -> Iterator[str]:
    """Where the bytes that the ledger names (number, time and payload of its notes) are said to be others' bytes."""
    left = dict(rows.snapshots)
    wrong: dict[str, str] = {}
    for n, at, note in notes:
        sha256 = note["snapshot"]
        if n > rows.done:
            break
        row = rows.snapshots.get(sha256)
        if row is None:
            wrong[sha256] = f"lacks the snapshot {sha256}, which the ledger has"
        elif (names.first(row[0]), *row[1:]) == (names.first(note["edition"]), note["revision"], n, at):
            left.pop(sha256, None)
    for sha256, (edition, revision, _, _) in left.items():
        wrong[sha256] = f"says that the snapshot {sha256} is {edition}@{revision}, which the ledger does not"
    yield from wrong.values()


def _strangers(db: sqlite3.Connection) -> Iterator[str]:
    from onrecord.store.tables import metadata

    ours = {*metadata.tables, "alembic_version"}
    for kind, name, table in db.execute("SELECT type, name, tbl_name FROM sqlite_master"):
        if (kind not in ("table", "index") or table not in ours) and not name.startswith("sqlite_"):
            yield f"has a {kind} {name}, which is not part of a record"


def _astray(db: sqlite3.Connection) -> Iterator[str]:
    for id, occasion, source, day, counter, lang, kind, revisions, count, last in db.execute(
        "SELECT e.id, o.id, o.source, o.date, o.counter, e.lang, e.kind, e.revisions, count(r.pk), max(r.n)"
        " FROM editions e JOIN occasions o ON o.pk = e.occasion LEFT JOIN revisions r ON r.edition = e.pk GROUP BY e.pk"
    ):
        if not revisions == count == last:
            yield f"says that {id} has {revisions} revisions, and holds {count}"
        number = _NUMBERED.search(id)
        if id != edition_id(occasion, lang, kind) and not (
            number and id == edition_id(occasion, lang, kind, int(number[1]))
        ):
            yield f"says that {id} is of {occasion}, {lang} and {kind}"
        named = occasion_id(source, str(day), counter)
        if occasion != named and not (day is None and occasion.startswith(f"{source}/undated-")):
            yield f"says that {occasion} is {named}"
