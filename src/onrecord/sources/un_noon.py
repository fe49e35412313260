"""The United Nations: the noon briefing by the Office of the Spokesperson for the Secretary-General.

What is known of the layout: the wording down to the questions was seen on stored texts of more than ten real pages
(2001-2024), which are cut off there.  That questions and answers are labelled "Question:", "Spokesman:", "Deputy
Spokesperson:", "Correspondent:" is common knowledge and was not seen; the body's element is a guess from the content
management system the site runs on (Drupal).  Section heads begin with two asterisks.
"""

from __future__ import annotations

from onrecord.sources import Dialect, Layout, Source
from onrecord.sources.dialects import NAME

_OFFICES = (
    r"Secretary-General|Coordinator|Commissioner|Representative|Envoy|Director|President|Chief|Adviser|Advisor|"
    r"Commander|Administrator|Chair|Moderator|Rapporteur"
)

SOURCE = Source(
    id="un-noon",
    name="United Nations, Office of the Spokesperson for the Secretary-General",
    country=None,
    lang="en",
    zone="America/New_York",
    hosts=("press.un.org", "un.org"),
    paths=r"/db\d|noon-briefing|/news/briefings/|/News/briefings/",
    marks=(
        r"Spokes(?:person|man|woman)[’']?s? (?:for|of) the (?:UN )?Secretary-General|today[’']s noon briefing|"
        r"UN noon briefing"
    ),
    dialects={
        "en": Dialect(
            question=r"Question(?: \(.{1,30}\))?|Q|Correspondents?|Journalist|Reporter|The Press",
            answer=r"(?:(?:Deputy|Associate|Acting|Assistant|Chief) )?Spokes(?:man|woman|person)(?: .{1,50})?|Answer|A",
            speaker=(
                rf"(?:Mr|Ms|Mrs|Dr|Sir|Dame|Prof|Professor|Ambassador|Amb|(?:(?:Major|Lieutenant|"
                rf"Brigadier) )?General|Gen)\.? {NAME}.{{0,40}}"
                rf"|(?:{NAME} ){{0,6}}(?:\w+-)?(?:{_OFFICES})(?: (?:for|of) .{{1,40}}|(?: {NAME}){{0,3}})"
            ),
            follow_up=r"(?i)follow-?up(?: question)?",
            lost=True,
        )
    },
    layouts=(
        Layout(
            name="drupal",
            body='//div[contains(concat(" ",normalize-space(@class)," ")," field--name-body ")]',
            title='//h1//span[contains(@class,"field--name-title")]|//h1',
            time='//div[contains(@class,"field--name-field-display-date")]//time/@datetime',
            evidence="a guess; wording: press.un.org pages of 2001-2024 up to the questions",
        ),
    ),
    preamble=(
        r"(?:The )?[Ff]ollowing is a near[- ]verbatim transcript|Spokesperson[’']s Noon Briefing$|"
        r"Department of Public Information"
    ),
    footers=r"\* ?\*\*\* ?\*$|For information media\. Not an official record",
)
