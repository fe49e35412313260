"""``onrecord diff``, ``compare`` and ``omissions``, and ``show --with``."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from harbour import EN, ENGLISH, ZH, Ran, Run, on_a_terminal

import onrecord
from onrecord.cli.beside import named
from onrecord.cli.columns import width_of
from onrecord.model import Omission

EXAMPLES = Path(__file__).parents[2] / "examples"
OCCASION = "xv-mfa/2024-05-15"
FULL, EXCERPT, CHINESE = f"{OCCASION}/en", f"{OCCASION}/en.excerpt-1", f"{OCCASION}/zh"


@pytest.fixture(scope="module")
def veldania(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of the example briefings: one occasion in three editions, one edition in two revisions."""
    folder = tmp_path_factory.mktemp("veldania") / "record"
    with onrecord.open(folder) as record:
        pages = ("2024-05-13.html", "2024-05-15.html", "2024-05-15-zh.html", "2024-05-15-excerpts.txt")
        record.add_all(*(EXAMPLES / "briefings" / page for page in pages), EXAMPLES / "edited")
    return folder


# ---------------------------------------------------------------- diff, history


def test_diff_shows_words_that_went_and_came_with_those_around_them(run: Run, shelf: Path) -> None:
    said = run("--record", shelf, "diff", EN)
    assert said.status == 0
    lines = said.out.splitlines()
    assert lines[:2] == [f"{EN}, revision 1 to 2", "1 change of words"]
    assert lines[3].startswith("#1 turn 3  MS. MARSH")
    assert re.search(r"^    No {\+such ?\+} ?tariff is lifted today", lines[4])


def test_diff_json_is_the_contract(run: Run, shelf: Path) -> None:
    found = run("--record", shelf, "diff", EN, "--json").json
    assert (found["substantive"], found["from"], found["to"], found["edition"]) == (True, 1, 2, EN)
    (change,) = found["changes"]
    assert {"kind", "turn", "before", "after", "start", "end"} <= change.keys()
    assert (change["kind"], change["after"].strip()) == ("words", "such")
    text = run("--record", shelf, "show", EN, "--json").json["text"]
    assert text[change["start"] : change["end"]] == change["after"]


@pytest.mark.parametrize(
    "asked", [[f"{EN}@2"], [EN, "--from", "1"], [EN, "--from", "1", "--to", "2"], [EN, "--to", "2"]]
)
def test_diff_takes_its_revisions_in_several_ways(run: Run, shelf: Path, asked: list[str]) -> None:
    assert run("--record", shelf, "diff", *asked).out == run("--record", shelf, "diff", EN).out


def test_diff_of_what_never_changed(run: Run, shelf: Path) -> None:
    assert run("--record", shelf, "diff", ZH).out == f"{ZH} has one revision, so nothing of it has changed\n"
    assert run("--record", shelf, "diff", ZH, "--json").json["changes"] == []
    same = run("--record", shelf, "diff", EN, "--from", "2", "--to", "2")
    assert (same.status, same.out.splitlines()[1]) == (0, "no word changed")


def test_diff_of_the_first_revision(run: Run, shelf: Path) -> None:
    said = run("--record", shelf, "diff", f"{EN}@1")
    assert (said.status, said.out) == (0, f"{EN}, revision 1\nnothing came before revision 1\n")
    assert run("--record", shelf, "diff", f"{EN}@1", "--json").json["changes"] == []
    assert "Nothing came before revision 1." in run("--record", shelf, "diff", f"{EN}@1", "--html", "-").out


def test_diff_explains_the_marks_of_struck_words(run: Run, shelf: Path, tmp_path: Path) -> None:
    for words in ("one canal policy", "~~one~~ [two] canal policy"):
        (tmp_path / "page.md").write_text(ENGLISH.replace("one canal policy", words))
        assert run("add", "page.md").status == 0
    shown, told = run("diff", EN).out, "~~ and ~~ stand about words that the page itself shows struck through"
    assert "~~one~~" in shown
    assert shown.splitlines()[2] == told
    assert told not in run("--record", shelf, "diff", EN).out
    assert "<s>Words like these</s> the page itself shows struck through." in run("diff", EN, "--html", "-").out


