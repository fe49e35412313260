"""Files for others: written beside their place and moved into it when whole, so that no half of one is ever seen."""

from __future__ import annotations

import gzip
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file ``path`` when the block ends well; if it does not, ``path`` stays as it was.

    Bytes for a name that ends in ``.gz`` are compressed (without a time in them, so that equal exports are equal
    files).  A link stays a link and its target is replaced; a device or a pipe is written to directly.  Raises OSError,
    with the file's name in it.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(21, os.strerror(21), str(path))
    mode = target.stat().st_mode if target.exists() else None
    if mode is not None and not stat.S_ISREG(mode):
        with target.open("wb") as out, _packed(out, path) as stream:
            yield stream
        return
    temporary = target.with_name(f".{target.name[:200]}.{os.getpid()}.part")
    try:
        with temporary.open("xb") as out:
            if mode is not None:
                os.fchmod(out.fileno(), stat.S_IMODE(mode))
            with _packed(out, path) as stream:
                yield stream
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(target)
    except OSError as error:
        if error.filename == str(temporary) or (error.filename is None and not isinstance(error, BrokenPipeError)):
            error.filename, error.filename2 = str(path), None
        raise
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def _packed(out: BinaryIO, path: Path) -> Iterator[BinaryIO]:
    if path.suffix.lower() != ".gz":
        yield out
        return
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=6, mtime=0) as packer,
        io.BufferedWriter(cast("io.RawIOBase", packer), 1 << 17) as stream,
    ):
        yield stream
