"""The index of words: filters, facets, ranking, revisions, committing, damage."""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import BadQuery, RecordDamaged
from onrecord.index import Filters, WordIndex, answers, words
from onrecord.model import Edition, Role, Turn

Said = tuple[Role, str | None, str | None, str]


def edition(source: str, date: str | None, lang: str, *said: Said, country: str | None = None) -> Edition:
    """An edition of a fictional ministry; each turn is role, outlet, person, words."""
    turns, text = [], ""
    for n, (role, outlet, person, spoken) in enumerate(said, 1):
        text += f"{n}: "
        turns.append(
            Turn(n=n, exchange=1, role=role, outlet=outlet, person=person, start=len(text), end=len(text) + len(spoken))
        )
        text += spoken + "\n"
    return Edition(
        id=f"{source}/{date}/{lang}",
        occasion=f"{source}/{date}",
        source=source,
        country=country,
        date=date,
        lang=lang,
        kind="official",
        sha256="0" * 64,
        text=text,
        turns=tuple(turns),
    )


SPRING = edition(
    "ar-mfa",
    "2031-03-05",
    "en",
    ("procedural", None, None, "2:05 p.m. The briefing on tariffs begins."),
    ("question", "Harbour Times", None, "Will the tariffs on copper be lifted?"),
    ("answer", None, "Ada Renn", "No tariff will be lifted. Tariffs protect our mines, and the U.S. knows it."),
    country="AR",
)
SUMMER = edition(
    "ar-mfa",
    "2031-07-26",
    "zh",
    ("question", "Harbour Times", None, "阿尔戈对关税问题有何评论？COP14会议呢？"),
    ("answer", None, "Ada Renn", "关税不会取消。我们坚持海洋命运共同体。"),
    country="AR",
)
WINTER = edition(
    "bo-press",
    "2032-12-31",
    "en",
    ("statement", None, "Tobias Quill", "The Boreal government welcomes the lifting of a tariff on copper."),
    ("answer", None, "Tobias Quill", "Copper, copper and copper again."),
)
UNDATED = edition("bo-press", None, "en", ("answer", None, None, "An undated remark on fisheries."))


@pytest.fixture
def index(tmp_path: Path) -> WordIndex:
    index = WordIndex.open(tmp_path / "words", write=True)
    for pk, each in enumerate((SPRING, SUMMER, WINTER, UNDATED), 1):
        index.add(pk, each, latest=True)
    index.commit()
    return index


def keys(index: WordIndex, query: str, **filters: object) -> set[tuple[int, int]]:
    found = index.search(query, Filters(**filters), limit=100)  # type: ignore[arg-type]
    assert found.total == len(found.keys) == len(set(found.keys))
    return {(key >> 16, key & 0xFFFF) for key in found.keys}


@pytest.mark.parametrize(
    ("query", "turns"),
    [
        ("tariff", {(1, 1), (1, 2), (1, 3), (3, 1)}),
        ("TARIFFS lifted", {(1, 2), (1, 3), (3, 1)}),
        ("tariff -copper", {(1, 1), (1, 3)}),
        ('tariff -"be lifted"', {(1, 1), (3, 1)}),
        ('"be lifted"', {(1, 2), (1, 3)}),
        ("fisheries OR mines", {(1, 3), (4, 1)}),
        ("(fisheries OR mines) undated", {(4, 1)}),
        ("U.S.", {(1, 3)}),
        ("us", set()),
        ("关税", {(2, 1), (2, 2)}),
        ("关税会议", {(2, 1)}),
        ("COP14会议", {(2, 1)}),
        ("海洋命运共同体", {(2, 2)}),
        ("“命运共同体”", {(2, 2)}),
        ("关", {(2, 1), (2, 2)}),
        ("关税 OR fisheries", {(2, 1), (2, 2), (4, 1)}),
        ("-tariff", {(2, 1), (2, 2), (3, 2), (4, 1)}),
        ("tariff OR -copper", {(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 1), (4, 1)}),
        ("-(tariff OR -copper)", {(3, 2)}),
        ("zebra", set()),
    ],
)
def test_queries(index: WordIndex, query: str, turns: set[tuple[int, int]]) -> None:
    assert keys(index, query) == turns


