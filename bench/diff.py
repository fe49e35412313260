"""Promise: two versions of 10,000 words compared at least ten times as fast as by Python's difflib over their words.

difflib is given the words already cut; onrecord is given the two editions, and aligns turns, finds the differing words
and makes changes of them.  The versions are a White House page where the shared corpus is there, and a made-up one of
the same shape in any case, each with 30 scattered edits.
"""

from __future__ import annotations

import random
from difflib import SequenceMatcher

from _measure import SHARED, best_of, verdict

from onrecord.editions.diff import diff
from onrecord.model import Edition
from onrecord.reading import read

WORDS, EDITS = 10_000, 30
HEAD = "---\npermalink: https://www.whitehouse.gov/briefing-room/2022/02/02/tide/\ntitle: Press Briefing\n---\n"


def made_up(rng: random.Random) -> list[str]:
    """Paragraphs of a briefing that nobody held: words as frequent as in English prose (Zipf), turns as long."""
    vocabulary = [
        f"{a}{b}{c}" for a in "bdfglmnrst" for b in ("a", "ee", "oi", "u") for c in ("l", "nd", "st", "", "r")
    ]
    vocabulary = [*vocabulary, *(a + b for a in vocabulary for b in vocabulary[:20])]
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    paragraphs, words = [], 0
    while words < WORDS:
        asked = len(paragraphs) % 2 == 0
        length = rng.randrange(3, 30) if asked else rng.randrange(2, 140)
        said = rng.choices(vocabulary, weights, k=length)
        paragraphs.append(("Q    " if asked else "MS. ORLO:  ") + " ".join(said).capitalize() + ".")
        words += length
    return paragraphs


def real() -> list[str]:
    """The paragraphs of the first White House pages that together hold so many words; none without the corpus."""
    paragraphs: list[str] = []
    words = 0
    for page in sorted((SHARED / "corpus" / "whitehouse").glob("*press-briefing*.md")):
        for paragraph in page.read_text("utf-8").split("---\n", 2)[2].split("\n\n"):
            if words < WORDS:
                paragraphs.append(paragraph)
                words += len(paragraph.split())
    return paragraphs


def edited(paragraphs: list[str], rng: random.Random) -> list[str]:
    """The same with some words put in, taken out, or other ones in their place."""
    out = list(paragraphs)
    for _ in range(EDITS):
        at = rng.choice([n for n, paragraph in enumerate(out) if len(paragraph.split(" ")) > 6])
        words = out[at].split(" ")
        place = rng.randrange(4, len(words))
        words[place : place + rng.randrange(2)] = rng.choice([[], ["harbour"], ["the", "lighthouse"]])
        out[at] = " ".join(words)
    return out


def edition(paragraphs: list[str]) -> Edition:
    return read((HEAD + "\n" + "\n\n".join(paragraphs)).encode(), name="page.md")


def main() -> None:
    rng = random.Random(1789)
    for name, paragraphs in (("White House", real()), ("made up", made_up(rng))):
        if not paragraphs:
            print(f"{name}: skipped, no corpus at {SHARED / 'corpus'}")
            continue
        before, after = edition(paragraphs), edition(edited(paragraphs, rng))
        words = before.text.split(), after.text.split()
        ours = best_of(20, lambda before=before, after=after: diff(before, after))
        theirs = best_of(3, lambda words=words: SequenceMatcher(None, *words).get_opcodes())
        print(
            f"{name}: {len(words[0])} words in {len(before.turns)} turns; onrecord {ours * 1000:.1f} ms for "
            f"{len(diff(before, after).changes)} changes, difflib {theirs * 1000:.1f} ms"
        )
        verdict(f"{name}: difflib's time / onrecord's", theirs / ours, 10, at_most=False)


if __name__ == "__main__":
    main()
