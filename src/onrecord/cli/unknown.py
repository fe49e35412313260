"""Filters that nothing on the record fits: what to say of them, since a name misspelt looks like an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from onrecord.cli.terminal import complain

if TYPE_CHECKING:
    from onrecord.record import Record

_OPTIONS = {
    "source": "--source", "country": "--country", "lang": "--lang", "kind": "--edition", "outlet": "--outlet",
    "person": "--person", "since": "--since", "until": "--until",
}  # fmt: skip
_NAMES = 5
"""Names that are offered at most."""


def complain_of(record: Record, filters: dict[str, Any]) -> None:
    """Says on standard error which filters nothing fits, each by itself; or that nothing fits all of them together."""
    given = {name: filters[name] for name in _OPTIONS if filters.get(name) is not None}
    alone = {name: value for name, value in given.items() if not _fits(record, {name: value}, filters)}
    for name, value in alone.items():
        near = _near(record, name, value)
        complain(f"nothing on the record fits {_OPTIONS[name]} {value!r}" + (f"; it has {near}" if near else ""))
    if given and not alone and not _fits(record, given, filters):
        together = " ".join(f"{_OPTIONS[name]} {value}" for name, value in given.items())
        complain(f"nothing on the record fits all of these together: {together}")


def _fits(record: Record, given: dict[str, Any], filters: dict[str, Any]) -> bool:
    return next(record.editions(**given, latest=filters.get("latest", True)), None) is not None


def _near(record: Record, name: str, value: str) -> str:
    """Values that it could have had: all of its words are in them, or they are few."""
    found = record.search("", limit=0).facets.get(name, {})
    parts = value.casefold().split()
    near = [known for known in found if all(part in known.casefold() for part in parts)]
    named = near or (list(found) if name in ("source", "lang") else [])
    return ", ".join(f"{known} ({found[known]:,} turns)" for known in named[:_NAMES])
