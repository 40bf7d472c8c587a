"""Addresses of a worker's finding."""

from __future__ import annotations

from django.urls import path

from silin.kinds.finding import worker as by_worker

worker = [
    path("w/find/", by_worker.find, name="find"),
    path("w/find/<str:number>/", by_worker.found, name="found"),
]
