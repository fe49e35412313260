"""Lines with their places on pages to paragraphs: what every page repeats goes, wrapped lines are joined.  Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from statistics import quantiles

import msgspec

Runs = list[tuple[str, bool]]
"""Words, each with whether they are bold."""


class Line(msgspec.Struct, frozen=True):
    """One printed line.  Places are in points from the page's lower left corner; ``base`` is its baseline.

    ``hyphen`` says that it ends inside a word, whose hyphen is not in the text.
    """

    runs: tuple[tuple[str, bool], ...]
    left: float
    right: float
    base: float
    size: float
    height: float
    hyphen: bool = False

    @property
    def text(self) -> str:
        return "".join([words for words, _ in self.runs])

    def hyphened(self) -> Line:
        """The same line, ending in a hyphen."""
        return msgspec.structs.replace(self, hyphen=True)


_ENDED = re.compile(r"[.!?…。！？：:;；][\"”’'』」）)\]]*$|[\"”』」）)\]]$")
_CJK = "\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\uff00-\uffef\u2014\u2018\u2019\u201c\u201d\U00020000-\U0003ffff"
_CJK_LAST = re.compile(f"[{_CJK}]$")
_CJK_FIRST = re.compile(f"^[{_CJK}]")
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_DASHED = re.compile(r"\w[-\u2010]$")
_SUSPENDED = frozenset(["and", "or", "to"])  # as in "medium- and heavy-duty"
_NUMBER = re.compile(
    r"[\s\-–—|/]*(?:page|p\.|pg\.|第|- )?\s*(?:\d{1,4}|[ivxl]{1,6})\s*"
    r"(?:页|頁|ページ|(?:of|/|共)\s*\d{1,4}\s*页?)?[\s\-–—|]*",
    re.I,
)
# A line that is a date and nothing else, as briefings print one under their title.
_DATE = re.compile(
    r"(?:\w+day,?\s+)?(?:\d{1,2}\s+)?(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\w*\.?,?\s+(?:\d{1,2},?\s+)?\d{4}"
    r"|\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
)
# A speaker's label that can stand nowhere but at the start of a paragraph.
_LABEL = re.compile(
    r"(?:Q|A|QUESTION|ANSWER|Question|Answer|Reporter|MODERATOR|Moderator)\s*[:：.]\s|Q\s{2,}\S|Q[:：]|A[:：]"
    r"|Q [A-Z“\"—–][^A-Z]"
    r"|(?:M[RS]S?|DR|SEC|SECRETARY|GEN|GENERAL|ADM|ADMIRAL|COL|AMB|AMBASSADOR|SPOKES\w+|THE PRESIDENT|MINISTER)\b[.\s]"
    r"[^:：\n]{0,50}[:：]|[A-Z][A-Z.'’\- ]{2,40}:\s"
    r"|(?:问|答|問|記者|记者|主持人|发言人|發言人)[：:]"
)
# One that words of a sentence might look like, and so counts only where the line before was ended.
_NAME = re.compile(r"(?:[A-Z][\w.'’\-]*[ ,]{0,2}){1,6}(?:\([^)]{1,40}\))?:\s|(?!\d)[^\s，。、；：:！？]{1,30}[：:]")
# Words that keep their hyphen at a line's end when the document does not say otherwise.
_PREFIXES = frozenset([
    "self", "non", "long", "short", "well", "co", "ex", "anti", "pro", "post", "multi", "cross", "high", "low",
    "mid", "so", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "one", "twenty",
    "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "half", "full", "part", "all", "large",
    "small", "hard", "soft", "open", "peace", "war", "law", "decision", "policy", "people", "follow", "day",
    "year", "week", "state", "vice", "government",
])  # fmt: skip


def paragraphs(pages: list[list[Line]]) -> Iterator[Runs]:
    """The paragraphs of a document, each as runs; a paragraph that goes over a page's end is one."""
    pages = [_on_one_baseline(page) for page in _without_furniture(pages)]
    lines = [line for page in pages for line in page]
    if not lines:
        return
    measure = _Measure(pages)
    # Word processors leave words whole, so that a hyphen at a line's end is the word's own; typesetters break many.
    breaks_words = sum(line.hyphen for line in lines) * 25 > len(lines)
    words = Counter(re.findall(r"\w+(?:-\w+)*", " ".join(line.text for line in lines).lower()))
    runs: Runs = list(lines[0].runs)
    position = 0
    for page_number, page in enumerate(pages):
        for index, line in enumerate(page):
            if position:
                before = lines[position - 1]
                if _opens(before, line, measure, index == 0, page_number):
                    yield runs
                    runs = list(line.runs)
                else:
                    between = joint(before.text, line.text, before.hyphen, words, breaks_words)
                    runs.append((between, before.runs[-1][1] and line.runs[0][1]))
                    runs += line.runs
            position += 1
    yield runs


class _Measure:
    """What is usual in the document: its pitch (baseline to baseline), and its margins by page."""

    def __init__(self, pages: list[list[Line]]) -> None:
        gaps = [
            gap
            for page in pages
            for above, below in pairwise(page)
            if 0.7 * below.size < (gap := above.base - below.base) < 4 * below.size
        ]
        self.pitch = quantiles(gaps, n=4)[0] if len(gaps) > 1 else gaps[0] if gaps else 14.0
        lines = [line for page in pages for line in page]
        upward = sum(
            any(below.base - above.base > line_height for above, below in pairwise(page))
            for page in pages
            if (line_height := 5 * page[0].size if page else 1)
        )
        self.columns = upward * 2 > len(pages)
        self.usual_left = Counter(round(line.left / 2) for line in lines).most_common(1)[0][0] * 2
        # The right margin: where long lines end.  A few may stick out.
        rights = sorted(line.right for line in lines)
        self.right = rights[int(len(rights) * 0.97)] if len(rights) > 30 else rights[-1]
        self.width = self.right - self.usual_left

    def room(self, before: Line, line: Line) -> bool:
        """Whether the first word of ``line`` would have fitted behind ``before``, so that the break was meant."""
        if self.columns:
            return before.right - before.left < 0.6 * (line.right - line.left)
        text = line.text
        first = 2 if _IDEOGRAPH.match(text) else len(text.split(maxsplit=1)[0])
        width = first * (line.right - line.left) / max(len(text), 1)
        return before.right + width + line.size < self.right


