"""What changed between two revisions, on pages of governments that do not exist and on the real ones of the corpus."""

from __future__ import annotations

import csv
import html
import re
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.editions.diff import diff
from onrecord.model import Change, Diff, Edition
from onrecord.reading import read
from onrecord.reading.words import words

HEAD = "---\npermalink: https://www.whitehouse.gov/briefing-room/2022/02/02/tide/\ntitle: {title}\n---\n\n"
PAGE = (
    "MS. ORLO:  Good morning.  The tide rises.  We closed gate seven.",
    "MR. BRANDT:  Thank you.  I have a chart.",
    "Q    Why was it closed?",
    "MS. ORLO:  Because the tide board told us so, on Friday.",
    "Q    And the ferry?",
    "MS. ORLO:  The ferry sails at noon.  It has never been late.  I think it does well, and needs 1,000 does of salt.",
)
SHIP_LOCK = (
    "应海峡共和国政府邀请，外交大臣蓝弗将于5月11日至12日对该国进行访问。",
    "灯塔电视台记者：能否介绍安排？",
    "林若舟：访问期间，蓝弗外交大臣将参观新船闸。双方贸易额达到1234亿元。",
    "北境通讯社记者：有媒体称渡轮停航。请问情况属实吗？",
    "林若舟：不属实。夜班照常，我们希望各方保持冷静克制。",
)


def english(*paragraphs: str, title: str = "Press Briefing") -> Edition:
    return read((HEAD.format(title=title) + "\n\n".join(paragraphs)).encode(), name="page.md")


def chinese(*paragraphs: str) -> Edition:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    spokesperson = "郑海伦" if "郑海伦" in body else "林若舟"
    head = f'<title>2023年5月9日外交部发言人{spokesperson}主持例行记者会</title><meta charset="utf-8">'
    page = f"<html><head>{head}</head><body><div id='News_Body_Txt_A'>{body}</div></body></html>"
    return read(page.encode(), source="cn-mfa")


def changed(old: str, new: str, page: Sequence[str] = PAGE) -> list[str]:
    """The page with a text in it replaced that it has once."""
    assert "\n".join(page).count(old) == 1, old
    return "\n".join(page).replace(old, new).split("\n")


def told(found: Diff) -> list[tuple[str, int, str, str]]:
    return [(change.kind, change.turn, change.before, change.after) for change in found.changes]


