"""Formulas held against the real pages of the shared corpus: counts against a search of all texts, and what is mined.

See tests/test_corpus.py for the corpus, tests/formulas/test_concordance.py for made-up texts, bench/formulas.py for
speed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import onrecord
from onrecord.formulas.model import Mined
from onrecord.model import Edition, Turn
from onrecord.reading.fold import fold
from onrecord.record import Record

pytestmark = pytest.mark.corpus

PHRASES = 200
"""Random phrases in each language."""

# What a reader of these briefings would name; see test_set_phrases_are_mined.
CHINESE = """
人类命运共同体 一个中国原则 冷战思维 零和博弈 双重标准 长臂管辖 无端指责 干涉内政 干涉中国内政 颠倒黑白 全球发展倡议
全球安全倡议 全球文明倡议 和平共处五项原则 互利共赢 合作共赢 联合国宪章宗旨和原则 国际关系基本准则 真正的多边主义
单边制裁 政治操弄 意识形态 集团对抗 泛化国家安全概念 正当合法权益 核心利益 污蔑抹黑 甩锅推责 混淆视听 别有用心
世纪谎言 以台制华 粗暴干涉 有罪推定 脱钩断链 相互尊重、和平共处、合作共赢 共商共建共享 同舟共济 劝和促谈 政治解决
对话协商 不针对第三方 产业链供应链 国际公平正义 公平、公正、非歧视 散布虚假信息 严正交涉 无中生有 冷静克制 强权政治
一国两制 中美三个联合公报 搬起石头砸自己的脚
"""
ENGLISH = """
rules-based international order
as long as it takes
I don't have anything to announce
I don't have anything to preview
I'm not going to get ahead of
I'm not going to get into hypotheticals
I'm not going to speculate
I would refer you to
from the bottom up and the middle out
build back better
free and open Indo-Pacific
whole-of-government approach
at the end of the day
woman's right to choose
sovereignty and territorial integrity
across the aisle
made in America
we have been very clear
President has been very clear
continue to have those conversations
lowering costs for the American people
cut the deficit
negotiate in good faith
every tool at our disposal
pay their fair share
root causes of migration
supply chain disruptions
nothing about Ukraine without Ukraine
One China policy
right to defend itself
shots in arms
peaceful transfer of power
assault weapons ban
full faith and credit of the United States
"""


def pages(shared: Path, *, zh: int = 1, en: int = 4) -> list[str]:
    """Every so manieth page of each language."""
    corpus = shared / "corpus"
    found = [*sorted((corpus / "mfa-cn-zh").glob("*.html"))[::zh], *sorted((corpus / "whitehouse").glob("*.md"))[::en]]
    return [str(path) for path in found]


@pytest.fixture(scope="module")
def record(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """All Chinese pages and every fourth of the White House's; its concordance is of two parts."""
    every = pages(shared)
    with onrecord.open(tmp_path_factory.mktemp("formulas") / "record") as record:
        record.add_all(*every[:-60])
        record.formula("the first part")
        record.add_all(*every[-60:])
        yield record


class Text(NamedTuple):
    """An edition, its folded text, and the folded words of its turns."""

    edition: Edition
    folded: str
    turns: list[tuple[Turn, str]]


@pytest.fixture(scope="module")
def texts(record: Record) -> list[Text]:
    """Every edition of the record."""
    return [
        Text(edition, fold(edition.text), [(turn, fold(edition.words(turn))) for turn in edition.turns])
        for edition in record.editions()
    ]


def random_phrase(rng: random.Random, text: str) -> str:
    """Two to eight words, or two to twelve characters of Chinese, or any slice; as it is printed."""
    while True:
        start = rng.randrange(len(text))
        if rng.random() < 0.3:
            phrase = text[start : start + rng.randint(1, 40)]
        elif text.isascii() or text[start].isascii():
            words = text[start : start + 200].split(" ")[1:-1]
            phrase = " ".join(words[: rng.randint(2, 8)])
        else:
            phrase = text[start : start + rng.randint(2, 12)]
        if fold(phrase).strip(" "):
            return phrase


