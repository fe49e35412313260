"""Encodings and sorts of page, on pages written here about a plainly fictional government."""

from __future__ import annotations

import contextlib
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.errors import NotABriefing
from onrecord.reading import read
from onrecord.reading.decode import decode, is_binary, sniff

CHINESE = (
    "月湖国外交部发言人答记者问。记者：请问发言人对两国关系的发展有什么评论？发言人：我们一直主张通过对话解决问题，"
    "希望有关各方共同努力，为地区的和平与发展作出积极的贡献。我们已经多次表明立场，中方对此表示欢迎。"
)
TRADITIONAL = (
    "月湖國外交部發言人答記者問。記者：請問發言人對兩國關係的發展有什麼評論？發言人：我們一直主張通過對話解決問題，"
    "希望有關各方共同努力，為地區的和平與發展作出積極的貢獻。我們已經多次表明立場。"
)
JAPANESE = (
    "月湖国外務省報道官の定例記者会見。記者：この問題についてどのようにお考えですか。"
    "報道官：政府としては、関係国と緊密に連携しながら対応していく考えであります。詳細についてはお答えを差し控えます。"
)
KOREAN = (
    "월호국 외교부 대변인 정례 브리핑. 기자: 이 문제에 대한 정부의 입장은 무엇입니까? "
    "대변인: 정부는 관련국과 긴밀히 협의하고 있으며 앞으로도 이 문제를 평화적으로 해결하기 위해 노력할 것입니다."
)
RUSSIAN = (
    "Брифинг официального представителя министерства иностранных дел Луноозёрья. Вопрос: Как вы оцениваете состояние "
    "отношений между нашими странами? Ответ: Мы исходим из того, что диалог необходимо продолжать."
)
FRENCH = (
    "Point de presse du ministère des affaires étrangères de Lac-de-Lune. Question : Êtes-vous préoccupé par la "
    "situation ? Réponse : Nous suivons l’évolution de près, et nous espérons qu’un accord sera trouvé très bientôt."
)


def page(text: str, charset: str | None) -> str:
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<!DOCTYPE html>\n<html>\n<head>{meta}\n<title>t</title></head>\n<body>\n<p>{text}</p>\n</body></html>\n"


