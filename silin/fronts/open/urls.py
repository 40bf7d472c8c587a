"""The open front's own pages, and the doors for programs: REST, and Open311."""

from __future__ import annotations

from django.urls import include, path

from silin.fronts.open.home import home
from silin.fronts.open.open311.urls import open311
from silin.fronts.open.rest.api import api

_routes, _app, _name = api.urls
rest = path("api/v1/", include((_routes, "api"), namespace="api"))
open = [path("open/", home, name="home"), rest, *open311]
