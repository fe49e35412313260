"""Cues to paragraphs and turns: who is heard in a recording, as far as its subtitles say.

A paragraph begins where the captions mark another speaker (a ``<v>`` tag, ``>>``, a dash, a printed label) and after a
long pause.  A turn begins where a speaker is marked; in a recording that marks none, after each long pause.  A pause is
long when nothing is said for PAUSE milliseconds, and for three times as long as the shortest quarter of the
recording's gaps.  Nobody is named who is not named in print: a turn without a label has neither person nor outlet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median, quantiles

import msgspec

from onrecord.errors import NotABriefing
from onrecord.model import Annotation, Role
from onrecord.reading.blocks import RECORDING, Block, Page
from onrecord.reading.cues import Cue, captions
from onrecord.reading.html import clean
from onrecord.reading.labels import Labels, looks_like_name
from onrecord.reading.layout import joint
from onrecord.reading.people import honored
from onrecord.reading.sentences import sentence_spans
from onrecord.reading.titles import about
from onrecord.reading.turns import GENERIC_ASKERS, Draft, find_annotations
from onrecord.sources.dialects import CAPITAL_LABEL

PAUSE = 1500
"""Milliseconds.  A speaker's breath is shorter; before another is given the word it takes longer."""
_USUAL = 3
"""How many times as long as the shortest quarter of the recording's gaps a pause is: where somebody interprets, or a
voice is slow, each sentence stands apart."""

_MARK = re.compile(r"\s*(?:[>＞]{2,3}|≫)\s*")
"""Another speaker, and with three signs another subject: the custom of captions for television (CEA-608)."""
_DASH = re.compile(r"[-‐‑–—]+\s*(?=[^\s\d…-])")
_CLEAR_DASH = re.compile(r"[-‐‑–] ?(?=[^a-z\s\d…-])")
"""One that opens speech: a dash before a small letter may go on with a sentence."""
_COLON = re.compile(r"(?P<label>[^\s:：\[\]()（）【】][^:：]{0,59}?)\s*[:：](?![/\d])\s*")
_BRACKETS = re.compile(r"[\[(（【]\s*(?P<label>[^\[\]()（）【】]{1,60}?)\s*[\])）】]\s*[:：]?\s*(?=\S)")
_CAPITALS = re.compile(CAPITAL_LABEL)
_ENDED = re.compile(r"[.!?…。！？;；—–-][\"”’'』」）)\]]*$|[)）\]】♪♫♬]$")
_OPENERS = frozenset(
    ["Look", "So", "Well", "Now", "And", "But", "Yes", "No", "Okay", "OK", "Listen", "Again", "One", "Two"]
)
"""Words that stand before a colon at the beginning of a speech and are nobody."""
_NO_NAME = re.compile(
    r"\b(?:AN?|AND|ARE|AS|AT|BUT|BY|FINAL|FIRST|FOR|FOLLOW|FROM|HAVE|HERE|HIS|I|IN|IS|IT|LAST|LET|LINE|MY|NEXT|NOT?|NOW|OF|"
    r"ON|ONE|ONLY|OR|OUR|POINT|QUESTIONS?|QUICK|SECOND|SO|THAT|THE|THERE|THESE|THINGS?|THIRD|THIS|TO|TWO|WAS|WE|WELL|WHAT|"
    r"WHO|WHY|WITH|YES|YOUR?)\b"
)
"""Words in capitals that make what stands before a colon something that is said."""
_SENTENCE_BEFORE_COLON = re.compile(r"[是说道示出为]$")
_SOUND = re.compile(
    r"(?i)music|applau|clapp|cheer|laugh|chuckl|inaudible|indistinct|unintelligible|crosstalk|overlapping|speak(?!er)|foreign|"
    r"silence|noise|\bbell|phone|rings?\b|chatter|murmur|sigh|cough|gavel|shutter|static|beep|no audio|blank.?audio|"
    r"pause|translat|interpret|off.?mic|掌声|鼓掌|笑|音乐|外语|听不清|翻译|现场|噪音"
)
_SIGNS = re.compile(r"[♪♫♬][^♪♫♬]{1,500}[♪♫♬]+|[♪♫♬]+")
_ASIDE = re.compile(
    r"(?:\s*(?:\([^()]{0,300}\)|（[^（）]{0,300}）|\[[^\[\]]{0,300}\]|[♪♫♬][^♪♫♬]{0,500}[♪♫♬]*|\*[^*]{1,80}\*)[.。]?)+"
)
_ROUND = re.compile(r"\([^()]{1,120}\)|（[^（）]{1,120}）")
_HYPHEN = re.compile(r"\w[-‐]$")
_ASKED = re.compile(r"[?？؟][\"”’'』」）)\]]*$|[吗呢][。.]?$")