ENGLISH = {
    "nothing": (PAGE, []),
    "words, figures whole": (changed("1,000 does", "1,500 doses"), [("words", 6, "1,000 does", "1,500 doses")]),
    "a name": (changed("the tide board", "the Tide Office"), [("words", 4, "tide board", "Tide Office")]),
    "a word of one with an apostrophe": (changed("it does", "it doesn’t"), [("words", 6, "does", "doesn’t")]),
    "a sentence put in": (
        changed("It has never", "It has never sunk.  It has never"),
        [("words", 6, "", "It has never sunk.")],
    ),
    "a capital that goes with the word": (
        changed("Because the tide", "Well, because the tide"),
        [("words", 4, "Because", "Well, because")],
    ),
    "an answer given anew": (
        [*PAGE[:3], "MS. ORLO:  I would refer you to the harbour master for all that.", *PAGE[4:]],
        [
            (
                "words",
                4,
                "Because the tide board told us so, on Friday",
                "I would refer you to the harbour master for all that",
            )
        ],
    ),
    "another speaker": (changed("MR. BRANDT", "MS. ORLO"), [("speaker", 2, "MR. BRANDT", "MS. ORLO")]),
    "an answer that was printed as a question": (
        [*PAGE[:4], "SENIOR TIDE OFFICIAL:  And the ferry?", PAGE[5]],
        [("speaker", 5, "Q", "SENIOR TIDE OFFICIAL")],
    ),
    "another speaker with other words": (
        changed("MR. BRANDT:  Thank you.  I have a", "MS. ORLO:  Thank you.  I have one"),
        [("speaker", 2, "MR. BRANDT", "MS. ORLO"), ("words", 2, "a", "one")],
    ),
    "half a turn given to another": (
        changed("It has never", "\n\nMR. BRANDT:  It has never"),
        [("speaker", 7, "MS. ORLO", "MR. BRANDT")],
    ),
    "two turns made one": (
        [*PAGE[:1], "MR. BRANDT:  Thank you.  I have a chart.  Why was it closed?", *PAGE[3:]],
        [("speaker", 2, "Q", "MR. BRANDT")],
    ),
    "an interjection": (
        changed("It has never", "\n\nQ    (Inaudible) late?\n\nMS. ORLO:  It has never"),
        [("turn-added", 7, "", "(Inaudible) late?")],
    ),
    "a turn put in": (
        [*PAGE[:4], "MR. BRANDT:  On Thursday, to be exact.", *PAGE[4:]],
        [("turn-added", 5, "", "On Thursday, to be exact.")],
    ),
    "a turn taken out": (PAGE[:1] + PAGE[2:], [("turn-removed", 2, "Thank you. I have a chart.", "")]),
    "an exchange moved": (
        [*PAGE[:2], *PAGE[4:], *PAGE[2:4]],
        [
            ("turn-moved", 3, "And the ferry?", "And the ferry?"),
            ("turn-moved", 4, *(PAGE[5].split(":  ")[1].replace("  ", " "),) * 2),
        ],
    ),
    "a correction in brackets": (changed("it does", r"it \[not\] does"), [("annotation", 6, "", "[not]")]),
    "a correction in Chinese brackets": (changed("it does", "it 〔not〕 does"), [("annotation", 6, "", "〔not〕")]),
    "brackets never closed": (changed("never been", r"never \[yet been"), [("annotation", 6, "", "[yet")]),
    "struck out": (changed("tide board", "~~tide~~ board"), [("annotation", 4, "tide", "tide")]),
    "struck out and put right": (
        changed("000 does", r"000 ~~does~~ \[doses\]"),
        [("annotation", 6, "does", "does [doses]")],
    ),
    "a name kept back": (changed("Friday", r"\[a weekday\]"), [("annotation", 4, "Friday", "[a weekday]")]),
    "a comma before brackets": (
        changed("Because the", r"Because, \[as ever\], the"),
        [("typography", 4, "", ","), ("annotation", 4, "", "[as ever],")],
    ),
    "a letter in brackets": (changed("The ferry", r"\[T\]he ferry"), [("annotation", 6, "The", "[T]he")]),
    "a note at the foot": (
        [*changed("never been", r"never\* been"), r"\*Ms. Orlo meant to say seldom."],
        [("annotation", 6, "", "*"), ("annotation", 6, "", "*Ms. Orlo meant to say seldom.")],
    ),
    "a stage direction": (changed("noon.", "noon.  (Laughter.)"), [("annotation", 6, "", "(Laughter.)")]),
    "quotation marks": (changed("a chart", "a “chart”"), [("typography", 2, "", "“"), ("typography", 2, "", "”")]),
    "case and hyphen": (changed("gate seven", "Gate-Seven"), [("typography", 1, "gate seven", "Gate-Seven")]),
    "a label printed otherwise": (changed("MR. BRANDT", "MR BRANDT"), [("typography", 2, "MR. BRANDT", "MR BRANDT")]),
    "a paragraph broken": (changed("noon.  ", "noon.\n\n"), [("typography", 6, " ", "\n")]),
    "markup": (changed("closed gate seven", "**closed** [gate](https://harbour.example) seven"), []),
}  # fmt: skip


@pytest.mark.parametrize("name", ENGLISH)
def test_english(name: str) -> None:
    page, expected = ENGLISH[name]
    before, after = english(*PAGE), english(*page)
    found = diff(before, after)
    assert told(found) == expected
    check(before, after, found)


CHINESE = {
    "nothing": (SHIP_LOCK, []),
    "another spokesperson": (
        [paragraph.replace("林若舟", "郑海伦") for paragraph in SHIP_LOCK],
        [("speaker", 3, "林若舟", "郑海伦"), ("speaker", 5, "林若舟", "郑海伦")],
    ),
    "whole words": (changed("参观", "考察", SHIP_LOCK), [("words", 3, "参观", "考察")]),
    "half a word": (changed("冷静", "安静", SHIP_LOCK), [("words", 5, "冷静", "安静")]),
    "a figure": (changed("1234", "1243", SHIP_LOCK), [("words", 3, "1234", "1243")]),
    "not": (changed("我们希望", "我们不希望", SHIP_LOCK), [("words", 5, "", "不")]),
    "punctuation": (changed("照常，", "照常,", SHIP_LOCK), [("typography", 5, "，", ",")]),
    "spaces": (changed("1234亿", "1234 亿", SHIP_LOCK), [("typography", 3, "", " ")]),
    "a follow-up": (
        [*SHIP_LOCK, "追问：那么夜班渡轮呢？", "林若舟：我没有补充。"],
        [("turn-added", 6, "", "那么夜班渡轮呢？"), ("turn-added", 7, "", "我没有补充。")],
    ),
    "a paragraph broken": (changed("不属实。", "不属实。\n", SHIP_LOCK), [("typography", 5, "", "\n")]),
}


@pytest.mark.parametrize("name", CHINESE)
def test_chinese(name: str) -> None:
    page, expected = CHINESE[name]
    before, after = chinese(*SHIP_LOCK), chinese(*page)
    found = diff(before, after)
    assert told(found) == expected
    check(before, after, found)


