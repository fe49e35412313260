"""Who asked and who answered: printed labels and names resolved to one name across languages and spellings.

Everything known stands in two tables read once, at the first call: ``data/outlets.tsv`` and ``data/persons.tsv``.
Their head lines explain the columns and where each pair of names is attested.  A name the tables do not hold, and a
label that fits two of them, resolves to None: an unknown value is never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache
from typing import NamedTuple

from onrecord.reading.tables import rows

_LONGEST_LABEL = 120
"""Characters.  A longer string is a sentence, not a label, and is not looked at."""

_SHORT = 4
"""Letters.  A Latin name this short ("AP", "Time", "Sky") is too like a common word to be recognised in any case."""

_CHINESE_COUNTRIES = {
    "中国": "CN", "香港": "HK", "澳门": "MO", "台湾": "TW", "美国": "US", "英国": "GB", "法国": "FR", "德国": "DE",
    "日本": "JP", "韩国": "KR", "朝鲜": "KP", "俄罗斯": "RU", "印度": "IN", "巴基斯坦": "PK", "意大利": "IT",
    "西班牙": "ES", "葡萄牙": "PT", "荷兰": "NL", "比利时": "BE", "瑞士": "CH", "奥地利": "AT", "瑞典": "SE",
    "挪威": "NO", "丹麦": "DK", "芬兰": "FI", "冰岛": "IS", "爱尔兰": "IE", "波兰": "PL", "捷克": "CZ", "匈牙利": "HU",
    "希腊": "GR", "土耳其": "TR", "乌克兰": "UA", "哈萨克斯坦": "KZ", "加拿大": "CA", "墨西哥": "MX", "巴西": "BR",
    "阿根廷": "AR", "古巴": "CU", "澳大利亚": "AU", "新西兰": "NZ", "新加坡": "SG", "马来西亚": "MY", "印尼": "ID",
    "印度尼西亚": "ID", "越南": "VN", "泰国": "TH", "菲律宾": "PH", "伊朗": "IR", "伊拉克": "IQ", "以色列": "IL",
    "埃及": "EG", "沙特": "SA", "卡塔尔": "QA", "阿联酋": "AE", "南非": "ZA", "立陶宛": "LT", "塞尔维亚": "RS",
}  # fmt: skip
"""Countries as Chinese labels put them before an outlet's name ("日本共同社"), by ISO 3166-1 alpha-2 code."""

_CJK_REPORTER = re.compile(r"^(?:会后|随后)?[，,]?(.+?)(?:[记記]者|기자)")
_LATIN_REPORTER = re.compile(
    r"^(?:(?:a|an|the)\s+)?(.+?)(?:['’]s?)?\s+(?:reporter|correspondent|journalist|bureau chief)s?\b", re.IGNORECASE
)
_RUSSIAN_REPORTER = re.compile(r"^(?:корреспондент|журналист)\S*\s+(.+)$", re.IGNORECASE)
_PIECES = re.compile(r"[,，、;；/／()（）\[\]【】|:：—–•・]|\s+-\s+|\s+(?:and|&)\s+|[和与及]|(?:\s+(?=[^\x00-\u02ff]))")
_PREPOSITION = re.compile(r"\b(?:from|of|with|at|for|by)\s+", re.IGNORECASE)
_CHINESE_TITLE = re.compile(r"(?:发言人|部长|外长|司长|总统|主席|总理|国务卿|秘书长|国务委员)(.{2,12})$")
_THE = re.compile(r"^the\s+", re.IGNORECASE)


class _Outlets(NamedTuple):
    names: dict[str, str]  # folded name -> canonical
    short: dict[str, str]  # short Latin name in its own letter case -> canonical
    country: dict[str, str]
    aliases: dict[str, tuple[str, ...]]


class _Term(NamedTuple):
    """A person in one office; ``start`` and ``end`` are ISO dates cut to what is known ("2021", "2021-03"), or ""."""

    name: str
    surname: str
    source: str
    roles: tuple[str, ...]
    start: str
    end: str

    def covers(self, on: str) -> bool:
        return (not self.start or on >= self.start) and (not self.end or on[: len(self.end)] <= self.end)


