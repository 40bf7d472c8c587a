"""Addresses of the territory, by the front that shows them."""

from __future__ import annotations

from django.urls import path

from silin.places import desk as for_desk
from silin.places import desk_areas as areas
from silin.places import desk_estates as estates
from silin.places import desk_facilities as facilities
from silin.places import desk_grids as for_grids
from silin.places import desk_settings
from silin.places import open as for_all

PLACE = "desk/places/<slug:code>/"

everywhere = [path("open/places/<slug:code>/shapes.geojson", for_all.shapes, name="shapes")]
open = [
    path("open/places/", for_all.start, name="open"),
    path("open/places/<slug:code>/", for_all.place, name="open_place"),
    path("open/places/<slug:code>/facilities/", for_all.facilities, name="open_facilities"),
    path("open/places/<slug:code>/facilities.geojson", for_all.facility_shapes, name="open_facility_shapes"),
]
desk = [
    path("desk/settings/", desk_settings.city, name="desk_settings"),
    path("desk/places/", for_desk.start, name="desk"),
    path("desk/grids/", for_grids.start, name="grids_start"),
    path("desk/grids/<slug:code>/", for_grids.editor, name="grids"),
    path("desk/grids/<slug:code>/shapes.geojson", for_grids.shapes, name="grids_shapes"),
    path("desk/grids/<slug:code>/change/", for_grids.change, name="grids_change"),
    path("desk/grids/<slug:code>/give/", for_grids.give, name="grids_give"),
    path("desk/grids/<slug:code>/give-up/", for_grids.give_up, name="grids_give_up"),
    path(PLACE, for_desk.place, name="desk_place"),
    path(PLACE + "estates/", estates.estates, name="desk_estates"),
    path(PLACE + "estates/new/", estates.new_estate, name="desk_new_estate"),
    path(PLACE + "estates/<int:estate>/", estates.estate, name="desk_estate"),
    path(PLACE + "estates/<int:estate>/edit/", estates.edit, name="desk_edit_estate"),
    path(PLACE + "estates/<int:estate>/figures/<slug:figure>/", estates.figure, name="desk_figure"),
    path(PLACE + "estates/<int:estate>/buildings/new/", estates.new_building, name="desk_new_building"),
    path(PLACE + "estates/<int:estate>/buildings/<int:building>/", estates.building, name="desk_building"),
    path(PLACE + "facilities/", facilities.facilities, name="desk_facilities"),
    path(PLACE + "facilities/new/", facilities.new_facility, name="desk_new_facility"),
    path(PLACE + "facilities/<int:facility>/", facilities.facility, name="desk_facility"),
    path(PLACE + "blocks/", facilities.blocks, name="desk_blocks"),
    path(PLACE + "blocks/<int:block>/", facilities.block, name="desk_block"),
    path(PLACE + "areas/", areas.areas, name="desk_areas"),
    path(PLACE + "areas/<int:area>/", areas.area, name="desk_area"),
    path(PLACE + "areas/<int:area>/members/<int:member>/", areas.member, name="desk_area_member"),
    path(PLACE + "nets/", areas.nets, name="desk_nets"),
]