@pytest.mark.parametrize(
    ("filters", "turns"),
    [
        ({"role": "answer"}, {(1, 3), (2, 2), (3, 2), (4, 1)}),
        ({"role": "procedural"}, {(1, 1)}),
        ({"role": ("question", "statement")}, {(1, 2), (2, 1), (3, 1)}),
        ({"source": "BO-PRESS"}, {(3, 1), (3, 2), (4, 1)}),
        ({"country": "ar"}, {(1, 2), (1, 3), (2, 1), (2, 2)}),
        ({"outlet": "harbour times"}, {(1, 2), (2, 1)}),
        ({"person": ("Ada Renn", "TOBIAS QUILL"), "lang": "en"}, {(1, 3), (3, 1), (3, 2)}),
        ({"lang": "zh"}, {(2, 1), (2, 2)}),
        ({"since": "2032"}, {(3, 1), (3, 2)}),
        ({"until": "2032"}, {(1, 2), (1, 3), (2, 1), (2, 2), (3, 1), (3, 2)}),
        ({"since": "2031-03-06", "until": "2032-11"}, {(2, 1), (2, 2)}),
        ({"since": "2031-07-26", "until": "2031-07-26"}, {(2, 1), (2, 2)}),
        ({"until": "2031-03"}, {(1, 2), (1, 3)}),
        ({"since": "2033", "until": "2031"}, set()),
        ({}, {(1, 2), (1, 3), (2, 1), (2, 2), (3, 1), (3, 2), (4, 1)}),
    ],
)
def test_filters(index: WordIndex, filters: dict[str, object], turns: set[tuple[int, int]]) -> None:
    assert keys(index, "", **filters) == turns


