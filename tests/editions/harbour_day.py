"""A day's briefing of Veldania, a government that does not exist, in two languages; everything in it is made up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from onrecord.model import Edition, Role, Turn

Talk = tuple[tuple[str, str], ...]
"""Labels and what they say, paragraphs apart by a line break; a label may be empty."""

ENGLISH: tuple[Talk, ...] = (
    (
        ("Harbour Times", "The ferry line to Norvania stopped on Monday. When will it sail again?"),
        (
            "Ada Quill",
            "The ferry will sail again on the first of May. The quay at Port Sel was damaged by the storm.\n"
            "Engineers from three countries are at work there, and we thank them.",
        ),
    ),
    (
        ("Norvan Radio", "Is there any news on the fishing treaty? The talks were to end in March."),
        ("Ada Quill", "The talks on the fishing treaty go on. I have nothing to announce at this point."),
    ),
    (
        ("Harbour Times", "The mayor of Port Sel asked for help with the lighthouse. Has the Ministry answered?"),
        (
            "Ada Quill",
            "We have received the letter of the mayor. The lighthouse is a matter of the coast guard.\n"
            "We have passed the letter on to them and shall follow the matter closely.",
        ),
    ),
    (
        ("Veldan Post", "Eleven sailors of the freighter Marigold are held in Osterland. What does the Ministry do?"),
        (
            "Ada Quill",
            "Our consul visited the eleven sailors yesterday. They are well.\n"
            "We have stated our position on this many times. We urge the parties to keep to the agreements.",
        ),
    ),
    (
        ("Norvan Radio", "Osterland says that Veldania moved a border stone on Mount Pell. Do you confirm that?"),
        (
            "Ada Quill",
            "No stone was moved. The line on Mount Pell has been drawn since the survey of 1931.\n"
            "We have stated our position on this many times. We urge the parties to keep to the agreements.",
        ),
    ),
    (
        ("Sel Courier", "Will the Minister go to the summit of small states in June?"),
        ("Ada Quill", "We shall tell you in good time."),
    ),
)
CHINESE: tuple[Talk, ...] = (
    (
        ("《海港时报》记者", "通往诺瓦尼亚的渡轮周一停航，请问何时恢复？"),
        (
            "林秋",
            "渡轮将于五月一日恢复航行。塞尔港码头在风暴中受损。\n三国工程师正在抢修，我们对此表示感谢。",
        ),
    ),
    (
        ("诺瓦尼亚电台记者", "渔业条约谈判有无新进展？谈判原定三月结束。"),
        ("林秋", "渔业条约谈判仍在继续。我目前没有可以宣布的消息。"),
    ),
    (
        ("《海港时报》记者", "塞尔港市长请求协助修复灯塔，外务部是否已经答复？"),
        ("林秋", "我们收到了市长来信。灯塔由海岸警卫队主管。\n我们已转交来信，并将密切关注。"),
    ),
    (
        ("《维尔丹邮报》记者", "“金盏花”号货轮十一名船员在奥斯特兰被扣，外务部采取了什么措施？"),
        (
            "林秋",
            "我国领事昨天看望了十一名船员，他们身体状况良好。\n我们已多次阐明立场，敦促有关方面遵守协议。",
        ),
    ),
    (
        ("诺瓦尼亚电台记者", "奥斯特兰称维尔达尼亚移动了佩尔山上的界碑，你能否证实？"),
        ("林秋", "没有移动界碑。佩尔山边界线自1931年勘界以来从未改变。\n我们已多次阐明立场，敦促有关方面遵守协议。"),
    ),
    (
        ("《塞尔信使报》记者", "部长是否将出席六月的小国峰会？"),
        ("林秋", "我们会及时发布消息。"),
    ),
)
OPENING = {
    "en": "Good afternoon. Before your questions: the Minister will receive the envoy of Norvania on Friday.",
    "zh": "下午好。在提问之前先发布一条消息：部长将于周五会见诺瓦尼亚特使。",
}
SPEAKER = {"en": "Ada Quill", "zh": "林秋"}
DAYS = {"en": ENGLISH, "zh": CHINESE}


def briefing(talks: Iterable[Talk], lang: str = "en", opening: str | None = None, name: str = "") -> Edition:
    """An edition of the talks, the first turn of each its question; ``opening``, by default the day's, is announced.

    Neighbours by one asker are one exchange, as the vocabulary has it.  ``name`` is added to the id.
    """
    opening = OPENING[lang] if opening is None else opening
    text, turns, exchange, asker = "", [], 0, None
    said: list[tuple[Role, str, str]] = [("statement", SPEAKER[lang], opening)] if opening else []
    for talk in talks:
        said += [("answer" if n else "question", label, words) for n, (label, words) in enumerate(talk)]
    for n, (role, label, words) in enumerate(said, 1):
        text += f"{label}: " if label else ""
        if role == "question" and (label != asker or not label):
            exchange, asker = exchange + 1, label
        turns.append(
            Turn(n=n, exchange=exchange, role=role, label=label or None, start=len(text), end=len(text) + len(words))
        )
        text += f"{words}\n"
    return Edition(
        id=f"xv-mfa/2031-03-04/{lang}{name}",
        occasion="xv-mfa/2031-03-04",
        source="xv-mfa",
        country="XV",
        date="2031-03-04",
        lang=lang,
        kind="official",
        sha256="0" * 64,
        text=text,
        turns=tuple(turns),
    )


def only(talks: Sequence[Talk], *numbers: int) -> tuple[Talk, ...]:
    """Some of the talks, counted from 1, in that order."""
    return tuple(talks[n - 1] for n in numbers)


def short(talk: Talk, paragraphs: int = 1) -> Talk:
    """A talk cut to the first paragraphs of what is said in it."""
    kept: list[tuple[str, str]] = []
    for label, words in talk:
        lines = words.split("\n")[: paragraphs - sum(said.count("\n") + 1 for _, said in kept)]
        if lines:
            kept.append((label, "\n".join(lines)))
    return tuple(kept)
