"""The program run in this process, and a record to read."""

from __future__ import annotations

from pathlib import Path

import pytest
from harbour import (
    CHINESE,
    DAYS,
    ENGLISH,
    PHRASE,
    Ran,
    Run,
    english_of,
)

import onrecord
from onrecord.cli import main


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs the program in this process, in an empty folder; nothing may print a traceback."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ONRECORD_DIR", raising=False)

    def running(*arguments: str | Path) -> Ran:
        capfdbinary.readouterr()
        status = main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        assert b"Traceback" not in out + err
        return Ran(status, out.decode(), err.decode())

    return running


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a record of three editions' pages, one of them in two revisions; only to be read."""
    folder = tmp_path_factory.mktemp("shelf")
    first, second = folder / "first", folder / "second"
    first.mkdir()
    second.mkdir()
    (first / "briefing.md").write_text(ENGLISH)
    (first / "发布会.html").write_text(CHINESE)
    (second / "briefing.md").write_text(ENGLISH.replace("No tariff is", "No such tariff is"))
    with onrecord.open(folder / "record") as record:
        assert [row.status for row in record.add_all(first, second)] == ["added", "added", "revised"]
    return folder / "record"


@pytest.fixture(scope="session")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of five English briefings and a Chinese one; only to be read."""
    folder = tmp_path_factory.mktemp("harbour")
    pages = folder / "pages"
    pages.mkdir()
    for day in DAYS:
        (pages / f"{day}.md").write_text(english_of(day))
    (pages / "发布会.html").write_text(CHINESE)
    with onrecord.open(folder / "record") as record:
        assert {row.status for row in record.add_all(pages)} == {"added"}
        record.formula(PHRASE)  # once, so that what it asks is kept
    return folder / "record"
