"""The open front's own pages."""

from __future__ import annotations

from django.urls import path

from silin.fronts.open.home import home

open = [path("open/", home, name="home")]
