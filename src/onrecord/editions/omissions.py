"""Exchanges that one edition of an occasion has and another has not, and what the other shows in that place.

An omission is a statement about two texts.  Why they differ they do not say: an excerpt leaves out what it has no room
for, a transcript what was off the record, a recording what was said before it began.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations

from onrecord.editions.compare import Alignment, Encoding, align
from onrecord.editions.sentences import Remembering
from onrecord.editions.units import Unit
from onrecord.model import Edition, Omission, Place
from onrecord.reading.sentences import sentence_spans

AROUND = 200
"""Characters at most that are shown of what stands before a place, and of what stands behind it."""


def omissions(editions: Sequence[Edition], encoder: Encoding = None) -> list[Omission]:
    """What each edition of one occasion has and each of the others has not, a row for every two of them.

    In the order of the editions, then of the exchanges.  Editions in one language are compared by words, in two by
    meaning; ValueError if there is no encoder then.
    """
    found: dict[tuple[int, int], list[Omission]] = {}
    once = encoder and cache(lambda: Remembering(encoder() if callable(encoder) else encoder))
    for (i, a), (j, b) in combinations(enumerate(editions), 2):
        alignment = align(a, b, once)
        found[i, j] = list(_absent(a, b, alignment))
        found[j, i] = list(_absent(b, a, alignment.turned()))
    return [row for pair in sorted(found) for row in found[pair]]


def _absent(a: Edition, b: Edition, alignment: Alignment) -> Iterator[Omission]:
    """The exchanges of a that are not in b."""
    partners = {i: link.b for link in alignment.links for i in link.a}
    for n in alignment.only_in_a:
        units = [unit for unit in alignment.a if unit.exchange == n]
        turns = [turn for unit in units for turn in unit.turns]
        asked = next((turn for turn in turns if turn.role == "question"), turns[0])
        yield Omission(
            occasion=a.occasion,
            exchange=n,
            present_in=a.id,
            absent_from=b.id,
            text="\n".join(a.words(turn) for turn in turns),
            id=f"{a.id}#{n}",
            date=a.date,
            label=asked.label,
            outlet=asked.outlet,
            place=_place(b, alignment.b, partners, units),
        )


def _place(b: Edition, ub: Sequence[Unit], partners: dict[int, tuple[int, ...]], units: Sequence[Unit]) -> Place:
    """Where these units of a would stand in b: behind the partner of what stands before them in a.

    Where nothing before them has a partner, before the partner of what stands behind them.
    """
    before = next((max(partners[n]) for n in range(units[0].n - 1, -1, -1) if n in partners), None)
    if before is not None:
        after = before + 1 if before + 1 < len(ub) else None
    else:
        after = next(
            (min(partners[n]) for n in range(units[0].n, max(partners, default=-1) + 1) if n in partners), None
        )
    return Place(
        after=None if before is None else ub[before].exchange,
        before=None if after is None else ub[after].exchange,
        text=_shown(b, None if before is None else ub[before], None if after is None else ub[after]),
    )


def _shown(edition: Edition, before: Unit | None, after: Unit | None) -> str:
    """The last sentence of one unit and the first of the next with its label."""
    text = edition.text
    shown = []
    if before is not None:
        start = sentence_spans(text, before.turns[-1].start, before.end)[-1][0]
        shown.append(_cut(text[start : before.end], front=True))
    if after is not None:
        line = max(text.rfind("\n", 0, after.start) + 1, before.end if before else 0)
        stop = sentence_spans(text, after.start, after.turns[0].end)[0][1]
        shown.append(_cut(text[line:stop].lstrip()))
    return "\n".join(shown)


def _cut(sentence: str, *, front: bool = False) -> str:
    if len(sentence) <= AROUND:
        return sentence
    return f"…{sentence[-AROUND:]}" if front else f"{sentence[:AROUND]}…"
