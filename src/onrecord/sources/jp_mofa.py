"""Japan's Ministry of Foreign Affairs: press conferences by the Foreign Minister and the Press Secretary.

What is known of the layouts.  Japanese: the elements are named by a crawler of these very pages; the wording was
seen on stored texts of three real pages.  English: the elements are taken to be the same; the wording was seen on
eight (2014- 2023).  Labels stand in 【】 in Japanese (a full-width space parts outlet and name), before a colon in
English, where the asker's outlet and name come in either order.  A heading stands over each exchange.
"""

from __future__ import annotations

from onrecord.sources import Dialect, Layout, Source
from onrecord.sources.dialects import NAMED

_OFFICIAL = r".*\b(?:Minister|(?:Press |Vice-?)Secretary|Spokes(?:man|woman|person)|Director|Ambassador|Moderator|MC)\b"

SOURCE = Source(
    id="jp-mofa",
    name="Ministry of Foreign Affairs of Japan",
    country="JP",
    lang="ja",
    zone="Asia/Tokyo",
    hosts=("mofa.go.jp",),
    marks=(
        r"(?:外務大臣|外務報道官|外務副大臣|外務大臣政務官)(?:臨時)?会見(?:記録|要旨)|"
        r"Ministry of Foreign Affairs of Japan"
        r"|Press Conference by (?:the )?(?:Foreign (?:Minister|Press Secretary)|"
        r"Minister for Foreign Affairs) [A-Z]{3,}\b"
    ),
    dialects={
        "ja": Dialect(
            question=(
                r"記者|質問|問|Ｑ|.{0,40}(?:記者|特派員|支局長|論説委員|解説委員|編集委員|"
                r"ジャーナリスト)(?: ?（[^）]{1,24}）)?"
            ),
            answer=r"答|Ａ",
            speaker=(
                r"司会|進行|[^。、]{0,24}(?:大臣|報道官|政務官|課長|局長|次官|室長|総理|長官|大使|企画官|次長|"
                r"参事官|審議官|代表|報道課)"
            ),
            outlets=True,
            names=True,
        ),
        "en": Dialect(
            question=rf"Reporters?|Question|Q|Journalist|(?!{_OFFICIAL}){NAMED}",
            answer=r"Answer|A",
            speaker=rf"{_OFFICIAL}.*",
            label_limit=80,
        ),
    },
    layouts=(
        Layout(
            name="conference",
            body='id("maincontents")',
            title='//h2[contains(@class,"title2")]|id("title2")',
            held='preceding::h3[1]|id("subtitle")',
            drop='//div[contains(@class,"other-language")]|//div[contains(@class,"social-btn")]',
            evidence="a crawler of the Japanese pages; English: a guess",
        ),
    ),
    preamble=(
        r"\(Video\)|（動画）|（?(?:This|The following) is a provisional translation|動画版はこちら|Japanese$|"
        r"English$"
    ),
    footers=r"Back to (?:Press Conferences|Top)|記者会見へ戻る|このページのトップへ戻る",
)
