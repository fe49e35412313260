"""Names and labels to one name: what resolves, what must not, and the shape of the two tables."""

from __future__ import annotations

import re
import timeit
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.reading import names

DATA = Path(names.__file__).with_name("data")


def rows(table: str) -> Iterator[list[str]]:
    lines = [line for line in (DATA / table).read_text("utf-8").splitlines() if not line.startswith("#")]
    yield from (line.split("\t") for line in lines[1:])


@pytest.mark.parametrize(
    ("label", "canonical"),
    [
        ("总台央视记者", "CCTV"),
        ("中央广播电视总台央视记者", "CCTV"),
        ("央视", "CCTV"),
        ("总台国广记者", "CRI"),
        ("国际台", "CRI"),
        ("China Radio International", "CRI"),
        ("《环球时报》记者", "Global Times"),
        ("环球时报", "Global Times"),
        ("GLOBAL TIMES", "Global Times"),
        ("GT", "Global Times"),
        ("《环球时报》记者张三", "Global Times"),
        ("中国日报》记者", "China Daily"),  # the opening bracket lost
        ("法新社记者", "AFP"),
        ("Agence France-Presse", "AFP"),
        ("会后，中新社记者问及", "China News Service"),
        ("路透社记者追问", "Reuters"),
        ("《北京日报》记者提问", "Beijing Daily"),
        ("深圳卫视记者", "Shenzhen TV"),
        ("湖北广播电视台记者", "Hubei Media Group"),
        ("香港中评社记者", "China Review News"),
        ("日本共同社记者", "Kyodo News"),
        ("日本广播协会记者", "NHK"),
        ("日本NHK电视台记者", "NHK"),
        ("ＮＨＫ", "NHK"),
        ("俄通—塔斯社记者", "TASS"),
        ("俄新社记者", "RIA Novosti"),
        ("拉通社记者", "Prensa Latina"),
        ("巴通社记者", "Associated Press of Pakistan"),
        ("印度报业托拉斯记者", "PTI"),
        ("西班牙《阿贝赛报》记者", "ABC (Spain)"),
        ("德国《世界报》记者", "Die Welt"),
        ("法国《世界报》记者", "Le Monde"),
        ("意大利《共和国报》记者", "La Repubblica"),
        ("读卖新闻", "Yomiuri Shimbun"),
        ("NHK 渡辺記者", "NHK"),
        ("【読売新聞　阿部記者】", "Yomiuri Shimbun"),
        ("연합뉴스 기자", "Yonhap News Agency"),
        ("Вопрос (ТАСС)", "TASS"),
        ("корреспондент РИА Новости", "RIA Novosti"),
        ("Jeff Mason, Reuters", "Reuters"),
        ("Matt Lee (AP)", "AP"),
        ("A.P.", "AP"),
        ("Question from X (Kyodo)", "Kyodo News"),
        ("one more from AFP", "AFP"),
        ("Karen of Voice of America", "VOA"),
        ("Reuters’ correspondent", "Reuters"),
        ("Stars and Stripes reporter", "Stars and Stripes"),
        ("The Hindu", "The Hindu"),
        ("the Associated Press", "AP"),
        ("Sidhant Sibal, WION", "WION"),
        ("Suddeutsche Zeitung", "Süddeutsche Zeitung"),
        ("Al-Jazeera", "Al Jazeera"),
    ],
)
def test_a_label_resolves(label: str, canonical: str) -> None:
    assert names.outlet(label) == canonical


@pytest.mark.parametrize(
    "label",
    ["", "问", "一、问", "追问", "记者", "外国记者", "会后有记者问及", "记者（点头）",
     "Q", "QUESTION", "MS. PSAKI", "毛宁", "ap", "Ap", "gt", "time", "sky", "Hindu", "Paper", "ABC", "NTV",
     "美国《世界报》记者", "路透社、彭博社记者", "AFP/Kyodo", "有报道称，" + "某国" * 80 + "，路透社记者"],
)  # fmt: skip
def test_a_label_of_no_outlet_or_of_several_stays_open(label: str) -> None:
    assert names.outlet(label) is None


