"""Pages out of a stream of bytes, be it one page or a ZIP, WARC or gzip file of many.

Nothing is extracted to disk, so a name inside a container is only a name.  Nothing a container says of its own size is
believed: every byte is counted as it is decompressed, and whatever was had before a limit was reached or damage met
stays good.  WARC headers are read by warcio; its content streams are not used, because they decompress without bound.
"""

from __future__ import annotations

import gzip
import io
import logging
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO, Any, BinaryIO, cast

import msgspec

from onrecord.archive.http import body_of
from onrecord.archive.limits import Budget, Exhausted, Refused, amount, read_up_to, too_large

_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\3\4", b"PK\5\6", b"PK\7\x08")
_WARC = b"WARC/"
_SILENCE = logging.NullHandler()
_HEADERS = 1 << 20  # bytes of header lines one WARC record may have
_DIRECTORY = 32 << 20  # bytes of a ZIP file's list of members, which zipfile reads in one piece and makes objects of
_BAD_ZIP = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, OSError, ValueError, struct.error,
    OverflowError,
)  # fmt: skip  # what zipfile raises for damaged files, found by flipping bytes

# Suffixes of files that are plainly no page: what lies beside saved pages, and in folders of data and programs.
_NO_PAGE = frozenset([
    "png", "jpg", "jpeg", "gif", "webp", "svg", "ico", "bmp", "tif", "tiff", "avif", "heic", "psd", "css", "scss",
    "less", "js", "mjs", "cjs", "ts", "map", "woff", "woff2", "ttf", "otf", "eot", "mp3", "mp4", "m4a", "m4v",
    "wav", "ogg", "ogv", "oga", "webm", "avi", "mov", "mkv", "flac", "swf", "json", "jsonl", "ndjson", "geojson",
    "csv", "tsv", "parquet", "arrow", "feather", "sqlite", "sqlite3", "db", "db-wal", "db-shm", "yaml", "yml",
    "toml", "ini", "cfg", "conf", "lock", "log", "py", "pyc", "pyi", "ipynb", "r", "rs", "go", "c", "h", "cpp",
    "java", "class", "sh", "bat", "ps1", "rb", "pl", "lua", "sql", "exe", "dll", "so", "dylib", "o", "a", "bin",
    "dat", "npy", "npz", "pkl", "pickle", "xlsx", "xls", "ods", "pptx", "ppt", "bib", "ris", "crdownload", "part",
    "tmp", "swp", "bak", "orig", "rej", "cdx", "cdxj", "sha256", "sha1", "md5", "sig", "asc", "pem", "crt", "key",
    "torrent", "url", "webloc", "lnk",
])  # fmt: skip
# README, LICENSE and the like under any suffix; names that a page could bear only when they have none.
_ABOUT = re.compile(
    r"(?:readme|licen[cs]e(?:-(?:mit|apache|bsd|mpl|cc0|[al]?gpl)[\d.-]*)?|copying|changelog|contributing|code_of_conduct)"
    r"(?:\.[\w-]{1,8}){0,2}"
    r"|notice|copyright|authors|contributors|changes|makefile|dockerfile|robots\.txt|thumbs\.db|desktop\.ini",
    re.I,
)
# Suffixes under which bytes are given whatever they look like, so that the reader says what is wrong with them.
_GIVEN = frozenset([
    "html", "htm", "shtml", "xhtml", "xht", "mht", "php", "asp", "aspx", "jsp", "md", "markdown", "txt", "text",
    "pdf", "docx", "docm", "doc", "rtf", "odt", "srt", "vtt", "xml", "zip", "warc", "gz", "tar", "tgz", "bz2",
    "xz", "zst", "7z", "rar",
])  # fmt: skip
_PAGE_TYPES = re.compile(
    r"text/(?:html|plain|markdown|x-markdown|vtt|srt|x-web-markdown)|application/(?:xhtml\+xml|pdf|x-pdf|x-subrip|"
    r"vnd\.openxmlformats-officedocument\.wordprocessingml\.document|vnd\.ms-word\.document\.macroenabled\.12)"
)
# The addresses that crawlers give to notes of their own (wget, Browsertrix), which are no pages.
_OWN_NOTES = re.compile(r"(?:metadata|urn:(?!sha|uuid|md5)|dns|filedesc|about|data|ws|wss):", re.I)


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One page, or one input that gives none.

    ``name`` is the path as given, or ``container:member``; printable, valid Unicode.  ``data`` is the page as received,
    with HTTP's chunking and compression undone; ``url`` and ``fetched`` (ISO 8601, UTC) are what a WARC record says.
    ``error`` is one sentence without the name; ``data`` is None exactly when there is one.
    """

    name: str
    data: bytes | None = None
    url: str | None = None
    fetched: str | None = None
    error: str | None = None


class Source(msgspec.Struct, frozen=True):
    """An open stream and how it was come by.

    ``size`` in bytes where it is known; ``named`` when the caller asked for it by name; ``depth`` counts the containers
    it stands in.
    """

    name: str
    file: Any
    size: int | None = None
    named: bool = False
    depth: int = 0


def hidden(name: str) -> bool:
    """Whether a file or folder of this name is no part of what a folder is there for."""
    return name.startswith(".") or name == "__MACOSX"


def passed_over(name: str) -> bool:
    """Whether a file of this name, met in a folder or a ZIP file, is plainly no page.

    Hidden files, editors' copies, README, LICENSE, CHANGELOG and the like, and files whose suffix says picture, style
    sheet, script, font, recording, table, data or program.
    """
    stem, dot, suffix = name.lower().rpartition(".")
    return (
        hidden(name) or name.endswith("~") or bool(dot and stem and suffix in _NO_PAGE) or bool(_ABOUT.fullmatch(name))
    )


def _plainly_binary(head: bytes, name: str) -> bool:
    """Whether a file that nobody named and whose suffix tells nothing is to be passed over."""
    if name.lower().rpartition(".")[2] in _GIVEN or head.startswith(
        (b"%PDF-", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
    ):
        return False
    return 0 in head


class _Counted(io.RawIOBase):
    """A stream of decompressed bytes that is charged to the budget."""

    def __init__(self, stream: gzip.GzipFile | IO[bytes], budget: Budget) -> None:
        # read1: read would lose the good bytes it has gathered before it meets damage
        self._read: Callable[[int], bytes] = stream.read1  # type: ignore[union-attr]
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._read(len(buffer))
        buffer[: len(data)] = data
        self._budget.spend(len(data))
        return len(data)


def pages(source: Source, budget: Budget) -> Iterator[Item]:
    """The pages a stream holds, in order.  A part that cannot be read gives an Item with an error."""
    try:
        stream = source.file if isinstance(source.file, io.BufferedReader) else io.BufferedReader(source.file, 1 << 16)
        head = stream.peek(512)[:512]
        if head.startswith(_GZIP):
            yield from _gzip_pages(source, stream, budget)
        elif head.startswith(_ZIP):
            yield from _zip_pages(source, stream, budget)
        elif head.startswith(_WARC):
            yield from _warc_pages(source, stream, budget)
        elif re.search(r"\.warc(?:\.gz)?$", source.name, re.I) and head:
            raise Refused("is not a WARC file, though its name says so")
        elif source.named or not _plainly_binary(head, source.name):
            if source.size is not None and source.size > budget.limits.page:
                raise Refused(too_large(budget.limits.page))
            yield Item(name=source.name, data=read_up_to(stream, budget.limits.page))
    except Exhausted as problem:
        if source.depth:
            raise  # said once, of the outermost container
        yield Item(name=source.name, error=str(problem))
    except Refused as problem:
        yield Item(name=source.name, error=str(problem))
    except EOFError:
        yield Item(name=source.name, error="is cut off before its end")
    except (gzip.BadGzipFile, zlib.error):
        yield Item(name=source.name, error="is a damaged gzip file; what came before the damage was kept")


def _enter(source: Source, budget: Budget, what: str) -> int:
    """The depth inside one more container; raises Refused when that is too deep."""
    if source.depth >= budget.limits.depth:
        raise Refused(f"is {what} inside {source.depth} other containers, deeper than is read")
    return source.depth + 1


def _gzip_pages(source: Source, stream: io.BufferedReader[Any], budget: Budget) -> Iterator[Item]:
    depth = _enter(source, budget, "a gzip file")
    inner = io.BufferedReader(_Counted(gzip.GzipFile(fileobj=stream), budget), 1 << 16)
    if inner.peek(8).startswith(_WARC):  # a compressed WARC file is one container, not two
        yield from _warc_pages(source, inner, budget)
    else:
        yield from pages(Source(source.name, inner, None, source.named, depth), budget)


# --- ZIP


class _Guarded:
    """A file that refuses to be read in one great piece, as zipfile reads the list of members that a file claims."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable

    def read(self, length: int = -1) -> bytes:
        if length > _DIRECTORY:
            raise Refused(f"has a list of members of more than {amount(_DIRECTORY)}, which is not believed")
        return read_up_to(self._file, _DIRECTORY) if length < 0 else self._file.read(length)


