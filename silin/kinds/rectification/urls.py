"""Addresses of rectifications."""

from __future__ import annotations

from django.urls import path

from silin.kinds.rectification import desk as for_desk

desk = [
    path("desk/rectify/", for_desk.lists, name="lists"),
    path("desk/rectify/new/", for_desk.new, name="new"),
    path("desk/rectify/print/", for_desk.printed, name="printed"),
    path("desk/rectify/list.<slug:form>", for_desk.sheet, name="sheet"),
    path("desk/rectify/<str:number>/", for_desk.one, name="one"),
]
