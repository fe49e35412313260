"""Speaker labels: where a paragraph opens with one, and what part its speaker plays."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import msgspec

from onrecord.model import Role
from onrecord.reading.blocks import Block
from onrecord.sources import Dialect

_COLON = re.compile(r"(?P<label>[^\s:：][^:：]{0,79}?)(?P<gap>[\s`\\]*)[:：](?![/\d])[\s`]*")
_COLON_DIGIT = re.compile(r"(?P<label>[^\s:：][^:：]{0,79}?)[\s]*[:：]\s*")
_BRACKETED = re.compile(
    r"(?P<label>\[(?:Q|A|[A-Z][\w .’'-]{1,40})\]|[（(](?:Question|Answer|Q|A|Reporter|Minister|問|答|记者|"
    r"記者)[)）]|【[^】]{1,40}】)\s*:?\s*"
)
_CLOCK = re.compile(
    r"[\[(（【]?\d{1,2}[:：.h]\d{2}(?:[:：]\d{2})?(?: ?[AaPp]\.?[Mm]\b\.?)?(?: [A-Z]{2,4}\b)?[\])）】]?"
    r"(?:\s*[-–—|·]\s*|\s+|(?<=[\])）】]))(?=\S)"
)
"""The time of day that a live blog prints before a label: ``15:06 BBC: …``, ``[3:06 pm] – BBC: …``."""
_LETTER = re.compile(r"(?P<label>[QA])\. +(?=\S)")
_SENTENCE = re.compile(r"[。？！；!?;\n]|[a-z\d)”’\"]{2}\. |，.{14}")
_LEAD_IN = re.compile(r"(?:[.?!)—”\]…:]|\.\.\.)\s$")


BOLD_SHARE = 0.6
"""A paragraph counts as set in bold from this share of its letters on; publishers forget a word here and there."""


class Opening(msgspec.Struct, frozen=True, gc=False):
    """A label found at ``start`` of a paragraph's text; the words begin at ``words``."""

    start: int
    words: int
    label: str
    role: Role
    follow_up: bool


