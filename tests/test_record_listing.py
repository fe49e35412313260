"""Rows of the table of formulas, of any filters, say what the life of each formula says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.errors import BadQuery
from onrecord.record import Record

SPEAKERS = ("Odile Marsh", "Berta Bjork")
MONDAY = date(2031, 1, 6)


def page(n: int, words: str = "") -> tuple[str, bytes]:
    """The briefing of week n: two spokespeople by turns, and a reporter who says a formula of theirs in every third."""
    speaker = SPEAKERS[n % 2]
    surname = speaker.split()[1].upper()
    quoted = "You stand by the spirit of the old accord?" if n % 3 == 0 else "And the fish?"
    lines = [
        f"MS. {surname}:  Good morning. {words}",
        f"Q  {quoted}",
        f"MS. {surname}:  We stand by the spirit of the old accord. Salt is dear in week {n}.",
        "Q  And the boats?",
        f"MS. {surname}:  " + ("Our boats stay where they are." if n < 20 else "Nothing to be said about any boats."),
    ]
    head = f"---\ntitle: Press Briefing by Press Secretary {speaker}\ndate: '{MONDAY + timedelta(weeks=n)}'\n---\n\n"
    return f"page-{n}.md", f"{head}{chr(10).join(line + chr(10) for line in lines)}".encode()


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    with onrecord.open(tmp_path_factory.mktemp("norland") / "record") as record:
        for n in range(40):
            record.add(page(n))
        yield record


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"since": "2031-06"},
        {"until": "2031-06"},
        {"since": "2031-03", "until": "2031-09"},
        {"kind": "official"},
        {"outlet": "Reuters"},
        {"lang": "en"},
        {"latest": False},
    ],
    ids=str,
)
def test_a_row_is_as_the_life_of_its_formula(record: Record, filters: dict[str, Any]) -> None:
    rows = record.formulas(limit=None, **filters)
    assert rows or "outlet" in filters
    for row in rows:
        life = record.formula(row.formula, source=row.source, **{"lang": row.lang} | filters)
        assert (row.count, row.occasions, row.years) == (life.total, life.occasions, len(life.by_year))
        assert life.first
        assert life.last
        assert (row.first, row.first_id, row.last, row.last_id) == (
            life.first.date, life.first.id, life.last.date, life.last.id,
        )  # fmt: skip
        assert row.tier == life.tier


def test_persons_have_rows_of_their_own(record: Record) -> None:
    assert set(record.formula("stand by the spirit").by_person) == set(SPEAKERS)
    for person in SPEAKERS:
        (row,) = [row for row in record.formulas(person=person) if "spirit of the old accord" in row.formula]
        life = record.formula(row.formula, person=person)
        assert (row.count, row.occasions, row.speakers) == (life.total, life.occasions, 1)
        assert row.tier == life.tier == "boiling"  # of her own briefings


def test_rows_may_be_passed_over(record: Record) -> None:
    every = record.formulas(limit=None)
    assert len(every) > 2
    for offset in range(len(every) + 1):
        assert record.formulas(limit=1, offset=offset) == every[offset : offset + 1]


def test_dropped_tells_since_when(record: Record) -> None:
    (row,) = [row for row in record.formulas(dropped="2031-06") if "boats stay" in row.formula]
    assert row.silence
    assert row.silence.since == row.last == str(MONDAY + timedelta(weeks=19))


def test_what_is_no_text_is_refused(record: Record) -> None:
    filters: list[dict[str, Any]] = [{"since": MONDAY}, {"source": ["cn-mfa"]}, {"person": 3}]
    for given in filters:
        with pytest.raises(BadQuery, match=f"{next(iter(given))} is a text, not "):
            record.formula("boats", **given)
        with pytest.raises(BadQuery):
            record.formulas(**given)


def test_the_ladder_shows_the_use_that_counts(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_bytes(page(1, "Norway is not concerned. We are concerned about Norway.")[1])
    with onrecord.open(tmp_path / "record") as record:
        record.add(tmp_path / "page.md")
        (week,) = record.ladder("Norway")
        assert week == record.ladder("NO")[0] == record.ladder("挪威")[0]
        assert (week.about, week.uses) == ("NO", 1)
        assert week.use.text == "We are concerned about Norway."
