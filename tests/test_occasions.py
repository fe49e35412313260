"""Occasions: which one an edition is put into, and moving it to another by hand."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from briefings import EVENING, MORNING, chinese, english

import onrecord
from onrecord.archive import Archive, check_proof
from onrecord.errors import BadId, NotOnRecord, RecordDamaged, UnknownSource
from onrecord.model import Added, Edition
from onrecord.publish.formats.jsonl import line
from onrecord.record import Record
from onrecord.store import Store

HERE = Path(__file__).parent
DAY = "xv-mfa/2031-05-06"


def add(record: Record, *pages: tuple[str, bytes], **said: str) -> list[str]:
    """The ids of the pages' editions."""
    said = said if "occasion" in said else {"source": "xv-mfa"} | said
    return [str(row.edition) for row in record.add_all(*pages, **said)]  # type: ignore[arg-type]


def everything(record: Record) -> dict[str, Edition]:
    return {f"{e.id}@{e.revision}": e for e in record.editions(latest=False)}


def made_again(folder: Path) -> dict[str, Edition]:
    """What the record holds once its store was made anew from the archive."""
    (folder / "store.sqlite").unlink()
    with onrecord.open(folder) as again:
        assert again.verify().ok, again.verify().problems
        return everything(again)


# ---------------------------------------------------------------- by hand


def test_a_moved_edition_is_found_under_both_ids(record: Record) -> None:
    en, zh = add(record, english(MORNING), chinese(MORNING))
    moved = record.move(en, f"{DAY}.2")
    assert (moved.id, moved.occasion, moved.date) == (f"{DAY}.2/en", f"{DAY}.2", "2031-05-06")
    assert record[en] == record[f"{en}@1"] == record[moved.id] == moved
    assert record.exchange(f"{en}#2") == record.exchange(f"{moved.id}#2")
    assert record.history(en) == record.history(moved.id)
    assert record.snapshot(en) == english(MORNING)[1]
    assert record.prove(en) == record.prove(moved.id)
    assert check_proof(record.prove(en), head=record.head())
    assert record.verify(en).ok
    assert record.verify(f"{en}@1").entries == 1
    assert record.verify().ok
    assert [hit.edition for hit in record.search("ferry")] == [moved.id] * 2
    assert [e.id for e in record.editions()] == [zh, moved.id]
    assert b'"id":"xv-mfa/2031-05-06.2/en","occasion":"xv-mfa/2031-05-06.2"' in line(record[en])
    assert [[e.id for e in one.editions] for one in record.occasions()] == [[zh], [moved.id]]
    entry = next(record.archive.notes("occasion"))
    assert entry.payload == {"edition": en, "occasion": f"{DAY}.2", "to": moved.id, "by_hand": True}


def test_moving_back_gives_the_old_id_back(record: Record, folder: Path) -> None:
    (en,) = add(record, english(MORNING))
    for target in (f"{DAY}.2", "xv-mfa/2031-05-07", DAY, f"{DAY}.2", DAY):
        assert record.move(en, target).id == f"{target}/en"
        assert record[f"{DAY}.2/en"].id == f"{target}/en"
        assert record.verify().ok
    assert [one.id for one in record.occasions()] == [DAY]
    assert record.stats()["occasions"] == 1
    assert record["xv-mfa/2031-05-07/en"].id == en
    before = everything(record)
    record.close()
    assert made_again(folder) == before


def test_moving_to_where_it_is_changes_nothing(record: Record, folder: Path) -> None:
    (en,) = add(record, english(MORNING))
    record.close()
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert record.move(en, DAY).id == record.move(en, f"{DAY}.1").id == en
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


