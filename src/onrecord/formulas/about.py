"""Whom a formula is said about: for every use of it a country or a body, told from the words around it.

It is foreign: not the source's own country, nor what belongs to it, nor its organs.  What is named nearest in the
sentence counts; what stands before the use is held for farther away than what stands behind it ("condemns" Russia's
attack on Ukraine), unless a word that makes an object of it stands before it (对日方表示强烈不满) or the use is said to
be its own ("Iran's unacceptable attack"), and every comma in between adds to the way.  If the sentence names none, what
the turn named last within a few sentences before; then what is named most in the exchange before the turn, which is
mostly the question; then what the next sentence names.

What a country calls its own while others do not (Taiwan, for China) is taken at each step only if nobody else is named
there, because protest goes to whom it is made to.  A forum of countries (the United Nations), which is where things are
said more often than whom they are said to, is taken if none of the steps tells another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.arrays import different, stretches
from onrecord.formulas.concordance import About, Concordance, Places
from onrecord.formulas.phrasebook import Found, Phrase, Phrasebook
from onrecord.formulas.tokens import CAPITAL, SENTENCE
from onrecord.reading.countries import NONE, Form, claimed_by, codes, compounds, forms, kind, territory_of
from onrecord.reading.fold import fold

_PAUSES = ",", ";", ":", "，", "；", "："
_POINTERS = *"对對向就令促求告劝勸责責诫", "to", "toward", "on", "against", "with", "about", "by", "urge"
"""Tokens before a name that make it the object (of 敦促, 要求, 正告, 奉劝, 谴责, 告诫 the last character)."""
_STRIDE = 1 << 17
_SAMPLE = 400
"""Tokens at the beginning of a text by which it is told whether it has capitals."""
_NEAR = 3
"""Names looked at on either side, in the sentence."""
_GENITIVE = 5
"""Tokens from a name to what is said to be its own, at most."""
_BACK, _AHEAD = 5, 1
"""Sentences: what is named farther away in the turn is another matter."""
_BEHIND, _PAUSE, _POINTED = 12, 6, 24
"""What it costs, in tokens, that a name stands before the use, and each comma; what a pointer takes off.  Chosen by
reading 200 uses."""


class Mentions(NamedTuple):
    """All names in the texts, ascending by place; one that names two things comes twice.

    ``code`` numbers into ``reading.countries.codes()``.  ``sentences`` and ``pauses`` are the places where sentences
    begin and where there is a comma or the like.
    """

    place: Places
    code: NDArray[np.int32]
    sentences: Places
    pauses: Places


def joined(parts: Sequence[Mentions]) -> Mentions:
    """The mentions of stretches that follow each other."""
    place, code, sentences, pauses = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Mentions(place, code, sentences, pauses)


def mentions(concordance: Concordance, first: int = 0, last: int | None = None) -> Mentions:
    """What is named from place ``first`` up to ``last``, which are where revisions begin and end."""
    last = concordance.size if last is None else last
    phrases, entries = _entries(concordance)
    found = _found(concordance, phrases, first, last)
    # An occurrence has a row for each thing that goes by the phrase, in each language.
    begin, count = entries.begin[found.phrase], np.diff(entries.begin)[found.phrase]
    row = stretches(begin, count)
    place = np.repeat(found.place, count)
    revision = concordance.revision_of(place)
    good = entries.lang[row] == concordance.revisions.lang[revision]
    good &= (entries.code[row] >= 0) & (entries.home[row] != concordance.revisions.country[revision])
    place, row = place[good], row[good]
    code, shared = entries.code[row], entries.shared[row]
    good = ~shared
    good[shared] = _told(concordance, place[shared], code[shared], place[~shared], code[~shared])
    pauses = [concordance.find_ids([id]) for mark in _PAUSES if (id := concordance.lexicon.number(mark)) is not None]
    pause = np.sort(np.concatenate([np.empty(0, np.int64), *pauses]))
    return Mentions(
        place[good],
        code[good],
        _sentences(concordance, first, last),
        pause[np.searchsorted(pause, first) : np.searchsorted(pause, last)],
    )


def targets(
    concordance: Concordance, mentions: Mentions, places: Places, lengths: NDArray[np.integer] | int = 1
) -> NDArray[np.int32]:
    """Whom each use is about: a number into ``reading.countries.codes()``, -1 if nothing tells.

    Uses begin at ``places``, in any order, and have so many tokens as ``lengths`` says.
    """
    found = np.full(len(places), -1, np.int32)
    lengths = np.broadcast_to(lengths, len(places))
    revisions, revision = concordance.revisions, concordance.revision_of(places)
    speaks = revisions.source[revision].astype(np.int64) * len(revisions.values) + revisions.country[revision]
    for number in different(speaks).tolist():
        mine = np.flatnonzero(speaks == number)
        home = _home(revisions.rows[int(revision[mine[0]])])
        scene = _Scene(concordance, mentions, places[mine], places[mine] + lengths[mine])
        near = scene.rows(mentions.place)
        told = np.full(len(mine), -1, np.int32)
        foreign, claimed, forums = (_Names(mentions, near[wanted[mentions.code[near]]]) for wanted in _kinds(home))
        steps = scene.in_sentence, scene.before, scene.in_exchange, scene.after
        for step, names in (*product(steps, (foreign, claimed)), *((step, forums) for step in steps)):
            open_ = np.flatnonzero(told < 0)
            if len(open_) and len(names.place):
                told[open_] = step(names, open_)
        found[mine] = told
    return found


def homes(concordance: Concordance) -> list[str]:
    """For each revision the code of what its source speaks for."""
    return [_home(row) for row in concordance.revisions.rows]


def _home(row: About) -> str:
    """The code of what a source speaks for; that of no country begins its name (un-noon)."""
    return row.country or row.source.partition("-")[0].upper()


class _Names:
    """Some of the mentions."""

    def __init__(self, mentions: Mentions, rows: NDArray[np.int64]) -> None:
        self.place, self.code = mentions.place[rows], mentions.code[rows]

    def before(self, low: Places, high: Places) -> NDArray[np.int32]:
        """The code of the last from ``low`` up to ``high``, -1 if there is none."""
        at = np.searchsorted(self.place, high) - 1
        return np.where((at >= 0) & (self.place[at] >= low), self.code[at], -1).astype(np.int32)

    def most(self, low: Places, high: Places) -> NDArray[np.int32]:
        """The code that stands most often from ``low`` up to ``high``, the later of two; -1 if there is none."""
        begin, end = np.searchsorted(self.place, low), np.searchsorted(self.place, high)
        count = np.maximum(end - begin, 0)
        stretch = np.repeat(np.arange(len(low)), count)
        row = stretches(begin, count)
        found = np.full(len(low), -1, np.int32)
        if len(row):
            pairs, pair, times = np.unique(
                stretch * len(codes()) + self.code[row], return_inverse=True, return_counts=True
            )
            last = np.zeros(len(pairs), np.int64)
            np.maximum.at(last, pair, row)
            order = np.lexsort((last, times))  # what is written last stays
            found[pairs[order] // len(codes())] = pairs[order] % len(codes())
        return found

    def after(self, low: Places, high: Places) -> NDArray[np.int32]:
        """The code of the first from ``low`` up to ``high``, -1 if there is none."""
        at = np.minimum(np.searchsorted(self.place, low), len(self.place) - 1)
        return np.where((self.place[at] >= low) & (self.place[at] < high), self.code[at], -1).astype(np.int32)


class _Scene:
    """Uses (from ``begin`` up to ``end``) and what stands around them."""

    def __init__(self, concordance: Concordance, mentions: Mentions, begin: Places, end: Places) -> None:
        self._concordance, self._pauses = concordance, mentions.pauses
        self._begin, self._end = begin, end
        at = np.searchsorted(mentions.sentences, begin, side="right")

        def bound(number: NDArray[np.int64]) -> Places:
            inside = mentions.sentences[np.clip(number, 0, len(mentions.sentences) - 1)]
            return np.where(number < 0, 0, np.where(number < len(mentions.sentences), inside, concordance.size))

        self._sentence = bound(at - 1), bound(at)
        self._near = bound(at - 1 - _BACK), bound(at + _AHEAD)
        self._turn = concordance.turn_of(begin)
        self._exchange = self._opening()

    def rows(self, place: Places) -> NDArray[np.int64]:
        """The rows of the mentions that can matter, ascending."""
        begin = np.searchsorted(place, np.minimum(self._near[0], self._exchange))
        end = np.searchsorted(place, self._near[1])
        order = np.argsort(begin, kind="stable")
        begin, end = begin[order], np.maximum.accumulate(end[order])
        begin[1:] = np.maximum(begin[1:], end[:-1])
        return stretches(begin, np.maximum(end - begin, 0))

    def in_sentence(self, names: _Names, uses: NDArray[np.int64]) -> NDArray[np.int32]:
        """What is named nearest in the sentence, by the costs above."""
        begin, end = self._begin[uses, None], self._end[uses, None]
        at = np.searchsorted(names.place, begin) + np.arange(-_NEAR, _NEAR)
        place = names.place[np.clip(at, 0, len(names.place) - 1)]
        real = (at >= 0) & (at < len(names.place))
        real &= (place >= self._sentence[0][uses, None]) & (place < self._sentence[1][uses, None])
        rows, columns = np.nonzero(real)
        place, begin, end = place[rows, columns], begin[rows, 0], end[rows, 0]
        before = place < begin
        pauses = np.searchsorted(self._pauses, np.maximum(place, begin))
        pauses -= np.searchsorted(self._pauses, np.minimum(place, begin))
        cost = np.where(before, begin - place + _BEHIND, np.maximum(place - end, 0)) + _PAUSE * pauses
        owned = self._standing(begin - 1, ("s",)) & (begin - place <= _GENITIVE)  # Iran's unacceptable attack
        cost -= np.where(before & (self._standing(place - 1, _POINTERS) | owned), _POINTED, 0)
        table = np.full(real.shape, np.iinfo(np.int64).max)
        table[rows, columns] = cost
        best = np.argmin(table, axis=1)
        there = np.arange(len(uses))
        return np.where(real[there, best], names.code[np.clip(at[there, best], 0, None)], -1).astype(np.int32)

    def before(self, names: _Names, uses: NDArray[np.int64]) -> NDArray[np.int32]:
        """What its turn named last before it, not too far away."""
        turn = self._turn[uses]
        low = np.maximum(self._concordance.turns.first[turn], self._near[0][uses])
        return np.where(turn >= 0, names.before(low, self._begin[uses]), -1).astype(np.int32)

    def after(self, names: _Names, uses: NDArray[np.int64]) -> NDArray[np.int32]:
        """What its turn names next, in the next sentence."""
        turn = self._turn[uses]
        high = np.minimum(self._concordance.turns.last[turn], self._near[1][uses])
        return np.where(turn >= 0, names.after(self._begin[uses], high), -1).astype(np.int32)

    def in_exchange(self, names: _Names, uses: NDArray[np.int64]) -> NDArray[np.int32]:
        """What is named most before its turn in the exchange, if it stands near the beginning of its turn."""
        turns, turn = self._concordance.turns, self._turn[uses]
        good = (turn >= 0) & (self._exchange[uses] < self._begin[uses]) & (self._near[0][uses] <= turns.first[turn])
        found = np.full(len(uses), -1, np.int32)
        found[good] = names.most(self._exchange[uses][good], turns.first[turn[good]])
        return found

    def _opening(self) -> Places:
        """Where the exchange of each use begins, the use itself if it is in none (exchange 0 has no question)."""
        turns = self._concordance.turns
        opening = self._turn.copy()
        asked = np.flatnonzero(self._turn >= 0)
        asked = asked[turns.exchange[self._turn[asked]] > 0]
        going = asked
        while len(going):  # a turn back at a time; exchanges are short
            row = opening[going]
            same = (row > 0) & (turns.exchange[row - 1] == turns.exchange[row])
            same &= turns.revision[row - 1] == turns.revision[row]
            going = going[same]
            opening[going] -= 1
        place = self._begin.copy()
        place[asked] = turns.first[opening[asked]]
        return place

    def _standing(self, place: Places, tokens: Sequence[str]) -> NDArray[np.bool_]:
        """Whether one of the tokens stands at the places."""
        ids = [id for token in tokens if (id := self._concordance.lexicon.number(token)) is not None]
        return np.isin(self._concordance.take(np.maximum(place, 0)), np.array(ids, np.int32))


class _Entries(NamedTuple):
    """What goes by each phrase: rows ``begin[p]`` to ``begin[p + 1]``."""

    begin: NDArray[np.int64]
    code: NDArray[np.int32]
    lang: NDArray[np.int32]
    home: NDArray[np.int32]
    shared: NDArray[np.bool_]


def _entries(concordance: Concordance) -> tuple[list[Phrase], _Entries]:
    """The names of all languages that the concordance has, and what they name."""
    numbers = {code: number for number, code in enumerate(codes())}
    revisions = concordance.revisions
    phrases: dict[tuple[str, bool], Phrase] = {}
    named: defaultdict[tuple[str, bool], list[tuple[int, int, int, bool]]] = defaultdict(list)
    for lang in sorted(set(revisions.lang.tolist())):
        value = None if lang < 0 else revisions.values[lang]
        for form in (*forms(value), *compounds(value)):
            key = fold(form.text), form.open
            phrases.setdefault(key, _phrase(form))
            code = -1 if form.code == NONE else numbers[form.code]
            named[key].append((code, lang, revisions.number(form.home) if form.home else -3, form.shared))
    rows = [row for key in phrases for row in dict.fromkeys(named[key])]
    columns = np.array(rows, np.int32).reshape(-1, 4).T
    begin = np.cumsum([0, *(len(dict.fromkeys(named[key])) for key in phrases)])
    return list(phrases.values()), _Entries(begin, columns[0], columns[1], columns[2], columns[3] > 0)


def _phrase(form: Form) -> Phrase:
    return Phrase(form.text, form.open, form.text[0].isupper(), form.capitals, form.word)


def _told(
    concordance: Concordance, place: Places, code: NDArray[np.int32], known: Places, known_code: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Which of the things that go by one name is meant: what the same exchange names otherwise, and nearest."""
    turns = concordance.turns
    fresh = (np.diff(turns.exchange) != 0) | (np.diff(turns.revision) != 0)
    exchange = np.concatenate([[0], np.cumsum(fresh)])
    step = np.int64(concordance.size)

    def keys(places: Places, names: NDArray[np.int32]) -> Places:
        return (exchange[concordance.turn_of(places)] * len(codes()) + names) * step + places

    def outside(places: Places) -> NDArray[np.bool_]:
        return concordance.turn_of(places) < 0

    if not len(place) or not len(known):
        return np.zeros(len(place), np.bool_)
    here = keys(place, code)
    there = np.sort(keys(known, known_code)[~outside(known)])
    at = np.searchsorted(there, here)
    distance = np.full(len(place), step)
    for near in (np.maximum(at - 1, 0), np.minimum(at, len(there) - 1)):
        same = there[near] // step == here // step
        distance = np.minimum(distance, np.where(same, np.abs(there[near] - here), step))
    distance[outside(place)] = step
    order = np.lexsort((distance, place))
    first = np.ones(len(place), np.bool_)
    first[1:] = np.diff(place[order]) != 0
    told = np.zeros(len(place), np.bool_)
    told[order] = first & (distance[order] < step)
    return told


