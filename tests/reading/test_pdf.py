"""PDF files written here by hand: fonts every reader has, lines at given places."""

from __future__ import annotations

import io
import threading
import time

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import NotABriefing
from onrecord.reading.layout import Line, paragraphs
from onrecord.reading.pdf import pdf_blocks

Printed = tuple[float, float, str, str]
"""A line: its left end, its baseline, its font (R Helvetica, B bold, C Chinese), its words."""

FONTS = [
    b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/FontDescriptor 7 0 R"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>",
    b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
    b"/Descent -120/CapHeight 880/StemV 93>>",
]


def pdf(*pages: list[Printed], size: float = 12, trailer: bytes = b"") -> bytes:
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", *FONTS]
    kids = []
    for lines in pages:
        drawn = b""
        for left, base, font, words in lines:
            code = words.encode("utf-16-be" if font == "C" else "cp1252").hex().encode()
            drawn += b"BT /%s %g Tf 1 0 0 1 %g %g Tm <%s> Tj ET\n" % (font.encode(), size, left, base, code)
        objects.append(b"<</Length %d>>stream\n%bendstream" % (len(drawn), drawn))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</R 3 0 R/B 4 0 R/C 5 0 R>>>>"
            b"/Contents %d 0 R>>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n"
    return out + end % (len(objects) + 1, table, len(objects) + 1, trailer, len(out))


def column(*words: str, top: float = 700, step: float = 14, left: float = 72, font: str = "R") -> list[Printed]:
    """Lines one below the other; an empty string leaves half a line free."""
    lines, base = [], top
    for line in words:
        if line:
            lines.append((left, base, font, line))
            base -= step
        else:
            base -= step / 2
    return lines


def texts(*pages: list[Printed]) -> list[str]:
    return [block.text for block in pdf_blocks(pdf(*pages))]


LONG = "The Ministry of Lake Norr has said many times that the ferry will be running"


def test_wrapped_lines_are_joined_and_gaps_part_paragraphs() -> None:
    assert texts(
        column(
            LONG,
            "again in the spring, and that nobody should worry about it.",
            "",
            "The harbour stays open until then, as it",
            "always did.",
        )
    ) == [
        f"{LONG} again in the spring, and that nobody should worry about it.",
        "The harbour stays open until then, as it always did.",
    ]


def test_a_label_opens_a_paragraph_without_any_gap() -> None:
    page = column(
        f"QUESTION: {LONG[:60]}",
        "again?",
        f"MS REED: {LONG[:60]}",
        "again, as I said.",
        "Q  And the harbour?",
        "MR. VAN DER OORT: It is open.",
        "Lake Norr Times: Thank you.",
        "Adele Reed: Thank you.",
    )
    assert [text.split()[0] for text in texts(page)] == ["QUESTION:", "MS", "Q", "MR.", "Lake", "Adele"]


def test_a_date_under_the_title_is_a_paragraph_of_its_own() -> None:
    title = "Briefing of the Ministry of Lake Norr"
    for date in ("Monday, February 3, 2031", "3 Feb. 2031", "March 2031"):
        assert texts(column(title, date, "The Minister spoke at noon.")) == [title, date, "The Minister spoke at noon."]
    assert texts(column("月湖国外交部例行记者会", "2031年2月3日", font="C")) == [
        "月湖国外交部例行记者会",
        "2031年2月3日",
    ]


def test_a_name_and_colon_inside_a_sentence_do_not_open_one() -> None:
    page = column(LONG, f"Monday: this was {LONG[:50].lower()}", "and nothing else.")
    assert len(texts(page)) == 1


