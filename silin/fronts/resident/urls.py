"""The resident front's own pages."""

from __future__ import annotations

from django.urls import path

from silin.fronts.resident.home import home
from silin.fronts.resident.me import me

resident = [path("", home, name="home"), path("me/", me, name="me")]
