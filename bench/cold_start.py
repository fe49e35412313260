"""Promise: ``onrecord search`` from a cold process starts in under 0.4 s more than ``python -c pass``."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _measure import SHARED, corpus, verdict

import onrecord

QUERIES = ("tariffs", '"rules-based international order"', "人类命运共同体", '"一个中国原则" OR "one China policy"')


def median(command: list[str], environment: dict[str, str], times: int = 9) -> float:
    """Seconds of the middle run, after one to warm the disk."""
    runs = []
    for _ in range(times + 1):
        start = time.perf_counter()
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
        runs.append(time.perf_counter() - start)
    return statistics.median(runs[1:])


def main() -> None:
    corpus("mfa-cn-zh/*.html")
    with tempfile.TemporaryDirectory() as name:
        with onrecord.open(Path(name) / "record") as record:
            record.add_all(*(SHARED / "corpus" / folder for folder in ("mfa-cn-zh", "whitehouse")))
        environment = os.environ | {"ONRECORD_DIR": f"{name}/record"}
        bare = median([sys.executable, "-c", "pass"], environment)
        print(f"python -c pass: {bare * 1000:.0f} ms")
        program = str(Path(sys.executable).with_name("onrecord"))
        slowest = 0.0
        for query in QUERIES:
            taken = median([program, "search", query, "--json"], environment)
            slowest = max(slowest, taken - bare)
            print(f"onrecord search {query}: {taken * 1000:.0f} ms")
        verdict("seconds beyond python -c pass, the slowest of these", slowest, 0.4, at_most=True)


if __name__ == "__main__":
    main()
