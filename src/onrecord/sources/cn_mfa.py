"""China's Ministry of Foreign Affairs: regular press conferences, answers to questions put in writing, statements.

Two generations of the site, in Chinese and (as public scrapers show) in English, share the element ``News_Body_Txt_A``;
the English site of 2024 on has another, known from a public scraper alone.  Some pages of January
2022 were served by a template that left out the whole block of meta tags (``ArticleTitle``, ``PubDate``, ``Url``) and
put the column's name where the title belongs; their title and time stand in the visible heading alone.
"""

from __future__ import annotations

from onrecord.sources import Layout, Source
from onrecord.sources.dialects import CHINESE, ENGLISH_OUTLETS, HELD

SOURCE = Source(
    id="cn-mfa",
    name="Ministry of Foreign Affairs of the People's Republic of China",
    country="CN",
    lang="zh",
    zone="Asia/Shanghai",
    hosts=("fmprc.gov.cn", "mfa.gov.cn", "china-embassy.gov.cn", "chineseembassy.org"),
    marks=(
        r"外交部发言人|中华人民共和国外交部|外交部.{0,12}例行记者会"
        r"|(?i:Chin(?:a|ese)[’']?s? (?:Foreign Ministry|Ministry of Foreign Affairs|FO|MFA|FM)\b)"
        r"|Foreign Ministry Spokesperson (?:Mao Ning|Wang Wenbin|Lin Jian|Guo Jiakun|Zhao Lijian|Hua Chunying|"
        r"Geng Shuang|Lu Kang|Hong Lei)"
    ),
    dialects={"zh": CHINESE, "en": ENGLISH_OUTLETS},
    layouts=(
        Layout(
            name="2021 responsive",
            body='id("News_Body_Txt_A")',
            title='../div[contains(@class,"news-title")]/h1',
            time='../div[contains(@class,"news-title")]/p[contains(@class,"time")]',
            seen=True,
            evidence="served pages of www.mfa.gov.cn and www.fmprc.gov.cn, 2021-2024, Chinese",
        ),
        Layout(
            name="2012 table",
            body='id("News_Body_Txt_A")',
            title='../*[@id="News_Body_Title"]',
            time='..//*[@id="News_Body_Time"]',
            seen=True,
            evidence=(
                "served pages of www.fmprc.gov.cn, 2020-2021, Chinese; that the English site printed the same ids: "
                "jonawalb/rhetoric-corpus, collectors/cn_mfa.py"
            ),
        ),
        Layout(
            name="2024 English",
            body='//div[contains(concat(" ",normalize-space(@class)," ")," content_text ")]',
            title='//*[contains(@class,"news_header_title")]',
            time='//*[contains(concat(" ",normalize-space(@class)," ")," xltime ")]',
            evidence="ccoop129/speech-analysis, data/us/scrape_us.py; wording: pages of 2025",
        ),
    ),
    preamble=HELD,
    ends=("<!--footer begin", "<!-- JiaThis Button BEGIN"),
    footers=r"^(?:【打印】|【关闭】|推荐给朋友|Suggest To A Friend|<Print>|\[ ?(?:Print|Close) ?\]|\[?打印本页\]?)",
)
