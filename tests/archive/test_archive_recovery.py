"""A writer killed at any instant leaves an archive that opens, verifies, and still holds all that was flushed."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from norvania import AT, Fill, page

from onrecord.archive import Archive
from onrecord.archive import archive as archive_module
from onrecord.errors import RecordDamaged

WARC, LEDGER, HEAD = "00001.warc.gz", "ledger.jsonl", "head.json"


def sha(number: int) -> str:
    return hashlib.sha256(page(number)).hexdigest()


@pytest.fixture
def stages(tmp_path: Path, fill: Fill) -> tuple[Path, Path]:
    """The files of an archive as of one flush, and as of the next."""
    folder = tmp_path / "record"
    folder.mkdir()
    with Archive.open(folder, write=True) as archive:
        fill(archive, 1, 3)
    shutil.copytree(folder, tmp_path / "before")
    with Archive.open(folder, write=True) as archive:
        fill(archive, 3, 5)
    shutil.copytree(folder, tmp_path / "after")
    return tmp_path / "before", tmp_path / "after"


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "archive").iterdir()}


def check(folder: Path, state: dict[str, bytes], scratch: bytes | None = None) -> int:
    """Lays out ``state``, opens it as a reader and as a writer, and goes on adding; returns the entries found."""
    base = folder / "archive"
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir(parents=True)
    for name, data in state.items():
        (base / name).write_bytes(data)
    if scratch is not None:
        (base / "head.json.tmp").write_bytes(scratch)
    reader = Archive.open(folder, write=False)
    assert reader.verify(writer_active=True) == []
    assert reader.get(sha(2)) == page(2)
    with Archive.open(folder, write=True) as archive:
        entries = archive.entries
        assert archive.verify() == []
        assert [archive.get(sha(n)) for n in (1, 2)] == [page(1), page(2)]
        for n in (3, 4):
            archive.put(sha(n), page(n), url=None, name=f"{n}", at=AT)
    reader = Archive.open(folder, write=False)
    assert reader.verify() == []
    assert [reader.get(sha(n)) for n in range(1, 5)] == [page(n) for n in range(1, 5)]
    return entries


def test_killed_while_writing_the_warc_file(tmp_path: Path, stages: tuple[Path, Path]) -> None:
    before, after = map(files, stages)
    for length in range(len(before[WARC]), len(after[WARC]) + 1):
        assert check(tmp_path / "x", before | {WARC: after[WARC][:length]}) == 5


def test_killed_while_writing_the_ledger(tmp_path: Path, stages: tuple[Path, Path]) -> None:
    before, after = map(files, stages)
    found = [
        check(tmp_path / "x", after | {HEAD: before[HEAD], LEDGER: after[LEDGER][:length]})
        for length in range(len(before[LEDGER]), len(after[LEDGER]) + 1)
    ]
    assert found == sorted(found)
    assert set(found) == {5, 6, 7, 8, 9}  # whole lines whose bytes are there are kept


def test_killed_while_replacing_the_head(tmp_path: Path, stages: tuple[Path, Path]) -> None:
    before, after = map(files, stages)
    for length in range(len(after[HEAD]) + 1):
        assert check(tmp_path / "x", after | {HEAD: before[HEAD]}, scratch=after[HEAD][:length]) == 9
    assert check(tmp_path / "x", after) == 9


def test_a_disk_that_kept_the_ledger_but_not_the_bytes(tmp_path: Path, stages: tuple[Path, Path]) -> None:
    """Cannot come of a kill, only of a disk that reorders writes it was told to sync; the flushed part is kept."""
    before, after = map(files, stages)
    for warc_length in range(len(before[WARC]), len(after[WARC]), 41):
        for ledger_length in range(len(before[LEDGER]), len(after[LEDGER]) + 1, 101):
            state = {HEAD: before[HEAD], WARC: after[WARC][:warc_length], LEDGER: after[LEDGER][:ledger_length]}
            assert 5 <= check(tmp_path / "x", state) <= 7


def test_what_was_flushed_and_is_gone_is_damage(tmp_path: Path, stages: tuple[Path, Path]) -> None:
    _, after = map(files, stages)
    for name in (WARC, LEDGER, HEAD):
        for length in range(0, len(after[name]), 23):
            base = tmp_path / "x" / "archive"
            shutil.rmtree(base, ignore_errors=True)
            shutil.copytree(stages[1] / "archive", base)
            (base / name).write_bytes(after[name][:length])
            with pytest.raises(RecordDamaged):
                Archive.open(tmp_path / "x", write=True)
            assert (base / name).read_bytes() == after[name][:length]


def test_killed_while_making_the_folder(tmp_path: Path, fill: Fill) -> None:
    for made in ((), ("ledger.jsonl",), ("ledger.jsonl", "head.json.tmp")):
        folder = tmp_path / str(len(made))
        (folder / "archive").mkdir(parents=True)
        for name in made:
            (folder / "archive" / name).touch()
        assert Archive.open(folder, write=False).verify(writer_active=True) == []
        with Archive.open(folder, write=True) as archive:
            fill(archive, 1, 2)
        assert Archive.open(folder, write=False).verify() == []


def test_a_file_begun_and_never_flushed_is_removed(
    tmp_path: Path, stages: tuple[Path, Path], fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_module, "FILE_SIZE", 100)
    monkeypatch.setattr(archive_module, "_HELD", 0)
    archive = Archive.open(stages[1], write=True)
    fill(archive, 5, 7)
    left = files(stages[1])  # as a kill leaves them: members and whole files nobody has entered
    archive.close()
    assert len(left) >= 4
    assert check(tmp_path / "x", left) == 9


WRITER = """
import hashlib, itertools, sys
from pathlib import Path
from onrecord.archive import Archive, archive as module
module.FILE_SIZE, module._HELD = 40_000, 5_000
archive = Archive.open(Path(sys.argv[1]), write=True)
for round_ in itertools.count():
    for n in range(12):
        data = (f"{sys.argv[2]} {round_} {n} " * 300).encode()
        archive.put(hashlib.sha256(data).hexdigest(), data, url=None, name=f"{round_}-{n}", at="2031-05-04T07:30:00Z")
        archive.note("edition", {"n": n}, "2031-05-04T07:30:00Z")
    archive.flush()
    print(archive.entries, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a system that can kill -9")
def test_a_process_really_killed(tmp_path: Path) -> None:
    folder = tmp_path / "record"
    folder.mkdir()
    for attempt in range(6):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(attempt)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(0.013 * attempt)
        os.kill(writer.pid, signal.SIGKILL)
        reported = [int(line) for line in [first, *writer.stdout.read().split("\n")] if line.strip()]
        writer.wait()
        assert Archive.open(folder, write=False).verify(writer_active=True) == []
        with Archive.open(folder, write=True) as archive:
            assert archive.entries >= reported[-1]
            assert archive.verify() == []