def test_a_record_without_its_store_is_said_to_lack_it(run: Run, shelf: Path, tmp_path: Path) -> None:
    lame = shutil.copytree(shelf, tmp_path / "lame")
    (lame / "store.sqlite").unlink()
    said = run("--record", lame, "show", EN)
    assert said.status == 1
    assert said.err == f"onrecord: {lame}/store.sqlite is missing; the next `onrecord add` makes it anew\n"
    (tmp_path / "page.txt").write_text("LIVE\n\nThe ferry sails.")
    assert run("--record", lame, "add", "page.txt").status == 0
    assert run("--record", lame, "show", EN).status == 0


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["diff", f"{EN}#1@2"], 2),
        (["diff", EN, "--from", "0"], 2),
        (["diff", EN, "--from", "2", "--to", "1"], 2),
        (["diff", EN, "--to", "9"], 1),
        (["diff", "cn-mfa/1999-01-01/zh"], 1),
        (["diff", EN, "--json", "--html", "x.html"], 2),
        (["diff", EN, "--html", "--json"], 2),
        (["diff", EN, "--html", "no/such/folder.html"], 1),
        (["diff", f"{EN}#1"], 2),
        (["compare", f"{EN}#1", "en"], 2),
        (["compare", EN], 2),
        (["compare", EN, "nonsense/x"], 2),
        (["compare", EN, "fr"], 1),
        (["compare", EN, ZH, "--limit", "-1"], 2),
        (["omissions", "--since", "May"], 2),
        (["omissions", "--limit", "-1"], 2),
        (["show", EN, "--with", "fr"], 1),
        (["show", EN, "--with", "en#1"], 2),
        (["show", f"{EN}:0-9", "--with", "en"], 2),
        (["show", EN, "--json", "--html", "x.html"], 2),
        (["show", "us-whitehouse/2031-05-06", "--html", "x.html"], 2),
        (["show", "us-whitehouse/1999-01-01"], 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_is_a_sentence(run: Run, shelf: Path, tmp_path: Path, arguments: list[str], status: int) -> None:
    said = run("--record", shelf, *arguments)
    assert (said.status, said.out) == (status, "")
    assert re.fullmatch(r"onrecord: [^\n]+\n", said.err)
    assert list(tmp_path.iterdir()) == []


def test_diff_is_coloured_on_a_terminal(shelf: Path) -> None:
    shown = on_a_terminal(["--record", str(shelf), "diff", EN])
    assert re.search(r"\x1b\[32msuch ?\x1b\[0m", shown)
    assert "{+" not in shown
    plain = on_a_terminal(["--record", str(shelf), "diff", EN], NO_COLOR="1")
    assert "\x1b" not in plain
    assert "{+such" in plain


def test_typography_is_counted_and_shown_only_when_asked_for(run: Run, tmp_path: Path) -> None:
    for revision in (ENGLISH, ENGLISH.replace("The one canal policy stands.", "The “one canal” policy stands.")):
        (tmp_path / "page.md").write_text(revision)
        assert run("add", "page.md").status == 0
    said = run("diff", EN)
    assert said.out.splitlines()[1].startswith("no word changed: ")
    assert "“" not in said.out
    assert "{+“+}" in run("diff", EN, "--all").out
    assert run("diff", EN, "--json").json["substantive"] is False
    row = run("history", EN, "--json").json[1]
    assert row["substantive"] is False
    assert row["changes"].keys() == {"typography"}
    assert "no word changed: " in run("history", EN).out
    page = run("diff", EN, "--html", "-").out
    assert "<details>\n<summary>Changes of typography" in page


def test_history_says_what_changed(run: Run, shelf: Path) -> None:
    first, second = run("--record", shelf, "history", EN, "--json").json
    assert (first["substantive"], first["changes"]) == (None, {})
    assert (second["substantive"], second["changes"]) == (True, {"words": 1})
    assert "    changed 1 change of words" in run("--record", shelf, "history", EN).out.splitlines()


def test_diff_html(run: Run, shelf: Path, tmp_path: Path) -> None:
    assert run("--record", shelf, "diff", EN, "--html", "changes.html").out == ""
    page = (tmp_path / "changes.html").read_text()
    assert re.search(r"<ins>such ?</ins>", page)
    assert f"onrecord verify {EN}@1" in page
    assert f"onrecord verify {EN}@2" in page


# ---------------------------------------------------------------- compare


def test_compare_aligns_editions_in_one_language(run: Run, veldania: Path) -> None:
    found = run("--record", veldania, "compare", FULL, EXCERPT, "--json").json
    assert [(pair["a"], pair["b"]) for pair in found["pairs"]] == [([1], [1]), ([4], [2])]
    assert (found["only_in_a"], found["only_in_b"]) == ([2, 3], [])
    assert all(0 < pair["score"] <= 1 and pair["evidence"] for pair in found["pairs"])
    assert found == run("--record", veldania, "compare", FULL, "en.excerpt-1", "--json").json


def test_compare_aligns_across_languages(run: Run, veldania: Path) -> None:
    found = run("--record", veldania, "compare", CHINESE, "en", "--json").json
    assert [(pair["a"], pair["b"]) for pair in found["pairs"]] == [([1], [1]), ([2], [2]), ([3], [4])]
    assert (found["only_in_a"], found["only_in_b"]) == ([], [3])


def test_compare_prints_a_table_and_what_only_one_has(run: Run, veldania: Path) -> None:
    lines = run("--record", veldania, "compare", FULL, "en.excerpt-1").out.splitlines()
    assert lines[:2] == [f"A {FULL}", f"B {EXCERPT}"]
    assert lines[3].split() == ["A", "B", "score", "words", "of", "A", "words", "of", "B"]
    rows = [line for line in lines if re.match(r"#\d", line)]
    assert [row.split()[:2] for row in rows] == [["#1", "#1"], ["#4", "#2"]]
    assert rows[1].count("A forum on seagrass") == 2
    rest = lines[lines.index(f"Only in A ({FULL}):") :]
    assert [line.split()[0] for line in rest[1:3]] == ["#2", "#3"]
    assert "Northern Wire" in rest[2]
    assert rest[-1] == f"Nothing is only in B ({EXCERPT})"
    assert all(width_of(line) <= 120 for line in lines)


def test_compare_limit_and_sentences(run: Run, veldania: Path) -> None:
    assert len(run("--record", veldania, "compare", FULL, "en.excerpt-1", "--limit", "1", "--json").json["pairs"]) == 1
    shown = run("--record", veldania, "compare", FULL, "en.excerpt-1", "--sentences").out
    assert "  What outcomes can be expected?" in shown
    assert "cyberattack" not in shown.split("Only in A")[0]


def test_compare_keeps_question_and_answer_apart(run: Run, veldania: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    assert re.search(r"\? ¶ [^:¶]+: ", run("--record", veldania, "compare", FULL, "en.excerpt-1").out)


def test_compare_names_revisions_and_says_how_many_pairs_are_not_shown(run: Run, shelf: Path) -> None:
    lines = run("--record", shelf, "compare", f"{EN}@1", f"{EN}@2", "--limit", "0").out.splitlines()
    assert lines[:2] == [f"A {EN}@1", f"B {EN}@2"]
    assert re.fullmatch(r"\d more pairs? not shown \(--limit 0\)", lines[3])
    assert lines[-3::2] == [f"Nothing is only in A ({EN}@1)", f"Nothing is only in B ({EN}@2)"]


def test_numbers_are_written_as_ranges() -> None:
    assert named((0, 1, 2, 3, 4, 5, 6, 8)) == "#0-#6 #8"
    assert named((3, 4, 9)) == "#3 #4 #9"
    assert named(()) == ""


def test_editions_of_two_occasions_are_said_to_be(run: Run, veldania: Path) -> None:
    other, note = "xv-mfa/2024-05-13/en", f"Note: these are editions of two occasions, xv-mfa/2024-05-13 and {OCCASION}"
    for command in (["compare", other, FULL], ["show", other, "--with", FULL], ["compare", other, FULL, "--sentences"]):
        assert run("--record", veldania, *command).out.count(note) == 1
    assert note in run("--record", veldania, "show", other, "--with", FULL, "--html", "-").out
    assert "two occasions" not in run("--record", veldania, "compare", FULL, EXCERPT).out


@pytest.mark.parametrize("command", [["diff"], ["history"], ["compare", FULL], ["show", FULL, "--with"], ["verify"]])
@pytest.mark.parametrize("id", [OCCASION, f"{OCCASION}@2"])
def test_an_occasion_is_no_edition_and_is_called_one(run: Run, veldania: Path, command: list[str], id: str) -> None:
    said = run("--record", veldania, *command, id)
    assert (said.status, said.out) == (2, "")
    assert (
        said.err == f"onrecord: {id!r} is of an occasion and names none of its editions, which `onrecord show` lists\n"
    )


# ---------------------------------------------------------------- omissions


def test_omissions_json_is_the_contract(run: Run, veldania: Path) -> None:
    rows = run("--record", veldania, "omissions", "--json", "--absent-from", EXCERPT, "--present-in", FULL).json
    assert [(row["exchange"], row["present_in"], row["absent_from"]) for row in rows] == [
        (2, FULL, EXCERPT),
        (3, FULL, EXCERPT),
    ]
    assert {"occasion", "exchange", "present_in", "absent_from", "text"} <= rows[0].keys()
    assert rows[0]["occasion"] == OCCASION
    assert "cyberattack" in rows[0]["text"]
    every = run("--record", veldania, "omissions", "--json").json
    assert [row for row in every if row["absent_from"] == EXCERPT and row["present_in"] == FULL] == rows
    assert run("--record", veldania, "omissions", "--json", "--absent-from", "excerpt").json != []
    assert len(run("--record", veldania, "omissions", "--json", "--limit", "1").json) == 1
    assert run("--record", veldania, "omissions", "--json", "--since", "2030").out == "[]\n"


def test_omissions_speak_of_two_texts_and_of_no_motive(run: Run, veldania: Path) -> None:
    said = run("--record", veldania, "omissions", "--absent-from", "excerpt", "--lang", "en")
    lines = said.out.splitlines()
    assert lines[0] == OCCASION
    assert f"  in {FULL}, not in {EXCERPT}:" in lines
    (row,) = [line for line in lines if "#3" in line and "Orrland" in line]
    assert "Northern Wire" in row
    assert "there, between #1 and #2" in said.out
    assert lines[-1] == "2 exchanges of 1 occasion: in one text and not in another"
    for motive in ("censor", "remov", "delet", "hid", "suppress", "cut"):
        assert motive not in said.out.lower()
    assert run("--record", veldania, "omissions", "--absent-from", FULL, "--present-in", EXCERPT).out == (
        "None found: 1 occasion compared, and no exchange that fits is in one text and not in another\n"
    )


def test_omissions_know_an_edition_by_an_id_it_had(run: Run, veldania: Path, tmp_path: Path) -> None:
    moved = shutil.copytree(veldania, tmp_path / "record")
    first = run("--record", moved, "omissions", "--json", "--absent-from", EXCERPT, "--present-in", FULL).json
    with onrecord.open(moved) as record:
        for id in (FULL, CHINESE, EXCERPT):
            record.move(id, f"{OCCASION}.2")
    rows = run("--record", moved, "omissions", "--json", "--absent-from", EXCERPT, "--present-in", FULL).json
    assert [row["exchange"] for row in rows] == [row["exchange"] for row in first] == [2, 3]
    assert rows[0]["absent_from"] == f"{OCCASION}.2/en.excerpt-1"


@pytest.mark.parametrize(
    ("named", "status"), [(f"{OCCASION}/en.nope", 1), (OCCASION, 2), (f"{FULL}#2", 2), ("", 2), ("Excerpt!", 2)]
)
def test_omissions_of_what_names_no_edition_are_refused(run: Run, veldania: Path, named: str, status: int) -> None:
    for option in ("--present-in", "--absent-from"):
        said = run("--record", veldania, "omissions", option, named)
        assert (said.status, said.out) == (status, "")
        assert said.err.startswith("onrecord: ")


def test_diff_names_the_revision_that_is_not_there(run: Run, veldania: Path) -> None:
    assert "and 99 is none of them" in run("--record", veldania, "diff", f"{FULL}@99").err


@pytest.mark.parametrize("asked", [["--since", "2030"], ["--source", "xx"], ["--absent-from", FULL, "--lang", "fr"]])
def test_omissions_say_so_where_nothing_was_compared(run: Run, veldania: Path, asked: list[str]) -> None:
    said = run("--record", veldania, "omissions", *asked)
    assert (said.status, said.out) == (0, "Nothing was compared: no occasion has two editions that fit\n")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (["--present-in", "gazette"], 1),
        (["--absent-from", "en.excerpt-1"], 2),
        (["--absent-from", f"{FULL}@2"], 1),
        (["--present-in", "xv-mfa/2024-05-13/en", "--absent-from", FULL], 2),
        (["--absent-from", "gazette", "--limit", "0", "--json"], 1),
    ],
)
def test_omissions_of_what_is_not_there_are_refused(run: Run, veldania: Path, asked: list[str], status: int) -> None:
    said = run("--record", veldania, "omissions", *asked)
    assert (said.status, said.out) == (status, "")
    assert re.fullmatch(r"onrecord: [^\n]+\n", said.err)


