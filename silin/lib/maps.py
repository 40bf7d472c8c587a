"""The base map as a file, where the settings name one on this machine."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from silin.lib.ranges import in_ranges
from silin.lib.refusal import NotFound


@require_safe
def tiles(request: HttpRequest) -> HttpResponseBase:
    """Everyone: the PMTiles file of this installation, in the ranges that are asked for."""
    path = Path(settings.SILIN_BASE_MAP_SOURCE)
    if settings.SILIN_BASE_MAP != "pmtiles" or not path.is_file():
        raise NotFound
    return in_ranges(request, path, content_type="application/vnd.pmtiles")
