"""``onrecord diff``, ``compare`` and ``omissions``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby, islice, zip_longest
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from onrecord.cli.options import (
    ALL,
    HERE,
    Filters,
    Html,
    Json,
    Place,
    check_count,
    check_html,
    check_whole,
    other_edition,
)
from onrecord.cli.terminal import coloured, counted, plain, print_json, save, styled, write

if TYPE_CHECKING:
    from onrecord import model
    from onrecord.cli.columns import Line
    from onrecord.model import Comparison, Diff, Edition, Omission
    from onrecord.publish.pages.changes import Block
    from onrecord.publish.pages.marks import Cut
    from onrecord.record import Record

_MARKS = {"gone": ("[-", "-]"), "new": ("{+", "+}")}
"""What stands about words that are gone or new where there is no colour: the marks of ``git diff --word-diff``."""
_FIRST_WORDS = 200
"""Characters of an exchange that are printed to say which one it is."""
_NUMBERS = 20
"""Columns that the numbers of exchanges take at most before they are put on several lines."""


def diff(
    id: str,
    /,
    *,
    from_: Annotated[int | None, Parameter(name="--from")] = None,
    to: int | None = None,
    all_: Annotated[bool, Parameter(name="--all", negative="", show_default=False)] = False,
    json: Json = False,
    html: Html = None,
    place: Place = HERE,
) -> int:
    """Print what changed between two revisions of an edition.

    The last two, if none are named. Words that are gone are red and struck, new
    ones green; without colour they stand in [- -] and {+ +}.

    For example:

      onrecord diff us-whitehouse/2023-07-26/en
      onrecord diff us-whitehouse/2023-07-26/en --from 1 --to 3
      onrecord diff us-whitehouse/2023-07-26/en@2 --json
      onrecord diff us-whitehouse/2023-07-26/en --html changes.html

    Parameters
    ----------
    id
        An edition; with @2, what became of it from revision 1 to 2.
    from_
        The earlier revision.
    to
        The later revision.
    all_
        Print changes of typography too, which are else only counted.
    """
    check_count("--from", from_, least=1)
    check_count("--to", to, least=1)
    check_html(html, json=json)
    check_whole(id)
    with place.open() as record:
        found = record.diff(id, from_=from_, to=to)
        if json:
            print_json(found)
            return 0
        before, after = record[f"{found.edition}@{found.from_}"], record[f"{found.edition}@{found.to}"]
        if html is not None:
            from onrecord.publish.pages.html import diff_page
            from onrecord.publish.pages.provenance import provenance

            save(html, diff_page(provenance(record, before), provenance(record, after), found))
            return 0
    if after.revisions == 1:
        print(f"{styled(found.edition, 'bold')} has one revision, so nothing of it has changed")
    else:
        _print_diff(before, after, found, typography=all_)
    return 0


def _print_diff(before: Edition, after: Edition, diff: Diff, *, typography: bool) -> None:
    from onrecord.cli.transcript import print_lines
    from onrecord.publish.pages.changes import blocks, counts, struck, summary

    told_of = counts(diff)
    span = "1" if diff.to == 1 else f"{diff.from_} to {diff.to}"
    print(f"{styled(diff.edition, 'bold')}, revision {span}\n{summary(diff)}")
    shown = blocks(before, after, diff, typography=typography)
    if struck(shown):
        print(styled("~~ and ~~ stand about words that the page itself shows struck through", "dim"))
    for block in shown:
        print_lines([(0, []), (0, _heading(block, diff))])
        for run in block.excerpts:
            print_lines((4, line) for line in _lines(run))
    if told_of.get("typography") and not typography:
        print(f"\n{counted(told_of['typography'], 'change')} of typography not shown (--all shows them)")


def _heading(block: Block, diff: Diff) -> Line:
    turn = block.turn or block.was
    where = f"#{turn.exchange} turn {turn.n}" if turn else "outside the turns"
    label = plain(turn.label or "") if turn else ""
    said = {
        "changed": "",
        "added": f"not in revision {diff.from_}",
        "gone": f"of revision {diff.from_}, not in revision {diff.to}",
        "moved": f"was turn {block.was.n}" if block.was else "stood elsewhere",
    }[block.what]
    named: Line = [(label, "bold")] if label else []
    if block.label is not None:
        labels = zip(("gone", "new"), block.label, strict=True)
        (named,) = _lines((how, ((plain(label), ()),)) for how, label in labels if label)
    return [(where, "number"), ("  ", ""), *named, *([(f"  {said}", "dim")] if said else [])]


def _lines(run: Iterable[tuple[str, tuple[Cut, ...]]]) -> Iterator[Line]:
    """The run as paragraphs."""
    from onrecord.cli.transcript import shown

    line: Line = []
    for how, cuts in run:
        opening, closing = ("", "") if how == "same" or coloured(sys.stdout) else _MARKS[how]
        line.append((opening, ""))
        for text, kinds in cuts:
            for n, part in enumerate(text.split("\n")):
                if n:
                    yield line
                    line = []
                words, style = shown(part, kinds) if part else ("", "")
                line.append((words, how if how != "same" and coloured(sys.stdout) else style))
        line.append((closing, ""))
    yield line


def compare(
    a: str,
    b: str,
    /,
    *,
    sentences: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    limit: int | None = None,
    json: Json = False,
    place: Place = HERE,
) -> int:
    """Align two editions of an occasion, in one language or across languages.

    Prints which exchanges are the same or parts of the same, how sure that is (0 to
    1, the score) and on what evidence; then what only one of the two has. The score
    does not say how much of an exchange both have: --sentences shows that.

    For example:

      onrecord compare cn-mfa/2023-07-26/zh cn-mfa/2023-07-26/en
      onrecord compare cn-mfa/2023-07-26/zh en.excerpt-1 --sentences

    Parameters
    ----------
    a
        An edition.
    b
        Another; en.excerpt-1 is one of the same occasion.
    sentences
        Print the exchanges that are the same side by side, sentence by sentence.
    limit
        At most so many pairs.
    """
    import msgspec

    check_count("--limit", limit)
    check_whole(a)
    with place.open() as record:
        here = record[a]
        b = other_edition(here, b)
        there = record[b]
        found = record.compare(a, b)
        every = len(found.pairs)
        found = msgspec.structs.replace(found, pairs=found.pairs[:limit])
        if json:
            print_json(found)
            return 0
    if sentences:
        from onrecord.cli.beside import print_heads, print_sections
        from onrecord.publish.pages.rows import sections

        print_heads(here, there)
        print_sections(here, there, [section for section in sections(here, there, found) if section.pair])
    else:
        _print_pairs(here, there, found)
    if every > len(found.pairs):
        print(f"\n{counted(every - len(found.pairs), 'more pair')} not shown (--limit {limit})")
    elif not every:
        print("\nNo exchange of the one was found in the other")
    _print_rest(here, there, found)
    return 0


def _print_pairs(a: Edition, b: Edition, comparison: Comparison) -> None:
    from onrecord.cli.beside import named, print_remark
    from onrecord.cli.columns import clip, page_width, painted, width_of, wrap
    from onrecord.publish.pages.rows import reason

    print(f"{styled('A', 'bold')} {plain(comparison.a)}\n{styled('B', 'bold')} {plain(comparison.b)}")
    print_remark(a, b)
    if not comparison.pairs:
        return
    numbers = [(named(pair.a), named(pair.b)) for pair in comparison.pairs]
    wide = [min(max(width_of(row[side]) for row in numbers), _NUMBERS) for side in (0, 1)]
    rest = max(page_width() - sum(wide) - 12, 24)
    half = rest // 2 - 1
    gap = f"\n{'A':{wide[0] + 2}}{'B':{wide[1] + 2}}score   "
    print(styled(f"{gap}{'words of A':{half + 2}}words of B", "dim"))
    for (here, there), pair in zip(numbers, comparison.pairs, strict=True):
        words_a, words_b = clip(_words(a, pair.a), half), clip(_words(b, pair.b), half)
        right: list[Line] = [
            [(f"{pair.score:.2f}    ", ""), (words_a + " " * (half + 2 - width_of(words_a)), ""), (words_b, "")]
        ]
        told = wrap([(", ".join(reason(evidence) for evidence in pair.evidence), "dim")], rest)
        told += [[(_merged(pair.a, pair.b), "")]] if len(pair.a) > 1 or len(pair.b) > 1 else []
        right += [[(" " * 8, ""), *line] for line in told]
        left = [wrap([(names, "number")], width) for names, width in zip((here, there), wide, strict=True)]
        for one, two, line in zip_longest(*left, right, fillvalue=[]):
            print((painted(one, wide[0] + 2) + painted(two, wide[1] + 2) + painted(line)).rstrip())


def _merged(a: tuple[int, ...], b: tuple[int, ...]) -> str:
    from onrecord.cli.beside import named

    if len(b) == 1:
        return f"A {named(a)} are one in B"
    if len(a) == 1:
        return f"B {named(b)} are one in A"
    return f"A {named(a)} are B {named(b)}, divided otherwise"


def _print_rest(a: Edition, b: Edition, comparison: Comparison) -> None:
    from onrecord.cli.columns import clip, page_width, painted, width_of

    sides = (("A", a, comparison.a, comparison.only_in_a), ("B", b, comparison.b, comparison.only_in_b))
    for name, edition, id, numbers in sides:
        if not numbers:
            print(f"\nNothing is only in {name} ({plain(id)})")
            continue
        print(f"\nOnly in {name} ({plain(id)}):")
        for n in numbers:
            turn = next((turn for turn in edition.turns if turn.exchange == n and turn.role != "procedural"), None)
            who = turn and (turn.outlet or turn.person or turn.label)
            start: Line = [(f"  #{n}  ", "number"), *([(who, "bold"), ("  ", "")] if who else [])]
            left = page_width() - sum(width_of(part) for part, _ in start)
            print(painted([*start, (clip(_words(edition, (n,)), max(left, 24)), "")]))


def _words(edition: Edition, numbers: tuple[int, ...]) -> str:
    """The first words of the exchanges, each turn but the first behind its label."""
    spoken = (turn for turn in edition.turns if turn.exchange in numbers and turn.role != "procedural")
    said = [
        (f"{turn.label}: " if n and turn.label else "") + edition.words(turn)[:_FIRST_WORDS]
        for n, turn in enumerate(islice(spoken, 3))
    ]
    return "\n".join(said).replace("\n", " ¶ ")


def omissions(
    *,
    present_in: str | None = None,
    absent_from: str | None = None,
    limit: int | None = None,
    filters: Filters = ALL,
    json: Json = False,
    place: Place = HERE,
) -> int:
    """List exchanges that one edition of an occasion has and another has not.

    Each is a statement about two texts, and none about why they differ. What the
    other edition shows in that place is printed with it. Filters of language,
    outlet and person speak of the edition that has the exchange.

    For example:

      onrecord omissions --source cn-mfa --since 2023
      onrecord omissions --present-in official --absent-from excerpt
      onrecord omissions --absent-from cn-mfa/2023-07-26/en --json

    Parameters
    ----------
    present_in
        Only what is in this edition (or revision, with @1), or in editions of this kind (official, excerpt, …).
    absent_from
        Only what is not in this edition or revision, or in editions of this kind.
    limit
        At most so many.
    """
    check_count("--limit", limit)
    with place.open() as record:
        compared: list[str] = []
        every = record.omissions(
            present_in=present_in, absent_from=absent_from, **filters.given(), progress=compared.append
        )
        if json:
            _stream(islice(every, limit))
            return 0
        found = _print_omissions(record, islice(every, limit))
        if limit is not None and next(every, None) is not None:
            print(f"{found or 'None shown'}; there are more (--limit {limit})")
        elif found:
            print(found)
        elif compared:
            occasions = counted(len(compared), "occasion")
            print(f"None found: {occasions} compared, and no exchange that fits is in one text and not in another")
        else:
            print("Nothing was compared: no occasion has two editions that fit")
    return 0


def _stream(rows: Iterable[Omission]) -> None:
    """One JSON array, each row as it comes; it is closed even when something goes wrong on the way."""
    import msgspec

    opened = False
    try:
        for row in rows:
            write((b",\n" if opened else b"[") + msgspec.json.encode(row))
            opened = True
    finally:
        failed = sys.exc_info()[0] is not None
        if opened or not failed:
            write(b"]\n" if opened else b"[]\n")


def _print_omissions(record: Record, rows: Iterable[Omission]) -> str:
    """Prints the rows, each place once behind what is not there, and returns what they come to, empty if to nothing."""
    from onrecord.cli.transcript import print_lines

    exchanges, occasions = set[str](), 0
    for occasion, found in groupby(rows, key=lambda row: row.occasion):
        occasions += 1
        print(styled(occasion, "bold"))
        for (present, absent), group in groupby(found, key=lambda row: (row.present_in, row.absent_from)):
            edition = record[present]
            print(f"  in {plain(present)}, not in {plain(absent)}:")
            for shown, together in groupby(group, key=lambda row: row.place):
                for row in together:
                    exchanges.add(row.id)
                    who = row.outlet or row.label
                    named: Line = [(who, "bold"), ("  ", "")] if who else []
                    words = _short(_words(edition, (row.exchange,)))
                    print_lines([(4, [(f"#{row.exchange}", "number"), ("  ", ""), *named, (words, "")])])
                if shown is not None:
                    print_lines([(8, [(_there(shown), "dim")])])
        print()
    if not exchanges:
        return ""
    told = f"{counted(len(exchanges), 'exchange')} of {counted(occasions, 'occasion')}"
    return f"{told}: in one text and not in another"


def _there(place: model.Place) -> str:
    """What the other edition shows where the exchange would stand."""
    after, before = place.after, place.before
    if after is not None and before is not None:
        where = f"there, between #{after} and #{before}"
    elif after is not None:
        where = f"there, at the end, after #{after}"
    elif before is not None:
        where = f"there, at the beginning, before #{before}"
    else:
        where = "there"
    shown = _short(place.text.strip().replace("\n", " ¶ "))
    return f"{where}: {shown or 'nothing'}"


def _short(text: str) -> str:
    text = plain(" ".join(text.split()))
    return text if len(text) <= _FIRST_WORDS else text[:_FIRST_WORDS].rstrip() + "…"