def _opens(before: Line, line: Line, measure: _Measure, turned: bool, page: int) -> bool:
    """Whether ``line`` opens a paragraph; ``turned`` when a page was turned before it."""
    text, above = line.text, before.text
    if _LABEL.match(text) or _DATE.fullmatch(text) or _DATE.fullmatch(above):
        return True
    if before.hyphen or _DASHED.search(above):
        return False
    ended = _ENDED.search(above) is not None
    gap = before.base - line.base
    jumped = turned or gap < 0  # to another page or column: the gap says nothing
    if not jumped and gap > 1.35 * measure.pitch:
        return True
    if abs(line.size - before.size) > 0.12 * before.size and not jumped:
        return True
    if ended and (_NAME.match(text) or before.runs[-1][1] != line.runs[0][1]):
        return True
    if not measure.columns:
        usual = measure.usual_left
        deeper = line.left - before.left
        if line.left > usual + 0.8 * line.size and deeper > 0.8 * line.size and (ended or not jumped):
            return True  # the indent of a first line
        if line.left < usual - 0.8 * line.size and deeper < -0.8 * line.size:
            return True  # a label hung out to the left
    if not measure.room(before, line):
        return False
    return ended or (not jumped and (text[:1].isupper() or before.right - before.left < 0.5 * measure.width))


def joint(above: str, text: str, hyphen: bool, words: Counter[str], breaks_words: bool) -> str:
    """What goes between two lines of a paragraph: a space, nothing, or the hyphen that the break had swallowed.

    ``hyphen`` says that the line above ended in one, which is not in ``above``; ``words`` counts the document's words,
    in small letters; ``breaks_words`` says whether its lines end inside words.
    """
    if hyphen:
        return _hyphen(above, text, words, breaks_words)
    if (_CJK_LAST.search(above) and _IDEOGRAPH.search(above[-12:])) or (
        _CJK_FIRST.match(text) and _IDEOGRAPH.search(text[:12])
    ):
        return ""
    if _DASHED.search(above):
        return " " if text.split(maxsplit=1)[0] in _SUSPENDED else ""
    if re.search(r"\S(?:—|--)$", above):
        return ""  # a dash that the text sets close
    return " "


def _hyphen(above: str, text: str, words: Counter[str], breaks_words: bool) -> str:
    """``-`` where the document or the language writes the word with one, else nothing."""
    tail = re.search(r"[\w-]*$", above)
    head = re.match(r"\w*", text)
    first, second = (tail.group() if tail else ""), (head.group() if head else "")
    if second in _SUSPENDED:
        return "- "
    if words[f"{first}-{second}".lower()]:
        return "-"
    if words[f"{first}{second}".lower()]:
        return ""
    both = words[first.lower()] > 1 and words[second.lower()] > 1  # once is this place itself
    keeps = (
        both
        or not breaks_words
        or not second[:1].islower()
        or first[-1:].isdigit()
        or "-" in first
        or first.lower() in _PREFIXES
    )
    return "-" if keeps else ""


def _on_one_baseline(page: list[Line]) -> list[Line]:
    """Pieces of one printed line, set apart by a tab or a wide gap, put together."""
    joined: list[Line] = []
    for line in page:
        last = joined[-1] if joined else None
        if last and not last.hyphen and abs(last.base - line.base) < 0.3 * line.size and line.left >= last.right - 1:
            joined[-1] = msgspec.structs.replace(
                last, runs=(*last.runs, (" ", False), *line.runs), right=line.right, hyphen=line.hyphen
            )
        else:
            joined.append(line)
    return joined


def _without_furniture(pages: list[list[Line]]) -> list[list[Line]]:
    """The pages without headers, footers and page numbers.

    These are outer lines near the page's edges that are bare numbers, or that have the same words, numbers aside, at
    the same place on two pages of five or more.
    """
    filled = sum(1 for page in pages if page)
    seen: Counter[tuple[int, str]] = Counter()
    for page in pages:
        seen.update({key for line in _outer(page) for key in _places(line)})
    often = max(2, -(-filled * 2 // 5))
    kept = []
    for page in pages:
        outer = _outer(page)
        drop = {
            id(line)
            for line in outer
            if not 0.12 < line.base / (line.height or 1) < 0.88
            and not _LABEL.match(line.text)
            and (max(seen[key] for key in _places(line)) >= often or _NUMBER.fullmatch(line.text))
        }
        kept.append([line for line in page if id(line) not in drop])
    return kept


def _outer(page: list[Line]) -> list[Line]:
    """The three uppermost and three lowest lines of a page, wherever in the file they were drawn."""
    ordered = sorted(page, key=lambda line: -line.base)
    return ordered[:3] + ordered[3:][-3:]


def _places(line: Line) -> tuple[tuple[int, str], tuple[int, str]]:
    """Two keys, so that places a little apart share one."""
    words = re.sub(r"\d+", "#", " ".join(line.text.split()))
    return (round(line.base / 4), words), (-1 - int(line.base / 4), words)
