"""How many matters are open."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from silin.lib.gauges import Gauge, Values
from silin.matters.models import OPEN, Matter


def _open(now: datetime) -> Values:
    rows = (
        Matter.objects.filter(state__in=OPEN).values_list("state").annotate(n=Count("pk")).order_by("state")
    )
    return dict.fromkeys(map(str, OPEN), 0) | dict(rows)


GAUGES = [Gauge("matters_open", "Open matters.", _open, "state")]
