"""Files that appear whole or not at all."""

from __future__ import annotations

import gzip
import os
import stat
from pathlib import Path

import pytest

from onrecord.publish.files import replacing


def test_the_file_is_there_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with replacing(path) as out:
        out.write(b"all of it")
        assert not path.exists()
    assert path.read_bytes() == b"all of it"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"old")

    def interrupted() -> None:
        with replacing(path) as out:
            out.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_gz_is_compressed_and_equal_bytes_make_equal_files(tmp_path: Path) -> None:
    data = b"turns " * 100_000
    for name in ("a.csv.gz", "b.csv.gz"):
        with replacing(tmp_path / name) as out:
            out.write(data)
    assert gzip.decompress((tmp_path / "a.csv.gz").read_bytes()) == data
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()


def test_the_mode_of_a_replaced_file_is_kept_and_a_new_one_follows_the_umask(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"")
    old.chmod(0o640)
    before = os.umask(0o027)
    try:
        for path in (old, new):
            with replacing(path) as out:
                out.write(b"x")
    finally:
        os.umask(before)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (old, new)] == [0o640, 0o640]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    with replacing(link) as out:
        out.write(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_device_is_written_to() -> None:
    with replacing(Path("/dev/null")) as out:
        out.write(b"gone")
    assert not Path("/dev/null").is_file()


def test_errors_name_the_file_that_was_asked_for(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError) as folder, replacing(tmp_path):
        pass
    assert folder.value.filename == str(tmp_path)
    missing = tmp_path / "no" / "out"
    with pytest.raises(FileNotFoundError) as nowhere, replacing(missing):
        pass
    assert nowhere.value.filename == str(missing)
    with pytest.raises(OSError, match="full") as full, replacing(tmp_path / "out"):
        raise OSError(28, "full")
    assert full.value.filename == str(tmp_path / "out")
    with pytest.raises(BrokenPipeError) as pipe, replacing(tmp_path / "out"):
        raise BrokenPipeError(32, "pipe")
    assert pipe.value.filename is None
