"""Rows of the table of formulas, of templates and of the ladder: as cells of a table, and to read in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from onrecord.cli.grid import Cell, print_grid
from onrecord.cli.sparkline import shows_blocks, sparkline
from onrecord.cli.terminal import styled

if TYPE_CHECKING:
    from onrecord.formulas.model import Mined, Template, Week

_FILLERS = 8
"""Words in the slot of a template that are shown."""

Row = tuple[Cell, ...]

_MINED = (
    "formula", "lang", "source", "count", "occasions", "speakers", "years", "first", "last", "first_id", "last_id",
    "tier", "trend", "score", "silent_since", "silent_occasions", "usual_share", "needed_occasions", "p",
)  # fmt: skip
_TEMPLATE = ("formula", "lang", "source", "count", "occasions", "fillers")
_WEEK = ("week", "from", "source", "about", "rung", "name", "formula", "uses", "date", "id", "sentence")


def table_of(rows: Sequence[Any], kind: str) -> tuple[tuple[str, ...], Iterator[Row]]:
    """Names of columns, and cells, of rows that are ``mined``, a ``template`` or a ``week``.

    What filled the slot of a template is one cell: ``word (12); other (3)``.
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
    return row.formula, row.lang, row.source, row.count, row.occasions, fillers


def _week(row: Week) -> Row:
    use = row.use
    where = (row.week, row.from_, row.source, row.about)
    return *where, row.rung, row.name, row.formula, row.uses, use.date, use.id, use.text


def print_mined(rows: Sequence[Mined]) -> None:
    """Prints formulas; the silence of those that were dropped too."""
    names = ("times", "occasions", "first", "last", "tier", "trend")
    silence = ("silent for", "usual in", "needed", "p")
    cells = []
    for row in rows:
        about: Row = (None,) * 4
        if row.silence is not None:
            usual = f"1 of {1 / row.silence.usual:,.1f}" if row.silence.usual else None
            about = (row.silence.occasions, usual, row.silence.needed, f"{row.silence.p:.2g}")
        seen = (row.count, row.occasions, row.first, row.last, row.tier, row.trend)
        cells.append((*_group(rows, row), *seen, *about, row.formula))
    print_grid(("source", "lang", *names, *silence, "formula"), cells)


def print_templates(rows: Sequence[Template]) -> None:
    """Prints templates, with what filled them most often."""
    cells = []
    for row in rows:
        fillers = ", ".join(f"{filler.text} {filler.count}" for filler in row.fillers[:_FILLERS])
        more = f", and {len(row.fillers) - _FILLERS} more" if len(row.fillers) > _FILLERS else ""
        cells.append((*_group(rows, row), row.count, row.occasions, row.formula, fillers + more))
    print_grid(("source", "lang", "times", "occasions", "template", "filled with"), cells)


def print_weeks(rows: Sequence[Week]) -> None:
    """Prints the highest rungs of weeks, over each source's a line of them."""
    blocks = shows_blocks(sys.stdout)
    top = max((row.rung for row in rows), default=1)
    for source in dict.fromkeys(row.source for row in rows):
        rungs = [row.rung for row in rows if row.source == source]
        print(f"  {sparkline(rungs, blocks=blocks, top=top)}  {styled(source, 'dim')}")
    several = len({row.source for row in rows}) > 1
    cells = [
        (
            row.week,
            row.source if several else None,
            f"{row.rung} {row.name}",
            row.uses,
            row.formula,
            row.use.id,
            row.use.text,
        )
        for row in rows
    ]
    print_grid(("week", "source", "rung", "times", "formula", "first there", "sentence"), cells)


def _group(rows: Sequence[Mined] | Sequence[Template], row: Mined | Template) -> tuple[str | None, str | None]:
    """Source and language, where not all rows are of one."""
    several = any((other.source, other.lang) != (rows[0].source, rows[0].lang) for other in rows)
    return (row.source, row.lang or "?") if several else (None, None)
