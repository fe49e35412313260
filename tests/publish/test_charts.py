"""Charts of a life, the timeline they show, and tables."""

from __future__ import annotations

import io
import struct
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from onrecord.formulas.model import Life
from onrecord.publish import tables
from onrecord.publish.charts import CannotDraw, draw
from onrecord.publish.timeline import timeline, undated

SVG = "{http://www.w3.org/2000/svg}"


def a_life(formula: str, counts: dict[str, int], words: dict[str, int], *, undated: int = 0) -> Life:
    """A life of which only what a chart needs is told; ``counts`` and ``words`` are by month."""

    def yearly(values: dict[str, int]) -> dict[str, int]:
        years: dict[str, int] = {}
        for month, value in values.items():
            years[month[:4]] = years.get(month[:4], 0) + value
        return years

    def rates(counts: dict[str, int], words: dict[str, int]) -> dict[str, float]:
        return {name: round(counts.get(name, 0) * 1e6 / number, 2) for name, number in words.items()}

    total, unknown = sum(counts.values()) + undated, {"unknown": undated} if undated else {}
    return Life(
        formula=formula,
        total=total,
        turns=total,
        exchanges=total,
        occasions=total,
        editions=total,
        looked=12,
        first=None,
        last=None,
        by_year=yearly(counts) | unknown,
        by_month=counts | unknown,
        by_source={"xv-mfa": total},
        by_lang={"en": total},
        by_person={},
        by_outlet={},
        by_role={},
        by_target={},
        words=sum(words.values()),
        denominators={
            "by_year": yearly(words) | dict.fromkeys(unknown, 100),
            "by_month": words | dict.fromkeys(unknown, 100),
            "by_source": {"xv-mfa": sum(words.values())},
            "by_lang": {"en": sum(words.values())},
        },
        per_million={"by_year": rates(yearly(counts), yearly(words)), "by_month": rates(counts, words)},
        tier=None,
        begins=f"{min(words)}-03" if words else None,
        ends=f"{max(words)}-30" if words else None,
    )


def months(first: int, years: int) -> list[str]:
    return [f"{year}-{month:02}" for year in range(first, first + years) for month in range(1, 13)]


LONG = a_life(
    "smooth communication",
    {month: at % 7 for at, month in enumerate(months(2031, 4)) if at % 7},
    {month: 1000 + 10 * at for at, month in enumerate(months(2031, 4)) if month not in ("2032-03", "2032-04")},
)
SHORT = a_life("共同家园", {"2031-01": 3, "2031-03": 1}, {"2031-01": 1000, "2031-02": 500, "2031-03": 4000})


def drawn(life: Life, format: str = "svg", **more: Any) -> bytes:
    out = io.BytesIO()
    draw(life, out, format=format, **more)
    return out.getvalue()


def bars(svg: bytes, kind: str) -> dict[str, float]:
    """The height of each bar in the picture, by its name."""
    found = {}
    for group in ET.fromstring(svg).iter(f"{SVG}g"):
        name = group.get("id", "")
        if name.startswith(f"{kind}-"):
            numbers = [float(word) for word in group[0].get("d", "").split() if word not in "MLz"]
            found[name.removeprefix(f"{kind}-")] = max(numbers[1::2]) - min(numbers[1::2])
    return found


def texts(svg: bytes) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]


def test_a_bar_for_each_month_is_as_high_as_its_rate() -> None:
    svg = drawn(LONG)
    rates, counts = bars(svg, "rate"), bars(svg, "count")
    periods = timeline(LONG, "month")
    assert list(rates) == list(counts) == [period.name for period in periods] == months(2031, 4)
    unit = rates["2031-07"] / (6 * 1e6 / 1060)
    for period in periods:
        assert rates[period.name] == pytest.approx(unit * (period.per_million or 0), abs=0.01)
        assert counts[period.name] == pytest.approx(counts["2031-02"] * period.count, abs=0.01)


def test_the_words_of_the_picture_name_the_phrase_the_source_and_the_denominators() -> None:
    said = texts(drawn(LONG, root="0123456789abcdef"))
    assert "smooth communication" in said
    about = next(text for text in said if "occurrences in" in text)
    assert f"{LONG.total} occurrences in {LONG.words:,} words of 12 editions" in about
    assert "xv-mfa   ·   en   ·   2031-01-03 to 2034-12-30" in said
    assert any("Counts are exact" in text for text in said)
    assert "Shaded: no text looked through" in said
    assert "Source: record of xv-mfa, ledger root 0123456789ab" in said
    assert {"2031", "2032", "2033", "2034"} <= set(said)


def test_few_bars_have_their_counts_above_and_letters_stay_letters() -> None:
    svg = drawn(SHORT)
    said = texts(svg)
    assert "共同家园" in said
    assert [text for text in said if text in ("3", "0", "1")].count("3") == 1
    assert bars(svg, "count") == {}
    assert any(text.startswith("Jan") for text in said)
    assert not any(text.startswith("Shaded") for text in said)
    style = next(e.get("style", "") for e in ET.fromstring(svg).iter(f"{SVG}text") if e.text == "共同家园")
    assert "Noto Sans CJK SC" in style
    assert style.partition("font-family: ")[2].partition(";")[0].endswith("sans-serif")


