"""Storing the corpus: put and flush of every page against plain gzip, level 6, of the same bytes in the same run.

Both end with the bytes durable on the same disk.  The archive's digests, ledger and Merkle root are included in its
time.  Run it as ``python bench/archive.py [FOLDER OF PAGES]``; it takes about fifteen seconds.  The promise: a ratio of
at most 1.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from onrecord.archive import Archive

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
AT = "2031-05-04T07:30:00Z"
ROUNDS = 3


def pages(folder: Path) -> list[tuple[str, bytes]]:
    """The pages below ``folder`` with their names, the same bytes once; later revisions of the same pages left out."""
    kinds = {".html", ".htm", ".md"}
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in kinds and "revisions" not in str(path.parent)]
    return [(name, data) for data, name in {path.read_bytes(): path.name for path in paths}.items()]


def plain(inputs: list[tuple[str, bytes]], folder: Path) -> tuple[float, int]:
    """Seconds and bytes for gzip members one after the other in one file."""
    begun = time.perf_counter()
    path = folder / "plain.gz"
    with path.open("wb") as file:
        for _, data in inputs:
            file.write(gzip.compress(data, 6))
        file.flush()
        os.fsync(file.fileno())
    return time.perf_counter() - begun, path.stat().st_size


def archived(inputs: list[tuple[str, bytes]], folder: Path) -> tuple[float, int]:
    """Seconds and bytes for the same in an archive, digests included."""
    begun = time.perf_counter()
    with Archive.open(folder, write=True) as archive:
        for name, data in inputs:
            archive.put(hashlib.sha256(data).hexdigest(), data, url=None, name=name, at=AT)
        archive.flush()
        seconds = time.perf_counter() - begun
    return seconds, sum(path.stat().st_size for path in (folder / "archive").iterdir())


def main() -> None:
    """Measures and prints."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS
    if not folder.is_dir():
        print(f"archive: skipped, there are no pages in {folder}; give a folder of them.")
        return
    inputs = pages(folder)
    total = sum(len(data) for _, data in inputs)
    gzip_times, archive_times, verify_times = [], [], []
    size = plain_size = 0
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as scratch:
            seconds, plain_size = plain(inputs, Path(scratch))
            gzip_times.append(seconds)
            seconds, size = archived(inputs, Path(scratch))
            archive_times.append(seconds)
            begun = time.perf_counter()
            problems = Archive.open(Path(scratch), write=False).verify()
            verify_times.append(time.perf_counter() - begun)
            if problems:
                raise SystemExit(f"archive: the archive just written does not verify: {problems[0]}")
    ours, theirs = statistics.median(archive_times), statistics.median(gzip_times)
    print(
        f"archive: {len(inputs)} pages, {total / 1e6:.1f} MB: archive {ours:.2f} s, {size / 1e6:.1f} MB; "
        f"gzip -6 {theirs:.2f} s, {plain_size / 1e6:.1f} MB; ratio of time {ours / theirs:.2f}, "
        f"of size {size / plain_size:.3f}; verify {statistics.median(verify_times):.2f} s"
    )


if __name__ == "__main__":
    main()
