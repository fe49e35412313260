"""Reading an index in a folder that the reader may not write into.

Tantivy's readers take a lock in the index's folder, and taking it writes.  Where that is not allowed, as on a disk or
for a user that only reads, the index is opened through a folder of links to its files in the place for temporary files.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_LOCK = ".tantivy-meta.lock"


def may_lock(folder: Path) -> bool:
    """Whether a reader can take tantivy's lock in an index's folder."""
    lock = folder / _LOCK
    return os.access(lock if lock.exists() else folder, os.W_OK)


class Links:
    """A temporary folder that stands for an index's folder, as it was when it was made or last renewed."""

    def __init__(self, folder: Path) -> None:
        self._of = folder.absolute()
        self._holder = tempfile.TemporaryDirectory(prefix="onrecord-", ignore_cleanup_errors=True)
        self.folder = Path(self._holder.name)
        self.renew()

    def renew(self) -> None:
        """Follows a writer.  While ``meta.json`` stays the same, the files it names are there."""
        before = b""
        while before != (before := (self._of / "meta.json").read_bytes()):
            (self.folder / "meta.json").write_bytes(before)
            for link in self.folder.iterdir():
                if link.is_symlink() and not link.exists():
                    link.unlink()
            for path in self._of.iterdir():
                link = self.folder / path.name
                if path.suffix not in (".json", ".lock") and not link.is_symlink():
                    link.symlink_to(path)

    def close(self) -> None:
        """Removes the folder."""
        self._holder.cleanup()
