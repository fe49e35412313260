"""Names and figures under one key in every language, and what they are worth as evidence."""

from __future__ import annotations

import pytest

from onrecord.editions.evidence import of_figures, of_names, of_outlets
from onrecord.editions.figures import figures
from onrecord.editions.named import latin_names, names
from onrecord.editions.units import units
from onrecord.model import Edition, Turn


@pytest.mark.parametrize(
    ("other", "lang", "english"),
    [
        ("1.5亿人", "zh", "150 million people"),
        ("1億5000万人のうち5000万人", "ja", "50 million"),
        ("1,2 млрд крон", "ru", "1.2 billion crowns"),
        ("3 тысячи солдат", "ru", "3,000 soldiers"),
        ("2 mil millones de euros", "es", "2 billion euros"),
        ("1.500 personas", "es", "1,500 people"),
        ("3 000 soldats", "fr", "3,000 soldiers"),
        ("1,5 million", "fr", "one and a half, or 1.5 million"),
        ("三分之一", "zh", "one third"),
        ("三分之二", "zh", "two-thirds"),
        ("百分之七十", "zh", "70 percent"),
        ("增长5.3%", "zh", "by 5.3 per cent"),
        ("第十四届", "zh", "the 14th"),
        ("第十四届", "zh", "the fourteenth"),
        ("建交七十五周年", "zh", "the seventy-fifth anniversary"),
        ("二〇二二年", "zh", "in 2022"),
        ("7月24日", "zh", "on July 24"),
        ("24 июля", "ru", "July 24th"),
        ("le 24 juillet", "fr", "on 24 July"),
        ("24 de julio", "es", "24 July"),
        ("7月24日", "ja", "the 24th of July"),
        ("去年11月", "zh", "last November"),
        ("1.2万亿元", "zh", "1.2 trillion yuan"),
    ],
)
def test_figures(other: str, lang: str, english: str) -> None:
    mine, theirs = figures(other, lang), figures(english, "en")
    assert mine.keys() & theirs.keys()
    # where there is a day, it is the day that is shared, and not just its number
    assert not any("-" in key for key in theirs) or any("-" in key for key in mine.keys() & theirs.keys())


def test_small_and_idle_numbers_are_no_figures() -> None:
    assert figures("一些人，三次，万一，十", "zh") == {}
    assert figures("One of the 3 may go; may I?", "en") == {}


@pytest.mark.parametrize(
    ("other", "lang", "english"),
    [
        ("立陶宛", "zh", "Lithuanian"),
        ("美方", "zh", "the U.S. side"),
        ("访美", "zh", "America"),
        ("日方", "zh", "Japanese"),
        ("俄乌冲突", "zh", "Ukraine"),
        ("俄乌冲突", "zh", "Russia"),
        ("赞比亚", "zh", "Zambia"),
        ("欧盟", "zh", "the EU"),
        ("世卫组织", "zh", "WHO"),
        ("米国", "ja", "the United States"),
        ("ロシア", "ja", "Russian"),
        ("российский", "ru", "Russia"),
        ("в Замбии", "ru", "Zambia"),
        ("в США", "ru", "US"),
        ("l'Allemagne", "fr", "German"),
        ("los Estados Unidos", "es", "the US"),
        ("王毅", "zh", "Wang Yi"),
    ],
)
def test_names(other: str, lang: str, english: str) -> None:
    assert names(other, lang).keys() & names(english, "en").keys()


def test_names_in_capitals_are_no_words() -> None:
    assert "US" not in names("They told us who will go.", "en")
    assert "WHO" not in names("They told us who will go.", "en")
    assert "KP" not in names("朝鲜半岛", "zh")
    assert latin_names("《湿地公约》COP14，360公司和ChatGPT") == {"cop14", "chatgpt"}


def edition(lang: str, *said: tuple[str | None, str]) -> Edition:
    turns, text = [], ""
    for n, (outlet, words) in enumerate(said, 1):
        turns.append(Turn(n=n, exchange=n, role="question", outlet=outlet, start=len(text), end=len(text) + len(words)))
        text += f"{words}\n"
    return Edition(
        id=f"xv-mfa/2024-05-14/{lang}", occasion="xv-mfa/2024-05-14", source="xv-mfa", country="XV",
        date="2024-05-14", lang=lang, kind="official", sha256="", text=text, turns=tuple(turns),
    )  # fmt: skip


def test_what_is_rare_weighs_more() -> None:
    a = edition("zh", ("Reuters", "美国和赞比亚在7月24日谈判。"), (None, "美国有5000人。"), ("AFP", "美国。"))
    b = edition("en", ("Reuters", "The US met Zambia on July 24."), ("AFP", "The US has 3,000."), (None, "America."))
    ua, ub = units(a), units(b)
    named = of_names(a, ua, b, ub)
    assert named.value[0, 0] > 0.6 > 0.2 > named.value[0, 1] >= 0
    assert named.shared(0, 0)[0] == "赞比亚"
    figured = of_figures(a, ua, b, ub)
    assert figured.value[0, 0] > 0.5
    assert figured.value[1, 1] == -1
    assert figured.value[2, 2] == 0
    assert "7月24日" in figured.shared(0, 0)
    asked = of_outlets(ua, ub)
    assert asked.value.tolist() == [[1, -1, 0], [0, 0, 0], [-1, 1, 0]]
    assert asked.shared(0, 0) == ("Reuters",)
    assert asked.evidence(1, 1) is None
