"""One writer at a time: an exclusive lock on an empty file, which the system drops when its holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from onrecord.errors import RecordBusy, RecordNotWritten

_POLL = 0.05


class WriterLock:
    """Holds ``path`` locked from ``__init__`` until ``release``."""

    def __init__(self, path: Path, *, wait: float = 5.0) -> None:
        """Takes the lock, trying for ``wait`` seconds; raises RecordBusy when another writer keeps it."""
        self._file = -1
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise RecordNotWritten(f"{path.parent} cannot be written: {error.strerror}") from error
        end = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _held.add(self)
                return
            except BlockingIOError:
                if time.monotonic() >= end:
                    os.close(self._file)
                    self._file = -1
                    raise RecordBusy(f"another process is writing to {path.parent}") from None
                time.sleep(_POLL)

    def release(self) -> None:
        """Gives the lock back; a second call does nothing."""
        _held.discard(self)
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def is_held(path: Path) -> bool:
    """Whether some process holds the lock now; writes nothing."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


_held: set[WriterLock] = set()


def _let_go_in_child() -> None:
    # A forked child shares the lock and would keep it after its parent was killed.
    for lock in tuple(_held):
        lock.release()


os.register_at_fork(after_in_child=_let_go_in_child)
