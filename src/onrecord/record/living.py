"""The life of one phrase, put together: what is counted, its tiers and trend, whom it is about, variants, company."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from onrecord.errors import BadQuery
from onrecord.formulas import rhythm
from onrecord.formulas.life import Get, Uses, life
from onrecord.formulas.model import Life, Variant
from onrecord.formulas.selection import Filter, Selection
from onrecord.formulas.tiers import tiers_by_year
from onrecord.formulas.tokens import ROLES
from onrecord.formulas.variants import variants as alike
from onrecord.record.listing import tier_now
from onrecord.record.phrases import Phrases, Progress

_SAID = [ROLES.index("answer"), ROLES.index("statement")]
"""The roles that are the institution's own words."""


def living(phrases: Phrases, get: Get, text: str, filter: Filter, *, variants: bool, progress: Progress | None) -> Life:
    """See ``Record.formula``."""
    if not text.strip():
        raise BadQuery("a formula has at least one letter")
    concordance = phrases.concordance(progress)
    uses = Uses(phrases.selection(filter), text)
    langs = np.unique(concordance.revisions.lang[uses.revision])
    among = uses.selection
    if filter.lang is None and len(langs) == 1 and langs[0] >= 0:
        among = phrases.selection(msgspec.structs.replace(filter, lang=concordance.revisions.values[langs[0]]))
    days, used = _rhythm(uses, among)
    tiers = tiers_by_year(days, used)
    trend = str(rhythm.trends(days, np.array([0, len(used)]), used)[0]) if len(days) else ""
    found = life(uses, get, among)
    return msgspec.structs.replace(
        found,
        tier=tier_now(days, tiers),
        tiers=tiers,
        trend=trend or None,
        variants=_variants(uses) if variants else (),
    )


def _rhythm(uses: Uses, among: Selection) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The days of the occasions looked through, and the numbers of those that answer or state with the formula."""
    concordance = uses.selection.concordance
    days, numbers = among.held
    spoken = uses.turn[uses.turn >= 0]
    said = spoken[np.isin(concordance.turns.role[spoken], _SAID)]
    used = np.unique(numbers[concordance.revisions.occasion[concordance.turns.revision[said]]])
    return days, used[used >= 0]


def _variants(uses: Uses) -> tuple[Variant, ...]:
    revisions = uses.selection.concordance.revisions
    found = []
    for kind, here, there, formula, places in alike(uses.selection, uses.phrase, uses.every):
        own = Uses(uses.selection, formula, places)
        ends = own.ends()
        dates = [revisions.rows[int(own.revision[at])].date for at in ends] if ends else [None, None]
        found.append(
            Variant(
                formula=formula,
                kind=kind,
                here=here,
                there=there,
                total=len(own),
                occasions=len(own.occasions()),
                first=dates[0],
                last=dates[1],
                by_year=own.by_year(),
            )
        )
    return tuple(found)
