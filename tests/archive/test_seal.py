"""The seal finds every changed byte of the derived files, and reads again only what changed."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from onrecord.archive import Seal, wal
from onrecord.archive import seal as seal_module
from onrecord.archive.seal import CHUNK, unknown_files
from onrecord.errors import RecordNotWritten


def connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=0.05)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    return connection


def add_rows(connection: sqlite3.Connection, count: int, size: int) -> None:
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO turns (words) VALUES (?)", [(os.urandom(size),) for _ in range(count)])
    connection.execute("COMMIT")


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A sealed record: 3 MiB of tables, three files of a word index, an empty lock."""
    (tmp_path / "lock").touch()
    seal = Seal.open_for_writing(tmp_path)
    (tmp_path / "onrecord.json").write_text('{"format":1}\n')
    (tmp_path / "archive").mkdir()
    (tmp_path / "words").mkdir()
    for name in ("meta.json", "a.idx", "a.term"):
        (tmp_path / "words" / name).write_bytes(name.encode() * 20)
    (tmp_path / "words" / ".tantivy-meta.lock").touch()
    with closing(connect(tmp_path / "store.sqlite")) as connection:
        connection.execute("CREATE TABLE turns (id INTEGER PRIMARY KEY, words BLOB)")
        add_rows(connection, 300, 10_000)
        wal.checkpoint(connection, tmp_path / "store.sqlite")
    seal.close()
    return tmp_path


def where(folder: Path) -> set[str]:
    found = Seal.verify(folder)
    assert not isinstance(found, str)
    return {problem.where for problem in found}


def flipped(path: Path, at: int, bit: int = 1) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ bit]))


def test_a_sealed_record_verifies_and_every_flipped_byte_is_found(record: Path) -> None:
    assert where(record) == set()
    for name in ("onrecord.json", "seal.json", "words/meta.json", "words/a.idx"):
        for at in range((record / name).stat().st_size):
            flipped(record / name, at, 1 << at % 8)
            assert where(record) == {name}, at
            flipped(record / name, at, 1 << at % 8)
    size = (record / "store.sqlite").stat().st_size
    assert size > 2 * CHUNK + 77
    for at in (0, 17, 4095, CHUNK - 1, CHUNK, 2 * CHUNK + 77, size - 1):
        flipped(record / "store.sqlite", at)
        found = Seal.verify(record)
        assert not isinstance(found, str)
        assert [problem.where for problem in found] == ["store.sqlite"]
        assert f"bytes {at // CHUNK * CHUNK} to" in found[0].what
        flipped(record / "store.sqlite", at)
    assert where(record) == set()


def test_missing_added_and_unknown_files_are_named(record: Path) -> None:
    (record / "words" / "a.idx").unlink()
    (record / "words" / "b.idx").write_bytes(b"new")
    (record / "words" / ".tantivy-writer.lock").write_bytes(b"?")
    (record / "stray.txt").touch()
    (record / "lock").write_bytes(b"\0")
    assert where(record) == {"words/a.idx", "words/b.idx", "words/.tantivy-writer.lock", "stray.txt", "lock"}
    (record / "store.sqlite").unlink()
    assert "store.sqlite" in where(record)
    (record / "seal.json").unlink()
    assert "seal.json" in where(record)


def test_a_grown_or_cut_store_is_found(record: Path) -> None:
    path = record / "store.sqlite"
    good = path.read_bytes()
    for bad in (good + b"\0", good[:-1], good + b"\0" * CHUNK, good[: CHUNK + 5], b""):
        path.write_bytes(bad)
        assert where(record) == {"store.sqlite"}
    path.write_bytes(good)
    assert where(record) == set()


def test_an_open_seal_says_so_until_it_is_closed(record: Path) -> None:
    seal = Seal.open_for_writing(record)
    assert Seal.verify(record) == "open"
    flipped(record / "seal.json", 20)
    assert where(record) == {"seal.json"}
    flipped(record / "seal.json", 20)
    seal.close(set())
    assert where(record) == set()


