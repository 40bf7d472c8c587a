"""Django's ``migrate``, which afterwards puts the triggers of the append-only books in place."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from silin.lib.appendonly import guard


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        """A rebuilt SQLite table loses its triggers without a word, so they are looked at every time."""
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            guard(connections[options["database"]])
