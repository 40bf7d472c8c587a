"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from silin.exchange import desk as for_desk

desk = [
    path("desk/webhooks/", for_desk.webhooks, name="desk"),
    path("desk/webhooks/<uuid:webhook>/", for_desk.webhook, name="desk_webhook"),
]
