"""What people will hand in that is no briefing: each gets one clear sentence, and everything else is kept."""

from __future__ import annotations

import builtins
import errno
import gzip
import io
import json
import os
import random
import re
import stat
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

import onrecord
from onrecord.cli import main
from onrecord.record import Record
from onrecord.store.lock import WriterLock

GOOD = """---
date: '2023-05-06'
title: "Press Briefing by Press Secretary Odile Marsh, May 6, 2023"
source_url: https://bidenwhitehouse.archives.gov/briefing-room/press-briefings/2023/05/06/briefing/
---

MS. MARSH:  Good afternoon.

Q    Will the tariff on salt be lifted?

MS. MARSH:  Not today.
"""
EDITION = "us-whitehouse/2023-05-06/en"

CHINESE = (
    '<!DOCTYPE html><html><head><meta charset="{declared}"><title>2023年5月9日外交部发言人林若舟主持例行记者会</title>'
    '<meta name="PubDate" content="2023-05-09">'
    '<meta name="Url" content="https://www.mfa.gov.cn/web/fyrbt/202305/t20230509_1.shtml"></head>'
    '<body><div id="News_Body_Txt_A"><p>灯塔电视台记者：渡轮停航了吗？请发言人介绍具体情况。</p>'
    "<p>林若舟：没有停航。夜班照常，船闸由港务局看守。</p></div></body></html>"
)


def dated(day: date) -> bytes:
    """The good page as another day's."""
    page = GOOD.replace("2023-05-06", str(day)).replace("2023/05/06", str(day).replace("-", "/"))
    return page.replace("May 6, 2023", f"{day:%B} {day.day}, {day.year}").encode()


