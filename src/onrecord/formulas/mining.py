"""Mining: all runs of tokens that recur, by a ladder, and which of them are more than pieces of longer ones.

A run of n + 1 tokens recurs only if the run of n that it begins with and the one that it ends with do: each rung of the
ladder looks only at the places where both of the rung below stand, names the run by the pair (run of n, next token) and
sorts.  What is left after the first rungs is little, and what is sorted are whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.concordance import Concordance
from onrecord.formulas.grams import Candidates, Side, gathered
from onrecord.formulas.tokens import ROLES, SENTENCE, WORD

LONGEST = 60
"""Tokens of the longest gram that is looked for."""
FEWEST, FEWEST_UNSPACED = 3, 4
"""Words that make a formula, or characters where most are of a script without spaces (what the issue asks for)."""
OWN_LIFE = 10
"""Per cent of a gram's occasions that must have it otherwise than as a part of one and the same longer gram."""

_QUESTION, _STATEMENT = ROLES.index("question"), ROLES.index("statement")
_END = np.int32(0)
_TABLE = 22  # bits
_Places = NDArray[np.int32]
_Flags = NDArray[np.bool_]


class Field(NamedTuple):
    """The tokens that are mined, side by side, and one more at the end; a value for each.

    ``position`` in the concordance, ``turn`` and ``revision`` as rows there.  ``stop``: a sentence begins.  ``whole``:
    the whole word that it is or is a part of, as a number; 0 for punctuation.  ``bound``: no word goes on across its
    beginning.  ``unit``: it counts as a word; ``word`` and ``unspaced`` are as in the lexicon, ``transparent`` as the
    caller says.  ``counted``: it stands in what is mined; ``asked``: in a question beside it.  ``changed``: only grams
    that stand in such tokens are wanted; None if all are.
    """

    ids: NDArray[np.int32]
    position: NDArray[np.int64]
    turn: NDArray[np.int32]
    revision: NDArray[np.int32]
    stop: _Flags
    whole: NDArray[np.int32]
    bound: _Flags
    unit: _Flags
    word: _Flags
    unspaced: _Flags
    transparent: _Flags
    counted: _Flags
    asked: _Flags
    changed: _Flags | None

    def before(self, places: _Places) -> NDArray[np.int32]:
        """The word to the left of what begins there, 0 at an edge.  One transparent word is looked through."""
        stop, left = self.stop[places], places - 1
        through = self.transparent[left] & ~stop
        left -= through
        stop[through] |= self.stop[left[through] + 1]
        return np.where(stop, 0, self.whole[left])

    def after(self, places: _Places) -> NDArray[np.int32]:
        """The word that begins there, the right neighbour of what ends before it, 0 at an edge."""
        return np.where(self.stop[places], 0, self.whole[places])


class Uses(NamedTuple):
    """Places in the field, those of one gram after those of another, ascending in each; ``counts`` of each gram."""

    places: _Places
    counts: NDArray[np.int64]

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Uses:
        """The uses of some of the grams."""
        return Uses(gathered(self.places, self.counts, rows), self.counts[rows])

    def only(self, kept: _Flags) -> Uses:
        """Some of the uses, of each gram at least one."""
        return Uses(self.places[kept], self.sums(kept))

    def sums(self, flags: _Flags) -> NDArray[np.int64]:
        """How many uses of each gram are so."""
        return np.add.reduceat(flags, self.at, dtype=np.int64) if len(self.counts) else self.counts

    @property
    def at(self) -> NDArray[np.int64]:
        """Where the uses of each gram begin."""
        return np.cumsum(self.counts) - self.counts

    @property
    def gram(self) -> NDArray[np.int64]:
        """The row of the gram of each use."""
        return np.repeat(np.arange(len(self.counts)), self.counts)


