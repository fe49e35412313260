"""Folding addresses and telling corrected texts from other ones."""

from __future__ import annotations

import pytest

from onrecord.store.identity import address_key, shares_words

SAME = [
    (
        "https://www.whitehouse.gov/briefing-room/press-briefings/2021/03/03/press-briefing-1/",
        "http://bidenwhitehouse.archives.gov/briefing-room/press-briefings/2021/03/03/press-briefing-1",
    ),
    (
        "https://web.archive.org/web/20210304123456/https://www.whitehouse.gov/briefing-room/a/",
        "https://www.whitehouse.gov/briefing-room/a/",
    ),
    ("https://web.archive.org/web/2021id_/http://example.gov/a", "https://example.gov/a"),
    (
        "http://test.fmprc.gov.cn/wjdt_674879/fyrbt_674889/202108/t20210801_1.shtml",
        "https://www.mfa.gov.cn/web/wjdt_674879/fyrbt_674889/202108/t20210801_1.shtml",
    ),
    ("https://www.fmprc.gov.cn/mfa_eng/xw/t1.html", "https://www.mfa.gov.cn/eng/xw/t1.html"),
    ("https://2017-2021.state.gov/briefing-1/", "https://www.state.gov/briefing-1"),
    ("HTTPS://Example.GOV:443/a%7Eb/?utm_source=x#top", "example.gov/a~b"),
    ("//example.gov/a", "https://example.gov/a/"),
    ("https://example.gov/%E5%A4%96", "https://example.gov/外"),
]
OTHER = [
    ("https://example.gov/a/index.html", "https://example.gov/a/"),
    ("https://example.gov/a?id=1", "https://example.gov/a?id=2"),
    ("https://example.gov/A", "https://example.gov/a"),
    ("https://example.gov:8080/a", "https://example.gov/a"),
    ("https://web.example.gov/a", "https://example.gov/a"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_page_under_two_addresses_has_one_key(one: str, other: str) -> None:
    assert address_key(one) == address_key(other) is not None


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_pages_have_two_keys(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


@pytest.mark.parametrize("url", [None, "", "  ", "t2023.shtml", "mailto:press", "http://[bad", "http://host:port/x"])
def test_what_names_no_host_has_no_key(url: str | None) -> None:
    assert address_key(url) is None


def test_a_key_is_its_own_key() -> None:
    for one, _ in SAME:
        key = address_key(one)
        assert address_key(key) == key


def test_shares_words() -> None:
    text = "The minister of Norland spoke about the harbour, the railway and the price of salt. " * 3
    assert shares_words(text, text.replace("salt", "sugar"))
    assert shares_words("诺兰外交部发言人就港口问题答记者问。", "诺兰外交部发言人就港口问题答记者问：")
    assert not shares_words(text, "Another briefing on the same day, with nothing in common but the language it is in.")
    assert shares_words("", "")