class _Persons(NamedTuple):
    terms: tuple[_Term, ...]
    names: dict[str, str]  # folded name -> canonical
    surnames: dict[str, tuple[_Term, ...]]
    offices: dict[tuple[str, str], tuple[_Term, ...]]  # (source, folded role) -> terms


def _letters(text: str) -> str:
    """Only the letters and digits of ``text``, in their own case, without accents, wide forms made plain."""
    return "".join(
        c
        for c in unicodedata.normalize("NFKD", text)
        if c.isalnum() or (not "\u0300" <= c <= "\u036f" and unicodedata.category(c)[0] == "M")
    )


def _key(text: str) -> str:
    return _letters(text).casefold()


def _is_short(letters: str) -> bool:
    return len(letters) <= _SHORT and letters.isascii()


@cache
def _outlets() -> _Outlets:
    known = _Outlets({}, {}, {}, {})
    for canonical, country, printed, _attested in rows("outlets.tsv", 4):
        aliases = tuple(a for a in printed.split("|") if a)
        known.country[canonical] = country
        known.aliases[canonical] = aliases
        for name in (canonical, *aliases):
            letters = _letters(name)
            if _is_short(letters):
                known.short[letters] = known.short[letters.upper()] = canonical
            else:
                known.names[letters.casefold()] = canonical
    return known


@cache
def _persons() -> _Persons:
    names: dict[str, str] = {}
    terms: list[_Term] = []
    surnames: defaultdict[str, list[_Term]] = defaultdict(list)
    offices: defaultdict[tuple[str, str], list[_Term]] = defaultdict(list)
    for canonical, surname, aliases, source, role, start, end, _attested in rows("persons.tsv", 8):
        for name in (canonical, *aliases.split("|")):
            if name:
                names[_key(name)] = canonical
        term = _Term(canonical, surname, source, tuple(role.split("|")), start, end)
        terms.append(term)
        for key in {_key(surname), _key(surname.split()[-1])}:
            surnames[key].append(term)
        for one in term.roles:
            offices[source, _key(one)].append(term)
    return _Persons(
        tuple(terms),
        names,
        {k: tuple(sorted(v, key=lambda t: t.start, reverse=True)) for k, v in surnames.items()},
        {k: tuple(sorted(v, key=lambda t: t.start, reverse=True)) for k, v in offices.items()},
    )


def _exactly(name: str) -> str | None:
    """The outlet of this very name, with "The" or, in Chinese, with its own country before it."""
    known = _outlets()

    def find(letters: str) -> str | None:
        return known.short.get(letters) if _is_short(letters) else known.names.get(letters.casefold())

    letters = _letters(name)
    if (hit := find(letters)) is not None:
        return hit
    if (rest := _THE.sub("", name.strip())) != name.strip():
        return find(_letters(rest))
    for length in range(5, 1, -1):
        country = _CHINESE_COUNTRIES.get(letters[:length])
        if country is not None:
            hit = find(letters[length:])
            return hit if hit is not None and known.country[hit] == country else None
    return None


def _one(label: str) -> str | None:
    """The outlet a label names as a whole, with or without "reporter" after it."""
    if (hit := _exactly(label)) is not None:
        return hit
    for pattern in (_CJK_REPORTER, _LATIN_REPORTER, _RUSSIAN_REPORTER):
        m = pattern.match(label)
        if m and (hit := _exactly(m[1])) is not None:
            return hit
    return None


@lru_cache(maxsize=1 << 16)
def outlets(label: str) -> tuple[str, ...]:
    """Every outlet a printed label names, canonical, in the order printed; () when it names none.

    "路透社、彭博社记者" names two, "Jeff Mason, Reuters" and "one more from Kyodo" one.
    """
    label = label.strip()
    if not label or len(label) > _LONGEST_LABEL:
        return ()
    if (hit := _exactly(label)) is not None:
        return (hit,)
    found: dict[str, None] = {}
    for piece in _PIECES.split(label):
        hit = _one(piece.strip())
        if hit is None:
            # "Karen of Voice of America": the first preposition after which a known name stands alone.
            tails = (_one(piece[m.end() :].strip()) for m in _PREPOSITION.finditer(piece))
            hit = next((tail for tail in tails if tail is not None), None)
        if hit is not None:
            found[hit] = None
    if not found and (hit := _one(label)) is not None:  # "Stars and Stripes reporter" is no list
        return (hit,)
    return tuple(found)