def test_chinese() -> None:
    page = column(
        "总台记者：月湖国政府昨天宣布，渡轮将于春天恢复运行。请",
        "问发言人对此有何评论？",
        "外交部发言人：我们注意到有关报道。月湖国的立场没有改变，中方表示",
        "欢迎：“渡轮会按时恢复”，这一点已经多次说明，NORR 公司也",
        "表示同意。",
        font="C",
    )
    assert texts(page) == [
        "总台记者：月湖国政府昨天宣布，渡轮将于春天恢复运行。请问发言人对此有何评论？",
        "外交部发言人：我们注意到有关报道。月湖国的立场没有改变，中方表示"
        "欢迎：“渡轮会按时恢复”，这一点已经多次说明，NORR 公司也表示同意。",
    ]


def test_first_line_indents_and_short_last_lines() -> None:
    page = [
        *column(LONG, "again in the spring.", top=700),
        (90, 672.0, "R", "The harbour stays open until then, as it always did in the years of the"),
        (72, 658.0, "R", "old ferry. Nobody has to worry about that, and nobody should."),
        (72, 644.0, "R", "Short."),
        (72, 630.0, "R", "Another paragraph of the ministry, which begins after a short line."),
    ]
    assert [text.split()[0] for text in texts(page)] == ["The", "The", "Short.", "Another"]


def test_headers_footers_and_page_numbers_go_and_paragraphs_cross_pages() -> None:
    pages = []
    for number in range(1, 6):
        header = [(72, 760.0, "R", "Ministry of Lake Norr"), (430, 760.0, "R", "3 February 2031")]
        body = column(
            f"Q: Question number {number}?",
            LONG,
            f"again, in the spring of the year that follows the {number} and goes",
        )
        more = column(f"on to the next page {'x' * number}.", top=700) if number > 1 else []
        shifted = [(left, base - (14 if more else 0), font, words) for left, base, font, words in body]
        pages.append([*header, *more, *shifted, (300, 30.0, "R", f"- {number} -")])
    found = texts(*pages)
    assert not any("Ministry of Lake Norr" in text and "February" in text for text in found)
    assert not any(text.startswith("-") for text in found)
    assert [text for text in found if text.startswith("Q:")] != []
    assert sum("and goes on to the next page x" in text for text in found) == 4
    assert len(found) == 10


def test_the_number_of_a_single_page_goes_but_a_number_in_the_text_stays() -> None:
    assert texts([*column("Q: How many?", "MS REED:", "40"), (300, 30.0, "R", "Page 1 of 1")])[-1].endswith("40")


def test_hyphens_at_line_ends() -> None:
    page = column(
        "The government and its long-standing policy are known. We have a well-",
        "known position, and the long-",
        "standing policy of the gov-",
        "ernment has not changed since the nineties; inter-",
        "national law is clear on it, as is the Norr-",
        "Sund treaty of 2019-",
        "2020.",
    )
    (text,) = texts(page)
    for words in (
        "well-known",
        "long-standing policy of the government",
        "international law",
        "Norr-Sund treaty",
        "2019-2020.",
    ):
        assert words in text


def test_a_document_that_breaks_no_words_keeps_its_hyphens() -> None:
    filled = column(*[f"{LONG[:70]} {n}" for n in range(40)], top=690)
    end = column("The ferry is fuel-", "efficient, and carries medium-", "and heavy-duty trucks.", top=690)
    text = " ".join(texts(filled, filled, end))
    assert "fuel-efficient, and carries medium- and heavy-duty trucks." in text


def test_bold_names() -> None:
    page = [
        (72, 700.0, "B", "Adele Reed:"),
        (150, 700.0, "R", "It is open."),
        (72, 686.0, "B", "What about the ferry?"),
    ]
    first, second = pdf_blocks(pdf(page))
    assert first.text == "Adele Reed: It is open."
    assert first.lead == len("AdeleReed:")
    assert second.bold == 1


def test_a_line_in_pieces_is_one_line() -> None:
    page = [
        (72, 700.0, "R", "Q:"),
        (140, 700.0, "R", "Is the ferry running?"),
        (72, 686.0, "R", "A:"),
        (140, 686.0, "R", "Yes."),
    ]
    assert texts(page) == ["Q: Is the ferry running?", "A: Yes."]


