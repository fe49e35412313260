"""The concordance counts and places every phrase exactly as a search through the folded canonical texts does.

The texts are made up of what is hard in real ones: several scripts glued together, marks that cannot be composed,
letters that fold to two, quotation marks and dashes, apostrophes, emoji, printed labels between the turns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np
import pytest
import westisle
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from onrecord.errors import BadQuery
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.life import Uses, life
from onrecord.formulas.model import Life
from onrecord.formulas.selection import Filter, Selection
from onrecord.formulas.tokens import CAPITAL, ROLES, SENTENCE, SPACE, WORD
from onrecord.model import Edition, Role, Turn
from onrecord.reading.fold import fold, nfc
from onrecord.reading.sentences import sentence_spans
from onrecord.store.reading import TurnRow

PIECES = [
    *("a", "b", "A", "aa", "ab", "Ab a", "a b a", "be", "the", "don’t", "it's", "’s", "'", "iron-clad", "U.S.", "1.5%"),
    *("“", "”", "«", "»", "—", "——", "–", "-", ".", ",", ":", "?!", "…", "_", "#", "@", "(inaudible)", "[sic]", "2"),
    *("é", "e\u0301", "q\u0303", "\u0303", "\u0338", "ﬁ", "ß", "İ", "ŉ", "ǰ", "ς", "Ω", "ª", "½", "Ⅳ", "ｗ"),
    *("人", "人类", "人人", "命运", "命运共同体", "一带一路", "，", "。", "、", "：", "！", "“和”", "《", "》", "〇"),
    *("ก็", "ไทย", "한국", "ᄒ", "\u1161", "カタ・カナ", "が", "か\u3099", "हिन्दी", "क\u094d", "مُ", "ـ", "٣", "𠀀"),
    *("😀", "👩‍👩‍👧", "\u200b", "\u00ad", "\ufe0f", "\n", " ", " ", " ", " ", "  ", "\u3000", "\u00a0", "\u2009"),
]
"""What texts are put together from; short ones come often, so that phrases stand in them many times and overlap."""

# No turn begins with a mark that belongs to what stands before the turn.
texts = st.lists(st.sampled_from(PIECES), max_size=14).map(
    lambda pieces: nfc("".join(pieces).lstrip("\u0303\u0338\u1161\ufe0f"))
)
roles: st.SearchStrategy[Role] = st.sampled_from(["question", "answer", "answer", "statement", "procedural"])
people = st.sampled_from([None, "Odile Marsh", "林若舟"])
outlets = st.sampled_from([None, "Harbour News", "Lagoon Times"])
labels = st.sampled_from(["", "Q. ", "MS. MARSH: ", "《礁湖时报》记者：", "林若舟：", "aa "])
LINE = st.tuples(labels, roles, people, outlets, st.integers(0, 3), texts)
"""A turn with its printed label; its number of an exchange is how much it is greater than the one before, less 2."""

EDITION = st.tuples(
    st.sampled_from(["xa-harbour", "xb-lagoon"]),
    st.one_of(st.none(), st.integers(0, 800)),
    st.sampled_from(["en", "zh", None]),
    texts,
    st.lists(LINE, max_size=5),
)
EDITIONS = st.lists(EDITION, min_size=1, max_size=5)


def edition_of(number: int, drawn: tuple) -> Edition:  # type: ignore[type-arg]
    """An edition of what was drawn: a heading, then turns, each after its label."""
    source, day, lang, heading, lines = drawn
    turns: list[Turn] = []
    text, exchange = heading + "\n", 0
    for label, role, person, outlet, step, words in lines:
        exchange += max(0, step - 2)
        text += label
        start = len(text)
        text += words
        turn = Turn(
            n=len(turns) + 1,
            exchange=exchange,
            role=role,
            label=label.strip() or None,
            person=person,
            outlet=outlet if role == "question" else None,
            start=start,
            end=len(text),
        )
        turns.append(turn)
        text += "\n"
    assert nfc(text) == text, "a canonical text is composed"
    dated = None if day is None else (date(2031, 5, 6) + timedelta(day)).isoformat()
    occasion = f"{source}/{dated or 'undated'}.{number + 1}"
    return Edition(
        id=f"{occasion}/{lang or 'und'}",
        occasion=occasion,
        source=source,
        country=source[:2].upper(),
        date=dated,
        lang=lang,
        kind="official",
        sha256="00",
        text=text,
        turns=tuple(turns),
    )


def editions_of(drawn: Sequence[tuple]) -> list[Edition]:  # type: ignore[type-arg]
    return [edition_of(number, one) for number, one in enumerate(drawn)]


def plain(*paragraphs: str) -> list[Edition]:
    """Editions of nothing but text, undated, without turns."""
    return [edition_of(number, ("xa-harbour", None, "en", nfc(text), [])) for number, text in enumerate(paragraphs)]


def concordance_of(editions: Sequence[Edition], cuts: Sequence[int] = (), *, join: bool = False) -> Concordance:
    """The concordance of the editions in parts that begin at those of the ``cuts`` that are inside."""
    return westisle.concordance_of(editions, sorted(set(cuts) & set(range(1, len(editions)))), join=join)


def offsets(text: str, phrase: str) -> Iterator[int]:
    """Where the phrase stands in the text, none overlapping: what ``str.count`` counts."""
    at = text.find(phrase)
    while at >= 0:
        yield at
        at = text.find(phrase, at + len(phrase))


def one_to_one(text: str) -> bool:
    """Whether places in the folded text are places in the text."""
    return len(fold(text)) == len(text) == len(text.casefold())


def token_starts(concordance: Concordance, row: int) -> list[int]:
    """Where in the folded text of a revision each of its tokens begins; the tokens give that text back."""
    first, last = (int(place) for place in concordance.revisions.first[row : row + 2])
    places = np.arange(first, last)
    starts, at = [], 0
    for id, marks in zip(concordance.take(places).tolist(), concordance.marks_at(places).tolist(), strict=True):
        at += bool(marks & SPACE)
        starts.append(at)
        at += len(concordance.lexicon.tokens[id])
    return starts


def brute_force(concordance: Concordance, editions: Sequence[Edition], phrase: str) -> list[int]:
    """The places that ``find`` should give."""
    found = []
    for row, edition in enumerate(editions):
        starts = np.array(token_starts(concordance, row))
        for at in offsets(fold(edition.text), phrase):
            found.append(int(concordance.revisions.first[row] + np.searchsorted(starts, at, "right") - 1))
    return found


@st.composite
def spans(draw: st.DrawFn, text: str) -> str:
    """A stretch of a text, mostly short; of its folded form or as it is printed."""
    assume(text)
    text = draw(st.sampled_from([text, fold(text)]))
    start = draw(st.integers(0, len(text) - 1))
    return text[start : start + draw(st.one_of(st.integers(1, 6), st.integers(1, 60)))]


def check(editions: Sequence[Edition], phrase: str, cuts: Sequence[int] = ()) -> None:
    wanted = fold(phrase).strip(" ")
    for concordance in (concordance_of(editions, cuts), concordance_of(editions, cuts, join=True)):
        found = concordance.find(phrase)
        assert found.dtype == np.int64
        assert found.tolist() == brute_force(concordance, editions, wanted)


# ---------------------------------------------------------------- find


@settings(max_examples=200, deadline=None)
@given(EDITIONS, st.data())
def test_a_phrase_stands_where_a_search_of_the_texts_finds_it(drawn: list[tuple], data: st.DataObject) -> None:  # type: ignore[type-arg]
    editions = editions_of(drawn)
    phrase = data.draw(spans(data.draw(st.sampled_from(editions)).text))
    assume(fold(phrase).strip(" "))
    check(editions, phrase, data.draw(st.lists(st.integers(1, 4), max_size=3)))


@settings(max_examples=100, deadline=None)
@given(EDITIONS, texts, st.lists(st.integers(1, 4), max_size=3))
def test_so_it_is_for_any_other_words(drawn: list[tuple], phrase: str, cuts: list[int]) -> None:  # type: ignore[type-arg]
    assume(fold(phrase).strip(" "))
    check(editions_of(drawn), phrase, cuts)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "aa", " ", ".", "人"]), min_size=1, max_size=60), st.data())
def test_phrases_that_overlap_themselves(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    phrase = data.draw(spans(text))
    assume(fold(phrase).strip(" "))
    check(plain(text, text + text), phrase, data.draw(st.sampled_from([[], [1]])))


@pytest.mark.parametrize(
    ("text", "phrase", "count"),
    [
        ("no, no, no, no", "no, no", 2),
        ("a b aa b aa b a", "a b a", 3),  # one ends in the token in which the next begins
        ("a b a b a", "a b a", 1),
        ("哈哈哈哈哈", "哈哈", 2),
        ("aaaa aa", "aa", 3),
        ("The iron-clad, iron—clad commitment", "iron-clad", 2),
        ("They don’t; don't ; DON‘T", "don't", 3),
        ("They don’t", "n't", 1),
        ("cooperation", "opera", 1),
        ("co-operation of operators", "oper", 2),
        ("win-win cooperation", "n-w", 1),
        ("U.S. and U. S.", "u.s.", 1),
        ("one\n\n two  three", "one two\tthree", 1),
        ("one China; oneChina", "one china", 1),
        ("人类命运 共同体 人类命运共同体", "命运共同体", 1),
        ("中国CHINA与G7峰会", "china与g", 1),
        ("Straße STRASSE", "strasse", 2),
        ("ﬁrst oﬃce", "fi", 2),
        ("q\u0303q", "q", 2),  # a substring search parts a letter from its mark, and so does this
        ("q\u0303q", "\u0303", 1),
        ("é e\u0301", "é", 2),
        ("👩‍👩‍👧 👩", "👩", 3),
        ("nothing", "something", 0),
        ("end of one", "one start", 0),  # the next text begins so
    ],
)
def test_counts_that_are_known(text: str, phrase: str, count: int) -> None:
    editions = plain(text, "start of another")
    assert len(concordance_of(editions).find(phrase)) == count
    check(editions, phrase, [1])


@pytest.mark.parametrize("phrase", ["", " ", "\n\u3000"])
def test_nothing_cannot_be_looked_for(phrase: str) -> None:
    with pytest.raises(BadQuery):
        concordance_of(plain("Some words.")).find(phrase)


def test_a_concordance_of_nothing() -> None:
    for editions in ([], plain("")):
        concordance = concordance_of(editions)
        assert concordance.size == 0
        assert len(concordance.find("a")) == len(concordance.find("a b c")) == 0
        assert life_of(concordance, "a b", Filter(), []).total == 0


@settings(max_examples=100, deadline=None)
@given(EDITIONS, st.data())
def test_whole_tokens_stand_where_they_are_read(drawn: list[tuple], data: st.DataObject) -> None:  # type: ignore[type-arg]
    editions = editions_of(drawn)
    concordance = concordance_of(editions, data.draw(st.lists(st.integers(1, 4), max_size=2)))
    assume(concordance.size)
    ids = concordance.take(np.arange(concordance.size)).tolist()
    start = data.draw(st.integers(0, len(ids) - 1))
    wanted = ids[start : start + data.draw(st.integers(1, 6))]
    row = concordance.revision_of(np.arange(concordance.size))
    places = [
        at
        for at in range(len(ids) - len(wanted) + 1)
        if ids[at : at + len(wanted)] == wanted and row[at] == row[at + len(wanted) - 1]
    ]
    assert concordance.find_ids(wanted).tolist() == places


# ---------------------------------------------------------------- tokens, marks, turns


@settings(max_examples=100, deadline=None)
@given(EDITIONS, st.lists(st.integers(1, 4), max_size=3), st.data())
def test_the_tokens_say_what_the_texts_say(drawn: list[tuple], cuts: list[int], data: st.DataObject) -> None:  # type: ignore[type-arg]
    editions = editions_of(drawn)
    concordance = concordance_of(editions, cuts)
    for row, edition in enumerate(editions):
        first, last = (int(place) for place in concordance.revisions.first[row : row + 2])
        assert concordance.text(first, last) == fold(edition.text).strip(" ")
    places = np.arange(concordance.size)
    rows = concordance.turn_of(places)
    turns = concordance.turns
    every = [(row, turn) for row, edition in enumerate(editions) for turn in edition.turns]
    assert len(every) == len(turns)
    for number, (row, turn) in enumerate(every):
        first, last = int(turns.first[number]), int(turns.last[number])
        assert np.flatnonzero(rows == number).tolist() == list(range(first, last))
        assert concordance.text(first, last) == fold(editions[row].words(turn)).strip(" ")
        facts = turns.revision[number], turns.n[number], turns.exchange[number], ROLES[turns.role[number]]
        assert facts == (row, turn.n, turn.exchange, turn.role)
        names = [None if at < 0 else concordance.names[at] for at in (turns.person[number], turns.outlet[number])]
        assert names == [turn.person, turn.outlet]
        if last > first:
            assert concordance.marks_at(np.array([first]))[0] & SENTENCE
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=len(turns), max_size=len(turns))), np.bool_)
    excerpt = concordance.compact(chosen)
    assert excerpt.position.tolist() == [at for at in places.tolist() if rows[at] >= 0 and chosen[rows[at]]]
    assert excerpt.ids.tolist() == concordance.take(excerpt.position).tolist()
    assert excerpt.turn.tolist() == rows[excerpt.position].tolist()
    begins = np.diff(excerpt.turn, prepend=-1) != 0
    assert (excerpt.marks[begins] & SENTENCE).all()
    assert ((excerpt.marks ^ concordance.marks_at(excerpt.position)) & ~np.uint8(SENTENCE) == 0).all()


@settings(max_examples=100, deadline=None)
@given(EDITIONS)
def test_marks_say_how_a_token_is_printed(drawn: list[tuple]) -> None:  # type: ignore[type-arg]
    editions = editions_of(drawn)
    concordance = concordance_of(editions)
    for row, edition in enumerate(editions):
        if not one_to_one(edition.text):
            continue
        starts = token_starts(concordance, row)
        marks = concordance.marks_at(np.arange(*concordance.revisions.first[row : row + 2]))
        assert [bool(mark & CAPITAL) for mark in marks] == [edition.text[at].isupper() for at in starts]
        opening = {start for start, _ in sentence_spans(edition.text)} | {turn.start for turn in edition.turns}
        opened = {at for at, mark in zip(starts, marks, strict=True) if mark & SENTENCE}
        assert {at for at in opening if at in starts} <= opened


def test_where_words_begin() -> None:
    text = "He said: don’t build iron-clad ships, U.S. and G7共同体 3,000 人类命运共同体 -x"
    concordance = concordance_of(plain(text))
    begins = concordance.marks_at(np.arange(concordance.size)) & WORD > 0
    shown = "".join(
        f"|{concordance.text(at, at + 1)}" if begins[at] else concordance.text(at, at + 1)
        for at in range(concordance.size)
    )
    assert shown == "|he|said:|don't|build|iron-clad|ships,|u.s.|and|g7|共同体|3,000|人类|命运|共同体-|x"


# ---------------------------------------------------------------- the life of a phrase


class Texts:
    """The editions as ``life`` asks for them."""

    def __init__(self, concordance: Concordance, editions: Sequence[Edition]) -> None:
        self._by_id = {edition.id: edition for edition in editions}
        self._by_pk = {row.pk: self._by_id.get(row.id) for row in concordance.revisions.rows}

    def get(self, id: str) -> Edition:
        return self._by_id[id]

    def turn_rows(self, keys: Sequence[tuple[int, int]]) -> Sequence[TurnRow]:
        found = []
        for pk, n in keys:
            edition = self._by_pk[pk]
            assert edition is not None
            turn = next(turn for turn in edition.turns if turn.n == n)
            found.append(
                TurnRow(edition.id, 1, 1, edition.date, edition.source, n, turn.exchange, turn.role, turn.label,
                        turn.person, turn.outlet, turn.start, turn.end, edition.words(turn))
            )  # fmt: skip
        return found


def life_of(concordance: Concordance, phrase: str, filter: Filter, editions: Sequence[Edition]) -> Life:
    """Its life among the texts that fit."""
    selection = Selection(concordance, filter)
    return life(Uses(selection, phrase), Texts(concordance, editions), selection)


def whole_turns(edition: Edition, phrase: str) -> list[Turn | None]:
    """For each use in the edition's text the turn that has all of it."""
    text = edition.text
    bounds = [(len(fold(text[: turn.start])), len(fold(text[: turn.end])), turn) for turn in edition.turns]
    return [
        next((turn for start, end, turn in bounds if start <= at and at + len(phrase) <= end), None)
        for at in offsets(fold(text), phrase)
    ]


