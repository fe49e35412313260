"""What changed between two revisions of an edition.

Turns are aligned first (``turns``), then the words in those that are the same (``edits``); here the differences become
changes, each with its kind and its spans in both texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

from onrecord.editions.edits import Edit, Part, Stream, edits, unchanged
from onrecord.editions.printed import Printed
from onrecord.editions.turns import Match, match_turns
from onrecord.model import Change, ChangeKind, Diff, Edition

_MARK = re.compile(r"[*†‡]+")
"""A mark beside a word, or before a note at the foot, by which publishers own to a mistake."""

_COMMA = re.compile(r"[,.:;!?—–，。：；！？-]+")
_NOTE = re.compile(r"[*†‡\[]")
"""How a note begins, of which the closing bracket may have been forgotten."""

_Span = tuple[int, int]


def diff(before: Edition, after: Edition) -> Diff:
    """The changes from one revision of an edition to a later one, in order of the later one.

    Any two editions in one language can be compared.  Only what is printed counts: neither front matter nor what a
    label resolves to.  ``before`` and ``after`` of every change are its spans of the two texts, without spaces at their
    ends, and never a part of a word.  A change of speaker spans the two printed labels; where a part of one speaker's
    words was given to another, the earlier one is the label that they stood under.
    """
    a, b = Printed(before), Printed(after)
    substantive, matches = match_turns(a, b)
    changes = [change for match in matches for change in _of_match(a, b, match)]
    changes.sort(key=lambda change: (change.start, change.was_start, change.end))
    return Diff(
        edition=after.id, from_=before.revision, to=after.revision, substantive=substantive, changes=tuple(changes)
    )


def _of_match(a: Printed, b: Printed, match: Match) -> Iterator[Change]:
    place = match.place, match.place
    if not match.before:
        (m,) = match.after
        yield _change(_turn_kind(b, m, "turn-added"), a, None, place, b, m, b.span(m))
        return
    if not match.after:
        (k,) = match.before
        yield _change(_turn_kind(a, k, "turn-removed"), a, k, a.span(k), b, None, place)
        return
    if match.moved:
        k, m = match.before[0], match.after[0]
        yield _change("turn-moved", a, k, a.span(k), b, m, b.span(m))
    first: list[Part] = [(match.before[0], True)]
    new_first: list[Part] = [(match.after[0], True)]
    rest = [(k, head) for k in match.before for head in (True, False)]
    new_rest = [(m, head) for m in match.after for head in (True, False)]
    if match.whole or bool(a.head(match.before[0])) != bool(b.head(match.after[0])):
        yield from _of_streams(Stream(a, rest), Stream(b, new_rest))
        return
    yield from _of_heads(Stream(a, first), Stream(b, new_first))
    if match.windows is None:
        yield from _of_streams(Stream(a, rest[1:]), Stream(b, new_rest[1:]))
        return
    for start, end, new_start, new_end in match.windows:
        yield from _of_streams(Stream(a, rest[1:], (start, end)), Stream(b, new_rest[1:], (new_start, new_end)))


def _turn_kind(printed: Printed, k: int, kind: ChangeKind) -> ChangeKind:
    """What a turn that one revision has and the other has not is: a note of the publisher's, a rule, or a turn."""
    if not printed.words([k]):
        return "typography"
    if printed.turns[k].label is None:
        start, end = printed.span(k)
        if _MARK.match(printed.text, start) or (
            printed.text.startswith(("[", "［", "〔"), start) and printed.note(start, end) == "bracket"
        ):
            return "annotation"
    return kind


def _of_heads(a: Stream, b: Stream) -> Iterator[Change]:
    """Changes of what is printed before the words of a turn: its label."""
    (k, _), (m, _) = a.parts[0], b.parts[0]
    old, new = a.printed.turns[k].label, b.printed.turns[m].label
    if a.printed.label(k) != b.printed.label(m):
        yield _speaker(a.printed, k, b.printed, m)
    elif a.keys != b.keys:
        spans = _cut(a, b, Edit(0, len(a.tokens), 0, len(b.tokens)))
        yield _change("words", a.printed, k, spans[0], b.printed, m, spans[1])
    elif old != new:
        yield _change("typography", a.printed, k, a.printed.label_span(k), b.printed, m, b.printed.label_span(m))
    else:
        yield from _of_streams(a, b)


