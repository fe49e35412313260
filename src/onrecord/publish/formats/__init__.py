"""Export formats, one file each: a stream of editions in, bytes out, a few editions in memory at a time.

Each module has ``write(editions, out) -> int``, which returns how many editions it wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import BinaryIO, cast

from onrecord.model import Edition

Writer = Callable[[Iterable[Edition], BinaryIO], int]

FORMATS = ("jsonl", "csv")


def writer(format: str, *, excel: bool = False) -> Writer:
    """The writer of a format in ``FORMATS``; KeyError for another.  ``excel`` is for ``csv`` alone."""
    if format not in FORMATS:
        raise KeyError(format)
    write = import_module(f"{__name__}.{format}").write
    return partial(write, excel=True) if excel else cast("Writer", write)
