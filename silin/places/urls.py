"""Addresses of the territory, by the front that shows them."""

from __future__ import annotations

from django.urls import path

from silin.places import desk as for_desk
from silin.places import open as for_all

everywhere = [path("open/places/<slug:code>/shapes.geojson", for_all.shapes, name="shapes")]
open = [
    path("open/places/", for_all.start, name="open"),
    path("open/places/<slug:code>/", for_all.place, name="open_place"),
]
desk = [
    path("desk/places/", for_desk.start, name="desk"),
    path("desk/places/<slug:code>/", for_desk.place, name="desk_place"),
]
