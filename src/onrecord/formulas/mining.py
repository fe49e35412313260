"""Mining: all runs of tokens that recur, by a ladder, and which of them are more than pieces of longer ones.

A run of n + 1 tokens recurs only if the run of n that it begins with and the one that it ends with do: each rung of the
ladder looks only at the places where both of the rung below stand, names the run by the pair (run of n, next token) and
sorts.  What is left after the first rungs is little, and what is sorted are whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from unicodedata import category

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.arrays import Flags, fresh
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.grams import Candidates, Side
from onrecord.formulas.selection import years
from onrecord.formulas.tokens import ROLES, SENTENCE, WORD, Lexicon
from onrecord.formulas.uses import Places, Uses, apart, how_many, together, whole_words

LONGEST = 60
"""Tokens of the longest gram that is looked for."""
FEWEST, FEWEST_UNSPACED = 3, 4
"""Words that make a formula, or characters where most are of a script without spaces (what the issue asks for)."""
WHOLE = 40
"""Per cent of a gram's uses that must begin, and that must end, where a word does.  Less than half, since a dictionary
takes some words together: 主权、安全、发展利益 stands mostly after 国家, and 国家主权 is one of its words."""
OWN_LIFE = 10
"""Per cent of a gram's occasions that must have it otherwise than as a part of one and the same longer gram."""

_QUESTION, _STATEMENT = ROLES.index("question"), ROLES.index("statement")
_COMMAS = ("、", ",", "，")
"""What parts the members of an enumeration, or clauses."""
_TABLE = 22  # bits
_STRETCH = 1 << 17  # tokens that fit into the processor's cache with what is made of them


class Field(NamedTuple):
    """The tokens that are mined, side by side, and one more at the end; a value for each.

    ``position`` in the concordance, ``turn`` and ``revision`` as rows there.  ``stop``: a sentence begins.  ``whole``:
    the whole word that it is or is a part of, as a number; 0 for punctuation.  ``bound``: no word goes on across its
    beginning.  ``unit``: it counts as a word; ``word`` and ``unspaced`` are as in the lexicon, ``pair``: it is one of a
    pair of brackets or quotation marks.  ``through_left``, ``through_right``: one looks through it when asked what is
    the neighbour on that side, of pairs the closing and the opening.  ``comma``: it parts members of an
    enumeration or clauses.  ``counted``: it stands in what is mined; ``asked``: in a question beside it.  ``changed``:
    only grams that stand in such tokens are wanted; None if all are.
    """

    ids: NDArray[np.int32]
    position: NDArray[np.int64]
    turn: NDArray[np.int32]
    revision: NDArray[np.int32]
    stop: Flags
    whole: NDArray[np.int32]
    bound: Flags
    unit: Flags
    word: Flags
    unspaced: Flags
    pair: Flags
    through_left: Flags
    through_right: Flags
    comma: Flags
    counted: Flags
    asked: Flags
    changed: Flags | None

    def before(self, places: Places, enumerates: Flags) -> NDArray[np.int32]:
        """The word to the left of what begins there, 0 at an edge; one token is looked through, a comma too where what
        begins there is itself an enumeration, of which a longer one may have been cut."""
        left = places - 1
        through = self.through_left[left] | enumerates & self.comma[left]
        edge = self.stop[places] | through & self.stop[left]
        return np.where(edge, 0, self.whole[left - through])

    def starts(self, places: Places) -> Flags:
        """Whether a word begins there, or a pair of brackets or quotation marks."""
        return self.bound[places] & (self.word[places] | self.through_right[places])

    def ends(self, places: Places) -> Flags:
        """Whether a word ends before those places, or such a pair."""
        return self.bound[places] & (self.word[places - 1] | self.through_left[places - 1])

    def after(self, places: Places, enumerates: Flags) -> NDArray[np.int32]:
        """The word that begins there, the right neighbour of what ends before, 0 at an edge; looks through as well."""
        right = places + (self.through_right[places] | enumerates & self.comma[places])
        return np.where(self.stop[places] | self.stop[right], 0, self.whole[right])


