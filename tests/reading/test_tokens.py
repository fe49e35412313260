"""What a word is, in several scripts."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.reading.fold import nfc
from onrecord.reading.words import tokens, unspaced_words, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don’t ask—ORLO said 1,000 “so-called” tides.", "don t ask orlo said 1 000 so called tides"),
        ("naïve Übermut, ÎLE", "naïve übermut île"),
        ("ships_at_sea", "ships at sea"),
        ("第3次5G网络", "第 3 次 5g 网 络"),
        ("ジョー・ランド", "ジ ョ ー ラ ン ド"),
        ("हिन्दी में", "हिन्दी में"),
        ("“…”—*", ""),
        ("", ""),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert words(nfc(text)) == [nfc(word) for word in expected.split()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Slides: https://harbour.example/a-b_c.pdf?x=1, and more", "slides and more"),
        ("see www.harbour.example/tide.", "see"),
        ("write to press@harbour.example today", "write to today"),
        ("详见https://harbour.example/abc。谢谢", "详 见 谢 谢"),
        ("详见www.harbour.example谢谢", "详 见 谢 谢"),
        ("harbour.gov is a name that can be said", "harbour gov is a name that can be said"),
        ("5:00 // and/or @ noon", "5 00 and or noon"),
    ],
)
def test_the_target_of_a_link_is_no_word(text: str, expected: str) -> None:
    assert words(text) == expected.split()


@given(st.text())
def test_tokens_are_spans_of_the_words(text: str) -> None:
    text = nfc(text)
    found = tokens(text)
    assert [key for _, _, key in found if key] == words(text)
    assert all(text[start:end].casefold() == key for start, end, key in found if key)
    assert all(one[1] <= two[0] for one, two in pairwise(found))


def test_chinese_words_by_the_dictionary() -> None:
    assert unspaced_words("我们希望各方保持冷静") == ["我们", "希望", "各方", "保持", "冷静"]


@pytest.mark.parametrize("piece", ["a", "a.", "a@", "a@a.", "www.", "http://", "汉", "a-"])
def test_no_text_takes_long(piece: str) -> None:
    start = time.process_time()
    tokens(piece * (200_000 // len(piece)) + "://@")
    assert time.process_time() - start < 2
