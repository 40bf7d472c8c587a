"""Addresses of a resident's report."""

from __future__ import annotations

from django.urls import path

from silin.kinds.report import resident as by_resident

resident = [
    path("report/", by_resident.words, name="words"),
    path("report/where/", by_resident.where, name="where"),
    path("report/near/", by_resident.near, name="near"),
    path("report/check/", by_resident.check, name="check"),
    path("report/sent/<str:number>/", by_resident.sent, name="sent"),
    path("report/voice/<uuid:draft>/", by_resident.voice, name="voice"),
    path("report/photos/<uuid:draft>/<slug:sha256>/", by_resident.photo, name="photo"),
]
