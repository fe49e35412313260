"""Where two streams of tokens differ: by words, in case, in what is struck out or bracketed.

Words are aligned one by one, Chinese characters too; what differs is then widened to whole words, Chinese ones by the
dictionary, and differences with next to nothing between them are made one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from onrecord.editions.printed import Printed
from onrecord.editions.runs import common_runs
from onrecord.reading.words import UNSPACED_RUN, Token

Part = tuple[int, bool]
"""A turn, counted from 0, and whether its head is meant (what is printed before its words) or its words."""

_APART = 16  # letters at most between two differences that are made one; a Chinese character counts for two
_LITTLE = 0.3
_STOP = re.compile(r"[.?!。？！…](?:\s|$|[”’\"'）)])|[。？！]|\n")


class Edit(NamedTuple):
    """Tokens ``i:i_end`` of the earlier stream became tokens ``j:j_end`` of the later one."""

    i: int
    i_end: int
    j: int
    j_end: int


class Stream:
    """The tokens of some turns one after the other, and what is printed between them.

    ``between[n]`` is the span before token ``n``; the last one is the span after all.  ``at[n]`` is token n's part.
    """

    def __init__(self, printed: Printed, parts: Sequence[Part], span: tuple[int, int] | None = None) -> None:
        """``parts`` in order; ``span`` where only some of the one part is looked at."""
        self.printed = printed
        self.tokens: list[Token] = []
        self.between: list[tuple[int, int]] = []
        self.at: list[Part] = []
        done, stop = 0, -1
        for k, head in parts:
            begin, end = span or printed.part(k, head)
            if begin != stop:  # a turn left out here is spoken of elsewhere
                done = begin
            stop = end
            for token in printed.tokens_in(begin, end):
                self.between.append((done, token[0]))
                self.tokens.append(token)
                done = token[1]
            self.at.extend([(k, head)] * (len(self.tokens) - len(self.at)))
        self.between.append((done, stop))
        self.keys = [key for _, _, key in self.tokens]
        self.parts = parts

    def raw(self, start: int, end: int) -> str:
        """The text from the first to the last of tokens ``start:end``."""
        return self.printed.text[self.tokens[start][0] : self.tokens[end - 1][1]] if start < end else ""

    def gap(self, n: int) -> str:
        """The text between token n and the one before it."""
        start, end = self.between[n]
        return self.printed.text[start:end]

    def part(self, start: int, end: int) -> Part:
        """The part that tokens ``start:end`` stand in, or stood in where there are none."""
        if not self.at:
            return self.parts[0]
        return self.at[start if start < end or start == 0 else start - 1]

    def corrections(self, start: int, end: int) -> list[str | None]:
        """For each of some tokens whether it is struck out or bracketed, if it is."""
        if start == end or not self.printed.is_corrected(self.tokens[start][0], self.tokens[end - 1][1]):
            return [None] * (end - start)
        notes = [self.printed.note(begin, stop) for begin, stop, _ in self.tokens[start:end]]
        return [None if note == "aside" else note for note in notes]

    def inside_word(self, n: int) -> bool:
        """Whether token n and the one before it are parts of one word."""
        if not 0 < n < len(self.tokens) or self.at[n - 1] != self.at[n]:
            return False
        return self.printed.splits_word(self.tokens[n - 1][1], self.tokens[n][0])

    def weight(self, start: int, end: int) -> int:
        """How much there is to read in tokens ``start:end``, in letters."""
        raw = self.raw(start, end)
        return len(raw) + sum(map(len, UNSPACED_RUN.findall(raw))) if not raw.isascii() else len(raw)


def edits(a: Stream, b: Stream) -> list[Edit]:
    """The differences in words, case and corrections, in order; those that are only between two words are left out."""
    found = _reworded(a, b)
    found = _one_where_touching([*found, *_retouched(a, b, found)])
    found = _whole_words(a, b, found)
    return _one_where_near(a, b, found)


def unchanged(a: Stream, b: Stream, found: Sequence[Edit]) -> Iterator[tuple[int, int, int]]:
    """The runs of tokens between edits: where they start in the one and the other, and how many they are."""
    i = j = 0
    for edit in [*found, Edit(len(a.tokens), len(a.tokens), len(b.tokens), len(b.tokens))]:
        yield i, j, edit.i - i
        i, j = edit.i_end, edit.j_end


def _reworded(a: Stream, b: Stream) -> list[Edit]:
    """Where the words differ."""
    found: list[Edit] = []
    keys, new_keys = a.keys, b.keys
    i = j = 0
    for run_i, run_j, n in [*common_runs(keys, new_keys), (len(keys), len(new_keys), 0)]:
        if run_i > i or run_j > j:
            room = i - found[-1].i_end if found else i
            if i == run_i:
                shift = _best_place(b, new_keys, j, run_j, room, n)
            elif j == run_j:
                shift = _best_place(a, keys, i, run_i, room, n)
            else:
                shift = 0
            found.append(Edit(i + shift, run_i + shift, j + shift, run_j + shift))
        i, j = run_i + n, run_j + n
    return found


def _best_place(stream: Stream, keys: Sequence[str], start: int, end: int, back: int, ahead: int) -> int:
    """How far to shift tokens put in or taken out, so that they are a sentence, a clause or a word where they can be.

    "I agree. [I think so. ]I think not" rather than "I agree. I think [so. I think ]not".
    """
    least = most = 0
    while least > -back and keys[start + least - 1] == keys[end + least - 1]:
        least -= 1
    while most < ahead and keys[start + most] == keys[end + most]:
        most += 1
    if least == most:
        return 0
    return max(
        range(least, most + 1),
        key=lambda by: (_edge(stream, start + by) + _edge(stream, end + by), -abs(by)),
    )


def _edge(stream: Stream, n: int) -> int:
    """How good a place the one before token n is for a difference to begin or to end."""
    if n in (0, len(stream.tokens)) or stream.at[n - 1] != stream.at[n]:
        return 3
    gap = stream.gap(n)
    if _STOP.search(gap):
        return 3 if "\n" in gap else 2
    if gap.isspace():
        return 0
    return -2 if stream.inside_word(n) else 1 if gap else 0


def _retouched(a: Stream, b: Stream, found: Sequence[Edit]) -> Iterator[Edit]:
    """The same words in other case, or with another mark of correction on them."""
    for i, j, n in unchanged(a, b, found):
        if n == 0:
            continue
        noted = a.printed.is_corrected(a.tokens[i][0], a.tokens[i + n - 1][1])
        noted = noted or b.printed.is_corrected(b.tokens[j][0], b.tokens[j + n - 1][1])
        if not noted and a.raw(i, i + n) == b.raw(j, j + n):
            continue
        for x in range(n):
            here, there = slice(i + x, i + x + 1), slice(j + x, j + x + 1)
            if a.raw(here.start, here.stop) != b.raw(there.start, there.stop) or (
                noted and a.corrections(here.start, here.stop) != b.corrections(there.start, there.stop)
            ):
                yield Edit(here.start, here.stop, there.start, there.stop)


def _one_where_touching(found: Sequence[Edit]) -> list[Edit]:
    out: list[Edit] = []
    for edit in sorted(found):
        if out and out[-1].i_end >= edit.i and out[-1].j_end >= edit.j:
            edit = Edit(out[-1].i, edit.i_end, out.pop().j, edit.j_end)
        out.append(edit)
    return out


def _whole_words(a: Stream, b: Stream, found: Sequence[Edit]) -> list[Edit]:
    """The edits widened until none begins or ends inside a word, of either text."""
    out = []
    for n, (i, i_end, j, j_end) in enumerate(found):
        back = i - (found[n - 1].i_end if n else 0)
        ahead = (found[n + 1].i if n + 1 < len(found) else len(a.tokens)) - i_end
        while back and (a.inside_word(i) or b.inside_word(j)):
            i, j, back = i - 1, j - 1, back - 1
        while ahead and (a.inside_word(i_end) or b.inside_word(j_end)):
            i_end, j_end, ahead = i_end + 1, j_end + 1, ahead - 1
        out.append(Edit(i, i_end, j, j_end))
    return _one_where_touching(out)


def _one_where_near(a: Stream, b: Stream, found: Sequence[Edit]) -> list[Edit]:
    """Edits of words with less between them than either is long made one: they read as one change of wording.

    So do all edits of a turn of which little is left.
    """
    out: list[Edit] = []
    sizes: list[int] = []  # of each, in letters; 0 for one that stays by itself
    for edit in found:
        size = 0 if _stands_alone(a, b, edit) else max(a.weight(edit.i, edit.i_end), b.weight(edit.j, edit.j_end))
        while out and _near(a, b, out[-1], edit, min(_APART, sizes[-1], size)):
            edit = Edit(out[-1].i, edit.i_end, out.pop().j, edit.j_end)
            size += sizes.pop()
        out.append(edit)
        sizes.append(size)
    if len(out) > 1 and all(sizes) and a.at[0] == a.at[-1] and b.at[0] == b.at[-1]:
        kept = sum(a.weight(i, i + n) for i, _, n in unchanged(a, b, out))
        if kept < _LITTLE * max(a.weight(0, len(a.tokens)), b.weight(0, len(b.tokens))):
            return [Edit(out[0].i, out[-1].i_end, out[0].j, out[-1].j_end)]
    return out


def _stands_alone(a: Stream, b: Stream, edit: Edit) -> bool:
    """Whether an edit is none of words, or one with a correction by the publisher in it."""
    if a.keys[edit.i : edit.i_end] == b.keys[edit.j : edit.j_end]:
        return True
    return any(a.corrections(edit.i, edit.i_end)) or any(b.corrections(edit.j, edit.j_end))


def _near(a: Stream, b: Stream, one: Edit, two: Edit, most: int) -> bool:
    """Whether at most so many letters of one turn stand between two edits, and no end of a sentence."""
    if a.at[one.i : one.i + 1] != a.at[two.i_end - 1 : two.i_end] and one.i < two.i_end:
        return False
    if b.at[one.j : one.j + 1] != b.at[two.j_end - 1 : two.j_end] and one.j < two.j_end:
        return False
    if two.i - one.i_end > most or a.weight(one.i_end, two.i) > most:
        return False
    start, end = a.between[one.i_end][0], a.between[two.i][1]
    return not _STOP.search(a.printed.text, start, end)
