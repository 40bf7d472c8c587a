"""What the jobs loop does for the assessment."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from silin.assessment.falling_short import look_again, raise_due
from silin.assessment.publishing import measure_due, publish_due
from silin.lib.jobs import Job


def publish(now: datetime) -> None:
    """Make final what is due, set what is red in it as tasks, and measure again what was put right."""
    publish_due(now)
    raise_due(now)
    look_again(now)


JOBS = [
    Job("assessment.measure", every=timedelta(minutes=10), run=measure_due),
    Job("assessment.publish", daily_at=time(6, 0), run=publish),
]
