"""Folding, and the way back from folded text to the original."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onrecord.reading.fold import fold, fold_map, nfc, unfold

HARD = "aAeßŉǰİΐᾳſK …\t\n\r\u3000\xa0\u1160\u11a8가각한\u0301\u0308\u0345\u0327“”‘’—–-'\"中国，。😀か\u3099ﷺ"
texts = st.one_of(st.text(), st.text(alphabet=HARD, max_size=40))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Iron‑Clad  “Commitment”", 'iron-clad "commitment"'),
        ("China’s\n\nposition — clear", "china's position - clear"),
        ("一个中国　原则", "一个中国 原则"),
        (" a\t\u00a0b ", " a b "),
        ("STRASSE Straße", "strasse strasse"),
        ("cafe\u0301", "café"),
        ("«Да»", '"да"'),
        ("", ""),
        ("\n\n", " "),
        ("５Ｇ「中」", "５ｇ「中」"),
    ],
)
def test_folds_case_space_and_marks_and_nothing_else(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_nfc_composes() -> None:
    assert nfc("e\u0301") == "é"


@given(texts)
@example("\u0345\u0301")
@example("ŉ")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_normal_forms_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@settings(max_examples=400)
@given(texts)
@example("a\u0345\u0301 ŉ")
@example("x  y\n\n z ")
def test_map_gives_the_same_folding_and_rising_offsets(text: str) -> None:
    folded, offsets = fold_map(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded) + 1
    assert offsets[-1] == len(text)
    assert all(a <= b for a, b in zip(offsets, list(offsets)[1:], strict=False))


@given(texts, st.data())
def test_a_span_carried_back_folds_to_what_was_found(text: str, data: st.DataObject) -> None:
    folded, offsets = fold_map(text)
    if not folded:
        return
    start = data.draw(st.integers(0, len(folded) - 1))
    end = data.draw(st.integers(start + 1, len(folded)))
    begin, stop = unfold(offsets, start, end)
    assert 0 <= begin < stop <= len(text)
    assert folded[start:end] in fold(text[begin:stop])


def test_a_span_in_plain_text_is_carried_back_exactly() -> None:
    text = "We  remain\n\ncommitted to  “One China”."
    folded, offsets = fold_map(text)
    at = folded.index('"one china"')
    start, end = unfold(offsets, at, at + 11)
    assert text[start:end] == "“One China”"
