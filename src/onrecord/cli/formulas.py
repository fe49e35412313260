"""``onrecord formula`` and ``formulas``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from cyclopts import Parameter

from onrecord.cli.options import ALL, HERE, Filters, Json, Place, WrongUsage, check_count, check_date, check_file
from onrecord.cli.terminal import counted, print_json
from onrecord.cli.unknown import complain_of

if TYPE_CHECKING:
    from onrecord.formulas.model import Life, Mined, Template, Week

Edition = Annotated[
    str | None, Parameter(name="--edition", help="Only editions of this kind, such as official or excerpt.")
]

_LIMIT = 50
_SEPARATORS = {"": ",", ".csv": ",", ".tsv": "\t"}

Table = Annotated[
    Path | None,
    Parameter(
        name="--table", allow_leading_hyphen=True, help="Write a table too: .csv, .tsv by its ending; - prints CSV."
    ),
]
Excel = Annotated[
    bool,
    Parameter(
        negative="",
        show_default=False,
        help="With --table, for opening in Excel: a byte order mark, and ' before cells it would take for formulas.",
    ),
]


def formula(
    *text: Annotated[str, Parameter(allow_leading_hyphen=True)],
    by: Literal["year", "month", "source", "person", "outlet", "role", "target", "lang"] | None = None,
    plot: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
    table: Table = None,
    excel: Excel = False,
    limit: int | None = None,
    edition: Edition = None,
    filters: Filters = ALL,
    json: Json = False,
    place: Place = HERE,
) -> int:
    """Tell the life of a set phrase: how often it is said, when, by whom, of whom.

    Every place where the phrase stands in the texts is counted, inside longer words
    too, after letter case, runs of white space, quotation marks and dashes are
    folded; in every edition of an occasion, unless --edition says which. Rates are
    for each million words looked through. The tier says how hot a formula ran in a
    year, from 1 to 6.

    For example:

      onrecord formula 人类命运共同体 --source cn-mfa
      onrecord formula "iron-clad commitment" --by person
      onrecord formula 坚决反对 --since 2022 --plot life.svg
      onrecord formula "we've been very clear" --by month --table months.csv

    Parameters
    ----------
    text
        The phrase; several arguments are one phrase, with spaces between.
    by
        Print the whole table by this instead of the page; --table has it too (else by year).
    plot
        Draw the life into this file, .svg or .png (needs onrecord[plot]); months, or as --by year|month says.
    limit
        At most so many rows or names in each list.
    """
    for word in text:
        if word.startswith("--"):
            raise WrongUsage(
                f"no such option: {word.partition('=')[0]} (write a phrase that begins so with a space before)"
            )
    if not text:
        raise WrongUsage("formula needs a phrase")
    check_count("--limit", limit)
    separator = _separator(table, excel=excel, json=json)
    picture = _picture(plot)
    given = {"kind": edition, **filters.given()}
    with place.open() as record, _bar() as progress:
        life = record.formula(" ".join(text), progress=progress, **given)
        if not life.looked:
            complain_of(record, given)
        root = record.head()["root"] if plot is not None else None
    if plot is not None:
        from onrecord.publish.charts import draw
        from onrecord.publish.files import replacing

        with replacing(plot) as file:
            draw(life, file, format=picture, by=by if by == "year" or by == "month" else None, root=root)
    if table is not None:
        from onrecord.cli.life import side_of

        names, rows = side_of(life, by or "year")
        _save(table, [name.replace(" ", "_") for name in names], rows, separator, excel=excel)
    if json:
        print_json(_life_as_json(life, limit))
    elif str(table) != "-":
        _print_life(life, by, limit)
    return 0


def _print_life(life: Life, by: str | None, limit: int | None) -> None:
    from onrecord.cli.life import print_counts, print_life

    if by is None:
        print_life(life, limit=limit)
    else:
        print_counts(life, by, limit=limit)


def _picture(plot: Path | None) -> str:
    """The format that the name of a picture ends in."""
    if plot is None:
        return ""
    from onrecord.publish.charts import FORMATS

    check_file("--plot", plot)
    ending = plot.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise WrongUsage(f"--plot {plot} should end in .svg or .png")
    return ending


def _life_as_json(life: Life, limit: int | None) -> dict[str, Any]:
    """The contract's fields, and after them all others; ``unnamed`` is how many have no person, outlet or target."""
    import msgspec

    from onrecord.cli.life import rest

    known = msgspec.to_builtins(life)
    known["unnamed"] = {side: rest(life, side) for side in ("person", "outlet", "target")}
    first = ("formula", "total", "turns", "first", "last", "by_year", "by_source", "tier", "variants")
    for name in ("variants", "company"):
        known[name] = known[name][:limit]
    return {name: known[name] for name in (*first, *known)}


