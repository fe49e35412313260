"""Templates are found where they were put, and the slots are those that trying out every one finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from westisle import Line, concordance_of, edition_of

from onrecord.formulas.concordance import Concordance, Excerpt
from onrecord.formulas.model import Template
from onrecord.formulas.slots import (
    FEWEST,
    FILLERS,
    LONGEST,
    SLOT_CHARACTERS,
    Grown,
    Text,
    at_an_end,
    grams_of,
    inside,
    text_of,
)
from onrecord.formulas.templates import SHOWN, templates

PLACES = ["harbour", "lighthouse", "glacier", "meadow", "orchard", "quarry", "lagoon", "sawmill"]
DEEDS = ["抗议", "谴责", "不满", "赞赏", "忧虑", "关切"]
ISLES = ["盐岛", "雾岛", "鹿岛", "松岛", "月岛", "沙岛"]


def briefings(*answers: Sequence[str], lang: str = "en", questions: Sequence[str] = ()) -> Concordance:
    """A briefing for each place in the lists, which has the answer at that place of every list."""
    editions = []
    for number, said in enumerate(zip(*answers, strict=True)):
        lines: list[Line] = [("question", None, question) for question in questions]
        lines += [("answer", "Odile Marsh", words) for words in said]
        editions.append(edition_of(number, lines, number, lang=lang))
    return concordance_of(editions)


def excerpt_of(concordance: Concordance) -> Excerpt:
    return concordance.compact((concordance.turns.role == 1) | (concordance.turns.role == 2))


def found(concordance: Concordance, lang: str | None = "en", occasions: int = 5) -> list[Template]:
    return templates(concordance, excerpt_of(concordance), "xw-isle", lang, occasions)


def formulas(concordance: Concordance, lang: str | None = "en", occasions: int = 5) -> list[str]:
    return [template.formula for template in found(concordance, lang, occasions)]


# ---------------------------------------------------------------- where they were put


def test_a_slot_at_the_end() -> None:
    (template,) = found(briefings([f"We have nothing to announce on the {place}." for place in PLACES]))
    assert template.formula == "we have nothing to announce on the ___"
    assert (template.count, template.occasions, template.source, template.lang) == (8, 8, "xw-isle", "en")
    assert {filler.text for filler in template.fillers} == set(PLACES)


def test_a_slot_in_the_middle_is_filled_by_as_many_words_as_it_takes() -> None:
    fillings = [*PLACES[:5], "old stone harbour", "northern lighthouse", "harbour"]
    (template,) = found(briefings([f"Veldania condemns the {what} blockade in full." for what in fillings]))
    assert template.formula == "veldania condemns the ___ blockade in full"
    assert (template.fillers[0].text, template.fillers[0].count) == ("harbour", 2)
    assert "old stone harbour" in {filler.text for filler in template.fillers}
    assert sum(filler.count for filler in template.fillers) == template.count == 8


def test_a_slot_at_the_beginning() -> None:
    verbs = {"We": "protect", "They": "rebuild", "Those": "honour", "I": "abandon", "Who": "paint", "She": "survey"}
    (template,) = found(briefings([f"{who} {verb} every lighthouse keeper." for who, verb in verbs.items()]))
    assert template.formula == "___ every lighthouse keeper"
    assert {filler.text for filler in template.fillers} == set(verbs.values())


def test_chinese_slots_are_words_of_the_dictionary() -> None:
    answers = [f"维方对{isle}封港表示强烈谴责。" for isle in ISLES]
    (template,) = found(briefings(answers, lang="zh"), "zh")
    assert template.formula.endswith("___封港表示强烈谴责")
    assert " " not in template.formula
    answers = [f"维方对此表示{deed}。" for deed in DEEDS]
    (template,) = found(briefings(answers, lang="zh"), "zh")
    assert template.formula == "维方对此表示___"
    assert {filler.text for filler in template.fillers} == set(DEEDS)


def test_a_language_without_a_table_has_templates_too() -> None:
    answers = [f"Vi har inget att meddela om {place} idag." for place in PLACES]
    assert formulas(briefings(answers), "sv") == ["vi har inget att meddela om ___ idag"]


def test_print_and_apostrophes_do_not_matter() -> None:
    answers = [f"We{mark}ve got no comment for the {place}." for mark, place in zip("'’" * 4, PLACES, strict=True)]
    assert formulas(briefings(answers)) == ["we've got no comment for the ___"]


# ---------------------------------------------------------------- what is none


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(["We have nothing to announce on the harbour."] * 8, id="nothing changes"),
        pytest.param(
            [f"We have nothing to announce on the {place}." for place in ["harbour"] * 6 + PLACES[:2]],
            id="one filler has more than half",
        ),
        pytest.param([f"We have nothing to announce on the {place}." for place in PLACES[:3] * 3], id="few fillers"),
        pytest.param([f"We have nothing to announce on the {place}." for place in PLACES[:4]], id="few occasions"),
        pytest.param([f"Nothing to announce. {place} is closed." for place in PLACES], id="across sentences"),
        pytest.param([f"Odile Marsh, {place}, Harbour Office" for place in PLACES], id="punctuation at the slot"),
        pytest.param([f"Go ahead, ask of the {place}." for place in PLACES], id="the floor"),
        pytest.param([f"Visit Marsh of {place}." for place in PLACES], id="too short"),
        pytest.param([f"It is the {place} of the." for place in PLACES], id="function words"),
        pytest.param(
            [f"They {verb} lighthouse keepers." for verb in ["paint", "painted", "paints", "painting"] * 2],
            id="one word in all its forms",
        ),
        pytest.param([f"They met on May {day}." for day in range(1, 9)], id="dates"),
    ],
)
def test_what_is_no_template(answers: list[str]) -> None:
    assert formulas(briefings(answers)) == []


def test_a_template_is_told_once_and_whole() -> None:
    answers = [f"I would refer you to the keeper of {place} for that." for place in PLACES]
    assert formulas(briefings(answers)) == ["i would refer you to the keeper of ___"]


def test_of_a_template_with_many_beginnings_the_end_is_told() -> None:
    beginnings = ["We have nothing", "The guard had", "A clerk likes"]
    answers = [[f"{begin} to announce on the {place}." for place in PLACES] for begin in beginnings]
    assert formulas(briefings(*answers)) == ["to announce on the ___"]


def test_what_reporters_say_as_often_is_ordinary_language() -> None:
    answers = [f"Everybody worries about the {place} today." for place in PLACES]
    assert formulas(briefings(answers)) == ["everybody worries about the ___ today"]
    asked = [f"So everybody worries about the {place} today?" for place in PLACES]
    assert formulas(briefings(answers, questions=asked)) == []


def test_questions_are_not_counted() -> None:
    answers = [f"Veldania condemns the {place} blockade in full." for place in PLACES] * 2
    asked = ["You said Veldania condemns the sawmill blockade in full?", *["What of the harbour and the ferry?"] * 40]
    (template,) = found(briefings(answers, questions=asked))
    assert template.count == template.occasions == 16


def test_the_excerpt_says_what_is_looked_at() -> None:
    concordance = briefings([f"We have nothing to announce on the {place}." for place in PLACES])
    excerpt = concordance.compact(np.arange(len(concordance.turns)) < 5)
    (template,) = templates(concordance, excerpt, "xw-isle", "en")
    assert template.count == 5


def test_limit_and_the_number_of_fillers_told() -> None:
    names = [f"{first}{second}" for first in ("north", "south", "east", "west", "mid") for second in PLACES]
    one = [f"We have nothing to announce on the {name}." for name in names]
    two = [f"Veldania condemns the {name} blockade in full." for name in names]
    concordance = briefings(one, two)
    excerpt = excerpt_of(concordance)
    assert templates(concordance, excerpt, "xw-isle", "en", limit=0) == []
    every = templates(concordance, excerpt, "xw-isle", "en", limit=None)
    assert templates(concordance, excerpt, "xw-isle", "en", limit=1) == every[:1]
    assert all(
        len(template.fillers) == SHOWN < template.different == template.count == len(names) for template in every
    )


def test_a_filler_is_one_however_it_is_cut_into_words() -> None:
    # By the dictionary 两国 is one word before 和, and two at an end.
    answers = [f"愿更好造福{isle}，维护和平。" for isle in (*ISLES, "两国", "两国", "两国和地区")]
    (template,) = found(briefings(answers, lang="zh"), "zh")
    assert (template.formula, template.different) == ("愿更好造福___", len(ISLES) + 1)
    assert [(filler.text, filler.count) for filler in template.fillers[:2]] == [("两国", 3), (ISLES[0], 1)]


def test_a_record_of_nothing() -> None:
    assert formulas(concordance_of([])) == []
    assert formulas(concordance_of([edition_of(0, [])])) == []
    assert formulas(briefings(["?"], ["no"])) == []


# ---------------------------------------------------------------- the same, tried out one by one

PIECES = [*("salt ", "sea ", "iron-clad ", "boat ", "wind ", "tide ", "the ", "of ", "don't ", ", ", ". "), "“sea” "]
HAN = ["海岸", "盟约国", "的", "风", "鱼", "盐", "，", "。", "salt "]
SAID = st.sampled_from([PIECES, HAN]).flatmap(
    lambda pieces: st.lists(
        st.lists(st.sampled_from(pieces), min_size=10, max_size=60).map("".join), min_size=2, max_size=5
    )
)
Groups = dict[tuple[tuple[int, ...], tuple[int, ...]], list[tuple[int, int]]]


@settings(max_examples=60, deadline=None)
@given(SAID, st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_slots_are_those_of_all_places_that_recur(said: list[str], question: str) -> None:
    lines: list[list[Line]] = [[("answer", None, words), ("question", None, question or "no")] for words in said]
    concordance = concordance_of([edition_of(number, spoken, number) for number, spoken in enumerate(lines)])
    text = text_of(concordance, excerpt_of(concordance), "en")
    grams = grams_of(text, 2)
    assert groups(text, inside(text, grams, 2)) == tried(text, 2)
    for grown in at_an_end(text, grams, 2):
        for begin, end in zip(*grown.slots.take(grown.uses.places)[:2], strict=True):
            assert not text.stop[begin + 1 : end].any()
            assert text.spoken[begin:end].all()
            assert text.filling[end - 1 if grown.left else begin]
            assert 0 < end - begin <= text.widest


def groups(text: Text, grown: Iterable[Grown]) -> Groups:
    told: Groups = {}
    for one in grown:
        slots = one.slots.take(one.uses.places)
        pairs = list(zip(slots.begin.tolist(), slots.end.tolist(), strict=True))
        for first, count in zip(one.uses.at.tolist(), one.uses.counts.tolist(), strict=True):
            begin, end = pairs[first]
            key = fixed(text, begin - one.left, begin), fixed(text, end, end + one.right)
            assert key not in told
            told[key] = sorted(pairs[first : first + count])
    return told


def fixed(text: Text, begin: int, end: int) -> tuple[int, ...]:
    return tuple(text.word[begin:end].tolist())


def tried(text: Text, least: int) -> Groups:
    """Every slot with every two fixed parts around it."""
    every: Groups = defaultdict(list)
    for begin in range(1, text.size):
        for end in range(begin + 1, min(begin + text.widest, text.size - 1) + 1):
            few = not text.unspaced or text.characters[end] - text.characters[begin] <= SLOT_CHARACTERS
            if not few or not text.spoken[begin - 1 : end + 1].all() or not text.filling[end - 1]:
                continue
            for left in range(1, min(begin, LONGEST) + 1):
                for right in range(1, min(text.size - end, LONGEST) + 1):
                    if not text.stop[begin - left + 1 : end + right].any():
                        every[fixed(text, begin - left, begin), fixed(text, end, end + right)].append((begin, end))
    kept = {}
    for (left_words, right_words), slots in every.items():
        counted = [(begin, end) for begin, end in slots if text.counted[begin]]
        occasions = {int(text.occasion[begin]) for begin, _ in counted}
        fillers = {tuple(text.excerpt.ids[text.at[begin] : text.at[end]].tolist()) for begin, end in counted}
        fewest = 2 if text.unspaced else FEWEST
        if len(occasions) >= least and len(fillers) >= FILLERS and len(left_words) + len(right_words) >= fewest:
            kept[left_words, right_words] = sorted(slots)
    return kept
