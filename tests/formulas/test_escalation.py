"""The ladder of escalation: which words stand on which rung, and which uses of them count."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from test_about import Said, concordance

from onrecord.formulas.about import mentions
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.escalation import Reached, ladder, uses, weeks
from onrecord.reading.countries import codes
from onrecord.reading.fold import fold


def climbed(words: str, lang: str = "en", role: str = "a", country: str = "XV") -> list[tuple[int, str]]:
    """Rung and phrase of every use that counts."""
    made = concordance(("xv-mfa", country, lang, [(role, 1, words)]))
    return [(ladder()[row].rung, ladder()[row].phrase) for row in uses(made, mentions(made)).row]


def test_the_table() -> None:
    """At least eight rungs, both languages on each of them, every phrase once, every row with a source that is told."""
    by_rung: defaultdict[int, set[str]] = defaultdict(set)
    names: defaultdict[int, set[str]] = defaultdict(set)
    phrases = [(row.lang, fold(row.phrase)) for row in ladder()]
    assert len(phrases) == len(set(phrases)), [p for p in phrases if phrases.count(p) > 1]
    for row in ladder():
        by_rung[row.rung].add(row.lang)
        names[row.rung].add(row.name)
        assert set(row.source.split()) <= set("BYSWMNGEIJ")
        assert row.phrase == fold(row.phrase).strip() or row.lang == "en"
    assert sorted(by_rung) == list(range(11))
    assert all(langs == {"en", "zh"} for langs in by_rung.values())
    assert all(len(found) == 1 for found in names.values())


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("关切", "遗憾"), ("遗憾", "不满"), ("不满", "强烈不满"), ("强烈不满", "坚决反对"), ("坚决反对", "严正交涉"),
        ("严正交涉", "后果自负"), ("后果自负", "勿谓言之不预"), ("悬崖勒马", "是可忍孰不可忍"), ("反制", "悬崖勒马"),
        ("concerned about", "deeply concerned"), ("concerned about", "regret"), ("regret", "deplore"),
        ("deplore", "strongly deplore"), ("deplore", "condemn"), ("condemn", "strongly condemn"),
        ("condemn", "serious consequences"), ("serious consequences", "all options are on the table"),
    ],
)  # fmt: skip
def test_the_order(lower: str, higher: str) -> None:
    rung = {row.phrase: row.rung for row in ladder()}
    assert rung[lower] < rung[higher]


@pytest.mark.parametrize(
    ("words", "lang", "found"),
    [
        ("我们对此表示强烈不满、坚决反对。", "zh", [(5, "强烈不满"), (6, "坚决反对")]),
        ("我方不表示遗憾。", "zh", []),
        ("我们没有表示遗憾。", "zh", []),
        ("我们不断表示遗憾。", "zh", [(3, "表示遗憾")]),
        ("我们对不公做法表示遗憾。", "zh", [(3, "表示遗憾")]),
        ("我们并不反对。", "zh", []),
        ("反对党同反对派不满意。", "zh", []),
        ("日方对此表示遗憾。", "zh", []),
        ("日方在会上老调重弹，口口声声反对。", "zh", []),
        ("日方在会上老调重弹，我们反对。", "zh", [(5, "反对")]),
        ("对日方的做法深表遗憾。", "zh", [(3, "深表遗憾")]),
        ("日方所说令人遗憾。", "zh", [(3, "令人遗憾")]),
        ("日方应正视邻国的强烈担忧。", "zh", []),
        ("日方也对此表示关切。", "zh", []),
        ("日方应回应对国际社会的严重关切。", "zh", []),
        ("他们不顾国内外的质疑和反对，未经协商。", "zh", []),
        ("不仅太平洋沿岸各国民众反对和关切排海，当地民众也不满。", "zh", []),
        ("国际社会对日方的活动十分关切。", "zh", []),
        ("六十六个国家做共同发言，反对搞双重标准。", "zh", []),
        ("她以最强烈的措辞谴责暴力。", "zh", []),
        ("我们再次敦促日方正视国际社会严重关切。", "zh", []),
        ("我们注意到日方表达的关切。", "zh", []),
        ("日方对我内部问题的关切是谎言。", "zh", []),
        ("日方对海洋毫不负责，我方对此坚决反对，已向日方提出严正交涉。", "zh", [(6, "坚决反对"), (7, "严正交涉")]),
        ("这只会进一步招致愤怒和反对。", "zh", []),
        ("必将遭到坚决反制。", "zh", [(8, "坚决反制")]),
        ("必将遭到我方坚决回击。", "zh", [(8, "坚决回击")]),
        ("日方利益受到损害，我们坚决反对。", "zh", [(6, "坚决反对")]),
        ("对日方的做法我方深表遗憾。", "zh", [(3, "深表遗憾")]),
        ("我方和国际社会严重关切此举。", "zh", [(2, "严重关切")]),
        ("我们坚定支持秘鲁反对外部干涉。", "zh", []),
        ("我方将根据日方行动作出对等回应。", "zh", [(8, "对等回应")]),
        ("他们正值青春年华，却被迫为事故付出沉重代价。", "zh", []),
        ("这让民众必将付出惨痛代价。", "zh", []),
        ("他们终将为自己的傲慢付出代价。", "zh", [(9, "付出代价")]),
        ("我们同国际社会一道反对霸权。", "zh", [(5, "反对")]),
        ("我方对国际社会有关人士的言论表示遗憾。", "zh", [(3, "表示遗憾")]),
        ("对各国民众遭受的损失深感不安。", "zh", [(2, "深感不安")]),
        ("已就此向他们提出严正交涉。", "zh", [(7, "严正交涉")]),
        ("停止干涉他国内政，反对打着其他旗号的制裁。", "zh", [(5, "反对")]),
        ("日方必将付出沉重代价，勿谓言之不预！", "zh", [(9, "付出沉重代价"), (10, "勿谓言之不预")]),
        ("We condemn it in the strongest terms.", "en", [(6, "condemn"), (7, "in the strongest terms")]),
        ("We strongly condemn it.", "en", [(7, "strongly condemn")]),
        ("We do not regret it. We don’t regret it. We never regret it.", "en", []),
        ("We not only regret it.", "en", [(3, "regret")]),
        ("Japan condemned it. They are deeply concerned.", "en", []),
        ("We said that Japan is wrong, and we regret it.", "en", [(3, "regret")]),
        ("We regret Japan’s words.", "en", [(3, "regret")]),
        ("Japan’s act is unacceptable. It will pay a price.", "en", [(4, "unacceptable"), (9, "pay a price")]),
        ("We won’t hesitate to sail. The final warning.", "en", [(9, "won't hesitate"), (10, "final warning")]),
        ("The ship sails.", "en", []),
        ("I see that the Japanese government is opposed to this law.", "en", []),
        ("Local officials came out to condemn this mob.", "en", []),
        ("We worked with Japan to condemn it.", "en", [(6, "condemn")]),
        ("We condemn Japan in the strongest terms.", "en", [(6, "condemn"), (7, "in the strongest terms")]),
        ("We said that in public, and the United Kingdom is deeply concerned.", "en", []),
        ("Every day the sailors pay the price of freedom.", "en", []),
        ("We are imposing severe costs on Japan.", "en", [(9, "severe costs")]),
        ("We know the severe costs that Japan has had to endure.", "en", []),
        ("We look at countries of concern.", "en", []),
    ],
)  # fmt: skip
def test_what_counts(words: str, lang: str, found: list[tuple[int, str]]) -> None:
    assert climbed(words, lang) == found


def test_strong_words_are_of_whom_is_named_with_them() -> None:
    def about(words: str) -> list[int]:
        made = concordance(("xv-mfa", "XV", "en", [("a", 1, words)]))
        return uses(made, mentions(made)).target.tolist()

    japan = codes().index("JP")
    assert about("We spoke to Japan. Its act is outrageous.") == [japan]
    assert about("We spoke to Japan. We sailed on. The price of bread is outrageous.") == [-1]
    assert about("We spoke to Japan. We sailed on. We condemn its words.") == [japan]
    assert about("We sailed on. It is outrageous what Japan does.") == [japan]
    assert about("It is outrageous.") == [-1]


def test_questions_do_not_count() -> None:
    assert climbed("Do you condemn Japan?", role="q") == []
    assert climbed("We condemn it.", role="s") == [(6, "condemn")]


def test_words_of_another_language_do_not_count() -> None:
    assert climbed("We say 坚决反对.", "en") == []


@pytest.fixture(scope="module")
def spring() -> Concordance:
    """Three weeks of 2031: Tuesday 6 May, 13 May and 20 May."""
    said: list[list[Said]] = [
        [
            ("a", 1, "We regret Japan's words."),
            ("a", 2, "We condemn Japan. We condemn Japan."),
            ("a", 3, "We regret Peru."),
        ],
        [("q", 1, "Do you condemn Japan?"), ("a", 1, "We sail.")],
        [("a", 1, "We are concerned about Japan. We condemn Chad.")],
    ]
    return concordance(*(("xv-mfa", "XV", "en", turns) for turns in said))


def test_weeks(spring: Concordance) -> None:
    found = uses(spring, mentions(spring))
    first, last = weeks(spring, found, "JP")
    place = spring.find("condemn japan")
    assert first == Reached(
        "2031-W19", "2031-05-05", "xv-mfa", 6, "firm opposition, condemnation", "condemn", 2, int(place[0])
    )
    assert (last.week, last.monday, last.rung, last.uses) == ("2031-W21", "2031-05-19", 1, 1)
    assert [row.rung for row in weeks(spring, found, "TD")] == [6]
    assert weeks(spring, found, "FR") == weeks(spring, found, "no such code") == []


def test_weeks_of_some_turns(spring: Concordance) -> None:
    found = uses(spring, mentions(spring))
    some = np.zeros(len(spring.turns), np.bool_)
    some[0] = True
    assert [(row.rung, row.phrase) for row in weeks(spring, found, "JP", some)] == [(3, "regret")]


def test_stretches_give_the_same(spring: Concordance) -> None:
    names = mentions(spring)
    whole = uses(spring, names)
    cut = int(spring.revisions.first[1])
    early, late = uses(spring, names, 0, cut), uses(spring, names, cut)
    for at in range(len(whole)):
        assert whole[at].tolist() == [*early[at].tolist(), *late[at].tolist()]


def test_years_begin_with_their_first_week() -> None:
    made = concordance(("xv-mfa", "XV", "en", [("a", 1, "We regret Peru.")]), day="2027-01-01")
    assert [(row.week, row.monday) for row in weeks(made, uses(made, mentions(made)), "PE")] == [
        ("2026-W53", "2026-12-28")
    ]
