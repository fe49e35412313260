"""A search: what the index finds, joined with what the store says of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from onrecord.model import Hit, Hits

if TYPE_CHECKING:
    from onrecord.index import Filters, WordIndex
    from onrecord.store import Store

_FARTHEST = 100_000
"""Hits beyond this one are counted but not listed; nobody reads so far, and sorting them takes memory."""


def search(index: WordIndex, store: Store, query: str, filters: Filters, *, limit: int, offset: int) -> Hits:
    """The turns that match, best first: ``limit`` of them from ``offset`` on.  Raises BadQuery, RecordDamaged."""
    began = time.perf_counter()
    if offset > _FARTHEST:
        limit = offset = 0
    found = index.search(query, filters, limit=min(limit, _FARTHEST), offset=offset)
    rows = store.turn_rows([(key >> 16, key & 0xFFFF) for key in found.keys])
    hits = []
    for row, score in zip(rows, found.scores, strict=False):
        snippet, matches = index.snippet(row.words, found.plan)
        edition = row.edition if row.revision == row.revisions else f"{row.edition}@{row.revision}"
        hits.append(
            Hit(
                id=f"{edition}#{row.exchange}",
                edition=row.edition,
                revision=row.revision,
                exchange=row.exchange,
                turn=row.turn,
                date=row.date,
                source=row.source,
                label=row.label,
                outlet=row.outlet,
                person=row.person,
                role=row.role,
                score=score,
                start=row.start,
                end=row.end,
                snippet=snippet,
                matches=tuple((row.start + start, row.start + end) for start, end in matches),
            )
        )
    took = round((time.perf_counter() - began) * 1000, 2)
    return Hits(total=found.total, took_ms=took, facets=found.facets, hits=tuple(hits))
