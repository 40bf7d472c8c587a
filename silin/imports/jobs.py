"""What the jobs loop does for files on their way in."""

from __future__ import annotations

from datetime import time, timedelta

from silin.imports.actions import forget_old
from silin.imports.working import work_off
from silin.lib.jobs import Job

JOBS = [
    Job("imports.forget", daily_at=time(3, 40), run=forget_old),
    Job("imports.long", every=timedelta(seconds=2), run=work_off, apart=True),
]
