"""Ways of printing a briefing that are known of a publisher but that its example pages do not show.

The pages are written for the tests; what is imitated is told in each source's file.
"""

from __future__ import annotations

from onrecord.model import Edition
from onrecord.reading import names, read

MORE = " The tide came in at noon and went out again at six, as it has done on every day since the first almanac."
Rows = list[tuple[int, str, str | None, str]]


def page(body: str, *, title: str = "A page", url: str = "") -> Edition:
    address = f'<meta property="og:url" content="{url}">' if url else ""
    menu = '<div id="menu"><ul><li><a href="/">Home</a></li></ul></div>'
    html = f"<html><head><title>{title}</title>{address}</head><body>{menu}{body}</body></html>"
    return read(html.encode("utf-8"))


def spoken(edition: Edition) -> Rows:
    """Exchange, role, label and first word of each turn somebody spoke."""
    turns = [turn for turn in edition.turns if turn.role != "procedural"]
    return [(t.exchange, t.role, t.label, edition.words(t).split()[0]) for t in turns]


def unspoken(edition: Edition) -> list[str]:
    return [edition.words(turn) for turn in edition.turns if turn.role == "procedural"]


def test_white_house_of_2006_has_no_layout_of_ours_and_one_space_after_q() -> None:
    edition = page(
        f"""<div id="main"><h1>Press Briefing by Tamsin Orlo</h1>
        <p>For Immediate Release<br>Office of the Press Secretary<br>April 26, 2006</p><p>12:18 P.M. EDT</p>
        <p>MR. McORLO: Good afternoon, all.{MORE}</p><p>Q Scott, is the tide in?{MORE}</p>
        <p>MR. McORLO: It is.{MORE}</p><p>Q How high?</p><p>MR. McORLO: High.{MORE}</p>
        <p>END 1:00 P.M. EDT</p></div>""",
        url="https://georgewbush-whitehouse.archives.gov/news/releases/2006/04/20060426-5.html",
    )
    assert (edition.id, edition.title) == ("us-whitehouse/2006-04-26/en", "Press Briefing by Tamsin Orlo")
    assert spoken(edition) == [
        (0, "statement", "MR. McORLO", "Good"),
        (1, "question", "Q", "Scott,"),
        (1, "answer", "MR. McORLO", "It"),
        (2, "question", "Q", "How"),
        (2, "answer", "MR. McORLO", "High."),
    ]
    assert any("unknown" in notice for notice in edition.notices)


def test_mea_page_of_an_unknown_body_and_short_labels() -> None:
    edition = page(
        f"""<section><h1>Transcript of Weekly Media Briefing by the Official Spokesperson (March 16, 2023)</h1>
        <p>March 17, 2023</p><p>Shri Tamsin Orlo, Official Spokesperson: Good afternoon.{MORE}</p>
        <p>Kesto Varn, The Skerry Post: Sir, is the tide in?{MORE}</p><p>Unidentified Speaker: And when?</p>
        <p>Official Spokesperson: I think so.{MORE}</p><p>Regarding the tide: it is late.</p>
        <p>Foreign Secretary Shri Edo Lanfer: One addition.{MORE}</p><p>New Delhi</p></section>""",
        title="Transcript of Weekly Media Briefing by the Official Spokesperson (March 16, 2023)",
        url="https://www.mea.gov.in/media-briefings.htm?dtl/990019/x",
    )
    assert edition.date == "2023-03-16"  # as the title has it, not the day it was put up
    assert spoken(edition) == [
        (0, "statement", "Shri Tamsin Orlo, Official Spokesperson", "Good"),
        (1, "question", "Kesto Varn, The Skerry Post", "Sir,"),
        (2, "question", "Unidentified Speaker", "And"),
        (2, "answer", "Official Spokesperson", "I"),
        (2, "answer", "Foreign Secretary Shri Edo Lanfer", "One"),
    ]
    assert edition.people == ("Tamsin Orlo", "Edo Lanfer")
    assert unspoken(edition)[-1] == "New Delhi"


def test_mea_in_hindi() -> None:
    edition = page(
        """<div id="innerContent"><h2>आधिकारिक प्रवक्ता द्वारा साप्ताहिक मीडिया वार्ता का प्रतिलेख</h2>
        <p class="date">मार्च 16, 2023</p><p>श्री तमसिन ओरलो, आधिकारिक प्रवक्ता: नमस्कार।</p>
        <p>वक्ता 1: महोदय, क्या नौका चलेगी?</p><p>श्री तमसिन ओरलो, आधिकारिक प्रवक्ता: हाँ, चलेगी।</p></div>""",
        url="https://www.mea.gov.in/media-briefings-hi.htm?dtl/990019/x",
    )
    assert edition.id == "in-mea/2023-03-16/hi"
    assert [row[1] for row in spoken(edition)] == ["statement", "question", "answer"]


def test_mofa_name_before_outlet_and_older_ids() -> None:
    edition = page(
        """<h2 id="title2">Press Conference by Minister for Foreign Affairs Edo Ranbara</h2>
        <h3 id="subtitle">Friday, March 4, 2016, 8:55 a.m. Front Hall</h3><div id="maincontents"><h3>The tide</h3>
        <p>Shirase, Harbour Gazette: Is the tide in?</p><p>Minister Ranbara: It is.</p>
        <p>Shirase, Harbour Gazette: And out?</p><p>Minister Ranbara:At six.</p></div>""",
        url="https://www.mofa.go.jp/press/kaiken/kaiken4e_990245.html",
    )
    assert edition.date == "2016-03-04"
    assert [row[:3] for row in spoken(edition)] == [
        (1, "question", "Shirase, Harbour Gazette"),
        (1, "answer", "Minister Ranbara"),
    ] * 2
    assert edition.people == ("Edo Ranbara",)