@pytest.mark.parametrize(
    "filters", [{"since": "soon"}, {"until": "2031-13"}, {"since": "2031-02-30"}, {"role": "asker"}]
)
def test_filters_refused(index: WordIndex, filters: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(BadQuery):
        index.search("", Filters(**filters))  # type: ignore[arg-type]
    with WordIndex.open(tmp_path / "empty", write=True) as empty, pytest.raises(BadQuery):
        empty.search("", Filters(**filters))  # type: ignore[arg-type]


def test_facets_count_every_match_most_frequent_first(index: WordIndex) -> None:
    found = index.search("tariff OR 关税 OR fisheries", limit=1)
    assert found.total == 7
    assert found.facets == {
        "source": {"ar-mfa": 5, "bo-press": 2},
        "year": {"2031": 5, "2032": 1},
        "outlet": {"Harbour Times": 2},
        "person": {"Ada Renn": 2, "Tobias Quill": 1},
        "lang": {"en": 5, "zh": 2},
    }
    assert list(found.facets["source"]) == ["ar-mfa", "bo-press"]


@pytest.mark.parametrize("query", ["tariff OR 关税 OR fisheries", '"tariff"', "", "copper -tariff", "关税", '"关税"'])
def test_every_way_of_counting_and_paging_agrees(index: WordIndex, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers_found = []
    for few, heavy in ((512, 20_000), (0, 20_000), (0, -1), (512, -1)):
        monkeypatch.setattr(answers, "_FEW", few)
        monkeypatch.setattr(answers, "_FEW_OF_PHRASES", few)
        monkeypatch.setattr(answers, "_HEAVY", heavy)
        monkeypatch.setattr(answers, "_SPARE", 1 + few)
        index.forget()
        pages = [index.search(query, limit=2, offset=offset) for offset in (0, 2, 4)]
        answers_found.append(
            [(page.total, page.facets, page.keys, [round(score, 4) for score in page.scores]) for page in pages]
        )
    assert answers_found[0] == answers_found[1] == answers_found[2] == answers_found[3]


def test_a_listing_is_newest_first_and_undated_last(index: WordIndex) -> None:
    found = index.search("", limit=3)
    assert [(key >> 16, key & 0xFFFF) for key in found.keys] == [(3, 1), (3, 2), (2, 1)]
    rest = index.search("", limit=10, offset=3)
    assert [(key >> 16, key & 0xFFFF) for key in rest.keys] == [(2, 2), (1, 2), (1, 3), (4, 1)]


def test_more_frequent_in_a_shorter_turn_ranks_first(index: WordIndex) -> None:
    found = index.search("copper")
    assert found.keys[0] == 3 << 16 | 2
    assert list(found.scores) == sorted(found.scores, reverse=True)


def test_equal_scores_come_newest_first_and_pages_do_not_overlap(tmp_path: Path) -> None:
    with WordIndex.open(tmp_path / "words", write=True) as index:
        years = [2000 + (7 * n) % 100 for n in range(100)]
        for pk, year in enumerate(years, 1):
            index.add(
                pk, edition("ar-mfa", f"{year}-01-01", "en", ("answer", None, None, "Copper again.")), latest=True
            )
        index.commit()
        pages = [
            key >> 16 for offset in range(0, 100, 9) for key in index.search("copper", limit=9, offset=offset).keys
        ]
        assert [years[pk - 1] for pk in pages] == sorted(years, reverse=True)


def test_superseded_revisions_are_left_out_unless_asked_for(index: WordIndex) -> None:
    revised = edition("ar-mfa", "2031-03-05", "en", ("answer", None, "Ada Renn", "The tariff stays."))
    index.supersede(1, SPRING)
    index.add(5, revised, latest=True)
    assert keys(index, "tariff") == {(1, 1), (1, 2), (1, 3), (3, 1)}, "nothing shows before the commit"
    index.commit()
    assert keys(index, "tariff") == {(3, 1), (5, 1)}
    assert keys(index, "tariff", latest=False) == {(1, 1), (1, 2), (1, 3), (3, 1), (5, 1)}
    assert keys(index, "", source="ar-mfa") == {(2, 1), (2, 2), (5, 1)}


def test_adding_a_revision_again_replaces_it(index: WordIndex, tmp_path: Path) -> None:
    index.close()
    with WordIndex.open(tmp_path / "words", write=True) as again:
        assert again.last_revision == 4
        again.add(4, UNDATED, latest=True)
        again.commit()
        assert keys(again, "fisheries") == {(4, 1)}


def test_a_reader_sees_each_commit(index: WordIndex, tmp_path: Path) -> None:
    reader = WordIndex.open(tmp_path / "words", write=False)
    assert reader.last_revision == 4
    other = edition("co-port", "2040-01-01", "fr", ("answer", "Le Phare", None, "Le port est ouvert."))
    index.add(9, other, latest=True)
    assert keys(reader, "port") == set()
    index.commit()
    assert keys(reader, '"le port"', lang="fr") == {(9, 1)}
    assert reader.search("port").facets["outlet"] == {"Le Phare": 1}
    assert reader.last_revision == 9


def test_what_was_not_committed_is_gone(index: WordIndex, tmp_path: Path) -> None:
    index.add(7, WINTER, latest=True)
    index.close()
    with WordIndex.open(tmp_path / "words", write=False) as reader:
        assert reader.last_revision == 4
        assert keys(reader, "boreal") == {(3, 1)}


def test_files_rest_after_settling(index: WordIndex, tmp_path: Path) -> None:
    for pk in range(10, 30):
        index.add(pk, WINTER, latest=True)
        index.commit()
    index.settle()
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "words").iterdir()}
    assert len(keys(index, "boreal")) == 21
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "words").iterdir()} == before


