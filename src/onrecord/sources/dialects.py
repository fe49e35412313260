"""Ways of printing speakers that several publishers share; see :class:`onrecord.sources.Dialect`."""

from __future__ import annotations

from onrecord.sources import Dialect, Source

TITLES = (
    r"MR|MS|MRS|DR|MISS|SEC|SECRETARY|SEN|SENATOR|REP|REPRESENTATIVE|GEN|GENERAL|LT|LTG|COL|COLONEL|MAJ|ADM|"
    r"ADMIRAL|CAPT|CAPTAIN|AMB|"
    r"AMBASSADOR|GOV|GOVERNOR|DIRECTOR|ADMINISTRATOR|PRESIDENT|PROFESSOR|PROF|MAYOR|UNDER|ASSISTANT|DEPUTY|"
    r"ACTING|SPEAKER|THE|"
    r"SENIOR|ATTORNEY|CHAIR|CHAIRMAN|COMMISSIONER|CHIEF|PRIME|MINISTER|FIRST|VICE|SURGEON|SPECIAL|PRINCIPAL"
)

_WORD = r"(?:(?:Mc|Mac|De|Di|Du|La|Le|Van|O[’']|D[’']|d[’'])?[A-Z0-9ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŠŽ&.’'#‑-]+,?)"
_NOBODY = r"(?!(?:TRANSCRIPT|INDEX|TOPICS?|SUBJECTS?|NOTES?|CORRECTION|DATE|TIME|PLACE|LOCATION|CONTACT|RE|VIA)$)"
CAPITAL_LABEL = (
    rf"{_NOBODY}(?=[^a-z]*[A-Z])(?:{_WORD}|(?<=\w )(?:of|and|the|for|de|von|van|al|el)\b)(?: (?:{_WORD}|of|and|the|"
    rf"for|de|von|van|al|el))*(?: \([\w .,’'\-]+\))?"
)
"""A label in capitals: ``MS. PSAKI``, ``SENIOR ADMINISTRATION OFFICIAL #2``, ``MR. McGURK``, ``Q`` apart."""

NAME = r"[A-ZÀ-ÞĀ-Ž][\w.’'&/-]*"
"""One word of a name, in capitals and small letters."""

NAMED = (
    r"(?!(?:Note|Notes|First|Firstly|Second|Secondly|Third|Thirdly|Finally|Also|One|Two|And|But|So|Now|Yes|No)$)"
    rf"(?:The )?{NAME}(?:,? (?:{NAME}|of|the|and|for|de|von|van|al|el|bin|&|\d+)){{0,7}}"
)
"""A label that is a person, an outlet or both: ``Pranay Upadhyaya``, ``Yeshi Seli, The New Indian Express``."""

HELD = (
    r"(?=[^:]{0,200}(?:Spokes|Department|Ministry|Minister|Office))[^:]{0,160}\b(?:held|hosted|met|briefed|"
    r"chaired|addressed|answered|took)\b"
    r"[^:]{0,80}\b(?i:presser|press|briefing|reporters|journalists|media)\b[^:]{0,160}$"
)
"""A paragraph that tells that the briefing took place: ``Spokesperson Mao Ning held a regular press conference``."""

CAPITALS = Dialect(
    question=(
        r"Q|Q\.|QUESTION|QUESTIONER|REPORTERS?|(?:THE )?PRESS(?: CORPS)?|QUESTIONS?|MEDIA|Question|AUDIENCE MEMBER"
    ),
    speaker=CAPITAL_LABEL,
    bare=(
        r"(?P<label>Q)(?:\.?[ ]+(?=\S)|$|(?=[–—])|(?=(?:Do|Does|Did|Is|Are|Was|Were|Can|Could|Will|Would|Should|"
        r"Has|Have|And|But|So|Well|Thanks?|Yes|Yeah|No|Okay|Hi|Just|What|When|Where|Who|Why|How|If|The|This|That|There|"
        r"You|We|He|She|It|I|My|Sorry|Right)\b))"
    ),
    lost=True,
)

CHINESE = Dialect(
    question=(
        r"(?:[一二三四五六七八九十]+、)?问|追问|(?:会后|会上)?，?有?.{0,22}记者(?:追问|补充|问及|提问|问|又问|"
        r"继续追问|们)?(?:（.{1,12}）)?"
        r"|.{1,20}(?:追问|问及|补充提问)"
    ),
    answer=r"(?:[一二三四五六七八九十]+、)?答|发言人|外交部发言人.{0,4}",
    follow_up=r"追问|.{0,24}(?:追问|补充|补充提问|又问)",
    outlets=True,
    names=True,
    bold=True,
    label_limit=28,
)

ENGLISH_OUTLETS = Dialect(
    question=(
        r"Q|Question|QUESTION|Reporter|Journalist|Correspondent|Media|Follow-up|(?:.{2,50}[ ,]|An? )(?:reporter|"
        r"journalist|correspondent)"
        r"|The following questions? (?:was|were) (?:raised|asked|put).{0,40}"
    ),
    answer=(
        r"A|Answer|ANSWER|Spokesperson|SPOKESPERSON|Spokesman|Spokeswoman|Response|FM Spokesperson|"
        r"Foreign Ministry Spokesperson"
    ),
    follow_up=r"(?i).{0,50}follow[- ]?up(?: question)?|.{2,40}\(follow-up\)",
    outlets=True,
    names=True,
    bold=True,
    label_limit=70,
)

UNKNOWN_PUBLISHER = Source(
    id="unknown",
    name="Unknown publisher",
    country=None,
    lang="en",
    zone="UTC",
    preamble=HELD,
    dialects={
        "en": Dialect(
            question=CAPITALS.question + "|" + ENGLISH_OUTLETS.question,
            answer=ENGLISH_OUTLETS.answer,
            speaker=rf"(?=(?:(?:{TITLES})\b)|SENIOR |MODERATOR)" + CAPITAL_LABEL,
            follow_up=ENGLISH_OUTLETS.follow_up,
            bare=CAPITALS.bare,
            outlets=True,
            names=True,
            bold=True,
            lost=True,
        ),
        "zh": CHINESE,
    },
)
"""What a page of no known publisher is read as: the commonest ways of printing labels, and what the page teaches."""
