"""Formulas of a record from end to end: counted, kept on disk, kept in step, and never in the way of anything."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.errors import BadQuery, NotOnRecord
from onrecord.formulas.model import Mined
from onrecord.index import concordance as kept
from onrecord.reading.fold import fold
from onrecord.record import Record
from onrecord.store.lock import WriterLock

ANSWERS = (
    "Norland stands by the spirit of the Westisle accord. The ferry sails on day {n}.",
    "We have nothing to announce on the harbour of day {n}. Norland stands by the spirit of the Westisle accord.",
    "Salt number {n} is dear; we have nothing to announce on the price.",
)


def page(n: int, *, url: int | None = None, extra: str = "", date: str | None = None) -> tuple[str, bytes]:
    """A briefing of a fictional government on the n-th day."""
    date = date or f"20{31 + n // 336}-{1 + n // 28 % 12:02}-{1 + n % 28:02}"
    said = "\n\n".join(
        f"Q  What of matter {n} in the {place}?\n\nMS. ASK:  {answer.format(n=n)}"
        for place, answer in zip(("north", "south", "isles"), ANSWERS, strict=True)
    )
    head = f"---\ntitle: Norland briefing\ndate: '{date}'\nsource_url: https://norland.example/{url or n}\n---\n\n"
    return f"page-{n}.md", f"{head}MS. ASK:  Good morning.  {extra}\n\n{said}\n".encode()


def brute(record: Record, phrase: str, **filters: Any) -> Counter[str]:
    found: Counter[str] = Counter()
    for edition in record.editions(**filters):
        found[edition.date or ""] += fold(edition.text).count(fold(phrase))
    return +found


def rows(record: Record, **asked: Any) -> list[Mined]:
    return record.formulas(occasions=3, limit=1_000, **asked)


def same_as_anew(record: Record, tmp_path: Path) -> None:
    """What the record says of formulas is what one says that has made everything anew."""
    copy = tmp_path / "anew"
    shutil.copytree(record.folder, copy)
    shutil.rmtree(copy / kept.FOLDER)
    with onrecord.open(copy) as anew:
        for least in (3, 5):
            assert record.formulas(occasions=least, limit=1_000) == anew.formulas(occasions=least, limit=1_000)
        for phrase in ("the spirit of the westisle", "accord. the", "nothing to announce", "ask"):
            assert record.formula(phrase) == anew.formula(phrase)
    shutil.rmtree(copy)


def test_a_formula_is_counted_as_by_hand(record: Record) -> None:
    record.add_all(*(page(n) for n in range(12)))
    life = record.formula("Nothing  to announce")
    assert life.formula == "Nothing  to announce"
    assert (life.total, life.turns, life.exchanges, life.occasions, life.editions) == (24, 24, 24, 12, 12)
    assert life.by_month == {"2031-01": 24}
    assert life.by_role == {"answer": 24}
    assert life.first is not None
    assert life.last is not None
    first = record[life.first.edition]
    assert first.text[life.first.start : life.first.end] == "nothing to announce"
    assert life.first.text.startswith("We have nothing to announce on the harbour of day 0")
    assert (life.first.date, life.last.date) == ("2031-01-01", "2031-01-12")
    assert life.first.id == f"{first.id}#{life.first.turn and first.turns[life.first.turn - 1].exchange}"
    words = sum(len(fold(edition.text).split()) for edition in record.editions())
    assert abs(life.words - words) < words / 10
    assert life.per_million["total"] == pytest.approx(24e6 / life.words, rel=1e-3)
    assert sum(brute(record, "ask").values()) == record.formula("ask").total
    assert record.formula("ask").by_role["outside"] == 12 * 4  # the printed labels are no turn's words


def test_filters_are_those_of_editions(record: Record) -> None:
    record.add_all(*(page(n) for n in range(40)))
    assert record.formula("spirit", since="2031-02").total == 24
    assert record.formula("spirit", until="2031-01-02").total == 4
    assert record.formula("spirit", person="Nobody").total == 0
    assert record.formula("spirit", source="cn-mfa").total == 0
    assert record.formula("spirit", lang="en").total == 80
    assert record.formula("never said").first is None
    for bad in ("", "   "):
        with pytest.raises(BadQuery):
            record.formula(bad)
    with pytest.raises(BadQuery):
        record.formula("spirit", since="yesterday")
    with pytest.raises(BadQuery):
        record.formulas(occasions=1)
    with pytest.raises(BadQuery):
        record.formulas(trend="sideways")


def test_a_record_that_is_not_there_has_no_formulas(tmp_path: Path) -> None:
    with pytest.raises(NotOnRecord), Record(tmp_path / "none", create=False) as record:
        record.formula("spirit")


def test_an_empty_record_has_none(record: Record) -> None:
    assert record.formula("spirit").total == 0
    assert record.formulas() == []


def test_what_is_added_counts_at_once(record: Record, tmp_path: Path) -> None:
    record.add_all(*(page(n) for n in range(12)))
    mined = {row.formula: row for row in rows(record)}
    assert any("spirit of the Westisle accord" in formula for formula in mined)
    for row in mined.values():
        assert row.count == sum(brute(record, row.formula).values()), row.formula
        assert (row.first, row.last) == (min(brute(record, row.formula)), max(brute(record, row.formula)))
    for n in (12, 13, 40):
        record.add(page(n, extra="The lamp of Norland never goes out."))
        same_as_anew(record, tmp_path)
    assert record.formula("lamp of Norland").total == 3


def test_a_revision_takes_the_place_of_what_it_replaces(record: Record, tmp_path: Path) -> None:
    record.add_all(*(page(n) for n in range(12)))
    assert record.formula("the price").total == 12
    record.formulas()
    name, data = page(5)
    record.add((name, data.replace(b"the price", b"the cost")))
    assert record.formula("the price").total == 11
    assert record.formula("the price", latest=False).total == 12
    same_as_anew(record, tmp_path)


def test_an_edition_that_is_moved_counts_where_it_is(record: Record, tmp_path: Path) -> None:
    record.add_all(*(page(n) for n in range(12)))
    record.formulas()
    life = record.formula("day 11")
    assert life.first is not None
    source = record[life.first.edition].source
    record.move(life.first.edition, f"{source}/2031-01-11.2")
    moved = record.formula("day 11").first
    assert moved is not None
    assert moved.edition.startswith(f"{source}/2031-01-11.2")
    same_as_anew(record, tmp_path)


def test_it_is_kept_sealed_and_read_again(record: Record, folder: Path) -> None:
    record.add_all(*(page(n) for n in range(8)))
    first = rows(record), record.formulas(), record.formula("spirit")
    before = {path.name: path.stat().st_mtime_ns for path in (folder / kept.FOLDER).iterdir()}
    assert record.verify().ok
    with onrecord.open(folder) as again:
        assert (rows(again), again.formulas(), again.formula("spirit")) == first
    assert before == {path.name: path.stat().st_mtime_ns for path in (folder / kept.FOLDER).iterdir()}
    ids = next((folder / kept.FOLDER).glob("part-*.bin"))
    data = bytearray(ids.read_bytes())
    data[-1] ^= 1
    ids.write_bytes(data)
    assert [problem.where for problem in record.verify().problems] == [f"{kept.FOLDER}/{ids.name}"]
    record.add(page(20))  # what was altered is not built on
    assert record.verify().ok
    assert record.formula("spirit").total == 18


def harm(path: Path, how: str) -> None:
    """Does something to a file of the concordance."""
    data = path.read_bytes()
    if how == "cut":
        path.write_bytes(data[:-3])
    elif how == "noise":
        path.write_bytes(bytes(byte ^ 0x55 for byte in data))
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "older format":
        path.write_bytes(data.replace(b'"format":', b'"format":-'))
    elif how == "odd name":
        path.write_bytes(data.replace(b'"name":"', b'"name":"/etc/'))
    else:
        path.unlink()
    if how == "pipe":
        os.mkfifo(path)
    elif how == "device":
        path.symlink_to("/dev/zero")
    elif how == "folder":
        path.mkdir()


HARMS = ("cut", "noise", "empty", "missing", "pipe", "device", "folder")
OF_STATE = ("older format", "odd name")


@pytest.mark.parametrize("kind", ["state", "words", "names", "part", "table"])
def test_what_is_damaged_is_made_anew_and_healed(record: Record, folder: Path, kind: str) -> None:
    record.add_all(*(page(n) for n in range(8)))
    expected = record.formulas(), record.formula("spirit")
    files = folder / kept.FOLDER
    for how in HARMS + OF_STATE * (kind == "state"):
        harm(max(files.glob(f"{kind}*")), how)
        with onrecord.open(folder) as again:
            assert (again.formulas(), again.formula("spirit")) == expected, how
        if how == "folder":  # what is none of ours is left alone
            for path in files.iterdir():
                if path.is_dir():
                    path.rmdir()
            with onrecord.open(folder) as again:
                assert (again.formulas(), again.formula("spirit")) == expected, how
        whole = {path: path.stat().st_mtime_ns for path in files.iterdir()}
        with onrecord.open(folder) as again:
            assert (again.formulas(), again.formula("spirit")) == expected, how
        assert whole == {path: path.stat().st_mtime_ns for path in files.iterdir()}, how
        with onrecord.open(folder) as again:
            again.add(page(0))  # seals what a folder in the way kept from being sealed
            assert again.verify().ok, how


def test_the_concordance_of_another_record_is_not_taken(record: Record, folder: Path, tmp_path: Path) -> None:
    record.add_all(*(page(n) for n in range(8)))
    expected = record.formula("spirit")
    record.close()
    with onrecord.open(tmp_path / "other") as other:
        other.add_all(*(page(n, extra="What a spirit!") for n in range(8)))
        assert other.formula("spirit").total == expected.total + 8
    shutil.rmtree(folder / kept.FOLDER)
    shutil.copytree(tmp_path / "other" / kept.FOLDER, folder / kept.FOLDER)
    with onrecord.open(folder) as again:
        assert again.formula("spirit") == expected


def test_a_copy_of_a_record_takes_what_was_copied(record: Record, folder: Path, tmp_path: Path) -> None:
    record.add_all(*(page(n) for n in range(8)))
    expected = record.formula("spirit")
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy, copy_function=shutil.copyfile)  # files have another time of change
    before = {path.name: path.stat().st_mtime_ns for path in (copy / kept.FOLDER).iterdir()}
    with onrecord.open(copy) as again:
        assert again.formula("spirit") == expected
    assert before == {path.name: path.stat().st_mtime_ns for path in (copy / kept.FOLDER).iterdir()}


def test_what_somebody_else_put_there_stays(record: Record, folder: Path, tmp_path: Path) -> None:
    record.add_all(*(page(n) for n in range(8)))
    files, precious = folder / kept.FOLDER, tmp_path / "precious"
    files.mkdir()
    precious.mkdir()
    (files / "README").write_text("mine")
    (files / "words-1.json").write_text("not ours by chance")
    (precious / "words-1.json").write_text("mine")
    expected = record.formula("spirit")
    assert (files / "README").read_text() == "mine"
    record.add(page(9))
    assert record.formula("spirit").total == expected.total + 2
    assert (files / "README").read_text() == "mine"
    shutil.rmtree(files)
    files.symlink_to(precious)
    with onrecord.open(folder) as again:
        assert again.formula("spirit").total == expected.total + 2
        again.add(page(10))
        assert again.formula("spirit").total == expected.total + 4
    assert [(path.name, path.read_text()) for path in precious.iterdir()] == [("words-1.json", "mine")]


@pytest.mark.parametrize("name", ["fsync", "replace", "unlink"])
def test_killed_anywhere_it_is_whole_again(record: Record, folder: Path, tmp_path: Path, name: str) -> None:
    record.add_all(*(page(n) for n in range(6)))
    record.formula("spirit")
    record.add(page(6))
    record.close()
    for steps in range(100):
        copy = tmp_path / f"copy-{steps}"
        shutil.copytree(folder, copy)
        child = os.fork()
        if not child:
            left, real = iter(range(steps)), getattr(os, name)

            def step(*given: Any, left: Any = left, real: Any = real, **named: Any) -> Any:
                return real(*given, **named) if next(left, None) is not None else os._exit(1)

            setattr(os, name, step)
            with onrecord.open(copy) as killed:
                killed.formula("spirit")
            os._exit(0)
        done = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with onrecord.open(copy) as again:
            assert again.formula("spirit").total == 14, steps
            assert again.verify().ok, steps
            again.add(page(7))
            assert again.formula("spirit").total == 16, steps
            assert again.verify().ok, steps
        if not done:
            break
    assert steps > 2


def test_what_is_added_meanwhile_counts_the_next_time(record: Record, folder: Path) -> None:
    record.add_all(*(page(n) for n in range(8)))
    late = iter([page(8, extra="A new spirit."), (page(7)[0], page(7)[1].replace(b"spirit", b"letter"))])

    def meanwhile(done: int, _: int) -> None:
        with onrecord.open(folder) as other:
            if not done:
                other.add_all(*late)

    life = record.formula("spirit", progress=meanwhile)
    assert (life.total, life.occasions) == (16, 8)
    assert record.formula("spirit").total == 17
    assert record.formulas(occasions=2)


def test_what_was_asked_for_stays_as_it_was(record: Record) -> None:
    record.add_all(*(page(n) for n in range(8)))
    before = record.phrases.state()
    size = len(before.concordance.lexicon), len(before.concordance.names)
    record.add(page(8, extra="Quite unheard-of words, these."))
    assert len(record.phrases.state().concordance.lexicon) > size[0]
    assert size == (len(before.concordance.lexicon), len(before.concordance.names))


def test_mentions_follow_an_edition_to_another_source(record: Record) -> None:
    record.add_all(*(page(n, extra="We strongly condemn China.") for n in range(3)))
    assert record.formula("condemn").by_target == {"CN": 3}
    last = record.formula("condemn").last
    assert last is not None
    record.move(last.edition, "cn-mfa/2031-01-03")
    assert record.formula("condemn").by_target == {"CN": 2}


@pytest.mark.parametrize("phrase", ["spirit ", "the spirit of the westisle accord ", "人", "q "])
def test_a_phrase_may_be_long(record: Record, phrase: str) -> None:
    record.add_all(*(page(n) for n in range(6)))
    assert record.formula(phrase * 2_000).total == 0


def test_a_long_passage_is_found(record: Record) -> None:
    words = " ".join(f"word{n}" for n in range(900))
    record.add_all(
        *(page(n, extra=words) for n in range(3)),
        *(page(n, extra=words.replace("word450 ", "letter ")) for n in (20, 21)),
    )
    life = record.formula(words)
    assert (life.total, [(row.kind, row.total) for row in life.variants]) == (3, [("swapped", 2)])


def test_what_is_no_text_is_refused(record: Record) -> None:
    record.add(page(0))
    with pytest.raises(BadQuery, match="no text"):
        record.formula("spi\udcffrit")


def test_a_lost_store_takes_the_concordance_with_it(record: Record, folder: Path) -> None:
    record.add_all(*(page(n) for n in range(8)))
    expected = record.formula("spirit")
    record.close()
    for name in ("store.sqlite", "store.sqlite-wal", "store.sqlite-shm"):
        (folder / name).unlink(missing_ok=True)
    with onrecord.open(folder) as again:
        again.add(page(0))
        assert again.formula("spirit") == expected
        assert again.verify().ok


def test_another_writer_is_not_waited_for(record: Record, folder: Path) -> None:
    record.add_all(*(page(n) for n in range(8)))
    lock = WriterLock(folder / "lock", wait=0)
    try:
        assert record.formula("spirit").total == 16
        assert record.formulas()
        assert not (folder / kept.FOLDER).exists()
    finally:
        lock.release()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_read(record: Record, folder: Path) -> None:
    record.add_all(*(page(n) for n in range(8)))
    folder.chmod(0o500)
    try:
        assert record.formula("spirit").total == 16
    finally:
        folder.chmod(0o700)


def test_a_refused_write_is_no_failure(record: Record, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record.add_all(*(page(n) for n in range(8)))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept, "_written", refuse)
    assert record.formula("spirit").total == 16
    monkeypatch.undo()
    assert record.verify().ok
    record.add(page(30))
    assert record.formula("spirit").total == 18
    assert record.verify().ok


def test_parts_stay_few(record: Record, folder: Path) -> None:
    for n in range(24):
        record.add(page(n))
        record.formula("spirit")
    assert len(list((folder / kept.FOLDER).glob("part-*.bin"))) <= 6
    assert record.formula("spirit").total == 48


def test_templates_have_one_open_slot(record: Record) -> None:
    matters = ("harbour", "ferry", "budget", "lighthouse", "census", "road", "bridge", "market")
    for n in range(16):
        said = f"We have nothing to announce on the {matters[n % 8]} today. The sea was calm on day {n}."
        record.add(page(n, extra=said))
    found = record.templates()
    assert any("nothing to announce on" in row.formula and "___" in row.formula for row in found), found
    assert all(row.formula.count("___") == 1 and row.count >= row.occasions >= 5 for row in found)
    assert record.templates(source="cn-mfa") == []


def test_the_ladder_is_climbed_week_by_week(record: Record) -> None:
    for n, words in enumerate(
        (
            "We are concerned about what Norway did.",
            "We strongly condemn Norway.",
            "We love fish.",
            "We regret Norway's step.",
        )
    ):
        record.add(page(7 * n, extra=words))
    weeks = record.ladder("NO")
    assert [(week.week, week.from_) for week in weeks] == [
        ("2031-W01", "2030-12-30"),
        ("2031-W02", "2031-01-06"),
        ("2031-W04", "2031-01-20"),
    ]
    assert weeks[1].rung > weeks[2].rung > weeks[0].rung
    assert weeks[1].use.text == "We strongly condemn Norway."
    assert record.formula("condemn").by_target == {"NO": 1}
    assert record.formula("spirit of").by_target == {}
    assert record.ladder("no", since="2031-01-20") == weeks[2:]
    with pytest.raises(BadQuery):
        record.ladder("Atlantis")


def test_company_and_variants_come_with_a_life(record: Record) -> None:
    record.add_all(*(page(n) for n in range(12)))
    record.add(page(20, extra="We have something to announce. " * 2))
    record.add(page(21, extra="We have something to announce."))
    life = record.formula("nothing to announce")
    assert [(v.kind, v.here, v.there, v.total, v.occasions) for v in life.variants] == [
        ("swapped", "nothing", "something", 3, 2)
    ]
    assert record.formula("nothing to announce", variants=False).variants == ()
    near = record.formula("harbour of").company
    assert [(row.formula, row.exchanges) for row in near] == [
        ("norland stands by the spirit of the westisle accord", 14)
    ]
    assert near[0].lift > 1
