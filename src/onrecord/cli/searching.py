"""``onrecord search``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from onrecord.cli.options import ALL, HERE, Filters, Json, Place, WrongUsage, check_count
from onrecord.cli.terminal import counted, marked, plain, print_json, styled

if TYPE_CHECKING:
    from onrecord.model import Hit, Hits
    from onrecord.record import Record

_FACET_VALUES = 5
_FACET_LIMIT = 50
"""Values of a facet that a search counts at most."""
_NAMES = 5


def search(
    *query: Annotated[str, Parameter(allow_leading_hyphen=True)],
    in_: Annotated[Literal["question", "answer"] | None, Parameter(name="--in")] = None,
    by: Literal["words", "meaning", "both"] = "words",
    limit: int = 20,
    offset: int = 0,
    filters: Filters = ALL,
    json: Json = False,
    place: Place = HERE,
) -> int:
    """Find turns by their words.

    Words are ANDed, and English ones stemmed; OR stands between alternatives;
    -word leaves turns out; "an exact phrase" is found in any script; ( ) group.
    Without a query all turns that pass the filters are listed, newest first.

    For example:

      onrecord search tariffs --source us-whitehouse --since 2021
      onrecord search '"人类命运共同体"' --in answer
      onrecord search -Taiwan '"one China"'
      onrecord search 关税 OR tariffs --outlet 路透社 --json

    Parameters
    ----------
    query
        The words; several arguments are one query.
    in_
        Only questions, or only answers.
    by
        By words, by meaning, or by both.
    limit
        How many hits to print; 0 for the counts alone.
    offset
        How many hits to pass over.
    """
    for word in query:
        if word.startswith("--"):
            option = word.partition("=")[0]
            raise WrongUsage(f"no such option: {option} (in a query, put such a word in quotation marks)")
    check_count("--limit", limit)
    check_count("--offset", offset)
    arguments = filters.given()
    with place.open() as record:
        hits = record.search(" ".join(query), in_=in_, by=by, limit=limit, offset=offset, **arguments)
        reasons = [] if json or hits.total else _reasons(record, " ".join(query), in_, arguments)
    if json:
        print_json(as_json(hits))
    else:
        _show(hits, offset)
        for reason in reasons:
            print(f"  {plain(reason)}")
    return 0


def _reasons(record: Record, query: str, in_: str | None, arguments: dict[str, Any]) -> list[str]:
    """What may be why nothing was found: a filter alone in the way, and the values it could have had."""
    reasons = []
    for name in ("source", "lang", "outlet", "person"):
        asked = arguments[name]
        if asked is None:
            continue
        found = record.search(query, in_=in_, limit=0, **{**arguments, name: None}).facets[name]
        parts = asked.casefold().split()
        near = [value for value in found if all(part in value.casefold() for part in parts)]
        named = near or (list(found) if name in ("source", "lang") else [])
        if named:
            among = ", ".join(f"{value} {found[value]:,}" for value in named[:_NAMES])
            reasons.append(f"without --{name} {asked!r} there would be: {among}")
    return reasons


def as_json(hits: Hits) -> dict[str, object]:
    """The contract's shape, and after its fields ``revision`` and ``matches`` (spans in the edition's text)."""
    return {
        "total": hits.total,
        "took_ms": round(hits.took_ms, 3),
        "facets": hits.facets,
        "hits": [
            {
                "id": hit.id,
                "edition": hit.edition,
                "exchange": hit.exchange,
                "turn": hit.turn,
                "date": hit.date,
                "source": hit.source,
                "label": hit.label,
                "outlet": hit.outlet,
                "person": hit.person,
                "role": hit.role,
                "score": hit.score,
                "start": hit.start,
                "end": hit.end,
                "snippet": hit.snippet,
                "revision": hit.revision,
                "matches": hit.matches,
            }
            for hit in hits.hits
        ],
    }


def _show(hits: Hits, offset: int) -> None:
    for hit in hits.hits:
        print(f"{styled(hit.date or 'undated', 'bold')}  {plain(hit.source)}  {_speaker(hit)}")
        print(f"  {marked(hit.snippet)}")
        print(f"  {styled(f'{hit.id}:{hit.start}-{hit.end}', 'dim')}")
        print()
    shown = f", {offset + 1:,} to {offset + len(hits):,} shown" if hits.hits and len(hits) < hits.total else ""
    print(f"{counted(hits.total, 'turn')} in {hits.took_ms:.0f} ms{shown}")
    for name, values in hits.facets.items():
        if values:
            named = [f"{plain(value)} {number:,}" for value, number in list(values.items())[:_FACET_VALUES]]
            more = f", and {len(values) - _FACET_VALUES} more" if len(values) > _FACET_VALUES else ""
            if len(values) >= _FACET_LIMIT:  # how many more was not counted
                more = ", and many more"
            print(f"  {styled(f'{name:7}', 'dim')} {', '.join(named)}{more}")


def _speaker(hit: Hit) -> str:
    """``《环球时报》记者 → Global Times (question)``: the label as printed, and what it resolves to if that differs."""
    resolved = ", ".join(name for name in (hit.person, hit.outlet) if name and name != hit.label)
    who = " → ".join(part for part in (hit.label, resolved) if part) or "speaker not named"
    return f"{plain(who)} ({hit.role})"