def test_an_id_is_never_given_to_another_edition(record: Record, folder: Path) -> None:
    pages = english(MORNING[:1], title="One"), english(MORNING[1:], title="Two")
    first, second = add(record, *pages, kind="excerpt")
    assert (first, second) == (f"{DAY}/en.excerpt-1", f"{DAY}/en.excerpt-2")
    moved = record.move(first, f"{DAY}.3").id
    assert moved == f"{DAY}.3/en.excerpt-1"
    (third,) = add(record, english(EVENING, title="Three"), kind="excerpt")
    assert third == f"{DAY}/en.excerpt-3"
    assert record.move(third, f"{DAY}.3").id == f"{DAY}.3/en.excerpt-2"
    assert record.move(moved, DAY).id == first
    assert record.verify().ok
    before = everything(record)
    record.close()
    assert made_again(folder) == before


@pytest.mark.parametrize("url", [None, "https://mea.veldania.example/1"])
def test_later_revisions_go_to_the_moved_edition(record: Record, folder: Path, url: str | None) -> None:
    (en,) = add(record, english(MORNING, url=url))
    for n, target in enumerate(("xv-mfa/2031-05-07", f"{DAY}.2", DAY), 2):
        moved = record.move(en, target).id
        name, data = english(MORNING, url=url)
        (row,) = record.add_all((name, data.replace(b"14 months", f"{n + 13} months".encode())), source="xv-mfa")
        assert (row.status, row.edition, row.revision) == ("revised", moved, n)
        assert record.add_all((name, data), source="xv-mfa")[0].edition == moved
        assert record.verify().ok, record.verify().problems
    assert len(record.history(en)) == 4
    assert "14 months" in record["xv-mfa/2031-05-07/en@1"].text
    before = everything(record)
    record.close()
    assert made_again(folder) == before


def test_what_nobody_published_may_turn_out_to_be_of_any_source(record: Record, folder: Path) -> None:
    add(record, english(MORNING))
    (row,) = record.add_all(("blog.txt", b"LIVE: The harbour, minute by minute\n\nThe turbot has been seen again."))
    assert row.edition is not None
    assert row.edition.startswith("unknown/undated-")
    moved = record.move(row.edition, DAY)
    assert (moved.occasion, moved.source, moved.country) == (DAY, "xv-mfa", "XV")
    assert record[row.edition] == moved
    for _ in range(2):
        assert [hit.edition for hit in record.search("turbot", source="xv-mfa")] == [moved.id]
        assert record.search("turbot").facets["source"] == {"xv-mfa": 1}
        assert not record.search("turbot", source="unknown").total
        assert record.verify().ok
        before = everything(record)
        record.close()
        assert made_again(folder) == before
    with pytest.raises(UnknownSource):
        record.move(
            record.add_all(("b.txt", b"Another note, of nobody.\n\nIt says little."))[0].edition or "", "xx/2031-05-06"
        )
    assert record.move(moved.id, row.edition.rpartition("/")[0]).source == "unknown"
    assert record.search("turbot").facets["source"] == {"unknown": 1}
    assert record.verify().ok


def test_an_index_that_lags_behind_a_move_is_made_anew(record: Record, folder: Path) -> None:
    add(record, english(MORNING))
    (row,) = record.add_all(("blog.txt", b"LIVE: The harbour\n\nThe turbot has been seen again."))
    shutil.copytree(folder / "words", folder.parent / "words")
    moved = record.move(row.edition or "", DAY)
    record.close()
    shutil.rmtree(folder / "words")  # as if killed before the index was written
    shutil.copytree(folder.parent / "words", folder / "words")
    (folder / "words" / "stale").touch()
    (folder / "seal.json").unlink()
    with Record(folder) as again:
        add(again, english(EVENING))
        assert [hit.edition for hit in again.search("turbot", source="xv-mfa")] == [moved.id]
        assert again.verify().ok


