"""Subtitles in the shapes they are found in; the words here are nobody's."""

from __future__ import annotations

import io
import itertools
import time
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.archive.intake import intake
from onrecord.errors import NotABriefing
from onrecord.model import Edition
from onrecord.reading import read
from onrecord.reading.cues import captions
from onrecord.reading.kinds import sniff

Row = tuple[int, str, str | None, str]
MARKED = "turns are by the captions' marks of another speaker, which name nobody"
NAMED = "turns are by the speakers that the captions name"
PAUSES = "turns are by pauses; the recording marks no speakers"


def stamp(ms: int, comma: str = ",") -> str:
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}{comma}{ms % 1000:03}"


def srt(*cues: str, gaps: dict[int, int] | None = None) -> str:
    """Cues of two seconds, a tenth of a second apart; ``gaps`` adds milliseconds before the cues it numbers."""
    at, out = 1000, []
    for n, cue in enumerate(cues, 1):
        at += (gaps or {}).get(n, 0)
        out.append(f"{n}\n{stamp(at)} --> {stamp(at + 2000)}\n{cue}\n")
        at += 2100
    return "\n".join(out)


def heard(text: str | bytes, name: str = "a.srt", source: str | None = None) -> Edition:
    return read(text.encode() if isinstance(text, str) else text, name=name, source=source)


def rows(text: str | bytes, name: str = "a.srt") -> list[Row]:
    edition = heard(text, name)
    return [(t.exchange, t.role, t.label, edition.words(t)) for t in edition.turns]


# --- what is a file of subtitles, and what its cues are


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\nHi", "vtt"),
        (b"\xef\xbb\xbfWEBVTT - a title\n", "vtt"),
        (b"WEBVTTED is no word, but a text may begin with it.", "text"),
        (b"\n\n1\n00:00:01,000 --> 00:00:02,000\nHi", "srt"),
        (b"00:00:01,000 --> 00:00:02,000\nno counter", "srt"),
        (b"7\r0:00:01.5 --> 0:00:02.5  X1:40 X2:60\rold line ends", "srt"),
        ("1\n00:00:01,000 --> 00:00:02,000\n港湾".encode("utf-16"), "srt"),
        (b"At 00:01 --> 00:02 we said so.", "text"),
    ],
)
def test_subtitles_are_known_by_what_they_hold(data: bytes, form: str) -> None:
    assert sniff(data, "page.txt") == form


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"Just a text.", "has no cues"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n\n", "holds no text"),
        (b"1\n00:00:01,000 --> 00:00:02,000\n>> \n", "holds no text"),
        (b"", "is empty"),
        (b"\0\1\2" * 900, "is binary"),
        (b"1\n00:00:01,000 --> 00:00:02,000\na\n\n" * 100_001, "more than 100,000 cues"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"word " * 4_000_000, "longer than"),
    ],
)
def test_what_holds_no_subtitles_is_refused_quickly(data: bytes, what: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(NotABriefing, match=what):
        heard(data)
    assert time.perf_counter() - begun < 10


def test_cues_have_their_times() -> None:
    text = (
        "WEBVTT\n\n01:02.5 --> 1:00:03.250 line:0 align:start\nA\n\nname of a cue\n00:01.000 --> 00:02.000\nB"
        "\n\n00:01.500 --> 00:01.200\nC"
    )
    shown = [(cue.start, cue.end, [line.text for line in cue.lines]) for cue in captions(text).cues]
    assert shown == [(1000, 2000, ["B"]), (1500, 1500, ["C"]), (62500, 3603250, ["A"])]


def test_markup_goes_and_entities_are_undone() -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<c.yellow.bg_blue>Tea</c> &amp; <b><i>bis</i>cuits</b>,&nbsp;<u>all</u>"
        "&lrm;\n<00:00:01.500>{\\an8}<font color=#fff>a &lt; b</font> {\\i1}and{\\i0} <lang fr>so</lang><br>on"
        "\n<ruby>港<rt>gang</rt></ruby>"
    )
    assert heard(text, "a.vtt").text == "Tea & biscuits, all a < b and so on港"


