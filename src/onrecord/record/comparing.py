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
from onrecord.model import Comparison, Diff, Edition, Omission

if TYPE_CHECKING:
    from onrecord.record import Record

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
    *,
    source: str | None,
    country: str | None,
    lang: str | None,
    kind: str | None,
    outlet: str | None,
    person: str | None,
    since: str | None,
    until: str | None,
    present_in: str | None,
    absent_from: str | None,
    latest: bool,
) -> Iterator[Omission]:
    """The omissions of every occasion that fits, in the order of the occasions; see ``Record.omissions``."""
    from onrecord.editions.omissions import omissions as between

    present_in, absent_from = _whole(record, present_in), _whole(record, absent_from)
    encoder: Callable[[], Encoder] = default_encoder
    least = 2 if latest else 1
    for occasion in record.occasions(source=source, country=country, since=since, until=until, least=least):
        editions = [record[listed.id] for listed in occasion.editions]
        groups = [editions] if len(editions) > 1 else []
        if not latest:
            groups += [
                [msgspec.structs.replace(old, id=f"{old.id}@{old.revision}"), edition]
                for edition in editions
                for old in (record[f"{edition.id}@{n}"] for n in range(1, edition.revisions))
            ]
        by_id = {edition.id: edition for group in groups for edition in group}
        for group in groups:
            for row in between(group, encoder):
                here = by_id[row.present_in]
                asked = [turn for turn in here.turns if turn.exchange == row.exchange]
                if (
                    (lang is None or here.lang == lang)
                    and (kind is None or here.kind == kind)
                    and (outlet is None or any(turn.outlet == outlet for turn in asked))
                    and (person is None or any(turn.person == person for turn in asked))
                    and _is(here, present_in)
                    and _is(by_id[row.absent_from], absent_from)
                ):
                    yield row


def _whole(record: Record, named: str | None) -> str | None:
    """The edition that an id names, by the id it has now; a kind as it is.  Raises BadId, NotOnRecord."""
    if named is None or "/" not in named:
        return named if named is None else check_kind(named)
    wanted = parse(named)
    if wanted.exchange is not None or wanted.span is not None:
        raise BadId(f"{named!r} is a part of an edition, and here stands a whole one, or a kind of edition")
    now = record[wanted.edition].id
    return f"{now}@{wanted.revision}" if wanted.revision else now


def _is(edition: Edition, named: str | None) -> bool:
    """Whether an edition is the one named: by its id, or by its kind."""
    return named is None or named in (edition.id, edition.kind)
