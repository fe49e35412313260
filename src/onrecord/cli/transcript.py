"""A transcript for reading: wrapped to the terminal, with its labels in bold; in a pipe a paragraph a line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise

from onrecord.cli.terminal import coloured, plain
from onrecord.model import Edition, Exchange, Turn

Piece = tuple[str, str]
"""Some text, and the style it is shown in (rich's words; "" for none)."""

_STYLES = {"struck": "strike", "bracket": "cyan", "aside": "italic"}


def print_transcript(edition: Edition, *, exchanges: Sequence[Exchange], span: tuple[int, int] | None = None) -> None:
    """Prints the exchanges under a head that says what text it is; ``span`` is shown in reverse on a terminal."""
    lines = [*_head(edition), *(line for exchange in exchanges for line in _exchange(edition, exchange, span))]
    if not sys.stdout.isatty():
        for indent, pieces in lines:
            print((" " * indent + "".join(text for text, _ in pieces)).rstrip())
        return
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(highlight=False, no_color=not coloured(sys.stdout))
    for indent, pieces in lines:
        console.print(Padding(Text.assemble(*pieces), (0, 0, 0, indent), expand=False))


def _head(edition: Edition) -> list[tuple[int, list[Piece]]]:
    facts = [
        f"{edition.id}@{edition.revision}",
        f"revision {edition.revision} of {edition.revisions}",
        edition.date or "undated",
        edition.kind,
        edition.lang or "language not known",
    ]
    lines: list[tuple[int, list[Piece]]] = [
        (0, [(plain(" ".join((edition.title or "Untitled").split())), "bold")]),
        (0, [(plain(", ".join(facts)), "dim")]),
    ]
    if edition.people:
        lines.append((0, [(plain(", ".join(edition.people)), "dim")]))
    if edition.url:
        lines.append((0, [(plain(edition.url), "dim")]))
    lines += [(0, [("Note: ", "yellow"), (plain(notice), "yellow")]) for notice in edition.notices]
    return lines


def _exchange(edition: Edition, exchange: Exchange, span: tuple[int, int] | None) -> list[tuple[int, list[Piece]]]:
    lines: list[tuple[int, list[Piece]]] = [(0, []), (0, [(f"#{exchange.n}", "bold cyan")])]
    for turn in exchange.turns:
        lines.append((2, _label(turn)))
        for start, end in _paragraphs(edition.text, turn):
            lines.append((4, _pieces(edition, start, end, span)))
    return lines


def _label(turn: Turn) -> list[Piece]:
    resolved = ", ".join(name for name in (turn.person, turn.outlet) if name and name != turn.label)
    label = plain(turn.label) if turn.label else ""
    arrow = "→ " if label else ""
    rest = " ".join(part for part in (f"{arrow}{plain(resolved)}" if resolved else "", f"({turn.role})") if part)
    return [(label, "bold"), (" " if label else "", ""), (rest, "dim")]


def _paragraphs(text: str, turn: Turn) -> list[tuple[int, int]]:
    found, at = [], turn.start
    for paragraph in text[turn.start : turn.end].split("\n"):
        if paragraph.strip():
            found.append((at, at + len(paragraph)))
        at += len(paragraph) + 1
    return found


def _pieces(edition: Edition, start: int, end: int, span: tuple[int, int] | None) -> list[Piece]:
    """The text from start to end, cut where an annotation or the span begins or ends."""
    marks = [(a.start, a.end, a.kind) for a in edition.annotations if a.start < end and start < a.end]
    if span is not None and span[0] < end and start < span[1]:
        marks.append((*span, "span"))
    cuts = sorted({start, end, *(min(max(edge, start), end) for mark in marks for edge in mark[:2])})
    pieces: list[Piece] = []
    for begin, stop in pairwise(cuts):
        kinds = {kind for first, last, kind in marks if first <= begin and stop <= last}
        words = plain(edition.text[begin:stop])
        style = " ".join(_STYLES[kind] for kind in sorted(kinds) if kind in _STYLES)
        if "struck" in kinds:
            words = f"~~{words}~~"
        pieces.append((words, f"{style} reverse".strip() if "span" in kinds else style))
    return pieces