def check_life(found: Life, editions: Sequence[Edition], phrase: str, filter: Filter) -> None:
    """Every count, the first and the last use equal those of a search of the texts."""
    uses: list[tuple[Edition, Turn | None]] = []
    texts = prompts = 0
    for edition in editions:
        prompted: dict[int, str] = {}
        prompt_of: dict[int, str | None] = {}
        for one in edition.turns:
            if one.role == "question" and one.outlet:
                prompted[one.exchange] = one.outlet
            prompt_of[one.n] = prompted.get(one.exchange)
        fits = (
            filter.source in (None, edition.source)
            and filter.lang in (None, edition.lang)
            and (filter.since is None or (edition.date or "") >= date.fromordinal(filter.since).isoformat())
            and (filter.until is None or "" < (edition.date or "") <= date.fromordinal(filter.until).isoformat())
        )
        texts += fits
        for turn in whole_turns(edition, phrase):
            if filter.person is not None and (turn is None or turn.person != filter.person):
                continue
            if filter.outlet is not None and (turn is None or prompt_of[turn.n] != filter.outlet):
                continue
            if fits:
                uses.append((edition, turn))
                prompts += turn is not None and prompt_of[turn.n] is not None
    spoken = [(edition, turn) for edition, turn in uses if turn is not None]
    assert found.total == len(uses)
    for by in found.denominators.values():
        if isinstance(by, dict) and sum(by.values()) != found.words:
            assert set(by) <= {"en", "zh", "Odile Marsh", "林若舟"}, "words of no language, of nobody"
    assert found.turns == len({(edition.id, turn.n) for edition, turn in spoken})
    assert found.exchanges == len({(edition.id, turn.exchange) for edition, turn in spoken})
    assert found.editions == found.occasions == len({edition.id for edition, _ in uses})
    if filter.person is None and filter.outlet is None:
        assert found.looked == texts
    assert found.by_year == Counter((edition.date or "unknown")[:4].replace("unkn", "unknown") for edition, _ in uses)
    assert found.by_month == Counter((edition.date or "unknown")[:7] for edition, _ in uses)
    assert found.by_source == Counter(edition.source for edition, _ in uses)
    assert found.by_lang == Counter(edition.lang for edition, _ in uses if edition.lang)
    assert found.by_person == Counter(turn.person for _, turn in spoken if turn.person)
    assert found.by_role == Counter(turn.role if turn else "outside" for _, turn in uses)
    assert sum(found.by_outlet.values()) == prompts
    dates = sorted(edition.date for edition, _ in uses if edition.date)
    for end, use in ((0, found.first), (-1, found.last)):
        assert (use is None) == (not uses)
        if use is None:
            continue
        assert use.date == (dates[end] if dates else None)
        edition = next(one for one in editions if one.id == use.edition)
        assert phrase in fold(edition.text[use.start : use.end])
        assert phrase in fold(use.text)
        stands = list(offsets(fold(edition.text), phrase))
        wanted = [at for at, turn in zip(stands, whole_turns(edition, phrase), strict=True) if (edition, turn) in uses]
        start, stop = (len(fold(edition.text[:offset])) for offset in (use.start, use.end))
        assert start <= wanted[end] < wanted[end] + len(phrase) <= stop
        within = next((turn for turn in edition.turns if turn.n == use.turn), None)
        assert (use.role, use.person, use.label) == (
            (within.role, within.person, within.label) if within else (None, None, None)
        )
        assert use.id == (f"{edition.id}#{within.exchange}" if within else edition.id)


FILTERS = st.one_of(
    st.just(Filter()),
    st.builds(
        Filter,
        source=st.sampled_from([None, "xa-harbour", "xc-nowhere"]),
        lang=st.sampled_from([None, "en", "zh"]),
        since=st.sampled_from([None, date(2031, 12, 1).toordinal()]),
        until=st.sampled_from([None, date(2032, 6, 30).toordinal()]),
        person=st.sampled_from([None, None, "Odile Marsh", "Nobody"]),
        outlet=st.sampled_from([None, None, "Harbour News"]),
    ),
)


@settings(max_examples=200, deadline=None)
@given(EDITIONS, st.data())
def test_a_life_is_that_of_the_texts(drawn: list[tuple], data: st.DataObject) -> None:  # type: ignore[type-arg]
    editions = editions_of(drawn)
    phrase = fold(data.draw(spans(data.draw(st.sampled_from(editions)).text))).strip(" ")
    assume(phrase)
    filter = data.draw(FILTERS)
    concordance = concordance_of(editions, data.draw(st.lists(st.integers(1, 4), max_size=2)))
    check_life(life_of(concordance, phrase, filter, editions), editions, phrase, filter)
