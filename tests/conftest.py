"""What tests of several rooms need."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import onrecord
from onrecord.record import Record

SHARED = Path(os.environ.get("ONRECORD_SHARED", Path(__file__).resolve().parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the shared corpus; without it a test is skipped, and fails where CI is set."""
    if not (SHARED / "corpus").is_dir():
        sentence = f"the shared corpus is not at {SHARED} (set ONRECORD_SHARED)"
        pytest.fail(sentence) if os.environ.get("CI") == "true" else pytest.skip(sentence)
    return SHARED


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the fixture ``record`` is."""
    return tmp_path / "record"


@pytest.fixture
def record(folder: Path) -> Iterator[Record]:
    """A record of its own for each test, open."""
    with onrecord.open(folder) as record:
        yield record
