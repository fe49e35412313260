"""The White House: press briefings, gaggles and press calls, as HTML of whitehouse.gov and its archived sites, and Markdown."""

from __future__ import annotations

from onrecord.sources import Layout, Source
from onrecord.sources.dialects import CAPITALS

SOURCE = Source(
    id="us-whitehouse",
    name="The White House",
    country="US",
    lang="en",
    zone="America/New_York",
    hosts=(
        "whitehouse.gov",
        "bidenwhitehouse.archives.gov",
        "trumpwhitehouse.archives.gov",
        "obamawhitehouse.archives.gov",
        "georgewbush-whitehouse.archives.gov",
        "clintonwhitehouse.archives.gov",
    ),
    marks=r"James S\. Brady Press Briefing Room|(?i:\bthe white house\b)|White House (?:Press|COVID)|Aboard Air Force One|Press Secretary (?:Jen|Karine|Karoline|Kayleigh|Sean|Sarah)",
    dialects={"en": CAPITALS},
)