def test_what_cannot_be_moved_is_refused_in_a_sentence(record: Record) -> None:
    (en,) = add(record, english(MORNING))
    entries = record.head()["entries"]
    with pytest.raises(BadId, match="because xv-mfa published it and an occasion has one source"):
        record.move(en, "cn-mfa/2031-05-06")
    for part in (f"{en}@1", f"{en}#1", f"{en}:0-5"):
        with pytest.raises(BadId, match="moved with all its revisions"):
            record.move(part, f"{DAY}.2")
    for target in ("2031-05-06", en, f"{DAY}.0", "xv-mfa/2031-02-30", "xv-mfa"):
        with pytest.raises(BadId):
            record.move(en, target)
    with pytest.raises(NotOnRecord):
        record.move(f"{DAY}/fr", f"{DAY}.2")
    with pytest.raises(NotOnRecord):
        record.occasion(f"{DAY}.2")
    assert record.head()["entries"] == entries


TAMPERED = (
    "DELETE FROM aliases",
    "INSERT INTO aliases VALUES ('xv-mfa/1999-01-01/en', 1)",
    "UPDATE aliases SET edition = 2",
    "UPDATE editions SET id = 'xv-mfa/2031-05-06/en', occasion = (SELECT min(pk) FROM occasions) WHERE pk = 1",
    "UPDATE editions SET id = 'xv-mfa/2031-05-06.2/en-2' WHERE pk = 1",
    "UPDATE editions SET occasion = (SELECT min(pk) FROM occasions)",
)


def test_rows_that_say_otherwise_than_the_ledger_are_found(record: Record, folder: Path) -> None:
    from test_record import reseal

    en, _ = add(record, english(MORNING), chinese(MORNING))
    record.move(en, f"{DAY}.2")
    record.close()
    reseal(folder, open_=True)
    assert record.verify().ok
    kept = (folder / "store.sqlite").read_bytes()
    for change in TAMPERED:
        with sqlite3.connect(folder / "store.sqlite") as db:
            assert db.execute(change).rowcount
        db.close()
        problems = record.verify().problems
        assert {p.where for p in problems} == {"store.sqlite"}, change
        (folder / "store.sqlite").write_bytes(kept)


def test_a_former_id_that_leads_elsewhere_is_found_when_it_alone_is_verified(record: Record, folder: Path) -> None:
    en, zh = add(record, english(MORNING), chinese(MORNING))
    moved = record.move(en, f"{DAY}.2").id
    assert record.verify(en).ok
    record.close()
    with sqlite3.connect(folder / "store.sqlite") as db:
        db.execute("UPDATE aliases SET edition = (SELECT pk FROM editions WHERE id = ?)", (zh,))
    db.close()
    (problem,) = record.verify(en).problems
    assert problem.what == f"says that {en} is {zh}, which by the ledger is {moved}"
    assert record.verify(zh).ok
    assert record.verify(moved).ok


KILLED = """
import sys
sys.path.insert(0, sys.argv[2])
import onrecord
from briefings import MORNING, english
with onrecord.open(sys.argv[1]) as record:
    id = record.add_all(english(MORNING), source="xv-mfa")[0].edition
    print("start", flush=True)
    for n in range(2, 60):
        id = record.move(id, f"xv-mfa/2031-05-06.{n}").id
        print(id, flush=True)
"""


