"""Tables for others to work on: CSV (RFC 4180), UTF-8, a header line, lines ended by ``\\n``; or TSV, the same by tabs.

A cell may begin with ``=``, ``+``, ``-`` or ``@``, which Excel and its like take for a formula of theirs when the file
is opened there.  ``excel`` makes a copy fit for that: an apostrophe before such a cell
(https://owasp.org/www-community/attacks/CSV_Injection) and a byte order mark, without which Excel does not read UTF-8.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BUFFER = 1 << 16


def write(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], out: BinaryIO, *, separator: str = ",", excel: bool = False
) -> None:
    """Writes the names of the columns, then the rows as they come; None is an empty cell."""
    buffer = io.StringIO()
    lines = csv.writer(buffer, lineterminator="\n", delimiter=separator)
    lines.writerow(columns)
    out.write(b"\xef\xbb\xbf" if excel else b"")
    for row in rows:
        lines.writerow([_harmless(cell) for cell in row] if excel else row)
        if buffer.tell() > _BUFFER:
            _pass_on(buffer, out)
    _pass_on(buffer, out)


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _pass_on(buffer: io.StringIO, out: BinaryIO) -> None:
    out.write(buffer.getvalue().encode())
    buffer.seek(0)
    buffer.truncate()
