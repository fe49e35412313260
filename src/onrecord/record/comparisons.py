"""Editions against each other; the part of a record's door that leads to their comparing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from onrecord.ids import parse
from onrecord.record.filters import filters_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from onrecord.model import Comparison, Diff, Edition, Omission
    from onrecord.record import Record
    from onrecord.store import Store


class Comparisons:
    """The methods of ``Record`` about revisions, alignments and omissions."""

    if TYPE_CHECKING:
        _store: Store

        def __getitem__(self, id: str) -> Edition: ...

    def history(self, id: str, *, changes: bool = False) -> list[dict[str, Any]]:
        """The revisions of an edition, the first first; raises BadId, NotOnRecord.

        Each has ``revision``, ``sha256``, ``added``, ``fetched``, ``title``, ``url``, ``date``, ``turns`` and
        ``snapshots`` (how many different bytes said the same); with ``changes`` also what ``diff`` says against the one
        before: ``substantive`` (None for the first) and ``changes``, counts by kind.
        """
        rows = self._store.history(parse(id).edition)
        if not changes:
            return rows
        from onrecord.record.comparing import with_changes

        return with_changes(self.__getitem__, id, rows)

    def diff(self, id: str, from_: int | None = None, to: int | None = None) -> Diff:
        """What changed between two revisions of an edition.

        ``to`` is the latest (or the one that ``@`` names) and ``from_`` the one before it unless they are given; of an
        edition with one revision nothing changed.  Raises BadId, NotOnRecord, BadQuery when ``from_`` is after ``to``.
        """
        from onrecord.record.comparing import diff

        return diff(self.__getitem__, id, from_, to)

    def compare(self, a: str, b: str) -> Comparison:
        """Two editions, or revisions with ``@``, aligned: exchanges, turns and sentences, across languages too.

        Raises BadId, NotOnRecord.
        """
        from onrecord.record.comparing import compare

        return compare(self.__getitem__, a, b)

    def omissions(
        self,
        *,
        source: str | None = None,
        country: str | None = None,
        lang: str | None = None,
        kind: str | None = None,
        outlet: str | None = None,
        person: str | None = None,
        since: str | None = None,
        until: str | None = None,
        present_in: str | None = None,
        absent_from: str | None = None,
        latest: bool = True,
        progress: Callable[[str], object] | None = None,
    ) -> Iterator[Omission]:
        """The exchanges that one edition of an occasion has and another lacks, by occasion.

        ``lang`` and ``kind`` are of the edition that has the exchange, ``outlet`` and ``person`` of its turns;
        ``present_in`` and ``absent_from`` are ids of editions or revisions, or kinds.  Without ``latest``, what earlier
        revisions of an edition have and its latest lacks comes too.  ``progress`` is called with the id of each
        occasion that is compared.  Raises BadId, BadQuery, NotOnRecord for an id or a kind that is not there.
        """
        from onrecord.record.comparing import omissions

        filters = filters_of(
            source=source,
            country=country,
            lang=lang,
            kind=kind,
            outlet=outlet,
            person=person,
            since=since,
            until=until,
            latest=latest,
        )
        return omissions(
            cast("Record", self), filters, present_in=present_in, absent_from=absent_from, progress=progress
        )
