"""Read example pages and write what the reader makes of them beside them, as NAME.json.

    python tests/pages/regenerate.py tests/pages/us-state/new-page.html ...

Run it for a page once its NAME.turns.txt is written by hand: the page is refused, and the differences are printed,
unless the reader finds the turns a human finds.  ``--check`` writes nothing.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec

from onrecord.model import Edition
from onrecord.reading import read

HERE = Path(__file__).parent
FORMATS = {".html", ".htm", ".shtml", ".md", ".txt", ".srt", ".vtt"}
Row = tuple[int, str, str | None, str]
"""Exchange, role, label, words."""


def pages() -> list[Path]:
    """Every example page, in order."""
    found = (path for path in HERE.glob("*/*") if path.suffix in FORMATS)
    return sorted(path for path in found if not path.name.endswith(".turns.txt"))


def expected(edition: Edition) -> dict[str, Any]:
    """What NAME.json holds of an edition."""
    return {
        "id": edition.id,
        "date": edition.date,
        "lang": edition.lang,
        "kind": edition.kind,
        "title": edition.title,
        "people": list(edition.people),
        "url": edition.url,
        "published": edition.published,
        "notices": list(edition.notices),
        "turns": [[t.exchange, t.role, t.label, t.person, t.outlet, edition.words(t)] for t in edition.turns],
    }


def _joined(rows: list[Row]) -> list[Row]:
    """Rows with nameless procedural ones that follow each other in one exchange made one."""
    out: list[Row] = []
    for row in rows:
        before = out[-1] if out else None
        if before and row[1] == "procedural" and before[:3] == row[:3] and row[2] is None:
            first, last = before[3].partition(" … ")[0], row[3].rpartition(" … ")[2]
            out[-1] = (*row[:3], f"{first} … {last}" if " … " in row[3] else f"{before[3]} {row[3]}")
        else:
            out.append(row)
    return out


def human(path: Path) -> list[Row]:
    """The rows of NAME.turns.txt."""
    rows: list[Row] = []
    for line in path.with_name(path.stem + ".turns.txt").read_text("utf-8").splitlines():
        exchange, role, label, words = line.split("\t")
        rows.append((int(exchange), role, None if label == "-" else label, words))
    return rows


def _squash(text: str) -> str:
    return "".join(text.split())


def differences(path: Path, edition: Edition) -> list[str]:
    """Where the turns found are not those a human found; [] when they are the same.

    Words are compared from their beginning and their end, as far as NAME.turns.txt gives them.  Head lines of plain
    text (procedural, above the first turn a human lists) do not count, nor does how lines that nobody spoke are
    parted.
    """
    want = _joined(human(path))
    have = _joined([(t.exchange, t.role, t.label, edition.words(t)) for t in edition.turns])
    if path.suffix == ".txt":
        first = want[0][3].split(" … ")[0]
        while have and have[0][1] == "procedural" and not _squash(have[0][3]).startswith(_squash(first)):
            words = have.pop(0)[3]
            if _squash(first) in _squash(words):  # joined with the line that is wanted
                have.insert(0, (0, "procedural", None, words[words.index(first) :]))
    found = []
    for i in range(max(len(want), len(have))):
        w = want[i] if i < len(want) else None
        h = have[i] if i < len(have) else None
        if w and h and w[:2] == h[:2] and _squash(w[2] or "") == _squash(h[2] or ""):
            first, _, last = w[3].partition(" … ")
            words = _squash(h[3])
            if words.startswith(_squash(first)) and words.endswith(_squash(last)):
                continue
        found.append(f"{path.parent.name}/{path.name} turn {i + 1}\n  human  {w}\n  reader {h}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", type=Path, help="pages; all of them when none is given")
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    refused = 0
    for path in options.pages or pages():
        edition = read(path.read_bytes(), name=path.name)
        found = differences(path, edition)
        if found:
            refused += 1
            print("\n".join(found), file=sys.stderr)
        elif not options.check:
            text = msgspec.json.format(msgspec.json.encode(expected(edition)), indent=1)
            path.with_suffix(".json").write_bytes(text + b"\n")
    return 1 if refused else 0


if __name__ == "__main__":
    raise SystemExit(main())
