"""Likeness of exchanges across languages: sisters on one topic kept apart, joined ones recognised, evidence given."""

from __future__ import annotations

import numpy as np
import pytest

from onrecord.editions.assign import assign
from onrecord.editions.crosslingual import CrossLingual, likeness
from onrecord.editions.sentences import Sentences
from onrecord.editions.units import units
from onrecord.meaning import Encoder, default_encoder
from onrecord.model import Edition, Turn

# The harbour of Norvania asks three times about one strait, and once about something else.
CHINESE = [
    ("路透社", "诺瓦尼亚军舰昨天通过海峡。卡方对此有何评论？", "我们全程监视了诺瓦尼亚军舰的航行。我军保持高度戒备。"),
    ("法新社", "卡斯塔拉是否会因海峡局势取消下月的联合演习？", "演习将按计划于6月12日举行，共有14艘舰船参加。"),
    ("彭博社", "海峡通行费上涨30%，航运公司表示不满，你怎么看？", "收费用于疏浚航道。我们愿同航运公司协商。"),
    ("共同社", "国家博物馆什么时候重新开放？", "修缮工程接近尾声，博物馆将在秋天重新开放。"),
]  # fmt: skip
ENGLISH = [
    ("Reuters", "Norvanian warships sailed through the strait yesterday. Any comment from Castara?",
     "We monitored the passage of the Norvanian warships all the way. Our forces are on high alert."),
    ("AFP", "Will Castara cancel next month's joint exercise over the situation in the strait?",
     "The exercise will go ahead as planned on June 12, with 14 vessels taking part."),
    ("Bloomberg", "Shipping companies are unhappy that the toll of the strait is up by 30 percent. What do you say?",
     "The money pays for dredging the channel. We are ready to talk with the companies."),
    ("Kyodo", "When will the National Museum open again?",
     "The repairs are nearly done. It will open again in autumn."),
]  # fmt: skip


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return default_encoder()


def edition(lang: str, exchanges: list[tuple[str | None, str, str]]) -> Edition:
    text, turns = "", []
    for n, (outlet, asked, answered) in enumerate(exchanges, 1):
        for role, said in (("question", asked), ("answer", answered)):
            turns.append(
                Turn(
                    n=len(turns) + 1, exchange=n, role=role, outlet=outlet if role == "question" else None,  # type: ignore[arg-type]
                    start=len(text), end=len(text) + len(said),
                )
            )  # fmt: skip
            text += said + "\n"
    return Edition(
        id=f"xv-mfa/2024-05-14/{lang}", occasion="xv-mfa/2024-05-14", source="xv-mfa", country="XV",
        date="2024-05-14", lang=lang, kind="official", sha256="", text=text, turns=tuple(turns),
    )  # fmt: skip


def compared(zh: list[tuple[str, str, str]], en: list[tuple[str | None, str, str]], encoder: Encoder) -> CrossLingual:
    outlets = {"路透社": "Reuters", "法新社": "AFP", "彭博社": "Bloomberg", "共同社": "Kyodo"}
    a = edition("zh", [(outlets[outlet], asked, answered) for outlet, asked, answered in zh])
    b = edition("en", en)
    return likeness(Sentences(a, encoder), units(a), Sentences(b, encoder), units(b))


def test_each_with_its_own(encoder: Encoder) -> None:
    found = compared(CHINESE, list(ENGLISH), encoder)
    assert ((found.score >= 0.5) == np.eye(4, dtype=bool)).all()
    assert found.covered_a.diagonal().min() > 0.5
    kinds = {evidence.kind: evidence for evidence in found.evidence(1, 1)}
    assert kinds["outlet"].shared == ("AFP",)
    assert "6月12日" in kinds["numbers"].shared
    assert kinds["meaning"].value > 0.4


def test_without_labels_and_in_other_order(encoder: Encoder) -> None:
    order = [2, 0, 3, 1]
    found = compared(CHINESE, [(None, *ENGLISH[n][1:]) for n in order], encoder)
    assert assign(found) == [((n,), (order.index(n),)) for n in range(4)]


@pytest.mark.parametrize("left_out", range(4))
def test_what_was_left_out_is_not_paired_with_its_sister(left_out: int, encoder: Encoder) -> None:
    kept = [n for n in range(4) if n != left_out]
    found = compared(CHINESE, [(None, *ENGLISH[n][1:]) for n in kept], encoder)
    assert assign(found) == [((n,), (kept.index(n),)) for n in kept]
    turned = compared([CHINESE[n] for n in kept], list(ENGLISH), encoder)
    assert assign(turned) == [((kept.index(n),), (n,)) for n in kept]


def test_two_made_one(encoder: Encoder) -> None:
    joined = ("Reuters", f"{ENGLISH[0][1]} {ENGLISH[3][1]}", f"{ENGLISH[0][2]} {ENGLISH[3][2]}")
    found = compared(CHINESE, [ENGLISH[2], joined, ENGLISH[1]], encoder)
    assert assign(found) == [((0, 3), (1,)), ((1,), (2,)), ((2,), (0,))]


def test_nothing_to_compare(encoder: Encoder) -> None:
    found = compared([], list(ENGLISH), encoder)
    assert found.score.shape == (0, 4)
    assert assign(found) == []
    silent = compared([("路透社", "……", "。")], list(ENGLISH), encoder)
    assert (silent.score < 0.5).all()


def test_the_place_between_others_decides(encoder: Encoder) -> None:
    """A short exchange put freely is known by where it stands."""
    zh = [*CHINESE[:2], ("俄新社", "我想跟进潮汐闸的问题。闸门何时能修好？", "请向港务局了解。"), *CHINESE[2:]]
    follow_up = (
        None,
        "A follow-up on the tidal gate. When will it be mended?",
        "I would refer you to the harbor board.",
    )
    a = edition("zh", [(None, *exchange[1:]) for exchange in zh])
    english = [(None, *exchange[1:]) for exchange in ENGLISH]
    b = edition("en", [*english[:2], follow_up, *english[2:]])
    found = likeness(Sentences(a, encoder), units(a), Sentences(b, encoder), units(b))
    assert found.score[2, 2] < 0.5
    assert assign(found) == [((n,), (n,)) for n in range(5)]
