"""Files, folders, standard input and containers, kind and hostile; every container is built here."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import socket
import tracemalloc
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from onrecord.archive.http import body_of
from onrecord.archive.intake import Item, count, intake
from onrecord.archive.limits import Budget, Limits, Refused

PAGE = b"<!DOCTYPE html><p>Q: Is the ferry running?</p><p>MS REED: It is.</p>"
SMALL = Limits(page=100_000, ratio=20, members=50)


def names(items: list[Item], folder: Path) -> list[str]:
    return [item.name.removeprefix(f"{folder}/") for item in items]


def take(*paths: Any, **options: Any) -> list[Item]:
    items = list(intake(paths, **options))
    for item in items:
        assert (item.data is None) == (item.error is not None)
        assert item.name.isprintable()
        item.name.encode()
        if item.error:
            assert item.name not in item.error
            assert "\n" not in item.error
    return items


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.simplefilter("ignore")
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def warc(*records: tuple[str, str, bytes, dict[str, str]], packed: bool = True, status: str = "200 OK") -> bytes:
    """WARC bytes; each record is a type, an address, the body as sent, and the headers of HTTP."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    for kind, url, body, headers in records:
        message = StatusAndHeaders(headers.pop(":status", status), list(headers.items()), protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                url,
                kind,
                payload=io.BytesIO(body),
                http_headers=message if kind == "response" else None,
                warc_content_type=headers.get("Content-Type", "text/html") if kind == "resource" else "",
                warc_headers_dict={"WARC-Date": "2031-02-03T04:05:06Z"},
            )
        )
    return out.getvalue()


def html(url: str, body: bytes = PAGE, **headers: str) -> tuple[str, str, bytes, dict[str, str]]:
    return (
        "response",
        url,
        body,
        {"Content-Type": "text/html; charset=utf-8"} | {key.replace("_", "-"): value for key, value in headers.items()},
    )


# --- files and folders


def test_a_folder_in_sorted_order_without_what_is_plainly_no_page(tmp_path: Path) -> None:
    kept = [
        "a.html",
        "b/deep/c.md",
        "b/notes",
        "d.PDF",
        "license-talks.html",
        "notice.html",
        "security-council.txt",
        "z.do",
    ]
    dropped = [".git/config.txt", ".DS_Store", "LICENSE", "LICENSE.CC0", "LICENSE-MIT", "README.md", "readme",
               "b/x.css", "b/photo.JPG", "data.json", "__MACOSX/a.html", "a.html~", "b/Thumbs.db"]  # fmt: skip
    for name in kept + dropped:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PAGE)
    (tmp_path / "blob").write_bytes(b"\0\1\2" * 99)
    items = take(tmp_path)
    assert names(items, tmp_path) == kept
    assert all(item.data == PAGE for item in items)
    assert count([tmp_path]) == len(kept) + 1  # the blob is opened before it is passed over
    assert names(take(str(tmp_path / "LICENSE"), tmp_path / "blob"), tmp_path) == ["LICENSE", "blob"]


def test_the_generator_is_lazy(tmp_path: Path) -> None:
    for n in range(3):
        (tmp_path / f"{n}.html").write_bytes(PAGE)
    items = intake([tmp_path])
    next(items)
    (tmp_path / "1.html").unlink()
    assert next(items).error == "does not exist"


def test_loops_are_named_once_and_no_folder_is_entered_twice(tmp_path: Path) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    (inside / "page.html").write_bytes(PAGE)
    (inside / "up").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(inside)
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "gone").symlink_to("nowhere")
    items = take(tmp_path)
    assert [(item.name.removeprefix(f"{tmp_path}/"), item.error) for item in items] == [
        ("a/b/page.html", None),
        ("a/b/up", "leads back to a folder above it and is not followed"),
        ("gone", "is a link to something that does not exist"),
        ("self", "is a link that leads back to itself"),
    ]


def test_deep_folders(tmp_path: Path) -> None:
    where = os.open(tmp_path, os.O_RDONLY)
    for _ in range(400):
        os.mkdir("d", dir_fd=where)
        below = os.open("d", os.O_RDONLY, dir_fd=where)
        os.close(where)
        where = below
    os.close(where)
    assert take(tmp_path) == []


