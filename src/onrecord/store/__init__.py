"""The tables of a record: which editions it holds, in which revisions, and whose every turn is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from onrecord.errors import NotOnRecord, RecordNotWritten
from onrecord.ids import OccasionId
from onrecord.model import Edition
from onrecord.store import reading, schema
from onrecord.store.reading import Reader, TurnRow

if TYPE_CHECKING:  # SQLAlchemy takes 0.2 s to import, the parsers 0.1; only what needs them pays
    from onrecord.store.occasions import Occasion
    from onrecord.store.queries import Filters
    from onrecord.store.writing import Batch

__all__ = ["Store", "TurnRow"]

T = TypeVar("T")

_STREAM = 64
"""How many editions a stream holds in memory at a time."""


class Store:
    """``store.sqlite``: one writer, any number of readers beside it.

    Reads go over a connection of their own, so that they see what is committed and nothing else.  Every method may be
    called from any thread; ``begin`` needs the writer.
    """

    def __init__(self, path: Path, *, write: bool) -> None:
        """``write`` makes the store when it is not there, and brings older layouts up to date.

        For reading, nothing is looked at before the first question; that raises NotOnRecord when there is no store, and
        RecordDamaged when it is none.  For writing, RecordDamaged or RecordNotWritten come at once.
        """
        self.path = path
        self._reader = Reader(path)
        self.connection = _writer(path) if write else None

    def close(self) -> None:
        """Lets go of the files; a reader may still be asked and opens them again."""
        self._reader.close()
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def release(self) -> None:
        """Lets go of the reading connection alone, as before the log is emptied."""
        self._reader.close()

    def begin(self) -> Batch:
        """Starts a batch of editions; nothing of it shows until its ``commit``."""
        from onrecord.store.writing import Batch

        assert self.connection is not None, "the store was opened for reading"
        return Batch(self.connection)

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """``question``'s answer from the committed state; it must have fetched all its rows when it returns."""
        return self._reader.ask(question)

    def get(self, id: str) -> Edition:
        """The edition (its latest revision), or the revision if the id has ``@``; raises BadId, NotOnRecord."""
        return self.ask(lambda db: reading.edition(db, id))

    def known(self, sha256s: Iterable[str]) -> dict[str, tuple[str, int]]:
        """Edition id and revision of each of those snapshots that the store has."""
        return self.ask(lambda db: reading.known(db, sha256s))

    def turn_rows(self, keys: Sequence[tuple[int, int]]) -> list[TurnRow]:
        """Turns by (revision pk, turn number), in the order asked for; unknown keys are left out."""
        return self.ask(lambda db: reading.turn_rows(db, keys)) if keys else []

    def editions(self, filters: Filters) -> Iterator[Edition]:
        """The editions that fit, by date; a few at a time, so that memory stays flat."""
        from onrecord.store import queries

        pks = self.ask(lambda db: queries.revision_pks(db, filters))
        return (edition for _, edition in self.by_pk(pks))

    def occasions(
        self, filters: Filters | None = None, *, one: OccasionId | None = None, least: int = 1
    ) -> list[Occasion]:
        """The occasions that fit, by date, with their editions: see ``occasions.listing``."""
        from onrecord.store.occasions import listing

        return self.ask(lambda db: list(listing(db, filters, one=one, least=least)))

    def by_pk(self, pks: Sequence[int]) -> Iterator[tuple[int, Edition]]:
        """Revisions by pk, each with its pk, in the order asked for, a few at a time."""
        for first in range(0, len(pks), _STREAM):
            part = pks[first : first + _STREAM]
            yield from self.ask(lambda db, part=part: reading.editions(db, part))  # type: ignore[misc]

    def entries(self) -> int:
        """How many entries of the archive's ledger the store has taken in."""
        return int(self.ask(lambda db: db.execute("SELECT entries FROM ledger").fetchone())[0])

    def last_pk(self) -> int:
        """The pk of the newest revision, 0 if there is none."""
        return int(self.ask(lambda db: db.execute("SELECT coalesce(max(pk), 0) FROM revisions").fetchone())[0])

    def pks_after(self, pk: int) -> list[int]:
        """The pks of the revisions written after that one, in order."""
        return self.ask(
            lambda db: [row[0] for row in db.execute("SELECT pk FROM revisions WHERE pk > ? ORDER BY pk", (pk,))]
        )

    def pk_of(self, edition: str, revision: int) -> int:
        """The pk of a revision; raises NotOnRecord."""
        row = self.ask(
            lambda db: db.execute(f"{reading.REVISION} WHERE e.id = ? AND r.n = ?", (edition, revision)).fetchone()
        )
        if row is None:
            raise NotOnRecord(f"{edition}@{revision} is not on the record")
        return int(row[0])

    def parts(self, edition: str, revision: int | None) -> tuple[list[int], list[str]]:
        """The pks of an edition's revisions (or of one), and the digests of all bytes they were read from."""
        joined = "JOIN editions e ON e.pk = r.edition WHERE e.id = ? AND (? IS NULL OR r.n = ?)"

        def question(db: sqlite3.Connection) -> tuple[list[int], list[str]]:
            which = (reading.current(db, edition), revision, revision)
            pks = db.execute(f"SELECT r.pk FROM revisions r {joined} ORDER BY r.n", which).fetchall()
            sha256s = db.execute(
                f"SELECT s.sha256 FROM snapshots s JOIN revisions r ON r.pk = s.revision {joined}", which
            ).fetchall()
            return [row[0] for row in pks], [row[0] for row in sha256s]

        return self.ask(question)

    def entry(self, sha256: str) -> int:
        """The number of the ledger entry that says what those bytes were read to be; raises NotOnRecord."""
        row = self.ask(lambda db: db.execute("SELECT entry FROM snapshots WHERE sha256 = ?", (sha256,)).fetchone())
        if row is None or row[0] is None:
            raise NotOnRecord(f"no ledger entry says what {sha256} was read to be")
        return int(row[0])

    def history(self, edition: str) -> list[dict[str, Any]]:
        """One row for each revision of the edition, from the first; raises NotOnRecord."""
        from onrecord.store import queries

        rows = self.ask(lambda db: queries.history(db, reading.current(db, edition)))
        if not rows:
            raise NotOnRecord(f"{edition} is not on the record")
        return rows

    def stats(self) -> dict[str, Any]:
        """Counts of what the record holds: see ``queries.stats``."""
        from onrecord.store import queries

        return self.ask(queries.stats)


def _writer(path: Path) -> sqlite3.Connection:
    """The one connection that writes.

    ``synchronous = FULL``: each commit reaches the disk before it is reported.  The write-ahead log is not emptied by
    SQLite at moments of its own but by the record, which seals what changed.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        if path.stat().st_size == 0:  # else the switch leaves a rollback journal beside the file if it is killed here
            connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        schema.upgrade(connection, path.parent)
    except sqlite3.OperationalError as error:
        raise RecordNotWritten(f"{path} cannot be written: {error}") from error
    return connection
