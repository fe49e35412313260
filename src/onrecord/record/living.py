"""The life of one phrase, put together: what is counted, its tiers and trend, whom it is about, variants, company."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from onrecord.errors import BadQuery
from onrecord.formulas import rhythm
from onrecord.formulas.about import targets
from onrecord.formulas.arrays import different
from onrecord.formulas.company import company
from onrecord.formulas.kin import longer, respelled
from onrecord.formulas.life import Uses, life
from onrecord.formulas.model import Company, Life, Variant
from onrecord.formulas.selection import Filter, by_value
from onrecord.formulas.tiers import tiers_by_year
from onrecord.formulas.variants import counted
from onrecord.formulas.variants import variants as alike
from onrecord.reading.countries import codes
from onrecord.record.listing import Listing, tier_now
from onrecord.record.phrases import Phrases, Progress
from onrecord.record.state import State

_VARIANTS = 12
"""Variants of one word swapped, inserted or dropped that are told of a formula."""


def living(phrases: Phrases, text: str, filter: Filter, *, variants: bool, progress: Progress | None) -> Life:
    """See ``Record.formula``."""
    if not text.strip():
        raise BadQuery("a formula has at least one letter")
    state = phrases.state(progress)
    concordance = state.concordance
    uses = Uses(state.selection(filter), text)
    langs = different(concordance.revisions.lang[uses.revision])
    among = uses.selection
    if filter.lang is None and len(langs) == 1 and langs[0] >= 0:
        among = state.selection(msgspec.structs.replace(filter, lang=concordance.revisions.values[langs[0]]))
    days, used = uses.rhythm(among)
    tiers = tiers_by_year(days, used)
    found = life(uses, phrases.store, among)
    listing = _listing(uses, state)
    return msgspec.structs.replace(
        found,
        tier=tier_now(days, tiers),
        tiers=tiers,
        trend=_trend(uses, listing, days, used) or None,
        by_target=_targets(uses, state),
        variants=_variants(uses) if variants else (),
        company=_company(uses, listing) if variants and listing else (),
    )


def _variants(uses: Uses) -> tuple[Variant, ...]:
    """What differs by one word, and what the phrase mostly stands in, most uses first."""
    near = alike(uses.selection, uses.phrase, uses.every, limit=_VARIANTS)
    found = {one.formula: one for one in (*longer(uses), *respelled(uses), *near)}
    told = counted(uses.selection.concordance, list(found.values()))
    return tuple(sorted(told, key=lambda one: (-one.total, one.formula)))


def _targets(uses: Uses, state: State) -> dict[str, int]:
    """How many uses are about which country or body."""
    numbers = targets(state.concordance, state.mentions, uses.places, uses.length)
    return by_value(numbers, None, codes())


def _listing(uses: Uses, state: State) -> Listing | None:
    """The table that has most of the uses, since tables are of one source each."""
    best, found = 0, None
    counts = np.bincount(uses.revision, minlength=len(state.concordance.revisions))
    for listing in state.listings:
        here = int(counts[listing.formulary.basis.rows].sum())
        if here > best:
            best, found = here, listing
    return found


def _trend(uses: Uses, listing: Listing | None, days: NDArray[np.int32], used: NDArray[np.int32]) -> str:
    """As the table has it if it has the phrase, where it was tested among all others; else tested alone."""
    filter = uses.selection.filter
    whole = uses.selection.whole and filter.since is None and filter.until is None
    whole = whole and filter.kind is None and filter.latest
    row = listing.row(uses) if listing and whole else None
    if listing is not None and row is not None:
        return str(listing.trends[row])
    return str(rhythm.trends(days, np.array([0, len(used)]), used, rhythm.ALONE)[0]) if len(days) else ""


def _company(uses: Uses, listing: Listing) -> tuple[Company, ...]:
    """Formulas in the same exchanges, as folded text: how each is mostly printed would take as long as all else."""
    table, concordance = listing.formulary.rows, listing.concordance

    def text(row: int) -> str:
        first = int(table.first[row])
        return concordance.text(first, first + int(table.n[row]))

    return tuple(company(listing.exchanges, uses, text))
