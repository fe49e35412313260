"""What a page says of itself: title, date, time, address, language, kind, and the institution's speakers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from onrecord.reading import names
from onrecord.reading.blocks import Page
from onrecord.reading.html import clean
from onrecord.sources import Source

_MONTHS = {
    name: n
    for n, names in enumerate(
        (
            "january jan января जनवरी janvier enero januar janeiro gennaio",
            "february feb февраля फरवरी फ़रवरी février febrero februar fevereiro febbraio",
            "march mar марта मार्च mars marzo märz março", "april apr апреля अप्रैल avril abril aprile",
            "may мая मई mai mayo maio maggio", "june jun июня जून juin junio juni junho giugno",
            "july jul июля जुलाई juillet julio juli julho luglio", "august aug августа अगस्त août agosto",
            "september sep sept сентября सितंबर सितम्बर septembre septiembre setembro settembre",
            "october oct октября अक्टूबर अक्तूबर octobre octubre oktober outubro ottobre",
            "november nov ноября नवंबर नवम्बर novembre noviembre novembro",
            "december dec декабря दिसंबर दिसम्बर décembre diciembre dezember dezembro dicembre",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATES = (
    re.compile(r"(?P<y>(?:19|20)\d\d)\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<![\d.])(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>(?:19|20)\d\d)(?![\d.])"),
    re.compile(r"(?P<era>令和|平成)\s*(?P<y>\d{1,2}|元)\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日"),
    re.compile(rf"(?i)\b(?P<mon>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<y>(?:19|20)\d\d)\b"),
    re.compile(
        rf"(?i)\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?\s+(?:(?:of|de)\s+)?(?P<mon>{_MONTH})\.?,?\s+(?:de\s+)?"
        rf"(?P<y>(?:19|20)\d\d)\b"
    ),
)
_ERAS = {None: 0, "令和": 2018, "平成": 1988}
"""What is added to a year counted by a Japanese era; the first year of each is also written 元年."""
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?!\d)")
_OFFSET = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$")
_TAG = re.compile(r"<[^>]*>")


def find_date(text: str | None) -> str | None:
    """The first whole date in a text as ``YYYY-MM-DD``: ISO, Chinese, years of a Japanese era, and month names in
    English, Russian, Hindi, French, Spanish, German, Portuguese or Italian.  No guessing of day and month order: dates
    made of numbers alone count only when the year stands first, or when dots part them (02.08.2023), which is done
    where the day comes first.
    """
    if not text:
        return None
    found: list[tuple[int, str]] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = int(parts["m"]) if "m" in parts else _MONTHS[parts["mon"].lower()]
            year = 1 if parts["y"] == "元" else int(parts["y"])
            try:
                found.append((match.start(), date(year + _ERAS[parts.get("era")], month, int(parts["d"])).isoformat()))
                break
            except ValueError:
                continue
    return min(found)[1] if found else None


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def instant(text: str | None, zone: str) -> str | None:
    """A date, with its time of day if one is given, as ISO 8601.  A clock time without an offset is read in ``zone``; a
    date alone stays a date.
    """
    day = find_date(text) or (compact_date(text) if text else None)
    if not text or not day:
        return None
    stripped = text.strip()
    if re.match(r"\d{4}-\d\d-\d\d[T ]\d", stripped) and _OFFSET.search(stripped):
        try:
            return datetime.fromisoformat(stripped.replace("Z", "+00:00")).isoformat()
        except ValueError:
            pass
    clock = _CLOCK.search(text)
    if not clock:
        return day
    hour, minute, second = int(clock.group(1)), int(clock.group(2)), int(clock.group(3) or 0)
    year, month, dom = map(int, day.split("-"))
    return datetime(year, month, dom, hour, minute, second, tzinfo=_zone(zone)).isoformat()


_SHORT_DATE = re.compile(r"/[a-z]{1,3}(\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:\.|$)")
"""Two digits of the year, month and day after a letter or two, as the United Nations name their pages."""


def compact_date(text: str) -> str | None:
    """The date in an address such as ``t20230726_1.shtml``, ``/2021/01/20/``, ``/2021-01-20-`` or ``/db240917.doc``."""
    match = re.search(r"(?<!\d)((?:19|20)\d\d)[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12]\d|3[01])(?!\d)", text)
    if not match:
        short = _SHORT_DATE.search(text)
        if not short:
            return None
        text = f"{'20' if short[1] < '70' else '19'}{short[1]}-{short[2]}-{short[3]}"
        return find_date(text)
    try:
        return date(*map(int, match.groups())).isoformat()
    except ValueError:
        return None


def title_of(page: Page) -> str | None:
    """The briefing's title: what the layout shows as its heading, else what the meta data call it."""
    meta = page.meta
    for key in ("heading", "articletitle", "title", "og:title", "dc.title", "<title>"):
        value = clean(_TAG.sub(" ", meta.get(key, "")))
        if value:
            if key in ("<title>", "og:title"):
                value = re.split(r"\s+[|–—]\s+(?=[^|–—]+$)", value)[0]
            return value
    for block in page.blocks[:3]:
        if (
            3 < len(block.text) <= _LONGEST_TITLE
            and not block.text.endswith((".", "。", "?", "？"))
            and not _DATE_LINE.fullmatch(block.text)
            and not _LABELLED.match(block.text)
        ):
            return block.text
    return None


