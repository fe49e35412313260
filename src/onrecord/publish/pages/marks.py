"""The words of a span cut where an annotation begins or ends, so that struck words can be shown struck."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from onrecord.model import Edition, Turn
from onrecord.publish.plain import plain

Cut = tuple[str, tuple[str, ...]]
"""Words, and the kinds of annotation they stand in, sorted; ``span`` for those that were asked for."""


def cut(edition: Edition, start: int, end: int, span: tuple[int, int] | None = None) -> list[Cut]:
    """The text from ``start`` to ``end`` in order; ``span`` is marked like an annotation."""
    marks = [(a.start, a.end, a.kind) for a in edition.annotations if a.start < end and start < a.end]
    if span is not None and span[0] < end and start < span[1]:
        marks.append((*span, "span"))
    cuts = sorted({start, end, *(min(max(edge, start), end) for mark in marks for edge in mark[:2])})
    return [
        (
            plain(edition.text[begin:stop]),
            tuple(sorted({kind for first, last, kind in marks if first <= begin and stop <= last})),
        )
        for begin, stop in pairwise(cuts)
    ]


def paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of the paragraphs that are not blank between two offsets."""
    at = start
    for paragraph in text[start:end].split("\n"):
        if paragraph.strip():
            yield at, at + len(paragraph)
        at += len(paragraph) + 1


def speaker(turn: Turn) -> tuple[str, str]:
    """Who speaks: the label as printed, and ``→ Reuters (question)``, what it resolves to with what the turn does."""
    resolved = ", ".join(name for name in (turn.person, turn.outlet) if name and name != turn.label)
    label = plain(turn.label or "")
    arrow = "→ " if label and resolved else ""
    return label, " ".join(part for part in (f"{arrow}{plain(resolved)}", f"({turn.role})") if part)
