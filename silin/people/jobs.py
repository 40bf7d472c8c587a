"""What the jobs loop does about posts and what is counted of them."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from silin.lib.jobs import Job
from silin.people.actions import take_leave
from silin.people.administrators import separate
from silin.people.models import Holding, today
from silin.people.retaining import retain
from silin.people.stocks import count_people


def leave(now: datetime) -> None:
    """Holdings whose last day is over take their end; who begins today as administrator may be the third."""
    for holding in Holding.objects.filter(valid_until__lte=today(now), ended_at=None).select_related("post"):
        take_leave(holding, now)
    separate(now)


JOBS = [
    Job("people.leave", every=timedelta(minutes=10), run=leave),
    Job("people.stocks", daily_at=time(23, 35), run=count_people),
    Job("people.retain", daily_at=time(2, 40), run=retain),
]
