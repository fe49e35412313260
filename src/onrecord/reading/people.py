"""Printed labels to people and outlets, misspelt ones to the person who is meant.

Evidence is used in this order: the page itself (title, who is introduced in it), the table of persons by source and
date, another label on the same page that differs by a slip of the pen.  A label that none of these explains stays
unresolved.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from onrecord.reading import names

_HONORIFIC = (
    r"(?:MR|MS|MRS|MISS|DR|SEC|SECRETARY|SEN|SENATOR|REP|REPRESENTATIVE|CONGRESSMAN|CONGRESSWOMAN|GEN|GENERAL|"
    r"LT|LIEUTENANT|LTG|COL|COLONEL|MAJ|MAJOR|"
    r"BRIG|VADM|RADM|ADM|ADMIRAL|CAPT|CAPTAIN|CDR|COMMANDER|AMB|AMBASSADOR|GOV|GOVERNOR|DIRECTOR|ADMINISTRATOR|"
    r"PRESIDENT|VICE PRESIDENT|PROFESSOR|PROF|"
    r"MAYOR|(?:UNDER-|ASSISTANT )?SECRETARY-GENERAL|HIGH COMMISSIONER|UNDER ?SECRETARY|ASSISTANT SECRETARY|"
    r"DEPUTY SECRETARY|ACTING|ACTING SECRETARY|DEPUTY|"
    r"ATTORNEY GENERAL|CHAIR|CHAIRMAN|CHAIRWOMAN|COMMISSIONER|"
    r"CHIEF|PRIME MINISTER|FOREIGN MINISTER|MINISTER|SURGEON GENERAL|SPECIAL ENVOY|ENVOY|SPEAKER|"
    r"PRESS SECRETARY|SIR|LORD|HON|REV|FATHER|SHRI|SMT|"
    r"SPOKESPERSON|SPOKESMAN|SPOKESWOMAN|POSTMASTER GENERAL|COORDINATOR|SERGEANT|SGT)"
)
_HONORED = re.compile(rf"^(?:{_HONORIFIC}\.? )+(?P<name>.+)$", re.I)
_OFFICE = re.compile(
    r"^(?:THE )?(?:VICE PRESIDENT|PRESIDENT|PRESS SECRETARY|FIRST LADY|SECOND GENTLEMAN|SECRETARY|SPOKESPERSON|"
    r"SECRETARY-GENERAL)$",
    re.I,
)
_ANONYMOUS = (
    "MODERATOR", "OPERATOR", "INTERPRETER", "PARTICIPANT", "SENIOR ADMINISTRATION OFFICIAL", "ADMINISTRATION OFFICIAL",
    "SENIOR STATE DEPARTMENT OFFICIAL", "SENIOR DEFENSE OFFICIAL", "SENIOR MILITARY OFFICIAL",
)  # fmt: skip
"""Parts played without a name, whose misspellings are worth mending."""
_NAMELESS = re.compile(
    r"(?i)(?:.*\b)?(?:officials?|aide|moderator|operator|interpreter|translator|participant|staff(?:er)?|host|"
    r"crew(?: member)?|spokes(?:person|man|woman)|"
    r"photojournalist|members? of .*)"
)
_COUNTED = re.compile(r"(?i)\s*(?:[(（].*|\s#?\d+|\s[A-Z]|\s(?:one|two|three|four|five))$")
_NAME_IN_TEXT = r"(?:[A-ZÀ-Þ][\w’'-]+|[A-Z]\.(?:[A-Z]\.)?)"
_PREFIXED = re.compile(
    r"(?i)^(?:Shri|Smt|(?:Under-)?Secretary-General|Press|Spokesperson|Spokesman|Spokeswoman|Foreign|Office|"
    r"Ministry|Department|Defence|"
    r"Regular|Secretary|President|Vice|Director|National|Economic|Security|Advisor|Adviser|Council|Deputy|"
    r"Assistant|Principal|Senior|"
    r"Administration|White|House|Mr|Ms|Mrs|Dr|General|Chief|Medical|Coordinator|Special|Ambassador|Governor|"
    r"Mayor|Senator|Administrator|Counsel|"
    r"Counselor|Chair|Treasury|State|Labor|Commerce|Energy|Transportation|Education|Agriculture|Domestic|"
    r"Policy|Climate|FEMA|EPA|NSC|OMB|CEA|NASA|"
    r"Communications|Strategic|Acting|Under|And|By|With|The|Of|For|To|From|On|In|At|Thank|Thanks|Then|Now|So|"
    r"Well|Admiral|Captain|Colonel|Lieutenant|"
    r"Representative|Surgeon|Commissioner|Professor|Minister|Prime|Attorney|Envoy|Response|Team|Official|"
    r"Officials|Staff|Homeland|Infrastructure|Resident|"
    r"CDC|HHS|FDA|NEC|DPC|COVID-19|But|As|If|When|Our|My|His|Her|Federal|Cabinet|Defense|Health|Human|Services|"
    r"Housing|Urban|Development|Interior|"
    r"Veterans|Affairs|Budget|Management|Trade|Small|Business|Chairman|Chairwoman|Majority|Minority|Leader|"
    r"Congressman|Congresswoman|Hi|Hello|Good|Go|"
    r"Okay|Yes|No|What|And,|Yeah|Sorry|Again|Also|Like|Because|That|This|Let|Both|Even)\.?$"
)


def surname(label: str) -> str:
    """The name in a label without honorifics, office and bracketed additions: ``MR. O’BRIEN (off mic)`` -> ``O’BRIEN``,
    ``Shri Arindam Bagchi, Official Spokesperson`` -> ``Arindam Bagchi``."""
    label = re.sub(r"\s*[(（,].*$", "", label).strip()
    match = _HONORED.match(label)
    return (match.group("name") if match else label).strip(" .,")


def honored(label: str) -> bool:
    """Whether a label is a name behind an honorific or an office: ``MS. EXAMPLE``, ``Senator Example``."""
    return _HONORED.match(label) is not None


def nameless(part: str) -> bool:
    """Whether a label, or what it resolved to, names a part somebody plays and not a person."""
    return _NAMELESS.fullmatch(part) is not None


def _plain(name: str) -> str:
    return name.replace("’", "'").replace("‑", "-").casefold()


def _introduced(last: str, text: str, page: str) -> str | None:
    """The full name whose last part is ``last`` that the text, a part of the page, uses most, or None.  The first
    hundred mentions are enough."""
    found: Counter[str] = Counter()
    for n, match in enumerate(_surname(last).finditer(text)):
        if n == 100:
            break
        before = _GIVEN.search(text, max(0, match.start() - 60), match.start())
        if not before:
            continue
        parts = before.group(0).split()
        # what follows the last word of an office, and is not a word the page also writes small ("Clean Energy
        # Innovation Podesta"), are given names; two of them at most
        last_office = max((n for n, part in enumerate(parts) if _no_given_name(part, page)), default=-1)
        parts = parts[last_office + 1 :][-2:]
        if parts and len(parts[-1].rstrip(".")) > 1:
            found[" ".join([*parts, match.group(0)])] += 1
    if not found:
        return None
    return max(found, key=lambda name: (found[name], -len(name)))


_ABSTRACT = re.compile(r"(?:tion|tions|ology|ships?)$")
"""How words of offices end, and no given name does."""


def _no_given_name(word: str, page: str) -> bool:
    shouted = word.isupper() and len(word.strip(".")) > 2
    abstract = _ABSTRACT.search(word) is not None
    return shouted or abstract or _PREFIXED.match(word) is not None or word.lower() in _small_words(page)


@lru_cache(maxsize=8)
def _small_words(page: str) -> frozenset[str]:
    return frozenset(filter(str.islower, page.split()))


_GIVEN = re.compile(rf"(?:{_NAME_IN_TEXT} ){{1,3}}$")


@lru_cache(maxsize=4096)
def _surname(last: str) -> re.Pattern[str]:
    words = r"\s".join(re.escape(word).replace("’", "[’']").replace("'", "[’']") for word in last.split())
    spelled = words if last != last.upper() else f"(?i:{words})"
    return re.compile(rf"(?<![\w-]){spelled}(?![\w-])(?<=[a-z])")


def _slip(wrong: str, right: str) -> bool:
    """Whether two names differ by a slip: one letter, or two in a long name, transpositions counting as one."""
    a, b = _plain(wrong), _plain(right)
    if a == b or min(len(a), len(b)) < 4 or (a[0] != b[0] and len(a) < 6):
        return False
    return OSA.distance(a, b) <= (1 if len(a) < 7 else 2 if len(a) < 12 else 3)


def _ends(full: str, name: str) -> bool:
    """Whether a name of several words begins or ends with this one: surnames stand first in Japan and China."""
    words = _plain(full).split()
    return len(words) > 1 and _plain(name) in (words[0], words[-1])


_NATIVE = re.compile(r"[\u4e00-\u9fff·]{2,8}|[А-ЯЁ]\. ?(?:[А-ЯЁ]\. ?)?[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?")
"""A name in Chinese characters, or initials and a surname in Russian."""
_NATIVE_OFFICE = re.compile(
    r"^(?:发言人|主持人|答|司会|進行)$|(?:大臣|報道官|政務官|[課局室部司院处]長|[部司局处院]长|次官|総理|总理|"
    r"長官|大使|主任|秘书长|主席)$"
)


_SLIPS = 2
"""How often at most a page prints a name wrongly that it prints rightly nowhere."""
_DISTINCT = 6
"""Letters from which on two surnames that differ by one letter are rather one misspelt than two: Sams, Sims."""


_MOST_LABELS = 200
"""Labels of one page up to which the page is searched for each one's full name, and the others for the one that a
misspelt one stands for; no briefing has so many speakers."""


class Resolver:
    """Resolves the labels of one page.  ``counts`` says how often each is printed; ``title`` and ``text`` are its."""

    def __init__(
        self,
        counts: Counter[str],
        *,
        named: Sequence[str] = (),
        title: str | None,
        text: str,
        source: str,
        date: str | None,
    ) -> None:
        self.counts, self.source, self.date, self.named = counts, source, date, named
        self.title, self.text = (title or "").replace("\xa0", " "), text
        self.exact: dict[str, str | None] = {}

    def person(self, label: str) -> str | None:
        """The person a label of the institution's side names, or the anonymous part it states; None when unknown."""
        if label not in self.exact:
            self.exact[label] = self._sure(label) or self._meant(label)
        return self.exact[label]

    def _sure(self, label: str) -> str | None:
        full = names.person(label)
        if full or label in self.named:
            return full or label
        if _OFFICE.match(label):
            return names.holder(label.upper(), self.date or "", self.source) if self.date else None
        bare = _COUNTED.sub("", label).strip()
        if "," not in bare and nameless(bare):
            known = bare.upper() in _ANONYMOUS
            return _titled(bare if known else next((role for role in _ANONYMOUS if _slip(bare, role)), bare))
        if not label.isascii() and not re.search(r"[A-Za-z]", label):
            if _NATIVE_OFFICE.search(label):  # "林外務大臣": the surname and the office
                known_as = (names.persons_beginning(label[:n], source=self.source, on=self.date) for n in (4, 3, 2, 1))
                people = next((people for people in known_as if people), ())
                return people[0] if len(people) == 1 else None
            return label if _NATIVE.fullmatch(label) else None
        last = surname(label)
        if not last or not last[0].isalpha():
            return None
        if " " in last and last != label and (full := names.person(_titled(last))):
            return full
        found = self._surnamed(last)
        if found is None and " " in last:
            found = self._surnamed(last.split()[-1])  # an honorific we do not know, or a misspelt one
        if found is None and last != last.upper() and len(last.split()) in (2, 3, 4):
            return last  # a full name as printed
        return found

    def _surnamed(self, last: str) -> str | None:
        known = names.persons_named(last, source=self.source, on=self.date)
        if len(known) == 1 and known[0] in self.title:
            return known[0]
        printed = _introduced(last, self.title, self.text)
        unsure = (printed is None and len(known) != 1) or (printed and printed not in self.text)
        if unsure and len(self.counts) <= _MOST_LABELS:
            # a title runs offices and names together: "Innovation Podesta" is nobody the briefing speaks of
            printed = _introduced(last, self.text, self.text) or printed
        if printed:
            return names.person(printed) or next(
                (name for name in known if name.split()[0] == printed.split()[0]), printed
            )
        return known[0] if known else None

    def _meant(self, label: str) -> str | None:
        bare = _COUNTED.sub("", label).strip()
        for role in _ANONYMOUS:
            if _slip(bare, role):
                return _titled(role)
        last = surname(label)
        if not last:
            return None
        others = [other for other in self.counts if other != label] if len(self.counts) <= _MOST_LABELS else []
        longer = [other for other in others if _ends(surname(other), last)]
        in_full = {person for other in longer if (person := self._sure(other))}
        if len(in_full) == 1:
            return in_full.pop()
        on_page = [
            other
            for other in others
            if self.counts[other] >= self.counts[label]
            and (_slip(last, surname(other)) or _plain(last.split()[-1]) == _plain(surname(other)))
        ]
        for other in sorted(on_page, key=lambda o: (OSA.distance(_plain(last), _plain(surname(o))), -self.counts[o])):
            person = self._sure(other)
            if person:
                return person
        for name in re.findall(rf"(?:{_NAME_IN_TEXT} ){{1,2}}({_NAME_IN_TEXT})", self.title):
            if _slip(last, name):
                return _introduced(name, self.title, self.text)
        if self.counts[label] > _SLIPS or len(_plain(last)) < _DISTINCT:
            return None  # whoever is named again and again, or by a short name, is that one and not another
        close = [name for name in names.surnames(self.source) if _slip(last, name)]
        found = {who for name in close for who in names.persons_named(name, source=self.source, on=self.date)[:1]}
        return found.pop() if len(found) == 1 else None


