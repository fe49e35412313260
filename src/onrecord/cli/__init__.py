"""The command line: arguments in, calls to ``Record``, rows out; no logic."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["main"]


def main(tokens: Sequence[str] | None = None) -> int:
    """Runs the program with these arguments (the process's own if None) and returns its exit status."""
    try:
        from onrecord.cli.app import run  # takes long enough for a Ctrl-C to hit

        return run(tokens)
    except KeyboardInterrupt:
        return 130
