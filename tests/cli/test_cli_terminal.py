"""The program on a terminal, and Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import time
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from harbour import (
    EN,
    ENGLISH,
    PROGRAM,
    Run,
    english_of,
    environment,
    on_a_terminal,
    process,
)

import onrecord


def test_on_a_terminal_there_is_colour_and_nowhere_else(shelf: Path) -> None:
    shown = on_a_terminal(["--record", str(shelf), "search", "tariff"])
    assert "\x1b[1;33mtariff\x1b[0m" in shown
    assert "\x1b[1mQ\x1b[0m" in on_a_terminal(["--record", str(shelf), "show", EN])
    assert "\x1b" not in on_a_terminal(["--record", str(shelf), "search", "tariff"], NO_COLOR="1")


def test_show_wraps_to_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("MS. MARSH:  " + "The one canal policy stands. " * 20)
    added = json.loads(process("add", "a.txt", "--json", cwd=tmp_path).stdout)
    shown = on_a_terminal(["show", added["edition"]], cwd=tmp_path, COLUMNS="50", NO_COLOR="1")
    assert max(len(line) for line in re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()) <= 50


def test_add_shows_a_bar_on_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ENGLISH)
    shown = on_a_terminal(["add", "a.md"], cwd=tmp_path)
    assert "1/1" in shown
    assert EN in shown


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("times", [1, 3])
def test_ctrl_c_loses_nothing_that_was_reported(tmp_path: Path, times: int, jobs: str) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(1500):
        (pages / f"{number:04}.md").write_text(english_of(date(2001, 1, 1) + timedelta(number)))
    adding = subprocess.Popen(
        [*PROGRAM, "add", "pages", "--json", "--jobs", jobs],
        bufsize=0, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
        start_new_session=True,
    )  # fmt: skip
    assert adding.stdout is not None
    first = adding.stdout.readline()
    for _ in range(times):
        with suppress(ProcessLookupError):
            os.killpg(adding.pid, signal.SIGINT)  # as a terminal does: to all processes of the program
        time.sleep(0.02)
    rest, err = adding.communicate(timeout=60)
    assert b"Traceback" not in err
    reported = [json.loads(line)["edition"] for line in (first + rest).splitlines() if line.endswith(b"}")]
    assert 0 < len(reported) < 1500
    if times == 1:
        assert adding.returncode == 130
        assert err == b"onrecord: interrupted; everything reported done is kept, and the next add goes on from there\n"
    else:
        assert adding.returncode in (130, -signal.SIGINT)
    with onrecord.open(tmp_path / "record") as record:
        assert record.verify().ok
        record.add_all(pages / "0000.md")  # which ends what was interrupted
        assert set(reported) <= {edition.id for edition in record.editions()}
        assert record.verify().ok


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_fault(shelf: Path, closed: str) -> None:
    command = f"{shlex.join(PROGRAM)} --record '{shelf}' search tariff {closed}"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, env=environment(), check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_letters_that_the_terminal_does_not_know_are_escaped(shelf: Path) -> None:
    ran = subprocess.run(
        [*PROGRAM, "--record", str(shelf), "search", "关税", "--in", "question"],
        capture_output=True, env=environment(PYTHONIOENCODING="ascii"), check=False,
    )  # fmt: skip
    assert ran.returncode == 0
    assert b"\\u5173\\u7a0e" in ran.stdout


def test_bash_completes_commands_and_options(run: Run) -> None:
    script = run("completion", "bash").out
    for words, expected in ((["onrecord", "sea"], "search"), (["onrecord", "search", "--outl"], "--outlet")):
        line = shlex.join(words)
        asked = (
            f"{script}\nCOMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; COMP_LINE={shlex.quote(line)}; "
            'COMP_POINT=${#COMP_LINE}; _onrecord; echo "${COMPREPLY[@]}"'
        )
        ran = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=False)
        assert expected in ran.stdout.split(), ran.stderr
