"""How the words of a turn are cut into terms; queries are cut by the same functions.

A turn is indexed three times over:

``words``   English-stemmed words, for ranked search.  Scripts written without spaces are left out.
``exact``   every character, so that an exact phrase can be answered from the index alone.  The folded text is cut at
            its spaces, and before and behind every character of a script written without spaces.  Between two tokens
            there is a space in the text unless one of the two is such a character; where there is one all the same,
            the token before it ends in AFTER and the one behind it begins with BEFORE.  So a phrase is cut inside
            exactly as the text around it is, and only its first and last token can be parts of longer ones.
``pairs``   overlapping pairs of characters of the scripts written without spaces: far rarer than single characters,
            so a Chinese phrase is found many times faster than through ``exact``.

The cutting and stemming are done here, with Python's string functions and a dictionary of stems, and tantivy only
splits at blanks: its regular-expression tokenizer takes 0.7 microseconds a token and its stemmer 0.4, several times as
long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import add

import tantivy

from onrecord.reading.words import MARKS, UNSPACED
from onrecord.reading.words import UNSPACED_RUN as UNSPACED_RUN
from onrecord.reading.words import unspaced_words as unspaced_words

AFTER, BEFORE = "\x1f", "\x1e"
"""Stand, inside a term, for a space behind and before it; ``fold`` makes plain spaces of both, so no text has them."""

_MARKED_SPACE = re.compile(f"(?<=[{UNSPACED}]) | (?=[{UNSPACED}])")
_WORD = re.compile(rf"[\w{MARKS}]+")
_TO_BLANKS = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "_"}
# "U.S." is a word, in which "_" stands for the full stop, so that it stays apart from "us".
_ACRONYM = re.compile(r"\.([a-z])\.")
_LONGEST_TERM = 16_000  # characters; tantivy drops terms of more than 65,530 bytes
_TOO_LONG = re.compile(rf"\S{{{_LONGEST_TERM}}}")

_STEMMER = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    .filter(tantivy.Filter.remove_long(256))
    .filter(tantivy.Filter.stemmer("english"))
    .build()
)


class _Stems(dict[str, str]):
    """The stems of the words met so far."""

    def __missing__(self, word: str) -> str:
        if len(self) > 500_000:
            self.clear()
        stem = self[word] = "".join(_STEMMER.analyze(word))
        return stem


_STEMS = _Stems()


def schema() -> tantivy.Schema:
    """The fields of one turn: three cuttings of its words, tags to filter by, and numbers to sort and count by.

    The names of the tokenizers stand for how the words are cut: a new way gets a new name, so that an index made in an
    old way is known for one.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("words", tokenizer_name="onrecord_blanks", index_option="freq")
    builder.add_text_field("exact", tokenizer_name="onrecord_chunks", index_option="position")
    builder.add_text_field("pairs", tokenizer_name="onrecord_pairs", index_option="position")
    builder.add_text_field("tags", tokenizer_name="raw", index_option="basic")
    for name in ("key", "recency", "day", "setting", "voice"):
        builder.add_unsigned_field(name, fast=True)
    return builder.build()


def register(index: tantivy.Index) -> None:
    """Makes the tokenizers that the schema names known to an index that was opened."""
    for name in ("onrecord_blanks", "onrecord_chunks"):
        index.register_tokenizer(name, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    # The bars between two runs take up positions, so that no phrase reaches across, but are not themselves indexed.
    pairs = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(tantivy.Filter.custom_stopword(["|"]))
    index.register_tokenizer("onrecord_pairs", pairs.build())


def for_words(folded: str) -> str:
    """A folded text as it goes into the field ``words``: the stems of its words with blanks between."""
    return " ".join(map(_STEMS.__getitem__, words(folded)))


def words(folded: str) -> list[str]:
    """The words in a folded text of the languages that put spaces between words."""
    text = with_acronyms(folded)
    if text.isascii():
        return text.translate(_TO_BLANKS).split()
    return _WORD.findall(UNSPACED_RUN.sub(" ", text))


def stem(word: str) -> str:
    """The English stem of a word; empty for one of more than 256 bytes, which is not indexed."""
    return _STEMS[word]


def with_acronyms(folded: str) -> str:
    """A folded text of the same length in which acronyms are words."""
    if "_" in folded:
        folded = folded.replace("_", " ")
    return _ACRONYM.sub(r"_\1_", folded) if "." in folded else folded


def for_exact(folded: str) -> str:
    """A folded text as it goes into the field ``exact``: its tokens with blanks between.

    A string of more than 16,000 characters without a space is broken up, the one thing that an exact phrase cannot be
    found across.
    """
    if len(folded) > _LONGEST_TERM:
        folded = _TOO_LONG.sub(r"\g<0> ", folded)
    if folded.isascii() or not UNSPACED_RUN.search(folded):
        return folded
    marked = _MARKED_SPACE.sub(f"{AFTER} {BEFORE}", folded)
    marked = UNSPACED_RUN.sub(lambda run: f" {' '.join(run.group())} ", marked)
    # The marks of a space go back to the token that the space follows, and to the one that follows it.
    return marked.replace(f" {AFTER}", AFTER).replace(f"{BEFORE} ", BEFORE)


def exact_tokens(folded: str) -> list[str]:
    """The tokens of a folded phrase, for the field ``exact``; none for white space alone."""
    return [token for token in for_exact(folded).split(" ") if token]


def for_pairs(folded: str) -> str:
    """A folded text as it goes into the field ``pairs``, empty if it has no run of two such characters."""
    if folded.isascii():
        return ""
    runs = [run for run in UNSPACED_RUN.findall(folded) if len(run) > 1]
    return " | | ".join([" ".join(map(add, run, run[1:])) for run in runs])


def pair_tokens(run: str) -> list[tuple[int, str]]:
    """The pairs, with their positions, that stand for a run of two or more characters: every second, and the last."""
    last = len(run) - 2
    return [(at, run[at : at + 2]) for at in sorted({*range(0, last, 2), last})]


def runs(folded: str) -> Iterator[tuple[str, bool]]:
    """A folded text in pieces, each with whether it is a run of a script written without spaces."""
    done = 0
    for match in UNSPACED_RUN.finditer(folded):
        if match.start() > done:
            yield folded[done : match.start()], False
        yield match.group(), True
        done = match.end()
    if done < len(folded):
        yield folded[done:], False
