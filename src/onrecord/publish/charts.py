"""The life of a formula as a picture: SVG, whose words stay words, or PNG.

Above, occurrences for each million words said in each month or year; below, how many they were (over the bars
themselves where there are few).  Both start at nought.  A period in which no text was looked through is shaded: it is
no nought.  Equal lives give equal bytes (PNG: with the same matplotlib and fonts).

Drawn with matplotlib, which is installed with ``onrecord[plot]`` and imported only here.
"""

from __future__ import annotations

import io
import unicodedata
import warnings
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, BinaryIO

from onrecord.errors import OnRecordError
from onrecord.formulas.model import Life
from onrecord.publish.plain import plain
from onrecord.publish.timeline import By, Period, asked, beginning, partial, span, timeline, undated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("svg", "png")

# Colours that stay apart for the colour-blind: Okabe and Ito 2008, https://jfly.uni-koeln.de/color/.
_RATE, _COUNT, _INK, _FAINT, _LINE, _SHADE = "#0072b2", "#7f7f7f", "#1a1a1a", "#6b6b6b", "#dddddd", "#f1f1f1"
_INCHES, _DPI = (9.0, 5.0), 160
_LEFT, _RIGHT = 0.075, 0.975
"""Edges of the picture's words and panels, as parts of its width."""
_FEW = 24
"""Periods whose bars are wide enough for a number above each."""
_LONG = 150
"""Months beyond which years are drawn: twelve years and a half, so that a bar is still wider than a hair."""
_NAME = 0.05
"""What the name of a year takes, as a part of a panel's width."""
_NAMES = 4
"""Sources or languages that are named at most."""
_TITLE, _SMALL = 17.0, 8.0
"""Sizes of type, in points."""
_TITLE_COLUMNS = 58
"""Columns (a Latin letter takes one, a Chinese two) of the largest title that fits."""

_FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Droid Sans Fallback", "SimHei",
    "Noto Sans CJK JP",
)  # fmt: skip
"""Families with Chinese letters, the best first: those of Debian's packages, of macOS and of Windows."""
_BASE = "DejaVu Sans"
"""Comes with matplotlib."""


class CannotDraw(OnRecordError):
    """Something that drawing needs is not installed; the message says what."""


def draw(life: Life, out: BinaryIO, *, format: str, by: By | None = None, root: str | None = None) -> None:
    """Writes the picture: ``format`` is one of ``FORMATS``, ``root`` that of the record's ledger.

    ``by`` is the width of a bar: months if it is None, or years where they would be too many.  Raises CannotDraw where
    matplotlib is missing or, for PNG, a font with the letters of the phrase.
    """
    try:
        import matplotlib
    except ImportError:
        raise CannotDraw(
            "pictures are drawn by matplotlib, which is not installed: pip install 'onrecord[plot]'"
        ) from None
    periods = timeline(life, by or "month")
    if by is None and len(periods) > _LONG:
        by, periods = "year", timeline(life, "year")
    words = _Words(life, by or "month", periods, root)
    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcdefaults()
        # Whoever looks at an SVG brings the fonts, so that it does not matter which are here.
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        matplotlib.rcParams |= {
            "font.family": [_BASE] if format == "svg" else [_BASE, *_with_letters(words.letters)],
            "text.parse_math": False,
            "svg.fonttype": "none",
            "svg.hashsalt": "onrecord",
        }
        unsaid = ("Date", "Creator") if format == "svg" else ("Software",)
        about = {
            "Title": words.title,
            "Description": " ".join((*words.subtitle, *words.footer)),
            **dict.fromkeys(unsaid),
        }
        picture = io.BytesIO()
        _figure(words, periods).savefig(picture, format=format, dpi=_DPI, metadata=about)
    drawn = picture.getvalue()
    if format == "svg":
        families = ", ".join(f"'{family}'" for family in (_BASE, *_FAMILIES))
        drawn = drawn.replace(f"font-family: '{_BASE}'".encode(), f"font-family: {families}, sans-serif".encode())
    out.write(drawn)


