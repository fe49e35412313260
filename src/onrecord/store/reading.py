"""What is asked of the store for every page shown and every hit listed, over the standard library's SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

import msgspec

from onrecord.errors import NotOnRecord, RecordDamaged
from onrecord.ids import parse
from onrecord.model import Annotation, Edition, Role, Turn
from onrecord.store import schema

T = TypeVar("T")

_BUSY_MS = 10_000
_strings = msgspec.json.Decoder(tuple[str, ...]).decode
_spans = msgspec.json.Decoder(tuple[tuple[str, int, int], ...]).decode

_EDITION = """
SELECT e.id, o.id, o.source, s.country, r.date, e.lang, e.kind, r.n, e.revisions, r.title, r.people, r.url, r.published,
       r.fetched, r.sha256, r.text, r.annotations, r.notices, r.pk
FROM revisions r JOIN editions e ON e.pk = r.edition JOIN occasions o ON o.pk = e.occasion
     JOIN sources s ON s.id = o.source
"""
REVISION = """
SELECT r.pk, r.text_sha256, r.turns_sha256, r.about_sha256 FROM revisions r JOIN editions e ON e.pk = r.edition
"""
_TURNS = 'SELECT n, exchange, role, label, person, outlet, start, "end" FROM turns WHERE revision = ? ORDER BY n'
_HITS = """
WITH wanted(at, revision, n) AS (VALUES {values})
SELECT w.at, e.id, r.n, e.revisions, r.date, o.source, t.n, t.exchange, t.role, t.label, t.person, t.outlet, t.start,
       t."end", substr(r.text, t.start + 1, t."end" - t.start)
FROM wanted w JOIN turns t ON t.revision = w.revision AND t.n = w.n JOIN revisions r ON r.pk = t.revision
     JOIN editions e ON e.pk = r.edition JOIN occasions o ON o.pk = e.occasion
