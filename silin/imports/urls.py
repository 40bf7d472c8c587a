"""Addresses of imports and exports."""

from __future__ import annotations

from django.urls import path

from silin.imports import desk as for_desk

desk = [
    path("desk/imports/", for_desk.start, name="desk"),
    path("desk/imports/batches/<int:batch>/", for_desk.batch, name="desk_batch"),
    path("desk/imports/batches/<int:batch>/errors/", for_desk.errors, name="desk_errors"),
    path("desk/imports/<slug:sheet>/", for_desk.sheet, name="desk_sheet"),
    path("desk/imports/<slug:sheet>/template/", for_desk.template, name="desk_template"),
    path("desk/imports/<slug:sheet>/export/", for_desk.export, name="desk_export"),
]
