"""The time of day that live blogs print before a label is neither the label nor anybody's words."""

from __future__ import annotations

import pytest

from onrecord.model import Edition
from onrecord.reading import read

ENGLISH = [
    "{}CCTV: Will the harbour of Port Example open again?",
    "Mao Ning: It will. The work takes until 17:30 on Friday.",
    "{}BBC: Who paid for it?",
    "Mao Ning: I have nothing to add.",
]
CHINESE = [
    "{}总台央视记者：港口何时重新开放？",
    "毛宁：工程进行到周五17:30。",
    "{}英国广播公司记者：费用由谁承担？",
    "毛宁：我没有补充。",
]


def blog(lines: list[str], *stamps: str) -> Edition:
    times = iter(stamps)
    text = "\n\n".join(line.format(next(times)) if "{}" in line else line for line in lines)
    return read(f"Live: 26 July 2031\n\n{text}\n".encode(), name="2031-07-26.txt", source="cn-mfa")


@pytest.mark.parametrize(
    "stamps",
    [
        ("15:06 ", "15:09 "),
        ("15:06 - ", "15:09 – "),
        ("[3:06 pm] ", "[3:09 pm]"),
        ("3:06 p.m. GMT | ", "3:09 p.m. GMT | "),
        ("（15：06）", "15：09　"),
    ],
)
@pytest.mark.parametrize("lines", [ENGLISH, CHINESE])
def test_a_time_of_day_before_a_label(lines: list[str], stamps: tuple[str, str]) -> None:
    without, edition = blog(lines, "", ""), blog(lines, *stamps)
    said = [
        [(t.exchange, t.role, t.label, t.outlet, e.words(t)) for t in e.turns if t.role != "procedural"]
        for e in (without, edition)
    ]
    assert said[0] == said[1]
    assert [(row[0], row[1]) for row in said[1]] == [(1, "question"), (1, "answer"), (2, "question"), (2, "answer")]


@pytest.mark.parametrize("words", ["17:30 is when: nobody knows.", "15:06", "15:06 The ministry opens its doors."])
def test_a_time_of_day_before_anything_else_is_left(words: str) -> None:
    edition = blog([*ENGLISH[:2], words], "")
    assert edition.words(edition.turns[-1]).endswith(words)
    assert words in edition.text
