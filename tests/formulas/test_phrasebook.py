"""The phrases of a list are found as if each were looked for by itself, and the longest of the leftmost kept."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from test_about import concordance

from onrecord.formulas.phrasebook import Phrase, Phrasebook

WORDS = st.lists(st.sampled_from("abcd"), min_size=1, max_size=4).map(tuple)


def found(text: str, *phrases: Phrase, lang: str = "en") -> list[tuple[str, str]]:
    """The phrases that are found, and what stands there."""
    made = concordance(("xv-mfa", "XV", lang, [("a", 1, text)]))
    rows = Phrasebook(phrases, made.lexicon).find(made)
    return [
        (phrases[row].text, made.text(place, place + length))
        for place, length, row in zip(rows.place.tolist(), rows.length.tolist(), rows.phrase.tolist(), strict=True)
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=30), st.sets(WORDS, min_size=1, max_size=8))
def test_as_if_looked_for_one_by_one(text: list[str], listed: set[tuple[str, ...]]) -> None:
    phrases = sorted(listed)
    made = concordance(("xv-mfa", "XV", "en", [("a", 1, " ".join(text))]))
    rows = Phrasebook([Phrase(" ".join(phrase)) for phrase in phrases], made.lexicon).find(made)
    expected, at = [], 0
    while at < len(text):
        here = [phrase for phrase in phrases if tuple(text[at : at + len(phrase)]) == phrase]
        longest = max(here, key=len, default=None)
        if longest:
            expected.append((at, phrases.index(longest)))
        at += len(longest or "a")
    assert list(zip(rows.place.tolist(), rows.phrase.tolist(), strict=True)) == expected


def test_open_ends() -> None:
    assert found("the Swedes and Swedish", Phrase("Swed", open=True)) == [("Swed", "swedes"), ("Swed", "swedish")]
    assert found("a swede", Phrase("swed", open=True), Phrase("swede")) == [("swede", "swede")]


def test_capitals() -> None:
    assert found("Turkey eats turkey", Phrase("Turkey", name=True)) == [("Turkey", "turkey")]
    assert found("Who? The WHO.", Phrase("WHO", name=True, shout=True)) == [("WHO", "who")]


def test_words_of_their_own() -> None:
    text, phrase = "对美好生活，对美政策", Phrase("对美", word=True)
    assert found(text, phrase, lang="zh") == [("对美", "对美")]
    assert len(found(text, Phrase("对美"), lang="zh")) == 2


def test_no_phrase_goes_on_in_the_next_sentence() -> None:
    assert found("In Hong. Kong sails.", Phrase("Hong . Kong"), Phrase("Hong")) == [("Hong", "hong")]


def test_nothing_to_find() -> None:
    assert found("We sail.", Phrase("nobody has said this")) == []
    made = concordance(("xv-mfa", "XV", "en", [("a", 1, "")]))
    assert len(Phrasebook([], made.lexicon).find(made).place) == 0
