"""The order of formulas: each factor of the score moves a phrase as it says, the others being equal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from westisle import Line, concordance_of, edition_of

from onrecord.formulas.formulary import mine
from onrecord.formulas.ranking import score
from onrecord.formulas.shape import Texts
from onrecord.model import Edition

YEAR = 365


def scores(editions: Sequence[Edition], lang: str = "en") -> dict[str, float]:
    """The score of every formula of the editions by its text."""
    concordance = concordance_of(editions)
    rows = mine(concordance, "xw-isle", lang, 2).rows
    texts = Texts(rows, concordance)
    return {texts[row]: float(value) for row, value in enumerate(score(rows, concordance))}


def record(days: Sequence[Sequence[Line]], apart: int = 1) -> list[Edition]:
    return [edition_of(number, lines, number * apart) for number, lines in enumerate(days)]


def said(*sentences: str) -> list[Line]:
    return [("answer", "Odile Marsh", sentence) for sentence in sentences]


def asked(*sentences: str) -> list[Line]:
    return [("question", None, sentence) for sentence in sentences]


def test_what_comes_back_more_often_is_more_formulaic() -> None:
    lines = [said("Steadfast lagoon friendship.", *["Sheltered tideway commerce."] * (day % 2)) for day in range(8)]
    found = scores(record(lines))
    assert found["steadfast lagoon friendship"] > found["sheltered tideway commerce"]


def test_words_that_stand_nowhere_else_hold_together_better() -> None:
    loose = ["Lagoon.", "Steadfast?", "Friendship!", "Lagoon, steadfast.", "Friendship, lagoon."]
    lines = [said("Steadfast lagoon friendship.", "Sheltered tideway commerce.", *loose) for _ in range(6)]
    found = scores(record(lines))
    assert found["sheltered tideway commerce"] > found["steadfast lagoon friendship"]


def test_what_those_who_ask_say_too_is_less_the_institution_s_own() -> None:
    lines = [
        asked("What of steadfast lagoon friendship?")
        + said("Steadfast lagoon friendship.", "Sheltered tideway commerce.")
        for _ in range(6)
    ]
    found = scores(record(lines))
    assert found["sheltered tideway commerce"] > found["steadfast lagoon friendship"]


def test_what_is_said_in_all_years_goes_before_the_talk_of_one() -> None:
    lines = [said("Gulls know.") for _ in range(8)]
    for day in (0, 1, 2, 3):
        lines[day] += said("Steadfast lagoon friendship.")
    for day in (0, 2, 4, 6):
        lines[day] += said("Sheltered tideway commerce.")
    found = scores(record(lines, apart=YEAR // 2))
    assert found["sheltered tideway commerce"] > found["steadfast lagoon friendship"]


def test_a_phrase_that_ends_where_phrases_end_is_whole() -> None:
    after = ("herring", "cannery", "harbour", "ferry", "pilot", "lantern")
    lines = [said(f"Sing steadfast lagoon friendship {word}.", f"{word} sheltered tideway commerce.") for word in after]
    found = scores(record(lines))
    assert found["sheltered tideway commerce"] > found["sing steadfast lagoon friendship"]


def test_of_a_family_the_best_is_told_and_the_rest_follow() -> None:
    lone = [said("They hail steadfast lagoon friendship."), said("Steadfast lagoon friendship!")] * 3
    lines = [said("We cherish steadfast lagoon friendship.") for _ in range(6)] + lone
    lines = [day + said("We cherish sheltered tideway commerce.") * (at < 6) for at, day in enumerate(lines)]
    found = scores(record(lines))
    # Both live in six briefings; the words of the one are told better by the friendship that is in it.
    assert found["we cherish sheltered tideway commerce"] > found["we cherish steadfast lagoon friendship"]
    assert found["steadfast lagoon friendship"] > found["we cherish steadfast lagoon friendship"]


def test_what_is_worded_like_a_better_one_comes_behind_what_is_not() -> None:
    lines = [said("Steadfast lagoon friendship.") for _ in range(9)]
    for day in range(6):
        lines[day] += said("Gulls hail steadfast lagoon commerce.", "Herring hail sheltered tideway pilots.")
    found = scores(record(lines))
    assert found["herring hail sheltered tideway pilots"] > found["gulls hail steadfast lagoon commerce"]


def test_a_record_without_questions_has_an_order_too() -> None:
    found = scores(record([said("Steadfast lagoon friendship.")] * 4))
    assert found["steadfast lagoon friendship"] > 0


@pytest.mark.parametrize("lang", ["en", "zh", "fi"])
def test_scores_are_finite_and_none_is_below_nought(lang: str) -> None:
    editions = [
        edition_of(number, said("Steadfast lagoon friendship, 灯塔命运与共。", "No no no no no."), None, lang=lang)
        for number in range(4)
    ]
    values = np.array(list(scores(editions, lang).values()))
    assert len(values)
    assert np.isfinite(values).all()
    assert (values >= 0).all()


def test_no_rows_have_no_scores() -> None:
    assert scores(record([said("Gulls know.")])) == {}
