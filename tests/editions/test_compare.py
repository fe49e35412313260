"""Alignment of two editions in one language, on a briefing of a government that does not exist."""

from __future__ import annotations

import msgspec
import pytest
from harbour_day import DAYS, ENGLISH, OPENING, Talk, briefing, only, short

from onrecord.editions.compare import align, compare
from onrecord.meaning import Encoder, default_encoder
from onrecord.model import Comparison, Edition, Turn

LANGS = pytest.mark.parametrize("lang", ["en", "zh"])


def paired(found: Comparison) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(pair.a, pair.b) for pair in found.pairs]


def left(found: Comparison) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return found.only_in_a, found.only_in_b


def never() -> Encoder:
    raise AssertionError("no encoder is needed")


@LANGS
def test_an_edition_is_all_of_itself(lang: str) -> None:
    whole = briefing(DAYS[lang], lang)
    found = compare(whole, whole, never)
    assert paired(found) == [((n,), (n,)) for n in range(7)]
    assert left(found) == ((), ())
    assert all(pair.score == 1 for pair in found.pairs)


@LANGS
def test_what_an_excerpt_leaves_out(lang: str) -> None:
    whole = briefing(DAYS[lang], lang)
    found = compare(whole, briefing(only(DAYS[lang], 1, 4, 6), lang, opening=""), never)
    assert paired(found) == [((1,), (1,)), ((4,), (2,)), ((6,), (3,))]
    assert left(found) == ((0, 2, 3, 5), ())


@LANGS
def test_neighbours_by_one_outlet_become_one_exchange_and_are_told_apart(lang: str) -> None:
    """Exchanges 1 and 3 are by one outlet: with 2 gone they are one exchange by the rule of the vocabulary."""
    whole = briefing(DAYS[lang], lang)
    excerpt = briefing(only(DAYS[lang], 1, 3, 4), lang)
    assert [exchange.n for exchange in excerpt.exchanges] == [0, 1, 2]
    found = compare(whole, excerpt)
    assert paired(found) == [((0,), (0,)), ((1, 3), (1,)), ((4,), (2,))]
    assert left(found) == ((2, 5, 6), ())


@LANGS
def test_questions_alone_run_together(lang: str) -> None:
    whole = briefing(DAYS[lang], lang)
    one, _, three, *_ = (short(talk) for talk in DAYS[lang])
    found = compare(whole, briefing([one, three], lang))
    assert paired(found) == [((0,), (0,)), ((1, 3), (1,))]
    assert left(found) == ((2, 4, 5, 6), ())


@LANGS
def test_another_order(lang: str) -> None:
    whole = briefing(DAYS[lang], lang)
    found = compare(whole, briefing(only(DAYS[lang], 6, 4, 3, 2), lang))
    assert paired(found) == [((0,), (0,)), ((2,), (4,)), ((3,), (3,)), ((4,), (2,)), ((6,), (1,))]
    assert left(found) == ((1, 5), ())
    order = {pair.a: next(e.value for e in pair.evidence if e.kind == "order") for pair in found.pairs}
    assert order[(0,)] == 1
    assert order[(6,)] < 0


def test_light_rewording() -> None:
    reworded: tuple[Talk, ...] = (
        (
            ("Harbour Times (via translation)", "The ferry line to Norvania stopped Monday. When does it sail again?"),
            ("Quill", "The ferry will sail again on 1 May. The quay at Port Sel was damaged by a storm."),
        ),
        (
            ("", "Eleven sailors of the freighter Marigold are held in Osterland."),
            ("Ada Quill", "Our consul has visited the eleven sailors. They are well."),
        ),
    )
    found = compare(briefing(ENGLISH), briefing(reworded, opening=""))
    assert {n for pair in found.pairs for n in pair.a} == {1, 4}
    assert found.only_in_b == ()


@LANGS
@pytest.mark.parametrize("joint", ["\n", " "])
def test_one_great_statement(lang: str, joint: str) -> None:
    """Where no turns were recognised: an exchange is not absent whose words stand somewhere in it."""
    words = joint.join([OPENING[lang], *(said for n in (2, 4, 5) for _, said in DAYS[lang][n - 1])])
    whole = briefing(DAYS[lang], lang)
    blob = msgspec.structs.replace(
        whole,
        id=f"{whole.id}.blog",
        text=words,
        turns=(Turn(n=1, exchange=0, role="statement", start=0, end=len(words)),),
    )
    found = compare(whole, blob)
    assert paired(found) == [((0, 2, 4, 5), (0,))]
    assert left(found) == ((1, 3, 6), ())
    assert left(compare(blob, whole)) == ((), (1, 3, 6))


