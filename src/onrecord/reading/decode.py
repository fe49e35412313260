"""Bytes to text, in whichever encoding they are.  Pure: no clock, no network, no disk.

A page is UTF-8 whenever it can be.  Where it is not, the broken lines are looked at apart from the sound ones, because
real pages are mixed: a template in UTF-8 around a body in GB18030, or one broken byte in an otherwise sound page.
What names a legacy encoding is first how well the decoded letters look like a language written in it (the table
``_SCRIPTS``), then the page's own declaration, then charset-normalizer.
"""

from __future__ import annotations

import codecs
import html
import re

import msgspec

from onrecord.reading.kinds import is_binary, refuse_binary, sniff, wide_encoding

__all__ = ["decode", "is_binary", "sniff", "unescape"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the first half of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_DECLARED = re.compile(
    rb"""(?:charset\s*=\s*["']?|<\?xml[^>]{0,80}encoding\s*=\s*["'])\s*([A-Za-z][\w.:-]{1,30})""", re.I
)
_DECLARED_WITHIN = 8192  # bytes; browsers look at 1,024, but some sites put long scripts before the meta tag
_THREE_BYTES = re.compile(rb"[\xe1-\xef][\x80-\xbf]{2}")
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTER = re.compile("[^\0-\x7f\u3000-\u3020\uff00-\uffef]")  # non-ASCII but for the marks all of East Asia shares

# What a declared name is decoded as: the superset that browsers use
# (https://encoding.spec.whatwg.org/#names-and-labels).
_SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "cp936": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs", "cp950": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "windows-31j": "cp932",
    "x-euc-jp": "euc_jp", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "euckr": "cp949", "windows-949": "cp949",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252",
    "us-ascii": "cp1252", "ansi": "cp1252", "iso-8859-9": "cp1254", "tis-620": "cp874", "x-cp1251": "cp1251",
}  # fmt: skip


class _Script(msgspec.Struct, frozen=True):
    """How text in one encoding looks when it is decoded rightly.

    ``letters`` are characters that make up at least the share ``share`` of the non-ASCII characters of running text in
    that language; decoded wrongly they make up next to nothing.
    """

    encoding: str
    letters: frozenset[str]
    share: float


# The commonest characters of each written language; shares were set low, at about half of what running text shows.
_HANZI = (
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看"
    "文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给"
    "等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目"
    "华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林"
    "题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完"
    "革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导"
    "影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏兴布愿诉朝约复根够整企协规集举备际际访问部长际表示支持"
)
_HANZI_TRADITIONAL = (
    "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可里後小麼心多天而能好都然沒日於起還發成事只作當想看"
    "文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名定女問力機給"
    "等幾很業最間新什打便位因重被走電四第門相次東政海口使教西再平真聽世氣信北少關並內加化由卻代軍產入先山五太水萬市眼體別處總才場師書比住員性通目華報"
    "立馬命張活難神數件安表原車白應路期提感金何更反合放做系計或司利受光王果親界及今京務制解各任至清物臺台象記邊共風戰接許特覺望直服林題建南度統色字請"
    "交愛讓認算論百義科元社術結功指思非流每青管夫連遠資隊帶花快條院變聯言權往展該領傳近留紅治決周保達辦運半候必城強步完區即求品士轉量空技程告江語英基"
)
_HANGUL = (
    "이다는의을에를은가고하한지도로사기대서자시정리아나그인어수있것부라해일전보장국과제으성주만면북미상동우관위외공문무구분발비조안중적들여오입니까게원경신회"
    "세모드러화후거내스년월통계연당실감소방유저현요금질답변합"
)
_KANA = "".join(map(chr, range(0x3041, 0x3094)))
_LATIN = "éèêëáàâäãåíìîïóòôöõúùûüçñßøæœÉÈÁÀÄÅÍÓÖÚÜÇÑØÆ“”‘’–—…•·«»°§€£©®™º¿¡\xa0"

_SCRIPTS = (
    _Script("euc_jp", frozenset(_KANA), 0.2),
    _Script("cp932", frozenset(_KANA), 0.2),
    _Script("gb18030", frozenset(_HANZI), 0.25),
    _Script("big5hkscs", frozenset(_HANZI_TRADITIONAL), 0.25),
    _Script("cp949", frozenset(_HANGUL), 0.35),
    _Script("cp1251", frozenset("оеаинтсрвлкмдпу"), 0.4),
    _Script("koi8_r", frozenset("оеаинтсрвлкмдпу"), 0.4),
    _Script("cp1252", frozenset(_LATIN), 0.9),
)
_SINGLE_BYTE = frozenset(["cp1251", "koi8_r", "cp1252"])
_CANDIDATES = [
    "gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256",
    "cp1258", "cp874", "koi8_r", "koi8_u", "iso8859_2", "iso8859_5", "iso8859_7", "mac_roman",
]  # fmt: skip