class _Words:
    """What is written: the phrase, what was looked through, and how to read it."""

    def __init__(self, life: Life, by: By, periods: Sequence[Period], root: str | None) -> None:
        self.title = _fitted(plain(" ".join(life.formula.split())), 2 * _TITLE_COLUMNS)
        sources = _some(life.denominators.get("by_source"))
        langs = _some(life.denominators.get("by_lang"))
        looked = f"{_counted(life.words, 'word')} of {_counted(life.looked, 'edition')}"
        parts = (sources, langs, asked(life, but=("source", "lang")), span(life))
        self.subtitle = [
            _fitted(plain("   ·   ".join(filter(None, parts))), 118),
            f"{_counted(life.total, 'occurrence')} in {looked}",
        ]
        self.parts = partial(life) if by == "year" else {}
        missing, early = undated(life), beginning(life)
        notes = [
            *(["Shaded: no text looked through"] if any(period.per_million is None for period in periods) else []),
            *([f"First use on {life.first.date}; {early}"] if early and life.first else []),
            *([f"Not shown: {_counted(missing, 'occurrence')} without a date"] if missing else []),
        ]
        self.footer = [
            "Counts are exact: every place where the phrase stands in the published texts. "
            f"Rates are for the words of the same {by}’s texts.",
            *([". ".join(notes)] if notes else []),
            f"Source: record of {sources or 'nothing'}" + (f", ledger root {root[:12]}" if root else ""),
        ]
        self.letters = set("".join((self.title, *self.subtitle, *self.footer)))


def _figure(words: _Words, periods: Sequence[Period]) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=_INCHES, facecolor="white")
    size = min(_TITLE, max(_TITLE / 2, _TITLE * _TITLE_COLUMNS / max(_columns(words.title), 1)))
    figure.text(_LEFT, 0.93, words.title, size=size, weight="bold", color=_INK, va="baseline")
    for at, line in enumerate(words.subtitle):
        figure.text(_LEFT, 0.878 - at * 0.036, line, size=_SMALL + 0.5, color=_FAINT, va="baseline")
    for at, line in enumerate(reversed(words.footer)):
        figure.text(_LEFT, 0.018 + at * 0.024, _fitted(line, 140), size=_SMALL - 1, color=_FAINT, va="baseline")
    width = _RIGHT - _LEFT
    counts = {period.name: period.count for period in periods}
    rates = {period.name: period.per_million for period in periods}
    if len(periods) <= _FEW:
        rate = figure.add_axes((_LEFT, 0.15, width, 0.61))
        last = rate
    else:
        rate = figure.add_axes((_LEFT, 0.37, width, 0.39))
        last = figure.add_axes((_LEFT, 0.14, width, 0.14), sharex=rate)
        _bars(last, "count", counts, _COUNT, "Occurrences", ticks=2, gaps=rates)
    _bars(rate, "rate", rates, _RATE, "Occurrences for each million words", ticks=5, gaps=rates)
    if rate is last:
        paper = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        for at, period in enumerate(periods):
            if period.per_million is not None:
                where = (at, period.per_million)
                number = rate.annotate(f"{period.count:,}", where, (0, 3), textcoords="offset points")
                number.set(ha="center", va="bottom", size=_SMALL, color=_INK, bbox=paper)
        rate.text(1, 1.055, "above the bars: how many", transform=rate.transAxes, ha="right", size=_SMALL, color=_FAINT)
    _periods(last, list(counts), words.parts)
    if rate is not last:
        rate.tick_params(labelbottom=False)
    return figure


