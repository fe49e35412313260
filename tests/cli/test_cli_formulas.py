"""``onrecord formulas``."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from harbour import Run, rows_of

from onrecord.formulas.model import Filler, Mined, Silence, Template, Use, Week


def a_row(n: int, **more: Any) -> Mined:
    row: dict[str, Any] = {
        "formula": f"the canal stays open {n}", "lang": "en", "source": "xv-mfa", "count": 1200 + n, "occasions": 40,
        "speakers": 2, "years": 2, "first": "2031-01-02", "last": "2032-03-04", "first_id": "xv-mfa/2031-01-02/en#1",
        "last_id": "xv-mfa/2032-03-04/en#2", "tier": "warm", "trend": "steady", "score": 0.5,
    }  # fmt: skip
    return Mined(**row | more)


Asked = list[dict[str, Any]]


@pytest.fixture
def mined(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Any]], Asked]:
    """Makes every record give these rows, and remembers what was asked."""

    def giving(rows: list[Any]) -> Asked:
        asked: Asked = []

        def formulas(_: object, **arguments: Any) -> list[Any]:
            asked.append(arguments)
            limit, offset = arguments.get("limit"), arguments.get("offset", 0)
            return rows[offset:] if limit is None else rows[offset : offset + limit]

        for method in ("formulas", "templates", "ladder"):
            monkeypatch.setattr(f"onrecord.record.Record.{method}", formulas)
        return asked

    return giving


def test_formulas_have_the_shape_of_the_contract(run: Run, harbour: Path, mined: Any) -> None:
    asked = mined([a_row(n) for n in range(60)])
    rows = run("--record", harbour, "formulas", "--json", "--source", "xv-mfa").json
    assert len(rows) == 50
    assert list(rows[0])[:7] == ["formula", "lang", "count", "first", "last", "tier", "trend"]
    assert (rows[0]["source"], rows[0]["occasions"], rows[0]["silence"]) == ("xv-mfa", 40, None)
    assert asked[0]["source"] == "xv-mfa"
    assert asked[0]["occasions"] == 5
    assert len(run("--record", harbour, "formulas", "--json", "--limit", "2", "--offset", "59").json) == 1


def test_formulas_are_mined_from_the_record(run: Run, harbour: Path) -> None:
    rows = run("--record", harbour, "formulas", "--json").json
    assert any("one canal policy" in row["formula"] and row["count"] == row["occasions"] == 5 for row in rows)
    assert run("--record", harbour, "formulas", "--new", "2032", "--json").json == []
    assert run("--record", harbour, "formulas", "--occasions", "6", "--json").json == []
    assert "None found" in run("--record", harbour, "formulas", "--templates").out
    assert "None found" in run("--record", harbour, "formulas", "--ladder", "--about", "Japan").out


def test_formulas_are_printed_in_columns(run: Run, harbour: Path, mined: Any) -> None:
    mined([a_row(1), a_row(2, formula="运河畅通", lang="zh", tier=None), a_row(3)])
    lines = run("--record", harbour, "formulas", "--limit", "2").out.splitlines()
    assert lines[0] == "Phrases of 5 occasions or more, the most formulaic first"
    assert lines[1].split() == ["source", "lang", "times", "occasions", "first", "last", "tier", "trend", "formula"]
    assert lines[2].endswith("warm  steady  the canal stays open 1")
    assert lines[3].endswith("      steady  运河畅通")
    assert lines[-1] == "2 rows from 1 on; there are more (--limit, --offset)"
    mined([a_row(1)])
    lines = run("--record", harbour, "formulas").out.splitlines()
    assert lines[1].split()[0] == "times"
    assert len(lines) == 3
    mined([])
    assert run("--record", harbour, "formulas").out.splitlines()[-1] == "None found"


def test_what_was_dropped_tells_the_silence_and_the_rate_of_false_alarms(run: Run, harbour: Path, mined: Any) -> None:
    silence = Silence(since="2032-03-04", occasions=120, usual=0.25, needed=30, p=0.00012)
    asked = mined([a_row(1, trend="dropped", silence=silence)])
    lines = run("--record", harbour, "formulas", "--dropped", "2032-03-05").out.splitlines()
    assert asked[0]["dropped"] == "2032-03-05"
    assert "(tested; at most 5% of them are expected to be by chance)" in lines[0]
    assert re.search(r"tier +silent since +occasions since +needed +usual in 1 of +p +formula$", lines[1])
    assert re.search(r"warm +2032-03-04 +120 +30 +4\.0 +0\.00012 +the canal", lines[2])
    for option, trend in (("--rising", "rising"), ("--fading", "fading")):
        run("--record", harbour, "formulas", option)
        assert asked[-1]["trend"] == trend
    assert "at the top those with the trend new" in run("--record", harbour, "formulas", "--new", "2032").out
    assert asked[-1]["new"] == "2032"


def test_a_table_of_formulas_has_all_rows(run: Run, harbour: Path, mined: Any) -> None:
    silence = Silence(since="2032-03-04", occasions=120, usual=0.25, needed=30, p=0.5)
    mined([a_row(n) for n in range(60)] + [a_row(61, silence=silence)])
    header, *rows = rows_of(run("--record", harbour, "formulas", "--table", "-").out)
    assert len(rows) == 61
    assert header[:4] == ["formula", "lang", "source", "count"]
    assert rows[0][-5:] == ["", "", "", "", ""]
    assert rows[-1][-5:] == ["2032-03-04", "120", "0.25", "30", "0.5"]


def test_templates_show_what_filled_them(run: Run, harbour: Path, mined: Any) -> None:
    fillers = tuple(Filler(text=f"word {n}", count=20 - n) for n in range(10))
    slot = Template(
        formula="we regret ___", lang="en", source="xv-mfa", count=100, occasions=30, different=1012, fillers=fillers
    )
    asked = mined([slot])
    out = run("--record", harbour, "formulas", "--templates").out
    assert asked[0]["occasions"] == 5
    assert "we regret ___    1,012  word 0 20, word 1 19, " in out
    assert ", and 1,004 more" in out
    assert run("--record", harbour, "formulas", "--templates", "--json").json[0]["fillers"][0] == {
        "text": "word 0",
        "count": 20,
    }
    assert rows_of(run("--record", harbour, "formulas", "--templates", "--table", "-").out)[1][-1].startswith(
        "word 0 (20); word 1 (19)"
    )


@pytest.mark.parametrize("about", ["JP", "jp", "Japan", "日本"])
def test_the_ladder_is_of_a_country_by_any_of_its_names(
    run: Run, harbour: Path, mined: Any, about: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use = Use(
        date="2031-05-06", id="xv-mfa/2031-05-06/en#1", edition="xv-mfa/2031-05-06/en", turn=2, role="answer",
        label="MS. MARSH", person="Odile Marsh", start=3, end=9, text="We deplore it.",
    )  # fmt: skip
    weeks = []
    for n in [*range(1, 10), 12, 53]:
        monday = date(2031, 1, 6) + timedelta(weeks=n - 1)
        week = f"{monday:%G-W%V}"
        weeks.append(
            Week(week=week, from_=str(monday), source="xv-mfa", about="JP", rung=n % 8 + 1, name="deplored",
                 formula="deplore", uses=2, use=use)
        )  # fmt: skip
    asked = mined(weeks[:-1])
    lines = run("--record", harbour, "formulas", "--ladder", "--about", about).out.splitlines()
    assert asked[0]["about"] == "JP"
    assert lines[:3] == [
        "Highest rung of the ladder of escalation about Japan, week by week",
        "By week, 2031-01-06 to 2031-03-24; █ is rung 8, · none",
        "  ▂▃▄▅▆▇█▁▂··▅  xv-mfa",
    ]
    assert len(lines) == 4 + 10
    assert re.search(r"2031-W02 +2 deplored +2 +deplore +xv-mfa/2031-05-06/en#1 +We deplore it\.", "\n".join(lines))
    assert len(run("--record", harbour, "formulas", "--ladder", "--about", about, "--limit", "3", "--json").json) == 3
    mined(weeks)
    monkeypatch.setenv("COLUMNS", "50")
    lines = run("--record", harbour, "formulas", "--ladder", "--about", about).out.splitlines()
    assert lines[1:3] == ["By month, 2031-01 to 2032-01; █ is rung 8, · none", "  ▅█▅·········▆  xv-mfa"]
    row = run("--record", harbour, "formulas", "--ladder", "--about", about, "--json").json[0]
    assert (row["week"], row["from"]) == ("2031-W02", "2031-01-06")
