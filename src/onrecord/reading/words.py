"""What a word is: the one place that knows it.

A word is a run of letters and digits, its accents and vowel signs included; of the scripts written without spaces every
character is one, because where their words end is a matter of opinion.  Two texts say the same when their sequences of
words are the same: case, punctuation, spaces and the targets of links are no part of it.
"""

from __future__ import annotations

import re
from functools import cache

# Blocks of the scripts that are written without spaces between words, and of Hangul, whose particles are written on.
# Source: Unicode 16.0 Blocks.txt.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u302f\u3031-\u303c"
    "\u3040-\u30ff\u3105-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\uff66-\uffdc\U00016fe0-\U00016fff\U0001b000-\U0001b16f\U00020000-\U000323af"
)
HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# The marks that \\w leaves out: accents, and the vowel signs of the scripts of India and the Near East.
MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u0dff"
)
"""Each of the three is what stands between the brackets of a character class."""

UNSPACED_RUN = re.compile(f"[{UNSPACED}]+")
_MIDDLE_DOTS = "\u30a0\u30fb"  # punctuation, though they stand in the block of Katakana
_WORD = rf"[^\W_{UNSPACED}]+(?:[{MARKS}]+[^\W_{UNSPACED}]*)*|(?![{_MIDDLE_DOTS}])[{UNSPACED}]"
# Where a link leads: an address with its scheme or "www.", or one of mail.  It ends at a space, a bracket, a quotation
# mark or the first character that is written without spaces.  What may be long is bounded, so that no text takes long.
_ADDRESS = (
    rf"(?<![^\W_{UNSPACED}])(?:[A-Za-z][A-Za-z\d+.-]{{1,15}}+://|[Ww]{{3}}\.|mailto:)"
    rf"[^\s<>\"“”‘’「」《》（）\u3000-\u3004\uff00-\uff65{UNSPACED}]+"
    r"|(?<![A-Za-z\d])[A-Za-z\d][A-Za-z\d.+_-]{0,63}+@[A-Za-z\d-]+\.[A-Za-z\d.-]*[A-Za-z\d]"
)
_SIGNS_OF_ADDRESS = ("://", "@", "www.", "WWW.", "Www.", "mailto:")

Token = tuple[int, int, str]
"""Start and end of a word in the text, and the word, case folded; empty for the address of a link."""


def words(text: str) -> list[str]:
    """The sequence of words of a text, case folded, the addresses of links left out."""
    if any(sign in text for sign in _SIGNS_OF_ADDRESS):
        return [word for _, _, word in tokens(text) if word]
    return _pattern(_WORD).findall(text.casefold())


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The words of ``text[start:end]`` and the addresses in it, in order; offsets are into ``text``."""
    end = len(text) if end is None else end
    if all(text.find(sign, start, end) < 0 for sign in _SIGNS_OF_ADDRESS):
        return [(m.start(), m.end(), m.group().casefold()) for m in _pattern(_WORD).finditer(text, start, end)]
    return [
        (m.start(), m.end(), "" if m.lastgroup else m.group().casefold())
        for m in _pattern(f"(?P<address>{_ADDRESS})|{_WORD}").finditer(text, start, end)
    ]


def unspaced_words(run: str) -> list[str]:
    """A run of a script written without spaces in words: Chinese by its dictionary, other scripts whole."""
    import rjieba  # takes a moment to load its dictionary, which a search for English words need not wait for

    found: list[str] = []
    for piece in _pattern(f"[{HAN}]+|[^{HAN}]+").findall(run):
        found.extend(rjieba.cut(piece) if _pattern(f"[{HAN}]").match(piece) else [piece])
    return found


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """A pattern compiled when first used: the larger ones take milliseconds that a search would wait for."""
    return re.compile(pattern)