def test_omissions_of_a_revision(run: Run, veldania: Path, tmp_path: Path) -> None:
    grown = shutil.copytree(veldania, tmp_path / "record")
    page = (EXAMPLES / "briefings" / "2024-05-15.html").read_text()
    start = page.rindex("<p", 0, page.index("<strong>Northern Wire"))
    shorter = page[:start] + page[page.rindex("<p", 0, page.index("seagrass")) :]
    with onrecord.open(grown) as record:
        assert record.add(("2024-05-15.html", shorter.encode())).status == "revised"
    asked = ("--present-in", f"{FULL}@1", "--absent-from", FULL)
    rows = run("--record", grown, "omissions", "--json", *asked).json
    assert {(row["present_in"], row["absent_from"]) for row in rows} == {(f"{FULL}@1", FULL)}
    assert rows == run("--record", grown, "omissions", "--json", *asked, "--all-revisions").json
    assert f"  in {FULL}@1, not in {FULL}:" in run("--record", grown, "omissions", *asked).out


def test_omissions_say_that_a_limit_left_some_out(run: Run, veldania: Path) -> None:
    asked = ("--record", veldania, "omissions", "--present-in", FULL, "--absent-from", EXCERPT, "--limit")
    one = "1 exchange of 1 occasion: in one text and not in another; there are more (--limit 1)"
    assert run(*asked, "0").out == "None shown; there are more (--limit 0)\n"
    assert run(*asked, "1").out.splitlines()[-1] == one
    assert run(*asked, "2").out.splitlines()[-1] == "2 exchanges of 1 occasion: in one text and not in another"


