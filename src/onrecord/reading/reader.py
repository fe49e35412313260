"""Bytes to an Edition: blocks, then turns, then exchanges.  Pure: same bytes in, same values out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from onrecord.ids import edition_id
from onrecord.model import Edition, Turn
from onrecord.reading import identify, names
from onrecord.reading.blocks import RECORDING, Block, Page
from onrecord.reading.labels import Labels, learned
from onrecord.reading.people import nameless, resolve
from onrecord.reading.turns import Draft, canonical, find_annotations, find_turns, finish
from onrecord.sources import Dialect, Source, get_source, source_of_text, source_of_url
from onrecord.sources.dialects import UNKNOWN_PUBLISHER


def read(
    data: bytes,
    *,
    name: str = "",
    source: str | None = None,
    kind: str | None = None,
    url: str | None = None,
    fetched: str | None = None,
    sha256: str | None = None,
) -> Edition:
    """Read one page of a briefing.

    ``data`` is the page as received: HTML, Markdown, plain text, PDF, DOCX, or subtitles (SRT, WebVTT).  ``name`` is
    the file's name or the address, of which only the ending and a date are used, and of subtitles' the language;
    ``source`` and ``kind`` overrule what the page says of itself.  ``sha256`` saves reading the bytes once more where
    their digest is known.  Raises NotABriefing when the bytes hold no text, UnknownSource when ``source`` names none.
    """
    chosen = get_source(source) if source else None
    page = to_page(data, name=name, url=url, source=chosen)
    sha256 = sha256 or hashlib.sha256(data).hexdigest()
    return read_page(page, sha256=sha256, name=name, source=chosen, kind=kind, url=url, fetched=fetched)


def to_page(data: bytes, *, name: str = "", url: str | None = None, source: Source | None = None) -> Page:
    """The page's paragraphs and meta data, whatever its format.  Raises NotABriefing."""
    from onrecord.reading.decode import decode, sniff

    form = sniff(data, name)
    if form == "pdf":
        from onrecord.reading.pdf import pdf_blocks

        return Page(format="pdf", meta={}, blocks=list(pdf_blocks(data)))
    if form == "docx":
        from onrecord.reading.docx import docx_blocks

        return Page(format="docx", meta={}, blocks=list(docx_blocks(data)))
    text, _ = decode(data)
    if form in ("srt", "vtt"):
        from onrecord.reading.subtitles import subtitle_page

        return subtitle_page(text, name)
    if form in ("html", "xml"):
        from onrecord.reading.html import html_page

        return html_page(text, url=url, source=source)
    if form == "markdown":
        from onrecord.reading.markdown import markdown_page

        return markdown_page(text)
    from onrecord.reading.text import text_page

    return text_page(text)


def read_page(
    page: Page,
    *,
    sha256: str,
    name: str = "",
    source: Source | None = None,
    kind: str | None = None,
    url: str | None = None,
    fetched: str | None = None,
) -> Edition:
    """An Edition from a page's paragraphs: the part of reading that is the same for every format."""
    recording = page.format == RECORDING
    # What is said in a recording is not what it says of itself.
    itself = msgspec.structs.replace(page, blocks=[]) if recording else page
    title = identify.title_of(itself)
    url = identify.url_of(page, url)
    source = source or _source_of(page, title, url)
    blocks = [block for block in page.blocks if not _pattern(source.footers).match(block.text)]
    text, offsets = canonical(blocks)
    lang = page.meta.get("lang") if recording else None
    lang = lang or identify.language_of(_sample(blocks), source.lang if source.id != UNKNOWN_PUBLISHER.id else None)
    cast = page.meta.get("cast", "")
    intro = [] if recording else [block.text for block in blocks[:6] if len(block.text) < 200]
    named = identify.spokespeople(title, [cast, *intro])
    notices = list(page.notices)
    if recording:
        from onrecord.reading.subtitles import hear

        heard = hear(blocks, offsets, _caption_labels(source, lang, blocks, named))
        drafts, annotations = heard.drafts, heard.annotations
        notices.append(heard.notice)
    else:
        drafts = find_turns(
            blocks,
            offsets,
            _labels(source, lang, blocks, named),
            preamble=_pattern(source.preamble),
            closings=_pattern(source.closings),
            title=title,
        )
        annotations = find_annotations(blocks, offsets)
    date, published = identify.dates_of(
        itself, title, url, name, source.zone, [] if recording else _before_speech(blocks, offsets, drafts)
    )
    if recording and date is None:
        date = identify.find_date(text[:300])  # as it is opened
    resolved = resolve(
        [draft.label for draft in drafts if draft.label and draft.role == "question"],
        [draft.label for draft in drafts if draft.role in ("answer", "statement")],
        named=[] if "whole" in page.meta else named,
        generic=_pattern(source.dialect(lang).answer),
        title=f"{title}\n{cast}" if cast else title,
        text=text,
        source=source.id,
        date=date,
    )
    if recording:
        resolved[None] = (
            None,
            None,
        )  # several are heard: words without a label are nobody's
    turns = finish(drafts, text, resolved)
    if not recording and not any(turn.label for turn in turns) and not any(turn.role == "question" for turn in turns):
        notices.append("no turns were recognised; the page is kept as one statement")
    if date is None:
        notices.append("the page gives no date")
    kind = kind or ("recording" if recording else identify.kind_of(page, title, source, lang))
    occasion = f"{source.id}/{date or 'undated-' + sha256[:12]}"
    return Edition(
        id=edition_id(occasion, lang, kind),
        occasion=occasion,
        source=source.id,
        country=source.country,
        date=date,
        lang=lang,
        kind=kind,
        title=title,
        people=_people(named, turns, lang),
        url=url,
        published=published,
        fetched=fetched,
        sha256=sha256,
        text=text,
        turns=turns,
        annotations=annotations,
        notices=tuple(notices),
    )


