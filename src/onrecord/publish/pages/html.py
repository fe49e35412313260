"""Self-contained HTML pages: an edition, two side by side, what changed between two revisions.

A page needs no script, no network and no other file; whatever came from outside is escaped, and only http and https
addresses become links.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from onrecord.model import Diff, Exchange
from onrecord.publish.pages.changes import blocks, struck, summary
from onrecord.publish.pages.marks import cut, paragraphs, speaker
from onrecord.publish.pages.provenance import Provenance, recipe
from onrecord.publish.pages.rows import Section, reason
from onrecord.publish.plain import plain

if TYPE_CHECKING:
    from jinja2 import Environment


def edition_page(origin: Provenance, exchanges: Sequence[Exchange], span: tuple[int, int] | None = None) -> bytes:
    """One edition, or some of its exchanges; ``span`` is marked."""
    return _page("edition.html", [origin], exchanges=exchanges, span=span)


def side_by_side(a: Provenance, b: Provenance, sections: Sequence[Section]) -> bytes:
    """Two editions, what says the same on one level; ``sections`` as ``rows.sections`` lays them out, or some."""
    return _page("beside.html", [a, b], sections=sections)


def diff_page(before: Provenance, after: Provenance, diff: Diff) -> bytes:
    """What changed between two revisions, changes of typography folded away."""
    small = msgspec.structs.replace(diff, changes=tuple(c for c in diff.changes if c.kind == "typography"))
    shown = blocks(before.edition, after.edition, diff)
    typographic = blocks(before.edition, after.edition, small, typography=True)
    return _page(
        "diff.html",
        [before, after],
        diff=diff,
        summary=summary(diff),
        blocks=shown,
        typographic=typographic,
        struck=struck((*shown, *typographic)),
    )


def _page(template: str, origins: list[Provenance], **values: Any) -> bytes:
    page = _environment().get_template(template)
    return page.render(origins=origins, steps=recipe(origins), **values).encode()


@cache
def _environment() -> Environment:
    from importlib.metadata import version

    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("onrecord.publish.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: plain(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "one_line": lambda text: " ".join(text.split()),
        "json": lambda value: msgspec.json.format(msgspec.json.encode(value), indent=2).decode(),
    }
    environment.globals |= {
        "version": version("onrecord"),
        "cut": cut,
        "paragraphs": paragraphs,
        "reason": reason,
        "speaker": speaker,
        "direction": _direction,
        "language": _language,
        "is_link": lambda url: url.lower().startswith(("http://", "https://")),
    }
    return environment


def _direction(lang: str | None) -> str:
    """``ltr`` or ``rtl``; ``auto``, which lets the letters decide, where the language is not known."""
    locale = _locale(lang)
    return locale.text_direction if locale else "auto"


def _language(lang: str | None) -> str:
    """Its English name, from CLDR."""
    locale = _locale(lang)
    return (locale and locale.get_language_name("en")) or lang or "language not known"


@cache
def _locale(lang: str | None) -> Any:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(lang, sep="-") if lang else None
    except (UnknownLocaleError, ValueError):
        return None
