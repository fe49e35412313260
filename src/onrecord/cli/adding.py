"""``onrecord add``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from onrecord.cli import INTERRUPTED
from onrecord.cli.options import HERE, Json, Place, WrongUsage, check_count
from onrecord.cli.terminal import complain, plain, styled, write

if TYPE_CHECKING:
    from onrecord.model import Added

_STYLES = {"added": "new", "revised": "changed", "unchanged": "dim"}


def add(
    *paths: Annotated[str, Parameter(name="PATH", required=True, allow_leading_hyphen=True)],
    source: str | None = None,
    edition: Annotated[str | None, Parameter(name="--edition")] = None,
    occasion: str | None = None,
    jobs: int | None = None,
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative="", show_default=False)] = False,
    json: Json = False,
    place: Place = HERE,
) -> int:
    """Keep pages: files, folders, WARC and ZIP files, or - for standard input.

    Makes the record if there is none. A line is printed for each input once it is
    durable. Adding a page again changes nothing; other words under the same
    address become the next revision.

    For example:

      onrecord add pages/ --jobs 2
      onrecord add crawl.warc.gz
      curl -s https://example.org/briefing.html | onrecord add - --source cn-mfa
      onrecord add excerpt.txt --edition excerpt --json
      onrecord add undated.txt --occasion cn-mfa/2023-07-26

    Parameters
    ----------
    paths
        What to add.
    source
        Who publishes, whatever the pages say.
    edition
        What kind of edition the pages are: official, translation, excerpt, recording, …
    occasion
        Which briefing they are of, whatever the pages say: cn-mfa/2023-07-26.
        Editions that are on record stay where they are.
    jobs
        How many processes read.
    quiet
        Print failures only.
    """
    check_count("--jobs", jobs, least=1)
    for path in paths:
        if path.startswith("-") and path != "-":
            raise WrongUsage(f"no such option: {path.partition('=')[0]} (for a file of that name write ./{path})")
    _hush()
    counts: Counter[str] = Counter()
    with place.open(create=True) as record:
        rows = record.add_stream(*paths, source=source, kind=edition, occasion=occasion, jobs=jobs)
        try:
            with closing(rows), _progress(paths, quiet=quiet) as (say, step):  # type: ignore[type-var]
                for row in rows:
                    counts[row.status] += 1
                    step(counts.total())
                    if json:
                        _safely(partial(write, _line(row)))
                    elif row.status != "failed" and not quiet:
                        say(row)
                    if row.status == "failed":
                        complain(row.error or "it was not added", row.input)
                    elif row.status == "unchanged" and _overlooked(row.edition or "", source, edition, occasion):
                        complain(
                            f"on record already as {row.edition}, and left there; `onrecord occasion move` moves it",
                            row.input,
                        )
        except KeyboardInterrupt:
            complain("interrupted; everything reported done is kept, and the next add goes on from there")
            return INTERRUPTED
        finally:
            if not json and not quiet and (counts or sys.exc_info()[0] is None):
                _safely(lambda: print(_summary(counts)))
    return 1 if counts["failed"] else 0


def _overlooked(id: str, source: str | None, kind: str | None, occasion: str | None) -> bool:
    """Whether an edition on record is not what the options say that the page is."""
    from onrecord.ids import edition_id, parse, parse_occasion

    there = parse(id)
    named = there.edition.rpartition("/")[2]
    return (
        (source is not None and there.source != source)
        or (occasion is not None and there.occasion != parse_occasion(occasion).id)
        or (kind is not None and not named.startswith(edition_id("", named.partition(".")[0], kind).lstrip("/")))
    )


def _hush() -> None:
    """Keeps libraries from printing warnings of their own: what is wrong with a page, its row says."""
    import logging
    import warnings

    logging.getLogger().addHandler(logging.NullHandler())
    warnings.simplefilter("ignore")


def _line(row: Added) -> bytes:
    import msgspec

    return msgspec.json.encode(row) + b"\n"


def _summary(counts: Counter[str]) -> str:
    named = [f"{counts[status]:,} {status}" for status in ("added", "revised", "unchanged", "failed") if counts[status]]
    return ", ".join(named) or "nothing to add"


def _human(row: Added) -> str:
    # An unchanged page may be an earlier state than the latest, so its number is always said.
    revision = f"@{row.revision}" if row.revision and (row.revision > 1 or row.status == "unchanged") else ""
    return f"{styled(f'{row.status:9}', _STYLES[row.status])}  {plain(row.edition or '')}{revision}  {plain(row.input)}"


def _safely(act: Callable[[], object]) -> None:
    """Prints and flushes; once nobody reads any more, the pages are still to be added."""
    try:
        act()
        sys.stdout.flush()
    except BrokenPipeError:
        from onrecord.cli.app import silence

        silence()


@contextmanager
def _progress(
    paths: tuple[str, ...], *, quiet: bool
) -> Iterator[tuple[Callable[[Added], None], Callable[[int], None]]]:
    """How to print a row, and how to say how many are done: on a terminal a bar, in a pipe nothing."""
    if quiet or not sys.stderr.isatty():
        yield lambda row: _safely(lambda: print(_human(row))), lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.text import Text

    from onrecord.archive.intake import count

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=console, transient=True)
    with bar:
        total = count(path for path in paths if path != "-") + paths.count("-")
        task = bar.add_task("adding", total=total)

        def say(row: Added) -> None:
            if sys.stdout.isatty():  # above the bar, which is on the same screen
                console.print(Text.from_ansi(_human(row)), soft_wrap=True)
            else:
                _safely(lambda: print(_human(row)))

        def step(done: int) -> None:
            bar.update(task, completed=done, total=max(total, done))  # a WARC file is one input and gives many pages

        yield say, step
