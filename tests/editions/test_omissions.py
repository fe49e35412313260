"""What one edition has and another has not, on a briefing of a government that does not exist."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from harbour_day import DAYS, ENGLISH, OPENING, briefing, only, short

from onrecord.editions.omissions import AROUND, omissions
from onrecord.meaning import Vectors, default_encoder
from onrecord.model import Edition, Omission


def rows(*editions: Edition) -> list[tuple[str, str, int]]:
    return [(row.present_in, row.absent_from, row.exchange) for row in omissions(editions)]


def test_a_row_for_every_edition_that_lacks_an_exchange() -> None:
    whole, wire, blog = (
        briefing(ENGLISH),
        briefing(only(ENGLISH, 1, 2, 3, 4, 5), name=".excerpt-1"),
        briefing(only(ENGLISH, 1, 2, 3, 4, 6), name=".excerpt-2"),
    )
    assert rows(whole, wire, blog) == [
        (whole.id, wire.id, 6),
        (whole.id, blog.id, 5),
        (wire.id, blog.id, 5),
        (blog.id, wire.id, 5),
    ]


def test_nothing_is_missing_from_the_same_words() -> None:
    assert rows(briefing(ENGLISH), briefing(ENGLISH, name=".excerpt-1")) == []
    assert rows(briefing(ENGLISH)) == []
    assert rows() == []


def test_what_a_row_says() -> None:
    whole = briefing(ENGLISH)
    (row,) = omissions([whole, briefing(only(ENGLISH, 1, 2, 4, 5, 6), name=".excerpt-1")])
    assert row == Omission(
        occasion=whole.occasion,
        exchange=3,
        present_in=whole.id,
        absent_from=f"{whole.id}.excerpt-1",
        text="\n".join(words for _, words in ENGLISH[2]),
        id=f"{whole.id}#3",
        date="2031-03-04",
        label="Harbour Times",
        place=row.place,
    )
    assert row.place is not None
    assert (row.place.after, row.place.before) == (2, 3)
    assert row.place.text == (
        "I have nothing to announce at this point.\n"
        "Veldan Post: Eleven sailors of the freighter Marigold are held in Osterland."
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_announcement_is_missed_like_any_exchange(lang: str) -> None:
    whole = briefing(DAYS[lang], lang)
    (row,) = omissions([whole, briefing(DAYS[lang], lang, opening="", name=".excerpt-1")])
    assert (row.exchange, row.text) == (0, OPENING[lang])
    assert row.place is not None
    assert (row.place.after, row.place.before) == (None, 1)
    assert row.place.text.startswith(DAYS[lang][0][0][0])


def test_places_at_the_end_and_in_a_text_of_nothing() -> None:
    whole = briefing(ENGLISH)
    (row,) = omissions([whole, briefing(ENGLISH[:-1], name=".excerpt-1")])
    assert row.place is not None
    assert (row.place.after, row.place.before) == (5, None)
    assert row.place.text == "We urge the parties to keep to the agreements."
    other = briefing(
        [(("Norvan Radio", "Is it snowing on Mount Tarn? The slopes look white from here, somebody said."),)],
        opening="",
    )
    places = {row.place and (row.place.after, row.place.before, row.place.text) for row in omissions([whole, other])}
    assert (None, None, "") in places


def test_a_place_is_shown_in_few_words() -> None:
    long = (("Veldan Post", f"Is it {'very ' * 100}cold?"), ("Ada Quill", f"It is {'very ' * 100}cold."))
    whole = briefing([long, ENGLISH[1], long])
    (row,) = omissions([whole, briefing([long, long], name=".excerpt-1")])
    assert row.exchange == 2
    assert row.place is not None
    assert len(row.place.text) <= 2 * AROUND + 3


def test_a_shortened_exchange_is_not_absent() -> None:
    whole = briefing(ENGLISH)
    cut = briefing([short(talk) for talk in ENGLISH], name=".excerpt-1")
    assert rows(whole, cut) == []


def test_across_languages() -> None:
    english = briefing(ENGLISH)
    chinese = briefing(only(DAYS["zh"], 1, 2, 4, 5, 6), "zh")
    found = omissions([english, chinese], default_encoder)
    assert [(row.present_in, row.absent_from, row.exchange) for row in found] == [(english.id, chinese.id, 3)]
    with pytest.raises(ValueError, match="two languages"):
        omissions([english, chinese])


def test_each_text_is_encoded_once() -> None:
    class Counting:
        def __init__(self) -> None:
            self.encoder = default_encoder()
            self.name, self.dimensions = self.encoder.name, self.encoder.dimensions
            self.asked: list[str] = []

        def encode(self, texts: Sequence[str]) -> Vectors:
            self.asked += texts
            return self.encoder.encode(texts)

    encoder = Counting()
    english = [briefing(only(ENGLISH, *numbers), name=f".excerpt-{numbers[0]}") for numbers in ((1, 2, 3), (2, 3, 5))]
    omissions([*english, briefing(DAYS["zh"], "zh"), briefing(DAYS["zh"][:3], "zh", name=".mirror")], encoder)
    assert encoder.asked
    assert len(encoder.asked) == len(set(encoder.asked))
