"""The US Department of State: daily and department press briefings, special briefings and calls.

What is known of the layouts.  ``department`` (2019 on, the same WordPress theme on www.state.gov and on the archived
sites of 2017-2021 and 2021-2025): six independent public scrapers name its elements; the wording was seen on stored
texts of real pages (2023).  ``daily`` (2009-2017 and, to 2019, www.state.gov/r/pa/prs/dpb): the wording was seen on
stored texts (2014, 2016, 2017); of the elements only ``h2#page-title`` is named by a scraper, the rest is a guess.
Labels stand in ``<strong>`` on our example pages, which nobody has seen; nothing depends on it.
"""

from __future__ import annotations

from onrecord.sources import Layout, Source
from onrecord.sources.dialects import CAPITALS, HELD

SOURCE = Source(
    id="us-state",
    name="US Department of State",
    country="US",
    lang="en",
    zone="America/New_York",
    hosts=("state.gov",),
    marks=(
        r"\bDepartment Press Briefing\b|U\.S\. Department of State\b|(?i:\b(?:US )?State Dep(?:artment|t)\.?(?:[’']s)? "
        r"(?:daily )?(?:presser|press (?:briefing|conference)|briefing|spokesperson))|The State Department held\b"
    ),
    dialects={"en": CAPITALS},
    layouts=(
        Layout(
            name="department",
            body='//div[contains(concat(" ",normalize-space(@class)," ")," entry-content ")]',
            title='//h1[contains(@class,"featured-content__headline")]',
            time='//p[contains(@class,"article-meta__publish-date")]',
            cast='//p[contains(@class,"article-meta__author-bureau")]',
            drop='//div[contains(@class,"wp-block-summary-article-index")]',
            evidence="jonawalb/rhetoric-corpus, collectors/us_state_briefings.py, and five more public scrapers",
        ),
        Layout(
            name="daily",
            body='id("centerblock")',
            title='id("page-title")',
            time='id("date_long")',
            cast='id("author-name")|id("author-title")',
            drop='id("page-title")|id("author-block")|id("doc-type")|id("location")|id("date_long")',
            evidence="h2#page-title: JamesGalb/news_bot_public; the rest is a guess",
        ),
    ),
    preamble=r"TRANSCRIPT:?$|Index for Today[’']s Briefing|\*?The following is|" + HELD,
    closings=r"\(?The briefing (?:was )?(?:concluded|ended) at .*|DPB ?# ?\d+.*",
    footers=r"(?:Share this page|Tags)$",
)
