"""A small archive about a fictional government, and ways to look at it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from norvania import AT, Fill, page

from onrecord.archive import Archive


@pytest.fixture
def fill() -> Fill:
    """Puts pages ``start`` to ``stop`` and a note for each into an archive, without flushing; returns their digests."""

    def filling(archive: Archive, start: int, stop: int) -> list[str]:
        digests = []
        for number in range(start, stop):
            data = page(number)
            sha256 = hashlib.sha256(data).hexdigest()
            url = f"https://norvania.example/briefing/{number}?q=a b" if number % 2 else None
            archive.put(sha256, data, url=url, name=f"{number}.html", at=AT)
            note = {"edition": f"nv-mfa/2031-05-{number:02d}/en", "revision": 1, "snapshot": sha256}
            archive.note("edition", note, AT)
            digests.append(sha256)
        return digests

    return filling


@pytest.fixture
def small(tmp_path: Path, fill: Fill) -> Path:
    """The folder of a closed archive of three pages, flushed after each of the first two."""
    folder = tmp_path / "record"
    folder.mkdir()
    with Archive.open(folder, write=True) as archive:
        fill(archive, 1, 2)
        archive.flush()
        fill(archive, 2, 4)
    return folder
