"""Citations that can be checked: each carries the id, the span and the digest by which its words are found again."""

from __future__ import annotations

import re

from onrecord.errors import BadId, NotOnRecord
from onrecord.ids import Id
from onrecord.model import Edition, Turn
from onrecord.sources import all_sources

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

# English names as in CLDR 46 (common/main/en.xml), for the languages that briefings are known to be published in.
_LANGUAGES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fr": "French", "hi": "Hindi", "ja": "Japanese",
    "ko": "Korean", "pt": "Portuguese", "ru": "Russian", "zh": "Chinese",
}  # fmt: skip

# Labels that say what is done and not by whom, in the languages of the sources.
_NOBODY = re.compile(
    r"(?:the |unidentified )?(?:q|a|questions?|questioner|answer|response|reporters?|journalists?|correspondents?|"
    r"media|press|press corps|audience member|speaker|remark|follow-? ?up(?: questions?)?)[ .]?\d*"
    r"|(?:[一二三四五六七八九十]+、)?[问答]|追问|(?:会后|会上)?，?有?记者.{0,4}|発言者|質問|[問答ＱＡ]|記者"
    r"|вопрос|ответ|реплика|корреспондент|журналист|уточняющий вопрос|प्रश्न|(?:अज्ञात )?वक्ता ?\d*",
    re.IGNORECASE,
)

_DIGEST = 16
"""Hex digits of the digest shown: 64 bits, beyond an accident, and not too long to print."""


def text(edition: Edition, id: Id) -> str:
    """One footnote sentence for an edition, one of its exchanges, or a span of one turn's words, as ``id`` says.

    Speakers, “the words” if there is a span, title, publisher, day, the id with its revision, address, day of
    retrieval, digest; what is not known is left out.  White space in quoted words is one space, nothing else of them
    changes.  Raises NotOnRecord for an exchange or characters that are not there, BadId for a span that is no part of
    one turn's words.
    """
    turns = _turns(edition, id)
    parts = []
    if id.span is not None:
        turn = cited_turn(edition, turns, id.span)
        quoted = " ".join(edition.text[slice(*id.span)].split())
        if not quoted:
            raise BadId(f"characters {id.span[0]}-{id.span[1]} of {edition.id} hold no words")
        if turn.label is not None or turn.role != "procedural":  # a stage direction is the transcript's own
            role = f" ({turn.role})" if turn.role in ("question", "answer") else ""
            parts.append(f"{_speaker(turn)}{role}")
        parts.append(f"“{quoted}”")
    elif id.exchange is not None:
        parts.append(_listed(_speakers(edition, turns)))
    else:
        parts.append(_listed(list(edition.people)))
    if edition.title:
        parts.append(("in " if id.span is not None else "") + f"“{' '.join(edition.title.split())}”")
    parts.append(_publisher(edition.source))
    parts.append(f"held {_day(edition.date)}" if edition.date else "day not known")
    kind = f"{edition.kind} text" if edition.kind == "official" else edition.kind
    lang = f" in {_LANGUAGES.get(edition.lang, edition.lang)}" if edition.lang else ""
    sections = [
        ", ".join(part for part in parts if part),
        f"onrecord {edition.id}@{edition.revision}{_place(id)} ({kind}{lang}, "
        f"revision {edition.revision} of {edition.revisions})",
        f"<{edition.url}>" if edition.url else "",
        f"retrieved {_day(edition.fetched[:10])}" if edition.fetched else "",
        f"SHA-256 beginning {edition.sha256[:_DIGEST]}",
    ]
    return "; ".join(section for section in sections if section) + "."


def cited_turn(edition: Edition, turns: tuple[Turn, ...], span: tuple[int, int]) -> Turn:
    """The one turn among ``turns`` whose words hold the span; NotOnRecord or BadId if there is none."""
    start, end = span
    if end > len(edition.text):
        raise NotOnRecord(f"{edition.id} has {len(edition.text)} characters, so {start}-{end} lies beyond its end")
    if start == end:
        raise BadId(f"characters {start}-{end} of {edition.id} hold no words")
    touched = [turn for turn in turns if turn.start < end and start < turn.end]
    if len(touched) == 1 and touched[0].start <= start and end <= touched[0].end:
        return touched[0]
    if not touched:
        elsewhere = {turn.exchange for turn in edition.turns if turn.start < end and start < turn.end}
        if elsewhere:
            numbers = " and ".join(f"#{n}" for n in sorted(elsewhere))
            raise BadId(f"characters {start}-{end} of {edition.id} are not in #{turns[0].exchange} but in {numbers}")
        raise BadId(f"characters {start}-{end} of {edition.id} are nobody's words, but a heading or a label")
    spans = " and ".join(f"{turn.start}-{turn.end}" for turn in (touched[0], touched[-1])[: len(touched)])
    if len(touched) == 1:
        raise BadId(f"characters {start}-{end} of {edition.id} go beyond the words of the turn, which are {spans}")
    raise BadId(
        f"characters {start}-{end} of {edition.id} run over turns {touched[0].n} to {touched[-1].n} ({spans}); "
        "cite each turn by itself"
    )


def _turns(edition: Edition, id: Id) -> tuple[Turn, ...]:
    if id.exchange is None:
        return edition.turns
    turns = tuple(turn for turn in edition.turns if turn.exchange == id.exchange)
    if not turns:
        raise NotOnRecord(f"{edition.id} has no exchange {id.exchange}")
    return turns


def _place(id: Id) -> str:
    exchange = f"#{id.exchange}" if id.exchange is not None else ""
    return exchange + (f":{id.span[0]}-{id.span[1]}" if id.span is not None else "")


def _speaker(turn: Turn) -> str:
    if turn.person and turn.outlet:
        return f"{turn.person} ({turn.outlet})"
    return turn.person or turn.outlet or (turn.label if _names_somebody(turn) else None) or _unnamed(turn)


def _unnamed(turn: Turn) -> str:
    return f"an unnamed {'questioner' if turn.role == 'question' else 'speaker'}"


def _names_somebody(turn: Turn) -> bool:
    return bool(turn.person or turn.outlet or (turn.label and not _NOBODY.fullmatch(turn.label.strip())))


def _speakers(edition: Edition, turns: tuple[Turn, ...]) -> list[str]:
    """Who speaks in an exchange, without the follow-ups, which are labelled so because the asker goes on."""
    speaking = [turn for turn in turns if turn.role != "procedural"]
    found = all_sources().get(edition.source)
    dialect = found.dialects.get(edition.lang or "") if found else None
    follow_up = re.compile(dialect.follow_up if dialect else r"(?!)")
    return [
        _speaker(turn)
        for n, turn in enumerate(speaking)
        if n == 0 or _names_somebody(turn) or not follow_up.fullmatch((turn.label or "").strip())
    ]


def _listed(names: list[str]) -> str:
    known = list(dict.fromkeys(names))
    if len(known) > 4:
        return f"{', '.join(known[:3])} and {len(known) - 3} others"
    return " and ".join([", ".join(known[:-1]), known[-1]] if len(known) > 1 else known)


def _publisher(source: str) -> str:
    found = all_sources().get(source)
    return found.name if found else source


def _day(text: str) -> str:
    """``2023-07-26`` as 26 July 2023; anything else as it stands."""
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return f"{day} {_MONTHS[month - 1]} {year}"
    except (ValueError, IndexError):
        return text
