"""Bytes as received, for ever: WARC files, the ledger that is a Merkle log of them, and the seal on derived files."""

from onrecord.archive.archive import Archive
from onrecord.archive.ledger import Entry
from onrecord.archive.proofs import check_proof
from onrecord.archive.seal import Seal

__all__ = ["Archive", "Entry", "Seal", "check_proof"]
