"""A record from end to end: adding, revisions, search, proof, damage, interruption."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord import reading
from onrecord import record as record_module
from onrecord.archive import Archive, check_proof, seal
from onrecord.errors import (
    BadId,
    BadQuery,
    NotABriefing,
    NotBuilt,
    NotOnRecord,
    RecordBusy,
    RecordDamaged,
    RecordNotWritten,
    UnknownSource,
    UnreadableInput,
)
from onrecord.model import Added, Edition
from onrecord.record import Record, adding
from onrecord.store.lock import WriterLock

HERE = Path(__file__).parent


def page(n: int, words: str = "", *, day: int | None = None, url: str | None = None) -> tuple[str, bytes]:
    """A briefing of a fictional government as Markdown with front matter."""
    date = f"2031-{1 + (day or n) // 28 % 12:02}-{1 + (day or n) % 28:02}"
    url = url or f"https://briefings.norland.example/{n}"
    text = f"""---
title: Norland briefing {n}
date: '{date}'
source_url: {url}
---

MS. ASK:  Good morning.  This is briefing number {n} on the harbour.  {words}

Q  Will the ferry to Westisle number {n} sail again?

MS. ASK:  The ferry sails when the ice has gone.  我们重申航运自由的原则。

Q  And who pays for it?

MS. ASK:  The ministry of ships pays for it, as it has for {n + 40} years.
"""
    return f"page-{n}.md", text.encode()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_importing_costs_nothing() -> None:
    script = "import sys; before = set(sys.modules); import onrecord; print(len(set(sys.modules) - before))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(found.stdout) <= 3


def test_searching_imports_neither_sqlalchemy_nor_the_parsers(record: Record, folder: Path) -> None:
    record.add_all(page(1))
    script = f"""