def test_a_record_killed_while_it_was_made_is_open(tmp_path: Path) -> None:
    assert Seal.verify(tmp_path) == "open"
    (tmp_path / "lock").touch()
    (tmp_path / "seal.json.tmp").write_bytes(b'{"dig')
    assert Seal.verify(tmp_path) == "open"
    assert unknown_files(tmp_path) == []
    Seal.open_for_writing(tmp_path).close()
    assert Seal.verify(tmp_path) == []


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is read to be hashed: the first byte of a chunk of the store, or the name of a file."""
    log: list[Any] = []
    chunk, whole = seal_module._chunk, seal_module._sha256

    def logged_chunk(file: Any, wal_file: Any, over: wal.Overlay, start: int, length: int) -> bytes:
        log.append(start)
        return chunk(file, wal_file, over, start, length)

    def logged_whole(path: Path) -> str:
        log.append(path.name)
        return whole(path)

    monkeypatch.setattr(seal_module, "_chunk", logged_chunk)
    monkeypatch.setattr(seal_module, "_sha256", logged_whole)
    return log


def test_only_what_changed_is_read_again(record: Path, reads: list[Any]) -> None:
    path = record / "store.sqlite"
    seal = Seal.open_for_writing(record)
    (record / "words" / "b.idx").write_bytes(b"a new segment")
    (record / "words" / "a.idx").unlink()
    with closing(connect(path)) as connection:
        connection.execute("UPDATE turns SET words = zeroblob(10000) WHERE id = 290")
        touched = wal.wal_pages(path)
        assert wal.checkpoint(connection, path) == touched
        assert wal.wal_pages(path) == set()
    seal.close(touched)
    assert reads == ["b.idx", 2 * CHUNK] or reads == ["b.idx", 0, 2 * CHUNK]
    assert where(record) == set()


def test_growth_and_shrinking_are_sealed(record: Path) -> None:
    path = record / "store.sqlite"
    for statement in ("add", "DELETE FROM turns WHERE id > 50", "VACUUM", "add", "DELETE FROM turns", "VACUUM", "add"):
        seal = Seal.open_for_writing(record)
        with closing(connect(path)) as connection:
            if statement == "add":
                add_rows(connection, 130, 9_000)
            else:
                connection.execute(statement)
            touched = wal.checkpoint(connection, path)
        seal.close(touched)
        assert where(record) == set(), statement


def test_a_byte_changed_elsewhere_is_not_sealed_in(record: Path) -> None:
    path = record / "store.sqlite"
    flipped(path, CHUNK + 5000)
    flipped(record / "words" / "a.idx", 3)
    os.utime(record / "words" / "a.idx", ns=(0, _sealed_mtime(record, "words/a.idx")))
    seal = Seal.open_for_writing(record)
    with closing(connect(path)) as connection:
        connection.execute("UPDATE turns SET words = zeroblob(10000) WHERE id = 290")
        touched = wal.checkpoint(connection, path)
    seal.close(touched)
    assert where(record) == {"store.sqlite", "words/a.idx"}


def _sealed_mtime(record: Path, name: str) -> int:
    content = seal_module._read(record)
    assert content is not None
    return content.files[name].mtime_ns


def test_after_a_kill_the_whole_store_is_read_again(record: Path, reads: list[Any]) -> None:
    path = record / "store.sqlite"
    Seal.open_for_writing(record)  # and killed
    with closing(connect(path)) as connection:
        add_rows(connection, 3, 5_000)
    seal = Seal.open_for_writing(record)
    seal.close(set())
    assert reads == [0, CHUNK, 2 * CHUNK, *([3 * CHUNK] if path.stat().st_size > 3 * CHUNK else [])]
    assert where(record) == set()


def test_what_readers_keep_in_the_log_is_sealed_with_the_store(record: Path) -> None:
    """A reader in the middle of reading keeps SQLite from emptying the log; writing it back later changes nothing."""
    path = record / "store.sqlite"
    writer, reader = connect(path), connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM turns").fetchone()
    seal = Seal.open_for_writing(record)
    add_rows(writer, 150, 10_000)
    writer.execute("UPDATE turns SET words = zeroblob(10000) WHERE id = 100")
    touched = wal.checkpoint(writer, path)
    assert wal.wal_pages(path) == touched  # still there
    seal.close(touched)
    assert where(record) == set()
    log = wal.wal_path(path)
    flipped(log, log.stat().st_size - 100)
    assert where(record) == {"store.sqlite"}
    flipped(log, log.stat().st_size - 100)
    writer.close()
    reader.close()  # the last to go writes the log back and removes it
    assert not log.exists()
    assert where(record) == set()


def test_the_log_is_read_as_sqlite_reads_it(tmp_path: Path) -> None:
    """Cut anywhere, the log lays over the file exactly what SQLite recovers from the same files."""
    path = tmp_path / "store.sqlite"
    connection = connect(path)
    connection.execute("CREATE TABLE turns (id INTEGER PRIMARY KEY, words BLOB)")
    wal.checkpoint(connection, path)
    add_rows(connection, 4, 3000)
    add_rows(connection, 3, 3000)
    connection.execute("UPDATE turns SET words = zeroblob(3000) WHERE id = 2")
    log = wal.wal_path(path).read_bytes()
    main = path.read_bytes()
    for length in [*range(0, len(log), 1031), len(log)]:
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        (copy / "store.sqlite").write_bytes(main)
        (copy / "store.sqlite-wal").write_bytes(log[:length])
        (copy / "onrecord.json").touch()
        assert wal.overlay(copy / "store.sqlite").pages.keys() <= wal.wal_pages(copy / "store.sqlite")
        Seal.open_for_writing(copy).close()
        with closing(sqlite3.connect(copy / "store.sqlite")) as again:
            again.execute("SELECT count(*) FROM turns").fetchone()
            again.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        assert where(copy) == set(), length
    connection.close()


def test_a_disk_that_refuses_is_one_sentence_and_the_seal_stays_open(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = Seal.open_for_writing(record)

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(RecordNotWritten, match="because the disk is full"):
            seal.close(set())
    assert Seal.verify(record) == "open"
    seal.close(set())
    assert where(record) == set()


def test_a_writer_that_begins_during_verify_is_no_damage(record: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = seal_module._sha256

    def overtaken(path: Path) -> str:
        if path.name == "a.idx":
            Seal.open_for_writing(record)
            path.write_bytes(b"x")
        return whole(path)

    monkeypatch.setattr(seal_module, "_sha256", overtaken)
    assert Seal.verify(record) == "open"
