"""Checking a proof that came from ``Archive.prove`` or ``Archive.prove_consistency``: pure, needing nothing else."""

from __future__ import annotations

import hashlib
import json
from typing import Any

INCLUSION = "onrecord inclusion proof"
CONSISTENCY = "onrecord consistency proof"

INCLUSION_WORDS = (
    "RFC 9162, section 2.1.3 with SHA-256. The leaf is the hash of a zero byte followed by the UTF-8 bytes of 'entry', "
    "which is line 'n' of the ledger, counted from 1, without its newline. An inner node is the hash of a one byte "
    "followed by its left and its right child. 'path' lists the siblings from the leaf upwards; folded into the leaf "
    "for a tree of 'size' leaves they give 'root'. All hashes are hexadecimal, and SHA-256. The bytes as received "
    "have the digest 'sha256' in an entry of kind snapshot, 'snapshot' in one of kind edition. There 'text_sha256' is "
    "of the text in UTF-8; 'turns_sha256' of a list with [n, exchange, role, label, person, outlet, start, end] for "
    "each turn, and 'about_sha256' of [date, title, people, url, published, fetched, [[kind, start, end] of each "
    "annotation], notices], both as JSON in UTF-8 without spaces, as show --json of the revision gives them."
)
CONSISTENCY_WORDS = (
    "RFC 9162, section 2.1.4 with SHA-256, hashes in hexadecimal. 'path' shows that the first 'first_size' leaves of "
    "the tree of 'second_size' leaves with 'second_root' are the leaves of the tree with 'first_root': nothing on "
    "record then has been changed or removed since."
)


def check_proof(proof: object, *, head: dict[str, Any] | None = None) -> bool:
    """Whether a proof holds.  Never raises: what is not a proof does not hold.

    A proof speaks only of the root it carries; give a ``head`` seen earlier or published elsewhere (as ``Archive.head``
    returns it) to require that number of entries and that root, for a consistency proof the later ones.  Without it the
    size is believed: trees of nearby sizes can have proofs of the same shape.
    """
    try:
        if not isinstance(proof, dict):
            return False
        if proof["kind"] == INCLUSION:
            return _under(head, proof["size"], proof["root"]) and _included(proof)
        if proof["kind"] == CONSISTENCY:
            return _under(head, proof["second_size"], proof["second_root"]) and _consistent(proof)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        pass
    return False


def _under(head: dict[str, Any] | None, size: object, root: object) -> bool:
    return head is None or (_count(size), root) == (head["entries"], head["root"])


def _included(proof: dict[str, Any]) -> bool:
    n, size, entry = _count(proof["n"]), _count(proof["size"]), proof["entry"].encode()
    leaf = hashlib.sha256(b"\x00" + entry).digest()
    if leaf != _digest(proof["leaf"]) or not 1 <= n <= size:
        return False
    if json.loads(entry)["n"] != n:
        return False
    fn, sn, node = n - 1, size - 1, leaf  # names as in RFC 9162, section 2.1.3.2
    for sibling in map(_digest, proof["path"]):
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            node = _pair(sibling, node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = _pair(node, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and node == _digest(proof["root"])


def _consistent(proof: dict[str, Any]) -> bool:
    first, second = _count(proof["first_size"]), _count(proof["second_size"])
    first_root, second_root = _digest(proof["first_root"]), _digest(proof["second_root"])
    path = [_digest(node) for node in proof["path"]]
    if not 1 <= first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    if not first & (first - 1):  # a power of two: its root is a node of the later tree
        path.insert(0, first_root)
    fn, sn = first - 1, second - 1  # names as in RFC 9162, section 2.1.4.2
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    if not path:
        return False
    early = late = path[0]
    for node in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            early, late = _pair(node, early), _pair(node, late)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            late = _pair(late, node)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and early == first_root and late == second_root


def _pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _digest(text: str) -> bytes:
    digest = bytes.fromhex(text)
    if len(digest) != hashlib.sha256().digest_size or digest.hex() != text:
        raise ValueError(text)
    return digest


def _count(value: object) -> int:
    if type(value) is not int:  # True is not a count
        raise TypeError(value)
    return value