def _zip_pages(source: Source, stream: io.BufferedReader[Any], budget: Budget) -> Iterator[Item]:
    file: BinaryIO = stream
    if source.depth:
        file = io.BytesIO(read_up_to(stream, budget.limits.page))  # a ZIP file is read from its end
    try:
        archive = zipfile.ZipFile(cast(IO[bytes], _Guarded(file)))
    except _BAD_ZIP:
        raise Refused("is a damaged ZIP file") from None
    with archive:
        members = archive.infolist()
        names = {info.filename for info in members}
        if "[Content_Types].xml" in names or "mimetype" in names:  # DOCX and its kin are pages, though ZIP files too
            file.seek(0)
            yield Item(name=source.name, data=read_up_to(file, budget.limits.page))
            return
        depth = _enter(source, budget, "a ZIP file")
        for info in members:
            budget.another()
            name = _member_name(info)
            if name.endswith("/") or stat.S_ISLNK(info.external_attr >> 16):
                continue
            *folders, last = name.split("/")
            if passed_over(last) or any(hidden(folder) for folder in folders if folder not in (".", "..")):
                continue
            name = f"{source.name}:{_printable(name)}"
            if info.flag_bits & 1:
                yield Item(name=name, error="is locked with a password")
            elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                # bzip2 and LZMA are refused because zipfile decompresses them without bound
                yield Item(name=name, error="is compressed by a method that is not read here; use Deflate")
            else:
                try:
                    with archive.open(info) as member:
                        counted = io.BufferedReader(_Counted(member, budget), 1 << 16)
                        yield from pages(Source(name, counted, None, False, depth), budget)
                except _BAD_ZIP:
                    yield Item(name=name, error="is damaged inside the ZIP file")


