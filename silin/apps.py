"""The house itself: what belongs to no room, such as the checks of the settings."""

from __future__ import annotations

from django.apps import AppConfig


class SilinConfig(AppConfig):
    name = "silin"
    label = "silin"

    def ready(self) -> None:
        """Hand the checks to Django."""
        from silin import checks

        checks.register()
