"""Search by words: the query language, the index of every turn, and highlighted snippets."""

from onrecord.index.answers import FACETS
from onrecord.index.filters import Filters
from onrecord.index.query import parse
from onrecord.index.snippet import Plan
from onrecord.index.words import Found, Terms, WordIndex, cut

__all__ = ["FACETS", "Filters", "Found", "Plan", "Terms", "WordIndex", "cut", "parse"]