def expected(texts: list[Text], phrase: str) -> dict[str, Any]:
    """What a search through the texts says of a phrase."""
    holding = [text for text in texts if phrase in text.folded]
    counts = [(text.edition, text.folded.count(phrase)) for text in holding]
    held = [(text.edition, turn) for text in holding for turn, words in text.turns if phrase in words]
    dates = [edition.date for edition, _ in counts if edition.date]
    by_year: Counter[str] = Counter()
    by_source: Counter[str] = Counter()
    for edition, count in counts:
        by_year[edition.date[:4] if edition.date else "unknown"] += count
        by_source[edition.source] += count
    return {
        "total": sum(count for _, count in counts),
        "turns": len(held),
        "exchanges": len({(edition.id, turn.exchange) for edition, turn in held}),
        "editions": len(counts),
        "occasions": len({edition.occasion for edition, _ in counts}),
        "by_year": dict(by_year),
        "by_source": dict(by_source),
        "first": min(dates, default=None),
        "last": max(dates, default=None),
    }


def said(record: Record, phrase: str, **filters: Any) -> dict[str, Any]:
    """What the record says of it, and that its first and last use stand where it says."""
    life = record.formula(phrase, variants=False, **filters)
    for use in (life.first, life.last):
        if use is not None:
            edition = record[use.id.partition("#")[0]]
            assert fold(edition.text[use.start : use.end]) == fold(phrase).strip(" ")
            assert edition.date == use.date
            assert in_turn(edition, use.start, use.end) == use.turn
    counts = {name: getattr(life, name) for name in ("total", "turns", "exchanges", "editions", "occasions")}
    ends = {name: use.date if use else None for name, use in (("first", life.first), ("last", life.last))}
    return counts | {"by_year": life.by_year, "by_source": life.by_source} | ends


def in_turn(edition: Edition, start: int, end: int) -> int | None:
    return next((turn.n for turn in edition.turns if turn.start <= start and end <= turn.end), None)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_random_phrases(record: Record, texts: list[Text], lang: str) -> None:
    """To the last occurrence; texts of all languages are searched."""
    rng = random.Random(f"formulas {lang}")
    those = [text.edition.text for text in texts if text.edition.lang == lang]
    found = Counter[bool]()
    for _ in range(PHRASES):
        phrase = random_phrase(rng, rng.choice(those))
        wanted = expected(texts, fold(phrase).strip(" "))
        assert said(record, phrase) == wanted, phrase
        found[wanted["total"] > 1] += 1
    assert found[True] > PHRASES // 4, "phrases that stand in several places are among them"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "filters",
    [
        {"lang": "zh"},
        {"source": "us-whitehouse"},
        {"country": "CN", "since": "2022"},
        {"since": "2021-11-05", "until": "2023-02-28"},
        {"until": "2022-03", "lang": "en"},
        {"kind": "official", "since": "2021", "until": "2021"},
        {"since": "2031"},
    ],
    ids=str,
)
def test_filters(record: Record, texts: list[Text], lang: str, filters: dict[str, Any]) -> None:
    """Those of ``Record.editions``."""
    rng = random.Random(f"{lang} {filters}")
    ids = {edition.id for edition in record.editions(**filters)}
    within = [text for text in texts if text.edition.id in ids]
    those = [text.edition.text for text in texts if text.edition.lang == lang]
    for _ in range(20):
        phrase = random_phrase(rng, rng.choice(those))
        assert said(record, phrase, **filters) == expected(within, fold(phrase).strip(" ")), phrase


