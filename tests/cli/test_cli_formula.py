"""``onrecord formula``, and what both ``formula`` and ``formulas`` refuse."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from harbour import DAYS, PHRASE, PROGRAM, Run, english_of, environment, on_a_terminal, rows_of

import onrecord
from onrecord.reading.fold import fold


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
