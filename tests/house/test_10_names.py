"""House test 10: no city's name in code, and a kind's name only where it belongs."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from tests.house.tree import ROOT, files, sources, write

DEMO = ROOT / "silin" / "demo"
CITY = re.compile("宝鸡|baoji", re.I)
CODE = (".py", ".html", ".txt", ".po", ".ts", ".css", ".mjs", ".toml")
DATA_COLUMNS = {"kind", "kinds"}


def named_cities(root: Path, city: re.Pattern[str]) -> list[str]:
    """Lines of code, pages or translations that name the city, outside of its own demo."""
    return [
        f"{path.relative_to(root)}:{number}: {found.group()}"
        for path in files(root, *CODE)
        if not path.is_relative_to(root / "silin" / "demo") and not path.is_relative_to(root / "tests")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if (found := city.search(line))
    ]


def divisions_of_the_demo() -> re.Pattern[str]:
    """The names of the demo's counties, streets, communities and villages, as they stand in its list."""
    with (DEMO / "data" / "divisions_610300_2023.csv").open(encoding="utf-8") as file:
        names = {row["name"] for row in csv.DictReader(file) if row["level"] not in ("province", "city")}
    return re.compile("|".join(sorted(names, key=len, reverse=True)))


def misplaced_kinds(root: Path, keys: Collection[str]) -> list[str]:
    """Kinds named by code outside their folder: anywhere in the engine; elsewhere other than to raise one."""
    found = []
    for source in sources(root):
        if source.room in {*keys, "demo", ""} or "migrations" in source.name:
            continue
        suspects = _words(source.tree) if source.room == "matters" else _decisions(source.tree)
        found += [
            f"{source.name}:{node.lineno}: {node.value}"
            for node in suspects
            if isinstance(node.value, str) and node.value in keys
        ]
    return found


def _words(tree: ast.Module) -> Iterator[ast.Constant]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Constant))


def _decisions(tree: ast.Module) -> Iterator[ast.Constant]:
    """Words that something is compared with, chosen by, or handed on as a kind."""
    for node in ast.walk(tree):
        parts: list[ast.AST] = []
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators] if _speaks_of_kinds(node) else []
        elif isinstance(node, ast.keyword) and node.arg in DATA_COLUMNS:
            parts = [node.value]
        for part in parts:
            yield from (each for each in ast.walk(part) if isinstance(each, ast.Constant))


def _speaks_of_kinds(node: ast.Compare) -> bool:
    names = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    names |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return bool(names & (DATA_COLUMNS | {"key"}))


def test_no_city_in_code() -> None:
    assert named_cities(ROOT / "silin", CITY) == [] == named_cities(ROOT / "frontend", CITY)


def test_no_division_of_the_demo_in_code() -> None:
    names = divisions_of_the_demo()
    assert names.search("金台区")
    inside = [
        line for line in named_cities(ROOT / "silin", names) if "/tests/" not in line and "/data/" not in line
    ]
    assert inside == [] == named_cities(ROOT / "frontend", names)


def test_the_demo_names_its_city() -> None:
    assert any(CITY.search(path.read_text()) for path in files(DEMO, ".py", ".po", ".yaml", ".csv"))


def test_kinds_are_named_where_they_belong() -> None:
    assert misplaced_kinds(ROOT, {import_string(path).key for path in settings.KINDS}) == []


def test_breach(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "silin/places/queries.py": "HOME = '宝鸡市'\n",
            "silin/lib/templates/silin/page.html": "<p>\nWelcome to Baoji\n",
            "silin/demo/load.py": "CITY = '宝鸡市'\n",
            "silin/matters/routing.py": "LADDERS = {'report': ()}\n",
            "silin/kinds/report/kind.py": "KEY = 'report'\n",
            "silin/people/queries.py": "def f(matter):\n    return matter.kind == 'report'\n",
            "silin/fronts/worker/views.py": "raise_matter('report', words='x')\nfilter(kind='report')\n",
            "silin/fronts/desk/urls.py": "path('report/', view, name='report')\n",
        },
    )
    assert named_cities(root, CITY) == [
        "silin/lib/templates/silin/page.html:2: Baoji",
        "silin/places/queries.py:1: 宝鸡",
    ]
    assert misplaced_kinds(root, {"report"}) == [
        "silin/fronts/worker/views.py:2: report",
        "silin/matters/routing.py:1: report",
        "silin/people/queries.py:2: report",
    ]
