"""Pages of a fictional government, and what is needed to talk about them."""

from __future__ import annotations

from collections.abc import Callable

AT = "2031-05-04T09:30:00+02:00"
Fill = Callable[..., list[str]]


def page(number: int) -> bytes:
    """The bytes of one made-up page."""
    return (
        f"<!DOCTYPE html><title>Republic of Norvania, briefing {number}</title>"
        f"<p>Courier of Port Aster: Question {number}?</p><p>Spokesperson: 第{number}个问题没有什么可以补充的。</p>"
    ).encode()
