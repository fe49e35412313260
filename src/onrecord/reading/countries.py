"""Which words name a country, a territory, an international body or a place, in which language.

Names of countries come from CLDR through babel; the other words for them, and everything else, from
``data/countries.tsv``.  One thing has one code whatever the language: ISO 3166-1 alpha-2 for countries and territories
(and EU and UN, which are reserved there), a name of our own for the rest ("NATO", "Hamas").
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import permutations
from typing import NamedTuple

from babel import Locale, UnknownLocaleError

from onrecord.reading.fold import fold
from onrecord.reading.tables import rows

NONE = "-"
"""The code of what only looks like a name ("South China Morning Post")."""

_NO_COUNTRIES = ("EZ", "QO", "XA", "XB", "ZZ")  # CLDR: a currency zone, oceans, tests, unknown
_DECLINING = ("ru", "uk", "bg", "sr", "be", "mk")


class Form(NamedTuple):
    """One way to name something.

    ``text`` as printed.  ``open``: its last word may go on.  ``word``: it names the thing only where the text is cut
    into words at both its ends (single characters in their settings: 对美, not 对美好).  ``shared``: several things go
    by it, one at a time (巴方: Pakistan, Palestine, Brazil).  ``home``: in sources of that country it means something
    else.  A form that names two things at once (中美) comes once for each.
    """

    text: str
    code: str
    kind: str
    open: bool = False
    word: bool = False
    shared: bool = False
    home: str = ""

    @property
    def capitals(self) -> bool:
        """Whether it is no name unless it stands in capitals (US, WHO)."""
        return self.text.isupper() and self.text[0].lower() != self.text[0]


@cache
def forms(lang: str | None) -> tuple[Form, ...]:
    """Everything that names something in a text of that language; of all languages at once for None."""
    found: list[Form] = []
    for row in _things():
        for text in _columns(row, lang):
            found += _read(text, row, lang)
    short = _short(lang)
    found += [
        Form(text, short[char].code, short[char].kind) for text in _listed("&", lang) for char in text if char in short
    ]
    special = {form.text for form in found if form.code == NONE or form.home}
    kinds = {row.code: row.kind for row in _things() if row.kind != "leader"}
    found += [
        Form(name, code, kinds.get(code, "country"), open=opens)
        for code, name, opens in _territories(lang or "")
        if name not in special
    ]
    return tuple(dict.fromkeys(found))


@cache
def compounds(lang: str | None) -> tuple[Form, ...]:
    """Any two single characters for countries side by side (美澳), the compound once for each of the two.

    Most of them never occur, and some would be seen where there is none, were they no words of their own.
    """
    short = _short(lang)
    return tuple(
        Form(f"{one}{other}", short[char].code, short[char].kind, word=True)
        for one, other in permutations(short, 2)
        for char in (one, other)
    )


@cache
def codes() -> tuple[str, ...]:
    """Every code there is, in order."""
    known = {row.code for row in _things() if row.code != NONE}
    return tuple(sorted(known | {code for lang in ("en", "zh") for code, _, _ in _territories(lang)}))


@cache
def territory_of(code: str) -> frozenset[str]:
    """The codes of what belongs to a country, itself among them."""
    return frozenset({code} | {row.code for row in _things() if row.of == code})


@cache
def claimed_by(code: str) -> frozenset[str]:
    """The codes of what a country calls its own while others do not."""
    return frozenset(row.code for row in _things() if row.of == f"({code})")


@cache
def kind(code: str) -> str:
    """``country`` (territories too), ``body`` (which takes sides), ``forum`` (where countries meet) or ``place``."""
    return next((row.kind for row in _things() if row.code == code and row.kind != "leader"), "country")


def name_of(code: str, lang: str = "en") -> str:
    """What to call it in a language: CLDR's name of a country, the code itself of what has a name for a code."""
    territories = {known: name for known, name, _ in _territories(lang)}
    first = next((row.en.partition("|")[0] for row in _things() if row.code == code and row.kind == "place"), code)
    return territories.get(code) or first


@cache
def code_of(name: str) -> str | None:
    """The code that a user means who writes a code, or any name of a country, body or place; None if no one does."""
    wanted = fold(name).strip()
    exact = next((code for code in codes() if fold(code) == wanted), None)
    named = (form.code for lang in (None, "en", "zh") for form in forms(lang) if fold(form.text) == wanted)
    return exact or next((code for code in named if code != NONE), None)


class _Row(NamedTuple):
    code: str
    kind: str
    of: str
    en: str
    zh: str
    others: str


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(_Row(*row) for row in rows("countries.tsv", 6))


@cache
def _things() -> tuple[_Row, ...]:
    return tuple(row for row in _rows() if row.code not in "@&")


def _columns(row: _Row, lang: str | None) -> list[str]:
    """The forms of a row in a language; in another script than Latin, what stands in capitals in English too."""
    if lang is None:
        columns = row.en, row.zh, row.others
    elif lang[:2] == "en":
        columns = row.en, "", ""
    else:
        columns = "", *((row.zh, "") if lang[:2] == "zh" else ("", row.others))
    found = [form for column in columns for form in column.split("|") if form]
    if lang is not None and lang[:2] in ("zh", "ja", "ru", "ko", "ar", "hi"):
        found += [form for form in row.en.split("|") if form.upper() == form and len(form) > 1]
    return found


def _short(lang: str | None) -> dict[str, _Row]:
    """The single characters that stand for one country or body only."""
    return {
        text[1:]: row
        for row in _things()
        for text in _columns(row, lang)
        if text[0] in "@&" and not text.endswith("?") and row.kind != "place"
    }


def _listed(code: str, lang: str | None) -> list[str]:
    return next(_columns(row, lang) for row in _rows() if row.code == code)


def _read(text: str, row: _Row, lang: str | None) -> Iterator[Form]:
    if text[0] == "&":
        return
    if text[0] == "@":
        shared = text.endswith("?")
        for setting in _listed("@", lang):
            yield Form(setting.replace("~", text[1]), row.code, row.kind, word=True, shared=shared)
        return
    text, _, home = text.partition("!")
    yield Form(text.rstrip("*"), row.code, row.kind, open=text.endswith("*"), home=home)


def _territories(lang: str) -> list[tuple[str, str, bool]]:
    """CLDR's names of countries: code, name, and whether its end changes, as in Cyrillic."""
    try:
        found = Locale.parse(lang.replace("-", "_")).territories
    except (ValueError, UnknownLocaleError):
        return []
    declines = lang[:2] in _DECLINING
    return [
        (code, str(name)[:-1] if declines and " " not in str(name) else str(name), declines and " " not in str(name))
        for code, name in found.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    ]
