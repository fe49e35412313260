"""The White House: press briefings, gaggles and press calls, as HTML of whitehouse.gov and its archived sites, and
Markdown.

What is known of the layouts: public scrapers name the elements of each administration's site; the wording was seen on
stored texts of real pages, except that few briefings of the current site exist as text.  Of the archive of 2001-2009
only the wording is known: its pages go through the guess at the main text that any unknown layout gets.
"""

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
    marks=(
        r"James S\. Brady Press Briefing Room|(?im:^the white house\b[^.]{0,40}$)|White House (?:Press|COVID)|"
        r"Aboard Air Force One|(?m:^En Route )|(?:Background|On-the-Record) Press (?:Call|Briefing|Gaggle)|"
        r"Press Gaggle by|"
        r"(?m:^Via Teleconference$)"
        r"|(?i:press (?:briefing|call|gaggle)s? (?:by|with|from) (?:the )?(?:white house|"
        r"(?:principal )?(?:deputy )?press secretary))"
        r"|Press Secretary (?:Jen|Karine|Karoline|Kayleigh|Sean|Sarah)\b"
    ),
    dialects={"en": CAPITALS},
    layouts=(
        Layout(
            name="current",
            body='//div[contains(@class,"wp-block-post-content")]',
            title='.//h1[contains(@class,"wp-block-whitehouse-topper__headline")]',
            time='//div[contains(@class,"wp-block-post-date")]//time/@datetime',
            drop='//div[contains(concat(" ",normalize-space(@class)," ")," wp-block-whitehouse-topper ")]',
            evidence="DIYgod/RSSHub, the route for whitehouse.gov, and eight more public scrapers",
        ),
        Layout(
            name="Biden archive",
            body='//section[contains(@class,"body-content")]',
            title="preceding::h1[1]",
            time="ancestor::article[1]//time/@datetime|preceding::time[1]/@datetime",
            evidence="jonawalb/rhetoric-corpus, collectors/us_whitehouse.py; wording: pages of 2021-2024",
        ),
        Layout(
            name="Trump archive",
            body='//div[contains(@class,"page-content__content")]',
            title='//h1[contains(@class,"page-header__title")]',
            time='//div[contains(@class,"page-header__meta")]//time/@datetime'
            '|//div[contains(@class,"page-header__meta")]//time',
            evidence="body: two public scrapers; heading and date: a guess; wording: pages of 2018",
        ),
        Layout(
            name="Obama archive",
            body='//div[contains(@class,"field-name-field-forall-body")]'
            '|//div[contains(@class,"field-name-field-transcript")]',
            title='//div[contains(@class,"pane-node-title")]//h1',
            time='//div[contains(@class,"information")]//div[contains(@class,"date")]',
            evidence="body and title: four public scrapers; date: a guess; wording: pages of 2015 and 2017",
        ),
    ),
    preamble=r"\*\*Please see below|(?:For Immediate Release|Office of the Press Secretary|The White House)$",
    footers=r"(?:Share this page|Tags|The post .{3,200} appeared first on .*)$",
)
