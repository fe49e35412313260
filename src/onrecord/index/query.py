"""The query language: a string to a tree of words and phrases.

    tariffs exports          both words, stemmed as English (``tariff`` is found as well)
    tariffs OR sanctions     either; binds less tightly than words side by side
    -taiwan  -"one China"    without
    "iron-clad commitment"   turns whose folded words contain the folded phrase; also “…” as Chinese keyboards type it
    一个中国 COP14会议         Chinese is cut into words by dictionary, each looked for as it stands, ANDed
    (tariffs OR 关税) -2019   grouping

Reading is lenient, since people type queries in a hurry: a quotation mark that is not closed makes a phrase of the
rest, a parenthesis that is not closed closes at the end, one too many is passed over, as is an OR with nothing beside
it; ``AND`` may be written.  Between straight marks a phrase may hold typographic ones (they fold to straight), and
between typographic ones straight ones.  White space at the ends of a phrase is not part of it.  Punctuation outside
quotation marks only separates words, except that ``U.S.`` is one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from onrecord.errors import BadQuery
from onrecord.index import analysis
from onrecord.reading.fold import fold

MAX_LENGTH = 2_000
"""Characters a query may have."""

MAX_CLAUSES = 64
"""Words and phrases a query may have; a run of Chinese counts as the words it is cut into."""

_MAX_DEPTH = 32


class Word(msgspec.Struct, frozen=True, tag=True):
    """A stemmed word of a language that puts spaces between words."""

    stem: str


class Phrase(msgspec.Struct, frozen=True, tag=True):
    """A folded text that the folded words of a turn must contain."""

    folded: str


class And(msgspec.Struct, frozen=True, tag=True):
    """All of two or more."""

    of: tuple[Node, ...]


class Or(msgspec.Struct, frozen=True, tag=True):
    """Any of two or more."""

    of: tuple[Node, ...]


class Not(msgspec.Struct, frozen=True, tag=True):
    """Everything else."""

    of: Node


Node = Word | Phrase | And | Or | Not

_TOKEN = re.compile(
    r'"(?P<straight>[^"]*)"?|“(?P<curly>[^”]*)”?|(?P<sign>[()]|(?<![^\s("”“])-(?=[^\s\-)]))|(?P<word>(?:[^\s()"“]+))'
)


def parse(query: str) -> Node | None:
    """The tree of a query, or None for one that asks for nothing (empty or white space): every turn.

    Raises BadQuery, with one sentence, for a query that is too long or holds marks but nothing to look for.
    """
    if len(query) > MAX_LENGTH:
        raise BadQuery(f"The query is longer than {MAX_LENGTH:,} characters.")
    if not query.strip():
        return None
    query = query.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair cannot be looked for
    reader = _Reader(_TOKEN.finditer(query))
    found = reader.alternatives(0)
    while reader.token is not None:  # a parenthesis too many: pass over it
        reader.advance()
        found = _joined(And, [found, reader.alternatives(0)])
    if found is None:
        raise BadQuery('The query holds nothing to look for; put punctuation in quotation marks, as in "?".')
    return found


def positives(node: Node | None) -> tuple[frozenset[str], tuple[str, ...]]:
    """The stems and the folded phrases that a hit may contain because they were asked for, for highlighting."""
    stems: set[str] = set()
    phrases: dict[str, None] = {}

    def walk(node: Node | None) -> None:
        if isinstance(node, Word):
            stems.add(node.stem)
        elif isinstance(node, Phrase):
            phrases[node.folded] = None
        elif isinstance(node, And | Or):
            for child in node.of:
                walk(child)

    walk(node)
    return frozenset(stems), tuple(phrases)


class _Reader:
    """Recursive descent over the tokens: alternatives (OR) of conjunctions of clauses."""

    def __init__(self, tokens: Iterator[re.Match[str]]) -> None:
        self._tokens = tokens
        self._clauses = 0
        self.advance()

    def advance(self) -> None:
        self.token = next(self._tokens, None)

    def alternatives(self, depth: int) -> Node | None:
        if depth > _MAX_DEPTH:
            raise BadQuery(f"The query has more than {_MAX_DEPTH} parentheses inside one another.")
        found = [self._conjunction(depth)]
        while self.token is not None and self.token["word"] == "OR":
            self.advance()
            found.append(self._conjunction(depth))
        return _joined(Or, found)

    def _conjunction(self, depth: int) -> Node | None:
        found: list[Node | None] = []
        while self.token is not None and self.token["word"] != "OR" and self.token["sign"] != ")":
            found.append(self._clause(depth))
        return _joined(And, found)

    def _clause(self, depth: int) -> Node | None:
        token = self.token
        assert token is not None
        self.advance()
        if token["sign"] == "-":
            # What is asked to be absent is the one clause that follows, whatever that is.
            inner = self._clause(depth + 1) if self.token is not None else None
            return None if inner is None else Not(inner)
        if token["sign"] == "(":
            inner = self.alternatives(depth + 1)
            if self.token is not None and self.token["sign"] == ")":
                self.advance()
            return inner
        if token["word"] is not None:
            return None if token["word"] == "AND" else self._words(token["word"])
        phrase = token["straight"] if token["straight"] is not None else token["curly"]
        return self._phrase(phrase or "")

    def _phrase(self, phrase: str) -> Node:
        folded = fold(phrase).strip(" ")
        if not folded:
            raise BadQuery("A phrase in quotation marks is empty.")
        return self._counted(Phrase(folded))

    def _words(self, text: str) -> Node | None:
        found: list[Node | None] = []
        for piece, unspaced in analysis.runs(fold(text)):
            if unspaced:
                found.extend(self._counted(Phrase(word)) for word in analysis.unspaced_words(piece))
                continue
            piece = re.sub(r"(?<!\w)((?:[a-z]\.)+[a-z])(?![\w.])", r"\1.", piece)  # "U.S" as "U.S."
            piece = re.sub(r"(?<=\w)'s?(?!\w)", " ", piece)  # "China's" as "China"
            found.extend(self._counted(Word(analysis.stem(word))) for word in analysis.words(piece))
        return _joined(And, found)

    def _counted(self, node: Node) -> Node:
        self._clauses += 1
        if self._clauses > MAX_CLAUSES:
            raise BadQuery(f"The query has more than {MAX_CLAUSES} words and phrases.")
        return node


def _joined(kind: type[And] | type[Or], nodes: list[Node | None]) -> Node | None:
    """The nodes that are something, each once, joined if they are several."""
    present = tuple(dict.fromkeys(node for node in nodes if node is not None))
    if len(present) < 2:
        return present[0] if present else None
    return kind(present)