class Caption(Block, frozen=True, gc=False):
    """A paragraph of a recording.

    ``label`` is what may be its speaker's label, printed in the first ``words`` characters of the text, and ``sure``
    says that it is one whatever it reads.  ``change`` says that the captions mark another speaker, ``aside`` that
    nothing is said in it.
    """

    label: str | None = None
    words: int = 0
    sure: bool = False
    change: bool = False
    aside: bool = False


class Heard(msgspec.Struct, frozen=True):
    """Who speaks when, what is heard besides, and a sentence on what the turns rest on."""

    drafts: list[Draft]
    annotations: tuple[Annotation, ...]
    notice: str


class _Piece(msgspec.Struct, gc=False):
    """Words of one speaker in one line, and what stands before them: ``printed`` is the label as the text has it."""

    words: str
    change: bool = False
    pause: bool = False
    label: str | None = None
    printed: str = ""
    sure: bool = False
    inside: bool = False  # all is in capitals, and the sentence before the label has not ended


def subtitle_page(text: str, name: str = "") -> Page:
    """A file of subtitles as paragraphs.  ``name`` is the file's, which often tells the day and the language.

    Raises NotABriefing when it has no cues.
    """
    shown = captions(text)
    notices = []
    if shown.rolling:
        notices.append("lines that the rolling captions show more than once are given once")
    if shown.broken:
        notices.append("times of cues that are broken were taken from the cues beside them")
    blocks = _paragraphs(_pieces(shown.cues))
    if not blocks:
        raise NotABriefing("holds no text")
    return Page(format=RECORDING, meta=about(shown.head, name), blocks=blocks, notices=tuple(notices))


# --- cues to paragraphs


def _pieces(cues: list[Cue]) -> list[_Piece]:
    """What is shown, parted where another speaker is marked or a label may stand."""
    texts = [line.text for cue in cues for line in cue.lines]
    stops = sum(1 for text in texts if _ENDED.search(text[-8:]))
    letters = "".join(texts[:200])
    shouted = sum(map(str.isupper, letters)) > 10 * sum(map(str.islower, letters))
    voiced = any(line.voice for cue in cues for line in cue.lines)
    pieces: list[_Piece] = []
    voice = None
    change, ended = False, True
    for cue, pause in zip(cues, _pauses(cues), strict=True):
        dashes = sum(1 for line in cue.lines if _DASH.match(line.text))
        first = True
        for line in cue.lines:
            text = line.text
            dash = _DASH.match(text)
            if dash and (dashes > 1 or (ended and _CLEAR_DASH.match(text))):
                change, text = True, text[dash.end() :]
            for n, words in enumerate(_MARK.split(text)):
                change = change or n > 0
                if not words:
                    continue
                piece = _Piece(words, change, pause)
                if line.voice and line.voice != voice:
                    voice = line.voice
                    piece = _Piece(words, True, pause, voice, f"{voice}: ", True)
                elif not voiced and (change or ended or first):
                    _find_label(piece, ended=ended, shouted=shouted)
                pieces.append(piece)
                change = pause = first = False
                # where the captions have no stops, a label may stand at the start of any line
                ended = stops * 10 < len(texts) or _ENDED.search(words[-8:]) is not None
    return pieces


def _find_label(piece: _Piece, *, ended: bool, shouted: bool) -> None:
    """Give a piece the label it opens with, if it opens with what may be one.  Capitals before a colon are one where
    the words before have ``ended``, or another speaker is marked; but not where all is in capitals (``shouted``), so
    that they are no other than any words."""
    match = _COLON.match(piece.words) or _BRACKETS.match(piece.words)
    if not match:
        return
    label = match["label"]
    capitals = label.upper() == label != label.lower()
    latin = _CAPITALS.fullmatch(label) if capitals else looks_like_name(label)
    named = latin or label.istitle() or (capitals and not label.isascii())
    if not named or _SOUND.search(label) or _SENTENCE_BEFORE_COLON.search(label):
        return
    any_words = capitals and shouted and match.re is _COLON and not honored(label)
    piece.sure = piece.change and label.capitalize() not in _OPENERS and not any_words
    if match.re is _COLON:
        piece.sure = piece.sure or (capitals and ended and not shouted)
        piece.inside = any_words and not (piece.change or ended)
    else:
        piece.sure = piece.sure or match.group().rstrip().endswith((":", "："))
    piece.label, piece.printed, piece.words = label, piece.words[: match.end()], piece.words[match.end() :]