def test_all_the_outlets_of_a_shared_label_in_order() -> None:
    assert names.outlets("彭博社记者/澳门月刊记者") == ("Bloomberg", "Macau Monthly")
    assert names.outlets("俄新社记者/法新社记者") == ("RIA Novosti", "AFP")
    assert names.outlets("BBC and CNN") == ("BBC", "CNN")
    assert names.outlets("问") == ()


def test_country_and_aliases() -> None:
    assert names.outlet_country("Kyodo News") == "JP"
    assert names.outlet_country("UN News") is None
    assert names.outlet_country("Weekly Nowhere") is None
    assert "总台央视" in names.outlet_aliases("CCTV")
    assert names.outlet_aliases("Weekly Nowhere") == ()


def test_filters_take_aliases_in_any_case_and_leave_the_unknown() -> None:
    assert names.resolve_outlet_filter("cctv") == "CCTV"
    assert names.resolve_outlet_filter("央视") == "CCTV"
    assert names.resolve_outlet_filter("Weekly Nowhere") == "Weekly Nowhere"
    assert names.resolve_person_filter("毛宁") == "Mao Ning"
    assert names.resolve_person_filter("Nobody Known") == "Nobody Known"


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("毛宁", "Mao Ning"),
        ("MAO NING", "Mao Ning"),
        ("外交部发言人汪文斌", "Wang Wenbin"),
        ("趙立堅", "Zhao Lijian"),
        ("Press Secretary Jen Psaki", "Jen Psaki"),
        ("Jen Psaki, Press Secretary", "Jen Psaki"),
        ("Dr. Anthony S. Fauci", "Anthony Fauci"),
        ("Stephane Dujarric", "Stéphane Dujarric"),
        ("М.В.Захарова", "Maria Zakharova"),
        ("М. В. Захарова", "Maria Zakharova"),
        ("Мария Захарова", "Maria Zakharova"),
        ("HAYASHI Yoshimasa", "Yoshimasa Hayashi"),
        ("Karine Jean‑Pierre", "Karine Jean-Pierre"),
        ("Psaki", None),
        ("", None),
        ("Global Times", None),
    ],
)
def test_a_full_name_resolves(name: str, canonical: str | None) -> None:
    assert names.person(name) == canonical


def test_a_surname_resolves_by_source_and_date() -> None:
    assert names.persons_named("RICE", source="us-whitehouse", on="2021-02-01") == ("Susan Rice",)
    assert names.persons_named("Rice", source="us-whitehouse", on="2003-02-01") == ("Condoleezza Rice",)
    assert names.persons_named("PSAKI", source="us-whitehouse", on="2023-02-01") == ()
    assert names.persons_named("miller", source="us-state", on="2024-02-01") == ("Matthew Miller",)
    assert names.persons_named("Kirby", source="us-defense") == ("John Kirby",)
    assert names.persons_named("O’CONNELL") == names.persons_named("O'Connell") == ("Dawn O'Connell",)
    assert names.persons_named("BIDEN", source="us-whitehouse", on="2022-01-01")[0] == "Joe Biden"
    assert names.persons_named("Kono", source="jp-mofa", on="2018-01-01") == ("Taro Kono",)
    assert names.persons_named("Zzz") == ()
    assert "Jean-Pierre" in names.surnames("us-whitehouse")
    assert "Jean-Pierre" not in names.surnames("cn-mfa")


