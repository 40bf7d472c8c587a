"""The house itself: what belongs to no room, such as the checks of the settings."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SilinConfig(AppConfig):
    name = "silin"
    label = "silin"

    def ready(self) -> None:
        """Hand the checks to Django, and find every room's set-up tables (``admin.py``)."""
        from silin import checks

        checks.register()
        autodiscover_modules("admin")
