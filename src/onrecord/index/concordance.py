"""The concordance on disk, in the folder ``concordance`` of a record, and how it grows.

    state.json        {"digest", "format", "version", "texts", "words", "names", "parts", "tables"}: of every other file
                      its name, SHA-256, size, time of change, and which arrays lie where in it
    words-V.json      the lexicon at version V, a list; names-V.json the persons and outlets
    part-V-N.bin      the arrays of a part that came with version V, one after the other
    table-V-N.bin     the arrays of a table made from the concordance (see ``formulas.formulary``)

No file but the state is ever changed, and the state is replaced when all it names is durable.  Files are mapped into
memory, so that only what is looked at is read.  A file that is not the one that was written, by its size and its time
of change and if these differ by its digest, is not looked at: everything here can be made again from the store.  A
reader needs no lock: what a state names stays until the next state is durable.
"""

from __future__ import annotations

import errno
import hashlib
import mmap
import os
import re
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
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
FORMAT = 2
"""Raised whenever texts are cut or parts are laid out otherwise, so that what was made before is made anew."""
NOTHING = 0, 0, 0
"""The stamp of a folder in which nothing lies."""

_STATE = "state.json"
_WHOLE = 1 << 24
"""Tokens of a part above which none is joined to it: joining sorts a part again."""
_OURS = re.compile(r"(?:part|table|words|names)-(\d+)(?:-\d+)?\.[a-z_.]+|state\.json(?:\.tmp)?")
_ALIGNED = 64
"""Arrays begin at multiples of so many bytes, as they do in memory."""

_Arrays = Mapping[str, NDArray[Any]]


class Table(msgspec.Struct, frozen=True, eq=False):
    """Something made from the concordance and kept beside it: facts that JSON can say, and arrays by name."""

    facts: dict[str, Any]
    arrays: dict[str, NDArray[Any]]


