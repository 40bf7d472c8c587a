"""House test 1: imports look down only, and every room stands on a floor."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import FLOORS, ROOT, write


def broken_contracts(root: Path, config: Path) -> str:
    """What import-linter says about the tree at ``root`` under the contracts of ``config``; empty: kept."""
    command = [
        str(Path(sys.executable).parent / "lint-imports"),
        "--config",
        str(config),
        "--no-cache",
        "--no-logo",
    ]
    environment = {"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _small_house(root: Path, extra: dict[str, str]) -> Path:
    """A tree with every room and file that the contracts name, all of them empty."""
    inside = [path for path in (ROOT / "silin").rglob("*.py") if "tests" not in path.parts]
    names = [str(path.relative_to(ROOT)) for path in inside if len(path.relative_to(ROOT).parts) <= 4]
    return write(root, dict.fromkeys(names, "") | extra)


def test_the_contracts_are_kept() -> None:
    assert broken_contracts(ROOT, ROOT / "pyproject.toml") == ""


def test_the_floors_of_the_house_tests_are_the_floors_of_the_contracts() -> None:
    said = (ROOT / "pyproject.toml").read_text()
    assert all(f'"{room}' in said or f" {room}" in said for rooms in FLOORS for room in rooms)


@pytest.mark.parametrize(
    ("file", "words", "said"),
    [
        (
            "silin/lib/rules.py",
            "import silin.matters.models",
            "silin.lib is not allowed to import silin.matters",
        ),
        (
            "silin/facts/rules.py",
            "import silin.history.models",
            "silin.facts is not allowed to import silin.history",
        ),
        (
            "silin/matters/rules.py",
            "import silin.kinds.report.kind",
            "silin.matters is not allowed to import",
        ),
        (
            "silin/fronts/wall/rules.py",
            "import silin.fronts.desk",
            "wall is not allowed to import silin.fronts.desk",
        ),
        ("silin/attic/__init__.py", "", "attic"),
    ],
)
def test_breach(tmp_path: Path, file: str, words: str, said: str) -> None:
    root = _small_house(tmp_path, {file: words})
    assert said in broken_contracts(root, ROOT / "pyproject.toml")


def test_a_house_without_a_breach_is_kept(tmp_path: Path) -> None:
    assert broken_contracts(_small_house(tmp_path, {}), ROOT / "pyproject.toml") == ""
