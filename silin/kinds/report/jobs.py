"""What reports do by the clock."""

from __future__ import annotations

from datetime import time

from silin.kinds.report.actions import forget
from silin.lib.jobs import Job

JOBS = [Job("report.forget_drafts", daily_at=time(3, 40), run=forget)]
