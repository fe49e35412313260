"""The examples in README and docs run, in order, each page on a record of its own."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [
    path for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if "```" in path.read_text("utf-8")
]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_the_commands_run(page: Path, tmp_path: Path) -> None:
    lines = [line for block in blocks(page, "console") for line in block.splitlines() if line.startswith("$ onrecord")]
    environment = os.environ | {"ONRECORD_DIR": str(tmp_path / "record")}
    for line in lines:
        words = shlex.split(line.removeprefix("$ onrecord"), comments=False)
        words = words[: words.index("#")] if "#" in words else words
        done = subprocess.run(
            [sys.executable, "-m", "onrecord", *words], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        assert done.stdout.strip(), f"{line} printed nothing"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_the_python_runs(page: Path, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for n, block in enumerate(blocks(page, "python")):
        done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, f"block {n}\n{done.stderr}"
