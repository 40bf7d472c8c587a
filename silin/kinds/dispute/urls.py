"""Addresses of disputes."""

from __future__ import annotations

from django.urls import path

from silin.kinds.dispute import desk as for_desk
from silin.kinds.dispute import resident as by_resident
from silin.kinds.dispute import worker as for_worker

resident = [path("dispute/", by_resident.new, name="ask")]
worker = [path("w/dispute/", for_worker.new, name="worker_new")]
desk = [
    path("desk/disputes/", for_desk.disputes, name="disputes"),
    path("desk/disputes/new/", for_desk.new, name="desk_new"),
    path("desk/m/<str:number>/agreement/", for_desk.agreement, name="agreement"),
]
