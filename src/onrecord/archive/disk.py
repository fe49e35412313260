"""Durable writes: what is reported written stays written through a power cut, and a refusal is one clear sentence."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import TypeVar

from onrecord.errors import RecordNotWritten

T = TypeVar("T")

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.EIO: "the disk reports an input/output error",
    errno.EFBIG: "the file would be larger than the file system allows",
    errno.EACCES: "permission is denied",
    errno.EPERM: "permission is denied",
}


def refusal(error: OSError, path: Path) -> RecordNotWritten:
    """The error of ours for a write to ``path`` that the operating system refused."""
    reason = _REASONS.get(error.errno or 0) or (error.strerror or str(error)).lower()
    return RecordNotWritten(f"{path} could not be written because {reason}.")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns an ``OSError`` raised inside into ``RecordNotWritten``, naming ``path``."""
    try:
        yield
    except OSError as error:
        raise refusal(error, path) from error


def open_file(path: Path) -> BufferedReader:
    """Opens a file for reading; ``OSError`` also if it is a pipe or a device, which would be waited on for ever."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError(errno.EINVAL, "it is not a file", str(path))
    return open(fd, "rb")


def read_file(path: Path) -> bytes:
    """All of what ``open_file`` opens."""
    with open_file(path) as file:
        return file.read()


def read_digested(path: Path, decode: Callable[[bytes], T], encode: Callable[[T], bytes]) -> T | None:
    """What a file says that carries its own digest; None if there is none, ValueError with what is wrong with it.

    ``encode`` spells it anew, the digest computed: only what comes out as it stands in the file was not damaged.
    """
    try:
        data = read_file(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror})") from error
    try:
        content = decode(data)
    except ValueError as error:  # of msgspec, too
        raise ValueError(f"is damaged: {error}") from error
    if encode(content) != data:
        raise ValueError("is damaged: it does not agree with its own digest")
    return content


def write_all(fd: int, data: bytes | memoryview) -> None:
    """Writes all of ``data`` at the descriptor's position; ``os.write`` may write less than it was given."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def sync_folder(folder: Path) -> None:
    """Makes names created, replaced or removed in ``folder`` durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def temporary(path: Path) -> Path:
    """Where ``replace`` writes before renaming; a process killed in between leaves it behind."""
    return path.with_name(path.name + ".tmp")


def replace(path: Path, data: bytes) -> None:
    """Puts ``data`` into ``path`` whole or not at all, durably.  Raises ``OSError``, with the old file in place unless
    only the folder's own sync failed."""
    scratch = temporary(path)
    fd = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        write_all(fd, data)
        os.fsync(fd)
    except BaseException:
        os.close(fd)
        scratch.unlink(missing_ok=True)
        raise
    os.close(fd)
    os.replace(scratch, path)
    sync_folder(path.parent)


def truncate(path: Path, size: int) -> None:
    """Cuts ``path`` back to ``size`` bytes, durably, if it is longer."""
    fd = os.open(path, os.O_RDWR)
    try:
        if os.fstat(fd).st_size > size:
            os.ftruncate(fd, size)
            os.fsync(fd)
    finally:
        os.close(fd)


def sync(path: Path) -> None:
    """Makes the bytes of ``path`` durable, whoever wrote them."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
