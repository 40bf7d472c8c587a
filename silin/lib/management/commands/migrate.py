"""Django's ``migrate``, which afterwards puts the triggers of the append-only books in place."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from silin.lib import upgrading
from silin.lib.appendonly import guard


class WholeExecutor(MigrationExecutor):
    """A migration and the note that it was applied come true together.

    Django commits tables first and notes them afterwards: who is killed in between finds tables that the next
    run wants to make once more.
    """

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        """In one transaction; SQLite lets go of foreign keys only before one begins."""
        self.connection.disable_constraint_checking()
        try:
            with transaction.atomic(using=self.connection.alias):
                return super().apply_migration(state, migration, fake, fake_initial)
        finally:
            self.connection.enable_constraint_checking()


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        """A rebuilt SQLite table loses its triggers without a word, so they are looked at every time."""
        migrate.MigrationExecutor = WholeExecutor  # type: ignore[attr-defined]  # Django has no hook for it
        if options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        with upgrading.under_way(settings.SILIN_HOME):
            super().handle(*args, **options)
            guard(connections[options["database"]])