def decode(data: bytes, *, declared: str | None = None) -> tuple[str, str]:
    """The page's text and the name of the encoding it was decoded from.

    ``declared`` is what HTTP said, if anything did; the page's own meta tag or XML declaration is read here.  A byte
    that belongs to no character becomes U+FFFD.  A page whose sound lines are UTF-8 and whose others are not gives
    ``utf-8+gb18030`` or the like.  Raises NotABriefing for bytes that are empty or no text.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            if data == mark:
                refuse_binary(data)
            if name != "utf-8":
                return data[len(mark) :].decode(name, "replace"), name
            data = data[len(mark) :]
            break
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    if text and 0 not in data:  # looked for in bytes, by memchr: in the text it takes longer than the decoding
        if 0x1B in data and b"\x1b$" in data and (japanese := _strictly(data, "iso2022_jp")):
            return japanese, "iso2022_jp"
        return text, "utf-8"
    if wide := wide_encoding(data):
        return data.decode(wide, "replace"), wide
    refuse_binary(data)
    return _broken(data, declared)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _broken(data: bytes, declared: str | None) -> tuple[str, str]:
    """Text of a page that is not sound UTF-8."""
    lines = [(line, _sound(line)) for line in data.splitlines(keepends=True)]
    good, bad = _soundness(data)
    certain = sum(len(_THREE_BYTES.findall(line)) for line, sound in lines if sound)
    if certain < 2 and good < 4 * bad:  # what is sound in it is so by accident
        encoding = _guess(data, _declarations(data, declared))
        return data.decode(encoding, "replace"), encoding
    legacy = b"".join(line for line, sound in lines if not sound)
    encoding, likeness = _likeliest(legacy)
    if likeness < 1 or len(_HIGH.findall(legacy)) < 8:  # a few broken bytes: no reason to believe in another encoding
        return data.decode("utf-8", "replace"), "utf-8"
    pieces = [line.decode("utf-8" if sound else encoding, "replace") for line, sound in lines]
    return "".join(pieces), f"utf-8+{encoding}"


def _soundness(data: bytes) -> tuple[int, int]:
    """How many non-ASCII characters are sound UTF-8, and how many broken places there are between them."""
    text = data.decode("utf-8", "replace")
    marks = data.count(b"\xef\xbf\xbd")  # U+FFFD that the page itself holds
    bad = text.count("\ufffd") - marks
    return len(text) - len(text.encode("ascii", "ignore")) - bad, bad


def _sound(line: bytes) -> bool:
    """Whether a line is UTF-8, give or take a broken byte."""
    if line.isascii():
        return True
    good, bad = _soundness(line)
    # The last character of a cut-off page or cell is the commonest break: a line may be short and still be UTF-8.
    return bad == 0 or good >= 4 * bad or (good > bad and len(_THREE_BYTES.findall(line)) >= bad)


def _declarations(data: bytes, declared: str | None) -> list[str]:
    """The encodings the page claims, HTTP's word first, as the supersets they are decoded with; UTF-8 is out by now."""
    names = [declared] if declared else []
    names += [match.decode("ascii") for match in _DECLARED.findall(data[:_DECLARED_WITHIN])]
    found = []
    for name in names:
        name = _SUPERSETS.get(name.strip().lower(), name.strip().lower())
        try:
            b"a".decode(name)
        except (LookupError, ValueError):  # no such encoding, or a codec of Python's that gives no text
            continue
        if not codecs.lookup(name).name.startswith(("utf", "idna", "punycode", "unicode", "raw-unicode")):
            found.append(name)
    return found


def _guess(data: bytes, declared: list[str]) -> str:
    """The encoding of bytes that are not UTF-8; ``utf-8`` when nothing reads better than that."""
    sample = _sample(data)
    best, likeness = _likeliest(sample)
    for name in declared:
        if _strictly(data, name) is None:
            continue
        script = next((script for script in _SCRIPTS if script.encoding == name), None)
        # A declaration falls only to letters that plainly look like another language's.
        if likeness < 1 or (best in _SINGLE_BYTE if script is None else _likeness(sample, script) >= 1):
            return name
    if likeness >= 1:
        return best
    for name in declared:
        if sample.decode(name, "replace").count("\ufffd") * 50 <= len(sample):
            return name
    if len(_HIGH.findall(sample)) >= 40 and (found := _normalizer(sample)):
        return found
    # Stray high bytes in Latin text: what browsers take them for.
    return "cp1252" if _strictly(data, "cp1252") is not None else "utf-8"


def _likeliest(data: bytes) -> tuple[str, float]:
    sample = _sample(data)
    return max(((script.encoding, _likeness(sample, script)) for script in _SCRIPTS), key=lambda pair: pair[1])


_NO_CHARACTER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")


def unescape(text: str) -> str:
    """The text with character references resolved; a number that is no character's is U+FFFD, however long it is."""
    return html.unescape(_NO_CHARACTER.sub("\ufffd", text) if "&#" in text else text)


def _sample(data: bytes) -> bytes:
    """The lines with high bytes, at most 64 KB of them: enough to tell a language by."""
    if len(data) <= 65536:
        return data
    lines, size = [], 0
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            lines.append(line[:8192])
            size += len(lines[-1])
            if size > 65536:
                break
    return b"".join(lines)


def _likeness(sample: bytes, script: _Script) -> float:
    """At least 1 when ``sample`` decodes to something that looks like the script; 0 when it does not decode."""
    text = sample.decode(script.encoding, "replace")
    letters = _LETTER.findall(text)
    broken = letters.count("\ufffd")
    if not letters or broken * 50 > len(letters) + 50:
        return 0.0
    found = sum(char in script.letters for char in letters)
    return found / (len(letters) + 10 * broken) / script.share


def _normalizer(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes  # slow to import, and hardly any page comes this far

    best = from_bytes(sample[:32768], cp_isolation=_CANDIDATES).best()
    return best.encoding if best else None
