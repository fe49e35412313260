"""Bringing an archive's files back to one agreed state when it is opened for writing, or when a write failed.

A flush makes the WARC files durable, then the ledger, then the head.  So, whatever instant a writer was killed at:
lines the head speaks of are all there, and so are their bytes; lines beyond the head are whole or torn at the end; WARC
files may go on past the last line.  The ledger is the truth: whole lines beyond the head whose bytes are there too are
kept and the head is brought up to them, everything after that is cut off.  Anything else is damage and is left alone.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from onrecord.archive import disk, warc
from onrecord.archive.ledger import (
    EMPTY_ROOT,
    HEAD,
    LEDGER,
    Entry,
    Head,
    Ledger,
    decode,
    encode_head,
    make_head,
    read_head,
    read_lines,
)
from onrecord.archive.merkle import LedgerTree
from onrecord.errors import RecordDamaged


class State(NamedTuple):
    """What a writer goes on from: ``warc_number`` 0 means no file yet; the next member goes to ``warc_size``."""

    head: Head
    ledger: Ledger
    tree: LedgerTree
    warc_number: int
    warc_size: int


def recover(folder: Path, *, adopt: bool = True) -> State:
    """Cuts off what was half written in an archive's folder and returns its state; makes the files of an empty one.

    With ``adopt`` false, whole entries beyond the head are cut off as well, as after a failed flush.  Raises
    RecordDamaged if the files contradict each other, ``OSError`` if the disk refuses.
    """
    disk.temporary(folder / HEAD).unlink(missing_ok=True)
    files = sorted(path for path in folder.iterdir() if warc.FILE_NAME.fullmatch(path.name))
    head = read_head(folder)
    if head is None:
        if files or any(read_lines(folder / LEDGER)):
            raise RecordDamaged(f"archive/{HEAD} is missing, though the archive is not empty.")
        (folder / LEDGER).touch()
        head = make_head(0, EMPTY_ROOT)
        disk.replace(folder / HEAD, encode_head(head))

    ledger, tree = Ledger(folder), LedgerTree()
    last = _promised(folder, head, ledger, tree)
    entries = head.entries
    if adopt:
        last = _adopted(folder, ledger, tree, last)
        entries = len(ledger)
    _cut(folder, files, ledger, last)
    if entries > head.entries:
        if last is not None:
            disk.sync(folder / str(last.warc))
        disk.sync(folder / LEDGER)
        head = make_head(entries, tree.root())
        disk.replace(folder / HEAD, encode_head(head))
    return State(head, ledger, tree, _number(last), _end(last))


def _promised(folder: Path, head: Head, ledger: Ledger, tree: LedgerTree) -> Entry | None:
    """Reads the lines the head speaks of; returns the last one that has bytes in a WARC file."""
    ledger.load(head.entries, tree.add_line)
    if tree.root() != head.root:
        raise RecordDamaged(f"archive/{LEDGER} and archive/{HEAD} do not agree.")
    if not ledger.last_member:
        return None
    try:
        entry = decode(ledger.line(ledger.last_member))
    except ValueError as error:
        raise RecordDamaged(f"archive/{LEDGER} is damaged: {error}.") from error
    try:
        short = (folder / str(entry.warc)).stat().st_size < _end(entry)
    except FileNotFoundError:
        short = True
    if short:
        raise RecordDamaged(f"archive/{entry.warc} lacks bytes that are on record.")
    return entry


def _adopted(folder: Path, ledger: Ledger, tree: LedgerTree, last: Entry | None) -> Entry | None:
    """Takes in the whole lines beyond the head whose bytes are there; returns the last entry that has bytes."""
    for line in read_lines(ledger.path, ledger.size):
        try:
            entry = decode(line.removesuffix(b"\n"))
        except ValueError:
            break
        if not line.endswith(b"\n") or entry.n != len(ledger) + 1:
            break
        if entry.warc:
            follows = (entry.warc, entry.offset) == (
                (warc.file_name(_number(last) + 1), 0) if entry.kind == "warcinfo" else (last and last.warc, _end(last))
            )
            if not follows or not _has_bytes(folder, entry):
                break
            last = entry
        ledger.learn(len(line), entry.kind, entry.sha256)
        tree.add_line(line.removesuffix(b"\n"))
    return last


def _has_bytes(folder: Path, entry: Entry) -> bool:
    try:
        with (folder / str(entry.warc)).open("rb") as file:
            data = warc.cut_out(file, entry.offset or 0, entry.size or 0)
            return hashlib.sha256(data).hexdigest() == entry.member_sha256
    except FileNotFoundError:
        return False


def _cut(folder: Path, files: list[Path], ledger: Ledger, last: Entry | None) -> None:
    """Cuts everything past the ledger's last entry: the ledger's own tail first, so that no line outlives its bytes."""
    disk.truncate(folder / LEDGER, ledger.size)
    later = [path for path in files if int(path.name.partition(".")[0]) > _number(last)]
    for path in later:
        path.unlink()
    if later:
        disk.sync_folder(folder)
    if last is not None:
        disk.truncate(folder / str(last.warc), _end(last))


def _number(last: Entry | None) -> int:
    return int(str(last.warc).partition(".")[0]) if last is not None else 0


def _end(last: Entry | None) -> int:
    return (last.offset or 0) + (last.size or 0) if last is not None else 0
