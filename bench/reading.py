"""Promise: a China page from bytes to an Edition in at most twice the time of a bare lxml parse, and at least eight
times as many pages a second as ``trafilatura.extract`` on the same pages.
"""

from __future__ import annotations

import gc
import time

from _measure import best_of, corpus, verdict
from lxml import html
from trafilatura import extract

from onrecord.reading import read


def main() -> None:
    pages = [path.read_bytes() for path in corpus("mfa-cn-zh/*.html")]
    for page in pages[:20]:
        read(page)
    gc.collect()
    gc.freeze()  # the pages held in memory are not the reader's to look after
    cpu = time.process_time
    bare = best_of(3, lambda: [html.fromstring(page) for page in pages], clock=cpu)
    ours = best_of(3, lambda: [read(page) for page in pages], clock=cpu)
    some = pages[::9]
    theirs = best_of(1, lambda: [extract(page) for page in some], clock=cpu) * len(pages) / len(some)
    print(
        f"{len(pages)} pages; bare lxml {len(pages) / bare:.0f} pages/s, onrecord {len(pages) / ours:.0f} pages/s, ",
        end="",
    )
    print(f"trafilatura.extract {len(pages) / theirs:.0f} pages/s (on every ninth page)")
    verdict("time of reading / time of a bare lxml parse", ours / bare, 2, at_most=True)
    verdict("pages a second / trafilatura's", theirs / ours, 8, at_most=False)


if __name__ == "__main__":
    main()