LEGACY = [
    (CHINESE, "gb18030"),
    (CHINESE, "gbk"),
    (TRADITIONAL, "big5"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc_jp"),
    (KOREAN, "euc_kr"),
    (RUSSIAN, "windows-1251"),
    (RUSSIAN, "koi8-r"),
    (FRENCH, "windows-1252"),
]


@pytest.mark.parametrize(("text", "encoding"), LEGACY)
@pytest.mark.parametrize("declared", ["right", "utf-8", None, "iso-8859-1", "no-such-charset", "rot13"])
def test_a_legacy_page_is_read_whatever_it_declares(text: str, encoding: str, declared: str | None) -> None:
    whole = page(text, encoding if declared == "right" else declared)
    assert decode(whole.encode(encoding))[0] == whole


@pytest.mark.parametrize(("text", "encoding"), LEGACY)
def test_a_legacy_page_cut_off_keeps_what_is_there(text: str, encoding: str) -> None:
    data = page(text, "utf-8").encode(encoding)
    start = data.index(b"<p>") + 3
    for cut in range(start + 120, start + 126):
        got, _ = decode(data[:cut])
        assert len(got) > start + 50
        assert page(text, "utf-8").startswith(got[:-2])


def test_the_wrong_declaration_by_http_does_not_win_over_the_letters() -> None:
    whole = page(CHINESE, None)
    assert decode(whole.encode("gb18030"), declared="iso-8859-1") == (whole, "gb18030")
    assert decode(whole.encode(), declared="gb18030") == (whole, "utf-8")


def test_http_alone_decides_between_encodings_no_table_knows() -> None:
    whole = page("Zażółć gęślą jaźń w Księżycowym Jeziorze.", None)
    assert decode(whole.encode("iso8859_2"), declared="ISO-8859-2") == (whole, "iso-8859-2")


@pytest.mark.parametrize("text", [CHINESE * 20, FRENCH, RUSSIAN, "It’s plain English, with one “quotation”."])
@pytest.mark.parametrize("broken", [b"\x92", b"\xff", b"\xe4\xbd", b"\xc3"])
def test_one_broken_byte_leaves_the_page_utf8(text: str, broken: bytes) -> None:
    data = page(text, None).encode()
    at = data.index(b"<p>") + 3
    got, encoding = decode(data[:at] + broken + b" " + data[at:])
    assert encoding == "utf-8"
    assert got == page(text, None).replace("<p>", "<p>\ufffd ")


def test_a_page_cut_inside_a_character_stays_utf8() -> None:
    data = page(CHINESE, "utf-8").encode()
    for cut in range(200, 260):
        got, encoding = decode(data[:cut])
        assert encoding == "utf-8"
        assert got.rstrip("\ufffd") == data[:cut].decode("utf-8", "ignore")


def test_a_body_in_gb18030_inside_a_utf8_template() -> None:
    head, body, foot = (
        "<title>月湖国外交部例行记者会</title>\n",
        f"<p>{CHINESE}</p>\n",
        "<div>版权所有 月湖国外交部</div>\n",
    )
    data = head.encode() + body.encode("gb18030") * 3 + foot.encode()
    assert decode(data) == (head + body * 3 + foot, "utf-8+gb18030")


def test_byte_order_marks() -> None:
    for encoding, mark in [
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-32-le", b"\xff\xfe\0\0"),
        ("utf-32-be", b"\0\0\xfe\xff"),
    ]:
        assert decode(mark + CHINESE.encode(encoding)) == (CHINESE, encoding)
    assert decode(b"\xef\xbb\xbf" + page(CHINESE, "utf-8").encode("gb18030"))[1] == "gb18030"


def test_utf16_without_a_mark_and_iso_2022_jp() -> None:
    text = page("Q: Is the ferry running again?", None)
    assert decode(text.encode("utf-16-le")) == (text, "utf-16-le")
    assert decode(text.encode("utf-16-be")) == (text, "utf-16-be")
    assert sniff(text.encode("utf-16-le")) == "html"
    assert decode(page(JAPANESE, "iso-2022-jp").encode("iso2022_jp")) == (page(JAPANESE, "iso-2022-jp"), "iso2022_jp")


@given(st.text(st.characters(exclude_characters="\0\x1b", exclude_categories=["Cs"]), min_size=1))
def test_utf8_is_never_read_as_anything_else(text: str) -> None:
    data = text.encode()
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return
    assert decode(data) == (text, "utf-8")


@given(st.binary(max_size=3000))
def test_any_bytes_give_text_or_are_refused(data: bytes) -> None:
    with contextlib.suppress(NotABriefing):
        text, encoding = decode(data)
        assert text.encode()
        assert encoding
    with contextlib.suppress(NotABriefing):
        assert sniff(data, "a.html") in ("html", "markdown", "text", "pdf", "docx", "srt", "vtt", "xml")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \r\n\t\n", "is empty"),
        (b"\xff\xfe", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "a JPEG picture"),
        (b"GIF89a\x01\0\x01\0", "a GIF picture"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "a WebP picture"),
        (b"MZ\x90\0\x03\0\0\0", "a Windows program"),
        (b"\x7fELF\x02\x01\x01\0", "a program"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "a video"),
        (b"\x1aE\xdf\xa3\x01\0\0\0", "a video"),
        (b"ID3\x04\0\0\0\0", "a sound recording"),
        (b"{\\rtf1\\ansi Q: Why?}", "an RTF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old Office document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        (b"PK\3\4\x14\0\0\0\0\0" + b"mimetypeapplication/epub+zip", "an e-book"),
        (b"PK\3\4\x14\0\0\0\0\0" + b"a.html", "a ZIP file"),
        (b"SQLite format 3\0" + b"\0" * 80, "an SQLite database"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "a gzip file"),
        (random.Random(1).randbytes(5000), "binary data"),
        (b"\0" * 5000, "binary data"),
        (b"some words\0\0\0\0and\0\0\0\0more", "binary data"),
        (bytes(range(1, 9)) * 50, "binary data"),
    ],
)
def test_what_is_no_page_says_what_it_seems_to_be(data: bytes, says: str) -> None:
    with pytest.raises(NotABriefing, match=says):
        sniff(data, "page.html")
    assert is_binary(data) is (says != "is empty")
    assert not is_binary(page(CHINESE, None).encode("gb18030"))