def test_killed_while_moving_it_is_moved_or_not(tmp_path: Path) -> None:
    chance = random.Random(3)
    for round_ in range(6):
        folder = tmp_path / str(round_)
        command = [sys.executable, "-c", KILLED, str(folder), str(HERE)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "start\n"
            time.sleep(chance.uniform(0.02, 0.5))
            process.kill()
            done = process.stdout.read().split()
        with onrecord.open(folder, create=False) as left:
            verification = left.verify()
            assert verification.ok, verification.problems
            number = int(left[f"{DAY}/en"].occasion.rpartition(".")[2]) if done else 0
            assert number >= len(done), "what was reported done is done"
        with onrecord.open(folder) as record:
            (row,) = record.add_all(english(EVENING), source="xv-mfa")
            assert row.status == "added"
            assert record.verify().ok
            moves = [entry.payload for entry in record.archive.notes("occasion")]
            assert record[f"{DAY}/en"].id == (moves[-1] or {})["to"] if moves else f"{DAY}/en"
            before = everything(record)
        assert made_again(folder) == before


@pytest.mark.parametrize("payload", [{}, {"edition": {}, "occasion": []}])
def test_an_entry_that_cannot_be_followed_is_a_sentence(record: Record, folder: Path, payload: dict[str, Any]) -> None:
    add(record, english(MORNING))
    with Archive.open(folder, write=True) as archive:
        archive.note("occasion", payload, "2031-05-07T00:00:00+00:00")
        archive.flush()
    with pytest.raises(RecordDamaged, match="that this version cannot follow"):
        add(record, english(EVENING))
    assert not record.verify().ok


def test_a_move_in_the_ledger_alone_is_made_by_the_next_writer(record: Record, folder: Path) -> None:
    en, _ = add(record, english(MORNING), chinese(MORNING))
    record.close()
    kept = (folder / "store.sqlite").read_bytes()
    record.move(en, f"{DAY}.2")
    record.close()
    (folder / "store.sqlite").write_bytes(kept)
    from test_record import reseal

    reseal(folder, open_=True)
    assert record[en].id == en
    assert record.add_all(chinese(MORNING), source="xv-mfa")[0].status == "unchanged"
    assert record[en].id == f"{DAY}.2/en"
    assert record.verify().ok, record.verify().problems


# ---------------------------------------------------------------- by itself


def test_a_translation_joins_the_briefing_it_is_of(record: Record, folder: Path) -> None:
    """The English page of the second briefing comes when only the first is there in Chinese, or both are."""
    pages = chinese(MORNING), english(EVENING), chinese(EVENING), english(MORNING)
    assert add(record, *pages) == [f"{DAY}/zh", f"{DAY}.2/en", f"{DAY}.2/zh", f"{DAY}/en"]
    before = everything(record)
    record.close()
    assert made_again(folder) == before


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2), (2, 3, 0, 1), (1, 2, 3, 0)])
def test_whatever_the_order_each_finds_its_own(record: Record, order: tuple[int, ...]) -> None:
    pages = [chinese(MORNING), english(MORNING), chinese(EVENING), english(EVENING)]
    rows = {n: add(record, pages[n])[0] for n in order}
    assert rows[0].rpartition("/")[0] == rows[1].rpartition("/")[0]
    assert rows[2].rpartition("/")[0] == rows[3].rpartition("/")[0]
    assert {one.id: len(one.editions) for one in record.occasions()} == {DAY: 2, f"{DAY}.2": 2}


def test_an_excerpt_joins_the_briefing_whose_words_it_has(record: Record) -> None:
    add(record, english(MORNING), english(EVENING))
    ids = add(record, english(EVENING[1:2], title="Excerpt"), english(MORNING[2:], title="Some"), kind="excerpt")
    assert ids == [f"{DAY}.2/en.excerpt-1", f"{DAY}/en.excerpt-1"]
    assert add(record, chinese(EVENING[:2], title="节选"), kind="excerpt") == [f"{DAY}.2/zh.excerpt-1"]


def test_headings_tell_where_words_do_not(record: Record) -> None:
    def remark(words: str, title: str) -> tuple[str, bytes]:
        return "page.md", f"---\ntitle: '{title}'\ndate: '2031-05-06'\n---\n\n{words}\n".encode()

    ids = add(
        record,
        remark("发言人说，水很深。", "外交部发言人举行例行记者会"),
        remark("发言人说，山很高。", "外交部发言人就山的问题答记者问"),
        remark("The spokesperson spoke of depth.", "Spokesperson’s remarks on depth"),
        remark("The spokesperson spoke of height.", "Spokesperson’s regular press conference"),
        remark("下午说。", "外交部发言人举行例行记者会（下午）"),
        remark("Said in the afternoon.", "Press conference, afternoon"),
    )
    assert [id.removeprefix(DAY) for id in ids] == ["/zh", ".2/zh", ".2/en", "/en", ".3/zh", ".3/en"]


