"""``onrecord formula`` and ``formulas``."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from harbour import CHINESE, PROGRAM, Run, english_of, environment, on_a_terminal

import onrecord
from onrecord.cli.grid import print_grid
from onrecord.cli.sparkline import sparkline
from onrecord.formulas.model import Filler, Mined, Silence, Template, Use, Week
from onrecord.reading.fold import fold

DAYS = [date(2031, 5, 6), date(2031, 5, 8), date(2031, 7, 1), date(2032, 2, 3), date(2032, 12, 24)]
PHRASE = "The one canal policy stands"
"""In an answer of each day; the question before has its first four words."""


@pytest.fixture(scope="module")
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


def rows_of(text: str, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text), delimiter=separator))


# ---------------------------------------------------------------- one formula


def test_formula_has_the_shape_of_the_contract_and_counts_as_brute_force_does(run: Run, harbour: Path) -> None:
    life = run("--record", harbour, "formula", "ONE canal  policy", "--json").json
    assert list(life)[:9] == [
        "formula", "total", "turns", "first", "last", "by_year", "by_source", "tier", "variants",
    ]  # fmt: skip
    with onrecord.open(harbour, create=False) as record:
        counted = sum(fold(edition.text).count("one canal policy") for edition in record.editions())
    assert life["total"] == counted == 2 * len(DAYS)
    assert life["turns"] == life["exchanges"] * 2 == counted
    assert life["by_year"] == {"2031": 6, "2032": 4}
    assert life["by_source"] == {"us-whitehouse": counted}
    assert (life["first"]["date"], life["first"]["id"]) == ("2031-05-06", "us-whitehouse/2031-05-06/en#2")
    assert (life["last"]["date"], life["last"]["id"]) == ("2032-12-24", "us-whitehouse/2032-12-24/en#2")
    assert life["by_role"] == {"question": 5, "answer": 5}
    assert life["unnamed"]["person"] == life["total"] - sum(life["by_person"].values())


def test_the_page_tells_the_life(run: Run, harbour: Path) -> None:
    said = run("--record", harbour, "formula", PHRASE, "--lang", "en")
    assert said.status == 0
    lines = said.out.splitlines()
    assert lines[0] == PHRASE
    assert lines[1] == "5 occurrences in 5 turns, 5 exchanges, 5 occasions"
    looked = r"[\d,.]+ for each million words; looked through: \d+ words of 5 editions in en, 2031-05-06 to 2032-12-24"
    assert re.fullmatch(looked, lines[2])
    assert lines[3] == "Filters: in en"
    first = next(n for n, line in enumerate(lines) if line.startswith("First"))
    assert lines[first] == "First  2031-05-06  MS. MARSH → Odile Marsh (answer)"
    assert lines[first + 1] == "       (what was looked through begins on 2031-05-06: it may be older)"
    assert lines[first + 2] == "       The one canal policy stands."
    assert re.fullmatch(r"       us-whitehouse/2031-05-06/en#2:\d+-\d+", lines[first + 3])
    assert any(line.startswith("Last   2032-12-24") for line in lines)
    spark = next(n for n, line in enumerate(lines) if line.startswith("By month, 2031-05 to 2032-12; █ is "))
    assert "· none, blank: no text looked through" in lines[spark]
    drawn = lines[spark + 1][2:]
    assert [at for at, block in enumerate(drawn) if block == "█"] == [0, 2, 9, 19]
    assert drawn.replace("█", "").strip() == ""
    assert lines[spark + 2].strip() == "2031    2032"
    assert any(line.split()[:4] == ["2031", "from", "05-06", "3"] for line in lines)
    assert any(line.split()[:2] == ["2032", "2"] for line in lines)
    assert any(re.fullmatch(r"  in        answer 5 \([\d,.]+\)", line) for line in lines)
    assert any(line.startswith("  said by   Odile Marsh 5 (") for line in lines)


def test_a_year_with_enough_briefings_has_a_tier(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    for month in range(1, 13):
        (tmp_path / "pages" / f"{month}.md").write_text(english_of(date(2031, month, 5)))
    assert run("add", "pages", "--quiet").status == 0
    life = run("formula", PHRASE, "--json").json
    assert life["tiers"] == [{"year": "2031", "tier": 1, "name": life["tier"], "used": 12, "held": 12}]
    lines = run("formula", PHRASE).out.splitlines()
    assert f"Tier in 2031 (to 12-05): 1 of 6, {life['tier']}" in lines[3]
    assert any(
        line.startswith("  2031 to 12-05 ")
        and line.split()[3] == "12"
        and line.split()[-4:] == ["12", "12", "1", life["tier"]]
        for line in lines
    )


def test_several_arguments_are_one_phrase(run: Run, harbour: Path) -> None:
    for arguments in (["one canal policy"], ["one", "canal", "policy"]):
        assert run("--record", harbour, "formula", *arguments, "--json").json["total"] == 10
    assert run("--record", harbour, "formula", "一条运河", "--json").json["total"] == 1
    assert run("--record", harbour, "formula", "-canal", "--json").json["total"] == 0


def test_a_phrase_that_is_nowhere_is_no_error(run: Run, harbour: Path) -> None:
    said = run("--record", harbour, "formula", "two canal policies", "--lang", "en")
    assert said.status == 0
    looked = r"\d+ words of 5 editions in en, 2031-05-06 to 2032-12-24"
    assert re.match(rf"two canal policies\nNowhere in the {looked} looked through\n", said.out)
    life = run("--record", harbour, "formula", "two canal policies", "--json").json
    assert (life["total"], life["first"], life["last"]) == (0, None, None)
    assert run("--record", harbour, "formula", "two canal policies", "--by", "month").status == 0
    near = run("--record", harbour, "formula", "the one canal policies stands").out
    assert "\nNear it, one word changed\n" in near
    assert re.search(r"5 +5 +▆█ +2031 to 2032 +policies > policy +the one canal policy stands$", near, re.MULTILINE)


@pytest.mark.parametrize("by", ["year", "month", "source", "person", "outlet", "role", "target", "lang"])
def test_formula_by_prints_one_table(run: Run, harbour: Path, by: str) -> None:
    said = run("--record", harbour, "formula", PHRASE, "--by", by)
    assert said.status == 0
    assert "First" not in said.out
    table = said.out.splitlines()[4:]
    if by in ("outlet", "target"):
        assert [line.split() for line in table] == [[by, "occurrences"], ["none", "named", "5"]]
    else:
        assert table[0].split()[:2] == [by, "occurrences"]


def test_the_table_by_month_has_the_months_between_too(run: Run, harbour: Path) -> None:
    said = run("--record", harbour, "formula", PHRASE, "--by", "month", "--table", "-")
    header, *rows = rows_of(said.out)
    assert header == ["month", "occurrences", "words", "per_million"]
    assert len(rows) == 20
    assert rows[1] == ["2031-06", "0", "0", ""]
    assert [row[0] for row in rows if row[1] != "0"] == ["2031-05", "2031-07", "2032-02", "2032-12"]
    assert float(rows[2][3]) == pytest.approx(1e6 / int(rows[2][2]), rel=1e-4)
    shown = run("--record", harbour, "formula", PHRASE, "--by", "month", "--limit", "2").out.splitlines()
    assert shown[-1] == "  18 more rows (--limit 2)"


def test_a_table_is_a_file_by_its_ending(run: Run, harbour: Path, tmp_path: Path) -> None:
    said = run("--record", harbour, "formula", PHRASE, "--table", "years.tsv")
    assert said.out.startswith(PHRASE)
    header, *rows = rows_of((tmp_path / "years.tsv").read_text(), "\t")
    assert header[:4] == ["year", "occurrences", "words", "per_million"]
    assert header[4:] == ["answered_in", "of_occasions", "tier", "tier_name"]
    assert [row[:2] for row in rows] == [["2031", "3"], ["2032", "2"]]
    run("--record", harbour, "formula", PHRASE, "--by", "person", "--table", "who.csv", "--excel")
    assert (tmp_path / "who.csv").read_bytes().startswith(b"\xef\xbb\xbfperson,occurrences")


@pytest.mark.parametrize("name", ["life.svg", "life.png", "Life.SVG"])
def test_plot_writes_a_picture(run: Run, harbour: Path, tmp_path: Path, name: str) -> None:
    said = run("--record", harbour, "formula", PHRASE, "--plot", name)
    assert said.status == 0
    assert said.out.startswith(PHRASE)
    picture = (tmp_path / name).read_bytes()
    assert picture.startswith(b"\x89PNG" if name.endswith("png") else b"<?xml")
    if not name.endswith("png"):
        root = run("--record", harbour, "head", "--json").json["root"]
        assert f"ledger root {root[:12]}" in picture.decode()
        assert picture.count(b'id="rate-') == 20
        run("--record", harbour, "formula", PHRASE, "--plot", name, "--by", "year")
        assert (tmp_path / name).read_bytes().count(b'id="rate-') == 2


def test_without_matplotlib_nothing_is_written(
    run: Run, harbour: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    said = run("--record", harbour, "formula", PHRASE, "--plot", "life.svg")
    assert (said.status, said.out) == (1, "")
    assert said.err.endswith("which is not installed: pip install 'onrecord[plot]'\n")
    assert list(tmp_path.iterdir()) == []


def test_formula_imports_no_more_than_it_needs(harbour: Path) -> None:
    heavy = ["matplotlib", "lxml", "trafilatura", "alembic", "rich", "pymerkle", "docx", "pypdfium2", "jinja2"]
    code = (
        "import sys; from onrecord.cli import main; status = main(sys.argv[1:]); "
        f"print(status, [name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "formula", PHRASE, "--record", str(harbour)]
    assert subprocess.run(command, capture_output=True, env=environment(), check=True).stderr == b"0 []\n"


def test_where_there_are_no_blocks_the_line_is_made_of_digits(harbour: Path) -> None:
    command = [*PROGRAM, "formula", PHRASE, "--record", str(harbour)]
    ran = subprocess.run(command, capture_output=True, env=environment(PYTHONIOENCODING="ascii"), check=True)
    lines = ran.stdout.decode("ascii").splitlines()
    spark = next(n for n, line in enumerate(lines) if line.startswith("By month"))
    assert "8 is " in lines[spark]
    assert ", . none" in lines[spark]
    assert re.fullmatch(r"  [1-8] [1-8] {6}[1-8] {9}[1-8]", lines[spark + 1])


def test_on_a_terminal_the_phrase_is_marked_and_lines_fit(harbour: Path) -> None:
    shown = on_a_terminal(["--record", str(harbour), "formula", PHRASE], COLUMNS="60")
    assert f"\x1b[1;33m{PHRASE}\x1b[0m." in shown
    shown = on_a_terminal(["--record", str(harbour), "formula", "canal", "--limit", "1"], COLUMNS="60", NO_COLOR="1")
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ["formula"],
        ["formula", ""],
        ["formula", " "],
        ["formula", "canal", "--speed", "9"],
        ["formula", "canal", "--by", "mood"],
        ["formula", "canal", "--limit", "-1"],
        ["formula", "canal", "--since", "soon"],
        ["formula", "canal", "--plot", "life.pdf"],
        ["formula", "canal", "--plot", "life"],
        ["formula", "canal", "--plot", "--json"],
        ["formula", "canal", "--plot", "-"],
        ["formula", "canal", "--table", "life.xlsx"],
        ["formula", "canal", "--table", "-", "--json"],
        ["formula", "canal", "--excel"],
        ["formulas", "--new", "2031", "--dropped", "2031"],
        ["formulas", "--rising", "--fading"],
        ["formulas", "--templates", "--new", "2031"],
        ["formulas", "--new", "2031-13"],
        ["formulas", "--dropped", "yesterday"],
        ["formulas", "--ladder"],
        ["formulas", "--about", "JP"],
        ["formulas", "--ladder", "--about", "Atlantis"],
        ["formulas", "--occasions", "1"],
        ["formulas", "--limit", "-1"],
        ["formulas", "--offset", "-1"],
        ["formulas", "--excel"],
        ["formulas", "--table", "rows.doc"],
        ["formulas", "canal"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_sentence_and_status_2(
    run: Run, harbour: Path, tmp_path: Path, arguments: list[str]
) -> None:
    said = run("--record", harbour, *arguments)
    assert (said.status, said.out) == (2, "")
    assert re.fullmatch(r"onrecord: [^\n]+\n", said.err)
    assert list(tmp_path.iterdir()) == []


def test_what_a_command_does_not_take_is_said(run: Run) -> None:
    assert run("formulas", "canal", "lock").err == "onrecord: this command takes no canal lock there (see --help)\n"


@pytest.mark.parametrize("command", [["formula", "canal"], ["formulas"]])
def test_where_there_is_no_record_none_is_made(run: Run, tmp_path: Path, command: list[str]) -> None:
    assert run(*command) == (1, "", "onrecord: there is no record in record\n")
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- the table of formulas


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


# ---------------------------------------------------------------- lines and columns


@pytest.mark.parametrize(
    ("values", "blocks", "line"),
    [
        ([], True, ""),
        ([0, 0.01, 1, 4, 8, None], True, "·▁▁▄█ "),
        ([0, 0.01, 1, 4, 8, None], False, ".1148 "),
        ([0, 0], True, "··"),
    ],
)
def test_sparkline(values: list[float | None], blocks: bool, line: str) -> None:
    assert sparkline(values, blocks=blocks) == line


def test_where_the_line_is_short_columns_give_way_to_the_formula(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    names, phrase = ("times", "first", "tier", "formula"), "the canal stays open to all ships of all harbours"
    for width, shown in (
        (80, "times  first       tier  formula"),
        (60, "times  tier  formula"),
        (44, "times  formula"),
    ):
        monkeypatch.setenv("COLUMNS", str(width))
        print_grid(names, [(12, "2031-01-02", "warm", phrase)], spare=("first", "tier"))
        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == shown
        assert len(lines[1]) <= width
        assert "the canal stays open to all ships" in lines[1]


def test_a_grid_is_aligned_by_width_and_leaves_empty_columns_out(capsys: pytest.CaptureFixture[str]) -> None:
    print_grid(("name", "n", "never", "rate"), [("运河", 1234, None, 1.25), ("canal\x1b", 5, None, None)], indent=1)
    assert capsys.readouterr().out.splitlines() == [
        " name        n  rate",
        " 运河    1,234   1.2",
        " canal\ufffd      5",
    ]


# ---------------------------------------------------------------- filters


def test_what_is_asked_for_is_named_and_what_nothing_fits_too(run: Run, harbour: Path, tmp_path: Path) -> None:
    picture = ["--plot", "life.svg"]
    said = run("--record", harbour, "formula", PHRASE, "--person", "Odile Marsh", "--since", "2031-07", *picture)
    assert "Filters: said by Odile Marsh, from 2031-07-01" in said.out.splitlines()
    assert "said by Odile Marsh, from 2031-07-01   ·   2031-07-01 to 2032-12-24" in (tmp_path / "life.svg").read_text()
    for option, value, more in (
        ("--source", "us-whitehous", "; it has us-whitehouse ("),
        ("--person", "Marsh,", ""),
        ("--person", "marsh", "; it has Odile Marsh ("),
        ("--lang", "xx", "; it has en ("),
        ("--edition", "excerpt", ""),
    ):
        for command in (["formula", "canal"], ["formulas", "--json"]):
            said = run("--record", harbour, *command, option, value)
            assert said.status == 0
            assert said.err.startswith(f"onrecord: nothing on the record fits {option} '{value}'{more}")
    said = run("--record", harbour, "formula", "canal", "--lang", "zh", "--person", "Odile Marsh")
    assert "Nothing was looked through: no text fits\n" in said.out
    assert said.err == ("onrecord: nothing on the record fits all of these together: --lang zh --person Odile Marsh\n")
    assert run("--record", harbour, "formula", "nowhere").err == ""


def test_editions_of_one_kind_only(run: Run, harbour: Path) -> None:
    life = run("--record", harbour, "formula", PHRASE, "--edition", "official", "--json").json
    assert (life["total"], life["filters"]) == (5, {"kind": "official"})
    assert (life["begins"], life["ends"]) == ("2031-05-06", "2032-12-24")
    assert run("--record", harbour, "formulas", "--edition", "official", "--json").json
