"""Lines of blocks, and columns that give way."""

from __future__ import annotations

import pytest

from onrecord.cli.grid import print_grid
from onrecord.cli.sparkline import sparkline


@pytest.mark.parametrize(
    ("values", "blocks", "line"),
    [
        ([], True, ""),
        ([0, 0.01, 1, 4, 8, None], True, "·▁▁▄█ "),
        ([0, 0.01, 1, 4, 8, None], False, ".1148 "),
        ([0, 0], True, "··"),
    ],
)
def test_sparkline(values: list[float | None], blocks: bool, line: str) -> None:
    assert sparkline(values, blocks=blocks) == line


def test_where_the_line_is_short_columns_give_way_to_the_formula(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    names, phrase = ("times", "first", "tier", "formula"), "the canal stays open to all ships of all harbours"
    for width, shown in (
        (80, "times  first       tier  formula"),
        (60, "times  tier  formula"),
        (44, "times  formula"),
    ):
        monkeypatch.setenv("COLUMNS", str(width))
        print_grid(names, [(12, "2031-01-02", "warm", phrase)], spare=("first", "tier"))
        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == shown
        assert len(lines[1]) <= width
        assert "the canal stays open to all ships" in lines[1]


def test_a_grid_is_aligned_by_width_and_leaves_empty_columns_out(capsys: pytest.CaptureFixture[str]) -> None:
    print_grid(("name", "n", "never", "rate"), [("运河", 1234, None, 1.25), ("canal\x1b", 5, None, None)], indent=1)
    assert capsys.readouterr().out.splitlines() == [
        " name        n  rate",
        " 运河    1,234   1.2",
        " canal\ufffd      5",
    ]
