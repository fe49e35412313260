"""Set phrases: mining a record, the life of one phrase, a day's update; against scikit-learn's CountVectorizer.

Everything of ours is what a caller of the library waits for, on a record on disk made of the whole corpus.  Mining runs
in a process of its own, on two processors, from a record that has no concordance yet: making that is told apart from
mining, and the promise (60 s, 4 GB) is of both together.  ``Record.formula`` is timed as a whole, variants, company and
targets included, on formulas sampled evenly over the ranks of the table and on random stretches of the texts; all of
them different, so that nothing is remembered.  A day's update is one page added, then ``Record.formulas``, for the last
days of each source in turn.

The peer counts n-grams of 3 to 8 words in English and of 4 to 12 characters in Chinese that stand in at least five
documents (``min_df=5``; a document is what one edition answers and states), from texts that lie in memory.  It does no
more than count: fragments of longer phrases, names and stretches across sentences stay in.  It runs in a process of its
own under limits of memory and time, on stated fractions of the corpus, ours on records of the same pages; and on the
whole if that can be expected to fit.

    python bench/formulas.py [--dir FOLDER] [--days 4] [--phrases 300] [--fractions 16,8] [--peer-gb 16] [--peer-s 900]

Adds the corpus to a record first (a minute and 150 MB of disk), in a temporary folder unless ``--dir`` names one to
keep.  Peak memory is read of Linux.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from _measure import corpus, verdict

import onrecord
from onrecord.formulas.selection import Filter
from onrecord.index.concordance import extended
from onrecord.record import Record
from onrecord.record.listing import Wanted

SOURCES = {"en": "whitehouse/*.md", "zh": "mfa-cn-zh/*.html"}
NGRAMS = {"en": ("word", (3, 8)), "zh": ("char", (4, 12))}
LEAST = 5
"""Occasions, or documents, that a phrase must stand in."""


def pages() -> dict[str, list[Path]]:
    """The pages of the corpus by language, by date (their names begin with it)."""
    return {lang: corpus(pattern) for lang, pattern in SOURCES.items()}


def record_of(folder: Path, paths: list[Path]) -> Path:
    """A record of those pages, which knows nothing of phrases yet."""
    if not folder.exists():
        scratch = folder.with_suffix(".part")
        shutil.rmtree(scratch, ignore_errors=True)
        with onrecord.open(scratch) as record:
            record.add_all(*map(str, paths))
        scratch.rename(folder)
    shutil.rmtree(folder / "concordance", ignore_errors=True)
    return folder


# ---------------------------------------------------------------- in a process of its own


def mine(folder: str) -> dict[str, Any]:
    """Seconds until the table of formulas is there, and how many of them made the concordance."""
    making = 0.0

    def timed(*arguments: Any) -> Any:
        nonlocal making
        begun = time.perf_counter()
        made = extended(*arguments)
        making += time.perf_counter() - begun
        return made

    begun, processed = time.perf_counter(), time.process_time()
    with patch("onrecord.record.phrases.extended", timed), onrecord.open(folder) as record:
        record.formulas()
        seconds = time.perf_counter() - begun
        state = record.phrases.state()
        return {
            "s": seconds,
            "making": making,
            "processor": time.process_time() - processed,
            "turns": len(state.concordance.turns),
            "tokens": state.concordance.size,
            "found": sum(len(listing.formulary) for listing in state.listings),
        }


def count(folder: str, lang: str, limit: float) -> dict[str, Any]:
    """Seconds that scikit-learn counts n-grams; None where ``limit`` bytes are not enough."""
    with onrecord.open(folder) as record:
        documents = [
            "\n".join(edition.words(turn) for turn in edition.turns if turn.role in ("answer", "statement"))
            for edition in record.editions(lang=lang)
        ]
    from sklearn.feature_extraction.text import CountVectorizer

    analyzer, ngrams = NGRAMS[lang]
    held = peak()
    resource.setrlimit(resource.RLIMIT_DATA, (int(limit), int(limit)))
    begun, processed = time.perf_counter(), time.process_time()
    try:
        counted = CountVectorizer(analyzer=analyzer, ngram_range=ngrams, min_df=LEAST).fit_transform(documents)
        found, total = counted.shape[1], int(counted.sum())
    except MemoryError:
        found = total = None
    return {
        "s": time.perf_counter() - begun,
        "processor": time.process_time() - processed,
        "held": held,
        "found": found,
        "total": total,
        "documents": len(documents),
        "characters": sum(map(len, documents)),
    }


def peak() -> float:
    """The most memory that this process has held, in GB; ``getrusage`` counts in what held it before ``exec``."""
    status = Path("/proc/self/status").read_text("ascii", "replace")
    return int(status.split("VmHWM:", 1)[1].split()[0]) * 1024 / 1e9


CHILDREN: dict[str, Callable[..., dict[str, Any]]] = {"mine": mine, "count": count}


def apart(name: str, *arguments: object, seconds: float | None = None) -> dict[str, Any] | None:
    """What one of ``CHILDREN`` says, run on two processors in a process of its own, with ``gb``, the most it held.

    None if it was not done in time.
    """
    command = [sys.executable, __file__, "--child", name, json.dumps([str(one) for one in arguments])]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return None
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def child(name: str, arguments: list[str]) -> None:
    """Runs one of ``CHILDREN`` and prints what it says as JSON."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:2]))
    given = [float(one) if one.replace(".", "", 1).isdecimal() else one for one in arguments]
    said = CHILDREN[name](*given)
    print(json.dumps(said | {"gb": peak()}))


