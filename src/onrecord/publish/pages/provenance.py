"""What stands at the foot of a page that is sent: the digests, and how somebody who doubts it checks it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from onrecord.model import Edition
from onrecord.store.digests import digests

if TYPE_CHECKING:
    from onrecord.record import Record


class Provenance(msgspec.Struct, frozen=True):
    """Where an edition comes from: digests are SHA-256 in hex, ``added`` is when this revision came into the record.

    ``proof`` is what ``onrecord prove`` prints: that entry ``n`` of the ledger's ``size``, under ``root``, says so.
    """

    edition: Edition
    text_sha256: str
    added: str | None
    proof: dict[str, Any]

    @property
    def id(self) -> str:
        """The id with its revision, which means the same words for ever."""
        return f"{self.edition.id}@{self.edition.revision}"


class Step(msgspec.Struct, frozen=True):
    """One thing to do: commands for a shell in the folder that holds the record, and what it proves if it holds."""

    does: str
    commands: tuple[str, ...]
    proves: str


def provenance(record: Record, edition: Edition) -> Provenance:
    """What the record says of one revision."""
    id = f"{edition.id}@{edition.revision}"
    added = [row["added"] for row in record.history(edition.id) if row["revision"] == edition.revision]
    return Provenance(edition, digests(edition).text, added[0] if added else None, record.prove(id))


def recipe(shown: Sequence[Provenance]) -> tuple[Step, ...]:
    """The steps by which what is shown can be checked, the weakest need of trust last."""
    ids = [origin.id for origin in shown]
    snapshot = 'import onrecord, sys; sys.stdout.buffer.write(onrecord.open("record").snapshot(sys.argv[1]))'
    return (
        Step(
            "Recompute every digest in a copy of the record.",
            tuple(f"onrecord verify {id}" for id in ids),
            "The page as received, the text and its turns are in that copy what its ledger says they are. "
            "Read the editions there with onrecord show: this page is a picture of them.",
        ),
        Step(
            "Take the digest of the text with a tool that is not ours (jq and sha256sum).",
            tuple(f"onrecord show {id} --json | jq -j .text | sha256sum" for id in ids),
            "The text is the one whose SHA-256 stands above.",
        ),
        Step(
            "Take the digest of the page as received.",
            tuple(f"python -c '{snapshot}' {id} | sha256sum" for id in ids),
            "The bytes are those whose SHA-256 stands above. The same address may give other bytes by now, "
            "since publishers change their pages; that by itself proves nothing.",
        ),
        Step(
            "Check that the ledger says so; the proof may be taken from this page instead, and then needs no record.",
            tuple(
                command
                for n, id in enumerate(ids, 1)
                for command in (f"onrecord prove {id} > proof-{n}.json", f"onrecord prove --check proof-{n}.json")
            ),
            "The digests of page and text stand in the ledger under the root above. If you have that root from "
            "elsewhere (onrecord prove --check FILE --head HEAD), nothing in the ledger was changed since it was given "
            "out. It does not prove that the publisher published these bytes: for that, ask others who kept the page.",
        ),
    )
