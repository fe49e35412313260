"""Phrases of the record that differ from a given one by one word: swapped, inserted or dropped.

A word is one of the dictionary in Chinese, where one of four characters is also taken as two halves (颠倒黑白 and
颠倒是非); elsewhere it is what stands between spaces and punctuation, with its joints (iron-clad, don't).  What is put
in stands somewhere as a whole word; in Chinese it may also be any two characters inside the phrase, two words of one
character at its ends.  Not everything that fits is a variant:

- What stays of the phrase must hold a token that is not ``_COMMON``, and so must a word swapped at its ends: "the
  commitment" is no variant of "iron-clad commitment".  Where a word is dropped two must stay.
- Where the change is at one of the ends, what stands beside it there must be ``_ALIKE`` to what stands beside the
  formula: 强烈反对 is a variant of 坚决反对, 社会反对 (of 国际社会反对) is not, nor "as long as it" of "as long as it
  takes".
- It stands on two occasions at least, outside the occurrences of the formula.

The places of a variant are those of ``Concordance.find``, without those that share a token with an occurrence of the
formula: what is counted of 命运共同体 is its life without 人类.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.concordance import Places
from onrecord.formulas.selection import Selection
from onrecord.formulas.tokens import SENTENCE, SPACE, WORD, Lexicon, split
from onrecord.reading.fold import fold
from onrecord.reading.words import unspaced_words

_REACH = 5
"""Tokens that a word put in may have: up-to-date has 5."""
_COMMON = 1000, 100
"""A token is common if it is more than one in 1000 of the record and stands more than 100 times."""
_ALIKE = 0.05, 10
"""What share of the tokens beside it a phrase must have in common with the formula (the sum over tokens of the lesser
of their shares), once the formula has ten uses to tell by.  Of 16 phrases with an end dropped and some 150 with one
swapped in Chinese and American briefings, read by hand, it parts best those that say nearly the same or speak of the
same kind of thing (命运共同体 0.10, 中非命运共同体 0.06) from pieces of other phrases ("united states of" 0.03)."""
_ODD = np.cumprod(np.full(_REACH + 1, 0x9E3779B97F4A7C15, np.uint64))
"""Make one number of some tokens: powers of 2^64 over the golden ratio (Knuth, The Art of Computer Programming 6.4)."""

Span = tuple[int, int]
Flags = NDArray[np.bool_]


class Found(NamedTuple):
    """A variant: what kind of change, the word here and there, the folded phrase, and its places, ascending."""

    kind: str
    here: str
    there: str
    formula: str
    places: Places


def variants(
    selection: Selection, phrase: str, places: Places | None = None, *, limit: int = 20, occasions: int = 2
) -> list[Found]:
    """The variants of a phrase within a selection, most uses first; the phrase itself need not occur.

    ``places`` are all those of the phrase (``Concordance.find``), if they are known already.  Raises BadQuery if
    nothing is left of the phrase to look for.
    """
    search = _Search(selection, phrase, places, occasions)
    found = {variant.formula: variant for variant in search.dropped()}
    enough = len(found) + limit
    for offer in sorted(search.offers(), key=lambda offer: -offer.uses):
        if len(found) == enough:
            break
        variant = search.variant(offer)
        if variant is not None:
            found.setdefault(variant.formula, variant)
    return sorted(found.values(), key=lambda variant: (-len(variant.places), variant.formula))[:limit]


class _Slot(NamedTuple):
    """The places where all of a phrase stands but its tokens from ``begin`` to ``end``, and what stands for these.

    ``edge`` is -1 if the phrase begins with what is new, 1 if it ends with it, else 0.  ``start`` (n) is the place of
    the first token of the phrase, or of the first that stays if ``edge`` is -1.  ``ids`` and ``spaced`` (tokens, n) are
    what stands there, counted from what stays, and whether there is a blank before; ``lengths`` (n) how many of them
    make a whole word, 0 if none do.
    """

    begin: int
    end: int
    edge: int
    start: Places
    ids: NDArray[np.int32]
    spaced: Flags
    lengths: NDArray[np.int64]


class _Offer(NamedTuple):
    """What stands in row ``row`` of a slot: as a whole word, ``uses`` times."""

    uses: int
    slot: _Slot
    row: int


class _Around:
    """The places of one token of the phrase, its anchor, and the tokens around them.

    ``start`` (n) is where the phrase would begin, ascending.  Blanks and the bounds of texts are not looked at.
    """

    def __init__(self, search: _Search, anchor: int) -> None:
        self.anchor, self._search = anchor, search
        begin, end = next(piece for piece in search.pieces if piece[0] <= anchor < piece[1])
        self._parts: list[tuple[NDArray[np.int32], Places]] = []
        starts, base = [], 0
        for part in search.concordance.parts:
            places = [part.places(id) for id in search.ids[anchor]]
            start = (places[0] if len(places) == 1 else np.sort(np.concatenate(places))).astype(np.int64) - anchor
            start = self._narrow(part.ids, start, range(begin, end))
            if begin > 0 and end < len(search.tokens):  # to one side of it all is as in the phrase
                left = self._narrow(part.ids, start, range(begin - 1, -1, -1))
                start = np.union1d(left, self._narrow(part.ids, start, range(end, len(search.tokens))))
            self._parts.append((part.ids, start))
            starts.append(start + base)
            base += len(part.ids)
        self.start: Places = np.concatenate(starts)
        self.head, self.tail = cache(self._head), cache(self._tail)
        self._stands, self._column = cache(self._stand), cache(self._tokens)

    def _narrow(self, ids: NDArray[np.int32], start: Places, tokens: Iterable[int]) -> Places:
        """Those of the places where these tokens of the phrase stand, if it begins there."""
        for at in tokens:
            start = start[_among(ids.take(start + at, mode="clip"), self._search.wanted[at])]
        return start

    def _head(self, count: int, shift: int) -> Flags:
        """Where the first tokens of the phrase stand, shifted."""
        if not count:
            return np.ones(len(self.start), np.bool_)
        return self.head(count - 1, shift) & self._stands(count - 1, shift)

    def _tail(self, first: int, shift: int) -> Flags:
        """Where its tokens from ``first`` on stand, shifted."""
        if first == len(self._search.tokens):
            return np.ones(len(self.start), np.bool_)
        return self.tail(first + 1, shift) & self._stands(first, shift)

    def _stand(self, at: int, shift: int) -> Flags:
        return _among(self._column(at + shift), self._search.wanted[at])

    def _tokens(self, at: int) -> NDArray[np.int32]:
        return np.concatenate([ids.take(start + at, mode="clip") for ids, start in self._parts])


class _Search:
    """One phrase, and what is looked up for it."""

    def __init__(self, selection: Selection, phrase: str, places: Places | None, occasions: int) -> None:
        self.selection, self._occasions = selection, occasions
        self.concordance = concordance = selection.concordance
        lexicon = concordance.lexicon
        self.formula: Places = concordance.find(phrase) if places is None else places
        self.tokens, self.spaces = split(fold(phrase).strip(" "))
        self.words, self.pieces = _words(self.tokens, self.spaces)
        numbers = [lexicon.number(token) for token in self.tokens]
        self.ids: list[Sequence[int]] = [[] if number is None else [number] for number in numbers]
        self.ids[0], self.ids[-1] = lexicon.ending(self.tokens[0]), lexicon.beginning(self.tokens[-1])
        # Of each token, one more for -1.
        self._is_word, self._is_unspaced = np.append(lexicon.is_word, False), np.append(lexicon.is_unspaced, False)
        self._known = np.zeros(len(self._is_word), np.int64)
        for part in concordance.parts:
            self._known[: len(part.starts) - 1] += np.diff(part.starts)
        self._common = max(concordance.size // _COMMON[0], _COMMON[1])
        spoken = [at for begin, end in self.pieces for at in range(begin, end)]  # no phrase is told by its commas
        self._frequency = {at: int(self._known[list(self.ids[at])].sum()) for at in spoken}
        self.wanted = [self._one_of(ids) for ids in self.ids]
        self._around, self._shares = cache(lambda anchor: _Around(self, anchor)), cache(self._share)

    def _anchor(self, begin: int, end: int) -> int | None:
        """The rarest token of the phrase but those from ``begin`` to ``end``; None if it is common too."""
        stay = [at for at in self._frequency if not begin <= at < end]
        anchor = min(stay, key=self._frequency.__getitem__, default=None)
        return anchor if anchor is not None and self._frequency[anchor] <= self._common else None

    def _one_of(self, ids: Sequence[int]) -> int | Flags:
        """What ``_among`` wants to know of these tokens."""
        if len(ids) == 1:
            return ids[0]
        marked = np.zeros(len(self._is_word), np.bool_)
        marked[list(ids)] = True
        return marked

    def _changed(self, begin: int, end: int, there: str) -> str:
        """The phrase with something else for its tokens from ``begin`` to ``end``."""
        return (self._text(0, begin) + there + self._text(end, len(self.tokens))).strip(" ")

    def _text(self, begin: int, end: int) -> str:
        pairs = zip(self.tokens[begin:end], self.spaces[begin:end], strict=True)
        return "".join(f" {token}" if blank else token for token, blank in pairs)

    def _fits(self, places: Places, length: int | NDArray[np.int64]) -> Flags:
        """Which of these stretches of tokens are within the selection and share no token with the formula."""
        before = self.formula.searchsorted(places - len(self.tokens), "right")
        return self._within(places, length) & (before == self.formula.searchsorted(places + length))

    def _within(self, places: Places, length: int | NDArray[np.int64]) -> Flags:
        """Which of these stretches of tokens are within the selection."""
        if self.selection.whole:
            fits: Flags = self.selection.revisions[self.concordance.revision_of(places)]
            return fits
        turns, turn = self.concordance.turns, self.concordance.turn_of(places)
        return np.asarray((turn >= 0) & self.selection.turns[turn] & (places + length <= turns.last[turn]))

    def _often(self, word: NDArray[np.intp], places: Places) -> Flags:
        """Which words stand on enough occasions; ``word`` (n) says which stands at each place."""
        occasion = self.concordance.revisions.occasion[self.concordance.revision_of(places)]
        spread = np.bincount(np.unique(word << 32 | occasion) >> 32)
        return np.asarray(spread >= self._occasions)

    # ---------------------------------------------------------------- what stands beside a change at one of the ends

    def _alike(self, word: NDArray[np.intp], beside: NDArray[np.int32], edge: int) -> Flags:
        """Which words stand beside what the formula stands beside; ``word`` and ``beside`` (n) are of each use."""
        uses, share = np.bincount(word), self._shares(edge)
        if share is None:
            return np.ones(len(uses), np.bool_)
        pairs, counts = np.unique(word << 32 | (beside + 1), return_counts=True)
        word, beside = pairs >> 32, pairs & 0xFFFFFFFF
        return np.asarray(np.bincount(word, np.minimum(counts / uses[word], share[beside])) >= _ALIKE[0])

    def _share(self, edge: int) -> NDArray[np.float64] | None:
        """In which share of its uses the formula stands beside each token (+ 1); None if it has too few."""
        uses = self.formula[self._within(self.formula, len(self.tokens))]
        if len(uses) < _ALIKE[1]:
            return None
        beside = self._beside(uses, len(self.tokens), edge)
        return np.asarray(np.bincount(beside + 1, minlength=len(self._is_word)) / len(uses))

    def _beside(self, places: Places, length: int, edge: int) -> NDArray[np.int32]:
        """The tokens before (``edge`` -1) or after (1) these stretches of tokens, -1 outside the text."""
        beside = -1 if edge < 0 else length
        return np.asarray(self._stretch(places, beside, beside + 1)[0][0])

    # ---------------------------------------------------------------- a word dropped

    def dropped(self) -> Iterator[Found]:
        """The phrase without one of its words."""
        for begin, end in self.words if len(self.words) > 2 else ():
            if self._anchor(begin, end) is None:
                continue
            there, size = self._changed(begin, end, ""), len(self.tokens) - (end - begin)
            places = self.concordance.find(there)
            places = places[self._fits(places, size)]
            edge = -1 if begin == 0 else int(end == len(self.tokens))
            one = np.zeros(len(places), np.intp)
            if not self._often(one, places).any():
                continue
            if not edge or self._alike(one, self._beside(places, size, edge), edge).any():
                yield Found("dropped", self._text(begin, end).strip(" "), "", there, places)

    # ---------------------------------------------------------------- a word swapped or inserted

    def offers(self) -> Iterator[_Offer]:
        """What stands as a whole word between two words of the phrase or for one of them."""
        gaps = [(begin, begin) for begin, _ in self.pieces[1:]]
        for begin, end in dict.fromkeys((*gaps, *self.words, *self.pieces)):
            anchor = self._anchor(begin, end)
            if anchor is None or not self._frequency[anchor]:
                continue
            around = self._around(anchor)
            outside = begin == 0 or end == len(self.tokens)
            for length in (end - begin,) if outside else range(1, _REACH + 1):
                shift = length - (end - begin)
                ahead = shift if anchor >= end else 0  # so much earlier the phrase begins
                stands = np.flatnonzero(around.head(begin, -ahead) & around.tail(end, shift - ahead))
                if len(stands):
                    start = self._stay(around.start[stands] - ahead, begin, end, shift)
                    slot = self._outside(start, begin, end) if outside else self._inside(start, begin, end, length)
                    yield from self._offers(slot)

    def _stay(self, start: Places, begin: int, end: int, shift: int) -> Places:
        """Those of the places where what stays of the phrase, the end shifted, has its blanks and is in one text."""
        stay = np.array([*range(begin), *range(end, len(self.tokens))])
        places = start[:, None] + np.where(stay < end, stay, stay + shift)
        one = self.concordance.revision_of(places[:, 0]) == self.concordance.revision_of(places[:, -1])
        start, places = start[one], places[one]
        blanks = ((self.concordance.marks_at(places) & SPACE) != 0) == np.array(self.spaces)[stay]
        return np.asarray(start[(blanks | (stay == 0)).all(axis=1)])

    def _outside(self, start: Places, begin: int, end: int) -> _Slot:
        """What stands for a word at one of the ends."""
        edge = -1 if begin == 0 else 1
        if edge < 0:
            start = start + end
            ids, marks = self._stretch(start, -_REACH - 1, 2)
            parted, opens = self._parted(ids, marks), (marks & SENTENCE) != 0
            ids, marks, ends = ids[-3::-1], marks[-3::-1], parted[-2:0:-1] & parted[-1] & ~opens[-2]
        else:
            ids, marks = self._stretch(start + begin - 1, 1, _REACH + 3)
            parted, opens = self._parted(ids, marks), (marks & SENTENCE) != 0
            ids, marks, ends = ids[:-1], marks[:-1], parted[1:] & ~opens[0]
        ends &= self._is_word[ids[0]]
        lengths = np.where(ends.any(axis=0), 1 + ends.argmax(axis=0), 0)
        if end - begin > 1:  # no word of one character for a longer one, but two such words may be
            short = (lengths == 1) & self._is_unspaced[ids[0]]
            two = ends[1] & self._is_unspaced[ids[1]] & self._is_word[ids[1]]
            lengths = np.where(short, np.where(two, 2, 0), lengths)
        return _Slot(begin, end, edge, start, ids, (marks & SPACE) != 0, lengths)

    def _inside(self, start: Places, begin: int, end: int, length: int) -> _Slot:
        """What stands for a word, or between two, and has so many tokens."""
        ids, marks = self._stretch(start, begin, begin + length + 1)
        joined = ~self._parted(ids, marks)[1:].any(axis=0)
        ids, marks = ids[:-1], marks[:-1]
        whole = self._is_word[ids[0]] & self._is_word[ids[-1]] & joined
        if length == 2:
            whole |= (self._is_word[ids] & self._is_unspaced[ids]).all(axis=0)
        return _Slot(begin, end, 0, start, ids, (marks & SPACE) != 0, np.where(whole, length, 0))

    def _stretch(self, places: Places, first: int, last: int) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """The tokens and marks from ``first`` to ``last`` after each of the places; outside its text, -1 and 0."""
        bounds, row = self.concordance.revisions.first, self.concordance.revision_of(places)
        grid = places + np.arange(first, last)[:, None]
        inside = (grid >= bounds[row]) & (grid < bounds[row + 1])
        grid = np.where(inside, grid, 0)
        ids, marks = self.concordance.take(grid), self.concordance.marks_at(grid)
        return np.where(inside, ids, np.int32(-1)), np.where(inside, marks, np.uint8(0))

    def _parted(self, ids: NDArray[np.int32], marks: NDArray[np.uint8]) -> Flags:
        """Before which tokens no word goes on, for all columns but the last."""
        word = self._is_word[ids]
        goes_on = word & ((marks & WORD) == 0)
        return np.asarray(~(goes_on[:-1] | (~word[:-1] & goes_on[1:])))

    def _offers(self, slot: _Slot) -> Iterator[_Offer]:
        """The words that stand in a slot."""
        rows = np.flatnonzero(slot.lengths)
        if not len(rows):
            return
        begins = slot.start[rows] - np.where(slot.edge < 0, slot.lengths[rows], 0)
        fits = self._fits(begins, slot.lengths[rows] + (len(self.tokens) - slot.end + slot.begin))
        rows, begins = rows[fits], begins[fits]
        lengths, ids, spaced = slot.lengths[rows], slot.ids[:, rows], slot.spaced[:, rows]
        within = np.arange(len(ids))[:, None] < lengths
        outermost = np.arange(len(ids))[:, None] == lengths - 1
        spaced = spaced & ~(outermost & (slot.edge < 0))
        names = (np.where(within, 2 * ids.astype(np.uint64) + spaced + 1, 0) * _ODD[: len(ids), None]).sum(axis=0)
        _, sample, word, uses = np.unique(names, return_index=True, return_inverse=True, return_counts=True)
        good = self._often(word, begins)
        if slot.edge:
            good &= self._alike(word, ids[lengths, np.arange(len(rows))], slot.edge)
            good &= (within & (self._known[ids] <= self._common))[:, sample].any(axis=0)
        for at in np.flatnonzero(good):
            yield _Offer(int(uses[at]), slot, int(rows[sample[at]]))

    def variant(self, offer: _Offer) -> Found | None:
        """An offer with all its places, also those where no whole word stands; None if too few are left."""
        slot, edge, length = offer.slot, offer.slot.edge, int(offer.slot.lengths[offer.row])
        ids, spaced = slot.ids[:length, offer.row].tolist(), slot.spaced[:length, offer.row].tolist()
        same = np.ones(len(slot.start), np.bool_)
        for at, (id, blank) in enumerate(zip(ids, spaced, strict=True)):
            outermost = bool(edge) and at == length - 1
            same &= _among(slot.ids[at], self._one_of(self._like(id, edge)) if outermost else id)
            if not (outermost and edge < 0):
                same &= slot.spaced[at] == blank
        tokens = [f" {self.concordance.lexicon.tokens[id]}"[not blank :] for id, blank in zip(ids, spaced, strict=True)]
        there = "".join(reversed(tokens) if edge < 0 else tokens)
        formula = self._changed(slot.begin, slot.end, there)
        size = len(self.tokens) - (slot.end - slot.begin) + length
        places = slot.start[same] - (length if edge < 0 else 0)
        overlap = (places[1:] - places[:-1] < size).any()
        if overlap:
            places = self.concordance.find(formula)
        places = places[self._fits(places, size)]
        if overlap and not self._often(np.zeros(len(places), np.intp), places).any():
            return None
        here = self._text(slot.begin, slot.end).strip(" ")
        return Found("swapped" if here else "inserted", here, there.strip(" "), formula, places)

    def _like(self, id: int, edge: int) -> Sequence[int]:
        """The tokens that end (``edge`` -1) or begin (1) with a token, as at the ends of a phrase."""
        if self._is_unspaced[id]:
            return [id]
        lexicon = self.concordance.lexicon
        return lexicon.ending(lexicon.tokens[id]) if edge < 0 else lexicon.beginning(lexicon.tokens[id])


def _words(tokens: Sequence[str], spaces: Sequence[bool]) -> tuple[list[Span], list[Span]]:
    """The words of a phrase, and its pieces: the same with those of four unspaced characters halved."""
    kinds = Lexicon(tokens)
    word, unspaced, joiner = kinds.is_word, kinds.is_unspaced & kinds.is_word, kinds.is_joiner
    words: list[Span] = []
    at, size = 0, len(tokens)
    while at < size:
        end = at + 1
        if unspaced[at]:
            while end < size and unspaced[end] and not spaces[end]:
                end += 1
            ends = np.cumsum([at, *map(len, unspaced_words("".join(tokens[at:end])))]).tolist()
            words += pairwise(ends)
        elif word[at]:
            while end + 1 < size and joiner[end] and (word & ~unspaced)[end + 1] and not any(spaces[end : end + 2]):
                end += 2
            words.append((at, end))
        at = end
    halves = [
        ((begin, begin + 2), (begin + 2, end)) if end - begin == 4 and unspaced[begin] else ((begin, end),)
        for begin, end in words
    ]
    return words, [half for word in halves for half in word]


def _among(ids: NDArray[np.int32], wanted: int | Flags) -> Flags:
    """Which tokens are the one wanted, or among those marked."""
    return np.asarray(ids == wanted if isinstance(wanted, int) else wanted[ids])
