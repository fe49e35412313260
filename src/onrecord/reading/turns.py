"""Paragraphs to turns to exchanges, every one a span into the canonical text."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from onrecord.model import Annotation, Role, Turn
from onrecord.reading.blocks import Block
from onrecord.reading.labels import BOLD_SHARE, Labels, Opening

CLOCK = r"\d{1,2}[:.]\d\d\s*(?:[AaPp]\.?\s?[Mm]\.?)?(?:\s+\(?[A-Z][A-Za-z]{1,4}\)?)?(?:\s*\([^)]*\))?"
STAMP = re.compile(r"(?:(?:发布)?时间[:：])?\s*(?:19|20)\d\d(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}日)[\s\d:]*")
"""A date in figures, with or without the time, alone in a paragraph."""
CLOSING = re.compile(rf"(?:END|End|\(END\)|\[END\]|—END—|（完）|\(Ends?\))\W*(?:{CLOCK})?|{CLOCK}|(?:# ?){{3}}")
ASIDE = re.compile(r"[(（\[][^()（）\[\]]{1,300}[)）\]][.。]?")
_HEADING = re.compile(r"(?!.*[。？！])(?!.*[.?!;；:：”\"]$).{1,119}")
"""A line above the first speaker that is no sentence: a place, a date, a title."""
_INNER_ASIDE = re.compile(r"[(（][^()（）]{1,120}[)）]|[\[［〔][^\[\]［］〔〕]{1,200}[\]］〕]")
_OPENS = re.compile(r"[(（\[［〔]")
_DIRECTION = re.compile(
    r"(?i)laugh|inaudible|crosstalk|cross-talk|applause|technical|interpret|translat|speaks? |pause|gestur|"
    r"video|audio|\bmic\b|microphone|cough|sneez|clears|throat|\bnods?\b|shak|snap|shrug|knock|holds up|turbulence|"
    r"phone\b.{0,12}\b(?:rings?|sounds?|chimes?|goes|disrupt|drops)|\b(?:door|sirens?|alarm|line|call)\b.{0,20}"
    r"\b(?:opens?|closes?|swings?|sounds?|goes off|heard|drops?)|in progress|点头|摇头|播放|笑|展示|翻译|现场"
)
_TOLD = re.compile(r"\((?![A-Z]+\b)[A-Z][a-z][^()]*[a-z”’]\.\)")
"""A whole sentence in brackets, which nobody can have said in them: ``(Holds up two fingers.)``."""
_DATED = re.compile(r"(?:19|20)\d\d[)）]$")
GENERIC_ASKERS = re.compile(
    r"Q\.?|QUESTION(?:ER)?|Question|REPORTER|Reporter|PRESS|.{0,3}问|记者|記者|質問|.{0,4}有?记者问及?|会后.*|Вопрос.*|"
    r".*\bOSD\b.*|.*\(PR\)|\W*Q\W*|\W*Question\W*|Correspondent|Media"
)


class Draft(msgspec.Struct, gc=False):
    """A turn while it is being read.  ``start`` is None until words were found; ``at`` is where the label ended."""

    role: Role
    label: str | None
    at: int
    start: int | None = None
    end: int = 0
    follow_up: bool = False
    ruled: bool = False  # the first thing below a rule
    heads: bool = False  # a heading over the labelled turn after it


def canonical(blocks: Sequence[Block]) -> tuple[str, list[int]]:
    """The canonical text of a page, and where each block begins in it."""
    offsets, at = [], 0
    for block in blocks:
        offsets.append(at)
        at += len(block.text) + 1
    return "\n".join([block.text for block in blocks]), offsets


def find_turns(
    blocks: Sequence[Block],
    offsets: Sequence[int],
    labels: Labels,
    *,
    preamble: re.Pattern[str],
    closings: re.Pattern[str],
    title: str | None = None,
) -> list[Draft]:
    """The turns of a page in order.  ``title`` is nobody's words where it is the first paragraph.

    A paragraph that opens with a label opens a turn; one without belongs to the turn before it, except that on pages
    that set questions in bold the change between bold and plain is a change of speaker as well.
    """
    openings = [labels.at_start(b.text) if b.text and not CLOSING.fullmatch(b.text) else None for b in blocks]
    header = _header(blocks, openings, labels)
    if header is not None:
        openings[header] = None
    bold_page = labels.dialect.bold and _questions_are_bold(blocks, openings)
    drafts: list[Draft] = []
    current: Draft | None = None
    closed = ruled = False
    first = next((i for i, opening in enumerate(openings) if opening), 0)
    for i, block in enumerate(blocks):
        text, offset, opening = block.text, offsets[i], openings[i]
        if not text:  # a ruled line without words
            current, ruled = None, True
            continue
        is_bold = block.bold >= BOLD_SHARE
        if block.rule or (opening is None and (CLOSING.fullmatch(text) or closings.fullmatch(text))):
            current = None
            drafts.append(Draft("procedural", None, offset, offset, offset + len(text)))
            ruled = ruled or block.rule
            closed = closed or (i > first and not block.rule)
            continue
        if (
            opening is None
            and current is not None
            and ASIDE.fullmatch(text)
            and _speaker_changes(i + 1, blocks, openings)
        ):
            drafts.append(Draft("procedural", None, offset, offset, offset + len(text)))
            current = None
            continue
        leads = None
        if opening is None and not bold_page and _is_head(block):
            leads = _leads_to(i, blocks, openings, first, preamble)
        if leads == "label":
            drafts.append(Draft("procedural", None, offset, offset, offset + len(text), heads=True))
            current = None
            continue
        if opening is not None:
            closed = False
            current = Draft(
                opening.role, opening.label, offset + opening.words, follow_up=opening.follow_up, ruled=ruled
            )
            if opening.role == "question" and opening.label == "记者" and not is_bold and bold_page:
                current.follow_up = True  # a reporter's word back and forth within an answer
            drafts.append(current)
        elif current is None:
            nobody = bool(closed or ASIDE.fullmatch(text) or preamble.match(text))
            nobody = nobody or i == header or (i < HEAD and _is_headline(text, title))
            if not nobody and i < first and leads is None:
                nobody = _HEADING.fullmatch(text) is not None
            role: Role = "procedural" if nobody else "question" if bold_page and is_bold else "statement"
            current = Draft(role, None, offset, ruled=ruled)
            drafts.append(current)
        elif bold_page and (current.role == "question") != is_bold:
            current = Draft("question" if is_bold else "answer", None, offset, ruled=ruled)
            drafts.append(current)
        ruled = False
        current = _take(text, offset, opening, current, drafts, labels)
        if current.role == "procedural" and opening is None:
            current = None
    return drafts


HEAD = 4
"""Paragraphs at most above the briefing's own words: its title, its date, its place."""


