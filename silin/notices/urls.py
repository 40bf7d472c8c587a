"""Addresses of the inbox: every process has them, since everybody gets messages."""

from __future__ import annotations

from django.urls import path

from silin.notices import resident as by_resident

everywhere = [
    path("notices/", by_resident.inbox, name="inbox"),
    path("notices/read/", by_resident.read_all, name="read_all"),
    path("notices/<int:pk>/", by_resident.open_one, name="open"),
]
