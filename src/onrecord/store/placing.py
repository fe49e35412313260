"""Which occasion an edition is of, what it is called there, and its moving to another one by hand."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from onrecord.errors import BadId, NotOnRecord
from onrecord.ids import OccasionId, edition_id, occasion_id, parse_occasion
from onrecord.model import Edition
from onrecord.reading.sentences import sentence_spans
from onrecord.sources import get_source
from onrecord.sources.dialects import UNKNOWN_PUBLISHER
from onrecord.store.identity import letters, shared
from onrecord.store.reading import current, editions

Home = tuple[int, str]
"""An occasion: the pk of its row and its id."""

Candidates = Callable[[Edition], Iterable[int]]
"""Says which revisions (by pk) may have the words of an edition."""

_APART, _TELLS = -1.0, 1.0
"""``grouping.likeness`` at or under which two texts are plainly of two occasions, and from which on something tells
that they are of one: see the measurement there."""
_SURE = 9.0
"""The likeness at least of two texts in one language of which one has half of the other's words."""
_CLOSE = 0.5
"""Two occasions whose likeness is nearer to each other than this are not told apart."""
_SENTENCE = (16, 200)
"""Letters of a sentence that is worth looking for: shorter ones are said every day."""
_SUBSTANCE = 120
"""Bytes of letters that a text must have to be placed by its words alone: some twenty words, in Chinese too."""


def home(
    db: sqlite3.Connection,
    edition: Edition,
    said: OccasionId | None,
    *,
    pending: Mapping[int, Edition] | None = None,
    candidates: Candidates | None = None,
) -> Home:
    """The occasion that a new edition is of, made if it is not there; ``said`` is what was said about it.

    It is one of its day: that which it is most like, the first where nothing tells, none where all are plainly other
    briefings or have an official text in the edition's language as it is one itself.  An edition without a day, or one
    of another kind that is like none of its day, is of the occasion that has half of its words, in its language, if
    one alone does.  ``pending`` are editions whose turns are not in the tables yet.
    """
    if said is not None and said.source == edition.source:
        return _row(db, said)
    pending = pending or {}
    of_day = db.execute(
        "SELECT o.pk, o.id, o.counter, EXISTS (SELECT 1 FROM editions e WHERE e.occasion = o.pk AND e.kind = ?"
        " AND e.lang IS ?) FROM occasions o WHERE o.source = ? AND o.date = ? ORDER BY o.counter",
        (edition.kind, edition.lang, edition.source, edition.date),
    ).fetchall()
    left = [(pk, id) for pk, id, _, taken in of_day if not taken or edition.kind != "official"]
    chosen, likeness = _likest(db, edition, left, pending) if left else (None, -_SURE)
    if likeness < _TELLS and candidates is not None and (edition.date is None or edition.kind != "official"):
        by_words = _by_words(db, edition, candidates(edition), pending)
        if by_words is not None:
            return by_words
    if chosen is not None and likeness > _APART:
        return chosen
    used = {counter for _, _, counter, _ in of_day}
    counter = next(n for n in range(1, len(used) + 2) if n not in used)
    day = edition.date or f"undated-{edition.sha256[:12]}"
    return _row(db, parse_occasion(occasion_id(edition.source, day, counter)))


def telling(edition: Edition, most: int = 8) -> list[str]:
    """Sentences by which a text can be found word for word: the longest ones, which are the rarest, without quotes."""
    spans = (span for turn in edition.turns for span in sentence_spans(edition.text, turn.start, turn.end))
    pieces = {piece for start, end in spans for piece in re.split('["“”„«»\n]', edition.text[start:end])}
    least, longest = _SENTENCE
    long = sorted((p.strip()[:longest] for p in pieces), key=lambda p: (-len(p), p))
    return [piece for piece in long if len(piece) >= least and any(map(str.isalpha, piece))][:most]


def new_edition(db: sqlite3.Connection, home: Home, edition: Edition) -> tuple[int, str]:
    """Makes the row of a new edition of that occasion; returns its pk and id."""
    id = _free(db, home, edition.lang, edition.kind)
    pk = db.execute(
        "INSERT INTO editions (id, occasion, lang, kind, revisions) VALUES (?, ?, ?, ?, 1)",
        (id, home[0], edition.lang, edition.kind),
    ).lastrowid
    assert pk is not None
    return pk, id


def move(db: sqlite3.Connection, id: str, occasion: OccasionId) -> tuple[str, str]:
    """Puts an edition into an occasion, which is made if it is not there; returns its id before and since.

    The id it had leads to it for ever, and is given back to it when it comes back.  An occasion that is left empty is
    gone.  What nobody is known to have published may turn out to be of any source.  Raises NotOnRecord, UnknownSource,
    and BadId where the occasion is another source's.
    """
    row = db.execute(
        "SELECT e.pk, e.id, e.lang, e.kind, o.pk, o.id, o.source FROM editions e JOIN occasions o ON o.pk = e.occasion"
        " WHERE e.id = ?",
        (current(db, id),),
    ).fetchone()
    if row is None:
        raise NotOnRecord(f"{id} is not on the record")
    pk, before, lang, kind, left, left_id, source = row
    if left_id == occasion.id:
        return before, before
    had = db.execute(
        "SELECT id FROM aliases WHERE edition = ? AND id BETWEEN ? AND ? ORDER BY id",
        (pk, f"{occasion.id}/", f"{occasion.id}/~"),
    ).fetchone()
    if source != occasion.source and not had:
        if source != UNKNOWN_PUBLISHER.id:
            raise BadId(
                f"{before} cannot be of {occasion.id}, because {source} published it and an occasion has one source"
            )
        publisher = get_source(occasion.source)
        db.execute("INSERT OR IGNORE INTO sources VALUES (?, ?)", (publisher.id, publisher.country))
    home = _row(db, occasion)
    since = had[0] if had else _free(db, home, lang, kind)
    db.execute("DELETE FROM aliases WHERE id = ?", (since,))
    db.execute("UPDATE editions SET id = ?, occasion = ? WHERE pk = ?", (since, home[0], pk))
    db.execute("INSERT INTO aliases VALUES (?, ?)", (before, pk))
    db.execute("DELETE FROM occasions WHERE pk = ? AND pk NOT IN (SELECT occasion FROM editions)", (left,))
    return before, since


