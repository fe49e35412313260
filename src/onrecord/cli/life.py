"""The life of a formula as a page to read in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, get_args

from onrecord.cli.columns import page_width, painted, wrap
from onrecord.cli.grid import Cell, print_grid, said
from onrecord.cli.sparkline import full, nought, shows_blocks, sparkline
from onrecord.cli.terminal import counted, pieces, plain, styled
from onrecord.cli.transcript import print_lines
from onrecord.publish.timeline import By, asked, beginning, partial, span, timeline, undated

if TYPE_CHECKING:
    from onrecord.formulas.model import Life, Use, Variant

SIDES = ("year", "month", "source", "lang", "person", "outlet", "role", "target")
"""What a life is counted by."""
_ROWS = 8
"""Variants, and formulas in company, that the page shows."""
_NAMES = 5
"""Names on a line."""
UNNAMED = "none named"
"""The row of what is known of no person, outlet or country."""
_SHORTEST = 3
"""Months or years that a line is worth drawing for."""
_INDENT, _MARGIN = 7, 12
"""Columns that First and Last, and the names of lists, stand in."""
_LINES = {
    "role": "in",
    "person": "said by",
    "outlet": "asked by",
    "target": "about",
    "source": "source",
    "lang": "lang",
}


def print_life(life: Life, *, limit: int | None = None) -> None:
    """Prints the page; ``limit`` is how many rows or names its lists have at most."""
    _print_head(life)
    if not life.looked:
        return
    if not life.total:
        _print_variants(life, "Near it, one word changed", _ROWS if limit is None else limit)
        return
    for name, use in (("First", life.first), ("Last", life.last)):
        if use is not None and not (name == "Last" and use == life.first):
            _print_use(name, use, life.formula, beginning(life) if name == "First" else "")
    _print_sparkline(life)
    print()
    print_side(life, "year")
    print()
    for side, name in _LINES.items():
        _print_line(name, life, side, _NAMES if limit is None else limit)
    rows = _ROWS if limit is None else limit
    _print_variants(life, "Variants, one word changed", rows)
    if company := life.company[:rows]:
        print("\nIn the same exchanges, and how many times more often than by chance")
        found = [(one.exchanges, said(one.lift) + "×", one.formula) for one in company]
        print_grid(("exchanges", "times chance", "formula"), found, indent=2)


def print_counts(life: Life, side: str, *, limit: int | None = None) -> None:
    """Prints the head of the page, and the counts by one of ``SIDES`` in full or up to ``limit``."""
    _print_head(life)
    if life.total:
        print()
        print_side(life, side, limit=limit)


def print_side(life: Life, side: str, *, limit: int | None = None) -> None:
    """Prints the counts by one of ``SIDES`` as a table."""
    names, rows = side_of(life, side)
    parts = partial(life) if side == "year" else {}
    every = [(f"{_called(side, str(name))} {parts.get(str(name), '')}".rstrip(), *cells) for name, *cells in rows]
    if not every:
        print(f"  no {side} is known")
        return
    print_grid(names, every[:limit], indent=2)
    if limit is not None and len(every) > limit:
        print(f"  {counted(len(every) - limit, 'more row')} (--limit {limit})")


def side_of(life: Life, side: str) -> tuple[tuple[str, ...], Iterator[tuple[Cell, ...]]]:
    """The counts by one of ``SIDES``: names of columns, and rows; words looked through and rates where they are known.

    Years and months have a row each from the first to the last, those without any use and those without any text too.
    What is known of no person, outlet or country has a row of its own, so that the rows add up.
    """
    tiers = {tier.year: (tier.used, tier.held, tier.tier, tier.name) for tier in life.tiers}
    words, rates = _known(life.denominators.get(f"by_{side}")), _known(life.per_million.get(f"by_{side}"))

    def rows() -> Iterator[tuple[Cell, ...]]:
        if side in get_args(By):
            for period in timeline(life, "year" if side == "year" else "month"):
                known = (period.name, period.count, period.words, period.per_million)
                yield known if side == "month" else (*known, *tiers.get(period.name, (None,) * 4))
            if missing := undated(life):
                yield ("undated", missing, *(None,) * (2 if side == "month" else 6))
            return
        for name, count in _known(getattr(life, f"by_{side}")).items():
            yield name, int(count), _whole(words.get(name)), rates.get(name)
        if missing := rest(life, side):
            others = life.words - int(sum(words.values())) if words else 0
            yield UNNAMED, missing, others or None, round(1e6 * missing / others, 2) if others else None

    names = (side, "occurrences", "words", "per million")
    return (*names, "answered in", "of occasions", "tier", "tier name") if side == "year" else names, rows()


def rest(life: Life, side: str) -> int:
    """How many of the occurrences have none of the names."""
    return life.total - int(sum(_known(getattr(life, f"by_{side}")).values()))


def _called(side: str, name: str) -> str:
    """A name to read: countries have a code."""
    if side != "target" or name == UNNAMED:
        return name
    from onrecord.reading.countries import name_of

    return name_of(name)


def _known(values: object) -> Mapping[str, float]:
    return values if isinstance(values, dict) else {}


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _print_head(life: Life) -> None:
    lines = [(" ".join(life.formula.split()), "bold")]
    looked = f"{counted(life.words, 'word')} of {counted(life.looked, 'edition')}"
    if langs := [lang for lang in _known(life.denominators.get("by_lang")) if lang]:
        looked += f" in {', '.join(langs)}"
    if days := span(life):
        looked += f", {days}"
    if not life.looked:
        lines.append(("Nothing was looked through: no text fits", ""))
    elif life.total:
        places = [
            counted(life.turns, "turn"),
            counted(life.exchanges, "exchange"),
            counted(life.occasions, "occasion"),
        ]
        lines.append((f"{counted(life.total, 'occurrence')} in {', '.join(places)}", ""))
        rate = life.per_million.get("total")
        rate = rate if isinstance(rate, float) else 0
        lines.append((f"{rate:,.1f} for each million words; looked through: {looked}", ""))
    else:
        lines.append((f"Nowhere in the {looked} looked through", ""))
    if filters := asked(life):
        lines.append((f"Filters: {filters}", ""))
    trend = f"trend: {life.trend}" if life.trend else ""
    tier = ""
    if life.tier and life.tiers:
        year = life.tiers[-1].year
        part = f" ({partial(life)[year]})" if year in partial(life) else ""
        tier = f"tier in {year}{part}: {life.tiers[-1].tier} of 6, {life.tier}"
    if told := "; ".join(filter(None, (tier, trend))):
        lines.append((f"{told[0].upper()}{told[1:]}", ""))
    print_lines([(0, [(plain(line), style)]) for line, style in lines])


def _print_use(name: str, use: Use, formula: str, note: str) -> None:
    from onrecord.index.snippet import Plan, cut
    from onrecord.reading.fold import fold

    who = " → ".join(dict.fromkeys(part for part in (use.label, use.person) if part)) or "outside the turns"
    role = f" ({use.role})" if use.role else ""
    shown = pieces(cut(use.text, Plan(frozenset(), (fold(formula).strip(),)))[0])
    print(f"\n{styled(f'{name:5}', 'dim')}  {styled(use.date or 'undated', 'bold')}  {plain(who)}{role}")
    if note:
        print_lines([(_INDENT, [(f"({note})", "note")])])
    print_lines([(_INDENT, shown)])
    for where in (f"{use.id}:{use.start}-{use.end}", use.url):
        if where:  # on one line, so that it can be followed and copied
            print(" " * _INDENT + styled(where, "dim"))


def _print_sparkline(life: Life) -> None:
    """A line of blocks by month, or by year where months would not fit, and below it where the years begin."""
    by: By = "month"
    room = page_width() - 2
    periods = timeline(life, by)
    if len(periods) > room:
        by = "year"
        periods = timeline(life, by)[-room:]
    if len(periods) < _SHORTEST:
        return
    blocks = shows_blocks(sys.stdout)
    rates = [period.per_million for period in periods]
    top = max((rate for rate in rates if rate is not None), default=0)
    gaps = ", blank: no text looked through" if None in rates else ""
    scale = f"{full(blocks=blocks)} is {top:,.1f} for each million words, {nought(blocks=blocks)} none{gaps}"
    print()
    print_lines([(0, [(f"By {by}, {periods[0].name} to {periods[-1].name}; {scale}", "dim")])])
    print(f"  {sparkline(rates, blocks=blocks)}".rstrip())
    if by == "month" and (years := _years([period.name for period in periods])):
        print(f"  {styled(years, 'dim')}")


def _years(months: Sequence[str]) -> str:
    """The years, each where it begins, but those for which there is no room before the next."""
    starts = [at for at, month in enumerate(months) if not at or month.endswith("-01")]
    line = ""
    for at, end in zip(starts, [*starts[1:], len(months) + 1], strict=True):
        if end - at > 4:
            line = f"{line:{at}}{months[at][:4]}"
    return line


def _print_line(name: str, life: Life, side: str, limit: int) -> None:
    """``asked by  Reuters 12 (3.4), AFP 9 (2.1), and 5 more``: counts, and in brackets per million words."""
    counts = _known(getattr(life, f"by_{side}"))
    rates = _known(life.per_million.get(f"by_{side}"))
    shown = [(one, int(count)) for one, count in counts.items() if count][:limit]
    if not shown:
        return
    told = [
        f"{plain(_called(side, one))} {n:,}" + (f" ({rates[one]:,.1f})" if rates.get(one) else "") for one, n in shown
    ]
    if more := sum(1 for count in counts.values() if count) - len(shown):
        told.append(f"and {more:,} more")
    if missing := rest(life, side):
        told.append(f"{UNNAMED} {missing:,}")
    words = [(", ".join(told), "")]
    for line in wrap(words, page_width() - _MARGIN) if sys.stdout.isatty() else [words]:
        print(f"  {styled(f'{name:8}', 'dim')}  {painted(line)}")
        name = ""


def _print_variants(life: Life, heading: str, limit: int) -> None:
    """Prints the variants, each with a line of its rates by year, whose highest is as high as the line."""
    if not (variants := life.variants[:limit]):
        return
    blocks = shows_blocks(sys.stdout)
    years = timeline(life, "year")
    print(f"\n{heading}")
    rows = []
    for variant in variants:
        line = sparkline(
            [variant.by_year.get(year.name, 0) / year.words if year.words else None for year in years], blocks=blocks
        )
        used = _span(variant.first[:4], variant.last[:4]) if variant.first and variant.last else None
        rows.append((variant.total, variant.occasions, line or None, used, _change(variant), variant.formula))
    drawn = _span(years[0].name, years[-1].name) if years else ""
    names = ("times", "occasions", drawn, "used", "change", "formula")
    print_grid(names, rows, indent=2, spare=("used", "occasions"))


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def _change(variant: Variant) -> str:
    """What is otherwise in the variant."""
    if variant.kind == "inserted":
        return f"+ {variant.there}"
    return f"- {variant.here}" if variant.kind == "dropped" else f"{variant.here} > {variant.there}"