def test_a_label_that_was_lost_in_a_paragraph() -> None:
    before = english(f"{PAGE[0]}  MS. LUND:  A word.", "MS. LUND:  And one.", *PAGE[1:])
    after = english(PAGE[0], "MS. LUND:  A word.", "MS. LUND:  And two.", *PAGE[1:])
    found = diff(before, after)
    assert told(found) == [("typography", 2, " ", "\n"), ("words", 3, "one", "two")]
    check(before, after, found)


def test_answers_that_changed_places_were_moved_and_not_rewritten() -> None:
    """Each stands alone between turns that are printed the same, where another turn would be the same one rewritten."""
    yes = "MS. ORLO:  The tide board told us on Friday to close the gate, and so we closed it at once."
    no = "MS. ORLO:  Nobody here has ever heard of a ferry that was late by more than a single hour."
    between = ["Q    And the ferry?", "MS. ORLO:  It sails at noon.", "Q    And the lock?"]
    page, swapped = [*PAGE[:3], yes, *between, no], [*PAGE[:3], no, *between, yes]
    found = diff(english(*page), english(*swapped))
    assert found.substantive
    moves = [(change.kind, change.was_turn, change.turn) for change in found.changes]
    assert moves == [("turn-moved", 8, 4), ("turn-moved", 4, 8)]
    assert all(change.before == change.after for change in found.changes)
    # One that stands elsewhere now, with others than those in its old place: moved, gone, and come.
    new = "MS. ORLO:  A committee of seven is to look into the matter of the gates before the winter is over."
    found = diff(english(*page), english(*PAGE[:3], new, *between, yes))
    assert sorted(change.kind for change in found.changes) == ["turn-added", "turn-moved", "turn-removed"]


def test_neither_title_nor_front_matter_counts() -> None:
    assert diff(english(*PAGE), english(*PAGE, title="Gaggle by Ms. Orlo")) == Diff(
        edition=english(*PAGE).id, from_=1, to=1, substantive=False
    )


def test_a_link_that_leads_elsewhere_is_typography() -> None:
    one, two = (english(*PAGE, f"Slides: <https://{host}/a.pdf>") for host in ("old.example", "archive.example"))
    found = diff(one, two)
    assert told(found) == [("typography", 6, "https://old.example/a.pdf", "https://archive.example/a.pdf")]
    assert not found.substantive


def test_where_words_stood() -> None:
    before, after = english(*PAGE), english(*changed("It has never", "\n\nQ    Late?\n\nMS. ORLO:  It has never"))
    (change,) = diff(before, after).changes
    assert before.text[: change.was_start].endswith("sails at noon. ")
    assert before.text[change.was_start :].startswith("It has never")
    (change,) = diff(after, before).changes
    assert (change.kind, change.turn, change.was_turn) == ("turn-removed", 7, 7)
    assert before.text[change.start :].startswith("It has never")


def squeezed(text: str) -> str:
    return "".join(text.split())


def check(before: Edition, after: Edition, found: Diff) -> None:
    """What holds of every difference, whatever the two texts are."""
    differ = words(before.text) != words(after.text)
    assert found.substantive == differ
    struck = [[(n.start, n.end) for n in e.annotations if n.kind == "struck"] for e in (before, after)]
    if before.text == after.text and struck[0] == struck[1]:
        assert not found.changes
    elif before.text.split() != after.text.split():
        assert found.changes
    kinds = {change.kind for change in found.changes}
    assert differ or kinds <= {"typography", "annotation"}
    assert not differ or kinds - {"typography"}
    for change in found.changes:
        assert change.before == before.text[change.was_start : change.was_end]
        assert change.after == after.text[change.start : change.end]
        if change.kind in ("typography", "words"):
            assert (words(change.before) == words(change.after)) == (change.kind == "typography")
    if kinds <= {"words", "typography", "annotation"} and all(change.was_turn for change in found.changes):
        assert squeezed(applied(before, found.changes)) == squeezed(after.text)


def applied(before: Edition, changes: Sequence[Change]) -> str:
    pieces, at = [], 0
    for change in sorted(changes, key=lambda change: (change.was_start, change.was_end)):
        assert change.was_start >= at, "changes do not overlap"
        pieces += [before.text[at : change.was_start], change.after]
        at = change.was_end
    return "".join([*pieces, before.text[at:]])


WORDS = ["tide", "the", "no", "Orlo", "gate", "U.S.", "1,000", "so-called", "don’t", r"\[sic\]", "~~salt~~", "noon."]
turns = st.lists(
    st.tuples(
        st.sampled_from(["MS. ORLO:", "MR. BRANDT:", "THE MINISTER:", "Q   "]),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=12),
    ),
    min_size=1,
    max_size=7,
)


def printed(some: Sequence[tuple[str, Sequence[str]]]) -> Edition:
    return english(*(f"{label} {' '.join(said)}" for label, said in some))