def field_of(
    concordance: Concordance,
    mined: NDArray[np.integer],
    changed: NDArray[np.integer] | None = None,
    transparent: _Flags | None = None,
) -> Field:
    """The answers, statements and questions of those revisions (rows), and of those changed.

    Transparent tokens (articles and the like; a value for each number of a token) are looked through when asked what
    stands to the left of a gram.
    """
    turns, lexicon = concordance.turns, concordance.lexicon
    is_mined, is_changed = np.zeros((2, len(concordance.revisions)), np.bool_)
    is_mined[mined] = True
    if changed is not None:
        is_changed[changed] = True
    excerpt = concordance.compact((is_mined | is_changed)[turns.revision] & (turns.role <= _STATEMENT))
    # The token at the end belongs to no turn: it is where the last sentence stops.
    ids, turn = np.append(excerpt.ids, _END), np.append(excerpt.turn, np.int32(-1))
    marks = np.append(excerpt.marks, np.uint8(SENTENCE))
    word, unspaced = lexicon.is_word[ids], lexicon.is_unspaced[ids]
    word[-1] = False
    stop = (marks & SENTENCE) != 0
    begun = word & ((marks & (SENTENCE | WORD)) != 0)
    # The t of don't, and the ' before it.
    follows = ~(begun | unspaced) & word
    follows[1:] &= ~stop[:-1]
    joiner = np.zeros_like(follows)
    joiner[:-1] = follows[1:]
    joiner &= ~word
    whole = (ids + 1) * word
    of_several = np.flatnonzero(follows | joiner | np.append(joiner[1:], False))
    heads = ~(follows | joiner)[of_several]
    whole[of_several] = len(lexicon) + 1 + _whole_words(ids[of_several], heads)
    unit = begun | unspaced
    after_hyphen = np.flatnonzero(follows)
    unit[after_hyphen] = ids[after_hyphen - 1] == (-1 if (hyphen := lexicon.number("-")) is None else hyphen)
    if transparent is None:
        transparent = np.zeros(len(lexicon), np.bool_)
    looked_through = transparent[ids]
    looked_through[of_several] = False

    def by_turn(values: NDArray) -> NDArray:  # type: ignore[type-arg]
        return np.asarray(np.append(values, values.dtype.type(0))[turn])

    return Field(
        ids=ids,
        position=excerpt.position,
        turn=turn,
        revision=by_turn(turns.revision),
        stop=stop,
        whole=whole,
        bound=np.where(word, begun, ~joiner),
        unit=unit,
        word=word,
        unspaced=unspaced,
        transparent=looked_through,
        counted=by_turn(is_mined[turns.revision] & (turns.role > _QUESTION)),
        asked=by_turn(is_mined[turns.revision] & (turns.role == _QUESTION)),
        changed=None if changed is None else by_turn(is_changed[turns.revision]),
    )


def _whole_words(ids: NDArray[np.int32], heads: _Flags) -> NDArray[np.int32]:
    """A number for each token of words of several: the same for the same tokens of the same word."""
    if not len(ids):
        return ids
    at = np.flatnonzero(heads)
    lengths = np.diff(np.append(at, len(ids)))
    # Words are told apart by 64 bits of the sum of their tokens, each times a power of an odd number by its place.
    place = np.arange(len(ids)) - np.repeat(at, lengths)
    powers = np.multiply.accumulate(np.full(int(lengths.max()), 0x9E3779B97F4A7C15, np.uint64))
    sums = np.add.reduceat((ids.astype(np.uint64) + np.uint64(1)) * powers[place], at)
    return np.repeat(np.unique(sums, return_inverse=True)[1].astype(np.int32), lengths)


def climb(field: Field, least: int) -> Iterator[tuple[int, Uses]]:
    """For n from 2: all grams of n tokens counted in at least so many revisions, with all their uses in the field."""
    size = len(field.ids)
    frequent = np.bincount(field.ids[field.counted], minlength=int(field.ids.max()) + 1) >= least
    alive = frequent[field.ids]
    if field.changed is not None:
        alive &= _changed_too(field.ids, field.changed)
    places = np.flatnonzero(alive[:-1]).astype(np.int32)
    names = field.ids[places]
    for n in range(2, LONGEST + 1):
        on = places + np.int32(n - 1)
        going = ~field.stop[on] & alive[places + np.int32(1)]
        places, names, on = places[going], names[going], on[going]
        uses = _recurring(field, _together(names, field.ids[on], places), least)
        if not len(uses.places):
            return
        yield n, uses
        places, names = uses.places, uses.gram.astype(np.int32)
        alive = np.zeros(size, np.bool_)
        alive[places] = True


def _changed_too(ids: NDArray[np.int32], changed: _Flags) -> _Flags:
    """Which tokens belong to a run of three that begins in a changed token too.

    By a table of marks at a number made of the three: a few more come through, none is lost.
    """
    number = ids.astype(np.uint32) * np.uint32(0x9E3779B1)
    number[:-1] ^= ids[1:].astype(np.uint32) * np.uint32(0x85EBCA77)
    number[:-2] ^= ids[2:].astype(np.uint32) * np.uint32(0xC2B2AE3D)
    number >>= np.uint32(32 - _TABLE)
    marked = np.zeros(1 << _TABLE, np.bool_)
    marked[number[changed]] = True
    begun = marked[number]
    found = begun.copy()
    found[1:] |= begun[:-1]
    found[2:] |= begun[:-2]
    return found


