"""The house itself: what belongs to no room, such as the checks of the settings."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate


class SilinConfig(AppConfig):
    name = "silin"
    label = "silin"

    def ready(self) -> None:
        from silin import checks

        checks.register()
        post_migrate.connect(_make_cache_table, sender=self, dispatch_uid="silin cache table")


def _make_cache_table(*, using: str, **_: Any) -> None:
    """The cache's table belongs to no migration, and without it nobody can sign in."""
    call_command("createcachetable", database=using, verbosity=0)