def _write_and_wait(folder: str, ready: object) -> None:
    index = WordIndex.open(Path(folder), write=True)
    index.add(8, WINTER, latest=True)
    ready.set()  # type: ignore[attr-defined]
    signal.pause()


def test_a_killed_writer_does_not_block_the_next(index: WordIndex, tmp_path: Path) -> None:
    index.close()
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    writer = context.Process(target=_write_and_wait, args=(str(tmp_path / "words"), ready))
    writer.start()
    assert ready.wait(30)
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    with (tmp_path / "words" / "strata.jsonl").open("ab") as file:
        file.write(b'["voice","half a li')
    with WordIndex.open(tmp_path / "words", write=True) as again:
        assert again.last_revision == 4
        again.add(8, WINTER, latest=True)
        again.commit()
        assert keys(again, "boreal") == {(3, 1), (8, 1)}


def test_a_missing_index_is_damage(tmp_path: Path) -> None:
    with pytest.raises(RecordDamaged):
        WordIndex.open(tmp_path / "nowhere", write=False)


@pytest.mark.parametrize("spoilt", ["meta.json", "strata.jsonl", "*.idx", "*.fast", "*.term"])
@pytest.mark.parametrize("how", ["gone", "emptied", "torn", "garbled"])
def test_a_spoilt_file_is_damage_and_no_traceback(index: WordIndex, tmp_path: Path, spoilt: str, how: str) -> None:
    index.close()
    for path in (tmp_path / "words").glob(spoilt):
        data = path.read_bytes()
        if how == "gone":
            path.unlink()
        else:
            path.write_bytes({"emptied": b"", "torn": data[: len(data) // 2], "garbled": b"\xff\x00{" * len(data)}[how])
    with pytest.raises(RecordDamaged):
        WordIndex.open(tmp_path / "words", write=False).search('"tariff on" copper OR "a"')


def test_an_index_by_another_version_is_to_be_rebuilt(index: WordIndex, tmp_path: Path) -> None:
    index.close()
    strata = tmp_path / "words" / "strata.jsonl"
    strata.write_bytes(strata.read_bytes().replace(b'{"format":1}', b'{"format":0}'))
    with pytest.raises(RecordDamaged, match="another version"):
        WordIndex.open(tmp_path / "words", write=True)


def test_an_empty_index_answers(tmp_path: Path) -> None:
    with WordIndex.open(tmp_path / "words", write=True) as index:
        found = index.search('tariff "a b"')
        assert (found.total, found.keys) == (0, ())
        assert index.last_revision == 0


@settings(max_examples=300, deadline=None)
@given(query=st.one_of(st.text(), st.text(alphabet="ab\"“”()- OR中关税\ud800？.'", max_size=40)))
def test_no_query_ends_in_a_traceback(shared: WordIndex, query: str) -> None:
    with suppress(BadQuery):
        found = shared.search(query, limit=5)
        assert len(found.keys) == min(5, found.total)
        shared.snippet(SPRING.text, found.plan)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> WordIndex:
    index = WordIndex.open(tmp_path_factory.mktemp("shared") / "words", write=True)
    for pk, each in enumerate((SPRING, SUMMER, WINTER), 1):
        index.add(pk, each, latest=True)
    index.commit()
    return index


def test_a_reader_that_may_not_write_follows_the_writer(index: WordIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tantivy's readers lock the folder, which writes: on a disk or for a user that only reads, links stand for it."""
    monkeypatch.setattr(words, "may_lock", lambda folder: False)
    with WordIndex.open(index._folder, write=False) as reader:
        assert reader.search("copper").total == 3
        assert reader._links is not None
        folder = reader._links.folder
        assert folder != index._folder
        for pk in range(5, 12):
            index.add(pk, WINTER, latest=True)
            index.commit()
            assert reader.search("copper").total == 3 + 2 * (pk - 4)
    assert not folder.exists()
