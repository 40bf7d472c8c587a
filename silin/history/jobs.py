"""What the jobs loop does for the book of deeds."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from silin.history.actions import seal
from silin.lib.jobs import Job
from silin.lib.workdays import SHANGHAI


def seal_yesterday(now: datetime) -> None:
    """Seal the book once a night. Asked every hour, so that a failed or missed seal is made up for."""
    seal(timezone.localdate(now, SHANGHAI) - timedelta(days=1), now)


JOBS = [Job("history.seal", every=timedelta(hours=1), run=seal_yesterday)]
