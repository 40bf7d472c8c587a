"""House test 6: every kind, fact name, setting, command, and every word of the house stands in the docs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string

from silin import environment
from silin.cli import COMMANDS
from silin.facts.vocabulary import WORDS
from silin.matters.table import ACTIONS
from tests.house.tree import ROOT, called, files, sources, write

DOCS = ROOT / "docs"
NUMBER = re.compile(r"\b[EW]\d{3}\b")


def unsaid(names: Iterable[str], text: str) -> list[str]:
    """The names that no line of ``text`` sets in code type or bold, or begins a row of a table with."""
    return [name for name in names if not re.search(rf"(`|\*\*|\| ){re.escape(name)}(`|\*\*|\W)", text)]


def plain(name: str) -> str:
    """``PostKind`` as people write it: ``post kind``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").lower().replace("one time", "one-time")


def unknown_words(names: Iterable[str], text: str) -> list[str]:
    """The names (in people's spelling) that the first column of the table neither has nor composes."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| ")]
    known = {word.strip() for row in rows for word in row.split(",")}
    return [name for name in names if name not in known and not known.issuperset(name.split())]


def stray_environment(root: Path) -> list[str]:
    """Places that read the environment although ``silin/environment.py`` is the one place for it."""
    return [
        f"{source.name}:{node.lineno}"
        for source in sources(root)
        if source.name.startswith("silin/") and source.name != "silin/settings.py"
        for node in _readings(source.tree)
    ]


def _readings(tree: ast.Module) -> Iterator[ast.expr]:
    """Every ``getenv`` and every mention of ``os.environ`` that does not only set something."""
    setting = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            setting.add(id(node.value))
        if isinstance(node, ast.Attribute) and node.attr == "setdefault":
            setting.add(id(node.value))
        if isinstance(node, ast.Call) and called(node) == "getenv":
            yield node
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "environ" and id(node) not in setting:
            yield node


def test_every_setting_is_documented() -> None:
    text = (DOCS / "settings.md").read_text()
    assert unsaid(environment.VARIABLES, text) == []
    said = set(re.findall(r"`(SILIN_[A-Z_]+)`", text))
    assert said <= set(environment.VARIABLES), "docs/settings.md names variables that are not there"


def test_every_default_in_the_table_is_the_real_one() -> None:
    text = (DOCS / "settings.md").read_text()
    for name, default in environment.VARIABLES.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
        assert (
            f"`{default}`" in row.split("|")[2] if default else "–" in row.split("|")[2] or "made" in row
        ), row


def test_every_number_of_a_refusal_is_documented() -> None:
    code = "".join(path.read_text() for path in files(ROOT / "silin", ".py") if "tests" not in path.parts)
    numbers = set(re.findall(r'"(?:silin\.)?([EW]\d{3})"', code))
    assert len(numbers) > 20
    assert numbers == set(NUMBER.findall((DOCS / "settings.md").read_text()))


def test_every_command_is_documented() -> None:
    assert unsaid([f"silin {command}" for command in COMMANDS], (DOCS / "operators.md").read_text()) == []


def test_every_kind_and_fact_is_documented() -> None:
    text = (DOCS / "facts.md").read_text()
    assert unsaid(WORDS, text) == []
    words = (DOCS / "words.md").read_text()
    assert unknown_words([import_string(path).key for path in settings.KINDS], words) == []


def test_every_model_and_action_is_a_word_of_the_house() -> None:
    models = [model for model in apps.get_models() if model.__module__.startswith("silin.")]
    names = sorted({plain(model.__name__) for model in models} | _actions())
    assert unknown_words(names, (DOCS / "words.md").read_text()) == []


def _actions() -> set[str]:
    """The actions of the engine and of all kinds, in people's spelling."""
    kinds = [import_string(path) for path in settings.KINDS]
    return {plain(name) for name in ACTIONS} | {plain(row.name) for kind in kinds for row in kind.actions}


def test_the_environment_is_read_in_one_place() -> None:
    assert stray_environment(ROOT) == []


def test_breach(tmp_path: Path) -> None:
    text = "| `SILIN_HOME` | `data` |\n**matter.raised** and `silin up`, but silin web only in passing\n"
    names = ["SILIN_HOME", "SILIN_PORT", "matter.raised", "matter.closed", "silin up", "silin web"]
    assert unsaid(names, text) == ["SILIN_PORT", "matter.closed", "silin web"]
    assert unknown_words(["post kind", "holding"], "| post, kind | 岗位 | a seat |\n") == ["holding"]
    assert plain("OneTimeToken") == "one-time token"
    root = write(
        tmp_path,
        {
            "silin/lib/sending.py": "key = os.environ['SMS_KEY']\nos.environ['TZ'] = 'UTC'\n",
            "silin/files/storage.py": "os.getenv('B')\nos.environ.setdefault('A', 'b')\nos.environ.get('C')",
        },
    )
    assert stray_environment(root) == [
        "silin/files/storage.py:1",
        "silin/files/storage.py:3",
        "silin/lib/sending.py:1",
    ]