_LONGEST_TITLE = 260
"""Characters.  The longest titles list four speakers with their offices."""
_LABELLED = re.compile(r"Q(?:\s|:)|[A-Z][A-Z.’'\- ]{1,50}:\s|.{0,24}(?:记者|发言人|^问|^答)[:：]")


def url_of(page: Page, given: str | None) -> str | None:
    """The page's own address, from the meta data or as given by the caller."""
    for value in (
        page.meta.get("url"),
        page.meta.get("source_url"),
        page.meta.get("permalink"),
        page.meta.get("canonical"),
        page.meta.get("og:url"),
        given,
    ):
        if value and urlsplit_safe(value):
            return value
    return None


def urlsplit_safe(url: str) -> str | None:
    """The host of an http(s) address, or None when it is no such address."""
    try:
        parts = urlsplit(url)
        return parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        return None


def dates_of(
    page: Page, title: str | None, url: str | None, name: str, zone: str, head: Iterable[str]
) -> tuple[str | None, str | None]:
    """(the day the briefing was held, when it was published).

    The day is what the title says, else the line that tells when it was held, else what the meta data say, else the
    first whole date in ``head``, the paragraphs before anybody speaks, else one in the address or the file's name.
    Publication is the time shown on the page, else in the meta data.
    """
    meta = page.meta
    shown = [
        meta.get(key)
        for key in ("shown time", "published_time", "article:published_time", "pubdate", "time", "date", "dc.date")
    ]
    published = next((value for value in (instant(text, zone) for text in shown if text) if value), None)
    if published and len(published) == 10:
        longer = next(
            (v for v in (instant(text, zone) for text in shown if text) if v and len(v) > 10 and v[:10] == published),
            None,
        )
        published = longer or published
    held = find_date(title) or find_date(meta.get("held")) or _date_line(page) or find_date(meta.get("date"))
    if held is None and published:
        held = _day_in(published, zone)
    if held is None:
        held = next(filter(None, (find_date(text) for text in islice(head, 8) if len(text) < 300)), None)
    if held is None:
        held = compact_date(url or "") or compact_date(name)
    return held, published


def _date_line(page: Page) -> str | None:
    """The date that is all there is in one of the first paragraphs, as above a call published the day after."""
    for block in page.blocks[:6]:
        if 8 < len(block.text) <= 40 and _DATE_LINE.fullmatch(block.text):
            return find_date(block.text)
    return None


_DATE_LINE = re.compile(
    rf"(?i)[\[(]?(?:\w{{3,9}}day,? )?(?:(?:{_MONTH})\.? \d{{1,2}}|\d{{1,2}} (?:{_MONTH})\.?),? (?:19|20)\d\d[\])]?"
)


def _day_in(published: str, zone: str) -> str:
    """The day of an instant by the clocks of ``zone``."""
    if len(published) == 10:
        return published
    return datetime.fromisoformat(published).astimezone(_zone(zone)).date().isoformat()


_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]+"), 0.08),
    ("zh", re.compile("[\u4e00-\u9fff]+"), 0.25),
    ("ko", re.compile("[\uac00-\ud7af]+"), 0.25),
    ("ru", re.compile("[\u0400-\u04ff]+"), 0.25),
    ("ar", re.compile("[\u0600-\u06ff]+"), 0.25),
    ("hi", re.compile("[\u0900-\u097f]+"), 0.25),
)
"""Scripts that tell a language by themselves, and the share of a text's letters from which on they do."""
SAMPLE = 400
"""Characters that are enough to tell a script by; four times as many tell a language by its commonest words."""
_LETTERS = re.compile(r"[^\W\d_]+")
_COMMON = {
    "en": frozenset(["the", "and", "of", "to", "is", "that", "we", "are", "with", "you", "for", "have", "this"]),
    "fr": frozenset(["le", "la", "les", "des", "et", "que", "est", "nous", "vous", "une", "dans", "pour"]),
    "es": frozenset(["el", "los", "las", "que", "del", "una", "por", "con", "para", "está", "como"]),
    "de": frozenset(["der", "die", "das", "und", "nicht", "ist", "wir", "ich", "mit", "auf", "zu", "den"]),
}


def language_of(sample: str, default: str | None) -> str | None:
    """The language of a text by its script and its commonest words; ``default`` when neither tells."""
    head = sample[:SAMPLE]
    if not head.isascii():
        letters = sum(map(len, _LETTERS.findall(head))) or 1
        for lang, script, share in _SCRIPTS:
            if sum(map(len, script.findall(head))) > share * letters:
                return lang
    words = re.findall(r"[a-zà-ÿ]+", sample[: 4 * SAMPLE].lower())
    scores = (
        {lang: sum(map(common.__contains__, words)) / len(words) for lang, common in _COMMON.items()} if words else {}
    )
    best = max(scores, key=lambda lang: scores[lang], default=None)
    if best is not None and (scores[best] > 0.08 or (len(words) > 4 and default not in _COMMON)):
        return best if scores[best] > 0 else "en"
    return default