def test_years_are_drawn_where_months_would_be_too_many_or_as_is_said() -> None:
    many = a_life("x y z", {}, dict.fromkeys(months(2001, 20), 10))
    assert list(bars(drawn(many), "rate")) == [str(year) for year in range(2001, 2021)]
    assert list(bars(drawn(LONG, by="year"), "rate")) == ["2031", "2032", "2033", "2034"]
    assert len(bars(drawn(many, by="month"), "rate")) == 240


@pytest.mark.parametrize("format", ["svg", "png"])
def test_equal_lives_give_equal_bytes(format: str) -> None:
    life = a_life("iron-clad", {"2031-01": 2}, {"2031-01": 100})
    assert drawn(life, format) == drawn(life, format)


def test_a_png_is_a_picture_with_bars_in_it() -> None:
    png = drawn(LONG, "png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (1440, 800)
    from matplotlib.image import imread

    pixels = imread(io.BytesIO(png))[..., :3]
    blue = (abs(pixels - (0.0, 0.447, 0.698)) < 0.02).all(axis=2)
    assert 0.02 < blue.mean() < 0.3
    assert (pixels > 0.99).all(axis=2).mean() > 0.5


@pytest.mark.parametrize(
    "life", [a_life("nowhere at all", {}, {"2031-01": 10}), a_life("$x_1$ \x1b\n&<\ufffe\uffff", {}, {})]
)
@pytest.mark.parametrize("format", ["svg", "png"])
def test_a_life_without_uses_or_texts_can_be_drawn(life: Life, format: str) -> None:
    picture = drawn(life, format)
    if format == "svg":
        assert "none" in texts(picture)
        assert b"\x1b" not in picture


def test_chinese_letters_are_in_the_png_or_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib import font_manager

    try:
        with_letters = drawn(SHORT, "png")
    except CannotDraw:
        pass  # no such font is here
    else:
        assert with_letters != drawn(a_life("另外四字", SHORT.by_month, {"2031-01": 1000, "2031-03": 4000}), "png")
    ours = [entry for entry in font_manager.fontManager.ttflist if entry.name == "DejaVu Sans"]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", ours)
    with pytest.raises(CannotDraw, match=r"letters 共 同 园 家 .*fonts-noto-cjk.*\.svg"):
        drawn(SHORT, "png")
    assert drawn(a_life("Früher, später", {"2031-01": 2}, {"2031-01": 100}), "png")
    assert "共同家园" in texts(drawn(SHORT))


def test_without_matplotlib_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(CannotDraw, match=r"pip install 'onrecord\[plot\]'"):
        drawn(SHORT)


def test_a_phrase_however_long_is_cut_to_fit() -> None:
    said = texts(drawn(a_life("canal " * 20_000, {"2031-01": 1}, {"2031-01": 10})))
    assert any(text.startswith("canal canal") and text.endswith("…") and len(text) < 120 for text in said)


def test_a_matplotlibrc_of_somebody_changes_nothing() -> None:
    import matplotlib

    before = drawn(SHORT)
    with matplotlib.rc_context({"axes.facecolor": "black", "svg.fonttype": "path", "font.size": 30}):
        assert drawn(SHORT) == before


def test_a_timeline_has_no_holes_and_tells_nought_from_nothing() -> None:
    life = a_life("a b c", {"2031-11": 2}, {"2031-11": 1000, "2032-02": 500}, undated=3)
    found = [(period.name, period.count, period.words, period.per_million) for period in timeline(life, "month")]
    assert found == [
        ("2031-11", 2, 1000, 2000.0),
        ("2031-12", 0, 0, None),
        ("2032-01", 0, 0, None),
        ("2032-02", 0, 500, 0.0),
    ]
    assert [period.name for period in timeline(life, "year")] == ["2031", "2032"]
    assert undated(life) == 3
    assert any("Not shown: 3 occurrences without a date" in text for text in texts(drawn(life)))


def test_a_table_is_quoted_and_fit_for_a_spreadsheet_when_asked(tmp_path: Path) -> None:
    rows = [("=1+1", 2, None), ('a "b", c\nd', 1.5, "共同家园")]
    out = io.BytesIO()
    tables.write(("x", "y", "z"), rows, out)
    assert out.getvalue().decode() == 'x,y,z\n=1+1,2,\n"a ""b"", c\nd",1.5,共同家园\n'
    out = io.BytesIO()
    tables.write(("x", "y", "z"), rows[:1], out, separator="\t", excel=True)
    assert out.getvalue() == b"\xef\xbb\xbfx\ty\tz\n'=1+1\t2\t\n"