def _together(names: NDArray[np.int32], tokens: NDArray[np.int32], places: _Places) -> Uses:
    """Places by name and token; those of one name come in ascending order."""
    if not len(places):
        return Uses(places, np.empty(0, np.int64))
    low, high = int(places.max()).bit_length(), int(tokens.max()).bit_length()
    pairs = names.astype(np.int64) << high | tokens
    if int(names.max()).bit_length() + high + low < 64:
        # Sorted as one number each, much faster than their order is found.
        pairs <<= low
        pairs |= places
        pairs.sort()
        places = (pairs & ((1 << low) - 1)).astype(np.int32)
        pairs >>= low
    else:
        order = np.argsort(pairs, kind="stable")
        pairs, places = pairs[order], places[order]
    return Uses(places, _runs(pairs))


def _runs(*columns: NDArray[np.integer]) -> NDArray[np.int64]:
    """How long each run of equal values is."""
    return np.diff(np.append(np.flatnonzero(_fresh(*columns)), len(columns[0])))


def _fresh(*columns: NDArray[np.integer]) -> _Flags:
    """Where a value is another than the one before in any of the columns, and at the first."""
    fresh = np.ones(len(columns[0]), np.bool_)
    if len(fresh) > 1:
        fresh[1:] = columns[0][1:] != columns[0][:-1]
        for column in columns[1:]:
            fresh[1:] |= column[1:] != column[:-1]
    return fresh


def _recurring(field: Field, uses: Uses, least: int) -> Uses:
    uses = uses.take(uses.counts >= least)
    if field.changed is not None and len(uses.places):
        uses = uses.take(uses.sums(field.changed[uses.places]) > 0)
    if not len(uses.places):
        return uses
    counted = field.counted[uses.places]
    gram, revision = uses.gram[counted], field.revision[uses.places[counted]]
    found = np.bincount(gram[_fresh(gram, revision)], minlength=len(uses.counts))
    return uses.take(found >= least)


def mined(field: Field, concordance: Concordance, least: int) -> Iterator[tuple[Candidates, int, _Places]]:
    """For each length the grams of a field that recur in at least so many revisions and live on their own.

    With them come their length and all places in the field where grams of that length stand that recur.
    """
    for n, uses in climb(field, least):
        if n >= FEWEST:
            yield _lively(field, concordance, least, n, uses), n, uses.places


def _lively(field: Field, concordance: Concordance, least: int, n: int, everywhere: Uses) -> Candidates:
    """Those grams of a rung that are long enough, are made of whole words and live on their own."""
    uses = everywhere.only(field.counted[everywhere.places])
    rows = np.flatnonzero(_long_enough(field, n, uses.places[uses.at]))
    uses = uses.take(rows)
    uses = uses.only(_apart(uses.gram, uses.places, n))
    starts, ends = uses.sums(field.bound[uses.places]), uses.sums(field.bound[uses.places + n])
    kept = (2 * starts > uses.counts) & (2 * ends > uses.counts)
    for ahead, beside in ((n, field.after), (0, field.before)):
        some = uses.take(kept)
        kept[kept] = ~_always(some, beside(some.places + ahead))
    uses, rows, starts, ends = uses.take(kept), rows[kept], starts[kept], ends[kept]
    occasions = _different(uses.gram, field.revision[uses.places], len(rows))
    right = _beside(field, uses, field.after(uses.places + n))
    left = _beside(field, uses, field.before(uses.places))
    kept = np.ones(len(rows), np.bool_)
    for side in (left, right):
        alone = (side.own >= least) & (100 * side.own >= OWN_LIFE * occasions)
        kept &= alone | (side.longer < least)
    uses, rows, starts, ends = uses.take(kept), rows[kept], starts[kept], ends[kept]
    first = uses.places[uses.at]
    tokens = first[:, None] + np.arange(n)
    turns = field.turn[uses.places]
    year = _years(concordance.revisions.day)[field.revision[uses.places]]
    return Candidates(
        n=np.full(len(rows), n, np.int32),
        units=field.unit[tokens].sum(axis=1, dtype=np.int32),
        count=uses.counts.astype(np.int32),
        occasions=occasions[kept],
        speakers=_different(uses.gram, concordance.turns.person[turns], len(rows)),
        years=_different(uses.gram, year, len(rows)),
        asked=_asked(field, everywhere.take(rows), n),
        starts=starts.astype(np.int32),
        ends=ends.astype(np.int32),
        left=left[kept],
        right=right[kept],
        tokens=field.ids[tokens].ravel(),
        positions=field.position[uses.places],
    )


