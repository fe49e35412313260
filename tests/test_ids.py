"""Ids taken apart."""

from __future__ import annotations

import pytest

from onrecord.errors import BadId
from onrecord.ids import Id, check_kind, parse, parse_occasion


def test_a_full_id() -> None:
    assert parse("cn-mfa/2023-07-26.2/zh@2#3:10-40") == Id(
        edition="cn-mfa/2023-07-26.2/zh",
        occasion="cn-mfa/2023-07-26.2",
        source="cn-mfa",
        revision=2,
        exchange=3,
        span=(10, 40),
    )


@pytest.mark.parametrize(
    "edition",
    [
        "cn-mfa/2023-07-26/en.excerpt-1",
        "unknown/undated-0123456789ab/und",
        "us-whitehouse/2023-07-26/zh-Hant.closed-caption-2",
    ],
)
def test_an_edition_alone(edition: str) -> None:
    assert parse(edition).edition == parse(f"{edition}#0").edition == edition
    assert parse(edition).revision is None


@pytest.mark.parametrize(
    "text",
    ["", "cn-mfa", "cn-mfa/2023-07-26", "cn-mfa/2023-7-26/zh", "a/2023-07-26/zh@", "a/2023-07-26/zh@0", "../etc/passwd",
     "a/2023-07-26/zh#x", "a/2023-07-26/zh:9-3", "a/2023-07-26/zh#3@2", "a/2023-07-26/zh\n#1"],
)  # fmt: skip
def test_what_is_no_id(text: str) -> None:
    with pytest.raises(BadId):
        parse(text)


def test_kinds() -> None:
    assert check_kind("closed-caption") == "closed-caption"
    for kind in ("", "Two Words", "a/b", "x" * 41, "-a"):
        with pytest.raises(BadId):
            check_kind(kind)


def test_occasions_are_taken_apart() -> None:
    second = parse_occasion("cn-mfa/2023-07-26.2")
    assert (second.id, second.source, second.date, second.counter) == (
        "cn-mfa/2023-07-26.2", "cn-mfa", "2023-07-26", 2)  # fmt: skip
    assert parse_occasion(" cn-mfa/2023-07-26.01 ").id == "cn-mfa/2023-07-26"
    assert parse_occasion("cn-mfa/undated-0123456789ab").date is None
    for bad in ("cn-mfa", "cn-mfa/2023-07-26/zh", "cn-mfa/2023-07-26.0", "cn-mfa/2023-02-30", "CN/2023-07-26", "x/2023",
                "cn-mfa/2023-07-26.12345", "cn-mfa/2023-07-26@1"):  # fmt: skip
        with pytest.raises(BadId):
            parse_occasion(bad)
