"""PDF to paragraphs: the lines pdfium finds, without what is printed on every page, joined again.

A PDF holds places of letters, not paragraphs; ``layout`` finds those.  pdfium is not safe in threads, so a process
reads one document at a time.
"""

from __future__ import annotations

import ctypes
import re
import threading
from typing import Any
from unicodedata import normalize

from onrecord.errors import NotABriefing
from onrecord.reading.blocks import Block
from onrecord.reading.html import block_of_runs, clean
from onrecord.reading.layout import Line, paragraphs

PAGE_LIMIT = 2_000  # the longest briefings run to 60 pages
_LETTER_LIMIT = 20_000_000
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_LOCK = threading.Lock()
_BREAK = re.compile("\r\n|[\r\n\ufffe]")  # U+FFFE is how pdfium gives the hyphen of a word broken at a line's end
_BOLD = re.compile(r"bold|black|heavy|semibd|-bd|w[789]\b", re.I)
_WORD = re.compile(r"\s*(?:[^\s:：]{1,12}[:：]?|[:：])")  # the steps in which the font is looked at
# Typographic forms of letters that stand for the letters: ligatures, Kangxi radicals.
_FORMS = {code: normalize("NFKC", chr(code)) for code in (*range(0xFB00, 0xFB07), *range(0x2F00, 0x2FD6))}
_NOISE = dict.fromkeys((*range(0x09), *range(0x0E, 0x20), 0x7F, 0xAD, 0xFFFE, 0xFFFF))
_UNREADABLE = re.compile("[\0-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")


def pdf_blocks(data: bytes) -> list[Block]:
    """The paragraphs of a PDF in order, with the share of bold letters; page numbers, headers and footers left out.

    Raises NotABriefing, with one sentence, when it is locked with a password, damaged, too long, or holds pictures of
    words instead of words.
    """
    with _LOCK:
        pages = _pages(data)
    letters = sum(len(line.text) for page in pages for line in page)
    if not letters:
        many = f"{len(pages)} pages hold" if len(pages) > 1 else "page holds"
        raise NotABriefing(f"is a PDF file whose {many} pictures but no text (a scan); put it through OCR first")
    unreadable = sum(len(_UNREADABLE.findall(line.text)) for page in pages for line in page)
    if unreadable * 3 > letters:
        raise NotABriefing("is a PDF file whose letters cannot be told from their codes; put it through OCR first")
    blocks = []
    for runs in paragraphs(pages):
        runs = [(words.translate(_NOISE), bold) for words, bold in runs]
        text = clean("".join([words for words, _ in runs]))
        if text:
            blocks.append(block_of_runs(text, [(words, bold, False) for words, bold in runs]))
    if not blocks:
        raise NotABriefing("is a PDF file that holds nothing but page numbers")
    return blocks


def _pages(data: bytes) -> list[list[Line]]:
    import pypdfium2  # loads a library of 7 MB

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        if getattr(problem, "err_code", None) == _PASSWORD:
            raise NotABriefing("is a PDF file locked with a password") from None
        raise NotABriefing("is a damaged PDF file") from None
    try:
        count = len(document)
        if count > PAGE_LIMIT:
            raise NotABriefing(f"is a PDF file of {count:,} pages; no briefing has more than {PAGE_LIMIT:,}")
        pages: list[list[Line]] = []
        letters = 0
        for number in range(count):
            try:
                page = document[number]
                pages.append(_lines(page, page.get_textpage(), pypdfium2.raw))
                page.close()
            except pypdfium2.PdfiumError:
                raise NotABriefing(f"is a damaged PDF file: page {number + 1} cannot be read") from None
            letters += sum(len(line.text) for line in pages[-1])
            if letters > _LETTER_LIMIT:
                raise NotABriefing(f"is a PDF file of more than {_LETTER_LIMIT:,} letters, which no briefing has")
        return pages
    finally:
        document.close()


def _lines(page: Any, text_page: Any, raw: Any) -> list[Line]:
    """The lines of a page in the order they are drawn."""
    text = text_page.get_text_range()
    height = page.get_height()
    lines: list[Line] = []
    at = 0
    for part in re.split(f"({_BREAK.pattern})", text):
        start, at = at, at + len(part.encode("utf-16-le")) // 2
        if part == "\ufffe" and lines:
            lines[-1] = lines[-1].hyphened()
        if not part or part.isspace() or _BREAK.fullmatch(part):
            continue
        lead, trail = len(part) - len(part.lstrip()), len(part.rstrip())
        first = raw.FPDFText_GetCharIndexFromTextIndex(text_page, start + lead)
        last = raw.FPDFText_GetCharIndexFromTextIndex(text_page, start + trail - 1)
        if first < 0 or last < 0:
            continue
        left, base = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(text_page, first, left, base)
        right = text_page.get_charbox(last, loose=True)[2]
        runs = [
            (word.group().translate(_FORMS), _is_bold(text_page, first + word.end() - 1 - lead, raw))
            for word in _WORD.finditer(part, lead, trail)
        ]
        lines.append(
            Line(
                runs=tuple(runs),
                left=left.value,
                right=right,
                base=base.value,
                size=raw.FPDFText_GetFontSize(text_page, first) * _scale(text_page, first, raw),
                height=height,
            )
        )
    text_page.close()
    return lines


def _is_bold(text_page: Any, index: int, raw: Any) -> bool:
    name = ctypes.create_string_buffer(96)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(text_page, index, name, 96, flags)
    return _BOLD.search(name.value.decode("utf-8", "replace")) is not None


def _scale(text_page: Any, index: int, raw: Any) -> float:
    """By how much the page enlarges the font's nominal size; many writers set it to 1 and scale."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(text_page, index, matrix):
        return 1.0
    scale: float = (matrix.b**2 + matrix.d**2) ** 0.5
    return scale or 1.0