class Labels:
    """Finds labels in one publisher's dialect.

    ``outlet`` and ``person`` resolve a printed name or return None; ``speakers`` are names the page itself gives to
    the institution's side, such as the spokesperson in its title.
    """

    def __init__(
        self,
        dialect: Dialect,
        *,
        speakers: Iterable[str] = (),
        outlet: Callable[[str], str | None],
        person: Callable[[str], str | None],
    ) -> None:
        self.dialect = dialect
        self.speakers = frozenset(speakers)
        self.surnames = _surnames(self.speakers) if dialect.names else frozenset()
        self.outlet = outlet
        self.person = person
        self.question, self.answer, self.speaker, self.follow_up, self.bare = _patterns(dialect)
        self.known: dict[str, tuple[Role, bool] | None] = {}
        self.found: dict[str, Opening | None] = {}  # what opens each paragraph looked at so far
        self.inner: re.Pattern[str] | None = None

    def part(self, label: str) -> tuple[Role, bool] | None:
        """The role a label gives to its words and whether it is a follow-up, or None when it is no label."""
        try:
            return self.known[label]
        except KeyError:
            found = self.known[label] = self._part(label)
            return found

    def _part(self, label: str) -> tuple[Role, bool] | None:
        if len(label) > self.dialect.label_limit:
            return None
        if self.question.fullmatch(label):
            return "question", self.follow_up.fullmatch(label) is not None
        if self.answer.fullmatch(label) or label in self.speakers:
            return "answer", False
        if self.speaker.fullmatch(label) or _TITLED.sub("", label) in self.surnames:
            return "answer", False
        if self.dialect.outlets and self.outlet(label):
            return "question", self.follow_up.fullmatch(label) is not None
        if self.dialect.names and self.person(label):
            return "answer", False
        return None

    def learn(self, blocks: Sequence[Block]) -> None:
        """Take up labels that no table knows, from where they stand on the page.

        A name before a colon asks when its paragraph is bold like the other questions, or when a known speaker answers
        in the next one, on the pages of publishers who name outlets; it answers when, twice or more, it opens the
        plain paragraph below a bold question, or one below a question where nothing tells them apart.
        """
        self._learn_letters(blocks)
        openings = [self.at_start(block.text) for block in blocks]
        asked = [b.bold >= BOLD_SHARE for o, b in zip(openings, blocks, strict=True) if o and o.role == "question"]
        bold = any(asked)
        if not asked and self.dialect.bold:  # no asker is known: are known answers plain below bold paragraphs?
            bold = any(
                o and o.role == "answer" and b.bold < BOLD_SHARE <= above.bold
                for o, b, above in zip(openings[1:], blocks[1:], blocks, strict=False)
            )
        answering: Counter[str] = Counter()
        for i, block in enumerate(blocks):
            label = None if openings[i] else _name_before_colon(block.text, self.dialect.label_limit)
            if label is None:
                continue
            after = openings[i + 1] if i + 1 < len(blocks) else None
            answered = after is not None and after.role == "answer" and not after.follow_up
            above = openings[i - 1] if i else None
            below_question = (
                block.bold < BOLD_SHARE <= blocks[i - 1].bold
                if bold
                else above is not None and above.role == "question"
            )
            if self.dialect.outlets and ((bold and block.bold >= BOLD_SHARE) or (not bold and answered)):
                self.known[label] = "question", self.follow_up.fullmatch(label) is not None
            elif i and below_question and len(label) <= 40:
                answering[label] += 1
        new = [label for label, times in answering.items() if times > 1 and not self.known.get(label)]
        self.known.update(dict.fromkeys(new, ("answer", False)))
        self.found = {text: opening for text, opening in self.found.items() if opening}
        if new:
            self.learn(blocks)  # whom they answer

    def _learn_letters(self, blocks: Sequence[Block]) -> None:
        """Take up "Q." and "A." before questions and answers, where they take turns: an "A." that nobody asked for may
        be an initial."""
        found: dict[str, Opening] = {}
        asked, last = 0, ""
        for block in blocks:
            match = _LETTER.match(block.text)
            if match and match["label"] == "Q":
                asked, last = asked + 1, "Q"
                found[block.text] = Opening(0, match.end(), "Q", "question", False)
            elif match and last == "Q" and not self.at_start(block.text):
                last = "A"
                found[block.text] = Opening(0, match.end(), "A", "answer", False)
            elif last and self.at_start(block.text):
                last = ""
        answers = sum(opening.role == "answer" for opening in found.values())
        if answers and answers * 2 >= asked:
            self.found.update(found)

    def at_start(self, text: str) -> Opening | None:
        """The label that opens a paragraph, if one does."""
        try:
            return self.found[text]
        except KeyError:
            opening = self._at_start(text)
            if opening is None and self.dialect.outlets and (at := _after_clock(text)):
                later = self._at_start(text[at:])
                opening = later and msgspec.structs.replace(later, start=at, words=at + later.words)
            self.found[text] = opening
            self.inner = None
            return opening

    def _at_start(self, text: str) -> Opening | None:
        bare = self.bare.match(text)
        if bare:
            return Opening(0, bare.end(), bare.group("label"), "question", False)
        head = text[: self.dialect.label_limit + 4]
        if ":" in head or "：" in head:
            match = _COLON.match(text) or _COLON_DIGIT.match(text)
            if match:
                label = match.group("label").rstrip()
                part = self.part(label)
                if part:
                    return Opening(0, match.end(), label, *part)
        if text[:1] in "[（(【":
            match = _BRACKETED.match(text)
            if match:
                label = match.group("label").strip("【】").strip()  # they do what a colon does elsewhere
                part = self.part(label) or self.part(label.strip("[]（）()"))
                if part:
                    return Opening(0, match.end(), label, *part)
        return None

    def lost(self, text: str, after: int) -> list[Opening]:
        """Labels inside a paragraph, beyond ``after``: only ones that open a paragraph elsewhere, after a stop."""
        if not self.dialect.lost or text.find(":", after) < 0:
            return []
        if self.inner is None:
            self.inner = _inner(frozenset(opening.label for opening in self.found.values() if opening))
        found = []
        for match in self.inner.finditer(text, after):
            if _may_open(text, match.start(), after, match.group("label")):
                part = self.part(match.group("label"))
                if part:
                    found.append(Opening(match.start(), match.end(), match.group("label"), *part))
        return found


_TITLED = re.compile(r"^(?:(?:Spokes(?:person|man|woman)|Mr|Ms|Mrs|Dr|Ambassador|Minister|Director|DG)\.? )+")


def _surnames(names: Iterable[str]) -> frozenset[str]:
    """What the speakers named on a page may be called for short: "Wang" or "Mr. Wang" for Wang Wenbin.

    Which part of a name is the family's depends on the language, so that the first and the last are taken.
    """
    parts = (name.split() for name in names if name.isascii())
    return frozenset(part for words in parts if len(words) > 1 for part in (words[0], words[-1]) if len(part) > 1)


def _may_open(text: str, at: int, after: int, label: str) -> bool:
    """Whether a known label at ``at`` is one and not a word of the sentence: it stands behind a stop or a time of day,
    or is made of several words in capitals, which speech cannot hold; such a one counts right behind a "Q" as well."""
    if at == 0 or (at <= after and not text.startswith("Q")):
        return False
    if _LEAD_IN.search(text, max(0, at - 4), at) and at > after:
        return True
    if text[at - 1].isspace() and _SHOUTED.fullmatch(label):
        return True
    return _TIME_BEFORE.search(text, max(0, at - 24), at) is not None


_SHOUTED = re.compile(r"(?:[^\Wa-z][^\sa-z]* )+[^\Wa-z][^\sa-z]*")
_TIME_BEFORE = re.compile(r"\d[:.]\d\d\s*[AaPp]\.?\s?[Mm]\.?(?: [A-Z]{2,4})?\s$")


