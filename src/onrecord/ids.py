"""Ids as people write them, taken apart: ``cn-mfa/2023-07-26.2/zh@2#3:10-40``.

An edition id is ``source/day/edition``; ``@2`` names a revision, ``#3`` an exchange, ``:10-40`` a span of characters
in the edition's text.  The parts may be left out from the right, and stand in this order.  What stands before the
edition, ``source/day`` with a counter from the day's second briefing on, is the id of the occasion.
"""

from __future__ import annotations

import re
from datetime import date

import msgspec

from onrecord.errors import BadId

_NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_DAY = r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|undated-[0-9a-f]{12})"
_ID = re.compile(
    rf"(?P<edition>(?P<occasion>(?P<source>{_NAME})/{_DAY}(?:\.[0-9]+)?)"
    rf"/[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:\.{_NAME})?)"
    r"(?:@(?P<revision>[0-9]{1,9}))?"
    r"(?:#(?P<exchange>[0-9]{1,9}))?"
    r"(?::(?P<start>[0-9]{1,9})-(?P<end>[0-9]{1,9}))?"
)
_OCCASION = re.compile(rf"(?P<source>{_NAME})/(?P<day>{_DAY})(?:\.(?P<counter>[0-9]{{1,4}}))?")
_KIND = re.compile(_NAME)


class Id(msgspec.Struct, frozen=True, kw_only=True):
    """One id taken apart; ``revision`` None means the latest, ``span`` counts characters in the edition's text."""

    edition: str
    occasion: str
    source: str
    revision: int | None = None
    exchange: int | None = None
    span: tuple[int, int] | None = None


class OccasionId(msgspec.Struct, frozen=True, kw_only=True):
    """The id of an occasion taken apart; ``date`` is None for ``undated-…``, ``counter`` 1 for the first of a day."""

    id: str
    source: str
    date: str | None
    counter: int = 1


def parse_occasion(text: str) -> OccasionId:
    """Takes the id of an occasion apart; raises BadId when it is none.  ``.1`` is the same as no counter."""
    found = _OCCASION.fullmatch(text.strip())
    if found is None:
        raise BadId(f"{text!r} is not an occasion: write cn-mfa/2023-07-26, with .2 for the second of that day")
    day, counter = found["day"], int(found["counter"] or 1)
    if counter < 1:
        raise BadId(f"{text!r} has counter 0; the occasions of a day are counted from 1")
    dated = not day.startswith("undated-")
    if dated:
        try:
            date.fromisoformat(day)
        except ValueError:
            raise BadId(f"{text!r} names a day that the calendar does not have") from None
    id = occasion_id(found["source"], day, counter)
    return OccasionId(id=id, source=found["source"], date=day if dated else None, counter=counter)


def occasion_id(source: str, day: str, counter: int = 1) -> str:
    """The id of a source's ``counter``-th occasion of a day."""
    return f"{source}/{day}" if counter == 1 else f"{source}/{day}.{counter}"


def parse(text: str) -> Id:
    """Takes an id apart; raises BadId when it is none."""
    found = _ID.fullmatch(text.strip())
    if found is None:
        if _OCCASION.fullmatch(re.split("[@#:]", text.strip(), maxsplit=1)[0]):
            raise BadId(f"{text!r} is of an occasion and names none of its editions, which `onrecord show` lists")
        raise BadId(f"{text!r} is not an id: write cn-mfa/2023-07-26/zh, with @2 for a revision, #3 for an exchange")
    revision, exchange = found["revision"], found["exchange"]
    span = (int(found["start"]), int(found["end"])) if found["start"] else None
    if span and span[0] > span[1]:
        raise BadId(f"{text!r} names a span that ends before it starts")
    if revision and int(revision) < 1:
        raise BadId(f"{text!r} names revision 0; revisions are numbered from 1")
    return Id(
        edition=found["edition"],
        occasion=found["occasion"],
        source=found["source"],
        revision=int(revision) if revision else None,
        exchange=int(exchange) if exchange else None,
        span=span,
    )


def edition_id(occasion: str, lang: str | None, kind: str, number: int = 1) -> str:
    """The id of an occasion's ``number``-th edition in a language and of a kind.

    ``{occasion}/{lang}``, and the kind after a dot unless official.  Excerpts are numbered from the first, other kinds
    from the second on.  A language that is not known is ``und`` (BCP 47).
    """
    base = f"{occasion}/{lang or 'und'}"
    if kind != "official":
        base += f".{kind}"
    return f"{base}-{number}" if number > 1 or kind == "excerpt" else base


def check_kind(kind: str) -> str:
    """A kind set by hand, if it can stand in an id: lower-case letters, digits and inner hyphens; else raises BadId."""
    if not _KIND.fullmatch(kind) or len(kind) > 40:
        raise BadId(f"{kind!r} cannot name a kind of edition: lower-case letters, digits and hyphens, at most 40")
    return kind
