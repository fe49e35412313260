"""What goes in comes out, is stored once, and is read by other WARC tools."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import random
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from norvania import AT, Fill, page
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from onrecord.archive import Archive, warc
from onrecord.archive import archive as archive_module
from onrecord.errors import NotOnRecord, RecordDamaged, RecordNotWritten


def tree_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_what_is_put_comes_back_before_and_after_the_flush_and_to_a_reader(tmp_path: Path, fill: Fill) -> None:
    with Archive.open(tmp_path, write=True) as archive:
        digests = fill(archive, 1, 6)
        assert [archive.get(digest) for digest in digests] == [page(n) for n in range(1, 6)]
        assert archive.entries == 0
        archive.flush()
        assert [archive.get(digest) for digest in digests] == [page(n) for n in range(1, 6)]
        assert archive.entries == 11  # the record that opens the WARC file, five snapshots, five notes
        assert list(archive.digests()) == digests
    reader = Archive.open(tmp_path, write=False)
    assert [reader.get(digest) for digest in digests] == [page(n) for n in range(1, 6)]
    assert all(digest in reader for digest in digests)
    assert sha(b"something else") not in reader
    assert "not a digest" not in reader
    with pytest.raises(NotOnRecord):
        reader.get(sha(b"something else"))
    assert [entry.payload["snapshot"] for entry in reader.notes("edition") if entry.payload] == digests
    assert list(reader.notes("gather")) == []
    assert reader.entry(2).sha256 == digests[0]
    with pytest.raises(NotOnRecord):
        reader.entry(12)
    assert reader.verify() == []


def test_the_same_bytes_are_stored_once(small: Path) -> None:
    before = tree_of(small)
    with Archive.open(small, write=True) as archive:
        entry = archive.put(sha(page(1)), page(1), url="https://elsewhere.example/", name="again", at=AT)
        assert entry == archive.entry(2)
        new = sha(page(9))
        first = archive.put(new, page(9), url=None, name="9", at=AT)
        assert archive.put(new, page(9), url=None, name="9 again", at=AT) == first
        archive.close()
    assert tree_of(small) == before  # close() drops what was not flushed


def test_a_wrong_digest_or_time_is_refused_and_nothing_is_lost(small: Path) -> None:
    with Archive.open(small, write=True) as archive:
        archive.put(sha(page(7)), page(7), url=None, name="7", at=AT)
        with pytest.raises(ValueError, match="not the digest"):
            archive.put(sha(b"other"), page(8), url=None, name="8", at=AT)
        with pytest.raises(ValueError, match="yesterday"):
            archive.put(sha(page(8)), page(8), url=None, name="8", at="yesterday")
        with pytest.raises(ValueError, match="archive itself"):
            archive.note("snapshot", {}, AT)
        with pytest.raises((TypeError, ValueError)):
            archive.note("edition", {"a": object()}, AT)
    reader = Archive.open(small, write=False)
    assert reader.get(sha(page(7))) == page(7)
    assert reader.verify() == []


def test_other_warc_tools_read_the_files(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = small / "archive" / "00001.warc.gz"
    checker = Checker(SimpleNamespace(inputs=[str(path)], verbose=True))
    assert checker.process_all() == 0
    assert capsys.readouterr().out.count("digest pass") == 4
    with path.open("rb") as stream:
        records = []
        for record in ArchiveIterator(stream, check_digests=True):
            records.append((record.rec_type, record.rec_headers, record.content_stream().read()))
    assert [kind for kind, _, _ in records] == ["warcinfo", "resource", "resource", "resource"]
    assert [body for _, _, body in records[1:]] == [page(1), page(2), page(3)]
    first, second = records[1][1], records[2][1]
    assert first.protocol == "WARC/1.1"
    assert first.get_header("WARC-Target-URI") == "https://norvania.example/briefing/1?q=a%20b"
    assert second.get_header("WARC-Target-URI") == f"urn:sha256:{sha(page(2))}"
    assert first.get_header("WARC-Date") == "2031-05-04T07:30:00Z"
    assert first.get_header("Content-Type") == "text/html"
    assert len({headers.get_header("WARC-Record-ID") for _, headers, _ in records}) == 4


def test_the_same_input_gives_the_same_files(tmp_path: Path, fill: Fill) -> None:
    trees = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        with Archive.open(tmp_path / name, write=True) as archive:
            fill(archive, 1, 20)
        trees.append(tree_of(tmp_path / name))
    assert trees[0] == trees[1]
    assert trees[0]["archive/00001.warc.gz"][:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"  # no time, no name


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("caf\udce9.html", None),
        ("a\r\nWARC-Type: request\r\n\r\n", "https://norvania.example/\r\nX: y\r\n\r\nbody"),
        ("新闻.html", "https://norvania.example/新闻?页=1"),
        ("", "no address"),
        ("lone", "https://norvania.example/\ud800"),
    ],
)
def test_strange_names_and_addresses_do_no_harm(tmp_path: Path, name: str, url: str | None) -> None:
    data = b"WARC/1.1\r\n\r\n\r\n\r\n" + name.encode("utf-8", "surrogatepass")
    with Archive.open(tmp_path, write=True) as archive:
        archive.put(sha(data), data, url=url, name=name, at="2031-05-04T09:30:00")
    reader = Archive.open(tmp_path, write=False)
    assert reader.get(sha(data)) == data
    assert reader.verify() == []
    assert Checker(SimpleNamespace(inputs=[str(tmp_path / "archive/00001.warc.gz")], verbose=False)).process_all() == 0


@pytest.mark.parametrize(
    ("data", "name", "url", "expected"),
    [
        (b"%PDF-1.7 ...", "x.html", None, "application/pdf"),
        (b"\xef\xbb\xbf\n<HTML><p>", "x", None, "text/html"),
        (b"---\ntitle: x\n---\n", "x.md", None, "text/markdown"),
        (b"Q: why?", "", "https://norvania.example/a.txt?b=c.html", "text/plain"),
        (b"\x00\x01", "x", None, "application/octet-stream"),
        (b"", "empty", None, "application/octet-stream"),
    ],
)
def test_content_type_is_guessed(data: bytes, name: str, url: str | None, expected: str) -> None:
    assert warc.content_type(data, url=url, name=name) == expected


def test_a_large_file_goes_on_in_the_next(tmp_path: Path, fill: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "FILE_SIZE", 1000)
    monkeypatch.setattr(archive_module, "_HELD", 300)
    digests = []
    for round_ in range(3):
        with Archive.open(tmp_path, write=True) as archive:
            digests += fill(archive, 10 * round_, 10 * round_ + 7)
    names = sorted(path.name for path in (tmp_path / "archive").glob("*.gz"))
    assert len(names) >= 4
    assert names == [warc.file_name(n + 1) for n in range(len(names))]
    reader = Archive.open(tmp_path, write=False)
    assert reader.verify() == []
    assert [sha(reader.get(digest)) for digest in digests] == digests


def test_bytes_of_any_size_pass_through_the_threads_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "_HELD", 200_000)
    rng = random.Random(5)
    pages = [rng.randbytes(rng.choice([0, 1, 50, 4000, 90_000])) for _ in range(120)]
    with Archive.open(tmp_path, write=True) as archive:
        for data in pages:
            archive.put(sha(data), data, url=None, name="x", at=AT)
            assert archive.get(sha(data)) == data
    reader = Archive.open(tmp_path, write=False)
    assert all(reader.get(sha(data)) == data for data in pages)
    assert reader.verify() == []


def test_reading_never_writes(tmp_path: Path, small: Path) -> None:
    before = tree_of(small)
    reader = Archive.open(small, write=False)
    with pytest.raises(RecordNotWritten):
        reader.put(sha(b"x"), b"x", url=None, name="x", at=AT)
    with pytest.raises(RecordNotWritten):
        reader.flush()
    assert reader.verify() == []
    reader.prove(3)
    reader.close()
    assert tree_of(small) == before
    empty = tmp_path / "empty"
    empty.mkdir()
    reader = Archive.open(empty, write=False)
    assert reader.head() == {"entries": 0, "root": sha(b"")}
    assert sha(b"x") not in reader
    assert list(empty.iterdir()) == []


def test_a_reader_sees_what_was_flushed_when_it_asks(small: Path, fill: Fill) -> None:
    reader = Archive.open(small, write=False)
    assert reader.entries == 7
    with Archive.open(small, write=True) as archive:
        (digest,) = fill(archive, 4, 5)
        assert reader.verify(writer_active=True) == []
        archive.flush()
        assert digest not in reader
        reader.refresh()
        assert reader.get(digest) == page(4)
        assert reader.prove(8)["size"] == 9
        fill(archive, 5, 6)


def test_verify_looks_at_the_head_only_while_a_writer_is_at_work(
    small: Path, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_module, "_HELD", 0)  # members go to disk at once, before any flush
    archive = Archive.open(small, write=True)
    fill(archive, 4, 8)
    reader = Archive.open(small, write=False)
    assert reader.verify(writer_active=True) == []
    assert [problem.where for problem in reader.verify()] == ["archive/00001.warc.gz"]
    archive.close()
    assert reader.verify() == []


Refusal = Callable[[pytest.MonkeyPatch], None]


def refuse_writes_after(count: int, code: int) -> Refusal:
    """Lets the disk take ``count`` bytes in all, then refuse."""

    def arm(monkeypatch: pytest.MonkeyPatch) -> None:
        left = count
        write = os.write

        def limited(fd: int, data: Any) -> int:
            nonlocal left
            if left <= 0:
                raise OSError(code, os.strerror(code))
            done = write(fd, memoryview(data)[:left])
            left -= done
            return done

        monkeypatch.setattr(os, "write", limited)

    return arm


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_refused_write_leaves_the_last_flush(
    small: Path, fill: Fill, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    before = tree_of(small)
    archive = Archive.open(small, write=True)
    total = 0
    for allowed in range(0, 5000, 97):
        with monkeypatch.context() as patch:
            refuse_writes_after(allowed, code)(patch)
            fill(archive, 4, 7)
            try:
                archive.flush()
            except RecordNotWritten as error:
                message = str(error)
            else:
                break
        assert message.startswith(f"{small / 'archive'} could not be written because ")
        total += 1
        assert tree_of(small) == before
        assert archive.entries == 7
        assert sha(page(5)) not in archive
        assert archive.get(sha(page(2))) == page(2)
        assert archive.verify() == []
    assert total > 10
    assert archive.entries == 13
    archive.close()
    reader = Archive.open(small, write=False)
    assert reader.verify() == []
    assert reader.get(sha(page(6))) == page(6)


@pytest.mark.parametrize("call", range(8))
def test_a_refused_sync_or_rename_leaves_one_flush_or_the_other(
    small: Path, fill: Fill, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    """Whichever of the calls that make a flush durable fails, or is interrupted, nothing is half there."""
    for error in (OSError(errno.EIO, "broken"), KeyboardInterrupt()):
        for name in ("fsync", "replace"):
            archive = Archive.open(small, write=True)
            entries = archive.entries
            fill(archive, 10 + entries, 12 + entries)
            with monkeypatch.context() as patch:
                count = 0
                real = getattr(os, name)

                def failing(*args: Any, real: Any = real, error: BaseException = error) -> Any:
                    nonlocal count
                    count += 1
                    if count == call + 1:
                        raise error
                    return real(*args)

                patch.setattr(os, name, failing)
                with contextlib.suppress(RecordNotWritten, KeyboardInterrupt):
                    archive.flush()
            assert archive.entries in (entries, entries + 4)
            assert archive.verify() == []
            archive.close()
            assert Archive.open(small, write=False).verify() == []


def test_a_writer_the_disk_failed_beyond_repair_says_so_and_opens_again(
    small: Path, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive.open(small, write=True)
    fill(archive, 4, 7)
    with monkeypatch.context() as patch:
        refuse_writes_after(300, errno.EIO)(patch)
        patch.setattr(os, "ftruncate", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "broken")))
        with pytest.raises(RecordNotWritten):
            archive.flush()
    with pytest.raises(RecordNotWritten, match="opened again"):
        archive.put(sha(b"x"), b"x", url=None, name="x", at=AT)
    archive.close()
    with Archive.open(small, write=True) as again:
        fill(again, 4, 7)
    assert Archive.open(small, write=False).verify() == []


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file where the folder should be")
    with pytest.raises(RecordNotWritten, match="could not be written because"):
        Archive.open(tmp_path, write=True)


def test_damage_is_not_written_over(small: Path) -> None:
    head = small / "archive" / "head.json"
    good = head.read_bytes()
    for bad in (b"", b"{}", good.replace(b'"entries":7', b'"entries":8'), good.replace(b"7", b"6")):
        head.write_bytes(bad)
        before = tree_of(small)
        with pytest.raises(RecordDamaged):
            Archive.open(small, write=True)
        assert tree_of(small) == before
        with pytest.raises(RecordDamaged):
            Archive.open(small, write=False).get(sha(page(1)))
    head.unlink()
    with pytest.raises(RecordDamaged):
        Archive.open(small, write=True)
    head.write_bytes(good)
    assert Archive.open(small, write=True).entries == 7
