"""The program ``onrecord``: its commands, and what becomes of an error.

A command is imported when it is called, and what it needs when it needs it: a search from a cold process must not pay
for the parsers, for SQLAlchemy or for rich.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from cyclopts import App, CycloptsError, UnusedCliTokensError

from onrecord.cli import INTERRUPTED
from onrecord.cli.options import WrongUsage
from onrecord.cli.terminal import complain
from onrecord.errors import BadId, BadQuery, OnRecordError, UnknownSource

_USAGE = (WrongUsage, BadId, BadQuery, UnknownSource)
"""Errors in what was typed: exit status 2.  All others are 1."""

_COMMANDS = {
    "add": "adding:add",
    "search": "searching:search",
    "show": "showing:show",
    "export": "exporting:export",
    "cite": "citing:cite",
    "history": "showing:history",
    "diff": "comparing:diff",
    "compare": "comparing:compare",
    "omissions": "comparing:omissions",
    "formula": "formulas:formula",
    "formulas": "formulas:formulas",
    "occasion": "occasions:occasion",
    "verify": "checking:verify",
    "prove": "checking:prove",
    "head": "checking:head",
    "stats": "showing:stats",
    "completion": "completion:completion",
}

_ARGUMENTS = {"search": "[QUERY...]", "formula": "TEXT", "verify": "[ID]", "prove": "[ID]"}
"""Arguments that may be left out, by the names their help has for them; cyclopts writes ARGS."""

_FAMILIES = ("occasion",)
"""Words that are followed by a command of their own."""

_ABOUT = """Government press briefings as one searchable, citable record.

The record is the folder --record DIR (before or after the command), else
$ONRECORD_DIR, else ./record. Exit status: 0 done; 1 done in part or not at
all, each failure told on standard error; 2 wrong usage.

For example:

  onrecord add pages/                             keep every page of a folder
  onrecord search '"one China" -Taiwan' --in question
  onrecord show cn-mfa/2023-07-26/zh#3            an exchange, to read
  onrecord show cn-mfa/2023-07-26/zh --with en    two editions side by side
  onrecord diff us-whitehouse/2023-07-26/en       what a later revision changed
  onrecord omissions --source cn-mfa              in one text, not in another
  onrecord formula "iron-clad commitment"         the life of a set phrase
  onrecord formulas --new 2024 --source cn-mfa    set phrases not heard before
  onrecord occasion list --since 2023-07          which editions are of one briefing
  onrecord cite cn-mfa/2023-07-26/zh:812-860      a footnote that can be checked
  onrecord export --format csv --out turns.csv    all turns as a table
  onrecord verify                                 recompute every digest

onrecord COMMAND --help tells more of each."""


def make_app(*, complete: bool = False) -> App:
    """The program with all its commands, which are imported now if ``complete`` and when they are called if not."""
    app = App(
        name="onrecord",
        help=_ABOUT,
        help_format="plaintext",
        version=_version,
        version_format="plaintext",
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    for name, place in _COMMANDS.items():
        arguments = _ARGUMENTS.get(name)
        usage = {"usage": f"Usage: onrecord {name} [OPTIONS] {arguments}"} if arguments else {}
        app.command(f"onrecord.cli.{place}", name=name, **usage)
        if complete:
            app[name].help  # noqa: B018  (imports it)
    if complete:
        app.register_install_completion_command()
        app["--install-completion"].help = "Install completion for the shell in use (bash, zsh or fish)."
    return app


def run(tokens: Sequence[str] | None = None) -> int:
    """Runs the program and returns its exit status; every error becomes a sentence on standard error."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  (for as long as the process lives)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Names of files may hold bytes that are no text, and a terminal may not know all the letters there are.
            stream.reconfigure(errors="backslashreplace")
    status = _status(list(sys.argv[1:] if tokens is None else tokens))
    try:
        sys.stdout.flush()
    except OSError:  # told already, if it is worth telling
        silence()
    return status


def _status(tokens: list[str]) -> int:
    try:
        status = _called(_hoisted(tokens))
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        silence()  # whoever reads has seen enough, as in `onrecord export | head`
        return 0
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except UnusedCliTokensError as error:
        complain(f"this command takes no {' '.join(error.unused_tokens or ())} there (see --help)")
        return 2
    except CycloptsError as error:
        complain(" ".join(str(error).split()))
        return 2
    except _USAGE as error:
        complain(str(error))
        return 2
    except OnRecordError as error:
        complain(str(error))
        return 1
    except OSError as error:
        what = (error.strerror or str(error) or type(error).__name__).lower()
        complain(f"{error.filename}: {what}" if error.filename else f"the output cannot be written: {what}")
        return 1
    except Exception as error:
        if os.environ.get("ONRECORD_TRACEBACK"):
            raise
        complain(
            f"a fault in the program stopped it ({type(error).__name__}: {' '.join(str(error).split())}); "
            "please report it, with what ONRECORD_TRACEBACK=1 prints"
        )
        return 1


def _called(tokens: list[str]) -> int:
    about_all = not tokens or tokens[0] in ("--help", "-h", "--install-completion")
    result = make_app(complete=about_all)(tokens, exit_on_error=False, print_error=False)
    return result if isinstance(result, int) else 0


def _hoisted(tokens: list[str]) -> list[str]:
    """The tokens with ``--record DIR`` moved from before the command to behind it, where its parser sees it."""
    before: list[str] = []
    if tokens and tokens[0] in _FAMILIES:
        return [tokens[0], *_hoisted(tokens[1:])]
    while tokens and (tokens[0] == "--record" or tokens[0].startswith("--record=")):
        count = 1 if "=" in tokens[0] else 2
        if len(tokens) < count or tokens[count - 1] == "--record=":
            raise WrongUsage("--record needs a folder")
        before += tokens[:count]
        tokens = tokens[count:]
    if not before:
        return tokens
    if not tokens or tokens[0].startswith("-"):  # onrecord --record DIR --help
        return tokens
    if tokens[0] in _FAMILIES:
        return [tokens[0], *_hoisted([*before, *tokens[1:]])]
    return [tokens[0], *before, *tokens[1:]]


def _version() -> str:
    from importlib.metadata import version

    return version("onrecord")


def silence() -> None:
    """Sends what is left in standard output nowhere, so that Python does not stumble over it at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
