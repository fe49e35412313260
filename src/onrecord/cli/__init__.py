"""The command line: arguments in, calls to ``Record``, rows out; no logic."""

from __future__ import annotations

from onrecord.cli.app import main

__all__ = ["main"]
