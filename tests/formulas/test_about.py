"""Whom a formula is said about, in made-up briefings of governments that do not exist and of some that do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from westisle import concordance_of

from onrecord.formulas.about import Mentions, joined, mentions, targets
from onrecord.formulas.concordance import Concordance
from onrecord.formulas.tokens import Lexicon
from onrecord.model import Edition, Role, Turn
from onrecord.reading.countries import codes

Said = tuple[str, int, str]
"""Role (one letter), exchange, words."""
ROLE: dict[str, Role] = {"q": "question", "a": "answer", "s": "statement"}


def concordance(*editions: tuple[str, str | None, str | None, Sequence[Said]], day: str = "2031-05-06") -> Concordance:
    """Editions of (source, country, language, turns) in one part, a week apart."""
    made = []
    for number, (source, country, lang, said) in enumerate(editions):
        held = date.fromordinal(date.fromisoformat(day).toordinal() + 7 * number)
        turns, text = [], ""
        for n, (role, exchange, words) in enumerate(said, 1):
            text += "\n" if text else ""
            turns.append(Turn(n=n, exchange=exchange, role=ROLE[role], start=len(text), end=len(text) + len(words)))
            text += words
        occasion = f"{source}/{held}"
        made.append(
            Edition(
                id=f"{occasion}/{lang}", occasion=occasion, source=source, country=country, date=str(held), lang=lang,
                kind="official", sha256="0" * 64, text=text, turns=tuple(turns),
            )
        )  # fmt: skip
    return concordance_of(made)


def named(text: str, lang: str = "en", country: str = "XV") -> list[str]:
    """The codes of all that a text names."""
    found = mentions(concordance(("xv-mfa", country, lang, [("a", 1, text)])))
    return [codes()[code] for code in found.code]


def target(
    phrase: str, *said: Said, lang: str = "en", country: str | None = "XV", source: str = "xv-mfa"
) -> str | None:
    """About whom the first use of the phrase is."""
    made = concordance((source, country, lang, said))
    code = int(targets(made, mentions(made), made.find(phrase)[:1])[0])
    return None if code < 0 else codes()[code]


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("The U.S. and the US told us that Turkey eats no turkey.", "en", ["US", "US", "TR"]),
        ("Who says so? We asked the WHO.", "en", ["WHO"]),
        ("He read the South China Morning Post by the South China Sea, in China.", "en", ["South China Sea", "CN"]),
        ("Jim Jordan, Michael Jordan and the King of Jordan", "en", ["JO"]),
        ("Georgia and the Georgians", "en", ["GE", "GE"]),
        ("Democratic Republic of the Congo, Guinea-Bissau, Papua New Guinea, Guinea", "en", ["CD", "GW", "PG", "GN"]),
        ("South Korea, North Korea, Korea", "en", ["KR", "KP", "KR"]),
        ("中美两国关系重要，我们对美好生活的向往不变，对美政策也不变。", "zh", ["CN", "US", "US"]),
        ("俄乌冲突", "zh", ["RU", "UA"]),
        ("今日方才开工，日方表示欢迎。", "zh", ["JP"]),
        ("巴基斯坦来访，巴方感谢。", "zh", ["PK", "PK"]),
        ("巴勒斯坦来访，巴方感谢。", "zh", ["PS", "PS"]),
        ("巴方感谢。", "zh", []),
        ("北约和欧盟", "zh", ["NATO", "EU"]),
        ("Президент Японии в Берлине", "ru", ["JP"]),
        ("Le gouvernement français et l’Allemagne", "fr", ["FR", "DE"]),
    ],
)  # fmt: skip
def test_mentions(text: str, lang: str, found: list[str]) -> None:
    assert sorted(named(text, lang)) == sorted(found)


def test_georgia_is_a_state_where_americans_speak() -> None:
    assert named("Georgia votes. The Republic of Georgia and Georgians do too.", country="US") == ["GE", "GE"]


def test_texts_without_capitals() -> None:
    """Subtitles made by machine name countries too; but "us" is a word there."""
    assert named("he told us that japan and the united states sail with poland") == ["JP", "US", "PL"]
    assert named("He told us that japan and Japan sail.") == ["JP"]


@pytest.mark.parametrize(
    ("phrase", "said", "found"),
    [
        ("强烈不满", [("a", 1, "我方对日方错误行径表示强烈不满。")], "JP"),
        ("坚决反对", [("a", 1, "日方在岛上生事，我方坚决反对美方插手。")], "US"),
        ("坚决反对", [("a", 1, "日方在岛上生事，我方对此坚决反对。")], "JP"),
        ("敦促", [("a", 1, "日本来访之后，我们敦促美方改正。")], "US"),
        ("严正交涉", [("a", 1, "英方言论荒谬。我们已提出严正交涉。")], "GB"),
        ("坚决反对", [("q", 1, "印度称边界有事，有何评论？"), ("a", 1, "我方坚决反对。")], "IN"),
        ("坚决反对", [("q", 1, "印度称边界有事，有何评论？"), ("a", 2, "我方坚决反对。")], None),
        ("坚决反对", [("s", 0, "我方坚决反对。"), ("q", 1, "印度呢？")], None),
    ],
)
def test_targets_in_chinese(phrase: str, said: list[Said], found: str | None) -> None:
    assert target(phrase, *said, lang="zh") == found


@pytest.mark.parametrize(
    ("phrase", "said", "found"),
    [
        ("condemn", [("a", 1, "We condemn Russia's attack on Ukraine.")], "RU"),
        ("ironclad", [("a", 1, "Our commitment to Japan is ironclad, as France knows well enough by now.")], "JP"),
        ("unacceptable", [("a", 1, "They spoke of Iran's unacceptable attack on Japan.")], "IR"),
        ("condemn", [("a", 1, "I spoke of Iran. We condemn this.")], "IR"),
        ("condemn", [("a", 1, "I spoke of Iran. " + "It rained a lot. " * 9 + "We condemn this.")], None),
        ("condemn", [("q", 1, "On Kenya, and Kenya's lake, and Chad?"), ("a", 1, "We condemn this.")], "KE"),
        ("condemn", [("a", 1, "In the Middle East we condemn this.")], None),
        ("condemn", [("a", 1, "We condemn Hamas.")], "Hamas"),
        ("condemn", [("a", 1, "I spoke of Iran. At the United Nations we condemn it.")], "IR"),
        ("condemn", [("a", 1, "At the United Nations we condemn it.")], "UN"),
        ("condemn", [("q", 1, "And Kenya?"), ("a", 1, "We condemn it. Now Chad.")], "KE"),
        ("condemn", [("q", 1, "And?"), ("a", 1, "We condemn it. Now Chad.")], "TD"),
    ],
)  # fmt: skip
def test_targets_in_english(phrase: str, said: list[Said], found: str | None) -> None:
    assert target(phrase, *said) == found


def test_never_oneself() -> None:
    assert target("condemn", ("a", 1, "The United States and Washington condemn it in Peru."), country="US") == "PE"
    assert target("condemn", ("a", 1, "Washington condemns it."), country="US") is None
    assert target("坚决反对", ("a", 1, "我们坚决反对插手香港和新疆事务。"), lang="zh", country="CN") is None
    assert target("welcome", ("a", 1, "We welcome the United Nations in Chad."), country=None, source="un-noon") == "TD"


def test_what_one_calls_ones_own_comes_last() -> None:
    """Protest about Taiwan goes to whom it is made to, and is about Taiwan where nobody else is named."""
    assert target("坚决反对", ("a", 1, "我们坚决反对台湾同美方来往。"), lang="zh", country="CN") == "US"
    assert target("坚决反对", ("a", 1, "我们坚决反对台独分裂。"), lang="zh", country="CN") == "TW"
    assert target("oppose", ("a", 1, "We oppose this in Taiwan, and France does."), country="FR") == "TW"


def test_stretches_give_the_same() -> None:
    made = concordance(
        ("xv-mfa", "XV", "en", [("a", 1, "Peru, Chad. Japan and we.")]),
        ("xv-mfa", "XV", "zh", [("a", 1, "日本、法国。我们。")]),
    )
    whole = mentions(made)
    cut = int(made.revisions.first[1])
    parts = joined([mentions(made, 0, cut), mentions(made, cut)])
    assert [column.tolist() for column in parts] == [column.tolist() for column in whole]
    assert isinstance(parts, Mentions)


def test_nothing() -> None:
    made = concordance(("xv-mfa", "XV", None, [("a", 1, "We sail.")]))
    found = mentions(made)
    assert len(found.place) == 0
    assert targets(made, found, made.find("sail")).tolist() == [-1]
    assert targets(made, found, np.empty(0, np.int64)).tolist() == []
    empty = Concordance([], Lexicon(), [], [])
    assert len(mentions(empty).place) == 0