@lru_cache(maxsize=64)
def _patterns(dialect: Dialect) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(pattern)
        for pattern in (dialect.question, dialect.answer, dialect.speaker, dialect.follow_up, dialect.bare)
    )


@lru_cache(maxsize=256)
def _inner(labels: frozenset[str]) -> re.Pattern[str]:
    """Any of the labels with its colon; those of a few letters are left out, as they may be words."""
    longest_first = sorted((label for label in labels if len(label) > 3), key=lambda label: (-len(label), label))
    return re.compile(rf"(?P<label>{'|'.join(map(re.escape, longest_first))}):\s*" if longest_first else r"(?!)")


_NAME_LABEL = re.compile(
    r"(?:[A-ZÀ-ÞĀ-Ž][\w.’'-]*|of|the|and|de|von|van|al|el|bin)(?: (?:[A-ZÀ-ÞĀ-Ž(][\w.,’')-]*|of|the|and|for|de|"
    r"von|van|al|el|bin)){0,7}"
)
_HAN_LABEL = re.compile(
    r"[《“]?[^\x00-\x7f，。？！；、：“”《》（）]{2,16}[》”]?[^\x00-\x7f，。？！；、：“”《》（）]{0,8}"
)
_WEAK = frozenset(
    [
        "Note",
        "Notes",
        "Date",
        "Time",
        "Place",
        "Location",
        "Subject",
        "Source",
        "Re",
        "Contact",
        "Contacts",
        "Tel",
        "Fax",
        "Email",
        "Website",
        "Address",
        "Phone",
        "Photo",
        "Also",
        "First",
        "Second",
        "Third",
        "Finally",
        "Participants",
        "Attendees",
        "Background",
        "Embargoed",
        "Media",
        "Update",
        "Updated",
        "Published",
        "Tags",
        "Share",
        "Category",
        "Topics",
        "Correction",
    ]
)


def _name_before_colon(text: str, limit: int) -> str | None:
    """What stands before a colon at the start of a paragraph, if it looks like the name of a person or an outlet."""
    match = _COLON.match(text, _after_clock(text))
    if not match or match.end() == len(text):
        return None
    label = match.group("label").rstrip()
    if len(label) > limit or _SENTENCE.search(label) or label in _WEAK:
        return None
    return label if looks_like_name(label) else None


def _after_clock(text: str) -> int:
    """Where the words begin behind a time of day at the start of a paragraph; 0 if there is none."""
    match = _CLOCK.match(text) if text[:1].isdecimal() or text[:1] in "[(（【" else None
    return match.end() if match else 0


def looks_like_name(label: str) -> bool:
    """Whether a label has the shape of the name of a person or an outlet, in Latin letters or in Chinese ones."""
    return label not in _WEAK and (_NAME_LABEL.fullmatch(label) or _HAN_LABEL.fullmatch(label)) is not None


def learned(blocks: Iterable[Block], *, outlet: Callable[[str], str | None]) -> tuple[frozenset[str], frozenset[str]]:
    """Labels learned from a page of no known publisher: (those that ask, those that answer).

    A label is a short run of name-like words before a colon at the start of a paragraph, or one set in bold there.  It
    is taken when it recurs, or when a page has several that alternate with ones that recur.  Those that answer are the
    most frequent label, and every recurring one that is no outlet and does not put questions.
    """
    opened: list[tuple[str, bool]] = []
    for block in blocks:
        match = _COLON.match(block.text, _after_clock(block.text))
        if not match:
            continue
        label = match.group("label").rstrip()
        if len(label) > 50 or _SENTENCE.search(label) or label in _WEAK:
            continue
        rest = block.text[match.end() :]
        bold = 0 < block.lead <= match.end() + 1
        if rest and (bold or _NAME_LABEL.fullmatch(label) or re.fullmatch(r"[^\x00-\x7f]{2,16}", label)):
            opened.append((label, "?" in rest or "？" in rest))
    counts = Counter(label for label, _ in opened)
    recurring = {label for label, n in counts.items() if n >= 2}
    if len(opened) < 2 or not recurring:
        return frozenset(), frozenset()
    asks = {label: sum(q for name, q in opened if name == label) / counts[label] for label in counts}
    question_words = re.compile(
        r"(?i)q|question|questioner|reporter|journalist|press|media|correspondent|问|記者|记者|вопрос|pregunta|"
        r"frage|質問"
    )
    asking = {label for label in counts if question_words.fullmatch(label) or outlet(label)}
    main = max((label for label in recurring if label not in asking), key=lambda name: counts[name], default=None)
    if main is None:
        return frozenset(asking), frozenset(set(counts) - asking)
    asking |= {label for label in counts if label != main and asks[label] >= 0.6}
    return frozenset(asking), frozenset(label for label in counts if label not in asking)