_Thing = Part | Table | Lexicon


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file as it was written; ``arrays``: by name the type, the shape and the byte at which each begins."""

    name: str
    sha256: str
    size: int
    mtime_ns: int
    facts: dict[str, Any] = {}
    arrays: dict[str, tuple[str, tuple[int, ...], int]] = {}


class _State(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    digest: str
    format: int
    version: int
    texts: str
    words: _File
    names: _File
    parts: tuple[_File, ...]
    tables: tuple[_File, ...]


class Kept(msgspec.Struct, frozen=True, eq=False):
    """What is on disk, or to be.

    ``texts`` is a digest of the texts that are in it, which the caller makes and compares.  ``lying`` are the parts,
    tables and lexicons that lie there already, each with its file.
    """

    version: int = 0
    texts: str = ""
    parts: tuple[Part, ...] = ()
    lexicon: Lexicon = msgspec.field(default_factory=Lexicon)
    names: Lexicon = msgspec.field(default_factory=Lexicon)
    tables: tuple[Table, ...] = ()
    lying: tuple[tuple[_File, _Thing], ...] = ()

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
    for _ in range(5):
        before = stamp(folder)
        try:
            return _load(folder)
        except (OSError, ValueError, TypeError, OverflowError):
            if stamp(folder) == before:
                break
        # else a writer replaced what was just named
    return Kept()


def _load(folder: Path) -> Kept:
    state = disk.read_digested(folder / _STATE, msgspec.json.Decoder(_State).decode, _spelled)
    if state is None or state.format != FORMAT:
        return Kept()
    files = *state.parts, *state.tables, state.words, state.names
    mapped = [_opened(folder, file) for file in files]
    made, kept = mapped[: len(state.parts)], mapped[len(state.parts) : -2]
    parts = tuple(Part(**_arrays(file, data)) for file, data in made)
    tables = tuple(Table(file.facts, _arrays(file, data)) for file, data in kept)
    lexicon, names = (Lexicon(msgspec.json.decode(data, type=list[str])) for _, data in mapped[-2:])
    things: list[_Thing] = [*parts, *tables, lexicon, names]
    lying = tuple((file, thing) for (file, _), thing in zip(mapped, things, strict=True))
    return Kept(state.version, state.texts, parts, lexicon, names, tables, lying)


def stamp(folder: Path) -> tuple[int, int, int]:
    """Changes when what lies in the folder does."""
    try:
        status = (folder / _STATE).stat()
    except OSError:
        return NOTHING
    return status.st_ino, status.st_mtime_ns, status.st_size


def clear(folder: Path) -> None:
    """Removes all that was kept; it is made anew when it is next asked for.  Raises ``OSError``."""
    if folder.is_dir() and not folder.is_symlink():
        _sweep(folder, ())
        with suppress(OSError):  # something else lies there
            folder.rmdir()


def save(folder: Path, kept: Kept) -> Kept:
    """Writes what does not lie there yet, durably, and drops what is no longer named.

    The caller holds the record's lock.  Raises ``OSError``.
    """
    if folder.is_symlink():
        raise OSError(errno.ELOOP, "the concordance is kept in the record itself", str(folder))
    folder.mkdir(exist_ok=True)
    # No file is ever written over, whoever may have put it there.
    found = (_OURS.fullmatch(path.name) for path in folder.iterdir())
    taken = {int(match[1]) for match in found if match and match[1]}
    version = kept.version + 1
    while version in taken:
        version += 1
    before = [(file, thing) for file, thing in kept.lying if _is_there(folder / file.name, file)]
    lying: list[tuple[_File, _Thing]] = []
    things: list[_Thing] = [*kept.parts, *kept.tables, kept.lexicon, kept.names]
    for number, thing in enumerate(things):
        file = next((file for file, there in before if there is thing), None)
        if file is None and isinstance(thing, Lexicon):
            name = f"{'words' if thing is kept.lexicon else 'names'}-{version}.json"
            file = _written(folder / name, [msgspec.json.encode(thing.tokens)], {})
        elif file is None and isinstance(thing, Table):
            file = _with_arrays(folder / f"table-{version}-{number}.bin", thing.arrays, thing.facts)
        elif file is None and isinstance(thing, Part):
            file = _with_arrays(folder / f"part-{version}-{number}.bin", msgspec.structs.asdict(thing), {})
        assert file is not None
        lying.append((file, thing))
    files = [file for file, _ in lying]
    state = _State(
        digest="",
        format=FORMAT,
        version=version,
        texts=kept.texts,
        words=files[-2],
        names=files[-1],
        parts=tuple(files[: len(kept.parts)]),
        tables=tuple(files[len(kept.parts) : -2]),
    )
    disk.replace(folder / _STATE, _spelled(state))
    _sweep(folder, {_STATE, *(file.name for file in files)})
    return msgspec.structs.replace(kept, version=version, lying=tuple(lying))


def extended(kept: Kept, editions: Iterable[tuple[int, Edition]]) -> Kept:
    """The same with further revisions (pk and edition, by rising pk), as few parts as it takes little work to have.

    Nothing of ``kept`` is changed.
    """
    kept = msgspec.structs.replace(kept, lexicon=kept.lexicon.copy(), names=kept.names.copy())
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


def _spelled(state: _State) -> bytes:
    """The state with its digest."""
    blank = msgspec.json.encode(msgspec.structs.replace(state, digest=""))
    return msgspec.json.encode(msgspec.structs.replace(state, digest=hashlib.sha256(blank).hexdigest()))


def _opened(folder: Path, file: _File) -> tuple[_File, mmap.mmap]:
    """A file, mapped, with the time of change it has by now; ``ValueError`` if it is not the one that was written."""
    if not _OURS.fullmatch(file.name):
        raise ValueError(f"{file.name!r} is no name of a file")
    with disk.open_file(folder / file.name) as opened:
        status = os.fstat(opened.fileno())
        if status.st_size != file.size:
            raise ValueError(f"{file.name} has another size")
        data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    if status.st_mtime_ns != file.mtime_ns:  # it was copied, or changed
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise ValueError(f"{file.name} was changed")
        file = msgspec.structs.replace(file, mtime_ns=status.st_mtime_ns)
    return file, data


def _arrays(file: _File, data: mmap.mmap) -> dict[str, NDArray[Any]]:
    found = {}
    for name, (dtype, shape, begin) in file.arrays.items():
        size = int(np.prod(shape, dtype=np.int64))
        found[name] = np.frombuffer(data, np.dtype(dtype), size, begin).reshape(shape)
    return found


def _with_arrays(path: Path, arrays: _Arrays, facts: dict[str, Any]) -> _File:
    layout: dict[str, tuple[str, tuple[int, ...], int]] = {}
    pieces: list[bytes | memoryview] = []
    at = 0
    for name, array in arrays.items():
        layout[name] = array.dtype.str, array.shape, at
        pieces.append(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
        pieces.append(bytes(_ALIGNED - array.nbytes % _ALIGNED))
        at += len(pieces[-2]) + len(pieces[-1])
    return msgspec.structs.replace(_written(path, pieces, facts), arrays=layout)


def _written(path: Path, pieces: Iterable[bytes | memoryview], facts: dict[str, Any]) -> _File:
    """A new file, durable, with all of the pieces."""
    digest = hashlib.sha256()
    with path.open("xb") as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
        file.flush()
        os.fsync(file.fileno())
    status = path.stat()
    sha256 = digest.hexdigest()
    return _File(name=path.name, sha256=sha256, size=status.st_size, mtime_ns=status.st_mtime_ns, facts=facts)


def _is_there(path: Path, file: _File) -> bool:
    try:
        status = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and (status.st_size, status.st_mtime_ns) == (file.size, file.mtime_ns)


def _sweep(folder: Path, keep: Collection[str]) -> None:
    """Removes our files but those to be kept; what somebody else put there stays."""
    for path in folder.iterdir():
        if _OURS.fullmatch(path.name) and path.name not in keep and (path.is_symlink() or not path.is_dir()):
            path.unlink(missing_ok=True)