import sys, onrecord
record = onrecord.open({str(folder)!r}, create=False)
assert record.search("ferry").total == 2
assert record[record.search("ferry").hits[0].edition].turns
print(*(name for name in ("sqlalchemy", "alembic", "lxml", "warcio", "pymerkle", "asyncio") if name in sys.modules))
"""
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


def test_added_pages_are_found_shown_proved_and_verified(record: Record) -> None:
    rows = record.add_all(page(1), page(2, "Of salt."))
    assert [(row.input, row.status, row.revision, row.error) for row in rows] == [
        ("page-1.md", "added", 1, None), ("page-2.md", "added", 1, None)]  # fmt: skip
    id = rows[1].edition
    assert id is not None
    edition = record[id]
    assert edition.url == "https://briefings.norland.example/2"
    assert hashlib.sha256(page(2, "Of salt.")[1]).hexdigest() == edition.sha256
    assert record.snapshot(id) == page(2, "Of salt.")[1]
    (hit,) = record.search('"of salt"')
    assert hit.id == f"{id}#{hit.exchange}"
    assert edition.text[hit.start : hit.end].endswith("Of salt.")
    assert [edition.text[start:end] for start, end in hit.matches] == ["Of salt"]
    assert "<mark>Of salt</mark>" in hit.snippet
    exchange = record.exchange(f"{id}#1")
    assert edition.words(exchange.turns[0]).startswith("Will the ferry")
    proof = record.prove(id)
    assert check_proof(proof, head=record.head())
    assert edition.sha256 in proof["entry"]
    assert record.verify().ok
    assert record.verify(id).ok
    assert record.verify(f"{id}@1").entries == 1
    stats = record.stats()
    assert (stats["editions"], stats["first"][:4], stats["entries"]) == (2, "2031", record.head()["entries"])


def test_adding_again_changes_no_byte(record: Record, folder: Path) -> None:
    first = record.add_all(page(1), page(2))
    before = contents(folder)
    again = record.add_all(page(1), page(2), page(1))
    assert [(row.status, row.edition) for row in again] == [
        ("unchanged", first[0].edition), ("unchanged", first[1].edition), ("unchanged", first[0].edition)]  # fmt: skip
    assert contents(folder) == before


def test_other_words_make_a_revision(record: Record) -> None:
    (first,) = record.add_all(page(1, "The price is one crown."))
    rows = record.add_all(page(1, "The price is two crowns."), page(1, "The price is three crowns."))
    id = first.edition
    assert id is not None
    assert [(row.status, row.edition, row.revision) for row in rows] == [("revised", id, 2), ("revised", id, 3)]
    assert "three" in record[id].text
    assert record[id].revisions == 3
    assert "one crown" in record[f"{id}@1"].text
    assert [row["revision"] for row in record.history(id)] == [1, 2, 3]
    assert record.search('"one crown"').total == 0
    (old,) = record.search('"one crown"', latest=False)
    assert old.id == f"{id}@1#{old.exchange}"
    assert record.search('"three crowns"').total == 1
    assert [e.revision for e in record.editions()] == [3]
    assert len({record.prove(f"{id}@{n}")["entry"] for n in (1, 2, 3)}) == 3
    assert record.verify().ok


def test_the_same_words_in_other_bytes_are_kept_and_linked(record: Record) -> None:
    name, data = page(1)
    (first,) = record.add_all((name, data))
    entries = record.head()["entries"]
    (again,) = record.add_all((name, data + b"\n\n\n"))
    assert (again.status, again.edition, again.revision) == ("unchanged", first.edition, 1)
    assert record.archive.get(hashlib.sha256(data + b"\n\n\n").hexdigest()) == data + b"\n\n\n"
    assert record.head()["entries"] == entries + 2
    assert first.edition is not None
    assert record.history(first.edition)[0]["snapshots"] == 2
    assert record.verify(first.edition).entries == 2
    assert record.add_all((name, data + b"\n\n\n"))[0].status == "unchanged"
    assert record.head()["entries"] == entries + 2


def test_what_cannot_be_read_is_said_and_the_rest_kept(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    import onrecord.reading.reader as reader

    def stumbling(data: bytes, **given: str | None) -> Edition:
        if b"number 3 " in data:
            raise ZeroDivisionError("by no means")
        return real(data, **given)  # type: ignore[arg-type]

    real = reader.read
    monkeypatch.setattr(reader, "read", stumbling)
    rows = record.add_all(page(1), b"", page(3), ("junk", bytes(range(256)) * 9), page(4), "/no/such/page.html")
    assert [row.status for row in rows] == ["added", "failed", "failed", "failed", "added", "failed"]
    assert all(row.error for row in rows if row.status == "failed")
    assert "ZeroDivisionError" in str(rows[2].error)
    assert rows[5].input == "/no/such/page.html"
    assert record.stats()["editions"] == 2
    assert record.verify().ok


def test_a_page_from_the_future_is_kept_and_says_so(record: Record) -> None:
    (row,) = record.add_all(("future.md", page(1)[1].replace(b"2031-", b"2089-")))
    assert row.status == "added"
    assert row.edition is not None
    assert any("2089-01-02" in notice and "still to come" in notice for notice in record[row.edition].notices)


def test_processes_read_as_one_does(tmp_path: Path) -> None:
    pages = [page(n) for n in range(90)] + [("empty", b""), page(1)]
    with onrecord.open(tmp_path / "a") as one, onrecord.open(tmp_path / "b") as many:
        assert one.add_all(*pages) == many.add_all(*pages, jobs=3)
        for left, right in zip(one.editions(), many.editions(), strict=True):
            assert left.text == right.text
            assert left.turns == right.turns


def test_a_page_that_kills_its_process_is_named(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    import onrecord.reading.reader as reader

    def fatal(data: bytes, **given: str | None) -> Edition:
        if b"number 5 " in data:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(data, **given)  # type: ignore[arg-type]

    real = reader.read
    monkeypatch.setattr(reader, "read", fatal)
    monkeypatch.setattr(
        "onrecord.record.adding.threading.active_count", lambda: 1
    )  # fork, so that children see the patch
    rows = record.add_all(*(page(n) for n in range(12)), jobs=2)
    assert [n for n, row in enumerate(rows) if row.status != "added"] == [5]
    assert "killed or crashed" in str(rows[5].error)


def test_kinds_and_sources_given_by_hand(record: Record) -> None:
    (row,) = record.add_all(page(1), source="us-whitehouse", kind="excerpt")
    assert row.edition == "us-whitehouse/2031-01-02/en.excerpt-1"
    with pytest.raises(UnknownSource):
        record.add_all(page(2), source="no-such-source")
    with pytest.raises(BadId):
        record.add_all(page(2), kind="Not a kind")
    assert record.stats()["editions"] == 1


def test_search_filters_pages_and_refusals(record: Record) -> None:
    record.add_all(*(page(n) for n in range(8)))
    hits = record.search("ferry", limit=3)
    assert (hits.total, len(hits)) == (16, 3)
    assert record.search("ferry", limit=16).hits[3:6] == record.search("ferry", limit=3, offset=3).hits
    assert {h.role for h in record.search("ferry", in_="question")} == {"question"}
    assert record.search("航运自由").total == 8
    assert record.search("ferry", since="2031-01-05", until="2031-01-06").total == 4
    assert record.search("ferry", source="cn-mfa").total == 0
    assert record.search("ferry", limit=0).total == 16
    assert len(record.search("ferry", limit=10**12)) == 16
    assert record.search("ferry", offset=10**12).total == 16
    assert record.search("ferry").facets["year"] == {"2031": 16}
    with pytest.raises(BadQuery):
        record.search("ferry", limit=-1)
    with pytest.raises(BadQuery):
        record.search("ferry", since="yesterday")
    with pytest.raises(NotBuilt):
        record.search("ferry", by="meaning")


def test_ids_that_lead_nowhere(record: Record) -> None:
    (row,) = record.add_all(page(1))
    for id in (f"{row.edition}@2", "cn-mfa/1999-01-01/zh"):
        with pytest.raises(NotOnRecord):
            record[id]
        with pytest.raises(NotOnRecord):
            record.prove(id)
        with pytest.raises(NotOnRecord):
            record.verify(id)
    with pytest.raises(NotOnRecord):
        record.exchange(f"{row.edition}#99")
    with pytest.raises(NotOnRecord):
        record.history("cn-mfa/1999-01-01/zh")
    with pytest.raises(BadId):
        record["what?"]


def test_a_missing_record_is_made_only_when_asked(tmp_path: Path) -> None:
    with pytest.raises(NotOnRecord, match="no record"):
        onrecord.open(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()
    onrecord.open(tmp_path / "deep" / "record").close()
    assert onrecord.open(tmp_path / "deep" / "record", create=False).verify().ok
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("Dear aunt")
    with pytest.raises(RecordNotWritten, match=r"letter\.txt"):
        onrecord.open(tmp_path / "home")
    with pytest.raises(RecordNotWritten):
        onrecord.open(tmp_path / "home" / "letter.txt" / "record")


def test_reading_writes_nothing(record: Record, folder: Path) -> None:
    (row,) = record.add_all(page(1))
    before = contents(folder)
    with onrecord.open(folder, create=False) as reader:
        assert row.edition is not None
        assert reader[row.edition].turns
        assert reader.search("ferry").total == 2
        assert list(reader.editions())
        assert reader.stats()["editions"] == 1
        assert reader.history(row.edition)
        assert reader.prove(row.edition)
        assert reader.verify().ok
    assert contents(folder) == before


def test_one_writer_at_a_time(folder: Path) -> None:
    onrecord.open(folder).close()
    lock = WriterLock(folder / "lock")
    second = Record(folder, wait=0.1)
    with pytest.raises(RecordBusy):
        second.add_all(page(1))
    assert second.search("ferry").total == 0, "reading goes on"
    lock.release()
    assert second.add_all(page(1))[0].status == "added"
    assert second.verify().ok


def test_a_refused_write_keeps_what_was_done(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    from onrecord.archive import Archive

    full = OSError(28, "No space left on device")
    calls = []

    def flush(self: Archive) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise RecordNotWritten("the disk is full") from full
        real(self)

    real = Archive.flush
    monkeypatch.setattr(Archive, "flush", flush)
    rows: list[Added] = []
    with pytest.raises(RecordNotWritten, match="full"):
        record.add_all(*(page(n) for n in range(100)), progress=rows.append)
    monkeypatch.undo()
    assert len(rows) == 64
    assert record.stats()["editions"] == 64
    assert record.verify().ok
    assert [row.status for row in record.add_all(*(page(n) for n in range(100)))].count("added") == 36
    assert record.verify().ok


FULL = """
import resource, sys
sys.path.insert(0, sys.argv[2])
import onrecord
from onrecord.errors import RecordNotWritten
from test_record import page
pages = [page(n, " ".join(str(n * k % 9973) for k in range(400))) for n in range(300)]
with onrecord.open(sys.argv[1]) as record:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
    try:
        for row in record.add_stream(*pages):
            print(row.edition, flush=True)
    except RecordNotWritten as error:
        print("refused:", error)
