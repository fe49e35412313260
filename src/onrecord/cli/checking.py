"""``onrecord verify``, ``prove`` and ``head``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from onrecord.cli.options import HERE, Json, Place, WrongUsage, check_file
from onrecord.cli.terminal import complain, counted, plain, print_json, styled, write
from onrecord.errors import UnreadableInput


def verify(id: str | None = None, /, *, json: Json = False, place: Place = HERE) -> int:
    """Recompute every digest of the record, or of one edition.

    What is not as it was is named, and the exit status is 1.

    For example:

      onrecord verify
      onrecord verify cn-mfa/2023-07-26/zh@2 --json

    Parameters
    ----------
    id
        An edition, or one revision of it (@2); the whole record if there is none.
    """
    with place.open() as record:
        found = record.verify(id)
    if json:
        print_json(found)
    else:
        for problem in found.problems:
            print(f"{styled(problem.where, 'bad')}: {plain(problem.what)}")
        entries = counted(found.entries, "entry", "entries")
        if found.ok:
            print(f"{styled('ok', 'good')}: {entries} checked, nothing has changed")
        else:
            print(f"{counted(len(found.problems), 'problem')} found; {entries} checked")
    return 0 if found.ok else 1


def prove(
    id: str | None = None,
    /,
    *,
    check: Annotated[Path | None, Parameter(allow_leading_hyphen=True)] = None,
    against: Annotated[Path | None, Parameter(name="--head", allow_leading_hyphen=True)] = None,
    json: Json = False,
    place: Place = HERE,
) -> int:
    """Print a proof that a revision is in the ledger, or check such a proof.

    The proof is JSON that says how to recompute it. Checking needs no record.
    A proof speaks only of the root in it: to hold the record to a head seen
    earlier, or published elsewhere, keep what head --json prints and give it
    with --head.

    For example:

      onrecord prove cn-mfa/2023-07-26/zh > proof.json
      onrecord head --json > head.json
      onrecord prove --check proof.json --head head.json

    Parameters
    ----------
    id
        An edition, or one revision of it (@2).
    check
        A file with a proof to check; - for standard input.
    against
        With --check: a file with the head that the proof must hold under.
    """
    check_file("--check", check)
    check_file("--head", against)
    if check is not None:
        if id is not None:
            raise WrongUsage("--check takes a proof in a file, and no id")
        return _check(check, against, json=json)
    if id is None:
        raise WrongUsage("prove needs an id, or --check with a file")
    if against is not None:
        raise WrongUsage("--head goes with --check only")
    import msgspec

    with place.open() as record:
        proof = record.prove(id)
    encoded = msgspec.json.encode(proof)
    write((encoded if json else msgspec.json.format(encoded, indent=2)) + b"\n")
    return 0


def _check(file: Path, against: Path | None, *, json: bool) -> int:
    from onrecord.archive import check_proof

    proof = _json_of(file)
    seen = None if against is None else _json_of(against)
    if seen is not None and not (isinstance(seen, dict) and {"entries", "root"} <= seen.keys()):
        raise UnreadableInput(f"{against}: is no head, as head --json prints it")
    holds = check_proof(proof, head=seen)
    if json:
        print_json({"ok": holds})
    elif holds:
        print(f"{styled('ok', 'good')}: the proof holds under root {proof.get('root') or proof.get('second_root')}")
    else:
        complain("the proof does not hold", str(file))
    return 0 if holds else 1


def _json_of(file: Path) -> Any:
    import msgspec

    data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UnreadableInput(f"{file}: is not JSON") from None


def head(*, json: Json = False, place: Place = HERE) -> int:
    """Print how long the ledger is, and the root that stands for all of it.

    Keep it elsewhere: with it anybody can tell, later, that nothing from before
    was changed.

    For example:

      onrecord head
      onrecord head --json
    """
    with place.open() as record:
        found = record.head()
    if json:
        print_json(found)
    else:
        print(f"{counted(found['entries'], 'entry', 'entries')}, root {found['root']}")
    return 0
