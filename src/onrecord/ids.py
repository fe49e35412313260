"""Ids as people write them, taken apart: ``cn-mfa/2023-07-26.2/zh@2#3:10-40``.

An edition id is ``source/day/edition``; ``@2`` names a revision, ``#3`` an exchange, ``:10-40`` a span of characters
in the edition's text.  The parts may be left out from the right, and stand in this order.
"""

from __future__ import annotations

import re

import msgspec

from onrecord.errors import BadId

_NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_ID = re.compile(
    rf"(?P<edition>(?P<occasion>(?P<source>{_NAME})/(?:[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|undated-[0-9a-f]{{12}})(?:\.[0-9]+)?)"
    rf"/[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:\.{_NAME})?)"
    r"(?:@(?P<revision>[0-9]{1,9}))?"
    r"(?:#(?P<exchange>[0-9]{1,9}))?"
    r"(?::(?P<start>[0-9]{1,9})-(?P<end>[0-9]{1,9}))?"
)
_KIND = re.compile(_NAME)


class Id(msgspec.Struct, frozen=True, kw_only=True):
    """One id taken apart; ``revision`` None means the latest, ``span`` counts characters in the edition's text."""

    edition: str
    occasion: str
    source: str
    revision: int | None = None
    exchange: int | None = None
    span: tuple[int, int] | None = None


def parse(text: str) -> Id:
    """Takes an id apart; raises BadId when it is none."""
    found = _ID.fullmatch(text.strip())
    if found is None:
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
