"""What the example pages do not show of turns, labels and people; the words here are nobody's."""

from __future__ import annotations

import contextlib
import time

import pytest

from onrecord.errors import NotABriefing
from onrecord.model import Edition
from onrecord.reading import read
from onrecord.reading.layout import Line, paragraphs

Row = tuple[int, str, str | None, str]


def rows(edition: Edition) -> list[Row]:
    return [(t.exchange, t.role, t.label, edition.words(t)) for t in edition.turns]


def white_house(text: str, title: str = "Press Briefing by Press Secretary Ann Example") -> Edition:
    page = f"---\ntitle: {title}\ndate: '2031-02-03'\n---\n\n{text}"
    return read(page.encode(), name="page.md", source="us-whitehouse")


def test_a_label_lost_within_a_sentence_counts_when_it_has_several_words_in_capitals() -> None:
    edition = white_house(
        "MS. EXAMPLE:  Hello.\n\nQ    Is it so that MS. EXAMPLE:  I cannot say, says NSC: no.\n\nNSC:  Hm."
    )
    assert rows(edition) == [
        (0, "statement", "MS. EXAMPLE", "Hello."),
        (1, "question", "Q", "Is it so that"),
        (1, "answer", "MS. EXAMPLE", "I cannot say, says NSC: no."),
        (1, "answer", "NSC", "Hm."),
    ]


def test_a_time_of_day_before_a_label_in_one_paragraph_is_nobodys() -> None:
    edition = white_house("2:15 P.M. EST MODERATOR:  Hi.\n\nQ    One?\n\nMODERATOR:  Two.\n")
    assert rows(edition) == [
        (0, "procedural", None, "2:15 P.M. EST"),
        (0, "statement", "MODERATOR", "Hi."),
        (1, "question", "Q", "One?"),
        (1, "answer", "MODERATOR", "Two."),
    ]


def test_a_mark_before_a_label_is_no_turn() -> None:
    edition = white_house("MS. EXAMPLE:  Hello.\n\nQ    Why?\n\nQ     MS. EXAMPLE:  Because.\n")
    assert rows(edition)[1:] == [(1, "question", "Q", "Why?"), (1, "answer", "MS. EXAMPLE", "Because.")]


@pytest.mark.parametrize("words", ["– and why?", "Does it?", "I’m not sure."])
def test_a_question_mark_without_a_space(words: str) -> None:
    edition = white_house(f"MS. EXAMPLE:  Hello.\n\nQ{words}\n\nMS. EXAMPLE:  QAnon.\n\nQuite so. QAnon again.\n")
    assert rows(edition)[1:] == [
        (1, "question", "Q", words),
        (1, "answer", "MS. EXAMPLE", "QAnon.\nQuite so. QAnon again."),
    ]


def test_items_of_a_list_are_paragraphs_of_one_answer() -> None:
    edition = white_house("MS. EXAMPLE:  Three things:\n\n- to plan\n  well\n- to build\n\n1.  to keep\n2.  to mend\n")
    assert edition.text == "MS. EXAMPLE: Three things:\nto plan well\nto build\n1. to keep\n2. to mend"
    assert len(edition.turns) == 1


def test_italics_with_a_space_before_their_end() -> None:
    edition = white_house("MS. EXAMPLE:  Hello.\n\n*Q    I am not on mute. *\n\nMS. EXAMPLE:  Ah.\n")
    assert rows(edition)[1] == (1, "question", "Q", "I am not on mute.")
    assert white_house("*Via Teleconference*** **\n\nMS. EXAMPLE:  Hi.").text == "Via Teleconference\nMS. EXAMPLE: Hi."


def test_asides_are_what_nobody_can_have_said() -> None:
    edition = white_house(
        "(February 2, 2031)\n\nMS. EXAMPLE:  Well.  (Holds up two fingers.)  Growth (GDP) and (clears throat) cuts "
        "(a) or (b), the ministry (SMIC) says.\n"
    )
    asides = [edition.text[a.start : a.end] for a in edition.annotations]
    assert asides == ["(Holds up two fingers.)", "(clears throat)"]