"""


@pytest.mark.parametrize("limit", [40_000, 200_000, 400_000, 800_000])
def test_a_disk_that_takes_no_more_costs_nothing_that_was_done(folder: Path, limit: int) -> None:
    command = [sys.executable, "-c", FULL, str(folder), str(HERE), str(limit)]
    *done, last = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert last.startswith("refused:")
    pages = [page(n, " ".join(str(n * k % 9973) for k in range(400))) for n in range(300)]
    with onrecord.open(folder, create=False) as record:
        assert record.verify().ok
        assert all(record[id].turns for id in done)
        rows = record.add_all(*pages)
        assert {row.status for row in rows} <= {"added", "unchanged"}
        assert record.stats()["editions"] == 300
        assert record.search("harbour", limit=0).total == 300
        assert record.verify().ok


def test_what_was_yielded_is_kept_when_the_caller_goes_away(record: Record) -> None:
    stream = record.add_stream(*(page(n) for n in range(100)))
    got = [next(stream) for _ in range(3)]
    stream.close()  # type: ignore[attr-defined]
    assert record.stats()["editions"] == 64
    assert all(row.edition and record[row.edition] for row in got)
    assert record.search("ferry").total == 128
    assert record.verify().ok


def test_a_lost_or_damaged_index_is_made_again(record: Record, folder: Path) -> None:
    record.add_all(*(page(n) for n in range(5)))
    record.add_all(page(1, "Corrected."))
    expected = [hit.id for hit in record.search("ferry")]
    for damage in ("gone", "junk", "cut"):
        record.close()
        if damage == "gone":
            shutil.rmtree(folder / "words")
        elif damage == "junk":
            (folder / "words" / "meta.json").write_bytes(b"not an index")
        else:
            (folder / "words" / "strata.jsonl").write_bytes(b"")
        assert not record.verify().ok
        if damage != "cut":
            with pytest.raises(RecordDamaged, match="onrecord add"):
                record.search("ferry")
        record.add_all(page(0))
        assert [hit.id for hit in record.search("ferry")] == expected
        assert record.verify().ok


def test_a_lost_store_is_made_again_from_the_archive(record: Record, folder: Path) -> None:
    record.add_all(page(1), page(2), source="us-whitehouse")
    record.add_all(page(1, "Corrected."), (page(3)[0], page(3)[1] + b"\n"), page(3))
    before = {f"{e.id}@{e.revision}": e for e in record.editions(latest=False)}
    history = record.history(next(iter(before)).partition("@")[0])
    head = record.head()
    record.close()
    (folder / "store.sqlite").unlink()
    assert not onrecord.open(folder, create=False).verify().ok
    with onrecord.open(folder) as again:
        assert {f"{e.id}@{e.revision}": e for e in again.editions(latest=False)} == before
        assert again.history(next(iter(before)).partition("@")[0]) == history
        assert again.head() == head, "nothing new was entered"
        assert again.search("ferry", latest=False).total == 2 * len(before)
        assert again.verify().ok


def test_words_changed_in_the_store_are_found_even_without_a_seal(record: Record, folder: Path) -> None:
    (row,) = record.add_all(page(1))
    record.close()
    for change in (
        "UPDATE revisions SET text = replace(text, 'ice', 'ore')",
        "UPDATE turns SET outlet = 'Westisle Post' WHERE n = 2",
        "UPDATE revisions SET title = 'Another'",
        'UPDATE turns SET "end" = 100000 WHERE n = 1',
        "DELETE FROM turns WHERE n = 3",
    ):
        kept = (folder / "store.sqlite").read_bytes()
        with sqlite3.connect(folder / "store.sqlite") as db:
            assert db.execute(change).rowcount
        db.close()
        for left_open in (False, True):
            reseal(folder, open_=left_open)
            verification = record.verify()
            assert not verification.ok
            assert {p.where for p in verification.problems} == {"store.sqlite"}
            assert row.edition is not None
            if left_open:
                assert not record.verify(row.edition).ok
        (folder / "store.sqlite").write_bytes(kept)


def reseal(folder: Path, *, open_: bool) -> None:
    """Makes the seal say so, as a killed writer leaves it or as if there had been none."""
    content = seal._read(folder)
    assert content is not None
    seal._write(folder, open_=open_, files=content.files, store=content.store)


def test_any_byte_changed_anywhere_is_found_and_the_file_named(record: Record, folder: Path) -> None:
    record.add_all(*(page(n) for n in range(12)))
    record.add_all(page(3, "Corrected."))
    record.close()
    assert record.verify().ok
    chance = random.Random(7)
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name, data = str(path.relative_to(folder)), path.read_bytes()
        for place in {0, len(data) // 2, len(data) - 1, *(chance.randrange(max(1, len(data))) for _ in range(3))}:
            changed = bytearray(data or b" ")
            changed[place] ^= 1 << chance.randrange(8)
            path.write_bytes(changed)
            with onrecord.open(folder, create=False) as reader:
                verification = reader.verify()
            assert not verification.ok, f"{name} at {place}"
            assert name in {p.where for p in verification.problems}, f"{name} at {place}: {verification.problems}"
            path.write_bytes(data)
        path.rename(path.with_suffix(".away"))
        with onrecord.open(folder, create=False) as reader:
            assert name in {p.where for p in reader.verify().problems} or name.endswith("lock")
        path.with_suffix(".away").rename(path)
    (folder / "stranger").write_bytes(b"")
    assert [p.where for p in record.verify().problems] == ["stranger"]
    (folder / "stranger").unlink()


def test_damage_is_one_sentence_for_those_who_read(record: Record, folder: Path) -> None:
    (row,) = record.add_all(page(1))
    record.close()
    data = (folder / "store.sqlite").read_bytes()
    (folder / "store.sqlite").write_bytes(b"\0" * 5000)
    with onrecord.open(folder, create=False) as reader:
        with pytest.raises(RecordDamaged):
            reader[str(row.edition)]
        with pytest.raises(RecordDamaged):
            reader.add_all(page(2))
        assert {p.where for p in reader.verify().problems} >= {"store.sqlite"}
    (folder / "store.sqlite").write_bytes(data)


KILLED = """
import sys
sys.path.insert(0, sys.argv[2])
import onrecord
from test_record import page
print("start", flush=True)
with onrecord.open(sys.argv[1]) as record:
    for row in record.add_stream(*(page(n, "Again." if n % 10 == 0 else "", url=f"https://n.example/{n - n % 10 % 2}")
                                   for n in range(400)), jobs=int(sys.argv[3])):
        print(row.edition, row.revision, row.status, flush=True)
