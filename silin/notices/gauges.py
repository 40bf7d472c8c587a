"""How many messages wait, and how many were given up."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from silin.lib.gauges import Gauge, Values
from silin.notices.models import Notice


def _waiting(now: datetime) -> Values:
    rows = Notice.objects.filter(next_try__isnull=False).values_list("channel").annotate(n=Count("pk"))
    return dict(rows.order_by("channel"))


def _given_up(now: datetime) -> Values:
    return {"": Notice.objects.filter(given_up_at__isnull=False).count()}


GAUGES = [
    Gauge("notices_waiting", "Messages that wait to be sent.", _waiting, "channel"),
    Gauge("notices_given_up", "Messages that nobody got.", _given_up),
]
