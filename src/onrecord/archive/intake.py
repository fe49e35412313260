"""Where pages come from: files, folders and standard input; what they hold is unpacked in ``unpack``.

In a folder what is plainly no page is passed over without a word, see ``unpack.passed_over``; a file the caller names
is always given.  Links are followed, but no folder is gone into twice, and a link that leads back to a folder above it
is named once.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from onrecord.archive.limits import Budget, Limits, Refused, read_up_to
from onrecord.archive.unpack import Item, Source, hidden, pages, passed_over

__all__ = ["Item", "Limits", "count", "intake"]

DEFAULT = Limits()


def intake(paths: Iterable[str | Path], *, stdin: BinaryIO | None = None, limits: Limits = DEFAULT) -> Iterator[Item]:
    """The pages of files, folders and containers in order, read lazily: one page is in memory at a time.

    ``-`` is what ``stdin`` gives, taken for one file.  Never raises for what an input is or holds: it gives an Item
    with an ``error`` instead, and goes on.
    """
    for path in paths:
        if os.fspath(path) == "-":
            yield from _standard_input(stdin, limits)
            continue
        for found in _walk(os.fspath(path)):
            if isinstance(found, Item):
                yield found
            else:
                yield from _file(found, limits, named=found == os.fspath(path))


def count(paths: Iterable[str | Path]) -> int:
    """How many files ``intake`` will look at, without opening any; a container counts as one."""
    return sum(1 if os.fspath(path) == "-" else sum(1 for _ in _walk(os.fspath(path))) for path in paths)


def shown(path: str) -> str:
    """A path as it can be printed and written as JSON: bytes that are no Unicode and control characters replaced."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return text if text.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in text)


def _walk(path: str) -> Iterator[str | Item]:
    """The files under a folder in sorted order, or the path itself when it is none."""
    seen: set[tuple[int, int]] = set()
    # A folder and the folders above it.  A stack of our own, because folders nest deeper than Python's.
    stack: list[tuple[str, tuple[tuple[int, int], ...]]] = [(path, ())]
    while stack:
        here, above = stack.pop()
        name = os.path.basename(here)
        if not _is_folder(here):
            if not above or not passed_over(name):
                yield here
            continue
        if above and hidden(name):
            continue
        try:
            status = os.stat(here)
            identity = (status.st_dev, status.st_ino)
            if identity in above:
                yield Item(name=shown(here), error="leads back to a folder above it and is not followed")
                continue
            if identity in seen:
                continue  # another link to a folder whose pages have been had
            seen.add(identity)
            inside = sorted(os.listdir(here), key=os.fsencode, reverse=True)
        except OSError as problem:
            yield Item(name=shown(here), error=_sentence(problem, here))
            continue
        path_here = (*above, identity)
        stack += [(os.path.join(here, name), path_here) for name in inside]


def _is_folder(path: str) -> bool:
    try:
        return os.path.isdir(path)
    except ValueError:  # a NUL in the path
        return False


def _file(path: str, limits: Limits, *, named: bool) -> Iterator[Item]:
    name = shown(path)
    try:
        _only_files(os.stat(path).st_mode)
        # O_NONBLOCK: should the file have become a pipe since, that nobody writes to, this must not wait for ever.
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError, Refused) as problem:
        yield Item(name=name, error=_sentence(problem, path))
        return
    with open(number, "rb") as file:
        try:
            status = os.fstat(number)
            _only_files(status.st_mode)
            yield from pages(Source(name, file, status.st_size, named=named), Budget(limits, status.st_size))
        except (OSError, Refused) as problem:
            yield Item(name=name, error=_sentence(problem, path))


def _only_files(mode: int) -> None:
    """Raise Refused for what must not be opened or would be waited on for ever."""
    if not stat.S_ISREG(mode):
        kinds = ((stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISDIR, "a folder"))
        kind = next((word for test, word in kinds if test(mode)), "a device")
        raise Refused(f"is {kind}, not a file")


def _standard_input(stdin: BinaryIO | None, limits: Limits) -> Iterator[Item]:
    if stdin is None:
        yield Item(name="-", error="standard input is not connected")
        return
    try:
        data = read_up_to(stdin, limits.page)
    except (OSError, ValueError, Refused) as problem:
        yield Item(name="-", error=_sentence(problem, "-"))
        return
    yield from pages(Source("-", io.BytesIO(data), len(data), named=True), Budget(limits, len(data)))


def _sentence(problem: Exception, path: str) -> str:
    """What is wrong with a path, in one sentence."""
    if isinstance(problem, Refused):
        return str(problem)
    if isinstance(problem, FileNotFoundError):
        return "is a link to something that does not exist" if os.path.islink(path) else "does not exist"
    if isinstance(problem, PermissionError):
        return "cannot be read: permission denied"
    if isinstance(problem, NotADirectoryError):
        return "does not exist: a part of its path is a file, not a folder"
    if isinstance(problem, OSError):
        if problem.errno == errno.ELOOP:
            return "is a link that leads back to itself"
        return f"cannot be read: {(problem.strerror or type(problem).__name__).lower()}"
    return "is not a path that can exist"
