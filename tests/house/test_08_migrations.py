"""House test 8: one head of migrations a room, and names that say something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

from tests.house.tree import ROOT, write

GOOD_NAME = re.compile(r"\d{4}_[a-z][a-z0-9_]*")


def bad_names(folder: Path) -> list[str]:
    """Migrations named by a machine, or whose numbers stand twice in one room."""
    found = []
    for path in sorted(folder.glob("**/migrations/[!_]*.py")):
        twins = [other for other in path.parent.glob(f"{path.name[:4]}_*.py") if other != path]
        if "auto" in path.stem or "merge" in path.stem or not GOOD_NAME.fullmatch(path.stem):
            found.append(f"{path.relative_to(folder)}: what does it do?")
        elif twins:
            found.append(f"{path.relative_to(folder)}: {twins[0].name} has the same number")
    return found


def several_heads(leaves: Mapping[str, list[str]]) -> list[str]:
    """Rooms whose migrations end in more than one place."""
    return [f"{room}: {', '.join(sorted(heads))}" for room, heads in leaves.items() if len(heads) > 1]


def _leaves() -> dict[str, list[str]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    rooms = sorted(loader.migrated_apps)
    return {room: [name for _, name in loader.graph.leaf_nodes(room)] for room in rooms}


def test_names_say_something() -> None:
    assert bad_names(ROOT / "silin") == []


def test_one_head_a_room() -> None:
    leaves = _leaves()
    assert {"accounts", "matters", "places"} <= set(leaves)
    assert several_heads(leaves) == []


def test_breach(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            f"places/migrations/{name}.py": ""
            for name in ("0001_initial", "0002_auto_20261121_0900", "0003_estates", "0003_days_off", "fourth")
        },
    )
    assert bad_names(root) == [
        "places/migrations/0002_auto_20261121_0900.py: what does it do?",
        "places/migrations/0003_days_off.py: 0003_estates.py has the same number",
        "places/migrations/0003_estates.py: 0003_days_off.py has the same number",
        "places/migrations/fourth.py: what does it do?",
    ]
    assert several_heads({"places": ["0003_estates", "0003_days_off"], "people": ["0001_initial"]}) == [
        "places: 0003_days_off, 0003_estates"
    ]
