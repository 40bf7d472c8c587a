"""What accounts do by the clock."""

from __future__ import annotations

from datetime import datetime, time

from silin.accounts import limits, sessions, tokens
from silin.lib.jobs import Job


def forget(now: datetime) -> None:
    """Delete spent tokens, closed counts and sessions that ran out."""
    tokens.forget(now)
    limits.forget(now)
    sessions.forget(now)


JOBS = [Job("accounts.forget", daily_at=time(3, 20), run=forget)]
