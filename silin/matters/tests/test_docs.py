"""The page of actions is drawn from the engine's own table, never written by hand."""

from __future__ import annotations

from pathlib import Path

from django.utils.module_loading import import_string
from django.utils.translation import override

from silin.matters.models import State
from silin.matters.table import ACTIONS, Action
from tests import settings

PAGE = Path(__file__).parents[3] / "docs" / "actions.md"
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


def drawn() -> str:
    """The states with the actions that lead from one to another, then every action."""
    moves = {
        (before, after): [row.name for row in ACTIONS.values() if (before, after) in steps(row)]
        for before in ["", *State.values]
        for after in State.values
        if before != after
    }
    arrows = [
        f"  {before or '[*]'} --> {after}: {', '.join(names)}"
        for (before, after), names in moves.items()
        if names
    ]
    head = "| action | 动作 | from | to | who | words |\n|---|---|---|---|---|---|"
    lines = [line(row) for row in ACTIONS.values()]
    page = ["```mermaid", "stateDiagram-v2", *arrows, "```", "", head, *lines]
    for path in settings.KINDS:
        kind = import_string(path)
        if kind.actions:
            page += ["", f"## Of `{kind.key}` alone", ""]
            page += [f"Without {', '.join(f'`{name}`' for name in sorted(kind.without))}.", ""]
            page += [head, *(line(row) for row in kind.actions)]
    return "\n".join(page)


def steps(row: Action) -> set[tuple[str, str]]:
    """The moves of an action; one that keeps the state of several is no move."""
    if set(row.before) == set(row.after):
        return set()
    return {(before, after) for before in row.before or ("",) for after in row.after}


def line(row: Action) -> str:
    """One action as a row of the page."""
    with override("zh-hans"):
        title = str(row.title)
    who = [function.__name__.replace("_", " ") for function in row.who] + ["the clock"] * row.clock
    who += ["whoever holds its secret"] * row.secret
    before = ", ".join(row.before) or "–"
    words = "needed" if row.words else ""
    return f"| `{row.name}` | {title} | {before} | {', '.join(row.after)} | {', '.join(who)} | {words} |"


def test_the_page_is_drawn_from_the_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    wanted = f"{text.split(BEGIN)[0]}{BEGIN}\n{drawn()}\n{END}{text.split(END)[1]}"
    if text != wanted:
        PAGE.write_text(wanted, encoding="utf-8")
    assert text == wanted, "docs/actions.md was brought up to date: look at it and commit it"
