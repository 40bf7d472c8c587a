"""Addresses of GeoReport v2: each call in both forms; whatever else is asked for there is not found."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from silin.fronts.open.open311 import discovery, requests, services, updates
from silin.fronts.open.open311.door import form_of, refusing
from silin.fronts.open.open311.writing import JSON, XML
from silin.lib.refusal import NotFound

BASE = "open311/v2/"
CALLS: list[tuple[str, Any, str]] = [
    ("discovery", discovery.discovery, "discovery"),
    ("services", services.services, "services"),
    ("services/<slug:code>", services.definition, "definition"),
    ("requests", requests.requests, "requests"),
    ("requests/<str:number>", requests.one, "request"),
    ("tokens/<str:number>", requests.token, "token"),
    ("servicerequestupdates", updates.updates, "updates"),
]


@csrf_exempt
def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Everyone: there is no such call, said in the form that was asked for."""
    return refusing(form_of(request.path), [NotFound()])


open311: list[URLPattern] = [
    *(
        path(f"{BASE}{call}.{form}", view, {"form": form}, name=f"open311_{name}_{form}")
        for form in (XML, JSON)
        for call, view, name in CALLS
    ),
    path(BASE, nothing, name="open311"),
    path(f"{BASE}<path:rest>", nothing),
]