@pytest.mark.parametrize(
    "data", [b"BZhang Wei: Thank you.", b"MZ: A question.", b"ID3 cards were discussed.", b"BM: Good."]
)
def test_words_that_begin_like_a_signature_are_text(data: bytes) -> None:
    assert sniff(data) == "text"
    assert decode(data)[1] == "utf-8"


@pytest.mark.parametrize(
    ("data", "name", "form"),
    [
        (b"<!DOCTYPE html><p>x", "x.txt", "html"),
        (b"\xef\xbb\xbf\r\n<HTML><body>", "x.txt", "html"),
        (b"<!-- saved -->\n<html>", "", "html"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">\n<html>', "a.xml", "html"),
        (b'<?xml version="1.0"?><briefing/>', "a", "xml"),
        (b"<!DOCTYPE html><html><head><ti", "page", "html"),  # cut off
        (b"<p>Q: Why?</p><p>MS REED: No.</p>", "", "html"),
        (b"<div class='a'>Q: Why?", "x.html", "html"),
        (b"<p>Q: Why?</p>\n\n<p>A</p>", "x.md", "markdown"),
        (b"---\ntitle: Briefing\ndate: 2031-02-03\n---\nQ  Why?", "x.txt", "markdown"),
        (b"---\r\ntitle: Briefing\r\n---\r\nText", "", "markdown"),
        (b"---\nNo front matter, only a rule.\n", "a.txt", "text"),
        (b"Q  Why?\n\n**MS. REED:** Because.", "a.md", "markdown"),
        (b"# Briefing\n\n**MS. REED:** Because.", "-", "markdown"),
        (b"Briefing\n\n<strong>Briefing</strong>\n\nReed: No.<br>", "a.txt", "text"),
        (b"Reed: five < six", "a.txt", "text"),
        (b"Reed: no tags at all", "a.html", "text"),
        (b"Reed: no tags at all", "https://mfa.example/x.html?a=1#b", "text"),
        (b"Reed: <b>no</b>", "https://mfa.example/x.html?a=b.txt", "html"),
        (b"WEBVTT\n\n00:00.000 --> 00:02.000\nHi", "a.txt", "vtt"),
        (b"1\r\n00:00:01,000 --> 00:00:02,000\r\nHi\r\n", "a.txt", "srt"),
        (b"%PDF-1.7\n", "a.html", "pdf"),
        (b"junk before\n%PDF-1.7\n", "", "pdf"),
        (b"PK\3\4" + b"\0" * 26 + b"[Content_Types].xml" + b"\0" * 90 + b"word/document.xml", "a.zip", "docx"),
        ("答记者问".encode("gb18030"), "", "text"),
        (b"a.b", "a.md.gz", "markdown"),
    ],
)
def test_sniff(data: bytes, name: str, form: str) -> None:
    assert sniff(data, name) == form


def test_the_common_path_is_fast() -> None:
    """The promise is 50 µs for a page of 60 KB; the bound here leaves room for a busy machine."""
    data = (
        page(CHINESE * 40 + "<div class='x'>menu</div>" * 1300, "utf-8")
        .encode()[:60000]
        .decode("utf-8", "ignore")
        .encode()
    )
    best = 1.0
    for _ in range(50):
        start = time.perf_counter()
        decode(data)
        best = min(best, time.perf_counter() - start)
    assert best < 150e-6


def test_a_large_broken_page_takes_no_long_time() -> None:
    data = page(CHINESE * 3000, "utf-8").encode("gb18030") + random.Random(2).randbytes(50)
    start = time.perf_counter()
    text, encoding = decode(data)
    assert encoding == "gb18030"
    assert CHINESE in text
    assert time.perf_counter() - start < 3


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.vtt", "a.html"])
def test_a_number_that_is_no_character_is_read_however_long(name: str) -> None:
    said = f"Fish &amp; chips &#{'9' * 5000}; &#x{'f' * 5000}; &#65;"
    page = {
        "a.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n",
        "a.html": "<!DOCTYPE html><p>",
        "a.md": "---\ntitle: Fish\n---\n",
    }
    text = read((page.get(name, "") + said).encode(), name=name).text
    assert text.startswith("Fish & chips ")
    assert text.endswith(" A")
    assert "999" not in text or name == "a.html"
