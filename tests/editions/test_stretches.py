"""Texts of thousands of sentences are aligned in stretches, which find what one stretch would."""

from __future__ import annotations

import pytest

from onrecord.editions import pairing, stretches
from onrecord.editions.sentences import Sentences
from onrecord.model import Edition
from onrecord.reading import read

WORDS = ["harbour", "lamp", "gull", "net", "tide", "rope", "sail", "ferry", "quay", "salt", "cod", "mast", "oar"]


def statement(numbers: list[int]) -> Edition:
    """One turn of as many sentences, each of them different."""
    said = [" ".join(f"{word}{n % (k + 7)}" for k, word in enumerate(WORDS[n % 9 :])) for n in numbers]
    return read(" ".join(f"The {one} was counted {n} times." for n, one in zip(numbers, said, strict=True)).encode())


def beads(a: Edition, b: Edition) -> list[pairing.Bead]:
    said = [Sentences(a), Sentences(b)]
    return pairing.pair_sentences(said[0], range(len(said[0].spans)), said[1], range(len(said[1].spans)))


def test_stretches_find_what_one_would(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = statement([*range(500, 620)]), statement([n for n in range(490, 610) if n % 7])
    whole = beads(a, b)
    monkeypatch.setattr(stretches, "MOST", 900)
    assert len(stretches.stretches(Sentences(a), range(120), Sentences(b), range(102))) == 4
    sure = [bead for bead in whole if bead.likeness > 0.9]
    assert [bead for bead in beads(a, b) if bead.likeness > 0.9] == sure
    assert len(sure) >= 90


def test_every_sentence_is_in_one_bead_whatever_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "MOST", 50)
    a, b = statement([*range(100, 160)]), statement([*range(300, 317)])
    for one, other in ((a, b), (b, a), (a, a)):
        found = beads(one, other)
        for side, edition in enumerate((one, other)):
            assert sorted(n for bead in found for n in bead[side]) == list(range(len(Sentences(edition).spans)))
