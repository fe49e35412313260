"""One snapshot as one gzip member of a WARC/1.1 file, and back.

The format is ISO 28500:2017 (https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/), written
here by hand: warcio's own writer compresses at level 9 in the calling thread.  The tests read every file back with
warcio.  The same input gives the same bytes with the same zlib-ng: the gzip header carries no time and no name, and
record ids are derived from what the record holds.
"""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import BinaryIO
from urllib.parse import quote

from zlib_ng import zlib_ng

from onrecord.archive import disk

LEVEL = 5
"""Of zlib-ng.  Measured on 1,944 briefing pages, 94 MB: 1.10 s of processor time and 28.9 MB, against 2.77 s and
28.4 MB for zlib's level 6, 2.09 s and 28.7 MB for its level 5, and 0.33 s and 31.0 MB for the best of ISA-L."""

FILE_NAME = re.compile(r"\d{5,}\.warc\.gz")

_CHUNK = 1 << 18
_CREATOR = "onrecord"
_HEADER_LIMIT = 1 << 16  # a name or address this long is refused by every file system and server
_END = b"\r\n\r\n"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.")
_URI_SAFE = "!#$%&'()*+,/:;=?@[]~"
_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".shtml": "text/html",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def file_name(number: int) -> str:
    """``00001.warc.gz`` for 1."""
    return f"{number:05d}.warc.gz"


def resource_header(sha256: str, data: bytes, *, url: str | None, name: str, at: str) -> bytes:
    """The header of the record that holds ``data`` as received; ``member`` makes the rest.

    ``sha256`` is its digest in hex, ``at`` the time it was received in ISO 8601 (UTC if it has no offset; ValueError if
    it is none).  Without an absolute ``url`` the record's address is ``urn:sha256:…``.
    """
    target = quote(url, safe=_URI_SAFE, errors="backslashreplace") if url and _SCHEME.match(url) else ""
    target = target or f"urn:sha256:{sha256}"
    date = _utc(at)
    head = _header(
        ("WARC-Type", "resource"),
        ("WARC-Record-ID", _record_id(f"{sha256} {date} {target}")),
        ("WARC-Date", date),
        ("WARC-Target-URI", target),
        ("WARC-Block-Digest", f"sha256:{sha256}"),
        ("WARC-Payload-Digest", f"sha256:{sha256}"),
        ("Content-Type", content_type(data, url=url, name=name)),
        ("Content-Length", str(len(data))),
    )
    if len(head) > _HEADER_LIMIT:
        raise ValueError("the page's address is longer than a WARC header may be")
    return head


def member(header: bytes, data: bytes) -> bytes:
    """One record as one gzip member.  The compressor lets other threads run meanwhile."""
    packer = zlib_ng.compressobj(LEVEL, zlib_ng.DEFLATED, 31)
    return b"".join((packer.compress(header), packer.compress(data), packer.compress(_END), packer.flush()))


def warcinfo(file: str, *, at: str) -> bytes:
    """The compressed member that opens a WARC file."""
    data = b"software: onrecord\r\nformat: WARC File Format 1.1\r\n"
    digest = hashlib.sha256(data).hexdigest()
    date = _utc(at)
    head = _header(
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", _record_id(f"{file} {date}")),
        ("WARC-Date", date),
        ("WARC-Filename", file),
        ("WARC-Block-Digest", f"sha256:{digest}"),
        ("Content-Type", "application/warc-fields"),
        ("Content-Length", str(len(data))),
    )
    return member(head, data)


def payload(member: bytes, length: int | None = None) -> bytes:
    """The bytes as received out of a compressed member; ValueError if it is not one whole member of ours.

    ``length`` is how many bytes are expected; hardly more than that is ever unpacked.
    """
    unpacker = zlib.decompressobj(31)
    try:
        record = unpacker.decompress(member, 0 if length is None else length + 2 * _HEADER_LIMIT)
    except zlib.error as error:
        raise ValueError(f"it does not unpack ({error})") from error
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("it is not one whole gzip member")
    return _parts(record)[1]


def cut_out(file: BinaryIO, offset: int, size: int) -> bytes:
    """``size`` bytes of an open file from ``offset`` on, fewer if it ends before; a senseless size costs no memory."""
    left = os.fstat(file.fileno()).st_size - offset
    if left <= 0:
        return b""
    file.seek(offset)
    return file.read(min(size, left))


def sound(path: Path) -> bool:
    """Whether a whole WARC file agrees with the checksums and digests it carries itself."""
    try:
        with disk.open_file(path) as file:
            data = file.read(_CHUNK)
            while data:
                unpacker, pieces = zlib.decompressobj(31), []
                while not unpacker.eof:
                    if not data:
                        return False
                    pieces.append(unpacker.decompress(data))
                    data = unpacker.unused_data if unpacker.eof else file.read(_CHUNK)
                head, body = _parts(b"".join(pieces))
                digest = re.search(rb"\r\nWARC-Block-Digest: sha256:([0-9a-f]{64})\r\n", head)
                if not digest or hashlib.sha256(body).hexdigest() != digest[1].decode():
                    return False
                data = data or file.read(_CHUNK)
    except (OSError, ValueError, zlib.error):
        return False
    return True


def _parts(record: bytes) -> tuple[bytes, bytes]:
    """The header and the body of one unpacked record."""
    head, found, rest = record.partition(_END)
    declared = re.search(rb"\r\nContent-Length: (\d+)\Z", head)
    if not found or not head.startswith(b"WARC/1.1\r\n") or not declared:
        raise ValueError("it does not begin with a WARC header")
    size = int(declared[1])
    if len(rest) != size + len(_END) or rest[size:] != _END:
        raise ValueError("its length is not the one its header gives")
    return head, rest[:size]


def content_type(data: bytes, *, url: str | None, name: str) -> str:
    """A plain guess at what the bytes are, from their first few and the endings of their name and address."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf-"):
        return "application/pdf"
    if start.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    for named in (name, (url or "").partition("?")[0].partition("#")[0]):
        known = _TYPES.get(PurePath(named).suffix.lower())
        if known:
            return known
    return "text/html" if b"<html" in start or b"<head" in start else "application/octet-stream"


def _header(*fields: tuple[str, str]) -> bytes:
    return ("WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n").encode()


def _record_id(of: str) -> str:
    import uuid  # only writers need it

    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{_CREATOR} {of}')}>"


def _utc(at: str) -> str:
    moment = datetime.fromisoformat(at)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
