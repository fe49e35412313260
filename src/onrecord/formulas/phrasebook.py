"""Where the phrases of a list stand, all of them found in one walk through the concordance.

A list of thousands (names of countries, the vocabulary of a ladder) is kept as a tree of tokens.  Every place where a
phrase may begin goes down the tree, all places a step at a time; at each place the longest phrase counts, and a phrase
inside an earlier one does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.concordance import Concordance, Places
from onrecord.formulas.tokens import CAPITAL, SENTENCE, WORD, Lexicon, split_phrase

_STRIDE = 1 << 17
"""Tokens looked at in one step: so few that they stay in the processor's cache."""


class Phrase(NamedTuple):
    """One entry of a list.

    ``text`` in any spelling that folds to the phrase.  ``open``: its last word may go on.  ``name``: it counts only
    where printed with a capital, ``shout``: and not where every word would have one, at the beginning of a sentence.
    ``word``: it counts only where words begin at its first token and behind its last.
    """

    text: str
    open: bool = False
    name: bool = False
    shout: bool = False
    word: bool = False


class Found(NamedTuple):
    """Occurrences, ascending: the place of the first token, how many tokens, which phrase of the list."""

    place: Places
    length: NDArray[np.int32]
    phrase: NDArray[np.int32]


class Phrasebook:
    """A list of phrases, no two of which fold to the same, made ready for one lexicon as it is now."""

    def __init__(self, phrases: Sequence[Phrase], lexicon: Lexicon) -> None:
        self._name, self._shout, self._word = (
            np.array([phrase[at] for phrase in phrases], np.bool_) for at in (2, 3, 4)
        )
        self._words = len(lexicon)
        steps: dict[tuple[int, int], int] = {}
        ends = [-1]
        for number, phrase in enumerate(phrases):
            for ids in _spelled(phrase, lexicon):
                node = 0
                for token in ids:
                    node = steps.setdefault((node, token), len(ends))
                    if node == len(ends):
                        ends.append(-1)
                if ends[node] < 0 or not phrase.open:  # what is written out goes before what was only begun
                    ends[node] = number
        self._ends = np.array(ends, np.int32)
        self._roots = np.zeros(self._words, np.int32)
        for (node, token), target in steps.items():
            if node == 0:
                self._roots[token] = target
        keys = np.array([node * self._words + token for node, token in steps], np.int64)
        order = np.argsort(keys)
        self._keys, self._targets = keys[order], np.array(list(steps.values()), np.int32)[order]

    def find(self, concordance: Concordance, first: int = 0, last: int | None = None) -> Found:
        """Where they stand from place ``first`` up to ``last``, which part no sentence."""
        last = concordance.size if last is None else last
        pieces = [
            self._find(concordance, begin, min(begin + _STRIDE, last), last) for begin in range(first, last, _STRIDE)
        ]
        place, length, phrase = (
            np.concatenate([np.empty(0, kind), *columns])
            for kind, *columns in zip((np.int64, np.int32, np.int32), *pieces, strict=True)
        )
        apart = _apart(place, place + length)
        return Found(place[apart], length[apart], phrase[apart])

    def _find(self, concordance: Concordance, begin: int, end: int, last: int) -> Found:
        here = np.arange(begin, end)
        ids = concordance.take(here)
        node = np.where(ids < self._words, self._roots[np.minimum(ids, self._words - 1)], 0)
        place = here[node > 0]
        node = node[node > 0]
        best = np.full(len(place), -1, np.int32)
        length = np.zeros(len(place), np.int32)
        going = np.arange(len(place))
        for step in range(1, len(self._ends) + 1):
            phrase = self._ends[node]
            good = np.flatnonzero(phrase >= 0)
            good = good[self._counts(concordance, place[going[good]], step, phrase[good], last)]
            best[going[good]], length[going[good]] = phrase[good], step
            inside = np.flatnonzero(place[going] + step < last)
            going, node = going[inside], node[inside]
            inside = np.flatnonzero((concordance.marks_at(place[going] + step) & SENTENCE) == 0)
            going, node = going[inside], node[inside]
            if not len(going) or not len(self._keys):
                break
            key = node.astype(np.int64) * self._words + concordance.take(place[going] + step)
            at = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
            on = np.flatnonzero(self._keys[at] == key)
            going, node = going[on], self._targets[at[on]]
        known = best >= 0
        return Found(place[known], length[known], best[known])

    def _counts(
        self, concordance: Concordance, place: Places, length: int, phrase: NDArray[np.int32], last: int
    ) -> NDArray[np.bool_]:
        """Whether phrases count where they stand."""
        marks = concordance.marks_at(place)
        good: NDArray[np.bool_] = ~self._name[phrase] | ((marks & CAPITAL) != 0)
        good &= ~self._shout[phrase] | ((marks & SENTENCE) == 0)
        behind = np.minimum(place + length, last - 1)
        word = concordance.lexicon.is_word[concordance.take(behind)]
        ends = ((concordance.marks_at(behind) & (WORD | SENTENCE)) != 0) | ~word | (behind < place + length)
        good &= ~self._word[phrase] | (((marks & WORD) != 0) & ends)
        return good


def _apart(begin: Places, end: Places) -> NDArray[np.bool_]:
    """Which of the occurrences, ascending, do not begin inside an earlier one that is kept."""
    reached = np.maximum.accumulate(np.concatenate([[0], end]))[:-1]
    kept: NDArray[np.bool_] = begin >= reached
    for row in np.flatnonzero(~kept).tolist():  # inside an earlier one, which may be inside another itself
        before = row - 1
        while not kept[before]:
            before -= 1
        kept[row] = begin[row] >= end[before]
    return kept


def _spelled(phrase: Phrase, lexicon: Lexicon) -> Iterator[list[int]]:
    """The tokens of the phrase, in all ways its last word may go on."""
    tokens, _ = split_phrase(phrase.text)
    if not tokens:
        return
    ids = [lexicon.number(token) for token in tokens[:-1]]
    known = [id for id in ids if id is not None]
    if len(known) < len(ids):
        return
    last = lexicon.beginning(tokens[-1]) if phrase.open else [lexicon.number(tokens[-1])]
    for id in last:
        if id is not None:
            yield [*known, id]
