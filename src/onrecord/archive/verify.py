"""Recomputing every digest of an archive on disk, and saying which file is not what it was.

Every byte is covered: the head by its own digest; the ledger by the head's root and by each line being the one spelling
of its entry; the WARC files by the entries' digests of their members, which follow each other from byte 0 to the end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from onrecord.archive import disk, warc
from onrecord.archive.ledger import HAVE_BYTES, HEAD, LEDGER, Entry, Head, decode, read_head, read_lines
from onrecord.archive.merkle import LedgerTree
from onrecord.errors import RecordDamaged
from onrecord.model import Problem

ARCHIVE = "archive"


class _Fault(NamedTuple):
    """Something about a WARC file that does not fit the ledger, whichever of the two is wrong."""

    file: str
    what: str


def verify_archive(folder: Path, sha256s: Iterable[str] | None = None, *, writer_active: bool = False) -> list[Problem]:
    """What is wrong with the archive of the record in ``folder``; an empty list if nothing is.

    With ``sha256s`` only the bytes of those snapshots are read, besides the whole ledger.  With ``writer_active`` (the
    writer's lock is held, or a writer was killed and none has been at work since) the state as of the head is checked
    and what lies beyond it is not looked at.  A WARC file is blamed only if the ledger is right or the file contradicts
    itself, so that one changed byte is reported in the one file it is in.
    """
    base = folder / ARCHIVE
    problems: list[Problem] = []
    head: Head | None = None
    try:
        head = read_head(base)
        if head is None and not (writer_active and not any(read_lines(base / LEDGER))):
            problems.append(_problem(HEAD, "is missing"))
    except RecordDamaged as error:
        problems.append(_problem(HEAD, str(error).partition(" ")[2].rstrip(".")))

    wanted = None if sha256s is None else set(sha256s)
    scan = _Scan(base, wanted)
    try:
        ledger_problem = scan.ledger(head, writer_active=writer_active)
    except RecordDamaged as error:
        ledger_problem = str(error).partition(" ")[2].rstrip(".")
    if ledger_problem:
        problems.append(_problem(LEDGER, ledger_problem))
    if wanted is None and not writer_active:
        scan.ends()
    if not ledger_problem and wanted:
        for sha256 in sorted(wanted - scan.seen):
            problems.append(_problem(LEDGER, f"has no snapshot {sha256}"))

    sound: dict[str, bool] = {}
    for fault in scan.faults:
        if ledger_problem and fault.file not in sound:
            path = base / fault.file
            sound[fault.file] = not path.exists() or warc.sound(path)
        if not sound.get(fault.file):
            problems.append(_problem(fault.file, fault.what))
    problems.extend(_strangers(base, writer_active=writer_active))
    return problems


class _Scan:
    """One pass over the ledger and, beside it, over the WARC files."""

    def __init__(self, base: Path, wanted: set[str] | None) -> None:
        self.base = base
        self.wanted = wanted
        self.seen: set[str] = set()
        self.faults: list[_Fault] = []
        self._ends: dict[str, int] = {}  # WARC file -> end of its last member so far

    def ledger(self, head: Head | None, *, writer_active: bool) -> str:
        """What is wrong with the ledger (the first thing found), or an empty string; ``faults`` has the rest."""
        problem = ""
        tree = LedgerTree()
        place: tuple[str, int] | None = ("", 0)  # where the next member must begin; None after a line that was no entry
        members: list[Entry] = []
        lines = read_lines(self.base / LEDGER)
        for line in lines:
            n = tree.get_size() + 1
            if head is not None and writer_active and n > head.entries:
                break
            tree.add_line(line.removesuffix(b"\n"))
            try:
                entry = decode(line.removesuffix(b"\n"))
                if not line.endswith(b"\n"):
                    raise ValueError("it does not end")
                if entry.n != n:
                    raise ValueError(f"it says it is number {entry.n}")
                if entry.kind in HAVE_BYTES:
                    here = (str(entry.warc), entry.offset or 0)
                    if place is not None and here != (_after(place[0]) if entry.kind == "warcinfo" else place):
                        raise ValueError("its bytes do not follow those of the entry before it")
                    place = (here[0], here[1] + (entry.size or 0))
                    self._ends[place[0]] = place[1]
                    members.append(entry)
            except ValueError as error:
                problem = problem or f"is damaged at entry {n}: {error}"
                place = None
            if len(members) >= 1024:
                self._members(members)
                members = []
        self._members(members)
        if head is not None and not problem:
            if tree.get_size() != head.entries:
                problem = f"has {tree.get_size()} entries where the head promises {head.entries}"
            elif tree.root() != head.root:
                problem = "does not have the root that the head promises"
        if not problem and not (self.base / LEDGER).exists() and head is not None:
            problem = "is missing"
        return problem

    def ends(self) -> None:
        """Finds bytes after the last member of each WARC file, and WARC files without entries."""
        for path in _files(self.base):
            if warc.FILE_NAME.fullmatch(path.name):
                end = self._ends.get(path.name)
                if end is None:
                    self.faults.append(_Fault(path.name, "is not in the ledger"))
                elif path.is_file() and path.stat().st_size > end:
                    self.faults.append(_Fault(path.name, f"goes on after byte {end}, where the ledger's entries end"))

    def _members(self, entries: list[Entry]) -> None:
        for file, group in _grouped(entries):
            try:
                with disk.open_file(self.base / file) as stream:
                    for entry in group:
                        self.seen.add(entry.sha256 or "")
                        if self.wanted is None or entry.sha256 in self.wanted:
                            what = _member_fault(entry, warc.cut_out(stream, entry.offset or 0, entry.size or 0))
                            if what:
                                self.faults.append(_Fault(file, what))
            except OSError as error:
                missing = isinstance(error, FileNotFoundError)
                fault = _Fault(file, "is missing" if missing else f"cannot be read ({error.strerror})")
                if fault not in self.faults:
                    self.faults.append(fault)


def _member_fault(entry: Entry, data: bytes) -> str:
    start, size = entry.offset or 0, entry.size or 0
    which = f"bytes {start} to {start + size} (entry {entry.n}{f', {entry.url or entry.name}' if entry.sha256 else ''})"
    if len(data) < size:
        return f"ends before {which}"
    if hashlib.sha256(data).hexdigest() != entry.member_sha256:
        return f"{which} are not those on record"
    if entry.kind == "snapshot":
        try:
            body = warc.payload(data, entry.length)
        except ValueError as error:
            return f"{which} are no record: {error}"
        if len(body) != entry.length or hashlib.sha256(body).hexdigest() != entry.sha256:
            return f"{which} do not hold the snapshot on record"
    return ""


def _after(file: str) -> tuple[str, int]:
    """Where the first member of the file after ``file`` must begin."""
    return warc.file_name(int(file.partition(".")[0] or 0) + 1), 0


def _grouped(entries: list[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    group: list[Entry] = []
    for entry in entries:
        if group and group[0].warc != entry.warc:
            yield str(group[0].warc), group
            group = []
        group.append(entry)
    if group:
        yield str(group[0].warc), group


def _files(base: Path) -> list[Path]:
    try:
        return sorted(base.iterdir())
    except OSError:
        return []


def _strangers(base: Path, *, writer_active: bool) -> Iterator[Problem]:
    """Files that are none of ours.  A writer at work, or killed, may have a head half written beside the head."""
    for path in _files(base):
        expected = path.name in (LEDGER, HEAD) or warc.FILE_NAME.fullmatch(path.name)
        if not expected and not (writer_active and path == disk.temporary(base / HEAD)):
            yield _problem(path.name, "is not part of a record")


def _problem(file: str, what: str) -> Problem:
    return Problem(where=f"{ARCHIVE}/{file}", what=what)
