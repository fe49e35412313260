"""Two editions of an occasion aligned: exchanges, their turns, their sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from onrecord.editions import crosslingual, lexical
from onrecord.editions.assign import assign
from onrecord.editions.likeness import Likeness
from onrecord.editions.pairing import pair_turns
from onrecord.editions.sentences import Sentences
from onrecord.editions.units import Unit, units, unspoken
from onrecord.meaning import Encoder
from onrecord.model import Comparison, Edition, Evidence, Pair, Turn
from onrecord.reading.identify import language_of

Encoding = Encoder | Callable[[], Encoder] | None
"""An encoder, or what gives one when it is needed: loading one takes about a second."""

VERBATIM = 0.8
"""Likeness of the paired units from which on two editions in one language are taken to have the same wording.

Copies and excerpts of one text are near 1, two translations of one text far below.  Where the wording is the same,
units left over on both sides are not compared by meaning: whatever is one exchange would share its words as well, and
on one day many exchanges mean nearly the same.
"""


class Link(NamedTuple):
    """Units of a and of b, by their ``n``, that are the same, and what that rests on."""

    a: tuple[int, ...]
    b: tuple[int, ...]
    score: float
    evidence: tuple[Evidence, ...]


class Alignment(NamedTuple):
    """Two editions as far as their units: what is linked with what, and the sentences it was found by if by meaning.

    Behind the units that were spoken stand those that nobody spoke and that are linked all the same.
    """

    a: tuple[Unit, ...]
    b: tuple[Unit, ...]
    links: tuple[Link, ...]
    sentences: tuple[Sentences, Sentences] | None = None

    @property
    def only_in_a(self) -> tuple[int, ...]:
        """The exchanges of a of which nothing is in b."""
        return _only(self.a, {i for link in self.links for i in link.a})

    @property
    def only_in_b(self) -> tuple[int, ...]:
        """The exchanges of b of which nothing is in a."""
        return _only(self.b, {j for link in self.links for j in link.b})

    def turned(self) -> Alignment:
        """The same with a and b changed about."""
        return Alignment(self.b, self.a, _turned(self.links), self.sentences and self.sentences[::-1])


def compare(a: Edition, b: Edition, encoder: Encoding = None) -> Comparison:
    """Which exchanges of two editions are the same, which only one has; and of the same ones turns and sentences.

    Editions in one language are compared by their words; what is left over on both sides once more by meaning, if
    there is an encoder and their wording differs.  Editions in two languages are compared by meaning; ValueError if
    there is no encoder then.  An exchange is in ``only_in_a`` when nothing of it was found anywhere in b.
    """
    alignment = align(a, b, encoder)
    said_a, said_b = alignment.sentences or (Sentences(a), Sentences(b))
    pairs = tuple(
        msgspec.structs.replace(pair, turns=pair_turns(said_a, _turns(a, pair.a), said_b, _turns(b, pair.b)))
        for pair in _pairs(alignment)
    )
    return Comparison(a=a.id, b=b.id, pairs=pairs, only_in_a=alignment.only_in_a, only_in_b=alignment.only_in_b)


def align(a: Edition, b: Edition, encoder: Encoding = None) -> Alignment:
    """The units of two editions and which are the same: all that is needed to know what only one of them has."""
    ua, ub = units(a), units(b)
    if _language(a) != _language(b):
        if encoder is None:
            raise ValueError(f"{a.id} and {b.id} are in two languages; to compare them takes an encoder")
        said = _sentences(a, b, encoder)
        return Alignment(ua, ub, _by_meaning(said, ua, ub), said)
    links = _by_words(a, ua, b, ub)
    links, ub = _with_unspoken(a, ua, b, ub, links)
    turned, ua = _with_unspoken(b, ub, a, ua, _turned(links))
    links = _turned(turned)
    left_a, left_b = _left(ua, {i for link in links for i in link.a}), _left(ub, {j for link in links for j in link.b})
    if (left_a or left_b) and encoder is not None and not _verbatim(ua, ub, links):
        said = _sentences(a, b, encoder)
        more = _by_meaning(said, left_a, left_b) if left_a and left_b else ()
        if more := (*more, *_joined(said, ua, ub, (*links, *more))):
            return Alignment(ua, ub, (*links, *more), said)
    return Alignment(ua, ub, links)


def _sentences(a: Edition, b: Edition, encoder: Encoder | Callable[[], Encoder]) -> tuple[Sentences, Sentences]:
    loaded = encoder() if callable(encoder) else encoder
    return Sentences(a, loaded), Sentences(b, loaded)


def _turned(links: Sequence[Link]) -> tuple[Link, ...]:
    return tuple(link._replace(a=link.b, b=link.a) for link in links)


def _with_unspoken(
    a: Edition, ua: tuple[Unit, ...], b: Edition, ub: tuple[Unit, ...], links: tuple[Link, ...]
) -> tuple[tuple[Link, ...], tuple[Unit, ...]]:
    """The links and the units of b once what is left of a was looked for in what b prints as nobody's words."""
    left, more = _left(ua, {i for link in links for i in link.a}), unspoken(b)
    found = _by_words(a, left, b, more) if left and more else ()
    every = (*ub, *more)
    # All of the unit must stand there: a stage direction may be worded like part of what was said.
    whole = [one for one in found if _size(every[n] for n in one.b) > 0.7 * _size(ua[n] for n in one.a)]
    return (*links, *whole), every if whole else ub


