"""The desk's front door: ``/staff/``, and the first page of a process that serves no residents."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from silin.fronts.desk.home import home

first = [] if "resident" in settings.SILIN_FRONTS else [path("", home, name="home")]
desk = [path("staff/", home, name="staff"), *first]
