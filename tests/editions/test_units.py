"""A unit is a question with what answers it, however exchanges were joined; everything here is made up."""

from __future__ import annotations

from onrecord.editions.units import units, unspoken
from onrecord.model import Edition, Role, Turn

Row = tuple[int, Role, str]


def edition(*rows: Row) -> Edition:
    """An edition of turns given by exchange, role and words."""
    text, turns = "", []
    for n, (exchange, role, words) in enumerate(rows, 1):
        turns.append(Turn(n=n, exchange=exchange, role=role, start=len(text), end=len(text) + len(words)))
        text += f"{words}\n"
    return Edition(
        id="xv-mfa/2031-03-04/en", occasion="xv-mfa/2031-03-04", source="xv-mfa", country="XV", date="2031-03-04",
        lang="en", kind="official", sha256="0" * 64, text=text, turns=tuple(turns),
    )  # fmt: skip


def shape(one: Edition) -> list[tuple[int, list[int]]]:
    return [(unit.exchange, [turn.n for turn in unit.turns]) for unit in units(one)]


def test_a_question_after_an_answer_begins_another_unit() -> None:
    merged = edition((1, "question", "Why?"), (1, "answer", "So."), (1, "question", "And?"), (1, "answer", "No."))
    assert shape(merged) == [(1, [1, 2]), (1, [3, 4])]


def test_questions_one_after_the_other_are_answered_together() -> None:
    merged = edition((1, "question", "Why?"), (1, "question", "And when?"), (1, "answer", "Soon."))
    assert shape(merged) == [(1, [1, 2, 3])]


def test_every_announcement_is_a_unit() -> None:
    top = edition(
        (0, "statement", "Hello."), (0, "statement", "Friday."), (1, "question", "Why?"), (0, "statement", "X.")
    )
    assert shape(top) == [(0, [1]), (0, [2]), (1, [3]), (0, [4])]


def test_what_nobody_says_is_in_no_unit() -> None:
    quiet = edition(
        (0, "procedural", "Port Sel, the fourth of March"),
        (1, "question", "Why?"),
        (1, "procedural", "(The lights go out for a moment.)"),
        (1, "answer", "So."),
        (2, "question", ""),
    )
    assert shape(quiet) == [(1, [2, 4])]
    (unit,) = units(quiet)
    assert quiet.text[unit.start : unit.end].startswith("Why?")
    assert quiet.text[unit.start : unit.end].endswith("So.")
    # what stands above the first words is the title, which is in every edition
    assert [quiet.text[unit.start : unit.end] for unit in unspoken(quiet)] == ["(The lights go out for a moment.)"]
    assert [unit.n for unit in unspoken(quiet)] == [1]


def test_numbers_count_from_nought() -> None:
    assert [unit.n for unit in units(edition((1, "question", "A?"), (2, "question", "B?")))] == [0, 1]
    assert units(edition()) == ()
