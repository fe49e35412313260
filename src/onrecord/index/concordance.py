"""The concordance on disk, in the folder ``concordance`` of a record, and how it grows.

    state.json        {"format", "version", "parts": [names], "tables": [names]}, replaced when all else is durable
    words-V.txt       the lexicon at version V, a token a line; names-V.txt the persons and outlets
    part-V-N.*.npy    the arrays of a part that came with version V, each in a file that is never changed
    table-V-N.*       the arrays and the facts of a table made from the concordance (see ``formulas.formulary``)

Arrays are numpy's own files and mapped into memory, so that only what is looked at is read.  Everything here can be
made again from the store.  A reader needs no lock: what a state names stays until the next state is durable.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from onrecord.archive import disk
from onrecord.formulas.parts import Part, PartMaker, joined
from onrecord.formulas.tokens import Lexicon
from onrecord.model import Edition

FOLDER = "concordance"
FORMAT = 1
"""Raised whenever texts are cut or parts are laid out otherwise, so that what was made before is made anew."""

_STATE = "state.json"
_WHOLE = 1 << 24
"""Tokens of a part above which none is joined to it: joining sorts a part again."""


class Table(msgspec.Struct, frozen=True, eq=False):
    """Something made from the concordance and kept beside it: facts that JSON can say, and arrays by name."""

    facts: dict[str, Any]
    arrays: dict[str, NDArray[Any]]


class _State(msgspec.Struct, frozen=True):
    format: int
    version: int
    parts: tuple[str, ...]
    tables: tuple[str, ...]


class Kept(msgspec.Struct, frozen=True, eq=False):
    """What is on disk, or to be: ``lying`` are the parts and tables that lie there already, by the names of folders."""

    version: int = 0
    parts: tuple[Part, ...] = ()
    lexicon: Lexicon = msgspec.field(default_factory=Lexicon)
    names: Lexicon = msgspec.field(default_factory=Lexicon)
    tables: tuple[Table, ...] = ()
    lying: dict[str, Part | Table] = msgspec.field(default_factory=dict)

    @property
    def last(self) -> int:
        """The greatest pk of a revision that is in it, 0 if none is."""
        return max((int(part.revisions[-1]) for part in self.parts if len(part.revisions)), default=0)

    @property
    def revisions(self) -> int:
        """How many revisions are in it."""
        return sum(len(part.revisions) for part in self.parts)


def load(folder: Path) -> Kept:
    """What lies in the folder of the concordance; an empty one if there is nothing that can be used."""
    for _ in range(5):  # a writer may replace what was just named
        try:
            state = msgspec.json.decode((folder / _STATE).read_bytes(), type=_State)
            if state.format != FORMAT:
                return Kept()
            parts = tuple(Part(**_arrays(folder, name)) for name in state.parts)
            tables = tuple(
                Table(msgspec.json.decode((folder / f"{name}.json").read_bytes()), _arrays(folder, name))
                for name in state.tables
            )
            lexicon = Lexicon(_lines(folder / f"words-{state.version}.txt"))
            names = Lexicon(_lines(folder / f"names-{state.version}.txt"))
        except FileNotFoundError:
            if not (folder / _STATE).exists():
                return Kept()
            continue
        except (OSError, ValueError, TypeError, msgspec.MsgspecError):
            return Kept()
        lying: dict[str, Part | Table] = dict(zip(state.parts, parts, strict=True))
        lying |= zip(state.tables, tables, strict=True)
        return Kept(state.version, parts, lexicon, names, tables, lying)
    return Kept()


def stamp(folder: Path) -> tuple[int, int, int]:
    """Changes when what lies in the folder does."""
    try:
        stat = (folder / _STATE).stat()
    except OSError:
        return 0, 0, 0
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def save(folder: Path, kept: Kept) -> Kept:
    """Writes what does not lie there yet, durably, and drops what is no longer named.

    The caller holds the record's lock.  Raises ``OSError``.
    """
    folder.mkdir(exist_ok=True)
    version = kept.version + 1
    lying: dict[str, Part | Table] = {}
    things: tuple[Part | Table, ...] = (*kept.parts, *kept.tables)
    for number, thing in enumerate(things):
        name = next((name for name, there in kept.lying.items() if there is thing), None)
        if name is None:
            name = f"{'part' if isinstance(thing, Part) else 'table'}-{version}-{number}"
            _write(folder, name, thing)
        lying[name] = thing
    for name, lexicon in (("words", kept.lexicon), ("names", kept.names)):
        disk.replace(folder / f"{name}-{version}.txt", "".join(f"{token}\n" for token in lexicon.tokens).encode())
    names = list(lying)
    state = _State(FORMAT, version, tuple(names[: len(kept.parts)]), tuple(names[len(kept.parts) :]))
    disk.replace(folder / _STATE, msgspec.json.encode(state))
    kept_files = {_STATE, f"words-{version}.txt", f"names-{version}.txt"}
    for path in folder.iterdir():
        if path.name not in kept_files and path.name.partition(".")[0] not in lying:
            path.unlink(missing_ok=True)
    return msgspec.structs.replace(kept, version=version, lying=lying)


def extended(kept: Kept, editions: Iterable[tuple[int, Edition]]) -> Kept:
    """The same with further revisions (pk and edition, by rising pk), as few parts as it takes little work to have."""
    parts = list(kept.parts)
    for part in _made(kept, editions):
        late = [part]
        while parts and len(parts[-1].ids) <= min(2 * sum(len(one.ids) for one in late), _WHOLE):
            late.insert(0, parts.pop())
        parts.append(joined(late, len(kept.lexicon)) if len(late) > 1 else part)
    return msgspec.structs.replace(kept, parts=tuple(parts))


def _made(kept: Kept, editions: Iterable[tuple[int, Edition]]) -> Iterator[Part]:
    maker, size, count = PartMaker(kept.lexicon, kept.names), 0, 0
    for pk, edition in editions:
        size += maker.add(pk, edition)
        count += 1
        if size >= _WHOLE:
            yield maker.part()
            maker, size, count = PartMaker(kept.lexicon, kept.names), 0, 0
    if count:
        yield maker.part()


def _lines(path: Path) -> Sequence[str]:
    return path.read_text("utf-8").split("\n")[:-1]


def _arrays(folder: Path, name: str) -> dict[str, NDArray[Any]]:
    """The arrays of a part or table, mapped, by their names."""
    found = {}
    for path in folder.glob(f"{name}.*.npy"):
        # An empty array cannot be mapped.
        array = np.load(path, mmap_mode=None if path.stat().st_size <= 128 else "r", allow_pickle=False)
        found[path.name.split(".")[1]] = np.asarray(array)
    return found


def _write(folder: Path, name: str, thing: Part | Table) -> None:
    arrays = thing.arrays if isinstance(thing, Table) else msgspec.structs.asdict(thing)
    for array_name, array in arrays.items():
        with _durable(folder / f"{name}.{array_name}.npy") as file:
            np.save(file, array, allow_pickle=False)
    if isinstance(thing, Table):
        disk.replace(folder / f"{name}.json", msgspec.json.encode(thing.facts))


@contextmanager
def _durable(path: Path) -> Iterator[Any]:
    with path.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