"""


class TurnRow(msgspec.Struct, frozen=True):
    """One turn as a search shows it; ``words`` is the turn's text, which starts at ``start`` in the edition's."""

    edition: str
    revision: int
    revisions: int
    date: str | None
    source: str
    turn: int
    exchange: int
    role: Role
    label: str | None
    person: str | None
    outlet: str | None
    start: int
    end: int
    words: str


class Reader:
    """A connection for reading that writes nothing, not even SQLite's side files, into a record that is at rest.

    A store whose write-ahead log is empty is opened as immutable: no locks, no side files, fit for a read-only disk.
    Should a writer come meanwhile, the main file's stamp changes or a log appears; then the answer is thrown away and
    asked for again over an ordinary read-only connection.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = RLock()
        self._connection: sqlite3.Connection | None = None
        self._stamp: tuple[int, int, int] | None = None

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """``question``'s answer, from one state of the store; it must fetch all its rows before it returns."""
        with self._lock:
            for _ in range(20):
                stamp, logged = self._look()
                if self._connection is not None and self._stamp is not None and (logged or stamp != self._stamp):
                    self.close()
                if self._connection is None:
                    self._connect(stamp, logged)
                assert self._connection is not None
                try:
                    answer = question(self._connection)
                except sqlite3.DatabaseError as error:
                    if self._stamp is not None and self._look()[0] != self._stamp:
                        continue
                    raise RecordDamaged(f"{self.path} cannot be read: {error}") from error
                if self._stamp is None or self._look()[0] == self._stamp:
                    return answer
            raise RecordDamaged(f"{self.path} does not hold still")

    def close(self) -> None:
        """Lets go of the file; the next question opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = self._stamp = None

    def _look(self) -> tuple[tuple[int, int, int], bool]:
        try:
            main = self.path.stat()
        except OSError as error:
            if (self.path.parent / "onrecord.json").exists():  # written last of what makes a record
                raise RecordDamaged(f"{self.path} is missing; the next `onrecord add` makes it anew") from error
            raise NotOnRecord(f"there is no record in {self.path.parent}") from error
        try:
            logged = self.path.with_name(self.path.name + "-wal").stat().st_size > 0
        except OSError:
            logged = False
        return (main.st_ino, main.st_size, main.st_mtime_ns), logged

    def _connect(self, stamp: tuple[int, int, int], logged: bool) -> None:
        how = "mode=ro" if logged else "immutable=1"
        try:
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?{how}",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
                timeout=_BUSY_MS / 1000,
            )
            connection.execute("PRAGMA query_only = ON")
            schema.check(connection, self.path.parent)
        except sqlite3.DatabaseError as error:
            if logged and "unable to open" in str(error):
                raise RecordDamaged(
                    f"{self.path.parent} was left in the middle of a write and cannot be written; "
                    "copy it to a disk that can, and open it there"
                ) from error
            raise RecordDamaged(f"{self.path} cannot be read: {error}") from error
        self._connection, self._stamp = connection, None if logged else stamp


def edition(connection: sqlite3.Connection, text: str) -> Edition:
    """The edition or revision of that id, with its turns; raises BadId, NotOnRecord."""
    id = parse(text)
    which = "r.n = ?" if id.revision else "r.n = e.revisions AND ? IS NULL"

    def named(edition: str) -> tuple[Any, ...] | None:
        found = connection.execute(f"{_EDITION} WHERE e.id = ? AND {which}", (edition, id.revision)).fetchone()
        return found  # type: ignore[no-any-return]

    row = named(id.edition) or named(current(connection, id.edition))
    if row is None:
        raise NotOnRecord(f"{text} is not on the record")
    return _edition(connection, row)


def current(connection: sqlite3.Connection, edition: str) -> str:
    """The id that an edition goes by now, if the one given is of before it was moved; any other comes back as it is."""
    return aliases(connection, edition).get(edition) or edition


def aliases(connection: sqlite3.Connection, edition: str | None = None) -> dict[str, str | None]:
    """The ids that editions had before they were moved, or only the one given if it is one, with those they have."""
    try:
        return dict(
            connection.execute(
                "SELECT a.id, e.id FROM aliases a LEFT JOIN editions e ON e.pk = a.edition"
                + (" WHERE a.id = ?" if edition else ""),
                (edition,) if edition else (),
            ).fetchall()
        )
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return {}  # a layout of before editions could be moved


def editions(connection: sqlite3.Connection, pks: Sequence[int]) -> list[tuple[int, Edition]]:
    """The revisions of those pks, each with its pk, in the order asked for."""
    marks = ",".join("?" * len(pks))
    rows = {row[-1]: row for row in connection.execute(f"{_EDITION} WHERE r.pk IN ({marks})", pks)}
    return [(pk, _edition(connection, rows[pk])) for pk in pks]


def turn_rows(connection: sqlite3.Connection, keys: Sequence[tuple[int, int]]) -> list[TurnRow]:
    """The turns of those (revision pk, turn number) pairs in one statement, in the order asked for."""
    found: list[TurnRow] = []
    for first in range(0, len(keys), 200):
        part = keys[first : first + 200]
        values = ",".join(f"({at},{int(pk)},{int(n)})" for at, (pk, n) in enumerate(part))
        rows = sorted(connection.execute(_HITS.format(values=values)).fetchall())
        found += [TurnRow(*row[1:]) for row in rows]
    return found


def known(connection: sqlite3.Connection, sha256s: Iterable[str]) -> dict[str, tuple[str, int]]:
    """For each of those digests that the store has: the edition's id and the revision's number."""
    found: dict[str, tuple[str, int]] = {}
    for sha256 in sha256s:
        row = connection.execute(
            "SELECT e.id, r.n FROM snapshots s JOIN revisions r ON r.pk = s.revision"
            " JOIN editions e ON e.pk = r.edition WHERE s.sha256 = ?",
            (sha256,),
        ).fetchone()
        if row:
            found[sha256] = (row[0], row[1])
    return found


def turns(connection: sqlite3.Connection, pk: int) -> tuple[Turn, ...]:
    """The turns of the revision of that pk, in order."""
    return tuple(
        Turn(n=n, exchange=exchange, role=role, label=label, person=person, outlet=outlet, start=start, end=end)
        for n, exchange, role, label, person, outlet, start, end in connection.execute(_TURNS, (pk,))
    )


def _edition(connection: sqlite3.Connection, row: tuple[Any, ...]) -> Edition:
    names = ("id", "occasion", "source", "country", "date", "lang", "kind", "revision", "revisions", "title", "people",
             "url", "published", "fetched", "sha256", "text", "annotations", "notices")  # fmt: skip
    fields = dict(zip(names, row, strict=False))
    fields["people"] = _strings(fields["people"])
    fields["notices"] = _strings(fields["notices"])
    fields["annotations"] = tuple(Annotation(kind=k, start=s, end=e) for k, s, e in _spans(fields["annotations"]))
    return Edition(turns=turns(connection, row[-1]), **fields)