def test_a_short_name_that_recurs_is_not_a_misspelt_one() -> None:
    text = "MODERATOR:  Hi.\n\n" + "Q    So?\n\nGENERAL KIRKY:  So.\n\n" * 4
    assert {t.person for t in white_house(text).turns if t.label == "GENERAL KIRKY"} == {None}


def test_offices_run_together_in_a_title_are_no_given_name() -> None:
    edition = white_house(
        "MS. EXAMPLE:  I am joined by my colleague Luisa Sampleton.\n\nMS. SAMPLETON:  Hello.\n",
        "Press Briefing by Press Secretary Ann Example and Director of Coalitions Media Luisa Sampleton",
    )
    assert edition.turns[-1].person == "Luisa Sampleton"


@pytest.mark.parametrize(
    ("title", "people"),
    [
        ("外交部发言人就美方有关言论答记者问", ()),
        ("外交部发言人宣布中方有关决定", ()),
        ("外交部发言人就维护有关机构安全答记者问", ()),
        ("外交部发言人应询介绍有关情况", ()),
        ("外交部发言人毛宁就有关言论答记者问", ("毛宁",)),
        ("2031年2月3日外交部发言人欧阳某主持例行记者会", ("欧阳某",)),
    ],
)
def test_a_name_follows_the_word_for_spokesperson_only_where_printed(title: str, people: tuple[str, ...]) -> None:
    edition = read(f"{title}\n\n问：请问有何评论？\n\n答：没有评论。\n".encode(), name="a.txt", source="cn-mfa")
    assert edition.people == people
    assert edition.turns[-1].person == {"毛宁": "Mao Ning", "欧阳某": "欧阳某"}.get("".join(people))


def test_title_and_date_above_a_statement_are_nobodys() -> None:
    page = "外交部发言人就某事发表谈话\n2031-02-03 10:00\n某方应当反思。\n"
    edition = read(page.encode(), name="a.txt", source="cn-mfa")
    assert [(t.role, edition.words(t)) for t in edition.turns] == [
        ("procedural", "外交部发言人就某事发表谈话"),
        ("procedural", "2031-02-03 10:00"),
        ("statement", "某方应当反思。"),
    ]
    assert (edition.date, edition.title) == ("2031-02-03", "外交部发言人就某事发表谈话")


def test_a_spokesperson_named_at_the_beginning_of_a_statement() -> None:
    edition = read("关于某事的声明\n外交部发言人毛宁宣布：\n某事。\n".encode(), name="a.txt", source="cn-mfa")
    assert edition.people == ("毛宁",)


def test_text_wrapped_at_a_width_that_one_address_exceeds() -> None:
    line = "This is one of several lines of an answer all of which are about as long as"
    text = f"MS. EXAMPLE: Hello.\n\nQ Hm?\n\nMS. EXAMPLE: {line[:62]}\n{line}\n{line}\n(inaudible).\n\nQ So?\n\n"
    text = text * 4 + "MS. EXAMPLE: See https://www.whitehouse.gov/" + "x" * 80 + " for more.\n"
    edition = read(text.encode(), name="a.txt", source="us-whitehouse")
    assert [t.role for t in edition.turns].count("procedural") == 0
    assert edition.words(edition.turns[2]) == f"{line[:62]} {line} {line} (inaudible)."


def test_a_paragraph_with_a_label_is_no_title() -> None:
    edition = read(b"MR. SAMPLE: Hi everybody, this is a call\n\nQ Why?\n\nMR. SAMPLE: So.\n", name="a.txt")
    assert edition.title is None


