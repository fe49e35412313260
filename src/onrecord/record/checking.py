"""``verify``: the archive against its ledger, the derived files against the seal, the store against the ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from onrecord.archive import Archive, Seal
from onrecord.archive.seal import unknown_files
from onrecord.errors import NotOnRecord, OnRecordError
from onrecord.ids import parse
from onrecord.model import Edition, Problem, Verification
from onrecord.record import structure
from onrecord.record.session import MOVED, STORE
from onrecord.store import Store
from onrecord.store.writing import check

_Notes = dict[tuple[str, int], dict[str, Any]]


def verify_record(folder: Path) -> Verification:
    """Recomputes everything there is to recompute; any byte changed in any file of the record is found and named."""
    for _ in range(5):
        before = Seal.mark(folder)
        found = _verify_record(folder)
        if found.ok or Seal.mark(folder) == before:
            break
        # else a writer began or ended meanwhile, and what was compared may be of before and after
    return found


def _verify_record(folder: Path) -> Verification:
    problems: list[Problem] = []
    sealed = Seal.verify(folder)
    at_work = sealed == "open"
    problems += unknown_files(folder) if sealed == "open" else sealed
    archive = Archive.open(folder, write=False)
    found = archive.verify(writer_active=at_work)
    problems += found
    entries = 0
    try:
        entries = archive.entries
        if not found and not any(problem.where == STORE for problem in problems):
            problems += _contents(folder, archive, at_work=at_work)
    except OnRecordError as error:
        if not problems:
            problems.append(Problem(where="archive", what=str(error)))
    return Verification(entries=entries, ok=not problems, problems=tuple(problems))


def verify_edition(folder: Path, id: str) -> Verification:
    """The same for one edition, in all its revisions or in the one that ``@`` names: its bytes, its texts, its turns.

    Raises BadId, NotOnRecord.
    """
    wanted = parse(id)
    archive, store = Archive.open(folder, write=False), Store(folder / STORE, write=False)
    try:
        pks, sha256s = store.parts(wanted.edition, wanted.revision)
        if not pks:
            raise NotOnRecord(f"{id} is not on the record")
        problems = archive.verify(sha256s, writer_active=True)  # what a writer is about to add is of no concern here
        if not problems:
            done, meant = structure.named(store, wanted.edition)
            archive.refresh()  # lest a move made meanwhile is in the store and not in the ledger
            notes, names = _notes(archive)
            problems += _said(structure.of_name(wanted.edition, meant, names, done))
            for _, edition in store.by_pk(pks):
                problems += _edition(edition, notes, names)
        return Verification(entries=len(sha256s), ok=not problems, problems=tuple(problems))
    finally:
        store.close()


def _contents(folder: Path, archive: Archive, *, at_work: bool) -> Iterator[Problem]:
    """What the store says against what the ledger says."""
    store = Store(folder / STORE, write=False)
    try:
        yield from _integrity(store)
        # A writer at work may add to both meanwhile: what the store says now, a ledger read from now on says too.
        rows = structure.rows(store)
        yield from _said(rows.faults)
        archive.refresh()
        if not at_work and rows.done != archive.entries:
            yield Problem(where=STORE, what=f"has taken in {rows.done} ledger entries of {archive.entries}")
        notes, names = _notes(archive)
        yield from _said(structure.of_names(rows, names))
        seen: set[tuple[str, int]] = set()
        for pk, edition in store.by_pk(sorted(rows.revisions)):
            seen.add((names.first(edition.id), edition.revision))
            yield from _edition(edition, notes, names, store=store, rows=rows, pk=pk)
        for (id, revision), note in notes.items():
            if note["n"] <= rows.done and (id, revision) not in seen:
                yield Problem(where=STORE, what=f"lacks {id}@{revision}, which the ledger has")
        every = ((entry.n, entry.at, entry.payload or {}) for entry in archive.notes("edition"))
        yield from _said(structure.of_snapshots(rows, every, names))
    except NotOnRecord as error:
        if not at_work:  # else a new record is being made, or its making was cut short
            yield Problem(where=STORE, what=str(error) if (folder / STORE).exists() else "is missing")
    except (OnRecordError, ValueError, KeyError, TypeError) as error:
        yield Problem(where=STORE, what=f"cannot be read: {error}" if (folder / STORE).exists() else "is missing")
    finally:
        store.close()


def _said(faults: Iterable[str]) -> Iterator[Problem]:
    return (Problem(where=STORE, what=what) for what in faults)


def _integrity(store: Store) -> Iterator[Problem]:
    def ask(db: sqlite3.Connection) -> list[str]:
        found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(5)")]
        astray = [f"a row of {row[0]} points at no row of {row[2]}" for row in db.execute("PRAGMA foreign_key_check")]
        return [what for what in found if what != "ok"] + astray

    for what in store.ask(ask)[:5]:
        yield Problem(where=STORE, what=what)


def _notes(archive: Archive) -> tuple[_Notes, structure.Names]:
    """What the ledger says of each revision, with number and time of the entry that says so, and of the editions' ids.

    The notes are by the id under which the edition came to the record, and the revision's number.
    """
    notes: _Notes = {}
    names = structure.Names()
    for entry in archive.notes():
        payload = entry.payload or {}
        if entry.kind == MOVED:
            names.moved(entry.n, payload["edition"], payload["to"])
        elif entry.kind == "edition":
            key = names.first(payload["edition"]), payload["revision"]
            notes.setdefault(key, payload | {"n": entry.n, "at": entry.at})
    return notes, names


def _edition(
    edition: Edition,
    notes: _Notes,
    names: structure.Names,
    *,
    store: Store | None = None,
    rows: structure.Rows | None = None,
    pk: int = 0,
) -> Iterator[Problem]:
    what = f"{edition.id}@{edition.revision}"
    note = notes.get((names.first(edition.id), edition.revision))
    if note is None:
        yield Problem(where=STORE, what=f"{what} is not in the ledger")
        return
    try:
        sums = check(edition)
    except ValueError as error:
        yield Problem(where=STORE, what=f"{what}: {error}")
        return
    parts = (
        ("bytes", edition.sha256, note["snapshot"]),
        ("text", sums.text, note["text_sha256"]),
        ("turns", sums.turns, note["turns_sha256"]),
        ("title, date and notes", sums.about, note["about_sha256"]),
    )
    for name, found, expected in parts:
        if found != expected:
            yield Problem(where=STORE, what=f"the {name} of {what} are not what the ledger says")
    if store is not None and rows is not None:
        yield from _said(structure.of_edition(store, rows, pk, edition, sums, note["at"]))
