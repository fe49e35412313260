"""Which sentences of two turns say the same, across languages and in one, and which have no partner."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from onrecord.editions.beads import Bead
from onrecord.editions.pairing import pair_sentences, pair_turns
from onrecord.editions.sentences import Remembering, Sentences
from onrecord.meaning import Encoder, default_encoder
from onrecord.model import Edition, Turn

Lines = list[tuple[str, str]]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Remembering(default_encoder())  # the trials below ask for the same texts again and again


def edition(lang: str, *turns: tuple[str, list[str]]) -> Edition:
    """An edition of one exchange: for each turn its role and the sentences in it."""
    space = "" if lang in ("zh", "ja") else " "
    text, made = "", []
    for n, (role, sentences) in enumerate(turns, 1):
        said = space.join(sentences)
        made.append(Turn(n=n, exchange=1, role=role, start=len(text), end=len(text) + len(said)))  # type: ignore[arg-type]
        text += f"{said}\n"
    return Edition(
        id=f"xv-mfa/2024-05-14/{lang}", occasion="xv-mfa/2024-05-14", source="xv-mfa", country="XV",
        date="2024-05-14", lang=lang, kind="official", sha256="", text=text, turns=tuple(made),
    )  # fmt: skip


def turns() -> dict[str, tuple[str, Lines]]:
    found: dict[str, tuple[str, Lines]] = {}
    for line in Path(__file__).with_name("sentences.tsv").read_text("utf-8").splitlines():
        if not line.startswith(("#", "turn\t")):
            number, lang, other, english = line.split("\t")
            found.setdefault(number, (lang, []))[1].append((other, english))
    return found


class Trial:
    """A turn in two languages with some lines left out on either side, aligned."""

    def __init__(self, lang: str, lines: Lines, keep_a: list[int], keep_b: list[int], encoder: Encoder) -> None:
        a = Sentences(edition(lang, ("answer", [lines[k][0] for k in keep_a])), encoder)
        b = Sentences(edition("en", ("answer", [lines[k][1] for k in keep_b])), encoder)
        self.of_a, self.of_b = self._lines(a, lines, 0), self._lines(b, lines, 1)
        self.beads = pair_sentences(a, range(len(a.spans)), b, range(len(b.spans)))

    @staticmethod
    def _lines(sentences: Sentences, lines: Lines, side: int) -> list[int]:
        """The line that each sentence is of."""
        texts = [sentences.text(i) for i in range(len(sentences.spans))]
        return [next(k for k, line in enumerate(lines) if text in line[side]) for text in texts]

    @property
    def alone(self) -> set[tuple[str, int]]:
        found = {("a", i) for bead in self.beads if not bead.b for i in bead.a}
        return found | {("b", j) for bead in self.beads if not bead.a for j in bead.b}


def test_sentences_across_languages(encoder: Encoder) -> None:
    """30 turns in five languages against English: their sentences paired, and every one that is left out found."""
    count: dict[str, int] = defaultdict(int)
    for lang, lines in turns().values():
        every = list(range(len(lines)))
        whole = Trial(lang, lines, every, every, encoder)
        got = {(i, j) for bead in whole.beads for i in bead.a for j in bead.b}
        want = {(i, j) for i, x in enumerate(whole.of_a) for j, y in enumerate(whole.of_b) if x == y}
        count["right"] += len(got & want)
        count["wrong"] += len(got - want)
        count["lost"] += len(want - got)
        count["sentences"] += len(whole.of_a) + len(whole.of_b)
        count["alone"] += len(whole.alone)
        for left_out in every if len(lines) > 1 else []:
            rest = [k for k in every if k != left_out]
            for side, keep in (("a", (every, rest)), ("b", (rest, every))):
                trial = Trial(lang, lines, *keep, encoder)
                of = trial.of_a if side == "a" else trial.of_b
                missing = {(side, i) for i, k in enumerate(of) if k == left_out}
                count["found"] += len(missing & trial.alone)
                count["missed"] += len(missing - trial.alone)
                count["false"] += len(trial.alone - missing)
    f1 = 2 * count["right"] / (2 * count["right"] + count["wrong"] + count["lost"])
    print(f"\nF1 of links {f1:.3f}; {dict(count)}")
    assert f1 >= 0.98
    assert count["alone"] <= 0.01 * count["sentences"]
    assert count["found"] >= 0.97 * (count["found"] + count["missed"])
    assert count["found"] >= 0.97 * (count["found"] + count["false"])


def test_other_order(encoder: Encoder) -> None:
    a = edition("zh", ("answer", ["边境口岸明年重新开放。", "税收不会提高。", "总统没有生病。"]))
    b = edition(
        "en", ("answer", ["The president is not ill.", "The border crossings will reopen next year.", "No new taxes."])
    )
    beads = pair_sentences(Sentences(a, encoder), range(3), Sentences(b, encoder), range(3))
    assert [(bead.a, bead.b) for bead in beads] == [((0,), (1,)), ((1,), (2,)), ((2,), (0,))]


def test_one_sentence_of_several(encoder: Encoder) -> None:
    """What one language puts into clauses of one sentence has its partners; what nobody says has none."""
    a = edition("zh", ("answer", ["我们谴责这次袭击，向遇难者家属表示慰问，并将派出一支医疗队。"]))
    said = [
        "We condemn the attack.",
        "Our sympathies go to the families of the victims.",
        "We will send a medical team.",
    ]
    b = edition("en", ("answer", [*said, "Oil prices are another matter."]))
    beads = pair_sentences(Sentences(a, encoder), range(1), Sentences(b, encoder), range(4))
    assert [(bead.a, bead.b) for bead in beads] == [((0,), (0, 1, 2)), ((), (3,))]


def test_sentences_that_are_clauses_of_a_long_one(encoder: Encoder) -> None:
    """Two long sentences, each told in two, and a third one left out that is like parts of both."""
    a = edition(
        "zh",
        ("answer", [
            "倡议秉持以渔民为中心的核心理念，遵循务实合作的行动指南，倡导开放包容的伙伴精神，呼吁各国加快落实《海洋议程》，推动实现更加强劲、健康的发展，为海洋发展合作擘画了蓝图，为推进海洋发展事业指明了方向。",
            "部长的这一重要倡议在国际社会引发强烈反响，不仅沿海国家积极支持和呼应倡议，不少内陆国家也对倡议表示欢迎，对倡议提出的理念和合作领域表示认同。",
            "各方普遍认为，这一重大倡议有助于凝聚各国合力，加快落实《海洋议程》，推动海洋发展迈向平衡协调包容新阶段。",
            "迄今，已有十二个国家明确表示支持倡议。",
        ]),
    )  # fmt: skip
    b = edition(
        "en",
        ("answer", [
            "The initiative follows a fisherman-centered philosophy and practical cooperation, advocates the spirit of "
            "open and inclusive partnership, and calls on all countries to speed up the Ocean Agenda.",
            "It draws a blueprint for cooperation in ocean development and points the way for ocean development.",
            "The initiative has met with a strong response in the international community.",
            "Not only coastal countries but also many inland ones have welcomed it.",
            "To date, twelve countries have clearly expressed support.",
        ]),
    )  # fmt: skip
    beads = pair_sentences(Sentences(a, encoder), range(4), Sentences(b, encoder), range(5))
    assert [(bead.a, bead.b) for bead in beads] == [((0,), (0, 1)), ((1,), (2, 3)), ((2,), ()), ((3,), (4,))]


def test_turns(encoder: Encoder) -> None:
    """Two rounds that a translation made one of; a turn that only one of them has."""
    a = edition(
        "zh",
        ("question", ["渔业协定什么时候签署？"]), ("answer", ["下周二在首都签署。"]),
        ("question", ["第二个问题，你对油价上涨有何评论？"]), ("answer", ["我们正在关注石油市场。"]),
        ("question", ["总统病了吗？"]), ("answer", ["没有。"]),
    )  # fmt: skip
    b = edition(
        "en",
        ("question", ["When will the fishery agreement be signed, and what do you say about the rising price of oil?"]),
        ("answer", ["It will be signed in the capital next Tuesday.", "We are watching the oil market."]),
    )  # fmt: skip
    pairs = pair_turns(Sentences(a, encoder), a.turns, Sentences(b, encoder), b.turns)
    assert [(pair.a, pair.b) for pair in pairs if pair.b] == [((1, 3), (1,)), ((2, 4), (2,))]
    assert [pair.a for pair in pairs if not pair.b] == [(5,), (6,)]
    assert all(not sentence.b for pair in pairs if not pair.b for sentence in pair.sentences)
    for pair in pairs:
        spans = [span for sentence in pair.sentences for span in sentence.a]
        assert "".join(a.text[start:end] for start, end in spans) == "".join(
            a.words(turn) for turn in a.turns if turn.n in pair.a
        )
        assert 0 <= pair.score <= 1


def test_answers_follow_their_questions(encoder: Encoder) -> None:
    """The second round alone was printed: its answer is no part of its question, though both speak of one funeral."""
    a = edition(
        "zh",
        ("question", ["边境口岸什么时候重新开放？"]), ("answer", ["口岸明年春天重新开放。"]),
        ("question", ["外交部是否会宣布派谁出席女王的葬礼？"]),
        ("answer", ["我们正在考虑派高级别代表团出席女王的国葬。", "请你保持关注。"]),
    )  # fmt: skip
    b = edition(
        "en",
        ("question", ["Will the ministry say who is to represent the country at the funeral of the Queen?"]),
        ("answer", ["That is being thought about at a high level.", "Please wait."]),
    )
    pairs = pair_turns(Sentences(a, encoder), a.turns, Sentences(b, encoder), b.turns)
    assert [(pair.a, pair.b) for pair in pairs if pair.a and pair.b] == [((3,), (1,)), ((4,), (2,))]
    assert [pair.a for pair in pairs if not pair.b] == [(1,), (2,)]


def test_one_sentence_that_was_kept_of_a_long_statement(encoder: Encoder) -> None:
    a = edition(
        "en",
        ("answer", [
            "Good afternoon, everybody.",
            "The ferry to Norvania sails again on the first of May.",
            "Against the backdrop of the drought, the Minister will announce additional wells for hill farms tomorrow.",
            "The mayors of Port Sel and Tarn will be on hand to talk about the reservoirs.",
            "She has also named a new head of the lighthouse service, who begins in June.",
        ]),
        ("question", ["Did the coast guard storm the freighter Marigold to free the eleven sailors?"]),
        ("answer", ["We have watched this with deep concern.", "We are still gathering facts about the freighter."]),
    )  # fmt: skip
    b = edition(
        "en",
        ("statement", [
            "The Minister will make public new wells tomorrow to help hill farms in the drought, Quill says.",
            "Asked whether the coast guard had stormed the freighter Marigold to free the sailors, she said: "
            "“We have watched this with deep concern.”",
            "She added that facts about the freighter were still being gathered.",
        ]),
    )  # fmt: skip
    x, y = Sentences(a, encoder), Sentences(b, encoder)
    (pair,) = pair_turns(x, a.turns, y, b.turns)
    assert pair.a == (1, 2, 3)
    assert [one.a for one in pair.sentences if y.spans[0] in one.b] == [(x.spans[2],)]


def by_words(a: list[str], b: list[str]) -> list[Bead]:
    x, y = Sentences(edition("en", ("answer", a))), Sentences(edition("en", ("answer", b)))
    return pair_sentences(x, range(len(a)), y, range(len(b)))


def test_sentences_in_one_language() -> None:
    said = [
        "The harbor stays open.",
        "We have talked to the pilots about the new tariff, and they accept it.",
        "Nobody asked for more tugs.",
        "Thank you.",
    ]
    assert by_words(said, said) == [Bead((n,), (n,), 1.0) for n in range(4)]
    assert [(x, y) for x, y, _ in by_words(said, [said[0], *said[2:]])] == [
        ((0,), (0,)),
        ((1,), ()),
        ((2,), (1,)),
        ((3,), (2,)),
    ]
    mended = [said[0], "We have talked to the pilots about the new tariffs.", "They accept it.", *said[2:]]
    assert [(x, y) for x, y, _ in by_words(said, mended)][:3] == [((0,), (0,)), ((1,), (1, 2)), ((2,), (3,))]
    assert [(x, y) for x, y, _ in by_words(said, [])] == [((n,), ()) for n in range(4)]
    assert by_words([], []) == []


def test_without_encoder_there_are_no_vectors() -> None:
    with pytest.raises(ValueError, match="no encoder"):
        Sentences(edition("en", ("answer", ["Yes."]))).vectors([0])