def _likest(
    db: sqlite3.Connection, edition: Edition, homes: Sequence[Home], pending: Mapping[int, Edition]
) -> tuple[Home, float]:
    """The occasion whose editions the new one is most like, the first of those that are as good, and how like."""
    there = [(home, list(_editions(db, home, pending))) for home in homes]
    found = []
    for home, others in there:
        shares = [shared(edition.text, other.text) for other in others if other.lang == edition.lang]
        found.append((max((_weighed(*both) for both in shares if max(both) >= 0.5), default=0.0), home))
    top = max(found)[0]
    if not top:
        from onrecord.editions import grouping  # reads the names of all countries, which few pages need

        new = grouping.told(edition)
        found.clear()
        for home, others in there:
            values = [grouping.likeness(new, grouping.told(other)) for other in others]
            # What speaks for it decides, else what tells most: an excerpt says less than a whole text.
            found.append((max(values, key=lambda value: (value >= _TELLS, abs(value))), home))
        top = max(found)[0] - _CLOSE
    return next((home, likeness) for likeness, home in found if likeness >= top)


def _editions(db: sqlite3.Connection, home: Home, pending: Mapping[int, Edition]) -> Iterator[Edition]:
    """The latest revisions of an occasion's editions."""
    for (pk,) in db.execute(
        "SELECT r.pk FROM editions e JOIN revisions r ON r.edition = e.pk AND r.n = e.revisions WHERE e.occasion = ?"
        " ORDER BY e.pk",
        (home[0],),
    ).fetchall():
        yield pending[pk] if pk in pending else editions(db, [pk])[0][1]


def _by_words(
    db: sqlite3.Connection, edition: Edition, pks: Iterable[int], pending: Mapping[int, Edition]
) -> Home | None:
    """The one occasion with a text in the edition's language that has half of its words, if no other comes near."""
    if len(letters(edition.text).encode()) < _SUBSTANCE:
        return None
    sentences = telling(edition)
    fresh = (pk for pk, other in pending.items() if any(sentence in other.text for sentence in sentences))
    best: dict[Home, float] = {}
    for pk in {*pks, *fresh}:
        row = db.execute(
            "SELECT o.pk, o.id, r.text FROM revisions r JOIN editions e ON e.pk = r.edition AND e.revisions = r.n"
            " JOIN occasions o ON o.pk = e.occasion WHERE r.pk = ? AND o.source = ? AND e.lang IS ?",
            (pk, edition.source, edition.lang),
        ).fetchone()
        ours, theirs = shared(edition.text, row[2]) if row is not None else (0.0, 0.0)
        if ours >= 0.5:
            best[row[:2]] = max(best.get(row[:2], 0.0), _weighed(ours, theirs))
    ranked = sorted(best, key=lambda home: -best[home])
    if not ranked or (len(ranked) > 1 and best[ranked[0]] - best[ranked[1]] < _CLOSE):
        return None
    return ranked[0]


def _weighed(ours: float, theirs: float) -> float:
    """How like two texts in one language are, by what the new one has of the other and the other of it.

    The former counts twice: an excerpt of a remark that a longer briefing repeats is more like the remark, and a digest
    that repeats a remark more like the briefing.
    """
    return _SURE + 2 * ours + theirs


def _row(db: sqlite3.Connection, occasion: OccasionId) -> Home:
    there = db.execute("SELECT pk FROM occasions WHERE id = ?", (occasion.id,)).fetchone()
    if there:
        return there[0], occasion.id
    pk = db.execute(
        "INSERT INTO occasions (id, source, date, counter) VALUES (?, ?, ?, ?)",
        (occasion.id, occasion.source, occasion.date, occasion.counter),
    ).lastrowid
    assert pk is not None
    return pk, occasion.id


def _free(db: sqlite3.Connection, home: Home, lang: str | None, kind: str) -> str:
    """An id for one more edition of an occasion, which no edition has or has had."""
    (count,) = db.execute(
        "SELECT count(*) FROM editions WHERE occasion = ? AND lang IS ? AND kind = ?", (home[0], lang, kind)
    ).fetchone()
    number = count + 1
    id = edition_id(home[1], lang, kind, number)
    while db.execute(
        "SELECT 1 FROM editions WHERE id = ? UNION ALL SELECT 1 FROM aliases WHERE id = ?", (id, id)
    ).fetchone():
        number += 1  # a kind set by hand may end in a number itself, and who was moved has left a gap
        id = edition_id(home[1], lang, kind, number)
    return id
