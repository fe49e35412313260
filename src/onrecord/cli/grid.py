"""Rows in columns, aligned by how wide their characters are shown."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from onrecord.cli.columns import clip, page_width, width_of
from onrecord.cli.terminal import plain, styled

Cell = str | int | float | None

_GAP = 2


def print_grid(names: Sequence[str], rows: Sequence[Sequence[Cell]], *, indent: int = 0) -> None:
    """Prints the rows under the names of their columns: numbers to the right, the rest to the left.

    Columns without anything in them are left out.  On a terminal the last one is cut where the line ends.
    """
    kept = [at for at in range(len(names)) if any(row[at] is not None for row in rows)]
    written = [[said(row[at]) for at in kept] for row in rows]
    right = [any(isinstance(row[at], int | float) for row in rows) for at in kept]
    widths = [max(width_of(cell) for cell in (names[at], *(row[n] for row in written))) for n, at in enumerate(kept)]
    room = page_width() - indent - sum(widths[:-1]) - _GAP * (len(kept) - 1) if sys.stdout.isatty() else None

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
