"""Footnotes: what stands in them, and what cannot be cited."""

from __future__ import annotations

import msgspec
import pytest

from onrecord.errors import BadId, NotOnRecord
from onrecord.ids import parse
from onrecord.model import Edition, Turn
from onrecord.publish import cite

ID = "cn-mfa/2031-05-07/zh"
TEXT = "路透社记者：运河的关税何时取消？\n林若舟：今天不取消。\n\n一条运河的  政策没有改变。\n（完）"
QUESTION, ANSWER = (6, 16), (21, 43)


@pytest.fixture
def edition() -> Edition:
    return Edition(
        id=ID,
        occasion="cn-mfa/2031-05-07",
        source="cn-mfa",
        country="CN",
        date="2031-05-07",
        lang="zh",
        kind="official",
        revision=2,
        revisions=3,
        title="2031年5月7日外交部发言人\n林若舟主持例行记者会",
        people=("林若舟",),
        url="https://www.mfa.gov.cn/web/1.shtml",
        fetched="2031-05-08T01:02:03+00:00",
        sha256="0123456789abcdef" * 4,
        text=TEXT,
        turns=(
            Turn(n=1, exchange=1, role="question", label="路透社记者", outlet="Reuters", start=6, end=16),
            Turn(n=2, exchange=1, role="answer", label="林若舟", person="林若舟", start=21, end=43),
            Turn(n=3, exchange=2, role="procedural", start=44, end=47),
        ),
    )


def cited(edition: Edition, rest: str = "") -> str:
    return cite.text(edition, parse(ID + rest))


def test_the_spans_here_are_what_they_are_taken_for() -> None:
    assert TEXT[slice(*QUESTION)] == "运河的关税何时取消？"
    assert TEXT[slice(*ANSWER)] == "今天不取消。\n\n一条运河的  政策没有改变。"


def test_an_edition(edition: Edition) -> None:
    assert cited(edition) == (
        "林若舟, “2031年5月7日外交部发言人 林若舟主持例行记者会”, "
        "Ministry of Foreign Affairs of the People's Republic of China, held 7 May 2031; "
        "onrecord cn-mfa/2031-05-07/zh@2 (official text in Chinese, revision 2 of 3); "
        "<https://www.mfa.gov.cn/web/1.shtml>; retrieved 8 May 2031; SHA-256 beginning 0123456789abcdef."
    )


def test_a_span_is_quoted_with_who_said_it(edition: Edition) -> None:
    assert cited(edition, "@2:6-16").startswith("Reuters (question), “运河的关税何时取消？”, in “2031年")
    assert "onrecord cn-mfa/2031-05-07/zh@2:6-16 (" in cited(edition, ":6-16")
    assert cited(edition, "#1:21-43").startswith("林若舟 (answer), “今天不取消。 一条运河的 政策没有改变。”, in ")
    assert "zh@2#1:21-43 (" in cited(edition, "#1:21-43")


def test_an_exchange_names_those_who_speak_in_it(edition: Edition) -> None:
    assert cited(edition, "#1").startswith("Reuters and 林若舟, “2031年")


def test_a_label_that_names_nobody_is_no_speaker(edition: Edition) -> None:
    turns = (
        Turn(n=1, exchange=1, role="question", label="路透社记者", outlet="Reuters", start=6, end=8),
        Turn(n=2, exchange=1, role="answer", label="林若舟", person="林若舟", start=8, end=10),
        Turn(n=3, exchange=1, role="question", label="追问", start=10, end=12),
        Turn(n=4, exchange=1, role="answer", label="答", start=12, end=14),
        Turn(n=5, exchange=1, role="procedural", start=14, end=16),
        Turn(n=6, exchange=2, role="question", label="追问", start=21, end=23),
        Turn(n=7, exchange=2, role="question", label="记者", start=23, end=25),
        Turn(n=8, exchange=2, role="answer", label="林若舟", person="林若舟", start=25, end=27),
        Turn(n=9, exchange=3, role="question", label="《湖报》记者", start=33, end=35),
    )
    spoken = msgspec.structs.replace(edition, turns=turns)
    assert cited(spoken, "#1").startswith("Reuters, 林若舟 and an unnamed speaker, “2031年")
    assert cited(spoken, "#2").startswith("an unnamed questioner and 林若舟, “2031年")
    assert cited(spoken, "#3").startswith("《湖报》记者, “2031年")
    assert cited(spoken, ":10-12").startswith("an unnamed questioner (question), “")
    assert cited(spoken, ":14-16").startswith("“")


@pytest.mark.parametrize(
    "label", ["Q", "QUESTION", "Question 2", "Follow-up", "The Press", "AUDIENCE MEMBER", "Вопрос"]
)
def test_nobody_is_called_a_question(edition: Edition, label: str) -> None:
    asked = Turn(n=1, exchange=1, role="question", label=label, start=6, end=16)
    spoken = msgspec.structs.replace(edition, lang="en", source="us-state", turns=(asked,))
    assert cited(spoken, "#1").startswith("an unnamed questioner, “2031年")


def test_what_is_not_known_is_left_out(edition: Edition) -> None:
    bare = msgspec.structs.replace(
        edition, title=None, people=(), url=None, fetched=None, date=None, lang=None, source="nv-mfa", kind="recording"
    )
    assert cited(bare) == (
        "nv-mfa, day not known; onrecord cn-mfa/2031-05-07/zh@2 (recording, revision 2 of 3); "
        "SHA-256 beginning 0123456789abcdef."
    )
    nobody = msgspec.structs.replace(
        edition, turns=(Turn(n=1, exchange=0, role="statement", label=None, start=6, end=16),)
    )
    assert cited(nobody, ":6-8").startswith("an unnamed speaker, “运河”")


def test_many_speakers_are_not_all_named(edition: Edition) -> None:
    crowd = msgspec.structs.replace(edition, people=("A", "B", "C", "D", "E"))
    assert cited(crowd).startswith("A, B, C and 2 others, ")
    assert cited(msgspec.structs.replace(edition, people=("A", "B", "A"))).startswith("A and B, ")


@pytest.mark.parametrize(
    ("rest", "error", "why"),
    [
        (":0-500", NotOnRecord, "beyond its end"),
        (f":{len(TEXT)}-{len(TEXT) + 1}", NotOnRecord, "beyond its end"),
        ("#7", NotOnRecord, "no exchange 7"),
        ("#7:6-16", NotOnRecord, "no exchange 7"),
        ("#2:6-16", BadId, "are not in #2 but in #1"),
        (":6-30", BadId, "run over turns 1 to 2"),
        (":4-16", BadId, "go beyond the words of the turn"),
        (":30-44", BadId, "go beyond the words of the turn"),
        (":0-3", BadId, "nobody's words"),
        (":43-44", BadId, "nobody's words"),
        (":8-8", BadId, "hold no words"),
        (":27-29", BadId, "hold no words"),
    ],
)
def test_what_cannot_be_cited(edition: Edition, rest: str, error: type[Exception], why: str) -> None:
    with pytest.raises(error, match=why):
        cited(edition, rest)