def test_letters_of_two_weights_stay_together_on_a_page_of_no_known_layout() -> None:
    asked = "<p><strong>法新社</strong><strong>记者：</strong><b>请问某国的有关表态，中方对此有何评论？</b></p>"
    answered = "<p><strong>毛宁：</strong>我们注意到有关报道，中方的立场没有变化，希望有关各方保持冷静。</p>"
    heading = "2031年2月3日外交部发言人毛宁主持例行记者会"
    body = f"<body><h1>{heading}</h1><div>{asked}{answered}{asked}{answered}</div></body>"
    page = f"<html><head><title>表态_某网站</title></head>{body}</html>"
    edition = read(page.encode(), name="a.html")
    assert [t.label for t in edition.turns] == ["法新社记者", "毛宁"] * 2
    assert (edition.title, edition.date) == (heading, "2031-02-03")


def test_a_page_too_broken_for_the_guess_at_its_main_text_is_read_whole() -> None:
    page = '<div class="x"><p "<p><<< a="1" 7="\x01">MR. SAMPLE: Hello.</p><p>Q: Why?</p></div>' * 3
    assert read(page.encode(), name="a.html").text


def test_a_label_that_holds_no_name_resolves_to_nobody() -> None:
    edition = white_house("MS. EXAMPLE:  Hello.\n\nMR.,:  Hm.\n\n’’:  Hm.\n\nMR.:  Hm.\n\n")
    assert {t.person for t in edition.turns if t.label != "MS. EXAMPLE"} == {None}


RUNS = [
    "A",
    "A ",
    "MR. ",
    "1.",
    "(",
    "问",
    "![",
    "<s>",
    "[a](",
    "**a ",
    "~~a ",
    "_a ",
    " ",
    "Q  ",
    "<p>",
    "2031年2月3日",
]


@pytest.mark.parametrize("run", RUNS)
def test_long_runs_of_one_thing_take_no_time(run: str) -> None:
    begun = time.process_time()
    long = run * (20_000 // len(run))
    for name in ("a.txt", "a.md", "a.html"):
        page = f"<p>{long}\n\n{long}: x</p>\n\nMR. SAMPLE: {long} x"
        with contextlib.suppress(NotABriefing):  # tags nested too deep leave nothing
            read(page.encode(), name=name, source="us-whitehouse")
    assert time.process_time() - begun < 2


def test_control_characters_are_left_out() -> None:
    drop = '<div class="wp-block-whitehouse-topper"><h1 class="wp-block-whitehouse-topper__headline">A title</h1></div>'
    body = f'<div class="wp-block-post-content">{drop}&#1;&#11;&#31;x<p>MR. SAMPLE: A&#2;b&#x7f; \u200b c</p></div>'
    edition = read(f"<html><body>{body}</body></html>".encode(), name="a.html", source="us-whitehouse")
    assert edition.text == "x\nMR. SAMPLE: Ab c"


def test_a_printed_question_opens_a_paragraph_after_a_line_that_breaks_off() -> None:
    def line(text: str, base: float) -> Line:
        return Line(runs=((text, False),), left=72, right=72 + 5 * len(text), base=base, size=10, height=792)

    page = [line("MR. SAMPLE: This is a line of an answer that goes on and on to the end —", 700)]
    page += [line("Q But why does it, when it does not need to go on and on to the edge?", 686)]
    page += [line("MR. SAMPLE: Q CELLS is the name of a company that goes on and on and on", 672)]
    page += [line("Q CELLS being its name, as has been said in this answer to its very end.", 658)]
    assert [runs[0][0][:6] for runs in paragraphs([page])] == ["MR. SA", "Q But ", "MR. SA"]


def test_menus_are_no_statement_of_the_spokesperson(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.reading.html._main_text", lambda text: None)
    title = "外交部发言人毛宁就某事发表谈话"
    page = f"<html><head><title>{title}</title></head><body><ul><li>首页</li><li>外交部长</li><li>驻外机构"
    edition = read(page.encode(), name="a.html", source="cn-mfa")
    assert {t.person for t in edition.turns} == {None}
    assert "all its text was taken" in edition.notices[0]


def test_a_question_within_a_paragraph_is_told_by_its_wide_space() -> None:
    markdown = white_house("MS. EXAMPLE:  So it is.\nQ    Can it be?\n\n<!-- -->\n\nMS. EXAMPLE:  It can.\n")
    body = "<p>MS. EXAMPLE:&nbsp; So it is. Q&nbsp; &nbsp; Can it be?</p><p>MS. EXAMPLE:&nbsp; It can.</p>"
    page = f'<html><body><h1>A title</h1><section class="body-content">{body}</section></body></html>'
    assert rows(read(page.encode(), name="a.html", source="us-whitehouse")) == rows(markdown)
    assert [t.role for t in markdown.turns] == ["statement", "question", "answer"]


def test_a_nest_of_aliases_in_front_matter_takes_no_time() -> None:
    nest = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20))
    page = f"---\na0: &a0 [x]\n{nest}\ntitle: A call\n---\n\nMS. ASK:  Good morning.\n\nQ    Is it?\n"
    edition = read(page.encode(), name="page.md")
    assert edition.title == "A call"
    assert [turn.label for turn in edition.turns] == ["MS. ASK", "Q"]


