"""What the jobs loop does for notices."""

from __future__ import annotations

from datetime import timedelta

from silin.lib.jobs import Job
from silin.notices.sending import send_due

JOBS = [Job("notices.send", every=timedelta(seconds=10), run=send_due)]
