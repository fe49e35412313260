"""Templates: set phrases with one open slot, at the end, at the beginning or in the middle.

What ``formulas.slots`` finds to recur is judged by its own uses: whether the fixed parts belong together, begin and end
as phrases do and leave nothing out that most uses have, and whether the slot is one: filled by different words of a
kind, each by itself.
"""

from __future__ import annotations

import heapq
from collections import Counter
from typing import NamedTuple
from unicodedata import category

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas import shape
from onrecord.formulas.arrays import begins, different, fresh
from onrecord.formulas.concordance import Concordance, Excerpt
from onrecord.formulas.model import Filler, Template
from onrecord.formulas.slots import (
    FEWEST,
    FEWEST_UNSPACED,
    LONGEST,
    OPENS,
    Grams,
    Grown,
    Slots,
    Text,
    at_an_end,
    grams_of,
    inside,
    tally,
    text_of,
)
from onrecord.formulas.tokens import CAPITAL, SPACE
from onrecord.formulas.uses import Places

SLOT = "___"
"""How the slot is written."""
OCCASIONS = 5
"""In so many occasions a template must be used."""
SHOWN = 20
"""Of the fillers the most frequent are told."""

_HALF = 0.5
_MOST = 0.6  # share of the uses that have one word beside a fixed part, from which that word belongs to it
_PRINTED = 0.9  # share of the uses in which a word of a name has a capital
_APART = 10.0  # times that the sides of a slot must stand around it more often than by chance, if apart more often
_THROUGH = 2  # words that begin or end no phrase, through which one looks for what a template leaves out
_BOUND = 0.85  # share of the uses of a phrase that have a filler, from which its end is open
_HOLLOW = shape.ARTICLE | shape.LOOSE | shape.HANGING | shape.OPENING | shape.EMPTY | shape.TIME


class _Found(NamedTuple):
    """Templates with ``left`` and ``right`` fixed words; columns by template, but ``slots`` by use."""

    left: int
    right: int
    slots: Slots
    counts: NDArray[np.int64]
    score: NDArray[np.float64]


def templates(
    concordance: Concordance,
    excerpt: Excerpt,
    source: str,
    lang: str | None,
    occasions: int = OCCASIONS,
    limit: int | None = 500,
) -> list[Template]:
    """The templates in the answers and statements of an excerpt, best first.

    ``count`` and ``occasions`` are of uses in the excerpt.  The score is the product of: the logarithm of the
    occasions; the weakest link of the fixed parts (see ``_link``); the share of the uses beyond those that questions in
    the same texts, as ordinary language, let expect; and the shares of the uses that have a filler which comes again,
    which carries a meaning and, if an end is open, is there at all and goes on no further.  It is divided by how many
    templates around the same words stand before it; and what is for the greater part said by one of them is left out.
    """
    text = text_of(concordance, excerpt, lang)
    if not text.size:
        return []
    grams = grams_of(text, occasions)
    found = [_judged(text, grams, grown) for grow in (inside, at_an_end) for grown in grow(text, grams, occasions)]
    firsts = [begins(one.counts)[:-1] for one in found]
    heap = [(-score, table, row, 1) for table, one in enumerate(found) for row, score in enumerate(one.score.tolist())]
    heapq.heapify(heap)
    floor = shape.floor(lang)
    covered = np.zeros(text.size, np.bool_)
    families: Counter[tuple[bool, int, bool, int]] = Counter()
    chosen: list[Template] = []
    while heap and (limit is None or len(chosen) < limit):
        score, table, row, divided = heapq.heappop(heap)
        one, first = found[table], int(firsts[table][row])
        slots = one.slots.take(np.arange(first, first + int(one.counts[row])))
        fixed = _fixed(slots.begin, slots.end, one.left, one.right)
        family = _family(text, fixed[0], one.left)
        if divided <= families[family]:
            score *= divided / (families[family] + 1)
            heapq.heappush(heap, (score, table, row, families[family] + 1))
            continue
        if covered[fixed].any(1).mean() > _HALF or not _says(text, fixed):
            continue
        formula = _written(concordance, text, one, slots)
        if (floor is not None and floor.search(formula)) or not _balanced(formula):
            continue
        families[family] += 1
        covered[fixed] = True
        different_fillers, fillers = _fillers(concordance, text, slots)
        used = len(different(text.occasion[slots.begin]))
        chosen.append(
            Template(
                formula=formula,
                lang=lang,
                source=source,
                count=len(fixed),
                occasions=used,
                different=different_fillers,
                fillers=fillers,
            )
        )
    return chosen


