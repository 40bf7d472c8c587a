"""Addresses of the inbox: every process has them, since everybody gets messages."""

from __future__ import annotations

from django.urls import path

from silin.notices import me
from silin.notices import resident as by_resident

everywhere = [
    path("notices/", by_resident.inbox, name="inbox"),
    path("notices/read/", by_resident.read_all, name="read_all"),
    path("notices/<int:pk>/", by_resident.open_one, name="open"),
    path("notices/stop/<str:secret>/", me.stop, name="stop"),
    path("me/notices/", me.choices, name="choices"),
]
desk = [
    path("desk/notices/", by_resident.inbox, name="desk_inbox"),
    path("desk/notices/read/", by_resident.read_all, name="desk_read_all"),
    path("desk/me/notices/", me.choices, name="desk_choices"),
]
worker = [
    path("w/notices/", by_resident.inbox, name="worker_inbox"),
    path("w/notices/read/", by_resident.read_all, name="worker_read_all"),
    path("w/me/notices/", me.choices, name="worker_choices"),
]
