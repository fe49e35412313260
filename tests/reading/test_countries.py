"""Names of countries: one code for one thing, in every language, and nothing that only looks like a name."""

from __future__ import annotations

from collections import defaultdict

import pytest

from onrecord.reading import countries
from onrecord.reading.countries import Form, code_of, codes, compounds, forms, kind, name_of
from onrecord.reading.fold import fold
from onrecord.reading.tables import rows


def named(text: str, lang: str) -> set[str]:
    """The codes of a whole form."""
    return {form.code for form in (*forms(lang), *compounds(lang)) if form.text == text}


@pytest.mark.parametrize(
    ("text", "lang", "code"),
    [
        ("Japan", "en", {"JP"}), ("Japanese", "en", {"JP"}), ("Tokyo", "en", {"JP"}), ("日方", "zh", {"JP"}),
        ("对日", "zh", {"JP"}), ("U.S", "en", {"US"}), ("美方", "zh", {"US"}), ("DPRK", "en", {"KP"}),
        ("Côte d’Ivoire", "en", {"CI"}), ("Nato", "en", {"NATO"}), ("北约", "zh", {"NATO"}), ("Hamas", "en", {"Hamas"}),
        ("俄乌", "zh", {"RU", "UA"}), ("中美", "zh", {"CN", "US"}), ("美日韩", "zh", {"US", "JP", "KR"}),
        ("英國", "zh-Hant", {"GB"}), ("Allemagne", "fr", {"DE"}), ("Росси", "ru", {"RU"}), ("アメリカ", "ja", {"US"}),
        ("South China Morning Post", "en", {"-"}), ("South China Sea", "en", {"South China Sea"}),
        ("Jersey", "en", {"-"}), ("新德里", "zh", {"IN"}),
    ],
)  # fmt: skip
def test_forms(text: str, lang: str, code: set[str]) -> None:
    assert named(text, lang) == code


def test_a_form_of_several_one_at_a_time_is_shared() -> None:
    pakistan, palestine = (form for form in forms("zh") if form.text == "巴方" and form.code in ("PK", "PS"))
    assert pakistan.shared
    assert palestine.shared
    assert not next(form for form in forms("zh") if form.text == "日方").shared


def test_capitals_and_homes() -> None:
    by_text = {form.text: form for form in forms("en")}
    assert by_text["US"].capitals
    assert not by_text["Turkey"].capitals
    assert {form.home for form in forms("en") if form.text == "Georgia"} == {"US"}


def test_what_belongs_to_whom() -> None:
    assert {"HK", "MO", "Tibet"} < countries.territory_of("CN")
    assert countries.territory_of("FR") >= {"FR"}
    assert countries.claimed_by("CN") == {"TW"}
    assert countries.claimed_by("US") == set()


def test_codes_kinds_and_names() -> None:
    assert len(set(codes())) == len(codes()) > 290
    assert [kind(code) for code in ("FR", "NATO", "UN", "Africa", "TD")] == [
        "country",
        "body",
        "forum",
        "place",
        "country",
    ]
    assert (name_of("FR"), name_of("FR", "zh"), name_of("NATO"), name_of("KRP")) == (
        "France",
        "法国",
        "NATO",
        "Korean Peninsula",
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [("us", "US"), ("美国", "US"), ("north korea", "KP"), ("nato", "NATO"), ("欧盟", "EU"), ("Ruritania", None)],
)
def test_code_of(name: str, code: str | None) -> None:
    assert code_of(name) == code


def test_the_table() -> None:
    """Codes are those of CLDR or have a kind; no form stands twice for a thing; all are of the right column."""
    known = {code for code, _, _ in countries._territories("en")} | {"UN", "EU"}
    for code, what, of, english, chinese, _ in rows("countries.tsv", 6):
        assert what in ("country", "body", "forum", "place", "leader", "none")
        assert what != "country" or code in known, code
        assert not of or of.strip("()") in known
        for column in (english, chinese):
            listed = column.split("|")
            assert len(listed) == len(set(listed)), (code, listed)
        assert english.isascii() or all(ord(char) < 0x2E80 for char in english)


def test_what_goes_by_several_names_says_so() -> None:
    """A form that names two things names both at once, is shared, or is a name of each of two compounds' parts."""
    for lang in ("en", "zh"):
        by_form: defaultdict[str, set[Form]] = defaultdict(set)
        for form in forms(lang):
            if form.kind not in ("none", "leader"):
                by_form[fold(form.text)].add(form)
        for text, found in by_form.items():
            if len({form.code for form in found}) > 1 and not all(form.shared for form in found):
                assert lang == "zh", (text, found)  # 俄乌, 中美, 巴以 ...
                assert len(text) in (2, 3, 4), (text, found)