def _header(blocks: Sequence[Block], openings: Sequence[Opening | None], labels: Labels) -> int | None:
    """Where a label above the first words is followed by a spokesperson's name alone: ``Spokesperson: Mao Ning``."""
    i = next((i for i, opening in enumerate(openings) if opening), None)
    if i is None or (opening := openings[i]) is None or opening.role != "answer":
        return None
    words = blocks[i].text[opening.words :].strip()
    return i if words in labels.speakers or (labels.dialect.names and labels.person(words)) else None


def _is_headline(text: str, title: str | None) -> bool:
    return text == title or STAMP.fullmatch(text) is not None


def _is_head(block: Block) -> bool:
    """Whether a paragraph is set as a heading: all of it bold, or marked by asterisks, and no sentence."""
    text = block.text
    return (block.bold == 1.0 or text.startswith("**")) and len(text) <= 120 and not text.endswith((*".!?。？！",))


def _leads_to(
    i: int, blocks: Sequence[Block], openings: Sequence[Opening | None], first: int, preamble: re.Pattern[str]
) -> str | None:
    """What stands under the headings from ``i`` on: a paragraph with a "label", spoken "words" without, or neither."""
    while i < len(blocks) and openings[i] is None and _is_head(blocks[i]):
        i += 1
    if i == len(blocks) or blocks[i].rule:
        return None
    if openings[i] is not None:
        return "label"
    text = blocks[i].text
    unspoken = CLOSING.fullmatch(text) or ASIDE.fullmatch(text) or preamble.match(text)
    return None if unspoken or (i < first and _HEADING.fullmatch(text)) else "words"


def _speaker_changes(i: int, blocks: Sequence[Block], openings: Sequence[Opening | None]) -> bool:
    """Whether the next paragraph from ``i`` on that is no stage direction is somebody else's, or there is none."""
    while i < len(blocks) and openings[i] is None and ASIDE.fullmatch(blocks[i].text):
        i += 1
    return (
        i == len(blocks) or openings[i] is not None or blocks[i].rule or CLOSING.fullmatch(blocks[i].text) is not None
    )


def _take(
    text: str, offset: int, opening: Opening | None, current: Draft, drafts: list[Draft], labels: Labels
) -> Draft:
    """Give a paragraph's words to the current turn, and to others where labels were lost inside it."""
    after = opening.words if opening else 0
    for inner in labels.lost(text, after):
        stop = len(text[: inner.start].rstrip())
        if stop > after:
            current = _closed_by_clock(text[after:stop], offset + after, current, drafts)
            _extend(current, offset + after, offset + stop)
        elif current.start is None and current.label == "Q" and drafts[-1] is current:
            drafts.pop()  # a mark that slipped in before the label of the one who does speak
        current = Draft(inner.role, inner.label, offset + inner.words, follow_up=inner.follow_up)
        drafts.append(current)
        after = inner.words
    if after < len(text):
        _extend(current, offset + after, offset + len(text))
    return current