def _pauses(cues: list[Cue]) -> list[bool]:
    """Whether there is a long pause before each cue.

    Captions often stay until the next come.  So what is said in a cue is held to end with it, and at the latest one
    second after its last word begins, or after half as long again as so many letters usually take.
    """
    sizes = [sum(len(line.text) for line in cue.lines) for cue in cues]
    pace = median((cue.end - cue.start) / size for cue, size in zip(cues, sizes, strict=True))
    ends = [
        min(cue.end, 1000 + (cue.last or cue.start + 1.5 * pace * size)) for cue, size in zip(cues, sizes, strict=True)
    ]
    gaps = [cue.start - end for end, cue in zip(ends, cues[1:], strict=False)]
    usual = quantiles(gaps, n=4)[0] if len(gaps) > 1 else 0
    return [False, *(gap >= max(PAUSE, _USUAL * usual) for gap in gaps)]


def _paragraphs(pieces: list[_Piece]) -> list[Block]:
    printed = Counter(piece.label for piece in pieces if piece.label)
    lines = [piece.words for piece in pieces]
    broken = sum(1 for line in lines if _HYPHEN.search(line[-2:]))
    known = Counter(re.findall(r"\w+(?:-\w+)*", "\n".join(lines).lower())) if broken else Counter()
    breaks_words = broken * 25 > len(lines)
    blocks: list[Block] = []
    said: list[_Piece] = []
    asides: list[_Piece] = []
    speaker = None

    def flush(pieces: list[_Piece], aside: bool = False) -> None:
        if pieces:
            first = pieces[0]
            words = clean(_joined([piece.words for piece in pieces if piece.words], known, breaks_words))
            opening = first.printed if words else first.printed.rstrip()
            if opening and words and not first.words:  # the label has a line to itself
                opening += joint(opening[-80:], words, False, known, breaks_words)
            blocks.append(
                Caption(
                    text=opening + words,
                    label=first.label,
                    words=len(opening),
                    sure=first.sure,
                    change=first.change,
                    aside=aside,
                )
            )
            pieces.clear()

    for piece in pieces:
        piece.sure = piece.sure or printed[piece.label or ""] > 1
        if piece.inside and not (piece.sure or GENERIC_ASKERS.fullmatch(piece.label or "")):
            piece.label, piece.printed, piece.words = None, "", piece.printed + piece.words
        if piece.label and piece.sure:
            if piece.label == speaker and not GENERIC_ASKERS.fullmatch(speaker):  # the label is printed on each cue
                piece.label, piece.printed, piece.change = None, "", False
            else:
                speaker = piece.label
        elif piece.change or piece.label:
            speaker = None
        if not piece.label and _ASIDE.fullmatch(piece.words):
            if piece.change:
                flush(said)
                flush(asides, aside=True)
                flush([piece], aside=True)
            else:
                asides.append(piece)
            continue
        if piece.change or piece.label or piece.pause or any(aside.pause for aside in asides):
            flush(said)
            flush(asides, aside=True)
        said += [*asides, piece]
        asides.clear()
    flush(said)
    flush(asides, aside=True)
    return blocks


def _joined(lines: list[str], known: Counter[str], breaks_words: bool) -> str:
    """Lines as running text: no space in scripts that write none, words put together that a hyphen broke."""
    parts = lines[:1]
    for above, line in pairwise(lines):
        above = above[-80:]
        hyphen = _HYPHEN.search(above) is not None
        if hyphen:
            parts[-1] = parts[-1][:-1]
        parts += [joint(above[:-1] if hyphen else above, line, hyphen, known, breaks_words), line]
    return "".join(parts)


# --- paragraphs to turns


def hear(blocks: Sequence[Block], offsets: Sequence[int], labels: Sequence[Labels]) -> Heard:
    """The turns of a recording.

    The first of ``labels`` that knows a printed label tells what part it plays.  Whoever none knows asks when most of
    what that label says are questions, and a marked speaker without a label when those words are one.
    """
    paragraphs = [block for block in blocks if isinstance(block, Caption)]
    text = "\n".join([block.text for block in paragraphs])
    parts = {block.label: _part(block, labels) for block in paragraphs if block.label}
    labelled = any(block.label and block.sure for block in paragraphs)
    named = [
        block.label is not None
        and (block.sure or parts[block.label] is not None or (labelled and _is_full_name(block)))
        for block in paragraphs
    ]
    marked = any(named) or any(block.change for block in paragraphs)
    drafts: list[Draft] = []
    current: Draft | None = None
    open_roles: list[Draft] = []
    printed: set[int] = set()  # where labels begin, which are no stage directions though they may stand in brackets
    for n, (block, offset, has_label) in enumerate(zip(paragraphs, offsets, named, strict=True)):
        end = offset + len(block.text)
        last = n + 1 == len(paragraphs)
        if block.aside and (current is None or last or _opens(n + 1, paragraphs, named, marked)):
            drafts.append(Draft("procedural", None, offset, offset, end))
            current = None
            continue
        if current is None or _opens(n, paragraphs, named, marked):
            label = block.label if has_label else None
            role, follow_up = (parts[label] if label else None) or ("statement", False)
            words = offset + block.words if has_label else offset
            if words > offset:
                printed.add(offset)
            current = Draft(role, label, words, follow_up=follow_up)
            drafts.append(current)
            if not label or parts[label] is None:
                open_roles.append(current)
            if words < end:
                current.start, current.end = words, end
        else:
            current.end = end
            current.start = offset if current.start is None else current.start
    _give_roles(open_roles, [draft for draft in drafts if draft.start is not None and draft.role != "procedural"], text)
    return Heard(drafts, _asides(paragraphs, offsets, printed), _rests_on(marked, any(named)))


