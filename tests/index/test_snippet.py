"""Snippets."""

from __future__ import annotations

import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.index import Plan, parse
from onrecord.index.query import positives
from onrecord.index.snippet import LENGTH, cut


def plan(query: str) -> Plan:
    return Plan(*positives(parse(query)))


def test_marks_stems_and_escapes_the_rest() -> None:
    words = 'Tariffs < "tariff" & the countries’ country.'
    shown, spans = cut(words, plan("tariff country"))
    assert shown == (
        '<mark>Tariffs</mark> &lt; "<mark>tariff</mark>" &amp; the <mark>countries</mark>’ <mark>country</mark>.'
    )
    assert [words[start:end] for start, end in spans] == ["Tariffs", "tariff", "countries", "country"]


def test_marks_phrases_as_they_are_written() -> None:
    words = "They hold\n\nIron‑Clad  commitments to “一个中国”。"
    shown, spans = cut(words, plan('"iron-clad commitment" 一个中国'))
    assert [words[start:end] for start, end in spans] == ["Iron‑Clad  commitment", "一个", "中国"]
    assert "hold <mark>Iron‑Clad commitment</mark>s to" in shown


def test_short_stems_acronyms_and_irregular_forms() -> None:
    words = "The U.S. was dying; skies, us."
    _, spans = cut(words, plan("U.S. die sky"))
    assert [words[start:end] for start, end in spans] == ["U.S.", "dying", "skies"]


def test_what_was_excluded_is_not_marked() -> None:
    assert cut("tariff on steel", plan("tariff -steel"))[0] == "<mark>tariff</mark> on steel"


def test_shows_where_most_of_it_stands_together() -> None:
    filler = ("Nothing of note was said for a while. " * 30).strip()
    words = f"Tariffs first. {filler} Tariffs and copper exports, at last. {filler}"
    shown, spans = cut(words, plan("tariff copper export"))
    assert [words[start:end] for start, end in spans] == ["Tariffs", "copper", "exports"]
    assert shown.startswith("…")
    assert shown.endswith("…")
    plain = html.unescape(re.sub("</?mark>", "", shown)).strip("…")
    assert plain in words
    assert LENGTH - 60 <= len(plain) <= LENGTH + 10
    at = words.index(plain)
    assert words[at - 1] == " ", "begins at a word"
    assert words[at + len(plain)] == " ", "ends at a word"


def test_chinese_is_cut_anywhere() -> None:
    words = "今天没有什么可说的。" * 60 + "关税问题" + "今天没有什么可说的。" * 60
    shown, spans = cut(words, plan("关税"))
    assert "<mark>关税</mark>问题" in shown
    assert spans == ((600, 602),)
    assert len(shown) <= LENGTH + 20


def test_without_a_match_it_is_the_beginning() -> None:
    words = "word " * 200
    shown, spans = cut(words, plan(""))
    assert spans == ()
    assert shown == ("word " * 48).strip() + "…"
    assert cut("", plan("tariff")) == ("", ())


def test_a_match_longer_than_a_snippet_is_clipped() -> None:
    words = "x " * 1_000
    shown, spans = cut(words, plan('"' + "x " * 900 + '"'))
    assert shown.startswith("<mark>x x")
    assert spans == ((0, 2 * LENGTH),)


@settings(max_examples=300)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(["tariffs ", "中国", "\n", "<b>", "filler ", "ŉ", "e\u0301 "])).map("".join),
    ),
    st.sampled_from(["tariff", '"中国"', "中国 filler", '"s "', "b", '"é"', '"ʼn"', ""]),
)
def test_every_snippet_is_safe_and_its_spans_are_in_order(words: str, query: str) -> None:
    shown, spans = cut(words, plan(query))
    assert shown.count("<") == 2 * shown.count("<mark>") == 2 * len(spans)
    assert all(0 <= start < end <= len(words) for start, end in spans)
    assert list(spans) == sorted(spans)
    assert [html.unescape(mark) for mark in re.findall("<mark>(.*?)</mark>", shown, re.DOTALL)] == [
        re.sub(r"\s+", " ", words[start:end]) for start, end in spans
    ]
