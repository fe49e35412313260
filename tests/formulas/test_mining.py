"""Mining finds what trying out every run of tokens of every sentence finds, and says the same of it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from westisle import Line, concordance_of, edition_of

from onrecord.formulas.concordance import Concordance
from onrecord.formulas.grams import Candidates, joined
from onrecord.formulas.mining import OWN_LIFE, WHOLE, field_of, mined
from onrecord.formulas.tokens import ROLES, SENTENCE, WORD, Lexicon
from onrecord.formulas.uses import apart, together

PIECES = [
    *(
        "the sea ",
        "the ",
        "sea ",
        "salt ",
        "of ",
        "Harbour",
        " ",
        " ",
        "don't ",
        "didn’t ",
        "iron-clad ",
        "U.S. ",
        "a-",
    ),
    *(
        ", ",
        ". ",
        "? ",
        "“",
        "” ",
        "- ",
        "'",
        "no, ",
        "no, no ",
        "12,500 ",
        "海",
        "岸",
        "的",
        "盟约国",
        "，",
        "。",
        "海岸",
        "the 海",
    ),
    *("the salt of the sea ", "iron-clad salt of the sea, ", "海岸盟约国", "共同的海岸盟约", "no no no no "),
    *("(", ") ", "《", "》", "“the sea” ", "“海岸”", "《盟约》", "(salt) "),
]
"""Little enough that texts of them repeat themselves, with words of several tokens and of two scripts."""

WORDS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join).filter(str.strip)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["question", "answer", "answer", "statement", "procedural"]),
        st.sampled_from([None, "Odile Marsh", "林若舟"]),
        WORDS,
    ),
    max_size=4,
)
DAYS = st.one_of(st.none(), st.integers(0, 900))


class Row(NamedTuple):
    """What is said of a gram: the columns of ``Candidates`` in their order, those of both sides, the places."""

    n: int
    units: int
    count: int
    occasions: int
    speakers: int
    years: int
    asked: int
    starts: int
    ends: int
    left: tuple[int, int, int, int]
    right: tuple[int, int, int, int]
    bits: tuple[float, float]
    places: tuple[int, ...]


def ladder(concordance: Concordance, rows: Sequence[int], least: int, transparent: Sequence[str] = ()) -> Candidates:
    """What the ladder finds in those revisions."""
    clear = np.isin(np.array(concordance.lexicon.tokens), list(transparent))
    field = field_of(concordance, np.array(rows, np.int64), None, clear)
    return joined([table for table, _, _ in mined(field, concordance, least)])


def rows_of(candidates: Candidates) -> dict[tuple[int, ...], Row]:
    """The candidates as rows by gram."""
    found = {}
    for i in range(len(candidates)):
        counts = [int(getattr(candidates, name)[i]) for name in Row._fields[:9]]
        sides = [candidates.left, candidates.right]
        numbers = [tuple(int(getattr(s, name)[i]) for name in ("top", "longer", "own", "edge")) for s in sides]
        bits = tuple(float(side.entropy[i]) for side in sides)
        gram = tuple(candidates.gram(i).tolist())
        found[gram] = Row(*counts, *numbers, bits, tuple(candidates.places(i).tolist()))  # type: ignore[arg-type]
    assert len(found) == len(candidates), "no gram has two rows"
    return found


# ---------------------------------------------------------------- the same, tried out one by one


class Token(NamedTuple):
    id: int
    word: bool
    unspaced: bool
    begins: bool
    follows: bool
    joiner: bool
    whole: tuple[int, ...]
    sense: str


class Spot(NamedTuple):
    """One use."""

    place: int
    row: int
    turn: int
    tokens: list[Token]
    at: int


def sentences(concordance: Concordance, row: int) -> Iterator[tuple[int, int, list[Token]]]:
    """The sentences of the turns of a revision but the procedural ones: row of the turn, first place, tokens."""
    turns = concordance.turns
    for turn in np.flatnonzero((turns.revision == row) & (turns.role < ROLES.index("procedural"))).tolist():
        places = np.arange(turns.first[turn], turns.last[turn])
        ids, marks = concordance.take(places).tolist(), concordance.marks_at(places).tolist()
        opening = [k for k in range(len(ids)) if k == 0 or marks[k] & SENTENCE]
        for begin, end in zip(opening, [*opening[1:], len(ids)], strict=True):
            yield turn, int(places[begin]), tokens_of(concordance.lexicon, ids[begin:end], marks[begin:end])


def tokens_of(lexicon: Lexicon, ids: list[int], marks: list[int]) -> list[Token]:
    word = [bool(lexicon.is_word[id]) for id in ids]
    han = [bool(lexicon.is_unspaced[id]) for id in ids]
    begins = [w and (k == 0 or bool(m & WORD)) for k, (w, m) in enumerate(zip(word, marks, strict=True))]
    follows = [w and not b and not h for w, b, h in zip(word, begins, han, strict=True)]
    joiner = [not w and k + 1 < len(ids) and follows[k + 1] for k, w in enumerate(word)]
    senses, quoted = [], False
    for id in ids:
        token = lexicon.tokens[id]
        quoted ^= token == '"'
        plain = "opens" if quoted else "closes"
        senses.append({'"': plain, "(": "opens", "《": "opens", ")": "closes", "》": "closes"}.get(token, ""))
    senses = [
        "parts" if lexicon.tokens[i] in "、,，" and not j else s for i, j, s in zip(ids, joiner, senses, strict=True)
    ]
    inside = [f or j for f, j in zip(follows, joiner, strict=True)]
    found = []
    for k, id in enumerate(ids):
        first = last = k
        while inside[first]:
            first -= 1
        while last + 1 < len(ids) and inside[last + 1]:
            last += 1
        whole = tuple(ids[first : last + 1]) if word[k] or joiner[k] else ()
        found.append(Token(id, word[k], han[k], begins[k], follows[k], joiner[k], whole, senses[k]))
    return found


def before(spot: Spot, clear: set[int], enumerates: bool) -> tuple[int, ...]:
    left = spot.at - 1
    if left >= 0 and (
        spot.tokens[left].sense == "closes"
        or spot.tokens[left].whole in {(id,) for id in clear}
        or (enumerates and spot.tokens[left].sense == "parts")
    ):
        left -= 1
    return spot.tokens[left].whole if left >= 0 else ()


def after(spot: Spot, n: int, enumerates: bool) -> tuple[int, ...]:
    right = spot.at + n
    if right < len(spot.tokens) and spot.tokens[right].sense in ("opens", "parts" if enumerates else "opens"):
        right += 1
    return spot.tokens[right].whole if right < len(spot.tokens) else ()


def bound(spot: Spot, k: int) -> bool:
    """Whether no word goes on across the beginning of the token."""
    if spot.at + k == len(spot.tokens):
        return True
    token = spot.tokens[spot.at + k]
    return token.begins if token.word else not token.joiner


def begun(spot: Spot) -> bool:
    token = spot.tokens[spot.at]
    return bound(spot, 0) and (token.word or token.sense == "opens")


def ended(spot: Spot, n: int) -> bool:
    token = spot.tokens[spot.at + n - 1]
    return bound(spot, n) and (token.word or token.sense == "closes")


def free(spots: Sequence[Spot], n: int) -> list[Spot]:
    """Without those that overlap an earlier one."""
    kept: list[Spot] = []
    for spot in sorted(spots):
        if not kept or spot.place >= kept[-1].place + n:
            kept.append(spot)
    return kept


def side(neighbours: Sequence[tuple[int, ...]], spots: Sequence[Spot]) -> tuple[tuple[int, int, int, int], float]:
    counts = Counter(word for word in neighbours if word)
    occasions = {spot.row for spot in spots}
    with_it, without = defaultdict(set), []
    for word, spot in zip(neighbours, spots, strict=True):
        with_it[word].add(spot.row)
    for word in counts:
        without.append(len({s.row for w, s in zip(neighbours, spots, strict=True) if w != word}))
    edges = sum(not word for word in neighbours)
    shares = [count / len(spots) for count in counts.values()] + [1 / len(spots)] * edges
    numbers = (
        max(counts.values(), default=0),
        max((len(with_it[word]) for word in counts), default=0),
        min(without, default=len(occasions)),
        edges,
    )
    return numbers, -sum(share * math.log2(share) for share in shares)


def tried(concordance: Concordance, rows: Sequence[int], least: int, transparent: Sequence[str] = ()) -> dict:  # type: ignore[type-arg]
    """The rows of ``ladder``, by trying every run of tokens."""
    turns, revisions, lexicon = concordance.turns, concordance.revisions, concordance.lexicon
    clear = {number for token in transparent if (number := lexicon.number(token)) is not None}
    everywhere: dict[tuple[int, ...], list[Spot]] = defaultdict(list)
    for row in rows:
        for turn, place, tokens in sentences(concordance, row):
            ids = [token.id for token in tokens]
            for i in range(len(ids)):
                for j in range(i + 3, min(len(ids), i + 60) + 1):
                    everywhere[tuple(ids[i:j])].append(Spot(place + i, row, turn, tokens, i))
    found = {}
    for gram, spots in everywhere.items():
        n, question = len(gram), ROLES.index("question")
        asked = [spot for spot in spots if turns.role[spot.turn] == question]
        said = free([spot for spot in spots if turns.role[spot.turn] != question], n)
        occasions = {spot.row for spot in said}
        if len(occasions) < least:
            continue
        own = said[0].tokens[said[0].at : said[0].at + n]
        first = said[0].at
        hyphens = [first + k > 0 and lexicon.tokens[said[0].tokens[first + k - 1].id] == "-" for k in range(n)]
        units = sum(t.begins or t.unspaced or (t.follows and h) for t, h in zip(own, hyphens, strict=True))
        enough = 4 if 2 * sum(t.unspaced for t in own) > units else 3
        starts, ends = sum(begun(s) for s in said), sum(ended(s, n) for s in said)
        enumerates = any(token.sense == "parts" for token in own)
        left, left_bits = side([before(s, clear, enumerates) for s in said], said)
        right, right_bits = side([after(s, n, enumerates) for s in said], said)
        lives = all(
            longer < least or (alone >= least and 100 * alone >= OWN_LIFE * len(occasions))
            for _, longer, alone, _ in (left, right)
        )
        whole = 100 * min(starts, ends) >= WHOLE * len(said)
        pairs = [token.sense in ("opens", "closes") for token in own]
        quoted = pairs[0] and pairs[-1] and sum(pairs) == 2
        outer = (own[0].word or pairs[0]) and (own[-1].word or pairs[-1]) and not quoted
        if outer and units >= enough and whole and lives:
            days = [int(revisions.day[s.row]) for s in said]
            found[gram] = Row(
                n, units, len(said), len(occasions),
                len({int(turns.person[s.turn]) for s in said} - {-1}),
                len({date.fromordinal(day).year for day in days if day}),
                len(free(asked, n)), starts, ends, left, right, (left_bits, right_bits),
                tuple(s.place for s in said),
            )  # fmt: skip
    return found


@settings(max_examples=250, deadline=None)
@given(st.lists(st.tuples(DAYS, LINES), min_size=1, max_size=6), st.integers(1, 3), st.booleans())
def test_the_ladder_finds_what_trying_finds(drawn: list, least: int, through: bool) -> None:  # type: ignore[type-arg]
    editions = [edition_of(number, lines, day) for number, (day, lines) in enumerate(drawn)]
    concordance = concordance_of(editions)
    clear = ["the", "的"] if through else []
    rows = range(len(editions))
    found, expected = rows_of(ladder(concordance, rows, least, clear)), tried(concordance, rows, least, clear)
    assert {gram: row._replace(bits=None) for gram, row in found.items()} == {  # type: ignore[arg-type]
        gram: row._replace(bits=None)  # type: ignore[arg-type]
        for gram, row in expected.items()
    }
    for gram, row in found.items():
        assert row.bits == pytest.approx(expected[gram].bits, abs=1e-3)


def phrases(*texts: str, least: int = 2, transparent: Sequence[str] = ()) -> dict[str, int]:
    """What is mined of answers of one briefing each, with the number of uses."""
    editions = [edition_of(number, [("answer", None, text)]) for number, text in enumerate(texts)]
    concordance = concordance_of(editions)
    table = ladder(concordance, range(len(editions)), least, transparent)
    n, first = table.n.tolist(), table.first.tolist()
    return {concordance.text(at, at + n[i]): int(table.count[i]) for i, at in enumerate(first)}


def test_a_piece_of_a_longer_phrase_lives_where_it_is_used_without_it() -> None:
    whole = ["We deplore the capture of our fishing fleet.", "They deplore the capture of our fishing fleet."]
    assert phrases(*whole) == {"deplore the capture of our fishing fleet": 2}
    alone = ["The capture of our fishing fleet, again!", "Of the capture of our fishing fleet?"]
    assert phrases(*whole, *alone) == {
        "deplore the capture of our fishing fleet": 2,
        "the capture of our fishing fleet": 4,
    }


def test_a_rare_phrase_beside_other_words_each_time_is_no_piece() -> None:
    assert phrases("Salt for all islands now", "No salt for all islands ever") == {"salt for all islands": 2}


def test_words_of_several_tokens_are_whole() -> None:
    found = phrases("It isn't so: we don't sell herring.", "Why? We don't sell herring, and you don't ask.")
    assert found == {"we don't sell herring": 2}
    assert phrases("An iron-clad pledge", "Our iron-clad pledge") == {"iron-clad pledge": 2}
    assert phrases("A don't pledge", "Our don't pledge") == {}


def test_characters_are_counted_where_words_have_no_spaces() -> None:
    assert phrases("我们坚持共同海岸。", "他们主张共同海岸。") == {"共同海岸": 2}
    assert phrases("我们爱大海岸。", "他们去大海岸。") == {}


def test_no_phrase_goes_across_sentences_or_turns() -> None:
    assert phrases("Salt is dear. Herring is cheap.", "Salt is dear. Herring is cheap.") == {
        "salt is dear": 2,
        "herring is cheap": 2,
    }


def test_one_looks_through_articles_to_the_left() -> None:
    texts = [
        "on the fair and open sea",
        "of a fair and open sea",
        "by the fair and open sea",
        "in the fair and open sea",
    ]
    assert phrases(*texts, least=3, transparent=["the", "a"]) == {
        "the fair and open sea": 3,
        "fair and open sea": 4,
    }


def test_one_looks_through_quotation_marks_and_brackets() -> None:
    texts = ["Any “lagoon” waters of all isles", "All “lagoon” waters of all isles", "No (lagoon) waters of all isles"]
    assert "waters of all isles" not in phrases(*texts)
    others = ["The waters of all isles", "By waters of all isles"]
    assert phrases(*texts, *others)["waters of all isles"] == 5
    assert "salt of all" in phrases("any salt of all “isles”", "some salt of all “isles”", "salt of all", "salt of all")
    assert "salt of all" not in phrases("any salt of all “isles”", "some salt of all “isles”", "a salt of all (isles)")
    assert '"lagoon" waters of all isles' in phrases(*texts[:2])
    assert "salt of all isles" in phrases("any “salt of all isles” now", "such “salt of all isles” now")


def test_a_stretch_of_an_enumeration_is_a_piece_of_it_but_a_member_is_none() -> None:
    enumeration = "We hail calm safe waters, free open harbours, and kind old keepers"
    found = phrases(f"{enumeration} today.", f"{enumeration} again.")
    assert "calm safe waters" not in found, "hail stands before it"
    assert "free open harbours" in found
    assert "free open harbours, and kind old keepers" not in found
    assert "we hail calm safe waters, free open harbours, and kind old keepers" in found


def test_overlapping_uses_count_as_a_search_counts_them() -> None:
    assert phrases("No no no no no no no!", "No no no!")["no no no"] == 3


def test_long_boilerplate_has_no_fragments() -> None:
    page = " ".join(f"word{k}" for k in range(100))
    assert phrases(page, page, page) == {}


def test_questions_are_counted_beside_and_count_for_nothing() -> None:
    lines: list[Line] = [("question", None, "Salt for all islands?"), ("answer", None, "Herring for all islands.")]
    concordance = concordance_of([edition_of(0, lines), edition_of(1, lines)])
    found = rows_of(ladder(concordance, [0, 1], 2))
    assert [(row.count, row.asked) for row in found.values()] == [(2, 0)], "herring for all islands, nothing of salt"
    lines.append(("answer", None, "Salt for all islands!"))
    concordance = concordance_of([edition_of(0, lines), edition_of(1, lines)])
    found = rows_of(ladder(concordance, [0, 1], 2))
    assert sorted((row.n, row.count, row.asked) for row in found.values()) == [(3, 4, 2), (4, 2, 0), (4, 2, 2)]


def test_nothing_to_mine() -> None:
    assert len(ladder(concordance_of([]), [], 1)) == 0
    assert len(ladder(concordance_of([edition_of(0, [])]), [0], 1)) == 0
    assert len(ladder(concordance_of([edition_of(0, [("answer", None, "No.")])]), [0], 1)) == 0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=30), st.booleans())
def test_places_come_together_by_name_and_token_however_large(pairs: list[tuple[int, int]], large: bool) -> None:
    """Names and tokens that do not fit into one number with the place are sorted another way, to the same effect."""
    scale = 1 << 20 if large else 1
    names, tokens = np.array(pairs, np.int64).reshape(-1, 2).T * scale
    places = np.arange(len(pairs), dtype=np.int32) + np.int32(1 << 29)
    found = together(names << 10 if large else names, tokens.astype(np.int32), places)
    order = sorted(range(len(pairs)), key=lambda k: (*pairs[k], k))
    assert (found.places - (1 << 29)).tolist() == order
    assert found.counts.tolist() == list(Counter(pairs[k] for k in order).values())


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30)), unique=True), st.integers(1, 6))
def test_uses_that_overlap_go_from_the_left(drawn: list[tuple[int, int]], n: int) -> None:
    drawn.sort()
    grams, places = (np.array(column) for column in zip(*drawn, strict=True)) if drawn else (np.zeros(0, int),) * 2
    last: dict[int, int] = {}
    expected = []
    for gram, place in drawn:
        expected.append(place >= last.get(gram, -n) + n)
        if expected[-1]:
            last[gram] = place
    assert apart(grams, places.astype(np.int32), n).tolist() == expected
