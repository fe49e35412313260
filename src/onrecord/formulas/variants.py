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

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.arrays import different, powers
from onrecord.formulas.concordance import Concordance, Places
from onrecord.formulas.model import Variant
from onrecord.formulas.selection import Selection, name_of_period, years
from onrecord.formulas.tokens import SENTENCE, SPACE, WORD
from onrecord.formulas.wording import Around, Flags, Wording, among

_REACH = 5
"""Tokens that a word put in may have: up-to-date has 5."""
_COMMON = 1000, 100
"""A token is common if it is more than one in 1000 of the record and stands more than 100 times."""
_ALIKE = 0.05, 10
"""What share of the tokens beside it a phrase must have in common with the formula (the sum over tokens of the lesser
of their shares), once the formula has ten uses to tell by.  Chosen by reading 16 phrases with an end dropped and some
150 with one swapped, of a dozen formulas in Chinese and American briefings: what is above it mostly says nearly the
same or speaks of the same kind of thing (命运共同体 0.10, 中非命运共同体 0.06), what is below is mostly a piece of
another phrase ("united states of" 0.03)."""


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


def counted(concordance: Concordance, found: Sequence[Found]) -> list[Variant]:
    """The variants with what is told of them: uses, occasions, days of the first and last, uses by year.

    All are counted in one go, which takes a third of the time.
    """
    if not found:
        return []
    revisions = concordance.revisions
    counts = np.array([len(one.places) for one in found])
    which = np.repeat(np.arange(len(found)), counts)
    revision = concordance.revision_of(np.concatenate([one.places for one in found]))
    pairs = different(which << 32 | revisions.occasion[revision])
    occasions = np.bincount(pairs >> 32, minlength=len(found)).tolist()
    day = revisions.day[revision]
    years_of, uses = np.unique(which << 32 | years(day), return_counts=True)
    by_year: list[dict[str, int]] = [{} for _ in found]
    # What has no year comes last.
    for at in np.argsort((years_of & 0xFFFFFFFF) == 0, kind="stable").tolist():
        by_year[years_of[at] >> 32][name_of_period(int(years_of[at] & 0xFFFFFFFF))] = int(uses[at])
    told = []
    for number, last in enumerate(np.cumsum(counts).tolist()):
        one, those = found[number], slice(last - int(counts[number]), last)
        dated = day[those] if (day[those] > 0).any() else np.ones(len(one.places), np.int32)
        ends = np.where(dated > 0, dated, np.iinfo(np.int32).max).argmin(), dated.argmax()
        first, latest = (revisions.rows[int(revision[those][at])].date for at in ends)
        told.append(
            Variant(
                formula=one.formula,
                kind=one.kind,
                here=one.here,
                there=one.there,
                total=len(one.places),
                occasions=occasions[number],
                first=first,
                last=latest,
                by_year=by_year[number],
            )
        )
    return told


class _Slots(NamedTuple):
    """Places where all of a phrase stands but its tokens from ``begin`` to ``end``, and what stands for these.

    ``edge`` is -1 if the phrase begins with what is new, 1 if it ends with it, else 0.  Of each place (n): ``start``,
    where the phrase begins, or what stays of it if ``edge`` is -1; ``begin`` and ``end``; ``room``, how many tokens may
    stand for them; ``lengths``, how many of these make a whole word, -1 if none do.  ``ids`` and ``spaced`` (tokens, n)
    are what stands there, counted from what stays, and whether there is a blank before.
    """

    edge: int
    start: Places
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    room: NDArray[np.int64]
    lengths: NDArray[np.int64]
    ids: NDArray[np.int32]
    spaced: Flags


class _Offer(NamedTuple):
    """What stands at place ``at`` of the slots: as a whole word, ``uses`` times."""

    uses: int
    slots: _Slots
    at: int