class Desk:
    """A folder in which to add things to a record, one good page among them."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[bytes]) -> None:
        self.folder = folder
        self._capture = capture
        (folder / "good.md").write_text(GOOD)

    def put(self, name: str, data: bytes) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return name

    def run(self, *arguments: str) -> tuple[int, str, str]:
        self._capture.readouterr()
        status = main(arguments)
        out, err = (data.decode() for data in self._capture.readouterr())
        assert "Traceback" not in out + err
        return status, out, err

    def add(self, *inputs: str) -> tuple[int, dict[str, dict[str, Any]], list[str]]:
        """Adds the inputs and then the good page: exit status, the rows by input, the sentences on standard error."""
        status, out, err = self.run("add", *inputs, "good.md", "--json")
        rows = {row["input"]: row for row in map(json.loads, out.splitlines())}
        assert rows["good.md"]["edition"] == EDITION, "the good page was lost"
        self.check()
        return status, rows, err.splitlines()

    def check(self) -> None:
        status, out, _ = self.run("verify", "--json")
        assert json.loads(out)["problems"] == []
        assert status == 0

    def edition(self, id: str) -> Any:
        with onrecord.open(self.folder / "record", create=False) as record:
            return record[id]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Desk:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ONRECORD_DIR", raising=False)
    return Desk(tmp_path, capfdbinary)


def refused(desk: Desk, name: str, sentence: str) -> None:
    """Adding ``name`` fails with that sentence (a pattern) and status 1; the good page is kept."""
    status, rows, said = desk.add(name)
    assert status == 1
    assert rows[name]["status"] == "failed"
    assert len(said) == 1
    assert re.fullmatch(f"onrecord: {re.escape(name)}: {sentence}", said[0]), said[0]
    assert rows[name]["error"] == said[0].removeprefix(f"onrecord: {name}: ")
    assert sum(row["status"] != "failed" for row in rows.values()) == 1


# --- files that hold no words


def test_empty(desk: Desk) -> None:
    refused(desk, desk.put("empty.html", b""), "is empty")


def test_blank(desk: Desk) -> None:
    refused(desk, desk.put("blank.txt", b" \n\t\r\n" * 100), "is empty")


def test_markup_without_words(desk: Desk) -> None:
    refused(desk, desk.put("bare.html", b"<!DOCTYPE html><html><head></head><body><div></div></body></html>"), "[^\n]+")


@pytest.mark.parametrize("name", ["junk.html", "junk.txt", "junk.md", "junk"])
def test_binary_junk(desk: Desk, name: str) -> None:
    refused(desk, desk.put(name, random.Random(7).randbytes(200_000)), "is binary data, not a page of text")


@pytest.mark.parametrize(
    ("head", "seems"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
        (b"\x7fELF\2\1\1\0", "a program"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    ],
)
def test_a_file_of_another_kind_is_called_by_it(desk: Desk, head: bytes, seems: str) -> None:
    refused(desk, desk.put("briefing.html", head + bytes(3000)), f"[^\n]*{seems}[^\n]*")


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4\n" + b"\xe2\xe3\xcf\xd3" * 500], ids=["cut", "junk"])
def test_a_broken_pdf(desk: Desk, data: bytes) -> None:
    refused(desk, desk.put("briefing.pdf", data), "[^\n]+")


def test_a_broken_docx(desk: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types")
        archive.writestr("word/document.xml", "<w:document")
    refused(desk, desk.put("briefing.docx", packed.getvalue()), "[^\n]+")


def test_nobody_else_speaks_on_standard_error(desk: Desk) -> None:
    """Libraries log warnings of their own, which Python would print: one sentence is all there may be."""
    for name, data in (("bare.html", b"<html><body><div></div></body></html>"), ("cut.pdf", b"%PDF-1.7\n")):
        desk.put(name, data)
    command = [sys.executable, "-c", "import sys; from onrecord.cli import main; sys.exit(main())"]
    for jobs in ("1", "2"):
        ran = subprocess.run(
            [*command, "add", "bare.html", "cut.pdf", "--jobs", jobs], cwd=desk.folder, capture_output=True, check=False
        )
        assert ran.returncode == 1
        assert [line.split(b":")[:2] for line in ran.stderr.splitlines()] == [
            [b"onrecord", b" bare.html"],
            [b"onrecord", b" cut.pdf"],
        ]


# --- damaged pages


@pytest.mark.parametrize("left", ["请发言人", "情况。</p", "</p><p>林若舟：没", "看守。</p></div"])
def test_truncated_html_is_read_as_far_as_it_goes(desk: Desk, left: str) -> None:
    whole = CHINESE.format(declared="utf-8")
    end = whole.index(left) + len(left)
    cut = whole[:end].encode() + whole[end].encode()[:1]  # in the middle of a character, where there is one
    status, rows, said = desk.add(desk.put("cut.html", cut))
    assert (status, said) == (0, [])
    assert rows["cut.html"]["edition"] == "cn-mfa/2023-05-09/zh"
    assert "渡轮停航了吗？请发言人" in desk.edition("cn-mfa/2023-05-09/zh").text


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("gb18030", "utf-8"), ("gb18030", "gb2312"), ("utf-8", "gb2312"), ("utf-16", "utf-8"), ("utf-8", "iso-8859-1")],
)
def test_a_page_in_another_encoding_than_it_says(desk: Desk, encoding: str, declared: str) -> None:
    status, rows, _ = desk.add(desk.put("page.html", CHINESE.format(declared=declared).encode(encoding)))
    assert status == 0
    edition = desk.edition(rows["page.html"]["edition"])
    assert edition.id == "cn-mfa/2023-05-09/zh"
    assert [edition.words(turn) for turn in edition.turns] == [
        "渡轮停航了吗？请发言人介绍具体情况。",
        "没有停航。夜班照常，船闸由港务局看守。",
    ]


def test_stray_bytes_do_not_spoil_a_page(desk: Desk) -> None:
    page = dated(date(2023, 5, 8)).replace(b"salt", b"s\xffa\x00lt")
    status, rows, _ = desk.add(desk.put("stray.md", page))
    assert status == 0
    assert "Not today." in desk.edition(rows["stray.md"]["edition"]).text


def test_a_page_of_one_endless_line(desk: Desk) -> None:
    status, rows, _ = desk.add(desk.put("line.txt", b"MS. MARSH:  " + b"salt and " * 200_000))
    assert status == 0
    assert len(desk.edition(rows["line.txt"]["edition"]).text) > 1_000_000


def test_a_page_of_tags_within_tags(desk: Desk) -> None:
    status, rows, said = desk.add(desk.put("deep.html", b"<html><body>" + b"<div>" * 100_000 + b"Not today."))
    assert status in (0, 1)
    assert (rows["deep.html"]["status"] == "failed") == bool(said)


# --- size


def test_a_200_mb_file(desk: Desk) -> None:
    with (desk.folder / "huge.html").open("wb") as file:
        file.write(b"<html>")
        file.truncate(200 << 20)  # sparse: it takes no room
    refused(desk, "huge.html", "is larger than [^\n]+")


def test_a_gzip_bomb(desk: Desk) -> None:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        for _ in range(400):
            file.write(bytes(1 << 20))
    refused(desk, desk.put("bomb.html.gz", packed.getvalue()), "[^\n]*larger than[^\n]*|[^\n]*times[^\n]*")


def test_a_zip_bomb_keeps_what_stands_before_it(desk: Desk) -> None:
    with zipfile.ZipFile(desk.folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.md", dated(date(2023, 5, 7)))
        archive.writestr("b.html", bytes(300 << 20))
    status, rows, said = desk.add("bomb.zip")
    assert status == 1
    assert rows["bomb.zip:a.md"]["status"] == "added"
    assert len(said) == 1
    assert re.match(r"onrecord: bomb\.zip(:b\.html)?: ", said[0])


def test_zip_files_in_zip_files(desk: Desk) -> None:
    packed = dated(date(2023, 5, 7))
    name = "page.md"
    for depth in range(12):
        outer = io.BytesIO()
        with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, packed)
        packed, name = outer.getvalue(), f"{depth}.zip"
    desk.put("nest.zip", packed)
    status, _, said = desk.add("nest.zip")
    assert status == 1
    assert len(said) == 1
    assert said[0].startswith("onrecord: nest.zip")


def test_a_zip_of_many_copies_of_a_bomb(desk: Desk) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.html", bytes(60 << 20))
    with zipfile.ZipFile(desk.folder / "many.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(40):
            archive.writestr(f"{number}.zip", inner.getvalue())
    status, rows, said = desk.add("many.zip")
    assert status == 1
    assert said
    assert all(line.startswith("onrecord: many.zip") for line in said)
    assert [row["input"] for row in rows.values() if row["status"] != "failed"] == ["good.md"]


def test_a_zip_that_is_cut_off(desk: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.md", GOOD * 20)
    refused(desk, desk.put("cut.zip", packed.getvalue()[:3000]), "[^\n]+")


def test_names_in_a_zip_lead_nowhere(desk: Desk) -> None:
    with zipfile.ZipFile(desk.folder / "sly.zip", "w") as archive:
        archive.writestr("../../outside.md", dated(date(2023, 5, 7)))
    before = sorted(desk.folder.parent.iterdir())
    assert desk.add("sly.zip")[0] == 0
    assert sorted(desk.folder.parent.iterdir()) == before


def test_a_tar_file(desk: Desk) -> None:
    with tarfile.open(desk.folder / "pages.tar", "w") as archive:
        archive.add("good.md")
    refused(desk, "pages.tar", "seems to be a tar archive[^\n]*")


# --- WARC


def _warc(path: Path, bodies: list[tuple[str, bytes, dict[str, str]]]) -> None:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, body, headers in bodies:
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), *headers.items()], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http))


def test_a_warc_bomb_keeps_the_other_pages(desk: Desk) -> None:
    bomb = gzip.compress(bytes(300 << 20))
    good = CHINESE.format(declared="utf-8").encode()
    _warc(
        desk.folder / "crawl.warc.gz",
        [
            ("https://www.mfa.gov.cn/web/fyrbt/202305/t20230509_1.shtml", good, {}),
            ("https://www.mfa.gov.cn/web/fyrbt/202305/t20230510_1.shtml", bomb, {"Content-Encoding": "gzip"}),
        ],
    )
    status, rows, said = desk.add("crawl.warc.gz")
    assert status == 1
    assert [row["edition"] for row in rows.values() if row["status"] == "added"] == ["cn-mfa/2023-05-09/zh", EDITION]
    assert len(said) == 1
    assert said[0].startswith("onrecord: crawl.warc.gz")


def test_a_warc_that_is_cut_off_keeps_what_is_whole(desk: Desk) -> None:
    good = CHINESE.format(declared="utf-8").encode()
    later = good.replace(b"2023-05-09", b"2023-05-10").replace("5月9日".encode(), "5月10日".encode())
    _warc(
        desk.folder / "crawl.warc.gz",
        [
            ("https://www.mfa.gov.cn/web/fyrbt/202305/t20230509_1.shtml", good, {}),
            ("https://www.mfa.gov.cn/web/fyrbt/202305/t20230510_1.shtml", later, {}),
        ],
    )
    data = (desk.folder / "crawl.warc.gz").read_bytes()
    (desk.folder / "crawl.warc.gz").write_bytes(data[:-150])
    status, rows, said = desk.add("crawl.warc.gz")
    assert status == 1
    assert [row["edition"] for row in rows.values() if row["status"] == "added"] == ["cn-mfa/2023-05-09/zh", EDITION]
    assert len(said) == 1


def test_a_warc_bomb_of_one_member(desk: Desk) -> None:
    head = b"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: https://norvania.example/\r\n"
    head += b"Content-Length: 400000000\r\n"
    head += b"WARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2023-05-06T00:00:00Z\r\nContent-Type: text/html\r\n\r\n"
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(head)
        for _ in range(400):
            file.write(bytes(1_000_000))
    status, rows, said = desk.add(desk.put("bomb.warc.gz", packed.getvalue()))
    assert status == 1
    assert len(said) == 1
    assert len([row for row in rows.values() if row["status"] == "added"]) == 1


# --- paths


def test_a_missing_path(desk: Desk) -> None:
    refused(desk, "nowhere/page.html", "does not exist")


@pytest.mark.parametrize("name", ["x" * 400, "good.md/page.html"])
def test_a_path_that_cannot_be(desk: Desk, name: str) -> None:
    refused(desk, name, "[^\n]+")


def test_a_folder_that_leads_back_to_itself(desk: Desk) -> None:
    desk.put("pages/one/a.md", dated(date(2023, 5, 7)))
    (desk.folder / "pages" / "one" / "loop").symlink_to(desk.folder / "pages", target_is_directory=True)
    status, rows, said = desk.add("pages")
    assert rows["pages/one/a.md"]["status"] == "added"
    assert status == 1
    assert said == ["onrecord: pages/one/loop: leads back to a folder above it and is not followed"]


def test_links_to_themselves_and_to_nothing(desk: Desk) -> None:
    (desk.folder / "self").symlink_to("self")
    (desk.folder / "gone.html").symlink_to("nothing.html")
    status, rows, said = desk.add("self", "gone.html")
    assert status == 1
    assert [rows["self"]["status"], rows["gone.html"]["status"]] == ["failed", "failed"]
    assert len(said) == 2


def test_a_pipe_that_nobody_writes_to(desk: Desk) -> None:
    os.mkfifo(desk.folder / "pipe")
    refused(desk, "pipe", "is a pipe, not a file")


def test_a_device(desk: Desk) -> None:
    refused(desk, "/dev/zero", "is a device, not a file")


def test_an_empty_folder_adds_nothing(desk: Desk) -> None:
    (desk.folder / "nothing").mkdir()
    status, rows, said = desk.add("nothing")
    assert (status, list(rows), said) == (0, ["good.md"], [])


def test_a_name_that_is_no_text(desk: Desk) -> None:
    name = os.fsdecode(b"gr\xfc\xdfe\x1b[31m.html")
    desk.put(name, b"")
    status, _, err = desk.run("add", name, "good.md")
    assert status == 1
    assert "\x1b" not in err
    assert err.count("\n") == 1
    desk.check()


def test_no_permission(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("secret.html", b"<p>hush</p>")
    (desk.folder / "secret.html").chmod(0)
    if os.geteuid() == 0:  # for whom there is nothing that may not be read
        _refuse_to_open(monkeypatch, lambda path: path.endswith("secret.html"), errno.EACCES)
    refused(desk, "secret.html", "cannot be read: permission denied")


def test_a_folder_without_permission(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("locked/a.md", GOOD.encode())
    (desk.folder / "locked").chmod(0)
    if os.geteuid() == 0:
        listed = os.listdir

        def refusing(path: Any = ".") -> Any:
            if str(path).endswith("locked"):
                raise PermissionError(errno.EACCES, "Permission denied", path)
            return listed(path)

        monkeypatch.setattr(os, "listdir", refusing)
    try:
        refused(desk, "locked", "cannot be read: permission denied")
    finally:
        (desk.folder / "locked").chmod(stat.S_IRWXU)


def test_a_disk_that_fails_while_a_page_is_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("bad.html", b"<p>half of it</p>")
    _refuse_to_open(monkeypatch, lambda path: path.endswith("bad.html"), errno.EIO)
    refused(desk, "bad.html", "cannot be read: input/output error")


def _refuse_to_open(monkeypatch: pytest.MonkeyPatch, which: Callable[[str], bool], number: int) -> None:
    """Opening some files fails as the system would have it fail."""
    for module, name in ((os, "open"), (builtins, "open"), (io, "open")):
        opening = getattr(module, name)

        def refusing(path: Any, *arguments: Any, opening: Any = opening, **more: Any) -> Any:
            if isinstance(path, str | os.PathLike) and which(os.fspath(path)):
                raise OSError(number, os.strerror(number), path)
            return opening(path, *arguments, **more)

        monkeypatch.setattr(module, name, refusing)


# --- dates


def test_a_page_dated_in_the_future_is_kept_and_says_so(desk: Desk) -> None:
    day = date.today() + timedelta(400)
    status, rows, _ = desk.add(desk.put("future.md", dated(day)))
    assert status == 0
    edition = desk.edition(rows["future.md"]["edition"])
    assert edition.date == str(day)
    assert any(str(day) in notice for notice in edition.notices)
    assert "Note: " in desk.run("show", edition.id)[1]


@pytest.mark.parametrize("when", ["2023-02-30", "0000-00-00", "99999-01-01", "yesterday"])
def test_a_page_with_a_date_that_is_none(desk: Desk, when: str) -> None:
    page = f"---\ndate: '{when}'\ntitle: Briefing\n---\n\nMS. MARSH:  Good afternoon.\n"
    status, rows, _ = desk.add(desk.put("when.md", page.encode()))
    assert status == 0
    assert desk.edition(rows["when.md"]["edition"]).date is None


# --- the record's own disk


def test_a_full_disk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.add()[0] == 0
    name = desk.put("more.md", dated(date(2023, 5, 7)))

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        status, out, err = desk.run("add", name, "--json")
    assert (status, out) == (1, "")
    assert re.fullmatch(r"onrecord: [^\n]*(no space left on device|disk is full)[^\n]*\n", err)
    assert desk.edition(EDITION)
    status, rows, _ = desk.add(name)
    assert status == 0
    assert rows[name]["status"] == "added"


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk takes root")
def test_a_disk_that_is_really_full(desk: Desk) -> None:
    small = desk.folder / "small"
    small.mkdir()
    if os.system(f"mount -t tmpfs -o size=1m tmpfs '{small}' 2>/dev/null"):
        pytest.skip("no small disk can be mounted here")
    try:
        words = random.Random(3)
        for day in range(1, 29):
            noise = "".join(words.choices("abcdefghij klmnopqrst", k=60_000)).encode()
            desk.put(f"pages/{day:02}.md", dated(date(2023, 2, day)) + noise)
        status, out, err = desk.run("--record", "small/record", "add", "good.md", "pages", "--json")
        assert status == 1
        assert re.fullmatch(r"onrecord: [^\n]+\n", err), err
        reported = {json.loads(line)["edition"] for line in out.splitlines()}
        with onrecord.open(small / "record", create=False) as record:
            assert reported <= {edition.id for edition in record.editions()}
        verified = desk.run("--record", "small/record", "verify")
        assert verified[0] == 0, verified
        os.system(f"mount -o remount,size=64m '{small}'")
        assert desk.run("--record", "small/record", "add", "good.md", "pages", "--json")[0] == 0
        assert desk.run("--record", "small/record", "verify")[0] == 0
    finally:
        os.system(f"umount -l '{small}'")


def test_a_record_that_may_not_be_written(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refusing)
    status, out, err = desk.run("add", "good.md", "--json")
    assert (status, out) == (1, "")
    assert re.fullmatch(r"onrecord: [^\n]*permission denied\n", err, re.IGNORECASE)


def test_a_record_where_there_is_a_file_or_another_folder(desk: Desk) -> None:
    desk.put("taken", b"")
    desk.put("theirs/letter.txt", b"dear")
    for place in ("taken", "theirs"):
        status, out, err = desk.run("--record", place, "add", "good.md")
        assert (status, out) == (1, "")
        assert re.fullmatch(r"onrecord: [^\n]+\n", err)
    assert [path.name for path in (desk.folder / "theirs").iterdir()] == ["letter.txt"]


def test_two_writers_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.add()[0] == 0
    assert isinstance(Record.__init__.__kwdefaults__["wait"], float)
    monkeypatch.setitem(Record.__init__.__kwdefaults__, "wait", 0.2)
    lock = WriterLock(desk.folder / "record" / "lock")
    try:
        name = desk.put("more.md", dated(date(2023, 5, 7)))
        status, _, err = desk.run("add", name)
        assert status == 1
        assert "another process is writing" in err
    finally:
        lock.release()
    assert desk.run("add", name)[0] == 0
