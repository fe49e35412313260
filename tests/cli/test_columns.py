"""Lines that fit, by how wide their characters are."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.cli.columns import beside, clip, width_of, wrap

TEXTS = st.text(alphabet=st.sampled_from("ab Z9.,(“”‘’港湾，。《》！？（）—…é\u0301 \t한カ"), max_size=80)


def lines_of(text: str, width: int) -> list[str]:
    return ["".join(words for words, _ in line) for line in wrap([(text, "")], width)]


@pytest.mark.parametrize(
    ("text", "width"),
    [("harbour", 7), ("港湾", 4), ("“港湾”", 6), ("e\u0301", 1), ("ｱ", 1), ("Ａ", 2), ("한국", 4), ("", 0)],
)
def test_width(text: str, width: int) -> None:
    assert width_of(text) == width


def test_words_are_kept_whole_and_chinese_is_not_broken_before_a_stop() -> None:
    assert lines_of("The harbour law passed.", 12) == ["The harbour", "law passed."]
    assert lines_of("今天，港口的关税没有取消。", 8) == ["今天，港", "口的关税", "没有取", "消。"]
    assert lines_of("提出《灯火》", 6) == ["提出", "《灯", "火》"]
    assert lines_of("关税tariff取消", 8) == ["关税", "tariff取", "消"]
    assert lines_of("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


@given(TEXTS, st.integers(4, 30))
def test_wrapping_keeps_every_character_and_the_width(text: str, width: int) -> None:
    lines = lines_of(text, width)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert all(width_of(line.rstrip()) <= width for line in lines)


@given(st.lists(st.tuples(TEXTS, st.sampled_from(["", "bold"])), max_size=4), st.integers(4, 30))
def test_wrapping_keeps_the_styles(pieces: list[tuple[str, str]], width: int) -> None:
    def of(style: str, found: list[tuple[str, str]]) -> str:
        return re.sub(r"\s", "", "".join(words for words, its in found if its == style))

    wrapped = [piece for line in wrap(pieces, width) for piece in line]
    assert [of(style, wrapped) for style in ("", "bold")] == [of(style, pieces) for style in ("", "bold")]


@given(TEXTS, st.integers(2, 30))
def test_clip(text: str, width: int) -> None:
    assert width_of(clip(text, width)) <= width
    whole = " ".join(text.split())
    assert clip(text, 400) == whole
    if width_of(whole) > width:
        assert clip(text, width).endswith("…")


def test_columns_stand_straight_with_wide_characters() -> None:
    left, right = wrap([("今天取消关税。" * 4, "")], 18), wrap([("No tariff is lifted today.", "")], 18)
    for line in beside(left, right, 40):
        before = line[: line.index("│")]
        assert sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in before) == 19
