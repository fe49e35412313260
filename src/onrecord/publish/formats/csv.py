"""CSV (RFC 4180, UTF-8, a header line, lines ended by ``\\n``): one turn a row, with its words.

``words`` are the turn's words exactly, line breaks and all.  So a cell may begin with ``=``, ``+``, ``-`` or ``@``,
which Excel and its like take for a formula when the file is opened there.  ``excel`` makes a copy fit for that: an
apostrophe before such a cell (https://owasp.org/www-community/attacks/CSV_Injection) and a byte order mark, without
which Excel does not read UTF-8.  The plain form is the record's.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from onrecord.model import Edition

COLUMNS = (
    "edition", "revision", "occasion", "source", "country", "date", "lang", "kind", "title", "url", "sha256",
    "exchange", "turn", "role", "label", "person", "outlet", "start", "end", "words",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(edition: Edition) -> Iterator[tuple[Any, ...]]:
    """A row for each turn, as ``COLUMNS``; None for what is not known."""
    of_edition = (
        edition.id,
        edition.revision,
        edition.occasion,
        edition.source,
        edition.country,
        edition.date,
        edition.lang,
        edition.kind,
        edition.title,
        edition.url,
        edition.sha256,
    )
    for turn in edition.turns:
        yield (
            *of_edition,
            turn.exchange,
            turn.n,
            turn.role,
            turn.label,
            turn.person,
            turn.outlet,
            turn.start,
            turn.end,
            edition.words(turn),
        )


def write(editions: Iterable[Edition], out: BinaryIO, *, excel: bool = False) -> int:
    """Writes the header and a row for each turn; returns how many editions there were."""
    buffer = io.StringIO()
    rows_out = csv.writer(buffer, lineterminator="\n")
    rows_out.writerow(COLUMNS)
    out.write(b"\xef\xbb\xbf" if excel else b"")
    count = 0
    for edition in editions:
        count += 1
        for row in rows(edition):
            rows_out.writerow([_harmless(cell) for cell in row] if excel else row)
        _pass_on(buffer, out)
    _pass_on(buffer, out)
    return count


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _pass_on(buffer: io.StringIO, out: BinaryIO) -> None:
    out.write(buffer.getvalue().encode())
    buffer.seek(0)
    buffer.truncate()
