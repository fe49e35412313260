"""Two briefings of one day of a government that does not exist, in two languages, for the tests of occasions."""

from __future__ import annotations

# outlet in English and Chinese; question and answer in English; the same in Chinese
Said = tuple[str, str, str, str, str, str]

MORNING: tuple[Said, ...] = (
    ("Reuters", "路透社", "Will the ferry to Japan sail again after 14 months in port?",
     "The ferry sails on May 9 with 320 passengers, once the ice in the sound has gone and the engine was tried.",
     "停航14个月以后，开往日本的渡轮会复航吗？", "渡轮5月9日复航，载客320人，只等海峡的冰化了、发动机试过了。"),
    ("Kyodo News", "共同社", "How much did the harbour at Westisle cost the taxpayer?",
     "The harbour cost 150 million crowns, of which Norway lent 45 percent at the time it was planned.",
     "西岛的港口花了纳税人多少钱？", "港口花了1.5亿克朗，其中45%是规划时挪威借的。"),
    ("AFP", "法新社", "Has Brazil answered the note on salt that was sent in March?",
     "Brazil answered on April 27 and asked for 12 more weeks; we gave them gladly, since salt does not spoil.",
     "3月发出的关于食盐的照会，巴西答复了吗？", "巴西4月27日答复，要求再给12周。我们欣然同意，盐放不坏。"),
)  # fmt: skip
EVENING: tuple[Said, ...] = (
    ("Bloomberg", "彭博社", "Why did the central bank of Veldania sell its gold to Switzerland?",
     "The bank sold 75 tonnes because Switzerland offered a price that nobody had paid since 1998.",
     "维尔达尼亚央行为什么把黄金卖给瑞士？", "央行卖了75吨，因为瑞士出的价自1998年以来没有人出过。"),
    ("BBC", "英国广播公司", "Is the railway through Mongolia to be built by 2040 after all?",
     "The railway is to be 860 kilometres long, and Mongolia has begun with the first 21 of them this spring.",
     "穿过蒙古的铁路到底能在2040年前建成吗？", "铁路全长860公里，蒙古今年春天已经动工修建头21公里。"),
    ("CNN", "美国有线电视新闻网", "Did the minister meet the envoys of Egypt and Kenya at the lake?",
     "He met the envoys of Egypt and Kenya for 90 minutes and spoke with them of water, seed and schools.",
     "部长在湖边会见了埃及和肯尼亚的使节吗？", "他会见了埃及和肯尼亚的使节，谈了90分钟，谈水、种子和学校。"),
)  # fmt: skip


def english(
    said: tuple[Said, ...], *, title: str = "", day: str | None = "2031-05-06", url: str | None = None
) -> tuple[str, bytes]:
    """The English text of a briefing, a page with name and bytes."""
    words = "\n\n".join(f"{outlet}: {question}\n\nOdile Marsh: {answer}" for outlet, _, question, answer, _, _ in said)
    return _page("en", title or "Spokesperson Odile Marsh's Regular Press Conference", words, day, url)


def chinese(
    said: tuple[Said, ...], *, title: str = "", day: str | None = "2031-05-06", url: str | None = None
) -> tuple[str, bytes]:
    """The Chinese text of a briefing."""
    words = "\n\n".join(f"{outlet}记者：{question}\n\n林若舟：{answer}" for _, outlet, _, _, question, answer in said)
    return _page("zh", title or "外交部发言人林若舟主持例行记者会", words, day, url)


def _page(name: str, title: str, words: str, day: str | None, url: str | None) -> tuple[str, bytes]:
    facts = [("title", f'"{title}"'), ("date", f"'{day}'" if day else ""), ("source_url", url or "")]
    front = "\n".join(f"{key}: {value}" for key, value in facts if value)
    return f"{name}.md", f"---\n{front}\n---\n\n{words}\n".encode()
