"""English renderings of real Chinese pages: exchanges merged, split, left out, invented and put in other order.

``renderings/dev`` was used to fit the weights of ``editions.crosslingual``; ``renderings/test`` was not looked at.
The pages are those of the shared corpus.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import onrecord
from onrecord.editions.compare import compare
from onrecord.meaning import default_encoder

HERE = Path(__file__).parent / "renderings"
Links = set[tuple[int, int]]


def numbers(field: str) -> list[int]:
    return [int(number) for number in field.split(",") if number.strip()]


def measured(table: Path, shared: Path) -> tuple[Links, Links]:
    """The links between exchanges that were found, and those that a reader of both made."""
    page, _, _, *lines = table.read_text("utf-8").splitlines()
    rows = [(*line.split("\t"), "")[:2] for line in lines if line.strip()]
    gold = {(i, j) for zh, en in rows if not zh.startswith("only") for i in numbers(zh) for j in numbers(en)}
    zh = onrecord.read(shared / "corpus" / "mfa-cn-zh" / page.removeprefix("# page: ").strip())
    en = onrecord.read(table.with_name(table.name.replace(".pairs.tsv", ".txt")))
    found = compare(zh, en, default_encoder)
    paired = {(i, j) for pair in found.pairs for i in pair.a for j in pair.b}
    for only, side, exchanges in ((found.only_in_a, 0, zh.exchanges), (found.only_in_b, 1, en.exchanges)):
        spoken = {exchange.n for exchange in exchanges if any(turn.role != "procedural" for turn in exchange.turns)}
        assert set(only) == spoken - {pair[side] for pair in paired}, "what is in no pair is in one edition only"
    return paired, gold


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["dev", "test"])
def test_renderings(name: str, shared: Path) -> None:
    tables = sorted((HERE / name).glob("*.pairs.tsv"))
    assert len(tables) >= 8
    right = wrong = lost = 0
    for table in tables:
        found, gold = measured(table, shared)
        right, wrong, lost = right + len(found & gold), wrong + len(found - gold), lost + len(gold - found)
    f1 = 2 * right / (2 * right + wrong + lost)
    print(f"\n{name}: F1 {f1:.4f} ({right} right, {wrong} wrong, {lost} not found) on {len(tables)} pages")
    assert f1 >= 0.98


@pytest.mark.corpus
def test_the_seed(shared: Path) -> None:
    """Seven pairs, nothing left over; and no sentence of its answers without a partner."""
    (seed,) = (shared / "seed").glob("*.txt")
    zh, en = onrecord.read(shared / "corpus" / "mfa-cn-zh" / "2023-07-26_212.html"), onrecord.read(seed)
    found = compare(zh, en, default_encoder)
    assert [(pair.a, pair.b) for pair in found.pairs] == [((n,), (n,)) for n in range(1, 8)]
    assert found.only_in_a == found.only_in_b == ()
    for pair in found.pairs:
        assert [[turn.role for turn in zh.turns if turn.n in one.a] for one in pair.turns] == [["question"], ["answer"]]
        assert {evidence.kind for evidence in pair.evidence} >= {"meaning", "outlet", "order"}
        assert all(sentence.a and sentence.b for one in pair.turns for sentence in one.sentences)
