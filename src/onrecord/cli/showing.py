"""``onrecord show``, ``history`` and ``stats``."""

from __future__ import annotations

from typing import Any

from onrecord.cli.options import HERE, Json, Place, check_count
from onrecord.cli.terminal import counted, plain, print_json, styled, write


def show(id: str, /, *, json: Json = False, place: Place = HERE) -> int:
    """Print an edition to read, or one exchange (#3) or revision (@2) of it.

    Struck-through words stand between ~~ ~~. With --json a line as export prints
    it; for an exchange the same with only its turns, whose start and end count
    in the whole text.

    For example:

      onrecord show cn-mfa/2023-07-26/zh
      onrecord show cn-mfa/2023-07-26/zh#3
      onrecord show us-whitehouse/2023-07-26/en@1 --json

    Parameters
    ----------
    id
        As search prints it: cn-mfa/2023-07-26/zh, with @2 for a revision, #3 for an exchange.
    """
    from onrecord import ids
    from onrecord.errors import NotOnRecord

    parsed = ids.parse(id)
    with place.open() as record:
        edition = record[id]
        if parsed.span is not None and parsed.span[1] > len(edition.text):
            raise NotOnRecord(
                f"{edition.id} has {len(edition.text)} characters, so {parsed.span[1]} lies beyond its end"
            )
        chosen = record.exchange_of(edition, id) if parsed.exchange is not None else None
    if json:
        from onrecord.publish.formats.jsonl import limited, line

        write(line(limited(edition, chosen) if chosen else edition))
    else:
        from onrecord.cli.transcript import print_transcript

        print_transcript(edition, exchanges=(chosen,) if chosen else edition.exchanges, span=parsed.span)
    return 0


def history(id: str, /, *, limit: int | None = None, json: Json = False, place: Place = HERE) -> int:
    """List the revisions of an edition, the first first.

    For example:

      onrecord history cn-mfa/2023-07-26/zh

    Parameters
    ----------
    id
        An edition.
    limit
        At most so many revisions.
    """
    check_count("--limit", limit)
    with place.open() as record:
        rows = record.history(id)[:limit]
    if json:
        print_json(rows)
        return 0
    for row in rows:
        pages = counted(row["snapshots"], "page")
        facts = [counted(row["turns"], "turn"), f"{pages} as received", f"SHA-256 {row['sha256'][:16]}…"]
        print(f"{styled('@' + str(row['revision']), 'bold')}  added {row['added']}  {', '.join(facts)}")
        for name in ("title", "url", "fetched"):
            if row[name]:
                print(f"    {styled(f'{name:7}', 'dim')} {plain(row[name])}")
    return 0


def stats(*, json: Json = False, place: Place = HERE) -> int:
    """Print what the record holds, in numbers.

    For example:

      onrecord stats
      onrecord stats --json
    """
    with place.open() as record:
        found = record.stats()
    if json:
        print_json(found)
        return 0
    for name, value in found.items():
        print(f"{styled(f'{name:11}', 'bold')} {_told(value)}")
    return 0


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{plain(str(name))} {number:,}" for name, number in value.items()) or "none"
    return f"{value:,}" if isinstance(value, int) else plain(str(value)) if value is not None else "none"