# ---------------------------------------------------------------- what is promised


def mining(folder: Path) -> None:
    """From a record on disk to its table of formulas."""
    said = apart("mine", folder)
    assert said is not None
    print(f"mining {said['turns']:,} turns, {said['tokens']:,} tokens: {said['found']:,} formulas")
    print(f"  {told(said)}")
    verdict("concordance and mining in s", said["s"], 60, at_most=True)
    verdict("peak memory of both in GB", said["gb"], 4, at_most=True)


def told(said: dict[str, Any]) -> str:
    """What mining took."""
    return (
        f"{said['s']:.1f} s, {said['making']:.1f} of them making the concordance (processor time of all"
        f" {said['processor']:.1f} s), peak {said['gb']:.2f} GB"
    )


def lives(record: Record, number: int, seed: int) -> None:
    """The whole call, once for each of many phrases."""
    chosen = ranked(record, number)
    texts = [edition.text for edition in record.editions()]
    rng = random.Random(seed)
    for phrase in (*chosen[:2], *chosen[-2:]):  # of every table
        record.formula(phrase)
    for name, asked in (
        ("mined formulas, evenly over the ranks", chosen),
        ("random stretches of the texts", [stretch(rng, rng.choice(texts)) for _ in range(number)]),
    ):
        times, spent, totals = [], [], []
        for phrase in asked:
            begun, processed = time.perf_counter(), time.process_time()
            totals.append(record.formula(phrase).total)
            times.append((time.perf_counter() - begun) * 1e3)
            spent.append((time.process_time() - processed) * 1e3)
        p50, p95 = centile(times, 50), centile(times, 95)
        slowest = sorted(zip(times, asked, totals, strict=True), reverse=True)[:3]
        print(
            f"Record.formula of {len(asked)} {name} (median {statistics.median(totals):,.0f} uses):"
            f" p50 {p50:.2f} ms, p95 {p95:.2f} ms, processor time p50 {centile(spent, 50):.2f} ms,"
            f" p95 {centile(spent, 95):.2f} ms"
        )
        print("  slowest: " + "; ".join(f"{phrase!r} {ms:.1f} ms, {total:,} uses" for ms, phrase, total in slowest))
        verdict("p95 in ms", p95, 10, at_most=True)


