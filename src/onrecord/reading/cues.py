"""Subtitles of a recording, SubRip (.srt) and WebVTT (.vtt), to cues: when something was shown, and what.

WebVTT is read as its specification says (https://www.w3.org/TR/webvtt1/), but for what players would drop in silence:
words below a blank line inside a cue are kept.  SubRip has no specification; its times are read in every spelling seen.
Rolling captions, which show each line again while the next one comes in below it, give every line once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

import msgspec

from onrecord.errors import NotABriefing
from onrecord.reading.decode import unescape
from onrecord.reading.html import clean

MOST = 100_000
"""Cues.  A day of one every second has fewer."""
LONGEST = 16 << 20
"""Characters.  A day of captions in which each word has its time has fewer."""

_TIME = r"(?:(\d{1,3})[:：])?(\d{1,2})[:：](\d\d)(?:[.,，:：](\d{1,3}))?"
TIMING = re.compile(rf"^[ \t]*{_TIME}[ \t]*(?:--? ?>|[–—]>|→)[ \t]*{_TIME}(?:[ \t][^\n]*)?$", re.M)
"""The line that gives a cue's times: hours may be missing, fractions follow a dot or a comma, settings may follow."""
_ARROW = re.compile(r"^[^\n]*-->[^\n]*$", re.M)
_FIGURES = re.compile(r"[\d:：.,，; \t]*")
_ONE_TIME = re.compile(_TIME)

_NO_CUE = re.compile(r"NOTE(?:[ \t]|$)|(?:STYLE|REGION)[ \t]*$")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*+)?[ \t\n]++([^<>]*+)>|</v>")
_READING = re.compile(r"<rt>[^<>]*</rt>", re.I)
# Tags of WebVTT and of HTML, time stamps inside a cue, and what SubStation and MicroDVD write in braces.
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,300}>|</?c?>|<[\d:.]+>|\{\\[^{}]{0,200}\}|\{/?[a-zA-Z](?::[^{}]{0,60})?\}")
_STAMP = re.compile(rf"<{_TIME}>")
_BREAK = re.compile(r"<[bB][rR] ?/?>|\\N")
_DIRECTION_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"))
_TOUCHING = 100
"""Milliseconds between two cues that follow each other without a gap; frames and rounding make up for less."""
_WINDOW = 64
"""Words of a cue that may be shown again; three lines of captions hold half as many."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """A line as shown, markup gone, and who WebVTT's ``<v>`` says is heard; None where it does not say."""

    text: str
    voice: str | None = None


class Cue(msgspec.Struct, frozen=True, gc=False):
    """What is shown from ``start`` to ``end``, both in milliseconds from the beginning of the recording; ``last`` is
    when its last word is said, where the cue gives its words times of their own."""

    start: int
    end: int
    lines: tuple[Line, ...]
    last: int | None = None


class Captions(msgspec.Struct, frozen=True):
    """The cues in the order of their start, each word once; the lines above the first cue; whether captions rolled; how
    many cues have times that are broken, so that theirs are taken from those beside them."""

    cues: list[Cue]
    head: list[str]
    rolling: bool
    broken: int = 0


class _Times(msgspec.Struct, gc=False):
    """A line of times in a file, from ``at`` to ``to``, and the milliseconds it gives; None where it is broken."""

    at: int
    to: int
    start: int | None
    end: int | None


def captions(text: str) -> Captions:
    """The cues of a file of subtitles.  Raises NotABriefing when it has none, or more than a day's briefing would."""
    if len(text) > LONGEST:
        raise NotABriefing(f"is longer than {LONGEST:,} characters, which no recording's subtitles are")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    timings = [
        _Times(match.start(), match.end(), _milliseconds(match.groups()[:4]), _milliseconds(match.groups()[4:]))
        for match in islice(TIMING.finditer(text), MOST + 1)
    ]
    if not timings:
        raise NotABriefing("has no cues, which are what subtitles are made of")
    whole = len(timings)
    if text.count("-->") > whole:
        timings = sorted([*timings, *islice(_broken(text), MOST)], key=lambda times: times.at)
    if len(timings) > MOST:
        raise NotABriefing(f"has more than {MOST:,} cues, which no recording of a briefing has")
    head = text[: timings[0].at].split("\n")[:-1]
    counted = bool(head) and head[-1].strip().isdecimal()
    cues = []
    start = end = 0
    for n, times in enumerate(timings):
        after = timings[n + 1] if n + 1 < len(timings) else None
        start = end if times.start is None else times.start
        end = times.end if times.end is not None else (after and after.start) or start
        body = _body(text[times.to + 1 : after.at if after else None].split("\n"), last=not after, counted=counted)
        stamps = _STAMP.findall(body) if "<" in body else ()
        last = _milliseconds(stamps[-1]) if stamps else None
        cues.append(Cue(start, max(start, end), _lines(body), last))
    if head and head[-1].strip() and not (len(head) > 1 and head[-2].strip()):
        head.pop()  # the first cue's counter or name
    cues.sort(key=lambda cue: cue.start)
    cues, rolling = _once(cues)
    if not cues:
        raise NotABriefing("holds no text")
    return Captions(cues, head, rolling, len(timings) - whole)


