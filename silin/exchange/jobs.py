"""What the jobs loop does for the systems around."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from silin.exchange.gathering import gather
from silin.exchange.sending import forget_old, send_due
from silin.lib.jobs import Job


def tell_systems(now: datetime) -> None:
    """Look what is new, and send what is due."""
    gather(now)
    send_due(now)


JOBS = [
    Job("exchange.tell", every=timedelta(seconds=5), run=tell_systems, apart=True),
    Job("exchange.forget", daily_at=time(3, 50), run=forget_old),
]
