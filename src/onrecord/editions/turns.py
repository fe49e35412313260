"""Which turns of one revision are which of another: the same, changed, split, joined, added, removed or moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from onrecord.editions.printed import Printed
from onrecord.editions.runs import common_runs

_SPLIT_RUN = 2  # words in a row at least, for common words to speak for two turns being the same
_SHARE, _SHARE_OTHER = 0.45, 0.6  # of the shorter turn's words, under one label and under two
_ENOUGH = 5  # common words at least, where one of the two turns is much longer
_SHORT = 12  # words; a turn in the place of another as short, under the same label, is that turn with other words
_MOVED = 4  # words at least, in a turn that counts as moved
_MOVED_ALIKE = 0.75  # of the words the same, in a turn that was moved and changed
_SHINGLE = 3


class Match(NamedTuple):
    """Turns of the earlier revision (counted from 0) that are turns of the later one; none on one side: gone or new."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    place: int = 0  # where there are none on one side: the turn before which they would stand there
    moved: bool = False
    whole: bool = False  # the same words in the same order, whoever they were cut up by


def match_turns(before: Printed, after: Printed) -> tuple[bool, list[Match]]:
    """Whether the sequences of printed words differ, and the matches of all turns that are not printed the same.

    In order of the later revision, what is gone where it stood.
    """
    gaps = list(_gaps(before, after))
    if not _words_differ(before, after, gaps):
        if any(before.words(rows) != after.words(columns) for rows, columns in gaps):
            gaps = [(range(len(before.turns)), range(len(after.turns)))]
        return False, [Match(tuple(rows), tuple(columns), whole=True) for rows, columns in gaps]
    matches: list[Match] = []
    for rows, columns in gaps:
        if rows and columns and before.words(rows) == after.words(columns):
            matches.append(Match(tuple(rows), tuple(columns), whole=True))
        else:
            matches.extend(_match_gap(before, rows, after, columns))
    return True, _with_moves(before, after, matches)


def _gaps(before: Printed, after: Printed) -> Iterator[tuple[range, range]]:
    """The stretches of turns between those that are printed the same."""
    i = j = 0
    for run_i, run_j, n in [*common_runs(before.keys, after.keys), (len(before.turns), len(after.turns), 0)]:
        if run_i > i or run_j > j:
            yield range(i, run_i), range(j, run_j)
        i, j = run_i + n, run_j + n


def _words_differ(before: Printed, after: Printed, gaps: Sequence[tuple[range, range]]) -> bool:
    """Whether the whole texts differ in their sequences of words, looking at all of them only where it must."""
    here = [word for rows, _ in gaps for word in before.words(rows)]
    there = [word for _, columns in gaps for word in after.words(columns)]
    if here == there and all(before.words(rows) == after.words(columns) for rows, columns in gaps):
        return False
    if len(here) != len(there) or Counter(here) != Counter(there):
        return True
    return before.words(range(len(before.turns))) != after.words(range(len(after.turns)))


def _match_gap(before: Printed, rows: range, after: Printed, columns: range) -> Iterator[Match]:
    """The matches of turns between two that are printed the same, in order."""
    i, j = rows.start, columns.start
    groups = _groups(_shared(before, rows, after, columns), before, after) if rows and columns else []
    for these, those in [*groups, ((rows.stop,), (columns.stop,))]:
        yield from _left_over(before, range(i, these[0]), after, range(j, those[0]))
        i, j = these[-1] + 1, those[-1] + 1
        if these[0] == rows.stop:
            return
        yield from (Match((k,), (), place=those[0]) for k in range(these[0], i) if k not in these)
        yield from (Match((), (m,), place=these[0] + 1) for m in range(those[0], j) if m not in those)
        yield Match(these, those)