@pytest.mark.parametrize(("phrase", "person"), [("坚决反对", "Wang Wenbin"), ("the president", "Karine Jean-Pierre")])
def test_by_person(record: Record, texts: list[Text], phrase: str, person: str) -> None:
    """Uses in the turns of whoever speaks."""
    held = [(turn, words.count(phrase)) for text in texts for turn, words in text.turns if phrase in words]
    counts: Counter[str] = Counter()
    for turn, count in held:
        if turn.person:
            counts[turn.person] += count
    assert record.formula(phrase, variants=False).by_person == counts
    assert counts[person] > 100
    life = record.formula(phrase, variants=False, person=person)
    assert life.total == counts[person]
    assert life.by_person == {person: counts[person]}
    assert life.turns == sum(turn.person == person for turn, _ in held)


@pytest.mark.parametrize(("phrase", "outlet"), [("坚决反对", "AFP"), ("一个中国原则", "Bloomberg")])
def test_by_outlet(record: Record, texts: list[Text], phrase: str, outlet: str) -> None:
    """Uses in its questions, and in what is said in its exchanges after them."""

    def prompted(edition: Edition, turn: Turn) -> bool:
        asked = [
            one.outlet
            for one in edition.turns
            if one.exchange == turn.exchange and one.role == "question" and one.outlet and one.n <= turn.n
        ]
        return bool(asked) and asked[-1] == outlet

    wanted = sum(
        words.count(phrase)
        for text in texts
        if phrase in text.folded
        for turn, words in text.turns
        if prompted(text.edition, turn)
    )
    assert wanted > 10
    assert record.formula(phrase, variants=False).by_outlet[outlet] == wanted
    assert record.formula(phrase, variants=False, outlet=outlet).total == wanted


@pytest.mark.parametrize(("lang", "phrases"), [("zh", CHINESE.split()), ("en", ENGLISH.strip().split("\n"))])
def test_set_phrases_are_mined(record: Record, texts: list[Text], lang: str, phrases: list[str]) -> None:
    """Of those that stand in ten occasions at least, nine in ten are among the first two thousand."""
    told = {fold(one.formula) for one in record.formulas(lang=lang, limit=2000)}
    wanted = [phrase for phrase in phrases if said_on(texts, fold(phrase)) >= 10]
    assert len(wanted) > len(phrases) // 2
    missed = [phrase for phrase in wanted if fold(phrase) not in told]
    assert len(missed) <= len(wanted) // 10, missed


def said_on(texts: list[Text], phrase: str) -> int:
    """The number of occasions."""
    return len({text.edition.occasion for text in texts if phrase in text.folded})


def test_formulas_are_counted_exactly(record: Record, texts: list[Text]) -> None:
    """Rows of the table say what a search of the texts of their source and language says."""
    for lang in ("zh", "en"):
        within = [text for text in texts if text.edition.lang == lang]
        rows = record.formulas(lang=lang, limit=60)
        assert len(rows) == 60
        for row in rows:
            wanted = expected(within, fold(row.formula))
            assert (row.count, row.first, row.last) == (wanted["total"], wanted["first"], wanted["last"]), row.formula
            assert row.occasions <= wanted["occasions"]


def test_a_few_pages_more_change_the_table_as_if_all_were_mined_anew(shared: Path, tmp_path: Path) -> None:
    every = pages(shared, zh=8, en=40)
    late = [every[0], every[60], every[-1]]
    with onrecord.open(tmp_path / "grown") as grown, onrecord.open(tmp_path / "fresh") as fresh:
        grown.add_all(*(page for page in every if page not in late))
        before = grown.formulas(limit=None)
        grown.add_all(*late)
        fresh.add_all(*every)
        after = grown.formulas(limit=None)
        assert after == fresh.formulas(limit=None)
        assert after != before
        assert len(after) > 1_000
        assert record_again(tmp_path / "grown") == after


def record_again(folder: Path) -> list[Mined]:
    """The table as another process finds it on disk."""
    with onrecord.open(folder) as record:
        return record.formulas(limit=None)
