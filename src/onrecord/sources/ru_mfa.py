"""Russia's Ministry of Foreign Affairs: briefings by the spokesperson, answers to questions, the minister's remarks.

What is known of the layout: four public scrapers name its elements.  The English wording was seen on stored texts of
real pages (2017-2023).  The Russian labels ("Вопрос", "Ответ", the speaker's initials and name) are common knowledge
and were not seen on a stored page.  A briefing opens with a table of contents and long sections nobody is named for.
"""

from __future__ import annotations

from onrecord.sources import Dialect, Layout, Source

_BODY = '//div[contains(concat(" ",normalize-space(@class)," ")," article-content ")]'
_TO_PART = 'a[starts-with(@href,"#") and not(@href="#0")]'
# The table of contents: lists of links to the page's own parts, lines that are such a link, and the short lines
# above them; and the links back to the top that end each part.
_CONTENTS = "|".join(
    (
        f"{_BODY}/*[self::ol or self::ul][li/{_TO_PART}]",
        f"{_BODY}/p[{_TO_PART}][normalize-space(.)=normalize-space({_TO_PART})]",
        f"{_BODY}/*[self::h2 or self::h3 or self::p][string-length(normalize-space(.))<80]"
        f"[following-sibling::*[1][li/{_TO_PART} or {_TO_PART}]][not(.//a[@name or @href])]",
        f'{_BODY}//p[a[@href="#0" or @href="#top"]]',
    )
)

SOURCE = Source(
    id="ru-mfa",
    name="Ministry of Foreign Affairs of the Russian Federation",
    country="RU",
    lang="ru",
    zone="Europe/Moscow",
    hosts=("mid.ru",),
    marks=(
        r"официального представителя МИД(?!\s+(?!Росси|РФ|[А-ЯЁ]\.)[А-ЯЁ])|МИД России|"
        r"Министерств[оа] иностранных дел Российской Федерации|"
        r"Захаров(?:а|ой)\b"
        r"|Briefing by (?:Russian )?Foreign Ministry Spokes(?:woman|man|person)|Maria Zakharova"
        r"|Russia(?:n|[’']s) (?:Foreign Ministry|Ministry of Foreign Affairs|MFA)\b"
    ),
    dialects={
        "ru": Dialect(
            question=r"(?:Вопрос|Реплика|Корреспондент|Журналист)(?: ?\([^)]{1,60}\))?",
            answer=r"Ответ(?: ?\([^)]{1,60}\))?",
            speaker=(
                r"Ведущ(?:ий|ая)|Модератор|"
                r"[А-ЯЁ]\. ?(?:[А-ЯЁ]\. ?)?[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?(?: ?\([^)]{1,60}\))?"
            ),
            follow_up=r"(?i)уточняющий вопрос",
            names=True,
            lost=True,
        ),
        "en": Dialect(
            question=r"Questions?(?: ?\([^)]{1,60}\))?|Q|Remark|Correspondent|Journalist",
            answer=r"Answer|Spokes(?:woman|man|person)",
            speaker=r"Moderator|(?:Mr|Ms|Mrs)\.? [A-Z][\w-]+(?: [A-Z][\w-]+){0,2}",
            follow_up=r"(?i)follow-?up(?: question)?",
            names=True,
            lost=True,
        ),
    },
    layouts=(
        Layout(
            name="article",
            body=_BODY,
            title='//h1[contains(@class,"photo-content__title")]',
            time='concat(//*[contains(@class,"photo-content__date")]," ",//*[contains(@class,"photo-content__time")])',
            drop=_CONTENTS,
            evidence=(
                "jonawalb/rhetoric-corpus, collectors/ru_mid.py, and three more public scrapers; the clock's "
                "element is a guess"
            ),
        ),
    ),
    footers=(
        r"Назад к оглавлению|Back to (?:the )?(?:(?:table of )?contents|top)$|Некорректно указаны даты|"
        r"Incorrect dates"
    ),
)