def formulas(
    *,
    new: str | None = None,
    dropped: str | None = None,
    rising: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    fading: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    templates: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    ladder: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    about: str | None = None,
    occasions: int = 5,
    limit: int | None = None,
    offset: int = 0,
    table: Table = None,
    excel: Excel = False,
    edition: Edition = None,
    filters: Filters = ALL,
    json: Json = False,
    place: Place = HERE,
) -> int:
    """List the set phrases that were mined from the record, the most formulaic first.

    They are phrases that come back word for word in answers and statements of at
    least five occasions, without fragments of longer ones, mere names and dates;
    for each source and language by itself.

    For example:

      onrecord formulas --source cn-mfa --limit 100
      onrecord formulas --new 2024-06 --lang zh
      onrecord formulas --dropped 2025 --source us-whitehouse
      onrecord formulas --templates --lang en
      onrecord formulas --ladder --about Japan --source cn-mfa

    Parameters
    ----------
    new
        Only those first said on or after this year, month or day.
    dropped
        Only those said regularly before this day and not since, longer than their earlier rhythm explains.
    rising
        Only those said more often of late.
    fading
        Only those said less often of late.
    templates
        Phrases with one open slot instead, and what filled it.
    ladder
        The highest rung of the ladder of escalation for each week instead; with --about.
    about
        With --ladder: the country, by its ISO code or its name in English or Chinese.
    occasions
        Of how many occasions a phrase must be.
    limit
        How many rows; 50 if it is not given, and all of them with --ladder or --table.
    offset
        How many rows to pass over.
    """
    chosen = {
        "--new": new is not None,
        "--dropped": dropped is not None,
        "--rising": rising,
        "--fading": fading,
        "--templates": templates,
        "--ladder": ladder,
    }
    if len(both := [option for option, given in chosen.items() if given]) > 1:
        raise WrongUsage(f"{both[0]} and {both[1]} do not go together")
    if ladder != (about is not None):
        raise WrongUsage("--ladder needs a country: --about JP" if ladder else "--about goes with --ladder only")
    for option, day in (("--new", new), ("--dropped", dropped)):
        if day is not None:
            check_date(option, day)
    check_count("--occasions", occasions, least=2)
    check_count("--limit", limit)
    check_count("--offset", offset)
    separator = _separator(table, excel=excel, json=json)
    country = None if about is None else _country(about)
    given = {"kind": edition, **filters.given()}
    if limit is None and not ladder and table is None:
        limit = _LIMIT
    asked = None if limit is None else limit + 1  # one more tells whether there are more
    with place.open() as record, _bar() as progress:
        found: Sequence[Mined | Template | Week]
        if country is not None:
            found = record.ladder(about=country, progress=progress, **given)[offset:][:asked]
        elif templates:
            found = record.templates(occasions=occasions, limit=asked, offset=offset, progress=progress, **given)
        else:
            trend = "rising" if rising else "fading" if fading else None
            found = record.formulas(
                new=new,
                dropped=dropped,
                trend=trend,
                occasions=occasions,
                limit=asked,
                offset=offset,
                progress=progress,
                **given,
            )
        if not found:
            complain_of(record, given)
    rows = found[:limit]
    if table is not None:
        from onrecord.cli.mined import table_of

        columns, cells = table_of(rows, "week" if ladder else "template" if templates else "mined")
        _save(table, columns, cells, separator, excel=excel)
    if json:
        print_json([_row_as_json(row) for row in rows])
    elif str(table) != "-":
        from onrecord.cli.transcript import print_lines

        print_lines([(0, [(_heading(new, dropped, occasions, chosen, country), "dim")])])
        _print_rows(rows, chosen, more=len(found) > len(rows))
        if len(found) > len(rows) and rows:
            print(f"\n{counted(len(rows), 'row')} from {offset + 1:,} on; there are more (--limit, --offset)")
    return 0


