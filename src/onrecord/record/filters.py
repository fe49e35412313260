"""The filters of a record, with outlets and persons by any of the names they go by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onrecord.store.queries import Filters


def filters_of(*, outlet: str | None = None, person: str | None = None, **others: Any) -> Filters:
    """Which editions are meant, outlet and person by any of the names they go by."""
    from onrecord.store.queries import Filters

    return Filters(outlet=outlet_of(outlet), person=person_of(person), **others)


def outlet_of(name: str | None) -> str | None:
    """The name that turns have for an outlet that goes by ``name``."""
    if name is None:
        return None
    from onrecord.reading.names import resolve_outlet_filter

    return resolve_outlet_filter(name)


def person_of(name: str | None) -> str | None:
    """The name that turns have for a person who goes by ``name``."""
    if name is None:
        return None
    from onrecord.reading.names import resolve_person_filter

    return resolve_person_filter(name)