def field_of(
    concordance: Concordance,
    mined: NDArray[np.integer],
    changed: NDArray[np.integer] | None = None,
    transparent: Flags | None = None,
) -> Field:
    """The answers, statements and questions of those revisions (rows), and of those changed.

    What stands to the left of a gram is seen through transparent tokens (articles and the like; a value for each number
    of a token) and through a closing bracket or quotation mark, what stands to the right through an opening one:
    in “coastal” waters of all isles, the neighbour of the last four words is coastal.
    """
    turns, lexicon = concordance.turns, concordance.lexicon
    is_mined, is_changed = np.zeros((2, len(concordance.revisions)), np.bool_)
    is_mined[mined] = True
    if changed is not None:
        is_changed[changed] = True
    excerpt = concordance.compact((is_mined | is_changed)[turns.revision] & (turns.role <= _STATEMENT))
    # The token at the end is none and belongs to no turn: it is where the last sentence stops.
    ids, turn = np.append(excerpt.ids, np.int32(len(lexicon))), np.append(excerpt.turn, np.int32(-1))
    marks = np.append(excerpt.marks, np.uint8(SENTENCE))
    if transparent is None:
        transparent = np.zeros(len(lexicon), np.bool_)
    opening, closing = _brackets(lexicon)
    # Bits, so that each token asks but once; so below with turns.
    kinds = lexicon.is_word + lexicon.is_unspaced * 2 + (transparent | closing) * 4 + opening * 8
    kinds += (opening | closing) * 16
    kinds[[number for comma in _COMMAS if (number := lexicon.number(comma)) is not None]] += 32
    kind = np.append(kinds, 0).astype(np.uint8)[ids]
    word, unspaced, through_left, through_right, pair, comma = ((kind & bit) != 0 for bit in (1, 2, 4, 8, 16, 32))
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
    whole[of_several] = len(lexicon) + 1 + whole_words(ids[of_several], heads)
    unit = begun | unspaced
    after_hyphen = np.flatnonzero(follows)
    unit[after_hyphen] = ids[after_hyphen - 1] == (-1 if (hyphen := lexicon.number("-")) is None else hyphen)
    through_left[of_several] = comma[of_several] = False
    quotes, closes = _quotes(ids, stop, lexicon)
    through_left[quotes], through_right[quotes], pair[quotes] = closes, ~closes, True
    state = is_mined[turns.revision] * np.where(turns.role > _QUESTION, 1, 2) + is_changed[turns.revision] * 4
    state = np.append(state, 0).astype(np.uint8)[turn]
    return Field(
        ids=ids,
        position=excerpt.position,
        turn=turn,
        revision=np.append(turns.revision, np.int32(0))[turn],
        stop=stop,
        whole=whole,
        bound=begun | ~(word | joiner),
        unit=unit,
        word=word,
        unspaced=unspaced,
        pair=pair,
        through_left=through_left,
        through_right=through_right,
        comma=comma,
        counted=(state & 1) != 0,
        asked=(state & 2) != 0,
        changed=None if changed is None else (state & 4) != 0,
    )


def _brackets(lexicon: Lexicon) -> tuple[Flags, Flags]:
    """Which tokens open and which close something, by their general category in Unicode."""
    kinds = np.array([category(token) if len(token) == 1 else "" for token in lexicon.tokens], "U2")
    return np.isin(kinds, ["Ps", "Pi"]), np.isin(kinds, ["Pe", "Pf"])


def _quotes(ids: NDArray[np.int32], stop: Flags, lexicon: Lexicon) -> tuple[NDArray[np.int64], Flags]:
    """Where quotation marks stand (all are folded to one), and which of them close: every second of a sentence."""
    number = lexicon.number('"')
    at = np.flatnonzero(ids == (-1 if number is None else number))
    sentence = np.searchsorted(np.flatnonzero(stop), at, side="right")
    return at, (np.arange(len(at)) - np.searchsorted(sentence, sentence)) % 2 == 1


def climb(field: Field, least: int) -> Iterator[tuple[int, Uses]]:
    """For each n all grams of n tokens counted in at least so many revisions, with all their uses in the field.

    From n = 2, or 3 where only the grams of what changed are wanted.
    """
    changed = field.changed
    bottom, places, names, alive = _ground(field, least) if changed is None else _changed_ground(field, changed)
    for n in range(bottom + 1, LONGEST + 1):
        on = places + np.int32(n - 1)
        going = ~field.stop[on] & alive[places + np.int32(1)]
        places, names, on = places[going], names[going], on[going]
        uses = _recurring(field, together(names, field.ids[on], places), least)
        if not len(uses.places):
            return
        yield n, uses
        places, names = uses.places, uses.gram
        alive = np.zeros(len(field.ids), np.bool_)
        alive[places] = True


