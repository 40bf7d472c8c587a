"""House test 4: the folder of a kind is complete."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.template.loader import get_template
from django.utils.module_loading import import_string

from silin.matters.kind import Kind
from tests.house.tree import ROOT, write

PAGES = ("form", "panel", "row")


def missing_parts(folder: Path) -> list[str]:
    """What the folder of a kind lacks of README, declaration, tests and translation."""
    tests = list(folder.glob("tests/test_*.py"))
    parts = {
        "README.md": (folder / "README.md").is_file(),
        "kind.py": (folder / "kind.py").is_file(),
        "tests/test_*.py": bool(tests) and any("def test_" in path.read_text() for path in tests),
        "locale/zh_Hans": (folder / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").is_file(),
    }
    return [part for part, there in parts.items() if not there]


def missing_pages(kind: Kind, folders: list[Path]) -> list[str]:
    """The templates that a declaration names and that lie in none of the folders."""
    named = [getattr(kind, page) for page in PAGES if getattr(kind, page)]
    return [name for name in named if not any((folder / name).is_file() for folder in folders)]


def undeclared(folder: Path, declared: list[str]) -> list[str]:
    """Folders of kinds that ``settings.KINDS`` does not name."""
    there = [f"silin.kinds.{path.parent.name}.kind.KIND" for path in sorted(folder.glob("*/kind.py"))]
    return [path for path in there if path not in declared]


def test_every_kind_is_complete() -> None:
    for path in settings.KINDS:
        folder = ROOT / Path(*path.split(".")[:-2])
        assert missing_parts(folder) == [], folder.name


def test_every_page_that_a_kind_names_is_there() -> None:
    folders = [Path(app.path) / "templates" for app in apps.get_app_configs()]
    for path in settings.KINDS:
        kind = import_string(path)
        assert missing_pages(kind, folders) == [], kind.key
        for page in PAGES:
            if getattr(kind, page):
                get_template(getattr(kind, page))


def test_every_kind_is_declared() -> None:
    assert undeclared(ROOT / "silin" / "kinds", settings.KINDS) == []


def test_breach(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "kinds/wish/kind.py": "",
            "kinds/wish/tests/test_wish.py": "# nothing is tested\n",
            "kinds/wish/templates/wish/form.html": "",
        },
    )
    assert missing_parts(root / "kinds/wish") == ["README.md", "tests/test_*.py", "locale/zh_Hans"]
    wish = Kind(key="wish", title="Wish", ladder=("desk",), form="wish/form.html", row="wish/row.html")
    assert missing_pages(wish, [root / "kinds/wish/templates"]) == ["wish/row.html"]
    assert undeclared(root / "kinds", settings.KINDS) == ["silin.kinds.wish.kind.KIND"]
