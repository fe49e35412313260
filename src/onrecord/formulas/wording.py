"""A phrase in the terms of a concordance: its tokens and words, the rarest of them, and where parts of it stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.arrays import different
from onrecord.formulas.concordance import Concordance, Places
from onrecord.formulas.tokens import Lexicon, split_phrase
from onrecord.reading.words import unspaced_words

Span = tuple[int, int]
Flags = NDArray[np.bool_]
Wanted = int | Flags
"""Which token is looked for at a place: one, or those marked (by number, with one more, for -1)."""


class Wording:
    """A phrase: its ``tokens``, and before which of them a blank stands (``spaces``); its ``words`` as spans of tokens.

    ``pieces`` are the words, those of four characters of a script without spaces in halves.  ``wanted`` says for each
    token what may stand for it where the phrase is a substring of a text, ``frequency`` how often that does, for the
    tokens of words.  ``known`` is how often each token of the lexicon stands in the record (one more, for -1).
    """

    def __init__(self, concordance: Concordance, phrase: str) -> None:
        self.concordance = concordance
        lexicon = concordance.lexicon
        self.tokens, self.spaces = split_phrase(phrase)
        self.words, self.pieces = _words(self.tokens, self.spaces)
        self.known = concordance.frequency
        numbers = [lexicon.number(token) for token in self.tokens]
        self.ids: list[Sequence[int]] = [[] if number is None else [number] for number in numbers]
        self.ids[0], self.ids[-1] = lexicon.ending(self.tokens[0]), lexicon.beginning(self.tokens[-1])
        self.wanted = [self.one_of(ids) for ids in self.ids]
        spoken = [at for begin, end in self.pieces for at in range(begin, end)]
        self.frequency = {at: int(self.known[list(self.ids[at])].sum()) for at in spoken}
        self._rare = sorted(spoken, key=self.frequency.__getitem__)

    def __len__(self) -> int:
        return len(self.tokens)

    def one_of(self, ids: Sequence[int]) -> Wanted:
        """What ``among`` wants to know of these tokens."""
        if len(ids) == 1:
            return ids[0]
        marked = np.zeros(len(self.known), np.bool_)
        marked[list(ids)] = True
        return marked

    def rarest(self, begin: int, end: int) -> int | None:
        """The rarest token in its words but those from ``begin`` to ``end``."""
        return next((at for at in self._rare if not begin <= at < end), None)

    def text(self, begin: int, end: int) -> str:
        """Some of its tokens as text."""
        pairs = zip(self.tokens[begin:end], self.spaces[begin:end], strict=True)
        return "".join(f" {token}" if blank else token for token, blank in pairs)

    def changed(self, begin: int, end: int, there: str) -> str:
        """The phrase with something else for its tokens from ``begin`` to ``end``."""
        return (self.text(0, begin) + there + self.text(end, len(self))).strip(" ")


class Around:
    """The places of one token of the phrase, its anchor, and the tokens around them.

    ``start`` (n) is where the phrase would begin, ascending.  Blanks and the bounds of texts are not looked at.
    """

    def __init__(self, wording: Wording, anchor: int) -> None:
        self.anchor, self._wording = anchor, wording
        begin, end = next(piece for piece in wording.pieces if piece[0] <= anchor < piece[1])
        self._parts: list[tuple[NDArray[np.int32], Places]] = []
        starts, base = [], 0
        for part in wording.concordance.parts:
            places = [part.places(id) for id in wording.ids[anchor]]
            start = (places[0] if len(places) == 1 else np.sort(np.concatenate(places))).astype(np.int64) - anchor
            start = self._narrow(part.ids, start, range(begin, end))
            if begin > 0 and end < len(wording):  # to one side of it all is as in the phrase
                left = self._narrow(part.ids, start, range(begin - 1, -1, -1))
                right = self._narrow(part.ids, start, range(end, len(wording)))
                start = different(np.concatenate([left, right]))
            self._parts.append((part.ids, start))
            starts.append(start + base)
            base += len(part.ids)
        self.start: Places = np.concatenate(starts)
        self._heads: defaultdict[int, list[Flags]] = defaultdict(self._everywhere)
        self._tails: defaultdict[int, list[Flags]] = defaultdict(self._everywhere)
        self._stands, self._column = cache(self._stand), cache(self._tokens)

    def _narrow(self, ids: NDArray[np.int32], start: Places, tokens: Iterable[int]) -> Places:
        """Those of the places where these tokens of the phrase stand, if it begins there."""
        for at in tokens:
            start = start[among(ids.take(start + at, mode="clip"), self._wording.wanted[at])]
        return start

    def head(self, count: int, shift: int) -> Flags:
        """Where the first ``count`` tokens of the phrase stand, shifted."""
        found = self._heads[shift]
        for at in range(len(found) - 1, count):
            found.append(self._both(found[-1], at, shift))
        return found[count]

    def tail(self, first: int, shift: int) -> Flags:
        """Where its tokens from ``first`` on stand, shifted."""
        found, size = self._tails[shift], len(self._wording)
        for at in range(size - len(found), first - 1, -1):
            found.append(self._both(found[-1], at, shift))
        return found[size - first]

    def _everywhere(self) -> list[Flags]:
        return [np.ones(len(self.start), np.bool_)]

    def _both(self, flags: Flags, at: int, shift: int) -> Flags:
        """Where a token of the phrase stands too, shifted; of a long phrase little is left after some tokens."""
        return flags & self._stands(at, shift) if flags.any() else flags

    def _stand(self, at: int, shift: int) -> Flags:
        return among(self._column(at + shift), self._wording.wanted[at])

    def _tokens(self, at: int) -> NDArray[np.int32]:
        return np.concatenate([ids.take(start + at, mode="clip") for ids, start in self._parts])


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


def among(ids: NDArray[np.int32], wanted: Wanted) -> Flags:
    """Which tokens are the one wanted, or among those marked."""
    return np.asarray(ids == wanted if isinstance(wanted, int) else wanted[ids])
