"""Editions of Westisle, which is no country, and the concordance of any editions, for the tests of this room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from onrecord.formulas.concordance import About, Concordance
from onrecord.formulas.parts import Part, PartMaker, joined
from onrecord.formulas.tokens import Lexicon
from onrecord.model import Edition, Role, Turn
from onrecord.reading.days import day_of

Line = tuple[Role, str | None, str]
"""A turn: its role, who speaks, the words."""


def edition_of(
    number: int,
    lines: Sequence[Line],
    day: int | None = 0,
    *,
    occasion: str = "",
    lang: str = "en",
    kind: str = "official",
) -> Edition:
    """An edition of Westisle with those turns, each after a label."""
    dated = None if day is None else (date(1961, 5, 6) + timedelta(day)).isoformat()
    text, turns = "Westisle\n", list[Turn]()
    for role, person, words in lines:
        text += "Label: "
        words = words.strip()
        start, end = len(text), len(text) + len(words)
        turns.append(Turn(n=len(turns) + 1, exchange=1, role=role, person=person, start=start, end=end))
        text += words + "\n"
    occasion = occasion or f"xw-isle/{number}"
    return Edition(
        id=f"{occasion}/{lang}", occasion=occasion, source="xw-isle", country="XW", date=dated, lang=lang, kind=kind,
        sha256="00", text=text, turns=tuple(turns),
    )  # fmt: skip


def concordance_of(
    editions: Sequence[Edition], cuts: Sequence[int] = (), old: Sequence[int] = (), *, join: bool = False
) -> Concordance:
    """The concordance of the editions in parts that begin at ``cuts``, or in one that was joined from those.

    The editions at ``old`` are no longer the latest.
    """
    lexicon, names, parts = Lexicon(), Lexicon(), list[Part]()
    for begin, end in zip([0, *cuts], [*cuts, len(editions)], strict=True):
        maker = PartMaker(lexicon, names)
        for row in range(begin, end):
            maker.add(row + 1, editions[row])
        parts.append(maker.part())
    if join:
        parts = [joined(parts, len(lexicon))]
    return Concordance(
        parts, lexicon, names.tokens, [about(row, one, row not in old) for row, one in enumerate(editions)]
    )


def about(row: int, edition: Edition, latest: bool = True) -> About:
    """What a store says of the edition that was the so-manieth to come."""
    return About(
        row + 1, edition.id, edition.revision, latest, edition.occasion, edition.source, edition.country, edition.date,
        day_of(edition.date), edition.lang, edition.kind, edition.url,
    )  # fmt: skip
