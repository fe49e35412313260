"""The query language."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import BadQuery
from onrecord.index.query import MAX_CLAUSES, MAX_LENGTH, And, Node, Not, Or, Phrase, Word, parse, positives


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("", None),
        (" \n\u3000", None),
        ("Countries", Word("countri")),
        ("tariffs exports", And((Word("tariff"), Word("export")))),
        ("a AND b", And((Word("a"), Word("b")))),
        ("a b OR c", Or((And((Word("a"), Word("b"))), Word("c")))),
        ("(a OR b) c", And((Or((Word("a"), Word("b"))), Word("c")))),
        ("or not", And((Word("or"), Word("not")))),
        ("x -taiwan", And((Word("x"), Not(Word("taiwan"))))),
        ('-"One  China"', Not(Phrase("one china"))),
        ("-(a OR b)", Not(Or((Word("a"), Word("b"))))),
        ("iron-clad", And((Word("iron"), Word("clad")))),
        ("- x", Word("x")),
        ("--x", Word("x")),
        ("“一个中国”原则", And((Phrase("一个中国"), Phrase("原则")))),
        ('"he said “go”"', Phrase('he said "go"')),
        ('“he said "go"”', Phrase('he said "go"')),
        ('" china "', Phrase("china")),
        ("COP14会议", And((Word("cop14"), Phrase("会议")))),
        ("5G", Word("5g")),
        ("人类命运共同体", And((Phrase("人类"), Phrase("命运"), Phrase("共同体")))),
        ('foo"bar baz"qux', And((Word("foo"), Phrase("bar baz"), Word("qux")))),
        ("China’s China", Word("china")),
        ("U.S. U.S", Word("u_s_")),
        ('"not closed', Phrase("not closed")),
        ("(a OR b", Or((Word("a"), Word("b")))),
        ("a) b", And((Word("a"), Word("b")))),
        ("OR a OR OR", Word("a")),
        ("a ???", Word("a")),
    ],
)
def test_trees(query: str, tree: Node | None) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("a" * (MAX_LENGTH + 1), "2,000 characters"),
        (" ".join(f"w{n}" for n in range(MAX_CLAUSES + 1)), "64 words"),
        ('""', "empty"),
        ('a -"  "', "empty"),
        ("???", "nothing to look for"),
        ("()", "nothing to look for"),
        ("(" * 100 + "a", "parentheses"),
        ("(-" * 100 + "a", "parentheses"),
    ],
)
def test_refusals_are_one_sentence(query: str, part: str) -> None:
    with pytest.raises(BadQuery) as refused:
        parse(query)
    assert part in str(refused.value)
    assert "\n" not in str(refused.value)


def test_highlighting_leaves_out_what_was_excluded() -> None:
    tree = parse('tariff (exports OR "one china") -"steel" -(beef milk)')
    assert positives(tree) == (frozenset({"tariff", "export"}), ("one china",))


@settings(max_examples=500)
@given(st.one_of(st.text(), st.text(alphabet="ab\"“”()- OR中\ud800？.'", max_size=60)))
def test_any_string_parses_or_is_refused(query: str) -> None:
    with suppress(BadQuery):
        positives(parse(query))
