"""The program itself: help, completion, wrong usage, where the record is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from harbour import (
    EN,
    Run,
    environment,
)


def test_help_names_every_command_and_gives_examples(run: Run) -> None:
    said = run("--help")
    assert said.status == 0
    commands = "add search show export history diff compare omissions formula formulas verify prove head stats cite"
    for command in commands.split():
        assert re.search(rf"│ {command} +[A-Z]", said.out), command
        one = run(command, "--help")
        assert one.status == 0
        assert f"\n  onrecord {command}" in one.out, command
        assert "--record" in one.out
        assert "--json" in one.out
    for later in ("gather", "serve"):
        assert not re.search(rf"│ {later} ", said.out)


def test_version(run: Run) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", run("--version").out)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_the_commands_and_their_options(run: Run, shell: str) -> None:
    script = run("completion", shell)
    assert script.status == 0
    for word in ("search", "verify", "all-revisions", "formulas", "dropped"):
        assert word in script.out


def test_bash_accepts_the_completion_script(run: Run) -> None:
    script = run("completion", "bash").out
    subprocess.run(["bash", "-n"], input=script.encode(), check=True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["add"],
        ["add", "--speed", "9"],
        ["add", "x.html", "--jobs", "0"],
        ["add", "x.html", "--jobs", "many"],
        ["add", "x.html", "--source", "nobody"],
        ["add", "x.html", "--edition", "Not A Kind"],
        ["show"],
        ["show", "not-an-id"],
        ["search", "tariff", "--limit", "-1"],
        ["search", "tariff", "--offset", "-1"],
        ["search", "tariff", "--limit", "ten"],
        ["search", "tariff", "--limti", "3"],
        ["search", "tariff", "--in", "sermon"],
        ["search", "tariff", "--since", "last year"],
        ["search", "tariff", "--since", "2031-02-30"],
        ["search", "tariff", "--until", "20310506"],
        ["search", "tariff", "--since", "2031-05", "--until", "2030"],
        ["export", "--since", "2031-05-07", "--until", "2031-05-06"],
        ["export", "--out", "--json"],
        ["search", "tariff", "--record"],
        ["search", '""'],
        ["search", "?"],
        ["search", "x" * 5000],
        ["export", "--format", "docx"],
        ["export", "--excel"],
        ["export", "--format", "csv", "--json"],
        ["cite", f"{EN}:9-3"],
        ["cite", EN, "--format", "sonnet"],
        ["prove"],
        ["prove", EN, "--check", "proof.json"],
        ["prove", "--check", "--json"],
        ["history", EN, "--limit", "-1"],
        ["completion", "cmd"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_sentence_and_status_2(run: Run, shelf: Path, arguments: list[str]) -> None:
    said = run("--record", shelf, *arguments)
    assert said.status == 2
    assert said.out == ""
    assert re.fullmatch(r"onrecord: [^\n]+\n", said.err)


@pytest.mark.parametrize("arguments", [["--record"], ["--record="], ["--record", "a", "--record"]])
def test_a_record_without_a_folder_is_wrong_usage(run: Run, arguments: list[str]) -> None:
    assert run(*arguments) == (2, "", "onrecord: --record needs a folder\n")


def test_python_dash_m_gives_the_same_status(tmp_path: Path) -> None:
    for arguments, status in ((["--version"], 0), (["stats"], 1), (["nonsense"], 2)):
        done = subprocess.run(
            [sys.executable, "-m", "onrecord", *arguments], cwd=tmp_path, capture_output=True, env=environment()
        )
        assert done.returncode == status


def test_usage_names_the_arguments(run: Run) -> None:
    for command, arguments in (
        ("search", "[QUERY...]"),
        ("formula", "TEXT"),
        ("verify", "[ID]"),
        ("prove", "[ID]"),
        ("add", "PATH..."),
    ):
        assert run(command, "--help").out.startswith(f"Usage: onrecord {command} [OPTIONS] {arguments}\n")


@pytest.mark.parametrize("command", ["search", "stats", "head", "verify", "export"])
def test_reading_where_there_is_no_record_makes_none(run: Run, tmp_path: Path, command: str) -> None:
    said = run(command)
    assert (said.status, said.out) == (1, "")
    assert said.err == "onrecord: there is no record in record\n"
    assert list(tmp_path.iterdir()) == []


def test_the_record_is_named_before_or_after_the_command_or_by_theenvironment(
    run: Run, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = run("--record", shelf, "head", "--json").json["root"]
    assert run("head", "--json", "--record", shelf).json["root"] == root
    assert run(f"--record={shelf}", "head", "--json").json["root"] == root
    monkeypatch.setenv("ONRECORD_DIR", str(shelf))
    assert run("head", "--json").json["root"] == root
    assert run("head", "--json", "--record", "elsewhere").status == 1
    monkeypatch.delenv("ONRECORD_DIR")
    monkeypatch.chdir(shelf.parent)
    assert run("head", "--json").json["root"] == root


def test_a_fault_of_the_program_is_a_sentence_too(run: Run, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("onrecord.record.Record.head", broken)
    said = run("--record", shelf, "head")
    assert said.status == 1
    assert "ZeroDivisionError: by nought" in said.err
    monkeypatch.setenv("ONRECORD_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        run("--record", shelf, "head")
