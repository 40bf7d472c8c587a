"""Addresses of the territory, by the front that shows them."""

from __future__ import annotations

from django.urls import path

from silin.places import desk as for_desk
from silin.places import desk_grids as for_grids
from silin.places import desk_settings
from silin.places import open as for_all

everywhere = [path("open/places/<slug:code>/shapes.geojson", for_all.shapes, name="shapes")]
open = [
    path("open/places/", for_all.start, name="open"),
    path("open/places/<slug:code>/", for_all.place, name="open_place"),
]
desk = [
    path("desk/settings/", desk_settings.city, name="desk_settings"),
    path("desk/places/", for_desk.start, name="desk"),
    path("desk/places/<slug:code>/", for_desk.place, name="desk_place"),
    path("desk/grids/", for_grids.start, name="grids_start"),
    path("desk/grids/<slug:code>/", for_grids.editor, name="grids"),
    path("desk/grids/<slug:code>/shapes.geojson", for_grids.shapes, name="grids_shapes"),
    path("desk/grids/<slug:code>/change/", for_grids.change, name="grids_change"),
    path("desk/grids/<slug:code>/give/", for_grids.give, name="grids_give"),
    path("desk/grids/<slug:code>/give-up/", for_grids.give_up, name="grids_give_up"),
]
