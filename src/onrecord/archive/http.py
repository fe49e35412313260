"""The page inside an HTTP message as an archive kept it: chunking and compression undone, sizes not believed."""

from __future__ import annotations

import re
import zlib

from onrecord.archive.limits import Budget, Refused, too_large

_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")
_PIECE = 1 << 16


def body_of(raw: bytes, *, transfer: str, coding: str, budget: Budget) -> bytes:
    """The page of a message whose body is ``raw``.

    ``transfer`` and ``coding`` are the values of Transfer-Encoding and Content-Encoding, or empty.  Many archives keep
    these headers over a body they have already undone, so a body that does not look encoded is taken as it is.  Raises
    Refused when it is cut off, damaged, too large, or encoded in a way that is not known.
    """
    if "chunked" in transfer.lower():
        raw = _joined(raw)
    for name in reversed([part.strip().lower() for part in coding.split(",")]):
        if name in ("gzip", "x-gzip"):
            if raw.startswith(b"\x1f\x8b"):
                raw = _inflated(raw, zlib.MAX_WBITS | 16, budget)
        elif name == "deflate":
            # RFC 9110 means zlib's format; some servers send what is inside it.
            if raw[:1] and raw[0] & 0x0F == 8 and int.from_bytes(raw[:2], "big") % 31 == 0:
                raw = _inflated(raw, zlib.MAX_WBITS, budget)
            elif not raw.lstrip().startswith((b"<", b"%PDF-")):
                raw = _inflated(raw, -zlib.MAX_WBITS, budget)
        elif name not in ("", "identity", "none") and not raw.lstrip().startswith((b"<", b"%PDF-", b"PK\3\4")):
            raise Refused(f"is compressed as “{name[:20]}”, which is not read here")
    return raw


def _joined(raw: bytes) -> bytes:
    """The chunks of a body put together."""
    parts: list[bytes] = []
    at = 0
    while match := _CHUNK.match(raw, at):
        length = int(match.group(1), 16)
        if not length:
            return b"".join(parts)
        part = raw[match.end() : match.end() + length]
        parts.append(part)
        at = match.end() + length
        if len(part) < length:
            raise Refused("is cut off before its end")
        after = raw[at : at + 2]
        if after == b"\r\n":
            at += 2
        elif after[:1] == b"\n":
            at += 1
        elif len(parts) == 1 and after:
            return raw  # its first line looked like the length of a chunk by accident
        else:
            break
    if not parts:
        return raw
    raise Refused("is damaged between its chunks" if b"\n" in raw[at:] else "is cut off before its end")


def _inflated(raw: bytes, window: int, budget: Budget) -> bytes:
    """The body decompressed, all members of it; no more than a page's worth is ever held."""
    parts: list[bytes] = []
    size = 0
    limit = budget.limits.page
    try:
        while raw:
            unpacker = zlib.decompressobj(window)
            while not unpacker.eof:
                part = unpacker.decompress(raw, _PIECE)
                raw = unpacker.unconsumed_tail
                if not part and not raw and not unpacker.eof:
                    raise Refused("is cut off before its end")
                budget.spend(len(part))
                size += len(part)
                if size > limit:
                    raise Refused(too_large(limit))
                parts.append(part)
            raw = unpacker.unused_data
            if window < 16 or not raw.startswith(b"\x1f\x8b"):
                break
    except zlib.error:
        raise Refused("is damaged where it is compressed") from None
    return b"".join(parts)
