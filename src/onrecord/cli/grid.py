"""Rows in columns, aligned by how wide their characters are shown."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from onrecord.cli.columns import clip, page_width, width_of
from onrecord.cli.terminal import plain, styled

Cell = str | int | float | None

_GAP = 2
_ENOUGH = 36
"""Columns of the terminal that the last column of a grid has before another is left out for it."""


def print_grid(
    names: Sequence[str], rows: Sequence[Sequence[Cell]], *, indent: int = 0, spare: Sequence[str] = ()
) -> None:
    """Prints the rows under the names of their columns: numbers to the right, the rest to the left.

    Columns without anything in them are left out.  On a terminal the last one is cut where the line ends, and where
    that would leave too little of it those that can be spared are left out, one after the other.
    """
    kept = [at for at in range(len(names)) if any(row[at] is not None for row in rows)]
    written = [[said(row[at]) for at in kept] for row in rows]
    right = [any(isinstance(row[at], int | float) for row in rows) for at in kept]
    widths = [max(width_of(cell) for cell in (names[at], *(row[n] for row in written))) for n, at in enumerate(kept)]
    room = page_width() - indent - sum(widths[:-1]) - _GAP * (len(kept) - 1) if sys.stdout.isatty() else None
    if room is not None and room < min(_ENOUGH, widths[-1]):
        for name in spare:
            if name in (names[at] for at in kept):
                less = [at for at in range(len(names)) if names[at] != name]
                shorter = [[row[at] for at in less] for row in rows]
                print_grid([names[at] for at in less], shorter, indent=indent, spare=spare)
                return

    def line(cells: Sequence[str]) -> str:
        shown = []
        for n, cell in enumerate(cells):
            last = n == len(cells) - 1
            if last and room is not None and not right[n]:
                cell = clip(cell, max(room, 16))
            blank = " " * (widths[n] - width_of(cell))
            shown.append(blank + cell if right[n] else cell if last else cell + blank)
        return (" " * indent + (" " * _GAP).join(shown)).rstrip()

    print(styled(line([names[at] for at in kept]), "dim"))
    for cells in written:
        print(line(cells))


def said(cell: Cell) -> str:
    """A cell as it is written: 1,234 and 1,234.5; one line, and nothing that steers a terminal."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:,.1f}"
    return f"{cell:,}" if isinstance(cell, int) else plain(" ".join(cell.split()))