def _judged(text: Text, grams: Grams, grown: Grown) -> _Found:
    """Which are templates, and how good."""
    left, right, slots, uses = grown
    # What can be told by one use of each comes first.
    one = uses.places[uses.at]
    uses = uses.take(_may_stand(text, _fixed(slots.begin[one], slots.end[one], left, right), left, right))
    rows, counted = len(uses.counts), text.counted[slots.begin[uses.places]]
    asked = uses.counts - uses.sums(counted)
    counts, gram, slots = uses.counts - asked, uses.gram[counted], slots.take(uses.places[counted])
    heads = begins(counts)[:-1]
    at, end = slots.begin[heads] - left, slots.end[heads]
    total = float(np.count_nonzero(text.counted))
    filler_of, times = tally(gram, slots.filler)
    kept = _top(filler_of, times, rows) <= _HALF * counts
    link, bound, closed = np.full(rows, np.inf), np.ones(rows), np.ones(rows)
    for n, first in ((left, at), (right, end)):
        if n > 1:
            link = np.minimum(link, _link(grams, n, first, total))
        if n == left + right:
            bound = counts / grams.used(n, first)
            closed = np.bincount(gram, _goes_no_further(text, slots, behind=bool(left)), rows) / counts
    if left and right:
        before, behind = grams.used(left, at), grams.used(right, end)
        chance = before * behind * text.widest / total
        kept &= (counts > _APART * chance) | (counts >= _HALF * np.maximum(before, behind))
        link = np.minimum(link, np.log(counts / chance) / np.log(total / counts))
    for n, outer, inner, step in (
        (left, slots.begin - left, slots.begin, -1),
        (right, slots.end + right, slots.end, 1),
    ):
        # A word that most uses have beside a fixed part belongs to it, outside and in any form in the slot.
        if n < LONGEST:
            kept &= _most(gram, _neighbour(text, outer, step, _THROUGH), rows) < _MOST * counts
        share = _MOST if left and right else _HALF
        filler = _neighbour(text, inner, -step)
        kept &= _most(gram, np.where(filler < 0, filler, text.stems[filler]), rows) < share * counts
    again = (np.bincount(filler_of, np.where(times > 1, times, 0), rows) + 1) / (counts + 1)
    full = np.bincount(gram, (text.kinds[slots.end - 1] & shape.TIME) == 0, rows) / counts
    ordinary = asked * (total / max(text.size - total, 1)) / counts
    used = np.bincount(gram[fresh(gram, text.occasion[slots.begin])], minlength=rows)
    score = np.log2(used) * link * np.maximum(1 - ordinary, 0) * again * full * bound * closed
    kept &= (bound >= _BOUND) & (full > _HALF) & (ordinary < _HALF) & (score > 0)
    return _Found(left, right, slots.take(kept[gram]), counts[kept], score[kept])


def _fixed(begin: Places, end: Places, left: int, right: int) -> Places:
    """The fixed words around some slots, a row for each, in their order."""
    before, behind = np.arange(-left, 0, dtype=np.int32), np.arange(right, dtype=np.int32)
    return np.concatenate([begin[:, None] + before, end[:, None] + behind], axis=1)


def _may_stand(text: Text, fixed: Places, left: int, right: int) -> NDArray[np.bool_]:
    """Whether fixed parts are long enough, begin and end as phrases do, and open the slot where it is at an end."""
    if text.unspaced:
        kept = (text.characters[fixed + 1] - text.characters[fixed]).sum(1) >= FEWEST_UNSPACED
    else:
        kept = text.spoken[fixed].sum(1) >= FEWEST
    kept &= text.spoken[fixed[:, 0]] & text.spoken[fixed[:, -1]] & np.any(_content(text.kinds[fixed]), axis=1)
    first, last = text.kinds[fixed[:, 0]], text.kinds[fixed[:, -1]]
    begins, opens = (first & shape.LOOSE) == 0, (first & OPENS) != 0
    if not right:
        return np.asarray(kept & (begins | opens) & ((last & OPENS) != 0))
    kept &= (last & (shape.HANGING | shape.OPENING)) == 0
    return np.asarray(kept & (begins | opens if left else begins & ((first & shape.OPENING) == 0)))


