"""The worked examples of a guide for programmers: its blocks of commands and Python, run in their order."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.M | re.S)
KEPT = "examples.env"


def examples(text: str) -> Iterator[tuple[int, str, str]]:
    """Each block: the line of the guide where it begins, its language, its text."""
    for found in BLOCK.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, found[1], found[2]


def run(text: str, folder: Path, variables: Mapping[str, str]) -> str:
    """Run every block; what one sets the next ones know. Gives all that they said.

    Raises ``AssertionError`` with the line of the block that failed.
    """
    given = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
    (folder / KEPT).write_text(given)
    said = []
    for line, language, block in examples(text):
        program = block
        if language == "python":
            (folder / "example.py").write_text(block)
            program = f"{shlex.quote(sys.executable)} example.py\n"
        script = f"set -eu -o pipefail -a\n. ./{KEPT}\n{program}\n{{ export -p; declare -f; }} > {KEPT}\n"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, f"line {line}: {done.stdout}{done.stderr}"
        said.append(done.stdout)
    return "\n".join(said)
