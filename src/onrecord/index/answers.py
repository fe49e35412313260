"""From a tantivy query to an answer: the hits of one page in order, the total, and the facets."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping
from concurrent.futures import Executor, Future
from threading import Lock
from typing import Any

import msgspec
import tantivy
from tantivy import Query

from onrecord.index import analysis
from onrecord.index.analysis import exact_tokens
from onrecord.index.phrases import Vocabulary
from onrecord.index.query import And, Node, Not, Or, Phrase, Word
from onrecord.index.strata import Strata

FACETS = ("source", "year", "outlet", "person", "lang")
_FACET_ROWS = 50
_MOST_TIES = 4_096
_SPARE = 96  # hits fetched beyond the page, which for most queries settles the order of the page's last
_FEW = 512  # hits that are all fetched, so that they are ranked and counted in one pass …
_FEW_OF_PHRASES = 4_096  # … and of phrases, where a second pass takes longer than fetching so many
_HEAVY = 20_000  # turns to look at from which ranking and counting side by side is worth a second thread

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


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of an answer: the query, the tree it was made from, whether words rank the hits, and which page."""

    query: Query
    node: Node | None
    ranked: bool
    limit: int
    offset: int


def answer(view: View, pool: Executor, wanted: Wanted, counts: Counts | None) -> tuple[list[Hit], Counts]:
    """The hits of the page in order, and the counts if they are not known yet.

    Going through all that match is what takes the time.  Where phrases are looked for, or little is expected, one pass
    fetches more than the page: if that is everything, it is counted from there.  Otherwise tantivy counts in a second
    pass, beside the first where much is expected.
    """
    counting: Future[Counts] | None = None
    first: list[Hit] | None = None
    if counts is None:
        heft = _heft(view, wanted.node)
        slow = _has_slow_phrase(wanted.node)
        if heft > _HEAVY * (5 if slow else 1):
            counting = pool.submit(_count, view, wanted.query)
        if counting is None or slow:
            most = _FEW_OF_PHRASES if slow else _FEW
            first = view.searcher.search(wanted.query, most + 1, count=False).hits
            if len(first) <= most:
                counts = _count_hits(view, first)
                if counting is not None:
                    counting.cancel()
                return _in_order(view, wanted, first), counts
    page = _page(view, wanted, first) if wanted.limit > 0 else []
    if counts is None:
        counts = counting.result() if counting is not None else _count(view, wanted.query)
    return page, counts


def _heft(view: View, node: Node | None) -> int:
    """About how many turns a search for this has to look at, at most."""
    match node:
        case Word(stem):
            return view.searcher.doc_freq("words", stem)
        case Phrase(folded):
            if len(folded) > 1 and analysis.UNSPACED_RUN.fullmatch(folded):
                field, tokens = "pairs", [folded[at : at + 2] for at in range(len(folded) - 1)]
            else:
                field, tokens = "exact", exact_tokens(folded)
            return min((view.searcher.doc_freq(field, token) for token in tokens), default=0)
        case And(of):
            return min(_heft(view, child) for child in of)
        case Or(of):
            return sum(_heft(view, child) for child in of)
    return view.searcher.num_docs


def _has_slow_phrase(node: Node | None) -> bool:
    """Whether positions have to be compared."""
    match node:
        case Phrase(folded):
            return len(folded) > 2 or not analysis.UNSPACED_RUN.fullmatch(folded)
        case Not(of):
            return _has_slow_phrase(of)
        case And(of) | Or(of):
            return any(map(_has_slow_phrase, of))
    return False


def _page(view: View, wanted: Wanted, hits: list[Hit] | None) -> list[Hit]:
    """The page, from the best hits if they were fetched already."""
    search = view.searcher.search
    if not wanted.ranked:
        hits = search(wanted.query, wanted.limit, count=False, offset=wanted.offset, order_by_field="recency").hits
        return [(0.0, address) for _, address in hits]
    # tantivy leaves hits of one score in the order of its segments: to sort them, all that have the score of the
    # page's last are needed.
    end = wanted.offset + wanted.limit
    number = max(end + _SPARE, len(hits or ()))
    if hits is None or len(hits) < number:
        hits = search(wanted.query, number, count=False).hits
    while len(hits) == number and number < end + _MOST_TIES and hits[-1][0] == hits[end - 1][0]:
        number = min(end + 8 * (number - end), end + _MOST_TIES)
        hits = search(wanted.query, number, count=False).hits
    return _in_order(view, wanted, hits)


def _in_order(view: View, wanted: Wanted, hits: list[Hit]) -> list[Hit]:
    """The page out of enough hits, best first: by score, then newest first."""
    end = wanted.offset + max(0, wanted.limit)
    if not wanted.ranked:
        hits = [(0.0, address) for _, address in hits]
    elif len(hits) > end > 0:
        last = end
        while last < len(hits) and hits[last][0] == hits[end - 1][0]:
            last += 1
        hits = hits[:last]
    recency = view.searcher.fast_field_values("recency", [address for _, address in hits])
    ordered = sorted(zip(hits, recency, strict=True), key=lambda hit: (-hit[0][0], -int(hit[1] or 0)))
    return [hit for hit, _ in ordered[wanted.offset : end]]


def _count(view: View, query: Query) -> Counts:
    """The total and facets, counted by tantivy."""
    sizes = {"setting": len(view.strata.settings), "voice": len(view.strata.voices)}
    asked = {name: {"terms": {"field": name, "size": max(1, min(size, 65_000))}} for name, size in sizes.items()}
    answer: dict[str, Any] = view.searcher.aggregate(query, asked)
    numbers = {
        name: {int(bucket["key"]): int(bucket["doc_count"]) for bucket in answer[name]["buckets"]} for name in sizes
    }
    total = sum(numbers["setting"].values()) + int(answer["setting"]["sum_other_doc_count"])
    return total, _facets(view, numbers)


def _count_hits(view: View, hits: list[Hit]) -> Counts:
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
