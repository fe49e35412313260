"""The store: identity of pages, revisions, occasions, and reading beside a writer."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from onrecord.errors import BadQuery, NotOnRecord, RecordBusy, RecordDamaged
from onrecord.model import Annotation, Edition, Turn
from onrecord.store import Store, schema
from onrecord.store.lock import WriterLock
from onrecord.store.queries import Filters
from onrecord.store.writing import Placed

TEXT = "The harbour will open in May. Will it be free of charge? Nobody has decided that, said the minister of Norland."


def edition(text: str = TEXT, **fields: Any) -> Edition:
    cut = len(text) // 2
    turns = (
        Turn(n=1, exchange=1, role="question", label="Q", outlet="Norland Times", start=0, end=cut),
        Turn(n=2, exchange=1, role="answer", label="MS. ASK", person="Ada Ask", start=cut, end=len(text)),
    )
    values: dict[str, Any] = {
        "source": "nl-foreign", "country": "NL", "date": "2031-05-01", "lang": "en", "kind": "official",
        "title": "Press conference", "url": None, "text": text, "turns": turns, "people": ("Ada Ask",),
    } | fields  # fmt: skip
    values.setdefault("sha256", hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest())
    return Edition(id="?", occasion="?", **values)


def put(store: Store, *editions: Edition, by_hand: bool = False) -> list[Placed]:
    batch = store.begin()
    placed = [batch.put(e, at="2031-05-02T00:00:00+00:00", by_hand=by_hand) for e in editions]
    batch.commit()
    return placed


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store.sqlite", write=True)


def test_what_is_put_comes_back(store: Store) -> None:
    given = edition(
        url="https://norland.example/1",
        published="2031-05-01T10:00:00+02:00",
        fetched="2031-05-02T00:00:00+00:00",
        annotations=(Annotation(kind="aside", start=3, end=9),),
        notices=("Nothing was wrong.",),
    )
    (placed,) = put(store, given)
    assert placed.status == "added"
    back = store.get("nl-foreign/2031-05-01/en")
    assert back == placed.edition
    assert {f: getattr(back, f) for f in given.__struct_fields__ if f not in ("id", "occasion")} == {
        f: getattr(given, f) for f in given.__struct_fields__ if f not in ("id", "occasion")
    }


def test_the_same_bytes_and_the_same_words_change_nothing(store: Store) -> None:
    first = edition(url="https://norland.example/1")
    again = edition(url="http://www.norland.example/1/", sha256="ab" * 32)
    results = put(store, first, first, again, again)
    assert [p.status for p in results] == ["added", "unchanged", "unchanged", "unchanged"]
    assert len({p.pk for p in results}) == 1
    assert store.history("nl-foreign/2031-05-01/en")[0]["snapshots"] == 2
    assert store.known([again.sha256]) == {again.sha256: ("nl-foreign/2031-05-01/en", 1)}


def test_other_words_at_the_same_address_are_the_next_revision(store: Store) -> None:
    url = "https://norland.example/1"
    put(store, edition(url=url))
    text, heading, label = (
        edition(TEXT.replace("May", "June"), url=url, date="2031-05-03"),
        edition(TEXT.replace("May", "June"), url=url, title="Press conference, corrected"),
        edition(TEXT.replace("May", "June"), url=url, title="Press conference, corrected", sha256="cd" * 32),
    )
    moved = edition(text.text, url=url, title="Press conference, corrected", turns=text.turns[:1])
    placed = put(store, text, heading, label, moved)
    assert [(p.status, p.edition.revision) for p in placed] == [
        ("revised", 2), ("revised", 3), ("unchanged", 3), ("revised", 4)]  # fmt: skip
    id = "nl-foreign/2031-05-01/en"
    assert {p.edition.id for p in placed} == {id}
    assert [row["title"] for row in store.history(id)][:3] == [
        "Press conference", "Press conference", "Press conference, corrected"]  # fmt: skip
    assert store.get(id).revision == store.get(id).revisions == 4
    assert store.get(f"{id}@1").text == TEXT
    assert store.get(f"{id}@2").date == "2031-05-03"
    with pytest.raises(NotOnRecord):
        store.get(f"{id}@5")


def test_who_a_label_resolves_to_is_not_the_pages_doing(store: Store) -> None:
    known = edition(url="https://norland.example/1")
    better = edition(
        url="https://norland.example/1",
        turns=tuple(msgspec.structs.replace(turn, person="A. Ask") for turn in known.turns),
    )
    assert [p.status for p in put(store, known, better)] == ["added", "unchanged"]
    assert [p.status for p in put(store, edition(url="https://norland.example/1", sha256="12" * 32))] == ["unchanged"]


def test_several_occasions_of_a_day_are_counted_as_they_come(store: Store) -> None:
    urls = [f"https://norland.example/{n}" for n in range(3)]
    placed = put(store, *(edition(TEXT + url, url=url, title=url) for url in urls))
    assert [p.edition.id for p in placed] == [
        "nl-foreign/2031-05-01/en", "nl-foreign/2031-05-01.2/en", "nl-foreign/2031-05-01.3/en"]  # fmt: skip
    other = put(store, *(edition("诺兰" + url, url=url + "zh", lang="zh", title=url) for url in urls))
    assert [p.edition.occasion for p in other] == [p.edition.occasion for p in placed]
    again = put(store, edition(TEXT + "and more", url=urls[1], title=urls[1]))
    assert (again[0].edition.id, again[0].status) == ("nl-foreign/2031-05-01.2/en", "revised")


def test_other_kinds_join_the_first_occasion_of_the_day(store: Store) -> None:
    placed = put(
        store,
        edition("Excerpts of one sort", kind="excerpt", title="One"),
        edition("Quite another choice of words", kind="excerpt", title="Two"),
        edition(url="https://norland.example/1"),
        edition("The second one", url="https://norland.example/2", title="Second"),
        edition("A machine heard this", kind="recording", title="Video"),
        edition("Another machine did not", kind="recording", title="Sound"),
    )
    assert [p.edition.id.removeprefix("nl-foreign/2031-05-01") for p in placed] == [
        "/en.excerpt-1", "/en.excerpt-2", "/en", ".2/en", "/en.recording", "/en.recording-2"]  # fmt: skip


def test_without_an_address_heading_and_words_decide(store: Store) -> None:
    placed = put(
        store,
        edition(),
        edition(TEXT.replace("May", "June")),
        edition("Later that day the same ministry spoke of railways, of snow, and of the price of salt in the north."),
        edition(TEXT.replace("May", "June"), url="https://norland.example/mirror"),
    )
    assert [(p.status, p.edition.id[-5:]) for p in placed] == [
        ("added", "01/en"), ("revised", "01/en"), ("added", ".2/en"), ("unchanged", "01/en")]  # fmt: skip


def test_a_heading_spaced_otherwise_is_no_revision(store: Store) -> None:
    url = "https://norland.example/a"
    placed = put(store, *(edition(url=url, title=title) for title in ("COVID- 19 call", "COVID-19 call", "Covid call")))
    assert [p.status for p in placed] == ["added", "unchanged", "revised"]


def test_the_same_words_at_another_address_are_another_edition(store: Store) -> None:
    placed = put(store, edition(url="https://norland.example/a"), edition(url="https://norland.example/b"))
    assert [(p.status, p.edition.id[-5:]) for p in placed] == [("added", "01/en"), ("added", ".2/en")]
    revised = put(store, edition("New words", url="https://norland.example/b"))[0]
    assert (revised.edition.revision, revised.edition.id[-5:]) == (2, ".2/en")


def test_a_kind_given_by_hand_keeps_editions_apart(store: Store) -> None:
    url = "https://norland.example/1"
    put(store, edition(url=url))
    guessed = put(store, edition("Guessed to be an excerpt", url=url, kind="excerpt"))[0]
    by_hand = put(store, edition("Said to be an excerpt", url=url, kind="excerpt"), by_hand=True)[0]
    assert (guessed.status, by_hand.status, by_hand.edition.id[-13:]) == ("revised", "added", "/en.excerpt-1")


def test_a_page_without_date_or_language(store: Store) -> None:
    page = edition(date=None, lang=None, sha256="0123456789abcdef" * 4)
    placed = put(store, page, edition(date=None, lang=None, sha256="ee" * 32))
    assert placed[0].edition.id == "nl-foreign/undated-0123456789ab/und"
    assert placed[1].status == "unchanged"
    assert store.get(placed[0].edition.id).date is None


@pytest.mark.parametrize(
    "bad",
    [
        {"turns": (Turn(n=1, exchange=1, role="answer", start=0, end=len(TEXT) + 1),)},
        {"turns": (Turn(n=2, exchange=1, role="answer", start=0, end=1),)},
        {"annotations": (Annotation(kind="aside", start=5, end=4),)},
        {"title": "half a \ud800 pair"},
        {"text": "half a \udfff pair", "turns": ()},
    ],
)
def test_what_cannot_be_kept_leaves_nothing_behind(store: Store, bad: dict[str, Any]) -> None:
    batch = store.begin()
    with pytest.raises(ValueError, match=r"lie|surrogates|encode"):
        batch.put(edition(sha256="ab" * 32, **bad), at="now")
    batch.put(edition(), at="now")
    batch.commit()
    assert store.stats()["revisions"] == 1


def test_a_batch_not_committed_leaves_no_trace(store: Store) -> None:
    put(store, edition())
    batch = store.begin()
    batch.put(edition("Other words entirely", title="Other"), at="now")
    assert store.stats()["editions"] == 1, "a reader sees what is committed"
    batch.rollback()
    placed = put(store, edition("Third words", title="Third"))
    assert placed[0].edition.id.endswith("2031-05-01.2/en")
    assert store.stats()["turns"] == 4


def test_filters(store: Store) -> None:
    put(
        store,
        edition(url="https://norland.example/1"),
        edition("Corrected", url="https://norland.example/1"),
        edition("诺兰", lang="zh", date="2032-01-01", turns=(), url="https://norland.example/2"),
        edition("Elsewhere", source="so-press", country="SO", date=None, kind="recording", turns=()),
    )

    def ids(**filters: Any) -> list[str]:
        return [f"{e.id}@{e.revision}" for e in store.editions(Filters(**filters))]

    assert [id.partition("-")[0] + id[-8:] for id in ids()] == ["nl-01/en@2", "nl-01/zh@1", "soording@1"]
    assert len(ids(latest=False)) == 4
    assert ids(lang="zh") == ids(since="2032") == ids(since="2031-05-02") == ["nl-foreign/2032-01-01/zh@1"]
    assert ids(until="2031") == ids(outlet="Norland Times") == ids(person="Ada Ask") == ["nl-foreign/2031-05-01/en@2"]
    assert ids(until="2031-05") == ids(until="2031-05-01") == ids(since="2031-05-01", until="2031-12-31")
    assert ids(country="SO") == ids(source="so-press") == ids(kind="recording")
    assert ids(outlet="x' OR 1=1 --") == []
    with pytest.raises(BadQuery):
        ids(since="last week")


def test_turn_rows_and_counts(store: Store) -> None:
    placed = put(
        store, edition(url="https://norland.example/1"), edition("诺兰外交部", url="https://norland.example/1")
    )
    old, new = (p.pk for p in placed)
    rows = store.turn_rows([(new, 2), (old, 1), (new, 99), (old, 2)])
    assert [(r.revision, r.turn, r.words) for r in rows] == [
        (2, 2, "外交部"), (1, 1, TEXT[: len(TEXT) // 2]), (1, 2, TEXT[len(TEXT) // 2 :])]  # fmt: skip
    assert rows[0].revisions == 2
    assert len(store.turn_rows([(old, 1)] * 450)) == 450
    assert store.turn_rows([]) == []
    stats = store.stats()
    assert (stats["editions"], stats["revisions"], stats["turns"], stats["exchanges"]) == (1, 2, 2, 1)
    assert stats["years"] == {"2031": 1}
    assert store.pks_after(old) == [new]
    assert store.pk_of("nl-foreign/2031-05-01/en", 2) == new


def test_the_tables_are_as_the_migrations_make_them(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine

    from onrecord.store.tables import metadata

    Store(tmp_path / "a", write=True).close()
    made = create_engine(f"sqlite:///{tmp_path / 'b'}")
    metadata.create_all(made)
    with create_engine(f"sqlite:///{tmp_path / 'a'}").connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []

    def described(path: Path) -> set[str]:
        query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'alembic%'"
        with sqlite3.connect(path) as db:
            return {" ".join(row[0].split()) for row in db.execute(query)}

    assert described(tmp_path / "a") == described(tmp_path / "b")
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]


def test_a_newer_layout_and_no_store_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotOnRecord):
        Store(tmp_path / "none", write=False).stats()
    path = tmp_path / "store.sqlite"
    Store(path, write=True).close()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    with pytest.raises(RecordDamaged, match="newer version"):
        Store(path, write=True)
    with pytest.raises(RecordDamaged, match="newer version"):
        Store(path, write=False).stats()
    (tmp_path / "junk").write_bytes(b"not a database, but long enough to be looked at " * 99)
    with pytest.raises(RecordDamaged):
        Store(tmp_path / "junk", write=False).stats()


def test_reading_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    store = Store(path, write=True)
    put(store, edition())
    store.close()
    before = (os.listdir(tmp_path), path.read_bytes(), path.stat().st_mtime_ns)
    reader = Store(path, write=False)
    assert reader.get("nl-foreign/2031-05-01/en").text == TEXT
    assert (os.listdir(tmp_path), path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_reader_opened_at_rest_sees_what_a_later_writer_adds(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    Store(path, write=True).close()
    reader = Store(path, write=False)
    assert reader.stats()["editions"] == 0
    writer = Store(path, write=True)
    put(writer, edition())
    assert reader.stats()["editions"] == 1
    put(writer, edition("Second", title="Second"))
    assert reader.stats()["editions"] == 2
    reader.close()
    writer.close()
    assert reader.stats()["editions"] == 2
    assert sorted(os.listdir(tmp_path)) == ["store.sqlite"]


WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from test_store import Store, edition, put
store = Store(Path(sys.argv[1]), write=True)
for n in range(200):
    put(store, edition(f"Number {n} of the words", title=str(n)))
print("done")
"""


def test_readers_work_beside_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    Store(path, write=True).close()
    command = [sys.executable, "-c", WRITER, str(path), str(Path(__file__).parent)]
    seen = [0]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        reader = Store(path, write=False)
        while writer.poll() is None:
            stats = reader.stats()
            assert stats["turns"] == 2 * stats["editions"]
            for e in reader.editions(Filters()):
                assert len(e.turns) == 2
            seen.append(stats["editions"])
        assert writer.stdout is not None
        assert writer.stdout.read() == "done\n"
    assert seen == sorted(seen)
    assert len(set(seen)) > 3, "the reader was at work while the writer was"
    assert reader.stats()["editions"] == 200


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "lock")
    with pytest.raises(RecordBusy):
        WriterLock(tmp_path / "lock", wait=0.1)
    lock.release()
    lock.release()
    WriterLock(tmp_path / "lock", wait=0.1).release()