_Rung = tuple[int, Places, NDArray[np.integer], Flags]


def _ground(field: Field, least: int) -> _Rung:
    """Where single tokens stand that are frequent enough, their names, and where they stand by place."""
    frequent = np.bincount(field.ids[field.counted], minlength=int(field.ids.max()) + 1) >= least
    alive = frequent[field.ids]
    places = np.flatnonzero(alive[:-1]).astype(np.int32)
    return 1, places, field.ids[places], alive


def _changed_ground(field: Field, changed: Flags) -> _Rung:
    """Where pairs of tokens stand with which, as far as one can see, three begin that stand in a changed text too.

    One sees by a table of marks at a number made of the three tokens: a few more come through, none is lost.
    """
    ids = field.ids
    marked = np.zeros(1 << _TABLE, np.bool_)
    stretches = list(_threes(ids))
    for begin, three in stretches:
        marked[three[changed[begin : begin + len(three)]]] = True
    seen = [begin + np.flatnonzero(marked[three]) for begin, three in stretches]
    places = np.concatenate(seen).astype(np.int32)
    places = places[~field.stop[places + np.int32(1)]]
    known = np.zeros(int(ids.max()) + 1, np.bool_)
    known[ids[changed]] = True
    number = np.cumsum(known) * known
    first, second = number[ids[places]], number[ids[places + np.int32(1)]]
    names = first << int(number.max()).bit_length() | second
    both = (first > 0) & (second > 0)
    return 2, places[both], names[both], np.ones(len(ids), np.bool_)


def _threes(ids: NDArray[np.int32]) -> Iterator[tuple[int, NDArray[np.uint32]]]:
    """A number of ``_TABLE`` bits for each run of three tokens, stretch by stretch: where it begins, the numbers."""
    for begin in range(0, len(ids), _STRETCH):
        one = ids[begin : begin + _STRETCH + 2].view(np.uint32)
        three = one[:-2] * np.uint32(0x9E3779B1)
        three ^= one[1:-1] * np.uint32(0x85EBCA77)
        three ^= one[2:] * np.uint32(0xC2B2AE3D)
        three >>= np.uint32(32 - _TABLE)
        yield begin, three


def _recurring(field: Field, uses: Uses, least: int) -> Uses:
    """The grams that are counted in enough revisions, with all their uses."""
    uses = uses.take(uses.counts >= least)
    counted = field.counted[uses.places]
    enough = uses.sums(counted) >= least
    if field.changed is not None:
        enough &= uses.sums(field.changed[uses.places]) > 0
    uses, counted = uses.take(enough), counted[np.repeat(enough, uses.counts)]
    said = uses.only(counted)
    another = fresh(field.revision[said.places])
    another[said.at] = True
    return uses.take(said.sums(another) >= least)


def mined(field: Field, concordance: Concordance, least: int) -> Iterator[tuple[Candidates, int, Places]]:
    """For each length the grams of a field that recur in at least so many revisions and live on their own.

    With them come their length and all places in the field where grams of that length stand that recur.
    """
    for n, uses in climb(field, least):
        if n >= FEWEST:
            yield _lively(field, concordance, least, n, uses), n, uses.places


