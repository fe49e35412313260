"""Each file in sources/ holds what it must, and no source takes another's pages."""

from __future__ import annotations

import importlib
import pkgutil
import re
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

import onrecord.sources
from onrecord.errors import UnknownSource
from onrecord.reading import read
from onrecord.sources import Dialect, Source, all_sources, get_source, source_of_text, source_of_url
from onrecord.sources.dialects import UNKNOWN_PUBLISHER

SOURCES = [*all_sources().values(), UNKNOWN_PUBLISHER]
EMPTY = etree.HTML("<html><body><p>nothing</p></body></html>")


def test_ids_are_the_names_of_the_files() -> None:
    files = {module.name for module in pkgutil.iter_modules(onrecord.sources.__path__)} - {"dialects"}
    assert {source.id.replace("-", "_") for source in all_sources().values()} == files
    for source in all_sources().values():
        module = importlib.import_module(f"onrecord.sources.{source.id.replace('-', '_')}")
        assert module.SOURCE is source
        assert module.__doc__


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.id)
def test_source_is_well_formed(source: Source) -> None:
    assert re.fullmatch(r"[a-z]+(?:-[a-z]+)?", source.id)
    assert source.country is None or re.fullmatch(r"[A-Z]{2}", source.country)
    assert source.lang in source.dialects
    assert ZoneInfo(source.zone).key == source.zone
    for pattern in (source.paths, source.marks, source.preamble, source.footers, source.closings):
        compiled = re.compile(pattern)
        assert pattern == "" or not compiled.match(""), pattern
    for host in source.hosts:
        assert re.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", host)


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.id)
def test_dialects_compile_and_tell_the_parts_apart(source: Source) -> None:
    for dialect in source.dialects.values():
        for pattern in (dialect.question, dialect.answer, dialect.speaker, dialect.follow_up, dialect.bare):
            assert not re.compile(pattern).fullmatch(""), pattern
        assert "(?P<label>" in dialect.bare or dialect.bare == Dialect(question="Q").bare
        assert 10 <= dialect.label_limit <= 80


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: s.id)
def test_layouts_are_xpath_with_evidence(source: Source) -> None:
    names = [layout.name for layout in source.layouts]
    assert len(names) == len(set(names))
    for layout in source.layouts:
        assert layout.evidence, f"{source.id}: {layout.name} says not where it is known from"
        for expression in (layout.body, layout.title, layout.time, layout.held, layout.cast, layout.drop):
            if expression:
                found = etree.XPath(expression)(EMPTY)
                assert isinstance(found, (list, str)), expression


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://www.state.gov/briefings/department-press-briefing-may-1-2031/", "us-state"),
        ("https://2009-2017.state.gov/r/pa/prs/dpb/2014/06/1.htm", "us-state"),
        ("https://www.war.gov/News/Transcripts/Transcript/Article/1/x/", "us-defense"),
        ("https://www.mea.gov.in/media-briefings.htm?dtl/1/x", "in-mea"),
        ("https://press.un.org/en/2024/db240917.doc.htm", "un-noon"),
        ("https://press.un.org/en/2024/sc15822.doc.htm", None),
        ("https://www.mofa.go.jp/press/kaiken/kaiken24e_000151.html", "jp-mofa"),
        ("https://mid.ru/ru/press_service/spokesman/briefings/1/", "ru-mfa"),
        ("https://obamawhitehouse.archives.gov/the-press-office/2015/06/04/x", "us-whitehouse"),
        ("http://jo.china-embassy.gov.cn/eng/x.htm", "cn-mfa"),
        ("https://web.archive.org/web/20200101000000/https://www.defense.gov/News/x", "us-defense"),
        ("https://notstate.gov/", None),
        ("https://example.org/www.state.gov/", None),
    ],
)
def test_source_of_an_address(url: str, source: str | None) -> None:
    found = source_of_url(url)
    assert (found.id if found else None) == source


@pytest.mark.parametrize(
    ("head", "source"),
    [
        (
            "US State Dept Presser\nThe State Department held a presser on May 1, 2031 with Spokesperson T. Orlo",
            "us-state",
        ),
        ("China FO Presser", "cn-mfa"),
        ("Transcript of Weekly Media Briefing by the Official Spokesperson (May 1, 2031)", "in-mea"),
        ("The following is a near-verbatim transcript of today’s noon briefing by T. Orlo", "un-noon"),
        ("上川外務大臣会見記録", "jp-mofa"),
        ("Press Conference by Foreign Minister RANBARA Edo", "jp-mofa"),
        ("Брифинг официального представителя МИД России", "ru-mfa"),
        ("Briefing by Foreign Ministry Spokeswoman Maria Zakharova, Moscow, May 1, 2031", "ru-mfa"),
        ("Pentagon Press Secretary Holds a Press Briefing", "us-defense"),
        ("Press Briefing\nJames S. Brady Press Briefing Room", "us-whitehouse"),
        ("Norvania's minister spoke of the White House and of the State Department's lawn", None),
        ("Press conference of the Minister for Tides\nThe Foreign Ministry was not there", None),
    ],
)
def test_source_of_words_alone(head: str, source: str | None) -> None:
    found = source_of_text(head)
    assert (found.id if found else None) == source


def test_get_source_names_what_there_is() -> None:
    assert get_source("un-noon").country is None
    with pytest.raises(UnknownSource, match="us-state"):
        get_source("us-states")


def test_a_template_shared_with_other_sites_does_not_make_a_page_ours() -> None:
    page = """<html><head><title>Hours</title><meta property="og:url" content="https://shop.example/hours"></head>
    <body><h1 class="maintitle">Opening hours of the shop</h1><span class="date">Dec. 1, 2031</span>
    <div class="body"><p>We open at nine and close when the last of the bread is gone, mostly at four.</p></div>
    </body></html>"""
    assert read(page.encode()).source == "unknown"
    copied = page.replace("Opening hours of the shop", "Pentagon Press Secretary T. Orlo Holds a Press Briefing")
    edition = read(copied.encode())
    assert (edition.source, edition.date) == ("us-defense", "2031-12-01")


def test_another_ministry_is_not_the_one_whose_words_it_uses() -> None:
    known = source_of_text("Брифинг официального представителя МИД России")
    assert known is not None
    assert known.id == "ru-mfa"
    assert source_of_text("Брифинг официального представителя МИД Вельдании") is None
