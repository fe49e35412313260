"""Kin of a phrase that ``variants`` does not look for: with one word more at an end, and with its hyphens otherwise.

What stands longer than the phrase holds it, so that most phrases have many such; it is kin only where the phrase
mostly goes with that word: 人类命运共同体 has a third of the uses of 命运共同体 and more.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.arrays import powers
from onrecord.formulas.concordance import Places
from onrecord.formulas.life import Uses
from onrecord.formulas.shape import ARTICLE, EMPTY, HANGING, LOOSE, OPENING, kinds_of
from onrecord.formulas.tokens import SENTENCE, WORD
from onrecord.formulas.variants import Found
from onrecord.reading.fold import fold

_SHARE = 3
"""A longer phrase is kin from one in so many of the uses on."""
_REACH = 5
"""Tokens that the word put in may have."""
_MANY = 4096
"""Uses that are looked at, evenly chosen of more."""
_EMPTY = ARTICLE | LOOSE | HANGING | OPENING | EMPTY
"""Words that make no kin: the, and, 和."""


def longer(uses: Uses, occasions: int = 2) -> Iterator[Found]:
    """The phrase with the word that mostly stands before it, and with the one behind it.

    Their places hold those of the phrase and are within the selection.
    """
    concordance = uses.selection.concordance
    places = uses.places[:: 1 + len(uses) // _MANY]
    for edge in (-1, 1):
        first, last = _beside(uses, places, edge)
        some = np.flatnonzero(first < last)
        if _SHARE * len(some) < max(len(places), 1):
            continue
        first, last = first[some], last[some]
        at = first[:, None] + np.arange(_REACH)
        ids = np.where(at < last[:, None], concordance.take(np.minimum(at, concordance.size - 1)) + 1, 0)
        # The same word is the same tokens, told by one number (see ``variants``).
        _, sample, counts = np.unique(ids.astype(np.uint64) @ powers(_REACH), return_index=True, return_counts=True)
        best = int(np.argmax(counts))
        one = int(sample[best])
        word = concordance.text(int(first[one]), int(last[one]))
        if _SHARE * int(counts[best]) < len(places) or kinds_of(word, _lang(uses)) & _EMPTY:
            continue
        start = int(places[some[one]])
        formula = concordance.text(min(int(first[one]), start), max(int(last[one]), start + uses.length))
        own = Uses(uses.selection, formula)
        if len(own.occasions()) >= occasions:
            yield Found("inserted", "", word, formula, own.places)


def respelled(uses: Uses) -> Iterator[Found]:
    """The phrase with its hyphens left out, and with blanks for them (iron-clad, ironclad)."""
    phrase = fold(uses.phrase).strip(" ")
    parts = [part for part in phrase.split(" ") if "-" in part.strip("-")]
    for there in ("", " ") if parts else ():
        formula = phrase
        for part in parts:
            formula = formula.replace(part, part.replace("-", there))
        own = Uses(uses.selection, formula)
        if len(own):
            here = " ".join(parts)
            yield Found("swapped", here, here.replace("-", there), formula, own.places)


def _lang(uses: Uses) -> str | None:
    """The language of the text with the first use."""
    revisions = uses.selection.concordance.revisions
    lang = int(revisions.lang[uses.revision[0]])
    return revisions.values[lang] if lang >= 0 else None


def _beside(uses: Uses, places: Places, edge: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the word beside each of some uses begins and ends; an empty stretch where there is none in the sentence."""
    concordance = uses.selection.concordance
    at = places[:, None] + (np.arange(-_REACH, 0) if edge < 0 else uses.length + np.arange(_REACH + 1))
    inside = (at >= 0) & (at < concordance.size)
    at = np.clip(at, 0, max(concordance.size - 1, 0))
    ids, marks = concordance.take(at), concordance.marks_at(at)
    word = concordance.lexicon.is_word[ids] & inside
    begins, opens = ((marks & WORD) != 0) & word, ((marks & SENTENCE) != 0) | ~inside
    if edge < 0:
        # The last token that begins a word, and all from it on.
        here = concordance.marks_at(places)
        whole = begins.any(axis=1) & word[:, -1] & ((here & SENTENCE) == 0) & ((here & WORD) != 0)
        return places - np.where(whole, 1 + begins[:, ::-1].argmax(axis=1), 0), places
    end = places + uses.length
    goes_on = np.cumsum(begins[:, 1:] | ~word[:, 1:] | opens[:, 1:], axis=1) == 0
    return end, end + np.where(begins[:, 0] & ~opens[:, 0], 1 + goes_on.sum(axis=1), 0)
