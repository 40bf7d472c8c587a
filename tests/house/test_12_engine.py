"""House test 12: every state is reached and left, and every action is tested."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from silin.matters.models import State
from silin.matters.table import ACTIONS, Action, rows_of
from tests.house.tree import ROOT, called, is_test, sources, write

ENDS = {State.CLOSED.value, State.WITHDRAWN.value}


def edges(actions: Iterable[Action]) -> set[tuple[str, str]]:
    """The moves of the table, from ``""`` for the beginning; an action that keeps the state is no move."""
    rows = [row for row in actions if set(row.before) != set(row.after)]
    return {(before, after) for row in rows for before in row.before or ("",) for after in row.after}


def dead_states(actions: Iterable[Action], states: Iterable[str], ends: set[str]) -> list[str]:
    """States that no chain of moves from the beginning leads to, or that nothing leads out of but should."""
    moves = edges(actions)
    seen = {""}
    while fresh := {after for before, after in moves if before in seen} - seen:
        seen |= fresh
    left = {before for before, after in moves if before != after} | ends
    lost = [f"{state} is never reached" for state in states if state not in seen]
    return lost + [f"{state} is never left" for state in states if state not in left]


def verbs_of(root: Path) -> dict[str, str]:
    """The function of each action: what ``@verb("return")`` stands over, or a function of its own name."""
    found = {}
    for source in sources(root):
        functions = (node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef))
        for function in functions:
            for mark in function.decorator_list:
                if (
                    isinstance(mark, ast.Call)
                    and called(mark) == "verb"
                    and isinstance(mark.args[0], ast.Constant)
                ):
                    found[str(mark.args[0].value)] = function.name
    return {"raise": "raise_matter", "settle_at_once": "settle_at_once", **found}


def untested(names: Iterable[str], verbs: Mapping[str, str], root: Path) -> list[str]:
    """Actions without a verb, or whose verb (``merge``, or ``_merge`` behind it) no test calls."""
    known = _called_by_tests(root)
    return [name for name in names if not known & {verbs.get(name), verbs.get(name, "").removeprefix("_")}]


def _called_by_tests(root: Path) -> set[str]:
    """Every function that a file of tests calls or hands on."""
    names = set()
    for source in sources(root, tests=True):
        if is_test(root / source.name, root):
            for node in ast.walk(source.tree):
                if isinstance(node, ast.Call):
                    names.add(called(node))
                elif isinstance(node, ast.Attribute | ast.Name):
                    names.add(node.attr if isinstance(node, ast.Attribute) else node.id)
    return names


def test_there_are_seven_states() -> None:
    assert [state.value for state in State] == [
        "raised",
        "assigned",
        "in_hand",
        "waiting",
        "answered",
        "closed",
        "withdrawn",
    ]


def test_every_state_is_reached_and_left() -> None:
    states = [state.value for state in State]
    assert dead_states(ACTIONS.values(), states, ENDS) == []


def test_every_action_is_tested() -> None:
    assert untested(ACTIONS, verbs_of(ROOT / "silin" / "matters"), ROOT / "silin" / "matters") == []


def test_every_kind_leaves_every_state_and_tests_its_own_actions() -> None:
    states = [state.value for state in State]
    for path in settings.KINDS:
        kind = import_string(path)
        folder = ROOT / Path(*path.split(".")[:-2])
        assert set(kind.without) <= set(ACTIONS), kind.key
        assert dead_states(rows_of(kind), states, ENDS) == [], kind.key
        own = [row.name for row in kind.actions]
        assert not set(own) & set(ACTIONS), kind.key
        assert set(kind.leaves) == set(own), f"say which facts these leave: {kind.key}"
        assert untested(own, verbs_of(folder), folder) == [], kind.key


def test_breach(tmp_path: Path) -> None:
    table = [
        Action("raise", "raised", (), ("raised",)),
        Action("accept", "took it", ("assigned",), ("in_hand",)),
        Action("comment", "wrote", ("raised", "in_hand"), ("raised", "in_hand")),
        Action("withdraw", "took it back", ("raised",), ("withdrawn",)),
    ]
    states = ["raised", "assigned", "in_hand", "closed", "withdrawn"]
    assert dead_states(table, states, {"closed", "withdrawn"}) == [
        "assigned is never reached",
        "in_hand is never reached",
        "closed is never reached",
        "in_hand is never left",
    ]
    verbs = """@verb("return")\ndef give_back(deed): ...\n@verb("accept")\ndef accept(deed): ...\n"""
    tests = "def test_a():\n    raise_matter()\n    handling.accept(1)\n"
    root = write(tmp_path, {"handling.py": verbs, "tests/test_deeds.py": tests})
    assert verbs_of(root)["return"] == "give_back"
    assert untested(["raise", "accept", "return", "pause"], verbs_of(root), root) == ["return", "pause"]
