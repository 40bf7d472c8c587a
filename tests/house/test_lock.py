"""The lock names exactly what is installed, without the address of an index; and Silin runs on little."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement

from tests.house.tree import ROOT, write

MOST_PACKAGES = 60
NOT_LOCKED = {"silin", "pip", "setuptools"}
LINE = re.compile(r"([\w.-]+)==([\w.]+)")


def normal(name: str) -> str:
    """The name of a package as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def lock_faults(lock: Path) -> list[str]:
    """Lines that pin nothing exactly, or say where to get it."""
    lines = [line for line in lock.read_text().splitlines() if line and not line.startswith("#")]
    return [line for line in lines if not LINE.fullmatch(line)]


def read_lock(lock: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The two halves of the lock: what Silin runs on, and what it is made and tested with."""
    run_time, _, development = lock.read_text().partition("# development")
    first, second = (LINE.findall(half) for half in (run_time, development))
    return {normal(name): version for name, version in first}, {normal(name): v for name, v in second}


def differences(locked: dict[str, str], installed: dict[str, str]) -> list[str]:
    """Packages that one side has and the other has not, or in another version."""
    names = sorted(set(locked) | set(installed))
    return [
        f"{name}: locked {locked.get(name)}, installed {installed.get(name)}"
        for name in names
        if locked.get(name) != installed.get(name)
    ]


def needed(requirements: list[str]) -> set[str]:
    """Everything that these requirements bring along, by the metadata of what is installed."""
    requires = {normal(each.metadata["Name"]): each.requires or [] for each in distributions()}
    todo, seen = [Requirement(each) for each in requirements], set()
    while todo:
        package = todo.pop()
        name = normal(package.name)
        if (name, *package.extras) in seen:
            continue
        seen.add((name, *package.extras))
        for line in requires[name]:
            more = Requirement(line)
            if more.marker is None or any(more.marker.evaluate({"extra": e}) for e in ("", *package.extras)):
                todo.append(more)
    return {name for name, *_ in seen}


def test_the_lock_is_what_is_installed() -> None:
    run_time, development = read_lock(ROOT / "requirements.lock")
    installed = {normal(each.metadata["Name"]): each.version for each in distributions()}
    ours = {name: version for name, version in installed.items() if name not in NOT_LOCKED}
    assert lock_faults(ROOT / "requirements.lock") == []
    assert differences(run_time | development, ours) == []


def test_silin_runs_on_little() -> None:
    run_time, _ = read_lock(ROOT / "requirements.lock")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(run_time) == needed(project["dependencies"])
    assert len(run_time) <= MOST_PACKAGES


def test_breach(tmp_path: Path) -> None:
    lines = "# run time\nDjango==5.2.19\ngranian>=2\n--index-url https://x.example\n# development\nruff==1\n"
    lock = write(tmp_path, {"requirements.lock": lines}) / "requirements.lock"
    assert lock_faults(lock) == ["granian>=2", "--index-url https://x.example"]
    assert read_lock(lock) == ({"django": "5.2.19"}, {"ruff": "1"})
    assert differences({"a": "1", "b": "2"}, {"b": "3", "c": "4"}) == [
        "a: locked 1, installed None",
        "b: locked 2, installed 3",
        "c: locked None, installed 4",
    ]