def _closed_by_clock(words: str, at: int, current: Draft, drafts: list[Draft]) -> Draft:
    """The turn that words before a label go to: their own, which nobody spoke, where they are a time of day."""
    if not CLOSING.fullmatch(words):
        return current
    if current.start is None and current.label is None:
        current.role = "procedural"
        return current
    drafts.append(Draft("procedural", None, at))
    return drafts[-1]


def _extend(turn: Draft, start: int, end: int) -> None:
    if turn.start is None:
        turn.start = start
    turn.end = end


def _questions_are_bold(blocks: Sequence[Block], openings: Sequence[Opening | None]) -> bool:
    """Whether most labelled questions stand in bold and most labelled answers do not."""
    asked = [block.bold >= BOLD_SHARE for block, o in zip(blocks, openings, strict=True) if o and o.role == "question"]
    if asked:
        return sum(asked) * 2 > len(asked)
    bold = [block.bold >= BOLD_SHARE for block in blocks]
    return any(o and o.role == "answer" for o in openings) and 0 < sum(bold) < len(bold)


Resolved = dict[str | None, tuple[str | None, str | None]]
"""The person and the outlet that each printed label means."""


def number(drafts: Sequence[Draft], text: str, resolve: Resolved) -> list[tuple[int, Role]]:
    """Each draft's exchange, and its role once it is known whether a question stands before it.

    A question stays in the exchange before it when it is labelled a follow-up, when its asker is the same by name
    ("AFP" and "Agence France-Presse" are), or when it takes up its own broken-off sentence with a dash.
    """
    out: list[tuple[int, Role]] = []
    exchange = current = 0
    asker: str | None = None
    for draft in drafts:
        role = draft.role
        if role == "question":
            same = _same_asker(asker, draft.label, resolve)
            resumed = draft.start is not None and text[draft.start] in "—–-"
            if current == 0 or draft.ruled or not (draft.follow_up or same or resumed):
                exchange += 1
                current, asker = exchange, draft.label
        elif role in ("answer", "statement"):
            if draft.ruled:
                current, asker = 0, None
            if current == 0:
                role = "statement"
            elif role == "statement":
                role = "answer"
        out.append((current, role))
    for n in range(len(drafts) - 2, -1, -1):  # a heading goes with what it stands over
        if drafts[n].heads:
            out[n] = (out[n + 1][0], "procedural")
    return out


def _same_asker(one: str | None, other: str | None, resolve: Resolved) -> bool:
    if one is None or other is None:
        return False
    if one == other:
        return not GENERIC_ASKERS.fullmatch(one)
    (person, outlet), (another, theirs) = resolve.get(one, (None, None)), resolve.get(other, (None, None))
    return person == another and outlet is not None and outlet == theirs


def find_annotations(blocks: Sequence[Block], offsets: Sequence[int]) -> tuple[Annotation, ...]:
    """Struck words, bracketed corrections and stage directions, in order."""
    found = []
    for block, offset in zip(blocks, offsets, strict=True):
        for start, end in block.struck:
            found.append(Annotation(kind="struck", start=offset + start, end=offset + end))
        if _OPENS.search(block.text):
            for match in _INNER_ASIDE.finditer(block.text):
                if match.group().startswith(("[", "［", "〔")):
                    kind = "bracket"
                elif _DATED.search(match.group()):
                    continue  # "(January 3, 2024)": when a call was held
                elif ASIDE.fullmatch(block.text) or _DIRECTION.search(match.group()) or _TOLD.fullmatch(match.group()):
                    kind = "aside"
                else:
                    continue
                found.append(Annotation(kind=kind, start=offset + match.start(), end=offset + match.end()))
    return tuple(sorted(found, key=lambda a: (a.start, a.end)))


def finish(drafts: Sequence[Draft], text: str, resolve: Resolved) -> tuple[Turn, ...]:
    """Turns from drafts.  ``resolve`` maps a printed label to its person and outlet."""
    turns = []
    for n, (draft, (exchange, role)) in enumerate(zip(drafts, number(drafts, text, resolve), strict=True), 1):
        person, outlet = (
            (None, None)
            if draft.label is None and role in ("question", "procedural")
            else resolve.get(draft.label, (None, None))
        )
        start = draft.at if draft.start is None else draft.start
        turns.append(
            Turn(
                n=n,
                exchange=exchange,
                role=role,
                label=draft.label,
                person=person,
                outlet=outlet,
                start=start,
                end=max(start, draft.end),
            )
        )
    return tuple(turns)