def ranked(record: Record, number: int) -> list[str]:
    """So many formulas, as many of each table as it has of them, evenly over its ranks."""
    state = record.phrases.state()
    selection = state.selection(Filter())
    tables = [(table, table.rows(Wanted(occasions=LEAST), selection)) for table in state.listings]
    size = sum(len(rows) for _, rows in tables)
    chosen = []
    for table, rows in tables:
        some = rows[:: max(1, size // number)]
        chosen += [row.formula for row in table.told(some, selection, record.phrases.store)]
    return chosen


def stretch(rng: random.Random, text: str) -> str:
    """Two to eight words of a text, or of Chinese two to twelve characters."""
    while True:
        paragraph = rng.choice(text.split("\n"))
        words = paragraph.split(" ")
        if len(words) > 8:
            start = rng.randrange(len(words) - 8)
            return " ".join(words[start : start + rng.randint(2, 8)])
        if not paragraph.isascii() and len(paragraph) > 12:
            start = rng.randrange(len(paragraph) - 12)
            phrase = paragraph[start : start + rng.randint(2, 12)].strip()
            if len(phrase) > 1:
                return phrase


def update(record: Record, late: list[Path]) -> None:
    """One page after the other added, and the table asked for after each."""
    adding, after = [], []
    record.formulas()
    for page in late:
        begun = time.perf_counter()
        record.add(str(page))
        middle = time.perf_counter()
        record.formulas()
        adding.append(middle - begun)
        after.append(time.perf_counter() - middle)
    print(
        f"a day's update, {len(late)} times: adding the page {statistics.median(adding):.2f} s (most"
        f" {max(adding):.2f}), then the table of formulas {statistics.median(after):.2f} s (most {max(after):.2f})"
    )
    whole = [one + other for one, other in zip(adding, after, strict=True)]
    verdict("a day's update in s, the slowest", max(whole), 2, at_most=True)


def peer(folder: Path, by_lang: dict[str, list[Path]], fractions: list[int], gb: float, seconds: float) -> None:
    """Ours and scikit-learn's on the same pages."""
    if importlib.util.find_spec("sklearn") is None:
        print("scikit-learn is not installed (pip install 'onrecord[bench]'): no peer was measured")
        return
    for lang, paths in by_lang.items():
        fits = True
        for part in [*fractions, 1]:
            said = f"{lang}, 1/{part} of the pages" if part > 1 else f"{lang}, all pages"
            if not fits:
                print(f"{said}: the peer would not fit in {gb:g} GB")
                continue
            home = record_of(folder / f"{lang}-{part}", paths[::part])
            theirs = apart("count", home, lang, gb * 1e9, seconds=seconds)
            ours = apart("mine", home)
            assert ours is not None
            print(f"{said}: ours {told(ours)}, {ours['found']:,} formulas")
            if theirs is None or theirs["found"] is None:
                why = f"{seconds:g} s" if theirs is None else f"{gb:g} GB, used up in {theirs['s']:.0f} s"
                print(f"  CountVectorizer: not enough were {why}")
                fits = False
                continue
            print(
                f"  CountVectorizer {theirs['s']:.1f} s (processor time {theirs['processor']:.1f} s),"
                f" peak {theirs['gb']:.2f} GB, {theirs['found']:,} n-grams in at least {LEAST} of"
                f" {theirs['documents']:,} documents ({theirs['characters'] / 1e6:.1f} M characters)"
            )
            print(
                f"  ours to theirs: time {ours['s'] / theirs['s']:.2f}, processor time"
                f" {ours['processor'] / theirs['processor']:.2f}, memory {ours['gb'] / theirs['gb']:.2f}"
            )
            # Memory grows with the number of different n-grams, which grows nearly as the texts do.
            larger = part / ([*fractions, 1][[*fractions, 1].index(part) + 1]) if part > 1 else 1
            fits = theirs["held"] + (theirs["gb"] - theirs["held"]) * larger * 0.8 < gb


def centile(times: list[float], part: int) -> float:
    """That centile of the times."""
    return statistics.quantiles(times, n=100, method="inclusive")[part - 1]


def main() -> None:
    """Builds what is not there, measures, prints."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--dir", type=Path)
    arguments.add_argument("--days", type=int, default=4)
    arguments.add_argument("--phrases", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=4)
    arguments.add_argument("--fractions", default="16,8")
    arguments.add_argument("--peer-gb", type=float, default=16)
    arguments.add_argument("--peer-s", type=float, default=900)
    arguments.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.child:
        child(asked.child[0], json.loads(asked.child[1]))
        return
    by_lang = pages()
    late = [page for days in zip(*(paths[-asked.days :] for paths in by_lang.values()), strict=True) for page in days]
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.dir or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        every = [page for paths in by_lang.values() for page in paths]
        mining(record_of(folder / "record", every))
        with onrecord.open(folder / "record") as record:
            lives(record, asked.phrases, asked.seed)
        days = folder / "days"
        shutil.rmtree(days, ignore_errors=True)
        shutil.copytree(record_of(folder / "before", [page for page in every if page not in late]), days)
        with onrecord.open(days) as record:
            update(record, late)
        peer(folder, by_lang, [int(part) for part in asked.fractions.split(",")], asked.peer_gb, asked.peer_s)


if __name__ == "__main__":
    main()