def _of_streams(a: Stream, b: Stream) -> Iterator[Change]:
    found = edits(a, b)
    for edit in [*found, *_respaced(a, b, found)]:
        here, there = a.at[edit.i : edit.i_end], b.at[edit.j : edit.j_end]
        divided = len({*here}) > 1 or len({*there}) > 1 or any(head for _, head in [*here, *there])
        if divided and a.keys[edit.i : edit.i_end] != b.keys[edit.j : edit.j_end]:
            yield from _across_turns(a, b, edit)
            continue
        span, new_span = _cut(a, b, edit)
        kind = _kind(a, b, edit, span, new_span)
        k, m = a.part(edit.i, edit.i_end)[0], b.part(edit.j, edit.j_end)[0]
        if kind == "annotation":  # a comma before the brackets is not in them
            (comma, span), (new_comma, new_span) = _parted(a, span), _parted(b, new_span)
            if a.printed.text[slice(*comma)] != b.printed.text[slice(*new_comma)]:
                yield _change("typography", a.printed, k, comma, b.printed, m, new_comma)
        if kind:
            yield _change(kind, a.printed, k, span, b.printed, m, new_span)


def _parted(stream: Stream, span: _Span) -> tuple[_Span, _Span]:
    """The punctuation that a span begins with, and the rest."""
    start, end = span
    match = _COMMA.match(stream.printed.text, start, end)
    after = match.end() if match else start
    return (start, after), _stripped(stream.printed.text, after, end)


def _respaced(a: Stream, b: Stream, found: Sequence[Edit]) -> Iterator[Edit]:
    """Where only what is printed between two words differs; beside an edit it is a part of it."""
    last = len(a.tokens), len(b.tokens)
    for i, j, n in unchanged(a, b, found):
        start = 0 if i == j == 0 else 1
        stop = n + 1 if (i + n, j + n) == last else n
        if n and a.raw(i, i + n) == b.raw(j, j + n):  # quick: nothing inside differs
            inner = [x for x in (0, n) if start <= x < stop]
        else:
            inner = list(range(start, stop))
        for x in inner:
            if a.gap(i + x) != b.gap(j + x):
                yield Edit(i + x, i + x, j + x, j + x)


def _across_turns(a: Stream, b: Stream, edit: Edit) -> Iterator[Change]:
    """The changes of an edit that reaches over labels: each turn's words by themselves, each label by itself."""
    for head in (True, False):
        old = [piece for piece in _pieces(a, edit.i, edit.i_end) if a.at[piece[0]][1] == head]
        new = [piece for piece in _pieces(b, edit.j, edit.j_end) if b.at[piece[0]][1] == head]
        for here, there in zip_longest(old, new):
            i, i_end = here or (edit.i_end, edit.i_end)
            j, j_end = there or (edit.j_end, edit.j_end)
            k, m = a.part(i, i_end)[0], b.part(j, j_end)[0]
            if head and _goes_on(a, here, k, b, there, m):
                continue
            if head:
                yield _speaker(a.printed, k, b.printed, m, was=here is not None, now=there is not None)
                continue
            span, new_span = _own_span(a, i, i_end), _own_span(b, j, j_end)
            kind = _kind(a, b, Edit(i, i_end, j, j_end), span, new_span)
            if kind:
                yield _change(kind, a.printed, k, span, b.printed, m, new_span)


def _goes_on(a: Stream, here: _Span | None, k: int, b: Stream, there: _Span | None, m: int) -> bool:
    """Whether a label only says who goes on speaking, as a turn was put in before it, or one taken out."""
    if a.printed.label(k) != b.printed.label(m):
        return False
    if here is None:
        return (m - 1, False) not in b.parts
    return there is None and (k - 1, False) not in a.parts


def _pieces(stream: Stream, start: int, end: int) -> list[_Span]:
    """Tokens ``start:end`` parted at the ends of turns and of heads."""
    return [
        (group[0], group[-1] + 1)
        for group in ([*numbers] for _, numbers in groupby(range(start, end), key=stream.at.__getitem__))
    ]


