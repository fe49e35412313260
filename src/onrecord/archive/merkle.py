"""The Merkle tree over the ledger's lines, as in RFC 6962 and RFC 9162, section 2.1; leaf ``n`` is line ``n``.

pymerkle does the tree.  Its in-memory tree keeps Python objects for every node, so here the leaves' hashes lie in one
bytearray instead (32 MB for a million entries).  Proofs are in the RFCs' own shape and checked by the RFCs' own
algorithms in ``proofs``, which needs no tree.  Importing this module costs 20 ms, so only what needs a root does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from pymerkle import BaseMerkleTree

_WIDTH = 32


class LedgerTree(BaseMerkleTree):  # type: ignore[misc]  # pymerkle is untyped
    """The tree of the lines appended so far (without their newlines)."""

    def __init__(self) -> None:
        self._leaves = bytearray()
        super().__init__("sha256")

    def add_line(self, line: bytes) -> None:
        """Appends one line."""
        self._leaves += hashlib.sha256(b"\x00" + line).digest()

    def add_lines(self, lines: Iterable[bytes]) -> None:
        """Appends lines in order."""
        for line in lines:
            self.add_line(line)

    def root(self, size: int | None = None) -> str:
        """The root in hex over all lines, or the first ``size``."""
        digest: bytes = self.get_root(size)
        return digest.hex()

    def leaf(self, n: int) -> str:
        """The hash of leaf ``n`` in hex."""
        return self._get_leaf(n).hex()

    def inclusion_path(self, n: int) -> list[str]:
        """The hashes in hex beside the way from leaf ``n`` up to the root (RFC 9162, section 2.1.3.1)."""
        path: list[bytes] = self.prove_inclusion(n).path
        return [digest.hex() for digest in path[1:]]  # pymerkle puts the leaf itself first

    def consistency_path(self, first: int, second: int) -> list[str]:
        """The hashes in hex that join the root over ``first`` lines to the one over ``second`` (RFC 9162, 2.1.4.1).

        pymerkle's own consistency proofs are of another shape, so the RFC's recursion is spelled out.
        """
        path: list[bytes] = []
        start, end, whole = 0, second, True
        prior = first
        while prior < end - start:
            split = 1 << (end - start - 1).bit_length() - 1
            if prior <= split:
                path.append(self._get_root(start + split, end))
                end = start + split
            else:
                path.append(self._get_root(start, start + split))
                start, prior, whole = start + split, prior - split, False
        if not whole:
            path.append(self._get_root(start, end))
        return [digest.hex() for digest in reversed(path)]

    def _encode_entry(self, data: bytes) -> bytes:
        return data

    def _store_leaf(self, data: bytes, digest: bytes) -> int:
        self._leaves += digest
        return self._get_size()

    def _get_leaf(self, index: int) -> bytes:
        return bytes(self._leaves[(index - 1) * _WIDTH : index * _WIDTH])

    def _get_leaves(self, offset: int, width: int) -> list[bytes]:
        block = bytes(self._leaves[offset * _WIDTH : (offset + width) * _WIDTH])
        return [block[at : at + _WIDTH] for at in range(0, len(block), _WIDTH)]

    def _get_size(self) -> int:
        return len(self._leaves) // _WIDTH