def _found(concordance: Concordance, phrases: Sequence[Phrase], first: int, last: int) -> Found:
    """Where the names stand; in a text without capitals they need none, but those that are words do not count."""
    found = Phrasebook(phrases, concordance.lexicon).find(concordance, first, last)
    plain = _plain(concordance, first, last)
    if not plain:
        return found
    bare = [phrase._replace(name=False, text="" if phrase.shout else phrase.text) for phrase in phrases]
    book = Phrasebook(bare, concordance.lexicon)
    kept = np.ones(len(found.place), np.bool_)
    for begin, end in plain:
        kept &= (found.place < begin) | (found.place >= end)
    pieces = [Found(found.place[kept], found.length[kept], found.phrase[kept])]
    pieces += [book.find(concordance, begin, end) for begin, end in plain]
    place = np.concatenate([piece.place for piece in pieces])
    order = np.argsort(place, kind="stable")
    length = np.concatenate([piece.length for piece in pieces])[order]
    return Found(place[order], length, np.concatenate([piece.phrase for piece in pieces])[order])


def _plain(concordance: Concordance, first: int, last: int) -> list[tuple[int, int]]:
    """The revisions that are printed without capitals in a script that has them (subtitles made by machine)."""
    bounds = concordance.revisions.first
    begin, end = bounds[:-1], bounds[1:]
    mine = (begin >= first) & (end <= last) & (end > begin)
    begin, end = begin[mine], end[mine]
    place = np.minimum(begin[:, None] + np.arange(_SAMPLE), end[:, None] - 1)
    capital = ((concordance.marks_at(place) & CAPITAL) != 0).any(axis=1)
    lexicon, ids = concordance.lexicon, concordance.take(place)
    spaced = (lexicon.is_word[ids] & ~lexicon.is_unspaced[ids]).mean(axis=1) > 0.5
    return [(int(a), int(b)) for a, b in zip(begin[spaced & ~capital], end[spaced & ~capital], strict=True)]


def _sentences(concordance: Concordance, first: int, last: int) -> Places:
    bounds = [*range(first, last, _STRIDE), last]
    pieces = [
        np.flatnonzero(concordance.marks_at(np.arange(begin, end)) & SENTENCE) + begin
        for begin, end in pairwise(bounds)
    ]
    return np.concatenate([np.empty(0, np.int64), *pieces])


@cache
def _kinds(home: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """By code: whether it is a foreign country or body; whether home calls it its own; whether it is a forum."""
    own, claimed = territory_of(home), claimed_by(home)
    foreign = [kind(code) in ("country", "body") and code not in own | claimed for code in codes()]
    forums = [kind(code) == "forum" and code not in own for code in codes()]
    return np.array(foreign), np.array([code in claimed for code in codes()]), np.array(forums)
