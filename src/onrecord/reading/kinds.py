"""What sort of page bytes are: by what they hold first, by their name second; and what is plainly no page.  Pure."""

from __future__ import annotations

import codecs
import re
from typing import Literal

from onrecord.errors import NotABriefing

Form = Literal["html", "markdown", "text", "pdf", "docx", "srt", "vtt", "xml"]

_HEAD = 4096  # bytes looked at; a page says what it is well before that

# Opening bytes of files that are no pages (libmagic's database, https://www.garykessler.net/library/file_sigs.html).
# Signatures of a few plain letters count only when there is a NUL near, so that text may begin with them.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\0\0\1\0", "an icon"),
    (b"8BPS\0", "a Photoshop picture"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\0asm", "a program"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"ID3", "a sound recording"),
    (b"\xff\xfb", "a sound recording"),
    (b"OggS", "a sound or video recording"),
    (b"fLaC", "a sound recording"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"FLV\1", "a video"),
    (b"\0\0\1\xba", "a video"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"OTTO\0", "a font"),
    (b"\0\1\0\0", "a font"),
    (b"PAR1", "a Parquet table"),
)
_BOMS = frozenset([codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE])
_LETTERS = frozenset([b"GIF87a", b"GIF89a", b"BZh", b"MZ", b"ID3", b"OggS", b"fLaC", b"wOFF", b"wOF2", b"PAR1", b"BM"])
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Not among them: tab, line ends, and ESC, with which ISO-2022-JP changes its character sets.
_CONTROLS = bytes([*range(0x08), 0x0B, *range(0x0E, 0x1A), *range(0x1C, 0x20), 0x7F])

_PACKAGES: tuple[tuple[bytes, str], ...] = (
    (b"xl/", "a spreadsheet (XLSX)"),
    (b"ppt/", "a presentation (PPTX)"),
    (b"opendocument.text", "an OpenDocument text (ODT); save it as DOCX or PDF"),
    (b"opendocument.", "an OpenDocument file"),
    (b"application/epub+zip", "an e-book (EPUB)"),
    (b"META-INF/MANIFEST.MF", "a program (JAR)"),
)

_DOCUMENT = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<meta\s|<title[\s>]", re.I)
_BLOCK = re.compile(
    rb"<(?:p|div|br|table|tr|td|ul|ol|li|h[1-6]|article|section|main|blockquote|header|span)(?:\s[^<>]*)?/?>", re.I
)
_TAG = re.compile(rb"<[a-zA-Z!/][^<>]*>")
_FRONT = re.compile(rb"---[ \t]*\r?\n(?:[^\n]*\n){0,60}?[\w-]+[ \t]*:[^\n]*\r?\n")
_CLOCK = rb"(?:\d{1,3}:)?\d{1,2}:\d\d(?:[,.:]\d{1,3})?"
_CUE = rb"[ \t]*" + _CLOCK + rb"[ \t]*--? ?>[ \t]*" + _CLOCK + rb"(?:[ \t][^\r\n]*)?(?:[\r\n]|$)"
_SRT = re.compile(rb"(?:\d+[ \t]*(?:\r\n?|\n))?" + _CUE)
_VTT = re.compile(rb"WEBVTT(?:[ \t\r\n]|$)")
_MARKS = re.compile(rb"^#{1,6} \S|\*\*[^*\n]{1,200}\*\*|\]\((?:https?:|/|#|mailto:)", re.M)

_BY_NAME: dict[str, Form] = {
    **dict.fromkeys(("html", "htm", "shtml", "xhtml", "xht", "mht", "php", "asp", "aspx", "jsp", "do"), "html"),
    **dict.fromkeys(("md", "markdown", "mdown", "mkd"), "markdown"),
    **dict.fromkeys(("txt", "text"), "text"),
    "xml": "xml", "srt": "srt", "vtt": "vtt",
}  # fmt: skip


def sniff(data: bytes, name: str = "") -> Form:
    """What sort of page the bytes are.  ``name`` is a file's name or an address, of which only the ending is used.

    A page cut off at any place is still what it began as.  Raises NotABriefing, with a sentence that says what the
    bytes seem to be, when they are empty or plainly no page.
    """
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        return _package(data)
    refuse_binary(data)
    head = _text_head(data)
    if _VTT.match(head):
        return "vtt"
    if _SRT.match(head):
        return "srt"
    if _FRONT.match(head):
        return "markdown"
    if _DOCUMENT.search(head):
        if head.startswith(b"<") or _DOCUMENT.match(head):
            return "html"
        # Markdown and text may quote such a tag in passing.
        if len(_TAG.findall(head)) >= 4 or _named(name) == "html":
            return "html"
    if head.startswith(b"<?xml"):
        return "xml"
    named = _named(name)
    if named in ("srt", "vtt"):
        return named
    if named == "html":
        return "html" if _TAG.search(head) or _TAG.search(data) else "text"
    if named == "markdown":
        return "markdown"
    if _is_fragment(head):
        return "html"
    if named == "xml" and head.startswith(b"<"):
        return "xml"
    if named is None and len(_MARKS.findall(head)) >= 2:
        return "markdown"
    return "text"


