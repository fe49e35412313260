"""Phrases with one word more at an end, and with their hyphens otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from westisle import concordance_of, edition_of

from onrecord.formulas.kin import longer, respelled
from onrecord.formulas.life import Uses
from onrecord.formulas.selection import Filter, Selection


def uses_of(phrase: str, texts: Sequence[str], lang: str = "en") -> Uses:
    editions = [edition_of(n, [("answer", None, text)], n, lang=lang) for n, text in enumerate(texts)]
    return Uses(Selection(concordance_of(editions), Filter()), phrase)


def kin(uses: Uses) -> list[tuple[str, str, str, str, int]]:
    return [(one.kind, one.here, one.there, one.formula, len(one.places)) for one in (*longer(uses), *respelled(uses))]


def test_the_word_that_mostly_stands_beside_makes_kin() -> None:
    texts = [
        "The shared harbour pact holds.",
        "A shared harbour pact, and the harbour pact of old.",
        "Harbour pact or none.",
    ]
    assert kin(uses_of("harbour pact", texts)) == [("inserted", "", "shared", "shared harbour pact", 2)]
    assert kin(uses_of("shared harbour", texts)) == [("inserted", "", "pact", "shared harbour pact", 2)]


def test_in_chinese_it_is_a_word_of_the_dictionary() -> None:
    texts = ["推动构建人类命运共同体。", "人类命运共同体是方向。", "中非命运共同体。"]
    found = kin(uses_of("命运共同体", texts, lang="zh"))
    assert ("inserted", "", "人类", "人类命运共同体", 2) in found


def test_words_without_meaning_sentences_and_rare_words_make_none() -> None:
    texts = [
        "The harbour pact and more.",
        "In it the harbour pact and more.",
        "Calm. Harbour pact. Calm.",
        "Old harbour pact",
    ]
    assert kin(uses_of("harbour pact", texts)) == []
    assert kin(uses_of("never said", texts)) == []


def test_hyphens_may_be_left_out() -> None:
    texts = ["An ironclad pact.", "An ironclad word.", "An iron clad ship."]
    assert kin(uses_of("iron-clad", texts)) == [
        ("swapped", "iron-clad", "ironclad", "ironclad", 2),
        ("swapped", "iron-clad", "iron clad", "iron clad", 1),
    ]
    assert kin(uses_of("an iron-clad pact", texts)) == [
        ("swapped", "iron-clad", "ironclad", "an ironclad pact", 1),
    ]
