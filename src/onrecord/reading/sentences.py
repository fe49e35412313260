"""Where one sentence ends and the next begins: the one place that knows what a sentence is.

A sentence ends at the end of a paragraph and at a stop, together with the quotation marks and brackets that close after
it.  Stops of the scripts written without spaces (。！？) end one by themselves; a stop of the others only before white
space and something that can open a sentence, and not after an abbreviation (``data/abbreviations.tsv``).  Semicolons,
colons and commas end none in any script.
"""

from __future__ import annotations

import re
from functools import cache

from onrecord.reading.tables import rows

_CLOSERS = "\"'”’»›」』】〕〉》）)\\]］｣"
_BREAK = re.compile(
    # A paragraph's end; or stops, with what closes after them (French puts a space before its marks).
    rf"\n\s*|([。！？｡।॥؟۔]+|[.!?…‼⁇⁈⁉。！？]+)(?:[{_CLOSERS}]|[\u00a0\u202f ]»|[\u00a0\u202f][{_CLOSERS}])*"
)
_GOES_ON = re.compile(r"[，、；：。！？,;:%％]|(?:と|って|の|を|が|に|は|も|で|的)")
"""After a closing quotation mark: what shows that the sentence goes on around the quoted one."""
_NEXT = re.compile(r"[\s\"'“‘«‹„「『【（(\[*•–—-]*(\d|[^\W\d_][^\W\d_'’]*)?")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff「『“（《]")
_LAST_WORD = re.compile(r"[\w.'’-]{1,24}\Z")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+\Z")
_WORDS = re.compile(r"\w")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The spans of the sentences in ``text[start:end]``, offsets into ``text``, in order, without surrounding space.

    Whatever has a letter or a digit is in one of them; a run of punctuation by itself is not a sentence.
    """
    end = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    begin = start
    for found in _BREAK.finditer(text, start, end):
        stops = found.group(1)
        if stops is None:
            _keep(spans, text, begin, found.start())
            begin = found.end()
        elif _ends(text, begin, found, end):
            _keep(spans, text, begin, found.end())
            begin = found.end()
    _keep(spans, text, begin, end)
    return spans


def _keep(spans: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    if _WORDS.search(text, begin, end):
        spans.append((begin, end))
    elif spans and begin < end and "\n" not in text[spans[-1][1] : begin]:
        spans[-1] = (spans[-1][0], end)  # a stray closing mark belongs to what it closes


def _ends(text: str, begin: int, found: re.Match[str], end: int) -> bool:
    """Whether the stops found end the sentence that begins at ``begin``."""
    stops, after = found.group(1), found.end()
    if after >= end or text[after] == "\n":
        return True
    closed = found.end(1) < after
    if stops[-1] in "。！？｡।॥؟۔":
        return not (closed or stops[-1] in "！？") or not _GOES_ON.match(text, after)
    if not text[after].isspace():
        return stops[-1] in "!?" and _UNSPACED.match(text, after) is not None
    following = _NEXT.match(text, after, end)
    opener = (following.group(1) if following else None) or ""
    if opener[:1].islower():
        return False
    if stops != ".":
        return True
    before = _LAST_WORD.search(text, max(begin, found.start() - 24), found.start())
    if before is None:
        return True
    word = before.group().casefold()
    if word.isdecimal() and len(word) < 3 and not text[begin : before.start()].strip():
        return False  # the number of a paragraph: "1. We support"
    kind = "closing" if _ACRONYM.match(word + ".") else _table()[0].get(word, "")
    if kind == "closing":
        return opener.casefold().replace("’", "'") in _table()[1]
    return not (kind == "title" or (kind == "number" and opener.isdecimal()))


@cache
def _table() -> tuple[dict[str, str], frozenset[str]]:
    """The kind of every abbreviation, and the words that open sentences."""
    kinds: dict[str, str] = {}
    openers: set[str] = set()
    for kind, _lang, words in rows("abbreviations.tsv", 3):
        if kind == "opener":
            openers.update(words.split("|"))
        else:
            for word in words.split("|"):
                kinds.setdefault(word, kind)
    return kinds, frozenset(openers)
