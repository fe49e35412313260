"""One changed byte anywhere in the archive is found, and the file it is in is named, and no other."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

import msgspec
import pytest
from norvania import Fill, page

from onrecord.archive import Archive, check_proof
from onrecord.archive.ledger import LEDGER, Entry, encode, encode_head, make_head
from onrecord.archive.merkle import LedgerTree
from onrecord.errors import NotOnRecord, RecordDamaged


def where(folder: Path, *, writer_active: bool = False) -> set[str]:
    return {problem.where for problem in Archive.open(folder, write=False).verify(writer_active=writer_active)}


@pytest.mark.parametrize("name", ["00001.warc.gz", "ledger.jsonl", "head.json"])
def test_every_flipped_byte_is_found_and_its_file_named(small: Path, name: str) -> None:
    path = small / "archive" / name
    good = path.read_bytes()
    assert where(small) == set()
    for at in range(len(good)):
        for flip in (0x01, 0x20, 0x80) if at % 7 == 0 else (1 << at % 8,):
            bad = bytearray(good)
            bad[at] ^= flip
            path.write_bytes(bad)
            assert where(small) == {f"archive/{name}"}, (at, flip)
    path.write_bytes(good)
    assert where(small) == set()


@pytest.mark.parametrize("name", ["00001.warc.gz", "ledger.jsonl", "head.json"])
def test_bytes_cut_off_or_added_and_missing_files_are_found(small: Path, name: str) -> None:
    path = small / "archive" / name
    good = path.read_bytes()
    for bad in (*(good[:length] for length in range(0, len(good), 5)), good + b"\n", good + good, b"\0" + good):
        path.write_bytes(bad)
        assert f"archive/{name}" in where(small), len(bad)
    path.unlink()
    assert f"archive/{name}" in where(small)


def test_a_flipped_byte_on_record_is_found_while_a_writer_is_at_work(small: Path, fill: Fill) -> None:
    with Archive.open(small, write=True) as archive:
        fill(archive, 4, 6)
        for name in ("00001.warc.gz", "ledger.jsonl", "head.json"):
            path = small / "archive" / name
            good = path.read_bytes()
            for at in range(0, len(good), 37):
                with path.open("r+b") as file:
                    file.seek(at)
                    file.write(bytes([good[at] ^ 4]))
                assert where(small, writer_active=True) == {f"archive/{name}"}
                with path.open("r+b") as file:
                    file.seek(at)
                    file.write(good[at : at + 1])
        assert where(small, writer_active=True) == set()


def test_strangers_are_named(small: Path) -> None:
    base = small / "archive"
    (base / "notes.txt").write_text("hello")
    (base / "00002.warc.gz").write_bytes((base / "00001.warc.gz").read_bytes())
    (base / "folder").mkdir()
    assert where(small) == {"archive/notes.txt", "archive/00002.warc.gz", "archive/folder"}


@pytest.mark.parametrize("name", ["00001.warc.gz", "ledger.jsonl", "head.json"])
def test_a_file_that_cannot_be_read_is_named(small: Path, name: str) -> None:
    (small / "archive" / name).unlink()
    (small / "archive" / name).mkdir()
    (problem,) = Archive.open(small, write=False).verify()
    assert problem.where == f"archive/{name}"
    assert problem.what.startswith("cannot be read")
    with pytest.raises(RecordDamaged):
        Archive.open(small, write=False).get(hashlib.sha256(page(1)).hexdigest())


def test_the_problem_names_the_page(small: Path) -> None:
    path = small / "archive" / "00001.warc.gz"
    entry = Archive.open(small, write=False).entry(2)
    assert entry.offset is not None
    data = bytearray(path.read_bytes())
    data[entry.offset + 60] ^= 1
    path.write_bytes(data)
    (problem,) = Archive.open(small, write=False).verify()
    assert "entry 2, https://norvania.example/briefing/1" in problem.what
    with pytest.raises(RecordDamaged):
        Archive.open(small, write=False).get(hashlib.sha256(page(1)).hexdigest())
    assert Archive.open(small, write=False).get(hashlib.sha256(page(2)).hexdigest()) == page(2)


def test_single_snapshots_can_be_verified(small: Path) -> None:
    digests = [hashlib.sha256(page(n)).hexdigest() for n in (1, 2, 3)]
    reader = Archive.open(small, write=False)
    entry = reader.find(digests[2])
    assert entry is not None
    assert entry.offset is not None
    path = small / "archive" / "00001.warc.gz"
    data = bytearray(path.read_bytes())
    data[entry.offset + 60] ^= 1
    path.write_bytes(data)
    assert reader.verify(digests[:2]) == []
    assert [problem.where for problem in reader.verify(digests[2:])] == ["archive/00001.warc.gz"]
    (problem,) = reader.verify([hashlib.sha256(b"never seen").hexdigest()])
    assert "has no snapshot" in problem.what


@pytest.mark.parametrize(
    "change",
    [
        {"offset": 0},
        {"size": 1 << 47},
        {"size": 1 << 70},
        {"offset": 1 << 47},
        {"length": 1 << 47},
        {"warc": "../../secret"},
        {"warc": None},
        {"sha256": "0" * 64},
        {"n": 9},
    ],
)
def test_a_ledger_written_anew_with_its_root_is_still_found(small: Path, change: dict[str, object]) -> None:
    """Who recomputes ledger, root and head cannot make them fit bytes that are not there, nor make reading run wild."""
    base = small / "archive"
    reader = Archive.open(small, write=False)
    entries = [reader.entry(n) for n in range(1, 8)]
    old = reader.prove(2)
    entries[1] = msgspec.structs.replace(entries[1], **change)
    lines = [encode(entry) for entry in entries] if change.get("size") != 1 << 70 else _too_large(entries)
    tree = LedgerTree()
    tree.add_lines(lines)
    (base / LEDGER).write_bytes(b"".join(line + b"\n" for line in lines))
    (base / "head.json").write_bytes(encode_head(make_head(7, tree.root())))
    assert where(small)
    with contextlib.suppress(RecordDamaged, NotOnRecord):
        assert Archive.open(small, write=False).get(hashlib.sha256(page(1)).hexdigest()) == page(1)
    assert check_proof(old)
    assert not check_proof(old, head={"entries": 7, "root": tree.root()})


def _too_large(entries: list[Entry]) -> list[bytes]:
    """A size beyond what JSON integers of ours hold."""
    size = msgspec.structs.replace(entries[1], size=77_777)
    return [encode(e) if e.n != 2 else encode(size).replace(b"77777", b"9" * 25) for e in entries]
