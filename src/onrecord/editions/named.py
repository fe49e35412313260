"""Countries, bodies, places and people that a text names, under one name whatever its language.

Countries, bodies and places come from ``reading.countries`` in the language of the text; what else briefings speak of
most, from ``data/names.tsv``.  The people whom the record knows are resolved by ``reading.names``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from onrecord.reading.countries import forms
from onrecord.reading.names import person
from onrecord.reading.tables import rows

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff]|[^\W_]+")
"""A word; in scripts written without spaces every character by itself."""
_ACRONYM = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_LATIN_NAME = re.compile(r"(?<![A-Za-z0-9À-ɏ])[A-Z0-9][A-Za-z0-9À-ɏ]*[A-Za-z][A-Za-z0-9À-ɏ]*")
_KINDS = ("country", "body", "forum", "place")
_FULL_NAME = re.compile(r"[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'.-]+){1,2}")


class _Form(NamedTuple):
    tokens: tuple[str, ...]
    open: bool  # the last token is the beginning of a word
    capitals: str  # the form itself, when it must stand in capitals
    name: str


def names(text: str, lang: str | None) -> dict[str, str]:
    """What the text names: a key that is the same in every language, and how the text itself puts it."""
    table = _forms(lang or "")
    plain = _ACRONYM.sub(lambda m: m[0].replace(".", "") + " ", text)
    spans = [match.span() for match in _TOKEN.finditer(plain)]
    tokens = [plain[start:end] for start, end in spans]
    folded = [token.casefold() for token in tokens]
    found: dict[str, str] = {}
    at = 0
    while at < len(tokens):
        step = 1
        for form in table.get(folded[at][:4], ()):
            length = len(form.tokens)
            here = folded[at : at + length]
            if len(here) < length or any(a != b for a, b in zip(here[:-1], form.tokens[:-1], strict=True)):
                continue
            if not (here[-1].startswith(form.tokens[-1]) if form.open else here[-1] == form.tokens[-1]):
                continue
            if form.capitals and form.capitals != "".join(tokens[at : at + length]):
                continue
            # Several things may go by one form (俄乌, 中巴): all of the longest forms count.
            if length >= step:
                step = length
                found.setdefault(form.name, plain[spans[at][0] : spans[at + length - 1][1]])
        at += step
    for printed in _FULL_NAME.findall(text):
        if (whom := person(printed)) is not None:
            found.setdefault(whom, printed)
    return found


def latin_names(text: str) -> set[str]:
    """Words in Latin letters that begin with a capital or a digit ("COP14", "360", "ChatGPT"), folded.

    In a text of another script they stand out; between two languages in Latin letters they are mostly names.
    """
    return {found.casefold() for found in _LATIN_NAME.findall(text)}


@cache
def _forms(lang: str) -> dict[str, tuple[_Form, ...]]:
    """Every known form by the first four letters of its first token, the longest first."""
    written = [(form.text, form.open, form.capitals, form.code) for form in forms(lang or None) if form.kind in _KINDS]
    for name, listed in rows("names.tsv", 2, package="onrecord.editions"):
        for text in listed.split("|"):
            capitals = text.isupper() and text[0].lower() != text[0]
            written.append((text.rstrip("*"), text.endswith("*"), capitals, name))
    table: dict[str, set[_Form]] = defaultdict(set)
    for text, opens, capitals, name in written:
        tokens = tuple(_TOKEN.findall(text.replace(".", "")))
        if tokens:
            folded = tuple(token.casefold() for token in tokens)
            table[folded[0][:4]].add(_Form(folded, opens, "".join(tokens) if capitals else "", name))
    return {key: tuple(sorted(known, key=lambda form: -len(form.tokens))) for key, known in table.items()}
