"""The guide to the API does what it says: its blocks are run against a demo, in their order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.house.tree import ROOT

GUIDE = ROOT / "docs" / "api.md"
BLOCK = re.compile(r"```(sh|python)\n(.*?)```", re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"


def script(text: str) -> str:
    """All blocks as one script of a shell, so that what one finds out is known to the next."""
    parts = ["set -euo pipefail"]
    for language, block in BLOCK.findall(text):
        parts.append(block if language == "sh" else f"{sys.executable} - <<'PYTHON'\n{block}PYTHON\n")
    return "\n".join(parts)


def test_the_guide_to_the_api_works_in_its_order(demo_server: str, tmp_path: Path) -> None:
    text = GUIDE.read_text()
    assert text.count(ADDRESS) == 1
    done = subprocess.run(
        ["bash", "-c", script(text.replace(ADDRESS, demo_server))],
        cwd=tmp_path,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    first, again = re.findall(r"^(?:first|again): (\w{8})$", done.stdout, re.MULTILINE)
    assert first == again
    assert "key_unknown" in done.stdout
    assert "category" in done.stdout
