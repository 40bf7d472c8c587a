"""All addresses.

A room's ``urls.py`` has a list for each front that shows its pages (``resident``, ``worker``, ``desk``,
``wall``, ``open``) and ``everywhere`` for what every process serves; ``SILIN_FRONTS`` says which fronts this
process serves.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from silin import health
from silin.operation.tables import site

Patterns = list[URLPattern | URLResolver]


def of_room(app: str) -> Patterns:
    """The addresses of one room that this process serves, in the room's own namespace."""
    if find_spec(f"{app}.urls") is None:
        return []
    module = import_module(f"{app}.urls")
    lists = ("everywhere", *settings.SILIN_FRONTS)
    patterns: Patterns = [pattern for name in lists for pattern in getattr(module, name, [])]
    return [path("", include((patterns, app.rpartition(".")[2])))]


handler400 = "silin.fronts.open.open311.breaking.bad_request"
handler500 = "silin.lib.breaking.broken"
urlpatterns: Patterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    *([path("admin/", site.urls)] if "desk" in settings.SILIN_FRONTS else []),
    path("language/", set_language, name="set_language"),
    *(each for app in settings.INSTALLED_APPS if app.startswith("silin.") for each in of_room(app)),
]
