"""An edition as it is printed, cut at its turns: each turn's label and words, and the tokens in them.

The turns part the whole text: what stands between the words of two turns, where labels are printed, is the *head* of
the later one, and nothing of the text is in no turn.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property

from onrecord.model import Edition, Turn
from onrecord.reading.words import UNSPACED_RUN, Token, tokens, unspaced_words

# What holds a word together: a hyphen, an apostrophe, an ampersand or a slash between its letters; a point or a comma
# between digits; a point in an acronym.
_JOINT = re.compile(r"[^\W_]['’ʼ\-‐‑/&_·][^\W_]|\d[.,:]\d|(?<![^\W_])[^\W\d_]\.[^\W\d_](?![^\W_])")


class Printed:
    """One edition, its turns counted from 0; a page without turns counts as one."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.text = edition.text
        self.turns = edition.turns or (Turn(n=1, exchange=0, role="statement", start=0, end=len(edition.text)),)
        self.starts = [turn.start for turn in self.turns]
        self.begins = [0, *(turn.end for turn in self.turns[:-1])]
        self.ends = [*self.begins[1:], len(self.text)]
        notes = sorted(edition.annotations, key=lambda note: (note.start, -note.end))
        self._notes = notes
        self._note_starts = [note.start for note in notes]
        self._corrections = [note for note in notes if note.kind != "aside"]
        self._correction_starts = [note.start for note in self._corrections]
        self._tokens: dict[tuple[int, int], list[Token]] = {}
        self._cuts: dict[int, frozenset[int]] = {}

    @cached_property
    def keys(self) -> list[object]:
        """For each turn what is the same only where it is printed the same: its head, its words, its struck words."""
        keys: list[object] = [self.text[begin:end] for begin, end in zip(self.begins, self.ends, strict=True)]
        keys[0] = f"\n{keys[0]}"  # as if it were not the first
        for note in self._corrections:
            if note.kind == "struck":
                k = self.turn_at(note.start)
                keys[k] = (keys[k], note.start - self.starts[k], note.end - self.starts[k])
        return keys

    def turn_at(self, at: int) -> int:
        """The turn in whose words or head an offset is."""
        return min(bisect_right(self.begins, at), len(self.turns)) - 1

    def tokens(self, k: int, *, head: bool = False) -> list[Token]:
        """The tokens in a turn's words, or in its head."""
        return self.tokens_in(*self.part(k, head))

    def part(self, k: int, head: bool) -> tuple[int, int]:
        """The span of a turn's head, or of its words and all that is printed up to the next head."""
        return (self.begins[k], self.starts[k]) if head else (self.starts[k], self.ends[k])

    def tokens_in(self, start: int, end: int) -> list[Token]:
        """The tokens in a span that cuts no word."""
        found = self._tokens.get((start, end))
        if found is None:
            found = self._tokens[start, end] = tokens(self.text, start, end)
        return found

    def words(self, turns: Iterable[int]) -> list[str]:
        """The words of some turns as they are printed, heads included, the addresses of links left out."""
        return [key for k in turns for head in (True, False) for _, _, key in self.tokens(k, head=head) if key]

    def words_of(self, k: int) -> tuple[str, ...]:
        """The words of a turn without its head."""
        return tuple(key for _, _, key in self.tokens(k) if key)

    def head(self, k: int) -> list[str]:
        """The words of a turn's head: those of its label, as a rule."""
        return [key for _, _, key in self.tokens(k, head=True)]

    def label(self, k: int) -> tuple[str, ...]:
        """The words of a turn's label; two labels with the same ones differ in typography only."""
        return tuple(key for _, _, key in tokens(self.turns[k].label or ""))

    def label_span(self, k: int) -> tuple[int, int]:
        """Where a turn's label is printed; where its words start if it has none."""
        label = self.turns[k].label
        at = self.text.rfind(label, self.begins[k], self.starts[k]) if label else -1
        return (at, at + len(label)) if label and at >= 0 else (self.starts[k], self.starts[k])

    def span(self, k: int) -> tuple[int, int]:
        """A turn's words, without its head."""
        return self.turns[k].start, self.turns[k].end

    def place(self, k: int) -> int:
        """Where a turn would stand that came before turn ``k``, which may be one more than there are."""
        return self.begins[k] if k < len(self.begins) else len(self.text)

    def note(self, start: int, end: int) -> str | None:
        """The kind of the annotation that a word stands in, if it stands in one."""
        n = bisect_right(self._note_starts, start)
        for note in reversed(self._notes[max(0, n - 2) : n]):  # two: a struck word may stand in brackets
            if note.end >= end:
                return note.kind
        return None

    def is_corrected(self, start: int, end: int) -> bool:
        """Whether words struck out or put in brackets begin in a span or reach into it."""
        n = bisect_left(self._correction_starts, end)
        return n > 0 and any(note.end > start for note in self._corrections[max(0, n - 2) : n])

    def splits_word(self, left: int, right: int) -> bool:
        """Whether to cut between two tokens, of which one ends at ``left`` and one starts at ``right``, cuts a word."""
        if right == left:
            return self._splits_run(left)
        return right == left + 1 and _JOINT.match(self.text, left - 1) is not None

    def _splits_run(self, at: int) -> bool:
        """The same for a place inside a run of a script without spaces, whose words a dictionary has to tell."""
        if not (UNSPACED_RUN.match(self.text, at, at + 1) and UNSPACED_RUN.match(self.text, at - 1, at)):
            return False
        k = self.turn_at(at)
        cuts = self._cuts.get(k)
        if cuts is None:
            found: set[int] = set()
            for run in UNSPACED_RUN.finditer(self.text, self.begins[k], self.ends[k]):
                end = run.start()
                for word in unspaced_words(run.group()):
                    found.add(end)
                    end += len(word)
            cuts = self._cuts[k] = frozenset(found)
        return at not in cuts
