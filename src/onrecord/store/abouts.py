"""What is asked of the store about every revision at once, without its text."""

from __future__ import annotations

import sqlite3

from onrecord.formulas.concordance import About
from onrecord.reading.days import day_of

_ABOUT = """
SELECT r.pk, e.id, r.n, r.n = e.revisions, o.id, o.source, s.country, r.date, e.lang, e.kind, r.url
FROM revisions r JOIN editions e ON e.pk = r.edition JOIN occasions o ON o.pk = e.occasion
     JOIN sources s ON s.id = o.source
ORDER BY r.pk
"""


def abouts(connection: sqlite3.Connection) -> list[About]:
    """A row for every revision, by pk."""
    return [
        About(pk, id, n, bool(latest), occasion, source, country, day, day_of(day), lang, kind, url)
        for pk, id, n, latest, occasion, source, country, day, lang, kind, url in connection.execute(_ABOUT)
    ]


def sums(connection: sqlite3.Connection) -> dict[int, str]:
    """The digests of every revision's text and turns, by pk."""
    return dict(connection.execute("SELECT pk, text_sha256 || turns_sha256 FROM revisions ORDER BY pk"))
