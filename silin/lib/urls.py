"""The addresses that every page of every front may need."""

from __future__ import annotations

from django.urls import path

from silin.lib import installing, maps, reading

everywhere = [
    path("large-type/", reading.set_large_type, name="set_large_type"),
    path("map/base.pmtiles", maps.tiles, name="base_map"),
    path("offline/", installing.offline, name="offline"),
    path("offline.js", installing.keeper, name="keeper"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
]