def _member_name(info: zipfile.ZipInfo) -> str:
    """A member's name; where the file does not say that it is UTF-8, it is often UTF-8 or GB18030 all the same."""
    if not info.flag_bits & 0x800 and not info.filename.isascii():
        raw = info.filename.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
    return info.filename


def _printable(name: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in name)


# --- WARC


class _Lines:
    """What warcio reads headers from: it may ask for lines of any length, and for any number of them."""

    def __init__(self, stream: io.BufferedReader[Any]) -> None:
        self._stream = stream
        self.read = stream.read
        self.left = _HEADERS

    def readline(self, length: int | None = None) -> bytes:
        line = self._stream.readline(self.left if length is None else min(length, self.left))
        self.left -= len(line)
        if not self.left:
            raise Refused(f"has a record with more than {amount(_HEADERS)} of headers; what came before was kept")
        return line


def _warc_pages(source: Source, stream: io.BufferedReader[Any], budget: Budget) -> Iterator[Item]:
    _enter(source, budget, "a WARC file")
    try:
        for record, loader in _records(stream, budget):
            item = _record_page(source, record, loader, budget)
            while record.raw_stream.read(1 << 16):
                pass
            if record.raw_stream.limit:
                raise EOFError
            if item:
                yield item
    except EOFError:
        raise Refused("is cut off before its end; what came before was kept") from None