def _by_words(a: Edition, ua: Sequence[Unit], b: Edition, ub: Sequence[Unit]) -> tuple[Link, ...]:
    return _links(lexical.likeness(a, ua, b, ub), ua, ub)


def _by_meaning(said: tuple[Sentences, Sentences], ua: Sequence[Unit], ub: Sequence[Unit]) -> tuple[Link, ...]:
    return _links(crosslingual.likeness(said[0], ua, said[1], ub), ua, ub)


def _joined(
    said: tuple[Sentences, Sentences], ua: Sequence[Unit], ub: Sequence[Unit], links: Sequence[Link]
) -> tuple[Link, ...]:
    """Links of units left over with units of the other edition in which they were joined to a neighbour of theirs."""
    spoken_a, spoken_b = ([unit for unit in us if unit.spoken] for us in (ua, ub))
    pairs = [(i, j) for link in links for i in link.a for j in link.b if i < len(spoken_a) and j < len(spoken_b)]
    likeness = crosslingual.likeness(said[0], spoken_a, said[1], spoken_b)
    return tuple(
        Link((i,), (j,), max(likeness.of((i,), (j,)), 0.5), likeness.evidence(i, j)) for i, j in likeness.joined(pairs)
    )


def _links(likeness: Likeness, ua: Sequence[Unit], ub: Sequence[Unit]) -> tuple[Link, ...]:
    return tuple(
        Link(
            tuple(ua[i].n for i in some_a),
            tuple(ub[j].n for j in some_b),
            likeness.of(some_a, some_b),
            likeness.evidence(*max(((i, j) for i in some_a for j in some_b), key=lambda at: likeness.score[at])),
        )
        for some_a, some_b in assign(likeness)
    )


def _verbatim(ua: Sequence[Unit], ub: Sequence[Unit], links: Sequence[Link]) -> bool:
    """Whether what was paired by words has the same wording on both sides, and is more than a few words."""
    sizes = [min(_size(ua[i] for i in link.a), _size(ub[j] for j in link.b)) for link in links]
    if sum(sizes) < 0.1 * min(_size(ua), _size(ub)):
        return False
    return float(np.average([link.score for link in links], weights=sizes)) >= VERBATIM


def _size(units: Iterable[Unit]) -> int:
    return sum(unit.end - unit.start for unit in units)


def _left(units: Sequence[Unit], linked: set[int]) -> list[Unit]:
    return [unit for unit in units if unit.n not in linked and unit.spoken]


def _only(units: Sequence[Unit], linked: set[int]) -> tuple[int, ...]:
    """The exchanges in which something is said, and no unit of it is linked."""
    spoken = {unit.exchange for unit in units if unit.spoken}
    return tuple(sorted(spoken - {units[n].exchange for n in linked}))


def _language(edition: Edition) -> str | None:
    """The language without its script or country; that of the text where the edition names none."""
    lang = edition.lang or language_of(edition.text, None)
    return lang and lang.partition("-")[0].lower()


def _turns(edition: Edition, numbers: tuple[int, ...]) -> list[Turn]:
    return [turn for turn in edition.turns if turn.exchange in numbers]


def _pairs(alignment: Alignment) -> list[Pair]:
    """The links as pairs of exchanges, in the order of a; links that have an exchange in common make one pair."""
    joined: list[tuple[set[int], set[int], list[Link]]] = []
    for link in alignment.links:
        one = {alignment.a[i].exchange for i in link.a}, {alignment.b[j].exchange for j in link.b}, [link]
        for other in [some for some in joined if some[0] & one[0] or some[1] & one[1]]:
            joined.remove(other)
            one = one[0] | other[0], one[1] | other[1], other[2] + one[2]
        joined.append(one)
    pairs = []
    for numbers_a, numbers_b, links in joined:
        weight = [sum(alignment.a[i].end - alignment.a[i].start for i in link.a) for link in links]
        pairs.append(
            Pair(
                a=tuple(sorted(numbers_a)),
                b=tuple(sorted(numbers_b)),
                score=round(float(np.average([link.score for link in links], weights=weight)), 3),
                evidence=links[int(np.argmax(weight))].evidence,
            )
        )
    return _with_order(sorted(pairs, key=lambda pair: (pair.a, pair.b)))


def _with_order(pairs: list[Pair]) -> list[Pair]:
    """The pairs with evidence of order: the share of the others that stand on the same side of it in both editions,

    put on a scale from -1 to 1.
    """
    if len(pairs) < 2:
        return pairs
    first_a, first_b = np.array([pair.a[0] for pair in pairs]), np.array([pair.b[0] for pair in pairs])
    agree = np.sign(np.subtract.outer(first_a, first_a)) == np.sign(np.subtract.outer(first_b, first_b))
    share = (agree.sum(1) - 1) / (len(pairs) - 1)
    return [
        msgspec.structs.replace(
            pair, evidence=(*pair.evidence, Evidence(kind="order", value=round(2 * float(value) - 1, 3)))
        )
        for pair, value in zip(pairs, share, strict=True)
    ]
