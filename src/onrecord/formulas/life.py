"""The life of one formula: how often it is used, when, by whom, in answer to whom, and where first and last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.arrays import different
from onrecord.formulas.concordance import Places
from onrecord.formulas.model import Life, Use
from onrecord.formulas.selection import OUTSIDE, Filter, Selection, by_period, by_value, months, years
from onrecord.formulas.tokens import ROLES, split_phrase
from onrecord.model import Edition
from onrecord.reading.fold import fold, fold_map, unfold
from onrecord.reading.sentences import sentence_spans


class Spoken(Protocol):
    """The words of one turn, which begin at ``start`` in the text of their edition."""

    @property
    def turn(self) -> int: ...
    @property
    def role(self) -> str: ...
    @property
    def label(self) -> str | None: ...
    @property
    def person(self) -> str | None: ...
    @property
    def start(self) -> int: ...
    @property
    def words(self) -> str: ...


class Source(Protocol):
    """Where the texts are."""

    def get(self, id: str) -> Edition:
        """The edition (its latest revision, or the one that ``@`` names) of an id."""

    def turn_rows(self, keys: Sequence[tuple[int, int]]) -> Sequence[Spoken]:
        """The turns of those revisions (pk) and numbers, in the order asked for."""


_LONGEST = 400
"""Characters of the sentence shown with a use; what is longer is shown around the use."""


class Uses:
    """The places of a phrase that fit a selection, and the rows of turns (-1: not whole in one) and of revisions.

    ``every`` are all its places, whether they fit or not.
    """

    def __init__(self, selection: Selection, phrase: str, places: Places | None = None) -> None:
        """``places`` are those of the phrase, if they are known already."""
        concordance = selection.concordance
        self.selection, self.phrase = selection, phrase
        self.length = len(split_phrase(phrase)[0])
        self.every: Places = concordance.find(phrase) if places is None else places
        places = self.every
        revision = concordance.revision_of(places)
        turn = concordance.turn_of(places)
        if len(concordance.turns):
            turn = np.where(places + self.length <= concordance.turns.last[turn], turn, -1)
        fits = selection.revisions[revision]
        if not selection.whole:
            fits = turn >= 0
            fits[fits] = selection.turns[turn[fits]]
        self.places: Places = places[fits]
        self.turn: NDArray[np.int32] = turn[fits]
        self.revision: NDArray[np.int32] = revision[fits]

    def __len__(self) -> int:
        return len(self.places)

    def exchanges(self) -> NDArray[np.int64]:
        """The exchanges that hold it whole: row of the revision << 32 | number, ascending."""
        turns = self.selection.concordance.turns
        rows = different(self.turn[self.turn >= 0])
        return different(turns.revision[rows].astype(np.int64) << 32 | turns.exchange[rows])

    def occasions(self) -> NDArray[np.int32]:
        """The numbers of the occasions that have it, ascending."""
        return different(self.selection.concordance.revisions.occasion[self.revision])

    @cached_property
    def said(self) -> NDArray[np.int32]:
        """The turns that answer or state with it, one for each use."""
        spoken = self.turn[self.turn >= 0]
        return spoken[self.selection.concordance.turns.said[spoken]]

    def rhythm(self, among: Selection) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The days of the occasions looked through, and the numbers of those that answer or state with it."""
        concordance = self.selection.concordance
        days, numbers = among.held
        used = different(numbers[concordance.revisions.occasion[concordance.turns.revision[self.said]]])
        return days, used[used >= 0]

    def by_year(self) -> dict[str, int]:
        """Uses by year."""
        return by_period(years(self.selection.concordance.revisions.day[self.revision]))

    def id(self, at: int) -> str:
        """The id of the exchange in which a use stands, or of the edition where it is whole in no turn."""
        concordance = self.selection.concordance
        about, turn = concordance.revisions.rows[int(self.revision[at])], int(self.turn[at])
        name = about.id if about.latest else f"{about.id}@{about.revision}"
        return f"{name}#{concordance.turns.exchange[turn]}" if turn >= 0 else name

    def ends(self) -> tuple[int, int] | None:
        """Which uses are the first and the last: by date, then by id, then in the text; those without a date at last
        when there is no other."""
        if not len(self):
            return None
        revisions = self.selection.concordance.revisions
        day = revisions.day[self.revision]
        dated = np.flatnonzero(day > 0)
        among = dated if len(dated) else np.arange(len(self))
        found = []
        for best in (day[among].min(), day[among].max()):
            # Of one day there are few editions.
            those = among[day[among] == best]
            keys = [(_sort(revisions.rows[self.revision[at]].id), int(self.places[at]), int(at)) for at in those]
            found.append(keys)
        return min(found[0])[-1], max(found[1])[-1]


