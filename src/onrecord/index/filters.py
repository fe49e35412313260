"""The filters of a search, and the tags of a turn that they are compared with."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import msgspec
import tantivy
from tantivy import FieldType, Occur, Query

from onrecord.errors import BadQuery
from onrecord.index.phrases import any_of_terms
from onrecord.reading.days import day_of_bound
from onrecord.reading.fold import fold

ROLES = ("question", "answer", "statement", "procedural")

Names = str | tuple[str, ...] | None
"""One name, or several of which any will do."""


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What the turns found must be besides; None asks nothing.

    ``role`` is exactly that role.  Names compare folded (letter case and the like) with those stored: ``outlet`` and
    ``person`` with the canonical names, so the caller resolves aliases.  ``since`` and ``until`` are ``2023``,
    ``2023-07`` or ``2023-07-26``, from the first day of it to the last; undated turns fall outside either.
    ``latest`` leaves out what a later revision has superseded.
    """

    role: Names = None
    source: Names = None
    country: Names = None
    outlet: Names = None
    person: Names = None
    lang: Names = None
    since: str | None = None
    until: str | None = None
    latest: bool = True

    def clauses(self, schema: tantivy.Schema) -> list[tuple[Occur, Query]]:
        """The filters as clauses that do not count for the score; BadQuery for a role or date that is none."""
        found = []
        for role in (self.role,) if isinstance(self.role, str) else self.role or ():
            if role not in ROLES:
                raise BadQuery(f"A role is one of {', '.join(ROLES)}, not {role!r}.")
        for name in ("role", "source", "country", "outlet", "person", "lang"):
            values: Names = getattr(self, name)
            if values is None:
                continue
            wanted = [tag(name, value) for value in ((values,) if isinstance(values, str) else values)]
            found.append(any_of_terms(schema, "tags", wanted))
        if self.since is not None or self.until is not None:
            first = day_of_bound(self.since, last=False) if self.since is not None else 1
            last = day_of_bound(self.until, last=True) if self.until is not None else date.max.toordinal()
            found.append(
                Query.range_query(schema, "day", FieldType.Unsigned, first, last)
                if first <= last
                else Query.empty_query()
            )
        return [(Occur.Must, Query.const_score_query(query, 0.0)) for query in found]


@lru_cache(maxsize=1 << 14)
def tag(name: str, value: str) -> str:
    """The term in the field ``tags`` for a value of a filter, folded.

    Remembered: the same few thousand names stand on every turn, and folding them anew was a tenth of the time to add.
    """
    return f"{name}:{fold(value).encode('utf-8', 'replace').decode('utf-8')}"