def test_mofa_nameless_reporter_and_the_year_of_an_era() -> None:
    edition = page(
        """<h2 id="title2"><span>外務報道官会見記録</span></h2><div id="maincontents">
        <p>（平成26年5月7日（水曜日）16時32分～ 於：本省会見室）</p><h3>潮</h3><p>【記者】潮は満ちましたか。</p>
        <p>【蘭原外務報道官】満ちました。</p><p>【記者】いつですか。</p><p>【蘭原外務報道官】正午です。</p></div>""",
        url="https://www.mofa.go.jp/mofaj/press/kaiken/kaiken4_990441.html",
    )
    assert edition.id == "jp-mofa/2014-05-07/ja"
    assert [row[0] for row in spoken(edition)] == [1, 1, 2, 2]
    assert names.persons_beginning("林", source="jp-mofa", on="2022-07-26") == ("Yoshimasa Hayashi",)
    assert names.persons_beginning("", source="jp-mofa") == ()


def test_un_guests_by_office_and_the_date_in_the_address() -> None:
    edition = page(
        f"""<h1>Daily Press Briefing by the Office of the Spokesperson for the Secretary-General</h1>
        <div class="field field--name-body"><p>The following is a near-verbatim transcript of today’s noon briefing by
        Tamsin Orlo, Spokesman for the Secretary-General.</p><p>**Security Council</p><p>Good afternoon.{MORE}</p>
        <p><strong>Question</strong>:  Thanks.  A follow-up: is it in?</p><p><strong>Spokesman</strong>:  It is.</p>
        <p>Question:  [inaudible]</p><p>Under-Secretary-General Vash:  Thank you.</p></div>""",
        url="https://press.un.org/en/2023/db230509.doc.htm",
    )
    assert edition.id == "un-noon/2023-05-09/en"
    assert spoken(edition) == [
        (0, "statement", None, "**Security"),
        (1, "question", "Question", "Thanks."),
        (1, "answer", "Spokesman", "It"),
        (2, "question", "Question", "[inaudible]"),
        (2, "answer", "Under-Secretary-General Vash", "Thank"),
    ]
    assert edition.people == ("Tamsin Orlo",)


def test_russian_answer_put_in_writing_names_its_speaker_in_the_title() -> None:
    edition = page(
        """<h1 class="photo-content__title">Ответ официального представителя МИД России М.В.Захаровой на вопрос СМИ
        о приливах</h1><span class="photo-content__date">20.08.2031</span><div class="text article-content">
        <p><strong>Вопрос:</strong> Прилив был?</p><p><strong>Ответ:</strong> Был.</p></div>""",
        url="https://mid.ru/ru/foreign_policy/news/990001/",
    )
    assert (edition.date, edition.people) == ("2031-08-20", ("М.В.Захарова",))
    assert [(turn.role, turn.person) for turn in edition.turns] == [("question", None), ("answer", "Maria Zakharova")]


def test_excerpt_of_a_state_department_briefing_is_told_by_its_words() -> None:
    edition = read(
        f"""US State Dept Presser

State Department Press Briefing -June 13, 2031

27 Min

The State Department held a presser on June 13, 2031 with Spokesperson Tamsin Orlo fielding questions.

Some Excerpts

QUESTION: Thanks.{MORE}

MS ORLO: Sure.{MORE}
""".encode()
    )
    assert edition.id == "us-state/2031-06-13/en.excerpt-1"
    assert [row[:3] for row in spoken(edition)] == [(1, "question", "QUESTION"), (1, "answer", "MS ORLO")]


def test_pentagon_first_label_in_full_and_the_closing_mark() -> None:
    edition = page(
        """<h1 class="maintitle">Deputy Pentagon Press Secretary Tamsin Orlo Holds a Press Briefing</h1>
        <span class="date">Sept. 15, 2031</span><div class="body">
        <p>DEPUTY PENTAGON PRESS SECRETARY TAMSIN ORLO: Good afternoon.</p><p>Q: Same question: when?</p>
        <p>MS. ORLO: Noon.<br>Q: Noon?<br>MS. ORLO: Noon.</p><p>--30--</p></div>""",
        url="https://www.war.gov/News/Transcripts/Transcript/Article/9900002/x/",
    )
    assert edition.id == "us-defense/2031-09-15/en"
    assert edition.people == ("Tamsin Orlo",)
    assert [row[0] for row in spoken(edition)] == [0, 1, 1, 2, 2]
    assert unspoken(edition) == ["--30--"]


def test_people_of_a_chinese_page_are_listed_once() -> None:
    edition = page(
        """<div class="news-title"><h1>外交部发言人毛宁就潮汐答记者问</h1><p class="time">2031-05-01 20:00</p></div>
        <div id="News_Body_Txt_A"><p><b>问：潮水涨了吗？</b></p><p>答：涨了。</p></div>""",
    )
    assert edition.people == ("毛宁",)
    assert edition.turns[-1].person == "Mao Ning"
