"""Exact phrases: a folded text to the tantivy query that finds the turns containing it, no more and no fewer.

A phrase cut into tokens t1 … tn stands in a turn exactly where the turn has, at positions one after another, a token
that ends with t1, then t2 … as they are, then a token that begins with tn (see ``analysis``); a phrase of one token
stands inside a token.  The tokens that end, begin or go on so are read off the index's vocabulary.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property
from typing import Protocol

import tantivy
from tantivy import Occur, Query

from onrecord.index import analysis

_FEW = 64  # phrase queries side by side; beyond, one query over patterns is faster (measured at 1 M turns)
_MAX_STATES = 700  # tantivy refuses a pattern of more than 1,000 states; one byte is about one state
_MAX_EXPANSION = 8_000  # tantivy refuses a phrase of patterns that expands to more than 16,384 terms


class Vocabulary:
    """The terms of the field ``exact``, laid out for three questions; each layout is made when it is first needed."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._terms = sorted(term for term, _ in searcher.terms_with_prefix("exact", ""))

    @cached_property
    def _reversed(self) -> list[str]:
        return sorted(term[::-1] for term in self._terms)

    @cached_property
    def _lines(self) -> tuple[str, str]:
        """All terms in one string to search through; those of ASCII apart, where searching takes a quarter the time."""
        plain = [term for term in self._terms if term.isascii()]
        other = [term for term in self._terms if not term.isascii()]
        return "\n".join(["", *plain, ""]), "\n".join(["", *other, ""])

    def __contains__(self, term: str) -> bool:
        at = bisect_left(self._terms, term)
        return at < len(self._terms) and self._terms[at] == term

    def beginning(self, start: str) -> list[str]:
        """The terms that begin so."""
        return _beginning(self._terms, start)

    def ending(self, end: str) -> list[str]:
        """The terms that end so."""
        return [term[::-1] for term in _beginning(self._reversed, end[::-1])]

    def containing(self, part: str) -> list[str]:
        """The terms that have it anywhere in them."""
        found = []
        for lines in self._lines if part.isascii() else self._lines[1:]:
            at = lines.find(part)
            while at >= 0:
                end = lines.find("\n", at)
                found.append(lines[lines.rfind("\n", 0, at) + 1 : end])
                at = lines.find(part, end)
        return found


def _beginning(terms: list[str], start: str) -> list[str]:
    """The slice of sorted terms that begin so."""
    first = bisect_left(terms, start)
    after = start.rstrip("\U0010ffff")  # the least string that is greater than all that begin so
    last = bisect_left(terms, after[:-1] + chr(ord(after[-1]) + 1)) if after else len(terms)
    return terms[first:last]


class HasVocabulary(Protocol):
    """A state of the index: its schema, and its vocabulary, which is made when it is first asked for."""

    schema: tantivy.Schema

    @property
    def vocabulary(self) -> Vocabulary: ...


def phrase_query(view: HasVocabulary, folded: str) -> Query:
    """The query for the turns whose folded words contain ``folded`` (which is not white space alone).

    A phrase of a script written without spaces needs no vocabulary, and does not wait for it.
    """
    schema = view.schema
    if len(folded) > 1 and analysis.UNSPACED_RUN.fullmatch(folded):
        pairs = analysis.pair_tokens(folded)
        if len(pairs) == 1:
            return Query.term_query(schema, "pairs", pairs[0][1])
        return Query.phrase_query(schema, "pairs", list(pairs))
    tokens, vocabulary = analysis.exact_tokens(folded), view.vocabulary
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