@pytest.mark.parametrize(
    ("office", "on", "source", "who"),
    [
        ("THE PRESIDENT", "2021-03-01", "us-whitehouse", "Joe Biden"),
        ("THE PRESIDENT", "2021-01-19", "us-whitehouse", "Donald Trump"),
        ("THE PRESIDENT", "2021-01-20", "us-whitehouse", "Joe Biden"),
        ("The Vice President", "2012-06-01", "us-whitehouse", "Joe Biden"),
        ("THE PRESS SECRETARY", "2022-05-12", "us-whitehouse", "Jen Psaki"),
        ("THE PRESS SECRETARY", "2022-05-13", "us-whitehouse", "Karine Jean-Pierre"),
        ("SECRETARY", "2015-06-01", "us-state", "John Kerry"),
        ("THE SECRETARY-GENERAL", "2020-06-01", "un-noon", "António Guterres"),
        ("Minister", "2023-06-01", "jp-mofa", "Yoshimasa Hayashi"),
        ("Foreign Minister", "2023-06-01", "cn-mfa", "Qin Gang"),
        ("SPOKESPERSON", "2023-06-01", "cn-mfa", None),  # four held it at once
        ("THE PRESIDENT", "1900-01-01", "us-whitehouse", None),
        ("THE PRESIDENT", "2021-03-01", "un-noon", None),
    ],
)
def test_the_holder_of_an_office(office: str, on: str, source: str, who: str | None) -> None:
    assert names.holder(office, on, source) == who


def test_outlets_table_is_well_formed() -> None:
    table = list(rows("outlets.tsv"))
    canonical = [row[0] for row in table]
    assert canonical == sorted(set(canonical), key=str.casefold)
    for name, country, aliases, attested in table:
        assert re.fullmatch(r"[A-Z]{2}|", country), name
        assert set(attested.split(",")) <= {"p", "e", "z", "g", "x"}, name
        assert all(part == part.strip() and part for part in aliases.split("|") if aliases), name


def test_no_spelling_stands_for_two_outlets_and_every_spelling_resolves() -> None:
    owner: dict[str, str] = {}
    for name, _country, aliases, _attested in rows("outlets.tsv"):
        for spelling in (name, *filter(None, aliases.split("|"))):
            assert owner.setdefault(spelling.casefold(), name) == name, spelling
            assert names.outlet(spelling) == name, spelling


def test_persons_table_is_well_formed_and_every_spelling_resolves() -> None:
    table = list(rows("persons.tsv"))
    assert table == sorted(table, key=lambda row: (row[0].casefold(), row[5], row[6], row[3]))
    surname_of: dict[str, str] = {}
    for name, surname, aliases, source, _role, start, end, attested in table:
        assert surname_of.setdefault(name, surname) == surname
        assert surname in name
        assert re.fullmatch(r"[a-z]{2}-[a-z]+|", source), name
        for day in filter(None, (start, end)):
            assert re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", day), name
        assert not end or start[: len(end)] <= end, name
        assert attested in {"m", "w", "g"}, name
        for spelling in (name, *filter(None, aliases.split("|"))):
            assert names.person(spelling) == name, spelling
        assert name in names.persons_named(surname, source=source), name


def test_presidents_follow_each_other_without_a_gap_or_an_overlap() -> None:
    for office in ("President", "Vice President", "Press Secretary"):
        terms = sorted(
            (r[5], r[6]) for r in rows("persons.tsv") if r[3] == "us-whitehouse" and office in r[4].split("|")
        )
        for (_, end), (start, _) in pairwise(terms):
            assert "" < end <= start, (office, end, start)
        assert terms[-1][1] == ""


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    for hit in names.outlets(text):
        assert names.outlet_country(hit) is not None or hit == "UN News"
    assert names.person(text) is None or isinstance(names.person(text), str)
    assert isinstance(names.persons_named(text), tuple)
    assert names.outlet(text) == names.outlet(text.strip())


def test_a_warm_answer_takes_under_two_microseconds() -> None:
    def each(call: str) -> float:
        return min(timeit.repeat(call, globals={"names": names}, number=5000, repeat=5)) / 5000

    assert each("names.outlet('《环球时报》记者')") < 2e-6
    assert each("names.person('毛宁')") < 2e-6
    assert each("names.persons_named('RICE', source='us-whitehouse', on='2021-02-01')") < 2e-6
    assert each("names.holder('THE PRESIDENT', '2021-03-01', 'us-whitehouse')") < 2e-6