@LANGS
def test_an_answer_that_is_always_given_does_not_make_two_exchanges_one(lang: str) -> None:
    day = DAYS[lang]
    found = compare(briefing(only(day, 1, 4, 6), lang), briefing(only(day, 1, 5, 6), lang), never)
    assert left(found) == ((2,), (2,))


def test_words_of_its_own_between() -> None:
    blog: Talk = (("Harbour Times", "Quill walks in late. The room is half empty, the heating has failed again."),)
    remark: Talk = (("Sel Courier", "She takes two more questions, then waves and is gone."),)
    found = compare(briefing(ENGLISH), briefing([blog, *only(ENGLISH, 2, 4), remark], opening=""))
    assert paired(found) == [((2,), (2,)), ((4,), (3,))]
    assert left(found) == ((0, 1, 3, 5, 6), (1, 4))


def test_one_sentence_of_the_question() -> None:
    talk: Talk = (("Norvan Radio", "Is there any news on the fishing treaty?"),)
    assert left(compare(briefing(ENGLISH), briefing([talk], opening=""))) == ((0, 1, 3, 4, 5, 6), ())


def small_talk(*talks: str) -> Edition:
    """Exchanges of a few words, the question and the answer parted by a bar; the askers are not named."""
    return briefing([(("", question), ("MS. QUILL", answer)) for question, answer in (t.split("|") for t in talks)])


THANKS = "Thank you, Ada.|Go ahead."


def test_order_tells_exchanges_of_the_same_few_words_apart() -> None:
    whole = small_talk(
        THANKS, "Is the quay open?|No.", THANKS, "And the ferry?|In May.", THANKS, "Why not now?|Storms."
    )
    part = small_talk(THANKS, "Is the quay open?|No.", "And the ferry?|In May.", THANKS, "Why not now?|Storms.")
    assert left(compare(whole, part)) == ((3,), ())
    part = small_talk("Is the quay open?|No.", THANKS, "And the ferry?|In May.", "Why not now?|Storms.")
    assert left(compare(whole, part)) == ((1, 5), ())


def test_of_neighbours_that_are_word_for_word_the_same_one_is_gone() -> None:
    whole = small_talk("And the ferry?|In May.", THANKS, THANKS, THANKS, "Why not now?|Storms.")
    found = compare(whole, small_talk("And the ferry?|In May.", THANKS, "Why not now?|Storms."))
    assert len(found.only_in_a) == 2
    assert set(found.only_in_a) < {2, 3, 4}
    assert found.only_in_b == ()


def test_words_that_stand_where_nobody_speaks_are_not_absent() -> None:
    whole = briefing(ENGLISH)
    last = max(turn.n for turn in whole.turns if turn.exchange == 4)
    turns = [
        msgspec.structs.replace(t, role="procedural") if t.exchange == 4 else t for t in whole.turns if t.n <= last
    ]
    found = compare(whole, msgspec.structs.replace(whole, id=f"{whole.id}.blog", turns=tuple(turns)))
    assert left(found) == ((5, 6), ())
    assert ((4,), (4,)) in paired(found)


def test_what_a_pair_rests_on() -> None:
    found = compare(briefing(ENGLISH), briefing(only(ENGLISH, 1, 2), opening=""))
    kinds = [evidence.kind for evidence in found.pairs[0].evidence]
    assert kinds == ["words", "order"]
    words = found.pairs[0].evidence[0]
    assert words.value == 1
    assert len(words.shared) == 5
    assert all(word in briefing(ENGLISH).text.casefold() for word in words.shared)


def test_chinese_evidence_is_given_in_words() -> None:
    day = DAYS["zh"]
    found = compare(briefing(day, "zh"), briefing(only(day, 1), "zh", opening=""))
    assert all(len(word) > 1 for word in found.pairs[0].evidence[0].shared)
    assert "工程师" in found.pairs[0].evidence[0].shared


def test_turns_without_a_partner_say_so() -> None:
    (pair,) = compare(briefing(only(ENGLISH, 2), opening=""), briefing([short(ENGLISH[1])], opening="")).pairs
    assert [(bool(turns.a), bool(turns.b)) for turns in pair.turns] == [(True, True), (True, False)]


