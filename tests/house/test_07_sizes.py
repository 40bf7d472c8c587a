"""House test 7: small enough to read standing up."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from tests.house.tree import ROOT, files, sources, write

LONGEST_FILE, LONGEST_FUNCTION = 400, 40
WRITTEN = (".py", ".html", ".css", ".ts", ".mjs", ".sh")

LONG_FILES: dict[str, str] = {}
"""Path and the reason why it may be longer."""
LONG_FUNCTIONS: dict[str, str] = {}
"""``path:name`` and the reason why it may be longer."""


def too_long(root: Path, long_files: Mapping[str, str], long_functions: Mapping[str, str]) -> list[str]:
    """Files and functions beyond the limits that have no reason to be, and reasons nobody needs any more."""
    found = {name: f"{name}: {n} lines" for name, n in _long_files(root).items()}
    found |= {name: f"{name}: {n} lines" for name, n in _long_functions(root).items()}
    excused = {**long_files, **long_functions}
    needless = [f"{name}: is not too long any more" for name in excused if name not in found]
    return [words for name, words in sorted(found.items()) if name not in excused] + needless


def _long_files(root: Path) -> dict[str, int]:
    counted = {
        str(path.relative_to(root)): len(path.read_text().splitlines())
        for path in files(root, *WRITTEN)
        if "migrations" not in path.parts
    }
    return {name: n for name, n in counted.items() if n > LONGEST_FILE}


def _long_functions(root: Path) -> dict[str, int]:
    found = {}
    for source in sources(root, tests=True):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    found[f"{source.name}:{node.name}"] = lines
    return found


def test_nothing_is_too_long() -> None:
    assert too_long(ROOT, LONG_FILES, LONG_FUNCTIONS) == []


def test_every_exemption_has_a_reason() -> None:
    assert all(len(reason) > 20 for reason in (*LONG_FILES.values(), *LONG_FUNCTIONS.values()))


def test_breach(tmp_path: Path) -> None:
    body = "    pass\n" * 40
    root = write(
        tmp_path,
        {
            "a.py": f"def long():\n{body}\n\ndef short():\n    pass\n",
            "b.css": "a {}\n" * 401,
            "c.html": "<p>\n" * 401,
        },
    )
    excused = {"c.html": "a form with many questions", "gone.py": "no longer there"}
    assert too_long(root, excused, {}) == [
        "a.py:long: 41 lines",
        "b.css: 401 lines",
        "gone.py: is not too long any more",
    ]
