"""A transcript for reading: wrapped to the terminal, with its labels in bold; in a pipe a paragraph a line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from onrecord.cli.columns import Line, Piece, page_width, painted, wrap
from onrecord.cli.terminal import plain
from onrecord.model import Edition, Exchange, Turn
from onrecord.publish.pages.marks import cut, paragraphs, speaker

_SHOWN = ("aside", "bracket", "span", "struck")
"""Kinds of annotation that have a style of their own."""

Indented = tuple[int, Line]
"""A paragraph, and how many columns it is indented."""


def print_transcript(edition: Edition, *, exchanges: Sequence[Exchange], span: tuple[int, int] | None = None) -> None:
    """Prints the exchanges under a head that says what text it is; ``span`` is shown in reverse on a terminal."""
    print_lines(head(edition))
    for exchange in exchanges:
        print_lines(_exchange(edition, exchange, span))


def print_lines(lines: Sequence[Indented] | Iterator[Indented]) -> None:
    """Prints paragraphs, wrapped on a terminal."""
    width = page_width() if sys.stdout.isatty() else 0
    for indent, pieces in lines:
        for line in wrap(pieces, width - indent) if width else [pieces]:
            print((" " * indent + painted(line)).rstrip())


def head(edition: Edition) -> list[Indented]:
    """What text it is: title, id, day, kind, language, speakers, address, and what to know of its reading."""
    facts = [
        f"{edition.id}@{edition.revision}",
        f"revision {edition.revision} of {edition.revisions}",
        edition.date or "undated",
        edition.kind,
        edition.lang or "language not known",
    ]
    lines: list[Indented] = [
        (0, [(plain(" ".join((edition.title or "Untitled").split())), "bold")]),
        (0, [(plain(", ".join(facts)), "dim")]),
    ]
    if edition.people:
        lines.append((0, [(plain(", ".join(edition.people)), "dim")]))
    if edition.url:
        lines.append((0, [(plain(edition.url), "dim")]))
    lines += [(0, [("Note: ", "note"), (plain(notice), "note")]) for notice in edition.notices]
    return lines


def _exchange(edition: Edition, exchange: Exchange, span: tuple[int, int] | None) -> Iterator[Indented]:
    yield 0, []
    yield 0, [(f"#{exchange.n}", "number")]
    for turn in exchange.turns:
        yield 2, label(turn)
        for start, end in paragraphs(edition.text, turn.start, turn.end):
            yield 4, words(edition, start, end, span)


def label(turn: Turn) -> Line:
    """Who speaks, as printed and as resolved, and what the turn does."""
    name, rest = speaker(turn)
    return [*([(name, "bold"), (" ", "")] if name else []), (rest, "dim")]


def words(edition: Edition, start: int, end: int, span: tuple[int, int] | None = None) -> list[Piece]:
    """The text from start to end; struck words stand between ~~ ~~."""
    return [shown(text, kinds) for text, kinds in cut(edition, start, end, span)]


def shown(text: str, kinds: Sequence[str]) -> Piece:
    """Words that stand in annotations of these kinds."""
    style = " ".join(kind for kind in kinds if kind in _SHOWN)
    return f"~~{text}~~" if "struck" in kinds else text, style