def _shared(before: Printed, rows: range, after: Printed, columns: range) -> dict[tuple[int, int], int]:
    """How many words each two turns have in common, in runs that say something; pairs in order, none crossing."""
    a = [(key, k) for k in rows for _, _, key in before.tokens(k)]
    b = [(key, k) for k in columns for _, _, key in after.tokens(k)]
    shared: Counter[tuple[int, int]] = Counter()
    for i, j, n in common_runs([key for key, _ in a], [key for key, _ in b]):
        pieces = Counter((a[i + x][1], b[j + x][1]) for x in range(n))
        for (k, m), words in pieces.items():
            if words >= _SPLIT_RUN or words >= min(len(before.tokens(k)), len(after.tokens(m))):
                shared[k, m] += words
            else:
                shared[k, m] += 0
    return shared


def _groups(
    shared: dict[tuple[int, int], int], before: Printed, after: Printed
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Turns that have most of their words in common, and with one turn all that were cut from it."""
    groups: list[tuple[list[int], list[int]]] = []
    for (k, m), words in sorted(shared.items()):
        shorter, longer = sorted((len(before.tokens(k)), len(after.tokens(m))))
        share = _SHARE if before.label(k) == after.label(m) else _SHARE_OTHER
        if words < share * shorter or (words < _ENOUGH and words < share * longer):
            continue
        if groups and (groups[-1][0][-1] == k or groups[-1][1][-1] == m):
            these, those = groups[-1]
            these.extend([k] * (these[-1] != k))
            those.extend([m] * (those[-1] != m))
        else:
            groups.append(([k], [m]))
    return [(tuple(these), tuple(those)) for these, those in groups]


def _left_over(before: Printed, rows: range, after: Printed, columns: range) -> Iterator[Match]:
    """Turns with few words in common: the same turn if they stand in the same place, under one label, and are short."""
    if len(rows) == len(columns):
        for k, m in zip(rows, columns, strict=True):
            longer = max(len(before.tokens(k)), len(after.tokens(m)))
            if longer <= _SHORT and before.label(k) == after.label(m):
                yield Match((k,), (m,))
            else:
                yield Match((k,), (), place=m)
                yield Match((), (m,), place=k + 1)
        return
    yield from (Match((k,), (), place=columns.start) for k in rows)
    yield from (Match((), (m,), place=rows.stop) for m in columns)


def _with_moves(before: Printed, after: Printed, matches: list[Match]) -> list[Match]:
    """The matches with turns that are gone in one place and new in another put together."""
    gone = [match.before[0] for match in matches if not match.after]
    new = [match.after[0] for match in matches if not match.before]
    if not gone or not new:
        return matches
    keys = {k: tuple(key for _, _, key in before.tokens(k)) for k in gone}
    new_keys = {m: tuple(key for _, _, key in after.tokens(m)) for m in new}
    places: dict[object, list[int]] = {}
    for m in reversed(new):
        for start in range(max(0, len(new_keys[m]) - _SHINGLE + 1)):
            places.setdefault(new_keys[m][start : start + _SHINGLE], []).append(m)
        places.setdefault((len(new_keys[m]), new_keys[m]), []).append(m)
    moved: dict[int, int] = {}
    taken: set[int] = set()
    for alike in (False, True):  # first those with the very same words
        for k in gone:
            if k in moved or len(keys[k]) < _MOVED:
                continue
            if alike:
                votes = Counter(
                    m
                    for start in range(len(keys[k]) - _SHINGLE + 1)
                    for m in places.get(keys[k][start : start + _SHINGLE], ())[:8]
                    if m not in taken
                )
                candidates = [m for m, _ in votes.most_common(3)]
            else:
                candidates = [m for m in places.get((len(keys[k]), keys[k]), ()) if m not in taken][-1:]
            best = max(candidates, key=lambda m: LCSseq.normalized_similarity(keys[k], new_keys[m]), default=None)
            if best is not None and LCSseq.normalized_similarity(keys[k], new_keys[best]) >= _MOVED_ALIKE:
                moved[k] = best
                taken.add(best)
    sources = {m: k for k, m in moved.items()}
    return [
        Match((sources[match.after[0]],), match.after, moved=True) if not match.before and match.after[0] in taken
        else match
        for match in matches
        if match.after or match.before[0] not in moved
    ]  # fmt: skip