def is_binary(data: bytes) -> bool:
    """Whether the bytes are neither text nor PDF nor DOCX.  Empty bytes are not binary."""
    try:
        sniff(data)
    except NotABriefing:
        return not _empty(data)
    return False


def _empty(data: bytes) -> bool:
    return not data or data.isspace() or data in _BOMS


def refuse_binary(data: bytes) -> None:
    """Raise NotABriefing when the bytes are empty or are no text, with a sentence saying what they seem to be."""
    if _empty(data):
        raise NotABriefing("is empty")
    seems = _recognised(data)
    if seems:
        raise NotABriefing(f"seems to be {seems}, not a page of text")
    if _has_mark(data) or _looks_wide(data):
        return
    head = data[:_HEAD]
    # A page may hold a stray NUL or form feed; a program or a compressed file holds them all through.
    if head.count(0) * 200 > len(head):
        raise NotABriefing("is binary data, not a page of text")
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls * 50 > len(head) + 50:
        raise NotABriefing("is binary data, not a page of text")


def _recognised(data: bytes) -> str | None:
    head = data[:64]
    for magic, what in _MAGIC:
        if head.startswith(magic) and (magic not in _LETTERS or 0 in data[:512]):
            return what
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return "a BMP picture"
    if head.startswith(b"RIFF") and head[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return {b"WEBP": "a WebP picture", b"WAVE": "a sound recording", b"AVI ": "a video"}[head[8:12]]
    if head[4:8] == b"ftyp":
        return "a picture" if head[8:12] in (b"avif", b"heic", b"mif1", b"heix") else "a video or sound recording"
    if data[257:262] == b"ustar":
        return "a tar archive"
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "an Office document locked with a password"
        return "an old Office document (such as .doc); save it as DOCX or PDF"
    if head.startswith(b"{\\rtf"):
        return "an RTF document; save it as DOCX or PDF"
    return None


def _package(data: bytes) -> Form:
    """DOCX or another file made as a ZIP; names of members stand readable in its bytes, the central directory last."""
    tail = data[-65536:]
    if b"word/" in tail or b"word/document" in data:
        return "docx"
    for mark, what in _PACKAGES:
        if mark in tail or mark in data[:_HEAD]:
            raise NotABriefing(f"seems to be {what}" if ";" in what else f"seems to be {what}, not a page of text")
    if b"[Content_Types].xml" in data[:_HEAD]:
        return "docx"  # cut off, as the reader will find and say
    raise NotABriefing("seems to be a ZIP file, not a page of text")


def _has_mark(data: bytes) -> bool:
    return data.startswith(tuple(_BOMS))


def _looks_wide(data: bytes) -> bool:
    """UTF-16 without a byte order mark: NULs, in text mostly ASCII, stand at every other byte and nowhere else."""
    head = data[:_HEAD]
    zeros = head.count(0)
    if zeros < 4 or zeros * 50 < len(head):
        return False
    few, many = sorted((head[::2].count(0), head[1::2].count(0)))
    return few * 50 <= many and zeros * 2 >= len(head) // 2


def wide_encoding(data: bytes) -> str | None:
    """``utf-16-le`` or ``utf-16-be`` for UTF-16 that has no byte order mark, else None."""
    if not _looks_wide(data):
        return None
    head = data[: min(len(data), _HEAD) // 2 * 2]
    name = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    return name if head.decode(name, "replace").count("\ufffd") * 50 <= len(head) else None


def _text_head(data: bytes) -> bytes:
    """The head of the page as bytes that hold ASCII as ASCII, without byte order mark and leading white space."""
    head = data[:_HEAD]
    if head.startswith(codecs.BOM_UTF8):
        head = head[3:]
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", "ignore").encode("utf-8")
    elif wide := wide_encoding(head):
        head = head.decode(wide, "ignore").encode("utf-8")
    return head.lstrip()


def _is_fragment(head: bytes) -> bool:
    """HTML without a frame: it opens with a tag and goes on in tags.  A stray tag or two does not make text HTML."""
    blocks = len(_BLOCK.findall(head))
    if head.startswith(b"<!--") or _BLOCK.match(head):
        return blocks >= 2 or b"</" in head
    return blocks >= 8 and blocks * 200 >= len(head)


def _named(name: str) -> Form | None:
    stem = re.split(r"[?#]", name, maxsplit=1)[0] if "://" in name else name
    stem = stem.rsplit("/", 1)[-1].lower().removesuffix(".gz")
    return _BY_NAME.get(stem.rpartition(".")[2]) if "." in stem else None
