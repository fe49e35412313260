"""``onrecord occasion``: which editions are of one briefing, and putting right which one an edition is of."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

from cyclopts import App, Parameter

from onrecord.cli.options import ALL, HERE, Filters, Json, Place, check_count
from onrecord.cli.terminal import counted, plain, print_json, styled

occasion = App(
    name="occasion",
    help="""List the occasions with their editions, or move an edition to another one.

An occasion is one briefing as it was held; its editions are the texts published
of it. Pages are put together by source, day and words when they are added.

For example:

  onrecord occasion list --since 2023-07
  onrecord occasion move cn-mfa/2023-07-26/en.excerpt-1 cn-mfa/2023-07-26.2
""",
    version_flags=[],
)


@occasion.command
def move(
    edition: str, to: Annotated[str, Parameter(name="OCCASION")], /, *, json: Json = False, place: Place = HERE
) -> int:
    """Put an edition, with all its revisions, into another occasion of its source.

    The id it had goes on to lead to it. The ledger keeps that it was moved. The
    occasion need not be there yet.

    For example:

      onrecord occasion move cn-mfa/2023-07-26/en.excerpt-1 cn-mfa/2023-07-26.2

    Parameters
    ----------
    edition
        An edition, by its id or one that it had before.
    to
        An occasion: cn-mfa/2023-07-26, with .2 for the second of that day.
    """
    with place.open() as record:
        before = record[edition].id
        moved = record.move(edition, to)
    if json:
        print_json({"edition": before, "occasion": moved.occasion, "to": moved.id, "moved": moved.id != before})
    elif moved.id == before:
        print(f"{styled(before, 'bold')} is of {moved.occasion} already; nothing was changed")
    else:
        print(f"{styled(before, 'bold')} is now {styled(moved.id, 'bold')}; the old id leads to it")
    return 0


@occasion.command(name="list")
def list_(filters: Filters = ALL, *, limit: int | None = None, json: Json = False, place: Place = HERE) -> int:
    """List the occasions of which some edition fits the filters, with all their editions, by date.

    For example:

      onrecord occasion list --source cn-mfa --since 2023-07
      onrecord occasion list --json --limit 10

    Parameters
    ----------
    limit
        At most so many occasions.
    """
    check_count("--limit", limit)
    with place.open() as record:
        found = list(islice(record.occasions(**filters.given()), limit))
    if json:
        print_json(found)
        return 0
    for one in found:
        print(styled(one.id, "bold"))
        for edition in one.editions:
            name = edition.id.removeprefix(f"{one.id}/")
            facts = [counted(edition.exchanges, "exchange"), counted(edition.revisions, "revision")]
            title = " ".join((edition.title or "Untitled").split())
            print(f"  {styled(name, 'bold')}  {plain(title)} ({', '.join(facts)})")
    return 0
