"""``onrecord show``, ``history`` and ``stats``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from onrecord.cli.options import (
    HERE,
    Html,
    Json,
    Place,
    WrongUsage,
    check_count,
    check_html,
    other_edition,
)
from onrecord.cli.terminal import counted, plain, print_json, save, styled, write
from onrecord.errors import NotOnRecord

if TYPE_CHECKING:
    from onrecord.ids import Id
    from onrecord.model import Edition
    from onrecord.record import Record


def show(
    id: str,
    /,
    *,
    with_: Annotated[str | None, Parameter(name="--with")] = None,
    html: Html = None,
    json: Json = False,
    place: Place = HERE,
) -> int:
    """Print an edition to read, or one exchange (#3) or revision (@2) of it.

    Struck-through words stand between ~~ ~~. With --json a line as export prints
    it; for an exchange the same with only its turns, whose start and end count
    in the whole text. An occasion (cn-mfa/2023-07-26) is printed as a list of its
    editions.

    With --with two editions stand side by side, what says the same on one level;
    < and > mark words that were not found in the other one.

    For example:

      onrecord show cn-mfa/2023-07-26/zh
      onrecord show cn-mfa/2023-07-26/zh#3
      onrecord show us-whitehouse/2023-07-26/en@1 --json
      onrecord show cn-mfa/2023-07-26/zh --with en --html both.html

    Parameters
    ----------
    id
        As search prints it: cn-mfa/2023-07-26/zh, with @2 for a revision, #3 for an exchange.
    with_
        Another edition to stand beside it; en.excerpt-1 is one of the same occasion.
    """
    from onrecord import ids

    check_html(html, json=json)
    if with_ is None and id.count("/") == 1:
        return _show_occasion(id, html, json=json, place=place)
    parsed = ids.parse(id)
    with place.open() as record:
        edition = record[id]
        if parsed.span is not None and parsed.span[1] > len(edition.text):
            raise NotOnRecord(
                f"{edition.id} has {len(edition.text)} characters, so {parsed.span[1]} lies beyond its end"
            )
        chosen = record.exchange_of(edition, id) if parsed.exchange is not None else None
        if with_ is not None:
            _show_both(record, edition, parsed, with_, html, json=json)
            return 0
        exchanges = (chosen,) if chosen else edition.exchanges
        if html is not None:
            from onrecord.publish.pages.html import edition_page
            from onrecord.publish.pages.provenance import provenance

            save(html, edition_page(provenance(record, edition), exchanges, parsed.span))
            return 0
    if json:
        from onrecord.publish.formats.jsonl import limited, line

        write(line(limited(edition, chosen) if chosen else edition))
    else:
        from onrecord.cli.transcript import print_transcript

        print_transcript(edition, exchanges=exchanges, span=parsed.span)
    return 0


def _show_both(record: Record, a: Edition, asked: Id, with_: str, html: Path | None, *, json: bool) -> None:
    """Two editions side by side; where ``asked`` names an exchange, only what belongs to it."""
    from onrecord.publish.pages.rows import sections

    if asked.span is not None:
        raise WrongUsage(
            "--with puts an edition beside an edition or an exchange of one (#3), and not beside characters"
        )
    other = other_edition(a, with_)
    b = record[other]
    found = record.compare(f"{a.id}@{asked.revision}" if asked.revision else a.id, other)
    if json:
        print_json({"a": a, "b": b, "comparison": found})
        return
    shown = [part for part in sections(a, b, found) if asked.exchange is None or asked.exchange in part.a]
    if html is None:
        from onrecord.cli.beside import print_heads, print_sections

        print_heads(a, b)
        print_sections(a, b, shown)
        return
    from onrecord.publish.pages.html import side_by_side
    from onrecord.publish.pages.provenance import provenance

    save(html, side_by_side(provenance(record, a), provenance(record, b), shown))


def _show_occasion(id: str, html: Path | None, *, json: bool, place: Place) -> int:
    """The editions of an occasion."""
    if html is not None:
        raise WrongUsage(f"{id} is an occasion: --html takes one of its editions, which show {id} lists")
    with place.open() as record:
        occasion = record.occasion(id)
    if json:
        print_json(occasion)
        return 0
    for edition in occasion.editions:
        facts = [
            edition.kind,
            edition.lang or "language not known",
            counted(edition.revisions, "revision"),
            counted(edition.exchanges, "exchange"),
        ]
        print(f"{styled(edition.id, 'bold')}  {plain(', '.join(facts))}")
        print(f"    {plain(' '.join((edition.title or 'Untitled').split()))}")
    return 0


def history(id: str, /, *, limit: int | None = None, json: Json = False, place: Place = HERE) -> int:
    """List the revisions of an edition, the first first, and what changed with each.

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
        rows = record.history(id, changes=True)[:limit]
    if json:
        print_json(rows)
        return 0
    from onrecord.publish.pages.changes import told

    for row in rows:
        pages = counted(row["snapshots"], "page")
        facts = [counted(row["turns"], "turn"), f"{pages} as received", f"SHA-256 {row['sha256'][:16]}…"]
        print(f"{styled('@' + str(row['revision']), 'bold')}  added {row['added']}  {', '.join(facts)}")
        if row["substantive"] is not None:
            print(f"    {styled('changed', 'dim')} {told(row['changes'], substantive=row['substantive'])}")
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
