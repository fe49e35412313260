"""CSV, as ``publish.tables`` writes it: one turn a row, with its words exactly, line breaks and all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from onrecord.model import Edition
from onrecord.publish import tables

COLUMNS = (
    "edition", "revision", "occasion", "source", "country", "date", "lang", "kind", "title", "url", "sha256",
    "exchange", "turn", "role", "label", "person", "outlet", "start", "end", "words",
)  # fmt: skip


def rows(edition: Edition) -> Iterator[tuple[Any, ...]]:
    """A row for each turn, as ``COLUMNS``; None for what is not known."""
    of_edition = (
        edition.id,
        edition.revision,
        edition.occasion,
        edition.source,
        edition.country,
        edition.date,
        edition.lang,
        edition.kind,
        edition.title,
        edition.url,
        edition.sha256,
    )
    for turn in edition.turns:
        yield (
            *of_edition,
            turn.exchange,
            turn.n,
            turn.role,
            turn.label,
            turn.person,
            turn.outlet,
            turn.start,
            turn.end,
            edition.words(turn),
        )


def write(editions: Iterable[Edition], out: BinaryIO, *, excel: bool = False) -> int:
    """Writes the header and a row for each turn; returns how many editions there were.

    ``excel`` makes a copy for opening there (see ``publish.tables``); the plain form is the record's.
    """
    count = 0

    def turns() -> Iterator[tuple[Any, ...]]:
        nonlocal count
        for edition in editions:
            count += 1
            yield from rows(edition)

    tables.write(COLUMNS, turns(), out, excel=excel)
    return count