def _print_rows(rows: Sequence[Mined | Template | Week], chosen: Mapping[str, bool], *, more: bool) -> None:
    from onrecord.cli import mined

    if not rows:
        if not more:
            print("None found")
    elif chosen["--ladder"]:
        mined.print_weeks(cast("Sequence[Week]", rows))
    elif chosen["--templates"]:
        mined.print_templates(cast("Sequence[Template]", rows))
    else:
        told = any(chosen[option] for option in ("--dropped", "--rising", "--fading"))  # of all rows, in the heading
        mined.print_mined(cast("Sequence[Mined]", rows), trend=not told)


def _heading(
    new: str | None, dropped: str | None, occasions: int, chosen: Mapping[str, bool], about: str | None
) -> str:
    """What is listed, and for what was tested how and at which rate of false alarms."""
    if about is not None:
        from onrecord.reading.countries import name_of

        return f"Highest rung of the ladder of escalation about {name_of(about)}, week by week"
    if chosen["--templates"]:
        return f"Phrases with one open slot, of {occasions} occasions or more"
    if not any(chosen.values()):
        return f"Phrases of {occasions} occasions or more, the most formulaic first"
    from onrecord.formulas import rhythm

    chance = f"at most {rhythm.ALPHA:.0%} of them are expected to be by chance"
    if new is not None:
        told = (
            f"First said in or after {new}; at the top those with the trend new, said in {rhythm.ARRIVED} weeks or more"
        )
        return f"{told}: so long not before is more than their rhythm explains (tested; {chance})"
    if dropped is not None:
        told = f"Said in {rhythm.REGULAR} weeks or more before {dropped}, and not since"
        return f"{told}: so many occasions without them are more than their rhythm explains (tested; {chance})"
    told = f"Said {rhythm.FACTOR:g} times as {'often' if chosen['--rising'] else 'rarely'} of late as before, or more"
    return f"{told}: that is more than their bursts explain (tested; {chance})"


def _row_as_json(row: Mined | Template | Week) -> dict[str, Any]:
    """The contract's fields, and after them all others."""
    import msgspec

    known = msgspec.to_builtins(row)
    first = ("formula", "lang", "count", "first", "last", "tier", "trend")
    return {name: known[name] for name in (*first, *known) if name in known}


def _country(about: str) -> str:
    """The code of a country or body, by that or by any of its names."""
    from onrecord.reading.countries import code_of

    code = code_of(about)
    if code is None:
        raise WrongUsage(f"--about {about!r} is no country that is known: write an ISO code such as JP, or its name")
    return code


def _separator(table: Path | None, *, excel: bool, json: bool) -> str:
    """What stands between the cells of the table that is to be written."""
    check_file("--table", table)
    if excel and table is None:
        raise WrongUsage("--excel goes with --table only")
    if json and str(table) == "-":
        raise WrongUsage("--json and --table - do not go together")
    ending = (
        ""
        if table is None or str(table) == "-"
        else table.with_suffix("").suffix
        if table.suffix == ".gz"
        else table.suffix
    )
    if ending.lower() not in _SEPARATORS:
        raise WrongUsage(f"--table {table} should end in .csv or .tsv")
    return _SEPARATORS[ending.lower()]


def _save(table: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], separator: str, *, excel: bool) -> None:
    from onrecord.publish.files import replacing
    from onrecord.publish.tables import write

    if str(table) == "-":
        sys.stdout.flush()
        write(columns, rows, sys.stdout.buffer, separator=separator, excel=excel)
        return
    with replacing(table) as file:
        write(columns, rows, file, separator=separator, excel=excel)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], object] | None]:
    """What to call with how many are done and how many there are: a bar on a terminal, from the first call on."""
    if not sys.stderr.isatty():
        yield None
        return
    with ExitStack() as stack:
        steps: list[Callable[[int, int], object]] = []

        def step(done: int, total: int) -> None:
            if not steps:
                from rich.console import Console
                from rich.progress import Progress

                bar = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
                task = bar.add_task("reading every phrase", total=total)
                steps.append(lambda done, total: bar.update(task, completed=done, total=total))
            steps[0](done, total)

        yield step
