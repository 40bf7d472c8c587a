"""What every page of every shell may use, whoever answers it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from silin.lib.basemap import base_map
from silin.lib.reading import wants_large_type


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``viewer`` (request.user), ``demo``, ``large_type`` (booleans), ``base_map``."""
    return {
        "viewer": getattr(request, "user", None),
        "demo": bool(getattr(settings, "SILIN_DEMO", False)),
        "large_type": wants_large_type(request),
        "base_map": base_map(),
    }
