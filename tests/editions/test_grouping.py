"""What tells, in any language, whether two texts are of one briefing."""

from __future__ import annotations

from pathlib import Path

import pytest
from briefings import EVENING, MORNING, chinese, english

import onrecord
from onrecord.editions.grouping import likeness, told
from onrecord.model import Edition
from onrecord.store.placing import _APART, _TELLS

RENDERINGS = Path(__file__).parent / "renderings" / "dev"


def read(page: tuple[str, bytes], kind: str | None = None) -> Edition:
    return onrecord.read(page[1], name=page[0], source="xv-mfa", kind=kind)


def like(a: Edition, b: Edition) -> float:
    assert likeness(told(a), told(b)) == likeness(told(b), told(a))
    return likeness(told(a), told(b))


def test_two_languages_of_one_briefing_are_told_from_another() -> None:
    for a, b in ((english, chinese), (chinese, english), (english, english)):
        assert like(read(a(MORNING)), read(b(MORNING))) > 2 * _TELLS
        assert like(read(a(MORNING)), read(b(EVENING))) < 2 * _APART


def test_a_part_is_like_the_whole_and_two_parts_need_not_be_alike() -> None:
    part = read(english(MORNING[:1]), "excerpt")
    assert like(part, read(chinese(MORNING))) > _TELLS
    assert like(part, read(chinese(EVENING))) < _APART
    assert like(part, read(english(MORNING[1:]), "excerpt")) >= 0


def test_the_times_that_a_live_blog_prints_are_no_figures_of_the_briefing() -> None:
    """Nor are the outlets in its labels names that anybody spoke of."""
    page = english(MORNING)
    stamped = page[1].decode()
    for n, (outlet, *_) in enumerate(MORNING):
        stamped = stamped.replace(f"{outlet}: ", f"1{n}:0{n} {outlet}: ")
    assert stamped.count(":0") == len(MORNING)
    blog = read((page[0], stamped.encode()), "wire")
    assert told(blog).figures == told(read(page)).figures
    assert told(blog).names == told(read(page)).names


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Press briefing", "外交部发言人举行例行记者会", True),
        ("Пресс-конференция министра", "Regular press conference", True),
        ("Press briefing", "外交部发言人答记者问", False),
        ("Press briefing (2)", "例行记者会（二）", True),
        ("Press briefing (2)", "例行记者会（一）", False),
        ("Press briefing (2)", "例行记者会", False),
        ("Press briefing (1)", "例行记者会", True),
        ("Morning press briefing", "記者会見（午前）", True),
        ("Morning press briefing", "記者会見（午後）", False),
        ("Press gaggle by the spokesperson", "Press briefing by the spokesperson", False),
        ("A talk", "谈天", None),
    ],
)
def test_headings(one: str, other: str, alike: bool | None) -> None:
    quiet = (("", "", "Is it so?", "It is.", "是吗？", "是的。"),)
    value = like(read(english(quiet, title=one)), read(chinese(quiet, title=other)))
    assert (value > 0, value < 0) == (alike is True, alike is False)


@pytest.mark.corpus
def test_renderings_are_of_the_page_they_were_made_from(shared: Path) -> None:
    pages: dict[str, list[Edition]] = {}
    for path in sorted((shared / "corpus" / "mfa-cn-zh").glob("*.html")):
        pages.setdefault(path.name[:7], []).append(onrecord.read(path))
    near = 0
    for rendering in sorted(RENDERINGS.glob("*.txt")):
        ours = told(onrecord.read(rendering, source="cn-mfa"))
        for page in pages[rendering.name[:7]]:
            value = likeness(ours, told(page))
            if page.date == rendering.name[:10]:
                assert value > _TELLS, (rendering.name, page.title)
            else:
                near += value > _APART
                assert value < _TELLS, (rendering.name, page.title)
    assert near < 20
