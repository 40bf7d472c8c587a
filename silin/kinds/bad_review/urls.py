"""Addresses of bad reviews."""

from __future__ import annotations

from django.urls import path

from silin.kinds.bad_review import desk as for_desk
from silin.kinds.bad_review import worker as for_worker

worker = [
    path("w/graded/", for_worker.graded, name="graded"),
    path("w/graded/<str:number>/", for_worker.one, name="one"),
]
desk = [path("desk/reviews/", for_desk.reviews, name="reviews")]