def _before_speech(blocks: list[Block], offsets: list[int], drafts: list[Draft]) -> Iterator[str]:
    """The paragraphs above the first one that opens with a speaker: a day named in speech need not be the day of it."""
    first = next((draft.at for draft in drafts if draft.label is not None), None)
    for block, offset in zip(blocks, offsets, strict=True):
        if first is not None and offset + len(block.text) >= first:
            return
        yield block.text


def _source_of(page: Page, title: str | None, url: str | None) -> Source:
    known = page.meta.get("source")
    if known:
        return get_source(known)
    head = "\n".join([title or "", page.meta.get("cast", "")] + [block.text[:300] for block in page.blocks[:6]])
    return source_of_url(url) or source_of_text(head) or UNKNOWN_PUBLISHER


def _labels(source: Source, lang: str | None, blocks: list[Block], named: list[str]) -> Labels:
    """The labels of the source's own dialect; of the commonest dialects, and ones learned from the page, where the
    source is unknown or its own dialect finds nobody on the page."""
    labels = Labels(source.dialect(lang), speakers=named, outlet=names.outlet, person=names.person)
    if source.id != UNKNOWN_PUBLISHER.id:
        labels.learn(blocks)
        if any(labels.at_start(block.text) for block in blocks):
            return labels
    dialect = UNKNOWN_PUBLISHER.dialect(lang)
    asking, answering = learned(blocks, outlet=names.outlet)
    labels = Labels(_with(dialect, asking), speakers=[*named, *answering], outlet=names.outlet, person=names.person)
    labels.learn(blocks)
    return labels


def _caption_labels(source: Source, lang: str | None, blocks: list[Block], named: list[str]) -> list[Labels]:
    """The labels of a recording, which a captioner prints: the source's own dialect, then the commonest ones."""
    dialects = dict.fromkeys((source.dialect(lang), UNKNOWN_PUBLISHER.dialect(lang)))
    found = [Labels(each, speakers=named, outlet=names.outlet, person=names.person) for each in dialects]
    for labels in found:
        labels.learn(blocks)
    return found


@lru_cache(maxsize=64)
def _with(dialect: Dialect, asking: frozenset[str]) -> Dialect:
    if not asking:
        return dialect
    return msgspec.structs.replace(dialect, question="|".join([dialect.question, *map(re.escape, sorted(asking))]))


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _sample(blocks: list[Block]) -> str:
    sample, size = [], 0
    for block in blocks:
        sample.append(block.text)
        size += len(block.text)
        if size > 4 * identify.SAMPLE:
            break
    return "\n".join(sample)


def _people(named: list[str], turns: tuple[Turn, ...], lang: str | None) -> tuple[str, ...]:
    """The institution's speakers as the edition's language spells them, those the page announces first."""
    latin = lang not in ("zh", "ja", "ko", "ru")
    people: dict[str, None] = dict.fromkeys((names.person(name) or name) if latin else name for name in named)
    known = {names.person(name) for name in people}
    for turn in turns:
        if turn.role in ("answer", "statement") and turn.person and not nameless(turn.person):
            if turn.person in known:
                continue
            printed = turn.label if not latin and turn.label and names.person(turn.label) else turn.person
            people.setdefault(printed)
    return tuple(people)
