"""The promises of reading, held on the real pages of the shared corpus; see bench/ for those of speed.

The corpus lies beside the checkout and is no part of it.  Without it these tests are skipped, and fail where CI is set.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from pathlib import Path

import msgspec
import pytest

import onrecord
from onrecord.model import Edition
from onrecord.reading import read

BENCH = Path(__file__).resolve().parents[1] / "bench"
pytestmark = pytest.mark.corpus


def score(shared: Path, pages: list[Path], export: Path) -> float:
    """F1 by the shared scorer, of every third page so that the tests stay quick; bench/turns.py takes them all."""
    with export.open("wb") as out:
        for page in pages:
            out.write(msgspec.json.encode(read(page.read_bytes(), name=page.name)) + b"\n")
    sys.path.insert(0, str(shared / "tools"))
    try:
        import score_turns

        with contextlib.redirect_stdout(io.StringIO()) as printed:
            assert score_turns.main(str(export), [str(page) for page in pages]) == 0, "every page has an edition"
    finally:
        sys.path.remove(str(shared / "tools"))
    return float(printed.getvalue().splitlines()[0].rsplit(" ", 1)[1])


def test_turns_of_china_pages(shared: Path, tmp_path: Path) -> None:
    pages = sorted((shared / "corpus" / "mfa-cn-zh").glob("*.html"))[::3]
    assert score(shared, pages, tmp_path / "export.jsonl") >= 0.995


def test_turns_of_white_house_pages(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against the gold with its two faults mended, as docs/decisions/0002 tells."""
    monkeypatch.syspath_prepend(str(shared / "tools"))
    monkeypatch.syspath_prepend(str(BENCH))
    import gold_whitehouse

    for name in ("LABEL", "END"):
        monkeypatch.setattr(gold_whitehouse, name, getattr(gold_whitehouse, name))  # put back when the test ends
    from _gold import mend

    mend(gold_whitehouse)
    pages = sorted((shared / "corpus" / "whitehouse").glob("*.md"))[::3]
    assert score(shared, pages, tmp_path / "export.jsonl") >= 0.99


def test_the_seed(shared: Path) -> None:
    (path,) = (shared / "seed").glob("*.txt")
    edition = onrecord.read(path)
    assert (edition.kind, edition.source, edition.date, edition.people) == (
        "excerpt", "cn-mfa", "2023-07-26", ("Mao Ning",))  # fmt: skip
    exchanges = [exchange for exchange in edition.exchanges if exchange.n]
    assert [exchange.turns[0].outlet for exchange in exchanges] == [
        "CCTV", "Global Times", "China Daily", "CRI", "The Paper", "Shenzhen TV", "Beijing Youth Daily"]  # fmt: skip
    assert all([turn.role for turn in exchange.turns] == ["question", "answer"] for exchange in exchanges)
    assert all(exchange.turns[1].person == "Mao Ning" for exchange in exchanges)
    # every character of the questions and answers stands in some turn
    body = path.read_text("utf-8").split("Some Excerpts", 1)[1]
    said = "".join(edition.words(turn) for exchange in exchanges for turn in exchange.turns)
    for label in ("Mao Ning", *(exchange.turns[0].label for exchange in exchanges)):
        body = re.sub(rf"^{re.escape(str(label))}: ", "", body, flags=re.M)
    assert "".join(said.split()) == "".join(body.split())


def test_pages_without_meta_tags(shared: Path) -> None:
    pages = sorted((shared / "corpus" / "mfa-cn-zh").glob("0000-00-00_*.html"))
    editions = [onrecord.read(page) for page in pages]
    assert len(editions) == 9
    for edition in editions:
        assert (edition.source, edition.lang, edition.url) == ("cn-mfa", "zh", None)
        assert edition.date is not None
        assert edition.date.startswith("2022-01-")
        assert edition.published is not None
        assert edition.published.endswith("+08:00")
        assert edition.title is not None
        assert "外交部" in edition.title
        assert edition.people


@pytest.mark.parametrize(
    ("label", "person"),
    [
        ("MODEARTOR", "Moderator"),
        ("DR. WALESNKY", "Rochelle Walensky"),
        ("MR. SULLICAN", "Jake Sullivan"),
        ("MS. DALOTON", "Olivia Dalton"),
        ("SECRETARY BUTTITGIEG", "Pete Buttigieg"),
        ("THE PRESIDNET", "Joe Biden"),
    ],
)
def test_misspelt_labels_are_the_person_who_is_meant(shared: Path, label: str, person: str) -> None:
    pages = [p for p in (shared / "corpus" / "whitehouse").glob("*.md") if f"{label}:" in p.read_text("utf-8")]
    assert pages
    for page in pages:
        people = {turn.person for turn in onrecord.read(page).turns if turn.label == label}
        assert people == {person}


def spans_hold(edition: Edition) -> bool:
    at = 0
    for turn in edition.turns:
        if not at <= turn.start <= turn.end <= len(edition.text):
            return False
        at = turn.end
    return True


def test_spans_and_numbers_of_every_tenth_page(shared: Path) -> None:
    pages = [*(shared / "corpus" / "mfa-cn-zh").glob("*.html"), *(shared / "corpus" / "whitehouse").glob("*.md")]
    for page in sorted(pages)[::10]:
        edition = onrecord.read(page)
        assert spans_hold(edition), page.name
        assert [turn.n for turn in edition.turns] == list(range(1, len(edition.turns) + 1))
        numbers = sorted({turn.exchange for turn in edition.turns})
        assert numbers in (list(range(len(numbers))), list(range(1, len(numbers) + 1))), page.name
        assert all(turn.exchange for turn in edition.turns if turn.role == "question"), page.name


def test_versions_of_a_page_are_revisions_of_one_edition(shared: Path, tmp_path: Path) -> None:
    folders = sorted(path for path in (shared / "corpus" / "whitehouse-revisions").iterdir() if path.is_dir())[::12]
    with onrecord.open(tmp_path / "record") as record:
        for folder in folders:
            rows = record.add_all(*sorted(folder.iterdir()))
            assert len({row.edition for row in rows}) == 1, folder.name
            assert {row.status for row in rows[1:]} <= {"revised", "unchanged"}, folder.name
        assert record.verify().ok
