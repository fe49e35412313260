"""Whether two texts are of one occasion, by what is cheap to tell in any language: who asked, who and what is named,
figures, and the heading.

How the parts are weighed was measured on the ten English renderings in ``tests/editions/renderings/dev`` and the
Chinese pages of their days: a rendering shares at least 0.73 of its figures, 0.78 of its outlets and 0.82 of its names
with its own page, and with the pages of the days around at most 0.33, 0.75 and 0.79, names mostly under 0.6.
The likeness of the former is 1.8 to 4.5, that of the latter -4.7 to -0.1, with remarks on one matter up to 0.5.
"""

from __future__ import annotations

import re
from functools import cache

import msgspec

from onrecord.editions.figures import figures
from onrecord.editions.named import names
from onrecord.model import Edition
from onrecord.reading.names import person
from onrecord.reading.tables import rows

_WHOLE = ("official", "translation", "recording")


class Told(msgspec.Struct, frozen=True):
    """What a text tells of the occasion that it is of; the keys of all sets are the same in every language.

    ``whole`` when nothing of the occasion is left out on purpose, ``report`` when it is in the words of somebody who
    was there, who may tell what no other text does and little of what the others do.
    """

    whole: bool
    report: bool
    outlets: frozenset[str]
    people: frozenset[str]
    names: frozenset[str]
    figures: frozenset[str]
    heading: dict[str, str]


def told(edition: Edition) -> Told:
    """What ``edition`` tells.

    Its own date does not count, which all texts of the day have, nor do people whom only its own language knows.
    """
    spoken = [edition.words(turn) for turn in edition.turns if turn.role != "procedural"]
    text = "\n".join(spoken) or edition.text  # neither labels nor the times that a live blog prints before them
    year, month, day = edition.date.split("-") if edition.date else ("", "", "")
    dates = {year, f"{month}-{day}", f"{month}-", day.lstrip("0"), month.lstrip("0")}
    return Told(
        edition.kind in _WHOLE,
        edition.kind not in (*_WHOLE, "excerpt"),
        frozenset(t.outlet for t in edition.turns if t.role == "question" and t.outlet),
        frozenset(
            known
            for turn in edition.turns
            if turn.role in ("answer", "statement") and turn.person and (known := person(turn.person))
        ),
        frozenset(names(text, edition.lang)),
        frozenset(figures(text, edition.lang)) - dates,
        _heading(edition.title or ""),
    )


def likeness(a: Told, b: Told) -> float:
    """How much speaks for the two being of one occasion, from about -8 to 6; 0 where nothing tells.

    One may be a part of the other, so that what counts is how much of the smaller set the other has; two parts of one
    occasion need have nothing in common, nor need a report and any other text.
    """
    score = (
        2.0 * _in_common(a.figures, b.figures, even=0.5, enough=6)
        + 1.2 * _in_common(a.names, b.names, even=0.7, enough=8)
        + 1.2 * _in_common(a.outlets, b.outlets, even=0.7, enough=4)
    )
    if a.report or b.report or not (a.whole or b.whole):
        score = max(0.0, score)
    if a.people and b.people and not a.people & b.people:
        score -= 1
    for group, alike, other in (("sort", 0.3, 0.8), ("time", 0.5, 1.5), ("part", 1.0, 1.5)):
        one, two = a.heading.get(group), b.heading.get(group)
        if one and two:
            score += alike if one == two else -other
        elif group == "part" and (one or two or "1") != "1":
            score -= 0.5  # a second part beside a heading that does not count its own
    return score


def _in_common(a: frozenset[str], b: frozenset[str], *, even: float, enough: int) -> float:
    """From -1 to 1 by the share of the smaller set that the other has; 0 at a share of ``even``, and for an empty set.

    A set of fewer than ``enough`` counts less.
    """
    smaller = min(len(a), len(b))
    if not smaller:
        return 0.0
    above = len(a & b) / smaller - even
    return min(1.0, smaller / enough) * (above / (1 - even) if above > 0 else max(-1.0, above / (1 - even)))


def _heading(title: str) -> dict[str, str]:
    """What a heading says of each group; nothing where it says two things."""
    found: dict[str, set[str]] = {}
    for group, mark, pattern in _marks():
        if pattern.search(title):
            found.setdefault(group, set()).add(mark)
    return {group: marks.pop() for group, marks in found.items() if len(marks) == 1}


@cache
def _marks() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    table = rows("headings.tsv", 3, package="onrecord.editions")
    return tuple((group, mark, re.compile(words, re.IGNORECASE)) for group, mark, words in table)
