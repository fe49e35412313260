"""Highlighted snippets: the part of a turn where most of what was asked for stands close together."""

from __future__ import annotations

import html
import re
from functools import lru_cache

import msgspec

from onrecord.index import analysis
from onrecord.reading.fold import fold_map, unfold

LENGTH = 240
"""Characters a snippet is about as long as, without the marks."""

_SLACK = 24  # characters that its ends may give way to keep words whole
_MOST_MATCHES = 2_000
_BLANKS = re.compile(r"\s+")


class Plan(msgspec.Struct, frozen=True):
    """What to highlight: stems of English words, and folded phrases."""

    stems: frozenset[str]
    phrases: tuple[str, ...]


def cut(words: str, plan: Plan) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The snippet of a turn's words as HTML, and the spans of the matches shown in it as offsets into ``words``.

    Matches stand in ``<mark>…</mark>``, the rest is escaped (quotation marks excepted), white space is one space, and
    ``…`` stands where the words go on.  Without a match it is the beginning.
    """
    matches = _matches(words, plan)
    start, end = _window(words, matches)
    shown = _merged([(max(begin, start), min(stop, end)) for begin, stop, _ in matches if begin < end and stop > start])
    pieces = ["…" if start > 0 else ""]
    done = start
    for begin, stop in shown:
        pieces += [_escaped(words[done:begin]), "<mark>", _escaped(words[begin:stop]), "</mark>"]
        done = stop
    pieces += [_escaped(words[done:end]), "…" if end < len(words) else ""]
    return "".join(pieces), tuple(shown)


def _matches(words: str, plan: Plan) -> list[tuple[int, int, int]]:
    """Where what was asked for stands, in order: begin, end, and which of it."""
    if not plan.stems and not plan.phrases:
        return []
    folded, offsets = fold_map(words)
    found: list[tuple[int, int, int]] = []
    for number, phrase in enumerate(plan.phrases):
        at = folded.find(phrase)
        while at >= 0 and len(found) < _MOST_MATCHES:
            found.append((*unfold(offsets, at, at + len(phrase)), number))
            at = folded.find(phrase, at + len(phrase))
    if plan.stems:
        numbers = {stem: len(plan.phrases) + number for number, stem in enumerate(sorted(plan.stems))}
        for match in _candidates(plan.stems).finditer(analysis.with_acronyms(folded)):
            if (which := numbers.get(analysis.stem(match.group()))) is not None:
                found.append((*unfold(offsets, match.start(), match.end()), which))
                if len(found) > 2 * _MOST_MATCHES:
                    break
    return sorted(found)


@lru_cache(maxsize=256)
def _candidates(stems: frozenset[str]) -> re.Pattern[str]:
    """Words that may have one of the stems: stemming keeps the first letters (of short ones, as in die, the first)."""
    starts = {stem[: 2 if len(stem) > 3 else 1] for stem in stems}
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(starts)))})\w*")


def _window(words: str, matches: list[tuple[int, int, int]]) -> tuple[int, int]:
    """The span to show: where most different matches, then most matches, then the earliest, fit."""
    if len(words) <= LENGTH + _SLACK:
        return 0, len(words)
    if not matches:
        return 0, _whole_end(words, LENGTH)
    best = (0, 0)
    chosen = (matches[0][0], matches[0][1])
    inside: dict[int, int] = {}
    last = 0
    for first, (begin, _, which) in enumerate(matches):
        while last < len(matches) and (matches[last][1] <= begin + LENGTH or last == first):
            inside[matches[last][2]] = inside.get(matches[last][2], 0) + 1
            last += 1
        if (len(inside), last - first) > best:
            best = (len(inside), last - first)
            chosen = (begin, matches[last - 1][1])
        inside[which] -= 1
        if not inside[which]:
            del inside[which]
    begin, stop = chosen
    room = LENGTH - (stop - begin)
    if room <= 0:  # one match that is longer than a snippet
        return begin, min(stop, begin + 2 * LENGTH)
    start = max(0, begin - room // 3)
    end = min(len(words), start + LENGTH)
    start = max(0, end - LENGTH)
    return _whole_start(words, start, begin), max(stop, _whole_end(words, end))


def _whole_start(words: str, start: int, begin: int) -> int:
    """``start`` moved on to the beginning of a word, if there is one near and before the match."""
    if start == 0 or words[start - 1].isspace():
        return start
    blank = _BLANKS.search(words, start, min(begin, start + _SLACK))
    return blank.end() if blank else start


def _whole_end(words: str, end: int) -> int:
    """``end`` moved back to the end of a word, if there is one near."""
    if end >= len(words) or words[end].isspace():
        return min(end, len(words))
    for at in range(end - 1, max(0, end - _SLACK), -1):
        if words[at].isspace():
            return at
    return end


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping spans as one."""
    found: list[tuple[int, int]] = []
    for begin, end in spans:
        if found and begin < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def _escaped(text: str) -> str:
    return html.escape(_BLANKS.sub(" ", text), quote=False)