def test_omissions_keep_question_and_answer_apart_and_tell_a_place_once(run: Run, veldania: Path) -> None:
    shown = run("--record", veldania, "omissions", "--present-in", FULL, "--absent-from", EXCERPT).out
    first, second, place = shown.splitlines()[2:5]
    assert re.search(r" ¶ [^:¶]+: ", first + second)
    assert (shown.count("there, between"), place[:13]) == (1, "        there")


def test_omissions_are_printed_as_they_come_and_the_array_is_closed(
    run: Run, veldania: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> Iterator[Omission]:
        yield Omission(occasion=OCCASION, exchange=2, present_in=FULL, absent_from=EXCERPT, text="…", id=f"{FULL}#2")
        raise onrecord.errors.RecordDamaged("the store is not what it was")

    monkeypatch.setattr("onrecord.record.Record.omissions", broken)
    said: Ran = run("--record", veldania, "omissions", "--json")
    assert said.status == 1
    assert len(json.loads(said.out)) == 1
    assert said.err == "onrecord: the store is not what it was\n"


# ---------------------------------------------------------------- seen together


def test_show_with_prints_two_columns(run: Run, veldania: Path) -> None:
    said = run("--record", veldania, "show", FULL, "--with", "en.excerpt-1")
    lines = said.out.splitlines()
    assert all(width_of(line) <= 120 for line in lines)
    (absent,) = [line for line in lines if line.startswith("#2 ")]
    assert re.fullmatch(r"#2 +< not in this edition", absent)
    (level,) = [line for line in lines if line.startswith("#4 ")]
    assert re.fullmatch(r"#4 +│ #2", level)
    assert [line for line in lines if line.count("A forum on seagrass opened this morning") == 2]


def test_show_with_keeps_to_the_width_of_wide_characters(
    run: Run, veldania: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    lines = run("--record", veldania, "show", CHINESE, "--with", "en").out.splitlines()
    assert max(width_of(line) for line in lines) <= 70
    marks = {
        width_of(line[: found.start()]) for line in lines if (found := re.search(" [│<>] ?", line)) and "│" in line
    }
    assert len(marks) == 1


def test_show_with_of_one_exchange(run: Run, veldania: Path) -> None:
    shown = run("--record", veldania, "show", f"{FULL}#4", "--with", EXCERPT).out
    assert "seagrass" in shown
    assert "Harbour Lights" not in shown


def test_show_with_json(run: Run, veldania: Path) -> None:
    found = run("--record", veldania, "show", FULL, "--with", "en.excerpt-1", "--json").json
    assert list(found) == ["a", "b", "comparison"]
    assert (found["a"]["id"], found["b"]["id"]) == (FULL, EXCERPT)
    assert found["comparison"] == run("--record", veldania, "compare", FULL, EXCERPT, "--json").json


def test_an_occasion_lists_its_editions(run: Run, veldania: Path) -> None:
    found = run("--record", veldania, "show", OCCASION, "--json").json
    assert {edition["id"] for edition in found["editions"]} == {FULL, EXCERPT, CHINESE}
    lines = run("--record", veldania, "show", OCCASION).out.splitlines()
    assert f"{FULL}  official, en, 1 revision, 4 exchanges" in lines
    assert "    Spokesperson Tamsin Orlo’s Regular Press Conference on May 15, 2024" in lines


def test_the_recipe_at_the_foot_of_a_page_works(
    run: Run, veldania: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("--record", veldania, "show", FULL, "--with", "zh", "--html", "both.html").out == ""
    import html

    page = (tmp_path / "both.html").read_text()
    assert page == run("--record", veldania, "show", FULL, "--with", "zh", "--html", "-").out
    digests = re.findall(r"<dd><code>([0-9a-f]{64})</code></dd>", page)
    assert len(digests) == 4
    commands = [
        line for block in re.findall(r"<pre><code>(.*?)</code>", page, re.DOTALL) for line in block.splitlines()
    ]
    ours = [html.unescape(line) for line in commands if line.startswith("onrecord ")]
    assert len(ours) == 8
    monkeypatch.chdir(veldania.parent)
    for command in ours:
        line, _, rest = command.partition(" | " if " | " in command else " > ")
        said = run(*shlex.split(line)[1:])
        assert said.status == 0, command
        if ".json" in rest:
            (veldania.parent / rest).write_text(said.out)
        elif "jq -j .text" in rest:
            assert hashlib.sha256(said.json["text"].encode()).hexdigest() in digests
    with onrecord.open(veldania, create=False) as record:
        for id in (FULL, CHINESE):
            assert hashlib.sha256(record.snapshot(id)).hexdigest() in digests


def test_show_html_of_one_edition_and_one_exchange(run: Run, veldania: Path, tmp_path: Path) -> None:
    assert run("--record", veldania, "show", f"{FULL}#2", "--html", "one.html").out == ""
    page = (tmp_path / "one.html").read_text()
    assert "cyberattack" in page
    assert "seagrass" not in page
    assert '<section id="a2">' in page
