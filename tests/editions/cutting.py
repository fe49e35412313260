"""Pages from which exchanges are cut, for tests of what is found missing: the page's own bytes without some paragraphs.

What is kept is known, so that what an aligner must find is known: the exchanges that were removed and no others.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import msgspec
from lxml import html

from onrecord.model import Edition, Exchange
from onrecord.reading import read
from onrecord.reading.words import words

Lines = list[tuple[int, int, int | None]]
"""The paragraphs of a text: where each starts and ends, and the number of the exchange it is in."""


def spoken(edition: Edition) -> list[int]:
    """The numbers of the exchanges in which anybody says anything."""
    return [exchange.n for exchange in edition.exchanges if said(edition, exchange)]


def said(edition: Edition, exchange: Exchange) -> tuple[str, ...]:
    """The words of an exchange, paragraph by paragraph."""
    turns = [turn for turn in exchange.turns if turn.role != "procedural"]
    return tuple(" ".join(words(line)) for turn in turns for line in edition.words(turn).split("\n") if words(line))


def plan(edition: Edition, rng: random.Random) -> tuple[set[int], set[int]]:
    """Which exchanges are to go, and which to be cut to their first paragraph."""
    numbers = spoken(edition)
    gone = {n for n in numbers if rng.random() < rng.choice((0.1, 0.3, 0.6))}
    if len(gone) == len(numbers):
        gone.remove(rng.choice(numbers))
    share = rng.choice((0, 0.3, 0.6))
    return gone, {n for n in numbers if n not in gone and rng.random() < share}


def without(edition: Edition, gone: set[int], short: set[int]) -> Edition:
    """The edition as a struct, its turns and exchanges numbered anew."""
    turns = []
    for exchange in edition.exchanges:
        first = True
        for turn in exchange.turns:
            if turn.role == "procedural":
                turns.append(turn)
            elif exchange.n not in gone and (first or exchange.n not in short):
                end = turn.end
                if exchange.n in short:
                    end = turn.start + len(edition.words(turn).split("\n")[0])
                    first = turn.start == turn.end
                turns.append(msgspec.structs.replace(turn, end=end))
    turns.sort(key=lambda turn: turn.n)
    numbers: dict[int, int] = {0: 0}
    for turn in turns:
        numbers.setdefault(turn.exchange, len(numbers))
    turns = [msgspec.structs.replace(t, n=n, exchange=numbers[t.exchange]) for n, t in enumerate(turns, 1)]
    return msgspec.structs.replace(edition, id=f"{edition.id}.excerpt-1", turns=tuple(turns))


def cut_page(data: bytes, name: str, edition: Edition, gone: set[int], short: set[int]) -> Edition | None:
    """The page read again without the paragraphs of some exchanges; None if they cannot be told in it for sure."""
    lines = list(_kept(edition, gone, short))
    cut = (_cut_html if name.endswith(".html") else _cut_markdown)(data, lines)
    return cut and msgspec.structs.replace(read(cut, name=name), id=f"{edition.id}.excerpt-1")


def _kept(edition: Edition, gone: set[int], short: set[int]) -> Iterator[tuple[list[str], bool]]:
    """The words of every paragraph of the text, its label among them, and whether it stays."""
    at = 0
    turns = list(edition.turns)
    opened: set[int] = set()
    current = None
    for line in edition.text.split("\n"):
        inside = [turn for turn in turns if turn.start < at + len(line) and turn.end > at]
        current = inside[0] if inside else None
        keep = True
        if current is not None and current.role != "procedural":
            n = current.exchange
            keep = n not in gone and (n not in short or n not in opened)
            opened.add(n)
        # words of two exchanges in one paragraph cannot be cut apart here
        if len({turn.exchange for turn in inside if turn.role != "procedural"}) > 1:
            keep = True
        yield words(line), keep
        at += len(line) + 1


def _cut_markdown(data: bytes, lines: list[tuple[list[str], bool]]) -> bytes | None:
    pieces = re.split(r"(\n[ \t\xa0]*\n\s*|  +\n)", data.decode("utf-8"))
    out, at = [], 0
    for n, piece in enumerate(pieces):
        said = words(re.sub(r"[*_\\]|<[^>]*>", "", piece))
        if n % 2 or not said or piece.startswith("---"):
            out.append(piece)
            continue
        while at < len(lines) and not lines[at][0]:
            at += 1
        if at < len(lines) and said == lines[at][0]:
            out.append(piece if lines[at][1] else "")
            at += 1
        else:
            out.append(piece)
    return "".join(out).encode() if at == len(lines) else None


def _cut_html(data: bytes, lines: list[tuple[list[str], bool]]) -> bytes | None:
    tree = html.fromstring(data)
    at = 0
    wanted = [line for line in lines if line[0]]
    for element in list(tree.iter("p")):
        if at < len(wanted) and words(element.text_content()) == wanted[at][0]:
            if not wanted[at][1]:
                element.drop_tree()
            at += 1
    return html.tostring(tree, encoding="utf-8") if at == len(wanted) else None
