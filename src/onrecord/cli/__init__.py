"""The command line: arguments in, calls to ``Record``, rows out; no logic."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from types import FrameType

__all__ = ["main"]

INTERRUPTED = 130
"""The exit status after Ctrl-C: 128 and the number of the signal, as shells have it."""


def main(tokens: Sequence[str] | None = None) -> int:
    """Runs the program with these arguments and returns its exit status.

    With None they are the process's own, and Ctrl-C is this program's to handle: the first ends what is at work in
    good order, a second ends the process at once, which a record stands as well.
    """
    try:
        if tokens is None:
            signal.signal(signal.SIGINT, _interrupt)
        from onrecord.cli.app import run  # takes long enough for a Ctrl-C to hit

        return run(tokens)
    except KeyboardInterrupt:
        return INTERRUPTED


def _interrupt(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, _give_up)
    raise KeyboardInterrupt


def _give_up(number: int, frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)
