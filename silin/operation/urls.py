"""Addresses of setting up and of looking after the installation."""

from __future__ import annotations

from django.urls import path

from silin.operation import desk as for_desk
from silin.operation import watching

everywhere = [path("metrics", watching.metrics, name="metrics")]
desk = [
    path("desk/set-up/", for_desk.set_up, name="set_up"),
    path("desk/set-up/open/", for_desk.open_city, name="open_city"),
    path("desk/operator/", for_desk.operator, name="operator"),
    path("desk/operator/jobs/<str:name>/again/", for_desk.try_job, name="try_job"),
    path("desk/operator/sms/", for_desk.try_sms, name="try_sms"),
    path("desk/operator/messages/again/", for_desk.try_notices, name="try_notices"),
]
