"""Promise: adding the whole corpus end to end (archive, store and index) in under twice the time that building a bare
SQLite FTS5 table plus gzip of the same bytes takes, with peak memory under 1 GB.

The peer gets its turns ready made: reading is not in its time, but is in ours.
"""

from __future__ import annotations

import gzip
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _measure import SHARED, corpus, verdict


def peer(pages: list[Path], turns: list[str], folder: Path) -> float:
    """Seconds for gzip of every page's bytes into one file, and for an FTS5 table of the turns."""
    start = time.perf_counter()
    with (folder / "pages.gz").open("wb") as out:
        for page in pages:
            out.write(gzip.compress(page.read_bytes()))
    table = sqlite3.connect(folder / "turns.sqlite")
    table.execute("CREATE VIRTUAL TABLE turns USING fts5(words)")
    with table:
        table.executemany("INSERT INTO turns VALUES (?)", ((turn,) for turn in turns))
    table.close()
    return time.perf_counter() - start


ADD = """
import resource, sys, time
import onrecord
start = time.perf_counter()
record = onrecord.open(sys.argv[1])
rows = sum(1 for _ in record.add_stream(*sys.argv[2:]))
record.close()
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(rows, time.perf_counter() - start, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + children) / 1024)
"""


def main() -> None:
    import onrecord

    pages = corpus("mfa-cn-zh/*.html", "whitehouse/*.md")
    folders = [str(SHARED / "corpus" / name) for name in ("mfa-cn-zh", "whitehouse")]
    ours, theirs, memory = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for attempt in range(2):
            made = subprocess.run(
                [sys.executable, "-c", ADD, str(folder / "record"), *folders],
                capture_output=True,
                text=True,
                check=True,
            )
            rows, seconds, megabytes = made.stdout.split()
            ours.append(float(seconds))
            memory.append(float(megabytes))
            with onrecord.open(folder / "record") as record:
                turns = [e.text[t.start : t.end] for e in record.editions() for t in e.turns]
            (folder / f"peer{attempt}").mkdir()
            theirs.append(peer(pages, turns, folder / f"peer{attempt}"))
            if attempt == 0:
                shutil.rmtree(folder / "record")
    print(f"{rows} pages, {len(turns)} turns; onrecord {min(ours):.1f} s, gzip and FTS5 {min(theirs):.1f} s")
    verdict("time of add / time of gzip and a bare FTS5 table", min(ours) / min(theirs), 2, at_most=True)
    verdict("peak memory of add in MB", max(memory), 1024, at_most=True)
    print(f"(this process itself peaked at {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB)")


if __name__ == "__main__":
    main()