def test_where_nothing_tells_it_is_the_first_of_the_day(record: Record) -> None:
    quiet = (("", "", "Is it so?", "It is.", "是吗？", "是的。"),)
    add(record, english(MORNING), english(EVENING))
    assert add(record, chinese(quiet, title="短")) == [f"{DAY}/zh"]


@pytest.mark.parametrize("together", [True, False])
def test_a_page_without_a_day_joins_the_briefing_whose_words_it_has(
    record: Record, folder: Path, together: bool
) -> None:
    full = [english(MORNING), english(EVENING), chinese(EVENING)]
    undated = [english(EVENING[:2], title="Excerpt", day=None), chinese(EVENING[1:], title="节选", day=None)]
    if together:
        ids = add(record, *full, *undated)[3:]
    else:
        add(record, *full)
        ids = add(record, *undated, kind="excerpt")
    assert [id.rpartition("/")[0] for id in ids] == [f"{DAY}.2"] * 2
    assert {record[id].date for id in ids} == {None}
    again = english(EVENING[:2], title="Excerpt", day=None)
    (row,) = record.add_all(
        (again[0], again[1] + b"\n\n"), source="xv-mfa", **({} if together else {"kind": "excerpt"})
    )
    assert (row.status, row.edition) == ("unchanged", ids[0])
    stranger = english(
        MORNING[:1] + EVENING[:1] + (("X", "X", "Who?", " ".join(f"{n * n} strangers" for n in range(60)), "", ""),),
        day=None,
    )
    assert "undated" in add(record, stranger)[0], "half of its words are of no one briefing"
    before = everything(record)
    record.close()
    assert made_again(folder) == before


def test_an_excerpt_dated_in_another_zone_goes_by_its_words(record: Record) -> None:
    add(record, english(MORNING), english(EVENING), chinese(EVENING))
    late = english(EVENING[1:], title="Excerpts", day="2031-05-07")
    assert add(record, late, kind="excerpt") == [f"{DAY}.2/en.excerpt-1"]
    assert record[f"{DAY}.2/en.excerpt-1"].date == "2031-05-07"
    other = chinese(MORNING, title="节选", day="2031-05-07")
    assert add(record, other, kind="excerpt") == ["xv-mfa/2031-05-07/zh.excerpt-1"], "not across languages"
    assert add(record, english(MORNING, day="2031-05-08")) == ["xv-mfa/2031-05-08/en"], "nor an official text"
    assert record.verify().ok


def test_an_occasion_said_by_hand(record: Record, folder: Path) -> None:
    (first,) = add(record, english(EVENING, day=None), occasion=f"{DAY}.2")
    assert first == f"{DAY}.2/en"
    assert record[first].date is None
    (entry,) = record.archive.notes("edition")
    assert (entry.payload or {})["given"] == {"source": "xv-mfa", "occasion": f"{DAY}.2"}
    row = record.add(english(EVENING, day=None), occasion=DAY)
    assert isinstance(row, Added)
    assert (row.status, row.edition) == ("unchanged", first), "what is on record stays where it is"
    with pytest.raises(BadId, match="is an occasion of xv-mfa, and not of cn-mfa"):
        record.add(english(MORNING), source="cn-mfa", occasion=DAY)
    with pytest.raises(BadId):
        record.add(english(MORNING), occasion="the second one")
    with pytest.raises(UnknownSource):
        record.add(english(MORNING), occasion="no-source/2031-05-06")
    before = everything(record)
    record.close()
    assert made_again(folder) == before


# ---------------------------------------------------------------- lists, and records of before


