"""What is a formula: fragments, names, dates and courtesies are not; slogans, programmes and refusals are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from westisle import concordance_of, edition_of

from onrecord.formulas.concordance import Concordance
from onrecord.formulas.formulary import mine
from onrecord.formulas.shape import EMPTY, MARK, NAME, PROGRAMME, TIME, Texts, floor, kinds_of, transparent

OPENINGS = ("So much for tides.", "Gulls know.", "Fog came early.", "Herring ran late.", "Rope is cheap.")
CHINESE_OPENINGS = ("潮水已退。", "海鸥飞来。", "雾很大。", "鱼价上涨。", "绳索便宜。")


def kept(lines: Sequence[str], lang: str = "en") -> set[str]:
    """The formulas of a record in which every line is an answer of its own day."""
    openings = CHINESE_OPENINGS if lang == "zh" else OPENINGS
    space = "" if lang == "zh" else " "
    editions = [
        edition_of(number, [("answer", None, openings[number % 5] + space + line)], number, lang=lang)
        for number, line in enumerate(lines)
    ]
    concordance = concordance_of(editions)
    rows = mine(concordance, "xw-isle", lang, 3).rows
    texts = Texts(rows, concordance)
    return {texts[row] for row in range(len(rows))}


def around(phrase: str, *, lang: str = "en") -> list[str]:
    """Sentences that have the phrase between words that change."""
    if lang == "zh":
        before, after = ("渔民说", "船长称", "灯塔讲", "码头传", "岛上听"), ("就好", "也罢", "很难", "而已", "不错")
        return [f"{a}{phrase}{b}。" for a, b in zip(before, after, strict=True)]
    before, after = (
        ("Anglers", "Sailors", "Keepers", "Porters", "Divers"),
        ("gladly", "warmly", "loudly", "twice", "daily"),
    )
    verbs = ("sing", "hail", "quote", "chant", "want")
    return [f"{a} {verb} {phrase} {b}." for a, verb, b in zip(before, verbs, after, strict=True)]


def plain(sentence: str) -> list[str]:
    """The sentence alone, five times."""
    return [f"{sentence}."] * 5


@pytest.mark.parametrize(
    "phrase",
    [
        "steadfast lagoon friendship",
        "the open tideway",
        "our unwavering lighthouse pledge",
        "Row Back Better",  # a slogan has capitals on small words
        "the Lagoon Repair Act",  # a law is a programme
        "the Westisle Initiative for Lagoon Repair",
        "safe, sheltered, and humane",
    ],
)
def test_set_phrases_are_formulas(phrase: str) -> None:
    folded = phrase.lower()
    bare = folded.removeprefix("the ").removeprefix("our ")
    assert kept(around(phrase)) & {folded, bare}


@pytest.mark.parametrize(
    "phrase",
    [
        "Prime Minister Odile Marsh",
        "Westisle Harbour Board",
        "the Department of Lighthouses",
        "national security advisor",
        "Tidal Policy Advisor Odile Marsh",  # an advisor, no policy
        "earlier this week",
        "at 9:30 on Monday",
        "a couple of things",
        "good morning, everyone",
        "thank you so much",
    ],
)
def test_names_dates_and_courtesies_are_not(phrase: str) -> None:
    assert not {row for row in kept(around(phrase)) if row in phrase.lower()}


def test_an_article_is_no_part_of_what_is_long_enough_without_it() -> None:
    assert "free and open lagoon" in kept(around("the free and open lagoon"))
    assert "the free and open lagoon" not in kept(around("the free and open lagoon"))
    assert "the open tideway" in kept(around("the open tideway")), "two words are too few"


def test_a_phrase_that_opens_a_place_needs_many_that_fill_it() -> None:
    fillers = ("harbour", "lighthouse", "ferry", "pilot", "cannery")
    open_end = [f"I would gladly refer you to {filler} clerks." for filler in fillers]
    assert "i would gladly refer you to" in kept(open_end)
    closed_end = [f"I would gladly refer you to harbour clerks {filler}." for filler in fillers]
    assert "i would gladly refer you to" not in kept(closed_end)


def test_a_refusal_is_a_formula_though_its_words_are_empty() -> None:
    assert "i don't have anything for you" in kept(plain("I don't have anything for you"))
    assert "we have something for you" not in kept(plain("We have something for you"))


def test_a_refusal_has_its_subject() -> None:
    rows = kept(plain("We don't have anything for gulls") + [f"{who} don't have anything for gulls." for who in "IU"])
    assert "we don't have anything for gulls" in rows
    assert "don't have anything for gulls" not in rows


def test_what_is_always_negated_is_not_said_without_its_negation() -> None:
    verbs = ("shall", "will", "may", "must", "can")
    rows = kept([f"Keepers {verb} not shy away from storms." for verb in verbs])
    assert "shy away from storms" not in rows
    assert "shy away from storms" in kept([f"Keepers {verb} shy away from storms." for verb in verbs])


def test_what_begins_anew_behind_a_dash_is_none() -> None:
    rows = kept(plain("We gladly - we gladly deplore smuggling") + plain("We gladly deplore smuggling"))
    assert "we gladly deplore smuggling" in rows
    assert "we gladly - we gladly deplore smuggling" not in rows
    assert "we - we gladly deplore smuggling" not in kept(plain("We - we gladly deplore smuggling"))


def test_a_word_of_another_clause_is_no_part_of_a_phrase() -> None:
    rows = kept(plain("Look, we firmly deplore smuggling") + plain("We firmly deplore smuggling"))
    assert "we firmly deplore smuggling" in rows
    assert "look, we firmly deplore smuggling" not in rows


def test_brackets_and_quotation_marks_come_in_pairs() -> None:
    rows = kept(around("calm “tideway talks” offer"))
    assert all(row.count('"') % 2 == 0 for row in rows)
    assert 'calm "tideway talks" offer' in rows


@pytest.mark.parametrize("phrase", ["捍卫海洋共同家园", "灯塔命运与共", "开放包容、互利共赢", "潟湖修复倡议"])
def test_chinese_set_phrases_are_formulas(phrase: str) -> None:
    assert phrase in kept(around(phrase, lang="zh"), "zh")


@pytest.mark.parametrize(
    "phrase",
    [
        "今天上午九点",
        "巴基斯坦总统",
        "联合国秘书长",
        "关于第二个问题",
        "所罗门群岛",
        "外长会晤",
        "李小红委员长",
        "应国务院总理邀请",
    ],
)
def test_chinese_names_dates_and_courtesies_are_not(phrase: str) -> None:
    assert not {row for row in kept(around(phrase, lang="zh"), "zh") if row in phrase}


def test_chinese_phrases_neither_begin_nor_end_with_particles() -> None:
    rows = kept([*around("美好的灯塔命运与共的", lang="zh"), *around("灯塔命运与共", lang="zh")], "zh")
    assert "灯塔命运与共" in rows
    assert not {row for row in rows if row.startswith("的") or row.endswith("的")}


def test_a_language_without_a_list_is_judged_by_capitals_and_marks() -> None:
    rows = kept([f"{a} alla saaren vakaa sopimus {b}." for a, b in zip("uvwxy", "klmno", strict=True)], "fi")
    assert "alla saaren vakaa sopimus" in rows
    rows = kept([f"{a} tapasi Odile Aino Marsh {b}." for a, b in zip("uvwxy", "klmno", strict=True)], "fi")
    assert "odile aino marsh" not in rows
    assert floor("fi") is None


def test_kinds_of_words() -> None:
    assert kinds_of("president", "en") & NAME
    assert kinds_of("president's", "en") & NAME
    assert kinds_of("act", "en") & PROGRAMME
    assert kinds_of("12,500", "en") == TIME
    assert kinds_of("…", "zh") == MARK
    assert kinds_of("ukraine", "en") & NAME, "names of countries need not be listed"
    assert kinds_of("我们", "zh") & EMPTY
    assert kinds_of("president", "fi") == kinds_of("president", None) == 0


def test_articles_are_looked_through() -> None:
    concordance = concordance_of([edition_of(1, [("answer", None, "The tide turns a lock.")])])
    seen = transparent(concordance.lexicon)
    assert [token for token, through in zip(concordance.lexicon.tokens, seen, strict=True) if through] == ["the", "a"]


def test_no_rows_are_no_formulas() -> None:
    concordance: Concordance = concordance_of([edition_of(1, [("answer", None, "Tide.")])])
    rows = mine(concordance, "xw-isle", "en", 3).rows
    assert len(rows) == 0
    assert rows.n.dtype == np.int32
