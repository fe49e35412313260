"""How far words went: the ladder of escalation, and the highest rung that a source reached about a country in a week.

The rungs and their words, with sources, stand in ``data/ladder.tsv``.  Words count where the institution says them, in
an answer or a statement; not in a question, not where they are denied ("we do not regret"), and not where what somebody
else feels is told ("Japan condemned").  The longest phrase at a place counts: 强烈不满 is not also 不满.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.formulas.about import Mentions, homes, targets
from onrecord.formulas.arrays import fresh
from onrecord.formulas.concordance import Concordance, Places
from onrecord.formulas.phrasebook import Phrase, Phrasebook
from onrecord.formulas.tokens import split
from onrecord.reading.countries import claimed_by, codes, territory_of
from onrecord.reading.tables import rows

_NOT = "not never no nor neither without hardly t cannot"
_NOT_BUT = "only just merely"
_NOT_UNSPACED = "不 没 未 无 非 勿"
_NOT_VERBS = "会 能 应 是 再 表 予 有 曾 需 必 想 愿 感 对 就"
"""Tokens that deny what comes within ``_REACH`` tokens behind them (the t is that of don't): in English unless one of
the second row follows (not only); in Chinese if the words themselves follow, or one of the fourth row (不会, 没有; but
not 不断, 无端)."""
_OWN = "我 we i our my us"
_OFFICES = "president administration government minister secretary ministry"
"""Tokens that make the institution the subject, as its country's name does; an office, unless it is somebody else's."""
_PAUSES = ", ; : ， ； ："
_POINTS = "对 對 向 就"
"""Before what is the object of words that follow, and not their subject, up to the next of the pauses."""
_OTHERS = (
    "they people countries allies critics 他 她 国际社会 各国 多国 个国家 些国家 等国家 数国家 会国家 会员国 成员国 "
    "邻国 各界 各方 民众 国内外 媒体 网友 网民 学者 专家 有识之士 人士"
)
_OF = "的 s"
"""Words that make somebody else the subject, unless they are the object, and what does right before the words:
邻国的担忧, Japan's concern."""
_CAUSED = "招致 引起 引发 激起 遭到 遭受 受到"
"""Before what somebody else does, in its clause; from ``_OURS`` on they are our own (必将遭到坚决反制)."""
_NONE = "其他 他国 他人"
"""Words in which 他 is nobody."""
_LED = "with to of for against on from about in by and 和 与 同 及 、 据"
"""Before somebody else, what makes him no subject of his own."""
_PEOPLE = "people families citizens consumers workers allies 民众 人民 百姓 盟友 青年"
_WILL = "will would ll going must impose imposing imposed promise promised warned face 必 将 会 终 定"
"""Who pays a price that nobody warned them of, and what makes a warning of what is said to befall the other side."""
_REACH, _CLOSE = 4, 6
_STRONG, _OURS = 5, 8
_FAR = 60
"""Tokens looked at before the words for their subject, at most."""
_NAMES = 4


class Rung(NamedTuple):
    """One phrase of the ladder.

    ``who``: "we" where its subject must be the institution; "will" where it is to befall the other side, so that it
    must be announced; or nothing.  ``source`` says who put it there.
    """

    rung: int
    name: str
    lang: str
    who: str
    phrase: str
    source: str


class Uses(NamedTuple):
    """Words of the ladder as they were used, ascending by place.

    ``row`` numbers into ``ladder()``; ``target`` says about whom, as in ``about.targets``.
    """

    place: Places
    length: NDArray[np.int32]
    row: NDArray[np.int32]
    rung: NDArray[np.int32]
    target: NDArray[np.int32]


class Reached(NamedTuple):
    """The highest rung that a source reached in a week; ``place`` is that of the first use on it, ``uses`` counts them.

    ``week`` as in ISO 8601 (2023-W30), ``monday`` its first day.
    """

    week: str
    monday: str
    source: str
    rung: int
    name: str
    phrase: str
    uses: int
    place: int


@cache
def ladder() -> tuple[Rung, ...]:
    """All phrases of the ladder, those of rung 0 too, which are none."""
    return tuple(
        Rung(int(rung), name, lang, who, phrase, source)
        for rung, name, lang, who, phrases, source in rows("ladder.tsv", 6, package="onrecord.formulas")
        for phrase in phrases.split("|")
    )


def uses(concordance: Concordance, mentions: Mentions, first: int = 0, last: int | None = None) -> Uses:
    """Every use of the ladder's words from place ``first`` up to ``last``, and about whom.

    ``mentions`` are those of the same places, or of all.
    """
    book = Phrasebook([Phrase(row.phrase) for row in ladder()], concordance.lexicon)
    found = book.find(concordance, first, last)
    rungs = np.array([row.rung for row in ladder()], np.int32)
    langs = np.array([concordance.revisions.number(row.lang) for row in ladder()], np.int32)
    turn = concordance.turn_of(found.place)
    good = (turn >= 0) & (rungs[found.phrase] > 0) & concordance.turns.said[turn]
    good &= langs[found.phrase] == concordance.revisions.lang[concordance.turns.revision[turn]]
    place, length, row = found.place[good], found.length[good], found.phrase[good]
    good = _said(concordance, mentions, place, row)
    place, length, row = place[good], length[good], row[good]
    target = targets(concordance, mentions, place, length)
    # What is said of anything ("outrageous", "held accountable") is of whom is named with it.
    loose = np.array([step.lang == "en" and step.rung >= _STRONG and step.who != "we" for step in ladder()])[row]
    target[loose & ~_named(mentions, place, target, concordance.size)] = -1
    return Uses(place, length, row, rungs[row], target)


def weeks(concordance: Concordance, uses: Uses, about: str, turns: NDArray[np.bool_] | None = None) -> list[Reached]:
    """The highest rung reached about a country or body (a code) by each source in each week that has any use.

    ``turns`` is a mask of the turns that count; without it those of the latest revisions do.  In order of weeks, then
    of sources.  Undated texts are left out.
    """
    table = concordance.turns
    if turns is None:
        turns = concordance.revisions.latest[table.revision]
    turn = concordance.turn_of(uses.place)
    code = codes().index(about) if about in codes() else -2
    kept = np.flatnonzero((uses.target == code) & turns[turn])
    revision = table.revision[turn[kept]]
    day, source = concordance.revisions.day[revision], concordance.revisions.source[revision]
    kept, day, source = kept[day > 0], day[day > 0], source[day > 0]
    monday = day - (day - 1) % 7  # day 1 of the calendar was a Monday
    rung = uses.rung[kept]
    # The first row of a source's week is the earliest use of its highest rung.
    order = np.lexsort((uses.place[kept], day, -rung, source, monday))
    kept, monday, source, rung = kept[order], monday[order], source[order], rung[order]
    heading = fresh(monday, source)
    heads, group = np.flatnonzero(heading), np.cumsum(heading) - 1
    count = np.bincount(group[rung == rung[heads][group]], minlength=len(heads)) if len(heads) else heads
    found = []
    for head, number in zip(heads.tolist(), count.tolist(), strict=True):
        first, use = date.fromordinal(int(monday[head])), int(kept[head])
        year, week, _ = first.isocalendar()
        step = ladder()[uses.row[use]]
        found.append(
            Reached(
                f"{year}-W{week:02}",
                first.isoformat(),
                concordance.revisions.values[source[head]],
                step.rung,
                step.name,
                step.phrase,
                number,
                int(uses.place[use]),
            )
        )
    return sorted(found, key=lambda row: (row.monday, row.source))


def _said(concordance: Concordance, mentions: Mentions, place: Places, row: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether the words are neither denied nor somebody else's; ``row`` numbers into ``ladder()``."""
    number = concordance.lexicon.number

    def among(ids: NDArray[np.int32], words: str) -> NDArray[np.bool_]:
        """Where one of those words begins that ends in the same row."""
        found = np.zeros(ids.shape, np.bool_)
        for word in words.split():
            here = np.ones(ids.shape, np.bool_)
            for step, token in enumerate(split(word)[0]):
                here[:, ids.shape[1] - step :] = False
                here[:, : ids.shape[1] - step] &= ids[:, step:] == (-1 if (id := number(token)) is None else id)
            found |= here
        return found

    sentence = np.maximum(np.maximum(_last(mentions.sentences, place), place - _FAR), 0)
    clause = np.maximum(_last(mentions.pauses, place) + 1, sentence)
    near = np.maximum(place[:, None] - np.arange(_REACH, -1, -1), 0)
    ids = concordance.take(near)
    denies = among(ids[:, :-1], _NOT) & ~among(ids[:, 1:], _NOT_BUT)
    after = among(ids[:, 1:], _NOT_VERBS)
    after[:, -1] = True  # the words themselves
    denies |= among(ids[:, :-1], _NOT_UNSPACED) & after
    denied = (denies & (near[:, :-1] >= clause[:, None])).any(axis=1)

    who = np.array([step.who for step in ladder()])[row]
    good: NDArray[np.bool_] = ~denied
    warned = np.flatnonzero((who == "will") & ~denied)
    before = place[warned, None] - np.arange(_FAR, 0, -1)
    ids, inside = concordance.take(np.maximum(before, 0)), before >= sentence[warned, None]
    people = among(ids, _PEOPLE) & (before >= clause[warned, None])
    good[warned] = (among(ids, _WILL) & inside).any(axis=1) & ~people.any(axis=1)

    asked = np.flatnonzero((who == "we") & ~denied)
    # Of strong words in English the subject must be told: "condemn" is said of anybody.
    strict = np.array([step.lang == "en" and step.rung >= _STRONG for step in ladder()])[row[asked]]
    manner = np.array([step.phrase.startswith("in ") for step in ladder()])[row[asked]]
    place, sentence, clause = place[asked], sentence[asked], clause[asked]
    before = place[:, None] - np.arange(_FAR, 0, -1)
    ids = concordance.take(np.maximum(before, 0))
    own, others, points = among(ids, _OWN), among(ids, _OTHERS), among(ids, _POINTS)
    nobody = among(ids, _NONE)
    others &= ~nobody
    others[:, 1:] &= ~nobody[:, :-1]
    owned = np.zeros_like(others)
    owned[:, -1] = among(ids[:, -1:], _OF)[:, 0]
    foreign = np.zeros_like(own)
    home = homes(concordance)
    known = sorted(set(home))
    belongs = np.zeros((len(known), len(codes())), np.bool_)
    for number_of, country in enumerate(known):
        belongs[number_of] = [code in territory_of(country) | claimed_by(country) for code in codes()]
    row_of = np.array([known.index(country) for country in home], np.int32)[concordance.revision_of(place)]
    for back in range(1, _NAMES + 1):  # the names before the words
        at = np.searchsorted(mentions.place, place) - back
        there = np.flatnonzero(at >= 0)
        way = place[there] - mentions.place[at[there]]
        there, way = there[way <= _FAR], way[way <= _FAR]
        ours_too = belongs[row_of[there], mentions.code[at[there]]]
        own[there, _FAR - way] |= ours_too
        foreign[there, _FAR - way] |= ~ours_too
    led = among(ids, _LED)
    led[:, 1:] |= led[:, :-1] & among(ids, "the")[:, 1:]
    led = np.concatenate([np.zeros_like(led[:, :1]), led[:, :-1]], axis=1)
    office = among(ids, _OFFICES)
    for step in (1, 2):  # the (South) Korean government
        office[:, step:] &= ~foreign[:, :-step]
    own |= office
    pause = _latest(among(ids, _PAUSES))
    mild = np.array([step.rung < _OURS for step in ladder()])[row[asked]]
    caused = among(ids, _CAUSED) & mild[:, None]
    theirs, settled, told = np.zeros((3, len(place)), np.bool_)
    for low in (clause, sentence):  # who is named in the clause is the subject, else who is named in the sentence
        inside = before >= low[:, None]
        pointed = inside & (_latest(points & inside) > pause)
        others_too = (others | foreign) & ~pointed & inside
        us = own & inside & ~(pointed & others_too.any(axis=1, keepdims=True))  # 日方对我…的关切
        if low is clause:
            # Whoever else is named right before the words, whatever the clause began with.
            near = others_too & ~led & ~own
            theirs |= ~manner & near[:, -_CLOSE:].any(axis=1) & (_final(near) > _final(us))
            others_too |= caused & ~pointed & inside
        told |= us.any(axis=1)
        theirs |= ~settled & (others_too | owned & inside).any(axis=1) & ~us.any(axis=1)
        settled |= (us | others_too | owned & inside).any(axis=1)
    good[asked[theirs | strict & ~told]] = False
    return good


def _named(mentions: Mentions, place: Places, target: NDArray[np.int32], size: int) -> NDArray[np.bool_]:
    """Whether the target is named in the sentence of each use or the one before."""
    key = np.sort(mentions.code * np.int64(size) + mentions.place)
    at = np.searchsorted(mentions.sentences, place, side="right")
    bounds = np.concatenate([[0, 0], mentions.sentences, [size]])
    low, high = (np.searchsorted(key, target * np.int64(size) + bounds[at + step]) for step in (0, 2))
    named: NDArray[np.bool_] = high > low
    return named


def _final(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The last column of each row that is set, -1 if none is."""
    last = flags.shape[1] - 1 - flags[:, ::-1].argmax(axis=1)
    return np.where(flags.any(axis=1), last, -1)


def _latest(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each column of a row the last one so far that is set, -1 if none is."""
    return np.maximum.accumulate(np.where(flags, np.arange(flags.shape[1]), -1), axis=1)


def _last(bounds: Places, place: Places) -> Places:
    """The last of the bounds at or before each place, -1 if there is none."""
    return np.concatenate([[-1], bounds])[np.searchsorted(bounds, place, side="right")]
