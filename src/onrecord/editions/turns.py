"""Which turns of one revision are which of another: the same, changed, split, joined, added, removed or moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from onrecord.editions.printed import Printed
from onrecord.editions.runs import Window, common_runs, windows

_RUN = 2  # words in a row at least, for common words to speak for two turns being the same
_SHARE, _SHARE_OTHER = 0.45, 0.6  # of the shorter turn's words, under one label and under two
_ENOUGH, _ENOUGH_WHOLE = 5, 3  # common words at least, where one turn is much longer; where all of the other is in it
_SHORT = 12  # words; a turn in the place of another as short, under the same label, is that turn with other words
_MOVED = 3  # words at least, in a turn that counts as moved, unless one beside it moved along
_MOVED_ALIKE = 0.75  # of the words the same, in a turn that was moved and changed
_PHRASE, _VOTERS = 3, 8  # words in a row that two such turns are found by; turns looked at for each


class Match(NamedTuple):
    """Turns of the earlier revision (counted from 0) that are turns of the later one; none on one side: gone or new."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    place: int = 0  # where there are none on one side: the offset in its text at which they would stand
    moved: bool = False
    whole: bool = False  # the same words in the same order, whoever they were cut up by
    windows: tuple[Window, ...] | None = None  # where the words of one turn differ, if that was looked at


def match_turns(before: Printed, after: Printed) -> tuple[bool, list[Match]]:
    """Whether the sequences of printed words differ, and the matches of all turns that are not printed the same.

    In order of the later revision, what is gone where it stood.
    """
    gaps = list(_gaps(before, after))
    differ = _words_differ(before, after, gaps)
    if not differ and any(gap.words != gap.new_words for gap in gaps):
        gaps = [_Gap(before, range(len(before.turns)), after, range(len(after.turns)))]
    matches: list[Match] = []
    for gap in gaps:
        if gap.rows and gap.columns and gap.words == gap.new_words:
            matches.extend(_match_same(before, after, gap))
        else:
            matches.extend(_match_gap(before, after, gap))
    return differ, _with_moves(before, after, _unless_elsewhere(before, after, matches))


class _Gap:
    """Turns between two that are printed the same, and their words; of one in the place of one, those that differ."""

    def __init__(self, before: Printed, rows: range, after: Printed, columns: range) -> None:
        self.rows, self.columns = rows, columns
        self.windows: tuple[Window, ...] | None = None
        self.alike = False  # whether the one turn is the other by half of its letters at least
        if len(rows) == len(columns) == 1:
            self._look_for_windows(before, rows[0], after, columns[0])
        else:
            self.words, self.new_words = before.words(rows), after.words(columns)

    def _look_for_windows(self, before: Printed, k: int, after: Printed, m: int) -> None:
        start, end, new_start, new_end = *before.part(k, False), *after.part(m, False)
        if before.is_corrected(start, end) or after.is_corrected(new_start, new_end):
            self.windows = ((start, end, new_start, new_end),)  # that a word was struck out is not to be seen in it
        else:
            found = windows(before.text[start:end], after.text[new_start:new_end])
            self.windows = tuple((start + a, start + b, new_start + c, new_start + d) for a, b, c, d in found)
        self.words, self.new_words = before.head(k), after.head(m)
        for a, b, c, d in self.windows:
            self.words = self.words + [key for _, _, key in before.tokens_in(a, b) if key]
            self.new_words = self.new_words + [key for _, _, key in after.tokens_in(c, d) if key]
        differing = max(sum(b - a for a, b, _, _ in self.windows), sum(d - c for _, _, c, d in self.windows))
        self.alike = 2 * differing <= max(end - start, new_end - new_start)


def _gaps(before: Printed, after: Printed) -> Iterator[_Gap]:
    """The stretches of turns between those that are printed the same; each turn by itself if all are alike in place."""
    i = j = 0
    for run_i, run_j, n in [*common_runs(before.keys, after.keys), (len(before.turns), len(after.turns), 0)]:
        rows, columns = range(i, run_i), range(j, run_j)
        if rows or columns:
            single = []
            for k, m in zip(rows, columns, strict=False) if len(rows) == len(columns) > 1 else ():
                single.append(_Gap(before, range(k, k + 1), after, range(m, m + 1)))
                if not single[-1].alike:
                    break
            if single and single[-1].alike:
                yield from single
            else:
                yield _Gap(before, rows, after, columns)
        i, j = run_i + n, run_j + n


