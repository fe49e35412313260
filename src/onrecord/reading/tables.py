"""The tables that come with the package: tab-separated, "#" before what is about the table, a head line."""

from __future__ import annotations

from pkgutil import get_data


def rows(name: str, columns: int, *, package: str = "onrecord.reading") -> list[list[str]]:
    """The rows of ``data/{name}`` under its head line.  Raises ValueError for a row of another number of columns."""
    found = []
    lines = (get_data(package, f"data/{name}") or b"").decode("utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("#"):
            continue
        row = line.split("\t")
        if len(row) != columns:
            raise ValueError(f"{name}, line {number}: {len(row)} columns, not {columns}")
        found.append(row)
    return found[1:]