def _content(kinds: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether words say something: they have a meaning of their own and are no names, or they deny."""
    return np.asarray(((kinds & (_HOLLOW | shape.NAME | shape.MARK)) == 0) | ((kinds & shape.NEGATION) != 0))


def _link(grams: Grams, n: int, at: Places, total: float) -> NDArray[np.float64]:
    """How firmly the runs of n words there hold together where they do so least.

    Normalised pointwise mutual information (Bouma 2009) of the two pieces into which a run can be cut, the least over
    all cuts: 1 if neither piece comes without the other, 0 if they stand together by chance.
    """
    whole = grams.used(n, at)
    cuts = [np.log(whole * total / (grams.used(k, at) * grams.used(n - k, at + k))) for k in range(1, n)]
    return np.asarray(np.minimum.reduce(cuts) / np.log(total / whole))


def _goes_no_further(text: Text, slots: Slots, behind: bool) -> NDArray[np.bool_]:
    """Whether what fills an open end is bounded, by punctuation or by a word that cannot be part of it."""
    if behind:
        there = np.minimum(slots.end, text.size - 1)
        return text.stop[slots.end] | ~text.filling[there]
    return text.stop[slots.begin] | ~text.filling[slots.begin - 1]


def _neighbour(text: Text, border: Places, step: int, through: int = 0) -> Places:
    """The word to the left (step -1) or to the right (1) of a border between words, -1 at the edge of a sentence.

    So many words with which a phrase does not begin, or end, are looked through: what matters is what goes on there.
    """
    for _ in range(through):
        kinds = text.kinds[np.minimum(border - (step < 0), text.size - 1)]
        if step < 0:
            weak = ((kinds & (shape.ARTICLE | shape.LOOSE)) != 0) & ((kinds & OPENS) == 0)
        else:
            weak = (kinds & (shape.ARTICLE | shape.HANGING | shape.OPENING)) != 0
        border = np.where(~text.stop[border] & weak, border + step, border)
    there = np.minimum(border - (step < 0), text.size - 1)
    return np.where(text.stop[border], -1, text.beside[there])


def _most(gram: NDArray[np.int64], neighbour: Places, rows: int) -> NDArray[np.int64]:
    """How many uses of each template stand beside its most frequent neighbour."""
    real = neighbour >= 0
    return _top(*tally(gram[real], neighbour[real]), rows)


def _top(gram: NDArray[np.int64], times: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    top = np.zeros(rows, np.int64)
    np.maximum.at(top, gram, times)
    return top


def _family(text: Text, fixed: Places, left: int) -> tuple[bool, int, bool, int]:
    """What templates around the same words have in common: on which sides of the slot there are fixed words, and which
    is the nearest there that says something.
    """
    says = _content(text.kinds[fixed])
    before, behind = np.flatnonzero(says[:left]), np.flatnonzero(says[left:]) + left
    nearest = [int(text.word[fixed[at[0]]]) if len(at) else -1 for at in (before[::-1], behind)]
    return left > 0, nearest[0], left < len(fixed), nearest[1]


def _says(text: Text, fixed: Places) -> bool:
    """Whether a word that says something is not always printed with a capital, as in names."""
    kinds = text.kinds[fixed[0]]
    capital = np.mean((text.excerpt.marks[text.at[fixed]] & CAPITAL) != 0, axis=0) > _PRINTED
    return bool(np.any(_content(kinds) & (~capital | ((kinds & (shape.NEGATION | shape.PROGRAMME)) != 0))))


def _balanced(formula: str) -> bool:
    """Whether it closes every bracket and quotation mark that it opens."""
    kinds = [category(character) for character in formula]
    return formula.count('"') % 2 == 0 and kinds.count("Ps") == kinds.count("Pe")


# ---------------------------------------------------------------- in words


def _written(concordance: Concordance, text: Text, one: _Found, slots: Slots) -> str:
    """The template as its first use has it."""
    begin, end = int(slots.begin[0]), int(slots.end[0])

    def blank(at: int) -> str:
        return " " if text.excerpt.marks[text.at[at]] & SPACE else ""

    left = _spelled(concordance, text, begin - one.left, begin) + blank(begin) if one.left else ""
    right = blank(end) + _spelled(concordance, text, end, end + one.right) if one.right else ""
    return f"{left}{SLOT}{right}"


def _spelled(concordance: Concordance, text: Text, begin: int, end: int) -> str:
    position = text.excerpt.position
    return concordance.text(int(position[text.at[begin]]), int(position[text.at[end] - 1]) + 1)


def _fillers(concordance: Concordance, text: Text, slots: Slots) -> tuple[int, tuple[Filler, ...]]:
    """How many there are, and the most frequent."""
    _, one, times = np.unique(slots.filler, return_index=True, return_counts=True)
    order = np.lexsort((one, -times))[:SHOWN]
    return len(one), tuple(
        Filler(text=_spelled(concordance, text, int(slots.begin[use]), int(slots.end[use])), count=int(count))
        for use, count in zip(one[order], times[order], strict=True)
    )
