"""``onrecord show``, ``history``, ``stats`` and ``export``."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from harbour import (
    EN,
    PROGRAM,
    ZH,
    Run,
    environment,
)


def test_show_prints_a_transcript(run: Run, shelf: Path) -> None:
    lines = run("--record", shelf, "show", EN).out.splitlines()
    assert lines[0] == "Press Briefing by Press Secretary Odile Marsh, May 6, 2031"
    assert lines[1] == f"{EN}@2, revision 2 of 2, 2031-05-06, official, en"
    assert "~~eleven~~ twelve votes" in "\n".join(lines)
    assert "    No such tariff is lifted today.  (Laughter.)" in lines or (
        "    No such tariff is lifted today. (Laughter.)" in lines
    )
    assert lines.index("#1") < lines.index("  Q (question)") < lines.index("#2")


def test_show_takes_a_revision_an_exchange_and_both(run: Run, shelf: Path) -> None:
    assert "No tariff is lifted" in run("--record", shelf, "show", f"{EN}@1").out
    exchange = run("--record", shelf, "show", f"{EN}#2").out
    assert "one canal policy stands" in exchange
    assert "salt" not in exchange
    both = run("--record", shelf, "show", f"{EN}@1#1", "--json").json
    assert both["revision"] == 1
    assert [turn["exchange"] for turn in both["turns"]] == [1, 1]
    words = [both["text"][turn["start"] : turn["end"]] for turn in both["turns"]]
    assert words[0] == "Will the tariff on salt be lifted?"


def test_show_json_is_the_line_that_export_prints(run: Run, shelf: Path) -> None:
    shown = run("--record", shelf, "show", ZH, "--json").out
    assert shown == run("--record", shelf, "export", "--source", "cn-mfa").out
    edition = json.loads(shown)
    assert list(edition) == [
        "id", "occasion", "source", "country", "date", "lang", "kind", "revision", "revisions", "title", "people",
        "url", "published", "fetched", "sha256", "text", "turns", "annotations", "notices",
    ]  # fmt: skip
    assert list(edition["turns"][0]) == ["n", "exchange", "role", "label", "person", "outlet", "start", "end"]
    assert edition["turns"][0]["outlet"] == "Reuters"
    assert "林若舟" in shown  # UTF-8, not \u escapes


@pytest.mark.parametrize("id", [f"{EN}@9", f"{EN}#9", f"{EN}:0-9999", "cn-mfa/1999-01-01/zh"])
@pytest.mark.parametrize("command", ["show", "cite"])
def test_what_is_not_on_record_is_a_sentence(run: Run, shelf: Path, command: str, id: str) -> None:
    said = run("--record", shelf, command, id)
    assert (said.status, said.out) == (1, "")
    assert re.fullmatch(r"onrecord: [^\n]+\n", said.err)


def test_history_lists_revisions(run: Run, shelf: Path) -> None:
    rows = run("--record", shelf, "history", EN, "--json").json
    assert [row["revision"] for row in rows] == [1, 2]
    assert len({row["sha256"] for row in rows}) == 2
    assert len(run("--record", shelf, "history", EN, "--limit", "1", "--json").json) == 1
    assert [line for line in run("--record", shelf, "history", EN).out.splitlines() if line.startswith("@2")]
    assert run("--record", shelf, "history", "cn-mfa/1999-01-01/zh").status == 1


def test_stats_counts(run: Run, shelf: Path) -> None:
    counts = run("--record", shelf, "stats", "--json").json
    assert (counts["editions"], counts["revisions"], counts["occasions"]) == (2, 3, 2)
    assert re.search(r"^editions +2$", run("--record", shelf, "stats").out, re.MULTILINE)


def test_export_jsonl_streams_editions_oldest_first(run: Run, shelf: Path) -> None:
    assert [line["id"] for line in run("--record", shelf, "export", "--format", "jsonl").lines] == [EN, ZH]
    every = run("--record", shelf, "export", "--all-revisions").lines
    assert [(line["id"], line["revision"]) for line in every] == [(EN, 1), (EN, 2), (ZH, 1)]
    assert run("--record", shelf, "export", "--json").out == run("--record", shelf, "export").out


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["--limit", "1"], [EN]),
        (["--limit", "0"], []),
        (["--source", "cn-mfa"], [ZH]),
        (["--country", "us"], [EN]),
        (["--lang", "zh"], [ZH]),
        (["--outlet", "路透社"], [ZH]),
        (["--since", "2031-05-07"], [ZH]),
        (["--until", "2031-05-06"], [EN]),
        (["--edition", "excerpt"], []),
    ],
)
def test_export_filters(run: Run, shelf: Path, arguments: list[str], ids: list[str]) -> None:
    said = run("--record", shelf, "export", *arguments)
    assert said.status == 0
    assert [line["id"] for line in said.lines] == ids


def test_export_csv_is_a_row_for_each_turn(run: Run, shelf: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("--record", shelf, "export", "--format", "csv").out)))
    assert [row["edition"] for row in rows].count(ZH) == 4
    first = next(row for row in rows if row["edition"] == ZH)
    assert (first["outlet"], first["role"], first["words"]) == ("Reuters", "question", "运河的关税何时取消？")
    assert first["person"] == ""


def test_export_out_writes_a_file_when_it_is_whole(run: Run, shelf: Path, tmp_path: Path) -> None:
    plain = run("--record", shelf, "export").out.encode()
    assert run("--record", shelf, "export", "--out", "all.jsonl").out == ""
    assert (tmp_path / "all.jsonl").read_bytes() == plain
    assert run("--record", shelf, "export", "--out", "-").out.encode() == plain
    run("--record", shelf, "export", "--out", "all.jsonl.gz")
    assert gzip.decompress((tmp_path / "all.jsonl.gz").read_bytes()) == plain
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.jsonl", "all.jsonl.gz"]


def test_an_export_that_fails_leaves_the_old_file(
    run: Run, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "all.jsonl").write_text("as it was")

    def refused(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("onrecord.publish.formats.jsonl.line", refused)
    said = run("--record", shelf, "export", "--out", "all.jsonl")
    assert (said.status, said.err) == (1, "onrecord: all.jsonl: no space left on device\n")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"all.jsonl": "as it was"}


@pytest.mark.parametrize(
    ("out", "why"), [("no/such/folder.jsonl", "no such file or directory"), (".", "is a directory")]
)
def test_export_to_a_place_that_cannot_be(run: Run, shelf: Path, out: str, why: str) -> None:
    said = run("--record", shelf, "export", "--out", out)
    assert (said.status, said.err) == (1, f"onrecord: {out}: {why}\n")


def test_a_reader_that_stops_reading_is_no_error(shelf: Path) -> None:
    export = f"{shlex.join(PROGRAM)} --record '{shelf}' export"
    command = f"for n in 1 2 3 4; do {export}; done | head -c 10; echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, env=environment(), check=True)
    assert ran.stderr == b""
    assert ran.stdout.endswith(b"0\n")


def test_a_full_disk_behind_standard_output_is_an_error(shelf: Path) -> None:
    with open("/dev/full", "wb") as full:
        ran = subprocess.run(
            [*PROGRAM, "--record", str(shelf), "export"],
            stdout=full, stderr=subprocess.PIPE, env=environment(), check=False,
        )  # fmt: skip
    assert ran.returncode == 1
    assert ran.stderr == b"onrecord: the output cannot be written: no space left on device\n"
