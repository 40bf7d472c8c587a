"""House test 9: no model signals, no naive time, and verbs are told what time it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, Source, called, sources, write

MODEL_SIGNALS = {
    "pre_init",
    "post_init",
    "pre_save",
    "post_save",
    "pre_delete",
    "post_delete",
    "m2m_changed",
    "class_prepared",
    "receiver",
}
NAIVE = {"utcnow", "utcfromtimestamp", "make_naive"}
WITH_ZONE = {"now", "fromtimestamp"}
VERBS = ("actions.py", "raising.py", "handling.py", "triage.py", "verifying.py", "review.py", "deeds.py")


def breaches(root: Path) -> list[str]:
    """Signals, naive time, and verbs that look at the clock themselves, as ``path:line: what``."""
    return [line for source in sources(root) for line in _of(source)]


def _of(source: Source) -> Iterator[str]:
    fallbacks = {id(node) for node in _fallbacks(source.tree)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom):
            signals = MODEL_SIGNALS & {alias.name for alias in node.names}
            if signals and (node.module or "").startswith(("django.db.models", "django.dispatch")):
                yield f"{source.name}:{node.lineno}: signal {', '.join(sorted(signals))}"
        if isinstance(node, ast.Call) and id(node) not in fallbacks and (words := _time(node, source.name)):
            yield f"{source.name}:{node.lineno}: {words}"


def _fallbacks(tree: ast.Module) -> Iterator[ast.expr]:
    """The second half of ``now or timezone.now()``: told, unless nobody says anything."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.BoolOp)
            and isinstance(node.values[0], ast.Name)
            and node.values[0].id == "now"
        ):
            yield from node.values[1:]


def _time(node: ast.Call, name: str) -> str:
    """What is wrong with a call that asks for the time; empty when nothing is."""
    word, owner = called(node), _owner(node)
    if word in NAIVE:
        return f"{word} is naive"
    if word == "today" and owner in ("date", "datetime"):
        return "today() is the machine's day, not the city's"
    zone = {keyword.arg for keyword in node.keywords} & {"tz"} or len(node.args) > (word == "fromtimestamp")
    if word in WITH_ZONE and owner == "datetime" and not zone:
        return f"{word}() is naive"
    if word == "now" and owner == "timezone" and name.endswith(VERBS):
        return "a verb is told what time it is"
    return ""


def _owner(node: ast.Call) -> str:
    function = node.func
    if not isinstance(function, ast.Attribute):
        return ""
    value = function.value
    return value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""


def test_no_signals_no_naive_time() -> None:
    assert [line for line in breaches(ROOT) if line.startswith("silin/")] == []


def test_breach(tmp_path: Path) -> None:
    words = """
from django.db.models.signals import post_save, post_migrate
from django.dispatch import receiver
import datetime
a = datetime.datetime.utcnow()
b = datetime.datetime.now()
c = datetime.datetime.now(tz=datetime.UTC)
d = datetime.date.today()
e = datetime.datetime.fromtimestamp(1.5)
f = datetime.datetime.fromtimestamp(1.5, datetime.UTC)
g = timezone.now()
h = now or timezone.now()
"""
    root = write(tmp_path, {"silin/people/actions.py": words, "silin/people/jobs.py": "timezone.now()"})
    assert breaches(root) == [
        "silin/people/actions.py:2: signal post_save",
        "silin/people/actions.py:3: signal receiver",
        "silin/people/actions.py:5: utcnow is naive",
        "silin/people/actions.py:6: now() is naive",
        "silin/people/actions.py:8: today() is the machine's day, not the city's",
        "silin/people/actions.py:9: fromtimestamp() is naive",
        "silin/people/actions.py:11: a verb is told what time it is",
    ]
