"""``onrecord search``."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from harbour import (
    CHINESE,
    EN,
    ZH,
    Run,
    environment,
    span_of,
)


def test_search_has_the_shape_of_the_contract(run: Run, shelf: Path) -> None:
    found = run("--record", shelf, "search", "tariffs", "--json").json
    assert list(found)[:4] == ["total", "took_ms", "facets", "hits"]
    assert list(found["facets"]) == ["source", "year", "outlet", "person", "lang"]
    assert found["total"] == 2
    question = next(hit for hit in found["hits"] if hit["role"] == "question")
    assert list(question)[:14] == [
        "id", "edition", "exchange", "turn", "date", "source", "label", "outlet", "person", "role", "score", "start",
        "end", "snippet",
    ]  # fmt: skip
    assert (question["id"], question["date"], question["source"]) == (f"{EN}#1", "2031-05-06", "us-whitehouse")
    assert "<mark>tariff</mark>" in question["snippet"]
    text = run("--record", shelf, "show", EN, "--json").json["text"]
    assert text[question["start"] : question["end"]] == "Will the tariff on salt be lifted?"
    assert [text[start:end] for start, end in question["matches"]] == ["tariff"]


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["关税"], [f"{ZH}#1", f"{ZH}#1"]),
        (["关税", "--in", "question"], [f"{ZH}#1"]),
        (["关税", "--outlet", "Reuters"], [f"{ZH}#1"]),
        (["关税", "--outlet", "路透社"], [f"{ZH}#1"]),
        (['"一条运河"'], [f"{ZH}#1"]),
        (['"no such tariff"'], [f"{EN}#1"]),
        (['"no tariff"'], []),
        (['"no tariff"', "--all-revisions"], [f"{EN}@1#1"]),
        (["tariff", "-salt"], [f"{EN}#1"]),
        (["-salt", "tariff"], [f"{EN}#1"]),
        (["--json", "--", "-salt", "tariff"], [f"{EN}#1"]),
        (["-salt tariff"], [f"{EN}#1"]),
        (["canal", "OR", "渡轮", "--in", "question"], [f"{EN}#2", f"{ZH}#2"]),
        (["tariff", "--country", "cn"], []),
        (["tariff", "--lang", "en", "--limit", "1"], [f"{EN}#1"]),
        (["关税", "--since", "2031-05-08"], []),
        (["关税", "--until", "2031", "--since", "2031-05", "--in", "answer"], [f"{ZH}#1"]),
        (["--source", "cn-mfa", "--offset", "3"], [f"{ZH}#2"]),
        (["tariff", "--limit", "0"], []),
    ],
)
def test_search_filters_and_queries(run: Run, shelf: Path, arguments: list[str], ids: list[str]) -> None:
    said = run("--record", shelf, "search", *([] if "--json" in arguments else ["--json"]), *arguments)
    assert said.status == 0
    assert sorted(hit["id"] for hit in said.json["hits"]) == sorted(ids)


def test_search_by_person_takes_any_spelling(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(CHINESE.replace("林若舟", "毛宁"))
    run("add", "page.html")
    for name in ("Mao Ning", "毛宁", "MAO NING"):
        assert run("search", "关税", "--person", name, "--json").json["total"] == 1


def test_search_for_people_has_no_colour_in_a_pipe(run: Run, shelf: Path) -> None:
    said = run("--record", shelf, "search", "tariff", "--in", "question")
    assert said.out.splitlines()[:4] == [
        "2031-05-06  us-whitehouse  Q (question)",
        "  Will the tariff on salt be lifted?",
        f"  {EN}#1:{span_of(shelf, 'Will the tariff on salt be lifted?')}",
        "",
    ]
    assert "\x1b" not in said.out
    assert re.search(r"^1 turn in \d+ ms$", said.out, re.MULTILINE)
    assert re.search(r"^  source  us-whitehouse 1$", said.out, re.MULTILINE)


def test_search_shows_what_a_label_resolves_to(run: Run, shelf: Path) -> None:
    assert "路透社记者 → Reuters (question)" in run("--record", shelf, "search", "运河").out


def test_search_shows_markup_of_a_page_as_it_was_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("MS. MARSH:  Write a < b & c > d in the margin, \x1b[31mred\u202e.")
    run("add", "a.txt")
    said = run("search", "margin")
    assert "a < b & c > d" in said.out
    assert "\x1b" not in said.out
    assert "\u202e" not in said.out


def test_search_by_meaning_says_that_it_is_not_there(run: Run, shelf: Path) -> None:
    said = run("--record", shelf, "search", "tariff", "--by", "meaning")
    assert said.status != 0
    assert "by words is" in said.err


def test_search_imports_nothing_that_it_does_not_need(shelf: Path) -> None:
    """A search from a cold process may take 0.4 s: these alone would cost more."""
    heavy = ["lxml", "trafilatura", "alembic", "sqlalchemy", "rich", "warcio", "pymerkle", "docx", "pypdfium2", "yaml"]
    code = (
        "import sys; from onrecord.cli import main; status = main(sys.argv[1:]); "
        f"print(status, [name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, "search", "关税", "--outlet", "GT", "--person", "毛宁", "--record", str(shelf)],
        capture_output=True,
        env=environment(),
        check=True,
    )
    assert ran.stderr == b"0 []\n"


@pytest.mark.parametrize(
    ("filter", "value", "instead"),
    [
        ("--source", "whitehouse", "us-whitehouse 4"),
        ("--lang", "english", "en 4"),
        ("--person", "Marsh", "Odile Marsh 2"),
        ("--outlet", "times", None),
    ],
)
def test_a_filter_in_the_way_is_told(run: Run, shelf: Path, filter: str, value: str, instead: str | None) -> None:
    said = run("--record", shelf, "search", "tariff OR canal", filter, value)
    first, *rest = said.out.splitlines()
    assert said.status == 0
    assert first.startswith("0 turns in ")
    assert rest == ([f"  without {filter} {value!r} there would be: {instead}"] if instead else [])
    assert run("--record", shelf, "search", "tariff", filter, value, "--json").json["hits"] == []
