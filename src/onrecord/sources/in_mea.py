"""India's Ministry of External Affairs: weekly media briefings by the Official Spokesperson, special briefings.

What is known of the layouts.  ``fragment`` (the 2026 site, which loads each page's text by itself): named by a public
scraper.  ``inner`` (the site of 2012-2025): no scraper got past its gate, the element is a guess.  The wording was seen
on stored texts of eight real pages (2020-2024): askers are printed by name, with their outlet or without; at virtual
briefings an officer, "OSD (PR)", reads out what the press sent in.  The date in the title is the briefing's, the date
line under it can be a day or two later.  Of the Hindi pages the labels were seen, of one page.
"""

from __future__ import annotations

from onrecord.sources import Dialect, Layout, Source
from onrecord.sources.dialects import NAMED

_OFFICIAL = (
    r"(?:Shri|Shrimati|Smt)\b|.*\b(?:Spokesperson|Foreign Secretary|Secretary \(|(?:Joint|Additional|"
    r"Special) Secretary|"
    r"Minister|EAM|Ambassador|High Commissioner|Director|Moderator)"
)

SOURCE = Source(
    id="in-mea",
    name="Ministry of External Affairs of India",
    country="IN",
    lang="en",
    zone="Asia/Kolkata",
    hosts=("mea.gov.in", "eoibeijing.gov.in", "externalaffairs.in"),
    marks=(
        r"Media Briefing by (?:the )?Official Spokesperson|\b(?:Shri|Smt\.?) [\w. ]{2,40}, Official Spokesperson"
        r"|(?:India[’']?n?s? )?Ministry of External Affairs\b|\bMEA Spokesperson|विदेश मंत्रालय|आधिकारिक प्रवक्ता"
    ),
    dialects={
        "en": Dialect(
            question=(
                rf"Question|Q|Media|(?:Unidentified )?(?:Speaker|Reporter|Journalist).{{0,4}}|.*\bOSD\b.*|.*\(PR\)|"
                rf"(?!{_OFFICIAL}){NAMED}"
            ),
            answer=r"(?:Official )?Spokesperson|Answer",
            speaker=rf"(?:{_OFFICIAL}).*",
            label_limit=80,
        ),
        "hi": Dialect(
            question=(
                r"वक्ता ?\d*|प्रश्न|अज्ञात वक्ता|(?!.*(?:प्रवक्ता|सचिव|मंत्री|श्री|श्रीमती|राजदूत|"
                r"उच्चायुक्त))[\u0900-\u097f. ,]{3,60}"
            ),
            speaker=r".*(?:प्रवक्ता|सचिव|मंत्री|श्री|श्रीमती|राजदूत|उच्चायुक्त).*",
            label_limit=80,
        ),
    },
    layouts=(
        Layout(
            name="fragment",
            body='//div[contains(concat(" ",normalize-space(@class)," ")," description ")]',
            title='preceding::h2[contains(@class,"titleText")][1]',
            time='preceding::span[contains(@class,"date")][1]',
            evidence="jonawalb/rhetoric-corpus, collectors/in_mea.py",
        ),
        Layout(
            name="inner",
            body='id("innerContent")',
            title=".//h2[1]",
            time='.//p[@class="date"]',
            drop='id("innerContent")/h2|id("innerContent")/p[@class="date"]',
            evidence="a guess; wording: pages of 2020-2024",
        ),
    ),
    closings=(
        r"New Delhi\W*$|(?:January|February|March|April|May|June|July|August|September|October|November|"
        r"December) \d{1,2}, \d{4}$"
    ),
    footers=r"(?:Print|Back|Print Back)$",
)
