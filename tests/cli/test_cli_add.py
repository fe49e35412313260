"""``onrecord add``."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from datetime import date
from pathlib import Path

from harbour import (
    CHINESE,
    EN,
    ENGLISH,
    PROGRAM,
    ZH,
    Run,
    english_of,
    environment,
    process,
)


def test_add_prints_a_line_for_each_page_and_a_summary(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ENGLISH)
    (tmp_path / "b.html").write_text(CHINESE)
    said = run("add", "a.md", "b.html")
    assert said.status == 0
    assert said.err == ""
    assert said.out.splitlines() == [f"added      {EN}  a.md", f"added      {ZH}  b.html", "2 added"]
    (tmp_path / "a.md").write_text(ENGLISH.replace("salt", "sugar"))
    assert run("add", "a.md", "b.html").out.splitlines() == [
        f"revised    {EN}@2  a.md",
        f"unchanged  {ZH}@1  b.html",
        "1 revised, 1 unchanged",
    ]


def test_add_in_json_is_a_line_for_each_input(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ENGLISH)
    said = run("add", "a.md", "nowhere.html", "--json")
    assert said.status == 1
    assert said.lines == [
        {"input": "a.md", "status": "added", "edition": EN, "revision": 1, "error": None},
        {"input": "nowhere.html", "status": "failed", "edition": None, "revision": None, "error": "does not exist"},
    ]
    assert [list(line) for line in said.lines] == [["input", "status", "edition", "revision", "error"]] * 2
    assert said.err == "onrecord: nowhere.html: does not exist\n"


def test_add_reads_standard_input(tmp_path: Path) -> None:
    ran = process("add", "-", "--json", cwd=tmp_path, input=ENGLISH.encode())
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["edition"] == EN


def test_add_takes_source_and_kind_by_hand(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Some Excerpts\n\nThe one canal policy stands.")
    said = run("add", "a.txt", "--source", "un-noon", "--edition", "excerpt", "--json")
    assert re.fullmatch(r"un-noon/undated-[0-9a-f]{12}/en\.excerpt-1", said.lines[0]["edition"])


def test_quiet_add_speaks_of_failures_only(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ENGLISH)
    said = run("add", "-q", "a.md", "nowhere")
    assert (said.status, said.out, said.err) == (1, "", "onrecord: nowhere: does not exist\n")


def test_add_goes_on_when_nobody_reads_its_lines(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for day in range(1, 29):
        (pages / f"{day}.md").write_text(english_of(date(2031, 2, day)))
    command = f"{shlex.join(PROGRAM)} add pages | true"
    ran = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, env=environment(), check=False)
    assert ran.stderr == b""
    assert json.loads(process("stats", "--json", cwd=tmp_path).stdout)["editions"] == 28


def test_options_that_a_page_on_record_does_not_get_are_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("LIVE\n\nThe one canal policy stands.")
    (row,) = run("add", "a.txt", "--json").lines
    assert run("add", "a.txt", "--edition", "official").err == ""
    for option in (["--source", "un-noon"], ["--edition", "wire"], ["--occasion", "un-noon/2031-05-06"]):
        said = run("add", "a.txt", *option)
        assert said.status == 0
        assert said.err == (
            f"onrecord: a.txt: on record already as {row['edition']}, and left there; "
            "`onrecord occasion move` moves it\n"
        )
