"""Rows of the table of formulas, of templates and of the ladder: as cells of a table, and to read in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from onrecord.cli.columns import page_width, width_of
from onrecord.cli.grid import Cell, print_grid
from onrecord.cli.sparkline import full, nought, shows_blocks, sparkline
from onrecord.cli.terminal import styled
from onrecord.cli.transcript import print_lines

if TYPE_CHECKING:
    from onrecord.formulas.model import Mined, Template, Week

_FILLERS = 8
"""Words in the slot of a template that are shown."""

Row = tuple[Cell, ...]

_MINED = (
    "formula", "lang", "source", "count", "occasions", "speakers", "years", "first", "last", "first_id", "last_id",
    "tier", "trend", "score", "silent_since", "silent_occasions", "usual_share", "needed_occasions", "p",
)  # fmt: skip
_TEMPLATE = ("formula", "lang", "source", "count", "occasions", "different", "fillers")
_WEEK = ("week", "from", "source", "about", "rung", "name", "formula", "uses", "date", "id", "sentence")


def table_of(rows: Sequence[Any], kind: str) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Names of columns, and cells, of rows that are ``mined``, a ``template`` or a ``week``.

    What filled the slot of a template is one cell: ``word (12); other (3)``, the most frequent of ``different`` ones.
    """
    kinds: dict[str, tuple[tuple[str, ...], Callable[[Any], Row]]] = {
        "mined": (_MINED, _mined),
        "template": (_TEMPLATE, _template),
        "week": (_WEEK, _week),
    }
    names, cells = kinds[kind]
    return names, (cells(row) for row in rows)


def _mined(row: Mined) -> Row:
    silence = row.silence
    return (
        *(row.formula, row.lang, row.source, row.count, row.occasions, row.speakers, row.years, row.first, row.last),
        *(row.first_id, row.last_id, row.tier, row.trend, row.score),
        *((silence.since, silence.occasions, silence.usual, silence.needed, silence.p) if silence else (None,) * 5),
    )


def _template(row: Template) -> Row:
    fillers = "; ".join(f"{filler.text} ({filler.count})" for filler in row.fillers)
    return row.formula, row.lang, row.source, row.count, row.occasions, row.different, fillers


def _week(row: Week) -> Row:
    use = row.use
    where = (row.week, row.from_, row.source, row.about)
    return *where, row.rung, row.name, row.formula, row.uses, use.date, use.id, use.text


def print_mined(rows: Sequence[Mined], *, trend: bool = True) -> None:
    """Prints formulas, with or without their trend; the silence of those that were dropped too."""
    names = ("times", "occasions", "first", "last", "tier", "trend")
    silence = ("silent since", "occasions since", "needed", "usual in 1 of", "p")
    cells = []
    for row in rows:
        about: Row = (None,) * 5
        if row.silence is not None:
            usual = 1 / row.silence.usual if row.silence.usual else None
            about = (row.silence.since, row.silence.occasions, row.silence.needed, usual, f"{row.silence.p:.2g}")
        seen = (row.count, row.occasions, row.first, row.last, row.tier, row.trend if trend else None)
        cells.append((*_group(rows, row), *seen, *about, row.formula))
    spare = ("first", "last", "tier", "p", "usual in 1 of", "needed", "source", "lang", "occasions", "trend")
    print_grid(("source", "lang", *names, *silence, "formula"), cells, spare=spare)


def print_templates(rows: Sequence[Template]) -> None:
    """Prints templates, with what filled them most often."""
    cells = []
    for row in rows:
        fillers = ", ".join(f"{filler.text} {filler.count}" for filler in row.fillers[:_FILLERS])
        more = f", and {row.different - _FILLERS:,} more" if row.different > _FILLERS else ""
        cells.append((*_group(rows, row), row.count, row.occasions, row.formula, row.different, fillers + more))
    print_grid(
        ("source", "lang", "times", "occasions", "template", "fillers", "filled with"), cells, spare=("source", "lang")
    )


def print_weeks(rows: Sequence[Week]) -> None:
    """Prints the highest rungs of weeks, below a line of them for each source (of months where weeks do not fit)."""
    blocks = shows_blocks(sys.stdout)
    first, last = min(row.from_ for row in rows), max(row.from_ for row in rows)
    sources = list(dict.fromkeys(row.source for row in rows))
    days = [str(date.fromisoformat(first) + timedelta(n)) for n in range(0, _days(first, last) + 1, 7)]
    by = "week"
    if len(days) > page_width() - max(map(width_of, sources)) - 4:
        by = "month"
        days = list(dict.fromkeys(day[:7] for day in days))
    top = max(row.rung for row in rows)
    scale = f"{full(blocks=blocks)} is rung {top}, {nought(blocks=blocks)} none"
    print_lines([(0, [(f"By {by}, {days[0]} to {days[-1]}; {scale}", "dim")])])
    for source in sources:
        rungs = dict.fromkeys(days, 0)
        for row in rows:
            if row.source == source:
                day = row.from_[: len(days[0])]
                rungs[day] = max(rungs[day], row.rung)
        print(f"  {sparkline(list(rungs.values()), blocks=blocks, top=top)}  {styled(source, 'dim')}")
    names = ("week", "source", "rung", "times", "formula", "first there", "sentence")
    cells = []
    for row in rows:
        of = row.source if len(sources) > 1 else None
        cells.append((row.week, of, f"{row.rung} {row.name}", row.uses, row.formula, row.use.id, row.use.text))
    print_grid(names, cells, spare=("first there", "times"))


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def _group(rows: Sequence[Mined] | Sequence[Template], row: Mined | Template) -> tuple[str | None, str | None]:
    """Source and language, where not all rows are of one."""
    several = any((other.source, other.lang) != (rows[0].source, rows[0].lang) for other in rows)
    return (row.source, row.lang or "?") if several else (None, None)
