"""Numbers and days of the calendar that a text gives, in one form whatever its language: "1.5亿" is "150 million"."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from babel import Locale, UnknownLocaleError

from onrecord.reading.tables import rows

_HAN_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_HAN_TENS = {"十": 10, "百": 100, "千": 1000}
_HAN_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_HAN = "".join((*_HAN_DIGITS, *_HAN_TENS, *_HAN_MYRIADS))
_HAN_NUMBER = re.compile(rf"(?<![\d.])(第)?([{_HAN}]+)(?:分之([{_HAN}]+))?")
_CJK_DATE = re.compile(r"(\d{1,2})\s?[月월]\s?(?:(\d{1,2})\s?[日号號일])?")
_DECIMAL_COMMA = ("fr", "de", "es", "it", "pt", "ru", "nl", "pl", "tr", "uk")
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])")


class _Words(NamedTuple):
    times: re.Pattern[str]
    multipliers: dict[str, int]
    value: dict[str, int]
    unit: dict[str, int]
    part: dict[str, int]
    spelled: re.Pattern[str]


def figures(text: str, lang: str | None) -> dict[str, str]:
    """The numbers and days in a text: a key that is the same in every language, and how the text itself puts it.

    Keys are numbers as written in Python ("150000000", "1.5"), fractions ("1/3"), months and days ("07-24", "11-").
    Whole numbers under ten are left out unless they count thousands: every text has them.
    """
    found: dict[str, str] = {}
    for key, printed in (*_digits(text, lang or ""), *_han(text), *_spelled(text), *_days(text, lang or "")):
        found.setdefault(key, printed)
    return found


def _digits(text: str, lang: str) -> list[tuple[str, str]]:
    found = []
    words = _words()
    comma = lang[:2] in _DECIMAL_COMMA
    for match in _number(comma).finditer(text):
        grouped, plain = match.group(1), match.group(2)
        value = float(re.sub(r"\D", "", grouped)) if grouped else float(plain.replace(",", "."))
        end = match.end()
        while (times := words.times.match(text, end)) is not None:
            value *= next(n for word, n in words.multipliers.items() if times.group(1).casefold().startswith(word))
            end = times.end()
        if value >= 10 or value != int(value):
            found.append((_key(value), text[match.start() : end]))
    found += [(f"{m[1]}/{m[2]}", m[0]) for m in _SLASHED.finditer(text)]
    return found


@cache
def _number(comma: bool) -> re.Pattern[str]:
    """Figures in groups of three, or with a decimal part; which mark does which is a habit of languages."""
    group, point = (r"[.\u00a0\u202f ]", ",") if comma else (r"[,\u00a0\u202f，]", r"\.")
    return re.compile(rf"(?<![\d.,])(?:(\d{{1,3}}(?:{group}\d{{3}})+)(?!\d)|(\d{{1,15}}(?:{point}\d{{1,9}})?))")


def _han(text: str) -> list[tuple[str, str]]:
    """Numbers in Chinese numerals, which Japanese uses too."""
    found = []
    for match in _HAN_NUMBER.finditer(text):
        ordinal, first, over = match.groups()
        if over:  # "三分之一" is a third, "百分之七十" seventy per cent
            below, above = _han_value(first), _han_value(over)
            found.append((_key(above) if below == 100 else f"{_key(above)}/{_key(below)}", match[0]))
        elif first[0] in "百千万萬亿億":  # "万一" is no number, and the unit after a figure was read with it
            continue
        elif (len(first) > 1 or ordinal) and (value := _han_value(first)) >= 10:
            found.append((_key(value), match[0]))
    return found


def _han_value(numeral: str) -> int:
    if not any(c in _HAN_TENS or c in _HAN_MYRIADS for c in numeral):
        return int("".join(str(_HAN_DIGITS[c]) for c in numeral[:15]))  # "二〇二三", digit by digit
    total = section = digit = 0
    for c in numeral:
        if c in _HAN_DIGITS:
            digit = _HAN_DIGITS[c]
        elif c in _HAN_TENS:
            section += (digit or 1) * _HAN_TENS[c]
            digit = 0
        else:
            total += (section + digit or 1) * _HAN_MYRIADS[c]
            section = digit = 0
    return total + section + digit


def _spelled(text: str) -> list[tuple[str, str]]:
    """English number words: "fourteen", "seventy-fifth", "one third"."""
    words = _words()
    found = []
    for match in words.spelled.finditer(text):
        first, second = match.group(1).casefold(), (match.group(2) or "").casefold()
        if first in words.value:
            value = words.value[first] + (words.unit.get(second, 0) if 20 <= words.value[first] < 100 else 0)
            found.append((_key(value), match[0]))
        elif second in words.part:
            found.append((f"{words.unit[first]}/{words.part[second]}", match[0]))
    return found


def _days(text: str, lang: str) -> list[tuple[str, str]]:
    found = []
    for match in _CJK_DATE.finditer(text):
        month, day = int(match[1]), int(match[2] or 0)
        if 1 <= month <= 12 and day <= 31:
            found.append((f"{month:02}-{day:02}" if day else f"{month:02}-", match[0]))
    pattern, months = _months(lang)
    for match in pattern.finditer(text) if pattern else ():
        name, number = match.group(2), match.group(1) or match.group(3)
        if number and 1 <= int(number) <= 31:
            found.append((f"{months[name]:02}-{int(number):02}", match[0]))
        elif len(name) > 4:  # "May" and "март" by themselves are too often other words
            found.append((f"{months[name]:02}-", name))
    return found


@cache
def _months(lang: str) -> tuple[re.Pattern[str] | None, dict[str, int]]:
    """CLDR's names of the months in a language, and a pattern for one with the day before or behind it."""
    try:
        locale = Locale.parse(lang.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return None, {}
    months: dict[str, int] = {}
    for context, width in (("format", "wide"), ("stand-alone", "wide"), ("format", "abbreviated")):
        for number, name in locale.months[context][width].items():
            if name[0].isalpha() and len(name) > 2:
                months.setdefault(name.rstrip("."), number)
    if not months:
        return None, {}
    names = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    before = r"(?:\b(\d{1,2})(?:st|nd|rd|th|er|º|\.)?(?: (?:of|de))? )?"
    return re.compile(rf"{before}\b({names})\b\.?(?: (\d{{1,2}})\b)?"), months


@cache
def _words() -> _Words:
    tables: dict[str, dict[str, int]] = {"times": {}, "value": {}, "unit": {}, "part": {}}
    for kind, number, words in rows("numerals.tsv", 3, package="onrecord.editions"):
        tables[kind].update(dict.fromkeys(words.split("|"), int(number)))
    multipliers = {w.rstrip("*").casefold(): n for w, n in sorted(tables["times"].items(), key=lambda x: -len(x[0]))}
    times = "|".join(
        re.escape(w.rstrip("*")) + (r"\w*" if w[-1] == "*" else "" if w[0] > "\u3000" else r"\b")
        for w in sorted(tables["times"], key=len, reverse=True)
    )
    first, second = {**tables["value"], **tables["unit"]}, {**tables["unit"], **tables["part"]}
    spelled = rf"\b({'|'.join(first)})(?:[- ]({'|'.join(sorted(second, key=len, reverse=True))}))?\b"
    return _Words(
        re.compile(rf"[\s\u00a0-]?({times})", re.IGNORECASE),
        multipliers,
        tables["value"],
        tables["unit"],
        tables["part"],
        re.compile(spelled, re.IGNORECASE),
    )


def _key(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(round(value, 6))
