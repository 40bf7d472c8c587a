"""What a phone needs to keep the pages like an app: a name, icons, colours, and a page for no connection."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Everyone: the web app manifest, with the name that the city gave the platform."""
    return render(request, "silin/manifest.json", content_type="application/manifest+json")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Everyone: what a browser shows without a connection; kept there, so it says nothing of anybody."""
    return render(request, "silin/offline.html")


@require_safe
def keeper(request: HttpRequest) -> HttpResponse:
    """Everyone: the script that keeps that page, and nothing else, and shows it where the network fails."""
    return render(request, "silin/offline.js", content_type="text/javascript; charset=utf-8")