@lru_cache(maxsize=1 << 16)
def outlet(label: str) -> str | None:
    """The canonical English name of the one outlet a printed label names ("《环球时报》记者" -> "Global Times").

    Case, accents, quotation marks, white space and the word for "reporter" are ignored, save that Latin names of up to
    four letters ("AP", "GT") must stand in their own case or in capitals.  None when no outlet or several are named.
    """
    found = outlets(label)
    return found[0] if len(found) == 1 else None


def outlet_country(canonical: str) -> str | None:
    """ISO 3166-1 alpha-2 code of an outlet's home; None for an unknown outlet or one of no country (UN News)."""
    return _outlets().country.get(canonical) or None


def outlet_aliases(canonical: str) -> tuple[str, ...]:
    """The other names and spellings of an outlet as the table holds them, () when it is unknown."""
    return _outlets().aliases.get(canonical, ())


def resolve_outlet_filter(value: str) -> str:
    """What a reader typed for an outlet, made canonical; in any letter case ("cctv"), unknown values unchanged."""
    return outlet(value) or _outlets().short.get(_letters(value).upper()) or value


@lru_cache(maxsize=1 << 16)
def person(name: str) -> str | None:
    """The canonical English name for a full name in any language or spelling, with or without a title before it.

    "毛宁", "外交部发言人毛宁", "MAO NING" and "Press Secretary Jen Psaki" resolve; a surname alone does not
    (see `persons_named`).
    """
    if len(name) > _LONGEST_LABEL:
        return None
    names = _persons().names
    if (hit := names.get(_key(name))) is not None:
        return hit
    if m := _CHINESE_TITLE.search(name.strip()):
        return names.get(_key(m[1]))
    for piece in re.split(r"[,(]", name):
        words = piece.split()
        for count in range(min(5, len(words)), 1, -1):
            if (hit := names.get(_key("".join(words[-count:])))) is not None:
                return hit
    return None


@lru_cache(maxsize=1 << 16)
def persons_named(surname: str, *, source: str | None = None, on: str | None = None) -> tuple[str, ...]:
    """Canonical full names of the people of a surname, best first; () when none is known.

    ``source`` keeps those who spoke for it, ``on`` (ISO date) those whose term covers the day or is not known.  A
    president comes before the family, known terms before unknown ones, later ones before earlier.
    """
    terms = [
        t
        for t in _persons().surnames.get(_key(surname), ())
        if (source is None or t.source == source) and (on is None or t.covers(on))
    ]
    terms.sort(key=lambda t: ("President" not in t.roles, not (t.start or t.end)))
    return tuple(dict.fromkeys(t.name for t in terms))


@lru_cache(maxsize=1 << 14)
def persons_beginning(start: str, *, source: str, on: str | None = None) -> tuple[str, ...]:
    """Canonical names of those who spoke for a source and one of whose spellings begins with ``start``, sorted.

    For scripts that put the surname first and no space after it: "林" for 林芳正.
    """
    key = _key(start)
    beginning = {canonical for name, canonical in _persons().names.items() if key and name.startswith(key)}
    terms = (t for t in _persons().terms if t.source == source and (on is None or t.covers(on)))
    return tuple(sorted({t.name for t in terms if t.name in beginning}))


@cache
def surnames(source: str | None = None) -> tuple[str, ...]:
    """The surnames known for a source as the table prints them, sorted: what a misspelt label may be compared with."""
    return tuple(sorted({t.surname for t in _persons().terms if source is None or t.source == source}))


@lru_cache(maxsize=1 << 14)
def holder(office: str, on: str, source: str) -> str | None:
    """Who held an office on a day (ISO date), as in ``holder("THE PRESIDENT", "2021-03-01", "us-whitehouse")``.

    On the day of a change it is the one who came in.  None when nobody or more than one is known to have held it.
    """
    role = _key(_THE.sub("", office.strip()))
    terms = [t for t in _persons().offices.get((source, role), ()) if (t.start or t.end) and t.covers(on)]
    staying = {t.name for t in terms if t.end != on}
    return staying.pop() if len(staying) == 1 else terms[0].name if len({t.name for t in terms}) == 1 else None


def resolve_person_filter(value: str) -> str:
    """What a reader typed for a person, made canonical; unknown values unchanged."""
    return person(value) or value