def _bars(
    panel: Axes,
    kind: str,
    values: Mapping[str, float | None],
    colour: str,
    name: str,
    *,
    ticks: int,
    gaps: Mapping[str, float | None],
) -> None:
    """A bar for each value, from nought, which the SVG calls ``rate-2023-07``; periods without a rate are shaded."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    numbers = [number or 0 for number in values.values()]
    for missing, group in groupby(enumerate(gaps.values()), key=lambda item: item[1] is None):
        places = [at for at, _ in group]
        if missing:
            panel.axvspan(places[0] - 0.5, places[-1] + 0.5, color=_SHADE, lw=0, zorder=0)
    width = 0.72 if len(numbers) <= _FEW else 0.82
    for period, bar in zip(values, panel.bar(range(len(numbers)), numbers, width, color=colour, zorder=2), strict=True):
        bar.set_gid(f"{kind}-{period}")
    top = max(numbers, default=0)
    panel.set_ylim(0, top * 1.08 or 1)
    panel.set_xlim(-0.6, max(len(numbers), 1) - 0.4)
    panel.yaxis.set_major_locator(MaxNLocator(ticks, integer=kind == "count", steps=[1, 2, 2.5, 5, 10]))
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    panel.grid(axis="y", color=_LINE, lw=0.7, zorder=1)
    panel.set_axisbelow(True)
    for side in ("top", "right", "left"):
        panel.spines[side].set_visible(False)
    panel.spines["bottom"].set_color(_FAINT)
    panel.tick_params(axis="both", length=0, labelsize=_SMALL, labelcolor=_FAINT, pad=4)
    above = 1.055 if ticks > 2 else 1.12
    panel.text(0, above, name, transform=panel.transAxes, size=_SMALL + 0.5, color=_INK, va="baseline")
    if not top:
        panel.set_yticks([0])
        panel.text(0.5, 0.5, "none", transform=panel.transAxes, ha="center", va="center", size=_SMALL, color=_FAINT)


def _periods(panel: Axes, periods: Sequence[str], parts: Mapping[str, str]) -> None:
    """Names below the bars: of each where there are few, else of the years, each under its January.

    Below years of which only a part was looked through stands which.
    """
    if len(periods) <= _FEW:
        names = [
            f"{period}\n{parts.get(period, ' ')}" if len(period) < 7 else _month(period, first=not at)
            for at, period in enumerate(periods)
        ]
        panel.set_xticks(range(len(periods)), names)
        return
    starts = [at for at, period in enumerate(periods) if not at or len(period) < 7 or period.endswith("-01")]
    if len(starts) > 1 and starts[1] - starts[0] < len(periods) * _NAME:
        del starts[0]
    step = -(-len(starts) // _FEW)
    panel.set_xticks([at - 0.5 for at in starts[::step]], [periods[at][:4] for at in starts[::step]], ha="left")
    panel.tick_params(axis="x", length=4, width=0.7, color=_FAINT)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _month(period: str, *, first: bool) -> str:
    name = _MONTHS[int(period[5:7]) - 1]
    return (
        f"{name}\n{period[:4] if first or period.endswith('-01') else ' '}"  # two lines all, so that they stand level
    )


def _some(names: object) -> str:
    """The first names, and how many more there are."""
    named = list(names) if isinstance(names, dict) else []
    return ", ".join([*named[:_NAMES], *([f"{len(named) - _NAMES} more"] if len(named) > _NAMES else [])])


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _fitted(text: str, columns: int) -> str:
    """The text, cut with an ellipsis where it is wider."""
    text = text[: columns + 1]
    if _columns(text) <= columns:
        return text
    while _columns(text) >= columns:
        text = text[:-1]
    return text.rstrip() + "…"


def _with_letters(letters: Iterable[str]) -> list[str]:
    """Families of fonts that are here and have, together with the one that is always there, all the letters."""
    from matplotlib import font_manager
    from matplotlib.ft2font import FT2Font

    def missing(entry: Any, left: set[str]) -> set[str]:
        try:
            face = FT2Font(entry.fname, **({"face_index": entry.index} if getattr(entry, "index", 0) else {}))
            return {letter for letter in left if not face.get_char_index(ord(letter))}
        except (OSError, RuntimeError):  # a font that cannot be read is none
            return left

    rank = {family: at for at, family in enumerate((_BASE, *_FAMILIES))}
    plainest = sorted(
        font_manager.fontManager.ttflist,
        key=lambda entry: (
            rank.get(entry.name, len(rank)),
            entry.name,
            entry.style != "normal",
            abs(_weight(entry) - 400),
        ),
    )
    left = {letter for letter in letters if not letter.isspace() and unicodedata.category(letter)[0] != "C"}
    families: list[str] = []
    for family, faces in groupby(plainest, key=lambda entry: entry.name):
        still = missing(next(faces), left)
        if still != left and family != _BASE:
            families.append(family)
        left = still
        if not left:
            return families
    named = " ".join(sorted(left)[:10])
    raise CannotDraw(
        f"no font that is installed has the letters {named} for a PNG: install one (Debian: fonts-noto-cjk for "
        "Chinese, Japanese and Korean, else fonts-noto-core), or write an .svg, which needs none"
    )


def _weight(entry: Any) -> int:
    return entry.weight if isinstance(entry.weight, int) else 400
