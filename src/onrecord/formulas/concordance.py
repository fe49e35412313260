"""The concordance: every token of every text with its places, as numpy arrays, which tells where any phrase stands.

It is made of parts, each the texts of some revisions one after the other; a place is the number of a token, counted
through all parts.  Beside the tokens of a part stand their places sorted by token: a phrase is looked for at the places
of its rarest token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from onrecord.errors import BadQuery
from onrecord.formulas.parts import Part
from onrecord.formulas.tokens import SAID, SENTENCE, SPACE, Lexicon, split_phrase

Places = NDArray[np.int64]
_SURROGATE = re.compile("[\ud800-\udfff]")


class About(msgspec.Struct, frozen=True):
    """What a store says of a revision.  ``latest``: no later revision of the edition is on the record."""

    pk: int
    id: str
    revision: int
    latest: bool
    occasion: str
    source: str
    country: str | None
    date: str | None
    day: int
    lang: str | None
    kind: str
    url: str | None


class Revisions:
    """Columns, one row for each revision in the order of their places; texts as lists, else arrays.

    ``occasion`` numbers into ``occasions``; ``source``, ``country``, ``lang``, ``kind`` number into ``values``, -1 for
    None; ``day`` is ``date.toordinal``, 0 if there is no date; ``first`` (one more than rows) is the place of the first
    token, ``words`` how many words the text has.
    """

    def __init__(self, rows: Sequence[About], first: Places, words: NDArray[np.int64]) -> None:
        self.rows = rows
        self.first, self.words = first, words
        self.pk = np.array([row.pk for row in rows], np.int64)
        self.latest = np.array([row.latest for row in rows], np.bool_)
        self.day = np.array([row.day for row in rows], np.int32)
        self.occasions: list[str] = []
        self.values: list[str] = []
        self._numbers: dict[str, int] = {}
        occasions: dict[str, int] = {}
        self.occasion = np.array([occasions.setdefault(row.occasion, len(occasions)) for row in rows], np.int32)
        self.occasions = list(occasions)
        self.source = self._column([row.source for row in rows])
        self.country = self._column([row.country for row in rows])
        self.lang = self._column([row.lang for row in rows])
        self.kind = self._column([row.kind for row in rows])

    def __len__(self) -> int:
        return len(self.rows)

    def number(self, value: str) -> int:
        """The number of a source, country, language or kind; -2 if there is none such."""
        return self._numbers.get(value, -2)

    def _column(self, values: Sequence[str | None]) -> NDArray[np.int32]:
        numbers = self._numbers
        for value in values:
            if value is not None and value not in numbers:
                numbers[value] = len(self.values)
                self.values.append(value)
        return np.array([-1 if value is None else numbers[value] for value in values], np.int32)


class Turns:
    """Columns, one row for each turn in the order of their places.

    ``first`` and ``last`` are the span of its tokens, ``revision`` a row of ``Revisions``, ``role`` a number into
    ``tokens.ROLES``; ``person``, ``outlet`` and ``prompt`` are numbers of names, -1 for none.  ``prompt`` is the outlet
    of the last question at or before it in its exchange.  ``words`` is how many words it has; ``said``: its words are
    the institution's own.
    """

    def __init__(self, first: Places, last: Places, table: NDArray[np.int32]) -> None:
        self.first, self.last = first, last
        self.revision, self.n, self.exchange, self.role, self.person, self.outlet, self.prompt, self.words = table
        self.said: NDArray[np.bool_] = np.isin(self.role, SAID)

    def __len__(self) -> int:
        return len(self.first)


class Excerpt(msgspec.Struct, frozen=True, eq=False):
    """The tokens of some turns side by side: their ids, marks, places in the concordance and rows of turns."""

    ids: NDArray[np.int32]
    marks: NDArray[np.uint8]
    position: Places
    turn: NDArray[np.int32]


class Concordance:
    """Every token of every revision of a record, and what is known of turns and revisions."""

    def __init__(self, parts: Sequence[Part], lexicon: Lexicon, names: Sequence[str], about: Sequence[About]) -> None:
        """``about`` has a row for each revision of the parts, in their order."""
        self.parts = tuple(parts)
        self.lexicon = lexicon
        self.names = names
        self._begin = np.cumsum([0, *(len(part.ids) for part in parts)]).astype(np.int64)
        self.size = int(self._begin[-1])
        self._name_numbers = {name: number for number, name in enumerate(names)}
        self.turns = self._turns()
        self.revisions = self._revisions(about)

    @cached_property
    def frequency(self) -> NDArray[np.int64]:
        """How often each token of the lexicon stands in the texts; one more, of nothing, for -1."""
        found = np.zeros(len(self.lexicon) + 1, np.int64)
        for part in self.parts:
            found[: len(part.starts) - 1] += np.diff(part.starts)
        return found

    def find(self, phrase: str) -> Places:
        """Where the phrase stands: the place of the token in which it begins, for each occurrence, ascending.

        It is a substring of folded text: it may begin and end inside a word, and none of the occurrences overlap, as
        with ``str.count``.  Raises BadQuery if nothing is left of it to look for, or if it is no text (halves of
        surrogate pairs, which are what a shell makes of bytes that are no UTF-8).
        """
        if _SURROGATE.search(phrase):
            raise BadQuery(f"{phrase!r} is no text: it was not UTF-8")
        tokens, spaces = split_phrase(phrase)
        if not tokens:
            raise BadQuery(f"{phrase!r} has no words to look for")
        if len(tokens) == 1:
            return self._inside(tokens[0])
        wanted = self._wanted(tokens)
        if wanted is None:
            return np.empty(0, np.int64)
        found = [
            self._apart(part, self._stands(part, wanted, spaces), tokens) + begin
            for begin, part in zip(self._begin, self.parts, strict=False)
        ]
        return np.concatenate([np.empty(0, np.int64), *found])

    def find_ids(self, ids: Sequence[int]) -> Places:
        """Where these whole tokens stand one after the other, blanks apart; occurrences may overlap."""
        found = [
            self._stands(part, [[int(id)] for id in ids], None) + begin
            for begin, part in zip(self._begin, self.parts, strict=False)
        ]
        return np.concatenate([np.empty(0, np.int64), *found])

    def name_number(self, name: str) -> int:
        """The number of a person or outlet; -2 if there is none such."""
        return self._name_numbers.get(name, -2)

    def take(self, positions: NDArray[np.integer]) -> NDArray[np.int32]:
        """The tokens at those places, any shape."""
        return self._gather(positions, [part.ids for part in self.parts], np.int32)

    def marks_at(self, positions: NDArray[np.integer]) -> NDArray[np.uint8]:
        """The marks of the tokens at those places."""
        return self._gather(positions, [part.marks for part in self.parts], np.uint8)

    def turn_of(self, positions: NDArray[np.integer]) -> NDArray[np.int32]:
        """The row of the turn at each of those places, -1 outside all turns."""
        rows = np.searchsorted(self.turns.first, positions, side="right") - 1
        if not len(self.turns):
            return np.full(len(positions), -1, np.int32)
        return np.where((rows >= 0) & (positions < self.turns.last[rows]), rows, -1).astype(np.int32)

    def revision_of(self, positions: NDArray[np.integer]) -> NDArray[np.int32]:
        """The row of the revision at each of those places."""
        return (np.searchsorted(self.revisions.first, positions, side="right") - 1).astype(np.int32)

    def text(self, first: int, last: int) -> str:
        """The folded text of the tokens from ``first`` up to ``last``, without a blank at the beginning."""
        places = np.arange(first, last)
        tokens = self.lexicon.tokens
        spaced = self.marks_at(places) & SPACE
        pieces = [(" " if blank else "") + tokens[id] for id, blank in zip(self.take(places), spaced, strict=True)]
        return "".join(pieces).strip(" ")

    def compact(self, turns: NDArray[np.bool_]) -> Excerpt:
        """The tokens of some turns (a mask over them) side by side; each begins with a SENTENCE mark."""
        rows = np.flatnonzero(turns & (self.turns.last > self.turns.first))
        first, last = self.turns.first[rows], self.turns.last[rows]
        # A mask over all tokens is read through several times as fast as their places.
        steps = np.zeros(self.size + 1, np.int8)
        steps[first] += 1
        steps[last] -= 1
        inside = np.cumsum(steps[:-1], dtype=np.int8).view(np.bool_)
        pieces = [
            (part, inside[begin : begin + len(part.ids)]) for begin, part in zip(self._begin, self.parts, strict=False)
        ]
        ids = np.concatenate([np.empty(0, np.int32), *(part.ids[those] for part, those in pieces)])
        marks = np.concatenate([np.empty(0, np.uint8), *(part.marks[those] for part, those in pieces)])
        lengths = last - first
        marks[np.cumsum(lengths) - lengths] |= SENTENCE
        return Excerpt(ids, marks, np.flatnonzero(inside), np.repeat(rows.astype(np.int32), lengths))

    def _gather(self, positions: NDArray[np.integer], columns: Sequence[NDArray], dtype: type) -> NDArray:  # type: ignore[type-arg]
        if len(columns) == 1:
            return np.asarray(columns[0][positions])
        if np.size(positions):
            least, most = np.searchsorted(self._begin, [np.min(positions), np.max(positions)], side="right") - 1
            if least == most:
                return np.asarray(columns[least][positions - self._begin[least]])
        found: NDArray = np.empty(np.shape(positions), dtype)  # type: ignore[type-arg]
        part_of = np.searchsorted(self._begin, positions, side="right") - 1
        for number, column in enumerate(columns):
            here = part_of == number
            found[here] = column[positions[here] - self._begin[number]]
        return found

    def _turns(self) -> Turns:
        tables, spans = [np.empty((8, 0), np.int32)], [np.empty((2, 0), np.int64)]
        row = 0
        for begin, part in zip(self._begin, self.parts, strict=False):
            table = np.array(part.turns[2:], np.int32)
            table[0] += row
            row += len(part.revisions)
            tables.append(table)
            spans.append(part.turns[:2] + begin)
        first, last = np.concatenate(spans, axis=1)
        return Turns(first, last, np.concatenate(tables, axis=1))

    def _revisions(self, about: Sequence[About]) -> Revisions:
        empty = np.empty(0, np.int64)
        firsts = [part.first[:-1] + begin for begin, part in zip(self._begin, self.parts, strict=False)]
        words = [part.words for part in self.parts]
        first = np.concatenate([empty, *firsts, self._begin[-1:]])
        return Revisions(about, first, np.concatenate([empty, *words]))

    # ---------------------------------------------------------------- looking for a phrase

    def _wanted(self, tokens: Sequence[str]) -> list[list[int]] | None:
        """Which tokens may stand at each place of the phrase; None if nothing can."""
        lexicon = self.lexicon
        middle = [lexicon.number(token) for token in tokens[1:-1]]
        ends = lexicon.ending(tokens[0]), lexicon.beginning(tokens[-1])
        if not all(ends) or any(number is None for number in middle):
            return None
        return [ends[0], *([number] for number in middle if number is not None), ends[1]]

    def _stands(self, part: Part, wanted: Sequence[Sequence[int]], spaces: Sequence[bool] | None) -> Places:
        """Where in the part the tokens stand; ``spaces`` says before which of them (from the second) a blank must."""
        frequencies = [part.frequency(tokens) for tokens in wanted]
        rarest = min(range(len(wanted)), key=frequencies.__getitem__)
        if not frequencies[rarest]:
            return np.empty(0, np.int64)
        places = [part.places(token) for token in wanted[rarest]]
        found = (places[0] if len(places) == 1 else np.sort(np.concatenate(places))).astype(np.int64) - rarest
        found = found[(found >= 0) & (found + len(wanted) <= len(part.ids))]
        # The rarer a token, the more places it rules out.
        for at in sorted(range(len(wanted)), key=frequencies.__getitem__)[1:]:
            if not len(found):
                return found
            found = found[_any_of(part.ids[found + at], wanted[at], len(self.lexicon))]
        if spaces is not None:
            for at in range(1, len(wanted)):
                found = found[((part.marks[found + at] & SPACE) != 0) == spaces[at]]
        last = found + (len(wanted) - 1)
        one_text = np.searchsorted(part.first, found, "right") == np.searchsorted(part.first, last, "right")
        return np.asarray(found[one_text], np.int64)

    def _apart(self, part: Part, places: Places, tokens: Sequence[str]) -> Places:
        """The occurrences without those that overlap an earlier one, as ``str.count`` goes through a text."""
        reach = len(tokens) - 1
        near = np.diff(places) <= reach
        if not near.any():
            return places
        kept: list[int] = []
        taken = -1, 0  # the token in which the last occurrence ends, and how much of it is taken
        for place in places.tolist():
            if place > taken[0]:
                free = True
            elif place < taken[0]:
                free = False
            else:
                free = len(self.lexicon.tokens[part.ids[place]]) - len(tokens[0]) >= taken[1]
            if free:
                kept.append(place)
                taken = place + reach, len(tokens[-1])
        return np.array(kept, np.int64)

    def _inside(self, token: str) -> Places:
        """Where a phrase of one token stands, which is inside tokens; a place comes as often as it has the phrase."""
        found = [np.empty(0, np.int64)]
        for id in self.lexicon.containing(token):
            times = self.lexicon.tokens[id].count(token)
            for begin, part in zip(self._begin, self.parts, strict=False):
                found.append(np.repeat(part.places(id).astype(np.int64) + begin, times))
        return np.sort(np.concatenate(found), kind="stable")


def _any_of(ids: NDArray[np.int32], wanted: Sequence[int], words: int) -> NDArray[np.bool_]:
    if len(wanted) == 1:
        return np.asarray(ids == wanted[0], np.bool_)
    table = np.zeros(words, np.bool_)
    table[list(wanted)] = True
    return np.asarray(table[ids], np.bool_)