def _long_enough(field: Field, n: int, first: _Places) -> _Flags:
    """Whether the grams of n tokens at those places begin and end with a word and have words enough."""
    ends = np.flatnonzero(field.word[first] & field.word[first + (n - 1)])
    tokens = first[ends, None] + np.arange(n)
    units, unspaced = field.unit[tokens].sum(axis=1), field.unspaced[tokens].sum(axis=1)
    enough = np.zeros(len(first), np.bool_)
    enough[ends] = units >= np.where(2 * unspaced > units, FEWEST_UNSPACED, FEWEST)
    return enough


def _apart(gram: NDArray[np.int64], places: _Places, n: int) -> _Flags:
    """Which uses remain when those go that overlap an earlier one that remains."""
    near = _near(gram, places, n)
    kept = np.ones(len(places), np.bool_)
    left = np.flatnonzero(near | np.append(near[1:], False))
    while len(left):
        near = _near(gram[left], places[left], n)
        if not near.any():
            break
        # Of every chain the first stays, so that the second goes; then the next is first.
        near[1:] &= ~near[:-1]
        kept[left[near]] = False
        left = left[~near]
    return kept


def _near(gram: NDArray[np.int64], places: _Places, n: int) -> _Flags:
    near = np.zeros(len(places), np.bool_)
    near[1:] = (places[1:] - places[:-1] < n) & (gram[1:] == gram[:-1])
    return near


def _always(uses: Uses, beside: NDArray[np.int32]) -> _Flags:
    """Which grams stand beside the same word in all uses: pieces of a longer gram, found faster than by counting."""
    if not len(uses.counts):
        return np.empty(0, np.bool_)
    least, most = np.minimum.reduceat(beside, uses.at), np.maximum.reduceat(beside, uses.at)
    return (least == most) & (most > 0)


def _beside(field: Field, uses: Uses, neighbours: NDArray[np.int32]) -> Side:
    """What stands on one side of the uses, whose neighbours are given (0 for an edge)."""
    if not len(uses.counts):
        none = np.empty(0, np.int32)
        return Side(none, none, none, none, none.astype(np.float32))
    gram = uses.gram
    held = np.cumsum(_fresh(gram, field.revision[uses.places])) - 1  # which occasion of which gram, numbered through
    uses_held = np.bincount(held)
    pairs = _together(gram.astype(np.int32), neighbours, np.arange(len(gram), dtype=np.int32))
    first = pairs.places[pairs.at]
    word, of = neighbours[first] > 0, gram[first]
    pair, held_there = pairs.gram, held[pairs.places]
    fresh = np.flatnonzero(_fresh(pair, held_there))
    longer = np.bincount(pair[fresh], minlength=len(first))
    # Occasions in which all uses stand beside that word.
    entire = np.diff(np.append(fresh, len(pair))) == uses_held[held_there[fresh]]
    only = np.bincount(pair[fresh[entire]], minlength=len(first))
    occasions = np.bincount(gram[np.flatnonzero(_fresh(held))])
    weights = np.rint(pairs.counts * np.log2(pairs.counts) * 1024).astype(np.int64)
    at = np.flatnonzero(_fresh(of))
    bits = np.log2(uses.counts) - np.add.reduceat(weights * word, at) / (1024 * uses.counts)
    return Side(
        top=np.maximum.reduceat(pairs.counts * word, at).astype(np.int32),
        longer=np.maximum.reduceat(longer * word, at).astype(np.int32),
        own=(occasions - np.maximum.reduceat(only * word, at)).astype(np.int32),
        edge=np.add.reduceat(pairs.counts * ~word, at).astype(np.int32),
        entropy=bits.astype(np.float32),
    )


def _asked(field: Field, everywhere: Uses, n: int) -> NDArray[np.int32]:
    """How often each of the grams stands in questions."""
    asked = field.asked[everywhere.places]
    gram, places = everywhere.gram[asked], everywhere.places[asked]
    return np.bincount(gram[_apart(gram, places, n)], minlength=len(everywhere.counts)).astype(np.int32)


def _different(gram: NDArray[np.int64], values: NDArray[np.int32], rows: int) -> NDArray[np.int32]:
    """How many different values the uses of each gram have; those below 0 are not counted."""
    pairs = np.sort((gram << 32 | values)[values >= 0])
    return np.bincount(pairs[_fresh(pairs)] >> 32, minlength=rows).astype(np.int32)


def _years(days: NDArray[np.int32]) -> NDArray[np.int32]:
    """The year of each day (``date.toordinal``), -1 for none."""
    dates = (days.astype(np.int64) - date(1970, 1, 1).toordinal()).astype("M8[D]")
    return np.where(days > 0, dates.astype("M8[Y]").astype(np.int32), -1).astype(np.int32)
