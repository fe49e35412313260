"""Every example page is read as its NAME.json says, and finds the turns a human found (NAME.turns.txt).

A new publisher needs no change here: pages are found by themselves.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from onrecord.reading import read


def _helper() -> ModuleType:
    spec = importlib.util.spec_from_file_location("regenerate", Path(__file__).parent / "pages" / "regenerate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


helper = _helper()
PAGES = helper.pages()


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def test_every_source_has_an_example_page() -> None:
    from onrecord.sources import all_sources

    shipped = {"xv-mfa"}  # its pages are the examples the package ships
    assert set(all_sources()) - shipped <= {path.parent.name for path in PAGES}


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_page_is_read_as_expected(path: Path) -> None:
    edition = read(path.read_bytes(), name=path.name)
    want = msgspec.json.decode(path.with_suffix(".json").read_bytes())
    assert helper.expected(edition) == want
    if path.parent.name != "other":
        assert edition.source == path.parent.name


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_reader_and_human_agree(path: Path) -> None:
    assert helper.differences(path, read(path.read_bytes(), name=path.name)) == []


@pytest.mark.parametrize("path", PAGES, ids=_name)
def test_turns_and_labels_cover_the_text(path: Path) -> None:
    edition = read(path.read_bytes(), name=path.name)
    at = 0
    for turn in edition.turns:
        assert at <= turn.start <= turn.end <= len(edition.text)
        between = edition.text[at : turn.start]
        assert re.fullmatch(r"[\s:：【】]*", between.replace(turn.label or "", "", 1)), (between, turn)
        at = turn.end
    assert edition.text[at:].strip() == ""


@pytest.mark.parametrize("path", [p for p in PAGES if p.suffix == ".html"], ids=_name)
def test_address_given_by_the_caller_changes_nothing(path: Path) -> None:
    edition = read(path.read_bytes(), name=path.name)
    again = read(path.read_bytes(), name=path.name, url=edition.url)
    assert again == edition
