"""What a file of subtitles says of itself: the lines above its first cue, and the file's name."""

from __future__ import annotations

import re

from babel.core import get_global

from onrecord.reading.html import clean
from onrecord.reading.identify import compact_date, find_date
from onrecord.sources import all_sources, source_of_text, source_of_url

_KEY = re.compile(r"(?P<key>[^\W\d_][\w -]{0,20}?)\s*[:：]\s*(?P<value>\S.*)")
_KEYS = {
    "title": "title", "date": "held", "held": "held", "language": "lang", "lang": "lang", "source": "source",
    "url": "source", "标题": "title", "日期": "held", "语言": "lang", "来源": "source",
}  # fmt: skip
_HEADER = re.compile(r"WEBVTT[ -]*")
_MAP = re.compile(r"X-TIMESTAMP-MAP=.*")
_NOTE = re.compile(r"NOTE(?:\s+|$)")
_STYLE = re.compile(r"STYLE|REGION")


def about(head: list[str], name: str) -> dict[str, str]:
    """Meta data as a page's: ``title``, ``held`` (a date), ``source``, ``lang``, and all other notes as ``cast``.

    ``head`` are the lines above the first cue: WebVTT's header and ``NOTE`` blocks, lines of ``Title: …``, ``Date: …``,
    ``Language: …``, ``Source: …``, ``URL: …`` or free text.  What they say goes before what the file's name says.  An
    address is taken for the source's alone: it may be that of the official page, whose revision the recording is not.
    """
    meta: dict[str, str] = {}
    notes: list[str] = []
    styles = False
    for line in map(clean, head):
        styles = _STYLE.fullmatch(line) is not None or (styles and bool(line))
        line = _NOTE.sub("", _HEADER.sub("", line, count=1), count=1)
        if styles or not line or _MAP.fullmatch(line):
            continue
        pair = _KEY.fullmatch(line)
        known = _KEYS.get(pair["key"].lower()) if pair else None
        if pair and known:
            meta[known] = pair["value"]
        else:
            notes.append(line)
    if "title" not in meta:
        meta["title"] = next((note for note in notes if find_date(note) or source_of_text(note)), "")
    if (source := meta.pop("source", "")) and source not in all_sources():
        notes.append(source)
        found = source_of_url(source)
        source = found.id if found else ""
    meta["source"] = source
    file = re.split(r"[/\\:]", name)[-1]
    in_name = compact_date(re.sub("[_. ]", "-", file)) or ""
    meta["held"] = find_date(meta.get("held")) or find_date("\n".join(notes)) or in_name
    suffixes = file.split(".")[:-1]
    meta["lang"] = next(filter(None, map(_language, [meta.get("lang", ""), *suffixes[:-3:-1]])), "")
    meta["cast"] = "\n".join(notes).replace(":", "")  # "Spokesperson: Ann Example"
    return {key: value for key, value in meta.items() if value}


def _language(tag: str) -> str | None:
    """The language of a tag such as ``zh-Hans`` or ``eng``, by its code of two letters; None when it is none."""
    code = re.split(r"[-_]", tag.strip().lower())[0]
    if len(code) == 3:
        code = (get_global("language_aliases").get(code) or "")[:2]
    return code if len(code) == 2 and code in get_global("likely_subtags") else None