def test_lists_of_occasions(record: Record) -> None:
    add(record, chinese(MORNING), english(MORNING), english(EVENING), english(MORNING[:1], day="2031-06-01"))
    assert [(one.id, len(one.editions)) for one in record.occasions()] == [
        (DAY, 2), (f"{DAY}.2", 1), ("xv-mfa/2031-06-01", 1)]  # fmt: skip
    assert [one.id for one in record.occasions(least=2)] == [DAY]
    assert [one.id for one in record.occasions(lang="zh")] == [DAY]
    assert [one.id for one in record.occasions(since="2031-06")] == ["xv-mfa/2031-06-01"]
    assert [one.id for one in record.occasions(until="2031-05", outlet="bbc")] == [f"{DAY}.2"]
    assert list(record.occasions(source="cn-mfa")) == []
    one = record.occasion(f"{DAY}.1")
    assert (one.id, one.source, one.country, one.date) == (DAY, "xv-mfa", "XV", "2031-05-06")
    assert [(e.id, e.lang, e.kind, e.exchanges, e.turns, e.revisions) for e in one.editions] == [
        (f"{DAY}/zh", "zh", "official", 3, 6, 1), (f"{DAY}/en", "en", "official", 3, 6, 1)]  # fmt: skip


def test_a_record_of_before_is_read_and_brought_up_to_date_by_the_next_writer(record: Record, folder: Path) -> None:
    en, _ = add(record, english(MORNING), chinese(MORNING))
    record.close()
    downgrade(folder)
    with onrecord.open(folder, create=False) as old:
        assert old[en].id == en
        assert old.search("ferry").total == 2
        assert old.history(en)
        assert old.verify(en).ok
        assert old.verify().ok, old.verify().problems
        assert [one.id for one in old.occasions()] == [DAY]
        with pytest.raises(NotOnRecord):
            old[f"{DAY}/fr"]
        assert old.add_all(english(MORNING), source="xv-mfa")[0].status == "unchanged"
        assert old.move(en, f"{DAY}.2").id == f"{DAY}.2/en"
        assert old[en].id == f"{DAY}.2/en"
        assert old.verify().ok, old.verify().problems


def downgrade(folder: Path) -> None:
    """Makes the store one of the layout of before, sealed."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine
    from test_record import reseal

    from onrecord.archive.seal import Seal
    from onrecord.store import schema

    store = Store(folder / "store.sqlite", write=True)
    store.close()
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    engine = create_engine(f"sqlite:///{folder / 'store.sqlite'}")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        connection.commit()
    engine.dispose()
    with sqlite3.connect(folder / "store.sqlite") as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert not db.execute("SELECT 1 FROM sqlite_master WHERE name IN ('aliases', 'revisions_undated')").fetchall()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    for left in folder.glob("store.sqlite-*"):
        left.unlink()
    reseal(folder, open_=True)
    Seal.open_for_writing(folder).close(None)


def test_an_excerpt_of_a_remark_that_the_briefing_repeats_is_of_the_remark(record: Record) -> None:
    remark = chinese(EVENING[2:], title="外交部发言人就会见使节答记者问", url="https://mea.veldania.example/2")
    add(record, chinese(MORNING + EVENING, url="https://mea.veldania.example/1"), remark)
    for n, day in enumerate(("2031-05-06", None), 1):
        excerpt = chinese(EVENING[2:], title=f"节选{n}", day=day)
        assert add(record, excerpt, kind="excerpt") == [f"{DAY}.2/zh.excerpt-{n}"]
    assert add(record, chinese(EVENING[:1], title="节选"), kind="excerpt") == [f"{DAY}/zh.excerpt-1"]


def test_a_report_of_other_matters_is_of_the_one_briefing_of_its_day(record: Record) -> None:
    add(record, english(MORNING))
    told = (
        "Veldania FO Presser - May 6, 2031\n\nNorthern Wire: Where is Minister Aster, whom Orrland, Norvania and 17"
        " papers have missed since the 21st of April?\n\nSpokesperson: I have no information.\n\nCoast Herald: 40 days,"
        " 12 hours, 9 questions, and 83 ships at Port Veld: has he resigned?\n\nSpokesperson: I have said all I have."
    )
    (blog,) = add(record, ("blog.txt", told.encode()), kind="wire")
    assert record[blog].occasion == DAY