def life(uses: Uses, source: Source, among: Selection) -> Life:
    """What can be counted of a formula; variants, company, targets and tiers are left open.

    ``among`` are the texts whose words the uses are measured against.
    """
    concordance = uses.selection.concordance
    turns, revisions = concordance.turns, concordance.revisions
    spoken = uses.turn[uses.turn >= 0]
    day = revisions.day[uses.revision]
    roles = np.bincount(turns.role[spoken], minlength=len(ROLES)).tolist()
    by_role = dict(zip((*ROLES, OUTSIDE), (*roles, len(uses) - len(spoken)), strict=True))
    counts = {
        "year": by_period(years(day)),
        "month": by_period(months(day)),
        "source": by_value(revisions.source[uses.revision], None, revisions.values),
        "lang": by_value(revisions.lang[uses.revision], None, revisions.values),
        "person": by_value(turns.person[spoken], None, list(concordance.names)),
        "role": {name: count for name, count in by_role.items() if count},
    }
    words = {kind: by for kind, by in among.words_by.items() if kind in counts}
    ends = uses.ends()
    days = among.held[0]
    return Life(
        formula=uses.phrase,
        total=len(uses),
        turns=len(different(spoken)),
        exchanges=len(uses.exchanges()),
        occasions=len(uses.occasions()),
        editions=len(different(uses.revision)),
        looked=among.editions,
        first=use(uses, ends[0], source) if ends else None,
        last=use(uses, ends[1], source) if ends else None,
        by_year=counts["year"],
        by_month=counts["month"],
        by_source=counts["source"],
        by_lang=counts["lang"],
        by_person=counts["person"],
        by_outlet=by_value(turns.prompt[spoken], None, list(concordance.names)),
        by_role=counts["role"],
        by_target={},
        words=among.words,
        denominators={"total": among.words, **{f"by_{kind}": by for kind, by in words.items()}},
        per_million={
            "total": _rate(len(uses), among.words),
            **{f"by_{kind}": _rates(counts[kind], by, kind) for kind, by in words.items()},
        },
        tier=None,
        begins=_iso(int(days[0])) if len(days) else None,
        ends=_iso(int(days[-1])) if len(days) else None,
        filters=asked(uses.selection.filter),
    )


def asked(filter: Filter) -> dict[str, str]:
    """What a filter asks for, by name; see ``Life``."""
    given = {
        **{name: getattr(filter, name) for name in ("source", "country", "lang", "kind", "person", "outlet")},
        "since": None if filter.since is None else _iso(filter.since),
        "until": None if filter.until is None else _iso(filter.until),
        "revisions": None if filter.latest else "all",
    }
    return {name: value for name, value in given.items() if value is not None}


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def use(uses: Uses, at: int, source: Source) -> Use:
    """One of the uses as it stands in its edition."""
    concordance = uses.selection.concordance
    about = concordance.revisions.rows[int(uses.revision[at])]
    row = int(uses.turn[at])
    spoken: Spoken | None = None
    if row >= 0:
        (spoken,) = source.turn_rows([(about.pk, int(concordance.turns.n[row]))])
        text, begin, before = spoken.words, spoken.start, int((uses.turn[:at] == row).sum())
    else:
        text, begin = source.get(about.id if about.latest else f"{about.id}@{about.revision}").text, 0
        before = int((uses.revision[:at] == uses.revision[at]).sum())
    start, end = _span(text, uses.phrase, before)
    return Use(
        date=about.date,
        id=uses.id(at),
        edition=about.id,
        turn=spoken.turn if spoken else None,
        role=spoken.role if spoken else None,
        label=spoken.label if spoken else None,
        person=spoken.person if spoken else None,
        start=begin + start,
        end=begin + end,
        text=text[slice(*_sentence(text, start, end))],
        url=about.url,
    )


def _span(text: str, phrase: str, before: int) -> tuple[int, int]:
    """Where a use stands in a text; ``before`` it others stand there."""
    wanted = fold(phrase).strip(" ")
    folded, offsets = fold_map(text)
    start = nth(folded, wanted, before)
    return unfold(offsets, start, start + len(wanted))


def nth(folded: str, wanted: str, before: int) -> int:
    """Where a folded phrase stands in a folded text behind so many others of it; none of them overlap."""
    start = folded.find(wanted)
    for _ in range(before):
        start = folded.find(wanted, start + len(wanted))
    return start


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of the sentence or sentences with ``start:end``, within its paragraph."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    spans = [(a, b) for a, b in sentence_spans(text, first, last if last >= 0 else len(text)) if a < end and b > start]
    a, b = min([start, *(a for a, _ in spans)]), max([end, *(b for _, b in spans)])
    if b - a > _LONGEST:
        around = max(0, _LONGEST - (end - start)) // 2
        a, b = max(a, start - around), min(b, end + around)
    return a, b


def _rate(count: int, words: int) -> float:
    return round(count * 1e6 / words, 2) if words else 0.0


def _rates(counts: dict[str, int], words: dict[str, int], kind: str) -> dict[str, float]:
    """For each million words; of years and months all that have words, of others those that have a use."""
    names = words if kind in ("year", "month") else counts
    return {name: _rate(counts.get(name, 0), words.get(name, 0)) for name in names}


def _sort(id: str) -> tuple[object, ...]:
    """Ids in the order of occasions: the second of a day after the first, the tenth after the ninth."""
    occasion, _, rest = id.rpartition("/")
    name, _, counter = occasion.partition(".")
    return name, int(counter) if counter.isdecimal() else 0, rest
