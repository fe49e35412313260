"""``onrecord search``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from onrecord.cli.options import ALL, HERE, Filters, Json, Place, WrongUsage, check_count
from onrecord.cli.terminal import counted, marked, plain, print_json, styled

if TYPE_CHECKING:
    from onrecord.model import Hit, Hits

_FACET_VALUES = 5


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
    if json:
        print_json(as_json(hits))
    else:
        _show(hits, offset)
    return 0


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
            print(f"  {styled(f'{name:7}', 'dim')} {', '.join(named)}{more}")


def _speaker(hit: Hit) -> str:
    """``《环球时报》记者 → Global Times (question)``: the label as printed, and what it resolves to if that differs."""
    resolved = ", ".join(name for name in (hit.person, hit.outlet) if name and name != hit.label)
    who = " → ".join(part for part in (hit.label, resolved) if part) or "speaker not named"
    return f"{plain(who)} ({hit.role})"
