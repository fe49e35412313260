"""Promise: two editions of 20 exchanges in two languages aligned, sentences included, in less than ten times the time

that it takes to encode their sentences once.  The briefing is fictional, put together from the bilingual turns of
tests/editions/sentences.tsv; the exchanges stand in another order in the one than in the other.
"""

from __future__ import annotations

import random
from pathlib import Path

from _measure import best_of, verdict

from onrecord.editions.compare import compare
from onrecord.editions.sentences import Sentences
from onrecord.meaning import default_encoder
from onrecord.model import Edition, Turn

EXCHANGES = 20
TURNS = Path(__file__).parents[1] / "tests" / "editions" / "sentences.tsv"


def lines() -> list[tuple[str, str]]:
    """Sentences of Chinese turns and their English."""
    rows = [line.split("\t") for line in TURNS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [(zh, en) for _, lang, zh, en in rows if lang == "zh"]


def edition(lang: str, exchanges: list[list[str]]) -> Edition:
    """An edition in which the first sentence of each exchange is asked and the others answer it."""
    text, turns = "", []
    for n, (asked, *answered) in enumerate(exchanges, 1):
        for role, said in (("question", asked), ("answer", ("" if lang == "zh" else " ").join(answered))):
            turn = Turn(n=len(turns) + 1, exchange=n, role=role, start=len(text), end=len(text) + len(said))  # type: ignore[arg-type]
            turns.append(turn)
            text += said + "\n"
    return Edition(
        id=f"xv-mfa/2024-05-14/{lang}", occasion="xv-mfa/2024-05-14", source="xv-mfa", country="XV",
        date="2024-05-14", lang=lang, kind="official", sha256="", text=text, turns=tuple(turns),
    )  # fmt: skip


def main() -> None:
    rng = random.Random(1789)
    said = lines()
    # two sentences that only this exchange has, and five of the set phrases that answers share
    rng.shuffle(said)
    own, phrases = said[: 2 * EXCHANGES], said[2 * EXCHANGES :]
    exchanges = [own[2 * n : 2 * n + 2] + rng.sample(phrases, 5) for n in range(EXCHANGES)]
    zh = edition("zh", [[chinese for chinese, _ in exchange] for exchange in exchanges])
    order = rng.sample(range(EXCHANGES), EXCHANGES)
    en = edition("en", [[english for _, english in exchanges[n]] for n in order])

    encoder = default_encoder()
    sentences = [each.text(i) for each in (Sentences(zh), Sentences(en)) for i in range(len(each.spans))]
    encoder.encode(sentences)
    compare(zh, en, encoder)  # reads the tables of names, once for good
    once = best_of(3, lambda: encoder.encode(sentences))
    whole = best_of(3, lambda: compare(zh, en, encoder))
    pairs = compare(zh, en, encoder).pairs
    right = sum(order[j - 1] == i - 1 for pair in pairs for i in pair.a for j in pair.b)
    print(
        f"{len(sentences)} sentences encoded in {once * 1000:.0f} ms; {EXCHANGES} exchanges in other order aligned in "
        f"{whole * 1000:.0f} ms, {right} of them rightly"
    )
    verdict("time to align / time to encode", whole / once, 10, at_most=True)


if __name__ == "__main__":
    main()
