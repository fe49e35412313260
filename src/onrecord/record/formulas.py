"""What a record can say of set phrases; the part of its door that leads to the concordance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # numpy takes a moment to import, which a search need not wait for
    from collections.abc import Callable

    from onrecord.formulas.model import Life, Mined, Template, Week
    from onrecord.formulas.selection import Filter
    from onrecord.record.phrases import Phrases


class Formulas:
    """The methods of ``Record`` about formulas."""

    if TYPE_CHECKING:

        @property
        def phrases(self) -> Phrases:
            """What knows every phrase of the record."""

    def formula(
        self,
        text: str,
        *,
        variants: bool = True,
        progress: Callable[[int, int], object] | None = None,
        **filters: Any,
    ) -> Life:
        """The life of one phrase: how often, when, by whom, in answer to whom, first and last.

        ``filters`` are those of ``editions``; ``person`` is who says it, ``outlet`` whose question it answers or stands
        in.  Without ``variants`` neither those nor its company are looked for.  The first call on a record makes its
        concordance, some seconds for each thousand editions; ``progress`` is called with how many are done and how
        many there are.  Of a phrase that is used in one language only, rates are for the words of the texts in it.
        Raises BadQuery for a phrase without words or a date that is none, NotOnRecord, RecordDamaged.
        """
        from onrecord.record.living import living

        return living(self.phrases, text, filter_of(**filters), variants=variants, progress=progress)

    def formulas(
        self,
        *,
        new: str | None = None,
        dropped: str | None = None,
        trend: str | None = None,
        occasions: int = 5,
        limit: int | None = 50,
        offset: int = 0,
        progress: Callable[[int, int], object] | None = None,
        **filters: Any,
    ) -> list[Mined]:
        """The formulas that the sources repeat, mined from their answers and statements, most formulaic first.

        Those in answers or statements of ``occasions`` occasions at least.  Each row is counted within the filters, as
        ``Record.formula`` does; tier and trend are of the occasions that they leave.  ``new`` and ``dropped`` are days
        (``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD``): first seen on or after it, first those whose absence before is more
        than chance (their ``trend`` is ``new``); or used regularly before and not since, for longer than chance
        explains (``formulas.rhythm``).  ``trend`` is one of ``rising``, ``fading``, ``steady``, ``new``, ``dropped``.
        ``filters`` are those of ``editions``; ``person`` is who says it, ``outlet`` whose question it answers.  Of
        several sources and languages the rows take turns, as their scores cannot be compared.  Raises BadQuery,
        NotOnRecord, RecordDamaged.
        """
        from onrecord.record.mined import mined

        return mined(
            self.phrases,
            filter_of(**filters),
            new=new,
            dropped=dropped,
            trend=trend,
            occasions=occasions,
            limit=limit,
            offset=offset,
            progress=progress,
        )

    def templates(
        self,
        *,
        occasions: int = 5,
        limit: int | None = 50,
        offset: int = 0,
        progress: Callable[[int, int], object] | None = None,
        **filters: Any,
    ) -> list[Template]:
        """The set phrases with one open slot (``___``), with what filled it, best first; otherwise as ``formulas``."""
        from onrecord.record.mined import templated

        return templated(
            self.phrases, filter_of(**filters), occasions=occasions, limit=limit, offset=offset, progress=progress
        )

    def ladder(self, about: str, *, progress: Callable[[int, int], object] | None = None, **filters: Any) -> list[Week]:
        """The highest rung of the ladder of escalation that each source reached about a country, week by week.

        ``about`` is a country or body, by its code (ISO 3166: ``JP``) or a name as in ``reading.countries``; the ladder
        is ``formulas/data/ladder.tsv``.  Weeks without a word of it have no row.  Raises BadQuery for a name that is
        none, NotOnRecord, RecordDamaged.
        """
        from onrecord.record.mined import climbed

        return climbed(self.phrases, filter_of(**filters), about, progress)


def filter_of(*, since: str | None = None, until: str | None = None, **others: Any) -> Filter:
    """The filters of a record as one of the concordance; BadQuery for a date that is none, and for what is no text."""
    from onrecord.errors import BadQuery
    from onrecord.formulas.selection import Filter
    from onrecord.reading.days import day_of_bound
    from onrecord.record.filters import outlet_of, person_of

    for name, value in {"since": since, "until": until, **others}.items():
        if name != "latest" and value is not None and not isinstance(value, str):
            raise BadQuery(f"{name} is a text, not {value!r}")
    others |= {"outlet": outlet_of(others.get("outlet")), "person": person_of(others.get("person"))}
    return Filter(
        since=None if since is None else day_of_bound(since, last=False),
        until=None if until is None else day_of_bound(until, last=True),
        **others,
    )
