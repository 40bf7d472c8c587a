"""The wall has no menu: nobody touches it. Its mark leads to the wall of the city."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

FRONT = "wall"
PREFIX = "/wall/"


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``home_url`` of a wall."""
    if FRONT not in settings.SILIN_FRONTS or not request.path.startswith(PREFIX):
        return {}
    return {"home_url": reverse("matters:wall")}