def _opens(n: int, paragraphs: Sequence[Caption], named: Sequence[bool], marked: bool) -> bool:
    """Whether a paragraph opens a turn: where a speaker is marked, or where nobody is and a long pause parted it."""
    return named[n] or paragraphs[n].change or not marked


def _is_full_name(block: Caption) -> bool:
    """Whether a label of several words stands before a colon; among labels it is one though it occurs once.  Capitals
    are, behind a mark of another speaker, where none of the words is one that no name holds."""
    label = block.label or ""
    named = (block.change and not _NO_NAME.search(label)) if label.isupper() else True
    return " " in label and named and block.text[: block.words].rstrip().endswith((":", "："))


def _part(block: Caption, labels: Sequence[Labels]) -> tuple[Role, bool] | None:
    """The role a label gives, and whether it is a follow-up; None when it is not known who that is."""
    label = block.label or ""
    last = label.split()[-1].casefold()
    if any(last == name.split()[-1].casefold() for name in labels[0].speakers):
        return "answer", False
    part = next((part for each in labels if (part := each.part(label))), None)
    if part and label.isupper() and not block.sure:  # where all is in capitals, any words look like a name
        asks = any(each.question.fullmatch(label) for each in labels) or labels[0].outlet(label)
        return part if asks or labels[0].person(label) or honored(label) else None
    return part


def _give_roles(open_roles: list[Draft], spoken: list[Draft], text: str) -> None:
    """Roles of those whose label gives none.  A question is a turn that ends in one, and that a longer one follows or
    one that does not ask."""
    asks = [_asks(text, draft) for draft in spoken]
    asking = set()
    for n, draft in enumerate(spoken[:-1]):
        after = spoken[n + 1]
        if asks[n] and (not asks[n + 1] or after.end - (after.start or 0) > draft.end - (draft.start or 0)):
            asking.add(id(draft))
    by_label: dict[str | None, list[Draft]] = {}
    for draft in open_roles:
        by_label.setdefault(draft.label, []).append(draft)
    for label, of_label in by_label.items():
        most = 2 * sum(id(draft) in asking for draft in of_label) >= len(of_label)
        for draft in of_label:
            if most if label else id(draft) in asking:
                draft.role = "question"


def _asks(text: str, draft: Draft) -> bool:
    """Whether one of the last two sentences is a question; the last is often "Thank you."."""
    start = max(draft.start or 0, draft.end - 600)
    return any(_ASKED.search(text[max(a, b - 8) : b]) for a, b in sentence_spans(text, start, draft.end)[-2:])


def _asides(blocks: Sequence[Caption], offsets: Sequence[int], labels: set[int]) -> tuple[Annotation, ...]:
    """Stage directions: captions put nothing else in square brackets.  ``labels`` is where printed labels begin."""
    spoken = [(block, offset) for block, offset in zip(blocks, offsets, strict=True) if not block.aside]
    found = {(offset, offset + len(block.text)) for block, offset in zip(blocks, offsets, strict=True) if block.aside}
    found |= {(note.start, note.end) for note in find_annotations([b for b, _ in spoken], [o for _, o in spoken])}
    for block, offset in spoken:
        found |= {(offset + m.start(), offset + m.end()) for m in _SIGNS.finditer(block.text)}
        brackets = _ROUND.finditer(block.text) if "(" in block.text or "（" in block.text else ()
        found |= {(offset + m.start(), offset + m.end()) for m in brackets if _SOUND.search(m.group())}
    found = {span for span in found if span[0] not in labels}
    return tuple(Annotation(kind="aside", start=start, end=end) for start, end in sorted(found))


def _rests_on(marked: bool, named: bool) -> str:
    if named:
        return "turns are by the speakers that the captions name"
    if marked:
        return "turns are by the captions' marks of another speaker, which name nobody"
    return "turns are by pauses; the recording marks no speakers"