def _words_differ(before: Printed, after: Printed, gaps: Sequence[_Gap]) -> bool:
    """Whether the whole texts differ in their sequences of words, looking at all of them only where it must."""
    if all(gap.words == gap.new_words for gap in gaps):
        return False
    words = Counter(word for gap in gaps for word in gap.words)
    if words != Counter(word for gap in gaps for word in gap.new_words):
        return True
    return before.words(range(len(before.turns))) != after.words(range(len(after.turns)))


def _match_same(before: Printed, after: Printed, gap: _Gap) -> Iterator[Match]:
    """The matches of turns printed with the same words, which are cut up by the same labels or else by others."""
    pairs = list(zip(gap.rows, gap.columns, strict=False))
    if len(gap.rows) == len(gap.columns) and all(before.head(k) == after.head(m) for k, m in pairs):
        yield from (Match((k,), (m,), windows=gap.windows) for k, m in pairs)
    else:
        yield Match(tuple(gap.rows), tuple(gap.columns), whole=True)


def _match_gap(before: Printed, after: Printed, gap: _Gap) -> Iterator[Match]:
    """The matches of turns between two that are printed the same, in order."""
    rows, columns = gap.rows, gap.columns
    i, j = rows.start, columns.start
    if gap.windows is not None and (gap.alike or before.label(i) == after.label(j)):
        yield Match((i,), (j,), windows=gap.windows)  # the same turn, whatever it says
        return
    pairs = _shared(before, rows, after, columns) if rows and columns else []
    for these, those, shared in _groups(pairs, before, after):
        yield from _left_over(before, range(i, these[0]), after, range(j, those[0]))
        i, j = these[-1] + 1, those[-1] + 1
        for k in range(these[0], i):
            if k not in these:  # in among the pieces of a turn that was split, or of turns that were joined
                yield Match((k,), (), place=min(pair.new_start for pair in shared if pair.k > k))
        for m in range(those[0], j):
            if m not in those:
                yield Match((), (m,), place=min(pair.start for pair in shared if pair.m > m))
        yield Match(these, those)
    yield from _left_over(before, range(i, rows.stop), after, range(j, columns.stop))


class _Pair:
    """Two turns, how many words they have in common, and the offsets of the first of these."""

    def __init__(self, k: int, m: int, start: int, new_start: int) -> None:
        self.k, self.m = k, m
        self.start, self.new_start = start, new_start
        self.words = 0


def _shared(before: Printed, rows: range, after: Printed, columns: range) -> list[_Pair]:
    """The pairs of turns with words in common, in runs that say something; in order, none crossing."""
    a = [(k, token) for k in rows for token in before.tokens(k)]
    b = [(m, token) for m in columns for token in after.tokens(m)]
    pairs: dict[tuple[int, int], _Pair] = {}
    for i, j, n in common_runs([token[2] for _, token in a], [token[2] for _, token in b]):
        pieces = Counter((a[i + x][0], b[j + x][0]) for x in range(n))
        done = 0
        for (k, m), words in pieces.items():
            if words >= _RUN or words >= min(len(before.tokens(k)), len(after.tokens(m))):
                pair = pairs.setdefault((k, m), _Pair(k, m, a[i + done][1][0], b[j + done][1][0]))
                pair.words += words
            done += words
    return list(pairs.values())


def _groups(
    pairs: list[_Pair], before: Printed, after: Printed
) -> list[tuple[tuple[int, ...], tuple[int, ...], list[_Pair]]]:
    """Turns that have most of their words in common, and with one turn all that were cut from it."""
    groups: list[list[_Pair]] = []
    for pair in pairs:
        shorter, longer = sorted((len(before.tokens(pair.k)), len(after.tokens(pair.m))))
        share = _SHARE if before.label(pair.k) == after.label(pair.m) else _SHARE_OTHER
        enough = _ENOUGH_WHOLE if pair.words == shorter else _ENOUGH
        if pair.words < share * shorter or pair.words < min(enough, share * longer):
            continue
        if groups and (groups[-1][-1].k == pair.k or groups[-1][-1].m == pair.m):
            groups[-1].append(pair)
        else:
            groups.append([pair])
    return [(tuple({pair.k: 0 for pair in group}), tuple({pair.m: 0 for pair in group}), group) for group in groups]


