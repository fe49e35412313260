"""Two editions in two columns, what says the same on one level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from onrecord.cli.columns import Line, beside, page_width, wrap
from onrecord.cli.terminal import styled
from onrecord.cli.transcript import head, label, words
from onrecord.model import Edition
from onrecord.publish.pages.marks import paragraphs
from onrecord.publish.pages.rows import Numbers, Piece, Row, Section

_LEVEL, _LEFT, _RIGHT = " │ ", " < ", " > "
"""What stands between the columns: as in ``diff -y``, < and > point at words that only one side has."""


def print_heads(a: Edition, b: Edition) -> None:
    """Prints what the two texts are, and what the marks between them mean."""
    width = page_width()
    columns = [[line for _, pieces in head(edition) for line in wrap(pieces, _half(width))] for edition in (a, b)]
    _print(columns[0], columns[1], width, _LEVEL)
    print_remark(a, b)
    print(styled(f"{_LEFT.strip()} and {_RIGHT.strip()}: words that were not found in the other edition", "dim"))


def print_remark(a: Edition, b: Edition) -> None:
    """Says so where the two are no editions of one briefing."""
    if a.occasion != b.occasion:
        print(styled(f"Note: these are editions of two occasions, {a.occasion} and {b.occasion}", "note"))


def print_sections(a: Edition, b: Edition, sections: Iterable[Section]) -> None:
    """Prints exchange after exchange."""
    width = page_width()
    for section in sections:
        mark = {"b": _LEFT, "a": _RIGHT, None: _LEVEL}[section.absent_from]
        print()
        _print(*_numbers(section, _half(width)), width, mark)
        for row in section.rows:
            _print(_cell(a, row.a, width, row), _cell(b, row.b, width, row), width, _between(row, mark))


def _numbers(section: Section, half: int) -> tuple[list[Line], list[Line]]:
    """What stands over an exchange: its number in both."""
    columns = []
    for side, numbers in (("a", section.a), ("b", section.b)):
        absent: Line = [("not in this edition", "dim")] if section.absent_from == side else []
        columns.append(wrap([(named(numbers), "number")] if numbers else absent, half))
    return columns[0], columns[1]


def named(numbers: Numbers) -> str:
    """``#3``, ``#3 #4``, ``#3-#6 #8``."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return " ".join(f"#{run[0]}-#{run[-1]}" if len(run) > 2 else " ".join(f"#{n}" for n in run) for run in runs)


def _between(row: Row, mark: str) -> str:
    if not row.alone:
        return mark
    return _LEFT if row.a else _RIGHT


def _cell(edition: Edition, pieces: Sequence[Piece], width: int, row: Row) -> list[Line]:
    half, lines = _half(width), []
    for piece in pieces:
        if piece.named:
            lines += wrap(label(piece.turn), half)
        tone = " changed" if row.alone else " dim" if piece.unspoken else ""
        for start, end in paragraphs(edition.text, piece.start, piece.end):
            said = [(text, style + tone) for text, style in words(edition, start, end)]
            lines += [[("  ", ""), *line] for line in wrap(said, half - 2)]
    return lines


def _half(width: int) -> int:
    return max((width - len(_LEVEL)) // 2, 8)


def _print(left: Sequence[Line], right: Sequence[Line], width: int, mark: str) -> None:
    for line in beside(left, right, width, mark):
        print(line)
