"""Figures for whoever watches the machines: every room lists its own in ``gauges.py`` as ``GAUGES``.

They are read from the database or from files that all processes share, when somebody asks: whichever worker
answers, the figures are those of the whole installation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

Values = Mapping[str, float]
"""The value by label (``""`` where there is only one)."""


@dataclass(frozen=True)
class Gauge:
    """A figure under ``silin_<name>``, its values parted by ``label``; ``kind`` is gauge or counter."""

    name: str
    about: str
    read: Callable[[datetime], Values]
    label: str = ""
    kind: str = "gauge"


def find_gauges() -> list[Gauge]:
    """The ``GAUGES`` of every installed app."""
    found: list[Gauge] = []
    for app in apps.get_app_configs():
        if app.module is not None and module_has_submodule(app.module, "gauges"):
            found += getattr(import_module(f"{app.name}.gauges"), "GAUGES", [])
    return found


def as_text(gauges: list[Gauge], now: datetime) -> str:
    """The figures in the plain text that Prometheus and its kin read."""
    lines: list[str] = []
    for gauge in gauges:
        name = f"silin_{gauge.name}"
        lines += [f"# HELP {name} {gauge.about}", f"# TYPE {name} {gauge.kind}"]
        for label, value in sorted(gauge.read(now).items()):
            part = f'{{{gauge.label}="{_safe(label)}"}}' if gauge.label else ""
            lines.append(f"{name}{part} {value:.15g}")
    return "\n".join([*lines, ""])


def _safe(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
