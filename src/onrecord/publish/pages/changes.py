"""What changed between two revisions, turn by turn, each change with the words around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from onrecord.model import Change, Diff, Edition, Turn
from onrecord.publish.pages.marks import Cut, cut
from onrecord.publish.plain import plain

_CONTEXT = 80
"""Characters of unchanged text shown on each side of a change, about a line."""
_LONGEST_WORD = 24
"""How far an excerpt is widened so as not to begin or end within a word."""

# How many of each kind are told, in this order.
_TOLD = {
    "words": ("change of words", "changes of words"),
    "speaker": ("change of speaker", "changes of speaker"),
    "turn-added": ("turn added", "turns added"),
    "turn-removed": ("turn gone", "turns gone"),
    "turn-moved": ("turn moved", "turns moved"),
    "annotation": ("annotation", "annotations"),
    "typography": ("change of typography", "changes of typography"),
}

Bit = tuple[Literal["same", "gone", "new"], tuple[Cut, ...]]
"""Words as they are in both revisions, in the earlier or in the later one."""


class Block(msgspec.Struct, frozen=True):
    """The changes of one turn: ``turn`` of the later revision, None where it is gone, and ``was`` of the earlier one.

    ``label`` is the speaker before and after, where it changed.  Each excerpt is a run of bits; newlines between
    paragraphs are ``¶`` in it, except where the turn is wholly new or gone.
    """

    what: Literal["changed", "added", "gone", "moved"]
    turn: Turn | None
    was: Turn | None
    label: tuple[str, str] | None
    excerpts: tuple[tuple[Bit, ...], ...]


def counts(diff: Diff) -> dict[str, int]:
    """How many changes there are of each kind that occurs."""
    found = Counter(change.kind for change in diff.changes)
    return {kind: found[kind] for kind in _TOLD if found[kind]}  # type: ignore[index]


def told(counts: dict[str, int], *, substantive: bool) -> str:
    """``2 changes of words, 1 turn added``; ``no word changed: 3 changes of typography``."""
    named = ", ".join(
        f"{counts[kind]:,} {forms[counts[kind] > 1]}" for kind, forms in _TOLD.items() if counts.get(kind)
    )
    if substantive:
        return named or "the words changed"
    return f"no word changed: {named}" if named else "no word changed"


def summary(diff: Diff) -> str:
    """What ``told`` says of a diff, or that there is nothing which the first revision could differ from."""
    if diff.from_ == diff.to == 1:
        return "nothing came before revision 1"
    return told(counts(diff), substantive=diff.substantive)


def struck(blocks: Iterable[Block]) -> bool:
    """Whether some words shown are struck through on the page itself."""
    runs = (run for block in blocks for run in block.excerpts)
    return any("struck" in kinds for run in runs for _, cuts in run for _, kinds in cuts)


def blocks(before: Edition, after: Edition, diff: Diff, *, typography: bool = False) -> tuple[Block, ...]:
    """The changed turns in the order of ``after``; changes of typography only if asked for."""
    turns, was_turns = ({turn.n: turn for turn in edition.turns} for edition in (after, before))
    groups: dict[tuple[bool, int], list[Change]] = {}
    for change in sorted(diff.changes, key=lambda change: (change.start, change.end)):
        if change.kind != "typography" or typography:
            groups.setdefault((change.kind == "turn-removed", change.turn), []).append(change)
    return tuple(
        _gone(before, was_turns.get(n), changes) if removed else _changed(before, after, turns, was_turns, changes)
        for (removed, n), changes in groups.items()
    )


def _gone(before: Edition, turn: Turn | None, changes: list[Change]) -> Block:
    excerpts = tuple(_bit("gone", before, c.was_start, c.was_end, c.before) for c in changes)
    return Block("gone", None, turn, None, excerpts)


def _changed(
    before: Edition, after: Edition, turns: dict[int, Turn], was_turns: dict[int, Turn], changes: list[Change]
) -> Block:
    first, kinds = changes[0], {change.kind for change in changes}
    turn = turns.get(first.turn)
    was = was_turns.get(next((change.was_turn for change in changes if change.was_turn), 0))
    labels = [(change.before, change.after) for change in changes if change.kind == "speaker"]
    if "turn-added" in kinds:
        added = next(change for change in changes if change.kind == "turn-added")
        return Block("added", turn, None, None, (_bit("new", after, added.start, added.end, added.after),))
    within = [change for change in changes if change.kind not in ("speaker", "turn-moved")]
    excerpts = tuple(_excerpts(before, after, turn, within))
    if not excerpts and turn is not None:  # moved, or given to another: its first words say which it is
        end = _widened(after.text, min(turn.start + _CONTEXT, turn.end), turn.end, 1)
        excerpts = ((*_same(after, turn.start, end), *_dots(end < turn.end)),)
    what: Literal["moved", "changed"] = "moved" if "turn-moved" in kinds else "changed"
    return Block(what, turn, was, labels[0] if labels else None, excerpts)


def _excerpts(before: Edition, after: Edition, turn: Turn | None, changes: list[Change]) -> Iterator[tuple[Bit, ...]]:
    """Runs of changes that stand within each other's surroundings, with those."""
    low = min([change.start for change in changes] + ([turn.start] if turn else []), default=0)
    high = max([change.end for change in changes] + ([turn.end] if turn else []), default=0)
    runs: list[list[Change]] = []
    for change in changes:
        if runs and change.start - runs[-1][-1].end <= 2 * _CONTEXT:
            runs[-1].append(change)
        else:
            runs.append([change])
    for run in runs:
        start = _widened(after.text, max(run[0].start - _CONTEXT, low), low, -1)
        end = _widened(after.text, min(run[-1].end + _CONTEXT, high), high, 1)
        at, bits = start, list(_dots(start > low))
        for change in run:
            bits += _same(after, at, change.start)
            bits += _bit("gone", before, *_spaced(before.text, after.text, change))
            bits += _bit("new", after, change.start, change.end, change.after)
            at = max(at, change.end)
        bits += (*_same(after, at, end), *_dots(end < high))
        yield tuple((how, tuple((words.replace("\n", "¶"), kinds) for words, kinds in cuts)) for how, cuts in bits)