_EXCERPT = re.compile(r"(?i)\b(?:some )?excerpts?\b|节选|摘编|摘要|выдержки")
_TRANSLATED = re.compile(r"(?i)unofficial translation|translated from|非官方翻译")


def kind_of(page: Page, title: str | None, source: Source, lang: str | None) -> str:
    """``excerpt`` when the page calls itself one, ``translation`` when it is in none of the source's languages,
    else ``official``."""
    first = [block.text for block in page.blocks[:8] if len(block.text) <= 160]
    head = [title or ""] + [text for text in first if len(text) <= 80]
    if any(_EXCERPT.search(text) for text in head) or any(_EXCERPT.match(text) for text in first):
        return "excerpt"
    if source.id != "unknown" and (
        (lang and lang not in source.dialects) or any(_TRANSLATED.search(text) for text in head)
    ):
        return "translation"
    return "official"


_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛"
    "伍韦申尤毕聂丛焦柳邢路岳齐梅莫庄辛管祝左涂祁时舒耿牟卜詹苗凌费纪靳盛童欧甄项游阳裴席卫查屈鲍位霍翁甘景薄单包司柏宁柯阮桂"
    "闵强柴华车冉房边吉饶刁瞿戚丘古米池滕晋苑臧畅苟全褚廉简娄奚木穆党燕冀姬屠栾商喻窦迟卓花仇艾蓝巩井练仲乐虞卞竺佟宗诸沙习"
)
"""Surnames of Chinese people, of one character or the first of two: what follows 发言人 begins with where it is
a name.  Words that titles put there instead ("就", "宣布", "介绍", "应询") are left out, though some are surnames."""

_SPOKES = (
    re.compile(
        rf"发言人(?P<name>[{_SURNAMES}][\u4e00-\u9fff]{{1,3}}?)(?=主持|就|答|宣布|对|在|应|关于|谈话|的|"
        r"：|表示|发表|举行|回答|评|介绍|20|\s|$)"
    ),
    re.compile(
        r"[Ss]pokes(?:person|man|woman)(?: of the [A-Z][\w ]+?)?,? (?:(?:Mr|Ms|Mrs|"
        r"Dr)\.? )?(?P<name>[A-Z][\w’'-]+(?: [A-Z]\.)?(?: [A-Z][\w’'-]+){1,2})(?=[’']s\b| [a-z]|,|\.|$)"
    ),
    re.compile(
        r"(?:^|\bby |; )(?:(?:Mr|Ms|Mrs|Dr|Shri|Smt)\.? )?(?P<name>[A-Z][\w’'-]+(?: [A-Z]\.)?(?: [A-Z][\w’'-]+){1,2}), "
        r"(?:(?:Department|Deputy|Principal|Associate|Acting|Chief|Official) ){0,3}Spokes(?:person|man|woman)\b"
    ),
)


_ANNOUNCED = re.compile(
    rf"(?:中国)?外交部发言人(?P<name>[{_SURNAMES}][\u4e00-\u9fff]{{1,3}}?)(?=宣布|表示|说|指出|发表|就)"
)
"""In Chinese only at the very beginning of a paragraph: further in, it is others' spokespeople who are spoken of."""
_HEADER = re.compile(
    rf"(?:\w[\w’'-]* ){{0,4}}(?:[Ss]pokes(?:person|man|woman)|发言人)[:：] ?(?P<name>[A-Z][\w’'-]+(?: [A-Z]\.)?"
    rf"(?: [A-Z][\w’'-]+){{1,2}}|[{_SURNAMES}][\u4e00-\u9fff]{{1,3}})"
)
"""A line that tells who spoke and is nobody's words: ``Spokesperson: Mao Ning``."""
_SPOKES_RU = re.compile(r"(?i:представител[ья]) [^.:]{0,60}?(?P<name>[А-ЯЁ]\. ?[А-ЯЁ]\. ?[А-ЯЁ][а-яё]+)")


def spokespeople(title: str | None, intro: Iterable[str] = ()) -> list[str]:
    """Names printed after the word for a spokesperson, in order, as printed: in the title, and in English also in the
    lines above the first question ("Foreign Ministry Spokesperson Mao Ning held a regular press conference")."""
    found: list[str] = []
    for text, patterns in ((title or "", _SPOKES), *((line, _SPOKES[1:]) for line in intro)):
        for pattern in patterns:
            found += [match.group("name") for match in pattern.finditer(text)]
        if patterns is not _SPOKES and (announced := _ANNOUNCED.match(text) or _HEADER.fullmatch(text)):
            found.append(announced.group("name"))
    for match in _SPOKES_RU.finditer(title or ""):
        # The title declines the name: "представителя МИД России М.В.Захаровой" is М.В.Захарова.
        name = match.group("name")
        cases = (re.sub("ой$", "а", name), re.sub("а$", "", name), name)
        found += [case for case in cases if names.person(case)][:1]
    return list(dict.fromkeys(found))
