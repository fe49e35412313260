"""Pages of two fictional governments, and ways to run the program on a record of them."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import onrecord

ENGLISH = """---
date: '2031-05-06'
source_url: https://bidenwhitehouse.archives.gov/briefing-room/press-briefings/2031/05/06/briefing/
published_time: 2031-05-06 14:02:11-04:00
title: "Press Briefing by Press Secretary Odile Marsh, May 6, 2031"
---

MS. MARSH:  Good afternoon.  The harbour <b>law</b> passed, ~~eleven~~ twelve votes to none.

Q    Will the tariff on salt be lifted?

MS. MARSH:  No tariff is lifted today.  (Laughter.)

Q    And the one canal policy?

MS. MARSH:  The one canal policy stands.
"""

CHINESE = """<!DOCTYPE html><html><head><meta charset="utf-8">
<meta name="ArticleTitle" content="2031年5月7日外交部发言人林若舟主持例行记者会">
<meta name="PubDate" content="2031-05-07">
<meta name="Url" content="https://www.mfa.gov.cn/web/fyrbt/203105/t20310507_1.shtml"></head>
<body><div class="news-main" id="News_Body_Txt_A">
<p><strong>路透社记者：运河的关税何时取消？</strong></p>
<p>林若舟：今天不取消关税。一条运河的政策没有改变。</p>
<p><strong>《环球时报》记者：渡轮停航了吗？</strong></p>
<p>林若舟：没有。</p>
</div></body></html>
"""

DAYS = [date(2031, 5, 6), date(2031, 5, 8), date(2031, 7, 1), date(2032, 2, 3), date(2032, 12, 24)]
PHRASE = "The one canal policy stands"
"""In an answer of each day; the question before has its first four words."""
EN, ZH = "us-whitehouse/2031-05-06/en", "cn-mfa/2031-05-07/zh"


class Ran(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]

PROGRAM = [sys.executable, "-c", "import sys; from onrecord.cli import main; sys.exit(main())"]


def environment(**more: str) -> dict[str, str]:
    dropped = ("ONRECORD_DIR", "NO_COLOR", "COLUMNS", "FORCE_COLOR")
    return {name: value for name, value in os.environ.items() if name not in dropped} | {"TERM": "xterm"} | more


def process(*arguments: str, cwd: Path, input: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [*PROGRAM, *arguments]
    return subprocess.run(command, cwd=cwd, input=input, capture_output=True, env=environment(), check=False)


def on_a_terminal(arguments: list[str], cwd: Path | None = None, **more: str) -> str:
    """What the program writes to a terminal."""
    ours, its = pty.openpty()
    command = [*PROGRAM, *arguments]
    running = subprocess.Popen(
        command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=its, stderr=its, env=environment(**more)
    )
    os.close(its)
    try:
        return b"".join(_until_closed(ours)).decode().replace("\r\n", "\n")
    finally:
        os.close(ours)
        assert running.wait(timeout=30) == 0


def _until_closed(terminal: int) -> Iterator[bytes]:
    end = time.monotonic() + 30
    while time.monotonic() < end and select.select([terminal], [], [], 30)[0]:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # Linux says EIO once the other side is closed
            return
        if not data:
            return
        yield data


def english_of(day: date) -> str:
    page = ENGLISH.replace("2031-05-06", str(day)).replace("2031/05/06", str(day).replace("-", "/"))
    return page.replace("May 6, 2031", f"{day:%B} {day.day}, {day.year}")


def span_of(shelf: Path, words: str) -> str:
    with onrecord.open(shelf, create=False) as record:
        start = record[EN].text.index(words)
    return f"{start}-{start + len(words)}"


def rows_of(text: str, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text), delimiter=separator))
