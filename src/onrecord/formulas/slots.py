"""Slots: the few words that stand between, before or behind runs of words that recur.

A text is taken as a row of whole words.  Whatever few words stand between two others may be a slot; the fixed parts
grow from it to the left and to the right, a word at a time, as long as enough occasions have both and enough different
words fill the slot.  Which of them are templates is decided in ``formulas.templates``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas import shape
from onrecord.formulas.arrays import Flags, begins, different, fresh
from onrecord.formulas.concordance import Concordance, Excerpt
from onrecord.formulas.tokens import ROLES, SENTENCE, WORD
from onrecord.formulas.uses import Places, Uses, together, whole_words
from onrecord.reading.fold import fold

LONGEST = 8
"""Words of the longest fixed part on one side of a slot."""
SLOT_WORDS, SLOT_WORDS_UNSPACED, SLOT_CHARACTERS = 3, 2, 6
"""Most words of a filler, and in scripts without spaces most words of the dictionary and most characters."""
FEWEST, FEWEST_UNSPACED = 3, 4
"""Words of the fixed parts together, or characters in scripts without spaces."""
FILLERS = 4
"""Fewest different fillers."""
OPENS = 1 << 30
"""Bit of a word that asks for another: a preposition or an article, in Chinese a verb or an adverb too."""

FUNCTION = 1 << 29
"""Bit of a function word: no filler ends with it."""

_OPENING_TAGS = frozenset({"v", "p", "d"})  # of jieba's dictionary: verbs, prepositions, adverbs
_PAUSES = frozenset(",.;:!?，。；：！？…-")
_TABLE = 22  # bits
_STEM = 4  # letters in which the forms of a word agree, in scripts with spaces


class Text(NamedTuple):
    """The words and marks of punctuation of some turns, and of the questions in the same texts; a value for each.

    ``at``: its first token in ``excerpt``, and one more.  ``word``: its number, the same for the same words.
    ``spoken``: it is no mark.  ``filling``: it can end a filler, as function words cannot.  ``stop``: a sentence begins
    with it, one more.  ``kinds``: bits of ``shape``, ``OPENS`` and ``FUNCTION``.  ``characters``: how many of scripts
    without spaces stand before it, one more.  ``occasion``: its number.  ``counted``: it is not in one of the
    questions.  ``beside``: the number of its word, -1 for a mark at which a phrase may end.  ``stems``, by number of a
    word: a number that all its forms have (build, building).  ``hashed``: a number that stands for its tokens, and
    ``shift`` by what that of the words before is multiplied: however they are cut into words, the same tokens have the
    same number.  ``unspaced``: most words are of scripts without spaces.
    """

    excerpt: Excerpt
    at: NDArray[np.int64]
    word: Places
    spoken: Flags
    filling: Flags
    stop: Flags
    kinds: NDArray[np.int32]
    characters: NDArray[np.int32]
    occasion: NDArray[np.int32]
    counted: Flags
    beside: Places
    stems: NDArray[np.int32]
    hashed: NDArray[np.uint32]
    shift: NDArray[np.uint32]
    unspaced: bool

    @property
    def size(self) -> int:
        """How many words and marks there are."""
        return len(self.word)

    @property
    def widest(self) -> int:
        """Most words of a filler."""
        return SLOT_WORDS_UNSPACED if self.unspaced else SLOT_WORDS

    def short(self, begin: Places, end: Places) -> Flags | bool:
        """Whether what stands from ``begin`` up to ``end`` has few enough characters for a filler."""
        return not self.unspaced or self.characters[end] - self.characters[begin] <= SLOT_CHARACTERS


class Slots(NamedTuple):
    """Places where something may fill a slot: words from ``begin`` up to ``end``, told apart by ``filler``."""

    begin: Places
    end: Places
    filler: NDArray[np.uint32]

    def take(self, rows: NDArray) -> Slots:  # type: ignore[type-arg]
        """Some of them, by mask or by number."""
        return Slots(self.begin[rows], self.end[rows], self.filler[rows])


class Grams(NamedTuple):
    """All runs of up to ``LONGEST`` words that recur.

    ``names[n]``: the number of the run of n words that begins at each word, and -1 where it does not recur;
    ``counts[n]``: how often it is used, by number.  n counts from 1.
    """

    names: list[NDArray[np.int32]]
    counts: list[NDArray[np.int64]]

    def used(self, n: int, at: Places) -> NDArray[np.float64]:
        """How often the runs of n words at those places are used; all of them recur."""
        return self.counts[n][self.names[n][at]].astype(np.float64)


class Grown(NamedTuple):
    """Slots between the same fixed parts, ``left`` and ``right`` words: those of one pair after those of another."""

    left: int
    right: int
    slots: Slots
    uses: Uses


def text_of(concordance: Concordance, excerpt: Excerpt, lang: str | None) -> Text:
    """The text of the turns of an excerpt, in a language."""
    turns, lexicon = concordance.turns, concordance.lexicon
    wanted, texts = np.zeros(len(turns), np.bool_), np.zeros(len(concordance.revisions), np.bool_)
    wanted[excerpt.turn] = True
    texts[turns.revision[wanted]] = True
    both = concordance.compact(wanted | (texts[turns.revision] & (turns.role == ROLES.index("question"))))
    ids, marks = both.ids, both.marks
    word, unspaced, stop = lexicon.is_word[ids], lexicon.is_unspaced[ids], (marks & SENTENCE) != 0
    # The t of don't, and the ' before it; in Chinese what is not first in a word of the dictionary.
    follows = word & ((marks & WORD) == 0)
    joiner = np.append((follows & ~unspaced)[1:], False)
    follows = (follows | (joiner & ~word)) & ~stop
    at = np.flatnonzero(~follows)
    lengths = np.diff(np.append(at, len(ids)))
    numbers = ids[at].copy()
    several = lengths > 1
    inside = np.repeat(several, lengths)
    heads = begins(lengths[several])[:-1]
    numbers[several] = len(lexicon) + whole_words(ids[inside], ~follows[inside])[heads]
    first = np.full(int(numbers.max(initial=0)) + 1, -1, np.int64)
    first[numbers] = np.arange(len(at))
    kinds, pause = np.zeros(len(first), np.int32), np.zeros(len(first), np.bool_)
    stems, forms = np.zeros(len(first), np.int32), dict[str, int]()
    outlets = {fold(concordance.names[name]) for name in different(turns.outlet) if name >= 0}
    for number in np.flatnonzero(first >= 0).tolist():
        begin, length = int(at[first[number]]), int(lengths[first[number]])
        written = "".join(lexicon.tokens[id] for id in ids[begin : begin + length].tolist())
        kinds[number] = _kinds(written, lang) | (shape.NAME if written in outlets else 0)
        pause[number] = written in _PAUSES
        stem = written if unspaced[begin] else written[:_STEM]
        stems[number] = forms.setdefault(stem, len(forms))
    spoken = word[at]
    hashed, shift = _hashed(ids, at, lengths)
    return Text(
        excerpt=both,
        at=np.append(at, len(ids)),
        word=numbers,
        spoken=spoken,
        filling=spoken & ((kinds & FUNCTION) == 0)[numbers],
        stop=np.append(stop[at], True),
        kinds=kinds[numbers],
        characters=np.append(0, np.cumsum(lengths * unspaced[at])).astype(np.int32),
        occasion=concordance.revisions.occasion[turns.revision[both.turn[at]]],
        counted=wanted[both.turn[at]],
        beside=np.where(pause[numbers], np.int32(-1), numbers),
        stems=stems,
        hashed=hashed,
        shift=shift,
        unspaced=bool(2 * np.count_nonzero(unspaced) > np.count_nonzero(word)),
    )


def _kinds(word: str, lang: str | None) -> int:
    kinds = shape.kinds_of(word, lang)
    closed, opens = shape.ARTICLE | shape.LOOSE | shape.OPENING, shape.OPENING | shape.ARTICLE
    if lang != "zh":
        function = kinds & (closed | shape.HANGING)
        return kinds | (OPENS if kinds & opens else 0) | (FUNCTION if function else 0)
    import rjieba

    # What no phrase ends with may be a word of meaning there, an adverb or the verb of an object.
    function = kinds & closed or (kinds & shape.HANGING and kinds & (shape.EMPTY | shape.NEGATION))
    tags = rjieba.tag(word)
    opening = len(tags) == 1 and tags[0][1] in _OPENING_TAGS
    return kinds | (OPENS if opening else 0) | (FUNCTION if function else 0)


def grams_of(text: Text, least: int) -> Grams:
    """All runs of words that are used at least so often (in what is counted)."""
    counts = np.bincount(text.word[text.counted], minlength=int(text.word.max()) + 1)
    names = np.where(counts[text.word] >= least, text.word, np.int32(-1))
    grams = Grams([names, names], [counts, counts])
    places = np.flatnonzero(names >= 0).astype(np.int32)
    for n in range(2, LONGEST + 1):
        places = places[places <= text.size - n]
        last = places + np.int32(n - 1)
        going = ~text.stop[last] & (grams.names[n - 1][places + 1] >= 0)
        places, last = places[going], last[going]
        uses = together(grams.names[n - 1][places], names[last], places)
        uses = uses.take(uses.counts >= least)
        counts = uses.sums(text.counted[uses.places])
        uses, counts = uses.take(counts >= least), counts[counts >= least]
        found = np.full(text.size, -1, np.int32)
        found[uses.places] = uses.gram
        grams.names.append(found)
        grams.counts.append(counts)
        places = np.flatnonzero(found >= 0).astype(np.int32)
    return grams


# ---------------------------------------------------------------- where something may fill a slot


def _between(text: Text) -> Slots:
    """Every place with a word on both sides, for each length."""
    begin = np.flatnonzero(text.spoken[1:-1] & text.spoken[:-2] & ~text.stop[1:-2]).astype(np.int32) + np.int32(1)
    going, filler = np.ones(len(begin), np.bool_), np.zeros(len(begin), np.uint32)
    end = text.spoken[1:] & ~text.stop[1:-1]  # a word goes on behind it
    pieces = []
    for n in range(text.widest):
        last = np.minimum(begin + np.int32(n), np.int32(text.size - 2))
        going &= text.spoken[last] & ~text.stop[last] & text.short(begin, last + 1)
        filler = filler * text.shift[last] + text.hashed[last]
        whole = going & text.filling[last] & end[last]
        pieces.append(Slots(begin[whole], last[whole] + np.int32(1), filler[whole]))
    slots = Slots(*(np.concatenate(columns) for columns in zip(*pieces, strict=True)))
    return slots.take(np.argsort(slots.begin, kind="stable"))


def _behind(text: Text, fixed: Flags, n: int) -> Slots:
    """The filler behind n words that begin at places of ``fixed``: function words, then others as far as they go."""
    after = fixed[:-n] & text.spoken[n:] & text.spoken[n - 1 : -1] & ~text.stop[n:-1]
    begin = np.flatnonzero(after).astype(np.int32) + np.int32(n)
    going, filler = np.ones(len(begin), np.bool_), np.zeros(len(begin), np.uint32)
    end, full = begin.copy(), filler.copy()
    for n in range(text.widest):
        last = np.minimum(begin + np.int32(n), np.int32(text.size - 1))
        going &= (begin + n < text.size) & text.spoken[last] & ~text.stop[last] & text.short(begin, last + 1)
        if n:
            going &= ~text.filling[last - 1] | text.filling[last]
        filler = filler * text.shift[last] + text.hashed[last]
        whole = going & text.filling[last]
        end[whole], full[whole] = last[whole] + 1, filler[whole]
    return Slots(begin, end, full).take(end > begin)


def _before(text: Text, fixed: Flags) -> Slots:
    """The filler before the places of ``fixed``: the words right before it that are no function words."""
    end = np.flatnonzero(fixed & text.spoken & ~text.stop[:-1]).astype(np.int32)
    going, filler = np.ones(len(end), np.bool_), np.zeros(len(end), np.uint32)
    begin, full, shift = end.copy(), filler.copy(), np.ones(len(end), np.uint32)
    for n in range(1, text.widest + 1):
        first = np.maximum(end - np.int32(n), np.int32(0))
        going &= (end >= n) & text.filling[first] & ~text.stop[first + 1] & text.short(first, end)
        filler += text.hashed[first] * shift
        shift *= text.shift[first]
        begin[going], full[going] = first[going], filler[going]
    return Slots(begin, end, full).take(end > begin)


def _hashed(
    ids: NDArray[np.int32], at: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """``Text.hashed`` and ``Text.shift`` of words that begin at those tokens: polynomials in an odd number."""
    if not len(at):
        return np.empty(0, np.uint32), np.empty(0, np.uint32)
    powers = np.full(int(lengths.max()) + 1, 0x85EBCA77, np.uint32)
    powers[0] = 1
    powers = np.cumprod(powers, dtype=np.uint32)
    behind = np.repeat(at + lengths - 1, lengths) - np.arange(len(ids))  # tokens of its word behind a token
    mixed = (ids.astype(np.uint32) + np.uint32(1)) * np.uint32(0x9E3779B1)
    mixed ^= mixed >> np.uint32(15)
    return np.add.reduceat(mixed * powers[behind], at, dtype=np.uint32), powers[lengths]


# ---------------------------------------------------------------- fixed parts


def inside(text: Text, grams: Grams, least: int) -> Iterator[Grown]:
    """All slots between two fixed parts that recur with them, the shorter first."""
    slots = _between(text)
    alive: dict[tuple[int, int], Flags] = {}
    fewest = 2 if text.unspaced else FEWEST
    for size in range(fewest, 2 * LONGEST + 1):
        shorter, alive = alive, {}
        for left in range(max(1, size - LONGEST), min(size - 1, LONGEST) + 1):
            right = size - left
            if size == fewest:
                here = np.flatnonzero(slots.begin >= left).astype(np.int32)
            else:
                within = [pair for pair in ((left - 1, right), (left, right - 1)) if all(pair)]
                if not all(pair in shorter for pair in within):
                    continue
                here = np.flatnonzero(np.logical_and.reduce([shorter[pair] for pair in within])).astype(np.int32)
                here = here[slots.begin[here] >= left]
            before, behind = grams.names[left][slots.begin[here] - left], grams.names[right][slots.end[here]]
            uses = _recurring(text, slots, here, before, behind, least)
            if len(uses.counts):
                alive[left, right] = mask = np.zeros(len(slots.begin), np.bool_)
                mask[uses.places] = True
                yield Grown(left, right, slots, uses)
        if not alive:
            return


def at_an_end(text: Text, grams: Grams, least: int) -> Iterator[Grown]:
    """All slots behind a fixed part that recur with it, then all before one."""
    fewest = 2 if text.unspaced else FEWEST
    if text.size <= fewest:
        return
    fixed = grams.names[fewest] >= 0
    for behind, slots in ((True, _behind(text, fixed, fewest)), (False, _before(text, fixed))):
        here = np.arange(len(slots.begin), dtype=np.int32)
        for n in range(fewest, LONGEST + 1):
            here = here[slots.begin[here] >= n] if behind else here
            names = grams.names[n][slots.begin[here] - n if behind else slots.end[here]]
            uses = _recurring(text, slots, here, names, np.zeros(len(here), np.int32), least)
            if not len(uses.counts):
                break
            yield Grown(*((n, 0) if behind else (0, n)), slots, uses)
            here = np.sort(uses.places)


def _recurring(text: Text, slots: Slots, here: Places, a: Places, b: Places, least: int) -> Uses:
    """The slots between the same two runs, those of each pair together, if enough occasions and fillers have it."""
    known = (a >= 0) & (b >= 0)
    here, a, b = here[known], a[known], b[known]
    # By a table of counts most of what is too rare goes without being sorted.
    number = a.astype(np.uint32) * np.uint32(0x9E3779B1) ^ b.astype(np.uint32) * np.uint32(0x85EBCA77)
    number >>= np.uint32(32 - _TABLE)
    often = np.bincount(number, minlength=1 << _TABLE)[number] >= least
    here = here[often]
    uses = together(a[often], b[often], np.arange(len(here), dtype=np.int32))
    uses = uses.take(uses.counts >= least)
    uses = Uses(here[uses.places], uses.counts)
    if not len(uses.counts):
        return uses
    begin = slots.begin[uses.places]
    counted = text.counted[begin]
    gram, filler = uses.gram[counted], slots.filler[uses.places[counted]]
    rows = len(uses.counts)
    used = np.bincount(gram[fresh(gram, text.occasion[begin[counted]])], minlength=rows)
    fillers = np.bincount(tally(gram, filler)[0], minlength=rows)
    return uses.take((used >= least) & (fillers >= FILLERS))


def tally(gram: NDArray[np.int64], values: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The gram of each different value (of 32 bits) that uses of a gram have, and how many have it."""
    pairs = np.sort(gram.astype(np.uint64) << np.uint64(32) | values.astype(np.uint32))
    at = np.flatnonzero(fresh(pairs)) if len(pairs) else np.empty(0, np.int64)
    return (pairs[at] >> np.uint64(32)).astype(np.int64), np.diff(np.append(at, len(pairs)))