def _lively(field: Field, concordance: Concordance, least: int, n: int, everywhere: Uses) -> Candidates:
    """Those grams of a rung that are long enough, are made of whole words and live on their own.

    One may begin with an opening bracket or quotation mark or end with a closing one: “lagoon” waters of all isles.
    """
    first = everywhere.places[everywhere.at]
    outer = [field.word[at] | field.pair[at] for at in (first, first + (n - 1))]
    everywhere = everywhere.take(outer[0] & outer[1])
    uses = everywhere.only(field.counted[everywhere.places])
    enough = _long_enough(field, n, uses.places[uses.at])
    rows, uses = np.flatnonzero(enough), uses.take(enough)
    uses = uses.only(apart(uses.gram, uses.places, n))
    starts, ends = uses.sums(field.starts(uses.places)), uses.sums(field.ends(uses.places + n))
    kept = 100 * np.minimum(starts, ends) >= WHOLE * uses.counts
    uses, rows, starts, ends = uses.take(kept), rows[kept], starts[kept], ends[kept]
    listing = np.repeat(field.comma[uses.places[uses.at][:, None] + np.arange(n)].any(axis=1), uses.counts)
    before, after = field.before(uses.places, listing), field.after(uses.places + n, listing)
    kept = ~_always(uses, before) & ~_always(uses, after)
    before, after = (beside[np.repeat(kept, uses.counts)] for beside in (before, after))
    uses, rows, starts, ends = uses.take(kept), rows[kept], starts[kept], ends[kept]
    occasions = how_many(uses.gram, field.revision[uses.places], len(rows))
    left, right = _beside(field, uses, before), _beside(field, uses, after)
    kept = _own_life(left, occasions, least) & _own_life(right, occasions, least)
    uses, rows, starts, ends = uses.take(kept), rows[kept], starts[kept], ends[kept]
    first = uses.places[uses.at]
    tokens = first[:, None] + np.arange(n)
    turns = field.turn[uses.places]
    year = years(concordance.revisions.day)[field.revision[uses.places]]
    return Candidates(
        n=np.full(len(rows), n, np.int32),
        units=field.unit[tokens].sum(axis=1, dtype=np.int32),
        count=uses.counts.astype(np.int32),
        occasions=occasions[kept],
        speakers=how_many(uses.gram, concordance.turns.person[turns], len(rows)),
        years=how_many(uses.gram, np.where(year > 0, year, -1), len(rows)),
        asked=_asked(field, everywhere.take(rows), n),
        starts=starts.astype(np.int32),
        ends=ends.astype(np.int32),
        left=left[kept],
        right=right[kept],
        tokens=field.ids[tokens].ravel(),
        positions=field.position[uses.places],
    )


def _own_life(side: Side, occasions: NDArray[np.int32], least: int) -> Flags:
    """Which grams are no piece of a longer one on that side: none recurs, or enough occasions do without it."""
    enough = (side.own >= least) & (100 * side.own >= OWN_LIFE * occasions)
    return np.asarray(enough | (side.longer < least))


def _long_enough(field: Field, n: int, first: Places) -> Flags:
    """Whether the grams of n tokens at those places have words enough, and are not just words in quotation marks."""
    tokens = first[:, None] + np.arange(n)
    units, unspaced = field.unit[tokens].sum(axis=1), field.unspaced[tokens].sum(axis=1)
    pair = field.pair[tokens]
    quoted = pair[:, 0] & pair[:, -1] & (pair.sum(axis=1) == 2)
    return np.asarray((units >= np.where(2 * unspaced > units, FEWEST_UNSPACED, FEWEST)) & ~quoted)


def _always(uses: Uses, beside: NDArray[np.int32]) -> Flags:
    """Which grams stand beside the same word in all uses: pieces of a longer gram, found faster than by counting."""
    if not len(uses.counts):
        return np.empty(0, np.bool_)
    least, most = np.minimum.reduceat(beside, uses.at), np.maximum.reduceat(beside, uses.at)
    return np.asarray((least == most) & (most > 0))


def _beside(field: Field, uses: Uses, neighbours: NDArray[np.int32]) -> Side:
    """What stands on one side of the uses, whose neighbours are given (0 for an edge)."""
    if not len(uses.counts):
        none = np.empty(0, np.int32)
        return Side(none, none, none, none, none.astype(np.float32))
    gram = uses.gram
    held = np.cumsum(fresh(gram, field.revision[uses.places])) - 1  # which occasion of which gram, numbered through
    uses_held = np.bincount(held)
    pairs = together(gram.astype(np.int32), neighbours, np.arange(len(gram), dtype=np.int32))
    first = pairs.places[pairs.at]
    word, of = neighbours[first] > 0, gram[first]
    pair, held_there = pairs.gram, held[pairs.places]
    at = np.flatnonzero(fresh(pair, held_there))
    longer = np.bincount(pair[at], minlength=len(first))
    # Occasions in which all uses stand beside that word.
    entire = np.diff(np.append(at, len(pair))) == uses_held[held_there[at]]
    only = np.bincount(pair[at[entire]], minlength=len(first))
    occasions = np.bincount(gram[np.flatnonzero(fresh(held))])
    weights = np.rint(pairs.counts * np.log2(pairs.counts) * 1024).astype(np.int64)
    at = np.flatnonzero(fresh(of))
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
    return np.bincount(gram[apart(gram, places, n)], minlength=len(everywhere.counts)).astype(np.int32)