_ACRONYMS = frozenset(
    [
        "NSC",
        "FBI",
        "DHS",
        "DOD",
        "FAA",
        "CIA",
        "EPA",
        "CDC",
        "HHS",
        "OMB",
        "USAID",
        "FEMA",
        "NASA",
        "UN",
        "EU",
        "UK",
        "BTS",
    ]
)


def _titled(text: str) -> str:
    return " ".join(
        word
        if "." in word or word in _ACRONYMS
        else word.lower()
        if word in ("OF", "THE", "AND")
        else word.capitalize()
        for word in text.split()
    )


def resolve(
    askers: Sequence[str],
    speakers: Sequence[str | None],
    *,
    named: Sequence[str],
    generic: re.Pattern[str],
    title: str | None,
    text: str,
    source: str,
    date: str | None,
) -> dict[str | None, tuple[str | None, str | None]]:
    """(person, outlet) for each printed label.  ``askers`` and ``speakers`` list the labels turn by turn.

    ``named`` are the spokespeople the page names: where it is one, that one speaks under labels that name nobody
    (``generic``, such as "答") and where no label is printed.
    """
    out: dict[str | None, tuple[str | None, str | None]] = {}
    counts = Counter(label for label in speakers if label)
    resolver = Resolver(counts, named=named, title=title, text=text, source=source, date=date)
    for asker in dict.fromkeys(askers):
        out[asker] = (None, names.outlet(asker))
    only = (names.person(named[0]) or named[0]) if len(named) == 1 else None
    for speaker in dict.fromkeys(speakers):
        out[speaker] = (only if speaker is None or generic.fullmatch(speaker) else resolver.person(speaker), None)
    return out
