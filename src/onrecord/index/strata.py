"""Numbers for the combinations of values that facets count, in a file beside the index.

The file only grows: its first line names the format, each further line is ``["setting", source, lang, year]`` or
``["voice", outlet, person]`` and gets the next number of its kind.  It is written before the commit that needs it, so
a line that no turn uses may be left by a killed writer, but never a turn without its line.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

FORMAT = 1
"""Raised whenever words are cut or stored otherwise, so that an index made before is rebuilt."""

Row = tuple[str | None, ...]


class Strata:
    """The table; raises ValueError or OSError if the file is not one."""

    def __init__(self, path: Path, *, write: bool) -> None:
        self._path = path
        self.settings: list[Row] = []
        self.voices: list[Row] = []
        self._numbers: dict[Row, int] = {}
        self._read = 0
        self._unwritten: list[bytes] = []
        self._file = None
        if write:
            if not path.exists() or path.stat().st_size == 0:
                path.write_bytes(msgspec.json.encode({"format": FORMAT}) + b"\n")
            self.reload()
            os.truncate(path, self._read)  # half a line, by a writer that was killed before its commit
            self._file = path.open("ab")
        else:
            self.reload()

    def setting(self, source: str | None, lang: str | None, year: str | None) -> int:
        """The number of a source, language and year."""
        return self._number("setting", self.settings, (source, lang, year))

    def voice(self, outlet: str | None, person: str | None) -> int:
        """The number of an outlet and person."""
        return self._number("voice", self.voices, (outlet, person))

    def _number(self, kind: str, rows: list[Row], row: Row) -> int:
        number = self._numbers.get(row)
        if number is None:
            number = self._numbers[row] = len(rows)
            rows.append(row)
            self._unwritten.append(msgspec.json.encode([kind, *row]) + b"\n")
        return number

    def flush(self) -> None:
        """Makes new lines durable."""
        if self._unwritten and self._file is not None:
            self._file.write(b"".join(self._unwritten))
            self._file.flush()
            os.fsync(self._file.fileno())
            self._unwritten.clear()

    def reload(self) -> None:
        """Reads what another process has written since; the writer knows what it wrote itself."""
        if self._file is not None:
            return
        with self._path.open("rb") as file:
            file.seek(self._read)
            data = file.read()
        data = data[: data.rfind(b"\n") + 1]
        for line in data.splitlines():
            row = msgspec.json.decode(line)
            if isinstance(row, dict):
                if row.get("format") != FORMAT:
                    raise ValueError("it was made by another version")
                continue
            kind, *values = row
            rows = self.settings if kind == "setting" else self.voices
            self._numbers[tuple(values)] = len(rows)
            rows.append(tuple(values))
        self._read += len(data)
        if self._read == 0:
            raise ValueError("strata.jsonl is empty")

    def close(self) -> None:
        """Closes the file; what was not flushed is dropped."""
        if self._file is not None:
            self._file.close()
            self._file = None
