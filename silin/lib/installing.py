"""What a phone needs to keep the pages like an app: a name, icons, colours. Nothing works offline by it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Everyone: the web app manifest, with the name that the city gave the platform."""
    return render(request, "silin/manifest.json", content_type="application/manifest+json")
