"""What is aligned: a question with what answers it, or one announcement."""

from __future__ import annotations

import msgspec

from onrecord.model import Edition, Turn


class Unit(msgspec.Struct, frozen=True, gc=False):
    """A question with what answers it, or an announcement.

    ``n`` counts from 0; ``exchange`` is the number of the exchange it is in; ``turns`` are those that were spoken;
    ``start:end`` reaches from the first of them to the last.
    """

    n: int
    exchange: int
    turns: tuple[Turn, ...]
    start: int
    end: int

    @property
    def spoken(self) -> bool:
        """Whether somebody says it: see ``unspoken``."""
        return self.turns[0].role != "procedural"


def units(edition: Edition) -> tuple[Unit, ...]:
    """The units of an edition in order.

    Where exchanges were left out, two that were apart become neighbours, and by the contract's rule one exchange if
    one outlet asked both.  So an exchange is taken apart again: each question that follows an answer begins another
    unit.  In exchange 0 every statement is a unit.  Turns that nobody spoke, or without words, are in none.
    """
    groups: list[list[Turn]] = []
    for turn in edition.turns:
        if turn.role == "procedural" or turn.start == turn.end:
            continue
        before = groups[-1][-1] if groups else None
        begins = (
            before is None
            or turn.exchange != before.exchange
            or turn.exchange == 0
            or (turn.role == "question" and before.role != "question")
        )
        if begins:
            groups.append([])
        groups[-1].append(turn)
    return tuple(
        Unit(n, turns[0].exchange, tuple(turns), turns[0].start, turns[-1].end) for n, turns in enumerate(groups)
    )


SENTENCE = 20
"""Characters from which on what nobody spoke may be somebody's words: more than a time of day or "(Laughter.)"."""


def unspoken(edition: Edition) -> tuple[Unit, ...]:
    """What the edition prints as nobody's words, turn by turn, numbered behind its units; the title is left out.

    That is where words of an exchange may stand that was not recognised as one.
    """
    spoken = units(edition)
    turns = [
        turn
        for turn in edition.turns
        if turn.role == "procedural" and turn.end - turn.start >= SENTENCE and spoken and turn.start > spoken[0].start
    ]
    return tuple(Unit(n, turn.exchange, (turn,), turn.start, turn.end) for n, turn in enumerate(turns, len(spoken)))