def test_editions_without_words() -> None:
    whole = briefing(ENGLISH)
    empty = msgspec.structs.replace(whole, id=f"{whole.id}.blog", text="", turns=())
    assert left(compare(whole, empty)) == ((0, 1, 2, 3, 4, 5, 6), ())
    assert left(compare(empty, whole)) == ((), (0, 1, 2, 3, 4, 5, 6))
    assert compare(empty, empty).pairs == ()


def test_the_language_is_that_of_the_text_where_none_is_named() -> None:
    whole = briefing(ENGLISH)
    assert len(compare(whole, msgspec.structs.replace(whole, lang=None), never).pairs) == 7


def test_two_languages_take_an_encoder() -> None:
    with pytest.raises(ValueError, match="two languages"):
        compare(briefing(ENGLISH), briefing(DAYS["zh"], "zh"))


def test_two_languages() -> None:
    found = compare(briefing(ENGLISH), briefing(only(DAYS["zh"], 1, 2, 3, 5, 6), "zh"), default_encoder)
    assert left(found) == ((4,), ())


OTHERWISE: tuple[Talk, ...] = (
    (
        ("A reader", "Boats between us and Norvania have not left port since the start of the week. Until when?"),
        ("Spokeswoman", "From May 1 boats leave again. Bad weather broke the landing stage in Port Sel."),
    ),
    (
        ("A listener", "It is said that a frontier mark on Pell mountain was shifted by you. Is this true?"),
        ("Spokeswoman", "Nobody shifted anything. Since land surveyors were there in 1931 the frontier is the same."),
    ),
)


def test_other_words_are_compared_by_meaning() -> None:
    found = compare(briefing(ENGLISH, opening=""), briefing(OTHERWISE, opening=""), default_encoder)
    assert paired(found) == [((1,), (1,)), ((5,), (2,))]
    assert {evidence.kind for pair in found.pairs for evidence in pair.evidence} >= {"meaning"}


ADVICE: Talk = (
    ("", "What should Veldanians in Osterland do now?"),
    (
        "Ada Quill",
        "The consul has told all our citizens in Osterland to stay at home and to keep away from the harbour until "
        "the strike is over.",
    ),
)
SAILORS = (
    ("A viewer", "What is being done for the eleven seamen of the Marigold who are kept in Osterland?"),
    ("Spokeswoman", "The consul saw all eleven the day before and found them well."),
)
ADVISED = "Our citizens in Osterland should not leave their homes, and stay away from the port as long as it lasts."


def test_what_a_paraphrase_joined_to_its_neighbour() -> None:
    whole = briefing((*ENGLISH[:4], ADVICE, *ENGLISH[4:]), opening="")
    joined = (SAILORS[0], ("Spokeswoman", f"{SAILORS[1][1]} {ADVISED}"))
    blog = briefing((OTHERWISE[0], joined, OTHERWISE[1]), opening="")
    found = compare(whole, blog, default_encoder)
    assert paired(found) == [((1,), (1,)), ((4, 5), (2,)), ((6,), (3,))]
    assert left(found) == ((2, 3, 7), ())
    assert left(compare(blog, whole, default_encoder)) == ((), (2, 3, 7))


def test_what_a_paraphrase_left_out_beside_its_neighbour() -> None:
    whole = briefing((*ENGLISH[:4], ADVICE, *ENGLISH[4:]), opening="")
    blog = briefing((OTHERWISE[0], SAILORS, OTHERWISE[1]), opening="")
    assert left(compare(whole, blog, default_encoder)) == ((2, 3, 5, 7), ())


def test_a_question_put_twice_of_which_a_paraphrase_has_one() -> None:
    again: Talk = (
        ("", "As to the eleven sailors of the freighter Marigold in Osterland, what does the Ministry do about them?"),
        ("Ada Quill", "I am sorry, I was writing a note. Say that again?"),
    )
    whole = briefing((*ENGLISH[:3], again, *ENGLISH[3:]), opening="")
    blog = briefing((OTHERWISE[0], SAILORS, OTHERWISE[1]), opening="")
    assert left(compare(whole, blog, default_encoder)) == ((2, 3, 7), ())


def test_both_directions_agree() -> None:
    a, b = briefing(ENGLISH), briefing(only(ENGLISH, 5, 1, 3), name=".blog")
    there, back = align(a, b), align(b, a)
    assert (there.only_in_a, there.only_in_b) == (back.only_in_b, back.only_in_a)
    assert (there.turned().only_in_a, there.turned().only_in_b) == (back.only_in_a, back.only_in_b)