class _Search:
    """One phrase, and what is looked up for it."""

    def __init__(self, selection: Selection, phrase: str, places: Places | None, occasions: int) -> None:
        self.selection, self._occasions = selection, occasions
        self.concordance = concordance = selection.concordance
        self.formula: Places = concordance.find(phrase) if places is None else places
        self.phrase = Wording(concordance, phrase)
        lexicon = concordance.lexicon
        # One more, for -1.
        self._is_word, self._is_unspaced = np.append(lexicon.is_word, False), np.append(lexicon.is_unspaced, False)
        self._droppable = self.phrase.words if len(self.phrase.words) > 2 else []
        self._common = max(concordance.size // _COMMON[0], _COMMON[1])
        self._around, self._shares = cache(lambda anchor: Around(self.phrase, anchor)), cache(self._share)

    def _anchor(self, begin: int, end: int) -> int | None:
        """The rarest token of the phrase but those from ``begin`` to ``end``; None if it is common too."""
        anchor = self.phrase.rarest(begin, end)
        return anchor if anchor is not None and self.phrase.frequency[anchor] <= self._common else None

    def _fits(self, places: Places, length: int | NDArray[np.int64]) -> Flags:
        """Which of these stretches of tokens are within the selection and share no token with the formula."""
        before = self.formula.searchsorted(places - len(self.phrase), "right")
        fits: Flags = before == self.formula.searchsorted(places + length)
        return fits & self._within(places, length)

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
        spread = np.bincount(different(word << 32 | occasion) >> 32)
        return np.asarray(spread >= self._occasions)

    # ---------------------------------------------------------------- what stands beside a change at one of the ends

    def _alike(self, word: NDArray[np.intp], beside: NDArray[np.int32], edge: int) -> Flags:
        """Which words stand beside what the formula stands beside; ``word`` and ``beside`` (n) are of each use."""
        uses, share = np.bincount(word), self._shares(edge)
        if share is None:
            return np.ones(len(uses), np.bool_)
        pairs, counts = np.unique(word << 32 | (beside + 1), return_counts=True)
        word, beside = pairs >> 32, pairs & 0xFFFFFFFF
        own, among = share
        common = np.minimum(counts / uses[word], own[beside] / among)
        return np.asarray(np.bincount(word, common) >= _ALIKE[0])

    def _share(self, edge: int) -> tuple[NDArray[np.int64], int] | None:
        """In how many of how many uses the formula stands beside each token (+ 1); None if it has too few."""
        uses = self.formula[self._within(self.formula, len(self.phrase))]
        if len(uses) < _ALIKE[1]:
            return None
        beside = self._beside(uses, len(self.phrase), edge)
        return np.bincount(beside + 1, minlength=len(self._is_word)), len(uses)

    def _beside(self, places: Places, length: int, edge: int) -> NDArray[np.int32]:
        """The tokens before (``edge`` -1) or after (1) these stretches of tokens, -1 outside the text."""
        beside = -1 if edge < 0 else length
        return np.asarray(self._stretch(places, beside, beside + 1)[0][0])

    # ---------------------------------------------------------------- a word dropped

    def dropped(self) -> Iterator[Found]:
        """The phrase without the word at one of its ends."""
        for begin, end in {self._droppable[0], self._droppable[-1]} if self._droppable else ():
            if not (begin == 0 or end == len(self.phrase)) or self._anchor(begin, end) is None:
                continue
            there, size = self.phrase.changed(begin, end, ""), len(self.phrase) - (end - begin)
            places = self.concordance.find(there)
            places = places[self._fits(places, size)]
            edge = -1 if begin == 0 else 1
            one = np.zeros(len(places), np.intp)
            if not self._often(one, places).any():
                continue
            if self._alike(one, self._beside(places, size, edge), edge).any():
                yield Found("dropped", self.phrase.text(begin, end).strip(" "), "", there, places)

    # ---------------------------------------------------------------- a word swapped or inserted

    def offers(self) -> Iterator[_Offer]:
        """What stands as a whole word between two words of the phrase or for one of them; or nothing, for a word."""
        size, droppable = len(self.phrase), set(self._droppable)
        gaps = [(begin, begin) for begin, _ in self.phrase.pieces[1:]]
        starts, holes = [], []
        for begin, end in dict.fromkeys((*gaps, *self.phrase.words, *self.phrase.pieces)):
            anchor = self._anchor(begin, end)
            if anchor is None or not self.phrase.frequency[anchor]:
                continue
            around = self._around(anchor)
            lengths = range(0 if (begin, end) in droppable else 1, _REACH + 1)
            # What is new at the ends may have any length.
            for length in (end - begin,) if begin == 0 or end == size else lengths:
                shift = length - (end - begin)
                ahead = shift if anchor >= end else 0  # so much earlier the phrase begins
                stands = np.flatnonzero(around.head(begin, -ahead) & around.tail(end, shift - ahead))
                if len(stands):
                    starts.append(around.start[stands] - ahead)
                    holes.append((begin, end, length))
        if not starts:
            return
        start, (begin, end, room) = np.concatenate(starts), np.repeat(np.array(holes).T, list(map(len, starts)), axis=1)
        known = np.append(self.formula, -1)
        itself = (begin > 0) & (end < size) & (room == end - begin) & (known[self.formula.searchsorted(start)] == start)
        start, begin, end, room = start[~itself], begin[~itself], end[~itself], room[~itself]
        stays = self._stays(start, begin, end, room - end + begin)
        start, begin, end, room = start[stays], begin[stays], end[stays], room[stays]
        edge = np.where(begin == 0, -1, end == size)
        for side, slots in ((0, self._inside), (-1, self._outside), (1, self._outside)):
            those = edge == side
            if those.any():
                yield from self._offers(slots(start[those], begin[those], end[those], room[those]))

    def _stays(
        self, start: Places, begin: NDArray[np.int64], end: NDArray[np.int64], shift: NDArray[np.int64]
    ) -> Flags:
        """At which of the places what stays of the phrase, the end shifted, has its blanks and is in one text."""
        size = len(self.phrase)
        first = start + np.where(begin == 0, end + shift, 0)
        last = start + np.where(end == size, begin - 1, size - 1 + shift)
        stays = self.concordance.revision_of(first) == self.concordance.revision_of(last)
        at = np.arange(size)[:, None]
        there = stays & ((at < begin) | (at >= end))
        places = np.where(there, start + at + np.where(at < end, 0, shift), 0)
        blanks = ((self.concordance.marks_at(places) & SPACE) != 0) == np.array(self.phrase.spaces)[:, None]
        return np.asarray(stays & (blanks | ~there | (at == 0)).all(axis=0))

    def _outside(
        self, start: Places, begin: NDArray[np.int64], end: NDArray[np.int64], room: NDArray[np.int64]
    ) -> _Slots:
        """What stands for a word at one of the ends."""
        edge = -1 if begin[0] == 0 else 1
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
        lengths = np.where(ends.any(axis=0), 1 + ends.argmax(axis=0), -1)
        # No word of one character for a longer one; but two such words may be.
        unspaced = self._is_word[ids[:2]] & self._is_unspaced[ids[:2]]
        short = (lengths == 1) & unspaced[0] & (end - begin > 1)
        lengths = np.where(short, np.where(ends[1] & unspaced[1], 2, -1), lengths)
        return _Slots(edge, start, begin, end, room, lengths, ids, (marks & SPACE) != 0)

    def _inside(
        self, start: Places, begin: NDArray[np.int64], end: NDArray[np.int64], room: NDArray[np.int64]
    ) -> _Slots:
        """What stands for a word or between two, with ``room`` tokens, which may be none."""
        ids, marks = self._stretch(start + begin, 0, _REACH + 1)
        at = np.arange(1, _REACH)[:, None]
        joined = ~(self._parted(ids, marks)[1:] & (at < room)).any(axis=0)
        word, unspaced = self._is_word[ids], self._is_unspaced[ids]
        joined |= (room == 2) & unspaced[0] & unspaced[1]
        whole = (room == 0) | (word[0] & word[room - 1, np.arange(len(room))] & joined)
        return _Slots(0, start, begin, end, room, np.where(whole, room, -1), ids, (marks & SPACE) != 0)

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

    def _offers(self, slots: _Slots) -> Iterator[_Offer]:
        """The words that stand there."""
        rows = np.flatnonzero(slots.lengths >= 0)
        begins = slots.start[rows] - (slots.lengths[rows] if slots.edge < 0 else 0)
        changed = slots.begin[rows] - slots.end[rows]
        fits = self._fits(begins, slots.lengths[rows] + changed + len(self.phrase))
        rows, begins = rows[fits], begins[fits]
        lengths, ids, spaced = slots.lengths[rows], slots.ids[:, rows], slots.spaced[:, rows]
        at = np.arange(len(ids))[:, None]
        within = at < lengths
        spaced = spaced & ((at < lengths - 1) | (slots.edge >= 0))
        parts = [*np.where(within, 2 * ids.astype(np.uint64) + spaced + 1, 0), slots.begin[rows], slots.end[rows]]
        names = (np.array(parts, np.uint64) * powers(len(parts))[:, None]).sum(axis=0)
        _, sample, word, uses = np.unique(names, return_index=True, return_inverse=True, return_counts=True)
        good = self._often(word, begins)
        if slots.edge:
            good &= self._alike(word, ids[lengths, np.arange(len(rows))], slots.edge)
            good &= (within & (self.phrase.known[ids] <= self._common))[:, sample].any(axis=0)
        for one in np.flatnonzero(good):
            yield _Offer(int(uses[one]), slots, int(rows[sample[one]]))

    def variant(self, offer: _Offer) -> Found | None:
        """An offer with all its places, also those where no whole word stands; None if too few are left."""
        slots, edge, row = offer.slots, offer.slots.edge, offer.at
        begin, end, length = int(slots.begin[row]), int(slots.end[row]), int(slots.lengths[row])
        ids, spaced = slots.ids[:length, row].tolist(), slots.spaced[:length, row].tolist()
        same = (slots.begin == begin) & (slots.end == end) & (slots.room == slots.room[row])
        for at, (id, blank) in enumerate(zip(ids, spaced, strict=True)):
            outermost = bool(edge) and at == length - 1
            same &= among(slots.ids[at], self.phrase.one_of(self._like(id, edge)) if outermost else id)
            if not (outermost and edge < 0):
                same &= slots.spaced[at] == blank
        tokens = [f" {self.concordance.lexicon.tokens[id]}"[not blank :] for id, blank in zip(ids, spaced, strict=True)]
        there = "".join(reversed(tokens) if edge < 0 else tokens)
        formula = self.phrase.changed(begin, end, there)
        size = len(self.phrase) - (end - begin) + length
        places = slots.start[same] - (length if edge < 0 else 0)
        overlap = (places[1:] - places[:-1] < size).any()
        if overlap:
            places = self.concordance.find(formula)
        places = places[self._fits(places, size)]
        if overlap and not self._often(np.zeros(len(places), np.intp), places).any():
            return None
        here, there = self.phrase.text(begin, end).strip(" "), there.strip(" ")
        kind = "inserted" if not here else "swapped" if there else "dropped"
        return Found(kind, here, there, formula, places)

    def _like(self, id: int, edge: int) -> Sequence[int]:
        """The tokens that end (``edge`` -1) or begin (1) with a token, as at the ends of a phrase."""
        if self._is_unspaced[id]:
            return [id]
        lexicon = self.concordance.lexicon
        return lexicon.ending(lexicon.tokens[id]) if edge < 0 else lexicon.beginning(lexicon.tokens[id])
