"""What has to be there before a city opens: every room lists its steps in ``setting_up.py`` as ``SET_UP``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True)
class Line:
    """One line of the checklist: what is true, why it matters, and the door to where it is done.

    ``must`` says that residents would find nobody or nothing without it: the city does not open. ``may`` is
    the capability that opens the door, where the city's own does not; ``sheet`` is the key of the table in
    which an office brings in many of them at once.
    """

    key: str
    what: str
    why: str
    done: bool
    must: bool = False
    url: str = ""
    door: str = ""
    may: str = ""
    sheet: str = ""


Step = Callable[[Any, datetime], Iterable[Line]]
"""From the city (its ``Place``) and the moment to the lines of one subject."""


def find_steps() -> list[Step]:
    """The ``SET_UP`` of every installed app, in the order of the floors: ground first."""
    steps: list[Step] = []
    for app in apps.get_app_configs():
        if app.module is not None and module_has_submodule(app.module, "setting_up"):
            steps += getattr(import_module(f"{app.name}.setting_up"), "SET_UP", [])
    return steps
