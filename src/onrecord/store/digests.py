"""Digests of what was read off a page, as the ledger keeps them beside the digest of its bytes."""

from __future__ import annotations

import hashlib

import msgspec

from onrecord.model import Edition

_encode = msgspec.json.Encoder().encode


class Digests(msgspec.Struct, frozen=True):
    """SHA-256 in hex: ``text`` of the text in UTF-8; ``turns`` and ``about`` of JSON lists.

    ``turns`` covers each turn's ``[n, exchange, role, label, person, outlet, start, end]``, ``about`` is of ``[date,
    title, people, url, published, fetched, annotations, notices]``.
    """

    text: str
    turns: str
    about: str


def digests(edition: Edition) -> Digests:
    """The three digests of one revision; raises UnicodeEncodeError when a string holds lone surrogates."""
    turns = [(t.n, t.exchange, t.role, t.label, t.person, t.outlet, t.start, t.end) for t in edition.turns]
    about = (
        edition.date,
        edition.title,
        edition.people,
        edition.url,
        edition.published,
        edition.fetched,
        [(a.kind, a.start, a.end) for a in edition.annotations],
        edition.notices,
    )
    return Digests(_hex(edition.text.encode()), _hex(_encode(turns)), _hex(_encode(about)))


def _hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