def test_two_columns() -> None:
    left = [
        "The Ministry of Lake Norr has",
        "said that the ferry will run",
        "again in the spring, and that",
        "nobody should worry.",
    ]
    right = [
        "The harbour stays open until",
        "then, as it always did in the",
        "years of the old ferry, and",
        "nobody should worry.",
    ]
    pages = [[*column(*left, top=600 - 9 * n), *column(*right, left=330, top=600 - 9 * n)] for n in range(3)]
    found = " ".join(texts(*pages))
    assert found.count("has said that the ferry will run again in the spring, and that nobody") == 3
    assert found.count("stays open until then, as it always did in the years of the old ferry, and") == 3


def test_what_gives_no_text_says_why() -> None:
    with pytest.raises(NotABriefing, match="is a damaged PDF file"):
        pdf_blocks(b"%PDF-1.7\nrubbish")
    with pytest.raises(NotABriefing, match=r"whose page holds pictures but no text \(a scan\)"):
        pdf_blocks(pdf([]))
    with pytest.raises(NotABriefing, match="whose 3 pages hold pictures"):
        pdf_blocks(pdf([], [], []))
    with pytest.raises(NotABriefing, match="nothing but page numbers"):
        pdf_blocks(pdf([(300, 30.0, "R", "1")], [(300, 30.0, "R", "2")]))
    locked = (
        b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<"
        + b"41" * 32
        + b">/U<"
        + b"42" * 32
        + b">>>/ID[<"
        + b"43" * 16
        + b"><"
        + b"43" * 16
        + b">]"
    )
    with pytest.raises(NotABriefing, match="is a PDF file locked with a password"):
        pdf_blocks(pdf(column("secret"), trailer=locked))
    with pytest.raises(NotABriefing, match="cannot be told from their codes"):
        pdf_blocks(pdf(column("\ue001\ue002\ue003\ue004", font="C")))


def test_too_many_pages() -> None:
    document = pypdfium2.PdfDocument.new()
    for _ in range(2001):
        document.new_page(100, 100)
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(NotABriefing, match=r"is a PDF file of 2,001 pages; no briefing has more than 2,000"):
        pdf_blocks(out.getvalue())


def test_a_file_cut_off_is_read_or_refused() -> None:
    data = pdf(column(LONG, "again."), column(LONG))
    for cut in range(0, len(data), 97):
        try:
            assert pdf_blocks(data[:cut])
        except NotABriefing:
            continue


@settings(max_examples=100, deadline=None)
@given(at=st.floats(0, 0.9999), byte=st.integers(0, 255))
def test_any_flipped_byte_is_read_or_refused(at: float, byte: int) -> None:
    data = bytearray(_DATA)
    data[int(at * len(data))] = byte
    try:
        assert pdf_blocks(bytes(data))
    except NotABriefing:
        return


_DATA = pdf(column(LONG, "again."), column(LONG))


def test_threads_take_turns() -> None:
    found: list[list[str]] = []
    data = pdf(*[column(*[LONG] * 40) for _ in range(5)])
    threads = [
        threading.Thread(target=lambda: found.append([block.text for block in pdf_blocks(data)])) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert all(texts == found[0] for texts in found)


def test_it_takes_milliseconds_a_page() -> None:
    data = pdf(*[column(*[f"{LONG} {n}" for n in range(45)]) for _ in range(20)])
    start = time.perf_counter()
    pdf_blocks(data)
    assert time.perf_counter() - start < 20 * 0.1


def test_no_lines_give_no_paragraphs() -> None:
    assert list(paragraphs([])) == []
    assert list(paragraphs([[], []])) == []
    only = Line(runs=(("Word", False),), left=72, right=100, base=700, size=12, height=792)
    assert list(paragraphs([[only]])) == [[("Word", False)]]