def test_notes_styles_and_regions_are_not_said() -> None:
    text = (
        "WEBVTT\n\nREGION\nid:fred\n\nSTYLE\n::cue {}\n\n1\n00:01.000 --> 00:02.000\nOne\n\nNOTE\ntwo\nthree\n\n"
        "NOTE four\n\n2\n00:02.000 --> 00:03.000\nfive"
    )
    assert heard(text, "a.vtt").text == "One five"


def test_counters_may_be_missing_and_lines_blank() -> None:
    assert heard("00:00:01,000 --> 00:00:02,000\nIn\n1999\n\n00:00:02,000 --> 00:00:03,000\nit was.").text == (
        "In 1999 it was."
    )
    assert (
        heard("1\n00:00:01,000 --> 00:00:02,000\nIn\n2\n00:00:02,000 --> 00:00:03,000\n\nApril.\n").text == "In April."
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_subtitles_in_any_encoding(encoding: str) -> None:
    text = srt("记者：渡轮是否照常开行？", "发言人：照常开行，谢谢大家，今天没有更多消息。").replace("\n", "\r\n")
    assert rows(text.encode(encoding)) == [
        (1, "question", "记者", "渡轮是否照常开行？"),
        (1, "answer", "发言人", "照常开行，谢谢大家，今天没有更多消息。"),
    ]


@pytest.mark.parametrize("times", ["00:00:03,000 -->", "--> 00:00:04,000", "00:0 --> 00:00:04,000", "-->"])
def test_a_broken_line_of_times_is_not_said(times: str) -> None:
    cues = f"1\n{stamp(1000)} --> {stamp(3000)}\nOne\n\n2\n{times}\ntwo\n\n3\n{stamp(4000)} --> {stamp(5000)}\nthree."
    edition = heard(cues)
    assert (edition.text, len(edition.turns)) == ("One two three.", 1)
    assert edition.notices[0] == "times of cues that are broken were taken from the cues beside them"
    assert [(cue.start, cue.end) for cue in captions(cues).cues] == [(1000, 3000), (3000, 4000), (4000, 5000)]


def test_an_arrow_that_is_said_stays() -> None:
    edition = heard(srt("From here --> to there", "as 2 > 1."))
    assert edition.text == "From here --> to there as 2 > 1."
    assert not any("broken" in notice for notice in edition.notices)


# --- rolling captions


def youtube(lines: list[str]) -> str:
    """Lines as YouTube's automatic captions show them: each comes in below the one before, is held, and moves up."""
    out, at, before = ["WEBVTT", "Kind: captions", "Language: en", ""], 0, " "
    for line in lines:
        first, *rest = line.split()
        timed = first + "".join(f"<{stamp(at + 300 * n, '.')}><c> {word}</c>" for n, word in enumerate(rest, 1))
        end = at + 300 * len(rest) + 500
        out += [f"{stamp(at, '.')} --> {stamp(end, '.')} align:start position:0%", before, timed, ""]
        out += [f"{stamp(end, '.')} --> {stamp(end + 10, '.')} align:start position:0%", line, " ", ""]
        at, before = end + 10, line
    return "\n".join(out)


def rolled(lines: list[str], height: int) -> str:
    """Lines as decoders of broadcast captions write them, ``height`` of them at a time."""
    return srt(*("\n".join(lines[max(0, n - height) : n]) for n in range(1, len(lines) + 1)))


words = st.sampled_from(["the", "a", "we", "no", "yes", "harbour", "lights", "open", "and", "so"])
lines = st.lists(st.lists(words, min_size=1, max_size=8).map(" ".join), min_size=4, max_size=30)


@settings(max_examples=60, deadline=None)
@given(lines)
def test_rolling_captions_give_every_line_once(lines: list[str]) -> None:
    # the last line, so that what is said twice is seen to be rolling
    lines = ["this opens it", *itertools.chain(*((line, f"line {n} of it") for n, line in enumerate(lines)))]
    assert heard(youtube(lines), "a.vtt").text.replace("\n", " ") == " ".join(lines)
    assert heard(rolled(lines, 3)).text == " ".join(lines)


def test_words_that_come_in_one_by_one_are_given_once() -> None:
    said = ["The", "harbour", "lights", "are", "lit", "again", "tonight", "and", "will", "stay", "so", "until", "May."]
    text = srt(*(" ".join(said[: n + 1]) for n in range(len(said))))
    assert heard(text).text == " ".join(said)
    assert heard(srt("港湾", "港湾的灯", "港湾的灯今晚", "港湾的灯今晚亮了")).text == "港湾的灯今晚亮了"
    assert (
        heard(srt("The Min", "The Minister of", "The Minister of Tides is here")).text
        == "The Minister of Tides is here"
    )


def test_what_is_said_twice_stays_where_captions_do_not_roll() -> None:
    assert heard(srt("No.", "No.", "No.", "I said no.")).text == "No. No. No. I said no."
    assert heard(srt("We will go", "go and see", "see the quay", "and the strait")).text == (
        "We will go go and see see the quay and the strait"
    )


def test_the_same_cue_twice_at_once_is_given_once() -> None:
    cue = "00:00:01,000 --> 00:00:02,000\nHello."
    assert heard(f"1\n{cue}\n\n2\n{cue}\n\n3\n00:00:02,000 --> 00:00:03,000\nBye.").text == "Hello. Bye."


# --- lines to running text


def test_lines_are_joined_as_their_script_is_written() -> None:
    assert (
        heard(srt("我们在港湾", "APEC会议上\n说过的话，", "不会改变。")).text
        == "我们在港湾APEC会议上说过的话，不会改变。"
    )
    assert heard(srt("We spoke of the\nwell-known quay. It is well-\nknown.")).text == (
        "We spoke of the well-known quay. It is well-known."
    )
    assert heard(srt("This is inter-", "national law.")).text == "This is international law."


# --- who speaks


def test_marks_of_another_speaker() -> None:
    text = srt(
        "&gt;&gt; GOOD AFTERNOON.\nWE BEGIN LATE.",
        ">> IS THE QUAY OPEN? >> IT IS, AND IT",
        "WILL BE TOMORROW.",
        ">>> REPORTER: AND THE",
        "FERRY?",
        ">> NO.",
    )
    assert rows(text) == [
        (0, "statement", None, "GOOD AFTERNOON. WE BEGIN LATE."),
        (1, "question", None, "IS THE QUAY OPEN?"),
        (1, "answer", None, "IT IS, AND IT WILL BE TOMORROW."),
        (2, "question", "REPORTER", "AND THE FERRY?"),
        (2, "answer", None, "NO."),
    ]


def test_a_mark_alone_names_nobody_even_where_one_spokesperson_is_known() -> None:
    note = "WEBVTT\n\nNOTE\nSpokesperson: Ann Example\n\n"
    edition = heard(note + srt(">> Is it open?", ">> It is open until six."), "a.vtt")
    assert [(t.role, t.label, t.person, t.outlet) for t in edition.turns] == [
        ("question", None, None, None),
        ("answer", None, None, None),
    ]
    assert edition.notices[0] == MARKED


def test_dashes_part_two_speakers() -> None:
    assert rows(srt("- Is it open?\n- It is open until six.", "And after six\n– and only then – it is not.")) == [
        (1, "question", None, "Is it open?"),
        (1, "answer", None, "It is open until six. And after six – and only then – it is not."),
    ]


def test_a_dash_that_goes_on_with_a_sentence_is_no_speaker() -> None:
    edition = heard(srt("It was colder", "-5 degrees and", "— if I may say so —", "windy."))
    assert edition.text == "It was colder -5 degrees and — if I may say so — windy."


def test_labels() -> None:
    text = srt(
        "ANN EXAMPLE: Good morning. We\nnote: the sea is calm.",
        "[REPORTER] Is it open?",
        "ANN EXAMPLE: It is.",
        "(REPORTER) And\nnow?",
        "ANN EXAMPLE: The Harbour Council (HC) will say.",
        "Ben Cole: Will it? Thank you.",
        "ANN EXAMPLE: I hope so.",
    )
    edition = heard(text)
    assert rows(text) == [
        (0, "statement", "ANN EXAMPLE", "Good morning. We note: the sea is calm."),
        (1, "question", "REPORTER", "Is it open?"),
        (1, "answer", "ANN EXAMPLE", "It is."),
        (2, "question", "REPORTER", "And now?"),
        (2, "answer", "ANN EXAMPLE", "The Harbour Council (HC) will say."),
        (3, "question", "Ben Cole", "Will it? Thank you."),
        (3, "answer", "ANN EXAMPLE", "I hope so."),
    ]
    assert edition.annotations == ()
    assert edition.notices[0] == NAMED


def test_a_label_on_every_cue_is_one_turn() -> None:
    text = srt(
        "Ann Example: Good morning. We", "Ann Example: are late.", "Ben Cole: Why?", "Ann Example: The fog, the fog."
    )
    assert rows(text) == [
        (0, "statement", "Ann Example", "Good morning. We are late."),
        (1, "question", "Ben Cole", "Why?"),
        (1, "answer", "Ann Example", "The fog, the fog."),
    ]


def test_words_before_a_colon_are_no_label_in_captions_that_are_all_capitals() -> None:
    said = rows(srt(">> MS. EXAMPLE: GOOD DAY.", "THE BOTTOM LINE IS: WE\nHAVE A DEAL.", ">> MS. EXAMPLE: YES."))
    assert {label for _, _, label, _ in said} == {"MS. EXAMPLE"}
    assert rows(srt(">> Look: it is open.", "Quay: closed."))[0][2:] == (
        None,
        "Look: it is open. Quay: closed.".replace(" Quay", "\nQuay"),
    )


def test_what_is_said_before_a_colon_in_captions_that_are_all_capitals() -> None:
    text = srt(
        ">> GOOD DAY. BEFORE I TURN IT",
        "OVER TO MY COLLEAGUE, THE ADMIRAL:",
        "THE QUAY IS A PRIVATE ONE.",
        ">> AND LAST QUESTION: ARE YOU SURE?",
        ">> LOOK: YES. THANK YOU.",
    )
    assert rows(text) == [
        (
            0,
            "statement",
            None,
            "GOOD DAY. BEFORE I TURN IT OVER TO MY COLLEAGUE, THE ADMIRAL: THE QUAY IS A PRIVATE ONE.",
        ),
        (1, "question", None, "AND LAST QUESTION: ARE YOU SURE?"),
        (1, "answer", None, "LOOK: YES. THANK YOU."),
    ]
    assert heard(text).notices[0] == MARKED


def test_labels_in_captions_that_are_all_capitals() -> None:
    text = srt(
        ">> MS. EXAMPLE: WE SPOKE WITH",
        "THE CREW: THEY ARE HERE. BUT",
        ">> REPORTER: LAST QUESTION: WHEN?",
        ">> BEN COLE: AT NOON.",
        ">> THE BOTTOM LINE: IS IT SO?",
        ">> ADM. COLE:",
        "IT IS.",
    )
    assert rows(text) == [
        (0, "statement", "MS. EXAMPLE", "WE SPOKE WITH THE CREW: THEY ARE HERE. BUT"),
        (1, "question", "REPORTER", "LAST QUESTION: WHEN?"),
        (1, "answer", "BEN COLE", "AT NOON."),
        (2, "question", None, "THE BOTTOM LINE: IS IT SO?"),
        (2, "answer", "ADM. COLE", "IT IS."),
    ]
    assert heard(text).notices[0] == NAMED
    assert heard(text).text.endswith("ADM. COLE: IT IS.")


def test_a_label_that_has_a_line_to_itself() -> None:
    edition = heard(srt("Ann Example:\nIt is open.", "Ben Cole: Is it?", "Ann Example: It is.", "记者：\n开了吗？"))
    assert edition.text == "Ann Example: It is open.\nBen Cole: Is it?\nAnn Example: It is.\n记者：开了吗？"
    assert rows(srt("Speaker 1: Is it open?", "[Speaker 2] It is open until six.", "Speaker 2: Or seven.")) == [
        (1, "question", "Speaker 1", "Is it open?"),
        (1, "answer", "Speaker 2", "It is open until six. Or seven."),
    ]


def test_russian_labels() -> None:
    assert rows(
        srt("Вопрос: Где паром?", "Анна Примерова: Он в порту.", "Вопрос: А завтра?", "Анна Примерова: Тоже.")
    ) == [
        (1, "question", "Вопрос", "Где паром?"),
        (1, "answer", "Анна Примерова", "Он в порту."),
        (2, "question", "Вопрос", "А завтра?"),
        (2, "answer", "Анна Примерова", "Тоже."),
    ]


def test_voices_of_whom_nothing_is_known_ask_when_most_of_their_words_are_questions() -> None:
    voices = [("B", "Why so?"), ("A", "Because the tide is out."), ("B", "I see. And the ferry?"), ("A", "It waits.")]
    text = "WEBVTT\n\n" + srt(*(f"<v Person {name}>{said}</v>" for name, said in voices))
    assert rows(text, "a.vtt") == [
        (1, "question", "Person B", "Why so?"),
        (1, "answer", "Person A", "Because the tide is out."),
        (1, "question", "Person B", "I see. And the ferry?"),
        (1, "answer", "Person A", "It waits."),
    ]


def test_stage_directions() -> None:
    text = srt(
        ">> We are open. [applause] Thank you.",
        "[laughter]",
        "And so on. ♪ music ♪",
        "(speaking foreign language)",
        ">> Is it so?",
        ">> [INDISTINCT QUESTION]",
        ">> It is so, and was (I believe) always so.",
    )
    edition = heard(text)
    assert [(t.role, edition.words(t)) for t in edition.turns] == [
        ("statement", "We are open. [applause] Thank you. [laughter] And so on. ♪ music ♪"),
        ("procedural", "(speaking foreign language)"),
        ("question", "Is it so?"),
        ("procedural", "[INDISTINCT QUESTION]"),
        ("answer", "It is so, and was (I believe) always so."),
    ]
    assert {note.kind for note in edition.annotations} == {"aside"}
    assert [edition.text[note.start : note.end] for note in edition.annotations] == [
        "[applause]", "[laughter]", "♪ music ♪", "(speaking foreign language)", "[INDISTINCT QUESTION]",
    ]  # fmt: skip


def test_pauses_part_turns_where_nobody_is_marked() -> None:
    words = [
        "Where is",
        "the ferry?",
        "It is out at sea",
        "and will be so all day.",
        "And tomorrow?",
        "We will see about it.",
    ]
    text = srt(*words, gaps={3: 2500, 5: 2200, 6: 1800})
    assert rows(text) == [
        (1, "question", None, "Where is the ferry?"),
        (1, "answer", None, "It is out at sea and will be so all day."),
        (2, "question", None, "And tomorrow?"),
        (2, "answer", None, "We will see about it."),
    ]
    assert heard(text).notices == (PAUSES, "the page gives no date")
    slow = srt(*("This is a sentence of it." for _ in range(9)), gaps=dict.fromkeys(range(2, 10), 2000))
    assert len(heard(slow).turns) == 1, "a pause after every cue parts nothing"


def test_pauses_part_paragraphs_but_no_turns_where_speakers_are_marked() -> None:
    edition = heard(srt(">> Where is it?", ">> It is out at sea.", "It is late.", "Very.", gaps={3: 3000}))
    assert [edition.words(turn) for turn in edition.turns] == ["Where is it?", "It is out at sea.\nIt is late. Very."]


# --- what the recording says of itself


@pytest.mark.parametrize(
    ("name", "date", "lang"),
    [
        ("2024-05-15.en.vtt", "2024-05-15", "en"),
        ("mfa-2023-07-26.zh-Hans.srt", "2023-07-26", "zh"),
        ("archive.zip:2024/20240515.eng.srt", "2024-05-15", "en"),
        ("briefing_2024_05_15.pt-BR.sdh.srt", "2024-05-15", "pt"),
        ("/videos/2024-05-15/captions.vtt", "2024-05-15", "en"),
        ("final.srt", None, "en"),
    ],
)
def test_day_and_language_from_the_name(name: str, date: str | None, lang: str) -> None:
    edition = heard(srt("Good morning to all of you.", "This is the harbour."), name)
    assert (edition.date, edition.lang, edition.kind) == (date, lang, "recording")


def test_notes_go_before_the_name_and_words_said_come_last() -> None:
    cues = srt("It is the second of May, May 2, 2031,", "and this is Ann Example.")
    note = "WEBVTT\nLanguage: fr\n\nNOTE\nTitle: Harbour briefing\nDate: 2031-05-03\n\n"
    edition = heard(note + cues, "2031-05-04.en.vtt")
    assert (edition.title, edition.date, edition.lang) == ("Harbour briefing", "2031-05-03", "fr")
    assert heard(cues, "2031-05-04.srt").date == "2031-05-04"
    assert (heard(cues).date, heard(cues).title) == ("2031-05-02", None)


def test_the_source_from_notes_addresses_or_words() -> None:
    cues = srt("Good morning.")
    for note in ("Source: xv-mfa", "URL: https://mea.veldania.example/video/7", "Veldania FO Presser"):
        edition = heard(f"WEBVTT\n\nNOTE\n{note}\n\n{cues}", "a.vtt")
        assert (edition.source, edition.url) == ("xv-mfa", None)
    assert heard(srt("Welcome to the Veldanian Foreign Office.")).source == "xv-mfa"
    assert heard(f"WEBVTT\n\nNOTE Source: somebody's camera\n\n{cues}", "a.vtt").source == "unknown"
    assert heard(cues, source="cn-mfa").source == "cn-mfa"


def test_a_kind_set_by_hand_stays() -> None:
    assert read(srt("Hello.").encode(), name="a.srt", kind="excerpt").kind == "excerpt"


def test_subtitles_in_folders_and_zip_files_are_taken(tmp_path: Path) -> None:
    (tmp_path / "2031-05-04.en.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nHi.")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("in/2031-05-05.srt", srt("Hello."))
    (tmp_path / "more.zip").write_bytes(packed.getvalue())
    found = {Path(item.name).name: read(item.data or b"", name=item.name).date for item in intake([tmp_path])}
    assert found == {"2031-05-04.en.vtt": "2031-05-04", "2031-05-05.srt": "2031-05-05"}


# --- hostile input


@pytest.mark.parametrize(
    "bit",
    [
        "<v ",
        "<",
        "{\\",
        ">> ",
        "[",
        "(a",
        "♪",
        "- ",
        "&amp;",
        "a: ",
        "A:",
        "（",
        "*a ",
        "? ",
        "- A\n",
        "[a] ",
        "\n",
        "--> ",
        "-->\n",
    ],
)
def test_reading_takes_time_in_proportion(bit: str) -> None:
    def seconds(size: int) -> float:
        data = ("WEBVTT\n\n00:01.000 --> 00:02.000\nHi " + bit * (size // len(bit))).encode()
        begun = time.perf_counter()
        heard(data, "a.vtt")
        return time.perf_counter() - begun

    assert seconds(200_000) < 16 * seconds(25_000) + 0.2


def test_a_voice_that_is_never_closed_takes_no_time() -> None:
    begun = time.perf_counter()
    heard(b"WEBVTT\n\n00:01.000 --> 00:02.000\nHi <v" + b" " * 200_000 + b"\n", "a.vtt")
    assert time.perf_counter() - begun < 5  # minutes, when every space was tried as the end of the tag


bits = [
    "00:01.000 --> 00:02.000", "00:00:03,000 --> 00:00:02,000", "WEBVTT", "NOTE", "STYLE", "1", "", " ", ">>",
    ">> A: b?", "- a", "<v Ann>x", "</v>", "[b]", "(c) d", "♪", "记者：好", "e\u0301", "\u0301f", "Ann Bee: c",
    "Ann Bee:", "&gt;&gt; x", "a-", "b", "00:03.000 -->", "A B:",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(bits), max_size=30))
def test_whatever_is_read_has_sound_spans(lines: list[str]) -> None:
    try:
        edition = heard("\n".join(["00:00.000 --> 00:01.000", *lines]), "a.vtt")
    except NotABriefing:
        return
    at = 0
    for turn in edition.turns:
        assert at <= turn.start <= turn.end <= len(edition.text)
        at = turn.end
    assert all(0 <= note.start < note.end <= len(edition.text) for note in edition.annotations)
    assert edition.turns
    assert unicodedata.is_normalized("NFC", edition.text)
