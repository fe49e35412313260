"""Where sentences end, in the languages that briefings are published in."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.reading.sentences import sentence_spans


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "We met Mr. Smith of the U.S. Government.|The talks ended at 5 p.m.|They cost $1.5 billion.",
        "“Yes.”|He said so (twice.)|Really??|Then No. 5 came.",
        "“Why not?” he asked... and left...|Then he came back.",
        "I met J. Biden in Washington, D.C. on Jan. 5.|So am I.|We go.",
        "She lives in the U.S.|The talks are there.|Inc. is a word of Foo Corp. Ltd.|But not here.",
        "1. We support it.|2.5 percent is enough.|See https://example.com/a.b?c=1.|OK.",
        "St. Vincent, Lt. Col. Ray and Gov. Lee came at 10 a.m. EDT.|It rained.",
    ],
)
def test_english(text: str) -> None:
    assert cut(text.replace("|", " ")) == text.split("|")


@pytest.mark.parametrize(
    "text",
    [
        "我们注意到“为什么？”的问题。|他说：“好。”|中方坚决反对！|是吗？！|当然……不是。|增长1.5%；一是要这样。",
        "你问“谁受益？”，答案很清楚。|（见第3页。）|谢谢!|没有.",
        "「賛成です。」と述べた。|これはよい。|「はい。」|これは違う。",
    ],
)
def test_scripts_without_spaces(text: str) -> None:
    assert cut(text.replace("|", "")) == text.split("|")


@pytest.mark.parametrize(
    "text",
    [
        "В 2023 г. Россия и т.д. поддержали это.|С.В.Лавров встретился с А. Б. Ивановым.|Он сказал: «Да!»|Потом ушёл.",
        "El Sr. López visitó EE. UU. ayer.|¿Qué dice?|¡No!|Bien.",
        "M. Dupont a dit : « Non ! »|Puis il est parti.|Mme Leroy, art. 5, est restée.",
        "네, 감사합니다.|다음 질문은 무엇입니까?|없습니다.",
        "هل توافق؟|نعم.|شكرا.",
    ],
)
def test_other_languages(text: str) -> None:
    assert cut(text.replace("|", " ")) == text.split("|")


def test_a_paragraph_ends_a_sentence() -> None:
    assert cut("Without a stop\nsecond\n\n“third”\n***\n") == ["Without a stop", "second", "“third”"]
    assert sentence_spans("One. Two. Three.", 5, 9) == [(5, 9)]
    assert cut("...") == cut("") == cut(" \n ") == []


@given(st.text(alphabet="aB1 .?!。？”\"'(\n«»…,中я", max_size=60))
def test_every_word_is_in_one_sentence(text: str) -> None:
    spans = sentence_spans(text)
    assert all(start < end and text[start:end].strip() == text[start:end] for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    inside = "".join(text[start:end] for start, end in spans)
    assert re.findall(r"\w", inside) == re.findall(r"\w", text)


@pytest.mark.parametrize("text", ["a." * 50_000, "." * 100_000, "“" * 100_000 + "a", "a " * 50_000, "?" * 50_000 + "”"])
def test_odd_texts_take_no_longer(text: str) -> None:
    begin = time.perf_counter()
    sentence_spans(text)
    assert time.perf_counter() - begin < 2
