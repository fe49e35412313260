"""Two editions side by side: a ``Comparison`` laid out as sections of rows, what says the same on one level.

Nothing is left out: every word of every turn of both editions is in exactly one row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import TypeVar

import msgspec

from onrecord.model import Comparison, Edition, Evidence, Pair, Turn, TurnPair
from onrecord.publish.plain import plain

_Item = TypeVar("_Item")
Numbers = tuple[int, ...]


class Piece(msgspec.Struct, frozen=True):
    """Some words of a turn: ``text[start:end]`` of its edition."""

    turn: Turn
    start: int
    end: int

    @property
    def named(self) -> bool:
        """Whether its speaker is to be named here: the turn begins, and is no title line that nobody speaks."""
        return self.start == self.turn.start and not self.unspoken

    @property
    def unspoken(self) -> bool:
        """Whether it is printed and not said: a title line, a time stamp, a stage direction by itself."""
        return self.turn.role == "procedural" and not self.turn.label


class Row(msgspec.Struct, frozen=True):
    """What stands on one level.  ``alone``: the comparison found no partner for these words in the other edition."""

    a: tuple[Piece, ...]
    b: tuple[Piece, ...]
    alone: bool = False


class Section(msgspec.Struct, frozen=True):
    """Exchanges that are the same (``pair``), or that only one edition has, or what was not compared (stage

    directions and title lines before the first question); ``a`` and ``b`` are the numbers of the exchanges.
    ``absent_from`` is ``a`` or ``b`` where that edition has no such exchange.
    """

    a: Numbers
    b: Numbers
    rows: tuple[Row, ...]
    pair: Pair | None = None
    absent_from: str | None = None


def reason(evidence: Evidence, most: int = 3) -> str:
    """``outlet 1.00 (Reuters)``: what speaks for a pair or, below nought, against it, with some of what both have."""
    more = ", …" if len(evidence.shared) > most else ""
    shared = f" ({plain(', '.join(evidence.shared[:most]))}{more})" if evidence.shared else ""
    return f"{evidence.kind} {evidence.value:.2f}{shared}"


def sections(a: Edition, b: Edition, comparison: Comparison) -> tuple[Section, ...]:
    """All of both editions in the order of ``a``; what only ``b`` has comes after what it follows there."""
    turns_a = {exchange.n: exchange.turns for exchange in a.exchanges}
    turns_b = {exchange.n: exchange.turns for exchange in b.exchanges}
    found = [_paired(pair, _of(turns_a, pair.a), _of(turns_b, pair.b), a, b) for pair in comparison.pairs]
    for n in comparison.only_in_a:
        found.append(Section((n,), (), _side(_of(turns_a, (n,)), "a"), absent_from="b"))
    for n in comparison.only_in_b:
        found.append(Section((), (n,), _side(_of(turns_b, (n,)), "b"), absent_from="a"))
    rest_a = turns_a.keys() - {n for section in found for n in section.a}
    rest_b = turns_b.keys() - {n for section in found for n in section.b}
    for n in sorted(rest_a | rest_b):
        here, there = (n,) * (n in rest_a), (n,) * (n in rest_b)
        found.append(Section(here, there, _level(_of(turns_a, here), _of(turns_b, there))))
    return tuple(_in_order(found, lambda section: section.a, lambda section: section.b))


def _of(turns: dict[int, tuple[Turn, ...]], numbers: Numbers) -> list[Turn]:
    return [turn for n in numbers for turn in turns.get(n, ())]


def _side(turns: Iterable[Turn], side: str) -> tuple[Row, ...]:
    return tuple(Row(_whole(turn), ()) if side == "a" else Row((), _whole(turn)) for turn in turns)


def _level(turns_a: Sequence[Turn], turns_b: Sequence[Turn]) -> tuple[Row, ...]:
    """Turn beside turn, for want of anything better."""
    return tuple(Row(_whole(here), _whole(there)) for here, there in zip_longest(turns_a, turns_b))


def _whole(turn: Turn | None) -> tuple[Piece, ...]:
    return () if turn is None else (Piece(turn, turn.start, turn.end),)


def _paired(pair: Pair, turns_a: list[Turn], turns_b: list[Turn], a: Edition, b: Edition) -> Section:
    if not pair.turns:
        return Section(pair.a, pair.b, _level(turns_a, turns_b), pair)
    by_n_a, by_n_b = {turn.n: turn for turn in turns_a}, {turn.n: turn for turn in turns_b}
    groups = [
        (
            tuple(n for n in found.a if n in by_n_a),
            tuple(n for n in found.b if n in by_n_b),
            _rows(
                found, [by_n_a[n] for n in found.a if n in by_n_a], [by_n_b[n] for n in found.b if n in by_n_b], a, b
            ),
        )
        for found in pair.turns
    ]
    seen_a, seen_b = {n for group in groups for n in group[0]}, {n for group in groups for n in group[1]}
    groups += [((turn.n,), (), _side([turn], "a")) for turn in turns_a if turn.n not in seen_a]
    groups += [((), (turn.n,), _side([turn], "b")) for turn in turns_b if turn.n not in seen_b]
    ordered = _in_order(groups, lambda group: group[0], lambda group: group[1])
    return Section(pair.a, pair.b, tuple(row for group in ordered for row in group[2]), pair)


def _rows(found: TurnPair, turns_a: list[Turn], turns_b: list[Turn], a: Edition, b: Edition) -> tuple[Row, ...]:
    if not turns_a or not turns_b:
        alone = any(turn.role != "procedural" for turn in turns_a or turns_b)
        whole = _side(turns_a, "a") or _side(turns_b, "b")
        return tuple(Row(row.a, row.b, alone) for row in whole)
    if not found.sentences:
        return _level(turns_a, turns_b)
    pieces_a = _pieces([pair.a for pair in found.sentences], turns_a, a.text)
    pieces_b = _pieces([pair.b for pair in found.sentences], turns_b, b.text)
    return tuple(
        Row(here, there, not (pair.a and pair.b) and not (_aside(a, here) or _aside(b, there)))
        for pair, here, there in zip(found.sentences, pieces_a, pieces_b, strict=True)
        if here or there
    )


def _aside(edition: Edition, pieces: tuple[Piece, ...]) -> bool:
    """Whether the pieces are stage directions such as ``(Laughter.)``, which no translation needs to have."""
    asides = [(aside.start, aside.end) for aside in edition.annotations if aside.kind == "aside"]
    return bool(pieces) and all(any(a <= p.start and p.end <= z for a, z in asides) for p in pieces)


def _pieces(spans: list[tuple[tuple[int, int], ...]], turns: list[Turn], text: str) -> list[tuple[Piece, ...]]:
    """The pieces of each row on one side: a sentence reaches to the next one of its turn, so that no word is lost."""
    rows: list[list[Piece]] = [[] for _ in spans]
    placed = sorted((start, end, row) for row, found in enumerate(spans) for start, end in found)
    last = 0
    for turn in turns:
        inside = [(start, row) for start, end, row in placed if turn.start <= start and end <= turn.end]
        if not inside and rows:  # a turn of which no sentence was compared stands with what comes before it
            rows[last].append(Piece(turn, turn.start, turn.end))
            continue
        edges = [turn.start, *(start for start, _ in inside[1:]), turn.end]
        for start, end, (_, row) in zip(edges, edges[1:], inside, strict=False):
            if start < end:
                rows[row].append(Piece(turn, start, start + len(text[start:end].rstrip())))
                last = row
    return [_joined(found, text) for found in rows]


def _joined(pieces: list[Piece], text: str) -> tuple[Piece, ...]:
    """Neighbouring sentences of one turn as one piece."""
    found: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if found and found[-1].turn is piece.turn and not text[found[-1].end : piece.start].strip():
            found[-1] = Piece(piece.turn, found[-1].start, piece.end)
        else:
            found.append(piece)
    return tuple(found)


def _in_order(
    items: Iterable[_Item], of_a: Callable[[_Item], Numbers], of_b: Callable[[_Item], Numbers]
) -> list[_Item]:
    """By their first number in ``a``; one that has none, after the item with the number before its own in ``b``."""
    ordered = sorted((item for item in items if of_a(item)), key=lambda item: min(of_a(item)))
    for item in sorted((item for item in items if not of_a(item)), key=lambda item: min(of_b(item), default=0)):
        before = [max((n for n in of_b(other) if n < min(of_b(item), default=0)), default=-1) for other in ordered]
        nearest = max(before, default=-1)
        ordered.insert(before.index(nearest) + 1 if nearest >= 0 else 0, item)
    return ordered
