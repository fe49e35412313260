"""``onrecord occasion``, ``show`` of an occasion, and ``add --occasion``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from briefings import EVENING, MORNING, chinese, english
from harbour import Run

DAY = "xv-mfa/2031-05-06"


@pytest.fixture
def day(run: Run, tmp_path: Path) -> Path:
    """A folder with a record of two briefings of one day, the first in two languages."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for name, (_, data) in zip("abc", (chinese(MORNING), english(MORNING), english(EVENING)), strict=True):
        (pages / f"{name}.md").write_bytes(data)
    assert run("add", pages, "--source", "xv-mfa").status == 0
    return tmp_path / "record"


def test_occasions_are_listed_with_their_editions(run: Run, day: Path) -> None:
    said = run("occasion", "list")
    assert said.status == 0
    assert [line.split("  ")[0] or line.split("  ")[1] for line in said.out.splitlines()] == [
        DAY, "zh", "en", f"{DAY}.2", "en"]  # fmt: skip
    assert "3 exchanges" in said.out
    assert run("occasion", "list", "--limit", "1").out.count(DAY) == 1
    (first, second) = run("occasion", "list", "--json").json
    assert [e["id"] for e in first["editions"]] == [f"{DAY}/zh", f"{DAY}/en"]
    assert (second["id"], second["date"], second["country"]) == (f"{DAY}.2", "2031-05-06", "XV")
    assert run("occasion", "list", "--lang", "zh", "--json").json == [first]
    assert run("occasion", "list", "--since", "2032").out == ""


def test_moving_an_edition(run: Run, day: Path) -> None:
    said = run("occasion", "move", f"{DAY}/en", f"{DAY}.3")
    assert said == (0, f"{DAY}/en is now {DAY}.3/en; the old id leads to it\n", "")
    assert run("occasion", "move", f"{DAY}/en", f"{DAY}.3").out == (
        f"{DAY}.3/en is of {DAY}.3 already; nothing was changed\n"
    )
    assert run("occasion", "move", f"{DAY}.3/en", DAY, "--json").json == {
        "edition": f"{DAY}.3/en", "occasion": DAY, "to": f"{DAY}/en", "moved": True}  # fmt: skip
    assert run("occasion", "move", f"{DAY}/en", DAY, "--json").json["moved"] is False
    run("occasion", "move", f"{DAY}/en", f"{DAY}.2")
    assert run("show", f"{DAY}/en").out == run("show", f"{DAY}.2/en-2").out
    assert run("show", f"{DAY}/en#1", "--json").json["id"] == f"{DAY}.2/en-2"
    assert f"{DAY}.2/en-2" in run("cite", f"{DAY}/en").out + run("cite", f"{DAY}/en", "--format", "csl").out
    for command in ("history", "prove", "verify"):
        assert run(command, f"{DAY}/en").status == 0
    assert run("verify").status == 0
    assert [line["id"] for line in run("export").lines] == [f"{DAY}/zh", f"{DAY}.2/en", f"{DAY}.2/en-2"]


def test_an_occasion_is_shown_as_its_editions(run: Run, day: Path) -> None:
    assert [e["id"] for e in run("show", DAY, "--json").json["editions"]] == [f"{DAY}/zh", f"{DAY}/en"]
    assert f"{DAY}.2/en" in run("show", f"{DAY}.2").out
    assert run("show", f"{DAY}.9").status == 1


def test_an_occasion_said_by_hand(run: Run, day: Path, tmp_path: Path) -> None:
    (tmp_path / "undated.md").write_bytes(english((("", "", "Quite so?", "Quite so.", "", ""),), day=None)[1])
    said = run("add", "undated.md", "--edition", "excerpt", "--occasion", f"{DAY}.2", "--json")
    assert said.json["edition"] == f"{DAY}.2/en.excerpt-1"
    assert run("show", f"{DAY}.2/en.excerpt-1", "--json").json["date"] is None


@pytest.mark.parametrize(
    "arguments",
    [
        ["occasion", "move", f"{DAY}/en", "cn-mfa/2031-05-06"],
        ["occasion", "move", f"{DAY}/en@1", f"{DAY}.2"],
        ["occasion", "move", f"{DAY}/en", f"{DAY}/en"],
        ["occasion", "move", f"{DAY}/en", "xv-mfa/2031-02-30"],
        ["occasion", "move", f"{DAY}/en"],
        ["occasion", "remove", f"{DAY}/en"],
        ["occasion", "list", "--limit", "-1"],
        ["add", "pages", "--occasion", "tuesday"],
        ["add", "pages", "--occasion", DAY, "--source", "cn-mfa"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_sentence_and_status_2(run: Run, day: Path, arguments: list[str]) -> None:
    said = run(*arguments)
    assert (said.status, said.out) == (2, "")
    assert re.fullmatch(r"onrecord: [^\n]+\n", said.err)


def test_the_record_may_stand_anywhere_and_help_is_there(run: Run, day: Path) -> None:
    expected = run("occasion", "list").out
    for arguments in (
        ["--record", day, "occasion", "list"],
        ["occasion", "--record", day, "list"],
        ["occasion", "list", "--record", day],
        [f"--record={day}", "occasion", "list"],
    ):
        assert run(*arguments).out == expected
    for command in ("move", "list"):
        said = run("occasion", command, "--help")
        assert said.status == 0
        assert f"\n  onrecord occasion {command}" in said.out
        assert "--json" in said.out
    assert "list" in run("occasion", "--help").out
    assert run("occasion", "move", f"{DAY}.7/en", DAY).status == 1
