"""A formulary that was changed in place is the one that mining it anew gives, whatever came, went or moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_mining import DAYS, LINES
from westisle import Line, concordance_of, edition_of

from onrecord.formulas import formulary
from onrecord.formulas.formulary import Formulary, basis_of, mine, update
from onrecord.model import Edition
from onrecord.reading import read

SOURCE = "xw-isle"
LAGOON: list[Line] = [
    ("answer", "Odile Marsh", "The salt treaty of the lagoon stands, and we firmly deplore its breach.")
]
HARBOUR: list[Line] = [("answer", "Odile Marsh", "We firmly deplore its breach. The salt treaty of the lagoon stands!")]

PLACED = st.tuples(
    st.integers(0, 4),
    st.sampled_from(["en", "en", "en", "zh", None]),
    st.sampled_from(["official", "official", "translation", "excerpt", "blog"]),
    DAYS,
    LINES,
)
"""An edition: number of its occasion, language, kind, day, turns."""


def editions_of(drawn: Sequence[tuple]) -> list[Edition]:  # type: ignore[type-arg]
    return [
        edition_of(number, lines, day, occasion=f"{SOURCE}/{occasion}", lang=lang, kind=kind)
        for number, (occasion, lang, kind, day, lines) in enumerate(drawn)
    ]


def assert_same(one: Formulary, other: Formulary) -> None:
    left, right = one.arrays(), other.arrays()
    assert list(left) == list(right)
    for name, values in left.items():
        assert values.dtype == right[name].dtype, name
        assert values.tolist() == right[name].tolist(), name
    assert (one.source, one.lang, one.least) == (other.source, other.lang, other.least)


@pytest.fixture(scope="module")
def never_anew() -> Iterator[None]:
    """However much has changed, the table is changed in place; and all rows are kept, so that there are some."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formulary, "_TOO_MUCH", 0)
        patch.setattr(formulary, "formulas", lambda rows, _: np.ones(len(rows), np.bool_))
        yield


@settings(max_examples=300, deadline=None)
@given(st.data())
@pytest.mark.usefixtures("never_anew")
def test_a_table_changed_in_place_is_the_one_mined_anew(data: st.DataObject) -> None:
    editions = editions_of(data.draw(st.lists(PLACED, min_size=1, max_size=7)))
    known = data.draw(st.integers(0, len(editions)))
    rows = st.sets(st.integers(0, len(editions) - 1))
    before, after = data.draw(rows), data.draw(rows)
    least = data.draw(st.integers(1, 3))
    table = mine(concordance_of(editions[:known], old=sorted(before)), SOURCE, "en", least)
    # What is said of some texts changes too: another day, another occasion, another kind.
    for row in sorted(data.draw(rows)):
        other = editions_of([data.draw(PLACED)])[0]
        changes = {"date": other.date, "occasion": other.occasion, "kind": other.kind}
        editions[row] = msgspec.structs.replace(editions[row], **changes)
    cuts = [known] if 0 < known < len(editions) else []
    now = concordance_of(editions, cuts, old=sorted(after))
    assert_same(update(table, now), mine(now, SOURCE, "en", least))


@pytest.mark.usefixtures("never_anew")
def test_day_after_day() -> None:
    texts = [
        LAGOON,
        HARBOUR,
        [("question", None, "Does it mean that the salt treaty of the lagoon stands?")],
        HARBOUR,
        LAGOON,
        [],
    ]
    editions = [edition_of(number, lines, number) for number, lines in enumerate(texts)]
    states = [concordance_of(editions[: k + 1], range(1, k + 1)) for k in range(len(editions))]
    table = mine(states[0], SOURCE, "en", 2)
    assert len(table) == 0
    for before, now in pairwise(states):
        assert len(before.revisions) < len(now.revisions)
        table = update(table, now)
        assert_same(table, mine(now, SOURCE, "en", 2))
    words = [now.text(at, at + n) for at, n in zip(table.rows.first, table.rows.n.tolist(), strict=True)]
    asked = dict(zip(words, table.rows.asked.tolist(), strict=True))
    assert asked["we firmly deplore its breach"] == 0
    assert asked["the salt treaty of the lagoon stands"] == 1


