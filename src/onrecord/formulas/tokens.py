"""Editions cut into tokens: what the concordance is made of.

A token is a run of letters, digits and their marks, one character of a script written without spaces, or one mark of
punctuation, of the folded text (``reading.fold``).  With a note of where white space stood, a text and its tokens say
the same: a phrase stands in the text exactly where its tokens stand, the first of them perhaps at the end of a longer
one and the last at the beginning of one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.model import Edition
from onrecord.reading.fold import fold, fold_map
from onrecord.reading.sentences import sentence_spans
from onrecord.reading.words import HAN, MARKS, UNSPACED

SENTENCE, WORD, SPACE, CAPITAL = 1, 2, 4, 8
"""Bits of a token's marks.

``SENTENCE``: a sentence or a turn begins with it.  ``WORD``: a word begins with it; in scripts without spaces by the
dictionary, in others unless it is joined to the token before (the t of don't, the clad of iron-clad, the s of u.s).
``SPACE``: white space stands before it.  ``CAPITAL``: it is printed with a capital.
"""

ROLES = ("question", "answer", "statement", "procedural")
"""Roles of turns by their number."""
SAID = (1, 2)
"""The roles that are the institution's own words."""

_RUN = rf"(?>(?:[^\W_{UNSPACED}]|[{MARKS}])+)"
_TOKEN = re.compile(rf" ?(?:{_RUN}|[^ ])")
_WORD = re.compile(r"\w")
_UNSPACED = re.compile(f"[{UNSPACED}]")
_HAN = re.compile(f"[{HAN}]")
_JOINERS = "'-./&,:·"
"""What joins the parts of a word where no white space stands beside it."""


def split(folded: str) -> tuple[list[str], list[bool]]:
    """The tokens of a folded text, and before which of them white space stands."""
    raw = _TOKEN.findall(folded)
    return [token.lstrip(" ") for token in raw], [token[0] == " " for token in raw]


def split_phrase(phrase: str) -> tuple[list[str], list[bool]]:
    """The same of a phrase that is looked for: folded, and without blanks at its ends."""
    return split(fold(phrase).strip(" "))


class Lexicon:
    """All different tokens, numbered in the order they came; it only grows."""

    def __init__(self, tokens: Iterable[str] = ()) -> None:
        self.tokens = list(tokens)
        self._numbers = {token: number for number, token in enumerate(self.tokens)}
        self._kinds: list[NDArray[np.bool_]] = []
        self._layouts: dict[int, tuple[int, list[str]]] = {}

    def __len__(self) -> int:
        return len(self.tokens)

    def copy(self) -> Lexicon:
        """One that grows while who looks up in this one is not disturbed."""
        other = Lexicon(self.tokens)
        other._kinds = self._kinds
        return other

    def number(self, token: str) -> int | None:
        """The token's number, None if it does not occur."""
        return self._numbers.get(token)

    def enter(self, token: str) -> int:
        """The token's number; it gets the next one if it is new."""
        number = self._numbers.get(token)
        if number is None:
            number = self._numbers[token] = len(self.tokens)
            self.tokens.append(token)
        return number

    @property
    def is_word(self) -> NDArray[np.bool_]:
        """By number: whether the token has a letter or a digit."""
        return self._kind(0)

    @property
    def is_unspaced(self) -> NDArray[np.bool_]:
        """By number: whether it is a character of a script written without spaces."""
        return self._kind(1)

    @property
    def is_joiner(self) -> NDArray[np.bool_]:
        """By number: whether it can join the parts of a word."""
        return self._kind(2)

    def _kind(self, which: int) -> NDArray[np.bool_]:
        if not self._kinds or len(self._kinds[0]) != len(self.tokens):
            tests = (_WORD.match, _UNSPACED.match, lambda token: token in _JOINERS)
            known = len(self._kinds[0]) if self._kinds else 0
            fresh = self.tokens[known:]
            more = [np.fromiter((bool(test(token)) for token in fresh), bool, len(fresh)) for test in tests]
            self._kinds = (
                [np.concatenate(pair) for pair in zip(self._kinds, more, strict=True)] if self._kinds else more
            )
        return self._kinds[which]

    def beginning(self, part: str) -> list[int]:
        """The numbers of the tokens that begin with it."""
        return [self._numbers[token] for token in _beginning(self._layout(0), part)]

    def ending(self, part: str) -> list[int]:
        """The numbers of the tokens that end with it."""
        return [self._numbers[token[::-1]] for token in _beginning(self._layout(1), part[::-1])]

    def containing(self, part: str) -> list[int]:
        """The numbers of the tokens that have it in them."""
        lines, found = self._layout(2)[0], []
        at = lines.find(part)
        while at >= 0:
            end = lines.find("\n", at)
            found.append(self._numbers[lines[lines.rfind("\n", 0, at) + 1 : end]])
            at = lines.find(part, end)
        return found

    def _layout(self, which: int) -> list[str]:
        """The tokens sorted, sorted by their ends, or all in one text; made anew when there are more."""
        known, made = self._layouts.get(which, (-1, []))
        if known != len(self.tokens):
            if which == 2:
                made = ["\n".join(["", *self.tokens, ""])]
            else:
                made = sorted(token[::-1] for token in self.tokens) if which else sorted(self.tokens)
            self._layouts[which] = len(self.tokens), made
        return made


def _beginning(tokens: list[str], part: str) -> list[str]:
    """Those of the sorted tokens that begin so."""
    first = bisect_left(tokens, part)
    last = first
    while last < len(tokens) and tokens[last].startswith(part):  # few begin with a word; a letter is asked for rarely
        last = bisect_left(tokens, part + "\U0010ffff", last) if last - first > 64 else last + 1
    return tokens[first:last]


class Cut(NamedTuple):
    """An edition in tokens: their numbers and marks (n), and the tokens of each turn from first to last (turns, 2)."""

    ids: NDArray[np.int32]
    marks: NDArray[np.uint8]
    spans: NDArray[np.int32]


class Cutter:
    """Cuts editions into tokens, and enters those that are new into the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._raw = _Raw()

    def cut(self, edition: Edition) -> Cut:
        """The tokens of the whole canonical text."""
        text = edition.text
        folded, offsets = fold_map(text)
        found = _TOKEN.findall(folded)
        raw = np.fromiter(map(self._raw.__getitem__, found), np.int32, len(found))
        ids, spaced, lengths = self._raw.columns(self._lexicon)
        spaces, tokens = spaced[raw], ids[raw]
        ends = np.cumsum(lengths[raw])
        starts = ends - lengths[raw] + spaces
        places = starts if isinstance(offsets, range) else np.asarray(offsets, np.int64)[starts]
        marks = np.where(spaces, SPACE, 0).astype(np.uint8)
        marks[_capital(text, places)] |= CAPITAL
        bounds = np.array([(turn.start, turn.end) for turn in edition.turns], np.int64).reshape(-1, 2)
        spans = np.searchsorted(places, bounds).astype(np.int32)
        opening = np.searchsorted(places, [start for start, _ in sentence_spans(text)])
        opening = np.concatenate([[0], opening, spans[:, 0], spans[:, 1]])
        marks[opening[opening < len(marks)]] |= SENTENCE
        marks[self._words(folded, tokens, spaces, starts)] |= WORD
        return Cut(tokens, marks, spans)

    def _words(
        self, folded: str, ids: NDArray[np.int32], spaces: NDArray[np.bool_], starts: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Which tokens begin a word."""
        lexicon = self._lexicon
        word, unspaced = lexicon.is_word[ids], lexicon.is_unspaced[ids]
        begins = word.copy()
        if len(ids) > 2:
            joined = word[2:] & ~spaces[2:] & ~spaces[1:-1] & lexicon.is_joiner[ids[1:-1]] & word[:-2]
            begins[2:] &= ~joined | unspaced[2:] | unspaced[:-2]
        if _HAN.search(folded):
            import rjieba

            cuts = np.cumsum([0, *map(len, rjieba.cut(folded))])
            inside = ~np.isin(starts, cuts, assume_unique=True)
            begins &= ~(unspaced & inside)
        return begins


class _Raw(dict[str, int]):
    """Numbers for tokens as they are found, with the blank before them; each is looked at once."""

    def __init__(self) -> None:
        super().__init__()
        self._found: list[str] = []
        self._columns: tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.int32]] | None = None

    def __missing__(self, token: str) -> int:
        number = self[token] = len(self._found)
        self._found.append(token)
        return number

    def columns(self, lexicon: Lexicon) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.int32]]:
        """By number: the token's number in the lexicon, whether a blank stands before it, its length with the blank."""
        known = 0 if self._columns is None else len(self._columns[0])
        fresh = self._found[known:]
        if fresh or self._columns is None:
            ids = np.array([lexicon.enter(token.lstrip(" ")) for token in fresh], np.int32)
            spaces = np.array([token[0] == " " for token in fresh], np.bool_)
            lengths = np.array([len(token) for token in fresh], np.int32)
            before = self._columns
            if before is not None:
                ids, spaces, lengths = (
                    np.concatenate([before[0], ids]),
                    np.concatenate([before[1], spaces]),
                    np.concatenate([before[2], lengths]),
                )
            self._columns = ids, spaces, lengths
        return self._columns


def _capital(text: str, places: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the characters at those places are capitals."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)[places]
    return _capitals()[np.minimum(points, 0xFFFF)]


@cache
def _capitals() -> NDArray[np.bool_]:
    return np.fromiter((chr(point).isupper() for point in range(0x10000)), bool, 0x10000)
