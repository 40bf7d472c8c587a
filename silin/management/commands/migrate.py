"""``migrate`` of this house: tables, triggers of the append-only books, and the table of the cache."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command

from silin.cli.starting import say_keys
from silin.lib.management.commands.migrate import Command as Migrate


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        """The cache's table belongs to no migration, and without it nobody can sign in."""
        super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            call_command("createcachetable", database=options["database"], verbosity=0)
            say_keys()