def test_a_day_named_in_speech_is_not_the_day_of_the_briefing() -> None:
    told = "Veldania FO Presser\n\n{}\n\nReuters: Talks open on March 5, 2031. Any comment?\n\nSpokesperson: None."
    assert read(told.format("Some Excerpts").encode()).date is None
    assert read(told.format("Held on March 1, 2031").encode()).date == "2031-03-01"


@pytest.mark.parametrize(
    "day", ["le 14 mai 2031", "14 de mayo de 2031", "14. Mai 2031", "14 maggio 2031", "May 14, 2031"]
)
def test_the_day_in_the_languages_of_briefings(day: str) -> None:
    assert read(f"Veldania\n\n{day}\n\nQ: ?\n\nA: !".encode()).date == "2031-05-14"


ASKED = ["How many are there?", "Is there a plan?", "Should they leave?", "Is there life?"]


@pytest.mark.parametrize("source", ["us-whitehouse", "us-state", "xv-mfa", "un-noon", "cn-mfa", None])
@pytest.mark.parametrize("asker", ["Q", "Question"])
def test_whoever_opens_the_paragraphs_below_questions_answers(source: str | None, asker: str) -> None:
    body = "".join(
        f"<p><strong>{asker}:</strong> {asked}</p><p><strong>Samplin:</strong> I cannot say.</p><p>Not yet.</p>"
        for asked in ASKED
    )
    page = f"<html><body><article><h1>Briefing live</h1><p>He came late.</p>{body}</article></body></html>"
    edition = read(page.encode(), name="a.html", source=source)
    said = [row for row in rows(edition) if row[0]]
    assert said == [
        row
        for n, asked in enumerate(ASKED, 1)
        for row in ((n, "question", asker, asked), (n, "answer", "Samplin", "I cannot say.\nNot yet."))
    ]


def test_an_answerer_learned_from_the_page_tells_who_asks() -> None:
    asked = ["Reuters", "AFP", "The Tidal Post"]
    text = "\n\n".join(f"{who}: Is it open?\n\nAnn Samplin: It is.\n\nUntil six." for who in asked)
    edition = read(f"Excerpts\n\n{text}\n".encode(), name="a.txt", source="cn-mfa")
    said = [(t.role, t.label) for t in edition.turns if t.exchange]
    assert said == [pair for who in asked for pair in (("question", who), ("answer", "Ann Samplin"))]


def test_words_before_a_colon_in_a_long_question_are_nobody() -> None:
    edition = white_house("MS. EXAMPLE:  Hello.\n\nQ    Two things.\n\nTaxes: will they rise?\n\nMS. EXAMPLE:  No.\n")
    assert [t.label for t in edition.turns] == ["MS. EXAMPLE", "Q", "MS. EXAMPLE"]