def _own_span(stream: Stream, start: int, end: int) -> _Span:
    """The span of some tokens of one turn with the punctuation behind them."""
    if start == end:
        at = stream.between[start][0]
        return at, at
    begin, stop = stream.tokens[start][0], stream.between[end][1]
    k, _ = stream.at[start]
    stop = min(stop, stream.printed.ends[k])
    return begin, begin + len(stream.printed.text[begin:stop].rstrip())


def _speaker(a: Printed, k: int, b: Printed, m: int, *, was: bool = True, now: bool = True) -> Change:
    """A label that is another; where there ``was`` none, or is none ``now``, the one over the words that it parted."""
    same = a.label(k) == b.label(m)
    span, new_span = a.label_span(k), b.label_span(m)
    if not was and same:
        span = (span[1], span[1])
    if not now and same:
        new_span = (new_span[1], new_span[1])
    return _change("speaker", a, k, span, b, m, new_span)


def _cut(a: Stream, b: Stream, edit: Edit) -> tuple[_Span, _Span]:
    """The spans of an edit: what is printed from the word before it to the one behind, less what both have there."""
    text, new_text = a.printed.text, b.printed.text
    start, end = a.between[edit.i][0], a.between[edit.i_end][1]
    new_start, new_end = b.between[edit.j][0], b.between[edit.j_end][1]
    first = a.tokens[edit.i][0] if edit.i < edit.i_end else end
    new_first = b.tokens[edit.j][0] if edit.j < edit.j_end else new_end
    while start < first and new_start < new_first and text[start] == new_text[new_start]:
        start, new_start = start + 1, new_start + 1
    last = a.tokens[edit.i_end - 1][1] if edit.i < edit.i_end else start
    new_last = b.tokens[edit.j_end - 1][1] if edit.j < edit.j_end else new_start
    while end > last and new_end > new_last and text[end - 1] == new_text[new_end - 1]:
        end, new_end = end - 1, new_end - 1
    if not text[start:end].strip() and not new_text[new_start:new_end].strip():
        return (start, end), (new_start, new_end)  # spaces are all that differs
    return _stripped(text, start, end), _stripped(new_text, new_start, new_end)


def _stripped(text: str, start: int, end: int) -> _Span:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    return start, start + len(words.strip())


def _kind(a: Stream, b: Stream, edit: Edit, span: _Span, new_span: _Span) -> ChangeKind | None:
    """What sort of change an edit is; None for one that nobody would see."""
    before, after = a.printed.text[slice(*span)], b.printed.text[slice(*new_span)]
    old = [key for key in a.keys[edit.i : edit.i_end] if key]
    new = [key for key in b.keys[edit.j : edit.j_end] if key]
    noted = a.corrections(edit.i, edit.i_end), b.corrections(edit.j, edit.j_end)
    if old == new:
        if noted[0] != noted[1]:
            return "annotation"
        if before == after or (0 in (span[0], new_span[0]) and not before.strip() and not after.strip()):
            return None
        marks = [_MARK.fullmatch(before), _MARK.fullmatch(after)]
        return "annotation" if (marks[0] or marks[1]) and not (before and after) else "typography"
    if _is_noted(b, edit.j, edit.j_end, old) or _is_noted(a, edit.i, edit.i_end, new):
        return "annotation"
    if (not old and _NOTE.match(after)) or (not new and _NOTE.match(before)):
        return "annotation"
    return "words"


def _is_noted(stream: Stream, start: int, end: int, other: list[str]) -> bool:
    """Whether tokens are in notes of the publisher's, apart from words that the ``other`` revision has as well."""
    tokens = [token for token in stream.tokens[start:end] if token[2]]
    said = [key for begin, stop, key in tokens if not stream.printed.note(begin, stop)]
    if len(said) == len(tokens):
        return False
    return not said or said == other or "".join(key for _, _, key in tokens) == "".join(other)


def _change(
    kind: ChangeKind, a: Printed, k: int | None, span: _Span, b: Printed, m: int | None, new_span: _Span
) -> Change:
    """A change, from turns counted from 0 and spans in both texts."""
    was_turn = None if k is None else a.turns[k].n
    turn = was_turn if m is None else b.turns[m].n
    return Change(
        kind=kind,
        turn=turn or 0,
        before=a.text[slice(*span)],
        after=b.text[slice(*new_span)],
        start=new_span[0],
        end=new_span[1],
        was_turn=was_turn,
        was_start=span[0],
        was_end=span[1],
    )
