"""How formulaic a formula is: one number, made the same way for all languages.

    score = recurrence^2.5 · cohesion^1.25 · √(keyness · spread) · ∜completeness · ∛news · kin

Each factor answers one question, and none of them alone is enough (docs/decisions/0010-what-a-formula-is.md says what
was measured):

- recurrence: does the institution come back to it?  The logarithm of the number of occasions.
- cohesion: do its words belong together?  Its pointwise mutual information (Church and Hanks 1990): the geometric mean
  of the whole, which favours long sentences, and of what falls to each joint of two words, which favours rare terms.
- keyness: is it the institution's own, or ordinary language and the topic of the day, which those who ask say as well?
  Its share of answers if as much were asked as answered: questions are the reference corpus (Scott 1997).
- spread: is it alive in all years that the table has?  The share of them.
- completeness: does it end where phrases end?  The share of uses before a boundary, or before a word that begins
  no phrase and does not go on with this one (of, to).
- news: is it told already by a better formula that stands in the same words?  The share of its tokens, over all uses,
  where none does.
- kin: is its wording that of a better formula, wherever it stands?  One less a fifth of the share of its pairs of words
  side by side that a better one has too (I don't have anything to share, ... to preview, ... to announce).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.arrays import begins
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.grams import Candidates
from onrecord.formulas.shape import LOOSE, MARK, OPENING, kinds_of_tokens, language, transparent, words_of
from onrecord.formulas.tokens import SENTENCE

_RECURRENCE, _COHESION = 2.5, 1.25
"""Their weights: with less recurrence, rare terms are in front; with less cohesion, common words."""
_FILLED = 0.5
"""Completeness of a phrase that ends with a place to fill (I would refer you to), whatever follows."""
_RAGGED = 0.05
_TOLD = 0.25
"""What is left to a phrase that never ends where a phrase may end, and to one that others tell altogether."""
_KIN = 0.2
"""What a formula all of whose pairs of words better ones have too loses for it; more costs phrases on the lists."""
_SURE = 0.5
"""Uses added to answers and to questions in keyness, so that few uses are not taken for proof."""

_Floats = NDArray[np.float64]


def score(candidates: Candidates, concordance: Concordance) -> _Floats:
    """How formulaic each row is, from 0 up; comparable within a source and language, of which all rows are."""
    if not len(candidates):
        return np.zeros(0)
    lang = language(candidates, concordance)
    kinds = kinds_of_tokens(concordance.lexicon, lang)
    answered, asked, frequency = _corpus(candidates, concordance)
    base = np.log(candidates.occasions) ** _RECURRENCE
    base *= _cohesion(candidates, concordance, frequency) ** _COHESION
    spread = np.maximum(candidates.years, 1) / max(int(candidates.years.max()), 1)
    base *= np.sqrt(_keyness(candidates, answered, asked) * spread)
    base *= np.sqrt(np.sqrt(_RAGGED + _completeness(candidates, concordance, kinds, lang)))
    base *= np.cbrt(_TOLD + _news(candidates, base))
    return np.asarray(base * (1 - _KIN * _kin(candidates, base, concordance)))


def _corpus(candidates: Candidates, concordance: Concordance) -> tuple[int, int, NDArray[np.int64]]:
    """Words answered and asked in the latest revisions of the rows' source and language, and how often each token
    stands in what is answered."""
    revisions, turns = concordance.revisions, concordance.turns
    row = int(concordance.revision_of(candidates.first[:1])[0])
    of = (revisions.source == revisions.source[row]) & (revisions.lang == revisions.lang[row]) & revisions.latest
    mine = of[turns.revision]
    answers = mine & turns.said
    frequency = np.bincount(concordance.compact(answers).ids, minlength=len(concordance.lexicon))
    return int(turns.words[answers].sum()), int(turns.words[mine & (turns.role == 0)].sum()), frequency


def _cohesion(candidates: Candidates, concordance: Concordance, frequency: NDArray[np.int64]) -> _Floats:
    """Mutual information in nats; punctuation and articles stand among the words but join nothing."""
    lexicon, at = concordance.lexicon, begins(candidates.n)[:-1]
    tokens = candidates.tokens
    joined = lexicon.is_word[tokens] & ~transparent(lexicon)[tokens]
    total = max(int(frequency.sum()), 1)
    single = np.log(np.maximum(frequency, 1) / total)
    apart = np.add.reduceat(np.where(joined, single[tokens], 0.0), at)
    joints = np.maximum(np.add.reduceat(joined, at, dtype=np.int64) - 1, 1)
    information = np.maximum(np.log(candidates.count / total) - apart, 0.0)
    return np.asarray(information / np.sqrt(joints))


def _keyness(candidates: Candidates, answered: int, asked: int) -> _Floats:
    """From 0 (said by those who ask alone) over 1/2 (by both alike) to 1; 1 where nothing is asked."""
    if not asked:
        return np.ones(len(candidates))
    here, there = (candidates.count + _SURE) / max(answered, 1), candidates.asked / asked
    return np.asarray(here / (here + there + _SURE / max(answered, 1)))


def _completeness(
    candidates: Candidates, concordance: Concordance, kinds: NDArray[np.int32], lang: str | None
) -> _Floats:
    behind = candidates.positions + np.repeat(candidates.n, candidates.count)
    inside = behind < concordance.size
    behind = np.minimum(behind, concordance.size - 1)
    beside = kinds[concordance.take(behind)]
    closed = ((beside & (LOOSE | MARK)) != 0) & ((beside & OPENING) == 0)
    closed |= (concordance.marks_at(behind) & SENTENCE) != 0
    share = np.add.reduceat(closed | ~inside, begins(candidates.count)[:-1], dtype=np.int64) / candidates.count
    opens = (words_of(candidates, concordance, lang).last & OPENING) != 0
    return np.asarray(np.where(opens, np.maximum(share, _FILLED), share))


def _news(candidates: Candidates, base: _Floats) -> _Floats:
    """The share of each row's tokens, over all its uses, at which no row of a higher base score stands."""
    order = np.argsort(base, kind="stable")  # the best last, so that what is written last stays
    rows = candidates[order]
    lengths = rows.count.astype(np.int64) * rows.n
    each = np.repeat(rows.n, rows.count)
    at = begins(each)
    places = np.repeat(rows.positions - at[:-1], each) + np.arange(at[-1])
    first = int(places.min())
    best = np.empty(int(places.max()) - first + 1, np.int32)
    row = np.repeat(np.arange(len(rows), dtype=np.int32), lengths)
    best[places - first] = row
    own = np.add.reduceat(best[places - first] == row, begins(lengths)[:-1], dtype=np.int64)
    news = np.empty(len(rows))
    news[order] = own / lengths
    return news


def _kin(candidates: Candidates, base: _Floats, concordance: Concordance) -> _Floats:
    """The share of each row's pairs of words side by side, articles looked through, that a row of a higher base has."""
    lexicon, rows = concordance.lexicon, len(candidates)
    joined = (lexicon.is_word & ~transparent(lexicon))[candidates.tokens]
    tokens = candidates.tokens[joined].astype(np.int64)
    row = np.repeat(np.arange(rows), candidates.n)[joined]
    inside = row[1:] == row[:-1]
    row, pairs = row[1:][inside], (tokens[:-1] << 32 | tokens[1:])[inside]
    _, which = np.unique(pairs, return_inverse=True)
    best = np.zeros(int(which.max(initial=0)) + 1)
    np.maximum.at(best, which, base[row])
    better = np.bincount(row, best[which] > base[row], rows)
    return np.asarray(better / np.maximum(np.bincount(row, minlength=rows), 1))