HELD = "China FO Presser - May 1, 2031\n\nForeign Ministry Spokesperson Ann Samplin met the press\n\nSome Excerpts"


@pytest.mark.parametrize(("head", "source"), [(HELD, "cn-mfa"), ("Briefing", None), ("Briefing", "us-whitehouse")])
def test_letters_with_a_full_stop_that_take_turns_are_labels(head: str, source: str | None) -> None:
    text = f"{head}\n\nQ. Will it sail?\n\nAnd when?\n\nA. At noon.\n\nA. Smith said so.\n\nQ. Why?\n\nA. The tide.\n"
    edition = read(text.encode(), name="a.txt", source=source)
    assert [row for row in rows(edition) if row[0]] == [
        (1, "question", "Q", "Will it sail?\nAnd when?"),
        (1, "answer", "A", "At noon.\nA. Smith said so."),
        (2, "question", "Q", "Why?"),
        (2, "answer", "A", "The tide."),
    ]
    person = "Ann Samplin" if head == HELD else None
    assert {t.person for t in edition.turns if t.role == "answer"} == {person}


@pytest.mark.parametrize(
    "text",
    [
        "Reuters: Who said so?\n\nSpokesperson: A man.\n\nA. Smith said so.\n\nAFP: Why?\n\nSpokesperson: Hm.",
        "Q. Who said so?\n\nSpokesperson: A man.\n\nA. Smith said so.\n\nQ. Why?\n\nSpokesperson: Hm.",
        "Q. Who said?\n\nA. Smith did?\n\nSpokesperson: Yes.\n\n" + "Q. Why?\n\nSpokesperson: Hm.\n\n" * 2,
    ],
)
def test_an_initial_is_no_label(text: str) -> None:
    edition = read(f"{HELD}\n\n{text}\n".encode(), name="a.txt")
    assert "A" not in {t.label for t in edition.turns}
    assert any("A. Smith" in edition.words(t) for t in edition.turns)


@pytest.mark.parametrize(
    ("header", "words", "person"),
    [
        ("Spokesperson: Mao Ning", "We announce a thing.", "Mao Ning"),
        ("Spokesperson: Ann Samplin", "We announce a thing.", "Ann Samplin"),
        ("Foreign Ministry Spokesman: Ben Samplin", "We announce a thing.", "Ben Samplin"),
        ("发言人：毛宁", "我们宣布一件事。", "Mao Ning"),
    ],
)
def test_a_header_that_names_the_spokesperson_is_nobodys_words(header: str, words: str, person: str) -> None:
    han = not words.isascii()
    text = f"{header}\n\n{words}\n\n" + ("问：还有吗？\n\n答：没有。" if han else "Q: What else?\n\nA: Nothing.")
    edition = read(f"{'2031年2月3日例行记者会' if han else 'Briefing'}\n\n{text}\n".encode(), source="cn-mfa")
    assert [(t.exchange, t.role, edition.words(t)) for t in edition.turns[1:3]] == [
        (0, "procedural", header),
        (0, "statement", words),
    ]
    assert edition.turns[2].person == edition.turns[-1].person == person
    assert len(edition.people) == 1


def test_a_name_that_is_the_answer_stays_one() -> None:
    edition = read(b"Briefing\n\nQ: Who speaks tomorrow?\n\nSpokesperson: Mao Ning\n", source="cn-mfa")
    assert rows(edition)[-1] == (1, "answer", "Spokesperson", "Mao Ning")


def test_a_page_of_thousands_of_speakers_takes_time_in_proportion() -> None:
    def seconds(count: int) -> float:
        names = ("".join(chr(65 + n // 26**k % 26) for k in range(4)) for n in range(7, count * 7, 7))
        page = "\n\n".join(f"MR. {name}: That is so." for name in names).encode()
        began = time.process_time()
        assert len(read(page).turns) == count - 1
        return time.process_time() - began

    seconds(500)
    assert seconds(4000) < 30 * seconds(500)  # 8 times; it was 64
