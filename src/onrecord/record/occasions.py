"""Occasions of a record: which editions each one has, and putting an edition into another one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from onrecord.errors import BadId
from onrecord.ids import parse, parse_occasion

if TYPE_CHECKING:
    from onrecord.record.session import Session
    from onrecord.store import Store


def move(store: Store, open_session: Callable[[], Session], edition: str, occasion: str) -> str:
    """Puts the edition into the occasion and returns the id that it has there; nothing is written if it is there.

    Raises BadId, NotOnRecord, and what ``Session`` does.
    """
    parsed, target = parse(edition), parse_occasion(occasion)
    if (parsed.revision, parsed.exchange, parsed.span) != (None, None, None):
        raise BadId(f"{edition!r} names a part of {parsed.edition}, and an edition is moved with all its revisions")
    now = store.get(parsed.edition)
    if now.occasion == target.id:
        return now.id
    from onrecord.record.adding import now as present

    session = open_session()
    try:
        return session.move(parsed.edition, target, present())
    finally:
        session.close()