@settings(max_examples=150, deadline=None)
@given(turns, turns, st.integers(0, 7), st.integers(0, 7))
def test_any_two_texts(one: list[tuple[str, list[str]]], two: list[tuple[str, list[str]]], i: int, j: int) -> None:
    """Two texts of which the second is the first with some of its turns replaced by any others."""
    before, after = printed(one), printed([*one[:i], *two, *one[j:]])
    check(before, after, diff(before, after))
    check(after, before, diff(after, before))


@settings(max_examples=150, deadline=None)
@given(turns, st.data())
def test_edited_texts(some: list[tuple[str, list[str]]], data: st.DataObject) -> None:
    """A few words in other turns and places changed, so that turns are found again by what is left of them."""
    edited = [(label, list(said)) for label, said in some]
    for _ in range(data.draw(st.integers(1, 4))):
        _, said = data.draw(st.sampled_from(edited))
        at = data.draw(st.integers(0, len(said)))
        said[at : at + data.draw(st.integers(0, 2))] = data.draw(st.lists(st.sampled_from(WORDS), max_size=3))
    before, after = printed(some), printed([turn for turn in edited if turn[1]] or some)
    check(before, after, diff(before, after))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (["a b " * 5_000], ["c a " * 5_000]),
        ([" ".join(map(str, range(10_000)))], [" ".join(map(str, range(20_000, 10_000, -1)))]),
        (["汉" * 60_000], ["字汉" * 30_000]),
        (["x" * 200_000], ["x" * 199_999 + "y"]),
        (["No."] * 3_000, ["No.", "Yes."] * 1_500),
    ],
)
def test_no_two_texts_take_long(one: list[str], two: list[str]) -> None:
    before, after = (english(*(f"MS. ORLO:  {said}" for said in page)) for page in (one, two))
    start = time.process_time()
    found = diff(before, after)
    assert time.process_time() - start < 6  # seconds, on a busy machine; well under two on an idle one
    assert found.substantive


def raw_words(page: Path) -> list[str]:
    """The words of a page's Markdown, its marks undone by other means than the reader's."""
    text = page.read_text("utf-8").split("\n---", 1)[1].split("\n", 1)[1]
    text = html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", " ", re.sub(r"<https?:[^>]*>", " ", text)))
    text = re.sub(r"\]\([^)]*\)|https?://\S+", " ", text)
    return re.findall(r"[^\W_]+", text.replace("~~", "").replace("*", "").replace("\\", "").casefold())


def versions(shared: Path) -> dict[str, list[Path]]:
    folders = sorted(path for path in (shared / "corpus" / "whitehouse-revisions").iterdir() if path.is_dir())
    return {folder.name: sorted(folder.iterdir()) for folder in folders}


def rows(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.corpus
def test_every_real_revision_whose_words_changed_is_told_and_no_other(shared: Path) -> None:
    marked = {(row["page"], int(row["from"])): row["changed"] == "yes" for row in rows("versions.tsv")}
    seen = 0
    for name, pages in versions(shared).items():
        editions = [read(page.read_bytes(), name=page.name) for page in pages]
        for n, (before, after) in enumerate(pairwise(editions), 1):
            found = diff(before, after)
            check(before, after, found)
            judged = raw_words(pages[n - 1]) != raw_words(pages[n])
            assert found.substantive == judged == marked[name, n], (name, n)
            seen += 1
    assert seen == len(marked) == 220


def is_marked(mark: dict[str, str], change: Change) -> bool:
    """Whether a change is the one that a mark by hand speaks of."""
    before, after = (mark[side].replace("~~", "") for side in ("before", "after"))
    return mark["kind"] == change.kind and (
        (change.before in before and change.after in after)
        or (bool(before or after) and before in change.before and after in change.after)
    )


@pytest.mark.corpus
def test_kinds_of_the_changes_marked_by_hand(shared: Path) -> None:
    """At least 95 % of the marks have a change of their kind with their words; how they were made: MARKS.md."""
    pages = versions(shared)
    missed, marks = [], rows("marks.tsv")
    open_changes: dict[tuple[str, str], list[Change]] = {}
    for mark in marks:
        key = mark["page"], mark["from"]
        if key not in open_changes:
            before, after = (pages[mark["page"]][int(mark[side]) - 1] for side in ("from", "to"))
            open_changes[key] = list(diff(*(read(p.read_bytes(), name=p.name) for p in (before, after))).changes)
    for mark in marks:
        left = open_changes[mark["page"], mark["from"]]
        if mark["kind"] == "none":
            continue
        found = next((change for change in left if is_marked(mark, change)), None)
        if found is None:
            missed.append(mark)
        else:
            left.remove(found)
    too_many = [change for left in open_changes.values() for change in left]
    assert len(missed) + len(too_many) <= 0.05 * len(marks), (missed, too_many)
