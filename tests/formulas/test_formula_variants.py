"""Variants of a formula are those, and only those, that a slow search finds by the same rules, each with its places."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_concordance import concordance_of, edition_of, plain

from onrecord.errors import BadQuery
from onrecord.formulas import variants as module
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.selection import Filter, Selection
from onrecord.formulas.tokens import SENTENCE, SPACE, WORD, split
from onrecord.formulas.variants import Found, variants
from onrecord.formulas.wording import _words
from onrecord.model import Edition
from onrecord.reading.fold import fold

PIECES = [
    *("a ", "a ", "b ", "b ", "ab ", "a-b ", "b's ", "a. ", "a, ", "c ", "ba "),
    *(
        "人类",
        "人类",
        "命运",
        "命运",
        "共同体",
        "中非",
        "的",
        "颠倒",
        "颠倒黑白",
        "是非",
        "，",
        "。",
        "新",
        " ",
        "\n",
        "\n",
        "阿",
        "柬",
        "中",
    ),
]
PHRASES = [
    *("a b", "b a", "a b a", "a a", "a b c", "a-b a", "b's a b", "a, b", "ab a", "a", "b c a b"),
    *("人类命运", "命运共同体", "人类命运共同体", "颠倒黑白", "新命运", "人类，命运", "a 人类", "的命运", "命运。"),
]
texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
drawn = st.lists(texts, min_size=1, max_size=4)


def found_by(concordance: Concordance, phrase: str, selection: Selection | None = None, **asked: int) -> list[Found]:
    return variants(selection or Selection(concordance, Filter()), phrase, **asked)


def counts(editions: Sequence[Edition], phrase: str, **asked: int) -> dict[str, int]:
    return {one.formula: len(one.places) for one in found_by(concordance_of(editions), phrase, **asked)}


# -------------------------------------------------------------------- the slow search


class Slow:
    """All variants of a phrase by going through every text token by token, in plain Python."""

    def __init__(self, concordance: Concordance, phrase: str, *, alike: tuple[float, int], occasions: int) -> None:
        self.concordance, self.alike, self.occasions = concordance, alike, occasions
        self.phrase, self.spaces = split(fold(phrase).strip(" "))
        self.words, self.pieces = _words(self.phrase, self.spaces)
        self.known = concordance.find(phrase).tolist()
        names, first = concordance.lexicon.tokens, concordance.revisions.first.tolist()
        self.texts = list(pairwise(first))
        every = np.arange(concordance.size)
        self.tokens = [names[id] for id in concordance.take(every)]
        self.marks = concordance.marks_at(every).tolist()
        self.uses: dict[tuple[int, int, str], list[tuple[int, int, str]]] = defaultdict(list)

    def word(self, at: int) -> bool:
        return any(letter.isalnum() for letter in self.tokens[at])

    def parted(self, at: int, bounds: tuple[int, int]) -> bool:
        def goes_on(at: int) -> bool:
            return at < bounds[1] and self.word(at) and not self.marks[at] & WORD

        return at == bounds[1] or not (goes_on(at) or (not self.word(at) and goes_on(at + 1)))

    def stands(self, first: int, last: int, at: int, bounds: tuple[int, int]) -> bool:
        """Whether the tokens of the phrase from ``first`` to ``last`` stand at a place of a text."""
        if at < bounds[0] or at + last - first > bounds[1]:
            return False
        for number in range(first, last):
            there, token = self.tokens[at + number - first], self.phrase[number]
            end = number == len(self.phrase) - 1
            if number == 0 and not there.endswith(token):
                return False
            if end and not there.startswith(token):
                return False
            if number and not end and there != token:
                return False
            if number and bool(self.marks[at + number - first] & SPACE) != self.spaces[number]:
                return False
        return True

    def text(self, first: int, last: int, *, blank: bool) -> str:
        said = "".join((" " if self.marks[at] & SPACE else "") + self.tokens[at] for at in range(first, last))
        return said if blank else said.strip(" ")

    def part(self, first: int, last: int) -> str:
        return "".join((" " if self.spaces[at] else "") + self.phrase[at] for at in range(first, last))

    def apart(self, first: int, last: int) -> bool:
        return all(last <= at or at + len(self.phrase) <= first for at in self.known)

    def beside(self, first: int, last: int, edge: int, bounds: tuple[int, int]) -> str:
        at = first - 1 if edge < 0 else last
        return self.tokens[at] if bounds[0] <= at < bounds[1] else ""

    def note(self, begin: int, end: int, first: int, last: int, word: tuple[int, int], text: int, edge: int) -> None:
        """Takes down a use as a whole word: the phrase with something else from ``begin`` to ``end``."""
        if not self.apart(first, last):
            return
        there = self.text(*word, blank=begin > 0)
        formula = (self.part(0, begin) + there + self.part(end, len(self.phrase))).strip(" ")
        beside = self.beside(first, last, edge, self.texts[text]) if edge else ""
        self.uses[begin, end, formula].append((first, text, beside))

    def look(self) -> None:
        size = len(self.phrase)
        slots = {*self.words, *self.pieces, *((begin, begin) for begin, _ in self.pieces[1:])}
        spoken = {at for begin, end in self.pieces for at in range(begin, end)}
        for begin, end in slots:
            if spoken <= set(range(begin, end)):
                continue
            for number, bounds in enumerate(self.texts):
                for at in range(*bounds):
                    if begin == 0:
                        if self.stands(end, size, at, bounds) and not self.marks[at] & SENTENCE:
                            width = self.word_before(at, bounds, end - begin)
                            if width:
                                self.note(begin, end, at - width, at + size - end, (at - width, at), number, -1)
                    elif end == size:
                        new = at + begin
                        if self.stands(0, begin, at, bounds) and new < bounds[1] and not self.marks[new] & SENTENCE:
                            width = self.word_after(new, bounds, end - begin)
                            if width:
                                self.note(begin, end, at, new + width, (new, new + width), number, 1)
                    elif self.stands(0, begin, at, bounds):
                        new = at + begin
                        for width in range(1, module._REACH + 1):
                            if self.stands(end, size, new + width, bounds) and self.whole(new, new + width, bounds):
                                last = new + width + size - end
                                self.note(begin, end, at, last, (new, new + width), number, 0)

    def whole(self, first: int, last: int, bounds: tuple[int, int]) -> bool:
        if not self.word(first) or not self.word(last - 1):
            return False
        two = last - first == 2 and all(self.unspaced(at) for at in range(first, last))
        return two or not any(self.parted(at, bounds) for at in range(first + 1, last))

    def unspaced(self, at: int) -> bool:
        return "\u4e00" <= self.tokens[at] <= "\u9fff"

    def word_after(self, at: int, bounds: tuple[int, int], long: int) -> int:
        ends = [n for n in range(1, module._REACH + 1) if at + n <= bounds[1] and self.parted(at + n, bounds)]
        return self.long_enough(ends, lambda n: at + n, long) if self.word(at) else 0

    def word_before(self, at: int, bounds: tuple[int, int], long: int) -> int:
        if at == bounds[0] or not self.word(at - 1) or not self.parted(at, bounds):
            return 0
        ends = [n for n in range(1, module._REACH + 1) if at - n >= bounds[0] and self.parted(at - n, bounds)]
        return self.long_enough(ends, lambda n: at - 1 - n, long)

    def long_enough(self, ends: list[int], at: Callable[[int], int], long: int) -> int:
        if not ends:
            return 0
        if ends[0] > 1 or long == 1 or not self.unspaced(at(0)):
            return ends[0]
        return 2 if 2 in ends and self.unspaced(at(1)) else 0

    def alike_to(self, beside: list[str], edge: int) -> bool:
        if len(self.known) < self.alike[1]:
            return True
        bounds = {at: next(bounds for bounds in self.texts if bounds[0] <= at < bounds[1]) for at in self.known}
        own = Counter(self.beside(at, at + len(self.phrase), edge, bounds[at]) for at in self.known)
        there = Counter(beside)
        shared = sum(min(there[token] / len(beside), own[token] / len(self.known)) for token in there)
        return shared >= self.alike[0] - 1e-12

    def places(self, formula: str) -> list[int]:
        size = len(split(formula)[0])
        return [at for at in self.concordance.find(formula).tolist() if self.apart(at, at + size)]

    def enough(self, texts: set[int]) -> bool:
        return len(texts) >= self.occasions

    def text_of(self, at: int) -> int:
        return next(number for number, bounds in enumerate(self.texts) if bounds[0] <= at < bounds[1])

    def variants(self) -> dict[str, list[int]]:
        found = {}
        self.look()
        for (begin, end, formula), uses in self.uses.items():
            edge = 0 if begin == end else -1 if begin == 0 else int(end == len(self.phrase))
            if not self.enough({text for _, text, _ in uses}):
                continue
            if edge and not self.alike_to([beside for _, _, beside in uses], edge):
                continue
            found[formula] = self.places(formula)
        for begin, end in self.words if len(self.words) > 2 else ():
            formula = (self.part(0, begin) + self.part(end, len(self.phrase))).strip(" ")
            places, size = self.places(formula), len(self.phrase) - end + begin
            edge = -1 if begin == 0 else int(end == len(self.phrase))
            beside = [self.beside(at, at + size, edge, self.texts[self.text_of(at)]) for at in places]
            if self.enough({self.text_of(at) for at in places}) and (not edge or self.alike_to(beside, edge)):
                found[formula] = places
        return {formula: places for formula, places in found.items() if self.enough(set(map(self.text_of, places)))}


@pytest.mark.parametrize("alike", [(0.05, 10), (0.4, 1)])
@given(texts=drawn, phrase=st.sampled_from(PHRASES), occasions=st.integers(1, 2), cuts=st.sets(st.integers(1, 3)))
@settings(max_examples=400, deadline=None)
def test_variants_are_what_a_slow_search_finds(
    alike: tuple[float, int], texts: list[str], phrase: str, occasions: int, cuts: set[int]
) -> None:
    concordance = concordance_of(plain(*texts), sorted(cuts))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_ALIKE", alike)
        found = found_by(concordance, phrase, limit=10_000, occasions=occasions)
    slow = Slow(concordance, phrase, alike=alike, occasions=occasions).variants()
    assert {one.formula: one.places.tolist() for one in found} == slow
    assert len({one.formula for one in found}) == len(found)
    assert [len(one.places) for one in found] == sorted((len(one.places) for one in found), reverse=True)


# -------------------------------------------------------------------- what they are, by example


SAID = (
    "Veldania firmly opposes the salt tax. Norland resolutely opposes the salt tax. It firmly opposes it.",
    "Veldania resolutely opposes the fish tax, and firmly and always opposes the boat tax. Veldania firmly opposes it.",
    "It firmly supports the lake treaty; it firmly supports it. Veldania firmly and always opposes war.",
    "It firmly supports peace. He opposes nothing.",
)


def test_a_word_is_swapped_or_inserted() -> None:
    found = {(one.kind, one.here, one.there): one for one in found_by(concordance_of(plain(*SAID)), "Firmly opposes")}
    assert found["swapped", "firmly", "resolutely"].formula == "resolutely opposes"
    assert len(found["swapped", "firmly", "resolutely"].places) == 2
    assert len(found["swapped", "opposes", "supports"].places) == 3
    assert {one.kind for one in found.values()} == {"swapped"}, "two words put in are no variant"


def test_a_word_is_dropped_and_what_is_left_has_a_life_of_its_own() -> None:
    editions = plain(
        *["构建人类命运共同体。", "构建命运共同体。构建人类命运共同体。", "构建命运共同体，构建新的命运共同体。"] * 2
    )
    found = counts(editions, "人类命运共同体")
    assert found["命运共同体"] == 6, "without those in the formula"
    assert counts(editions, "命运共同体").get("人类命运共同体") is None, "which only contains it"


def test_words_of_four_characters_have_two_halves() -> None:
    editions = plain("这是颠倒黑白。", "颠倒是非，颠倒黑白！", "又颠倒是非。")
    assert counts(editions, "颠倒黑白") == {"颠倒是非": 2}


def test_what_stays_holds_a_word_that_is_rare() -> None:
    common = "the harbour of the lake of the town " * 40
    editions = plain(*[f"{common} the lake of the town, the salt of the town"] * 2)
    found = counts(editions, "the salt of", limit=1000)
    assert "the lake of" not in found, "what stays is common"
    assert not counts(editions, "the of the"), "nothing of it is rare"
    editions = plain(*[f"{common} iron commitment, the commitment, salt commitment"] * 3)
    assert counts(editions, "iron commitment") == {"salt commitment": 3}


def test_what_is_swapped_at_an_end_stands_beside_the_same_words() -> None:
    said = "我方坚决反对。我方强烈反对。国际社会反对。"
    found = counts(plain(*[said] * 10), "坚决反对")
    assert found == {"强烈反对": 10}
    said = "I have nothing to announce. I have nothing to say. I have nothing to add. "
    found = counts(plain(*[said] * 10), "have nothing to announce")
    assert found == {"have nothing to say": 10, "have nothing to add": 10}, "and not: have nothing to"


def test_joined_words_are_whole() -> None:
    said = "Our iron-clad commitment holds. Our long-term commitment holds. Don't doubt Anna's commitment."
    concordance = concordance_of(plain(said, said))
    found = {one.there: (one.here, len(one.places)) for one in found_by(concordance, "iron-clad commitment")}
    assert found == {"long-term": ("iron-clad", 2), "anna's": ("iron-clad", 2)}


def test_only_one_word_is_put_in() -> None:
    said = "Iron or trust. Iron or salt trust. Iron, or trust. Iron well-being trust."
    found = counts(plain(said, said), "iron trust")
    inside = {formula: count for formula, count in found.items() if formula.startswith("iron") and "trust" in formula}
    assert inside == {"iron or trust": 2, "iron well-being trust": 2}
    assert found["or trust"] == found["iron or"] == 4
    assert counts(plain(*["构建中柬命运共同体，构建人类未来命运共同体。"] * 2), "构建人类命运共同体") == {
        "构建中柬命运共同体": 2,
        "构建人类未来命运共同体": 2,
    }


def test_a_word_of_another_sentence_is_none_of_the_phrase() -> None:
    assert counts(plain(*["Salt trust\n\nTrust is all. Stone\n\nTrust is salt"] * 2), "iron trust") == {"salt trust": 2}
    assert counts(plain(*["Iron trust\n\nIron\n\nStone is all. Iron will"] * 2), "iron dust") == {
        "iron trust": 2,
        "iron will": 2,
    }


def test_a_phrase_that_is_nowhere_has_variants() -> None:
    found = counts(plain(*SAID), "strongly opposes", limit=2)
    assert found == {"firmly opposes": 3, "resolutely opposes": 2}


def test_only_what_is_selected_counts() -> None:
    lines = [
        ("Q. ", "question", None, None, 3, "Is it iron trust?"),
        ("A. ", "answer", "Odile Marsh", None, 2, "Salt trust."),
    ]
    editions = [edition_of(n, ("xa-harbour", n, "en", "Salt trust, stone trust", lines)) for n in range(3)]
    concordance = concordance_of(editions)
    everywhere = {one.formula: len(one.places) for one in found_by(concordance, "iron trust")}
    assert everywhere == {"salt trust": 6, "stone trust": 3}
    hers = Selection(concordance, Filter(person="Odile Marsh"))
    assert {one.formula: len(one.places) for one in found_by(concordance, "iron trust", hers)} == {"salt trust": 3}
    early = Selection(concordance, Filter(until=editions and concordance.revisions.day[1].item()))
    assert {one.formula: len(one.places) for one in found_by(concordance, "iron trust", early)} == {
        "salt trust": 4,
        "stone trust": 2,
    }


def test_limit_and_nothing_to_find() -> None:
    concordance = concordance_of(plain(*SAID))
    assert len(found_by(concordance, "firmly opposes", limit=1)) == 1
    assert found_by(concordance, "opposes") == []
    assert found_by(concordance, "，。") == []
    assert found_by(concordance, "nowhere never") == []
    assert found_by(concordance_of(plain("")), "firmly opposes") == []
    with pytest.raises(BadQuery):
        found_by(concordance, "  ")