"""


def test_killed_at_any_moment_a_record_opens_verifies_and_finishes(tmp_path: Path) -> None:
    pages = [page(n, "Again." if n % 10 == 0 else "", url=f"https://n.example/{n - n % 10 % 2}") for n in range(400)]
    whole = Record(tmp_path / "whole")
    began = time.perf_counter()
    expected = {(row.edition, row.revision) for row in whole.add_all(*pages)}
    span = time.perf_counter() - began
    texts = {f"{e.id}@{e.revision}": e.text for e in whole.editions(latest=False)}
    chance = random.Random(11)
    cut = 0
    for round_ in range(20):
        folder = tmp_path / f"record-{round_}"
        command = [sys.executable, "-c", KILLED, str(folder), str(HERE), "2" if round_ % 5 == 4 else "1"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "start\n"
            time.sleep(chance.uniform(0.05, span + 0.9))
            process.kill()
            said = process.stdout.read()
            done = [line.split() for line in said[: said.rfind("\n") + 1].splitlines()]  # the last may be cut off
        cut += len(done) < 400
        if folder.exists() and any(folder.iterdir()):
            with onrecord.open(folder, create=not (folder / "onrecord.json").exists()) as left:
                verification = left.verify()
                assert verification.ok, (round_, verification.problems)
                for edition, revision, _ in done:
                    assert left[f"{edition}@{revision}"].text == texts[f"{edition}@{revision}"]
        with onrecord.open(folder) as record:
            rows = record.add_all(*pages)
            assert {(row.edition, row.revision) for row in rows} == expected
            assert {f"{e.id}@{e.revision}": e.text for e in record.editions(latest=False)} == texts
            assert record.search("harbour", limit=0).total == whole.search("harbour", limit=0).total
            assert record.search("harbour", limit=0, latest=False).total == len(texts)
            verification = record.verify()
            assert verification.ok, (round_, verification.problems)
        shutil.rmtree(folder)
    assert cut >= 5, "the rounds were meant to fall into the work"


MADE = """
import sys
import alembic.command, alembic.config, onrecord, onrecord.record.adding, onrecord.record, onrecord.record.session
print("start", flush=True)
onrecord.open(sys.argv[1])
"""


def test_killed_while_it_is_made_a_record_is_made_all_the_same(tmp_path: Path) -> None:
    chance = random.Random(5)
    for round_ in range(8):
        folder = tmp_path / f"record-{round_}"
        with subprocess.Popen([sys.executable, "-c", MADE, str(folder)], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "start\n"
            time.sleep(chance.uniform(0, 0.1))
            process.kill()
        if (folder / "archive" / "head.json").exists():
            with onrecord.open(folder, create=False) as left:
                verification = left.verify()
                assert verification.ok, (os.listdir(folder), verification.problems)
        with onrecord.open(folder) as record:
            assert record.verify().ok
            assert record.add_all(page(1))[0].status == "added"
            assert record.verify().ok


def test_a_record_is_read_and_verified_while_another_process_adds(folder: Path) -> None:
    onrecord.open(folder).close()
    command = [sys.executable, "-c", KILLED, str(folder), str(HERE), "1"]
    seen = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process, Record(folder, wait=0.01) as reader:
        assert process.stdout is not None
        assert process.stdout.readline() == "start\n"
        while process.poll() is None:
            verification = reader.verify()
            assert verification.ok, verification.problems
            hits = reader.search("ferry", limit=50)
            assert len(hits) == min(50, hits.total)
            assert all(reader[hit.edition].text[hit.start : hit.end] for hit in hits.hits[:5])
            seen.append((verification.entries, reader.stats()["revisions"], hits.total))
        assert process.returncode == 0
    assert seen == sorted(seen)
    assert len({entries for entries, _, _ in seen}) > 2, "the reader was at work while the writer was"
    with onrecord.open(folder, create=False) as record:
        assert record.verify().ok
        assert record.search("ferry", latest=False).total == 2 * record.stats()["revisions"]


def test_reading_one_page_keeps_nothing(tmp_path: Path) -> None:
    name, data = page(1)
    (tmp_path / name).write_bytes(data)
    edition = onrecord.read(tmp_path / name)
    assert edition == onrecord.read(data, name=name)
    assert edition.turns
    assert os.listdir(tmp_path) == [name]
    with pytest.raises(UnreadableInput):
        onrecord.read(tmp_path / "none")
    with pytest.raises(NotABriefing):
        onrecord.read(b"")


def test_the_folder_may_be_read_only(record: Record, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = record.add_all(page(1))
    record.close()
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with onrecord.open(folder, create=False) as reader:
            assert reader.search("ferry").total == 2
            assert reader[str(row.edition)].turns
            assert reader.verify().ok
            if os.geteuid() != 0:
                with pytest.raises(RecordNotWritten):
                    reader.add_all(page(2))
    finally:
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


REVISIONS = HERE.parent.parent / "shared" / "corpus" / "whitehouse-revisions"


@pytest.mark.corpus
@pytest.mark.skipif(not REVISIONS.exists(), reason="the corpus is not beside the checkout")
def test_versions_of_real_pages_are_revisions_of_one_edition(record: Record) -> None:
    for versions in sorted(REVISIONS.iterdir())[:20]:
        rows = record.add_all(*sorted(versions.iterdir()))
        assert len({row.edition for row in rows}) == 1, versions.name
        kept = [row.revision for row in rows]
        assert kept == sorted(kept, key=int), versions.name  # type: ignore[arg-type]
        assert rows[0].status == "added"
        texts = [onrecord.read(path).text for path in sorted(versions.iterdir())]
        for before, after, row in zip(texts, texts[1:], rows[1:], strict=False):
            assert row.status == "revised" if before != after else True, versions.name
    assert record.verify().ok


def test_the_module_names_what_it_holds() -> None:
    assert set(onrecord.__all__) == {"open", "read"}
    assert record_module.STORE == "store.sqlite"


def test_add_gives_the_row_of_a_page_and_a_list_for_a_folder(record: Record, tmp_path: Path) -> None:
    name, data = page(1)
    path = tmp_path / "pages" / name
    path.parent.mkdir()
    path.write_bytes(data)
    added = record.add(path)
    assert isinstance(added, Added)
    assert (added.status, added.revision) == ("added", 1)
    again = record.add((name, data))
    assert isinstance(again, Added)
    assert again.status == "unchanged"
    listed = record.add(path.parent)
    assert isinstance(listed, list)
    assert [row.status for row in listed] == ["unchanged"]


def test_two_addresses_are_two_editions_whatever_they_say(record: Record) -> None:
    first, second = record.add_all(page(1), page(1, url="https://briefings.norland.example/elsewhere"))
    assert (first.status, second.status) == ("added", "added")
    assert second.edition == f"{first.edition.rpartition('/')[0]}.2/en"


def test_what_was_altered_is_not_built_on(record: Record, folder: Path) -> None:
    """Neither store nor index may be sealed again, by the next honest writer, with a change in them."""
    rows = record.add_all(*(page(n) for n in range(3)))
    record.close()
    with sqlite3.connect(folder / "store.sqlite") as db:
        db.execute("UPDATE sources SET country = 'Norland'")
    db.close()
    with pytest.raises(RecordDamaged, match="is not what the last writer left"):
        record.add_all(page(3))
    assert {p.where for p in record.verify().problems} == {"store.sqlite"}
    (folder / "store.sqlite").rename(folder.parent / "away")
    assert record.add_all(page(3))[0].status == "added", "the store is made anew from the archive"
    assert record.verify().ok
    assert [record[str(row.edition)].revision for row in rows] == [1, 1, 1]
    for n, name in enumerate(("strata.jsonl", "*.idx")):
        with next((folder / "words").glob(name)).open("r+b") as file:
            file.seek(40)
            file.write(b"~")
        record.close()
        assert not record.verify().ok
        record.add_all(page(10 + n))
        assert record.verify().ok, "the index is made anew from the store"
        assert record.search("ferry").total == 2 * record.stats()["editions"]


ASTRAY = (
    "UPDATE editions SET revisions = 1",
    "UPDATE editions SET kind = 'excerpt'",
    "UPDATE editions SET lang = 'fr'",
    "UPDATE occasions SET date = '1999-01-01'",
    "UPDATE occasions SET source = (SELECT min(id) FROM sources), counter = 2",
    "UPDATE exchanges SET start = start + 1",
    "UPDATE snapshots SET entry = 2",
    "UPDATE snapshots SET revision = 1",
    "UPDATE snapshots SET at = '1999-01-01T00:00:00+00:00'",
    "DELETE FROM snapshots WHERE revision = 2",
    "UPDATE revisions SET added = '1999-01-01T00:00:00+00:00'",
    "UPDATE revisions SET length = 1",
    "UPDATE revisions SET about_sha256 = ''",
    "CREATE TABLE notes (note TEXT)",
    "CREATE TRIGGER later AFTER INSERT ON revisions BEGIN UPDATE revisions SET title = 'Another'; END",
)


def test_rows_that_went_astray_are_found_even_without_a_seal(record: Record, folder: Path) -> None:
    record.add_all(page(1), page(1, "Corrected."), page(2))
    record.close()
    reseal(folder, open_=True)
    assert record.verify().ok
    kept = (folder / "store.sqlite").read_bytes()
    for change in ASTRAY:
        with sqlite3.connect(folder / "store.sqlite") as db:
            db.execute(change)
        db.close()
        assert {p.where for p in record.verify().problems} == {"store.sqlite"}, change
        (folder / "store.sqlite").write_bytes(kept)


def test_pipes_and_folders_in_the_place_of_files_are_named(record: Record, folder: Path) -> None:
    record.add_all(page(1))
    record.close()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name, data = path.relative_to(folder).as_posix(), path.read_bytes()
        for make in (os.mkfifo, os.mkdir, lambda path: os.symlink("/dev/zero", path)):
            path.unlink()
            make(path)
            with onrecord.open(folder, create=False) as reader:
                assert name in {p.where for p in reader.verify().problems}, name
            path.rmdir() if path.is_dir() else path.unlink()
            path.write_bytes(data)
    for stranger in ("words/inside", "inside"):
        (folder / stranger).mkdir()
        assert [p.where for p in record.verify().problems] == [stranger]
        (folder / stranger).rmdir()
    (folder / "store.sqlite-wal").write_bytes(b"no log")
    assert [p.where for p in record.verify().problems] == ["store.sqlite-wal"]


def test_a_writer_that_comes_during_verify_is_no_damage(
    record: Record, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.add_all(page(1))
    whole = Archive.verify

    def interrupted(self: Archive, *args: Any, **options: Any) -> Any:
        monkeypatch.setattr(Archive, "verify", whole)
        with onrecord.open(folder) as other:
            other.add_all(page(2))
        return whole(self, *args, **options)

    monkeypatch.setattr(Archive, "verify", interrupted)
    verification = record.verify()
    assert verification.ok, verification.problems
    assert verification.entries == 5


def test_a_writer_leaves_no_log_behind(record: Record, folder: Path) -> None:
    for row in record.add_stream(*(page(n) for n in range(130)), jobs=1):
        assert record[str(row.edition)].turns, "the record's own reader looks into the log"
    assert [path.name for path in folder.iterdir() if path.name.startswith("store.sqlite-")] == []


def test_a_newer_format_is_left_alone(record: Record, folder: Path) -> None:
    record.add_all(page(1))
    (folder / "onrecord.json").write_text('{"format": 2}\n')
    with pytest.raises(RecordNotWritten, match="newer version"):
        record.add_all(page(2))
    assert (folder / "onrecord.json").read_text() == '{"format": 2}\n'


def test_a_page_that_takes_for_ever_is_given_up(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(data: bytes, *, name: str, **given: Any) -> Edition:
        if name == "page-3.md":
            time.sleep(60)
        return read(data, name=name, **given)

    read = reading.read
    monkeypatch.setattr(reading, "read", slow)
    monkeypatch.setattr(adding, "_LONGEST", 1.0)
    rows = record.add_all(*(page(n) for n in range(8)), jobs=2)
    assert [row.status for row in rows] == ["added"] * 3 + ["failed"] + ["added"] * 4
    assert "takes longer than" in str(rows[3].error)
    monkeypatch.setattr(adding, "_LARGE", 10)
    again = record.add_all(page(3))
    assert [row.status for row in again] == ["failed"], "a large page is read in a process though it is alone"


def test_a_record_half_made_holds_nothing_yet(folder: Path) -> None:
    onrecord.open(folder).close()
    shutil.rmtree(folder / "words")
    with onrecord.open(folder, create=False) as record, pytest.raises(NotOnRecord, match="holds no record yet"):
        record.search("ferry")