def _widened(text: str, at: int, limit: int, step: int) -> int:
    """``at`` moved outwards to the edge of a word, unless that is farther away than words are long."""
    for moved in range(at, at + step * _LONGEST_WORD, step):
        if moved == limit or text[moved - 1 : moved].isspace() or text[moved : moved + 1].isspace():
            return moved
    return at


def _spaced(before: str, after: str, change: Change) -> tuple[int, int, str]:
    """The span of the words gone, and they, with the space around them that went with them, lest words run together."""
    start, end = change.was_start, change.was_end
    if change.after or before[start:end] != change.before:
        return start, end, change.before
    here, there = after[change.start - 1 : change.start], after[change.end : change.end + 1]
    while here and not here.isspace() and before[:start][-1:].isspace():
        start -= 1
    while there and not there.isspace() and before[end : end + 1].isspace():
        end += 1
    return start, end, before[start:end]


def _bit(how: Literal["gone", "new"], edition: Edition, start: int, end: int, words: str) -> tuple[Bit, ...]:
    """The words of a change, with their annotations if they are those of the span (a label is not)."""
    if not words:
        return ()
    return ((how, tuple(cut(edition, start, end)) if edition.text[start:end] == words else ((plain(words), ()),)),)


def _same(edition: Edition, start: int, end: int) -> tuple[Bit, ...]:
    return (("same", tuple(cut(edition, start, end))),) if start < end else ()


def _dots(there: bool) -> tuple[Bit, ...]:
    return (("same", (("…", ()),)),) if there else ()
