"""One way to compare texts: NFC, letter case, white space, and typographic quotes and dashes folded to plain forms.

Everything that asks whether one text stands in another (exact phrases, formulas, highlighted matches) asks it of
``fold(text)``.  Nothing else is folded: full-width digits, accents, CJK brackets, primes and the minus sign stay what
they are.  The white space folded is what ``str.isspace`` calls so; a run becomes one space, at the ends of the text
too, so that ``fold(text[a:b]) in fold(text)`` holds wherever a and b do not part a letter from its accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# Quotation marks and apostrophes (Unicode 16, General Punctuation 2018-201F; guillemets), and the dashes 2010-2015.
_PLAIN = (
    *((mark, "'") for mark in "\u2018\u2019\u201a\u201b\u2039\u203a\u02bc"),
    *((mark, '"') for mark in "\u201c\u201d\u201e\u201f\u00ab\u00bb"),
    *((dash, "-") for dash in "\u2010\u2011\u2012\u2013\u2014\u2015"),
)
_LONG_SPACE = re.compile(r"\s{2,}")


def nfc(text: str) -> str:
    """The text in Unicode normalization form C."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The text as phrases are compared in it; folding what is folded changes nothing."""
    return _one_spaced(_folded_letters(text))


def fold_map(text: str) -> tuple[str, Sequence[int]]:
    """``fold(text)`` and where each of its characters came from.

    The second value has one entry more than the folded text: entry i is the offset in ``text`` of the (first)
    character that became folded character i, and the last entry is ``len(text)``.  Use ``unfold`` to carry a span back.
    """
    letters = _folded_letters(text)
    # Case folding never loses a letter: in NFC text, the same length means that each became one.
    if len(letters) == len(text) and unicodedata.is_normalized("NFC", text) and len(text.casefold()) == len(text):
        runs = list(_LONG_SPACE.finditer(letters))
        if not runs:
            return _one_spaced(letters), range(len(text) + 1)
        offsets: list[int] = []
        begin = 0
        for run in runs:
            offsets.extend(range(begin, run.start() + 1))
            begin = run.end()
        offsets.extend(range(begin, len(text) + 1))
        return _one_spaced(letters), offsets
    return _mapped_slowly(text)


def unfold(offsets: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """The span of the original text whose folding covers the span ``start:end`` (not empty) of the folded text."""
    last = offsets[end - 1]
    top = len(offsets) - 1
    while end < top and offsets[end] == last:  # a letter that folds to several is taken whole
        end += 1
    return offsets[start], offsets[end]


def _folded_letters(text: str) -> str:
    """Everything ``fold`` does except white space."""
    if not text.isascii():
        for mark, plain in _PLAIN:
            if mark in text:
                text = text.replace(mark, plain)
    if text.isascii():
        return text.lower()
    # Case folding may take letters apart (U+01F0) or leave an apostrophe (U+0149), hence the second round.
    return nfc(nfc(text).casefold()).replace("\u02bc", "'")


def _one_spaced(text: str) -> str:
    spaced = " ".join(text.split())
    if not spaced:
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{spaced}{' ' if text[-1].isspace() else ''}"


def _mapped_slowly(text: str) -> tuple[str, Sequence[int]]:
    """``fold_map`` for texts in which letters fold to more or fewer: cluster by cluster, a letter with its accents."""
    pieces: list[str] = []
    offsets: list[int] = []
    spaced = False
    begin = 0
    while begin < len(text):
        end = begin + 1
        while end < len(text) and _joins(text[end]):
            end += 1
        piece = _folded_letters(text[begin:end])
        for char in piece:
            if char.isspace():
                if spaced:
                    continue
                char = " "
            spaced = char == " "
            pieces.append(char)
            offsets.append(begin)
        begin = end
    offsets.append(len(text))
    return "".join(pieces), offsets


def _joins(char: str) -> bool:
    """Whether normalization may join the character to the one before: a mark, or a later jamo of a syllable."""
    return char > "\u02ff" and (unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff")