def _broken(text: str) -> Iterator[_Times]:
    """Lines of times that lack one or have one cut off: figures, an arrow and figures, and nothing that is said."""
    for match in _ARROW.finditer(text):
        sides = match.group().split("-->", 1)
        if not TIMING.fullmatch(match.group()) and all(map(_FIGURES.fullmatch, sides)):
            start, end = map(_ONE_TIME.fullmatch, map(str.strip, sides))
            yield _Times(
                match.start(),
                match.end(),
                start and _milliseconds(start.groups()),
                end and _milliseconds(end.groups()),
            )


def _milliseconds(time: Sequence[str | None]) -> int:
    hours, minutes, seconds = (int(part or 0) for part in time[:3])
    return (hours * 3600 + minutes * 60 + seconds) * 1000 + int((time[3] or "").ljust(3, "0"))


def _body(lines: list[str], *, last: bool, counted: bool) -> str:
    """What a cue shows, out of the lines from its times to the next cue's: without that one's counter or name, and
    without notes and styles."""
    if not last:
        lines.pop()  # the times stand at the start of a line
        if lines and lines[-1].strip():
            named = len(lines) > 1 and not lines[-2].strip()
            if named or (counted and lines[-1].strip().isdecimal()):
                lines.pop()
    shown: list[str] = []
    noted = False
    for n, line in enumerate(lines):
        if not line:
            noted = False
        elif n and not lines[n - 1] and _NO_CUE.match(line):
            noted = True
        if not noted:
            shown.append(line)
    return "\n".join(shown)


def _lines(body: str) -> tuple[Line, ...]:
    lines = []
    voice = None
    # pieces and the voices between them take turns; the voice of "</v>" is None
    for n, piece in enumerate(_VOICE.split(body) if "<v" in body else (body,)):
        if n % 2:
            voice = _plain(piece) or None if piece else None
            continue
        for shown in _BREAK.sub("\n", piece).split("\n"):
            if plain := _plain(shown):
                lines.append(Line(plain, voice))
    return tuple(lines)


def _plain(line: str) -> str:
    if "<" in line or "{" in line:
        line = _MARKUP.sub("", _READING.sub("", line))
    if "&" in line:
        line = unescape(line)
    return clean(line if line.isascii() else line.translate(_DIRECTION_MARKS))


# --- rolling captions


def _once(cues: list[Cue]) -> tuple[list[Cue], bool]:
    """The cues that show something new, without what they show again, and whether the captions roll.

    They roll when a quarter of the cues that follow another without a gap begin with words that end the one before and
    go on with others.  Where they do not roll, only a cue that overlaps the very same one goes: people do say things
    twice.
    """
    words = [[word for line in cue.lines for word in line.text.split()] for cue in cues]
    again = [0] * len(cues)  # words at the start of each cue that were shown before it
    replaced = [False] * len(cues)  # whether a cue is the next one's beginning, cut off inside a word
    pairs = rolled = certain = 0
    for n, (before, cue) in enumerate(pairwise(cues), 1):
        if not words[n] or not words[n - 1] or cue.start - before.end > _TOUCHING:
            continue
        pairs += 1
        again[n] = _shown_again(before.lines, words[n - 1], words[n])
        if again[n] < len(words[n - 1]) and _cut_off(words[n - 1], words[n]):
            replaced[n - 1], again[n] = True, again[n - 1]
            rolled += 1
        elif 0 < again[n] < len(words[n]):
            rolled += 1
            certain += again[n] > 2
    if not (rolled * 4 >= pairs and (rolled > 1 or certain)):
        kept = [
            cue
            for n, cue in enumerate(cues)
            if words[n] and not (n and words[n] == words[n - 1] and cue.start < cues[n - 1].end)
        ]
        return kept, False
    kept = []
    start = None
    for n, cue in enumerate(cues):
        lines = _without(cue.lines, again[n])
        start = cue.start if start is None else start
        if lines and not replaced[n]:
            kept.append(Cue(start, cue.end, lines, cue.last))
        start = start if replaced[n] else None
    return kept, True


def _shown_again(lines: tuple[Line, ...], before: list[str], now: list[str]) -> int:
    """How many words at the start of a cue are those that end the one before: whole lines of it, or three and more."""
    whole, count = set(), 0
    for line in reversed(lines[-4:]):
        count += len(line.text.split())
        whole.add(count)
    before = before[-_WINDOW:]
    for count in range(min(len(before), len(now)), 0, -1):
        if before[-count:] == now[:count] and (count > 2 or count in whole):
            return count
    return 0


def _cut_off(before: list[str], now: list[str]) -> bool:
    """Whether a cue goes on with the word that the one before broke off: "the Minis", "the Minister of"."""
    last = len(before) - 1
    if not last and before[0].isascii():
        return False  # "I" is not the beginning of "It is"
    return last < len(now) and now[:last] == before[:last] and now[last].startswith(before[last])


def _without(lines: tuple[Line, ...], count: int) -> tuple[Line, ...]:
    kept = []
    for line in lines:
        words = line.text.split()
        if count < len(words):
            kept.append(Line(" ".join(words[count:]), line.voice) if count else line)
        count = max(0, count - len(words))
    return tuple(kept)