def _left_over(before: Printed, rows: range, after: Printed, columns: range) -> Iterator[Match]:
    """Turns with few words in common: the same turn if they stand in the same place, under one label, and are short

    or the only ones there.
    """
    in_place = len(rows) == len(columns)
    for k, m in zip(rows, columns, strict=False):
        short = max(len(before.tokens(k)), len(after.tokens(m))) <= _SHORT
        if in_place and (short or len(rows) == 1) and before.label(k) == after.label(m):
            yield Match((k,), (m,))
        elif in_place:
            yield Match((k,), (), place=after.begins[m])
            yield Match((), (m,), place=before.ends[k])
    if not in_place:
        yield from (Match((k,), (), place=after.place(columns.start)) for k in rows)
        yield from (Match((), (m,), place=before.place(rows.stop)) for m in columns)


def _unless_elsewhere(before: Printed, after: Printed, matches: list[Match]) -> list[Match]:
    """The matches without those of a turn with the one in its place whose very words now stand in another's place.

    Two answers that changed places were not rewritten.
    """
    single = {n: match for n, match in enumerate(matches) if len(match.before) == len(match.after) == 1}
    places: dict[str, int] = {}  # by what is printed: to look at every word of every match would take long
    for n, match in enumerate(matches):
        if len(match.after) == 1:
            places.setdefault(after.text[slice(*after.span(match.after[0]))], n)
    apart: set[int] = set()
    for n, match in single.items():
        there = places.get(before.text[slice(*before.span(match.before[0]))], n)
        if there == n or len(before.words_of(match.before[0])) <= _SHORT:
            continue
        if not any(_is_alike(before, after, single[x]) for x in {n, there} & single.keys()):
            apart |= {n, there} & single.keys()
    out: list[Match] = []
    for n, match in enumerate(matches):
        if n in apart:
            out.append(Match(match.before, (), place=after.begins[match.after[0]]))
            out.append(Match((), match.after, place=before.ends[match.before[0]]))
        else:
            out.append(match)
    return out


def _is_alike(before: Printed, after: Printed, match: Match) -> bool:
    words, others = before.words_of(match.before[0]), after.words_of(match.after[0])
    return LCSseq.normalized_similarity(words, others) >= _SHARE


def _with_moves(before: Printed, after: Printed, matches: list[Match]) -> list[Match]:
    """The matches with turns that are gone in one place and new in another put together."""
    gone = {k: before.words_of(k) for match in matches if not match.after for k in match.before}
    new = {m: after.words_of(m) for match in matches if not match.before for m in match.after}
    moved = _moved(gone, new)
    came = {m: k for k, m in moved.items()}
    out = []
    for match in matches:
        if not match.before and match.after[0] in came:
            out.append(Match((came[match.after[0]],), match.after, moved=True))
        elif match.after or match.before[0] not in moved:
            out.append(match)
    return out


def _moved(gone: dict[int, tuple[str, ...]], new: dict[int, tuple[str, ...]]) -> dict[int, int]:
    """Which of the turns that are gone is which of those that are new: by the same words, then by much the same."""
    moved: dict[int, int] = {}
    same: dict[tuple[str, ...], list[int]] = {}
    phrases: dict[tuple[str, ...], list[int]] = {}
    for m, words in new.items():
        same.setdefault(words, []).append(m)
    for k, words in gone.items():
        if len(words) >= _MOVED and same.get(words):
            moved[k] = same[words].pop(0)
    left = new.keys() - moved.values()
    for m in sorted(left):
        for phrase in _phrases(new[m]):
            phrases.setdefault(phrase, []).append(m)
    for k, words in gone.items():
        if k not in moved and phrases:
            votes = Counter(m for phrase in _phrases(words) for m in phrases.get(phrase, ())[:_VOTERS] if m in left)
            for m, _ in votes.most_common(1):
                if LCSseq.normalized_similarity(words, new[m]) >= _MOVED_ALIKE:
                    moved[k] = m
                    left.remove(m)
    for k, m in list(moved.items()):  # "Go ahead." goes where the question goes that it stood before
        for step in (-1, 1):
            x, y = k + step, m + step
            while x in gone and x not in moved and y in left and gone[x] == new[y]:
                moved[x] = y
                left.remove(y)
                x, y = x + step, y + step
    return moved


def _phrases(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [words[at : at + _PHRASE] for at in range(len(words) - _PHRASE + 1)]
