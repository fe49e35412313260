"""Veldania's Ministry of External Affairs: a government that does not exist, for the shipped examples.

XV is one of the codes ISO 3166 leaves to its users.  The file shows all that a new publisher takes.
"""

from __future__ import annotations

from onrecord.sources import Layout, Source
from onrecord.sources.dialects import CHINESE, ENGLISH_OUTLETS

SOURCE = Source(
    id="xv-mfa",
    name="Ministry of External Affairs of Veldania (fictional)",
    country="XV",
    lang="en",
    zone="Etc/GMT-3",
    hosts=("mea.veldania.example",),
    marks=r"Veldanian? (?:Foreign Office|Ministry of External Affairs|FO)\b|维尔达尼亚外务部",
    dialects={"en": ENGLISH_OUTLETS, "zh": CHINESE},
    layouts=(
        Layout(
            name="2030",
            body='id("briefing")',
            title="../h1",
            time="../time",
            seen=True,
            evidence="written for the examples",
        ),
    ),
    preamble=r".{0,60}Spokesperson .{3,40} (?:held|hosted) a .*",
)
