"""The open front's own pages, and the door for programs that speak Open311."""

from __future__ import annotations

from django.urls import path

from silin.fronts.open.home import home
from silin.fronts.open.open311.urls import open311

open = [path("open/", home, name="home"), *open311]
