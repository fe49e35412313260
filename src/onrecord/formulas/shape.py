"""What is a formula at all: which of the grams that recur are neither fragments nor names, dates or courtesies.

Everything here is decided by a gram's own words and uses, whatever else the record holds, so that a day's texts change
only the rows that stand in them.  What words there are of each kind is a table, ``data/phrasing.tsv``; a language that
it does not have is judged by its capitals and marks alone.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.arrays import begins, gathered, words_told_apart
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.grams import Candidates
from onrecord.formulas.tokens import CAPITAL, SENTENCE, WORD, Lexicon, split
from onrecord.reading.countries import forms
from onrecord.reading.fold import fold
from onrecord.reading.tables import rows
from onrecord.reading.words import HAN, unspaced_words

KINDS = ("article", "loose", "hanging", "opening", "empty", "negation", "time", "name", "programme")
ARTICLE, LOOSE, HANGING, OPENING, EMPTY, NEGATION, TIME, NAME, PROGRAMME = (1 << bit for bit in range(len(KINDS)))
"""Bits of a word's kinds; a word may be of several.  What they mean stands at the head of the table."""
MARK = 1 << len(KINDS)
"""Bit of a mark of punctuation that is part of no word."""
_HOLLOW = ARTICLE | LOOSE | HANGING | OPENING | EMPTY | TIME
FUNCTION = ARTICLE | LOOSE | HANGING | OPENING

_OPEN = 0.5
"""Share of the uses before one and the same word, above which a phrase that opens a place is a fragment."""
FEWEST = 3
"""Words without which an article before them is no part of a phrase."""
_NEGATED = 0.8
"""Share of the uses behind a negation, from which it is a part of the phrase."""
_PRINTED = 0.9
"""Share of the uses inside sentences in which every word of a name has a capital."""
_LONG_OPENING = 4
"""Words of the shortest phrase that may end with a word that opens a place."""
_DASHES = ("-", "–", "—")
_PAIRS = (("(", ")"), ("[", "]"), ("（", "）"), ("《", "》"), ("「", "」"), ("『", "』"), ("【", "】"))
_DIGIT = re.compile(r"\d|^[〇零一二两三四五六七八九十百千万亿几]+[年月日号点时分周天岁元倍次个名位项国]?$")
_HAN = re.compile(f"[{HAN}]+")
_TIME = re.compile("[年月日天时今昨明晨早晚午夜周]")
_DICTIONARY = ("nr", "nrt", "nrfg", "ns")
"""Tags of jieba's dictionary (after the PKU tag set) for persons and places."""
_LONGEST_NAME = 3
"""Characters; the dictionary takes set phrases that it does not know for longer ones."""


