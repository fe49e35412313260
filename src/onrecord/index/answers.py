"""From a tantivy query to an answer: the hits of one page in order, the total, and the facets."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

import tantivy
from tantivy import Query

from onrecord.index import analysis
from onrecord.index.analysis import AFTER, BEFORE
from onrecord.index.phrases import Vocabulary
from onrecord.index.query import And, Node, Or, Phrase, Word
from onrecord.index.strata import Strata

FACETS = ("source", "year", "outlet", "person", "lang")
_FACET_ROWS = 50
_MOST_TIES = 4_096
_FEW = 512  # hits that are all fetched, so that they are ranked and counted in one pass
HEAVY = 20_000
"""Turns to look at from which ranking and counting side by side is worth a second thread."""

Counts = tuple[int, dict[str, dict[str, int]]]
Hit = tuple[Any, tantivy.DocAddress]


class View:
    """One committed state of the index, with what is worked out from it once."""

    def __init__(self, index: tantivy.Index, strata: Strata) -> None:
        self.searcher = index.searcher()
        self.schema = index.schema
        self.strata = strata
        self.has_old = self.searcher.num_docs > 0 and self.searcher.doc_freq("tags", "old") > 0
        self.counts: OrderedDict[object, Counts] = OrderedDict()
        self.lock = Lock()
        self._vocabulary: Vocabulary | None = None

    @property
    def vocabulary(self) -> Vocabulary:
        with self.lock:
            if self._vocabulary is None:
                self._vocabulary = Vocabulary(self.searcher)
            return self._vocabulary


def heft(view: View, node: Node | None) -> int:
    """About how many turns a search for this has to look at, at most."""
    match node:
        case Word(stem):
            return view.searcher.doc_freq("words", stem)
        case Phrase(folded):
            if analysis.UNSPACED_RUN.fullmatch(folded):
                field, tokens = "pairs", [folded[at : at + 2] for at in range(max(1, len(folded) - 1))]
            else:
                field, tokens = "exact", [f"{BEFORE}{token}{AFTER}" for token in folded.split()]
            return min((view.searcher.doc_freq(field, token) for token in tokens), default=0)
        case And(of):
            return min(heft(view, child) for child in of)
        case Or(of):
            return sum(heft(view, child) for child in of)
    return view.searcher.num_docs


def all_if_few(view: View, query: Query) -> list[Hit] | None:
    """Every hit if they are few, found in one pass; else None."""
    hits = view.searcher.search(query, _FEW + 1, count=False).hits
    return hits if len(hits) <= _FEW else None


def page(
    searcher: tantivy.Searcher, query: Query, limit: int, offset: int, *, ranked: bool, every: list[Hit] | None
) -> list[Hit]:
    """Scores and addresses of the hits from ``offset`` on, those of one score newest first."""
    end = offset + limit
    if every is not None:
        hits = every
    elif ranked:
        # tantivy leaves hits of one score in the order of its segments; to sort, all with the last one's are needed.
        wanted = end + 16
        hits = searcher.search(query, wanted, count=False).hits
        while len(hits) == wanted and wanted < end + _MOST_TIES and hits[-1][0] == hits[end - 1][0]:
            wanted = min(end + 8 * (wanted - end), end + _MOST_TIES)
            hits = searcher.search(query, wanted, count=False).hits
    else:
        hits = searcher.search(query, limit, count=False, offset=offset, order_by_field="recency").hits
        return [(0.0, address) for _, address in hits]
    if not ranked:
        hits = [(0.0, address) for _, address in hits]
    recency = searcher.fast_field_values("recency", [address for _, address in hits])
    ordered = sorted(zip(hits, recency, strict=True), key=lambda hit: (-hit[0][0], -int(hit[1] or 0)))
    return [hit for hit, _ in ordered[offset:end]]


def count(view: View, query: Query) -> Counts:
    """The total and facets, counted by tantivy."""
    sizes = {"setting": len(view.strata.settings), "voice": len(view.strata.voices)}
    asked = {name: {"terms": {"field": name, "size": max(1, min(size, 65_000))}} for name, size in sizes.items()}
    answer: dict[str, Any] = view.searcher.aggregate(query, asked)
    numbers = {
        name: {int(bucket["key"]): int(bucket["doc_count"]) for bucket in answer[name]["buckets"]} for name in sizes
    }
    total = sum(numbers["setting"].values()) + int(answer["setting"]["sum_other_doc_count"])
    return total, _facets(view, numbers)


def count_hits(view: View, hits: list[Hit]) -> Counts:
    """The same of hits that are all there are."""
    addresses = [address for _, address in hits]
    numbers = {name: Counter(view.searcher.fast_field_values(name, addresses)) for name in ("setting", "voice")}
    return len(hits), _facets(view, numbers)


def _facets(view: View, numbers: Mapping[str, Mapping[Any, int]]) -> dict[str, dict[str, int]]:
    counters: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for name, rows, fields in (
        ("setting", view.strata.settings, ("source", "lang", "year")),
        ("voice", view.strata.voices, ("outlet", "person")),
    ):
        for stratum, number in numbers[name].items():
            for field, value in zip(fields, rows[stratum], strict=True):
                if value is not None:
                    counters[field][value] += number
    return {
        name: dict(sorted(counter.items(), key=lambda row: (-row[1], row[0]))[:_FACET_ROWS])
        for name, counter in counters.items()
    }
