"""The nouns of this room: one use of a formula, its life, its variants, and the rows of the table of formulas.

Dates are ``YYYY-MM-DD`` or None; counts are of occurrences (``str.count`` on folded text: none of them overlap) unless
they say otherwise.  Counts by year, month or role have an entry for each that has a use, in order, ``unknown`` for
editions without a date; rates by year or month have one for each in which there are words, in order.  All other
mappings are by falling count.
"""

from __future__ import annotations

import msgspec


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """One occurrence: ``start:end`` is its span in the text of ``edition``, ``text`` the sentence it stands in.

    ``id`` names its exchange (``cn-mfa/2023-07-26/zh#3``), or the edition where it stands outside every turn, with
    ``@`` where the revision is not the latest.
    """

    date: str | None
    id: str
    edition: str
    turn: int | None
    role: str | None
    label: str | None
    person: str | None
    start: int
    end: int
    text: str
    url: str | None = None


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """The formula with one word changed: ``kind`` is ``swapped``, ``inserted`` or ``dropped``.

    ``here`` and ``there`` are the word in the formula and the one in the variant, empty where there is none.  What the
    phrase mostly stands in (人类命运共同体 for 命运共同体) is a variant with a word inserted at an end.
    """

    formula: str
    kind: str
    here: str
    there: str
    total: int
    occasions: int
    first: str | None
    last: str | None
    by_year: dict[str, int]


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """A formula that stands in the same exchanges: ``exchanges`` of them have both.

    ``lift`` is how many times more often than if the two had nothing to do with each other.
    """

    formula: str
    exchanges: int
    lift: float


class Tier(msgspec.Struct, frozen=True, kw_only=True):
    """How hot a formula ran in one year, by the scale in ``formulas.tiers``: 1 (hottest) to 6, and its name.

    Of the ``held`` occasions of the year that were looked through, ``used`` answer or state with it.
    """

    year: str
    tier: int
    name: str
    used: int = 0
    held: int = 0


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """All there is to say of one formula, within the filters.

    ``total`` occurrences in the canonical texts; ``turns``, ``exchanges``, ``occasions`` and ``editions`` that hold one
    whole.  ``by_person`` counts by who speaks, ``by_outlet`` by whose question it answers or stands in, ``by_role``
    apart from the four roles ``outside`` (in a printed label or heading).  ``by_target`` counts by whom it is said
    about (see ``formulas.about``).  ``looked`` editions with ``words`` words were looked through (a word is a run of
    letters and digits; of scripts without spaces every character is one); ``denominators`` are those words as
    ``{"total", "by_year", "by_month", "by_source", "by_lang", "by_person", "by_role"}``, and ``per_million``, with the
    same keys, is how often the formula comes in each million of them.  ``begins`` and ``ends`` are the first and the
    last day of the occasions looked through: what is used when they begin may be older.  ``filters`` are what was asked
    for: those given of ``{"source", "country", "lang", "kind", "person", "outlet", "since", "until", "revisions"}``.
    ``tier`` is that of the last year on the record, None when it never had one; ``tiers`` those of all years.
    ``trend`` is as in ``Mined``, None when too little is known to tell.
    """

    formula: str
    total: int
    turns: int
    exchanges: int
    occasions: int
    editions: int
    looked: int
    first: Use | None
    last: Use | None
    by_year: dict[str, int]
    by_month: dict[str, int]
    by_source: dict[str, int]
    by_lang: dict[str, int]
    by_person: dict[str, int]
    by_outlet: dict[str, int]
    by_role: dict[str, int]
    by_target: dict[str, int]
    words: int
    denominators: dict[str, int | dict[str, int]]
    per_million: dict[str, float | dict[str, float]]
    tier: str | None
    tiers: tuple[Tier, ...] = ()
    trend: str | None = None
    variants: tuple[Variant, ...] = ()
    company: tuple[Company, ...] = ()
    begins: str | None = None
    ends: str | None = None
    filters: dict[str, str] = {}


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """That a formula has not been used: since ``since``, for ``occasions`` briefings of its source.

    ``usual`` is the share of occasions that used it before; ``needed`` how many occasions in a row without it would be
    surprising at the level asked for; ``p`` how often so long a silence comes about by its earlier rhythm alone.
    """

    since: str
    occasions: int
    usual: float
    needed: int
    p: float


class Mined(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table of formulas: a phrase that one source repeats in one language.

    ``formula`` is the phrase as most uses print it.  ``count`` and ``occasions`` are as in its ``Life`` with the same
    filters, source and language; ``speakers`` are those that answer or state with it.  ``score`` is how formulaic it
    is (``formulas.ranking``), comparable within a source and language.  ``trend`` is ``new``, ``rising``, ``steady``,
    ``fading`` or ``dropped`` (``formulas.rhythm``).
    """

    formula: str
    lang: str | None
    source: str
    count: int
    occasions: int
    speakers: int
    years: int
    first: str | None
    last: str | None
    first_id: str | None
    last_id: str | None
    tier: str | None
    trend: str | None
    score: float
    silence: Silence | None = None


class Filler(msgspec.Struct, frozen=True, kw_only=True):
    """What stood in the slot of a template, and how often."""

    text: str
    count: int


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A set phrase with one open slot, written ``___``, and what filled it, by falling count.

    ``different`` fillers there are; ``fillers`` are the most frequent of them.
    """

    formula: str
    lang: str | None
    source: str
    count: int
    occasions: int
    different: int
    fillers: tuple[Filler, ...]


class Week(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """The highest rung of the ladder of escalation that one source reached about one country in one week.

    ``week`` is ISO 8601 (``2023-W30``), ``from_`` its Monday; ``rung`` counts from 1 (mildest), ``name`` says what the
    rung is, ``formula`` and ``use`` by which words it was reached first; ``uses`` counts those on that rung.
    """

    week: str
    from_: str
    source: str
    about: str
    rung: int
    name: str
    formula: str
    uses: int
    use: Use