def test_nothing_changed_is_no_work() -> None:
    concordance = concordance_of([edition_of(0, LAGOON), edition_of(1, LAGOON)])
    table = mine(concordance, SOURCE, "en", 2)
    assert update(table, concordance) is table


def test_a_table_of_another_record_is_made_anew() -> None:
    first = concordance_of([edition_of(0, LAGOON), edition_of(1, LAGOON), edition_of(2, LAGOON)])
    second = concordance_of([edition_of(0, HARBOUR), edition_of(1, HARBOUR)])
    assert_same(update(mine(first, SOURCE, "en", 2), second), mine(second, SOURCE, "en", 2))
    moved = mine(second, SOURCE, "en", 2)
    moved = msgspec.structs.replace(moved, basis=msgspec.structs.replace(moved.basis, pk=moved.basis.pk + 1))
    assert_same(update(moved, first), mine(first, SOURCE, "en", 2))


def test_a_table_is_saved_as_arrays() -> None:
    concordance = concordance_of([edition_of(0, LAGOON), edition_of(1, LAGOON)])
    table = mine(concordance, SOURCE, "en", 2)
    assert len(table) > 0
    assert_same(Formulary.from_arrays(SOURCE, "en", 2, table.arrays()), table)
    nothing = mine(concordance, SOURCE, "zh", 2)
    assert len(nothing) == 0
    assert_same(Formulary.from_arrays(SOURCE, "zh", 2, nothing.arrays()), nothing)


def test_one_edition_stands_for_an_occasion() -> None:
    def placed(number: int, occasion: int, kind: str, lines: Sequence[Line], lang: str | None = "en") -> Edition:
        return edition_of(number, lines, occasion=f"{SOURCE}/{occasion}", kind=kind, lang=lang)  # type: ignore[arg-type]

    editions = [
        placed(0, 0, "excerpt", [*LAGOON, *HARBOUR]),
        placed(1, 0, "official", LAGOON),
        placed(2, 0, "official", [*LAGOON, *HARBOUR]),
        placed(3, 0, "official", LAGOON, lang="zh"),
        placed(4, 1, "blog", [*LAGOON, *HARBOUR]),
        placed(5, 1, "recording", LAGOON),
        placed(6, 2, "official", LAGOON),
        placed(7, 2, "official", HARBOUR),
        placed(8, 3, "official", HARBOUR, lang=None),
    ]
    concordance = concordance_of(editions, old=[7])
    assert basis_of(concordance, SOURCE, "en").rows.tolist() == [2, 5, 6]
    assert basis_of(concordance, SOURCE, "zh").rows.tolist() == [3]
    assert basis_of(concordance, SOURCE, None).rows.tolist() == [8]
    assert basis_of(concordance, "xx-nobody", "en").rows.tolist() == []
    assert basis_of(concordance, SOURCE, "fr").rows.tolist() == []


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("folder", "source", "lang"), [("mfa-cn-zh", "cn-mfa", "zh"), ("whitehouse", "us-whitehouse", "en")]
)
def test_updates_of_the_corpus(shared: Path, folder: str, source: str, lang: str) -> None:
    """Of every tenth page, five and then one more; bench/formulas.py measures the time of all."""
    pages = sorted(path for path in (shared / "corpus" / folder).iterdir() if path.suffix in (".html", ".md"))[::10]
    editions = [read(page.read_bytes(), name=page.name) for page in pages]
    editions = [edition for edition in editions if edition.source == source and edition.lang == lang]
    rows = list(range(len(editions)))
    full, less, least = (concordance_of(editions, old=rows[len(rows) - k :]) for k in (0, 1, 6))
    tables = [mine(concordance, source, lang, 3) for concordance in (full, less, least)]
    assert len(tables[0]) > 500
    assert_same(update(tables[2], less), tables[1])
    assert_same(update(tables[1], full), tables[0])
    assert_same(update(tables[0], least), tables[2])
