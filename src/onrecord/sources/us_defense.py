"""The US Department of Defense (since September 2025 on war.gov): transcripts of Pentagon press briefings.

What is known of the layout: a public scraper that ran on archived copies names its elements; the wording was seen on
stored texts of real pages (2017, 2019, 2023).  The first label of a speaker is printed in full ("MAJOR GENERAL PAT
RYDER"), the later ones are short ("GEN. RYDER").  Closing lines ("--30--", "-- END --") are known from elsewhere only.
"""

from __future__ import annotations

import msgspec

from onrecord.sources import Layout, Source
from onrecord.sources.dialects import CAPITALS

SOURCE = Source(
    id="us-defense",
    name="US Department of Defense",
    country="US",
    lang="en",
    zone="America/New_York",
    hosts=("defense.gov", "war.gov"),
    marks=(
        r"\b(?:Pentagon|Department of (?:Defense|War)) (?:Chief )?(?:Press Secretary|Spokes(?:man|woman|person))\b"
        r"|> U\.S\. Department of (?:Defense|War)\b|\bAssistant to the Secretary of (?:Defense|"
        r"War) for Public Affairs\b"
    ),
    dialects={"en": msgspec.structs.replace(CAPITALS, label_limit=80)},
    layouts=(
        Layout(
            name="transcript",
            body='//div[contains(concat(" ",normalize-space(@class)," ")," body ")]',
            title='//h1[contains(@class,"maintitle")]',
            time='//span[contains(concat(" ",normalize-space(@class)," ")," date ")]',
            cast='//h1[contains(@class,"maintitle")]/following::div[contains(@class,"intro")][1]',
            evidence="jonawalb/rhetoric-corpus, collectors/us_dod.py; the element of the cast is a guess",
        ),
    ),
    closings=r"(?:--|—) ?(?:30|END|End) ?(?:--|—)",
)
