"""Editions side by side and with their changes: what stands where, and the pages that are made of it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onrecord
from onrecord.archive import check_proof
from onrecord.model import (
    Annotation,
    Change,
    Comparison,
    Diff,
    Edition,
    Evidence,
    Pair,
    SentencePair,
    Turn,
    TurnPair,
)
from onrecord.publish.pages.changes import blocks, counts, told
from onrecord.publish.pages.html import diff_page, edition_page, side_by_side
from onrecord.publish.pages.provenance import Provenance, provenance, recipe
from onrecord.publish.pages.rows import Section, sections

EXAMPLES = Path(__file__).parents[2] / "examples"
VOID = {"meta", "br", "link", "img", "input", "hr"}
EVIL = '"><script>alert(1)</script>&amp;\u202e'


def edition(lang: str, words: str, **more: object) -> Edition:
    """A turn a line, ``label: words``; a blank line before each exchange but the first, which is number 0; Q asks."""
    text, turns = words, list[Turn]()
    for n, exchange in enumerate(text.split("\n\n")):
        for said in exchange.split("\n"):
            label, words = said.split(": ", 1)
            start = text.index(said, turns[-1].end if turns else 0) + len(label) + 2
            role = "question" if label == "Q" else "answer" if n else "procedural"
            end = start + len(words)
            turns.append(Turn(n=len(turns) + 1, exchange=n, role=role, label=label, start=start, end=end))
    values = {
        "id": f"xv-mfa/2031-05-06/{lang}",
        "occasion": "xv-mfa/2031-05-06",
        "source": "xv-mfa",
        "country": None,
        "date": "2031-05-06",
        "lang": lang,
        "kind": "official",
        "sha256": "0123456789abcdef" * 4,
        "text": text,
        "turns": tuple(turns),
    }
    return msgspec.convert(values | more, Edition)


def origin(edition: Edition) -> Provenance:
    proof = {"n": 2, "size": 3, "root": "ab" * 32, "entry": "{}", "path": []}
    return Provenance(edition, "cd" * 32, "2031-05-07T00:00:00+00:00", proof)


A = edition(
    "en",
    "Host: Welcome.\n\nQ: Salt?\nMs. Marsh: None. Not today.\n\nQ: Canals?\nMs. Marsh: Two.\n\n"
    "Q: Ferries?\nMs. Marsh: They sail.",
)
B = edition(
    "fr",
    "Hôte: Bonsoir.\n\nQ: Bacs ?\nMme Marsh: Ils partent.\n\nQ: Sel ?\nMme Marsh: Aucun.\n\n"
    "Q: Ponts ?\nMme Marsh: Trois.",
)


def spans(edition: Edition, n: int, *words: str) -> Iterator[tuple[int, int]]:
    turn = edition.turns[n - 1]
    for each in words:
        start = edition.text.index(each, turn.start, turn.end)
        yield start, start + len(each)


def compared() -> Comparison:
    none, today = spans(A, 3, "None.", "Not today.")
    (aucun,) = spans(B, 5, "Aucun.")
    salt = Pair(
        a=(1,),
        b=(2,),
        score=0.91,
        evidence=(Evidence(kind="outlet", value=1, shared=("Northern Wire",)),),
        turns=(
            TurnPair(a=(2,), b=(4,), score=0.9),
            TurnPair(
                a=(3,),
                b=(5,),
                score=0.9,
                sentences=(SentencePair(a=(none,), b=(aucun,), score=0.8), SentencePair(a=(today,), b=(), score=0.1)),
            ),
        ),
    )
    ferries = Pair(a=(3,), b=(1,), score=0.8)
    return Comparison(a=A.id, b=B.id, pairs=(salt, ferries), only_in_a=(2,), only_in_b=(3,))


def said(edition: Edition, section: Section, side: str) -> list[list[str]]:
    return [[edition.text[piece.start : piece.end] for piece in getattr(row, side)] for row in section.rows]


def test_sections_follow_a_and_what_only_b_has_follows_what_it_follows_there() -> None:
    found = sections(A, B, compared())
    assert [(part.a, part.b, part.absent_from) for part in found] == [
        ((0,), (0,), None), ((1,), (2,), None), ((), (3,), "a"), ((2,), (), "b"), ((3,), (1,), None),
    ]  # fmt: skip


def test_sentences_that_say_the_same_are_level_and_others_alone() -> None:
    salt = sections(A, B, compared())[1]
    assert said(A, salt, "a") == [["Salt?"], ["None."], ["Not today."]]
    assert said(B, salt, "b") == [["Sel ?"], ["Aucun."], []]
    assert [row.alone for row in salt.rows] == [False, False, True]
    assert [piece.named for row in salt.rows for piece in row.a] == [True, True, False]


def test_a_stage_direction_is_not_said_to_be_missing() -> None:
    ((start, end),) = spans(A, 3, "Not today.")
    directed = msgspec.structs.replace(A, annotations=(Annotation(kind="aside", start=start, end=end),))
    assert not any(row.alone for row in sections(directed, B, compared())[1].rows)


@st.composite
def comparisons(draw: st.DrawFn) -> tuple[Edition, Edition, Comparison]:
    """Two editions and some comparison of them, by no means a sensible one."""

    def one(lang: str) -> Edition:
        said = st.lists(st.sampled_from(["Salt.", "No canal?", "今天。", "Ferries, too."]), min_size=1, max_size=4)
        turns = st.lists(st.builds("Q: {}".format, said.map(" ".join)), min_size=1, max_size=3)
        return edition(lang, "\n\n".join(draw(st.lists(turns.map("\n".join), min_size=1, max_size=5))))

    a, b = one("en"), one("fr")
    left = {side: draw(st.permutations([x.n for x in of.exchanges])) for side, of in (("a", a), ("b", b))}
    pairs = []
    while left["a"] and left["b"] and draw(st.booleans()):
        here = tuple(sorted(left["a"].pop() for _ in range(min(len(left["a"]), draw(st.integers(1, 2))))))
        there = tuple(sorted(left["b"].pop() for _ in range(min(len(left["b"]), draw(st.integers(1, 2))))))
        turns_a = [turn for turn in a.turns if turn.exchange in here]
        turns_b = [turn for turn in b.turns if turn.exchange in there]
        turns = []
        while (turns_a or turns_b) and draw(st.booleans()):
            some_a, turns_a = turns_a[: draw(st.integers(0, 2))], turns_a[2:]
            some_b, turns_b = turns_b[: draw(st.integers(0, 2))], turns_b[2:]
            if some_a or some_b:
                turns.append(draw(turn_pairs(a, some_a, b, some_b)))
        pairs.append(Pair(a=here, b=there, score=0.5, turns=tuple(turns)))
    cut_a, cut_b = draw(st.integers(0, len(left["a"]))), draw(st.integers(0, len(left["b"])))
    only = {"only_in_a": tuple(sorted(left["a"][:cut_a])), "only_in_b": tuple(sorted(left["b"][:cut_b]))}
    return a, b, Comparison(a=a.id, b=b.id, pairs=tuple(sorted(pairs, key=lambda pair: pair.a)), **only)


@st.composite
def turn_pairs(draw: st.DrawFn, a: Edition, turns_a: list[Turn], b: Edition, turns_b: list[Turn]) -> TurnPair:
    def sentences(edition: Edition, turns: list[Turn]) -> list[tuple[int, int]]:
        one = re.compile(r"[^.?。]+[.?。]")
        every = [m.span() for turn in turns for m in one.finditer(edition.text, turn.start, turn.end)]
        return [span for span in every if draw(st.booleans())]

    rest_a, rest_b, pairs = sentences(a, turns_a), sentences(b, turns_b), []
    while rest_a or rest_b:
        n, m = draw(st.integers(0, 2)), draw(st.integers(0, 2))
        if rest_a[:n] or rest_b[:m]:
            pairs.append(SentencePair(a=tuple(rest_a[:n]), b=tuple(rest_b[:m]), score=0.5))
        rest_a, rest_b = rest_a[n:], rest_b[m:]
    numbers = [tuple(turn.n for turn in turns) for turns in (turns_a, turns_b)]
    return TurnPair(a=numbers[0], b=numbers[1], score=0.5, sentences=tuple(pairs))


@settings(max_examples=300, deadline=None)
@given(comparisons())
def test_every_word_of_both_editions_is_shown_once(found: tuple[Edition, Edition, Comparison]) -> None:
    a, b, comparison = found
    shown = sections(a, b, comparison)
    for of, side in ((a, "a"), (b, "b")):
        pieces = [piece for part in shown for row in part.rows for piece in getattr(row, side)]
        characters = [at for piece in pieces for at in range(piece.start, piece.end) if not of.text[at].isspace()]
        turns = [at for turn in of.turns for at in range(turn.start, turn.end) if not of.text[at].isspace()]
        assert sorted(characters) == turns
        assert sorted(piece.turn.n for piece in pieces if piece.named) == [turn.n for turn in of.turns]
    assert html.unescape(side_by_side(origin(a), origin(b), shown).decode()).count("Q</b>") == len(a.turns + b.turns)


# ---------------------------------------------------------------- changes


SO_ON = "and so on " * 40
WAS = edition(
    "en",
    f"Host: Welcome.\n\nQ: Salt?\nMs. Marsh: There is no tariff on salt, {SO_ON}today.\n\n"
    "Q: Bridges?\nMs. Marsh: Three.",
)
NOW = edition(
    "en",
    f"Host: Welcome.\n\nQ: Salt?\nMr. Vole: There is one tariff on salt, {SO_ON}now.\n\nQ: Ferries?\nMs. Marsh: Three.",
    revision=2,
    revisions=2,
)


def change(kind: str, was_turn: int, before: str, turn: int, after: str) -> Change:
    """A change within the words of a turn; what is no part of them (a label, nothing) stands at their beginning."""
    spans = []
    for edition, n, words in ((WAS, was_turn, before), (NOW, turn, after)):
        first = edition.turns[n - 1].start
        start = edition.text.find(words, first)
        spans.append((start, start + len(words)) if start >= 0 else (first, first))
    (was_start, was_end), (start, end) = spans
    return Change(
        kind=kind, turn=turn, was_turn=was_turn, before=before, after=after, start=start, end=end,
        was_start=was_start, was_end=was_end,
    )  # fmt: skip


CHANGED = Diff(
    edition=WAS.id,
    from_=1,
    to=2,
    substantive=True,
    changes=(
        change("speaker", 3, "Ms. Marsh", 3, "Mr. Vole"),
        change("words", 3, "no", 3, "one"),
        change("words", 3, "today", 3, "now"),
        change("turn-added", 4, "", 4, "Ferries?"),
        change("turn-removed", 4, "Bridges?", 4, ""),
        change("typography", 5, ".", 5, "."),
    ),
)


def runs(block: object) -> list[list[tuple[str, str]]]:
    return [
        [(how, "".join(words for words, _ in cuts)) for how, cuts in run]
        for run in block.excerpts  # type: ignore[attr-defined]
    ]


def test_changes_are_shown_turn_by_turn_with_the_words_around_them() -> None:
    found = blocks(WAS, NOW, CHANGED)
    assert [block.what for block in found] == ["changed", "gone", "added"]
    first, last = runs(found[0])
    assert first[:4] == [("same", "There is "), ("gone", "no"), ("new", "one"), ("same", first[3][1])]
    assert first[3][1].startswith(" tariff on salt, and so on")
    assert (first[-1], last[0]) == (("same", "…"), ("same", "…"))
    assert last[-3:] == [("gone", "today"), ("new", "now"), ("same", ".")]
    assert found[0].label == ("Ms. Marsh", "Mr. Vole")
    assert runs(found[1]) == [[("gone", "Bridges?")]]
    assert runs(found[2]) == [[("new", "Ferries?")]]
    assert len(blocks(WAS, NOW, CHANGED, typography=True)) == 4


def test_an_excerpt_begins_and_ends_with_whole_words() -> None:
    first, last = runs(blocks(WAS, NOW, CHANGED)[0])
    assert set(first[3][1].split()) | set(last[1][1].split()) == {"tariff", "on", "salt,", "and", "so"}


def test_a_struck_word_keeps_its_mark() -> None:
    before = edition("en", "Q: It does harm.")
    ((start, end),) = [m.span() for m in re.finditer("does", before.text)]
    after = msgspec.structs.replace(before, annotations=(Annotation(kind="struck", start=start, end=end),))
    struck = Change(
        kind="annotation", turn=1, was_turn=1, before="does", after="does", start=start, end=end, was_start=start,
        was_end=end,
    )  # fmt: skip
    diff = Diff(edition=before.id, from_=1, to=2, substantive=False, changes=(struck,))
    (block,) = blocks(before, after, diff)
    assert block.excerpts[0][1:3] == (("gone", (("does", ()),)), ("new", (("does", ("struck",)),)))
    assert b"<ins><s>does</s></ins>" in diff_page(origin(before), origin(after), diff)


def test_words_that_are_gone_do_not_run_into_what_follows() -> None:
    for was, now, gone, shown in (
        ("END\n2:56", "2:56", "END", "END¶"),
        ("Q: no more.", "Q: no.", "more", " more"),
        ("Q: unkind", "Q: kind", "un", "un"),
    ):
        before, after = (msgspec.structs.replace(A, text=text, turns=()) for text in (was, now))
        at = was.index(gone)
        place = max(at - (shown[0] == " "), 0)
        change = Change(
            kind="words", turn=0, before=gone, after="", start=place, end=place, was_start=at, was_end=at + len(gone)
        )
        diff = Diff(edition=A.id, from_=1, to=2, substantive=True, changes=(change,))
        (block,) = blocks(before, after, diff)
        assert ("gone", ((shown, ()),)) in block.excerpts[0]


def test_what_changed_is_told_in_a_sentence() -> None:
    assert told(counts(CHANGED), substantive=True) == (
        "2 changes of words, 1 change of speaker, 1 turn added, 1 turn gone, 1 change of typography"
    )
    assert told({"typography": 3}, substantive=False) == "no word changed: 3 changes of typography"
    assert told({}, substantive=False) == "no word changed"


# ---------------------------------------------------------------- pages


class Checker(HTMLParser):
    """Whether tags are balanced, ids unique, and nothing is loaded or run."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert len(given) == len(attrs), f"{tag} has an attribute twice"
        assert not given.keys() & {"src", "srcset", "onclick", "onload", "style", "background", "action"}
        self.tags.add(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if "href" in given:
            assert tag == "a"
            self.links.append(str(given["href"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def checked(page: bytes) -> Checker:
    text = page.decode()
    assert text.lower().startswith("<!doctype html>\n<html lang=")
    checker = Checker()
    checker.feed(text)
    checker.close()
    assert checker.open == []
    assert len(checker.ids) == len(set(checker.ids))
    for link in checker.links:
        assert link[1:] in checker.ids if link.startswith("#") else link.startswith(("http://", "https://"))
    assert not checker.tags & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert "@import" not in text
    assert "url(" not in text
    return checker


def every_page() -> dict[str, bytes]:
    return {
        "one": edition_page(origin(A), A.exchanges),
        "both": side_by_side(origin(A), origin(B), sections(A, B, compared())),
        "diff": diff_page(origin(WAS), origin(NOW), CHANGED),
    }


@pytest.mark.parametrize("name", ["one", "both", "diff"])
def test_pages_are_whole_and_need_nothing_else(name: str) -> None:
    page = every_page()[name]
    checker = checked(page)
    assert {"title", "main", "footer"} <= checker.tags
    assert "sha-256" in page.decode().lower()
    assert page == every_page()[name]


def test_columns_say_their_language_and_direction_and_have_permalinks() -> None:
    page = side_by_side(origin(A), origin(B), sections(A, B, compared()))
    text = page.decode()
    assert '<div class="a text" lang="en" dir="ltr">' in text
    assert '<div class="b text" lang="fr" dir="ltr">' in text
    assert {"a0", "a1", "a2", "a3", "b0", "b1", "b2", "b3"} <= set(checked(page).ids)
    assert text.count("not in this edition") == 2
    assert "the same by outlet 1.00 (Northern Wire)" in text
    assert "score 0" not in text
    assert re.search(r'<div class="a text alone" lang="en" dir="ltr">\s*<p>Not today.</p>', text)
    arabic = msgspec.structs.replace(B, lang="ar")
    assert 'lang="ar" dir="rtl"' in side_by_side(origin(A), origin(arabic), sections(A, arabic, compared())).decode()
    unknown = msgspec.structs.replace(B, lang=None)
    assert (
        '<div class="b text" dir="auto">'
        in side_by_side(origin(A), origin(unknown), sections(A, unknown, compared())).decode()
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", EVIL, "file:///etc/passwd"])
def test_what_comes_from_outside_is_escaped_and_only_web_addresses_are_links(url: str) -> None:
    turns = tuple(msgspec.structs.replace(turn, label=EVIL, person=EVIL, outlet=EVIL) for turn in A.turns)
    bad = msgspec.structs.replace(
        A, title=EVIL, url=url, turns=turns, text=A.text.replace("None", "<b>x"), notices=(EVIL,), published=EVIL,
        kind=EVIL, date=EVIL,
    )  # fmt: skip
    evidence = (Evidence(kind="names", value=0.5, shared=(EVIL,)),)
    comparison = Comparison(a=A.id, b=B.id, pairs=(Pair(a=(1,), b=(2,), score=1, evidence=evidence),))
    diff = Diff(
        edition=A.id,
        from_=1,
        to=1,
        substantive=True,
        changes=(Change(kind="speaker", turn=3, was_turn=3, before=EVIL, after=EVIL, start=0, end=0),),
    )
    for page in (
        edition_page(origin(bad), bad.exchanges),
        side_by_side(origin(bad), origin(B), sections(bad, B, comparison)),
        diff_page(origin(bad), origin(bad), diff),
    ):
        checker = checked(page)
        assert not [link for link in checker.links if not link.startswith("#")]
        assert "\u202e" not in page.decode()


def test_a_span_that_was_asked_for_is_marked() -> None:
    ((start, end),) = spans(A, 3, "Not")
    page = edition_page(origin(A), A.exchanges[1:2], (start, end)).decode()
    assert '<mark class="asked">Not</mark>' in page
    assert "Welcome" not in page


# ---------------------------------------------------------------- the foot


def test_the_foot_of_a_page_proves_what_it_says(tmp_path: Path) -> None:
    with onrecord.open(tmp_path / "record") as record:
        record.add_all(EXAMPLES / "briefings", EXAMPLES / "edited")
        head = record.head()
        before, after = (record[f"xv-mfa/2024-05-13/en@{n}"] for n in (1, 2))
        origins = [provenance(record, each) for each in (before, after)]
        page = edition_page(origins[0], before.exchanges).decode()
    assert [each.id for each in origins] == ["xv-mfa/2024-05-13/en@1", "xv-mfa/2024-05-13/en@2"]
    for found in origins:
        assert check_proof(found.proof, head=head)
        entry = json.loads(found.proof["entry"])
        assert found.text_sha256 in str(entry)
        assert found.edition.sha256 in str(entry)
    for fact in (
        before.sha256,
        origins[0].text_sha256,
        head["root"],
        f"entry {origins[0].proof['n']} of {head['entries']}",
    ):
        assert fact in page
    (proof,) = re.findall(r"<details>.*?<code>(.*?)</code>", page, re.DOTALL)
    assert check_proof(json.loads(html.unescape(proof)), head=head)
    commands = [command for step in recipe(origins[:1]) for command in step.commands]
    assert all(command in html.unescape(page) for command in commands)
