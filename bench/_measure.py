"""What the benchmarks share: where the shared corpus lies, and how a result is printed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

SHARED = Path(os.environ.get("ONRECORD_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def corpus(*patterns: str) -> list[Path]:
    """The pages of the shared corpus; ends the program with a sentence and status 0 where it is absent."""
    found = [path for pattern in patterns for path in sorted((SHARED / "corpus").glob(pattern))]
    if not found:
        print(f"skipped: no corpus at {SHARED / 'corpus'} (set ONRECORD_SHARED to the folder that holds it)")
        sys.exit(0)
    return found


def best_of(times: int, work: Callable[[], object], *, clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds of the fastest of several runs: the one least disturbed by other work on the machine."""
    best = float("inf")
    for _ in range(times):
        start = clock()
        work()
        best = min(best, clock() - start)
    return best


def verdict(what: str, value: float, bound: float, *, at_most: bool) -> bool:
    """Print a measured ratio beside the promise it is held against; returns whether the promise holds."""
    holds = value <= bound if at_most else value >= bound
    limit = "at most" if at_most else "at least"
    print(f"{what}: {value:.3f} (promised {limit} {bound:g}) {'holds' if holds else 'FALLS SHORT'}")
    return holds