def test_paths_that_cannot_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.html").write_bytes(PAGE)
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as sock:
        monkeypatch.chdir(tmp_path)
        sock.bind("s0ck")
        items = take("missing.html", "page.html/x", "fifo", "s0ck", "/dev/zero", "a\0b", "x" * 300, "page.html")
    assert [item.error for item in items] == [
        "does not exist",
        "does not exist: a part of its path is a file, not a folder",
        "is a pipe, not a file",
        "is a socket, not a file",
        "is a device, not a file",
        "is not a path that can exist",
        "cannot be read: file name too long",
        None,
    ]
    assert [item.error for item in take(tmp_path)] == ["is a pipe, not a file", None, "is a socket, not a file"]


def test_no_permission_and_a_failing_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a/1.html", "b/2.html", "c.html", "d.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PAGE)
    real_open, real_list = os.open, os.listdir

    def opened(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        if str(path).endswith("c.html"):
            raise PermissionError(13, "Permission denied", path)
        if str(path).endswith("d.html"):
            raise OSError(5, "Input/output error", path)
        return real_open(path, flags, *rest, **more)

    def listed(path: Any) -> list[str]:
        if str(path).endswith("/a"):
            raise PermissionError(13, "Permission denied", path)
        return real_list(path)

    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(os, "listdir", listed)
    denied = "cannot be read: permission denied"
    assert [item.error for item in take(tmp_path)] == [denied, None, denied, "cannot be read: input/output error"]


def test_a_name_that_is_no_unicode_or_would_write_to_the_terminal(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xc3\x28.html")).write_bytes(PAGE)
    (tmp_path / "a\x1b[31m\n.html").write_bytes(PAGE)
    items = take(tmp_path)
    assert names(items, tmp_path) == ["a\ufffd[31m\ufffd.html", "\ufffd(.html"]
    assert all(item.data == PAGE for item in items)


def test_a_large_file_is_refused_without_being_read(tmp_path: Path) -> None:
    with open(tmp_path / "big.html", "wb") as file:
        file.truncate(200 << 20)
    (tmp_path / "page.html").write_bytes(PAGE)
    tracemalloc.start()
    items = take(tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [item.error for item in items] == ["is larger than 64 MB, which no briefing page is", None]
    assert peak < 10 << 20


def test_standard_input(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_bytes(PAGE)
    items = take("-", tmp_path / "b.html", stdin=io.BytesIO(PAGE * 2))
    assert [(item.name, item.data) for item in items] == [("-", PAGE * 2), (str(tmp_path / "b.html"), PAGE)]
    assert take("-", stdin=io.BytesIO(b"")) == [Item(name="-", data=b"")]
    assert take("-")[0].error == "standard input is not connected"
    assert take("-", stdin=io.BytesIO(b"x" * 100_001), limits=SMALL)[0].error == (
        "is larger than 100,000 bytes, which no briefing page is"
    )
    assert [item.name for item in take("-", stdin=io.BytesIO(warc(html("https://mfa.example/1"))))] == [
        "-:https://mfa.example/1"
    ]


# --- gzip and ZIP


def test_gzip_of_one_page(tmp_path: Path) -> None:
    path = tmp_path / "page.html.gz"
    path.write_bytes(gzip.compress(PAGE) + gzip.compress(PAGE))
    assert take(path) == [Item(name=str(path), data=PAGE + PAGE)]
    path.write_bytes(gzip.compress(PAGE)[:-9])
    assert take(path)[0].error == "is cut off before its end"
    path.write_bytes(b"\x1f\x8b" + b"junk" * 9)
    assert take(path)[0].error == "is a damaged gzip file; what came before the damage was kept"
    path.write_bytes(gzip.compress(bytes(300_000)))
    assert take(path, limits=SMALL)[0].error == "is larger than 100,000 bytes, which no briefing page is"


def test_zip_members(tmp_path: Path) -> None:
    path = tmp_path / "pages.zip"
    office = zipped({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<b/>"})
    path.write_bytes(
        zipped(
            {
                "../../etc/1.html": PAGE,
                "/root/2.md": b"Q  Why?",
                "__MACOSX/._1.html": b"\0",
                "a/.hidden/3.html": PAGE,
                "a/style.css": b"p{}",
                "a/note.docx": office,
                "a/4.html.gz": gzip.compress(PAGE),
                "a/月湖.html": PAGE,
                "blob": b"\0" * 50,
            }
        )
    )
    items = take(path)
    assert names(items, tmp_path) == [
        "pages.zip:../../etc/1.html",
        "pages.zip:/root/2.md",
        "pages.zip:a/note.docx",
        "pages.zip:a/4.html.gz",
        "pages.zip:a/月湖.html",
    ]
    assert [item.data for item in items] == [PAGE, b"Q  Why?", office, PAGE, PAGE]
    assert sorted(os.listdir(tmp_path)) == ["pages.zip"]
    assert take(path.rename(tmp_path / "pages.bin"))[0].data == PAGE  # known by what it holds, not by its name


def test_docx_is_a_page_though_a_zip_file(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(zipped({"_rels/.rels": b"<a/>", "[Content_Types].xml": b"<a/>", "word/document.xml": b"<b/>"}))
    assert take(path) == [Item(name=str(path), data=path.read_bytes())]


def test_names_in_a_zip_that_do_not_say_their_encoding(tmp_path: Path) -> None:
    data = zipped({"xxxx.html": PAGE})
    raw = "月湖".encode("gb18030")
    (tmp_path / "a.zip").write_bytes(data.replace(b"xxxx", raw))
    assert names(take(tmp_path / "a.zip"), tmp_path) == ["a.zip:月湖.html"]


def test_zip_members_that_cannot_be_read_do_not_stop_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    data = bytearray(zipped({"1.html": PAGE, "2.html": PAGE * 9, "3.html": PAGE}))
    second = data.index(b"2.html") + 6
    data[second + 3] ^= 0xFF
    path.write_bytes(data)
    items = take(path)
    assert [bool(item.error) for item in items] == [False, True, False]
    path.write_bytes(zipped({"1.html": PAGE}, zipfile.ZIP_BZIP2))
    assert take(path)[0].error == "is compressed by a method that is not read here; use Deflate"
    locked = bytearray(zipped({"1.html": PAGE}))
    locked[6] |= 1
    locked[locked.rindex(b"PK\1\2") + 8] |= 1
    path.write_bytes(locked)
    assert take(path)[0].error == "is locked with a password"
    path.write_bytes(zipped({"1.html": PAGE})[:-30])
    assert take(path)[0].error == "is a damaged ZIP file"


def test_nesting_is_refused_past_two_containers(tmp_path: Path) -> None:
    inner = zipped({"deep.html": PAGE})
    path = tmp_path / "a.zip"
    path.write_bytes(
        zipped(
            {
                "1.html": PAGE,
                "b.zip": zipped({"2.html": PAGE, "c.zip": inner, "d.warc.gz": warc(html("http://a.example"))}),
            }
        )
    )
    items = take(path)
    assert [(item.name.removeprefix(f"{tmp_path}/"), item.error) for item in items] == [
        ("a.zip:1.html", None),
        ("a.zip:b.zip:2.html", None),
        ("a.zip:b.zip:c.zip", "is a ZIP file inside 2 other containers, deeper than is read"),
        ("a.zip:b.zip:d.warc.gz", "is a gzip file inside 2 other containers, deeper than is read"),
    ]
    quine: bytes = PAGE
    for _ in range(40):
        quine = gzip.compress(quine)
    (tmp_path / "q.gz").write_bytes(quine)
    assert take(tmp_path / "q.gz")[0].error == "is a gzip file inside 2 other containers, deeper than is read"


def test_a_zip_bomb_keeps_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped({"0.html": PAGE} | {f"{n}.html": bytes(90_000) for n in range(1, 40)}))
    items = take(path, limits=SMALL)
    assert items[0].data == PAGE
    assert items[-1].name == str(path)
    assert items[-1].error is not None
    assert items[-1].error.startswith("unpacks to more than ")
    assert "over 20 times its size" in items[-1].error
    assert sum(len(item.data or b"") for item in items) <= max(2 * SMALL.page, SMALL.ratio * path.stat().st_size)
    assert [item.error for item in items[:-1]] == [None] * (len(items) - 1)


def test_sizes_that_a_zip_declares_are_not_believed(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.html": bytes(300_000)}))
    small = (5).to_bytes(4, "little")
    data[22:26] = small
    central = data.rindex(b"PK\1\2")
    data[central + 24 : central + 28] = small
    (tmp_path / "a.zip").write_bytes(data)
    (item,) = take(tmp_path / "a.zip", limits=SMALL)
    assert item.error == "is damaged inside the ZIP file"


def test_overlapping_members_and_too_many(tmp_path: Path) -> None:
    one = zipped({"a.html": bytes(90_000)})
    central = one.rindex(b"PK\1\2")
    end = one.rindex(b"PK\5\6")
    entry = one[central:end]
    total = (40).to_bytes(2, "little")
    tail = one[end : end + 8] + total * 2 + (len(entry) * 40).to_bytes(4, "little") + one[end + 16 :]
    (tmp_path / "a.zip").write_bytes(one[:central] + entry * 40 + tail)
    assert "unpacks to more than" in (take(tmp_path / "a.zip", limits=SMALL)[-1].error or "")
    (tmp_path / "b.zip").write_bytes(zipped({f"{n}.txt": b"words" for n in range(60)}))
    items = take(tmp_path / "b.zip", limits=SMALL)
    assert len(items) == 51
    assert items[-1].error == "holds more than 50 members; what came before was kept"


# --- WARC


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc", "archive"])
def test_warc_records(tmp_path: Path, packed: bool, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(
        warc(
            html("https://mfa.example/1.html"),
            html("https://mfa.example/gone", PAGE, **{":status": "404 Not Found"}),
            html("https://mfa.example/moved", b"", **{":status": "301 Moved"}),
            ("request", "https://mfa.example/1.html", b"GET / HTTP/1.1\r\n\r\n", {}),
            ("response", "https://mfa.example/x.css", b"p{}", {"Content-Type": "text/css"}),
            ("response", "https://mfa.example/a.pdf", b"%PDF-1.7", {"Content-Type": "application/pdf"}),
            ("response", "https://mfa.example/robots.txt", b"User-agent: *", {"Content-Type": "text/plain"}),
            ("response", "https://mfa.example/none", PAGE, {}),
            ("resource", "urn:sha256:00", b"Q  Why?", {"Content-Type": "text/markdown"}),
            ("resource", "metadata://gnu.org/wget.log", b"log", {"Content-Type": "text/plain"}),
            packed=packed,
        )
    )
    items = take(path)
    assert [(item.name.removeprefix(f"{path}:"), item.url, item.data) for item in items] == [
        ("https://mfa.example/1.html", "https://mfa.example/1.html", PAGE),
        ("https://mfa.example/a.pdf", "https://mfa.example/a.pdf", b"%PDF-1.7"),
        ("https://mfa.example/none", "https://mfa.example/none", PAGE),
        ("urn:sha256:00", None, b"Q  Why?"),
    ]
    assert {item.fetched for item in items} == {"2031-02-03T04:05:06Z"}


def chunked(data: bytes, size: int = 10) -> bytes:
    parts = [data[n : n + size] for n in range(0, len(data), size)]
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def test_bodies_are_given_as_the_page_was(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    bodies = [
        (chunked(PAGE), "chunked", ""),
        (chunked(gzip.compress(PAGE)), "Chunked", "GZIP"),
        (gzip.compress(PAGE), "", "x-gzip"),
        (zlib.compress(PAGE), "", "deflate"),
        (raw_deflate(PAGE), "", "deflate"),
        (gzip.compress(zlib.compress(PAGE)), "", "deflate, gzip"),
        (PAGE, "chunked", "gzip"),  # headers kept over a body already undone
        (PAGE, "", "br"),
    ]
    path.write_bytes(
        warc(
            *[
                html(f"http://a.example/{n}", body, Transfer_Encoding=t, Content_Encoding=c)
                for n, (body, t, c) in enumerate(bodies)
            ]
        )
    )
    assert [item.data for item in take(path)] == [PAGE] * len(bodies)


def test_bodies_that_cannot_be_undone(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(
        warc(
            html("http://a.example/0", chunked(PAGE)[:-20], Transfer_Encoding="chunked"),
            html("http://a.example/1", gzip.compress(PAGE)[:-20], Content_Encoding="gzip"),
            html("http://a.example/2", gzip.compress(bytes(200_000)), Content_Encoding="gzip"),
            html("http://a.example/3", b"\x8b\x02\x80junk", Content_Encoding="br"),
            html("http://a.example/4", bytes(100_001)),
            html("http://a.example/5"),
        )
    )
    assert [item.error for item in take(path, limits=Limits(page=100_000))] == [
        "is cut off before its end",
        "is cut off before its end",
        "is larger than 100,000 bytes, which no briefing page is",
        "is compressed as “br”, which is not read here",
        "is larger than 100,000 bytes, which no briefing page is",
        None,
    ]


@settings(max_examples=200)
@given(st.binary(max_size=400), st.sampled_from(["", "chunked"]), st.sampled_from(["", "gzip", "deflate", "br"]))
def test_any_body_is_given_or_refused(raw: bytes, transfer: str, coding: str) -> None:
    with contextlib.suppress(Refused):
        assert isinstance(body_of(raw, transfer=transfer, coding=coding, budget=Budget(SMALL, len(raw))), bytes)


@given(st.binary(min_size=1, max_size=400), st.integers(1, 50))
def test_chunks_go_together_again(data: bytes, size: int) -> None:
    assert body_of(chunked(data, size), transfer="chunked", coding="", budget=Budget(SMALL, 1)) == data


def test_a_warc_cut_off_or_damaged_keeps_what_came_before(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for packed in (True, False):
        data = warc(html("http://a.example/ 1"), html("http://a.example/2"), packed=packed)
        path = tmp_path / f"{packed}.warc"
        path.write_bytes(data[:-30])
        items = take(path)
        assert [item.data for item in items] == [PAGE, None]
        assert (items[-1].name, items[-1].error) == (str(path), "is cut off before its end; what came before was kept")
    path.write_bytes(warc(html("http://a.example/1"), packed=False) + b"rubbish\r\n\r\n")
    assert [item.error for item in take(path)] == [
        None,
        "is damaged in the middle; what came before the damage was kept",
    ]
    path.write_bytes(
        warc(html("http://a.example/1"), packed=False).replace(b"Content-Length: ", b"Content-Longth: ", 1)
    )
    assert take(path)[0].error == "has a record of unknown length; what came before was kept"
    path.write_bytes(b"not a WARC file")
    assert take(path)[0].error == "is not a WARC file, though its name says so"
    assert capfd.readouterr() == ("", "")


def test_a_warc_bomb_keeps_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(warc(html("http://a.example/1"), html("http://a.example/2", bytes(5_000_000))))
    items = take(path, limits=SMALL)
    assert items[0].data == PAGE
    assert "unpacks to more than" in (items[-1].error or "")
    tracemalloc.start()
    endless = b"WARC/1.1\r\nWARC-Type: response\r\nX: " + b"a" * 40_000_000
    path.write_bytes(warc(html("http://a.example/1")) + gzip.compress(endless))
    items = take(path)
    del endless
    assert items[0].data == PAGE
    assert items[-1].error == "has a record with more than 1 MB of headers; what came before was kept"
    tracemalloc.stop()


def test_memory_stays_at_one_page(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    body = os.urandom(1 << 20)
    path.write_bytes(warc(*[html(f"http://a.example/{n}", body) for n in range(20)]))
    tracemalloc.start()
    assert sum(len(item.data or b"") for item in intake([path])) == 20 << 20
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6 << 20


@pytest.fixture(scope="module")
def containers() -> list[bytes]:
    return [
        warc(
            html("http://a.example/1"),
            html("http://a.example/2", chunked(gzip.compress(PAGE)), Content_Encoding="gzip"),
        ),
        warc(html("http://a.example/1"), packed=False),
        zipped({"1.html": PAGE, "b.zip": zipped({"2.html": PAGE})}),
        gzip.compress(PAGE),
    ]


def test_a_member_of_a_zip_file_without_a_name_is_read(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    path.write_bytes(zipped({"@@": PAGE, "b.html": PAGE}).replace(b"@@", b"\0@"))
    assert [item.data for item in take(path)] == [PAGE, PAGE]


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(which=st.integers(0, 3), at=st.floats(0, 0.999), byte=st.integers(0, 255), cut=st.booleans())
def test_any_damage_is_a_sentence(containers: list[bytes], which: int, at: float, byte: int, cut: bool) -> None:
    data = bytearray(containers[which])
    place = int(at * len(data))
    data[place] = byte
    if cut:
        del data[place:]
    for item in take("-", stdin=io.BytesIO(bytes(data)), limits=SMALL):
        assert item.error or item.data is not None
