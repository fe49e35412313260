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
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise RecordNotWritten(f"{path.parent} cannot be written: {error.strerror}") from error
        end = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= end:
                    os.close(self._file)
                    self._file = -1
                    raise RecordBusy(f"another process is writing to {path.parent}") from None
                time.sleep(_POLL)

    def release(self) -> None:
        """Gives the lock back; a second call does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
