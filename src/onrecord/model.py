"""The nouns of onrecord as frozen structs.

Nothing here imports anything of ours.  Every span is a pair of offsets, counted in Python characters (Unicode code
points), into ``Edition.text``; ``text[start:end]`` is what the span speaks of.  Unknown values are ``None``, never
guessed.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Role = Literal["question", "answer", "statement", "procedural"]
"""What a turn does: see the vocabulary in docs/guide.md."""

Kind = str
"""What sort of edition a text is: ``official``, ``translation``, ``excerpt``, ``recording``, or a kind set by hand."""


class Annotation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something the publisher printed into the text without saying it: a correction, a struck-out word, a picture.

    ``kind`` is ``struck`` (struck-through words, kept in the text), ``bracket`` (a bracketed correction such as
    ``[not]``) or ``aside`` (a stage direction inside a turn, such as ``(Laughter.)``).
    """

    kind: str
    start: int
    end: int


class Turn(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One speaker's words up to the next speaker.

    ``n`` counts from 1; ``exchange`` is the number of the exchange, 0 for announcements; ``label`` is the speaker as
    printed; ``person`` and ``outlet`` are what it resolves to.  ``text[start:end]`` is the words without the label.
    """

    n: int
    exchange: int
    role: Role
    label: str | None = None
    person: str | None = None
    outlet: str | None = None
    start: int
    end: int


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A question turn and what follows it up to the next question by another asker; number 0 holds announcements."""

    n: int
    turns: tuple[Turn, ...]


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """One published text of an occasion, in one of its revisions.

    Fields as in one line of ``export --format jsonl``.  ``date`` is ``YYYY-MM-DD`` or None; ``published`` and
    ``fetched`` are ISO 8601, a time of day with its offset; ``sha256`` is of the bytes as received.  ``people`` are the
    speakers of the institution, spelled as the edition's own language spells them.  ``notices`` are sentences about
    what a reader should know of the reading itself, such as that no turns were recognised.
    """

    id: str
    occasion: str
    source: str
    country: str | None
    date: str | None
    lang: str | None
    kind: Kind
    revision: int = 1
    revisions: int = 1
    title: str | None = None
    people: tuple[str, ...] = ()
    url: str | None = None
    published: str | None = None
    fetched: str | None = None
    sha256: str
    text: str
    turns: tuple[Turn, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges in order, exchange 0 first if there is one; a procedural turn is in the one it stands in."""
        groups: dict[int, list[Turn]] = {}
        for turn in self.turns:
            groups.setdefault(turn.exchange, []).append(turn)
        return tuple(Exchange(n=n, turns=tuple(groups[n])) for n in sorted(groups))

    def words(self, turn: Turn) -> str:
        """The words of a turn, without its printed label."""
        return self.text[turn.start : turn.end]


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one input of ``add``; ``edition`` and ``revision`` are None when it failed, ``error`` when not."""

    input: str
    status: Literal["added", "unchanged", "revised", "failed"]
    edition: str | None = None
    revision: int | None = None
    error: str | None = None


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One turn found by ``search``.  ``start`` and ``end`` are the turn's span in the text of ``edition``;

    ``snippet`` is HTML-safe text around the matches, each inside ``<mark>…</mark>``; ``matches`` are the spans of the
    matches shown in it, in the edition's text.
    """

    id: str
    edition: str
    revision: int
    exchange: int
    turn: int
    date: str | None
    source: str
    label: str | None
    outlet: str | None
    person: str | None
    role: Role
    score: float
    start: int
    end: int
    snippet: str
    matches: tuple[tuple[int, int], ...] = ()


class Hits(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of ``search``: iterating it gives the hits of this page; ``total`` counts all that match."""

    total: int
    took_ms: float
    facets: dict[str, dict[str, int]]
    hits: tuple[Hit, ...]

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)


ChangeKind = Literal["words", "speaker", "typography", "turn-added", "turn-removed", "turn-moved", "annotation"]
"""What sort of change: see the vocabulary in docs/guide.md."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference between two revisions of an edition.

    ``turn`` is the turn's number in the later revision, in the earlier one where the turn was removed.  ``before`` and
    ``after`` are the words that differ (for ``speaker`` the printed labels; for ``turn-moved`` the turn's words),
    empty where there are none.  ``start:end`` is the span of ``after`` in the later revision's text, empty and at the
    place where the words stood when they are gone; ``was_turn`` and ``was_start:was_end`` say the same of the earlier
    revision.
    """

    kind: ChangeKind
    turn: int
    before: str
    after: str
    start: int
    end: int
    was_turn: int | None = None
    was_start: int = 0
    was_end: int = 0


class Diff(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """What changed in ``edition`` from revision ``from_`` to revision ``to``.

    ``substantive`` when the sequence of words (letters and digits, case folded, link targets apart) differs or a
    speaker does.
    """

    edition: str
    from_: int
    to: int
    substantive: bool
    changes: tuple[Change, ...] = ()


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One reason to hold two pieces of two editions for the same.

    ``kind`` is ``words`` (shared words), ``meaning`` (sentence vectors), ``outlet``, ``numbers``, ``names`` or
    ``order``; ``value`` is between -1 (speaks against) and 1; ``shared`` lists what both have, where it can be listed.
    """

    kind: str
    value: float
    shared: tuple[str, ...] = ()


class SentencePair(msgspec.Struct, frozen=True, kw_only=True):
    """Sentences of two editions that say the same: spans in each one's text, in order.  ``a`` or ``b`` is empty where

    the other has no partner; then ``score`` is that of the nearest one found, too low to be a partner.
    """

    a: tuple[tuple[int, int], ...]
    b: tuple[tuple[int, int], ...]
    score: float


class TurnPair(msgspec.Struct, frozen=True, kw_only=True):
    """Turns of two editions (by number) that say the same, and their sentences; empty where there is no partner."""

    a: tuple[int, ...]
    b: tuple[int, ...]
    score: float
    sentences: tuple[SentencePair, ...] = ()


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Exchanges of two editions (by number) that are the same one, or where one edition has made several into one.

    ``score``, between 0 and 1, is how sure that is, not how much of it both have; ``evidence`` says what it rests on.
    """

    a: tuple[int, ...]
    b: tuple[int, ...]
    score: float
    evidence: tuple[Evidence, ...] = ()
    turns: tuple[TurnPair, ...] = ()


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two editions of an occasion, aligned: ids (with ``@`` where a revision was asked for), pairs in the order of

    ``a``, and the numbers of the exchanges that only one of them has.
    """

    a: str
    b: str
    pairs: tuple[Pair, ...] = ()
    only_in_a: tuple[int, ...] = ()
    only_in_b: tuple[int, ...] = ()


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where in an edition something absent would stand: between exchanges ``after`` and ``before`` (None at an end).

    ``text`` is what the edition shows there: the end of the one and the beginning of the other.
    """

    after: int | None
    before: int | None
    text: str


class Omission(msgspec.Struct, frozen=True, kw_only=True):
    """A statement about two texts: ``exchange`` (a number) of edition ``present_in`` is not in ``absent_from``.

    ``text`` is the exchange's words; ``label``, ``outlet`` and ``date`` are of its question and its edition; ``place``
    is what the other edition shows where it would stand.  It says nothing of why.
    """

    occasion: str
    exchange: int
    present_in: str
    absent_from: str
    text: str
    id: str
    date: str | None = None
    label: str | None = None
    outlet: str | None = None
    place: Place | None = None


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing ``verify`` found wrong: the file (relative to the record's folder) or entry, and what about it."""

    where: str
    what: str


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of ``verify``: how many ledger entries were checked, and what was found wrong."""

    entries: int
    ok: bool
    problems: tuple[Problem, ...] = ()