def _records(stream: io.BufferedReader[Any], budget: Budget) -> Iterator[tuple[Any, Any]]:
    """warcio's records, each with the loader that reads its HTTP headers; the caller reads each to its end."""
    from warcio.recordloader import ArcWarcRecordLoader  # not needed for a folder of pages

    logging.getLogger("warcio").addHandler(_SILENCE)  # its warnings would go to standard error
    loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
    lines = _Lines(stream)
    while True:
        lines.left = _HEADERS
        line = lines.readline()
        while line in (b"\r\n", b"\n"):
            line = lines.readline()
        if not line:
            return
        budget.another()
        try:
            record = loader.parse_record_stream(lines, line, "warc", True)
        except (Refused, OSError, EOFError, zlib.error):
            raise
        except Exception:  # whatever warcio trips over in a header is damage
            raise Refused("is damaged in the middle; what came before the damage was kept") from None
        if not record.length and record.rec_headers.get_header("Content-Length") != "0":
            raise Refused("has a record of unknown length; what came before was kept")
        yield record, loader


def _record_page(source: Source, record: Any, loader: Any, budget: Budget) -> Item | None:
    """The page of one record, or None when it holds none."""
    headers = record.rec_headers
    url = headers.get_header("WARC-Target-URI") or ""
    if record.rec_type not in ("response", "resource") or _OWN_NOTES.match(url):
        return None
    http = None
    declared = (headers.get_header("Content-Type") or "").lower()
    try:
        if record.rec_type == "response":
            if not declared.startswith("application/http") and not url.lower().startswith(("http:", "https:")):
                return None
            try:
                http = loader.http_parser.parse(record.raw_stream)
            except EOFError:  # a record without a message
                return None
            if not re.match(r"2\d\d(?<!204)(?<!205)(?<!206)\b", http.statusline):
                return None
            declared = (http.get_header("Content-Type") or "").lower()
        head: bytes = record.raw_stream.read(1024)
        if not _wanted(declared, url, head):
            return None
        raw = read_up_to(record.raw_stream, budget.limits.page, head)
        if http is not None:
            transfer, coding = (http.get_header(name) or "" for name in ("Transfer-Encoding", "Content-Encoding"))
            raw = body_of(raw, transfer=transfer, coding=coding, budget=budget)
    except Exhausted:
        raise
    except Refused as problem:
        return Item(name=_record_name(source, url), error=str(problem))
    web = _printable(url) if re.match(r"(?:https?|ftp)://", url, re.I) else None
    return Item(name=_record_name(source, url), data=raw, url=web, fetched=_moment(headers.get_header("WARC-Date")))


def _record_name(source: Source, url: str) -> str:
    return f"{source.name}:{_printable(url) or 'a record without an address'}"


def _wanted(declared: str, url: str, head: bytes) -> bool:
    """Whether a record of this Content-Type is a page; an unknown one is judged by how it begins."""
    kind = declared.partition(";")[0].strip()
    if re.search(r"/robots\.txt(?:[?#]|$)", url):
        return False
    if kind in ("", "application/octet-stream", "binary/octet-stream", "application/unknown", "unknown/unknown"):
        return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"%PDF-", b"---", b"PK\3\4")) or not (
            0 in head or passed_over(url.rpartition("/")[2]) or head.startswith(_GZIP)
        )
    return _PAGE_TYPES.fullmatch(kind) is not None


def _moment(date: str | None) -> str | None:
    """A WARC-Date when it is one, with its offset; else None."""
    try:
        return date if date and datetime.fromisoformat(date).tzinfo else None
    except ValueError:
        return None
