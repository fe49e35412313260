"""Putting editions into the store: finding the page each one is a state of, numbering it, and writing its rows.

Which occasion a new edition is of, ``placing`` says.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from onrecord.ids import OccasionId
from onrecord.model import Edition
from onrecord.store import placing, reading
from onrecord.store.digests import Digests, digests
from onrecord.store.identity import address_key, letters, shares_words

MOST_TURNS = 0xFFFF
"""The index numbers a turn within its revision in 16 bits."""

_encode = msgspec.json.Encoder().encode


class Placed(msgspec.Struct, frozen=True):
    """Where an edition went: the same edition under its id and revision, and what that did to the record.

    ``pk`` is the key of the revision's row, ``before`` that of the revision it takes the place of.  ``digests`` are of
    the revision as stored, also when the page brought nothing new and is ``unchanged``; ``seen`` says that these very
    bytes were there before.
    """

    edition: Edition
    status: Literal["added", "unchanged", "revised"]
    pk: int
    digests: Digests
    before: int | None = None
    seen: bool = False


class _Sibling(msgspec.Struct, frozen=True):
    """A latest revision that a new page may be a later state of."""

    edition: int
    id: str
    kind: str
    n: int
    pk: int
    title: str | None
    text_sha256: str
    turns_sha256: str


_SIBLING = """
SELECT e.pk, e.id, e.kind, r.n, r.pk, r.title, r.text_sha256, r.turns_sha256
FROM editions e JOIN revisions r ON r.edition = e.pk AND r.n = e.revisions
"""

_UNDATED = "date IS NULL AND text_sha256 = ?"


class Batch:
    """Editions put in one transaction.  Rows of turns are kept back and written together when it is committed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._exchanges: list[tuple[Any, ...]] = []
        self._turns: list[tuple[Any, ...]] = []
        self._pending: dict[int, Edition] = {}
        connection.execute("BEGIN IMMEDIATE")
        self._next = connection.execute("SELECT coalesce(max(pk), 0) + 1 FROM revisions").fetchone()[0]

    def put(
        self,
        edition: Edition,
        *,
        at: str,
        by_hand: bool = False,
        sums: Digests | None = None,
        occasion: OccasionId | None = None,
        candidates: placing.Candidates | None = None,
    ) -> Placed:
        """Finds ``edition`` its place; ``at`` is when it came (ISO 8601), ``by_hand`` says that its kind was given.

        The same bytes or the same words again change nothing; other words at the same address are the next revision;
        everything else is another edition, and that of ``occasion`` if its source is the edition's, else of the one
        that ``placing.home`` finds.  ``sums`` is what ``check`` said of it, if it was asked before; otherwise raises
        ValueError when the edition's spans or strings cannot be kept, and then nothing of it is.
        """
        sums = sums or check(edition)
        key = address_key(edition.url)
        place = reading.known(self._db, [edition.sha256]).get(edition.sha256)
        if place is not None:
            id, n = place
            row = self._db.execute(f"{reading.REVISION} WHERE e.id = ? AND r.n = ?", (id, n)).fetchone()
            return Placed(self._renamed(edition, id, n), "unchanged", row[0], Digests(*row[1:]), seen=True)
        sibling = self._at_address(key, edition, by_hand) or self._that_day(edition, sums, key)
        if sibling is None:
            self._source(edition)
            home = placing.home(self._db, edition, occasion, pending=self._pending, candidates=candidates)
            pk, id, n = *placing.new_edition(self._db, home, edition), 1
        else:
            pk, id, n = sibling.edition, sibling.id, sibling.n + 1
            if key:
                self._db.execute("INSERT OR IGNORE INTO addresses VALUES (?, ?)", (key, pk))
            if self._same_words(sibling, edition, sums):
                self._snapshot(edition.sha256, sibling.pk, at)
                row = self._db.execute(f"{reading.REVISION} WHERE r.pk = ?", (sibling.pk,)).fetchone()
                return Placed(self._renamed(edition, id, sibling.n), "unchanged", row[0], Digests(*row[1:]))
            self._db.execute("UPDATE editions SET revisions = ? WHERE pk = ?", (n, pk))
        if sibling is None and key:
            self._db.execute("INSERT OR IGNORE INTO addresses VALUES (?, ?)", (key, pk))
        placed = self._revision(edition, pk, id, n, at, sums)
        return msgspec.structs.replace(placed, before=sibling.pk) if sibling else placed

    def move(self, id: str, occasion: OccasionId) -> tuple[str, str]:
        """Puts an edition, and with it all its revisions, into an occasion: see ``placing.move``."""
        return placing.move(self._db, id, occasion)

    def entered(self, sha256: str, entry: int) -> None:
        """Takes note that ledger entry ``entry`` says what the snapshot was read to be."""
        self._db.execute("UPDATE snapshots SET entry = ? WHERE sha256 = ?", (entry, sha256))

    def commit(self, entries: int | None = None) -> None:
        """Writes what was kept back and ends the transaction; once it returns, a crash takes nothing of it away.

        ``entries`` is how many entries of the ledger the store has taken in by now.
        """
        self._db.executemany("INSERT INTO exchanges VALUES (?, ?, ?, ?, ?)", self._exchanges)
        self._db.executemany("INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", self._turns)
        if entries is not None:
            self._db.execute("UPDATE ledger SET entries = ?", (entries,))
        self._db.execute("COMMIT")

    def rollback(self) -> None:
        """Forgets the batch."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def _revision(self, edition: Edition, pk: int, id: str, n: int, at: str, sums: Digests) -> Placed:
        key, self._next = self._next, self._next + 1
        self._db.execute(
            "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (key, pk, n, edition.sha256, edition.date, edition.title, _encode(edition.people).decode(), edition.url,
             edition.published, edition.fetched, at, _encode(edition.notices).decode(),
             _encode([(a.kind, a.start, a.end) for a in edition.annotations]).decode(), sums.text, sums.turns,
             sums.about, len(edition.text), len(edition.turns), edition.text),
        )  # fmt: skip
        self._snapshot(edition.sha256, key, at)
        self._exchanges += [
            (key, group.n, len(group.turns), group.turns[0].start, group.turns[-1].end) for group in edition.exchanges
        ]
        self._turns += [
            (key, t.n, t.exchange, t.role, t.label, t.person, t.outlet, t.start, t.end) for t in edition.turns
        ]
        placed = self._renamed(edition, id, n)
        self._pending[key] = placed
        return Placed(placed, "added" if n == 1 else "revised", key, sums)

    def _snapshot(self, sha256: str, revision: int, at: str) -> None:
        self._db.execute("INSERT INTO snapshots VALUES (?, ?, ?, NULL)", (sha256, revision, at))

    def _renamed(self, edition: Edition, id: str, n: int) -> Edition:
        return msgspec.structs.replace(edition, id=id, occasion=id.rpartition("/")[0], revision=n, revisions=n)

    def _at_address(self, key: str | None, edition: Edition, by_hand: bool) -> _Sibling | None:
        """The edition at that address, of the same kind before others; of others only if no kind was asked for."""
        if key is None:
            return None
        found = self._siblings(
            "WHERE e.pk IN (SELECT edition FROM addresses WHERE key = ?) ORDER BY e.kind <> ?, e.lang IS NOT ?, e.pk",
            (key, edition.kind, edition.lang),
        )
        return next((s for s in found if s.kind == edition.kind or not by_hand), None)

    def _that_day(self, edition: Edition, sums: Digests, key: str | None) -> _Sibling | None:
        """The edition of that day and heading that says the same or much the same, where an address is missing to tell.

        Two pages that name two addresses are two editions, whatever they say.
        """
        # By the day that some revision of it bears: an edition may have been moved to an occasion of another day.
        found = self._siblings(
            "JOIN occasions o ON o.pk = e.occasion"
            f" WHERE e.pk IN (SELECT edition FROM revisions WHERE {'date = ?' if edition.date else _UNDATED})"
            " AND o.source = ? AND e.lang IS ? AND e.kind = ? AND (r.text_sha256 = ? OR ?)"
            " AND (? OR NOT EXISTS (SELECT 1 FROM addresses a WHERE a.edition = e.pk))"
            " ORDER BY r.text_sha256 <> ?, e.pk",
            (edition.date or sums.text, edition.source, edition.lang, edition.kind, sums.text,
             edition.date is not None and edition.title is not None, key is None, sums.text),
        )  # fmt: skip
        for sibling in found:
            if letters(sibling.title or "") != letters(edition.title or ""):
                continue
            if sibling.text_sha256 == sums.text or shares_words(self._text(sibling.pk), edition.text):
                return sibling
        return None

    def _siblings(self, where: str, values: Iterable[Any]) -> list[_Sibling]:
        return [_Sibling(*row) for row in self._db.execute(_SIBLING + where, tuple(values))]

    def _text(self, pk: int) -> str:
        row = self._db.execute("SELECT text FROM revisions WHERE pk = ?", (pk,)).fetchone()
        return str(row[0])

    def _same_words(self, old: _Sibling, new: Edition, sums: Digests) -> bool:
        """Whether text and turns are as they were, and the letters of the heading, whose spacing templates change.

        Who a label resolves to is our doing, not the page's.
        """
        if old.text_sha256 != sums.text or letters(old.title or "") != letters(new.title or ""):
            return False
        if old.turns_sha256 == sums.turns:
            return True
        before = self._pending[old.pk].turns if old.pk in self._pending else reading.turns(self._db, old.pk)
        return [(t.label, t.role, t.start, t.end) for t in before] == [
            (t.label, t.role, t.start, t.end) for t in new.turns
        ]

    def _source(self, edition: Edition) -> None:
        self._db.execute("INSERT OR IGNORE INTO sources VALUES (?, ?)", (edition.source, edition.country))


def check(edition: Edition) -> Digests:
    """The digests of an edition fit to be kept; ValueError unless its turns count from 1 and all spans lie in the text,

    and its strings can be written as UTF-8.
    """
    length = len(edition.text)
    if len(edition.turns) > MOST_TURNS:
        raise ValueError(f"it has {len(edition.turns):,} turns, more than the {MOST_TURNS:,} that an edition may have")
    for at, turn in enumerate(edition.turns, 1):
        if turn.n != at or turn.exchange < 0 or not 0 <= turn.start <= turn.end <= length:
            raise ValueError(f"turn {turn.n} does not lie within the text it was read from")
    for note in edition.annotations:
        if not 0 <= note.start <= note.end <= length:
            raise ValueError(f"an annotation ({note.kind}) does not lie within the text it was read from")
    return digests(edition)
