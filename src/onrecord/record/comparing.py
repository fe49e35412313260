"""What a record can say of its editions against each other: revisions, alignments, omissions.

The judging is done in ``editions``; here the editions are fetched for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from onrecord.errors import BadId, BadQuery, NotOnRecord
from onrecord.ids import Id, check_kind, parse
from onrecord.meaning import Encoder, default_encoder
from onrecord.model import Comparison, Diff, Edition, Omission, Turn

if TYPE_CHECKING:
    from onrecord.record import Record
    from onrecord.store.occasions import Occasion
    from onrecord.store.queries import Filters

Get = Callable[[str], Edition]


def diff(get: Get, id: str, from_: int | None, to: int | None) -> Diff:
    """What changed between two revisions of an edition; see ``Record.diff``."""
    from onrecord.editions.diff import diff as difference

    wanted = parse(id)
    to = to if to is not None else wanted.revision
    latest = get(wanted.edition)
    to = to if to is not None else latest.revisions
    after = revision(get, latest, to)
    from_ = from_ if from_ is not None else max(1, to - 1)
    if from_ > to:
        raise BadQuery(f"revision {from_} of {latest.id} did not come before revision {to}")
    before = revision(get, latest, from_)
    return difference(before, before if to == from_ else after)


def revision(get: Get, latest: Edition, n: int) -> Edition:
    """Revision ``n`` of an edition whose latest is at hand; NotOnRecord says how many there are."""
    if n == latest.revision:
        return latest
    if not 1 <= n <= latest.revisions:
        there = "one revision" if latest.revisions == 1 else f"{latest.revisions} revisions"
        raise NotOnRecord(f"{latest.id} has {there}, and {n} is none of them")
    return get(f"{latest.id}@{n}")


def with_changes(get: Get, id: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of ``history``, each with what changed against the one before: ``substantive``, counts by kind."""
    told = []
    for row in rows:
        if row["revision"] == 1:
            told.append(row | {"substantive": None, "changes": {}})
            continue
        found = diff(get, id, row["revision"] - 1, row["revision"])
        kinds = Counter(change.kind for change in found.changes)
        told.append(row | {"substantive": found.substantive, "changes": dict(kinds.most_common())})
    return told


def compare(get: Get, a: str, b: str) -> Comparison:
    """Two editions (or revisions) aligned; see ``Record.compare``."""
    from onrecord.editions.compare import compare as aligned

    return _named(aligned(get(a), get(b), default_encoder), parse(a), parse(b))


def _named(comparison: Comparison, a: Id, b: Id) -> Comparison:
    """The comparison with the revisions that were asked for."""
    names = [
        f"{edition}@{id.revision}" if id.revision else edition for edition, id in ((comparison.a, a), (comparison.b, b))
    ]
    return msgspec.structs.replace(comparison, a=names[0], b=names[1])


def omissions(
    record: Record,
    filters: Filters,
    *,
    present_in: str | None,
    absent_from: str | None,
    progress: Callable[[str], object] | None,
) -> Iterator[Omission]:
    """The omissions of every occasion that fits, in the order of the occasions; see ``Record.omissions``."""
    from onrecord.editions.omissions import omissions as between

    present, absent = _meant(record, present_in), _meant(record, absent_from)
    chosen = [named for named in (present, absent) if isinstance(named, Edition)]
    if len({edition.occasion for edition in chosen}) > 1:
        raise BadQuery(f"{present_in} and {absent_from} are of different occasions")
    revisions = [edition for edition in chosen if parse(edition.id).revision]
    encoder: Callable[[], Encoder] = default_encoder

    def of_the_sort(edition: Edition) -> bool:
        return filters.lang in (None, edition.lang) and filters.kind in (None, edition.kind)

    def fits(turn: Turn) -> bool:
        return filters.outlet in (None, turn.outlet) and filters.person in (None, turn.person)

    def rows() -> Iterator[Omission]:
        least = 1 if revisions or not filters.latest else 2
        for occasion in record.occasions(
            source=filters.source, country=filters.country, since=filters.since, until=filters.until, least=least
        ):
            if chosen and occasion.id != chosen[0].occasion:
                continue
            told = False
            for group in _groups(record, occasion, revisions, latest=filters.latest):
                having = {
                    edition.id: asked
                    for edition in group
                    if _is(edition, present)
                    and filters.lang in (None, edition.lang)
                    and filters.kind in (None, edition.kind)
                    if (asked := {turn.exchange for turn in edition.turns if fits(turn)})
                }
                lacking = {edition.id for edition in group if _is(edition, absent)}
                if not any(lacking - {id} for id in having):
                    continue
                if progress is not None and not told:
                    progress(occasion.id)
                    told = True
                for row in between([one for one in group if one.id in having or one.id in lacking], encoder):
                    if row.exchange in having.get(row.present_in, ()) and row.absent_from in lacking:
                        yield row

    return rows()


def _meant(record: Record, name: str | None) -> Edition | str | None:
    """The edition of that id (its id keeps the ``@`` it was asked for with), or the kind of editions."""
    if name is None:
        return None
    if "/" not in name:
        if next(record.editions(kind=check_kind(name)), None) is None:
            raise NotOnRecord(f"{name!r} is neither a kind of edition on the record nor the whole id of an edition")
        return name
    id = parse(name)
    if id.exchange is not None or id.span is not None:
        raise BadId(f"{name!r} is a part of {id.edition}, and a whole edition is asked for")
    edition = record[name]
    return msgspec.structs.replace(edition, id=f"{edition.id}@{id.revision}") if id.revision else edition


def _groups(record: Record, occasion: Occasion, revisions: list[Edition], *, latest: bool) -> Iterator[list[Edition]]:
    """Editions to be compared with each other: those of the occasion, each as it is now, with ``revisions``.

    Without ``latest``, then each earlier revision with the latest one.
    """
    asked = {edition.id for edition in revisions}
    editions = [record[listed.id] for listed in occasion.editions]
    yield [edition for edition in editions if f"{edition.id}@{edition.revision}" not in asked] + revisions
    if not latest:
        for edition in editions:
            for n in range(1, edition.revisions):
                if (id := f"{edition.id}@{n}") not in asked:
                    yield [msgspec.structs.replace(record[id], id=id), edition]


def _is(edition: Edition, named: Edition | str | None) -> bool:
    """Whether an edition is the one that is meant, or of that kind."""
    return named is None or named == edition.kind or (isinstance(named, Edition) and named.id == edition.id)
