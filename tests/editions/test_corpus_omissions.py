"""Exchanges removed from real pages at random are reported, and no others: 500 trials on pages kept for this.

Only pages whose name has an odd SHA-256 are used here; what the aligner knows was tuned on the others.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Collection
from pathlib import Path

import pytest
from cutting import cut_page, plan, said, without

from onrecord.editions.omissions import omissions
from onrecord.model import Edition
from onrecord.reading import read

pytestmark = pytest.mark.corpus
TRIALS = 125


def pages(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if hashlib.sha256(path.name.encode()).digest()[0] & 1)


def words_of(edition: Edition, numbers: Collection[int], paragraphs: int | None = None) -> Counter[tuple[str, ...]]:
    return Counter(said(edition, one)[:paragraphs] for one in edition.exchanges if one.n in numbers)


def fault(edition: Edition, cut: Edition, gone: set[int]) -> str | None:
    """What is wrong in the omissions between a page and what was left of it.

    Of exchanges that are word for word the same, or the same in what is left of one of them, nobody can tell which is
    gone; then the number of those that are reported must be right.
    """
    rows = omissions([edition, cut])
    found = {row.exchange for row in rows if row.present_in == edition.id}
    if others := [row.exchange for row in rows if row.present_in == cut.id]:
        return f"{others} taken for new"
    if found == gone or any(words_of(edition, found, n) == words_of(edition, gone, n) for n in (None, 1)):
        return None
    return f"{sorted(gone - found)} not reported, {sorted(found - gone)} reported though there"


@pytest.mark.parametrize("folder", ["mfa-cn-zh", "whitehouse"])
@pytest.mark.parametrize("by", ["structs", "pages"])
def test_exactly_the_removed_exchanges(shared: Path, folder: str, by: str) -> None:
    rng = random.Random(f"{folder} {by}")
    paths = pages(shared / "corpus" / folder)
    faults, trials = [], 0
    while trials < TRIALS:
        path = rng.choice(paths)
        data = path.read_bytes()
        edition = read(data, name=path.name)
        gone, short = plan(edition, rng)
        cut = without(edition, gone, short) if by == "structs" else cut_page(data, path.name, edition, gone, short)
        if cut is None:
            continue
        trials += 1
        if wrong := fault(edition, cut, gone):
            faults.append(f"{path.name}: {wrong}")
    assert faults == []
