"""Exact phrases: a folded text to the tantivy query that finds the turns containing it, no more and no fewer.

A phrase cut into tokens t1 … tn stands in a turn exactly where the turn has, at positions one after another, a token
that ends with t1, then t2 … as they are, then a token that begins with tn (see ``analysis``); a phrase of one token
stands inside a token.  The tokens that end, begin or go on so are read off the index's vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import tantivy
from tantivy import Occur, Query

from onrecord.index import analysis

_FEW = 64  # phrase queries side by side; beyond, one query over patterns is faster (measured at 1 M turns)
_MAX_STATES = 700  # tantivy refuses a pattern of more than 1,000 states; one byte is about one state
_MAX_EXPANSION = 8_000  # tantivy refuses a phrase of patterns that expands to more than 16,384 terms


class Vocabulary:
    """The terms of the field ``exact`` as one string, which ``str.find`` goes through at gigabytes a second."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._lines = "\n".join(["", *(term for term, _ in searcher.terms_with_prefix("exact", "")), ""])

    def __contains__(self, term: str) -> bool:
        return f"\n{term}\n" in self._lines

    def containing(self, part: str) -> list[str]:
        return self._having(part)

    def beginning(self, start: str) -> list[str]:
        return self._having("\n" + start)

    def ending(self, end: str) -> list[str]:
        return self._having(end + "\n")

    def _having(self, part: str) -> list[str]:
        lines, found = self._lines, []
        at = lines.find(part)
        while at >= 0:
            begin = at + 1 if part[0] == "\n" else lines.rfind("\n", 0, at) + 1
            end = lines.find("\n", begin)
            found.append(lines[begin:end])
            at = lines.find(part, end)
        return found


def phrase_query(schema: tantivy.Schema, vocabulary: Vocabulary, folded: str) -> Query:
    """The query for the turns whose folded words contain ``folded`` (which is not white space alone)."""
    if len(folded) > 1 and analysis.UNSPACED_RUN.fullmatch(folded):
        pairs = analysis.pair_tokens(folded)
        if len(pairs) == 1:
            return Query.term_query(schema, "pairs", pairs[0][1])
        return Query.phrase_query(schema, "pairs", list(pairs))
    tokens = analysis.exact_tokens(folded)
    if len(tokens) == 1:
        return any_of_terms(schema, "exact", vocabulary.containing(tokens[0]))
    first, *middle, last = tokens
    if not all(token in vocabulary for token in middle):
        return Query.empty_query()
    firsts, lasts = vocabulary.ending(first), vocabulary.beginning(last)
    if len(firsts) * len(lasts) <= _FEW or any(len(token.encode()) > _MAX_STATES for token in tokens):
        return any_of([Query.phrase_query(schema, "exact", [a, *middle, z]) for a in firsts for z in lasts])
    between = [re.escape(token) for token in middle]
    return any_of(
        [
            Query.regex_phrase_query(schema, "exact", [a, *between, z])
            for a in _patterns(firsts, first, at_end=True)
            for z in _patterns(lasts, last, at_end=False)
        ]
    )


def any_of(queries: list[Query]) -> Query:
    """The queries' union."""
    if len(queries) < 2:
        return queries[0] if queries else Query.empty_query()
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def any_of_terms(schema: tantivy.Schema, field: str, terms: list[str]) -> Query:
    """The union of terms: ranked while they are few, as a plain set of turns when they are many."""
    if len(terms) > _FEW:
        return Query.term_set_query(schema, field, terms)
    return any_of([Query.term_query(schema, field, term) for term in terms])


def _patterns(terms: list[str], part: str, *, at_end: bool) -> Iterable[str]:
    """Regular expressions that together match exactly ``terms``: all the terms that end (or begin) with ``part``."""
    if sum(len(term.encode()) + 1 for term in terms) <= _MAX_STATES:
        return ["(" + "|".join(map(re.escape, terms)) + ")"]
    if len(terms) <= _MAX_EXPANSION:
        return [f"(?s:.)*{re.escape(part)}" if at_end else f"{re.escape(part)}(?s:.)*"]
    found: list[str] = []
    groups: dict[str, list[str]] = {}
    for term in terms:
        size = len(part) + 1
        groups.setdefault(term[-size:] if at_end else term[:size], []).append(term)
    for longer, group in groups.items():
        found.extend([re.escape(longer)] if longer == part else _patterns(group, longer, at_end=at_end))
    return found
