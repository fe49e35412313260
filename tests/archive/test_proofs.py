"""Proofs hold for every entry and every pair of sizes, agree with pymerkle's, and refuse every change."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from norvania import AT
from pymerkle import InmemoryTree

from onrecord.archive import Archive, check_proof
from onrecord.archive.ledger import EMPTY_ROOT
from onrecord.archive.merkle import LedgerTree
from onrecord.errors import NotOnRecord

SIZE = 21


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("record")
    with Archive.open(folder, write=True) as writer:
        for n in range(SIZE):
            writer.note("edition", {"edition": f"nv-mfa/2031-05-04.{n}/en", "text": "第一个问题"}, AT)
    return Archive.open(folder, write=False)


@given(st.lists(st.binary(max_size=40), max_size=70))
@settings(max_examples=60, deadline=None)
def test_roots_are_those_of_pymerkle(lines: list[bytes]) -> None:
    ours, theirs = LedgerTree(), InmemoryTree()
    ours.add_lines(lines)
    theirs.append_entries(lines)
    assert [ours.root(size) for size in range(1, len(lines) + 1)] == [
        theirs.get_root(size).hex() for size in range(1, len(lines) + 1)
    ]
    assert LedgerTree().root() == EMPTY_ROOT


def test_every_entry_can_be_proved(archive: Archive) -> None:
    for n in range(1, SIZE + 1):
        proof = json.loads(json.dumps(archive.prove(n)))
        assert check_proof(proof)
        assert check_proof(proof, head=archive.head())
        assert not check_proof(proof, head=archive.head() | {"root": "0" * 64})
        assert not check_proof(proof, head=archive.head() | {"entries": SIZE - 1})
        assert json.loads(proof["entry"])["payload"]["edition"] == f"nv-mfa/2031-05-04.{n - 1}/en"
    for n in (0, SIZE + 1):
        with pytest.raises(NotOnRecord):
            archive.prove(n)


def test_every_pair_of_sizes_is_consistent(archive: Archive) -> None:
    for second in range(1, SIZE + 1):
        for first in range(1, second + 1):
            proof = json.loads(json.dumps(archive.prove_consistency(first, second)))
            assert check_proof(proof), (first, second)
            if first < second:
                assert proof["first_root"] != proof["second_root"]
    assert check_proof(archive.prove_consistency(3), head=archive.head())
    assert not check_proof(archive.prove_consistency(3, 5), head=archive.head())
    with pytest.raises(NotOnRecord):
        archive.prove_consistency(0, 3)
    with pytest.raises(NotOnRecord):
        archive.prove_consistency(3, SIZE + 1)


def changes(proof: dict[str, Any]) -> list[dict[str, Any]]:
    """The proof with one thing changed, for every thing in it that is not an explanation."""
    changed: list[dict[str, Any]] = []

    def variant(key: str, value: Any) -> None:
        changed.append(copy.deepcopy(proof) | {key: value})

    for key, value in proof.items():
        if key == "algorithm":
            continue
        variant(key, None)
        variant(key, [])
        if isinstance(value, int):
            for other in (value + 1, value - 1, -value, str(value), True):
                variant(key, other)
        elif isinstance(value, str):
            flipped = ("1" if value[-1] != "1" else "2") if key != "entry" else " "
            for text in (value[:-1] + flipped, value[1:], value + "0"):
                variant(key, text)
            variant(key, value.upper())
        elif isinstance(value, list):
            variant(key, [*value, "0" * 64])
            variant(key, value[:-1])
            variant(key, value[::-1])
            for at, node in enumerate(value):
                variant(key, [*value[:at], ("0" if node[0] != "0" else "1") + node[1:], *value[at + 1 :]])
                variant(key, [*value[:at], 7, *value[at + 1 :]])
    return [other for other in changed if other != proof]


def test_every_change_to_a_proof_is_refused(archive: Archive) -> None:
    for n in (1, 2, 16, 17, SIZE):
        for changed in changes(archive.prove(n)):
            assert not check_proof(changed, head=archive.head()), changed
            if changed["size"] == SIZE:  # everything else is refused without knowing the head
                assert not check_proof(changed), changed
    for first, second in ((1, 2), (3, 7), (8, 21), (16, 21), (7, 20)):
        proof = archive.prove_consistency(first, second)
        head = {"entries": second, "root": proof["second_root"]}
        for changed in changes(proof):
            assert not check_proof(changed, head=head), changed
            if (changed["first_size"], changed["second_size"]) == (first, second):
                assert not check_proof(changed), changed


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)))
@settings(max_examples=50, deadline=None)
def test_what_is_no_proof_does_not_hold(value: Any) -> None:
    assert check_proof(value) is False
    for kind in ("onrecord inclusion proof", "onrecord consistency proof", "?"):
        assert check_proof({"kind": kind, "n": value, "size": value, "path": value, "entry": value}) is False
