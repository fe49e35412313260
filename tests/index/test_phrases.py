"""An exact phrase finds exactly the turns whose folded words contain the folded phrase, checked against ``in``."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.index import WordIndex, phrases
from onrecord.model import Edition, Turn
from onrecord.reading.fold import fold


def edition(words: list[str]) -> Edition:
    turns, at = [], 0
    for n, text in enumerate(words, 1):
        turns.append(Turn(n=n, exchange=1, role="answer", start=at, end=at + len(text)))
        at += len(text) + 1
    return Edition(
        id="xx-mfa/2031-02-03/en",
        occasion="xx-mfa/2031-02-03",
        source="xx-mfa",
        country=None,
        date="2031-02-03",
        lang="en",
        kind="official",
        sha256="0" * 64,
        text="\n".join(words),
        turns=tuple(turns),
    )


def found(index: WordIndex, phrase: str, size: int) -> set[int]:
    result = index.search(f'"{phrase}"', limit=size)
    assert len(result.keys) == result.total
    return {key & 0xFFFF for key in result.keys}


def expected(words: list[str], phrase: str) -> set[int]:
    return {n for n, text in enumerate(words, 1) if fold(phrase).strip(" ") in fold(text)}


SINGLE = st.sampled_from(
    [
        *"ab ab ab ,.-– '’“”\n\t\u3000",
        *"中国人的，。",
        *"5GéßİĀ_|]^(\\\x00\x1f\u0301",
        "e\u0301",
        "😀",
        "カ",
        "か\u3099",
    ]
)
LONGER = st.sampled_from(["한", "กา", "iron-clad", " the ", "U.S.", "commitments", "一个中国", "2031", "हिन्दी"])
PIECES = SINGLE | LONGER
TEXTS = st.lists(st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=12)), min_size=1, max_size=12)


@settings(max_examples=80, deadline=None)
@given(words=TEXTS, made=st.lists(st.lists(PIECES, min_size=1, max_size=3).map("".join), max_size=8), data=st.data())
def test_equals_substring_search(words: list[str], made: list[str], data: st.DataObject) -> None:
    asked = list(made)
    for text in words:
        if text:
            start = data.draw(st.integers(0, len(text) - 1))
            asked.append(text[start : data.draw(st.integers(start + 1, len(text)))])
    with tempfile.TemporaryDirectory() as folder, WordIndex.open(Path(folder) / "words", write=True) as index:
        index.add(1, edition(words), latest=True)
        index.commit()
        for phrase in asked:
            # A straight mark would end the phrase; a curly one inside folds to the same.
            phrase = phrase.replace('"', "“")
            if fold(phrase).strip():
                assert found(index, phrase, len(words)) == expected(words, phrase), phrase


WORDS = [
    "We have an iron-clad commitment to it.",
    "Those iron-clad commitments hold.",
    "iron clad commitment; iron -clad commitment",
    "Iron‑Clad\n\nCommitment",
    "He said “never again” and left",
    "一个中国原则是国际共识",
    "一个 中国原则",
    "坚持一个中国。原则问题",
    "人类命运共同体，5G技术",
    "x",
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> WordIndex:
    index = WordIndex.open(tmp_path_factory.mktemp("phrases") / "words", write=True)
    index.add(1, edition(WORDS), latest=True)
    index.commit()
    return index


@pytest.mark.parametrize(
    ("phrase", "turns"),
    [
        ("iron-clad commitment", {1, 2, 4}),
        ("Iron-clad Commitment", {1, 2, 4}),
        ("ron-clad comm", {1, 2, 4}),
        ("clad", {1, 2, 3, 4}),
        (" clad", {1, 2, 3, 4}),  # the spaces at its ends are no part of a phrase
        ("never again", {5}),
        ("said “never", {5}),
        ("一个中国", {6, 8}),
        ("一个中国原则", {6}),
        ("一个 中国", {7}),
        ("个中国。原", {8}),
        ("体，5", {9}),
        ("国", {6, 7, 8}),
        (".", {1, 2}),
        ("an ", {1, 5}),
        ("iron -clad", {3}),
        ("commitment", {1, 2, 3, 4}),
        ("nowhere to be found", set()),
    ],
)
def test_phrases(index: WordIndex, phrase: str, turns: set[int]) -> None:
    assert found(index, phrase, len(WORDS)) == turns == expected(WORDS, phrase)


def test_many_expansions_stay_exact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first token that thousands of words end with, and a last that thousands begin with."""
    letters = "abcdefghij"
    names = [x + y + z for x in letters for y in letters for z in letters]
    words = [f"{name}x y{name} {name}" for name in names] + ["x y", "ax", "x, y", "bx  yb c"]
    with WordIndex.open(tmp_path / "words", write=True) as index:
        index.add(1, edition(words), latest=True)
        index.commit()
        for limit in (8_000, 100, 3):
            monkeypatch.setattr(phrases, "_MAX_EXPANSION", limit)
            for phrase in ("x y", "ax ya", "x yab", "a", " y", "x,", "y" * 1_500 + " x"):
                assert found(index, phrase, len(words)) == expected(words, phrase), (limit, phrase)


def test_a_very_long_word(tmp_path: Path) -> None:
    words = ["z" * 15_000 + "q end", "short q end", "y" * 70_000 + " tail"]
    with WordIndex.open(tmp_path / "words", write=True) as index:
        index.add(1, edition(words), latest=True)
        index.commit()
        for phrase in ("zq", "q end", "zzz", "y tail", "z" * 1_900 + "q e"):
            assert found(index, phrase, 3) == expected(words, phrase), phrase[:20]
