"""``onrecord completion``."""

from __future__ import annotations

from typing import Literal


def completion(shell: Literal["bash", "zsh", "fish"], /) -> int:
    """Print a script that completes commands and options in a shell.

    onrecord --install-completion puts it in its place.

    For example:

      onrecord completion fish > ~/.config/fish/completions/onrecord.fish
      onrecord completion bash > ~/.local/share/bash-completion/completions/onrecord

    Parameters
    ----------
    shell
        Which shell.
    """
    from onrecord.cli.app import make_app

    print(make_app(complete=True).generate_completion(shell=shell))
    return 0
