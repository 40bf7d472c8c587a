"""The tree as the house tests see it. A rule takes a root, so that a breach can be a small tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

FLOORS: list[set[str]] = [
    {"lib"},
    {"accounts"},
    {"history", "facts", "notices", "files", "receipts"},
    {"places"},
    {"people"},
    {"imports"},
    {"forms"},
    {"operation"},
    {"matters"},
    {"report", "finding", "bad_review", "dispute", "rectification"},
    {"exchange", "assessment"},
    {"resident", "worker", "desk", "wall", "open"},
    {"demo"},
]
"""App labels, the lowest floor first; rooms of one floor do not know each other."""

DJANGO = {"auth", "contenttypes", "sessions", "messages", "staticfiles", "admin"}
SKIPPED = {".venv", ".git", "node_modules", "__pycache__", "dist", "build", "static", "pictures"}


def floor(label: str) -> int:
    """How high a room lies. Raises ``KeyError`` for a room that stands on no floor yet."""
    for height, rooms in enumerate(FLOORS):
        if label in rooms:
            return height
    raise KeyError(f"{label} stands on no floor: add it to FLOORS in tests/house/tree.py")


def may_know(label: str, other: str) -> bool:
    """Whether the room ``label`` may point at ``other``: itself, a lower floor, or Django."""
    return other in DJANGO or label == other or floor(other) < floor(label)


def files(root: Path, *endings: str) -> list[Path]:
    """Every file below ``root`` with one of the endings, without what is built or installed."""
    found = (path for path in root.rglob("*") if path.suffix in endings and path.is_file())
    return sorted(path for path in found if not SKIPPED & set(path.relative_to(root).parts[:-1]))


def room_of(path: Path, root: Path) -> str:
    """The label of the room in whose folder a file lies; empty outside of rooms."""
    parts = path.relative_to(root).parts
    inside = parts[1:] if parts and parts[0] == "silin" else ()
    if len(inside) > 2 and inside[0] in ("kinds", "fronts"):
        return inside[1]
    return inside[0] if len(inside) > 1 and inside[0] not in ("kinds", "fronts", "cli", "management") else ""


def is_test(path: Path, root: Path) -> bool:
    """Whether a file belongs to the tests, not to the product."""
    parts = path.relative_to(root).parts
    return "tests" in parts or parts[-1] == "conftest.py"


@dataclass(frozen=True)
class Source:
    """One Python file, parsed, with its path as it is said in a finding."""

    name: str
    room: str
    tree: ast.Module

    def calls(self, name: str) -> Iterator[ast.Call]:
        """Calls of ``name(…)`` or ``….name(…)``."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and called(node) == name:
                yield node


def called(node: ast.Call) -> str:
    """The last word of what is called: ``utcnow`` of ``datetime.utcnow()``."""
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def sources(root: Path, *, tests: bool = False) -> Iterator[Source]:
    """Every Python file of the product below ``root``; with ``tests`` the tests too."""
    for path in files(root, ".py"):
        if tests or not is_test(path, root):
            name = str(path.relative_to(root))
            yield Source(name, room_of(path, root), ast.parse(path.read_text(), name))


def write(root: Path, contents: dict[str, str]) -> Path:
    """Write a small tree for a breach; returns its root."""
    for name, text in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root