class Words(NamedTuple):
    """The whole words of some grams, those of one after those of another; ``counts`` of each gram.

    ``kinds``: bits; ``offset``: of its first token in the gram.
    """

    kinds: NDArray[np.int32]
    offset: NDArray[np.int32]
    counts: NDArray[np.int64]

    @property
    def first(self) -> NDArray[np.int32]:
        """The kinds of the first word of each gram."""
        return self.kinds[begins(self.counts)[:-1]]

    @property
    def last(self) -> NDArray[np.int32]:
        """The kinds of the last word of each gram."""
        return self.kinds[begins(self.counts)[1:] - 1]

    def any(self, found: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which grams have a word that is so."""
        return np.asarray(np.logical_or.reduceat(found, begins(self.counts)[:-1]))


def transparent(lexicon: Lexicon, lang: str | None = None) -> NDArray[np.bool_]:
    """By number of token: whether it is an article or the like, through which one looks for what stands before.

    Of one language, or of all that have a list.
    """
    found = np.zeros(len(lexicon), np.bool_)
    for known, kinds in _listed().items():
        for word, bits in kinds.items() if lang in (None, known) else ():
            number = lexicon.number(word) if bits & ARTICLE else None
            if number is not None:
                found[number] = True
    return found


def formulas(candidates: Candidates, concordance: Concordance) -> NDArray[np.bool_]:
    """Which rows are formulas.  All are of one language."""
    kept = np.zeros(len(candidates), np.bool_)
    if not len(candidates):
        return kept
    lang = language(candidates, concordance)
    texts = Texts(candidates, concordance)
    words = words_of(candidates, concordance, lang)
    meant = _meant(words)
    kept = meant & _begun(candidates, words) & _balanced(candidates, concordance.lexicon)
    kept &= ~_trailing(candidates, words, concordance.lexicon) & ~_stammered(candidates, concordance.lexicon)
    rows = np.flatnonzero(kept)
    kept[rows] = _ended(candidates[rows], words.last[rows], words.counts[rows], concordance)
    rows = np.flatnonzero(kept)
    kept[rows] = ~_cut_off(candidates[rows], words.first[rows], concordance, lang)
    rows = np.flatnonzero(kept)
    courtesies = floor(lang)
    if courtesies is not None:
        kept[rows] = [courtesies.search(texts[row]) is None for row in rows.tolist()]
    if lang == "zh":
        rows = np.flatnonzero(kept)
        kept[rows] = [_meant_alone(texts[row]) for row in rows.tolist()]
    rows = np.flatnonzero(kept)
    if len(rows):
        kept[rows] = ~_names(candidates[rows], words_of(candidates[rows], concordance, lang), concordance)
    return kept


def language(candidates: Candidates, concordance: Concordance) -> str | None:
    """The language of the texts that the rows are from."""
    number = int(concordance.revisions.lang[concordance.revision_of(candidates.first[:1])][0])
    return None if number < 0 else concordance.revisions.values[number]


class Texts:
    """The folded text of each row, as it stands at its first place."""

    def __init__(self, candidates: Candidates, concordance: Concordance) -> None:
        self._first, self._n, self._concordance = candidates.first, candidates.n, concordance

    def __getitem__(self, row: int) -> str:
        first = int(self._first[row])
        return self._concordance.text(first, first + int(self._n[row]))


def words_of(candidates: Candidates, concordance: Concordance, lang: str | None) -> Words:
    """The words of the grams as they are cut at their first places, and what kinds of words they are."""
    lexicon = concordance.lexicon
    at = begins(candidates.n)
    offset = np.arange(at[-1]) - np.repeat(at[:-1], candidates.n)
    tokens = candidates.tokens
    marks = concordance.marks_at(np.repeat(candidates.first, candidates.n) + offset)
    word = lexicon.is_word[tokens]
    inside = word & ((marks & WORD) == 0) & (offset > 0)  # the t of don't, the second character of a word
    joiner = np.zeros_like(word)
    joiner[:-1] = ~word[:-1] & inside[1:]
    inside |= joiner & (offset > 0)
    starts = np.flatnonzero(~inside)
    counts = np.add.reduceat(~inside, at[:-1], dtype=np.int64)
    numbers, lengths = words_told_apart(tokens, starts)
    _, one, which = np.unique(numbers, return_index=True, return_inverse=True)
    spelled = lexicon.tokens
    kinds = np.fromiter(
        (
            kinds_of("".join(spelled[token] for token in tokens[starts[i] : starts[i] + lengths[i]]), lang)
            for i in one.tolist()
        ),
        np.int32,
        len(one),
    )
    return Words(kinds[which], offset[starts].astype(np.int32), counts)


def kinds_of_tokens(lexicon: Lexicon, lang: str | None) -> NDArray[np.int32]:
    """By number of token: the kinds of the word that it is when it stands alone; marks of punctuation are ``MARK``."""
    kinds = np.where(lexicon.is_word, 0, MARK).astype(np.int32)
    for word, bits in _kinds(lang).items():
        number = lexicon.number(word)
        if number is not None:
            kinds[number] = bits
    return kinds


@cache
def kinds_of(word: str, lang: str | None) -> int:
    """The kinds of a folded word; nothing for one of which nothing is known."""
    known = _kinds(lang)
    bits = known.get(word)
    if bits is None and word.endswith("'s"):
        bits = known.get(word[:-2])
    if bits is None:
        bits = TIME if _DIGIT.search(word) else 0
        if not any(c.isalnum() for c in word):
            bits = MARK
        elif lang == "zh" and _HAN.fullmatch(word):
            bits |= _tagged(word)
    return bits


def _tagged(word: str) -> int:
    import rjieba

    tags = rjieba.tag(word)
    if len(tags) > 1:
        return 0
    if tags[0][1] == "t":
        return TIME if _TIME.search(word) else 0  # the dictionary takes heads of state (元首) for a time
    if tags[0][1] not in _DICTIONARY:
        return 0
    return NAME if len(word) <= _LONGEST_NAME or tags[0][1] == "nrt" else 0


def _begun(candidates: Candidates, words: Words) -> NDArray[np.bool_]:
    """Which begin with a word that begins phrases; an article is no part of one that is long enough without it."""
    first = words.first
    return np.asarray(((first & LOOSE) == 0) & (((first & ARTICLE) == 0) | (candidates.units <= FEWEST)))


def _cut_off(
    candidates: Candidates, first: NDArray[np.int32], concordance: Concordance, lang: str | None
) -> NDArray[np.bool_]:
    """Which have lost what they begin with: the word that negates them (shy away from), or the subject and auxiliary
    of a refusal (don't have anything to share)."""
    negations, hanging = (_endings(lang, bit, concordance.lexicon) for bit in (NEGATION, HANGING))
    before = concordance.take(np.maximum(candidates.positions - 1, 0))
    inside = (concordance.marks_at(candidates.positions) & SENTENCE) == 0
    at = candidates.place_at[:-1]
    negated = np.add.reduceat(negations[before] & inside, at, dtype=np.int64)
    led = np.add.reduceat(hanging[before] & inside, at, dtype=np.int64)
    refuses = (first & NEGATION) != 0
    return np.asarray((negated >= _NEGATED * candidates.count) | (refuses & (led > _OPEN * candidates.count)))


def _endings(lang: str | None, kind: int, lexicon: Lexicon) -> NDArray[np.bool_]:
    """By number of token: whether a word of that kind ends with it (the t of don't)."""
    found = np.zeros(len(lexicon), np.bool_)
    for word, bits in _listed().get(lang or "", {}).items():
        number = lexicon.number(split(word)[0][-1]) if bits & kind else None
        if number is not None:
            found[number] = True
    return found


def _ended(
    candidates: Candidates, last: NDArray[np.int32], words: NDArray[np.int64], concordance: Concordance
) -> NDArray[np.bool_]:
    """Which end with a word that ends phrases, or leave a place that many words fill, or end as sentences do."""
    ended = (last & (HANGING | OPENING)) == 0
    ended |= 2 * candidates.right.edge >= candidates.count  # whatever word a sentence ends with, it ends
    rows = np.flatnonzero(~ended & ((last & HANGING) == 0) & (words >= _LONG_OPENING))
    if len(rows):
        opening = candidates[rows]
        behind = opening.positions + np.repeat(opening.n, opening.count)
        filler = _tokens(behind, concordance)
        through = (filler >= 0) & transparent(concordance.lexicon)[filler]
        filler[through] = _tokens(behind[through] + 1, concordance)
        pairs = np.sort((np.repeat(np.arange(len(rows)), opening.count) << 32 | filler)[filler >= 0])
        at = np.flatnonzero(np.diff(pairs, prepend=-1))
        most = np.zeros(len(rows), np.int64)
        np.maximum.at(most, pairs[at] >> 32, np.diff(at, append=len(pairs)))
        ended[rows] = most <= _OPEN * opening.count
    return np.asarray(ended)


def _tokens(places: NDArray[np.int64], concordance: Concordance) -> NDArray[np.int64]:
    """The tokens there, -1 where another sentence or text begins or all are at an end."""
    there = np.minimum(places, concordance.size - 1)
    same = (places == there) & ((concordance.marks_at(there) & SENTENCE) == 0)
    return np.where(same, concordance.take(there), -1).astype(np.int64)


def _trailing(candidates: Candidates, words: Words, lexicon: Lexicon) -> NDArray[np.bool_]:
    """Which have one word of another clause at an end: a word without meaning before a comma (Look, we're), or any word
    beyond the comma that parts clauses in Chinese, which is not the one of its enumerations."""
    begin = begins(words.counts)
    second, last = np.minimum(begin[:-1] + 1, begin[1:] - 1), np.maximum(begin[1:] - 2, begin[:-1])
    token = candidates.tokens[np.repeat(begins(candidates.n)[:-1], words.counts) + words.offset]
    clause = token == _number(lexicon, "，")
    aside = (token == _number(lexicon, ","))[second] & ((words.first & (_HOLLOW | NAME)) != 0)
    return np.asarray(aside | clause[second] | clause[last])


def _meant(words: Words) -> NDArray[np.bool_]:
    """Which say something: they have a word that is not empty, nor a part of names and dates, or refuse something."""
    refusing = words.any((words.kinds & NEGATION) != 0) & ~words.any((words.kinds & TIME & ~HANGING) != 0)
    content = words.any((words.kinds & (_HOLLOW | NAME | MARK)) == 0)
    return content | (refusing & (words.counts >= _LONG_OPENING + 1))


def _meant_alone(text: str) -> bool:
    """Whether Chinese text has a word that says something, cut without regard to what stands before and after it.

    In a sentence the dictionary may cut a name apart that it knows alone.
    """
    return any(not kinds_of(word, "zh") & (_HOLLOW | NAME | MARK) for word in unspaced_words(text))


def _stammered(candidates: Candidates, lexicon: Lexicon) -> NDArray[np.bool_]:
    """Which begin anew behind a dash with what they begin with, one token or two (I'm not - I'm not going to)."""
    tokens, at = np.append(candidates.tokens, [-1, -1]), candidates.token_at
    first = np.repeat(at[:-1], candidates.n)
    anew = np.isin(tokens[:-2], [_number(lexicon, dash) for dash in _DASHES]) & (tokens[1:-1] == tokens[first])
    anew &= (tokens[2:] == tokens[first + 1]) | (np.arange(len(first)) == first + 1)
    return np.asarray(np.logical_or.reduceat(anew, at[:-1]))


def _names(candidates: Candidates, words: Words, concordance: Concordance) -> NDArray[np.bool_]:
    """Which are names of persons, bodies or places: all their words have a capital inside sentences.

    Not so if one is the head of a programme's name, or one that is small in names has a capital too, as in slogans
    (Build Back Better).
    """
    gram = np.repeat(np.arange(len(words.counts)), words.counts)
    uses = candidates.count[gram].astype(np.int64)
    places = gathered(candidates.positions, candidates.count, gram) + np.repeat(words.offset, uses)
    marks = concordance.marks_at(places)
    at = begins(uses)[:-1]
    inside = np.add.reduceat((marks & SENTENCE) == 0, at, dtype=np.int64)
    printed = np.add.reduceat((marks & (CAPITAL | SENTENCE)) == CAPITAL, at, dtype=np.int64)
    capital = (printed >= _PRINTED * inside) & (inside > 0)
    function = (words.kinds & (FUNCTION | EMPTY)) != 0
    small = ~capital & ~function & ((words.kinds & (MARK | TIME | NAME)) == 0)
    named = capital & ~function
    joined = np.append(named[1:] & (gram[1:] == gram[:-1]), False)  # to the next: a Policy Advisor is no policy
    programme = ((words.kinds & PROGRAMME) != 0) & ~joined
    slogan = capital & function & ((words.kinds & (HANGING | NAME)) == 0)  # I and New York make none
    return words.any(named) & ~words.any(small) & ~words.any(programme) & ~words.any(slogan)


def _balanced(candidates: Candidates, lexicon: Lexicon) -> NDArray[np.bool_]:
    """Which have every bracket and quotation mark that they open or close."""
    at = begins(candidates.n)[:-1]

    def count(mark: str) -> NDArray[np.int64]:
        return np.add.reduceat(candidates.tokens == _number(lexicon, mark), at, dtype=np.int64)

    kept = count('"') % 2 == 0
    for left, right in _PAIRS:
        kept &= count(left) == count(right)
    return np.asarray(kept)


def _number(lexicon: Lexicon, token: str) -> int:
    number = lexicon.number(token)
    return -1 if number is None else number


@cache
def _kinds(lang: str | None) -> dict[str, int]:
    """Kinds by word of a language: those listed, and the names of countries and bodies that are one word."""
    known = dict.fromkeys((fold(form.text) for form in forms(lang) if not form.open), NAME) if lang else {}
    for word, bits in _listed().get(lang or "", {}).items():
        known[word] = known.get(word, 0) | bits
    return known


@cache
def _listed() -> dict[str, dict[str, int]]:
    """Kinds by language and word, as the table lists them."""
    table: dict[str, dict[str, int]] = {}
    for lang, kind, listed in rows("phrasing.tsv", 3, package="onrecord.formulas"):
        if kind in KINDS:
            words = table.setdefault(lang, {})
            for word in listed.split("|"):
                words[word] = words.get(word, 0) | 1 << KINDS.index(kind)
    return table


@cache
def floor(lang: str | None) -> re.Pattern[str] | None:
    """What greets, thanks and gives the floor in that language, to be found in folded text; None if none is known."""
    for row_lang, kind, listed in rows("phrasing.tsv", 3, package="onrecord.formulas"):
        if (row_lang, kind) == (lang, "floor"):
            found = "|".join(map(re.escape, listed.split("|")))
            return re.compile(found if lang == "zh" else rf"(?<!\w)(?:{found})(?!\w)")
    return None
