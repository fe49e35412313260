"""One small file for each publisher: its sites, its layouts, its labels, its time zone.

A module here defines ``SOURCE``, a :class:`Source`; that is all.  ``all_sources()`` finds the modules by itself, so a
new publisher is one new file and a few example pages in ``tests/pages/<source>/``.
"""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from importlib import import_module
from urllib.parse import urlsplit

import msgspec

from onrecord.errors import UnknownSource


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """How a publisher prints speakers, as patterns matched against a whole printed label (without its colon).

    ``question`` and ``answer`` are labels that name a part ("Q", "记者", "答"); ``speaker`` is the shape of labels that
    name a person of the institution ("MS. PSAKI"); ``follow_up`` is a question label that stays within its exchange.
    ``bare`` matches labels printed without a colon, at the start of a paragraph, as group ``label``.  ``outlets`` says
    that a bare outlet name is a question label; ``names`` that a known person's name is an answer label.  ``bold``
    says that the publisher sets questions in bold, so that an unlabelled paragraph can be told.  ``lost`` says that
    labels are known to slip inside paragraphs.  ``label_limit`` is the longest label in characters.
    """

    question: str
    answer: str = r"(?!)"
    speaker: str = r"(?!)"
    follow_up: str = r"(?!)"
    bare: str = r"(?!)"
    outlets: bool = False
    names: bool = False
    bold: bool = False
    lost: bool = False
    label_limit: int = 60


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Where one generation of a site keeps the parts of a page, as XPath expressions.

    ``body`` is looked for in the whole page; ``title``, ``time`` (when the page was published) and ``held`` (the
    line that says when the briefing was held) and ``cast`` (who speaks) from the body element (``../h1``); ``drop``,
    what is no part of the briefing, in the whole page again.

    ``seen`` tells whether the layout was seen on a real page, or only described by somebody else's scraper;
    ``evidence`` says where.
    """

    name: str
    body: str
    title: str = ""
    time: str = ""
    held: str = ""
    cast: str = ""
    drop: str = ""
    seen: bool = False
    evidence: str = ""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A publisher.  ``hosts`` are host names of its sites with everything below them; ``paths`` narrows them by a
    pattern searched in the address; ``marks`` is a pattern searched in a page's title and first paragraphs when
    there is no address.  ``zone`` is an IANA time zone name; ``dialects`` has an entry for each language the source
    publishes in; ``preamble`` matches paragraphs above the first speaker that nobody spoke (place, time, "held a
    press conference"), and ``closings`` whole paragraphs below the last that nobody spoke ("The briefing was
    concluded at 2:05 p.m."), and ``footers`` those that are the site's and not the briefing's.  ``ends`` are literal
    bits of a page's source after which nothing of the briefing stands, so that the rest need not be parsed.
    """

    id: str
    name: str
    country: str | None
    lang: str
    zone: str
    hosts: tuple[str, ...] = ()
    paths: str = ""
    marks: str = r"(?!)"
    dialects: dict[str, Dialect]
    layouts: tuple[Layout, ...] = ()
    preamble: str = r"(?!)"
    ends: tuple[str, ...] = ()
    footers: str = r"(?!)"
    closings: str = r"(?!)"

    def dialect(self, lang: str | None) -> Dialect:
        """How speakers are printed in this language; the first dialect where the language is not among them."""
        return self.dialects.get(lang or self.lang) or next(iter(self.dialects.values()))


@cache
def all_sources() -> dict[str, Source]:
    """Every source by its id, in the order of the file names."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        source = getattr(import_module(f"{__name__}.{module.name}"), "SOURCE", None)
        if source is not None:
            found[source.id] = source
    return found


def get_source(source_id: str) -> Source:
    """The source of this id; raises UnknownSource, naming the ids there are."""
    try:
        return all_sources()[source_id]
    except KeyError:
        raise UnknownSource(f"no source is called {source_id!r}; there are {', '.join(all_sources())}") from None


@cache
def _hosts() -> dict[str, list[Source]]:
    hosts: dict[str, list[Source]] = {}
    for source in all_sources().values():
        for host in source.hosts:
            hosts.setdefault(host, []).append(source)
    return hosts


def source_of_url(url: str | None) -> Source | None:
    """The source whose site an address belongs to, also when the address is that of a web archive's copy; or None."""
    if not url:
        return None
    inner = re.search(r"^https?://web\.archive\.org/web/\d+[a-z_]*/(.*)$", url)
    if inner:
        url = inner.group(1)
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return None
    while host:
        for source in _hosts().get(host, ()):
            if re.search(source.paths, url):
                return source
        host = host.partition(".")[2]
    return None


@cache
def _marks() -> list[tuple[re.Pattern[str], Source]]:
    return [(re.compile(source.marks), source) for source in all_sources().values()]


def source_of_text(text: str) -> Source | None:
    """The source whose marks stand in a page's title and opening words, or None."""
    for pattern, source in _marks():
        if pattern.search(text):
            return source
    return None
