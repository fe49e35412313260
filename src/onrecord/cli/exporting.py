"""``onrecord export``."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from onrecord.cli.options import ALL, HERE, Filters, Json, Place, WrongUsage, check_count, check_file
from onrecord.cli.terminal import complain, counted


def export(
    *,
    format: Literal["jsonl", "csv"] = "jsonl",
    out: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
    edition: Annotated[str | None, Parameter(name="--edition")] = None,
    limit: int | None = None,
    excel: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    filters: Filters = ALL,
    json: Json = False,
    place: Place = HERE,
) -> int:
    """Write editions out, oldest first: as JSON lines, or as a table of turns.

    With --outlet or --person, editions in which they speak, each of them whole.
    With --out the file appears when it is complete, and not before; its name may
    end in .gz.

    For example:

      onrecord export --format jsonl --source cn-mfa --since 2023
      onrecord export --format csv --out turns.csv
      onrecord export --out record.jsonl.gz --all-revisions

    Parameters
    ----------
    format
        jsonl: an edition a line, as show --json prints it. csv: a turn a row, UTF-8, with a header.
    out
        The file to write; standard output if it is - or not given.
    edition
        Only editions of this kind, such as official or excerpt.
    limit
        At most so many editions.
    excel
        With csv, for opening in Excel: a byte order mark, and ' before cells it would take for formulas.
    json
        The same as --format jsonl.
    """
    from onrecord.publish.files import replacing
    from onrecord.publish.formats import writer

    check_count("--limit", limit)
    check_file("--out", out)
    if format == "csv" and json:
        raise WrongUsage("--json and --format csv do not go together")
    if excel and format != "csv":
        raise WrongUsage("--excel goes with --format csv only")
    write = writer(format, excel=excel)
    arguments = filters.given()
    with place.open() as record:
        editions = islice(record.editions(kind=edition, **arguments), limit)
        if out is None or str(out) == "-":
            sys.stdout.flush()
            write(editions, sys.stdout.buffer)
        else:
            with replacing(out) as file:
                count = write(editions, file)
            if sys.stderr.isatty():
                complain(f"{counted(count, 'edition')} written", str(out))
    return 0
